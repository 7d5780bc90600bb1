"""In whose name answers are given: chosen at the top of the page, new agencies made in place."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from capacity_app.domain.assessment import Agency
from capacity_app.services.changes import EntryChange
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.quiet_button import QuietButton
from capacity_app.ui.look.text_fields import LineField
from capacity_app.ui.look.theme import LARGE, SMALL, Role, is_font_change
from capacity_app.ui.questionnaire import keys
from capacity_app.ui.wording import Wording

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

    def __init__(self, bridge: Bridge, wording: Wording) -> None:
        super().__init__()
        self._bridge, self._wording = bridge, wording
        texts = wording.texts
        self.label = Words(texts.gettext("Answers are given by"), Role.CAPTION, is_muted=True)
        self.box = QComboBox()
        self.box.setObjectName("respondent")
        self.box.setAccessibleName(texts.gettext("Agency in whose name answers are given"))
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(_LETTERS)
        self.name = _NameField()
        self.name.setObjectName("new_agency")
        self.name.setPlaceholderText(texts.gettext("Name of the new agency"))
        self.name.setAccessibleName(texts.gettext("Name of the new agency"))
        self.add = QPushButton(texts.gettext("Add"))
        self.panel_button = QuietButton(texts.gettext("About this question"), "F9")
        self.panel_button.setObjectName("open_panel")
        self.panel_button.hide()
        self.layout_line = QHBoxLayout(self)
        self.layout_line.setContentsMargins(LARGE, SMALL, LARGE, SMALL)
        for part in (self.label, self.box, self.name, self.add):
            self.layout_line.addWidget(part)
        self.layout_line.addStretch(1)
        self.layout_line.addWidget(self.panel_button)
        self._limit()
        self.name.hide()
        self.add.hide()
        self.box.activated.connect(self._chosen)
        self.name.committed.connect(self._add)
        self.add.clicked.connect(self._add)
        bridge.changed.connect(self._follow)
        bridge.respondent_changed.connect(lambda _agency: self.refresh())
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
        texts = self._wording.texts
        self.box.clear()
        agencies = [entry for entry in self._bridge.session.entries("agencies") if isinstance(entry, Agency)]
        if not agencies or not self._bridge.respondent:
            self.box.addItem(self._wording.agency(""), "")
        for agency in agencies:
            self.box.addItem(agency.name or agency.short or agency.id, agency.id)
        self.box.addItem(texts.gettext("New agency…"), _NEW)
        self.box.setCurrentIndex(max(0, self.box.findData(self._bridge.respondent)))

    def _follow(self, change: object) -> None:
        if isinstance(change, EntryChange) and change.register == "agencies":
            if change.after is None and change.entry_id == self._bridge.respondent:
                left = self._bridge.session.entries("agencies")
                self._bridge.respondent = left[0].id if left else ""
            self.refresh()

    def _chosen(self, place: int) -> None:
        agency = self.box.itemData(place)
        if agency == _NEW:
            self.box.setCurrentIndex(max(0, self.box.findData(self._bridge.respondent)))
            self.ask_new()
        else:
            self._ask(is_asking=False)
            self._bridge.respondent = agency

    def ask_new(self) -> None:
        """Ask for the name of a new agency."""
        self._ask(is_asking=True)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask(self, *, is_asking: bool) -> None:
        self.name.setVisible(is_asking)
        self.add.setVisible(is_asking)

    def _add(self) -> None:
        name = self.name.text().strip()
        if not name:
            return
        agency = Agency(id=self._bridge.session.new_id("agencies"), name=name)
        if self._bridge.put(agency):
            self.name.clear()
            self._ask(is_asking=False)
            self._bridge.respondent = agency.id
            self.box.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.name.isVisible():
            self._ask(is_asking=False)
            self.box.setFocus()
        else:
            event.ignore()
