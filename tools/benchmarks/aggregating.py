"""Aggregating workbooks, against reading the sheet of answers alone; more of them, more children, a second time.

The floor of one workbook is openpyxl reading that one sheet, which is what pandas' ``read_excel`` does underneath (and
pandas adds its own part). ``CAPACITY_WORKBOOKS`` sets how many the large folder has; 10,000 is the figure that
``performance.md`` asks for and takes an hour on a small machine.
"""

import gc
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openpyxl import load_workbook

from capacity_app.services.headquarters.aggregation import AggregationEngine, aggregate_with_engine
from capacity_app.services.headquarters.child_readers import FileLimits, search_garbage_seldom
from capacity_app.services.headquarters.file_reader import ReadJob, preload, read_parcel
from tests.countries import dossier, workbook_of
from tools.benchmarks.measuring import Figure, from_times, milliseconds

_FEW = 200
_MANY = int(os.environ.get("CAPACITY_WORKBOOKS", "1000"))
_PATTERNS = 10
"""Different workbooks, of which the folders hold copies made different by their assessment's id."""
_SAMPLE = 20


def _folder(folder: Path, count: int) -> Path:
    """Make a folder of workbooks: a few are written, the others differ from them in one part."""
    folder.mkdir()
    patterns = [workbook_of(dossier(number)) for number in range(_PATTERNS)]
    for number in range(count):
        place = folder / f"{number // 1000:03}"
        place.mkdir(exist_ok=True)
        # A comment at the end of a zip archive changes its bytes and nothing in it.
        (place / f"{number:06}.xlsx").write_bytes(_with_comment(patterns[number % _PATTERNS], f"{number:08}".encode()))
    return folder


def _with_comment(package: bytes, comment: bytes) -> bytes:
    return package[:-2] + len(comment).to_bytes(2, "little") + comment


def _floor(file: Path) -> int:
    book = load_workbook(file, read_only=True)
    try:
        return sum(1 for _ in book["answers"].iter_rows(values_only=True))
    finally:
        book.close()


def _one_core(folder: Path) -> Figure:
    """Read the same workbooks in this process, one by one in turn with the floor."""
    files = sorted(folder.rglob("*.xlsx"))[:_SAMPLE]
    with tempfile.TemporaryDirectory() as scratch:
        preload()
        known = frozenset(
            {read_parcel(ReadJob(files[0].name, str(files[0])), Path(scratch)).questions[0].instrument_hash}
        )

        def ours(file: Path) -> object:
            return read_parcel(ReadJob(file.name, str(file), known), Path(scratch))

        _floor(files[0])
        times = [(milliseconds(lambda f=file: ours(f)), milliseconds(lambda f=file: _floor(f))) for file in files]  # type: ignore[misc]
    return from_times("reading and tidying one workbook, one core", times, 1 / 5)


def _aggregated(folder: Path, out: Path, workers: int) -> float:
    """Return the seconds a run takes; the children have to start too."""
    start = time.perf_counter()
    aggregate_with_engine(AggregationEngine(workers, limits=FileLimits()), [folder], out)
    return time.perf_counter() - start


_MEASURED = """
import re, resource, sys
from pathlib import Path
from capacity_app.services.headquarters.aggregation import AggregationEngine, aggregate_with_engine
from capacity_app.services.headquarters.child_readers import search_garbage_seldom
search_garbage_seldom()
aggregate_with_engine(AggregationEngine(), [Path(sys.argv[1])], Path(sys.argv[2]))
# Linux counts the process that started this one as part of its largest size, except here.
own = int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1])
print(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def _memory(folder: Path, out: Path) -> tuple[float, float, float]:
    """Return the seconds a run takes in a process of its own, and the most memory it and a child of it used, in MB."""
    start = time.perf_counter()
    said = subprocess.run(
        [sys.executable, "-c", _MEASURED, str(folder), str(out)], check=True, capture_output=True, text=True
    ).stdout
    own, child = (int(number) / 1000 for number in said.split())
    return time.perf_counter() - start, own, child


@contextmanager
def _as_the_command() -> Iterator[None]:
    """Look for garbage as seldom as the command and its children do."""
    before = gc.get_threshold()
    search_garbage_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*before)


def figures() -> Iterator[Figure]:
    with _as_the_command(), tempfile.TemporaryDirectory() as place:
        root = Path(place)
        few = _folder(root / "few", _FEW)
        yield _one_core(few)
        one, two = _aggregated(few, root / "one.sqlite", 1), _aggregated(few, root / "two.sqlite", 2)
        yield Figure(
            f"{_FEW} workbooks with two children (floor: with one)", two * 1000, one * 1000, two / one, 1 / 1.8, "×"
        )
        again = statistics.median(_aggregated(few, root / "two.sqlite", 2) for _ in range(5))
        yield Figure(
            f"{_FEW} unchanged workbooks again (floor: the first run)", again * 1000, two * 1000, again / two, 0.02, "×"
        )
        seconds, own, child = _memory(few, root / "few.sqlite")
        many = _folder(root / "many", _MANY)
        longer, own_more, child_more = _memory(many, root / "many.sqlite")
        expected = seconds * _MANY / _FEW
        name = f"{_MANY} workbooks (floor: {_MANY / _FEW:g} times {_FEW})"
        yield Figure(name, longer * 1000, expected * 1000, longer / expected, 1.1, "×")
        yield Figure("the same, megabytes of a child", child_more, child, child_more / child, 1.1, "×")
        yield Figure("the same, megabytes of the writer", own_more, own, own_more / own, 1.1, "×")
        shutil.rmtree(many)


if __name__ == "__main__":
    from tools.benchmarks.measuring import HEADING, line

    print(HEADING)
    for figure in figures():
        print(line(figure), flush=True)
