"""Making a blank form: our command line does it in a child process; here are its buttons, its progress and its end."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from capacity_app.domain.keys import Keyring
from capacity_app.texts import Texts
from capacity_app.ui.jobs import Job
from capacity_app.ui.look.alerts import Choice, Outcome, Tone
from capacity_app.ui.look.cards import Words, row
from capacity_app.ui.look.openers import ways_to
from capacity_app.ui.look.theme import MEDIUM, Role
from capacity_app.ui.report.maker import WhenSaved
from capacity_app.ui.shell.rail import ProgressLine

Arguments = Callable[[], Sequence[str]]


class BlankMaking(QWidget):
    """Buttons to make, to stop and to go back; ``wanted`` asks to make, ``left`` to go back, ``made`` carries the file.

    ``saving`` is waited for before the form is made, if an assessment is open; ``keys`` open it if it is protected.
    """

    wanted = Signal()
    left = Signal()
    made = Signal(str)

    def __init__(self, texts: Texts, saving: WhenSaved | None, keys: Callable[[], Keyring] = Keyring) -> None:
        super().__init__()
        self._texts, self._saving, self._keys = texts, saving, keys
        self._arguments: Arguments = tuple
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._outcome = Outcome(texts, "blank_outcome", self._column.addWidget)
        self._lay_out()
        self.job = Job(texts.tag, self)
        self.job.progressed.connect(self._show_progress)
        self.job.done.connect(self._finish)
        self.job.failed.connect(self._fail)
        self.job.cancelled.connect(self._tell_cancelled)
        if saving is not None:
            saving.ready.connect(self._begin)
            saving.failed.connect(lambda: self._fail(texts.gettext("The last changes could not be saved.")))

    def _button(self, name: str, label: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(label)
        button.setObjectName(name)
        button.setAutoDefault(True)  # Enter presses it; else it would make the form
        button.clicked.connect(lambda _checked: act())
        return button

    def _lay_out(self) -> None:
        say = self._texts.gettext
        self.make = self._button("blank_make", say("Make the form"), self.wanted.emit)
        self.make.setDefault(True)
        self.cancel = self._button("blank_cancel", say("Cancel"), self._cancel)
        back = self._button("blank_back", say("Back"), self.left.emit)
        self._progress = ProgressLine(height=8)
        self._step = Words(role=Role.CAPTION, is_muted=True)
        self._step.setObjectName("blank_step")
        self._column.addLayout(row(self.make, self.cancel, back, spacing=MEDIUM))
        self._column.addWidget(self._progress)
        self._column.addWidget(self._step)
        self._show_running(is_running=False)

    @property
    def is_running(self) -> bool:
        return self.job.is_running or (self._saving is not None and self._saving.is_waiting)

    def start(self, arguments: Arguments) -> None:
        """Make a form; what the command line hears is asked for once everything is on disk."""
        if self.is_running:
            return
        self._arguments = arguments
        self.clear_outcome()
        self._show_running(is_running=True)
        self._show_progress(self._texts.gettext("Starting …"), 0.0)
        if self._saving is None:
            self._begin()
        else:
            self._saving.begin()
            self._saving.go_on()

    def _begin(self) -> None:
        self.job.start(self._arguments(), self._keys())

    def _show_running(self, *, is_running: bool) -> None:
        self.make.setEnabled(not is_running)
        for widget in (self.cancel, self._progress, self._step):
            widget.setVisible(is_running)

    def _show_progress(self, step: str, share: float) -> None:
        self._progress.set_share(Fraction(min(max(share, 0.0), 1.0)))
        self._step.setText(step)

    def _cancel(self) -> None:
        if self._saving is not None and self._saving.stop():
            self._tell_cancelled()
        self.job.cancel()

    def _tell_cancelled(self) -> None:
        self._end(Tone.INFORMATION, self._texts.gettext("Cancelled. No form was written."))

    def _finish(self, file: str) -> None:
        sentence = self._texts.gettext("The form is ready: {file}").format(file=file)
        self._end(Tone.GOOD, sentence, ways_to(Path(file), self._texts))
        self.made.emit(file)

    def _fail(self, sentence: str) -> None:
        unknown = self._texts.gettext("The form could not be made: the program that makes it stopped. Try once more.")
        self._end(Tone.DANGER, sentence or unknown)

    def _end(self, tone: Tone, sentence: str, choices: Sequence[Choice] = ()) -> None:
        self._show_running(is_running=False)
        self._outcome.tell(tone, sentence, choices)

    def clear_outcome(self) -> None:
        self._outcome.clear()

    @property
    def outcome(self) -> str:
        """What the last run ended with, empty while none has."""
        return self._outcome.sentence

    def stop(self) -> None:
        """Stop and wait until the child has gone; for leaving the page."""
        if self._saving is not None:
            self._saving.stop()
        self.job.stop()
