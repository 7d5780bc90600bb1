"""The binding to Qt survives what a day's work asks of it, and the release that does not is excluded."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

CALLS = 100_000
_PROGRAM = f"""
import sys
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPalette, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QWidget

class Teller(QObject):
    said = Signal(object)
    named = Signal(str)

class Numbers(QAbstractListModel):
    def rowCount(self, parent=QModelIndex()):
        return 0 if parent.isValid() else 50

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        return index.row() if role == Qt.ItemDataRole.DisplayRole else None

app = QApplication([])
teller, heard = Teller(), []
teller.said.connect(lambda thing: None)
teller.named.connect(lambda name: heard.append(name) if len(heard) < 10 else None)
label, line, box, widget = QLabel(), QLineEdit(), QCheckBox(), QWidget()
line.textChanged.connect(lambda text: None)
box.toggled.connect(lambda on: None)
numbers, items = Numbers(), QStandardItemModel()
items.appendRow([QStandardItem("a"), QStandardItem("b")])
palette = QPalette()

def round_of_calls(number):
    teller.said.emit(None)
    teller.named.emit("x")
    label.setText(str(number))
    label.text()
    line.setText(str(number))
    line.setProperty("number", number)
    line.property("number")
    line.property("missing")
    box.setChecked(bool(number % 2))
    widget.setEnabled(True)
    widget.parentWidget()
    widget.layout()
    widget.findChild(QLabel, "none")
    numbers.data(numbers.index(number % 50), Qt.ItemDataRole.ToolTipRole)
    numbers.data(numbers.index(number % 50))
    items.item(0, 0).setText(str(number))
    items.index(0, 1).data(Qt.ItemDataRole.UserRole)
    palette.setColor(QPalette.ColorRole.Text, QColor(number % 255, 0, 0))
    QRect(0, 0, number, 1).isValid()
    QSize(number, 1).expandedTo(QSize(2, 2))
    return 20

made = 0
while made < {CALLS}:
    made += round_of_calls(made)
print(made, sys.getrefcount(None) > 0)
"""


@pytest.mark.check
def test_a_hundred_thousand_mixed_calls_leave_the_interpreter_alive() -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", _PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split()[0] == str(CALLS)


def _pyside_for(python: str) -> Requirement:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = [Requirement(text) for text in project["dependencies"] if text.startswith("PySide6-Essentials")]
    wanted = [r for r in found if r.marker is None or r.marker.evaluate({"python_version": python})]
    assert len(wanted) == 1, f"one requirement for Python {python}"
    return wanted[0]


def test_the_release_that_aborts_python_older_than_3_12_is_excluded_there_and_only_there() -> None:
    assert "6.12.0" not in _pyside_for("3.11").specifier
    assert "6.12.0" in _pyside_for("3.12").specifier
    assert "6.12.0" in _pyside_for("3.13").specifier
    for python in ("3.11", "3.12", "3.13"):
        assert "6.11.3" in _pyside_for(python).specifier
        assert "6.12.1" in _pyside_for(python).specifier
