"""The demonstration: a complete assessment of a country that does not exist, and its previous round.

It stands in ``resources/demonstration`` as text files anybody can correct (form: ``services.authored``):
registers, one file of answers per part, actions, the round of 2018. The same dossier every time.
"""

from collections.abc import Iterable
from pathlib import Path

from capacity_app import paths
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.problems import Problem
from capacity_app.instruments.reader import read_instrument
from capacity_app.services.assessment_session import create_from_dossier
from capacity_app.services.authored import read_files

INSTRUMENT = "unsd-nmdc"
SUPPLEMENTS = ("T",)
PREVIOUS = "previous.toml"
DOCUMENTS = "documents"


class DemonstrationError(ValueError):
    """The files do not fit together, or not the instrument; ``problems`` names every place and reason."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{problem.place}: {problem.text()}" for problem in self.problems))


def demonstration_folder() -> Path:
    return paths.resources_folder() / "demonstration"


def demonstration_instrument() -> Instrument:
    """Read the instrument that the demonstration answers; raises DemonstrationError."""
    instrument, problems = read_instrument(paths.instruments_folder() / INSTRUMENT, SUPPLEMENTS)
    if instrument is None:
        raise DemonstrationError(problems)
    return instrument


def read_demonstration(folder: Path, instrument: Instrument) -> tuple[Dossier, dict[str, bytes]]:
    """Read the files of a folder and the held documents by SHA-256; raises DemonstrationError."""
    files = sorted(path for path in folder.glob("*.toml") if path.name != PREVIOUS)
    earlier = read_files([folder / PREVIOUS], instrument, folder / DOCUMENTS)
    present = read_files(files, instrument, folder / DOCUMENTS)
    if problems := (*present.problems, *earlier.problems):
        raise DemonstrationError(problems)
    return present.dossier(earlier.dossier()), earlier.held | present.held


def demonstration() -> tuple[Dossier, dict[str, bytes]]:
    """Return the demonstration, with its previous round, and its held documents by SHA-256."""
    return read_demonstration(demonstration_folder(), demonstration_instrument())


def create_demonstration(file: Path, *, device: str) -> None:
    """Make an assessment file of the demonstration; refuses to overwrite (KnownError)."""
    dossier, documents = demonstration()
    create_from_dossier(file, dossier, documents, device=device)
