"""Reads every file of a folder in one process, to be watched from outside: ``python -m tests.untrusted.reading_child``.

The argument is the folder: files to be read lie in "given", one folder each. How each ended stands in "outcomes.json":
whether it was read, the sentence of its refusal or of its problems, everything it said, and how many megabytes the
process has needed until then.
"""

import json
import re
import sys
from pathlib import Path

from capacity_app.domain.problems import KnownError
from capacity_app.services.untrusted import inspection
from capacity_app.services.untrusted.reading_process import confined
from capacity_app.services.untrusted.returned_file import read_returned_file
from tests.builders import small_instrument


def outcome(file: Path) -> dict[str, object]:
    """Read one file."""
    instrument = small_instrument()
    try:
        returned = read_returned_file(file.name, inspection.read_returned_content(file), lambda _: instrument)
    except KnownError as error:
        return {"is_read": False, "said": error.text(), "told": ""}
    said = "\n".join(problem.text() for problem in returned.problems)
    return {"is_read": True, "said": said, "told": repr(returned)}


def most_memory() -> int:
    """Return the most megabytes this process has ever used."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) // 1_000


def main(folder: Path) -> None:
    """Read them all, as a process may that does nothing else."""
    outcomes: dict[str, object] = {}
    with confined(folder, 300):
        for file in sorted(folder.glob("given/*/*")):
            outcomes[file.parent.name] = outcome(file) | {"megabytes": most_memory()}
        (folder / "outcomes.json").write_text(json.dumps(outcomes))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
