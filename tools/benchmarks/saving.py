"""Saving one answer, against two raw inserts in one transaction with the same pragmas."""

import itertools
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.file_writing import create_from_dossier
from tools.benchmarks.measuring import Figure, Work, paired
from tools.benchmarks.samples import DEMONSTRATION

_BATCH = 20
_DISK = Path("/var/tmp")  # noqa: S108 - the folder is made anew, and nobody else can read it
"""Temporary files that outlive a restart lie on a disk; in memory there is nothing to wait for."""


def _ours(file: Path) -> tuple[AssessmentSession, Work]:
    create_from_dossier(file, DEMONSTRATION, {}, device="benchmark1")
    session = AssessmentSession(file, device="benchmark1")
    key = AnswerKey(Address("iii.metadata"), respondent="nso")
    levels = itertools.cycle(range(4))

    def save() -> None:
        for _ in range(_BATCH):
            session.record(key, Content(state=AnswerState.ANSWERED, value=next(levels)))
            session.flush()

    return session, save


def _floor(file: Path) -> tuple[sqlite3.Connection, Work]:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA; PRAGMA foreign_keys=ON;"
        "CREATE TABLE a (device TEXT, counter INTEGER, place TEXT, value TEXT, PRIMARY KEY (device, counter)) STRICT;"
        "CREATE TABLE b (place TEXT PRIMARY KEY, value TEXT) STRICT;"
    )
    numbers = itertools.count()

    def save() -> None:
        for _ in range(_BATCH):
            number = next(numbers)
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO a VALUES ('d', ?, 'iii.metadata', ?)", (number, str(number)))
            connection.execute("INSERT OR REPLACE INTO b VALUES ('iii.metadata', ?)", (str(number),))
            connection.execute("COMMIT")

    return connection, save


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(dir=_DISK if _DISK.is_dir() else None) as folder:
        session, ours = _ours(Path(folder) / "ours.assessment")
        connection, floor = _floor(Path(folder) / "floor.sqlite")
        try:
            yield paired(f"saving {_BATCH} answers, each waited for", ours, floor, 1.5)
        finally:
            session.close()
            connection.close()
