"""The tables in an export of ODK Central or KoboToolbox: CSV, an archive of CSV files, or a workbook."""

import csv
import io
from collections.abc import Iterator, Sequence

from capacity_app.domain.assessment.answers import clean_text
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.numbers_and_dates import cell_text
from capacity_app.domain.problems import KnownError
from capacity_app.services.untrusted import refusals, zip_limits
from capacity_app.services.untrusted.refusals import refusal

MOST_ROWS, MOST_COLUMNS = 50_000, 20_000
_SERVER_COLUMNS = frozenset(
    {"key", "instanceid", "meta-instanceid", "meta/instanceid", "_uuid", "_id", "submissiondate", "_submission_time"}
)
_PARENT_COLUMNS = frozenset(
    {"parent_key", "_parent_index", "_parent_table_name", "_submission__uuid", "_submission__id"}
)
_SERVER_COLUMNS_NEEDED = 2
"""So many columns that only these servers write tell their tables from any other."""
_DELIMITERS = ",;\t"
_MAX_HEADING_BYTES = 4_000_000
"""So many bytes the row of headings may have: labels of groups before a column for every choice make it long."""
_MEDIA_FOLDER = "media/"
"""Where ODK Central puts what was photographed or recorded; it is never unpacked."""
_ZIP_SIGNATURE = b"PK\x03\x04"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportTable:
    """A table: its name, headings, and rows of texts as long as the headings; the first row is row 2."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def is_of_submissions(self) -> bool:
        """Return whether its rows are submissions, and do not belong to rows of another table."""
        return _has_server_columns(self.headings) and not any(
            heading.casefold() in _PARENT_COLUMNS for heading in self.headings
        )


def is_export(content: bytes, file: str) -> bool:
    """Return whether a text is an export, by the headings that only these servers write."""
    if content.startswith(_ZIP_SIGNATURE) or not content:
        return False
    try:
        headings = next(_csv_rows(_decode(content[:_MAX_HEADING_BYTES], file), file), ())
    except (KnownError, ValueError, csv.Error):
        return False  # whoever looks next says what it is
    return _has_server_columns(headings)


def is_export_archive(content: bytes, parts: Sequence[zip_limits.PackagePart], file: str) -> bool:
    """Return whether an archive holds tables, an export among them, and nothing else but the folder of photos."""
    if not all(_is_table(part) or part.name.startswith(_MEDIA_FOLDER) for part in parts):
        return False
    return any(is_export(zip_limits.unpack(content, part, file), part.name) for part in parts if _is_table(part))


def _is_table(part: zip_limits.PackagePart) -> bool:
    return part.name.casefold().endswith(".csv") and not part.name.startswith(_MEDIA_FOLDER)


def _has_server_columns(headings: Sequence[str]) -> bool:
    return (
        len({heading.strip().casefold() for heading in headings} & (_SERVER_COLUMNS | _PARENT_COLUMNS))
        >= _SERVER_COLUMNS_NEEDED
    )


def read_tables(content: bytes, file: str) -> tuple[ExportTable, ...]:
    """Read all tables of an export that has been looked at; raises KnownError."""
    if not content.startswith(_ZIP_SIGNATURE):
        return (_csv_table(content, file),)
    parts = zip_limits.parts_of(content, file)
    if any(part.name.casefold() == "xl/workbook.xml" for part in parts):
        return tuple(_workbook_tables(content, file))
    return tuple(
        _csv_table(zip_limits.unpack(content, part, file), part.name) for part in parts if part.size and _is_table(part)
    )


def _decode(content: bytes, file: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if len(content) == _MAX_HEADING_BYTES and error.start > _MAX_HEADING_BYTES - 4:
            return content[: error.start].decode("utf-8-sig")
        if b"\0" in content:
            raise refusal(refusals.DAMAGED, file) from error
        # Excel on Windows saves CSV in the national code page.
        return content.decode("cp1252", "replace")


def _csv_rows(text: str, file: str) -> Iterator[tuple[str, ...]]:
    if "\0" in text:
        raise ValueError(file)
    delimiter = max(_DELIMITERS, key=lambda sign: _heading_count(text, sign))
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        yield tuple(row)


def _heading_count(text: str, delimiter: str) -> int:
    """Count the headings that a sign between the cells makes."""
    try:
        return len(next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), ()))
    except csv.Error:
        return 0


def _csv_table(content: bytes, file: str) -> ExportTable:
    try:
        return _make_table(file, _csv_rows(_decode(content, file), file), file)
    except (csv.Error, ValueError) as error:
        raise refusal(refusals.DAMAGED, file) from error


def _workbook_tables(content: bytes, file: str) -> Iterator[ExportTable]:
    from openpyxl import load_workbook  # noqa: PLC0415 - only an export as workbook needs it

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            rows = (tuple(map(cell_text, row)) for row in sheet.iter_rows(values_only=True))
            table = _make_table(sheet.title, rows, file)
            if table.headings:
                yield table
    finally:
        book.close()


def _make_table(name: str, rows: Iterator[tuple[str, ...]], file: str) -> ExportTable:
    headings = tuple(clean_text(heading).strip() for heading in next(rows, ()))
    if len(headings) > MOST_COLUMNS:
        raise refusal(refusals.TOO_MANY_CELLS, file, count=str(len(headings)))
    kept: list[tuple[str, ...]] = []
    for row in rows:
        if len(kept) >= MOST_ROWS:
            raise refusal(refusals.TOO_MANY_CELLS, file, count=str(len(kept) * len(headings)))
        texts = tuple(clean_text(text).strip() for text in row)
        # What stands beyond the last heading belongs to no column, but is there.
        kept.append((*texts, *("" for _ in headings[len(texts) :])))
    while kept and not any(kept[-1]):
        kept.pop()
    return ExportTable(name=name, headings=headings, rows=tuple(kept))
