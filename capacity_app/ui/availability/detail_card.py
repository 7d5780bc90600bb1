"""The card beside a map: the current tile in words and with ways to its answer and to its source."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QSplitter, QVBoxLayout, QWidget

from capacity_app.texts import Texts
from capacity_app.ui.availability.details import Detail
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, Role

_WIDE = 120
"""Letters of width from which a map has its words beside it, not below."""
_LEAST_LINES = 12
_BESIDE = 38
"""Letters of width of the words beside a map."""


class DetailCard(Card):
    """Shows a detail. ``wanted`` carries the address of its answer, ``entry_wanted`` the id of its source."""

    wanted = Signal(object)
    entry_wanted = Signal(str)

    def __init__(self, texts: Texts, name: str) -> None:
        super().__init__(margin=LARGE)
        self.detail = Detail()
        self.setObjectName(name)
        self.title, self.lead = Words(role=Role.QUESTION), Words()
        self.go = self._button(texts.gettext("Go to the answer"), f"{name}_go")
        self.go.clicked.connect(lambda _checked: self.wanted.emit(self.detail.address))
        self.open = self._button(texts.gettext("Open the source"), f"{name}_open")
        self.open.clicked.connect(lambda _checked: self.entry_wanted.emit(self.detail.source))
        self._facts: list[tuple[Words, Words]] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        buttons = Flow(SMALL)
        buttons.place(self.go)
        buttons.place(self.open)
        self.body.setSpacing(MEDIUM)
        self.body.addWidget(self.title)
        self.body.addWidget(self.lead)
        self.body.addWidget(buttons)
        self.body.addLayout(self._column)
        self.body.addStretch(1)

    @staticmethod
    def _button(label: str, name: str) -> QPushButton:
        button = QPushButton(label)
        button.setObjectName(name)
        button.setAutoDefault(False)
        return button

    def show_detail(self, detail: Detail) -> None:
        self.detail = detail
        self.title.setText(detail.title)
        self.lead.setText(detail.lead)
        self.lead.setVisible(bool(detail.lead))
        self.go.setVisible(detail.address is not None)
        self.open.setVisible(bool(detail.source))
        while len(self._facts) < len(detail.facts):
            self._add_line()
        for number, (label, text) in enumerate(self._facts):
            is_used = number < len(detail.facts)
            if is_used:
                label.setText(detail.facts[number][0])
                text.setText(detail.facts[number][1])
            label.setVisible(is_used)
            text.setVisible(is_used)

    def _add_line(self) -> None:
        label, text = Words(role=Role.CAPTION, is_muted=True), Words()
        text.setContentsMargins(0, 0, 0, SMALL)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._column.addWidget(label)
        self._column.addWidget(text)
        self._facts.append((label, text))


class MapAndWords(QSplitter):
    """A map with its words beside it, or below it where there is too little width."""

    def __init__(self, sheet: QWidget, card: DetailCard) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._area = QScrollArea()
        self._area.setObjectName(f"{card.objectName()}_area")
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(card)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(MEDIUM)
        self.addWidget(sheet)
        self.addWidget(self._area)
        self.setStretchFactor(0, 1)
        self.setStretchFactor(1, 0)
        self._sheet = sheet
        self._is_wide: bool | None = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        letter = self.fontMetrics().averageCharWidth()
        is_wide = self.width() >= _WIDE * letter
        if is_wide != self._is_wide:
            self._is_wide = is_wide
            self.setOrientation(Qt.Orientation.Horizontal if is_wide else Qt.Orientation.Vertical)
            whole = self.width() if is_wide else self.height()
            beside = _BESIDE * letter if is_wide else self.height() * 2 // 5
            self.setSizes([whole - beside, beside])
        self._keep_room()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._keep_room()
        return super().event(event)

    def _keep_room(self) -> None:
        """Take as much height as the map and its legend need at this width, so that nothing is cut off."""
        metrics, layout = self.fontMetrics(), self._sheet.layout()
        is_wide = self._is_wide is not False
        width = self._sheet.width() if is_wide else self.width()
        self._sheet.setMinimumHeight(max(layout.minimumHeightForWidth(width), 0) if layout is not None else 0)
        self._area.setMinimumHeight(0 if is_wide else _LEAST_LINES * metrics.height())
