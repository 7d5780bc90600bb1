"""Checking a file against the open assessment: a child process reads it, for it may be anybody's."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal

from capacity_app.domain.keys import Keyring
from capacity_app.domain.verification import Match, Verdict
from capacity_app.services.unlocking import is_locked
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.jobs import Inquiry
from capacity_app.ui.report.maker import WhenSaved
from capacity_app.ui.shell.save_state import SaveState
from capacity_app.ui.shell.settings import SUFFIX


class Signed(Enum):
    """How a PDF file is signed: not at all, not as it is now, on another computer, or on this one."""

    NOT = auto()
    CHANGED = auto()
    ELSEWHERE = auto()
    HERE = auto()


_THE_ANSWER = frozenset(
    {"content.same", "content.claimed", "content.different", "content.other", "content.not_compared"}
)
"""What is said once and large."""
_SIGNED = {
    "file.unsigned": Signed.NOT,
    "file.changed": Signed.CHANGED,
    "certificate.other": Signed.ELSEWHERE,
    "file.intact": Signed.HERE,
}
"""What the codes of observations say of a PDF file, the first that is there."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found out about a file, in words: what is wrong or right with it, and what it says of itself."""

    file: str
    is_good: bool
    match: Match | None
    told: tuple[tuple[Verdict, str], ...]
    facts: tuple[tuple[str, str], ...]
    damage: tuple[str, ...]
    signed: Signed | None = None
    """Only of PDF files."""


def read_answer(answer: Mapping[str, object]) -> Checked:
    """Read what the command line says about a file."""
    match = str(answer.get("match") or "")
    codes = {one["code"] for one in _entries(answer, "observations")}
    return Checked(
        file=str(answer.get("file", "")),
        is_good=answer.get("ok") is True,
        match=Match(match) if match in set(Match) else None,
        told=tuple(
            (Verdict(one["verdict"]), one["text"])
            for one in _entries(answer, "observations")
            if one["code"] not in _THE_ANSWER
        ),
        facts=tuple((one["label"], one["text"]) for one in _entries(answer, "facts")),
        damage=(
            *(f"{one['place']}: {one['message']}" for one in _entries(answer, "damage")),
            *(one["text"] for one in _entries(_inside(answer, "printed"), "places")),
        ),
        signed=next((signed for code, signed in _SIGNED.items() if code in codes), None),
    )


def _inside(answer: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = answer.get(name)
    return found if isinstance(found, Mapping) else {}


def _entries(answer: Mapping[str, object], name: str) -> Iterator[dict[str, str]]:
    found = answer.get(name)
    for entry in found if isinstance(found, list) else ():
        yield {str(key): str(value) for key, value in entry.items()}


def offered_file(mime: QMimeData) -> Path | None:
    """Return the one file that is dropped; an assessment is for the window, which opens it."""
    files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return files[0] if len(files) == 1 and files[0].suffix.casefold() != SUFFIX else None


def any_of(endings: Iterable[str]) -> str:
    """Write endings as a file dialog wants them: "*.pdf *.docx"."""
    return " ".join(f"*{ending}" for ending in endings)


class FileCheck(QObject):
    """Checks one file at a time. Ends with one of ``found`` (a ``Checked``), ``failed`` (sentence), ``cancelled``.

    Of a protected assessment that nothing opens, nothing is begun: ``locked`` carries its path.
    """

    found = Signal(object)
    failed = Signal(str)
    cancelled = Signal()
    running_changed = Signal()
    locked = Signal(object)

    def __init__(self, bridge: Bridge, texts: Texts, state: SaveState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._texts = bridge, texts
        self._file = ""
        self._saving = WhenSaved(bridge, state, self)
        self._saving.ready.connect(self._ask)
        self._saving.failed.connect(self._cannot_save)
        self.inquiry = Inquiry(texts.tag, self)
        self.inquiry.answered.connect(lambda answer: self.found.emit(read_answer(answer)))
        self.inquiry.failed.connect(self._fail)
        self.inquiry.cancelled.connect(self.cancelled)
        for end in (self.found, self.failed, self.cancelled):
            end.connect(self.running_changed)

    @property
    def is_running(self) -> bool:
        """Return whether a file is being checked, or the check is waited for."""
        return self.inquiry.is_running or self._saving.is_waiting

    def start(self, file: Path) -> None:
        """Compare a file with what is on disk by now and what is on its way there."""
        if self.is_running:
            return
        if file.suffix.casefold() == SUFFIX and is_locked(file, self._bridge.keys):
            self.locked.emit(file)
            return
        self._file = str(file)
        self._saving.begin()
        self.running_changed.emit()
        self._saving.go_on()

    def start_with(self, file: Path, ring: Keyring) -> None:
        """Check a file that has just been opened with what somebody typed."""
        self._bridge.keys = self._bridge.keys.and_also(ring)
        self.start(file)

    def _ask(self) -> None:
        command = ["verify", "--json", "--", self._file, str(self._bridge.session.file)]
        self.inquiry.start(command, self._bridge.keys)

    def _cannot_save(self) -> None:
        say = self._texts.gettext
        self.failed.emit(say("The last changes could not be saved, so the file cannot be compared with them."))

    def _fail(self, sentence: str) -> None:
        unknown = self._texts.gettext("The file could not be checked: it makes the program that reads it stop or hang.")
        self.failed.emit(sentence or unknown)

    def cancel(self) -> None:
        if self._saving.stop():
            self.cancelled.emit()
        self.inquiry.cancel()

    def stop(self) -> None:
        """Stop and wait until the child has gone; for closing the window."""
        self._saving.stop()
        self.inquiry.stop()
