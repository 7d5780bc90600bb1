"""A questionnaire being tried: an assessment in a private folder, which nobody ever finds afterwards."""

import shutil
from contextlib import suppress
from pathlib import Path

from capacity_app.files.private_folders import PrivateFolder
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.services.previewing import DEVICE
from capacity_app.ui.bridge import Bridge, SaveNews

_FRESH, _TRIED = "fresh.assessment", "tried.assessment"


class Trial:
    """A folder with an empty assessment, once one was made at ``fresh``, and a copy of it that answers are tried in."""

    def __init__(self) -> None:
        self._folder = PrivateFolder()
        self.fresh = self._folder.path / _FRESH
        self._file = self._folder.path / _TRIED
        self._news: SaveNews | None = None
        self.bridge: Bridge | None = None

    @property
    def folder(self) -> Path:
        return self._folder.path

    def open(self) -> Bridge:
        """Begin to try, from the start; raises KnownError and OSError."""
        self.close()
        shutil.copyfile(self.fresh, self._file)
        self._news = SaveNews()
        session = AssessmentSession(self._file, device=DEVICE, on_saved=self._news.tell)
        self.bridge = Bridge(session, self._news)
        return self.bridge

    def close(self) -> None:
        if self.bridge is not None:
            self.bridge.session.close()
            self.bridge.deleteLater()
            self.bridge = None
        if self._news is not None:
            self._news.deleteLater()
            self._news = None
        with suppress(OSError):
            self._file.unlink(missing_ok=True)

    def end(self) -> None:
        self.close()
        self._folder.remove()
