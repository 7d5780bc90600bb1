"""The formats of a report, and the parts of the questionnaire it may leave out, to choose from."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QFrame,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from capacity_app.domain.assessment.privacy import ReportVolume, Withheld
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.i18n.translator import Translator
from capacity_app.ui.theme.fonts_and_sizes import SMALL, TextRole, is_font_change
from capacity_app.ui.widgets.banners import Disclosure, icon_line
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Card, Label, TileGrid
from capacity_app.ui.widgets.layouts import lay_out, side_by_side, with_name

# The formats of a report and what it may leave out, each with a sentence about what it is for.


ENTER_KEYS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_ARROWS = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right})
WORKBOOK_NAME = "xlsx"


@dataclass(frozen=True, slots=True)
class OutputFormat:
    """One kind of report; the name is the suffix of the file and the name of the icon.

    ``where`` says where its content hash is printed.
    """

    name: str
    title: str
    sentence: str
    where: str


_AT_THE_FOOT = N_("These letters and digits are printed at the foot of every page. Compare them with the paper.")
REPORT_FORMATS = (
    OutputFormat("pdf", N_("PDF"), N_("Pages to print, sign and hand over."), _AT_THE_FOOT),
    OutputFormat("docx", N_("Word"), N_("The ministry can edit it and comment on each question."), _AT_THE_FOOT),
    OutputFormat(
        "html",
        N_("Web page"),
        N_("One file for any browser, also on a phone."),
        N_("These letters and digits are printed on the cover. Compare them with the paper."),
    ),
    OutputFormat(
        WORKBOOK_NAME,
        N_("Workbook"),
        N_(
            "The report workbook has the answers of all agencies so far. An agency can correct its answers in it. "
            "Import the file that the agency sends back."
        ),
        N_("These letters and digits are printed on the first sheet. Compare them with the paper."),
    ),
)
REPORT_SUFFIXES = frozenset(f".{made.name}" for made in REPORT_FORMATS)

VOLUME_SENTENCES: dict[ReportVolume, str] = {
    ReportVolume.BRIEF: N_("About 4 pages for a minister or director: main messages, profile, recommendations."),
    ReportVolume.REPORT: N_(
        "For ministries and donors, about 30 pages once all is answered: findings part by part, plan and method."
    ),
    ReportVolume.FULL: N_("Everything for the archive: also every answer with who gave it and when."),
}
WITHHELD_CHOICES: dict[Withheld, tuple[str, str]] = {
    Withheld.SCORES: (N_("Scores"), N_("For a first discussion: findings, gaps and actions only.")),
    Withheld.NAMES: (
        N_("Names of persons"),
        N_("Names and contacts of persons are removed from all texts. Agencies and positions remain."),
    ),
    Withheld.ATTRIBUTION: (
        N_("Who said what"),
        N_("Answers are printed without the agency that gave them. Texts that name an agency are not changed."),
    ),
}


class FormatTile(Disclosure):
    """One format to choose; what it is for is said below the tiles."""

    def __init__(self, chosen: OutputFormat, texts: Translator) -> None:
        super().__init__(f"format_{chosen.name}", has_arrow=False)
        title, sentence = texts.gettext(chosen.title), texts.gettext(chosen.sentence)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        self.body.addLayout(icon_line(chosen.name, "accent", (Label(title, TextRole.QUESTION), 1)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER_KEYS:
            event.ignore()
        elif event.key() in _ARROWS:
            self._choose_beside(1 if (event.key() == Qt.Key.Key_Right) != self.isRightToLeft() else -1)
        else:
            super().keyPressEvent(event)

    def _choose_beside(self, step: int) -> None:
        """Choose the next format as they are read, whatever line it stands on, and after the last the first."""
        tiles = self.group().buttons()
        beside = tiles[(tiles.index(self) + step) % len(tiles)]
        beside.setFocus(Qt.FocusReason.OtherFocusReason)
        beside.click()


class FormatTiles(TileGrid):
    """The formats to choose from; ``chosen`` tells of another one."""

    chosen = Signal()

    def __init__(self, formats: Sequence[OutputFormat], texts: Translator, *, letters: int) -> None:
        self.tiles = {made.name: FormatTile(made, texts) for made in formats}
        super().__init__(tuple(self.tiles.values()), letters=letters)
        self._formats = {made.name: made for made in formats}
        self._group = QButtonGroup(self)
        for tile in self.tiles.values():
            self._group.addButton(tile)
        self.tiles[formats[0].name].setChecked(True)
        self._group.buttonClicked.connect(lambda _tile: self.chosen.emit())

    @property
    def current(self) -> OutputFormat:
        return next(self._formats[name] for name, tile in self.tiles.items() if tile.isChecked())


_ID = int(Qt.ItemDataRole.UserRole)
_TICKED, _FREE = Qt.CheckState.Checked, Qt.CheckState.Unchecked


class FoldedCheckList(Card):
    """Parts by their id and name, in groups or without; a group's tick stands for all its parts.

    ``changed`` tells of another choice.
    """

    changed = Signal()

    def __init__(self, texts: Translator, head: str, name: str, label: str) -> None:
        super().__init__(edge="edge", margin=1)
        self._texts, self._label = texts, label
        self.head = Disclosure(head)
        self._told = Label(role=TextRole.BODY)
        self.head.body.addWidget(self._told)
        self._items: dict[str, QTreeWidgetItem] = {}
        self.tree = self._make_tree(name)
        self.all, self.none = Button(texts.gettext("All parts")), Button(texts.gettext("No part"))
        for button, which in ((self.all, "all"), (self.none, "none")):
            button.setObjectName(f"{name}_{which}")
        self.all.clicked.connect(lambda _checked: self.choose(tuple(self._items)))
        self.none.clicked.connect(lambda _checked: self.choose(()))
        inside = QWidget()
        column = lay_out(QVBoxLayout(inside), margins=(SMALL, 0, SMALL, SMALL), spacing=SMALL)
        lay_out(column, side_by_side(self.all, self.none), self.tree)
        inside.hide()
        self.head.toggled.connect(inside.setVisible)
        lay_out(self.body, self.head, inside)

    def _make_tree(self, name: str) -> QTreeWidget:
        tree = with_name(QTreeWidget(), name, self._label)
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
        told = texts.gettext("All parts") if self.is_all else some if count else texts.gettext("No part")
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
