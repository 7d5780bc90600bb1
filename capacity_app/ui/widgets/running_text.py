"""Running text that can be copied: it wraps anywhere and marks changes.

Nothing in it is read as markup: the text goes into the document as text, its marks as formats. A label would need
markup for any of that, and cuts off what has no space in it, such as a link.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from math import ceil

from PySide6.QtCore import QEvent, QSize, Qt, QUrl
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QFocusEvent,
    QFont,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.text_diff import WordDiffKind, compare_words
from capacity_app.ui.theme.fonts_and_sizes import TextRole, font_for, is_font_change
from capacity_app.ui.theme.painting import paint_focus
from capacity_app.ui.theme.palette import colours

_NARROWEST = 60


class TextRunTone(StrEnum):
    """How a run of text is set."""

    PLAIN = "plain"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class TextRun:
    """Some text in one tone."""

    text: str
    tone: TextRunTone = TextRunTone.PLAIN


def diff_runs(before: str, after: str) -> Iterator[TextRun]:
    """Yield two versions of a text as one, with what was taken out and what was put in."""
    tones = {WordDiffKind.KEPT: TextRunTone.PLAIN, WordDiffKind.REMOVED: TextRunTone.REMOVED}
    for piece in compare_words(before, after):
        yield TextRun(piece.text, tones.get(piece.kind, TextRunTone.ADDED))


def _format_of(run: TextRun, ink: str) -> QTextCharFormat:
    shades, made = colours(), QTextCharFormat()
    made.setForeground(QColor(ink))
    if run.tone is TextRunTone.REMOVED:
        made.setFontStrikeOut(True)
        made.setForeground(QColor(shades.danger))
        made.setBackground(QColor(shades.danger_tint))
    elif run.tone is TextRunTone.ADDED:
        made.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        made.setForeground(QColor(shades.good))
        made.setBackground(QColor(shades.good_tint))
    return made


class RunningText(QTextBrowser):
    """Text as high as it needs to be."""

    def __init__(self, name: str = "", role: TextRole = TextRole.BODY, *, is_muted: bool = False) -> None:
        self._runs: tuple[TextRun, ...] = ()
        self._role, self._is_muted = role, is_muted
        self._heights: dict[int, int] = {}
        super().__init__()
        self._name = name
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setAcceptDrops(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(0)
        self.document().setUndoRedoEnabled(False)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._set_up()

    def _set_up(self) -> None:
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        # Only a text that takes the focus is read out, and of it the name alone.
        self.setAccessibleName(": ".join(part for part in (self._name, self.text()) if part))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if QAccessible.isActive() else Qt.FocusPolicy.NoFocus)
        self._write()

    def show_text(self, text: str) -> None:
        self.show_runs((TextRun(text),) if text else ())

    def show_runs(self, runs: Iterable[TextRun]) -> None:
        fresh = tuple(runs)
        if fresh != self._runs:
            self._runs = fresh
            self._set_up()

    def show_versions(self, label: str, before: str, after: str) -> None:
        """Show what has changed in a text, word by word; a screen reader hears both versions."""
        self.show_runs((TextRun(f"{label}: "), *diff_runs(before, after)))
        self.setAccessibleName(f"{label}: {before} → {after}")

    def text(self) -> str:
        return "".join(run.text for run in self._runs)

    def _write(self) -> None:
        """Set the text with the present font, colours and direction."""
        ink = colours().muted if self._is_muted else colours().text
        document = self.document()
        document.setDefaultFont(QFont(font_for(self._role)))
        option = document.defaultTextOption()
        side = Qt.AlignmentFlag.AlignRight if self.isRightToLeft() else Qt.AlignmentFlag.AlignLeft
        option.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute)
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        document.setDefaultTextOption(option)
        document.clear()
        cursor = QTextCursor(document)
        for run in self._runs:
            cursor.insertText(run.text, _format_of(run, ink))
        self._heights.clear()
        self.updateGeometry()

    def loadResource(self, _kind: int, _name: QUrl | str) -> object:  # noqa: N802 - Qt's name
        return None

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            measured: QTextDocument = self.document().clone()
            measured.setTextWidth(max(width, _NARROWEST))
            self._heights[width] = ceil(measured.size().height())
        return self._heights[width]

    def sizeHint(self) -> QSize:
        width = self.width() if self.isVisible() else 240
        return QSize(240, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROWEST, self.fontMetrics().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        kinds = {QEvent.Type.PaletteChange, QEvent.Type.LayoutDirectionChange}
        if event.type() in kinds or is_font_change(event):
            self._write()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            super().keyPressEvent(event)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self.viewport())
            paint_focus(painter, self.viewport().rect())
            painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def plain_running_text(
    text: str, role: TextRole = TextRole.BODY, *, is_muted: bool = False, name: str = ""
) -> RunningText:
    """Make a passage of plain text."""
    made = RunningText(name, role, is_muted=is_muted)
    made.show_text(text)
    return made
