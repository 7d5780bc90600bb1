"""Which parts a report is made of: a list to tick, folded up behind what is chosen."""

from collections.abc import Set as AbstractSet

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QPushButton, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from capacity_app.report.view.parts import ALL, PART_GROUPS, PART_WORDS, Part
from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Card, Words, row
from capacity_app.ui.look.openers import Opener
from capacity_app.ui.look.theme import SMALL, Role, is_font_change

_PART_ROLE = int(Qt.ItemDataRole.UserRole)
_TICKED, _FREE = Qt.CheckState.Checked, Qt.CheckState.Unchecked


class PartsBox(Card):
    """The parts in their groups; a group's tick stands for all its parts. ``changed`` tells of another choice."""

    changed = Signal()

    def __init__(self, texts: Texts, chosen: AbstractSet[Part] = ALL) -> None:
        super().__init__(margin=1)
        self._texts = texts
        self._is_filling = False
        self.head = Opener("report_parts")
        self._told = Words(role=Role.BODY)
        self.head.body.addWidget(self._told)
        self.tree = self._make_tree(chosen)
        self.all, self.none = (self._button(name) for name in ("all", "none"))
        self.all.clicked.connect(lambda _checked: self.choose(ALL))
        self.none.clicked.connect(lambda _checked: self.choose(frozenset()))
        self._inside = QWidget()
        inside = QVBoxLayout(self._inside)
        inside.setContentsMargins(SMALL, 0, SMALL, SMALL)
        inside.setSpacing(SMALL)
        inside.addLayout(row(self.all, self.none))
        inside.addWidget(self.tree)
        self._inside.hide()
        self.head.toggled.connect(self._inside.setVisible)
        self.body.addWidget(self.head)
        self.body.addWidget(self._inside)
        self._tell()

    def _button(self, name: str) -> QPushButton:
        labels = {"all": self._texts.gettext("All parts"), "none": self._texts.gettext("No part")}
        button = QPushButton(labels[name])
        button.setObjectName(f"parts_{name}")
        return button

    def _make_tree(self, chosen: AbstractSet[Part]) -> QTreeWidget:
        say = self._texts.gettext
        tree = QTreeWidget()
        tree.setObjectName("parts")
        tree.setAccessibleName(say("Parts of the report"))
        tree.setHeaderHidden(True)
        tree.setFrameShape(QFrame.Shape.NoFrame)
        tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.setRootIsDecorated(False)
        tree.setItemsExpandable(False)
        self._items: dict[Part, QTreeWidgetItem] = {}
        for title, parts in PART_GROUPS:
            group = QTreeWidgetItem(tree, [say(title)])
            group.setFlags(group.flags() | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsAutoTristate)
            for part in parts:
                item = QTreeWidgetItem(group, [say(PART_WORDS[part])])
                item.setData(0, _PART_ROLE, part.value)
                item.setToolTip(0, say(PART_WORDS[part]))
                item.setCheckState(0, _TICKED if part in chosen else _FREE)
                self._items[part] = item
        tree.expandAll()
        tree.itemChanged.connect(lambda _item, _column: self._follow())
        return tree

    @property
    def chosen(self) -> frozenset[Part]:
        return frozenset(part for part, item in self._items.items() if item.checkState(0) == _TICKED)

    def choose(self, parts: AbstractSet[Part]) -> None:
        """Tick these parts and no others."""
        self._is_filling = True
        for part, item in self._items.items():
            item.setCheckState(0, _TICKED if part in parts else _FREE)
        self._is_filling = False
        self._follow()

    def _follow(self) -> None:
        if not self._is_filling:
            self._tell()
            self.changed.emit()

    def _tell(self) -> None:
        """Say what is chosen where the list is folded up."""
        texts, count = self._texts, len(self.chosen)
        pattern = texts.gettext("{count} of {all}")
        some = pattern.format(count=texts.number(count), all=texts.number(len(ALL)))
        told = texts.gettext("All of them") if count == len(ALL) else some if count else texts.gettext("None yet")
        self._told.setText(told)
        self.head.setAccessibleName(f"{texts.gettext('Parts of the report')}: {told}")

    def _fit(self) -> None:
        """Be as high as all lines: the form around scrolls, not the list inside it."""
        tree = self.tree
        rows = [item for group in range(tree.topLevelItemCount()) if (item := tree.topLevelItem(group)) is not None]
        lines = (tree.indexFromItem(item) for item in (*rows, *self._items.values()))
        heights = sum(tree.sizeHintForIndex(line).height() for line in lines)
        tree.setFixedHeight(heights + 2 * tree.frameWidth() + 2)

    def event(self, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.LayoutRequest, QEvent.Type.Resize, QEvent.Type.Show} or is_font_change(event):
            self._fit()
        return super().event(event)
