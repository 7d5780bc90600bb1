"""Held documents opened with the desktop's own programs: private copies that are removed again.

A copy lies in a private folder, cannot be written to (a change made there would be lost), and goes when the assessment
is closed.
"""

import stat
import tempfile
from pathlib import Path

from capacity_app.domain.assessment.answers import clean_text
from capacity_app.domain.assessment.registers import Evidence
from capacity_app.domain.problems import N_, KnownError, is_device_name
from capacity_app.files.private_folders import PrivateFolder
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.entries_and_documents import check_document
from capacity_app.storage import file_errors

_FORBIDDEN = frozenset('<>:"/\\|?*')
_JOINERS = "\u200c\u200d"
_LONGEST = 180
"""Bytes of a name without its ending: systems take 255."""
_NOTHING_HELD = N_("Of this evidence no document is held: there is nothing to open.")


def safe_file_name(name: str) -> str:
    """Return a file name that every system takes and that leads nowhere else."""
    plain = "".join("_" if _is_unsafe_sign(c) else c for c in clean_text(name)).strip(". ")
    stem = Path(plain).stem.encode()[:_LONGEST].decode("utf-8", "ignore").lstrip("-. ").rstrip(". ")
    return f"{'_' if is_device_name(stem) else ''}{stem or 'document'}{Path(plain).suffix}"


def _is_unsafe_sign(sign: str) -> bool:
    """Return whether a sign is forbidden in names somewhere, or not seen, such as one that turns round what follows."""
    return sign in _FORBIDDEN or not (sign.isprintable() or sign in _JOINERS)


class OpenedDocuments:
    """The copies of one assessment; they go with this object, at the latest when the program ends."""

    def __init__(self, session: AssessmentSession) -> None:
        self._session = session
        self._copies: dict[tuple[str, str], Path] = {}
        self._folder: PrivateFolder | None = None

    def _own_folder(self) -> Path:
        if self._folder is None:
            self._folder = PrivateFolder()
        return self._folder.path

    def copy_of(self, evidence: Evidence) -> Path:
        """Return a copy of a held document to read; raises KnownError if it is not held, damaged or not what it says.

        The content is checked again: the entry may have come from somebody else's file.
        """
        if not evidence.document:
            raise KnownError(_NOTHING_HELD)
        name = safe_file_name(evidence.file_name)
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
            raise file_errors.from_os_error(error, Path(name)) from error
        self._copies[evidence.document, name] = copy
        return copy

    def remove(self) -> None:
        self._copies.clear()
        if self._folder is not None:
            self._folder.remove()
            self._folder = None
