"""What a finished workbook says of itself, read back from its hidden sheet."""

import io
import warnings
from collections.abc import Iterator

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from capacity_app.domain.verification import Copy, Medium, stamp_of
from capacity_app.workbook import layout

_MOST_ROWS, _MOST_COLUMNS = 500, 12
_TEXT_LIMIT = 400


def workbook_copy(content: bytes) -> Copy:
    """Read a workbook, whatever program saved it last; raises ValueError if it cannot be read."""
    try:
        with warnings.catch_warnings():
            # What openpyxl does not carry over (drop-downs, colours) is none of our business here.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            try:
                return _read(book)
            finally:
                book.close()
    except Exception as error:  # openpyxl raises whatever a stranger's file makes it stumble over
        raise ValueError(f"{type(error).__name__}: {error}") from error


def _read(book: Workbook) -> Copy:
    said: dict[str, str] = {}
    if layout.META_SHEET in book.sheetnames:
        said = {line[0]: line[1] for line in _lines(book, layout.META_SHEET) if len(line) > 1}
    title = str(book.properties.title or "")[:_TEXT_LIMIT]
    return Copy(medium=Medium.WORKBOOK, stamp=stamp_of(said), title=title)


def _lines(book: Workbook, name: str) -> Iterator[list[str]]:
    """Go through the cells of a sheet for people or programs, as far as anything of ours stands."""
    sheet = book[name]
    for line in sheet.iter_rows(max_row=_MOST_ROWS, max_col=_MOST_COLUMNS, values_only=True):
        yield [str(cell)[:_TEXT_LIMIT] for cell in line if cell is not None]
