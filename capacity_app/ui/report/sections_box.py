"""Which parts of the questionnaire a blank form holds: a list to tick, folded up behind what is chosen."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from capacity_app.domain.instrument import Instrument
from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Card, Words, row
from capacity_app.ui.look.openers import Opener
from capacity_app.ui.look.theme import SMALL, Role, is_font_change

_ID = int(Qt.ItemDataRole.UserRole)
_TICKED, _FREE = Qt.CheckState.Checked, Qt.CheckState.Unchecked


class SectionsBox(Card):
    """The parts of an instrument. ``changed`` tells of another choice."""

    changed = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__(margin=1)
        self._texts = texts
        self.head = Opener("blank_sections")
        self._told = Words(role=Role.BODY)
        self.head.body.addWidget(self._told)
        self.list = self._make_list()
        self.all, self.none = (self._button(name) for name in ("all", "none"))
        self.all.clicked.connect(lambda _checked: self._tick(_TICKED))
        self.none.clicked.connect(lambda _checked: self._tick(_FREE))
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(SMALL, 0, SMALL, SMALL)
        column.setSpacing(SMALL)
        column.addLayout(row(self.all, self.none))
        column.addWidget(self.list)
        inside.hide()
        self.head.toggled.connect(inside.setVisible)
        self.body.addWidget(self.head)
        self.body.addWidget(inside)

    def _button(self, name: str) -> QPushButton:
        labels = {"all": self._texts.gettext("All parts"), "none": self._texts.gettext("No part")}
        button = QPushButton(labels[name])
        button.setObjectName(f"sections_{name}")
        button.setAutoDefault(True)  # Enter presses it; else it would make the form
        return button

    def _make_list(self) -> QListWidget:
        made = QListWidget()
        made.setObjectName("sections")
        made.setAccessibleName(self._texts.gettext("Parts of the form"))
        made.setFrameShape(QFrame.Shape.NoFrame)
        made.setWordWrap(True)
        made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.itemChanged.connect(lambda _item: self._follow())
        return made

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(place) for place in range(self.list.count())]

    def show_instrument(self, instrument: Instrument | None) -> None:
        """Offer the parts of another instrument; what was left out before stays so."""
        left_out = {str(item.data(_ID)) for item in self._items() if item.checkState() == _FREE}
        self.list.blockSignals(True)
        self.list.clear()
        for section in instrument.sections if instrument else ():
            title = self._texts.wording(instrument.id, f"{section.id}|title", section.title) if instrument else ""
            item = QListWidgetItem(f"{section.number}  {title}")
            item.setData(_ID, section.id)
            item.setToolTip(title)
            item.setCheckState(_FREE if section.id in left_out else _TICKED)
            self.list.addItem(item)
        self.list.blockSignals(False)
        self._follow()

    @property
    def chosen(self) -> tuple[str, ...]:
        return tuple(str(item.data(_ID)) for item in self._items() if item.checkState() == _TICKED)

    @property
    def is_all(self) -> bool:
        return len(self.chosen) == self.list.count()

    def choose(self, sections: Sequence[str]) -> None:
        """Tick these parts and no others."""
        self.list.blockSignals(True)
        for item in self._items():
            item.setCheckState(_TICKED if item.data(_ID) in sections else _FREE)
        self.list.blockSignals(False)
        self._follow()

    def _tick(self, state: Qt.CheckState) -> None:
        self.choose([str(item.data(_ID)) for item in self._items()] if state == _TICKED else ())

    def _follow(self) -> None:
        """Say what is chosen where the list is folded up."""
        texts, count = self._texts, len(self.chosen)
        pattern = texts.gettext("{count} of {all}")
        some = pattern.format(count=texts.number(count), all=texts.number(self.list.count()))
        told = texts.gettext("All of them") if self.is_all else some if count else texts.gettext("None yet")
        self._told.setText(told)
        self.head.setAccessibleName(f"{texts.gettext('Parts of the form')}: {told}")
        self._fit()
        self.changed.emit()

    def _fit(self) -> None:
        """Be as high as all lines: the page around scrolls, not the list inside it."""
        heights = sum(self.list.sizeHintForRow(place) for place in range(self.list.count()))
        self.list.setFixedHeight(heights + 2 * self.list.frameWidth() + 2)

    def event(self, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.LayoutRequest, QEvent.Type.Resize, QEvent.Type.Show} or is_font_change(event):
            self._fit()
        return super().event(event)
