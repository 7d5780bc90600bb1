"""The PDF: pages, footers, bookmarks, fonts, the same bytes, and nothing fetched."""

import gc
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from pypdfium2 import PdfDocument  # type: ignore[import-untyped]

from capacity_app.domain import content_hash
from capacity_app.domain.assessment.answers import AnswerState
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.privacy import person_names
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.i18n.translator import PSEUDO, Translator
from capacity_app.outputs.pdf.rendering import bundled_fetcher, css_string, render_pdf, write_pdf
from capacity_app.services.session.demonstration import demonstration
from tests.domain.making import say
from tests.dossiers import IS_TORTURE, dossiers
from tests.outputs.chapters import ENGLISH, view_of
from tests.outputs.example import report_dossier
from tests.outputs.reading import BOTTOM, pdf_text, squeezed

Write = Callable[..., Path]


def pdf_of(dossier: Dossier, texts: Translator = ENGLISH, profile: str = "full") -> bytes:
    return render_pdf(view_of(dossier, texts, profile), texts)


@pytest.fixture
def printed(tmp_path: Path) -> Write:
    def write(dossier: Dossier, texts: Translator = ENGLISH, profile: str = "full") -> Path:
        file = tmp_path / "report.pdf"
        file.write_bytes(pdf_of(dossier, texts, profile))
        return file

    return write


def told(*command: str) -> str:
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


def pages(pdf: Path) -> int:
    found = re.search(r"^Pages: +(\d+)", told("pdfinfo", str(pdf)), re.MULTILINE)
    assert found
    return int(found[1])


@pytest.mark.check
def test_the_same_dossier_gives_the_same_bytes(example_pdf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    assert pdf_of(report_dossier()) == example_pdf.read_bytes()
    assert {"SOURCE_DATE_EPOCH", "FONTCONFIG_FILE"}.isdisjoint(os.environ)


def test_the_fonts_of_the_machine_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    html = "<html lang=en><title>x</title><h1>Type</h1><p>कौन 😀 移 <b>bold</b> <span style='font-family: fantasy'>odd"
    before = write_pdf(html, "", b"x")
    settings_of_fonts = tmp_path / "fonts.conf"
    settings_of_fonts.write_text('<?xml version="1.0"?><fontconfig><dir>/nowhere</dir></fontconfig>')
    monkeypatch.setenv("FONTCONFIG_FILE", str(settings_of_fonts))
    assert write_pdf(html, "", b"x") == before
    assert os.environ["FONTCONFIG_FILE"] == str(settings_of_fonts)


def test_searching_for_lost_objects_goes_on_afterwards() -> None:
    assert gc.isenabled()
    write_pdf("<html lang=en><title>x</title><h1>x", "", b"x")
    assert gc.isenabled()


def test_the_file_says_when_its_last_answer_was_given_and_who_wrote_it(example_pdf: Path) -> None:
    information = told("pdfinfo", "-isodates", str(example_pdf))
    assert "2018-11-27T09:26:00" in information
    assert re.search("^Author: +Ana Petrova, Li Wei$", information, re.MULTILINE)


@pytest.mark.check
def test_every_page_but_the_cover_says_where_one_is(example_pdf: Path) -> None:
    file, count = example_pdf, pages(example_pdf)
    assert "Page" not in pdf_text(file, last=1, top=BOTTOM, height=60)
    for page in range(2, count + 1):
        foot = pdf_text(file, first=page, last=page, top=BOTTOM, height=60)
        assert f"Page {page} of {count}" in foot
        assert content_hash.format_hash(report_dossier().content_hash) in foot
        assert foot.startswith("Examplia · Ünïque téxt 001 · Validated")


def test_contents_give_the_page_of_every_chapter(example_pdf: Path) -> None:
    file = example_pdf
    contents = pdf_text(file, first=4, last=4, order="-layout").partition("Contents")[2]
    listed = re.findall(r"^(.+?)\s{3,}(\d+)$", contents, re.MULTILINE)
    assert len(listed) > 12
    for title, page in listed:
        assert squeezed(title) in squeezed(pdf_text(file, first=int(page), last=int(page)))


def test_chapters_and_questions_have_bookmarks(example_pdf: Path) -> None:
    marks = [(mark.level, mark.get_title()) for mark in PdfDocument(example_pdf).get_toc()]
    titles = [title for level, title in marks if level == 0]
    assert {"Main messages", "Contents", "Recommendations and plan", "Annex 3 All questions and answers"} <= set(titles)
    below = marks[marks.index((0, "Annex 3 All questions and answers")) + 1 :]
    parts = [title for level, title in below if level == 1]
    assert parts[:3] == ["a a", "b b", "c c"]
    assert below.index((1, "b b")) - below.index((1, "a a")) == 1 + 7


def test_fonts_are_ours_and_embedded(example_pdf: Path) -> None:
    rows = told("pdffonts", str(example_pdf)).splitlines()[2:]
    assert rows
    for row in rows:
        assert "Noto" in row
        assert row.split()[-5] == "yes", row


def test_nothing_but_bundled_fonts_can_be_fetched() -> None:
    fetch = bundled_fetcher()
    assert fetch("resource:fonts/NotoSans-Regular.ttf").read()[:4] == b"\0\1\0\0"
    for url in (
        "file:///etc/passwd", "http://localhost/x", "data:text/plain,x", "resource:fonts/../templates/report.html.j2",
        "resource:templates/report.html.j2", "resource:/etc/passwd", "/etc/passwd",
    ):  # fmt: skip
        with pytest.raises(ValueError, match="Only bundled files"):
            fetch(url)


def test_a_page_that_asks_for_a_file_does_not_get_it(tmp_path: Path) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text("p::after { content: 'LEAKED' }")
    html = f'<link rel="stylesheet" href="{secret.as_uri()}"><img src="{secret.as_uri()}"><p>x'
    file = tmp_path / "page.pdf"
    file.write_bytes(write_pdf(html, "", b"x"))
    assert "LEAKED" not in pdf_text(file)


@pytest.mark.parametrize("text", ['"; } * { display: none }', "\\22 }", "a\nb", "€ 山 \U0001f600"])
def test_any_text_is_one_css_string(text: str) -> None:
    inside = css_string(text)[1:-1]
    assert re.fullmatch(r"(?:[A-Za-z0-9 ]|\\[0-9a-f]+ )*", inside)
    assert re.sub(r"\\([0-9a-f]+) ", lambda found: chr(int(found[1], 16)), inside) == text


@pytest.mark.check
def test_without_names_nobody_is_named_on_any_page(printed: Write) -> None:
    dossier = report_dossier(
        answers=(
            *report_dossier().answers,
            say("b.known", state=AnswerState.UNKNOWN, who="x", note="Ask Haddad or Ortiz."),
        )
    )
    file = printed(dossier, profile="no-names")
    text = pdf_text(file) + told("pdfinfo", str(file))
    for name in person_names(dossier):
        assert name not in text
        for part in name.split():
            assert len(part) < 3 or not re.search(rf"\b{part}\b", text)
    assert "[name withheld]" in text


@pytest.mark.check
def test_the_demonstration_is_printed_in_another_language(printed: Write) -> None:
    dossier, _documents = demonstration()
    assert "Màîn méssàgés" in pdf_text(printed(dossier, Translator(PSEUDO), "brief"), first=2, last=2)


@pytest.mark.check
@settings(max_examples=5 if IS_TORTURE else 2)
@given(dossiers())
def test_any_dossier_can_be_set(dossier: Dossier) -> None:
    assert pdf_of(dossier).rstrip().endswith(b"%%EOF")


def test_an_instrument_of_any_shape_makes_a_report(printed: Write) -> None:
    bare = Instrument(id="x", version="1", title="X", edition="", language="en", sections=())
    assert pages(printed(Dossier(id="", instrument=bare))) >= 3
