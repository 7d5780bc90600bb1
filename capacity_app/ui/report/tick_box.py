"""Parts to tick, folded up behind what is chosen."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QPushButton, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Card, Words, row
from capacity_app.ui.look.openers import Opener
from capacity_app.ui.look.theme import SMALL, Role, is_font_change

_ID = int(Qt.ItemDataRole.UserRole)
_TICKED, _FREE = Qt.CheckState.Checked, Qt.CheckState.Unchecked


class TickBox(Card):
    """Parts by their id and name, in groups or without; a group's tick stands for all its parts.

    ``changed`` tells of another choice.
    """

    changed = Signal()

    def __init__(self, texts: Texts, head: str, name: str, label: str) -> None:
        super().__init__(margin=1)
        self._texts, self._label = texts, label
        self.head = Opener(head)
        self._told = Words(role=Role.BODY)
        self.head.body.addWidget(self._told)
        self._items: dict[str, QTreeWidgetItem] = {}
        self.tree = self._make_tree(name)
        self.all, self.none = QPushButton(texts.gettext("All parts")), QPushButton(texts.gettext("No part"))
        for button, which in ((self.all, "all"), (self.none, "none")):
            button.setObjectName(f"{name}_{which}")
            button.setAutoDefault(True)  # Enter presses it; else it would make the form
        self.all.clicked.connect(lambda _checked: self.choose(tuple(self._items)))
        self.none.clicked.connect(lambda _checked: self.choose(()))
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(SMALL, 0, SMALL, SMALL)
        column.setSpacing(SMALL)
        column.addLayout(row(self.all, self.none))
        column.addWidget(self.tree)
        inside.hide()
        self.head.toggled.connect(inside.setVisible)
        self.body.addWidget(self.head)
        self.body.addWidget(inside)

    def _make_tree(self, name: str) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setObjectName(name)
        tree.setAccessibleName(self._label)
        tree.setHeaderHidden(True)
        tree.setWordWrap(True)
        tree.setFrameShape(QFrame.Shape.NoFrame)
        tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.setRootIsDecorated(False)
        tree.setItemsExpandable(False)
        tree.itemChanged.connect(lambda _item, _column: self._follow())
        return tree

    def offer(self, groups: Sequence[tuple[str, Sequence[tuple[str, str]]]], left_out: Collection[str]) -> None:
        """Offer other parts, (id, name) under the title of their group, all ticked but those left out."""
        self.tree.blockSignals(True)
        self.tree.clear()
        self._items = {}
        for title, parts in groups:
            above: QTreeWidget | QTreeWidgetItem = self.tree
            if title:
                above = QTreeWidgetItem(self.tree, [title])
                above.setFlags(above.flags() | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsAutoTristate)
            for part, name in parts:
                item = QTreeWidgetItem(above, [name])
                item.setData(0, _ID, part)
                item.setToolTip(0, name)
                item.setCheckState(0, _FREE if part in left_out else _TICKED)
                self._items[part] = item
        self.tree.expandAll()
        self.tree.blockSignals(False)
        self._follow()

    @property
    def chosen(self) -> tuple[str, ...]:
        return tuple(part for part, item in self._items.items() if item.checkState(0) == _TICKED)

    @property
    def left_out(self) -> tuple[str, ...]:
        return tuple(part for part, item in self._items.items() if item.checkState(0) == _FREE)

    @property
    def is_all(self) -> bool:
        return not self.left_out

    def choose(self, parts: Collection[str]) -> None:
        """Tick these parts and no others."""
        self.tree.blockSignals(True)
        for part, item in self._items.items():
            item.setCheckState(0, _TICKED if part in parts else _FREE)
        self.tree.blockSignals(False)
        self.tree.viewport().update()
        self._follow()

    def _follow(self) -> None:
        """Say what is chosen where the list is folded up."""
        texts, count = self._texts, len(self.chosen)
        pattern = texts.gettext("{count} of {all}")
        some = pattern.format(count=texts.number(count), all=texts.number(len(self._items)))
        told = texts.gettext("All of them") if self.is_all else some if count else texts.gettext("None yet")
        self._told.setText(told)
        self.head.setAccessibleName(f"{self._label}: {told}")
        self._fit()
        self.changed.emit()

    def _fit(self) -> None:
        """Be as high as all lines: the page around scrolls, not the list inside it."""
        tree = self.tree
        groups = [item for place in range(tree.topLevelItemCount()) if (item := tree.topLevelItem(place)) is not None]
        items = {id(item): item for item in (*groups, *self._items.values())}
        heights = sum(tree.sizeHintForIndex(tree.indexFromItem(item)).height() for item in items.values())
        tree.setFixedHeight(heights + 2 * tree.frameWidth() + 2)

    def event(self, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.LayoutRequest, QEvent.Type.Resize, QEvent.Type.Show} or is_font_change(event):
            self._fit()
        return super().event(event)
