"""The registers: agencies, people met, meetings, data sources and evidence. Made once, picked everywhere."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from capacity_app.domain.assessment.duplicates import DuplicateMerge
from capacity_app.domain.assessment.references import ReferenceKind
from capacity_app.domain.assessment.register_fields import MERGEABLE_REGISTERS, form_fields
from capacity_app.domain.assessment.registers import REGISTERS, Agency, Evidence, Meeting, RegisterEntry
from capacity_app.domain.problems import N_
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.change_sets import format_use_counts
from capacity_app.services.session.opened_documents import OpenedDocuments
from capacity_app.ui.pages.prepare.duplicates import DuplicateHint, MergeDuplicatesCard
from capacity_app.ui.pages.prepare.entry_form import EntryForm
from capacity_app.ui.pages.prepare.register_list import (
    UNREFERENCED,
    EntryUsesCard,
    InterviewButton,
    RegisterList,
    RegisterUsage,
)
from capacity_app.ui.session.controller import RefreshOnShow, SessionController
from capacity_app.ui.session.file_dialogs import open_evidence
from capacity_app.ui.session.formatters import EntryFormatter, today
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, WIDE, TextRole
from capacity_app.ui.widgets.banners import BannerTone
from capacity_app.ui.widgets.buttons import Button, ComboBox
from capacity_app.ui.widgets.cards import Card, Label, scroll_area_of
from capacity_app.ui.widgets.flow import Flow
from capacity_app.ui.widgets.layouts import Stack, holder_of, lay_out, split_of, with_action, with_name
from capacity_app.ui.widgets.messages import BannerArea

# One register: its list at the leading side; beside it the form of the chosen entry, and where it is used.


_ADD = {
    "agencies": N_("Add an agency"),
    "people": N_("Add a person"),
    "meetings": N_("Add a meeting"),
    "validations": N_("Add a validation"),
    "sources": N_("Add a data source"),
    "evidence": N_("Add a link or title"),
}
_EMPTY = {
    "agencies": N_("No agencies yet. Add those you talk to. Every answer is recorded for one of them."),
    "people": N_("No people yet. Add everyone you meet."),
    "meetings": N_("No meetings yet. Add each meeting with its day, its agencies and the parts they answer."),
    "validations": N_("No validations yet. Add who confirmed which parts for which agency, with which reservations."),
    "sources": N_("No data sources yet. Add each census, survey and register. You can then choose it in the answers."),
    "evidence": N_("No evidence yet. Add a document, or drop one here. You can then choose it in the answers."),
}


class RegisterPane(QWidget):
    """One register. ``navigate`` and ``entry_wanted`` lead to a use.

    ``removed`` carries an entry's name and how often it was used, ``joined`` what was made one, ``not_opened`` why a
    document could not be shown.
    """

    navigate = Signal(object)
    entry_wanted = Signal(str)
    removed = Signal(str, int)
    joined = Signal(object)
    published = Signal(str, int)
    not_opened = Signal(str)

    def __init__(
        self, register: str, controller: SessionController, formatter: EntryFormatter, facts: RegisterUsage
    ) -> None:
        super().__init__()
        self._register, self._controller, self._formatter, self._facts = register, controller, formatter, facts
        self.setObjectName(f"register_{register}")
        self.add_button = self._button(_ADD[register], f"add_{register}", self.add, "new")
        buttons: tuple[QWidget, ...] = (self.add_button,)
        if register == "evidence":
            buttons = (self._button(N_("Add a document…"), "add_document", self.add_document, "open"), *buttons)
        self.side = RegisterList(register, formatter, facts, buttons)
        self.list = self.side.list
        self.side.picked.connect(self._show)
        self.form = with_name(EntryForm(form_fields(register), formatter, controller), f"form_{register}")
        self.form.edited.connect(self._controller.put)
        self._make_extras()
        self._stack = Stack(self._empty(), self._form_side())
        self.join.left.connect(self.join_button.setFocus)
        self._lay_out()
        is_changeable = not controller.session.is_read_only
        self.setAcceptDrops(register == "evidence" and is_changeable)
        self._opened = OpenedDocuments(controller.session)
        self.destroyed.connect(lambda _gone, opened=self._opened: opened.remove())
        shortcut = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.list, self.remove)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.setEnabled(is_changeable)

    def _make_extras(self) -> None:
        register, formatter = self._register, self._formatter
        self.hint = DuplicateHint(formatter)
        self.hint.merge_duplicates_wanted.connect(self.open_merge_card)
        self.hint.dismissed.connect(self._dismiss)
        self.join = MergeDuplicatesCard(register, self._controller, formatter, self._facts)
        self.join.joined.connect(self._tell_duplicates_merged)
        self.join.navigate.connect(self.navigate)
        self.uses = EntryUsesCard(register, formatter)
        if register in UNREFERENCED:
            # Nothing can refer to one.
            self.uses.hide()
        self.uses.navigate.connect(self.navigate)
        self.uses.entry_wanted.connect(self.entry_wanted)

    def _lay_out(self) -> None:
        split = split_of(self.side, self._stack, stretch=(2, 3))
        split.setSizes([380, 620])
        lay_out(QVBoxLayout(self), split, margins=0)

    def _button(self, label: str, name: str, act: Callable[[], object], sign: str) -> Button:
        button = with_action(Button(self._formatter.texts.gettext(label), sign, is_main=sign == "new"), name, act)
        button.setEnabled(not self._controller.session.is_read_only)
        return button

    def _empty(self) -> QWidget:
        words = Label(
            self._formatter.texts.gettext(_EMPTY[self._register]), TextRole.QUESTION, is_muted=True, side="center"
        )
        return Card(1, words, 2, margin=WIDE)

    def _form_side(self) -> QWidget:
        self.form.setEnabled(not self._controller.session.is_read_only)
        card = Card(self.hint, self.form, self._document_line(), margin=LARGE)
        self.remove_button = self._button(N_("Remove this entry"), f"remove_{self._register}", self.remove, "remove")
        self.join_button = self._button(
            N_("Join with another…"), f"open_join_{self._register}", self.open_merge_card, "join"
        )
        buttons: tuple[QWidget, ...] = (self.join_button, self.remove_button)
        if self._register == "meetings":
            self.interview = InterviewButton(self._controller, self._formatter.texts, self._meeting)
            self.interview.navigate.connect(self.navigate)
            buttons = (self.interview, *buttons)
        if self._register == "agencies":
            self.published_button = self._button(
                N_("Answers are from published sources"), "mark_published", self.mark_published, "report"
            )
            self.published_part = with_name(
                ComboBox(), "published_part", self._formatter.texts.gettext("Parts from published sources")
            )
            buttons = (self.published_button, self.published_part, *buttons)
        line = Flow(SMALL, *buttons)
        card.body.addSpacing(MEDIUM)
        card.body.addWidget(line)
        holder = holder_of(QVBoxLayout(), card, self.join, self.uses, 1, spacing=MEDIUM)
        self._area = scroll_area_of(holder)
        return self._area

    def _document_line(self) -> QHBoxLayout:
        """Return the line that shows a held document; empty for other registers."""
        self._document = Label(is_muted=True)
        self._open = self._button(N_("Open the document"), "open_document", self._open_document, "report")
        self._open.setEnabled(True)
        for widget in (self._document, self._open):
            widget.hide()
        return lay_out(QHBoxLayout(), (self._document, 1), self._open, margins=(0, SMALL, 0, 0))

    @property
    def is_register_empty(self) -> bool:
        """Return whether the register is empty, so that advice stands where the form would."""
        return self._stack.currentIndex() == 0

    @property
    def entry_id(self) -> str:
        """The id of the entry shown, empty if there is none."""
        return self.form.entry.id if self.form.entry is not None and not self.is_register_empty else ""

    def refresh(self) -> None:
        self.side.refresh()
        entries = self._controller.session.entries(self._register)
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
        self.join_button.setVisible(self._register in MERGEABLE_REGISTERS and len(entries) > 1)
        self.join.refresh()

    def _show(self, key: str) -> None:
        entry = self._controller.session.entry(self._register, key)
        if entry is None:
            return
        is_other = key != self.entry_id
        self._stack.setCurrentIndex(1)
        if is_other and not self.join.isHidden():
            self.join.close_card()
        self.form.show_entry(entry)
        self.uses.show_uses(self._facts.uses(self._register, key))
        alike = self._facts.alike(self._register, key) if not self._controller.session.is_read_only else ()
        self.hint.show_duplicate(self._register, alike[0] if alike else "")
        if isinstance(entry, Agency):
            has_answers = any(use.way is ReferenceKind.GIVEN for use in self._facts.uses("agencies", key))
            self.published_button.setVisible(has_answers)
            self._offer_published_parts(key)
        if isinstance(entry, Evidence):
            self._show_document(entry)
        if isinstance(entry, Meeting):
            self.interview.refresh()
        if is_other:
            self._area.verticalScrollBar().setValue(0)

    def _meeting(self) -> Meeting | None:
        entry = self._controller.session.entry(self._register, self.entry_id)
        return entry if isinstance(entry, Meeting) else None

    def _show_document(self, entry: Evidence) -> None:
        for widget in (self._document, self._open):
            widget.setVisible(bool(entry.document))
        size = self._formatter.texts.number(max(1, round(entry.size / 1024)))
        self._document.setText(f"{entry.file_name} · {size} kB")

    def add(self) -> None:
        self.form.flush()
        entry = self._fresh()
        if self._controller.put(entry):
            self.show_entry(entry.id)
            self.form.focus_first()

    def _fresh(self) -> RegisterEntry:
        entry = REGISTERS[self._register](id=self._controller.session.new_id(self._register))
        return replace(entry, added_on=today()) if isinstance(entry, Evidence) else entry

    def show_entry(self, entry_id: str) -> None:
        self.side.choose(entry_id)
        self.refresh()

    def remove(self) -> None:
        self.form.flush()
        entry_id = self.entry_id
        if not entry_id:
            return
        name, count = (
            self._formatter.title_of(self._register, entry_id),
            len(self._facts.uses(self._register, entry_id)),
        )
        if self._controller.remove(self._register, entry_id):
            self.removed.emit(name, count)

    def _offer_published_parts(self, agency: str) -> None:
        """Offer the parts an agency has answered, and all of them."""
        session, say = self._controller.session, self._formatter.texts.gettext
        section_of = session.instrument.section_of
        answered = {
            section_of[answer.key.address.question].id
            for answer in session.dossier().answers
            if answer.key.respondent == agency and answer.key.address.question in section_of
        }
        parts = [one for one in session.instrument.sections if one.id in answered]
        self.published_part.fill(
            (
                ("", say("All parts")),
                *(
                    (one.id, self._formatter.texts.numbered(one.number, self._formatter.wording.section(one)))
                    for one in parts
                ),
            )
        )
        self.published_part.setVisible(len(parts) > 1 and not session.is_read_only)

    def mark_published(self) -> None:
        self._controller.request_flush()
        if count := self._controller.mark_published(self.entry_id, self.published_part.currentData()):
            self.published.emit(self._formatter.title_of("agencies", self.entry_id), count)

    def open_merge_card(self, other: str = "") -> None:
        self._controller.request_flush()
        if self.entry_id:
            self.join.open_for(self.entry_id, other)
            # Where it stands is known once it has been laid out.
            QTimer.singleShot(0, self, self._scroll_to_merge_card)

    def _scroll_to_merge_card(self) -> None:
        self._area.verticalScrollBar().setValue(self.join.y())

    def _tell_duplicates_merged(self, joining: DuplicateMerge) -> None:
        self.show_entry(joining.kept.id)
        self.list.setFocus()
        self.joined.emit(joining)

    def _dismiss(self, other: str) -> None:
        self._facts.dismissed.add(frozenset({self.entry_id, other}))
        self.refresh()

    def add_document(self) -> None:
        """Ask for files and keep copies of them in the assessment."""
        files, _ = QFileDialog.getOpenFileNames(self, self._formatter.texts.gettext("Add documents as evidence"))
        self.attach([Path(file) for file in files])

    def attach(self, files: list[Path]) -> None:
        added = [entry for entry in (self._controller.attach(file) for file in files) if entry is not None]
        if added:
            self.show_entry(added[-1].id)

    def _open_document(self) -> None:
        entry = self._controller.session.entry("evidence", self.entry_id)
        if isinstance(entry, Evidence):
            name = self._formatter.title_of(self._register, entry.id)
            if problem := open_evidence(entry, self._opened, name, self._formatter.texts):
                self.not_opened.emit(problem)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.attach([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])


_TOLD, _NOT_OPENED = "register", "not opened"


class RegistersPage(QWidget):
    """The page of one register.

    ``navigate`` carries the address of a use, ``entry_wanted`` the id of an entry.
    """

    navigate = Signal(object)
    entry_wanted = Signal(str)

    def __init__(self, controller: SessionController, texts: Translator, register: str) -> None:
        super().__init__()
        self._controller, self._texts = controller, texts
        self._formatter = EntryFormatter(texts, controller.session)
        self._told_at = -1
        self.setObjectName(f"{register}_page")
        self.banners = BannerArea(texts)
        self.pane = RegisterPane(register, controller, self._formatter, RegisterUsage(controller.session))
        self.pane.navigate.connect(self.navigate)
        self.pane.entry_wanted.connect(self.entry_wanted)
        self.pane.removed.connect(self._tell_removed)
        self.pane.published.connect(self._tell_published)
        self.pane.joined.connect(self._tell_duplicates_merged)
        self.pane.not_opened.connect(lambda sentence: self.banners.tell(_NOT_OPENED, BannerTone.WARNING, sentence))
        margins = (WIDE, MEDIUM, WIDE, LARGE)
        lay_out(QVBoxLayout(self), self.banners, (self.pane, 1), margins=margins, spacing=MEDIUM)
        self._fresh = RefreshOnShow(self, controller, self._refresh)
        controller.refused.connect(lambda _error: self._fresh.mark_stale())
        controller.flush_requested.connect(self.pane.form.flush)

    def _refresh(self) -> None:
        if self._told_at != self._controller.undo_stack.index():
            self.banners.clear(_TOLD)
            self.banners.clear(_NOT_OPENED)
        self.pane.refresh()

    def _tell(self, tone: BannerTone, sentence: str) -> None:
        self._told_at = self._controller.undo_stack.index()
        self.banners.tell(_TOLD, tone, sentence, [(self._texts.gettext("Undo"), self._controller.undo)])

    def _tell_removed(self, name: str, count: int) -> None:
        """Say what still refers to an entry that was removed."""
        if not count:
            return
        self._tell(
            BannerTone.WARNING,
            self._texts.counted(
                "“{name}” was removed. {count} place still refers to it and now leads nowhere.",
                "“{name}” was removed. {count} places still refer to it and now lead nowhere.",
                count,
                name=name,
            ),
        )

    def _tell_published(self, name: str, count: int) -> None:
        told = self._texts.counted(
            "{count} answer of “{name}” waits for its confirmation. It does not count until then.",
            "{count} answers of “{name}” wait for its confirmation. They do not count until then.",
            count,
            name=name,
        )
        self._tell(BannerTone.GOOD, told)

    def _tell_duplicates_merged(self, joining: DuplicateMerge) -> None:
        kept = self._formatter.title_of(joining.register, joining.kept.id)
        gone = self._formatter.title(joining.register, joining.gone)
        pattern = self._texts.gettext("“{gone}” is now part of “{kept}”: {counts} followed.")
        if not joining.uses:
            pattern = self._texts.gettext("“{gone}” is now part of “{kept}”.")
        self._tell(
            BannerTone.GOOD, pattern.format(gone=gone, kept=kept, counts=format_use_counts(self._texts, joining))
        )
