"""The real window in a process of its own: somebody types in it without a rest, and it says what the status line shows.

Run as ``python -m tests.power.window FILE LETTERS``, or forked from a process that has imported everything. It says
``typed N`` after letter N, ``shown saved N`` or ``shown waiting N`` whenever the status line
changes (N letters are in the answer as recorded), ``longest gap M`` in milliseconds and ``done`` at the end.
"""

import os
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from capacity_app import paths
from capacity_app.domain.assessment.answers import Address, AnswerKey
from capacity_app.domain.encryption_keys import EncryptionKey, keyring_of
from capacity_app.ui.application import UnexpectedErrorWatch, WindowHolder
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.shell.top_bar import BarButton
from capacity_app.ui.shell.workspace import Workspace
from capacity_app.ui.theme.fonts_and_sizes import apply_theme
from capacity_app.ui.widgets.text_fields import TextField

WHY = Address("i.why")
LETTER_MS = 40
"""How long somebody takes for a letter: never the rest after which typing is stored."""
_BEAT_MS = 5
_SETTLED_MS = 1_000
LETTERS = "abcdefghijklmnopqrstuvwxyz"
Tell = Callable[[str], None]


class Typist(QObject):
    """Types a letter every so often, tells what the status line shows, and notes how long the window was held."""

    def __init__(self, desk: Workspace, tell: Tell, letters: int) -> None:
        super().__init__(desk)
        self._desk, self._tell, self._letters = desk, tell, letters
        self._key = AnswerKey(WHY, respondent=desk.controller.respondent)
        self._typed, self._last_beat, self._longest = 0, 0.0, 0.0
        self._line = desk.window().findChild(BarButton, "save_state")
        self._keys = QTimer(self, interval=LETTER_MS)
        self._keys.timeout.connect(self._type)
        self._beat = QTimer(self, interval=_BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._beat.timeout.connect(self._pulse)
        desk.state.changed.connect(self._look)

    def begin(self) -> None:
        """Go to the field and start."""
        self._desk.show_address(WHY)
        QApplication.processEvents()
        assert isinstance(self._field, TextField), "another field has the focus"
        QTest.keyClick(self._field, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
        self._tell(f"began {self._recorded}")
        self._last_beat = perf_counter()
        self._keys.start()
        self._beat.start()

    @property
    def _field(self) -> QWidget:
        field = QApplication.focusWidget()
        assert field is not None, "nothing has the focus"
        return field

    @property
    def _recorded(self) -> int:
        """How many letters are in the answer as the program knows it."""
        return len(str(self._desk.session.content(self._key).value or ""))

    def _type(self) -> None:
        QTest.keyClicks(self._field, letter(self._typed))
        self._typed += 1
        self._tell(f"typed {self._typed}")
        if self._typed == self._letters:
            self._keys.stop()
            self._end()

    def _look(self) -> None:
        is_saved = self._line is not None and "aved" in self._line.full_text  # Saved 14:03, Everything is saved
        self._tell(f"shown {'saved' if is_saved else 'waiting'} {self._recorded}")

    def _pulse(self) -> None:
        now = perf_counter()
        self._longest = max(self._longest, now - self._last_beat)
        self._last_beat = now

    def _end(self) -> None:
        """Wait until the last letter is on the disk, and leave."""
        if self._recorded < self._letters or not self._desk.state.is_safe:
            QTimer.singleShot(LETTER_MS, self._end)
            return
        self._tell(f"longest gap {self._longest * 1000:.0f}")
        self._tell("done")
        self._desk.window().close()


def letter(number: int) -> str:
    """Return the letter that is typed after so many."""
    return LETTERS[number % len(LETTERS)]


def type_in_the_window(file: Path, tell: Tell, letters: int = 0, key: EncryptionKey | None = None) -> int:
    """Start the program as it starts, open a file and type so many letters (0: until killed)."""
    app = QApplication(["capacity-app"])
    watch = UnexpectedErrorWatch()
    watch.install()
    settings = Settings(paths.settings_file())
    apply_theme(app, "light")
    shell = WindowHolder(app, settings, watch)
    shell.window.keys = keyring_of(key)
    shell.window.open_file(file)
    shell.window.show()
    shell.window.activateWindow()
    assert shell.window.workspace is not None, "the file did not open"
    typist = Typist(shell.window.workspace, tell, letters)
    # Measured is typing, not opening: by then the list of recent files has been written, too.
    QTimer.singleShot(_SETTLED_MS if letters else 0, typist.begin)
    return app.exec()


def until_killed(file: Path, pipe: Connection, key: EncryptionKey | None) -> None:
    """Type in a forked process."""
    type_in_the_window(file, pipe.send, key=key)


def _say(words: str) -> None:
    os.write(sys.stdout.fileno(), f"{words}\n".encode())


if __name__ == "__main__":
    sys.exit(type_in_the_window(Path(sys.argv[1]), _say, int(sys.argv[2])))
