"""Reads every instrument of a folder in one process with little memory: ``python -m tests.untrusted.instrument_child``.

The arguments are the folder, in which "folders" and "copies" lie, and the megabytes. How each ended stands in
"outcomes.json": what was said, whether it may be used, and for how many seconds it was computed.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from capacity_app.domain.problems import KnownError, Problem, ProblemSeverity
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.domain.scoring.answer_sheet import lay_out
from capacity_app.domain.scoring.gaps import find_gaps
from capacity_app.domain.scoring.scores import score_sheet
from capacity_app.questionnaires import library
from capacity_app.questionnaires.checks import instrument_problems
from capacity_app.questionnaires.instrument_json import decode_instrument
from capacity_app.questionnaires.reader import folder_problems, read_heading, read_instrument

Read = Callable[[Path], tuple[Instrument | None, tuple[Problem, ...]]]


def of_folder(folder: Path) -> tuple[Instrument | None, tuple[Problem, ...]]:
    """Read a folder in every way the program does."""
    read_heading(folder)
    folder_problems(folder)
    return read_instrument(folder)


def of_copy(file: Path) -> tuple[Instrument | None, tuple[Problem, ...]]:
    """Read a copy inside an assessment, as from anybody's file."""
    instrument = decode_instrument(file.read_text(encoding="utf-8"))
    problems = instrument_problems(instrument)
    return (None if any(one.severity is ProblemSeverity.ERROR for one in problems) else instrument), problems


def outcome(read: Read, place: Path) -> dict[str, object]:
    """Read one instrument and, if it may be used, use it."""
    began = time.process_time()
    try:
        instrument, problems = read(place)
        said = [
            f"{problem.place}: {problem.text()}" for problem in problems if problem.severity is ProblemSeverity.ERROR
        ]
        if instrument is not None:
            sheet = lay_out(instrument, {})
            score_sheet(sheet)
            find_gaps(sheet)
    except KnownError as error:
        instrument, said = None, [error.text()]
    return {"is_used": instrument is not None, "said": said, "seconds": time.process_time() - began}


def main(folder: Path, megabytes: int) -> None:
    """Read them all, then the whole library at once."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1_000_000,) * 2)
    outcomes = {
        f"{kind}/{place.name}": outcome(read, place)
        for kind, read in (("folders", of_folder), ("copies", of_copy))
        for place in sorted((folder / kind).iterdir())
    }
    entries = library.list_instruments((folder / "folders",))
    listed = {entry.folder.name: [problem.text() for problem in entry.problems] for entry in entries}
    (folder / "outcomes.json").write_text(json.dumps({"each": outcomes, "listed": listed}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
