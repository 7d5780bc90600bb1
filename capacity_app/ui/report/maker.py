"""Making a report: what is being typed and saved is waited for, then our command line writes it in a child process."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from capacity_app.report.view.parts import ALL, Part
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.jobs import Job
from capacity_app.ui.shell.save_state import Safety, SaveState


@dataclass(frozen=True, slots=True)
class Choices:
    """What a report is to be like: languages (BCP 47, the second may be empty), profile and parts."""

    language: str
    second: str
    profile: str
    parts: frozenset[Part]

    def options(self) -> list[str]:
        """Say it to the command line."""
        said = ["--language", self.language, "--profile", self.profile]
        if self.second:
            said += ["--second-language", self.second]
        if self.parts != ALL:
            said += [word for part in Part if part in self.parts for word in ("--part", part.value)]
        return said


class WhenSaved(QObject):
    """Waits until what is being typed and saved is on disk; then ``ready``, or ``failed`` if it cannot be saved."""

    ready = Signal()
    failed = Signal()

    def __init__(self, bridge: Bridge, state: SaveState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._state = bridge, state
        self.is_waiting = False
        state.changed.connect(self.go_on)

    def begin(self) -> None:
        """Have everything committed that is being typed, before the wait."""
        self._bridge.request_flush()
        self.is_waiting = True

    def go_on(self) -> None:
        """Tell, if everything is saved by now."""
        if not self.is_waiting:
            return
        if self._state.safety is Safety.FAILED:
            self.is_waiting = False
            self.failed.emit()
        elif self._state.is_safe:
            self.is_waiting = False
            self.ready.emit()

    def stop(self) -> bool:
        """Wait no longer; tells whether there was a wait."""
        was_waiting, self.is_waiting = self.is_waiting, False
        return was_waiting


class Maker(QObject):
    """Makes one report at a time, to be kept or to be looked at.

    Exactly one of ``done`` (file), ``shown`` (a PDF to look at), ``failed`` (sentence), ``cancelled`` ends it.

    ``started`` tells that the child has begun: what is changed from then on is not in the report.
    """

    started = Signal()
    progressed = Signal(str, float)
    done = Signal(str)
    shown = Signal(bytes)
    failed = Signal(str)
    cancelled = Signal()
    running_changed = Signal()

    def __init__(self, bridge: Bridge, texts: Texts, state: SaveState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._texts = bridge, texts
        self._target: Path | None = None
        self._options = [""]
        self._saving = WhenSaved(bridge, state, self)
        self._saving.ready.connect(self._begin)
        self._saving.failed.connect(self._cannot_save)
        self.job = Job(texts.tag, self)
        self.job.progressed.connect(self.progressed)
        self.job.done.connect(self._end)
        self.job.failed.connect(self._fail)
        self.job.cancelled.connect(self.cancelled)
        for end in (self.done, self.shown, self.failed, self.cancelled):
            end.connect(self.running_changed)

    @property
    def is_running(self) -> bool:
        return self.job.is_running or self._saving.is_waiting

    @property
    def content_hash(self) -> str:
        return self.job.content_hash

    def start(self, target: Path | None, choices: Choices) -> None:
        """Make a report of what is on disk by now and what is on its way there; without a target, to look at only.

        What is only looked at is never written anywhere: a folder for temporary files outlives a crash.
        """
        if self.is_running:
            return
        self._target, self._options = target, choices.options()
        self._saving.begin()
        self.running_changed.emit()
        self.progressed.emit(self._texts.gettext("Waiting until everything is saved …"), 0.0)
        self._saving.go_on()

    def _begin(self) -> None:
        """Start the child now that everything is on disk."""
        self.progressed.emit(self._texts.gettext("Starting …"), 0.0)
        self.started.emit()
        target = str(self._target) if self._target else "-"
        self.job.start(
            ["report", str(self._bridge.session.file), target, *self._options, "--progress"], self._bridge.keys
        )

    def _end(self, file: str) -> None:
        if self._target:
            self.done.emit(file)
        else:
            self.shown.emit(self.job.content)

    def _cannot_save(self) -> None:
        self.failed.emit(self._texts.gettext("The last changes could not be saved, so the report would lack them."))

    def _fail(self, sentence: str) -> None:
        say = self._texts.gettext
        silent = say("The report was stopped: nothing moved any more. Leave out parts, or choose another format.")
        unknown = say("The report could not be made: the program that makes it stopped. Try once more.")
        self.failed.emit(sentence or (silent if self.job.was_silent else unknown))

    def cancel(self) -> None:
        """Stop; an old file of the same name stays as it was."""
        if self._saving.stop():
            self.cancelled.emit()
        self.job.cancel()

    def stop(self) -> None:
        """Stop and wait until the child has gone; for closing the window."""
        self._saving.stop()
        self.job.stop()
