"""A line as a table: yes and no, numbers, names and choices as people write them in cells."""

from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation

from capacity_app.domain.problems import N_
from capacity_app.instruments.exact import exact_number
from capacity_app.instruments.findings import shown
from capacity_app.instruments.writing.layout import SHEET, Column, Form
from capacity_app.instruments.writing.places import Mistakes, Spot
from capacity_app.instruments.writing.reading.book import ReadLine
from capacity_app.instruments.writing.reading.cells import LARGEST

Tables = dict[str, object]
_YES, _NO = frozenset({"yes", "y", "true", "1", "x", "✓"}), frozenset({"no", "n", "false", "0", "-", "–"})


def table_of(line: ReadLine, sheet: str, mistakes: Mistakes, skip: Iterable[str] = ()) -> Tables:
    """Give what a line says as a table, without the columns to skip."""
    found: Tables = {}
    for column in SHEET[sheet].columns:
        text = line.get(column.key)
        if text and column.key not in skip:
            value = _value(text, column, Spot(sheet, line.row, column.key), mistakes)
            if value is not None:
                found[column.key] = value
    return found


def _value(text: str, column: Column, spot: Spot, mistakes: Mistakes) -> object:
    read: dict[Form, Callable[[], object]] = {
        Form.YES: lambda: _yes(text, spot, mistakes),
        Form.WHOLE: lambda: _whole(text),
        Form.SHARE: lambda: share_in(text),
        Form.NAMES: lambda: names_in(text),
        Form.CHOICE: lambda: _choice(text, column.choices),
    }
    return read.get(column.form, lambda: text)()


def _yes(text: str, spot: Spot, mistakes: Mistakes) -> bool | None:
    said = text.casefold()
    if said in _YES or said in _NO:
        return said in _YES
    message = N_("“{name}” is neither yes nor no.")
    mistakes.note("writing.yes", spot, message, N_("Write yes or no, or leave it empty."), name=shown(text))
    return None


def share_in(text: str) -> object:
    """Read an exact number: 1, 0.5, 0,5 or 1/3; any other text stays for the checks of the tables."""
    said = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
    number = exact_number(said)
    if number is None:
        return text
    try:
        decimal = Decimal(said)
    except InvalidOperation:
        return said
    return int(number) if number.denominator == 1 else decimal


def names_in(text: str) -> list[str]:
    """Give the names in a cell, with commas, semicolons or new lines between them."""
    return [name.strip() for name in text.replace(";", ",").replace("\n", ",").split(",") if name.strip()]


def _whole(text: str) -> object:
    is_whole = text.removeprefix("-").isdecimal() and text.isascii() and len(text) <= len(str(LARGEST))
    return int(text) if is_whole else text


def _choice(text: str, known: Iterable[str]) -> str:
    """Give a choice as it is known, whatever its capital letters and spaces."""
    plain = {one.casefold(): one for one in known}
    return plain.get(text.casefold().replace(" ", "_"), text)
