"""The tidy tables of a repository as a folder with one Parquet or CSV file for each table.

Problem: statistics programs read one table from one file, and a folder that is half written looks like a whole one.
Decision: what is asked for as "tables.parquet" is a folder of that name; its tables are counted, and only then it
takes the place of an older one, which must hold nothing but such tables. Rows are written as they come: millions of
answers take no more memory than a thousand. Parquet is written by DuckDB, an extra of 68 MB that CSV does not need.
"""

import csv
import json
import typing
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from capacity_app.domain.problems import N_, KnownError
from capacity_app.domain.tidy import TABLES
from capacity_app.files.atomic import DAMAGED, atomic_folder, known_write_errors, sync_file
from capacity_app.services.tables import safe_cell
from capacity_app.store.repository import Repository

PARQUET, CSV = ".parquet", ".csv"
SUFFIXES = (PARQUET, CSV)
_PARQUET_TYPES = {str: "VARCHAR", int: "BIGINT", float: "DOUBLE"}
_NO_PARQUET = N_(
    "This installation cannot write Parquet files. Save the tables as CSV, or install “capacity-app[parquet]”. Nothing "
    "was changed."
)
_NOT_OURS = N_(
    "“{file}” is there already and holds other things than tables of a repository. Choose another name; nothing was "
    "changed."
)

Row = tuple[Any, ...]
Tell = Callable[[str, int], None]
"""Hears the name of the table that is being written, and its place among all of them."""


def _columns(table: str) -> tuple[tuple[str, type], ...]:
    """Return the columns of a table with what they hold: text, whole numbers, or numbers with decimals."""
    shape = TABLES[table][0]
    types = typing.get_type_hints(shape)

    def kind(named: object) -> type:
        inside = typing.get_args(named) or (named,)
        return next((one for one in (float, int) if one in inside), str)

    return tuple((field.name, kind(types[field.name])) for field in fields(shape))


def _write_parquet(file: Path, table: str, rows: Iterator[Row]) -> int:
    import duckdb  # noqa: PLC0415 - an extra

    columns, count, beside = dict(_columns(table)), 0, file.with_suffix(".json")
    try:
        # DuckDB reads rows from files only; JSON tells an empty text from nothing, as CSV does not.
        with beside.open("w", encoding="utf-8") as stream:
            for row in rows:
                stream.write(json.dumps(dict(zip(columns, row, strict=True))) + "\n")
                count += 1
        with duckdb.connect(config={"temp_directory": str(file.parent)}) as database:
            types = {name: _PARQUET_TYPES[kind] for name, kind in columns.items()}
            written = database.read_json(str(beside), columns=types, format="newline_delimited")
            written.write_parquet(str(file), compression="zstd")
    except duckdb.IOException as error:
        raise OSError(str(error)) from error
    finally:
        beside.unlink(missing_ok=True)
    return count


def _count_parquet(file: Path) -> int:
    import duckdb  # noqa: PLC0415 - an extra

    with duckdb.connect() as database:
        return len(database.read_parquet(str(file)))


def _cell(value: object) -> object:
    return safe_cell(value) if isinstance(value, str) else value


def _write_csv(file: Path, table: str, rows: Iterator[Row]) -> int:
    """Write UTF-8 with the mark that makes Excel read it right, and no text that it would take for a formula."""
    count = 0
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(name for name, _kind in _columns(table))
        for row in rows:
            writer.writerow(map(_cell, row))
            count += 1
    return count


def _count_csv(file: Path) -> int:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return sum(1 for _row in csv.reader(stream)) - 1


_WRITERS = {PARQUET: (_write_parquet, _count_parquet), CSV: (_write_csv, _count_csv)}


def _names(suffix: str) -> Sequence[str]:
    return tuple(f"{table}{suffix}" for table in TABLES)


def refuse_missing_extra(out: Path) -> None:
    """Raise KnownError if ``out`` is to be Parquet and DuckDB is not installed."""
    if out.suffix.lower() == PARQUET and find_spec("duckdb") is None:
        raise KnownError(_NO_PARQUET)


def refuse_strange_folder(out: Path) -> None:
    """Refuse a place where something else lies already; raises KnownError."""
    if out.is_dir():
        if any(entry.is_dir() or entry.name not in _names(out.suffix.lower()) for entry in out.iterdir()):
            raise KnownError(_NOT_OURS, file=out.name)
    elif out.exists():
        raise KnownError(_NOT_OURS, file=out.name)


def _fill(folder: Path, repository: Repository, suffix: str, tell: Tell) -> None:
    write, count = _WRITERS[suffix]
    for place, table in enumerate(TABLES):
        tell(table, place)
        file = folder / f"{table}{suffix}"
        if write(file, table, repository.table(table)) != count(file):
            raise KnownError(DAMAGED, file=file.name)
        sync_file(file)


def write_tables(repository: Repository, out: Path, tell: Tell) -> None:
    """Write all tables into the folder ``out``, by its ending; raises KnownError, then an old folder is as it was."""
    with known_write_errors(out):
        refuse_strange_folder(out)
        with atomic_folder(out) as temp:
            _fill(temp, repository, out.suffix.lower(), tell)
