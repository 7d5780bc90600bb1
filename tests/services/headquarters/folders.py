"""Folders of small files for headquarters, and what a repository made of them holds."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.services.headquarters.aggregation import AggregationEngine, AggregationOutcome, aggregate_with_engine
from capacity_app.services.headquarters.child_readers import FileLimits
from capacity_app.services.session.dossier_json import dossier_to_json
from capacity_app.services.session.file_writing import create_from_dossier
from tests.builders import DEVICE, small_dossier
from tests.countries import codes

Tables = dict[str, list[tuple[object, ...]]]


def country(number: int, **mission: Any) -> Dossier:
    """Make a small assessment of a country."""
    dossier = small_dossier(id=f"assessment {number}")
    named: dict[str, Any] = {"country": codes()[number % len(codes())], "country_name": "", "round": "2023", **mission}
    return replace(dossier, mission=replace(dossier.mission, **named))


def put(file: Path, dossier: Dossier) -> Path:
    """Write a dossier as an assessment or as JSON, by the ending."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.suffix == ".assessment":
        create_from_dossier(file, dossier, device=DEVICE)
    else:
        file.write_text(dossier_to_json(dossier, {}), encoding="utf-8")
    return file


def countries_in(folder: Path, count: int) -> Path:
    """Write so many countries as JSON."""
    for number in range(count):
        put(folder / f"{number:03}.json", country(number))
    return folder


def aggregated(
    sources: Sequence[Path], out: Path, workers: int = 1, limits: FileLimits | None = None
) -> AggregationOutcome:
    """Bring a repository up to date with children on this machine."""
    return aggregate_with_engine(AggregationEngine(workers, limits=limits or FileLimits()), sources, out)


def tables_in(repository: Path) -> Tables:
    """Return all tables but the notes about when files were changed."""
    with closing(sqlite3.connect(repository)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names if name != "seen_files"}
