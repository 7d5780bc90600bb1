"""The three volumes: what each holds, what it never holds, and how long it is."""

import io
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pypdfium2 import PdfDocument, raw  # type: ignore[import-untyped]

from capacity_app.domain.assessment.answers import AnswerLayer, AnswerState
from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.privacy import ReportProfile, ReportVolume, without_attribution
from capacity_app.domain.assessment.registers import ActionProgress, Validation
from capacity_app.domain.questionnaire.kinds import ValueType
from capacity_app.domain.scoring.gaps import SEVERITY_ORDER, action_severity
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.content.elements import ContentTable, Points, Prose, TableCell
from capacity_app.outputs.content.findings import gap_findings, strength_findings
from capacity_app.outputs.content.messages import message_lines
from capacity_app.outputs.content.report import ReportContent
from capacity_app.services.reports import report_bytes
from capacity_app.services.session.demonstration import demonstration
from tests.domain.making import say
from tests.outputs.chapters import ENGLISH, chapter, of_kind, read, said, view_of, words
from tests.outputs.example import report_dossier
from tests.outputs.reading import half_empty_pages, html_text, missing, pdf_text
from tests.outputs.returned import with_returned
from tests.outputs.unpacking import holders
from tests.outputs.word_reading import word_text
from tests.outputs.workbook.reading import sheet_of, strings

READ_BY = (ReportVolume.BRIEF, ReportVolume.REPORT, ReportVolume.FULL)
PRINTED = (".html", ".docx", pytest.param(".pdf", marks=pytest.mark.check))
BRIEF = ["messages", "profile", "plan"]
REPORT = [
    "messages", "profile", "mission", "demand", "indicators", "s-i", "s-iii", "s-iv", "s-v", "s-vi", "s-vii", "s-viii",
    "s-ix", "s-x", "plan", "training", "rounds", "comments", "method", "glossary",
]  # fmt: skip
ANNEXES = ["gaps", "availability", "answers", "people", "sources", "evidence", "provenance", "translation", "glossary"]


@cache
def shown(volume: str) -> ReportContent:
    return view_of(demonstration()[0], profile=volume)


@cache
def appraised() -> tuple[Appraisal, Formatter]:
    return read(demonstration()[0])


def text_of(content: bytes, ending: str, folder: Path) -> str:
    match ending:
        case ".html":
            return html_text(content.decode())
        case ".docx":
            return word_text(content)
        case ".xlsx":
            return strings(load_workbook(io.BytesIO(content)))
    (folder / "report.pdf").write_bytes(content)
    return pdf_text(folder / "report.pdf")


def test_a_gap_in_a_table_or_list_is_a_sentence() -> None:
    appraisal, formatter = appraised()
    gaps = "\n".join(one.statement for one in gap_findings(appraisal, formatter, appraisal.gaps))
    assert "Stateless persons – Results are too rare: “Less often than every 10 years, irregular, or only one" in gaps
    assert "The last census did not take these steps to reach migrants who are hard to count: Questionnaires" in gaps
    assert "{" not in gaps
    strengths = "\n".join(one.statement for one in strength_findings(formatter, appraisal.sheet.blocks.values()))
    questions = appraisal.dossier.instrument.questions()
    patterns = {one.finding for question in questions for one in (question, *question.columns) if one.finding}
    assert len(patterns) > 30
    assert not [pattern for pattern in patterns if pattern.split("{")[0] in strengths]


# -- what each holds ---------------------------------------------------------------------------------------------------


@pytest.mark.check
def test_every_volume_holds_its_chapters_in_their_order() -> None:
    brief, report, full = ([one.anchor for one in shown(volume).chapters] for volume in READ_BY)
    assert (brief, report) == (BRIEF, REPORT)
    assert full == [*REPORT[:6], "s-ii", *REPORT[6:-1], *ANNEXES]
    numbers = [one.number for one in shown("full").chapters if one.kind == "annex"]
    assert numbers == [*(f"Annex {number}" for number in range(1, len(ANNEXES))), ""]


def test_a_comparison_of_two_rounds_is_one_chapter() -> None:
    assert [one.anchor for one in shown("comparison").chapters] == ["rounds"]


@pytest.mark.parametrize(("shorter", "longer"), [("brief", "report"), ("report", "full")])
def test_what_a_shorter_volume_says_the_longer_one_says_too(shorter: str, longer: str) -> None:
    for one in shown(shorter).chapters:
        assert set(words(one.blocks)) <= set(words(chapter(shown(longer), one.anchor).blocks)), one.anchor
    assert shown(shorter).footer == shown(longer).footer


def test_everything_typed_is_in_the_full_volume() -> None:
    for dossier in (demonstration()[0], with_returned()):
        assert missing(dossier, said(view_of(dossier)), ENGLISH) == []


def of_little(answers: int) -> Dossier:
    whole = demonstration()[0]
    return Dossier(id=whole.id, instrument=whole.instrument, answers=whole.answers[:answers])


@pytest.mark.check
@pytest.mark.parametrize("ending", PRINTED)
@pytest.mark.parametrize("volume", READ_BY)
@pytest.mark.parametrize("answers", [0, 1])
def test_few_answers_make_a_short_report(answers: int, volume: ReportVolume, ending: str, tmp_path: Path) -> None:
    content = report_bytes(of_little(answers), ending, texts=ENGLISH, profile=ReportProfile(volume))
    text = text_of(content, ending, tmp_path)
    assert "Main messages" in text
    assert len(text) < {ReportVolume.BRIEF: 5_000, ReportVolume.REPORT: 16_000, ReportVolume.FULL: 30_000}[volume]


# -- what none holds ---------------------------------------------------------------------------------------------------


def instructions() -> Iterator[str]:
    """Go through the texts of the questionnaire that tell the assessor what to do."""
    for section in demonstration()[0].instrument.sections:
        yield from (section.introduction, section.officer_introduction)
        for question in section.questions:
            yield from (question.officer_note, question.evidence_hint)
            yield from (column.officer_note for column in question.columns)
            yield from (row.officer_note for row in question.rows)


def test_no_instruction_to_the_assessor_is_in_any_volume() -> None:
    told = {text for text in instructions() if len(text) > 20}
    assert len(told) > 50
    for volume in READ_BY:
        text = said(shown(volume))
        assert [one for one in told if one in text] == []


def test_nothing_in_the_report_ends_in_an_ellipsis() -> None:
    texts = (line for one in shown("report").chapters for text in words(one.blocks) for line in text.splitlines())
    assert [line for line in texts if line.rstrip().endswith("…")] == []


def statements() -> Iterator[str]:
    """Go through what is said to work or to be missing, on the page of messages and in every part."""
    view = shown("report")
    yield from (one.rows[0].cells[1].text for one in of_kind(view, ContentTable, "statements"))
    yield from (row.cells[-1].text for one in of_kind(view, ContentTable, "profile") for row in one.rows)
    for part in (one for one in view.chapters if one.kind == "part" and "What works" in said(one)):
        titles = [getattr(block, "text", "") for block in part.blocks]
        points = part.blocks[titles.index("What works") + 1]
        yield from (cell.text for one in of_kind(points, Points) for cell in one.cells)


def test_gaps_and_strengths_are_never_the_bare_name_of_a_row_or_a_question() -> None:
    formatter, names = appraised()[1], set()
    for question in demonstration()[0].instrument.questions():
        names |= {formatter.question(question), *(formatter.row(question, row) for row in question.rows)}
    names = {name.rstrip(".?") for name in names}
    found = list(statements())
    assert len(found) > 25
    assert [one for one in found if one.rstrip(".?") in names] == []


# -- who said what -----------------------------------------------------------------------------------------------------


def test_every_agency_s_text_stands_with_its_agency_and_none_is_chosen() -> None:
    dossier, (_, formatter) = demonstration()[0], appraised()
    told = 0
    for section, question in ((one, question) for one in dossier.instrument.sections for question in one.questions):
        given = [a for a in dossier.answers if a.key.address.question == question.id and not a.key.address.row]
        given = [a for a in given if a.key.layer is AnswerLayer.RESPONSE and a.content.state is AnswerState.ANSWERED]
        if question.kind.value_type is not ValueType.TEXT or len(given) < 2:
            continue
        for answer in given:
            text = said(shown("full" if section.supplement else "report"))
            assert f"{formatter.agency(answer.key.respondent)}: {answer.content.value}" in text, question.number
            told += 1
    assert told > 5


def anonymous(dossier: Dossier) -> Dossier:
    """Let two agencies answer that no register knows: their names can stand only beside what they said."""
    unknown = {"nso": "tellnobodyone", "moi": "tellnobodytwo"}
    answers = (replace(a, key=replace(a.key, respondent=unknown.get(a.key.respondent, ""))) for a in dossier.answers)
    return replace(dossier, answers=tuple(sorted(answers, key=lambda answer: answer.key)))


@pytest.mark.check
@pytest.mark.parametrize("ending", [*PRINTED, ".xlsx"])
@pytest.mark.parametrize("volume", READ_BY)
def test_without_attribution_no_respondent_is_named_in_any_file(volume: ReportVolume, ending: str) -> None:
    dossier = anonymous(report_dossier())
    open_copy, closed = (
        report_bytes(dossier, ending, texts=ENGLISH, profile=ReportProfile.parse(f"{volume} {without}"))
        for without in ("", "no-attribution no-names")
    )
    assert holders(closed, "tellnobody") == []
    if volume is ReportVolume.FULL and ending != ".pdf":
        assert holders(open_copy, "tellnobody")


ANSWERS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(("", "a note", "b note"))), min_size=3, max_size=3)


@given(ANSWERS, st.permutations(("nso", "moi", "mfa")))
def test_voices_are_numbered_by_what_was_said_and_not_by_who_said_it(
    given_answers: list[tuple[int, str]], agencies: list[str]
) -> None:
    def voices(order: list[str]) -> Dossier:
        spoken = zip(order, given_answers, strict=True)
        made = (say("b.known", value, who=agency, note=note) for agency, (value, note) in spoken)
        answers = tuple(sorted(made, key=lambda answer: answer.key))
        return without_attribution(report_dossier(answers=answers), "Agency {number}")

    assert voices(agencies).answers == voices(["mfa", "moi", "nso"]).answers


# -- recommendations ---------------------------------------------------------------------------------------------------


@pytest.mark.check
def test_recommendations_have_the_same_numbers_everywhere() -> None:
    dossier, (appraisal, _) = demonstration()[0], appraised()

    def order(action: object) -> tuple[bool, int, str]:
        severity = SEVERITY_ORDER.index(action_severity(action, appraisal.gaps))  # type: ignore[arg-type]
        return action.progress is ActionProgress.DROPPED, -severity, action.start  # type: ignore[attr-defined]

    numbers = {f"R{number}": one.title for number, one in enumerate(sorted(dossier.actions, key=order), start=1)}
    view = shown("full")
    (plan,) = of_kind(chapter(view, "plan").blocks, ContentTable, "plan")
    assert {row.cells[0].text: row.cells[1].text for row in plan.rows} == numbers
    assert [row.cells[0].text for row in plan.rows] == list(numbers)
    parts = [cell for one in view.chapters if one.kind == "part" for cell in of_kind(one.blocks, TableCell)]
    beside = {(cell.detail, cell.text) for cell in parts if cell.link.startswith("a-") and cell.detail}
    assert beside
    assert beside <= set(numbers.items())
    messages = said(chapter(view, "messages"))
    assert all(f"{number} {numbers[number]}" in messages for number in ("R1", "R2", "R3"))
    book = load_workbook(io.BytesIO(report_bytes(dossier, ".xlsx", texts=ENGLISH)))
    rows = list(sheet_of(book, "action-plan").iter_rows(values_only=True))
    assert {row[1]: row[2] for row in rows if row[2] in numbers.values()} == numbers


# -- main messages -----------------------------------------------------------------------------------------------------


@pytest.mark.check
@pytest.mark.parametrize("ending", [".html", ".docx", ".pdf"])
def test_typed_main_messages_stand_in_place_of_the_generated_ones(ending: str, tmp_path: Path) -> None:
    typed = "Our own heading\nThe country can count who comes.\n– Decide who pays\n\nAnd this remains."
    dossier = report_dossier()
    dossier = replace(dossier, mission=replace(dossier.mission, main_messages=typed))
    content = report_bytes(dossier, ending, texts=ENGLISH, profile=ReportProfile(ReportVolume.BRIEF))
    text = text_of(content, ending, tmp_path)
    for line in ("Our own heading", "The country can count who comes.", "Decide who pays", "And this remains."):
        assert line in text
    for line in ("Where the country stands", "You are asked to"):
        assert line in said(view_of(replace(dossier, mission=replace(dossier.mission, main_messages=""))))
        assert line not in text


# -- length and type ---------------------------------------------------------------------------------------------------


@pytest.mark.check
def test_the_brief_has_four_pages(brief_pdf: Path) -> None:
    assert len(PdfDocument(brief_pdf)) == 4


@pytest.mark.check
def test_the_report_has_at_most_thirty_pages(report_pdf: Path) -> None:
    assert len(PdfDocument(report_pdf)) <= 30


POINTS = 0.75
"""Points of the unit in which WeasyPrint sets sizes."""


def test_hardly_any_letter_of_the_report_is_below_eight_and_a_half_points(report_pdf: Path) -> None:
    small = letters = 0
    for page in PdfDocument(report_pdf):
        text = page.get_textpage()
        for index in range(text.count_chars()):
            if not text.get_text_range(index, 1).isspace():
                letters += 1
                small += raw.FPDFText_GetFontSize(text.raw, index) * POINTS < 8.45
    assert letters > 30_000
    assert small / letters <= 0.05


def test_at_most_one_page_in_ten_of_the_report_is_more_than_half_empty(report_pdf: Path) -> None:
    empty = half_empty_pages(report_pdf)
    assert len(empty) <= len(PdfDocument(report_pdf)) / 10, empty


def test_the_report_lists_who_confirmed_which_parts_and_the_brief_does_not() -> None:
    made = Validation(
        id="v", name="Petra Sato", position="Director", agency="nso", sections=("a",), date="2019-02-01",
        reservations="Not the figures of 2018.",
    )  # fmt: skip
    dossier = replace(report_dossier(), validations=(made, replace(made, id="w", sections=())))
    agency = next(one.name for one in dossier.agencies if one.id == "nso")
    for volume in READ_BY:
        text = said(chapter(view_of(dossier, profile=volume), "messages").blocks)
        for printed in ("Validation by agency", "Petra Sato", "1 February 2019", made.reservations, "all parts"):
            assert (printed in text) == (volume is not ReportVolume.BRIEF)
    hidden = said(chapter(view_of(dossier, profile="no-names"), "messages").blocks)
    assert "Petra Sato" not in hidden
    assert "name withheld" in hidden
    anonymous = said(chapter(view_of(dossier, profile="no-attribution"), "messages").blocks)
    assert made.reservations in anonymous
    assert agency not in anonymous


def test_a_dash_makes_a_point_only_with_a_space_behind_it() -> None:
    blocks = list(message_lines("- Ten staff are missing.\n-5 % of the budget was spent.\n• Two laws are needed."))
    assert [type(block) for block in blocks] == [Points, Prose, Points]
    assert isinstance(blocks[1], Prose)
    assert "-5 % of the budget was spent." in str(blocks[1])


@pytest.mark.parametrize("language", ["ar", "fr", "ru", "zh"])
def test_what_matters_most_is_the_same_in_every_language(language: str) -> None:
    appraisal, formatter = appraised()
    other = replace(formatter, texts=Translator(language))
    said, english = (
        [(one.question.id, [row.id for row in one.rows]) for one in gap_findings(appraisal, words, appraisal.gaps)]
        for words in (other, formatter)
    )
    assert said == english


@pytest.mark.check
@pytest.mark.parametrize("language", ["ar", "es", "fr", "ru", "zh"])
def test_the_brief_has_four_pages_in_every_language_of_the_united_nations(language: str) -> None:
    content = report_bytes(
        demonstration()[0], ".pdf", texts=Translator(language), profile=ReportProfile(volume=ReportVolume.BRIEF)
    )
    assert len(PdfDocument(content)) == 4
