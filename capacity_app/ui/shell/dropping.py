"""Files dropped on the window: an assessment is opened or merged, a file that came back is taken in."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QDropEvent

from capacity_app.domain.problems import N_
from capacity_app.texts import Texts
from capacity_app.ui.look.alerts import Choice, Tone
from capacity_app.ui.shell.settings import SUFFIX

if TYPE_CHECKING:
    from capacity_app.ui.shell.main_window import MainWindow

_RETURNED = frozenset({".xlsx", ".docx", ".csv", ".zip"})
_NOWHERE = N_("Open the assessment this file belongs to first, then drop it again to take it in.")
_ASK = N_("“{file}” is an assessment: open it, or merge it with the one that is open?")
_ASK_MANY = N_("{files} are assessments: merge them with the one that is open?")


def wanted(event: QDropEvent) -> tuple[Path, ...]:
    """Return the dropped files there is something to do with: assessments, else one file that may have come back."""
    files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    assessments = tuple(file for file in files if file.suffix.casefold() == SUFFIX)
    if assessments:
        return assessments
    return tuple(file for file in files if file.suffix.casefold() in _RETURNED)[:1]


def take(files: tuple[Path, ...], window: "MainWindow", texts: Texts) -> None:
    """Do with dropped files what can be done with them; where there are two ways, ask in a banner."""
    workspace, first = window.workspace, files[0]
    if first.suffix.casefold() in _RETURNED:
        if workspace is None:
            window.banners.tell("drop", Tone.INFORMATION, texts.gettext(_NOWHERE))
        else:
            workspace.exchange().take_in(first)
    elif workspace is None or first.absolute() == workspace.session.file:
        window.open_file(first)
    else:
        _ask(files, window, texts)


def _ask(files: tuple[Path, ...], window: "MainWindow", texts: Texts) -> None:
    workspace, names = window.workspace, texts.listed(file.name for file in files)
    assert workspace is not None, "without an open assessment there is one way only"

    def merge() -> None:
        workspace.banners.clear("drop")
        workspace.exchange().merge_with(files)

    def open_it() -> None:
        workspace.banners.clear("drop")
        window.open_file(files[0])

    choices: list[Choice] = [(texts.gettext("Merge"), merge)]
    if len(files) == 1:
        choices.insert(0, (texts.gettext("Open"), open_it))
    sentence = texts.gettext(_ASK if len(files) == 1 else _ASK_MANY).format(file=names, files=names)
    workspace.banners.tell("drop", Tone.INFORMATION, sentence, choices)
