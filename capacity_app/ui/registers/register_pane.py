"""One register: its list at the leading side; beside it the form of the chosen entry, and where it is used."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QDate, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from capacity_app.domain.assessment import REGISTERS, Entry, Evidence
from capacity_app.domain.joining import Joining
from capacity_app.domain.problems import N_
from capacity_app.domain.registers import form_fields
from capacity_app.services.opened_documents import OpenedDocuments
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.evidence_opening import open_evidence
from capacity_app.ui.look.buttons import SignButton
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, WIDE, Role
from capacity_app.ui.registers.entry_form import EntryForm
from capacity_app.ui.registers.entry_words import Vocabulary
from capacity_app.ui.registers.join_card import JoinCard
from capacity_app.ui.registers.likeness_hint import LikenessHint
from capacity_app.ui.registers.register_facts import RegisterFacts
from capacity_app.ui.registers.register_list import RegisterList
from capacity_app.ui.registers.uses_card import UsesCard

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
    """Return today's date, ISO 8601."""
    return str(QDate.currentDate().toString(Qt.DateFormat.ISODate))


class RegisterPane(QWidget):
    """One register. ``navigate`` and ``entry_wanted`` lead to a use.

    ``removed`` carries an entry's name and how often it was used, ``joined`` what was made one, ``not_opened`` why a
    document could not be shown.
    """

    navigate = Signal(object)
    entry_wanted = Signal(str)
    removed = Signal(str, int)
    joined = Signal(object)
    not_opened = Signal(str)

    def __init__(self, register: str, bridge: Bridge, words: Vocabulary, facts: RegisterFacts) -> None:
        super().__init__()
        self._register, self._bridge, self._words, self._facts = register, bridge, words, facts
        self.setObjectName(f"register_{register}")
        self.add_button = self._button(_ADD[register], f"add_{register}", self.add, "new")
        buttons: tuple[QWidget, ...] = (self.add_button,)
        if register == "evidence":
            buttons = (self._button(N_("Add a document …"), "add_document", self.add_document, "open"), *buttons)
        self.side = RegisterList(register, words, facts, buttons)
        self.list = self.side.list
        self.side.picked.connect(self._show)
        self.form = EntryForm(form_fields(register), words, bridge)
        self.form.setObjectName(f"form_{register}")
        self.form.edited.connect(self._bridge.put)
        self._make_extras()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty())
        self._stack.addWidget(self._form_side())
        self.join.left.connect(self.join_button.setFocus)
        self._lay_out()
        is_changeable = not bridge.session.is_read_only
        self.setAcceptDrops(register == "evidence" and is_changeable)
        self._opened = OpenedDocuments(bridge.session)
        self.destroyed.connect(lambda _gone, opened=self._opened: opened.remove())
        shortcut = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.list, self.remove)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.setEnabled(is_changeable)

    def _make_extras(self) -> None:
        register, words = self._register, self._words
        self.hint = LikenessHint(words)
        self.hint.join_wanted.connect(self.open_join)
        self.hint.dismissed.connect(self._dismiss)
        self.join = JoinCard(register, self._bridge, words, self._facts)
        self.join.joined.connect(self._tell_joined)
        self.join.navigate.connect(self.navigate)
        self.uses = UsesCard(register, words)
        if register == "meetings":
            # Nothing can refer to one.
            self.uses.hide()
        self.uses.navigate.connect(self.navigate)
        self.uses.entry_wanted.connect(self.entry_wanted)

    def _lay_out(self) -> None:
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        # Mirrored, Qt cuts the last pixel off.
        split.setContentsMargins(1, 0, 1, 0)
        split.addWidget(self.side)
        split.addWidget(self._stack)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setSizes([380, 620])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(split)

    def _button(self, label: str, name: str, act: Callable[[], object], sign: str) -> SignButton:
        button = SignButton(sign, self._words.texts.gettext(label), is_main=sign == "new")
        button.setObjectName(name)
        button.clicked.connect(lambda _checked: act())
        button.setEnabled(not self._bridge.session.is_read_only)
        return button

    def _empty(self) -> QWidget:
        page = Card(margin=WIDE)
        words = Words(self._words.texts.gettext(_EMPTY[self._register]), Role.QUESTION, is_muted=True, side="center")
        page.body.addStretch(1)
        page.body.addWidget(words)
        page.body.addStretch(2)
        return page

    def _form_side(self) -> QWidget:
        is_changeable = not self._bridge.session.is_read_only
        self.form.setEnabled(is_changeable)
        card = Card(margin=LARGE)
        card.body.addWidget(self.hint)
        card.body.addWidget(self.form)
        card.body.addLayout(self._document_line())
        self.remove_button = self._button(N_("Remove this entry"), f"remove_{self._register}", self.remove, "remove")
        self.join_button = self._button(
            N_("Join with another …"), f"open_join_{self._register}", self.open_join, "join"
        )
        line = Flow(SMALL)
        line.place(self.join_button)
        line.place(self.remove_button)
        card.body.addSpacing(MEDIUM)
        card.body.addWidget(line)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(MEDIUM)
        for part in (card, self.join, self.uses):
            column.addWidget(part)
        column.addStretch(1)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(holder)
        return self._area

    def _document_line(self) -> QHBoxLayout:
        """Return the line that shows a held document; empty for other registers."""
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
        """Return whether the register is empty, so that advice stands where the form would."""
        return self._stack.currentIndex() == 0

    @property
    def entry_id(self) -> str:
        """The id of the entry shown, empty if there is none."""
        return self.form.entry.id if self.form.entry is not None and not self.says_what_to_do else ""

    def refresh(self) -> None:
        """Show the register as it is now, with the choices other registers offer."""
        self.side.refresh()
        entries = self._bridge.session.entries(self._register)
        shown = self.entry_id
        if not entries:
            self._stack.setCurrentIndex(0)
        elif any(entry.id == shown for entry in entries):
            self.form.refresh()
            self._show(shown)
        elif self.list.current_key:
            self._show(self.list.current_key)
        else:
            self.side.choose(entries[0].id)
        self.join_button.setVisible(len(entries) > 1)
        self.join.refresh()

    def _show(self, key: str) -> None:
        entry = self._bridge.session.entry(self._register, key)
        if entry is None:
            return
        is_other = key != self.entry_id
        self._stack.setCurrentIndex(1)
        if is_other and not self.join.isHidden():
            self.join.close_card()
        self.form.show_entry(entry)
        self.uses.show_uses(self._facts.uses(self._register, key), is_other=is_other)
        alike = self._facts.alike(self._register, key) if not self._bridge.session.is_read_only else ()
        self.hint.show_likeness(self._register, alike[0] if alike else "")
        if isinstance(entry, Evidence):
            self._show_document(entry)
        if is_other:
            self._area.verticalScrollBar().setValue(0)

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
        self.side.choose(entry_id)
        self.refresh()

    def remove(self) -> None:
        """Remove the chosen entry; undo brings it back."""
        self.form.flush()
        entry_id = self.entry_id
        if not entry_id:
            return
        name, count = self._words.title_of(self._register, entry_id), len(self._facts.uses(self._register, entry_id))
        if self._bridge.remove(self._register, entry_id):
            self.removed.emit(name, count)

    def open_join(self, other: str = "") -> None:
        """Offer to join the chosen entry with another one."""
        self._bridge.request_flush()
        if self.entry_id:
            self.join.open_for(self.entry_id, other)
            # Where it stands is known once it has been laid out.
            QTimer.singleShot(0, self, self._scroll_to_join)

    def _scroll_to_join(self) -> None:
        self._area.verticalScrollBar().setValue(self.join.y())

    def _tell_joined(self, joining: Joining) -> None:
        self.show_entry(joining.kept.id)
        self.list.setFocus()
        self.joined.emit(joining)

    def _dismiss(self, other: str) -> None:
        self._facts.dismissed.add(frozenset({self.entry_id, other}))
        self.refresh()

    def add_document(self) -> None:
        """Ask for files and keep copies of them in the assessment."""
        files, _ = QFileDialog.getOpenFileNames(self, self._words.texts.gettext("Add documents as evidence"))
        self.attach([Path(file) for file in files])

    def attach(self, files: list[Path]) -> None:
        """Keep copies of files in the assessment."""
        added = [entry for entry in (self._bridge.attach(file) for file in files) if entry is not None]
        if added:
            self.show_entry(added[-1].id)

    def _open_document(self) -> None:
        entry = self._bridge.session.entry("evidence", self.entry_id)
        if isinstance(entry, Evidence):
            name = self._words.title_of(self._register, entry.id)
            if problem := open_evidence(entry, self._opened, name, self._words.texts):
                self.not_opened.emit(problem)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.attach([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
