"""Tree, questions and panel side by side; where the window is too narrow for three, the panel lies over the rest."""

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QSplitter, QVBoxLayout, QWidget

from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.theme import is_font_change

_TREE, _QUESTIONS, _PANEL = 33, 66, 44
"""How wide the three are at first, in average letters; the questions get what is left, at least this."""
_NARROW_TREE, _LEAST_TREE = 24, 14
_LEAST_QUESTIONS = 26
_MOST_OF_WIDTH = 0.86
_EDGE = 2
"""The edge of a panel that lies over the questions, in pixels."""


class _Holder(QFrame):
    """Holds the panel; over the questions it has a ground and an edge of its own."""

    def __init__(self, panel: QWidget) -> None:
        super().__init__()
        self.is_floating = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(panel)

    def float_over(self, page: QWidget) -> None:
        """Lie over a page instead of beside it."""
        self.is_floating = True
        self.setParent(page)
        self._column.setContentsMargins(_EDGE, 0, _EDGE, 0)

    def stand_beside(self) -> None:
        self.is_floating = False
        self._column.setContentsMargins(0, 0, 0, 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self.is_floating:
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours().canvas))
        edge = QRect(0, 0, _EDGE, self.height())
        painter.fillRect(self.style().visualRect(self.layoutDirection(), self.rect(), edge), QColor(colours().accent))
        painter.end()


class Panes(QWidget):
    """The three parts of the questionnaire. ``panel_moved`` tells that the panel has come or gone."""

    panel_moved = Signal()

    def __init__(self, tree: QWidget, questions: QWidget, panel: QWidget) -> None:
        super().__init__()
        self.panel = panel
        self._tree, self._wants_panel = tree, True
        self._holder = _Holder(panel)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setObjectName("questionnaire_splitter")
        for part in (tree, questions, self._holder):
            self.splitter.addWidget(part)
        self.splitter.setCollapsible(1, False)
        self.splitter.setStretchFactor(0, 0)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setStretchFactor(2, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)
        self._questions = questions
        self._set_least()
        self._share()

    # -- room -----------------------------------------------------------------------------------------------------

    def _letter(self) -> int:
        return self.fontMetrics().averageCharWidth()

    def _set_least(self) -> None:
        self._tree.setMinimumWidth(self._letter() * _LEAST_TREE)
        self._questions.setMinimumWidth(self._letter() * _LEAST_QUESTIONS)

    def _share(self) -> None:
        tree = _NARROW_TREE if self.is_narrow else _TREE
        self.splitter.setSizes([self._letter() * part for part in (tree, _QUESTIONS * 2, _PANEL)])

    @property
    def is_narrow(self) -> bool:
        return self._holder.is_floating

    def _fit(self) -> None:
        """Take the panel out of the line or put it back, as the width asks."""
        is_narrow = self.width() < (_TREE + _QUESTIONS + _PANEL) * self._letter()
        if is_narrow and not self._holder.is_floating:
            is_used = self.panel.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
            self._holder.float_over(self)
            self._holder.setVisible(is_used)
            self._share()
            self.panel_moved.emit()
        elif not is_narrow and self._holder.is_floating:
            self._holder.stand_beside()
            self.splitter.insertWidget(2, self._holder)
            self.splitter.setStretchFactor(2, 0)
            self._holder.setVisible(self._wants_panel)
            self._share()
            self.panel_moved.emit()
        if self._holder.is_floating:
            self._place()

    def _place(self) -> None:
        width = min(self._letter() * _PANEL, round(self.width() * _MOST_OF_WIDTH))
        spot = QRect(self.width() - width, 0, width, self.height())
        self._holder.setGeometry(self.style().visualRect(self.layoutDirection(), self.rect(), spot))

    # -- the panel ------------------------------------------------------------------------------------------------

    @property
    def is_panel_shown(self) -> bool:
        return not self._holder.isHidden()

    def show_panel(self, *, is_shown: bool) -> None:
        if not self._holder.is_floating:
            self._wants_panel = is_shown
        self._holder.setVisible(is_shown)
        if self._holder.is_floating and is_shown:
            self._place()
            self._holder.raise_()
        self.panel_moved.emit()

    def leave_panel(self) -> None:
        """Put a panel that lies over the questions away: one has gone back to them."""
        if self._holder.is_floating and self.is_panel_shown:
            self.show_panel(is_shown=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event) and hasattr(self, "splitter"):
            self._set_least()
            self._fit()
