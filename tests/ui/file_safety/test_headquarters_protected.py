"""Protected files among the countries' files: refused with a sentence, and read once a passphrase is typed."""

from pathlib import Path

import pytest

from capacity_app.domain.headquarters.tidy_tables import FileStatus
from capacity_app.services.protection import protect
from capacity_app.storage.headquarters_database import open_headquarters_database
from capacity_app.ui.pages.headquarters.headquarters_page import HeadquartersPage
from tests.builders import file_of
from tests.ui.office import Office, front

pytestmark = pytest.mark.check

WORDS = "correct horse battery"
PATIENCE_MS = 120_000


def fates(office: Office, page: HeadquartersPage, folder: Path, repository: Path) -> list[FileStatus]:
    """Read a folder and say what became of its files."""
    page.gather([folder], repository)
    office.until(lambda: not page.gathering.is_running, PATIENCE_MS)
    with open_headquarters_database(repository) as opened:
        return [file.fate for file in opened.files()]


def test_a_protected_file_counts_once_its_passphrase_is_typed(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "countries"
    folder.mkdir()
    protect(file_of(folder), WORDS)
    office.window.menus.actions["headquarters"].trigger()
    page = front(office.window, HeadquartersPage)
    assert page is not None
    repository = tmp_path / "world.sqlite"
    assert fates(office, page, folder, repository) == [FileStatus.REFUSED]
    page.sources.protected.box.click()
    assert office.focused().objectName() == "headquarters_passphrases"
    office.write("not this one")
    assert fates(office, page, folder, repository) == [FileStatus.REFUSED]
    page.sources.protected.lines.setPlainText(f"not this one\n{WORDS}")
    assert fates(office, page, folder, repository) == [FileStatus.READ]
    page.sources.protected.box.click()
    assert page.sources.protected.lines.toPlainText() == ""
