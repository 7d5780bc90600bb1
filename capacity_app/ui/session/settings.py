"""What the window remembers between two starts: recent files, its shape, language, colours and name."""

import json
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, fields
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.i18n.translator import locale_tag, native_digits
from capacity_app.ui.theme.fonts_and_sizes import ZOOMS
from capacity_app.ui.theme.palette import Scheme

MOST_RECENT = 12
ASSESSMENT_SUFFIX = ".assessment"
"""How the name of an assessment's file ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentAssessment:
    """One recently open assessment, as the start page shows it without opening the file.

    ``share`` is the completeness in whole percent, ``changed`` the last change (ISO 8601); ``page`` and
    ``address`` are where the person left off, ``tabs`` the pages shown last of each task;
    ``respondent`` is the agency recorded for, ``opened`` the last day (ISO 8601). Of a protected one only the file is
    known.
    """

    file: str
    country: str = ""
    m49: str = ""
    country_name: str = ""
    round: str = ""
    share: int = 0
    changed: str = ""
    page: str = ""
    tabs: str = ""
    respondent: str = ""
    opened: str = ""
    address: str = ""
    is_protected: bool = False

    @property
    def is_missing(self) -> bool:
        return not os.path.isfile(self.file)  # noqa: PTH113 - a Path raises where a remembered name is too long


_KINDS: dict[str, type] = {"share": int, "is_protected": bool}
"""What is no text."""


def _recent(data: object) -> RecentAssessment | None:
    """Read one remembered file; a settings file that somebody edited must not stop the window."""
    if not isinstance(data, Mapping) or not isinstance(data.get("file"), str):
        return None
    wanted = {field.name: _KINDS.get(field.name, str) for field in fields(RecentAssessment)}
    return RecentAssessment(**{name: data[name] for name, kind in wanted.items() if isinstance(data.get(name), kind)})


def _changed(recent: RecentAssessment, changes: Mapping[str, str | int]) -> RecentAssessment:
    found = _recent({**asdict(recent), **changes})
    return found or recent


def _documents_folder() -> Path:
    """Return the folder for documents on this computer, else the home folder."""
    documents = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    return documents if documents.is_dir() else Path.home()


class _Text:
    """One remembered text by its key; where there is none, or none of the ``offered``, the default."""

    def __init__(self, key: str, default: str = "", offered: Collection[str] = ()) -> None:
        self._key, self._default, self._offered = key, default, offered

    def __get__(self, settings: "Settings", _owner: type) -> str:
        text = settings.text(self._key, self._default)
        return text if not self._offered or text in self._offered else self._default

    def __set__(self, settings: "Settings", text: str) -> None:
        settings.keep(self._key, text)


class _Words:
    """Remembered words by their key."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __get__(self, settings: "Settings", _owner: type) -> frozenset[str]:
        return frozenset(settings.text(self._key).split())

    def __set__(self, settings: "Settings", words: Iterable[str]) -> None:
        settings.keep(self._key, " ".join(sorted(words)))


class _Folder:
    """A remembered folder by its key; that of the documents where there is none."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __get__(self, settings: "Settings", _owner: type) -> Path:
        folder = Path(settings.text(self._key) or _documents_folder())
        return folder if folder.is_dir() else _documents_folder()

    def __set__(self, settings: "Settings", folder: Path) -> None:
        settings.keep(self._key, str(folder))


class Settings:
    """Typed access to one settings file; what is missing or unreadable has its default."""

    language = _Text("language")
    """The interface's language (BCP 47); empty follows the system."""
    asked_in = _Text("asked_in")
    """The language of the questions on screen (BCP 47); empty for that of the interface."""
    second_language = _Text("second_language")
    """The language of the wording beside the first (BCP 47); empty for none."""
    author = _Text("author")
    scheme = _Text("scheme", Scheme.SYSTEM, frozenset(Scheme))

    own_digits = _Words("own_digits")
    """The languages whose numbers are written with their own digits, on screen, on paper and in workbooks."""
    folded = _Words("folded")
    """The panes beside the questions that are folded away: "parts", "help"."""
    hints_seen = _Words("hints_seen")
    """The controls whose hint has been seen."""
    assessments_folder = _Folder("assessments_folder")
    """Where the person last kept an assessment."""
    folder = _Folder("folder")
    """The folder of the file that was last imported, exported or made."""

    def __init__(self, file: Path) -> None:
        self._stored = QSettings(str(file), QSettings.Format.IniFormat)
        self._open_now: RecentAssessment | None = None

    def keep(self, key: str, value: str) -> None:
        self._stored.setValue(key, value)

    def text(self, key: str, default: str = "") -> str:
        value = self._stored.value(key, default)
        return value if isinstance(value, str) else default

    def _mapping(self, key: str) -> Mapping[str, object]:
        try:
            stored = json.loads(self.text(key, "{}"))
        except ValueError:
            return {}
        return stored if isinstance(stored, Mapping) else {}

    def recent(self) -> tuple[RecentAssessment, ...]:
        """Return the recently open assessments, the last one first."""
        try:
            stored = json.loads(self.text("recent", "[]"))
        except ValueError:
            return ()
        found = [entry for data in stored if (entry := _recent(data))] if isinstance(stored, list) else []
        now = self._open_now
        return tuple(now if now and entry.file == now.file else entry for entry in found)[:MOST_RECENT]

    def recent_of(self, file: Path) -> RecentAssessment:
        return next((entry for entry in self.recent() if entry.file == str(file)), RecentAssessment(file=str(file)))

    def remember(self, recent: RecentAssessment) -> None:
        """Put a file first among the recent ones; what is new about the one that is first is written by ``sync``.

        Qt waits for the disk whenever it writes settings, and an answer must not hold the window.
        """
        known = self.recent()
        if known and known[0].file == recent.file:
            self._open_now = recent
        else:
            self._keep((recent, *(entry for entry in known if entry.file != recent.file)))

    def update(self, file: Path, **changes: str | int) -> None:
        """Change what is remembered about a file without moving it."""
        if any(entry.file == str(file) for entry in self.recent()):
            self._keep(_changed(e, changes) if e.file == str(file) else e for e in self.recent())

    def forget(self, file: str) -> None:
        """Take a file off the list; the file itself stays."""
        self._keep(entry for entry in self.recent() if entry.file != file)

    def _keep(self, recent: Iterable[RecentAssessment]) -> None:
        kept = tuple(recent)[:MOST_RECENT]
        self._open_now = None
        self._stored.setValue("recent", json.dumps([asdict(entry) for entry in kept]))

    def tag(self, language: str) -> str:
        """Name a language together with the digits chosen for it."""
        return locale_tag(language, native_digits(language)) if language in self.own_digits else language

    @property
    def zoom(self) -> int:
        """The text size in percent, one of the offered ones."""
        text = self.text("zoom", str(ZOOMS[0]))
        return int(text) if text.isdecimal() and int(text) in ZOOMS else ZOOMS[0]

    @zoom.setter
    def zoom(self, zoom: int) -> None:
        self._stored.setValue("zoom", str(zoom))

    @property
    def offers_pseudo(self) -> bool:
        """Return whether the made-up language that shows clipped labels is offered; set by hand in the file."""
        return self.text("pseudo") == "true"

    def report_choices(self, assessment: str) -> Mapping[str, object]:
        """Return what was chosen last for the report of an assessment (its id); empty if nothing was."""
        found = self._mapping("report_choices").get(assessment)
        return found if isinstance(found, Mapping) else {}

    def remember_report(self, assessment: str, choices: Mapping[str, object]) -> None:
        """Keep what was chosen for the report of an assessment, by its id."""
        others = {known: chosen for known, chosen in self._mapping("report_choices").items() if known != assessment}
        kept = dict([(assessment, dict(choices)), *others.items()][:MOST_RECENT])
        self._stored.setValue("report_choices", json.dumps(kept))

    def repositories(self) -> Mapping[str, tuple[str, ...]]:
        """Return the repositories of headquarters, the last one first, each with the folders it was read from."""
        return {
            str(file): tuple(folder for folder in folders if isinstance(folder, str))
            for file, folders in self._mapping("repositories").items()
            if isinstance(folders, list)
        }

    def remember_repository(self, file: Path, folders: Iterable[Path]) -> None:
        """Put a repository first, with the folders it is read from; without any, those known already stay."""
        known = dict(self.repositories())
        own = [str(folder) for folder in folders] or list(known.get(str(file), ()))
        others = {name: list(kept) for name, kept in known.items() if name != str(file)}
        kept = dict([(str(file), own), *others.items()][:MOST_RECENT])
        self._stored.setValue("repositories", json.dumps(kept))

    @property
    def geometry(self) -> QByteArray:
        value = self._stored.value("geometry")
        return value if isinstance(value, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._stored.setValue("geometry", geometry)

    @property
    def is_kept(self) -> bool:
        return self._stored.isWritable()

    def sync(self) -> None:
        if self._open_now is not None:
            self._keep(self.recent())
        self._stored.sync()
