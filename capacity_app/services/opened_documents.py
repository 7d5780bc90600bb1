"""Held documents opened with the desktop's own programs: private copies that are removed again.

A copy lies in a folder only this person may read, cannot be written to (a change made there would be lost), and goes
when the assessment is closed; what another program still holds open then is swept away the next time.
"""

import contextlib
import shutil
import stat
import tempfile
import time
import weakref
from pathlib import Path

from capacity_app.domain.answers import clean_text
from capacity_app.domain.assessment import Evidence
from capacity_app.domain.problems import N_, KnownError
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.services.attachments import check_document
from capacity_app.store import refusals

PREFIX = "capacity-app-shown-"
_FORGOTTEN_AFTER = 24 * 3600
"""Seconds after which a copy of an earlier start is surely no longer read."""
_FORBIDDEN = frozenset('<>:"/\\|?*')
_NOTHING_HELD = N_("Of this evidence no document is held: there is nothing to open.")


def _plain_name(name: str) -> str:
    """Give a file name that every system takes and that leads nowhere else."""
    plain = "".join("_" if c in _FORBIDDEN or ord(c) < ord(" ") else c for c in clean_text(name)).strip(". ")
    stem, suffix = Path(plain).stem[:100], Path(plain).suffix
    return f"{stem or 'document'}{suffix}"


def _sweep(folder: Path) -> None:
    """Remove what an earlier start had to leave behind."""
    for left in folder.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _FORGOTTEN_AFTER:
                _remove(left)


def _remove(folder: Path) -> None:
    # Windows does not remove what may not be written.
    for file in folder.rglob("*"):
        with contextlib.suppress(OSError):
            file.chmod(stat.S_IRWXU)
    shutil.rmtree(folder, ignore_errors=True)


class OpenedDocuments:
    """The copies of one assessment; they go with this object, at the latest when the program ends."""

    def __init__(self, session: AssessmentSession) -> None:
        self._session = session
        self._copies: dict[tuple[str, str], Path] = {}
        self._folder: Path | None = None

    def _own_folder(self) -> Path:
        if self._folder is None:
            _sweep(Path(tempfile.gettempdir()))
            self._folder = Path(tempfile.mkdtemp(prefix=PREFIX))
            weakref.finalize(self, _remove, self._folder)  # should nobody call ``remove``
        return self._folder

    def copy_of(self, evidence: Evidence) -> Path:
        """Give a copy of a held document to read; raises KnownError if it is not held, damaged or not what it says.

        The content is checked again: the entry may have come from somebody else's file.
        """
        if not evidence.document:
            raise KnownError(_NOTHING_HELD)
        name = _plain_name(evidence.file_name)
        known = self._copies.get((evidence.document, name))
        if known is not None and known.is_file():
            return known
        content = self._session.document(evidence.document)
        check_document(name, content)
        try:
            copy = Path(tempfile.mkdtemp(dir=self._own_folder())) / name
            copy.write_bytes(content)
            copy.chmod(stat.S_IRUSR)
        except OSError as error:
            raise refusals.of_system(error, Path(name)) from error
        self._copies[evidence.document, name] = copy
        return copy

    def remove(self) -> None:
        """Remove all copies now."""
        self._copies.clear()
        if self._folder is not None:
            _remove(self._folder)
            self._folder = None
