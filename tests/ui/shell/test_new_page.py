"""A new page is a module of its own and a line in the table of pages; tab, menu, key and guide then have it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import capacity_app

ROOT = Path(capacity_app.__file__).parent
PAGE = '''"""A page with one sentence."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget


class DiaryPage(QWidget):
    """What happened, day by day. ``entry_wanted`` names something in a register."""

    entry_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.button = QPushButton("Today")
        QVBoxLayout(self).addWidget(self.button)
'''
FACTORY = """
def _diary(_desk: AssessmentContext) -> QWidget:
    from capacity_app.ui.pages.prepare.diary_page import DiaryPage

    return DiaryPage()


PAGES: tuple"""
RECORD = """    Page("diary", N_("Diar&y"), _diary, Task.DELIVER, key="Ctrl+Shift+D"),
    Page("report", """
LOOK = """
import json
import os
from pathlib import Path
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from capacity_app.i18n.translator import Translator
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.shell.command_table import COMMANDS
from capacity_app.ui.shell.guide import shortcuts
from capacity_app.ui.shell.main_window import MainWindow
from capacity_app.ui.shell.page_table import Task
from tests.builders import DEVICE, file_of

app = QApplication([])
window = MainWindow(Translator(), Settings(Path("settings.ini")), DEVICE, COMMANDS)
window.show()
is_early = window.menus.actions["diary"].isEnabled()
window.open_file(file_of(Path.cwd()))
window.activateWindow()
desk = window.workspace

def from_elsewhere(act):
    desk.show_page("scores")
    QTest.qWait(1)
    act()
    QTest.qWait(1)
    return desk.page_name

def press():
    stroke = QKeySequence("Ctrl+Shift+D")[0]
    QTest.keyClick(app.focusWidget(), stroke.key(), stroke.keyboardModifiers())

def click():
    desk.show_task(Task.DELIVER)
    next(tab for tab in desk.tabs.findChildren(QAbstractButton) if tab.text() == "Diary").click()

shown = [from_elsewhere(act) for act in (window.menus.actions["diary"].trigger, press, click)]
marked = desk.rail.buttons[Task.DELIVER].isChecked()
desk.page("diary").entry_wanted.emit(desk.session.mission.id)
print(json.dumps({
    "enabled without a file": is_early,
    "menu, key, tab": shown,
    "led to": desk.page_name,
    "marked": marked,
    "guide": [key for key, label in shortcuts(Translator(), COMMANDS)["Pages of Deliver"] if label == "Diary"],
}))
window.close()
os._exit(0)
"""


def _change(file: Path, before: str, after: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(before) == 1
    file.write_text(text.replace(before, after), "utf-8")


@pytest.mark.check
def test_a_new_page_is_a_module_and_a_line_and_reached_in_every_way(tmp_path: Path) -> None:
    copied = tmp_path / "capacity_app"
    shutil.copytree(ROOT, copied, ignore=shutil.ignore_patterns("__pycache__"))
    (copied / "ui/pages/prepare/diary_page.py").write_text(PAGE, "utf-8")
    table = copied / "ui/shell/page_table.py"
    _change(table, "\nPAGES: tuple", FACTORY)
    _change(table, '    Page("report", ', RECORD)
    found = subprocess.run(
        [sys.executable, "-c", LOOK],
        env=os.environ
        | {"PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT.parent))), "QT_QPA_PLATFORM": "offscreen"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout) == {
        "enabled without a file": False,
        "menu, key, tab": ["diary", "diary", "diary"],
        "marked": True,
        "led to": "mission",
        "guide": ["Ctrl+Shift+D"],
    }
