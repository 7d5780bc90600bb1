"""From a command to a painted window, and to one that takes a key with a filled assessment, against a bare window.

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
    def __init__(self, window, is_ready):
        super().__init__(window)
        self.is_ready = is_ready
        window.installEventFilter(self)

    def eventFilter(self, window, event):
        if event.type() == QEvent.Type.Paint:
            window.removeEventFilter(self)
            print("painted", flush=True)
            QTimer.singleShot(1, self.tell)
        return False

    def tell(self):
        if self.is_ready():
            print("ready", flush=True)
            QTimer.singleShot(0, QApplication.closeAllWindows)
        else:
            QTimer.singleShot(1, self.tell)
"""
_FLOOR = f"""{_WATCH}
from PySide6.QtWidgets import QLabel, QMainWindow
app = QApplication(sys.argv[:1])
window = QMainWindow()
window.setCentralWidget(QLabel("label"))
watch = Watch(window, lambda: True)
window.show()
app.exec()
"""
_OURS = f"""
import sys
from capacity_app import __main__ as program
program.prepare_start()
{_WATCH}
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from capacity_app.ui import application as app


class Measured(QApplication):
    def exec(self):
        window = next(one for one in self.topLevelWidgets() if one.objectName() == "main_window")

        def type_a_key():
            before = window.focusWidget()
            if window.workspace is None or before is None:
                return False
            press = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(before, press)
            assert window.focusWidget() is not before, "the key was not taken"
            return True

        self.watch = Watch(window, type_a_key)
        return QApplication.exec()


app.QApplication = Measured
sys.argv = sys.argv[:2]
program.main()
"""


def _times(environment: dict[str, str], code: str, *arguments: str) -> tuple[float, float]:
    """Return the milliseconds from starting a child to its first paint, and to its word that it takes keys."""
    start = time.perf_counter()
    command = [sys.executable, "-c", code, *arguments]
    times: dict[str, float] = {}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        assert child.stdout is not None
        for line in child.stdout:
            times[line.decode().strip()] = (time.perf_counter() - start) * 1000
    assert child.returncode == 0, times
    return times["painted"], times["ready"]


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "d.assessment"
        create_demonstration(file, device="benchmark1")
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "HOME": folder, "XDG_CONFIG_HOME": folder}
        environment |= {"XDG_DATA_HOME": folder, "XDG_STATE_HOME": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
        _times(environment, _OURS, str(file))
        _times(environment, _FLOOR)
        pairs = [(_times(environment, _OURS, str(file)), _times(environment, _FLOOR)[1]) for _ in range(_PAIRS)]
        yield from_times("start to a painted window", [(ours[0], floor) for ours, floor in pairs], 1.6)
        yield from_times(
            "… that shows the demonstration and takes a key", [(ours[1], floor) for ours, floor in pairs], 2.5
        )
