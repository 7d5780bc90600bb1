"""The guide opens with F1, beside the work, in chapters that can be searched; its pictures and links are there."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QTextDocument, QTextTable
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from capacity_app import paths
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.i18n.translator import Translator
from capacity_app.ui.shell.command_table import COMMANDS
from capacity_app.ui.shell.guide import (
    GuideChapters,
    GuideWindow,
    KeyboardOverview,
    chapter_place,
    guide_file,
    guide_text,
    shortcuts,
)
from capacity_app.ui.shell.page_table import PAGES, STEP_CHAPTERS, WINDOW_PAGES
from capacity_app.ui.theme.fonts_and_sizes import set_zoom
from tests.ui.office import Office

FOLDER = paths.resources_folder() / "guide"


@pytest.fixture
def guide(office: Office) -> GuideWindow:
    office.press("F1")
    return office.part(GuideWindow, "guide")


def test_f1_opens_the_guide_and_does_not_stop_the_work(guide: GuideWindow) -> None:
    assert guide.isVisible()
    assert not guide.isModal()
    assert len(guide.manual.chapters) >= 8
    assert guide.page.toPlainText().startswith(guide.manual.chapters[0][0])
    room = guide.screen().availableGeometry()
    assert guide.width() <= max(room.width() // 2, 620)
    assert guide.geometry().right() <= room.right()
    assert guide.geometry().bottom() <= room.bottom()
    guide.close()


def test_with_large_letters_the_keyboard_overview_is_read_without_scrolling_sideways(
    office: Office, qapp: QApplication
) -> None:
    set_zoom(qapp, 200)
    office.press("F1")
    guide = office.part(GuideWindow, "guide")
    guide.show_chapter("keyboard")
    office.settle()
    overview = office.part(KeyboardOverview, "keyboard_overview", guide)
    room = guide.screen().availableGeometry()
    assert room.contains(guide.geometry())
    assert guide.width() > room.width() // 2, "more than with small letters"
    guide.resize(1240, 640)
    office.settle()
    assert overview.horizontalScrollBar().maximum() == 0
    guide.close()


def test_the_arabic_guide_is_read_from_the_right_and_its_code_from_the_left(qtbot: QtBot) -> None:
    guide = GuideWindow(Translator("ar"), COMMANDS)
    qtbot.addWidget(guide)
    guide.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    place = next(place for place, (_, text) in enumerate(guide.manual.chapters) if "LICENCES.txt" in text)
    guide.show_chapter(str(place))
    document = guide.page.document()
    found, block = {}, document.begin()
    while block.isValid():
        found[block.text()] = block.textDirection()
        block = block.next()
    assert found["sudo apt install ./capacity-app_0.7.0_amd64.deb"] is Qt.LayoutDirection.LeftToRight
    begins_with_code = next(text for text in found if "هو النافذة" in text)
    assert begins_with_code.startswith("\u2066capacity-app.exe\u2069")
    assert found[begins_with_code] is Qt.LayoutDirection.RightToLeft
    table = next(frame for frame in document.rootFrame().childFrames() if isinstance(frame, QTextTable))
    words = [table.cellAt(0, column).firstCursorPosition().block().text() for column in range(table.columns())]
    assert (words[-1], words[-2]) == ("النظام", "الملف")


@pytest.mark.parametrize("file", sorted(FOLDER.rglob("*.md")), ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_no_sign_of_markdown_is_left_in_the_guide(file: Path) -> None:
    document = QTextDocument()
    document.setMarkdown(file.read_text("utf-8"))
    assert [line for line in document.toPlainText().splitlines() if re.search(r"\*\*|`|\*\S[^*]*\S\*", line)] == []


def test_every_page_names_a_chapter_that_is_there() -> None:
    titles = {title for title, _ in GuideChapters(guide_text(Translator())).chapters}
    pages = {page.name: page.guide for page in PAGES} | {page.name: page.guide for page in WINDOW_PAGES} | STEP_CHAPTERS
    assert {name: title for name, title in pages.items() if title not in titles} == {}


@pytest.mark.parametrize(("name", "title"), [("report", "Deliver"), ("gaps", "Analyse")])
def test_f1_opens_the_chapter_of_the_page(at_work: Callable[[Dossier | None], Office], name: str, title: str) -> None:
    office = at_work(None)
    office.desk.show_page(name)
    office.press("F1")
    guide = office.part(GuideWindow, "guide")
    assert guide.page.toPlainText().startswith(title)
    guide.close()


def test_f1_in_the_window_of_headquarters_opens_its_chapter(office: Office) -> None:
    office.window.show_window_page("headquarters")
    office.window.tools["headquarters"].activateWindow()
    office.settle()
    office.press("F1")
    guide = office.part(GuideWindow, "guide")
    assert guide.page.toPlainText().startswith("At headquarters")
    guide.close()
    office.window.close_tools()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_chapter_is_found_in_every_language(language: str) -> None:
    texts = Translator(language)
    chapters = GuideChapters(guide_text(texts)).chapters
    place = chapter_place(texts, "Checking a questionnaire")
    first_line = guide_file(language, "checking").read_text("utf-8").partition("\n")[0]
    assert chapters[place][0] == first_line.removeprefix("# ")
    assert chapter_place(texts, "") == 0


def test_f1_again_opens_no_second_guide(guide: GuideWindow, office: Office) -> None:
    office.window.menus.actions["guide"].trigger()
    assert len(office.window.findChildren(GuideWindow)) == 1
    guide.close()


def test_every_chapter_can_be_read_with_its_pictures(guide: GuideWindow) -> None:
    for place, (title, _) in enumerate(guide.manual.chapters):
        guide.chapters.choose(str(place))
        assert guide.page.toPlainText().startswith(title)
    guide.close()


def test_the_keyboard_overview_is_a_chapter_and_lists_every_key(guide: GuideWindow, office: Office) -> None:
    guide.show_chapter("keyboard")
    assert guide.keys.isVisible()
    listed = [key for group in shortcuts(office.texts, COMMANDS).values() for key, _ in group]
    assert {"Ctrl+Z", "F11", "F1"} <= set(listed)
    assert any(key.startswith("0 1 2 3") for key in listed)
    guide.close()


@pytest.mark.parametrize(
    "file", [*(FOLDER / "en").glob("*.md"), paths.resources_folder().parent / "README.md"], ids=lambda file: file.stem
)
def test_every_key_that_is_named_is_one_of_the_window(file: Path) -> None:
    named = set(re.findall(r"\b(?:(?:Ctrl|Shift|Alt)\+)+\S|\bF\d+\b", file.read_text("utf-8")))
    listed = str(shortcuts(Translator(), COMMANDS))
    assert {key for key in named if key not in listed} == set()


def test_searching_goes_through_all_chapters_and_says_when_there_is_nothing(guide: GuideWindow) -> None:
    _, last_text = guide.manual.chapters[-1]
    word = max(re.findall(r"[a-z]{6,}", last_text), key=lambda w: -sum(w in text for _, text in guide.manual.chapters))
    guide.wanted.setFocus()
    QTest.keyClicks(guide.wanted, word)
    assert guide.page.textCursor().selectedText().lower() == word, "found while one types"
    for _ in range(40):
        if guide.chapters.current_key == str(len(guide.manual.chapters) - 1):
            break
        QTest.keyClick(guide.wanted, Qt.Key.Key_Return)
    assert guide.page.textCursor().selectedText().lower() == word
    assert guide.chapters.current_key == str(len(guide.manual.chapters) - 1)
    guide.wanted.selectAll()
    QTest.keyClicks(guide.wanted, "xylophone quartet")
    assert "another word" in guide.found.text()
    guide.close()


def test_a_picture_outside_the_guides_folder_is_not_opened(guide: GuideWindow) -> None:
    assert guide.page.loadResource(2, "../../styles/report.css") is None
    assert guide.page.loadResource(2, "/etc/hostname") is None
    guide.close()


def test_every_picture_named_is_there_and_every_picture_there_is_named() -> None:
    texts = [file.read_text("utf-8") for file in FOLDER.rglob("*.md")]
    named = {name for text in texts for name in re.findall(r"!\[[^\]]+\]\((?:\.\./)?(pictures/[^)]+)\)", text)}
    there = {f"pictures/{file.name}" for file in (FOLDER / "pictures").glob("*.png")}
    assert named == there
    assert all(not QImage(str(FOLDER / name)).isNull() for name in named)


@pytest.mark.translations
@pytest.mark.parametrize("file", sorted(FOLDER.glob("[!e]*/*.md")) + sorted(FOLDER.glob("es/*.md")), ids=str)
def test_the_guide_in_another_language_has_all_that_the_english_one_has(file: Path) -> None:
    original, said = (one.read_text("utf-8") for one in (guide_file("en", file.stem), file))
    for pattern in (r"^#+ ", r"\]\(([^)]+)\)", r"`[^`]+`", r"^\|"):
        assert len(re.findall(pattern, said, re.MULTILINE)) == len(re.findall(pattern, original, re.MULTILINE)), pattern


@pytest.mark.parametrize(("language", "line"), [
    ("en", "| net migration | Immigrants minus emigrants of a period. |"),
    ("fr", "| net migration | migration nette | Immigrants minus emigrants of a period. |"),
])  # fmt: skip
def test_the_glossary_is_a_chapter_of_the_guide(language: str, line: str) -> None:
    texts = Translator(language)
    (chapter,) = [
        text for title, text in GuideChapters(guide_text(texts)).chapters if title == texts.gettext("Glossary")
    ]
    assert line in chapter


def test_a_language_without_a_guide_reads_the_english_one() -> None:
    assert guide_file("xx") == guide_file("en")
    assert guide_file(Translator().language).is_file()


def test_chapters_begin_at_headings_of_the_second_level() -> None:
    manual = GuideChapters("# Title\n\nintro\n\n## One\n\ntext\n\n### Below\n\n## Two\n")
    assert [title for title, _ in manual.chapters] == ["One", "Two"]
    assert "### Below" in manual.chapters[0][1]
