"""The guide in a window of its own, so that one can read and work; its last chapter lists all keys."""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QKeySequence,
    QPixmap,
    QResizeEvent,
    QShortcut,
    QTextBlock,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextTable,
)
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from capacity_app import paths
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.i18n.catalogues import ENGLISH, glossary
from capacity_app.i18n.translator import Translator, isolate_ltr
from capacity_app.ui.shell.menus import MENU_LABELS, Command, Menu, without_access_key
from capacity_app.ui.shell.page_stack import EDGES
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TextRole, font_for, is_font_change
from capacity_app.ui.theme.style import zoom
from capacity_app.ui.widgets import keys
from capacity_app.ui.widgets.cards import Card, Label, ReadingColumn
from capacity_app.ui.widgets.keys import keyboard_label, native_keys
from capacity_app.ui.widgets.layouts import Stack, with_name
from capacity_app.ui.widgets.lists_and_tables import LineList, ListLine
from capacity_app.ui.widgets.text_fields import LineField

KEYBOARD = "keyboard"
_CHAPTER = "## "
_PARTS = (
    "guide", "checking", "translating", "writing", "collecting", "headquarters", "commands", "installing", "limits",
    "security",
)  # fmt: skip
_HEIGHT = 760
_SHARE, _LEAST_WIDTH = 48, 620
"""How much of the screen's width the guide takes at first, in per cent, and how wide it is at least, in pixels."""


_KEY_LETTERS = 18
_ON_PAGES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        N_("Availability"),
        (
            ("↑ ↓ ← →", N_("Go through topics and sources")),
            ("Enter", N_("Go to the answer behind a cell, to the source behind a total")),
        ),
    ),
    (N_("Gap board"), (("Ctrl+← Ctrl+→", N_("Move the chosen gap to an easier or harder column")),)),
    (
        N_("Timeline"),
        (("Enter", N_("Open the form of the action")),),
    ),
    (
        N_("Differences to decide on, in a returned file or a merge"),
        (
            ("↑ ↓", N_("Go through the differences")),
            ("A", N_("Accept: what comes from the file stands")),
            ("K", N_("Keep: what stands here stays")),
            ("Del", N_("Decide later")),
            ("Ctrl+A", N_("Accept all that are shown")),
            ("Space, Shift+Space", N_("Scroll what the two sides say")),
        ),
    ),
    (N_("Pages of the report"), (("Page Up, Page Down", N_("Go through the pages")), ("Enter", N_("Make the report")))),
    (N_("Date fields"), (("Alt+↓", N_("Open the calendar")),)),
)
"""The keys of single pages: heading, then keys and their meaning (message ids)."""


def _worded(texts: Translator, found: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((keyboard_label(texts, key), texts.gettext(meaning)) for key, meaning in found)


def shortcuts(texts: Translator, commands: Sequence[Command[Any]]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return all keys with their meaning, in groups with a heading."""
    groups: dict[str, tuple[tuple[str, str], ...]] = {
        texts.gettext("While answering"): _worded(texts, keys.KEY_OVERVIEW)
    }
    for menu in Menu:
        with_keys = [command for command in commands if command.menu is menu and command.keys]
        if with_keys:
            groups[without_access_key(texts.gettext(MENU_LABELS[menu]))] = tuple(
                (
                    ", ".join(native_keys(texts, key) for key in command.keys),
                    without_access_key(texts.gettext(command.label)),
                )
                for command in with_keys
            )
    for title, found in _ON_PAGES:
        groups[texts.gettext(title)] = _worded(texts, found)
    return groups


class KeyboardOverview(ReadingColumn):
    """All keys, one card per group."""

    def __init__(self, texts: Translator, commands: Sequence[Command[Any]]) -> None:
        super().__init__(margin=LARGE)
        with_name(self, "keyboard_overview", texts.gettext("Keyboard overview"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for title, found in shortcuts(texts, commands).items():
            self.body.addWidget(_group(title, found))
        self.body.addStretch(1)


def _group(title: str, found: Iterable[tuple[str, str]]) -> QWidget:
    card = Card(margin=LARGE)
    card.body.addWidget(Label(title, TextRole.HEADING))
    grid = QGridLayout()
    grid.setHorizontalSpacing(LARGE)
    grid.setVerticalSpacing(MEDIUM)
    # All groups have their second column at the same place.
    grid.setColumnMinimumWidth(0, _KEY_LETTERS * card.fontMetrics().averageCharWidth())
    grid.setColumnStretch(1, 1)
    for line, (key, meaning) in enumerate(found):
        grid.addWidget(Label(key, TextRole.STRONG), line, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(Label(meaning), line, 1, Qt.AlignmentFlag.AlignTop)
    card.body.addLayout(grid)
    return card


def guide_folder() -> Path:
    """Return the folder of the guide: a folder for each language, and one of pictures."""
    return paths.resources_folder() / "guide"


def guide_file(language: str, name: str = "guide") -> Path:
    """Return a part of the guide in a language, the English one where there is none."""
    wanted = guide_folder() / language / f"{name}.md"
    return wanted if wanted.is_file() else guide_folder() / ENGLISH / f"{name}.md"


def guide_text(texts: Translator) -> str:
    """Return the guide with all its chapters, the glossary last."""
    main, *others = (guide_file(texts.language, name).read_text("utf-8") for name in _PARTS)
    lower = ("".join(f"#{line}" if line.startswith("#") else line for line in part.splitlines(keepends=True))
             for part in others)  # fmt: skip
    return "\n".join(filter(None, (main, *lower, _glossary(texts))))


def chapter_place(texts: Translator, title: str) -> int:
    """Return the place of the chapter with an English title in the guide of a language; 0 where nobody knows it.

    Where a translation has other chapters than the English part, it is the part's first one.
    """
    before = 0
    for part in _PARTS:
        mark = _CHAPTER if part == _PARTS[0] else "# "
        english, own = (
            [line.removeprefix(mark) for line in guide_file(language, part).read_text("utf-8").splitlines()
             if line.startswith(mark)] for language in (ENGLISH, texts.language)
        )  # fmt: skip
        if title in english:
            return before + (english.index(title) if len(own) == len(english) else 0)
        before += len(own)
    return 0


def _glossary(texts: Translator) -> str:
    """Set the terms that the program and its translation keep to."""
    say, is_english = texts.gettext, texts.language == ENGLISH
    title = say("Glossary")
    lead = "" if is_english else say("The translation of the program and of its questionnaires keeps to these words.")
    columns = [say("English"), *([] if is_english else [texts.language_name(texts.language)]), say("Definition")]
    rows = (
        [one.english, *([] if is_english else [one.translation]), one.definition] for one in glossary(texts.language)
    )
    lines = (f"| {' | '.join(cells)} |" for cells in (columns, ["---"] * len(columns), *rows))
    return "\n\n".join(filter(None, (f"## {title}", lead, "\n".join(lines)))) + "\n"


@dataclass(frozen=True)
class GuideChapters:
    """The guide's text (Markdown) with its chapters, each begun by a heading of the second level."""

    text: str

    @cached_property
    def chapters(self) -> tuple[tuple[str, str], ...]:
        """The chapters in order: title and text, its heading included."""
        parts = f"\n{self.text}".split(f"\n{_CHAPTER}")[1:]
        return tuple((part.partition("\n")[0].strip(), f"{_CHAPTER}{part}") for part in parts)


_CODE = re.compile("(?<!`)`[^`\n]+`(?!`)")
_WRITTEN_LEFTWARDS = re.compile("[\u0590-\u08ff]")
_COMMENT = re.compile("(?<=  # ).+$", re.MULTILINE)
_TABLE_ROW = re.compile(r"^\|(.+)\|$", re.MULTILINE)
"""Its columns: Qt sets them from left to right in every language."""


def _is_code(block: QTextBlock) -> bool:
    return block.blockFormat().hasProperty(QTextFormat.Property.BlockCodeLanguage)


class _GuideChapterView(QTextBrowser):
    """One chapter: pictures of the guide, never wider than the page; links lead to other chapters only."""

    def __init__(self, folder: Path, label: str) -> None:
        super().__init__()
        self._folder, self._text = folder, ""
        with_name(self, "guide_text", label)
        self.setOpenLinks(False)
        self.document().setDocumentMargin(LARGE)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        # Never while Qt lays the text out: a document that changes under it ends the program.
        self._fit_later = QTimer(self, singleShot=True, interval=0)
        self._fit_later.timeout.connect(self._fit)

    def show_text(self, text: str) -> None:
        self._text = text
        self.document().setDefaultFont(font_for(TextRole.BODY))
        self.document().clear()  # else an empty line of the chapter before stays at the top
        if self.isRightToLeft() and _WRITTEN_LEFTWARDS.search(text):  # not a chapter that is in English still
            mirrored = _TABLE_ROW.sub(lambda row: f"|{'|'.join(reversed(row[1].split('|')))}|", text)
            said = _COMMENT.sub("\u2067\\g<0>\u2069", mirrored)
            self.setMarkdown(_CODE.sub(lambda found: isolate_ltr(found[0]), said))
            self._mirror()
        else:
            self.setMarkdown(text)

    def _mirror(self) -> None:
        """Let paragraphs and tables begin on the right, whatever letter is their first; code begins on the left."""
        block = self.document().begin()
        while block.isValid():
            one = QTextBlockFormat()
            if _WRITTEN_LEFTWARDS.search(block.text()) and not _is_code(block):
                one.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
            else:
                one.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
                if not _is_code(block):
                    one.setAlignment(Qt.AlignmentFlag.AlignRight)
            QTextCursor(block).mergeBlockFormat(one)
            block = block.next()
        for frame in self.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                table = frame.format()
                table.setAlignment(Qt.AlignmentFlag.AlignRight)
                table.setRightMargin(LARGE)  # Qt leaves out that of the page
                frame.setFormat(table)

    def loadResource(self, kind: int, name: QUrl | str) -> object:  # noqa: N802 - Qt's name
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return None
        file = (self._folder / QUrl(name).path()).resolve()
        if not file.is_relative_to(guide_folder().resolve()):
            return None
        picture = QImage(str(file))
        room = max(self.viewport().width() - 2 * LARGE - MEDIUM, 1)
        if picture.width() > room:
            picture = picture.scaledToWidth(room, Qt.TransformationMode.SmoothTransformation)
        return QPixmap.fromImage(picture)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._text and event.size().width() != event.oldSize().width():
            self._fit_later.start()

    def _fit(self) -> None:
        place = self.verticalScrollBar().value()
        self.show_text(self._text)
        self.verticalScrollBar().setValue(place)


class GuideWindow(QDialog):
    """Chapters on the leading side, the chosen one beside them."""

    def __init__(self, texts: Translator, commands: Sequence[Command[Any]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self.setObjectName("guide")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(texts.gettext("Guide"))
        self._stand_beside_work()
        self.manual = GuideChapters(guide_text(texts))
        self.chapters = LineList("guide_chapters", texts.gettext("Chapters"))
        self.page = _GuideChapterView(guide_file(texts.language).parent, texts.gettext("Guide"))
        self.keys = KeyboardOverview(texts, commands)
        self.wanted = with_name(LineField(), "guide_search", texts.gettext("Search the guide"))
        self.wanted.setPlaceholderText(texts.gettext("Search the guide"))
        self.found = with_name(Label(role=TextRole.CAPTION, is_muted=True), "guide_found")
        self._stack = Stack()
        self._stack.addWidget(self.page)
        self._stack.addWidget(self.keys)
        self._lay_out()
        titles = [ListLine(str(place), title) for place, (title, _) in enumerate(self.manual.chapters)]
        self.chapters.show_lines([*titles, ListLine(KEYBOARD, texts.gettext("Keyboard overview"))])
        self.chapters.picked.connect(self._show)
        self.wanted.textEdited.connect(self._find_typed)
        QShortcut(QKeySequence.StandardKey.Find, self, self.wanted.setFocus)

    def _lay_out(self) -> None:
        side = QVBoxLayout()
        side.setSpacing(SMALL)
        side.addWidget(self.wanted)
        side.addWidget(self.found)
        side.addWidget(self.chapters, 1)
        line = QHBoxLayout(self)
        line.setContentsMargins(MEDIUM, MEDIUM, MEDIUM, MEDIUM)
        line.setSpacing(MEDIUM)
        line.addLayout(side, 2)
        line.addWidget(self._stack, 5)

    def _stand_beside_work(self) -> None:
        """Take the trailing part of the screen, so that the work is seen beside the guide."""
        room = self.screen().availableGeometry()
        most = room.size() - EDGES
        wide = max(room.width() * _SHARE // 100, round(_LEAST_WIDTH * zoom()))
        self.resize(min(wide, most.width()), min(_HEIGHT, most.height()))
        end = room.left() + SMALL if self.isRightToLeft() else room.right() - self.width() - SMALL
        self.move(end, room.top() + (EDGES.height() // 2))

    def show_chapter(self, key: str) -> None:
        """Open the guide at a chapter: its place as text, or "keyboard"."""
        self.chapters.choose(key)
        self._show(key)
        self.show()
        self.raise_()
        self.activateWindow()
        self.chapters.setFocus()

    def _show(self, key: str) -> None:
        if key == KEYBOARD:
            self._stack.setCurrentWidget(self.keys)
        elif key:
            self._stack.setCurrentWidget(self.page)
            self.page.show_text(self.manual.chapters[int(key)][1])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if keys.is_enter(event) and self.wanted.hasFocus():
            self._find()
        else:
            super().keyPressEvent(event)

    def _find_typed(self) -> None:
        """Search on from the beginning of what was found for the letters before."""
        cursor = self.page.textCursor()
        cursor.setPosition(cursor.selectionStart())
        self.page.setTextCursor(cursor)
        self._tell("")
        self._find()

    def _find(self) -> None:
        """Go to the next place of what is sought, over all chapters, from where one is."""
        wanted = self.wanted.text().strip()
        if not wanted:
            return
        if self._stack.currentWidget() is self.page and self.page.find(wanted):
            self._tell("")
            return
        here = self.chapters.current_key
        start = int(here) + 1 if here.isdecimal() else 0
        count = len(self.manual.chapters)
        for step in range(count):
            place = (start + step) % count
            if wanted.casefold() in self.manual.chapters[place][1].casefold():
                self.chapters.choose(str(place))
                self._show(str(place))
                self.page.moveCursor(QTextCursor.MoveOperation.Start)
                self.page.find(wanted)
                self._tell("")
                return
        self._tell(self._texts.gettext("The guide does not mention this. Try another word."))

    def _tell(self, sentence: str) -> None:
        self.found.setText(sentence)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event) and self.isVisible():
            self._show(self.chapters.current_key)
