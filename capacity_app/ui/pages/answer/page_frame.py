"""The frame of the questionnaire page: three panes, the respondent bar, the box that jumps to a question."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.registers import Agency
from capacity_app.domain.questionnaire.search import printed_numbers
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.revision_log import EntryChange
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, RADIUS, SMALL, TARGET, TextRole, is_font_change
from capacity_app.ui.theme.painting import paint_chevron, paint_rounded
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets import keys
from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.layouts import lay_out, with_name
from capacity_app.ui.widgets.text_fields import LineField, best_number_matches

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
        return QSize(max(16, round(self.fontMetrics().height() * 0.9)), 3 * TARGET)

    def paintEvent(self, _event: QPaintEvent) -> None:
        shades, painter = colours(), QPainter(self)
        high = 3 * self.width()
        grip = QRectF(2, (self.height() - high) / 2, self.width() - 4, high)
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

    def overlay(self, page: QWidget) -> None:
        """Lie over a page instead of beside it, closed unless it has the focus."""
        is_used = self.has_focus()
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
        painter.fillRect(self.rect(), QColor(colours().canvas))
        edge = QRect(self.width() - _EDGE if self.is_leading else 0, 0, _EDGE, self.height())
        painter.fillRect(self.style().visualRect(self.layoutDirection(), self.rect(), edge), QColor(colours().accent))
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
            for side in self.sides:
                if is_narrow:
                    side.overlay(self)
                else:
                    side.dock(self.splitter)
            self._share()
        for side in self.sides:
            self._place(side)

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


_NEW = "+"
_LETTERS, _LEAST_LETTERS = 24, 9
"""How wide the box is, and how narrow it may get, in letters."""


class _NameField(LineField):
    committed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if keys.is_enter(event):
            self.committed.emit()
        else:
            super().keyPressEvent(event)


class RespondentBar(QWidget):
    """The picker of the answering agency."""

    def __init__(self, controller: SessionController, wording: SessionFormatter) -> None:
        super().__init__()
        self._controller, self._wording = controller, wording
        texts = wording.texts
        self.label = Label(texts.gettext("Answers are given by"), TextRole.CAPTION, is_muted=True)
        self.box = with_name(QComboBox(), "respondent", texts.gettext("Agency in whose name answers are given"))
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(_LETTERS)
        self.name = _NameField()
        self.name.setObjectName("new_agency")
        self.name.setPlaceholderText(texts.gettext("Name of the new agency"))
        self.name.setAccessibleName(texts.gettext("Name of the new agency"))
        self.add = QPushButton(texts.gettext("Add"))
        self.layout_line = lay_out(QHBoxLayout(self), margins=(LARGE, SMALL, LARGE, SMALL))
        for part in (self.label, self.box, self.name, self.add):
            self.layout_line.addWidget(part)
        self.layout_line.addStretch(1)
        self._limit()
        self.name.hide()
        self.add.hide()
        self.box.activated.connect(self._chosen)
        self.name.committed.connect(self._add)
        self.add.clicked.connect(self._add)
        controller.changed.connect(self._follow)
        controller.respondent_changed.connect(lambda _agency: self.refresh())
        self.refresh()

    def _limit(self) -> None:
        """Let the label break and the boxes shrink where the window is narrow and the text large."""
        letter = self.fontMetrics().averageCharWidth()
        for part in (self.box, self.name):
            part.setMinimumWidth(letter * _LEAST_LETTERS)
        full = QFontMetrics(self.label.font()).horizontalAdvance(self.label.text()) + 2
        has_room = self.width() > full + letter * (_LETTERS + 3 * _LEAST_LETTERS)
        longest_word = self.label.minimumSizeHint().width()
        self.label.setMinimumWidth(full if has_room else min(full, max(letter * _LEAST_LETTERS, longest_word)))
        self.label.setMaximumWidth(full)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._limit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event) and hasattr(self, "layout_line"):
            self._limit()

    def refresh(self) -> None:
        self.box.clear()
        agencies = [entry for entry in self._controller.session.entries("agencies") if isinstance(entry, Agency)]
        if not agencies or not self._controller.respondent:
            self.box.addItem(self._wording.agency(""), "")
        for agency in agencies:
            self.box.addItem(agency.name or agency.short or agency.id, agency.id)
        self.box.addItem(self._wording.texts.gettext("New agency…"), _NEW)
        self.box.setCurrentIndex(max(0, self.box.findData(self._controller.respondent)))

    def _follow(self, change: object) -> None:
        if isinstance(change, EntryChange) and change.register == "agencies":
            if change.after is None and change.entry_id == self._controller.respondent:
                left = self._controller.session.entries("agencies")
                self._controller.respondent = left[0].id if left else ""
            self.refresh()

    def _chosen(self, place: int) -> None:
        agency = self.box.itemData(place)
        if agency == _NEW:
            self.box.setCurrentIndex(max(0, self.box.findData(self._controller.respondent)))
            self.ask_new()
        else:
            self._ask(is_asking=False)
            self._controller.respondent = agency

    def ask_new(self) -> None:
        self._ask(is_asking=True)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask(self, *, is_asking: bool) -> None:
        self.name.setVisible(is_asking)
        self.add.setVisible(is_asking)

    def _add(self) -> None:
        name = self.name.text().strip()
        if not name:
            return
        agency = Agency(id=self._controller.session.new_id("agencies"), name=name)
        if self._controller.put(agency):
            self.name.clear()
            self._ask(is_asking=False)
            self._controller.respondent = agency.id
            self.box.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.name.isVisible():
            self._ask(is_asking=False)
            self.box.setFocus()
        else:
            event.ignore()


# Going to a question by its printed number: type "iv1g", press Enter.


_SHOWN = 8


class JumpBox(QFrame):
    """A small box over the page with a field and the numbers that begin as typed. ``chosen`` carries an address."""

    chosen = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget, wording: SessionFormatter) -> None:
        super().__init__(parent)
        self._over = parent
        self._wording = wording
        self._numbers = [(str(place), number) for number, place in printed_numbers(wording.session.instrument)]
        texts = wording.texts
        self.setObjectName("jump_box")
        self.field = LineField()
        self.field.setAccessibleName(texts.gettext("Go to the question with this number"))
        self.field.setPlaceholderText(texts.gettext("Number, such as IV.1 G"))
        self.found = QListWidget()
        self.found.setAccessibleName(texts.gettext("Questions with this number"))
        self.found.setFrameShape(QFrame.Shape.NoFrame)
        self.found.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.found.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.found.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.found.itemClicked.connect(lambda _item: self._choose())
        self.nothing = Label(texts.gettext("No question has this number."), TextRole.CAPTION, is_muted=True)
        layout = lay_out(QVBoxLayout(self), margins=MEDIUM, spacing=SMALL)
        lay_out(layout, Label(texts.gettext("Go to number"), TextRole.CAPTION, is_muted=True), self.field)
        lay_out(layout, self.found, self.nothing)
        self.field.textEdited.connect(self._offer)
        self.field.left.connect(self._leave)
        self.hide()

    def open(self) -> None:
        self.field.clear()
        self._offer("")
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _place(self) -> None:
        width = min(self.fontMetrics().averageCharWidth() * 64, self._over.width() - 2 * MEDIUM)
        high = self.heightForWidth(width) if self.hasHeightForWidth() else self.sizeHint().height()
        self.setGeometry((self._over.width() - width) // 2, self._over.height() // 8, width, high)

    def _offer(self, typed: str) -> None:
        best = best_number_matches(self._numbers, typed)
        self.found.clear()
        for address, number in best[:_SHOWN]:
            item = QListWidgetItem(f"{number}   {self._label(Address.parse(address))}")
            item.setData(Qt.ItemDataRole.UserRole, address)
            self.found.addItem(item)
        self.found.setCurrentRow(0)
        line = self.found.sizeHintForRow(0) if best else 0
        self.found.setFixedHeight(line * min(len(best), _SHOWN) + 4)
        self.found.setVisible(bool(best))
        self.nothing.setVisible(bool(typed.strip()) and not best)
        self._place()

    def _label(self, address: Address) -> str:
        question = self._wording.session.instrument.question_by_id[address.question]
        row = question.row_by_id.get(address.row)
        return self._wording.row(question, row) if row else self._wording.question(question)

    def _choose(self) -> None:
        item = self.found.currentItem()
        if item is not None:
            address = Address.parse(item.data(Qt.ItemDataRole.UserRole))
            self.chosen.emit(address)  # first: hiding would hand the focus to anybody
            self.hide()

    def _leave(self) -> None:
        if self.isVisible() and not self.found.underMouse():
            self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self.found.setCurrentRow(min(max(self.found.currentRow() + step, 0), self.found.count() - 1))
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._choose()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            self.hide()
        else:
            event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_rounded(
            painter, QRectF(self.rect()), fill=colours().surface, edge=colours().accent, width=2, corner=RADIUS
        )
        painter.end()
