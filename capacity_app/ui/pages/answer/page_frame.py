"""The frame of the questionnaire page: three panes, the respondent bar, the box that jumps to a question."""

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.registers import Agency
from capacity_app.domain.questionnaire.search import printed_numbers
from capacity_app.services.session.revision_log import EntryChange
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, RADIUS, SMALL, TextRole, is_font_change
from capacity_app.ui.theme.painting import paint_rounded
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets import keys
from capacity_app.ui.widgets.buttons import FlatButton
from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.layouts import lay_out, with_name
from capacity_app.ui.widgets.text_fields import LineField, best_number_matches

# Tree, questions and panel side by side; where the window is too narrow for three, the panel lies over the rest.


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
        self._column = lay_out(QVBoxLayout(self), panel, margins=0)

    def overlay(self, page: QWidget) -> None:
        """Lie over a page instead of beside it."""
        self.is_floating = True
        self.setParent(page)
        self._column.setContentsMargins(_EDGE, 0, _EDGE, 0)

    def dock(self) -> None:
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


class ThreePanes(QWidget):
    """The three parts of the questionnaire. ``panel_moved`` tells that the panel has come or gone."""

    panel_moved = Signal()

    def __init__(self, tree: QWidget, questions: QWidget, panel: QWidget) -> None:
        super().__init__()
        self.panel = panel
        self._tree, self._wants_panel = tree, True
        self._holder = _Holder(panel)
        self.splitter = with_name(QSplitter(Qt.Orientation.Horizontal), "questionnaire_splitter")
        for part in (tree, questions, self._holder):
            self.splitter.addWidget(part)
        self.splitter.setCollapsible(1, False)
        self.splitter.setStretchFactor(0, 0)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setStretchFactor(2, 0)
        lay_out(QVBoxLayout(self), self.splitter, margins=0)
        self._questions = questions
        self._set_least()
        self._share()

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
            self._holder.overlay(self)
            self._holder.setVisible(is_used)
            self._share()
            self.panel_moved.emit()
        elif not is_narrow and self._holder.is_floating:
            self._holder.dock()
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
        self.panel_button = with_name(FlatButton(texts.gettext("About this question"), "F9"), "open_panel")
        self.panel_button.hide()
        self.layout_line = lay_out(QHBoxLayout(self), margins=(LARGE, SMALL, LARGE, SMALL))
        for part in (self.label, self.box, self.name, self.add):
            self.layout_line.addWidget(part)
        lay_out(self.layout_line, 1, self.panel_button)
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
        if is_font_change(event) and hasattr(self, "panel_button"):
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
