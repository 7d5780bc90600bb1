"""Merging five officers with 2,000 answers each, against reading their files with nothing but sqlite3."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from capacity_app.domain.assessment.answers import Answer
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Agency, Mission
from capacity_app.services.exchange.merge import apply_merge, plan_merge
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.file_writing import create_from_dossier
from tools.benchmarks.measuring import Figure, from_times, milliseconds
from tools.benchmarks.samples import large_answers, large_instrument

OFFICERS, ANSWERS, OF_THE_BASE, CONTESTED = 5, 2_000, 1_000, 200
MILLISECONDS_ALLOWED = 2_000


@cache
def _own(officer: int) -> tuple[Answer, ...]:
    """Return an officer's answers: 200 that all contest, 300 that change the base, the rest in places of their own."""
    known = large_answers()
    changed = known[CONTESTED + 100 * officer :][:300]
    new = known[OF_THE_BASE + officer * 1_500 :][:1_500]
    minutes = (f"2018-11-27T09:{number % 60:02d}:00+00:00" for number in range(ANSWERS))
    return tuple(
        replace(
            answer,
            content=replace(answer.content, value=officer % 4, note=f"Officer {officer} asked about this."),
            author=f"Officer {officer}",
            time=time,
            language="en",
        )
        for answer, time in zip((*known[:CONTESTED], *changed, *new), minutes, strict=True)
    )


def files_in(folder: Path) -> list[Path]:
    """Make the base and the officers' copies of it."""
    base = folder / "base.assessment"
    mission = Mission(country="XXA", country_name="Examplia", round="2018")
    answers = tuple(replace(one, content=replace(one.content, value=3)) for one in large_answers()[:OF_THE_BASE])
    agencies = tuple(Agency(id=f"agency-{n}", name=f"Agency {n} of Statistics") for n in range(20))
    create_from_dossier(
        base,
        Dossier(id="benchmark", instrument=large_instrument(), mission=mission, answers=answers, agencies=agencies),
        {},
        device="benchmark1",
    )
    copies = [Path(shutil.copy(base, folder / f"officer-{number}.assessment")) for number in range(OFFICERS)]
    for number, copy in enumerate(copies):
        with AssessmentSession(copy, author=f"Officer {number}", device=f"officer{number}") as session:
            offices = [Agency(id=f"agency-o{number}-{n}", name=f"Office {number}/{n}") for n in range(20)]
            session.adopt(_own(number), offices)
    return [base, *copies]


def _floor(files: list[Path]) -> None:
    for file in files:
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("SELECT * FROM answer_revisions").fetchall()
            connection.execute("SELECT * FROM entry_revisions").fetchall()


def _merge(file: Path, others: list[Path]) -> None:
    with AssessmentSession(file, author="Merger", device="merger") as session:
        plan = plan_merge(session, others)
        assert plan.new == OFFICERS * (ANSWERS + 20)
        assert len(plan.conflicts) >= CONTESTED
        apply_merge(session, plan)
        assert session.flush()


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        base, *copies = files_in(Path(folder))
        times = []
        for number in range(4):
            target = Path(shutil.copy(base, Path(folder) / f"target-{number}.assessment"))
            mine = milliseconds(partial(_merge, target, copies))
            times.append((mine, milliseconds(lambda: _floor([base, *copies]))))
        name = f"merging {OFFICERS} officers × {ANSWERS:,} answers"
        against = from_times(f"{name}, against reading the files", times[1:], 60)
        yield Figure(name, against.ours, None, None, MILLISECONDS_ALLOWED, "ms")
        yield against
