"""The chapters on sources and on children: what the screen shows, on paper."""

from dataclasses import replace

from capacity_app.domain.answers import Answer, State
from capacity_app.domain.appraisal import appraise
from capacity_app.report.demand import availability_tables, children_table
from capacity_app.report.pieces import Table, TableRow
from capacity_app.texts import Texts
from capacity_app.wording import Wording
from tests.builders import small_dossier
from tests.domain.making import instrument, question, say, section
from tests.domain.test_availability import SOURCES, whole


def tables(*answers: Answer, sources: int = 3) -> tuple[Table, ...]:
    many = tuple(replace(SOURCES[0], id=f"more-{number}") for number in range(sources - 3))
    dossier = replace(small_dossier(), instrument=whole(), answers=answers, actions=(), ratings=(),
                      sources=(*SOURCES, *many))  # fmt: skip
    appraisal = appraise(dossier)
    return availability_tables(appraisal, Wording(Texts(), appraisal.dossier))


def texts(row: TableRow) -> list[str]:
    return [cell.sign or cell.text for cell in row.cells for _ in range(cell.span)]


def test_a_topic_stands_with_its_year_detail_and_the_sign_of_each_source() -> None:
    (table,) = tables(
        say("s.statistics/flow/produced", "yes"), say("s.statistics/flow/by", ("sex", "age")),
        say("s.statistics/flow/date", "2021-11-05"), say("s.statistics/flow/sources", ("census", "survey")),
    )  # fmt: skip
    rows = {row.cells[1].text: texts(row) for row in table.rows if row.cells}
    assert [heading.text for heading in table.headings[3:]] == ["S1", "S2", "S3"]
    assert rows["Flow"] == ["2", "Flow", "2021 SA", "●", "", "●"]
    assert rows["Out"][2:] == ["not applicable"] * 4
    assert rows["Stock"][2:] == ["source not asked yet"] * 4
    assert "S1 Census" in table.note
    assert "A age" in table.note


def test_a_source_that_is_not_registered_has_a_column_too() -> None:
    (table,) = tables(say("s.statistics/flow/sources", ("lost",)))
    assert table.headings[-1].text == "?1"
    assert "?1 lost" in table.note


def test_what_is_hidden_or_earns_nothing_takes_no_room() -> None:
    (table,) = tables()
    groups = [row.group for row in table.rows if row.group]
    assert [group.split("  ")[0] for group in groups] == ["s.statistics", "s.indicators", "c.ages"]


def test_many_sources_take_several_tables_of_the_same_topics() -> None:
    first, second = tables(sources=20)
    assert len(first.headings) == len(second.headings) == 3 + 10
    assert len(first.rows) == len(second.rows)


def test_children_are_gathered_with_the_share_that_shows_them() -> None:
    dossier = replace(small_dossier(), instrument=whole(), actions=(), ratings=(), sources=SOURCES, answers=(
        say("s.statistics/flow/sources", ("census",)), say("s.statistics/flow/by", ("sex", "age")), say("c.cut", "a"),
        say("c.ages/stock/age-0-4", "girls"), say("c.ages/stock/age-5-17", state=State.UNKNOWN),
    ))  # fmt: skip
    appraisal = appraise(dossier)
    table = children_table(appraisal, Wording(Texts(), dossier))
    assert table is not None
    said = {row.cells[1].text: row.cells[2].sign or row.cells[2].text for row in table.rows}
    assert said == {"Children": "?", "Stock": "?", "Alone": "–", "c.cut": "a"}
    assert table.note == "1 of 1 statistics that exist show age and sex."


def test_an_instrument_without_children_has_no_table_of_them() -> None:
    plain = instrument(section("s", question("s.one")))
    dossier = replace(small_dossier(), instrument=plain, answers=(), actions=(), ratings=())
    assert children_table(appraise(dossier), Wording(Texts(), dossier)) is None
