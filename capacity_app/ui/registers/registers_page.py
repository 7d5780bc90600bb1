"""The registers: agencies, people met, meetings, data sources and evidence. Made once, picked everywhere."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QDate, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from capacity_app.domain.assessment import REGISTERS, Entry, Evidence
from capacity_app.domain.problems import N_
from capacity_app.services.changes import EntryChange
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.buttons import SignButton
from capacity_app.ui.look.cards import Card, Words, page_heading, row
from capacity_app.ui.look.lines import Line, LineList
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, WIDE, Role
from capacity_app.ui.registers.entry_form import EntryForm
from capacity_app.ui.registers.entry_words import REGISTER_TITLES, Vocabulary
from capacity_app.ui.registers.form_shapes import FORMS
from capacity_app.ui.shell.documents import open_document

_ADD = {
    "agencies": N_("Add an agency"),
    "people": N_("Add a person"),
    "meetings": N_("Add a meeting"),
    "sources": N_("Add a data source"),
    "evidence": N_("Add a link or title"),
}
_EMPTY = {
    "agencies": N_("No agency yet. Add those you talk to: every answer is given in the name of one of them."),
    "people": N_("Nobody yet. Add whom you meet, so that the report can thank them and the next mission find them."),
    "meetings": N_("No meeting yet. One line per meeting: when, with whom, and what was said."),
    "sources": N_("No data source yet. One card per census, survey or register; questions then pick from here."),
    "evidence": N_("No evidence yet. Add a document, or drop one here; answers then point to it."),
}


def today() -> str:
    """Give today's date, ISO 8601."""
    return str(QDate.currentDate().toString(Qt.DateFormat.ISODate))


class RegisterPane(QWidget):
    """One register: its list at the leading side, the form of the chosen entry beside it."""

    def __init__(self, register: str, bridge: Bridge, words: Vocabulary) -> None:
        super().__init__()
        self._register, self._bridge, self._words = register, bridge, words
        self.setObjectName(f"register_{register}")
        self.list = LineList(f"list_{register}", words.texts.gettext(REGISTER_TITLES[register]))
        self.list.picked.connect(self._show)
        self.form = EntryForm(FORMS[register], words)
        self.form.edited.connect(self._bridge.put)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty())
        self._stack.addWidget(self._form_side())
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        # Mirrored, Qt cuts the last pixel off.
        split.setContentsMargins(1, 0, 1, 0)
        split.addWidget(self._list_side())
        split.addWidget(self._stack)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setSizes([380, 620])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(split)
        self.setAcceptDrops(register == "evidence")
        self.refresh()

    def _list_side(self) -> QWidget:
        side = Card(margin=SMALL)
        self.add_button = self._button(_ADD[self._register], f"add_{self._register}", self.add, "new")
        buttons = [self.add_button]
        if self._register == "evidence":
            buttons.append(self._button(N_("Add a document …"), "add_document", self.add_document, "open"))
        line = row(*buttons)
        line.setContentsMargins(SMALL, SMALL, SMALL, SMALL)
        side.body.addLayout(line)
        side.body.addWidget(self.list, 1)
        return side

    def _button(self, label: str, name: str, act: Callable[[], object], sign: str) -> SignButton:
        button = SignButton(sign, self._words.texts.gettext(label), is_main=sign == "new")
        button.setObjectName(name)
        button.clicked.connect(lambda _checked: act())
        button.setEnabled(not self._bridge.session.is_read_only)
        return button

    def _empty(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(WIDE, WIDE, WIDE, WIDE)
        words = Words(self._words.texts.gettext(_EMPTY[self._register]), Role.QUESTION, is_muted=True, side="center")
        column.addStretch(1)
        column.addWidget(words)
        column.addStretch(2)
        return page

    def _form_side(self) -> QWidget:
        holder = Card(margin=WIDE)
        self.form.setEnabled(not self._bridge.session.is_read_only)
        holder.body.addWidget(self.form)
        holder.body.addLayout(self._document_line())
        holder.body.addStretch(1)
        remove = self._button(N_("Remove this entry"), f"remove_{self._register}", self.remove, "remove")
        shortcut = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.list, self.remove)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        holder.body.addLayout(row(remove))
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(holder)
        return area

    def _document_line(self) -> QHBoxLayout:
        """Give the line that shows a held document; empty for other registers."""
        self._document = Words(is_muted=True)
        self._open = self._button(N_("Open the document"), "open_document", self._open_document, "report")
        self._open.setEnabled(True)
        for widget in (self._document, self._open):
            widget.hide()
        line = QHBoxLayout()
        line.setContentsMargins(0, SMALL, 0, 0)
        line.addWidget(self._document, 1)
        line.addWidget(self._open)
        return line

    @property
    def says_what_to_do(self) -> bool:
        """Whether the register is empty, so that advice stands where the form would."""
        return self._stack.currentIndex() == 0

    def refresh(self) -> None:
        """Show the register as it is now."""
        entries = self._bridge.session.entries(self._register)
        self.list.show_lines([
            Line(entry.id, self._words.title(self._register, entry), self._words.detail(self._register, entry))
            for entry in entries
        ])  # fmt: skip
        if not entries:
            self._stack.setCurrentIndex(0)
        elif self.list.current_key:
            self._show(self.list.current_key)
        else:
            self.list.choose(entries[0].id)

    def refresh_choices(self) -> None:
        """Take what other registers now offer."""
        self.form.refresh()
        self.refresh()

    def _show(self, key: str) -> None:
        entry = self._bridge.session.entry(self._register, key)
        if entry is None:
            return
        self._stack.setCurrentIndex(1)
        self.form.show_entry(entry)
        if isinstance(entry, Evidence):
            self._show_document(entry)

    def _show_document(self, entry: Evidence) -> None:
        for widget in (self._document, self._open):
            widget.setVisible(bool(entry.document))
        size = self._words.texts.number(max(1, round(entry.size / 1024)))
        self._document.setText(f"{entry.file_name} · {size} kB")

    def add(self) -> None:
        """Add an entry and put the cursor into its first field."""
        self.form.flush()
        entry = self._fresh()
        if self._bridge.put(entry):
            self.show_entry(entry.id)
            self.form.focus_first()

    def _fresh(self) -> Entry:
        entry = REGISTERS[self._register](id=self._bridge.session.new_id(self._register))
        return replace(entry, added_on=today()) if isinstance(entry, Evidence) else entry

    def show_entry(self, entry_id: str) -> None:
        """Choose an entry."""
        self.refresh()
        self.list.choose(entry_id)

    def remove(self) -> None:
        """Remove the chosen entry; undo brings it back."""
        self.form.flush()
        if self.list.current_key:
            self._bridge.remove(self._register, self.list.current_key)

    def add_document(self) -> None:
        """Ask for files and keep copies of them in the assessment."""
        files, _ = QFileDialog.getOpenFileNames(self, self._words.texts.gettext("Add documents as evidence"))
        self.attach([Path(file) for file in files])

    def attach(self, files: list[Path]) -> None:
        """Keep copies of files in the assessment, as one step."""
        added = [entry for entry in (self._bridge.attach(file) for file in files) if entry is not None]
        if added:
            self.show_entry(added[-1].id)

    def _open_document(self) -> None:
        entry = self._bridge.session.entry("evidence", self.list.current_key)
        if isinstance(entry, Evidence):
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(open_document(self._bridge.session, entry))))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Keep copies of dropped files."""
        self.attach([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])


class RegistersPage(QWidget):
    """All registers, one tab each with the number of its entries."""

    shown = Signal(str)

    def __init__(self, bridge: Bridge, texts: Texts) -> None:
        super().__init__()
        self._bridge, self._texts = bridge, texts
        self._words = Vocabulary(texts, bridge.session)
        self.setObjectName("registers_page")
        self.tabs = QTabBar()
        self.tabs.setObjectName("register_tabs")
        self.tabs.setAccessibleName(texts.gettext("Registers"))
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self._stack = QStackedWidget()
        self.panes: dict[str, RegisterPane] = {}
        for register in REGISTER_TITLES:
            self.panes[register] = RegisterPane(register, bridge, self._words)
            self.tabs.addTab("")
            self._stack.addWidget(self.panes[register])
        self.tabs.currentChanged.connect(self._stack.setCurrentIndex)
        self._lay_out()
        self._count()
        bridge.changed.connect(self._hear)
        bridge.refused.connect(lambda _error: self._restore())
        bridge.flush_requested.connect(self._flush)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(WIDE, LARGE, WIDE, LARGE)
        column.setSpacing(MEDIUM)
        subtitle = self._texts.gettext("Who was asked, what was seen. Made once, picked in every answer.")
        column.addLayout(page_heading(self._texts.gettext("Registers"), subtitle))
        column.addWidget(self.tabs)
        column.addWidget(self._stack, 1)

    def _count(self) -> None:
        for place, (register, title) in enumerate(REGISTER_TITLES.items()):
            count = self._texts.number(len(self._bridge.session.entries(register)))
            self.tabs.setTabText(place, f"{self._texts.gettext(title)}  {count}")

    def _hear(self, change: object) -> None:
        if not isinstance(change, EntryChange) or change.register not in self.panes:
            return
        self._count()
        for register, pane in self.panes.items():
            pane.refresh() if register == change.register else pane.refresh_choices()

    def _restore(self) -> None:
        """Show what is stored where a change was refused."""
        for pane in self.panes.values():
            pane.refresh_choices()

    def _flush(self) -> None:
        for pane in self.panes.values():
            pane.form.flush()

    def show_register(self, register: str, entry_id: str = "") -> None:
        """Go to a register, and to one of its entries."""
        self.tabs.setCurrentIndex(tuple(self.panes).index(register))
        if entry_id:
            self.panes[register].show_entry(entry_id)
