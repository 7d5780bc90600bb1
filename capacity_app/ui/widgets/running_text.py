"""Running text that can be copied: it wraps anywhere, marks changes, and lets terms be opened.

Nothing in it is read as markup: the text goes into the document as text, its marks as formats. A label would need
markup for any of that, and cuts off what has no space in it, such as a link.
"""

from collections.abc import Iterable
from enum import StrEnum
from math import ceil

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QUrl, Signal
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
from capacity_app.ui.theme.fonts_and_sizes import TextRole, font_for, is_font_change
from capacity_app.ui.theme.painting import paint_focus
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets import keys

_NARROWEST = 60
_LINKS = Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
_BY_TAB = {Qt.FocusReason.TabFocusReason: True, Qt.FocusReason.BacktabFocusReason: False}


class TextRunTone(StrEnum):
    """How a run of text is set."""

    PLAIN = "plain"
    TERM = "term"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class TextRun:
    """Some text in one tone; a term carries the ``key`` that is told when it is opened."""

    text: str
    tone: TextRunTone = TextRunTone.PLAIN
    key: str = ""


def _format_of(run: TextRun, ink: str) -> QTextCharFormat:
    shades, made = colours(), QTextCharFormat()
    made.setForeground(QColor(ink))
    if run.tone is TextRunTone.TERM:
        made.setAnchor(True)
        made.setAnchorHref(run.key)
        made.setForeground(QColor(shades.accent))
        made.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
    elif run.tone is TextRunTone.REMOVED:
        made.setFontStrikeOut(True)
        made.setForeground(QColor(shades.danger))
        made.setBackground(QColor(shades.danger_tint))
    elif run.tone is TextRunTone.ADDED:
        made.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        made.setForeground(QColor(shades.good))
        made.setBackground(QColor(shades.good_tint))
    return made


class RunningText(QTextBrowser):
    """Text as high as it needs to be. ``opened`` carries the key of a term clicked or entered."""

    opened = Signal(str)

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
        self.anchorClicked.connect(lambda url: self.opened.emit(url.toString()))
        self._set_up()

    def _set_up(self) -> None:
        flags = Qt.TextInteractionFlag.TextSelectableByMouse
        has_terms = any(run.tone is TextRunTone.TERM for run in self._runs)
        self.setTextInteractionFlags(flags | _LINKS if has_terms else flags)
        # Only a text that takes the focus is read out, and of it the name alone.
        self.setAccessibleName(": ".join(part for part in (self._name, self.text()) if part))
        is_stop = has_terms or QAccessible.isActive()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_stop else Qt.FocusPolicy.NoFocus)
        self._write()

    def show_text(self, text: str) -> None:
        self.show_runs((TextRun(text),) if text else ())

    def show_runs(self, runs: Iterable[TextRun]) -> None:
        fresh = tuple(runs)
        if fresh != self._runs:
            self._runs = fresh
            self._set_up()

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

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in _BY_TAB and self.textInteractionFlags() & _LINKS:
            self.focusNextPrevChild(_BY_TAB[event.reason()])

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        cursor = self.textCursor()
        if not self.hasFocus() or not cursor.charFormat().isAnchor():
            return
        painter = QPainter(self.viewport())
        for part in self._parts(cursor):
            paint_focus(painter, part)
        painter.end()

    def _parts(self, cursor: QTextCursor) -> list[QRect]:
        """Return where the chosen text stands, one rectangle for each line it is on."""
        lines: dict[int, QRect] = {}
        for at in range(cursor.selectionStart(), cursor.selectionEnd() + 1):
            letter = QTextCursor(self.document())
            letter.setPosition(at)
            spot = self.cursorRect(letter)
            lines[spot.y()] = lines.get(spot.y(), spot).united(spot)
        return [spot.adjusted(-2, 0, 2, 0) for spot in lines.values() if spot.width() > 1]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            href = self.textCursor().charFormat().anchorHref()
            if href:
                self.opened.emit(href)
        elif keys.is_enter(event) or event.matches(QKeySequence.StandardKey.Copy):
            super().keyPressEvent(event)
        else:
            event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def plain_running_text(
    text: str, role: TextRole = TextRole.BODY, *, is_muted: bool = False, name: str = ""
) -> RunningText:
    """Make a passage of plain text."""
    made = RunningText(name, role, is_muted=is_muted)
    made.show_text(text)
    return made
