"""Typed text stays text: never a formula, link, number or mark-up, never cut, and always there."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from capacity_app.domain.answers import Address
from capacity_app.domain.dossier import Dossier
from capacity_app.services.demonstration import demonstration
from capacity_app.texts import Texts
from capacity_app.workbook import layout
from capacity_app.workbook.layout import Slot
from capacity_app.workbook.writer import workbook_bytes
from tests.builders import dated, small_dossier
from tests.domain.making import say
from tests.dossiers import dossiers
from tests.workbook.reading import (
    ENGLISH,
    answer_cells,
    charts,
    identity,
    missing,
    opened,
    people_sheets,
    sheet_of,
    strings,
    table,
    written,
)

DOSSIER = demonstration()[0]
HOSTILE = (
    "=1+1",
    '=HYPERLINK("http://example.org","x")',
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "http://example.org/a",
    "mailto:a@example.org",
    "internal:Sheet1!A1",
    "external:c:\\x.xlsx",
    "00123",
    "1e5",
    "2018-11-29",
    "TRUE",
    "'quoted",
    "{=SUM(A1:A2)}",
    "<r><t>mark-up</t></r>",
    "<r></r>",
    "</t></si></sst>",
    "_x0041_ and _x000D_",
    "a\tb\nc",
    " spaces at both ends ",
    "移民存量",
    "الهجرة – قيد الدراسة",
    "👨‍👩‍👧 family",
    "&amp; &lt; & <",
    "{{ 7*7 }} {% x %} ${y}",
)  # fmt: skip


def with_text(text: str) -> Dossier:
    answers = (
        say("ii.name", text, who="agency-nso", note=text, reason=text),
        say("i.why", text, who="agency-nso"),
        say("i.published", "no", who="agency-nso"),
        say("iii.topics/a/remark", text, who="agency-nso", note=text),
    )
    dossier = small_dossier(answers=dated(answers))
    agency = replace(dossier.agencies[0], note=text, name=text, short=text)
    return replace(
        dossier,
        agencies=(agency, *dossier.agencies[1:]),
        mission=replace(dossier.mission, purpose=text, country_name=text),
        actions=(replace(dossier.actions[0], title=text, cost=text),),
        evidence=(replace(dossier.evidence[0], link=text),),
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_text_that_looks_like_something_else_stays_the_same_text(text: str) -> None:
    book = written(with_text(text))
    cells = answer_cells(book)
    for place, slot in (
        (Address("ii.name"), Slot.ANSWER),
        (Address("ii.name"), Slot.NOTE),
        (Address("ii.name"), Slot.REASON),
        (Address("i.why"), Slot.ANSWER),
        (Address("iii.topics", "a", "remark"), Slot.ANSWER),
    ):
        cell = cells[place][slot][0]
        assert (cell.data_type, cell.value, cell.hyperlink) == ("s", text, None)
    stored = [line for line in table(book, layout.ANSWERS_SHEET) if line["value"] == text]
    assert len(stored) == 3


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_a_formula_or_leads_out_of_the_file(text: str) -> None:
    for sheet in written(with_text(text)).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in {"s", "n"}
                assert cell.hyperlink is None or cell.hyperlink.target is None


@pytest.mark.parametrize("text", [*HOSTILE, "x" * 300, "[a]:*?/\\'b", "History", "", "#A!1", "''"])
def test_titles_of_parts_may_be_anything(text: str) -> None:
    dossier = small_dossier()
    sections = tuple(replace(section, title=text, number="") for section in dossier.instrument.sections)
    book = written(replace(dossier, instrument=replace(dossier.instrument, sections=sections)))
    assert len({name.casefold() for name in book.sheetnames}) == len(book.sheetnames)
    names = {value for key, value in identity(book).items() if key.startswith("sheet part")}
    links = {cell.hyperlink.location for row in book["Read me"].iter_rows() for cell in row if cell.hyperlink}
    assert {f"'{name}'!B2" for name in names} <= links


@pytest.mark.parametrize("text", ["word " * 8_000, "x" * 40_000, "line\n" * 8_000, "移" * 40_000, "😀" * 20_000])
def test_a_text_too_long_for_a_cell_goes_on_in_the_next_and_is_never_cut(text: str) -> None:
    book = written(with_text(text))
    cells = answer_cells(book)
    for place in (Address("i.why"), Address("iii.topics", "a", "remark")):
        parts = [cell.value or "" for cell in cells[place][Slot.ANSWER]]
        assert len(parts) > 1
        assert "".join(parts) == text
        assert all(not cell.protection.locked for cell in cells[place][Slot.ANSWER])
    lines = [line for line in table(book, layout.ANSWERS_SHEET) if line["question"] == "i.why"]
    assert [line["value"] for line in lines] == [text]
    assert text in strings(book)


def test_lines_of_a_long_text_carry_its_address() -> None:
    sheet = sheet_of(written(with_text("word " * 4_000)), "part i")
    marks = [str(row[0].value) for row in sheet.iter_rows() if str(row[0].value).startswith("i.why")]
    assert marks == ["i.why", *(f"i.why+{part}" for part in range(2, len(marks) + 1))]
    assert len(marks) > 10


def test_characters_no_xml_can_hold_do_not_spoil_the_file() -> None:
    book = written(with_text("a\x00b\x0bc\ufffed\uffff"))
    assert answer_cells(book)[Address("ii.name")][Slot.ANSWER][0].value == "abcd"


def test_everything_typed_in_the_demonstration_is_there() -> None:
    assert missing(DOSSIER, strings(written(DOSSIER))) == []


def test_everything_is_there_in_another_language_too() -> None:
    assert missing(DOSSIER, strings(written(DOSSIER, "ar")), Texts("ar")) == []


@settings(max_examples=25)
@given(dossiers())
def test_any_dossier_gives_a_workbook_with_everything_in_it(dossier: Dossier) -> None:
    book = opened(workbook_bytes(dossier, texts=ENGLISH))
    assert missing(dossier, strings(book)) == []
    assert len(table(book, layout.ANSWERS_SHEET)) == len(dossier.answers)


def test_without_scores_no_score_is_anywhere() -> None:
    full, bare = written(DOSSIER), written(DOSSIER, profile="no-scores")
    assert layout.SCORES_SHEET in full.sheetnames
    assert layout.SCORES_SHEET not in bare.sheetnames
    assert identity(bare)["profile"] == "no-scores"
    assert not charts(bare)
    scores = [line["score"] for line in table(full, layout.SCORES_SHEET) if line["score"] is not None]
    numbers = {cell.value for sheet in people_sheets(bare) for row in sheet.iter_rows() for cell in row}
    assert len(scores) > 5
    assert not {score for score in scores if score % 1} & numbers
    for words in ("· score 63.8", "\0Score\0", "\0Band\0", "Lowest: "):
        assert words in strings(full)
        assert words not in strings(bare)


def test_without_scores_answers_gaps_and_actions_remain() -> None:
    full, bare = written(DOSSIER), written(DOSSIER, profile="no-scores")
    for name in (layout.ANSWERS_SHEET, layout.GAPS_SHEET, layout.ACTIONS_SHEET):
        assert table(full, name) == table(bare, name)


def test_without_names_nobody_is_named() -> None:
    book = written(DOSSIER, profile="no-names")
    text = strings(book)
    names = {person.name for person in DOSSIER.people} | {answer.author for answer in DOSSIER.answers}
    assert len(names) > 10
    assert [name for name in names if name in text] == []
    assert "Agencies" in book.sheetnames
    assert all(line["author"] is None for line in table(book, layout.ANSWERS_SHEET))
    assert identity(book)["fingerprint"] == identity(written(DOSSIER))["fingerprint"]
    assert not book.properties.creator


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(ValueError, match="secret"):
        workbook_bytes(small_dossier(), texts=ENGLISH, profile="secret")


def test_an_answer_to_a_question_no_longer_asked_is_kept_for_machines() -> None:
    retired = say("ix.gone/row/column", ("a", "b"), who="agency-nso", note="kept")
    book = written(small_dossier(answers=dated((retired,))))
    line = table(book, layout.ANSWERS_SHEET)[0]
    assert (line["question"], line["value"], line["note"]) == ("ix.gone", "a; b", "kept")
