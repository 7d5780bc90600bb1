"""What reads the files: children on this machine, or the workers of a scheduler."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from capacity_app.domain.keys import NO_KEYS, Keyring
from capacity_app.domain.problems import N_, KnownError
from capacity_app.services.aggregation.children import Limits
from capacity_app.services.aggregation.pool import Pool
from capacity_app.services.aggregation.reducing import Outcome, Tell, aggregate

NO_KEYS_BY_NETWORK = N_(
    "Passphrases are not sent to other machines: leave out the scheduler to read protected files, or the passphrases."
)


@dataclass(frozen=True, slots=True)
class Engine:
    """How many children read (0: one for each processor), or the address of a Dask scheduler; and their limits."""

    workers: int = 0
    scheduler: str = ""
    limits: Limits = field(default_factory=Limits)


def aggregate_with(
    engine: Engine,
    sources: Sequence[Path],
    out: Path,
    tell: Tell = lambda _done, _all: None,
    keys: Keyring = NO_KEYS,
    preferred: Sequence[str] = (),
) -> Outcome:
    """Bring a repository up to date; raises KnownError if it cannot be written, or the scheduler not be reached."""
    if engine.scheduler and keys:
        raise KnownError(NO_KEYS_BY_NETWORK)
    if engine.scheduler:
        from capacity_app.services.aggregation.scheduler import read_on  # noqa: PLC0415 - an optional part

        there = partial(read_on, engine.scheduler, limits=engine.limits)
        return aggregate(sources, out, there, tell, keys, preferred)
    with Pool(engine.workers or os.cpu_count() or 1, engine.limits) as pool:
        return aggregate(sources, out, pool.read, tell, keys, preferred)
