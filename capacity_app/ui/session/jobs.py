"""Heavy work as our own command line in a child process: a crash or a cancel there cannot take the window along."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal, SignalInstance
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from capacity_app.domain.assessment.privacy import ReportProfile, Withheld
from capacity_app.domain.encryption_keys import NO_KEYS, Keyring
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.i18n.translator import Translator
from capacity_app.services.child_process import (
    CHECK_TIME_LIMIT,
    KEYS_OPTION,
    TIME_LIMIT,
    end_with_this_process,
    keyring_to_line,
    message_content,
    own_command_line,
    parse_message,
)
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.save_state import SaveBarrier, SaveState
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM
from capacity_app.ui.widgets.banners import BannerAction, BannerTone, OutcomeBanner
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.layouts import lay_out, side_by_side, with_action
from capacity_app.ui.widgets.progress_card import ProgressLine

_LOG = logging.getLogger(__name__)
_STOP_MS = 3000
_GRACE = 30
"""Seconds a child has to end itself with a sentence, once its time is up."""
_LONGEST_ANSWER = 16_000_000
_LONGEST_LINE = 300_000_000
"""Bytes: the largest report as base64, and far more than any other message."""


class _CommandRun(QObject):
    """One run of the command line at a time; exactly one signal ends it.

    ``language`` (BCP 47) is the one its sentences are in. A child that has said nothing for ``patience``
    seconds is ended: it hangs where its own limits do not reach. ``failed`` carries ``unknown`` where the child
    died, or was ended, without a word; ``was_silent`` tells which.
    """

    failed = Signal(str)
    cancelled = Signal()
    running_changed = Signal()

    def __init__(self, language: str, parent: QObject | None, patience: float, unknown: str) -> None:
        super().__init__(parent)
        self.was_silent = False
        self.unknown = unknown
        self._saving: SaveBarrier | None = None
        self._is_cancelled = False
        self._sentence = ""
        self._silence = QTimer(self)
        self._silence.setSingleShot(True)
        self._silence.setInterval(round(patience * 1000))
        self._silence.timeout.connect(self._kill_slow_child)
        self._process = QProcess(self)
        self._process.setProcessEnvironment(_environment(language))
        self._process.started.connect(lambda: end_with_this_process(self._process.processId()))
        self._process.readyReadStandardOutput.connect(self._hear)
        self._process.finished.connect(self._finish)
        self._process.errorOccurred.connect(self._fail)

    @property
    def is_running(self) -> bool:
        """Return whether the child runs, or is to run once everything is saved."""
        return self._is_alive or (self._saving is not None and self._saving.is_waiting)

    @property
    def _is_alive(self) -> bool:
        return self._process.state() != QProcess.ProcessState.NotRunning

    def wait_for(self, saving: SaveBarrier, unsaved: str, begin: Callable[[], object]) -> None:
        """Have ``start_saved`` begin only once everything is on disk; ``unsaved`` says why it could not."""
        self._saving = saving
        saving.ready.connect(begin)
        saving.failed.connect(lambda: self.failed.emit(unsaved))
        saving.failed.connect(self.running_changed)

    def start_saved(self, tell: Callable[[], object] = lambda: None) -> None:
        """Wait until what is being typed and saved is on disk, then begin; ``tell`` is called as the wait begins."""
        assert self._saving is not None, "there is something to wait for"
        self._saving.begin()
        tell()
        self.running_changed.emit()
        self._saving.go_on()

    def start(self, arguments: Sequence[str], keys: Keyring = NO_KEYS, typed: str = "") -> None:
        """Start the command line with these arguments.

        ``keys`` open protected assessments; they and a line ``typed`` go over a pipe, where no other program reads.
        """
        self._sentence = ""
        self.was_silent = self._is_cancelled = False
        self._forget()
        program, *full = own_command_line((*([KEYS_OPTION] if keys else []), *arguments))
        self._silence.start()
        self._process.start(program, full)
        if keys or typed:
            self._process.write((keyring_to_line(keys) if keys else b"") + (f"{typed}\n".encode() if typed else b""))
        self._process.closeWriteChannel()
        self.running_changed.emit()

    def cancel(self) -> None:
        """Stop the child at once; what it was writing never appears under its final name."""
        if self._saving is not None and self._saving.stop():
            self.cancelled.emit()
            self.running_changed.emit()
        self._kill()

    def _kill(self) -> None:
        if self._is_alive:
            self._is_cancelled = True
            self._process.kill()

    def stop(self) -> None:
        """Stop the child and wait until it has gone; for closing the window."""
        if self._saving is not None:
            self._saving.stop()
        self._kill()
        self._process.waitForFinished(_STOP_MS)

    def _kill_slow_child(self) -> None:
        if self._is_alive:
            self.was_silent = True
            self._process.kill()

    def _hear(self) -> None:
        if not self.was_silent:
            self._silence.start()
        self._read()

    def _finish(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read()
        self._silence.stop()
        words = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace").strip()
        if words:
            # Not its words: they may quote an answer.
            _LOG.info("The child process complained, and ended with %d", code)
        if self._is_cancelled:
            self.cancelled.emit()
        elif self.was_silent or status is not QProcess.ExitStatus.NormalExit:
            self._tell_failure("" if self.was_silent else self._sentence)
        elif not self._succeed(code):
            self._tell_failure(self._sentence or words.rpartition("\n")[2] if code in {1, 2} else self._sentence)
        self.running_changed.emit()

    def _tell_failure(self, sentence: str) -> None:
        self.failed.emit(sentence or self.unknown)

    def _fail(self, error: QProcess.ProcessError) -> None:
        # Every other error is followed by "finished"; a child that never started is not.
        if error is QProcess.ProcessError.FailedToStart:
            self._silence.stop()
            QTimer.singleShot(0, self, self._tell_not_started)

    def _tell_not_started(self) -> None:
        self._tell_failure(self._sentence)
        self.running_changed.emit()

    def _forget(self) -> None:
        raise NotImplementedError

    def _read(self) -> None:
        raise NotImplementedError

    def _succeed(self, code: int) -> bool:
        """Tell the outcome of a child that ended by itself with this exit code; False if there is none."""
        raise NotImplementedError


class CommandJob(_CommandRun):
    """Something made by the command line. Ends with one of ``done`` (file), ``failed`` (sentence), ``cancelled``.

    ``content_hash`` is what the file carries, ``content`` what a file that was never written holds, as soon
    as it is done; ``note`` is a sentence to tell with it. ``outcomes`` are the exit codes that
    do not say that it failed.
    """

    progressed = Signal(str, float)
    first_pages = Signal(bytes)
    done = Signal(str)

    def __init__(
        self,
        language: str = "",
        parent: QObject | None = None,
        *,
        patience: float = TIME_LIMIT + _GRACE,
        unknown: str = "",
        outcomes: frozenset[int] = frozenset({0}),
    ) -> None:
        super().__init__(language, parent, patience, unknown)
        self._outcomes = outcomes
        self._forget()

    def _forget(self) -> None:
        self._file = self.content_hash = self.note = ""
        self.content = b""
        self._share = 0.0

    def _read(self) -> None:
        while self._process.canReadLine():
            self._take(parse_message(bytes(self._process.readLine().data())))
        if self._process.bytesAvailable() > _LONGEST_LINE:
            self._process.kill()  # it would talk until our memory is full

    def _take(self, message: dict[str, object]) -> None:
        if "share" in message:
            share = message["share"]
            # A step may be announced late; a bar never goes backwards.
            self._share = max(self._share, float(share) if isinstance(share, int | float) else 0.0)
            self.progressed.emit(str(message.get("step", "")), self._share)
        if message.get("first_pages"):
            self.first_pages.emit(message_content(message))
        if message.get("done"):
            self._file = str(message.get("file", ""))
            self.content_hash = str(message.get("content_hash", ""))
            self.content = message_content(message)
            self.note = str(message.get("note", ""))
        if "error" in message:
            self._sentence = str(message["error"])

    def _succeed(self, code: int) -> bool:
        if code in self._outcomes and self._file:
            self.done.emit(self._file)
            return True
        return False


class CommandQuery(_CommandRun):
    """Something asked of the command line, whose answer is one JSON object; problems found are an answer too.

    Ends with one of ``answered`` (the object), ``failed`` (sentence), ``cancelled``.
    """

    answered = Signal(object)

    def __init__(
        self,
        language: str = "",
        parent: QObject | None = None,
        *,
        patience: float = CHECK_TIME_LIMIT + _GRACE,
        unknown: str = "",
    ) -> None:
        super().__init__(language, parent, patience, unknown)
        self._forget()

    def _forget(self) -> None:
        self._said = b""

    def _read(self) -> None:
        self._said = (self._said + bytes(self._process.readAllStandardOutput().data()))[:_LONGEST_ANSWER]

    def _succeed(self, code: int) -> bool:
        answer = parse_message(self._said)
        if code in {0, 1} and answer:
            self.answered.emit(answer)
            return True
        return False


def _environment(language: str) -> QProcessEnvironment:
    """Have the child speak the window's language, and write what it says at once."""
    environment = QProcessEnvironment.systemEnvironment()
    environment.insert("PYTHONIOENCODING", "utf-8")
    environment.insert("PYTHONUNBUFFERED", "1")
    if language:
        environment.insert("LANGUAGE", language.replace("-", "_"))
    return environment


# Making a report: what is being typed and saved is waited for, then our command line writes it in a child process.


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What a report is to be like: languages (BCP 47, the second may be empty) and profile."""

    language: str
    second: str
    profile: ReportProfile

    def options(self) -> list[str]:
        said = ["--language", self.language, "--profile", self.profile.volume.value]
        if self.second:
            said += ["--second-language", self.second]
        return [*said, *(f"--{one}" for one in Withheld if one in self.profile.without)]


class ReportJob(QObject):
    """Makes one report at a time, to be kept or to be looked at.

    Exactly one of ``done`` (file), ``shown`` (a PDF to look at), ``failed`` (sentence), ``cancelled`` ends it. Of a
    long PDF to look at, ``first_pages`` come before.

    ``started`` tells that the child has begun: what is changed from then on is not in the report.
    """

    started = Signal()
    progressed = Signal(str, float)
    first_pages = Signal(bytes)
    done = Signal(str)
    shown = Signal(bytes)
    failed = Signal(str)
    cancelled = Signal()
    running_changed = Signal()

    def __init__(
        self, controller: SessionController, texts: Translator, state: SaveState, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._controller, self._texts = controller, texts
        self._target: Path | None = None
        self._options = [""]
        self.job = CommandJob(texts.tag, self)
        unsaved = texts.gettext("The last changes could not be saved, so the report would lack them.")
        self.job.wait_for(SaveBarrier(controller, state, self), unsaved, self._begin)
        self.job.progressed.connect(self.progressed)
        self.job.first_pages.connect(self.first_pages)
        self.job.done.connect(self._end)
        self.job.failed.connect(self._fail)
        self.job.cancelled.connect(self.cancelled)
        for end in (self.done, self.shown, self.failed, self.cancelled):
            end.connect(self.running_changed)

    @property
    def is_running(self) -> bool:
        return self.job.is_running

    @property
    def content_hash(self) -> str:
        return self.job.content_hash

    def start(self, target: Path | None, choices: ReportOptions) -> None:
        """Make a report of what is on disk by now and what is on its way there; without a target, to look at only.

        What is only looked at is never written anywhere: a folder for temporary files outlives a crash.
        """
        if self.is_running:
            return
        self._target, self._options = target, choices.options()
        self.job.start_saved(self._tell_waiting)

    def _tell_waiting(self) -> None:
        self.running_changed.emit()
        self.progressed.emit(self._texts.gettext("Saving first…"), 0.0)

    def _begin(self) -> None:
        """Start the child now that everything is on disk."""
        self.progressed.emit(self._texts.gettext("Preparing…"), 0.0)
        self.started.emit()
        target = str(self._target) if self._target else "-"
        self.job.start(
            ["report", str(self._controller.session.file), target, *self._options, "--progress"], self._controller.keys
        )

    def _end(self, file: str) -> None:
        if self._target:
            self.done.emit(file)
        else:
            self.shown.emit(self.job.content)

    def _fail(self, sentence: str) -> None:
        say = self._texts.gettext
        silent = say("The report was stopped because nothing moved. Select fewer parts, or another format.")
        unknown = say("The report was not created: the program that creates it stopped. Try again.")
        self.failed.emit(sentence or (silent if self.job.was_silent else unknown))

    def cancel(self) -> None:
        """Stop; an old file of the same name stays as it was."""
        self.job.cancel()

    def stop(self) -> None:
        self.job.stop()


class JobFoot(QWidget):
    """The foot of a form that a job works on: what starts it, how far it is, what stops it, and how it ended.

    ``name`` begins the names of its parts; unless it ``is_allowed``, nothing can be started. While ``form`` has the
    focus, it goes from what starts to what stops and back; without one, while these buttons have it.
    """

    def __init__(
        self,
        texts: Translator,
        job: "CommandJob | ReportJob",
        name: str,
        label: str,
        start: Callable[[], object],
        leave: SignalInstance | None = None,
        *,
        is_allowed: bool = True,
        form: QWidget | None = None,
    ) -> None:
        super().__init__()
        self._texts, self._is_allowed, self._form = texts, is_allowed, form or self
        say = texts.gettext
        # Enter presses the button that has the focus; else it would start the work.
        self.make = with_action(Button(label, is_main=True), f"{name}_make", start)
        self.cancel = with_action(Button(say("Cancel")), f"{name}_cancel", job.cancel)
        self._line = ProgressLine(f"{name}_step")
        buttons = [self.make, self.cancel]
        if leave is not None:
            buttons.append(with_action(Button(say("Back")), f"{name}_back", leave.emit))
        column = lay_out(QVBoxLayout(self), side_by_side(*buttons, spacing=MEDIUM), self._line, margins=0)
        self.outcome = OutcomeBanner(texts, f"{name}_outcome", column.addWidget)
        job.progressed.connect(self._line.show_progress)
        job.failed.connect(lambda sentence: self.end(BannerTone.DANGER, sentence))
        self.show_running(is_running=False)

    def begin(self) -> None:
        self.outcome.clear()
        self.show_running(is_running=True)
        self._line.show_progress(self._texts.gettext("Preparing…"), 0.0)

    def end(self, tone: BannerTone, sentence: str, choices: Sequence[BannerAction] = ()) -> None:
        self.show_running(is_running=False)
        self.outcome.tell(tone, sentence, choices)

    def show_running(self, *, is_running: bool) -> None:
        """Show what can be done now; the focus goes from one button to the other."""
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self._form.isAncestorOf(focused)
        self.cancel.show()
        self.make.setEnabled(self._is_allowed)
        if had_focus:
            (self.cancel if is_running else self.make).setFocus()
        self.make.setEnabled(self._is_allowed and not is_running)
        for widget in (self.cancel, self._line):
            widget.setVisible(is_running)
