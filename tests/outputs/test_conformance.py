"""Every PDF is PDF/UA-1 and PDF/A-2a at once, whatever language it is in and whatever was typed."""

import ctypes
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import page
import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]
import pytest

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.i18n.translator import PSEUDO, Translator
from capacity_app.outputs.content.identity import IDENTITY_KEYS, XMP_NAMESPACE, pdf_info_key, property_name
from capacity_app.outputs.pdf.rendering import render_pdf, write_pdf
from capacity_app.services.session.demonstration import demonstration
from tests.domain.making import say
from tests.outputs.chapters import ENGLISH, view_of
from tests.outputs.example import report_dossier
from tests.outputs.hostile import ODD, SCRIPTS
from tests.outputs.reading import pdf_text, visible

LANGUAGES = {"cyrillic": "ru", "thai": "th", "chinese": "zh", "georgian": "ka", "arabic": "ar"}
UA, A = page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_2A


def broken(pdf: bytes) -> list[str]:
    reports = (page.validate_pdf_bytes(pdf, profile=profile) for profile in (UA, A))
    return [f"{failure.rule_id}: {failure.message}" for report in reports for failure in report.failures]


def pdf_of(dossier: Dossier, texts: Translator = ENGLISH) -> bytes:
    return render_pdf(view_of(dossier, texts), texts)


@pytest.fixture(scope="module")
def english(example_pdf: Path) -> bytes:
    return example_pdf.read_bytes()


def test_the_report_conforms(english: bytes) -> None:
    assert broken(english) == []


@pytest.mark.check
@pytest.mark.parametrize("language", ["ar", PSEUDO])
def test_a_report_from_right_to_left_conforms(language: str) -> None:
    assert broken(pdf_of(report_dossier(), Translator(language))) == []


@pytest.mark.check
def test_a_report_in_chinese_conforms() -> None:
    assert broken(pdf_of(report_dossier(), Translator("zh"))) == []


def test_the_validator_would_notice() -> None:
    html = "<html lang=en><title>x</title><h3>No first heading</h3>"
    assert [failure.partition(":")[0] for failure in broken(write_pdf(html, "", b"x"))] == [
        "PDFUA1-HEADING-NESTING-001"
    ]


@pytest.fixture(scope="module")
def typed() -> Dossier:
    """Make a dossier with a text in every script and with everything odd."""
    texts = [*SCRIPTS.values(), *ODD.values()]
    answers = (
        say("a.law", "\n".join(texts), who="nso"),
        say("a.name", texts[0], who="nso", note=" ".join(texts[::-1])),
    )
    return report_dossier(answers=answers, previous=None, actions=(), ratings=())


@pytest.mark.check
def test_a_report_with_every_script_conforms_and_loses_no_letter(typed: Dossier, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf_of(typed))
    assert broken(file.read_bytes()) == []
    printed = visible(pdf_text(file))
    letters = set(printed) | {chr(int(number, 16)) for number in re.findall(r"U\+([0-9A-F]{4,6})", pdf_text(file))}
    leftwards = {"arabic", "persian", "hebrew", "mixed", "numbers", "bidi", "unclosed"}
    for name, text in {**SCRIPTS, **ODD}.items():
        wanted = visible(text)
        # What runs leftwards comes back in another order: tests/outputs/test_everything.py reads it word by word.
        assert (set(wanted) <= letters) if name in leftwards else (wanted in printed), name


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_page_in_every_language_conforms_and_keeps_its_letters(name: str, tmp_path: Path) -> None:
    text, file = SCRIPTS[name], tmp_path / "page.pdf"
    html = f'<html lang="{LANGUAGES[name]}"><title>{text}</title><h1>{text}</h1><p>{text} <b>{text}</b> <i>{text}</i>'
    file.write_bytes(write_pdf(html, "", b"x"))
    assert broken(file.read_bytes()) == []
    assert set(visible(text)) <= set(visible(pdf_text(file)))


@pytest.mark.check
def test_two_languages_conform_and_say_which_is_which(tmp_path: Path) -> None:
    dossier, _documents = demonstration()
    few = replace(dossier, answers=dossier.answers[:60])
    pdf = render_pdf(view_of(few, profile="report", second="ar"), ENGLISH)
    assert broken(pdf) == []
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf)
    texts = spoken(file)
    assert {language for language, _text in texts} == {"ar"}
    arabic = [text for _language, text in texts if re.search("[\u0600-\u06ff]", text)]
    assert len(arabic) > 0.9 * len(texts)


def spoken(file: Path) -> list[tuple[str, str]]:
    """Read texts with a language of their own from the tags."""

    found: list[tuple[str, str]] = []
    document = pypdfium2.PdfDocument(file)
    for sheet in document:
        reader = sheet.get_textpage()
        texts: dict[int, str] = {}
        for thing in sheet.get_objects():
            mark = pdfium.FPDFPageObj_GetMarkedContentID(thing.raw)
            if thing.type == pdfium.FPDF_PAGEOBJ_TEXT and mark >= 0:
                texts[mark] = texts.get(mark, "") + _text_of(thing.raw, reader.raw)
        tree = pdfium.FPDF_StructTree_GetForPage(sheet.raw)
        count = pdfium.FPDF_StructTree_CountChildren(tree)
        for number in range(count):
            _read_tags(pdfium.FPDF_StructTree_GetChildAtIndex(tree, number), texts, found)
        pdfium.FPDF_StructTree_Close(tree)
    document.close()
    return found


def _wide(read: Callable[..., int], *given: object) -> str:
    """Read a text that pdfium gives as UTF-16."""
    length = read(*given, None, 0)
    buffer = ctypes.create_string_buffer(max(length, 2))
    read(*given, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)) if "Text" in read.__name__ else buffer, length)
    return buffer.raw[:length].decode("utf-16-le").rstrip("\0")


def _text_of(thing: object, reader: object) -> str:
    return _wide(pdfium.FPDFTextObj_GetText, thing, reader)


def _read_tags(tag: object, texts: dict[int, str], found: list[tuple[str, str]]) -> None:
    language = _wide(pdfium.FPDF_StructElement_GetLang, tag)
    for number in range(pdfium.FPDF_StructElement_GetMarkedContentIdCount(tag) if language else 0):
        mark = pdfium.FPDF_StructElement_GetMarkedContentIdAtIndex(tag, number)
        found.append((language, texts.get(mark, "")))
    for number in range(pdfium.FPDF_StructElement_CountChildren(tag)):
        below = pdfium.FPDF_StructElement_GetChildAtIndex(tag, number)
        if below:
            _read_tags(below, texts, found)


def test_each_text_says_its_own_language(tmp_path: Path) -> None:
    file = tmp_path / "page.pdf"
    html = (
        '<html lang="en"><title>x</title><h1>One</h1><p>first <span lang="ru">слово</span> <a href="#x">link</a> last'
        '<table><tr><th id="x">Head<td lang="ka">სიტყვა</table><p style="float: right" lang="el">λέξη</p><p>end'
    )
    file.write_bytes(write_pdf(html, "", b"x"))
    assert sorted((language, text.strip()) for language, text in spoken(file)) == [
        ("el", "λέξη"),
        ("ka", "სიტყვა"),
        ("ru", "слово"),
    ]


def test_the_file_says_whose_report_it_is(english: bytes, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(english)
    command = ["pdfinfo", "-custom", str(file)]
    lines = subprocess.run(command, capture_output=True, check=True).stdout.decode().splitlines()
    said = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    packet = subprocess.run(["pdfinfo", "-meta", str(file)], capture_output=True, check=True).stdout  # noqa: S607
    inside = {element.tag: element.text for element in ET.fromstring(packet.decode()).iter()}  # noqa: S314 - our own
    identity = view_of().identity
    for mark in IDENTITY_KEYS:
        expected = getattr(identity, mark)
        assert said.get(pdf_info_key(mark), "") == inside.get(f"{{{XMP_NAMESPACE}}}{mark}", "") == expected
    assert identity is not None
    assert identity.content_hash == report_dossier().content_hash
    assert inside["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
    assert inside["{http://www.aiim.org/pdfa/ns/id/}conformance"] == "A"


def test_a_mark_of_markup_stays_a_text(tmp_path: Path) -> None:
    file = tmp_path / "page.pdf"
    evil = "</rdf:RDF> & <x> 山"
    content = evil.replace("&", "&amp;").replace("<", "&lt;")
    meta = f'<meta name="{property_name(IDENTITY_KEYS[0])}" content="{content}">'
    html = f"<html lang=en>{meta}<title>{content}</title><h1>x</h1>"
    file.write_bytes(write_pdf(html, "2018-11-27T09:26:00.250+00:00", b"x"))
    assert broken(file.read_bytes()) == []
    packet = subprocess.run(["pdfinfo", "-meta", str(file)], capture_output=True, check=True).stdout  # noqa: S607
    inside = {element.tag: element.text for element in ET.fromstring(packet.decode()).iter()}  # noqa: S314 - our own
    assert inside[f"{{{XMP_NAMESPACE}}}{IDENTITY_KEYS[0]}"] == evil


@pytest.mark.check
def test_the_whole_demonstration_conforms(demonstration_pdf: Path) -> None:
    assert broken(demonstration_pdf.read_bytes()) == []
