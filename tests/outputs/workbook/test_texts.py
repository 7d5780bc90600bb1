"""Typed text stays text: never a formula, link, number or mark-up, never cut, and always there."""

import io
import re
import zipfile
from dataclasses import replace
from functools import cache, partial
from xml.sax.saxutils import unescape

import pytest
from hypothesis import given, settings
from openpyxl import Workbook

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.derived_results import appraise
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.privacy import ReportProfile, person_names
from capacity_app.domain.assessment.registers import MissionStatus
from capacity_app.domain.assessment.revisions import RevisionId
from capacity_app.domain.numbers_and_dates import round_half_up
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.workbook import sheet_marks
from capacity_app.outputs.workbook.formats import utf16_units
from capacity_app.outputs.workbook.readme_and_guidance import is_blank_form
from capacity_app.outputs.workbook.sheet_marks import ColumnSlot
from capacity_app.outputs.workbook.writer import workbook_bytes
from capacity_app.services.session.demonstration import demonstration
from tests.builders import dated, small_dossier
from tests.domain.making import say
from tests.dossiers import IS_TORTURE, dossiers
from tests.outputs.hostile import LONGEST, hostile_dossier
from tests.outputs.workbook.reading import (
    ENGLISH,
    answer_cells,
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
FULL, BARE, NAMELESS = (
    cache(partial(written, DOSSIER, profile=ReportProfile.parse(name))) for name in ("full", "no-scores", "no-names")
)
"""The workbook of the demonstration in each profile."""
HOSTILE_DOSSIER = hostile_dossier()
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
def test_text_that_looks_like_something_else_stays_text_and_no_cell_is_a_formula_or_leads_out(text: str) -> None:
    book = written(with_text(text))
    cells = answer_cells(book)
    for place, slot in (
        (Address("ii.name"), ColumnSlot.ANSWER),
        (Address("ii.name"), ColumnSlot.NOTE),
        (Address("ii.name"), ColumnSlot.REASON),
        (Address("i.why"), ColumnSlot.ANSWER),
        (Address("iii.topics", "a", "remark"), ColumnSlot.ANSWER),
    ):
        cell = cells[place][slot][0]
        assert (cell.data_type, cell.value, cell.hyperlink) == ("s", text, None)
    stored = [line for line in table(book, sheet_marks.ANSWERS_SHEET) if line["value"] == text]
    assert len(stored) == 3
    for sheet in book.worksheets:
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


@pytest.mark.check
@pytest.mark.parametrize(
    "text",
    [
        "word " * 8_000,
        "😀" * 20_000,
        *(pytest.param(one, marks=pytest.mark.check) for one in ("x" * 40_000, "line\n" * 8_000, "移" * 40_000)),
    ],
)
def test_a_text_too_long_for_a_cell_goes_on_in_the_next_and_is_never_cut(text: str) -> None:
    book = written(with_text(text))
    cells = answer_cells(book)
    for place in (Address("i.why"), Address("iii.topics", "a", "remark")):
        parts = [cell.value or "" for cell in cells[place][ColumnSlot.ANSWER]]
        assert len(parts) > 1
        assert "".join(parts) == text
        assert all(not cell.protection.locked for cell in cells[place][ColumnSlot.ANSWER])
    lines = [line for line in table(book, sheet_marks.ANSWERS_SHEET) if line["question"] == "i.why"]
    assert [line["value"] for line in lines] == [text]
    assert text in strings(book)


def test_lines_of_a_long_text_carry_its_address() -> None:
    sheet = sheet_of(written(with_text("word " * 4_000)), "part i")
    marks = [str(row[0].value) for row in sheet.iter_rows() if str(row[0].value).startswith("i.why")]
    assert marks == ["i.why", *(f"i.why+{part}" for part in range(2, len(marks) + 1))]
    assert len(marks) > 10


def test_characters_no_xml_can_hold_do_not_spoil_the_file() -> None:
    book = written(with_text("a\x00b\x0bc\ufffed\uffff"))
    assert answer_cells(book)[Address("ii.name")][ColumnSlot.ANSWER][0].value == "abcd"


@pytest.mark.check
def test_everything_typed_in_the_demonstration_is_there() -> None:
    assert missing(DOSSIER, strings(FULL())) == []


@pytest.mark.check
def test_everything_is_there_in_another_language_too() -> None:
    assert missing(DOSSIER, strings(written(DOSSIER, "ar")), Translator("ar")) == []


@pytest.mark.check
@settings(max_examples=20 if IS_TORTURE else 6)
@given(dossiers())
def test_any_dossier_gives_a_workbook_with_everything_in_it(dossier: Dossier) -> None:
    book = opened(workbook_bytes(dossier, texts=ENGLISH))
    # A blank form has no sheet for a mission of which nothing is known but that it is a draft.
    untold = {"mission", MissionStatus.DRAFT} if is_blank_form(dossier) else set()
    assert set(missing(dossier, strings(book))) <= untold
    assert len(table(book, sheet_marks.ANSWERS_SHEET)) == len(dossier.answers)


@pytest.fixture(scope="module")
def hostile() -> Workbook:
    return written(HOSTILE_DOSSIER)


@pytest.mark.check
def test_everything_of_the_most_hostile_dossier_is_there(hostile: Workbook) -> None:
    assert missing(HOSTILE_DOSSIER, strings(hostile)) == []
    assert len(HOSTILE_DOSSIER.evidence) == 300
    longest = max((str(answer.content.value) for answer in HOSTILE_DOSSIER.answers), key=len)
    assert len(longest) > LONGEST - 10
    assert longest in strings(hostile)


def test_no_cell_of_the_most_hostile_dossier_is_too_long_or_a_formula(hostile: Workbook) -> None:
    for sheet in hostile.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in {"s", "n"}
                assert not isinstance(cell.value, str) or utf16_units(cell.value) <= sheet_marks.CELL_LIMIT
        for rule in sheet.data_validations.dataValidation:
            assert rule.type != "list" or str(rule.formula1).startswith(f"{sheet_marks.LISTS_SHEET}!")


def test_every_answer_of_the_most_hostile_dossier_is_found_by_its_address(hostile: Workbook) -> None:
    cells = answer_cells(hostile)
    typed = [answer for answer in HOSTILE_DOSSIER.answers if answer.key.address.question == "h.written"]
    assert len(typed) == 15 * 8
    for answer in typed:
        parts = [cell.value or "" for cell in cells[answer.key.address][ColumnSlot.ANSWER]]
        assert "".join(parts) == answer.content.value


@pytest.mark.check
def test_without_scores_no_score_is_anywhere() -> None:
    full, bare = FULL(), BARE()
    assert sheet_marks.SCORES_SHEET in full.sheetnames
    assert sheet_marks.SCORES_SHEET not in bare.sheetnames
    assert identity(bare)["profile"] == "full no-scores"
    scores = [line["score"] for line in table(full, sheet_marks.SCORES_SHEET) if line["score"] is not None]
    numbers = {cell.value for sheet in people_sheets(bare) for row in sheet.iter_rows() for cell in row}
    assert len(scores) > 5
    assert not {score for score in scores if score % 1} & numbers
    for words in ("· score 64.1", "\0Score\0", "\0Band\0", "Lowest: "):
        assert words in strings(full)
        assert words not in strings(bare)


@pytest.mark.check
def test_without_scores_no_hidden_cell_keeps_one() -> None:
    parts = unpacked(workbook_bytes(DOSSIER, texts=ENGLISH, profile=ReportProfile.parse("no-scores")))
    full = unpacked(workbook_bytes(DOSSIER, texts=ENGLISH))
    card = appraise(DOSSIER).scorecard
    values = [entry.published for entry in card.sections] + [card.overall.value]
    figures = {words_of(float(round_half_up(value, 1))) for value in values if value is not None}
    figures = {figure for figure in figures if "." in figure}
    assert len(figures) > 5
    numbers = {number for text in parts.values() for number in re.findall(r"<(?:c:)?v>(-?[\d.]+)</(?:c:)?v>", text)}
    assert not figures & numbers
    assert figures <= {number for text in full.values() for number in re.findall(r"<v>(-?[\d.]+)</v>", text)}


def words_of(number: float) -> str:
    return f"{number:.16G}"


def test_without_scores_answers_gaps_and_actions_remain() -> None:
    full, bare = FULL(), BARE()
    for name in (sheet_marks.ANSWERS_SHEET, sheet_marks.GAPS_SHEET, sheet_marks.ACTIONS_SHEET):
        assert table(full, name) == table(bare, name)


@pytest.mark.check
def test_without_names_nobody_is_named() -> None:
    book = NAMELESS()
    text = strings(book)
    names = {person.name for person in DOSSIER.people} | {answer.author for answer in DOSSIER.answers}
    assert len(names) > 10
    assert [name for name in names if name in text] == []
    assert "Agencies" in book.sheetnames
    assert all(line["author"] is None for line in table(book, sheet_marks.ANSWERS_SHEET))
    assert identity(book)["content_hash"] == identity(FULL())["content_hash"]
    assert not book.properties.creator


@pytest.mark.check
def test_without_names_no_part_of_the_file_names_anybody() -> None:
    device = RevisionId("k3f9x2mabc.qwerty", 7)
    dossier = replace(DOSSIER, heads={answer.key: (device,) for answer in DOSSIER.answers})
    parts = unpacked(workbook_bytes(dossier, texts=ENGLISH, profile=ReportProfile.parse("no-names")))
    names = set(person_names(DOSSIER))
    assert len(names) > 10
    assert {"docProps/core.xml", "docProps/app.xml", "xl/sharedStrings.xml"} <= set(parts)
    assert [(part, name) for part, text in parts.items() for name in names if name in unescape(text)] == []
    full = unpacked(workbook_bytes(dossier, texts=ENGLISH))
    assert any(name in unescape(full["xl/sharedStrings.xml"]) for name in names)


def unpacked(content: bytes) -> dict[str, str]:
    """Return every part of a workbook as text."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_an_answer_to_a_question_no_longer_asked_is_kept_for_machines() -> None:
    retired = say("ix.gone/row/column", ("a", "b"), who="agency-nso", note="kept")
    book = written(small_dossier(answers=dated((retired,))))
    line = table(book, sheet_marks.ANSWERS_SHEET)[0]
    assert (line["question"], line["value"], line["note"]) == ("ix.gone", "a; b", "kept")
