"""Starting: one way in, nothing imported that is not needed, and our own mistakes told without losing the window."""

import logging
import os
import re
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from PySide6.support import deprecated
from pytestqt.qtbot import QtBot

from capacity_app.__main__ import is_for_window
from capacity_app.i18n.catalogues import program_languages
from capacity_app.i18n.translator import PSEUDO, Translator
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.demonstration import create_demonstration
from capacity_app.ui.application import UnexpectedErrorWatch, WindowHolder, language_for
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.shell.command_table import COMMANDS
from capacity_app.ui.shell.dialogs import UnexpectedErrorDialog
from capacity_app.ui.shell.main_window import MainWindow
from tests.builders import DEVICE, file_of
from tests.faults.stracing import strace

_PAINTED_MODULES, _OPENED_MODULES = 50, 139
"""How many of our modules may be loaded when the window is painted, and when an assessment is open."""
_LOOK = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from capacity_app.ui.application import run
go = QApplication.exec
def look():
    app = QApplication.instance()
    if next(w for w in app.topLevelWidgets() if w.objectName() == "main_window").stack.shown == "opening":
        QTimer.singleShot(10, look)
        return
    print([w.windowTitle() for w in app.topLevelWidgets() if w.isVisible()])
    print(sorted(set(sys.modules) & {"click", "weasyprint", "resvg_py", "openpyxl", "xlsxwriter", "jinja2"}))
    app.closeAllWindows()
def execute(*_):
    QTimer.singleShot(0, look)
    return go()
QApplication.exec = execute
print(run(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
"""


def program(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def start(*arguments: str) -> list[str]:
    """Start the window in a program of its own, look at it from its event loop, and close it."""
    done = program("-c", _LOOK, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], True),
        (["georgia.assessment"], True),
        (["GEORGIA.ASSESSMENT"], True),
        (["score", "georgia.assessment"], False),
        (["--help"], False),
        (["report"], False),
    ],
)
def test_a_file_or_nothing_opens_the_window_and_anything_else_is_a_command(
    arguments: list[str], *, expected: bool
) -> None:
    assert is_for_window(arguments) is expected


@pytest.mark.check
def test_the_window_opens_without_what_only_reports_and_commands_need(tmp_path: Path) -> None:
    assert start() == ["['Capacity assessments']", "[]", "0"]
    title, heavy, code = start(str(file_of(tmp_path)))
    assert "Examplia 2018" in title
    assert (heavy, code) == ("[]", "0")


_MODULES = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from capacity_app.ui.application import run
from capacity_app.ui.shell.main_window import MainWindow
begin = MainWindow.begin
def look(window, file):
    print(*sys.modules)
    begin(window, file)
    print(*sys.modules)
    QTimer.singleShot(0, QApplication.closeAllWindows)
MainWindow.begin = look
run(Path(sys.argv[1]))
"""


@pytest.mark.check
def test_the_first_paint_and_the_open_assessment_load_only_what_they_show(tmp_path: Path) -> None:
    file = tmp_path / "d.assessment"
    create_demonstration(file, device=DEVICE)
    done = program("-c", _MODULES, str(file))
    assert done.returncode == 0, done.stderr
    painted, opened = ({name for name in line.split() if "." in name} for line in done.stdout.splitlines())
    own = [{name for name in names if name.startswith("capacity_app.")} for names in (painted, opened)]
    assert "capacity_app.ui.shell.main_window" in own[0]
    assert "capacity_app.ui.pages.answer.questionnaire_page" in own[1]
    assert not [name for name in own[0] if name.startswith(("capacity_app.domain.assessment", "capacity_app.ui.pages"))]
    later = ("capacity_app.outputs", "capacity_app.services.exchange", "capacity_app.ui.pages.analyse",
             "capacity_app.ui.pages.answer.inspector", "capacity_app.ui.pages.deliver", "capacity_app.ui.pages.prepare",
             "openpyxl.", "weasyprint.", "docx.", "lxml.", "jinja2.", "cryptography.", "babel.messages")  # fmt: skip
    assert not [name for name in opened if name.startswith(later)]
    assert len(own[0]) <= _PAINTED_MODULES
    assert len(own[1]) <= _OPENED_MODULES


_SOURCES = """
import linecache
from capacity_app.__main__ import prepare_start
prepare_start()
import capacity_app.ui.application
print(*(name for name in linecache.cache if "capacity_app" in name))
"""


def test_a_start_reads_no_source_code() -> None:
    done = program("-c", _SOURCES)
    assert (done.returncode, done.stdout) == (0, "\n"), done.stderr


_WRONG_CALLS = """
import sys
if sys.argv[1:]:
    from capacity_app.__main__ import prepare_start
    prepare_start()
from PySide6.QtCore import QObject
print("shibokensupport.signature.parser" in sys.modules)
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
def try_call(call, *arguments):
    try:
        call(*arguments)
    except (TypeError, AttributeError) as error:
        print(error)
try_call(QWidget().move, 1)
try_call(QObject().setObjectName, 3)
try_call(QWidget().resize, b"")
from PySide6.QtPrintSupport import QPrinter
try_call(QPrinter().setDocName, 3)
try_call(QWidget, None, None, None, None)
print(QWidget.resize.__doc__)
"""


def test_a_start_loads_what_describes_a_wrong_call_only_for_that() -> None:
    usual, ours = (program("-c", _WRONG_CALLS, *argument) for argument in ((), ("prepared",)))
    assert (usual.returncode, ours.returncode) == (0, 0), ours.stderr
    assert "Supported signatures" in usual.stdout
    assert usual.stdout.splitlines() == ["True", *ours.stdout.splitlines()[1:]]
    assert ours.stdout.startswith("False\n")


_ENUMERATIONS = """
import enum, pickle, sys
if sys.argv[1:]:
    from capacity_app.__main__ import prepare_start
    prepare_start()
    assert enum.EnumType._create_.__module__ == "capacity_app.__main__"
from PySide6 import QtCore, QtGui, QtWidgets

def enumerations(holder, seen):
    for name in sorted(dir(holder)):
        found = getattr(holder, name, None)
        if isinstance(found, type) and found.__module__.startswith("PySide6") and found not in seen:
            seen.add(found)
            if isinstance(found, enum.EnumType):
                yield found
            else:
                yield from enumerations(found, seen)

for one in (one for module in (QtCore, QtGui, QtWidgets) for one in enumerations(module, set())):
    print(one.__module__, one.__qualname__, [base.__name__ for base in one.__mro__], one.__doc__, one._member_names_)
    for name, member in one.__members__.items():
        print(name, member.name, member.value, repr(member), str(member))
        print(getattr(one, name) is member, name in vars(one))
        assert one(member.value) is member and pickle.loads(pickle.dumps(member)) is member
    if issubclass(one, enum.Flag) and len(one):
        first = next(iter(one))
        print(one._flag_mask_, one._boundary_, one(0), one(3), ~first, first | one(8), list(one))
"""


def test_a_start_makes_the_enumerations_of_qt_as_they_are() -> None:
    usual, ours = (program("-c", _ENUMERATIONS, *argument) for argument in ((), ("prepared",)))
    assert (usual.returncode, ours.returncode) == (0, 0), usual.stderr + ours.stderr
    assert len(usual.stdout) > 100_000
    assert usual.stdout == ours.stdout


def test_the_module_of_deprecated_names_that_a_start_leaves_out_changes_nothing() -> None:
    assert not [name for name in vars(deprecated) if name.startswith("fix_for")]


_INTERRUPTED = """
import os, signal
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from capacity_app.ui.application import run
class Handling(QWidget):
    def event(self, event):
        if event.type() == QEvent.Type.User:
            os.kill(os.getpid(), signal.SIGINT)
        return super().event(event)
go = QApplication.exec
def execute(*_):
    global handling
    handling = Handling()
    QTimer.singleShot(0, lambda: QApplication.postEvent(handling, QEvent(QEvent.Type.User)))
    return go()
QApplication.exec = execute
run()
"""


def test_an_interrupted_window_ends_without_a_crash() -> None:
    """Ctrl+C in the terminal, while an event is handled."""
    done = program("-c", _INTERRUPTED)
    assert done.returncode == -signal.SIGINT
    assert "KeyboardInterrupt" not in done.stderr


_VERSION = """
import sys
sys.argv = ["capacity-app", "instrument", "list"]
from capacity_app.__main__ import main
try:
    main()
except SystemExit as end:
    print(end.code, any(name.startswith("PySide6") for name in sys.modules))
"""


def test_a_command_runs_without_qt() -> None:
    assert program("-c", _VERSION).stdout.splitlines()[-1] == "0 False"


def test_a_mistake_of_ours_is_logged_told_and_copied(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    watch = UnexpectedErrorWatch()
    told: list[str] = []
    watch.found.connect(told.append)
    with caplog.at_level(logging.ERROR):
        try:
            int("the drawer is empty")
        except ValueError as error:
            watch.take(type(error), error, error.__traceback__)
    assert "the drawer is empty" in caplog.text
    dialog = UnexpectedErrorDialog(Translator(), told[0], "/var/log/x.log")
    qtbot.addWidget(dialog)
    assert "the drawer is empty" in dialog.report.toPlainText()
    assert "test_starting.py" in dialog.report.toPlainText()
    button = dialog.findChild(QPushButton, "bug_copy")
    assert button is not None
    button.click()
    assert QGuiApplication.clipboard().text() == told[0]


@pytest.mark.check
def test_a_mistake_in_a_slot_leaves_window_and_answers_alive(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    code = f"""
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from capacity_app.ui import application as program
from capacity_app.ui.shell.dialogs import UnexpectedErrorDialog
shown = QApplication.exec
def stumble():
    QTimer.singleShot(50, look)
    raise ValueError("stumbled in a slot")
def look():
    app = QApplication.instance()
    dialogs = [w for w in app.topLevelWidgets() if isinstance(w, UnexpectedErrorDialog) and w.isVisible()]
    print(len(dialogs), "builtins.ValueError" in dialogs[0].report.toPlainText())
    dialogs[0].accept()
    app.closeAllWindows()
def execute(*_):
    QTimer.singleShot(0, stumble)
    return shown()
QApplication.exec = execute
print(program.run(Path({str(file)!r})))
"""
    done = program("-c", code)
    assert done.stdout.splitlines() == ["1 True", "0"], done.stderr
    with AssessmentSession(file, device=DEVICE) as session:
        assert not session.is_read_only
    log = Path(os.environ["XDG_STATE_HOME"]) / "capacity-app" / "log" / "capacity-app.log"
    written = log.read_text(encoding="utf-8")
    assert "builtins.ValueError" in written
    assert "stumbled in a slot" not in written, "a message may quote an answer"


_SLOW_DRIVE = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from capacity_app.ui.application import run
from capacity_app.ui.shell.main_window import MainWindow
begin = MainWindow.begin
def open_and_close(window, file):
    os.access("/painted", os.F_OK)
    begin(window, file)
    assert window.workspace is not None and not window.workspace.session.is_read_only
    os.access("/usable", os.F_OK)
    QTimer.singleShot(0, QApplication.closeAllWindows)
MainWindow.begin = open_and_close
run(Path(sys.argv[1]))
"""
_MOST_OPERATIONS = 60


@pytest.mark.check
@pytest.mark.skipif(not strace(), reason="nothing can be watched here")
def test_a_file_on_a_slow_drive_is_opened_with_few_operations_once_the_window_is_painted(tmp_path: Path) -> None:
    drive = tmp_path / "drive"
    drive.mkdir()
    file, trace = drive / "d.assessment", tmp_path / "trace"
    create_demonstration(file, device=DEVICE)
    command = (strace(), "-f", "-y", "-qq", "-o", str(trace), "-e", "trace=%file,%desc", sys.executable, "-c")
    done = subprocess.run([*command, _SLOW_DRIVE, str(file)], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    before, _, rest = trace.read_text(errors="replace").partition('"/painted"')
    opening, found, _ = rest.partition('"/usable"')
    assert found
    on_drive = re.compile(rf"^\d+ +(?!execve)\w+\(.*{re.escape(str(drive))}", re.MULTILINE)
    assert not on_drive.findall(before)
    assert 0 < len(on_drive.findall(opening)) <= _MOST_OPERATIONS


def test_the_window_is_painted_and_says_what_it_opens_while_a_file_is_waited_for(tmp_path: Path, qtbot: QtBot) -> None:
    file = file_of(tmp_path)
    window = MainWindow(Translator(), Settings(tmp_path / "settings.ini"), DEVICE, COMMANDS)
    qtbot.addWidget(window)
    window.show()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")  # longer than the program waits, unless the window's timer runs
    shown: list[str] = []

    def let_go() -> None:
        shown.extend(label.text() for label in window.stack.findChildren(QLabel) if label.isVisible())
        other.close()

    QTimer.singleShot(0, let_go)
    window.open_file(file)
    assert shown == ["Opening “small.assessment”…"]
    assert window.workspace is not None
    assert not window.workspace.session.is_read_only


def test_another_language_makes_the_window_anew_on_the_same_assessment(
    tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    file = file_of(tmp_path)
    settings = Settings(tmp_path / "settings.ini")
    shell = WindowHolder(qapp, settings, UnexpectedErrorWatch())
    first = shell.window
    first.show()
    first.open_file(file)
    settings.language = PSEUDO
    first.language_wanted.emit()
    qtbot.waitUntil(lambda: shell.window is not first and shell.window.workspace is not None)
    assert [one for one in qapp.topLevelWidgets() if isinstance(one, MainWindow) and one.isVisible()] == [shell.window]
    assert shell.window.workspace is not None
    assert shell.window.workspace.session.file == file
    assert not shell.window.workspace.session.is_read_only
    assert shell.window.menus.actions["new"].text().startswith("⟦")
    shell.window.close()
    shell.window.deleteLater()


def test_the_language_is_the_chosen_one_or_one_we_have(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.ini")
    assert language_for(settings) in program_languages()
    settings.language = PSEUDO
    assert language_for(settings) == PSEUDO
