"""The frame of the questionnaire page: parts, questions and help, side by side or over each other."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from capacity_app.i18n.translator import Translator
from capacity_app.ui.theme.fonts_and_sizes import TARGET, is_font_change
from capacity_app.ui.theme.painting import paint_area, paint_chevron, paint_rounded
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets.layouts import lay_out, with_name

# Tree, questions and panel side by side; where the window is too narrow for three, tree and panel lie over the rest.


TREE_KEY = "Ctrl+\\"
_TREE, _QUESTIONS, _PANEL = 33, 66, 44
"""How wide the three are at first, in average letters; the questions get what is left, at least this."""
_OVERLAY = 44
"""How wide a pane over the questions is, in average letters."""
_LEAST_TREE = 14
_LEAST_QUESTIONS = 26
_WIDE_WINDOW = 1500
"""The width of the window from which all three stand side by side, in pixels."""
_MOST_OF_WIDTH = 0.86
_HANDLE = 24
"""How wide a handle is at least, in pixels, to be hit."""
_EDGE = 2
"""The edge of a pane that lies over the questions, in pixels."""


class PaneHandle(QAbstractButton):
    """A strip at the edge of the page that folds a pane away and brings it back."""

    def __init__(self, label: str, key: str, *, is_leading: bool) -> None:
        super().__init__()
        self._is_leading, self.is_open = is_leading, False
        self.setAccessibleName(label)
        self.setToolTip(f"{label} ({key})")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def show_open(self, *, is_open: bool) -> None:
        """Point to where the pane goes: away while it is open."""
        self.is_open = is_open
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(max(_HANDLE, round(self.fontMetrics().height() * 0.9)), 3 * TARGET)

    def paintEvent(self, _event: QPaintEvent) -> None:
        shades, painter = colours(), QPainter(self)
        wide = 0.6 * self.width()
        grip = QRectF((self.width() - wide) / 2, (self.height() - 4 * wide) / 2, wide, 4 * wide)
        fill = shades.hover if self.underMouse() else shades.surface
        paint_rounded(painter, grip, fill=fill, edge=shades.edge)
        is_to_the_left = (self._is_leading == self.is_open) != self.isRightToLeft()
        painter.translate(grip.center())
        painter.rotate(90 if is_to_the_left else -90)
        paint_chevron(painter, QPointF(0, 0), shades.text)
        painter.end()


class SidePane(QFrame):
    """A pane beside the questions, or over them with a ground and an edge of its own."""

    def __init__(self, content: QWidget, handle: PaneHandle, *, letters: int, is_leading: bool) -> None:
        super().__init__()
        self.content, self.handle, self.letters, self.is_leading = content, handle, letters, is_leading
        self.is_floating, self.is_wanted = False, True
        self._column = lay_out(QVBoxLayout(self), content, margins=0)

    @property
    def is_shown(self) -> bool:
        return not self.isHidden()

    def overlay(self, page: QWidget, *, is_used: bool) -> None:
        """Lie over a page instead of beside it, closed unless somebody is at work in it."""
        self.is_floating = True
        self.setParent(page)
        self._column.setContentsMargins(_EDGE, 0, _EDGE, 0)
        self.show_pane(is_shown=is_used)

    def dock(self, splitter: QSplitter) -> None:
        self.is_floating = False
        self._column.setContentsMargins(0, 0, 0, 0)
        splitter.insertWidget(0 if self.is_leading else splitter.count(), self)
        self.show_pane(is_shown=self.is_wanted)

    def show_pane(self, *, is_shown: bool) -> None:
        self.setVisible(is_shown)
        self.handle.show_open(is_open=is_shown)
        if is_shown and self.is_floating:
            self.raise_()

    def has_focus(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self.is_floating:
            return
        painter = QPainter(self)
        paint_area(painter, self.rect(), colours().canvas)
        edge = QRect(self.width() - _EDGE if self.is_leading else 0, 0, _EDGE, self.height())
        paint_area(painter, self.style().visualRect(self.layoutDirection(), self.rect(), edge), colours().accent)
        painter.end()


class ThreePanes(QWidget):
    """The three parts of the questionnaire. ``folded`` tells that a person has folded or unfolded a pane."""

    folded = Signal()

    def __init__(self, tree: QWidget, questions: QWidget, panel: QWidget, texts: Translator) -> None:
        super().__init__()
        say = texts.gettext
        tree_handle = with_name(PaneHandle(say("Show or hide the parts"), TREE_KEY, is_leading=True), "tree_handle")
        panel_handle = with_name(PaneHandle(say("Show or hide the help"), "F9", is_leading=False), "panel_handle")
        self.tree = SidePane(tree, tree_handle, letters=_TREE, is_leading=True)
        self.panel = SidePane(panel, panel_handle, letters=_PANEL, is_leading=False)
        self.splitter = with_name(QSplitter(Qt.Orientation.Horizontal), "questionnaire_splitter")
        for part in (self.tree, questions, self.panel):
            self.splitter.addWidget(part)
        self.splitter.setChildrenCollapsible(False)
        lay_out(QHBoxLayout(self), tree_handle, (self.splitter, 1), panel_handle, margins=0, spacing=0)
        self._questions = questions
        self._set_least()
        self._share()
        for side in self.sides:
            side.show_pane(is_shown=True)

    @property
    def sides(self) -> tuple[SidePane, SidePane]:
        return self.tree, self.panel

    def _letter(self) -> int:
        return self.fontMetrics().averageCharWidth()

    def _set_least(self) -> None:
        self.tree.content.setMinimumWidth(self._letter() * _LEAST_TREE)
        self._questions.setMinimumWidth(self._letter() * _LEAST_QUESTIONS)

    def _share(self) -> None:
        """Give the sides their width, the rest to the questions."""
        parts = [self.splitter.widget(place) for place in range(self.splitter.count())]
        widths = [part.letters if isinstance(part, SidePane) else _QUESTIONS * 2 for part in parts]
        self.splitter.setSizes([self._letter() * width for width in widths])
        for place, part in enumerate(parts):
            self.splitter.setStretchFactor(place, int(part is self._questions))

    @property
    def is_narrow(self) -> bool:
        """Return whether tree and panel lie over the questions."""
        return self.panel.is_floating

    def _fit(self) -> None:
        """Take tree and panel out of the line or put them back, as the width asks."""
        wanted = (_TREE + _QUESTIONS + _PANEL) * self._letter()
        is_narrow = self.window().width() < _WIDE_WINDOW or self.width() < wanted
        if is_narrow != self.is_narrow:
            self._arrange(is_narrow=is_narrow)
            self._share()
        for side in self.sides:
            self._place(side)

    def _arrange(self, *, is_narrow: bool) -> None:
        """Put the sides over the questions or beside them; Qt takes the focus from what gets another parent."""
        focused = self.window().focusWidget()
        for side in self.sides:
            if is_narrow:
                side.overlay(self, is_used=focused is not None and side.isAncestorOf(focused))
            else:
                side.dock(self.splitter)
        if focused is not None and self.isAncestorOf(focused):
            focused.setFocus(Qt.FocusReason.OtherFocusReason)

    def _place(self, side: SidePane) -> None:
        if not side.is_floating:
            return
        room, spot = self.width(), side.handle.width()
        width = min(self._letter() * _OVERLAY, round(room * _MOST_OF_WIDTH))
        area = QRect(spot if side.is_leading else room - spot - width, 0, width, self.height())
        side.setGeometry(self.style().visualRect(self.layoutDirection(), self.rect(), area))

    def show_side(self, side: SidePane, *, is_shown: bool) -> None:
        """Show or hide a side; over the questions one alone is open."""
        if is_shown and side.is_floating:
            self.leave_sides()
        self._place(side)
        side.show_pane(is_shown=is_shown)

    def fold(self, side: SidePane) -> None:
        """Fold or unfold a side because somebody wants it so; beside the questions, this is remembered."""
        self.show_side(side, is_shown=not side.is_shown)
        if not side.is_floating:
            side.is_wanted = side.is_shown
            self.folded.emit()

    def leave_sides(self, focused: QWidget | None = None) -> None:
        """Close what lies over the questions; for a widget that takes the focus, what lies in its way."""
        for side in self.sides:
            if side.is_floating and side.is_shown and (focused is None or self._is_in_the_way(side, focused)):
                side.show_pane(is_shown=False)

    def _is_in_the_way(self, side: SidePane, focused: QWidget) -> bool:
        if side.isAncestorOf(focused) or not self.isAncestorOf(focused):
            return False
        area = QRect(focused.mapTo(self, QPoint(0, 0)), focused.size())
        return side is self.tree or area.intersects(side.geometry())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event) and hasattr(self, "panel"):
            self._set_least()
            self._fit()
