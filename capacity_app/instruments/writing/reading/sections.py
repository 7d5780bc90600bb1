"""The sections of a workbook, each the beginning of a file with a name of its own."""

from capacity_app.domain.problems import N_
from capacity_app.instruments.files import HEAD
from capacity_app.instruments.findings import inside, shown
from capacity_app.instruments.ids import is_id
from capacity_app.instruments.shapes import SectionTable
from capacity_app.instruments.writing import layout
from capacity_app.instruments.writing.places import Spot
from capacity_app.instruments.writing.reading.book import Book, ReadLine
from capacity_app.instruments.writing.reading.values import Tables, table_of
from capacity_app.instruments.writing.sources import file_name

_LONGEST_NAME = 80


def file_names(book: Book) -> list[str]:
    """Name a file for each section: as the workbook says, unless another one is called so."""
    found: list[str] = []
    for place, line in enumerate(book.lines[layout.SECTIONS], start=1):
        name = line.get("file")
        if book.is_supplement and is_id(line.get("id")):
            name = name or f"{line.get('id')}.toml"
        if not _is_file_name(name) or name in found:
            if name:
                message = N_("“{name}” cannot be the name of this part's file.")
                advice = N_("Leave the cell empty, and a name is found.")
                spot = Spot(layout.SECTIONS, line.row, "file")
                book.mistakes.note("writing.file", spot, message, advice, name=shown(name))
            table = SectionTable(id=line.get("id"), title=line.get("title"), supplement=line.get("supplement"))
            name = file_name(table, place)
        name = name if _is_file_name(name) and name not in found else f"{place:02}-section.toml"
        found.append(name if name not in found else f"{place:02}-section-{place}.toml")
    return found


def _is_file_name(name: str) -> bool:
    stem = name.removesuffix(".toml")
    is_plain = stem.replace("-", "").replace("_", "").replace(".", "").isalnum() and stem.isascii()
    return (
        name.endswith(".toml") and is_plain and not name.startswith(".") and name != HEAD and len(name) <= _LONGEST_NAME
    )


def section_table(book: Book, line: ReadLine, file: str) -> Tables:
    """Give a section as a table, and remember where it stands."""
    section = line.get("id")
    place = inside("", "section", section) if is_id(section) else shown(file)
    for where in (place, inside(HEAD, "section", section), file):
        book.spots.mark(where, Spot(layout.SECTIONS, line.row))
    return table_of(line, layout.SECTIONS, book.mistakes, skip=("file",))
