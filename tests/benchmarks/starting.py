"""From a command to a painted, usable window with a filled assessment, against a window with one label."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from capacity_app.services.demonstration import create_demonstration
from tests.benchmarks.measuring import Figure, Work, paired

_FLOOR = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
app = QApplication(sys.argv[:1])
window = QMainWindow()
window.setCentralWidget(QLabel("label"))
window.show()
QTimer.singleShot(0, lambda: QTimer.singleShot(0, app.quit))
app.exec()
"""
_OURS = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from capacity_app import app


class Measured(QApplication):
    def exec(self):
        QTimer.singleShot(0, lambda: QTimer.singleShot(0, self.closeAllWindows))
        return QApplication.exec()


app.QApplication = Measured
sys.exit(app.run(Path(sys.argv[1])))
"""


def _child(code: str, *arguments: str, home: str) -> Work:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "HOME": home, "XDG_CONFIG_HOME": home}
    environment |= {"XDG_DATA_HOME": home, "XDG_STATE_HOME": home}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
    command = [sys.executable, "-c", code, *arguments]
    return lambda: subprocess.run(command, check=True, env=environment, capture_output=True)


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "d.assessment"
        create_demonstration(file, device="benchmark1")
        yield paired(
            "start to a painted window with the demonstration",
            _child(_OURS, str(file), home=folder),
            _child(_FLOOR, home=folder),
            1.5,
        )
