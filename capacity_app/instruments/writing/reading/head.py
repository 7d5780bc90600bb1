"""What holds for the whole questionnaire: its facts, thresholds, scales, codes and concepts."""

from collections.abc import Sequence

from capacity_app.domain.problems import N_, Severity
from capacity_app.instruments.files import HEAD
from capacity_app.instruments.findings import inside, listed, nearest, shown
from capacity_app.instruments.writing import layout
from capacity_app.instruments.writing.layout import SHEET
from capacity_app.instruments.writing.places import Spot
from capacity_app.instruments.writing.reading.answers import option_tables
from capacity_app.instruments.writing.reading.belonging import is_scale
from capacity_app.instruments.writing.reading.book import Book
from capacity_app.instruments.writing.reading.logic import contradictions_of
from capacity_app.instruments.writing.reading.marks import mark_options
from capacity_app.instruments.writing.reading.values import Tables, share_in, table_of


def head_tables(book: Book, names: Sequence[str]) -> Tables:
    """Give the tables of the first file; ``names`` are those of the files of the sections."""
    head: Tables = {"instrument": _facts(book, names)}
    thresholds = {key: share_in(book.facts[key]) for key in layout.THRESHOLDS if key in book.facts}
    if thresholds:
        head["thresholds"] = thresholds
    first = Spot(layout.INSTRUMENT, min(book.fact_rows.values(), default=1))
    book.spots.mark(HEAD, first)
    book.spots.mark(inside(HEAD, "thresholds"), first)
    tables = {
        "scales": _scales(book),
        "codes": _codes(book),
        "concept": _concepts(book),
        "contradiction": contradictions_of(book, ""),
    }
    return head | {key: value for key, value in tables.items() if value}


def _facts(book: Book, names: Sequence[str]) -> Tables:
    keys = (column.key for column in layout.FACTS if column.key not in layout.THRESHOLDS)
    table: Tables = {key: book.facts[key] for key in keys if key in book.facts}
    named = list(zip(names, book.lines[layout.SECTIONS], strict=True))
    table["parts"] = [name for name, line in named if not line.get("supplement")]
    if supplements := [name for name, line in named if line.get("supplement")]:
        table["supplements"] = supplements
    return table


def _scales(book: Book) -> Tables:
    scales = {owner: lines for owner, lines in book.by_owner[layout.OPTIONS].items() if is_scale(owner)}
    for name, lines in scales.items():
        mark_options(book.spots, inside(HEAD, "scale", name), lines)
        book.spots.mark(inside(HEAD, "scales"), Spot(layout.OPTIONS, lines[0].row))
    return {name: option_tables(lines, book.mistakes) for name, lines in scales.items()}


def _codes(book: Book) -> Tables:
    found: dict[str, list[Tables]] = {}
    known = SHEET[layout.CODES].column("list").choices
    for line in book.lines[layout.CODES]:
        name = line.get("list")
        if name not in known:
            near = nearest(name, known)
            message = N_("“{name}” is no list of codes.")
            advice = N_("Did you mean “{near}”?") if near else N_("Known are: {known}.")
            spot = Spot(layout.CODES, line.row, "list")
            book.mistakes.note(
                "writing.code-list", spot, message, advice, name=shown(name), near=near, known=listed(known)
            )
            continue
        entries = found.setdefault(name, [])
        entries.append(table_of(line, layout.CODES, book.mistakes, skip=("list",)))
        place = inside(inside(HEAD, "codes"), name, line.get("id") or str(len(entries)))
        book.spots.mark(place, Spot(layout.CODES, line.row))
    return dict(found)


def _concepts(book: Book) -> list[Tables]:
    lines = book.lines[layout.CONCEPTS]
    for place, line in enumerate(lines, start=1):
        where = inside(HEAD, "concept", line.get("id") or str(place))
        book.spots.mark(where, Spot(layout.CONCEPTS, line.row))
    return [table_of(line, layout.CONCEPTS, book.mistakes) for line in lines]


def note_head_sheets(book: Book) -> None:
    """Say of sheets that a supplement cannot have that they were not read."""
    for name in (layout.CONCEPTS, layout.CODES):
        if book.lines[name]:
            message = N_("A supplement has no sheet of this name: it uses that of its questionnaire.")
            spot = Spot(name, book.lines[name][0].row)
            advice = N_("Delete its lines.")
            book.mistakes.note("writing.not-in-supplement", spot, message, advice, Severity.WARNING)
