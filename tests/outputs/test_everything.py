"""Everything typed appears: on paper and on the screen, whatever it is."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.outputs.html_pages import render_html, render_web_page
from capacity_app.outputs.pdf.rendering import html_for_paper, render_pdf
from capacity_app.services.reports import report_bytes
from capacity_app.services.session.demonstration import demonstration
from tests.domain.making import say
from tests.dossiers import dossiers
from tests.outputs.boxes import lay_out, pieces, set_text
from tests.outputs.chapters import ENGLISH, view_of
from tests.outputs.example import HOSTILE, LONG_WORD, report_dossier
from tests.outputs.hostile import hostile_dossier
from tests.outputs.laid import IS_LONG, laid, sized_dossier
from tests.outputs.reading import (
    html_text,
    is_plain,
    is_there_in_pieces,
    missing,
    pdf_text,
    squeezed,
    typed_texts,
    unseen,
    visible,
)
from tests.outputs.word_reading import word_text

LONG = " ".join(f"word{number}" for number in range(2400))


@pytest.fixture
def printed(tmp_path: Path) -> Callable[[Dossier], Path]:
    def write(dossier: Dossier) -> Path:
        file = tmp_path / "report.pdf"
        file.write_bytes(render_pdf(view_of(dossier), ENGLISH))
        return file

    return write


def test_everything_typed_is_in_the_pdf(example_pdf: Path) -> None:
    assert missing(report_dossier(), pdf_text(example_pdf), ENGLISH) == []


@pytest.mark.check
def test_everything_typed_is_on_the_screen() -> None:
    assert missing(report_dossier(), html_text(render_web_page(view_of(report_dossier()), ENGLISH)), ENGLISH) == []


@pytest.mark.check
def test_everything_typed_in_the_demonstration_is_in_the_pdf(demonstration_pdf: Path) -> None:
    assert missing(demonstration()[0], pdf_text(demonstration_pdf), ENGLISH) == []


@pytest.mark.check
def test_everything_typed_in_the_demonstration_is_on_the_screen() -> None:
    dossier, _documents = demonstration()
    assert missing(dossier, html_text(render_web_page(view_of(dossier), ENGLISH)), ENGLISH) == []


@pytest.mark.check
def test_a_text_of_twenty_thousand_letters_is_printed_whole(printed: Callable[[Dossier], Path]) -> None:
    answers = (say("a.law", LONG, who="nso", note=LONG[::-1]), say("a.name", "W" * 3000, who="nso"))
    dossier = report_dossier(answers=answers)
    text = squeezed(pdf_text(printed(dossier)))
    assert squeezed(LONG) in text
    assert squeezed(LONG[::-1]) in text
    assert "W" * 3000 in text


def test_long_words_and_hostile_texts_are_printed_as_they_are(example_pdf: Path) -> None:
    text = squeezed(pdf_text(example_pdf))
    assert squeezed(HOSTILE) in text
    assert LONG_WORD in text


@pytest.fixture(scope="module")
def hostile() -> Dossier:
    return hostile_dossier()


@pytest.mark.check
def test_everything_hostile_is_on_the_screen(hostile: Dossier) -> None:
    html = report_bytes(hostile, ".html", texts=ENGLISH).decode()
    assert missing(hostile, html_text(html), ENGLISH) == []


@pytest.mark.check
def test_everything_hostile_is_in_the_word_file(hostile: Dossier) -> None:
    text = word_text(report_bytes(hostile, ".docx", texts=ENGLISH))
    assert unseen(hostile, text, ENGLISH) == []


@pytest.mark.long
def test_everything_hostile_is_in_the_pdf(tmp_path: Path) -> None:
    dossier = sized_dossier()
    assert unseen(dossier, set_text(laid("en")), ENGLISH) == []
    file = tmp_path / "report.pdf"
    file.write_bytes(report_bytes(dossier, ".pdf", texts=ENGLISH))
    text = pdf_text(file)
    # What is written from left to right, letter after letter, can be read back as it was typed.
    plain = (typed for typed in unseen(dossier, text, ENGLISH) if is_plain(typed))
    assert [typed for typed in plain if not is_there_in_pieces(typed, text)] == []
    # Of everything else every letter can be found; pdftotext has ideas of its own about their order.
    assert not letters_lost(dossier, text)


def letters_lost(dossier: Dossier, text: str) -> Counter[str]:
    """Count the letters of typed texts of which the text has fewer than these texts together."""
    typed = Counter(letter for one in set(typed_texts(dossier, ENGLISH)) for letter in visible(one))
    return typed - Counter(visible(text))


@pytest.mark.long
@settings(max_examples=300 if IS_LONG else 30)
@given(dossiers())
def test_everything_typed_in_any_dossier_is_printed(dossier: Dossier) -> None:
    assert missing(dossier, html_text(render_html(view_of(dossier), ENGLISH, "")), ENGLISH) == []


@pytest.mark.long
@settings(max_examples=100 if IS_LONG else 10)
@given(dossiers())
def test_everything_typed_in_any_dossier_is_in_the_word_file(dossier: Dossier) -> None:
    assert unseen(dossier, word_text(report_bytes(dossier, ".docx", texts=ENGLISH)), ENGLISH) == []


@pytest.mark.long
@settings(max_examples=60 if IS_LONG else 4)
@given(dossiers())
def test_everything_typed_in_any_dossier_is_set_on_paper(dossier: Dossier) -> None:
    assert unseen(dossier, set_text(pieces(lay_out(html_for_paper(view_of(dossier), ENGLISH)))), ENGLISH) == []


@pytest.mark.check
def test_every_answered_question_and_row_is_printed_in_full(demonstration_pdf: Path) -> None:
    dossier, text = demonstration()[0], squeezed(pdf_text(demonstration_pdf))
    answered = {answer.key.address.question for answer in dossier.answers}
    assert len(answered) > 60
    for question in dossier.instrument.questions():
        if question.id not in answered:  # its number alone is listed
            continue
        assert squeezed(question.text) in text
        for row in question.rows:
            if not row.spare:
                assert squeezed(row.label) in text
