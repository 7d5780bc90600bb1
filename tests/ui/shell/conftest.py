"""What the tests of the shell share: a window on settings of its own, closed again whatever happens."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from capacity_app.domain.dossier import Dossier
from capacity_app.ui.shell.settings import Settings
from tests.builders import file_of, small_dossier
from tests.ui.shell.office import Office


@pytest.fixture
def office(tmp_path: Path, qtbot: QtBot) -> Iterator[Office]:
    """Open a window without an assessment."""
    Settings(tmp_path / "settings.ini").folder = tmp_path
    made = Office(qtbot, tmp_path / "settings.ini")
    yield made
    made.leave()


@pytest.fixture
def at_work(tmp_path: Path, office: Office) -> Callable[[Dossier | None], Office]:
    """Open a window on a file made of a dossier (the small one if none is given)."""

    def open_on(dossier: Dossier | None = None) -> Office:
        office.open(file_of(tmp_path, dossier))
        return office

    return open_on


@pytest.fixture
def blank() -> Dossier:
    """Give an assessment nobody has answered anything in."""
    return replace(small_dossier(), answers=(), actions=(), ratings=(), previous=None)
