"""Which instruments there are: those that come with the program, and the user's own."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path

from capacity_app import paths
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError, Problem, ProblemSeverity
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.questionnaires.problems import list_names, nearest_name, shorten_value
from capacity_app.questionnaires.reader import InstrumentHeading, read_heading, read_instrument
from capacity_app.questionnaires.toml_files import HEAD_FILE

DEFAULT_INSTRUMENT = "unsd-nmdc"
"""The instrument this program was made for: of those in one folder it is listed, and offered, before all others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryEntry(InstrumentHeading):
    """One instrument of the library, without its questions; what cannot be read of it is empty.

    ``problems`` are those of ``instrument.toml`` and the supplements; ``reader.folder_problems`` finds all.
    """

    folder: Path
    problems: tuple[Problem, ...]

    @property
    def has_mistakes(self) -> bool:
        """Return whether what was read of it cannot be used; ``reader.folder_problems`` tells of the rest too."""
        return any(problem.severity is ProblemSeverity.ERROR for problem in self.problems)


def instrument_folders() -> tuple[Path, Path]:
    """Return the folder of the questionnaires that came with the program, and that of a person's own."""
    return paths.instruments_folder(), paths.user_instruments_folder()


def list_instruments(folders: Sequence[Path]) -> tuple[LibraryEntry, ...]:
    """List the instruments in folders of instruments, in order; a folder that does not exist holds none."""
    return tuple(_read_entry(folder) for parent in folders for folder in _instrument_folders(parent))


def find_instrument(id_or_path: str | Path, folders: Sequence[Path]) -> LibraryEntry:
    """Find an instrument by its id, or by the path of its folder or ``instrument.toml``.

    Of several versions the highest is found, of equal ones the first. Raises KnownError if there is none.
    """
    entries = () if isinstance(id_or_path, Path) else list_instruments(folders)
    same = [entry for entry in entries if entry.id == id_or_path]
    if same:
        return max(same, key=lambda entry: version_key(entry.version))
    folder = Path(id_or_path)
    if folder.name == HEAD_FILE:
        folder = folder.parent
    if _is_instrument(folder):
        return _read_entry(folder)
    raise _not_found(str(id_or_path), [entry.id for entry in entries])


def with_officer_texts(instrument: Instrument) -> Instrument:
    """Return the installed questionnaire of the same content, which has the officer's texts; without one, this one."""
    for entry in list_instruments(instrument_folders()):
        if (entry.id, entry.version) == (instrument.id, instrument.version):
            found, _ = read_instrument(entry.folder, instrument.supplements)
            if found is not None and found.content_hash == instrument.content_hash:
                return found
    return instrument


def version_key(version: str) -> tuple[int, ...]:
    """Return a key by which versions sort: "1.10" comes after "1.9"."""
    return tuple(int(number) for number in re.findall(r"[0-9]{1,9}", version))


def next_version(version: str) -> str:
    start, dot, last = version.rpartition(".")
    return f"{start}{dot}{int(last) + 1}" if last.isdecimal() else f"{version}.1"


def _not_found(name: str, known: Iterable[str]) -> KnownError:
    known = list(dict.fromkeys(known))
    near = nearest_name(name, known)
    if near:
        message = N_("There is no questionnaire “{name}”. Did you mean “{near}”?")
        return KnownError(message, name=shorten_value(name), near=near)
    message = N_("There is no questionnaire “{name}”. Known are: {known}.")
    return KnownError(message, name=shorten_value(name), known=list_names(known))


def _read_entry(folder: Path) -> LibraryEntry:
    heading, problems = read_heading(folder)
    said = {one.name: getattr(heading, one.name) for one in fields(InstrumentHeading)} if heading else {}
    said["id"] = said.get("id") or folder.name
    return LibraryEntry(**said, folder=folder, problems=problems)


def _instrument_folders(parent: Path) -> list[Path]:
    try:
        found = (folder for folder in parent.iterdir() if folder.name[0] != "." and _is_instrument(folder))
        return sorted(found, key=lambda folder: (folder.name != DEFAULT_INSTRUMENT, folder))
    except OSError:
        return []


def _is_instrument(folder: Path) -> bool:
    try:
        return (folder / HEAD_FILE).is_file()
    except (OSError, ValueError):
        return False
