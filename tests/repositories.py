"""Repositories of headquarters made of rows, so that a test need not read many files to have them."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from capacity_app import paths
from capacity_app.domain.headquarters.synthesis import SynthesisTables
from capacity_app.domain.headquarters.tidy_tables import FileRows, FileStatus, ProblemRow, read_countries
from capacity_app.storage.file_lock import LockOwner
from capacity_app.storage.headquarters_database import FileStamp, HeadquartersWriter
from tests.domain.repository_rows import some_tables


def parcels_of(tables: SynthesisTables, problems: Sequence[ProblemRow] = ()) -> list[FileRows]:
    """Return what every file contributes."""
    made = []
    for file in tables.files:
        known = next((row for row in tables.assessments if row.file_hash == file.file_hash), None)
        is_read = known is not None and file.fate is not FileStatus.REFUSED
        made.append(
            FileRows(
                file=file,
                assessment=known if is_read else None,
                scores=tuple(row for row in tables.scores if row.file_hash == file.file_hash),
                gaps=tuple(row for row in tables.gaps if row.file_hash == file.file_hash),
                actions=tuple(row for row in tables.actions if row.file_hash == file.file_hash),
                breakdowns=tuple(row for row in tables.breakdowns if row.file_hash == file.file_hash),
                problems=tuple(row for row in problems if row.file_hash == file.file_hash),
                questions=tuple(replace(row, position=place) for place, row in enumerate(tables.questions)),
            )
        )
    return made


def repository_of(
    file: Path, tables: SynthesisTables | None = None, *, problems: Sequence[ProblemRow] = (), is_complete: bool = True
) -> Path:
    """Write a repository of these rows, or of the usual countries."""
    with HeadquartersWriter(file, LockOwner("tests"), "tests") as writer:
        writer.put((parcel, FileStamp(parcel.file.size, 1)) for parcel in parcels_of(tables or some_tables(), problems))
        if is_complete:
            lines = (paths.resources_folder() / "regions" / "m49.csv").read_text(encoding="utf-8").splitlines()
            writer.finish(read_countries(lines))
    return file


def view(repository: Path, name: str) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """The columns and rows of a view or table, as any other program reads them."""
    with closing(sqlite3.connect(repository)) as connection:
        found = connection.execute(f"SELECT * FROM {name}")
        return tuple(column[0] for column in found.description), found.fetchall()


def of_file(row: Any, file_hash: str) -> Any:
    """Return a row as one of another file; those of large tables are tuples."""
    return row._replace(file_hash=file_hash) if hasattr(row, "_replace") else replace(row, file_hash=file_hash)
