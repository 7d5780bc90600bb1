"""Everything typed appears: on paper and on the screen, whatever it is."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings

from capacity_app.domain.appraisal import appraise
from capacity_app.domain.dossier import Dossier
from capacity_app.report.html import render, render_for_screen
from capacity_app.report.pdf import render_pdf
from capacity_app.report.view import ReportView, report_view
from capacity_app.services.demonstration import demonstration
from capacity_app.texts import Texts
from capacity_app.wording import Wording
from tests.domain.making import say
from tests.dossiers import dossiers
from tests.report.example import HOSTILE, LONG_WORD, report_dossier
from tests.report.reading import html_text, missing, pdf_text, squeezed

ENGLISH = Texts("en")
LONG = " ".join(f"word{number}" for number in range(2400))


def view_of(dossier: Dossier, texts: Texts = ENGLISH) -> ReportView:
    appraisal = appraise(dossier)
    return report_view(appraisal, Wording(texts, appraisal.dossier))


@pytest.fixture
def printed(tmp_path: Path) -> Callable[[Dossier], Path]:
    def write(dossier: Dossier) -> Path:
        file = tmp_path / "report.pdf"
        file.write_bytes(render_pdf(view_of(dossier), ENGLISH))
        return file

    return write


def test_everything_typed_is_in_the_pdf(printed: Callable[[Dossier], Path]) -> None:
    assert missing(report_dossier(), pdf_text(printed(report_dossier())), ENGLISH) == []


def test_everything_typed_is_on_the_screen() -> None:
    assert missing(report_dossier(), html_text(render_for_screen(view_of(report_dossier()), ENGLISH)), ENGLISH) == []


def test_everything_typed_in_the_demonstration_is_in_the_pdf(printed: Callable[[Dossier], Path]) -> None:
    dossier, _documents = demonstration()
    assert missing(dossier, pdf_text(printed(dossier)), ENGLISH) == []


def test_everything_typed_in_the_demonstration_is_on_the_screen() -> None:
    dossier, _documents = demonstration()
    assert missing(dossier, html_text(render_for_screen(view_of(dossier), ENGLISH)), ENGLISH) == []


def test_a_text_of_twenty_thousand_letters_is_printed_whole(printed: Callable[[Dossier], Path]) -> None:
    answers = (say("a.law", LONG, who="nso", note=LONG[::-1]), say("a.name", "W" * 3000, who="nso"))
    dossier = report_dossier(answers=answers)
    text = squeezed(pdf_text(printed(dossier)))
    assert squeezed(LONG) in text
    assert squeezed(LONG[::-1]) in text
    assert "W" * 3000 in text


def test_long_words_and_hostile_texts_are_printed_as_they_are(printed: Callable[[Dossier], Path]) -> None:
    text = squeezed(pdf_text(printed(report_dossier())))
    assert squeezed(HOSTILE) in text
    assert LONG_WORD in text


@settings(max_examples=60)
@given(dossiers())
def test_everything_typed_in_any_dossier_is_printed(dossier: Dossier) -> None:
    assert missing(dossier, html_text(render(view_of(dossier), ENGLISH, "")), ENGLISH) == []


def test_an_empty_assessment_makes_a_report(printed: Callable[[Dossier], Path]) -> None:
    whole = report_dossier()
    empty = Dossier(id=whole.id, instrument=whole.instrument)
    text = pdf_text(printed(empty))
    for question in whole.instrument.questions():
        assert squeezed(question.text) in squeezed(text)


def test_every_question_and_row_is_printed_in_full(printed: Callable[[Dossier], Path]) -> None:
    dossier, _documents = demonstration()
    text = squeezed(pdf_text(printed(dataclasses.replace(dossier, answers=dossier.answers[:50]))))
    for question in dossier.instrument.questions():
        assert squeezed(question.text) in text
        for row in question.rows:
            if not row.spare:
                assert squeezed(row.label) in text
