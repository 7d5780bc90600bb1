"""Fuzz targets one after the other: ``python -m tests.fuzz FOLDER TARGET=SECONDS…``.

What breaks the law is kept in a folder for each target, by where it was raised, the smallest input for each place, and
the fuzzer goes on; only what ends the process (an abort, endless work, too much memory) ends it, and libFuzzer keeps
that input beside the others. Each target is fuzzed in a child of a process that has counted all branches before.
"""

import json
import os
import random
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

import atheris  # type: ignore[import-untyped]  # it publishes no types

with atheris.instrument_imports(include=["capacity_app"]):
    from tests.fuzz import targets
    from tests.fuzz.laws import Watch, obeyed

MOST_BYTES = 400_000
HANG = 100
"""Seconds after which libFuzzer ends an input that never comes to an end."""
MEGABYTES = 2_500


def main(folder: Path, shares: Sequence[str]) -> None:
    """Fuzz each target for its seconds; how a child ended, and after how long, stands in "ended.json" of its folder."""
    for share in shares:
        name, _, seconds = share.partition("=")
        place = folder / name
        place.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        child = os.fork()
        if not child:
            _log_to(place / "log")
            _fuzz(name, place, int(seconds))
        _, status = os.waitpid(child, 0)
        ended = {"code": os.waitstatus_to_exitcode(status), "seconds": time.monotonic() - began}
        (place / "ended.json").write_text(json.dumps(ended))


def _log_to(log: Path) -> None:
    with log.open("ab") as file:
        os.dup2(file.fileno(), sys.stdout.fileno())
        os.dup2(file.fileno(), sys.stderr.fileno())


def _fuzz(name: str, place: Path, seconds: int) -> None:
    """Fuzz one target, and end the process."""
    target, here = targets.TARGETS[name], place / "laid-out" / "given"
    (place / "corpus").mkdir(exist_ok=True)
    (place / "seeds").mkdir(exist_ok=True)
    for number, content in enumerate(target.seeds().values()):
        # What is read on first use is read now, before anything is watched.
        obeyed(lambda content=content: targets.read_by(target, content, here))  # type: ignore[misc]
        (place / "seeds" / str(number)).write_bytes(content)
    watch, keep = Watch(here.parent), _keeper(place, target.suffix)

    def test_one_input(data: bytes) -> None:
        target.prepare(data, here)
        try:
            with watch.on():
                obeyed(lambda: target.read(data, here))
        except Exception as error:  # noqa: BLE001 - whatever is raised is a finding
            keep(data, error)

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        return target.mutate(data, most, random.Random(seed), atheris.Mutate)[:most]  # noqa: S311 - no secret

    options = [f"-max_total_time={seconds}", f"-timeout={HANG}", f"-rss_limit_mb={MEGABYTES}", f"-max_len={MOST_BYTES}",
               f"-artifact_prefix={place}/ended-", str(place / "corpus"), str(place / "seeds")]  # fmt: skip
    atheris.Setup([sys.argv[0], *options], test_one_input, custom_mutator=mutate)
    atheris.Fuzz()


def _keeper(folder: Path, suffix: str) -> Callable[[bytes, Exception], None]:
    """Return what keeps the smallest input for each place where something was raised."""
    smallest: dict[str, int] = {}

    def keep(data: bytes, error: Exception) -> None:
        steps = traceback.extract_tb(error.__traceback__)
        ours = [step for step in steps if "capacity_app" in step.filename] or list(steps)
        place = f"{type(error).__name__}-{Path(ours[-1].filename).stem}-{ours[-1].lineno}"
        if len(data) < smallest.get(place, MOST_BYTES + 1):
            smallest[place] = len(data)
            (folder / f"finding-{place}{suffix}").write_bytes(data)
            (folder / f"raised-{place}.txt").write_text("".join(traceback.format_exception(error)))

    return keep


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
