"""The chapters on sources and on children: what the screen shows, on paper."""

from dataclasses import replace

import pytest

from capacity_app.domain.assessment.answers import Answer, AnswerState
from capacity_app.domain.assessment.derived_results import Appraisal, appraise
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.content.demand_and_sources import (
    availability_blocks,
    availability_tables,
    is_availability_wide,
    sources_table,
)
from capacity_app.outputs.content.elements import ContentTable, TableRow, TextTone
from capacity_app.outputs.content.indicators import children_table, indicator_grid
from tests.builders import small_dossier
from tests.domain.making import instrument, question, say, section
from tests.domain.test_availability import SOURCES, whole
from tests.outputs.chapters import of_kind, said
from tests.outputs.example import report_dossier


def dossier_of(*answers: Answer, sources: int = 3) -> Dossier:
    many = tuple(replace(SOURCES[0], id=f"more-{number}") for number in range(sources - 3))
    return replace(small_dossier(), instrument=whole(), answers=answers, actions=(), ratings=(),
                   sources=(*SOURCES, *many)[:sources])  # fmt: skip


def read(*answers: Answer, sources: int = 3) -> tuple[Appraisal, Formatter]:
    appraisal = appraise(dossier_of(*answers, sources=sources))
    return appraisal, Formatter(Translator(), appraisal.dossier)


def tables(*answers: Answer, sources: int = 3) -> tuple[ContentTable, ...]:
    return availability_tables(*read(*answers, sources=sources))


def texts(row: TableRow) -> list[str]:
    return [cell.sign or cell.text for cell in row.cells for _ in range(cell.span)]


def test_a_topic_stands_with_its_year_detail_and_the_sign_of_each_source() -> None:
    table = tables(
        say("s.statistics/flow/produced", "yes"), say("s.statistics/flow/by", ("sex", "age")),
        say("s.statistics/flow/date", "2021-11-05"), say("s.statistics/flow/sources", ("census", "survey")),
    )[0]  # fmt: skip
    rows = {row.cells[1].text: row for row in table.rows}
    assert [heading.text for heading in table.headings[2:]] == ["Served", "S1", "S2", "S3"]
    assert texts(rows["Flow"]) == ["2", "Flow", "●", "●", "", "●"]
    assert rows["Flow"].cells[1].detail == "2021 · sex, age"
    assert {cell.tone for cell in rows["Flow"].cells[2:]} == {TextTone.SUSTAINED, TextTone.PLAIN}
    assert texts(rows["Out"])[2:] == ["not applicable"] * 4
    assert texts(rows["Stock"])[2:] == ["?", *["source not asked yet"] * 3]
    assert table.note.startswith("Levels: ● 3")


def test_a_breakdown_that_is_wanted_and_missing_is_named() -> None:
    table = tables(
        say("s.statistics/flow/produced", "yes"), say("s.statistics/flow/by", ("sex",)),
        say("s.statistics/flow/sources", ("census",)),
    )[0]  # fmt: skip
    details = {row.cells[1].text: row.cells[1].detail for row in table.rows}
    assert details["Flow"] == "sex\nMissing: age"


def test_topics_are_named_in_full() -> None:
    appraisal, formatter = read(say("s.statistics/flow/sources", ("census",)))
    named = {row.cells[1].text for table in availability_tables(appraisal, formatter) for row in table.rows}
    grids = (question for question in appraisal.dossier.instrument.questions() if question.id == "s.statistics")
    assert {one.label for question in grids for one in question.rows} <= named


def test_the_codes_stand_for_name_owner_year_and_number_of_topics() -> None:
    key = sources_table(*read(say("s.statistics/flow/sources", ("census", "lost"))))
    assert key is not None
    rows = {row.cells[0].text: row.cells for row in key.rows}
    assert [cell.text for cell in rows["S1"]] == ["S1", "Census", "–", "2021", "1"]
    assert (rows["?1"][1].text, rows["?1"][1].detail, rows["?1"][1].tone) == (
        "lost",
        "not in the register",
        TextTone.OPEN,
    )
    assert rows["S2"][4].text == "0"


def test_a_source_that_is_not_registered_has_a_column_too() -> None:
    assert tables(say("s.statistics/flow/sources", ("lost",)))[0].headings[-1].text == "?1"


def test_what_is_hidden_or_earns_nothing_takes_no_room() -> None:
    captions = [table.caption.split("  ")[0] for table in tables()]
    assert captions == ["s.statistics", "s.indicators", "c.ages"]


@pytest.mark.parametrize(
    ("sources", "across", "is_wide"),
    [(16, [16], False), (17, [17], True), (26, [26], True), (27, [14, 13], True), (80, [20, 20, 20, 20], True)],
)
def test_many_sources_turn_the_page_and_then_take_several_tables(
    sources: int,
    across: list[int],
    is_wide: bool,  # noqa: FBT001 - what is expected
) -> None:
    appraisal, formatter = read(sources=sources)
    maps = of_kind(availability_blocks(appraisal, formatter), ContentTable, "heat matrix")
    assert [len(table.headings) - 3 for table in maps if table.caption.startswith("s.statistics")] == across
    assert [sum(heading.width for heading in table.headings) for table in maps] == [pytest.approx(100)] * len(maps)
    assert is_availability_wide(appraisal) is is_wide


def test_without_a_source_the_chapter_says_so() -> None:
    assert said(availability_blocks(*read(sources=0))) == "No data source has been entered or named yet."


def indicators(*answers: Answer) -> ContentTable:
    appraisal = appraise(report_dossier(answers=answers))
    return indicator_grid(Formatter(Translator(), appraisal.dossier), appraisal.sheet.blocks["b.sdg"]).table


def test_a_required_breakdown_that_is_missing_stands_out_in_sign_word_and_tone() -> None:
    table = indicators(say("b.sdg/x/produced", "yes"), say("b.sdg/x/by", ("age",)))
    produced, by, year = next(row.cells[2:] for row in table.rows if row.cells and row.cells[0].text == "1.1")
    assert (produced.sign, produced.text, produced.tone) == ("●", "Yes", TextTone.SUSTAINED)
    assert (by.text, by.detail) == ("Age", "Missing: Sex")
    assert by.tone in {TextTone.EMERGING, TextTone.ESTABLISHED}
    assert (year.sign, year.text) == ("?", "")


def test_an_indicator_that_cannot_be_broken_down_says_why_across_its_row() -> None:
    row = next(row for row in indicators().rows if row.cells and row.cells[0].text == "2.2")
    assert (row.cells[2].span, row.cells[2].detail) == (3, "Cannot be broken down.")


def test_indicators_are_counted_below_their_columns() -> None:
    table = indicators(say("b.sdg/x/produced", "yes"), say("b.sdg/x/by", ("age",)))
    assert [cell.text for cell in table.rows[-1].cells] == [
        "",
        "In full, of the rows that apply",
        "1 of 1",
        "0 of 1",
        "",
    ]
    assert table.note.startswith("Of 1 indicators that apply, 0 have full points, 1 some, 0 none; 0 are open.")


def test_children_are_gathered_with_the_share_that_shows_them() -> None:
    dossier = replace(small_dossier(), instrument=whole(), actions=(), ratings=(), sources=SOURCES, answers=(
        say("s.statistics/flow/sources", ("census",)), say("s.statistics/flow/by", ("sex", "age")), say("c.cut", "a"),
        say("c.ages/stock/age-0-4", "girls"), say("c.ages/stock/age-5-17", state=AnswerState.UNKNOWN),
    ))  # fmt: skip
    appraisal = appraise(dossier)
    table = children_table(appraisal, Formatter(Translator(), dossier))
    assert table is not None
    said = {row.cells[1].text: (row.cells[2].sign, row.cells[2].text, row.cells[3].text) for row in table.rows}
    assert said == {
        "Children": ("?", "open", ""), "Stock": ("?", "open", ""), "Alone": ("–", "not applicable", "Optional."),
        "c.cut": ("", "", "a"),
    }  # fmt: skip
    assert table.note == "1 of 1 statistics that exist show age and sex."


def test_an_instrument_without_children_has_no_table_of_them() -> None:
    plain = instrument(section("s", question("s.one")))
    dossier = replace(small_dossier(), instrument=plain, answers=(), actions=(), ratings=())
    assert children_table(appraise(dossier), Formatter(Translator(), dossier)) is None
