"""A thousand damaged files: each opens as it was or is refused in a sentence, what is recovered was in it."""

import multiprocessing
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from capacity_app.domain.encryption_keys import NO_KEYS, Keyring, derive_key, keyring_of
from capacity_app.services.session.demonstration import create_demonstration
from capacity_app.services.session.file_writing import create_from_dossier
from capacity_app.storage import database
from tests.builders import DEVICE, open_session, small_dossier
from tests.conftest import Promise
from tests.places import names_in
from tests.services.damaged_child import Outcome, serve
from tests.services.damaging import DAMAGES, damage

FULL = bool(os.environ.get("CAPACITY_TORTURE"))
PATIENCE_SECONDS = 120
KEY = derive_key("velmora", bytes(range(200, 216)))
SHARES = {"small": 660 if FULL else 42, "protected": 280 if FULL else 14, "demonstration": 60 if FULL else 4}
"""How many files of each kind: over a thousand, or 60 in the ordinary run."""


def _grown(folder: Path) -> Path:
    """Make a small file in which much has been said, again and again, with documents and a previous round."""
    previous = small_dossier(id="earlier")
    pdf = b"%PDF-1.7\n" + b"held " * 4_000
    file = folder / "small.assessment"
    create_from_dossier(file, small_dossier(previous=previous), device=DEVICE)
    document = folder / "act.pdf"
    document.write_bytes(pdf)
    with open_session(file, author="A. Officer") as session:
        session.attach(document)
        keys = [answer.key for answer in session.dossier().answers]
        for number in range(8):
            for key in keys:
                content = replace(session.content(key), note=f"Note {number}.")
                session.record(key, content)
    document.unlink()
    return file


def _protected(folder: Path) -> Path:
    plain, file = _grown(folder), folder / "protected.assessment"
    database.rewrite_under_key(plain, None, file, KEY)
    plain.unlink()
    return file


def _demonstration(folder: Path) -> Path:
    file = folder / "demonstration.assessment"
    create_demonstration(file, device=DEVICE)
    return file


MATERIAL: dict[str, tuple[Callable[[Path], Path], Keyring]] = {
    "small": (_grown, NO_KEYS),
    "protected": (_protected, keyring_of(KEY)),
    "demonstration": (_demonstration, NO_KEYS),
}


@dataclass
class Child:
    """The child that looks at files, started anew if it dies; ``ask`` gives None if it did."""

    original: Path
    keys: Keyring
    process: multiprocessing.process.BaseProcess | None = None
    line: Connection | None = None
    deaths: list[str] = field(default_factory=list)

    def ask(self, file: Path | None) -> Outcome | None:
        if self.line is None:
            context = multiprocessing.get_context("spawn")
            self.line, theirs = context.Pipe()
            self.process = context.Process(target=serve, args=(theirs, self.original, self.keys))
            self.process.start()
            theirs.close()
            assert self._heard() is None
        self.line.send(file)
        return self._heard() if file else None

    def _heard(self) -> Outcome | None:
        assert self.line is not None
        assert self.line.poll(PATIENCE_SECONDS), "the child hangs"
        heard: Outcome | None = self.line.recv()
        return heard

    def end(self) -> None:
        if self.process is not None and self.line is not None:
            if self.process.is_alive():
                self.line.send(None)
            self.process.join(PATIENCE_SECONDS)
            self.line.close()


@contextmanager
def _child(original: Path, keys: Keyring) -> Iterator[Child]:
    child = Child(original, keys)
    try:
        yield child
    finally:
        child.end()


@pytest.mark.long
@pytest.mark.parametrize("material", MATERIAL)
def test_every_damaged_file_opens_as_it_was_or_is_refused_and_recovered(
    tmp_path: Path, material: str, promise: Promise
) -> None:
    make, keys = MATERIAL[material]
    (tmp_path / "whole").mkdir()
    original = make(tmp_path / "whole")
    whole, file = original.read_bytes(), tmp_path / "damaged.assessment"
    seen: Counter[str] = Counter()
    shares: list[float] = []
    with _child(original, keys) as child:
        for number in range(SHARES[material]):
            kind = tuple(DAMAGES)[number % len(DAMAGES)]
            damage(file, whole, kind, random.Random(number))  # noqa: S311 - a repeatable test
            damaged = file.read_bytes()
            outcome = child.ask(file)
            where = f"{kind}, number {number}"
            assert outcome is not None, where
            assert file.read_bytes() == damaged, where
            assert outcome.opened in {"equal", "told by the check", "refused", "all but the previous round"}, where
            assert outcome.opened != "refused" or len(outcome.sentence) > 20, where
            assert outcome.strange == (), where
            assert (outcome.recovered is None) == (len(outcome.refusal) > 20), where
            seen[outcome.opened] += 1
            shares.append(outcome.recovered or 0.0)
            seen["recovered"] += outcome.recovered is not None
            for left in names_in(tmp_path):
                if left not in {"whole", file.name, "recovered.assessment"}:
                    (tmp_path / left).unlink()
    assert seen["all but the previous round"] <= SHARES[material] // 100
    assert seen["refused"] > SHARES[material] // 4
    assert seen["recovered"] > SHARES[material] // 3
    promise(
        "a damaged file is never overwritten, a traceback or a crash",
        f"{len(shares)} of the {material} file: {seen['equal']} as they were, {seen['refused']} refused, "
        f"{seen['told by the check']} told by the check; in {seen['recovered']} recovered ones "
        f"{sum(shares) / max(1, seen['recovered']):.0%} of the answers",
    )
