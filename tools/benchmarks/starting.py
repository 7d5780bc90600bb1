"""From a command to a painted window that takes a key, with a filled assessment, against a window with one label.

The clock stops when the child says that its window was painted and a key was taken; leaving is no part of a start.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from capacity_app.services.session.demonstration import create_demonstration
from tools.benchmarks.measuring import Figure, from_times

_PAIRS = 7
_WATCH = """
import sys
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication


class Watch(QObject):
    def __init__(self, window, ready):
        super().__init__(window)
        self.ready = ready
        window.installEventFilter(self)

    def eventFilter(self, window, event):
        if event.type() == QEvent.Type.Paint:
            window.removeEventFilter(self)
            # Behind whatever the program itself has put off until the window stands.
            QTimer.singleShot(0, lambda: QTimer.singleShot(0, self.tell))
        return False

    def tell(self):
        self.ready()
        print("ready", flush=True)
        QTimer.singleShot(0, QApplication.closeAllWindows)
"""
_FLOOR = f"""{_WATCH}
from PySide6.QtWidgets import QLabel, QMainWindow
app = QApplication(sys.argv[:1])
window = QMainWindow()
window.setCentralWidget(QLabel("label"))
watch = Watch(window, lambda: None)
window.show()
app.exec()
"""
_OURS = f"""
import gc
import sys
from capacity_app import __main__ as program
gc.disable()  # as the program itself does, before anything else
{_WATCH}
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from capacity_app.ui import application as app


class Measured(QApplication):
    def exec(self):
        window = next(one for one in self.topLevelWidgets() if one.objectName() == "main_window")

        def type_a_key():
            before = window.focusWidget()
            press = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(before, press)
            assert window.focusWidget() is not before, "the key was not taken"

        self.watch = Watch(window, type_a_key)
        return QApplication.exec()


app.QApplication = Measured
sys.argv = sys.argv[:2]
program.main()
"""


def _ready_after(environment: dict[str, str], code: str, *arguments: str) -> float:
    """Return the milliseconds from starting a child to its word that the window is ready."""
    start = time.perf_counter()
    command = [sys.executable, "-c", code, *arguments]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        assert child.stdout is not None
        said = child.stdout.readline()
        ready = (time.perf_counter() - start) * 1000
    assert (said, child.returncode) == (b"ready\n", 0), said
    return ready


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "d.assessment"
        create_demonstration(file, device="benchmark1")
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "HOME": folder, "XDG_CONFIG_HOME": folder}
        environment |= {"XDG_DATA_HOME": folder, "XDG_STATE_HOME": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
        _ready_after(environment, _OURS, str(file))
        _ready_after(environment, _FLOOR)
        times = [
            (_ready_after(environment, _OURS, str(file)), _ready_after(environment, _FLOOR)) for _ in range(_PAIRS)
        ]
        yield from_times("start to a painted window that takes a key", times, 1.5)
