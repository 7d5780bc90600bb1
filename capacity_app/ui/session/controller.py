"""Between the session and the widgets: every change goes down here, can be undone, and comes back as one signal."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack
from PySide6.QtWidgets import QWidget

from capacity_app.domain.assessment.answers import Address, AnswerKey, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Evidence, RegisterEntry, RetiredAnswer
from capacity_app.domain.encryption_keys import keyring_of
from capacity_app.domain.problems import N_, KnownError
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.change_sets import (
    ChangeSet,
    confirm_kept_answers,
    inverse_change_set,
    published_change_set,
    retire_kept_answers,
    store_change_set,
)
from capacity_app.services.session.revision_log import AnswerChange, EntryChange, Saved, SaveFailed
from capacity_app.ui.session.carried_forward import CarriedForward
from capacity_app.ui.session.formatters import EntryFormatter
from capacity_app.ui.session.job_list import JobList

if TYPE_CHECKING:
    from capacity_app.services.exchange.merge import MergeResult


_Done = TypeVar("_Done")


def describe_change(formatter: EntryFormatter, change: AnswerChange | EntryChange) -> str:
    say = formatter.texts.gettext
    if isinstance(change, AnswerChange):
        return say("answer to {place}").format(place=formatter.wording.place(change.key.address))
    if change.register == "mission":
        return say("change of the mission")
    if change.register == "ratings":
        return say("rating of {gap}").format(gap=formatter.gap_name(change.entry_id))
    if change.register == "kept":
        return say(N_("letting go of an earlier answer") if change.after else N_("confirming of an earlier answer"))
    pattern = N_("change of “{name}”")
    if change.before is None or change.after is None:
        pattern = N_("adding of an entry") if change.before is None else N_("removal of “{name}”")
    return say(pattern).format(name=formatter.title(change.register, change.after or change.before))


class UndoStep(QUndoCommand):
    """Something that has been done; what can no longer be done again, or taken back, drops out of the stack.

    Steps with the same ``mark`` that follow each other become one, as a text typed in one go; ``ends`` is what was
    there before and after.
    """

    def __init__(
        self,
        redo: Callable[[], bool],
        undo: Callable[[], bool],
        text: str = "",
        *,
        mark: object = None,
        ends: tuple[object, object] = (None, None),
    ) -> None:
        super().__init__(text)
        self.again, self._undo, self.mark, self.ends = redo, undo, mark, ends
        self._is_done = True

    def redo(self) -> None:
        """Do it again; the stack also asks when it takes the step in, which is done by then."""
        if self._is_done:
            self._is_done = False
        elif not self.again():
            self.setObsolete(True)

    def undo(self) -> None:
        if not self._undo():
            self.setObsolete(True)

    def id(self) -> int:
        return -1 if self.mark is None else 1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, UndoStep) or other.mark != self.mark:
            return False
        self.again, self.ends = other.again, (self.ends[0], other.ends[1])
        self.setObsolete(self.ends[0] == self.ends[1])
        return True


class WriterSignals(QObject):
    """Brings what the writer thread tells into the window's thread; give both methods to the session."""

    arrived = Signal(object)
    backup_failed = Signal(object)

    def tell(self, news: Saved | SaveFailed) -> None:
        """Forward one piece of news; may be called on any thread."""
        self.arrived.emit(news)

    def report_backup_failure(self, error: KnownError) -> None:
        """Forward why a backup could not be made; may be called on any thread."""
        self.backup_failed.emit(error)


def _change_subject(change: AnswerChange | EntryChange) -> tuple[str, ...]:
    """Return what two changes have in common if whoever looks needs to hear of one of them only."""
    if isinstance(change, EntryChange):
        return change.register, change.entry_id
    return "", change.key.address.question, change.key.address.row


class SessionController(QObject):
    """The one way from a widget to the session: remember, undo, tell everybody.

    ``changed`` carries an ``AnswerChange`` or ``EntryChange``; ``refused`` a ``ValidationError``; ``backup_failed`` a
    KnownError;
    ``revisited`` the address an undo or redo went to; ``refusal`` is the last refusal, None after a success. On
    ``flush_requested`` editors store typed text at once, also text that cannot be read as an answer; on
    ``rescue_requested`` an answer that was typed and never signed goes into the note, so that nothing typed is lost.
    """

    changed = Signal(object)
    saved = Signal(object)
    save_failed = Signal(object)
    backup_failed = Signal(object)
    refused = Signal(object)
    respondent_changed = Signal(str)
    revisited = Signal(object)
    flush_requested = Signal()
    rescue_requested = Signal()

    def __init__(
        self, session: AssessmentSession, news: WriterSignals | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.session = session
        self.keys = keyring_of(session.key)
        """What opens this file and others that somebody has typed the passphrase of."""
        self.carried = CarriedForward(session, lambda: self._respondent)
        self.changed.connect(self.carried.follow)
        self.undo_stack = QUndoStack(self)
        self.jobs = JobList(self)
        self.refusal: KnownError | None = None
        self._pending_changes: list[AnswerChange | EntryChange] = []
        self._depth = 0
        agencies = session.entries("agencies")
        self._respondent = agencies[0].id if agencies else ""
        if news is not None:
            news.arrived.connect(self._hear, Qt.ConnectionType.QueuedConnection)
            news.backup_failed.connect(self.backup_failed, Qt.ConnectionType.QueuedConnection)

    def _hear(self, news: object) -> None:
        (self.saved if isinstance(news, Saved) else self.save_failed).emit(news)

    @property
    def respondent(self) -> str:
        """The id of the agency in whose name answers are given; empty while there is no agency."""
        return self._respondent

    @respondent.setter
    def respondent(self, agency: str) -> None:
        if agency != self._respondent:
            self.request_close()  # what is half typed belongs to the agency that was answering
            self._respondent = agency
            self.respondent_changed.emit(agency)

    def _refuse(self, error: KnownError) -> None:
        self.refusal = error
        self.refused.emit(error)

    def _attempt(self, act: Callable[[], _Done]) -> _Done | None:
        """Return what an act of the session gives; None if it was refused, which is told."""
        try:
            done = act()
        except KnownError as error:
            self._refuse(error)
            return None
        self.refusal = None
        return done

    def key(self, address: Address) -> AnswerKey:
        return AnswerKey(address, respondent=self._respondent)

    def content(self, address: Address) -> Content:
        return self.session.content(self.key(address))

    def record(self, key: AnswerKey, content: Content, typing: str = "") -> bool:
        """Store an answer as one undoable step; False if it was refused.

        Steps with the same ``typing`` mark that follow each other become one.
        """
        change = self._attempt(lambda: self.session.record(key, content))
        if change is not None and change.before != change.after:
            self._push(change, typing)
            self._tell(change)
        return change is not None

    def _push(self, change: AnswerChange | EntryChange, typing: str) -> None:
        restore: Callable[..., bool]
        if isinstance(change, AnswerChange):
            restore = partial(self.say_again, change.key)
            mark: object = (typing, change.key)
        else:
            restore = partial(self.restore_entry, change.register, change.entry_id)
            mark = (typing, change.register, change.entry_id)
        self.undo_stack.push(UndoStep(
            partial(restore, change.after), partial(restore, change.before),
            mark=mark if typing else None, ends=(change.before, change.after),
        ))  # fmt: skip

    def say_again(self, key: AnswerKey, content: Content) -> bool:
        change = self._attempt(lambda: self.session.record(key, content))
        if change is not None:
            self._tell(change)
        return change is not None

    def put(self, entry: RegisterEntry, typing: str = "") -> bool:
        """Add or replace a register entry as one undoable step; False if it was refused.

        Steps with the same ``typing`` mark that follow each other become one.
        """
        return self._enter(lambda: self.session.put(entry), typing) is not None

    def remove(self, register: str, entry_id: str) -> bool:
        """Remove a register entry as one undoable step; False if it was refused."""
        return self._enter(lambda: self.session.remove(register, entry_id)) is not None

    def attach(self, file: Path, title: str = "") -> Evidence | None:
        """Store a file as evidence as one undoable step; None if it was refused."""
        return self._hold(lambda: self.session.attach(file, title))

    def attach_content(self, file_name: str, content: bytes, title: str) -> Evidence | None:
        """Store bytes that lie in no file as evidence as one undoable step; None if they were refused."""
        return self._hold(lambda: self.session.attach_content(file_name, content, title))

    def _hold(self, act: Callable[[], EntryChange]) -> Evidence | None:
        change = self._enter(act)
        return change.after if change is not None and isinstance(change.after, Evidence) else None

    def store(self, bundle: ChangeSet, text: str) -> bool:
        """Store changes that belong together as one undoable step called ``text``; False if it was refused."""
        back = inverse_change_set(self.session, bundle)
        with self.notify_afterwards():
            is_stored = self.restore_bundle(bundle)
            if is_stored:
                restore = self.restore_bundle
                self.undo_stack.push(UndoStep(partial(restore, bundle), partial(restore, back), text))
        return is_stored

    def restore_bundle(self, bundle: ChangeSet) -> bool:
        """Store changes that belong together, the first time or as part of an undo or redo."""
        return self.apply_changes(lambda: store_change_set(self.session, bundle))

    def apply_changes(self, act: Callable[[], Iterable[AnswerChange | EntryChange]]) -> bool:
        """Do something that changes much at once, the first time or as part of an undo or redo."""
        changes = self._attempt(act)
        if changes is None:
            return False
        with self.notify_afterwards():
            self._pending_changes += changes
        return True

    def merge(self, act: "Callable[[], MergeResult]", text: str) -> "MergeResult | None":
        """Merge other files, or settle conflicts, as one undoable step called ``text``; None if it was refused."""
        from capacity_app.services.exchange.merge import redo_merge, undo_merge  # noqa: PLC0415 - not before somebody merges

        with self.notify_afterwards():
            result = self._attempt(act)
            if result is not None:
                self._pending_changes += result.changes
                redo, undo = (partial(one, self.session, result) for one in (redo_merge, undo_merge))
                apply = self.apply_changes
                self.undo_stack.push(UndoStep(partial(apply, redo), partial(apply, undo), text))
        return result

    @contextmanager
    def notify_afterwards(self) -> Iterator[None]:
        """Tell only once the stack holds the step: whoever hears of a change may record, and so change the stack."""
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            if self._depth == 0:
                self._notify_all()

    def set_previous_round(self, dossier: Dossier | None, text: str) -> bool:
        """Set or drop the previous round as one undoable step called ``text``; False if it was refused."""
        try:
            before = self.session.previous
        except KnownError:
            before = None
        with self.notify_afterwards():
            is_set = self.restore_previous_round(dossier)
            if is_set:
                restore = self.restore_previous_round
                self.undo_stack.push(UndoStep(partial(restore, dossier), partial(restore, before), text))
        return is_set

    def restore_previous_round(self, dossier: Dossier | None) -> bool:
        """Set the previous round, the first time or as part of an undo or redo; told as a change of the mission."""
        try:
            self.session.set_previous(dossier)
        except KnownError as error:
            self._refuse(error)
            return False
        self.refusal = None
        mission = self.session.mission
        self._tell(EntryChange("mission", mission.id, mission, mission))
        return True

    def _enter(self, act: Callable[[], EntryChange], typing: str = "") -> EntryChange | None:
        change = self._attempt(act)
        if change is not None and change.before != change.after:
            self._push(change, typing)
            self._tell(change)
        return change

    def restore_entry(self, register: str, entry_id: str, entry: RegisterEntry | None) -> bool:
        session = self.session
        change = self._attempt(lambda: session.remove(register, entry_id) if entry is None else session.put(entry))
        if change is not None:
            self._tell(change)
        return change is not None

    # -- what was said before -------------------------------------------------------------------------------------

    def confirm_carried(self, addresses: Iterable[Address]) -> int:
        """Record earlier answers as the present respondent's, as one step; gives how many were stored.

        What an answer confirmed before them has settled or hidden is left out.
        """
        carried, places = self.carried, tuple(addresses)
        kept = {address: waiting[0] for address in places if (waiting := carried.own(address))}
        offers = {address: carried.at(address) for address in places if address not in kept}
        if kept and not offers:
            return self.confirm_kept(kept.values())
        count = 0
        with self.one_step():
            count += self.confirm_kept(kept.values())
            for address, content in offers.items():
                offered = carried.at(address) if carried.depends_on_others(address) else content
                if offered is not None:
                    own = self.content(address)
                    said = replace(offered, note=own.note, evidence=own.evidence)
                    count += self.record(self.key(address), said)
        return count

    def confirm_kept(self, entries: Iterable[RetiredAnswer]) -> int:
        """Make answers of an earlier version answers again, as one step; gives how many were stored."""
        bundle = confirm_kept_answers(self.session, entries)
        if not bundle.answers or not self.store(bundle, ""):
            return 0
        self.carried.forget_kept()
        return len(bundle.answers)

    def retire_kept(self, entries: Iterable[RetiredAnswer]) -> bool:
        """Keep answers of an earlier version as what was said then, as one step."""
        return self.store(retire_kept_answers(entries), "")

    def mark_published(self, agency: str, section: str = "") -> int:
        """Let answers of an agency, in one part or all, wait for its confirmation; gives how many there were."""
        bundle = published_change_set(self.session, agency, (section,) if section else ())
        return len(bundle.answers) if bundle.answers and self.store(bundle, "") else 0

    @contextmanager
    def one_step(self) -> Iterator[None]:
        """Make everything recorded inside one undoable step, told once it is complete."""
        with self.notify_afterwards():
            self.undo_stack.beginMacro("")
            try:
                yield
            finally:
                self.undo_stack.endMacro()
                if self._depth == 1:
                    self._drop_empty_step()

    def _drop_empty_step(self) -> None:
        """Leave no step behind in which everything was refused."""
        step = self.undo_stack.command(self.undo_stack.index() - 1)
        if step is not None and step.childCount() == 0 and not isinstance(step, UndoStep):
            step.setObsolete(True)
            self.undo_stack.undo()

    def undo(self) -> int:
        """Take the last step back, after committing what is being typed; gives how many answers that changed.

        Never call the stack's own ``undo``.
        """
        changed = self._step(self.undo_stack.undo)
        for address in changed[-1:]:
            self.revisited.emit(address)
        return len(changed)

    def redo(self) -> None:
        """Repeat the step last taken back, after committing what is being typed. Never call the stack's own."""
        for address in self._step(self.undo_stack.redo)[:1]:
            self.revisited.emit(address)

    def _step(self, act: Callable[[], None]) -> list[Address]:
        """Have the stack act, and tell only then: whoever hears of a change may record, and so change the stack."""
        self.request_flush()
        with self.notify_afterwards():
            act()
            return [change.key.address for change in self._pending_changes if isinstance(change, AnswerChange)]

    def _tell(self, change: AnswerChange | EntryChange) -> None:
        self._pending_changes.append(change)
        if self._depth == 0:
            self._notify_all()

    def _notify_all(self) -> None:
        """Tell what has changed; of several cells of a row only one, for the row is shown as a whole."""
        told, self._pending_changes = self._pending_changes, []
        for change in {_change_subject(change): change for change in told}.values():
            self.changed.emit(change)

    def request_flush(self) -> None:
        self.flush_requested.emit()

    def request_close(self) -> None:
        """Have all editors commit typed text for the last time; call before ``session.close()``."""
        self.flush_requested.emit()
        self.rescue_requested.emit()


class RefreshOnShow(QObject):
    """Knows whether a page is behind the assessment, and brings it up to date when it is shown."""

    def __init__(self, page: QWidget, controller: SessionController, show: Callable[[], None]) -> None:
        super().__init__(page)
        self._page, self._show, self._is_stale = page, show, True
        page.installEventFilter(self)
        controller.changed.connect(lambda _change: self.mark_stale())

    def mark_stale(self) -> None:
        is_first = not self._is_stale
        self._is_stale = True
        if is_first and self._page.isVisible():
            # Several changes in a row, as when a block is pasted, are shown once.
            QTimer.singleShot(0, self._page, self.refresh)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self.refresh()
        return super().eventFilter(watched, event)

    def refresh(self) -> None:
        """Show what is known now, unless it is shown already or nobody can see it."""
        if self._is_stale and self._page.isVisible():
            self._is_stale = False
            self._show()
