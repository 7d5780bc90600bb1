"""The blank form from the command line: of an instrument or of an assessment, on paper or as workbook."""

import json
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.services.reports import blank_form_bytes, blank_form_request
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.demonstration import demonstration
from tests.builders import file_of
from tests.commands import run
from tests.outputs.reading import pdf_text, squeezed
from tests.outputs.workbook.reading import answer_cells, identity, opened, strings, table

PARTS = ("--section", "IX", "--part", "x")


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Print two parts for a country, and read the file."""
    file = tmp_path_factory.mktemp("blank") / "form.pdf"
    told = run("blank", file, *PARTS, "--country", "geo", "--round", "2019")
    assert "Wrote" in told
    return squeezed(pdf_text(file))


@pytest.mark.check
def test_a_form_of_some_parts_holds_these_and_names_country_and_round(paper: str) -> None:
    for words in (
        "Georgia",
        "2019",
        "IX.1Is there a mechanism",
        "X.6aIn which kinds",
        "Answer only if IX.1 is 1 or more",
    ):
        assert squeezed(words) in paper
    for words in ("VIII.1", "III.2"):
        assert f"{words}A" not in paper
    assert squeezed("Open data") not in paper


@pytest.mark.check
def test_the_same_words_again_give_the_same_bytes(tmp_path: Path) -> None:
    one, other = tmp_path / "one.xlsx", tmp_path / "other.xlsx"
    for file in (one, other):
        run("blank", file, "--supplement", "T", "--country", "GEO")
    assert one.read_bytes() == other.read_bytes()


@cache
def workbook(*sections: str) -> openpyxl.Workbook:
    dossier, _documents = demonstration()
    return opened(blank_form_bytes(blank_form_request(dossier, sections), ".xlsx", texts=Translator()))


@pytest.mark.check
def test_the_workbook_holds_every_question_whatever_its_condition_and_no_answer() -> None:
    dossier, _documents = demonstration()
    book = workbook()
    cells = answer_cells(book)
    for question in dossier.instrument.questions():
        places = [a for a in cells if a.question == question.id]
        assert places, question.id
        if question.kind is AnswerKind.GRID:
            assert {a.row for a in places if a.row} == set(question.row_by_id)
    assert {question.number for question in dossier.instrument.questions()} <= set(strings(book).split("\0"))
    assert table(book, "answers") == []
    assert "gaps" not in book.sheetnames


def test_a_workbook_for_one_ministry_is_still_of_the_whole_instrument() -> None:
    whole, part = workbook(), workbook("ix")
    named = ("instrument", "instrument_version", "instrument_hash")
    assert [identity(whole)[name] for name in named] == [identity(part)[name] for name in named]
    assert {a.question.partition(".")[0] for a in answer_cells(part)} == {"ix"}


@pytest.mark.check
def test_the_workbook_asks_in_two_languages_beside_each_other() -> None:
    dossier, _documents = demonstration()
    content = blank_form_bytes(
        blank_form_request(dossier, ("v",)), ".xlsx", texts=Translator(), second=Translator("fr")
    )
    said = strings(opened(content))
    question = dossier.instrument.question_by_id["v.mandate"]
    assert question.text in said
    assert Formatter(Translator("fr"), dossier).question(question) in said


@pytest.mark.parametrize("section", [section.id for section in demonstration()[0].instrument.sections])
def test_each_part_alone_makes_a_workbook(section: str) -> None:
    assert workbook(section).sheetnames


@pytest.mark.check
def test_a_form_of_an_assessment_holds_its_questions_and_agencies_and_nothing_anybody_said(tmp_path: Path) -> None:
    dossier, _documents = demonstration()
    file, paper, book = file_of(tmp_path, dossier), tmp_path / "form.pdf", tmp_path / "form.xlsx"
    agency = dossier.agencies[1]
    run("blank", paper, "--from", file, "--section", "T", "--agency", agency.short.lower())
    run("blank", book, "--from", file)
    assert "Blank form: " in strings(opened(book.read_bytes()))
    mine = tmp_path / "mine.xlsx"
    run("blank", mine, "--from", file, "--section", "T", "--agency", agency.short)
    assert "Agency form: " in strings(opened(mine.read_bytes()))
    text = squeezed(pdf_text(paper, top=0, height=842))
    assert squeezed(f"{dossier.mission.country_name} · {dossier.mission.round} · {agency.short}") in text
    assert squeezed("T.1For each topic") in text
    for other in dossier.agencies:
        assert squeezed(other.name) in text
    said = [answer.content.note for answer in dossier.answers if len(answer.content.note) > 20]
    people = [person.name for person in dossier.people]
    assert said
    assert people
    for there in (text, squeezed(strings(opened(book.read_bytes())))):
        assert not [words for words in (*said, *people) if squeezed(words) in there]


@pytest.mark.check
def test_the_window_hears_its_progress(tmp_path: Path) -> None:
    out = tmp_path / "form.pdf"
    lines = [json.loads(line) for line in run("blank", out, "--section", "II", "--progress").splitlines()]
    shares = [line["share"] for line in lines if "share" in line]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert lines[-1] == {"done": True, "file": str(out)}
    assert json.loads(run("blank", out, "--section", "ZZ", "--progress", code=1))["error"].startswith(
        "There is no part"
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("x.doc",), "A blank form ends in .pdf, .xlsx; x.doc does not."),
        (("x.pdf", "--section", "XX"), "There is no part “XX”. Choose of: I, II, III"),
        (("x.pdf", "--agency", "nso"), "There is no agency “nso”."),
        (("x.pdf", "--second-language", "tlh"), "The questions are not worded in “tlh”"),
        (("x.pdf", "--instrument", "nothing"), "There is no questionnaire"),
        (("nowhere/x.pdf",), "The folder of x.pdf does not exist."),
    ],
)
def test_what_cannot_be_made_is_refused_in_words(tmp_path: Path, arguments: tuple[str, ...], sentence: str) -> None:
    file, *options = arguments
    assert sentence in run("blank", tmp_path / file, *options, code=1)
    assert not (tmp_path / file).exists()


def test_the_questions_of_a_file_cannot_be_exchanged(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    assert "leave out" in run("blank", tmp_path / "x.pdf", "--from", file, "--supplement", "T", code=2).casefold()


def test_an_old_form_stays_if_the_new_one_cannot_be_made(tmp_path: Path) -> None:
    out = tmp_path / "form.pdf"
    out.write_bytes(b"old")
    run("blank", out, "--section", "nothing", code=1)
    assert out.read_bytes() == b"old"


def test_a_form_changes_nothing_in_the_assessment(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    before = _dossier(file)
    run("blank", tmp_path / "form.xlsx", "--from", file)
    assert _dossier(file) == before


def _dossier(file: Path) -> Dossier:
    with AssessmentSession(file, device="d", read_only=True) as session:
        return session.dossier()
