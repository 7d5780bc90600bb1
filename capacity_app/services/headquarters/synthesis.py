"""A regional synthesis from headquarters' repository: PDF, workbook, or its tidy tables as Parquet and CSV."""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from capacity_app.domain.headquarters.codebook import CODEBOOK_COLUMNS, column_type, exported_columns
from capacity_app.domain.headquarters.selection import SynthesisOptions
from capacity_app.domain.headquarters.synthesis import SUMMARY_TABLES, Synthesis
from capacity_app.domain.headquarters.tidy_tables import TABLES, ProblemRow
from capacity_app.domain.problems import N_, KnownError
from capacity_app.files.atomic import (
    DAMAGED,
    atomic_folder,
    check_writable,
    known_write_errors,
    sync_file,
    write_atomically,
)
from capacity_app.i18n.synthesis_formatter import SynthesisFormatter
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.pdf.rendering import load_weasyprint
from capacity_app.outputs.synthesis.report import render_synthesis
from capacity_app.outputs.synthesis.workbook import synthesis_workbook_bytes
from capacity_app.outputs.workbook.writer import is_whole_workbook
from capacity_app.services.protection import own_identity
from capacity_app.services.reports import ProgressListener, is_complete_pdf, monotonic_progress
from capacity_app.services.result_tables import escape_formula
from capacity_app.storage.headquarters_database import HeadquartersDatabase, open_headquarters_database
from capacity_app.storage.rows import SqlRow

# The tidy tables of a repository as a folder with one Parquet or CSV file for each table.
#
# Problem: statistics programs read one table from one file, and a folder that is half written looks like a whole one.
# Decision: what is asked for as "tables.parquet" is a folder of that name; its tables are counted, and only then it
# takes the place of an older one, which must hold nothing but such tables. Rows are written as they come: millions of
# answers take no more memory than a thousand. Parquet is written by DuckDB, an extra of 68 MB that CSV does not need.

PARQUET, CSV = ".parquet", ".csv"
TABLE_SUFFIXES = (PARQUET, CSV)
_PARQUET_TYPES = {
    "text": "VARCHAR", "whole number": "BIGINT", "number": "DOUBLE", "true or false": "BOOLEAN", "date": "DATE",
    "time": "TIMESTAMP",
}  # fmt: skip
EXPORTED = (*TABLES, *SUMMARY_TABLES)
"""The tables that go out: the tidy ones, the figures of the synthesis, and the codebook."""
_SUMMARY_TEXTS = frozenset({
    "file_hash", "country", "region_m49", "region", "section", "number", "band", "wording", "question", "grid_row",
    "grid_column", "code", "label", *CODEBOOK_COLUMNS,
})  # fmt: skip
_KEYS = frozenset({"file_hash", "question", "grid_row", "grid_column", "layer", "respondent"})
"""Columns that tables are joined by: an empty text stays one there, and is nothing everywhere else."""
_NO_PARQUET = N_(
    "This installation cannot write Parquet files. Save the tables as CSV, or install “capacity-app[parquet]”. Nothing "
    "was changed."
)
_NOT_OURS = N_(
    "“{file}” is there already and holds other things than tables of a repository. Choose another name; nothing was "
    "changed."
)

TableListener = Callable[[str, int], None]
"""Hears the name of the table that is being written, and its place among all of them."""


def _columns(table: str) -> tuple[tuple[str, str], ...]:
    """Return the columns of a table with what they hold."""
    if table in SUMMARY_TABLES:
        return tuple((name, _summary_type(name)) for name in SUMMARY_TABLES[table])
    return tuple((name, column_type(table, name)) for name in exported_columns(table))


def _summary_type(column: str) -> str:
    if column in _SUMMARY_TEXTS:
        return "text"
    return {"median": "number", "is_newest": "true or false"}.get(column, "whole number")


def _typed_row(columns: Sequence[tuple[str, str]], row: SqlRow) -> dict[str, object]:
    return {name: _typed(name, kind, value) for (name, kind), value in zip(columns, row, strict=True)}


def _typed(name: str, kind: str, value: object) -> object:
    if kind == "true or false":
        return None if value is None else bool(value)
    return None if value == "" and name not in _KEYS else value


def _write_parquet(file: Path, table: str, rows: Iterator[SqlRow]) -> int:
    import duckdb  # noqa: PLC0415 - an extra

    columns, count, beside = _columns(table), 0, file.with_suffix(".json")
    try:
        # DuckDB reads rows from files only; JSON tells an empty text from nothing, as CSV does not.
        with beside.open("w", encoding="utf-8") as stream:
            for row in rows:
                stream.write(json.dumps(_typed_row(columns, row)) + "\n")
                count += 1
        with duckdb.connect(config={"temp_directory": str(file.parent)}) as database:
            types = {name: _PARQUET_TYPES[kind] for name, kind in columns}
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


def _csv_cell(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    return escape_formula(value) if isinstance(value, str) else value


def _write_csv(file: Path, table: str, rows: Iterator[SqlRow]) -> int:
    """Write UTF-8 with the mark that makes Excel read it right, and no text that it would take for a formula."""
    count, columns = 0, _columns(table)
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(name for name, _kind in columns)
        for row in rows:
            writer.writerow(map(_csv_cell, _typed_row(columns, row).values()))
            count += 1
    return count


def _count_csv(file: Path) -> int:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return sum(1 for _row in csv.reader(stream)) - 1


_WRITERS = {PARQUET: (_write_parquet, _count_parquet), CSV: (_write_csv, _count_csv)}


def expect_parquet_available(out: Path) -> None:
    """Raise KnownError if ``out`` is to be Parquet and DuckDB is not installed."""
    if out.suffix.lower() == PARQUET and find_spec("duckdb") is None:
        raise KnownError(_NO_PARQUET)


def expect_tables_folder(out: Path) -> None:
    """Refuse a place where something else lies already; raises KnownError."""
    if out.is_dir():
        ours = {f"{table}{out.suffix.lower()}" for table in EXPORTED}
        if any(entry.is_dir() or entry.name not in ours for entry in out.iterdir()):
            raise KnownError(_NOT_OURS, file=out.name)
    elif out.exists():
        raise KnownError(_NOT_OURS, file=out.name)


def _fill_folder(folder: Path, repository: HeadquartersDatabase, suffix: str, tell: TableListener) -> None:
    write, count = _WRITERS[suffix]
    for place, table in enumerate(EXPORTED):
        tell(table, place)
        file = folder / f"{table}{suffix}"
        if write(file, table, repository.exported(table)) != count(file):
            raise KnownError(DAMAGED, file=file.name)
        sync_file(file)


def write_tidy_tables(repository: HeadquartersDatabase, out: Path, tell: TableListener) -> None:
    """Write all tables into the folder ``out``, by its ending; raises KnownError, then an old folder is as it was."""
    with known_write_errors(out):
        expect_tables_folder(out)
        with atomic_folder(out) as temp:
            _fill_folder(temp, repository, out.suffix.lower(), tell)


SYNTHESIS_PDF, SYNTHESIS_WORKBOOK = ".pdf", ".xlsx"
SYNTHESIS_SUFFIXES = (SYNTHESIS_PDF, SYNTHESIS_WORKBOOK, *TABLE_SUFFIXES)
_UNFINISHED = N_(
    "“{file}” is not finished: the last run ended before all files were read. Start it once more; it goes on where it "
    "was."
)


def read_synthesis(repository: Path, choice: SynthesisOptions | None = None) -> Synthesis:
    """Make the synthesis of a repository; raises KnownError if the file is none, or not finished."""
    with open_headquarters_database(repository) as opened:
        if not opened.is_complete:
            raise KnownError(_UNFINISHED, file=repository.name)
        return opened.synthesis(choice)


def read_problems(repository: Path, file_hash: str) -> tuple[ProblemRow, ...]:
    """Return what could not be read in one file of a repository; raises KnownError."""
    with open_headquarters_database(repository) as opened:
        return opened.problems(file_hash)


def _synthesis_pdf(formatter: SynthesisFormatter, progress: ProgressListener) -> bytes:
    return render_synthesis(formatter, progress, own_identity())


_SYNTHESIS_FORMATS: dict[
    str, tuple[Callable[[SynthesisFormatter, ProgressListener], bytes], Callable[[bytes], bool]]
] = {
    SYNTHESIS_PDF: (_synthesis_pdf, is_complete_pdf),
    SYNTHESIS_WORKBOOK: (synthesis_workbook_bytes, is_whole_workbook),
}


def _write_repository_tables(repository: Path, out: Path, texts: Translator, tell: ProgressListener) -> None:
    def tell_table(table: str, place: int) -> None:
        tell(texts.gettext("Writing the table “{table}”").format(table=table), place / len(EXPORTED))

    expect_parquet_available(out)
    with open_headquarters_database(repository) as opened:
        if not opened.is_complete:
            raise KnownError(_UNFINISHED, file=repository.name)
        write_tidy_tables(opened, out, tell_table)


def write_synthesis(
    repository: Path,
    out: Path,
    *,
    texts: Translator,
    choice: SynthesisOptions | None = None,
    progress: ProgressListener | None = None,
) -> None:
    """Write a synthesis by the ending of ``out``: .pdf or .xlsx, or the tidy tables in a folder: .parquet or .csv.

    ``progress`` hears what is being done and a share of 0 to 1. Raises KnownError for anything the person can mend;
    then what was there is as it was.
    """
    tell, suffix = monotonic_progress(progress), out.suffix.lower()
    if suffix not in SYNTHESIS_SUFFIXES:
        raise KnownError(
            N_("A synthesis ends in {endings}; {file} does not."), endings=", ".join(SYNTHESIS_SUFFIXES), file=out.name
        )
    if suffix in TABLE_SUFFIXES:
        _write_repository_tables(repository, out, texts, tell)
    else:
        if suffix == SYNTHESIS_PDF:
            load_weasyprint()
        check_writable(out)
        tell(texts.gettext("Reading the repository"), 0.0)
        formatter = SynthesisFormatter(texts, read_synthesis(repository, choice))
        render, is_whole = _SYNTHESIS_FORMATS[suffix]
        content = render(formatter, lambda step, share: tell(step, 0.1 + 0.85 * share))
        tell(texts.gettext("Checking and saving the file"), 0.97)
        write_atomically(out, content, is_whole)
    tell(texts.gettext("Done"), 1.0)
