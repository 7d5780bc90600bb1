"""Between the session and the widgets: every change goes down here and comes back as one signal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from capacity_app.domain.answers import Address, AnswerKey, Content
from capacity_app.domain.assessment import Entry, Evidence
from capacity_app.domain.problems import KnownError
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.services.changes import Change, EntryChange, Saved, SaveFailed
from capacity_app.ui.questionnaire.progress import Progress

_ANSWER_COMMAND = 1


class SaveNews(QObject):
    """Brings what the writer thread tells into the window's thread; give ``tell`` to the session."""

    arrived = Signal(object)

    def tell(self, news: Saved | SaveFailed) -> None:
        """Forward one piece of news; may be called on any thread."""
        self.arrived.emit(news)


class _AnswerCommand(QUndoCommand):
    """One change of an answer. Changes with the same ``typing`` mark are one step: a text typed in one go."""

    def __init__(self, bridge: "Bridge", change: Change, typing: str) -> None:
        super().__init__()
        self._bridge, self.typing = bridge, typing
        self.key, self.before, self.after = change.key, change.before, change.after
        self._is_done = True

    def id(self) -> int:
        return _ANSWER_COMMAND if self.typing else -1

    def redo(self) -> None:
        if self._is_done:
            self._is_done = False
        else:
            self._say(self.after)

    def undo(self) -> None:
        self._say(self.before)

    def _say(self, content: Content) -> None:
        if not self._bridge.say_again(self.key, content):
            self.setObsolete(True)

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _AnswerCommand) or (other.key, other.typing) != (self.key, self.typing):
            return False
        self.after = other.after
        self.setObsolete(self.before == self.after)
        return True


class _EntryCommand(QUndoCommand):
    """One change of a register entry."""

    def __init__(self, bridge: "Bridge", change: EntryChange) -> None:
        super().__init__()
        self._bridge, self._change = bridge, change
        self._is_done = True

    def redo(self) -> None:
        if self._is_done:
            self._is_done = False
        else:
            self._put(self._change.after)

    def undo(self) -> None:
        self._put(self._change.before)

    def _put(self, entry: Entry | None) -> None:
        if not self._bridge.put_again(self._change.register, self._change.entry_id, entry):
            self.setObsolete(True)


_OURS = (_AnswerCommand, _EntryCommand)


def _told_as(change: Change | EntryChange) -> tuple[str, ...]:
    """Give what two changes have in common if whoever looks needs to hear of one of them only."""
    if isinstance(change, EntryChange):
        return change.register, change.entry_id
    return "", change.key.address.question, change.key.address.row


class Bridge(QObject):
    """The one way from a widget to the session: remember, undo, tell everybody.

    ``changed`` carries a ``Change`` or ``EntryChange``; ``refused`` a ``Refused``; ``revisited`` the address an
    undo or redo went to; ``refusal`` is the last refusal, None after a success. On ``flush_requested`` editors
    commit typed text at once; on ``rescue_requested`` they put text that cannot be read as an answer into the
    note, so that nothing typed is lost.
    """

    changed = Signal(object)
    saved = Signal(object)
    save_failed = Signal(object)
    refused = Signal(object)
    respondent_changed = Signal(str)
    revisited = Signal(object)
    flush_requested = Signal()
    rescue_requested = Signal()

    def __init__(self, session: AssessmentSession, news: SaveNews | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.progress = Progress(session)
        self.undo_stack = QUndoStack(self)
        self.refusal: KnownError | None = None
        self._untold: list[Change | EntryChange] = []
        self._depth = 0
        agencies = session.entries("agencies")
        self._respondent = agencies[0].id if agencies else ""
        if news is not None:
            news.arrived.connect(self._hear, Qt.ConnectionType.QueuedConnection)

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

    def key(self, address: Address) -> AnswerKey:
        """Give the key of the present respondent's answer at an address."""
        return AnswerKey(address, respondent=self._respondent)

    def content(self, address: Address) -> Content:
        """Give what the present respondent says at an address."""
        return self.session.content(self.key(address))

    def record(self, key: AnswerKey, content: Content, typing: str = "") -> bool:
        """Store an answer as one undoable step; False if it was refused.

        Steps with the same ``typing`` mark that follow each other become one.
        """
        try:
            change = self.session.record(key, content)
        except KnownError as error:
            self._refuse(error)
            return False
        self.refusal = None
        if change.before != change.after:
            self.undo_stack.push(_AnswerCommand(self, change, typing))
            self._tell(change)
        return True

    def say_again(self, key: AnswerKey, content: Content) -> bool:
        """Store an answer as part of an undo or redo."""
        try:
            change = self.session.record(key, content)
        except KnownError as error:
            self._refuse(error)
            return False
        self._tell(change)
        return True

    def put(self, entry: Entry) -> bool:
        """Add or replace a register entry as one undoable step; False if it was refused."""
        return self._enter(lambda: self.session.put(entry)) is not None

    def remove(self, register: str, entry_id: str) -> bool:
        """Remove a register entry as one undoable step; False if it was refused."""
        return self._enter(lambda: self.session.remove(register, entry_id)) is not None

    def attach(self, file: Path, title: str = "") -> Evidence | None:
        """Store a file as evidence as one undoable step; None if it was refused."""
        change = self._enter(lambda: self.session.attach(file, title))
        return change.after if change is not None and isinstance(change.after, Evidence) else None

    def _enter(self, act: Callable[[], EntryChange]) -> EntryChange | None:
        try:
            change = act()
        except KnownError as error:
            self._refuse(error)
            return None
        self.refusal = None
        if change.before != change.after:
            self.undo_stack.push(_EntryCommand(self, change))
            self._tell(change)
        return change

    def put_again(self, register: str, entry_id: str, entry: Entry | None) -> bool:
        """Put a register entry back, or take it away, as part of an undo or redo."""
        try:
            change = self.session.remove(register, entry_id) if entry is None else self.session.put(entry)
        except KnownError as error:
            self._refuse(error)
            return False
        self._tell(change)
        return True

    @contextmanager
    def one_step(self) -> Iterator[None]:
        """Make everything recorded inside one undoable step, told once it is complete."""
        self.undo_stack.beginMacro("")
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            self.undo_stack.endMacro()
            if self._depth == 0:
                self._drop_empty_step()
                self._tell_all()

    def _drop_empty_step(self) -> None:
        """Leave no step behind in which everything was refused."""
        step = self.undo_stack.command(self.undo_stack.index() - 1)
        if step is not None and step.childCount() == 0 and not isinstance(step, _OURS):
            step.setObsolete(True)
            self.undo_stack.undo()

    def undo(self) -> None:
        """Take the last step back, after committing what is being typed. Never call the stack's own ``undo``."""
        for address in self._step(self.undo_stack.undo)[-1:]:
            self.revisited.emit(address)

    def redo(self) -> None:
        """Repeat the step last taken back, after committing what is being typed. Never call the stack's own."""
        for address in self._step(self.undo_stack.redo)[:1]:
            self.revisited.emit(address)

    def _step(self, act: Callable[[], None]) -> list[Address]:
        """Have the stack act, and tell only then: whoever hears of a change may record, and so change the stack."""
        self.request_flush()
        self._depth += 1
        try:
            act()
        finally:
            self._depth -= 1
        places = [change.key.address for change in self._untold if isinstance(change, Change)]
        self._tell_all()
        return places

    def _tell(self, change: Change | EntryChange) -> None:
        self._untold.append(change)
        if self._depth == 0:
            self._tell_all()

    def _tell_all(self) -> None:
        """Tell what has changed; of several cells of a row only one, for the row is shown as a whole."""
        told, self._untold = self._untold, []
        for change in {_told_as(change): change for change in told}.values():
            self.changed.emit(change)

    def request_flush(self) -> None:
        """Have all editors commit typed text now."""
        self.flush_requested.emit()

    def request_close(self) -> None:
        """Have all editors commit typed text for the last time; call before ``session.close()``."""
        self.flush_requested.emit()
        self.rescue_requested.emit()
