"""What a workbook prints, cell by cell, and how two workbooks differ, wherever rows and columns have been moved.

A cell that its format shows as something else, or that is hidden, counts as changed; a filter hides rows.
"""

import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from itertools import pairwise

from lxml import etree  # type: ignore[import-untyped]  # it publishes no types
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string, coordinate_to_tuple
from openpyxl.utils.escape import unescape

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.text_diff import (
    OTHER_NUMBER_FORMAT,
    PRINTED_SHEET_ADDED,
    PRINTED_SHEET_MISSING,
    ROW_ORDER_CHANGED,
    TEXT_HIDDEN,
    PrintedDifference,
    excerpt,
    find_changed_ranges,
    normalize_printed,
)
from capacity_app.outputs.workbook import sheet_marks

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT = (
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", _MAIN[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", _RELATED[1:-1].encode()),
)
_DRAWN = re.compile(r"xl/(?:drawings|charts|diagrams)/[^/]*\.xml")
_COMMENTS = re.compile(r"xl/(?:comments|threadedComments)/?[^/]*\.xml")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)')
_CODES = re.compile(r"[0-9A-Za-z#?.,%@*_;\[\]/\\]")
_EDGE_CODES = re.compile(r'&(?:"[^"]*"|\d+|K[0-9A-F]{6}|[BIUESXYO])')
_UNPRINTED = frozenset({sheet_marks.META_SHEET, sheet_marks.HEADS_SHEET})
_THIN = 0.5
"""A column or row of this width or height is hidden."""
_MOST_COLUMNS = 200
"""Columns are looked for elsewhere among so many."""
_LAST_COLUMN, _MOST_COVERED = 16_384, 1_000_000
_MOST_PAIRS = 40_000


@dataclass(frozen=True, slots=True)
class _PrintedCell:
    """A cell: its text (numbers as such), how it is shown, and whether people are meant to fill it in."""

    text: str
    shown_as: str = ""
    is_open: bool = False


_NO_CELL = _PrintedCell("")
_Row = Mapping[int, _PrintedCell]


@dataclass(frozen=True, slots=True)
class _PrintedSheet:
    """A sheet: its cells by row and column, counted from 1, and what of it is hidden."""

    name: str
    rows: Mapping[int, _Row]
    is_hidden: bool
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]
    edges: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrintedWorkbook:
    """A workbook as it prints. ``texts`` stand outside of cells; ``content`` is what it carries, empty for none."""

    sheets: Mapping[str, _PrintedSheet]
    drawn: Counter[str]
    comments: Counter[str]
    formats: frozenset[str]
    content: str

    @property
    def count(self) -> int:
        rows = (row for sheet in self.sheets.values() for row in sheet.rows.values())
        return sum(bool(cell.text) for row in rows for cell in row.values())


# -- reading -------------------------------------------------------------------------------------------------------


def read_printed_workbook(package: zipfile.ZipFile) -> PrintedWorkbook:
    """Read a workbook; raises ValueError, KeyError or what a damaged package raises."""
    names = package.namelist()
    reader = _PackageReader(package)
    sheets = {sheet.name: sheet for sheet in reader.sheets()}
    meta = sheets.get(sheet_marks.META_SHEET)
    lines = [[cell.text for _, cell in sorted(row.items())] for _, row in sorted(meta.rows.items())] if meta else []
    return PrintedWorkbook(
        sheets={name: sheet for name, sheet in sheets.items() if name not in _UNPRINTED},
        drawn=Counter(text for name in names if _DRAWN.fullmatch(name) for text in reader.drawn(name)),
        comments=Counter(text for name in names if _COMMENTS.fullmatch(name) for text in reader.comments(name)),
        formats=reader.conditional_formats,
        content="".join(line[1] for line in lines if len(line) > 1 and line[0] == sheet_marks.CONTENT_KEY),
    )


class _PackageReader:
    """Reads the parts of a workbook."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self._package = package
        names = package.namelist()
        has_texts = "xl/sharedStrings.xml" in names
        self._texts = [_cell_text(one) for one in self._root("xl/sharedStrings.xml")] if has_texts else []
        styles = self._root("xl/styles.xml")
        codes = {int(one.get("numFmtId", 0)): one.get("formatCode", "") for one in styles.iter(f"{_MAIN}numFmt")}
        known = {**BUILTIN_FORMATS, **codes}
        self._looks = [
            (_shown_as(known.get(int(one.get("numFmtId", 0)), "General")), _is_open(one))
            for one in styles.iterfind(f"{_MAIN}cellXfs/{_MAIN}xf")
        ]
        changed = styles.iterfind(f"{_MAIN}dxfs/{_MAIN}dxf/{_MAIN}numFmt")
        self.conditional_formats = frozenset(_shown_as(one.get("formatCode", "")) for one in changed)

    def _root(self, name: str) -> etree._Element:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        content = self._package.read(name)
        for strict, usual in _STRICT:
            content = content.replace(strict, usual)
        try:
            return etree.fromstring(content, parser)
        except etree.XMLSyntaxError as error:
            raise ValueError(str(error)) from error

    def sheets(self) -> Iterator[_PrintedSheet]:
        relations = self._root("xl/_rels/workbook.xml.rels")
        targets = {one.get("Id", ""): one.get("Target", "") for one in relations}
        for one in self._root("xl/workbook.xml").iter(f"{_MAIN}sheet"):
            target = targets[one.get(f"{_RELATED}id", "")]
            name = target[1:] if target.startswith("/") else f"xl/{target}"
            yield self._sheet(one.get("name", ""), self._root(name), is_hidden=one.get("state", "visible") != "visible")

    def _sheet(self, name: str, root: etree._Element, *, is_hidden: bool) -> _PrintedSheet:
        rows, hidden = dict[int, dict[int, _PrintedCell]](), set[int]()
        covered = _covered_cells(root)
        for number, row in enumerate(root.iter(f"{_MAIN}row"), start=1):
            at = int(row.get("r", number))
            if _is_hidden(row, "ht"):
                hidden.add(at)
            cells = {
                place: cell
                for position, one in enumerate(row.iterfind(f"{_MAIN}c"), start=1)
                if (place := _column_number(one, position)) and (cell := self._cell(one)) != _NO_CELL
            }
            rows[at] = {place: cell for place, cell in cells.items() if (at, place) not in covered}
        columns = {
            number
            for one in root.iter(f"{_MAIN}col")
            if _is_hidden(one, "width")
            for number in range(int(one.get("min", 1)), min(int(one.get("max", 1)), _LAST_COLUMN) + 1)
        }
        edges = (one.text or "" for one in root.iterfind(f"{_MAIN}headerFooter/*"))
        texts = tuple(sorted({normalize_printed(_EDGE_CODES.sub("", text)) for text in edges} - {""}))
        return _PrintedSheet(name, rows, is_hidden, frozenset(hidden), frozenset(columns), texts)

    def _cell(self, element: etree._Element) -> _PrintedCell:
        style = int(element.get("s", 0))
        shown_as, is_open = self._looks[style] if style < len(self._looks) else ("", False)
        text = self._text(element)
        return _PrintedCell(text, shown_as if text else "", is_open)

    def _text(self, element: etree._Element) -> str:
        formula, value = element.find(f"{_MAIN}f"), element.findtext(f"{_MAIN}v") or ""
        if formula is not None:
            return f"={formula.text or ''} → {value}"
        match element.get("t", "n"):
            case "s":
                return self._texts[int(value)] if value else ""
            case "inlineStr":
                inside = element.find(f"{_MAIN}is")
                return "" if inside is None else _cell_text(inside)
            case "n":
                return f"{float(value):.12g}" if value else ""
        return normalize_printed(unescape(value))

    def drawn(self, name: str) -> Iterator[str]:
        """Yield the texts of a drawing, a chart or a diagram."""
        every = self._root(name).iter("{http://schemas.openxmlformats.org/drawingml/2006/main}t")
        return (text for one in every if (text := normalize_printed(one.text or "")))

    def comments(self, name: str) -> Iterator[str]:
        return (text for one in self._root(name) for text in [normalize_printed("".join(one.itertext()))] if text)


def _cell_text(element: etree._Element) -> str:
    """Return the text of a cell, without how East Asian letters are read."""
    texts = (one.text or "" for one in element.iter(f"{_MAIN}t") if one.getparent().tag != f"{_MAIN}rPh")
    return normalize_printed(unescape("".join(texts)))


def _column_number(cell: etree._Element, position: int) -> int:
    place = cell.get("r", "")
    return column_index_from_string(coordinate_from_string(place)[0]) if place else position


def _is_open(look: etree._Element) -> bool:
    found = look.find(f"{_MAIN}protection")
    return found is not None and found.get("locked", "1") in {"0", "false"}


def _is_hidden(element: etree._Element, size: str) -> bool:
    return element.get("hidden", "0") in {"1", "true"} or float(element.get(size, 10)) <= _THIN


def _covered_cells(root: etree._Element) -> frozenset[tuple[int, int]]:
    """Find the cells over which another one is drawn."""
    found = set[tuple[int, int]]()
    for one in root.iter(f"{_MAIN}mergeCell"):
        first, _, last = one.get("ref", "").partition(":")
        (top, left), (bottom, right) = coordinate_to_tuple(first), coordinate_to_tuple(last or first)
        if (right - left + 1) * (bottom - top + 1) <= _MOST_COVERED:
            found |= {(row, place) for row in range(top, bottom + 1) for place in range(left, right + 1)}
            found.discard((top, left))
    return frozenset(found)


def _shown_as(code: str) -> str:
    """Return a number format in one form, however its literal signs are quoted; texts are shown as they are by most."""

    def literal(found: re.Match[str]) -> str:
        return _CODES.sub(lambda sign: f"\\{sign[0]}", found[1] if found[1] is not None else found[2] or "")

    form = _LITERAL.sub(literal, code)
    return "" if form in {"General", "GENERAL", "@", ""} else form


# -- comparing -----------------------------------------------------------------------------------------------------


def workbook_differences(expected: PrintedWorkbook, found: PrintedWorkbook) -> Iterator[PrintedDifference]:
    """Compare two workbooks, sheet by sheet; one that was renamed is known by what it holds."""
    names = _match_renamed_sheets(expected.sheets, found.sheets)
    for name, sheet in expected.sheets.items():
        theirs = found.sheets.get(names.get(name, ""))
        if theirs is None or (theirs.is_hidden and not sheet.is_hidden):
            yield PrintedDifference(name, note=PRINTED_SHEET_MISSING)
        else:
            yield from _SheetComparison(sheet, theirs).differences()
    for name in [name for name in found.sheets if name not in names.values()]:
        yield PrintedDifference(name, found=_first_text(found.sheets[name]), note=PRINTED_SHEET_ADDED)
    yield from _compare_unordered("", expected.drawn, found.drawn)
    yield from _compare_unordered("", Counter(), Counter(found.formats - expected.formats))
    yield from _compare_unordered("", expected.comments, found.comments, is_answer=True)


def _first_text(sheet: _PrintedSheet) -> str:
    return next((excerpt(cell.text) for row in sheet.rows.values() for cell in row.values() if cell.text), "")


def _compare_unordered(
    place: str, expected: Counter[str], found: Counter[str], *, is_answer: bool = False
) -> Iterator[PrintedDifference]:
    for text in (expected - found).elements():
        yield PrintedDifference(place, excerpt(text), is_answer=is_answer)
    for text in (found - expected).elements():
        yield PrintedDifference(place, "", excerpt(text), is_answer=is_answer)


def _match_renamed_sheets(ours: Mapping[str, _PrintedSheet], theirs: Mapping[str, _PrintedSheet]) -> dict[str, str]:
    """Return the name that each of our sheets has in the other workbook: its own, or that of the one most like it."""
    names = {name: name for name in ours if name in theirs}
    free = {name: _sheet_texts(theirs[name]) for name in theirs if name not in names}
    for name, sheet in ours.items():
        if name in names or not free:
            continue
        texts = _sheet_texts(sheet)
        best = max(free, key=lambda one: len(texts & free[one]))
        if 2 * len(texts & free[best]) > len(texts):
            names[name] = best
            del free[best]
    return names


def _sheet_texts(sheet: _PrintedSheet) -> set[str]:
    return {cell.text for row in sheet.rows.values() for cell in row.values()}


def _row_texts(row: _Row) -> dict[int, str]:
    return {place: cell.text for place, cell in row.items() if cell.text}


@dataclass(slots=True)
class _SheetComparison:
    """One sheet as it should print and as it is; rows and columns are those of the sheet as it should be."""

    ours: _PrintedSheet
    theirs: _PrintedSheet
    columns: dict[int, int] = field(default_factory=dict)
    """Where each column of the other sheet stands here; negative numbers for added ones."""

    def differences(self) -> Iterator[PrintedDifference]:
        self.columns = self._matched_columns()
        ours = {at: row for at, row in self.ours.rows.items() if _row_texts(row)}
        moved = {
            at: {self.columns.get(place, place): cell for place, cell in row.items()}
            for at, row in self.theirs.rows.items()
            if _row_texts(row)
        }
        pairs, added = self._matched_rows(ours, moved)
        for at, row in ours.items():
            other = pairs.get(at)
            if other is None:
                text = " · ".join(cell.text for _, cell in sorted(row.items()) if cell.text)
                yield PrintedDifference(f"{self.ours.name}, {at}", excerpt(text))
            else:
                yield from self._in_row(at, row, other, moved[other])
        for at in added:
            text = " · ".join(cell.text for _, cell in sorted(moved[at].items()) if cell.text)
            yield PrintedDifference(f"{self.ours.name}, {at}", "", excerpt(text))
        order = list(pairs.values())
        if any(one > other for one, other in pairwise(order)):
            yield PrintedDifference(self.ours.name, note=ROW_ORDER_CHANGED)
        yield from _compare_unordered(self.ours.name, Counter(self.ours.edges), Counter(self.theirs.edges))

    def _in_row(self, at: int, row: _Row, other: int, found: _Row) -> Iterator[PrintedDifference]:
        """Compare two rows; a hidden row is one difference, a hidden cell of a row that is seen another."""
        is_hidden = other in self.theirs.hidden_rows and at not in self.ours.hidden_rows
        if is_hidden:
            text = " · ".join(cell.text for _, cell in sorted(row.items()) if cell.text)
            yield PrintedDifference(f"{self.ours.name}, {at}", excerpt(text), note=TEXT_HIDDEN)
        places = {here: there for there, here in self.columns.items()}
        for place in sorted({*row, *found}):
            one, two = row.get(place, _NO_CELL), found.get(place, _NO_CELL)
            there = places.get(place, place)
            name = f"{self.ours.name}, {get_column_letter(place if place > 0 else there)}{at}"
            if one.text != two.text:
                yield PrintedDifference(name, excerpt(one.text), excerpt(two.text), is_answer=one.is_open)
            elif one.text and one.shown_as != two.shown_as:
                yield PrintedDifference(name, excerpt(one.text), note=OTHER_NUMBER_FORMAT)
            elif one.text and not is_hidden and self._is_hidden_column(place, there):
                yield PrintedDifference(name, excerpt(one.text), note=TEXT_HIDDEN)

    def _is_hidden_column(self, place: int, there: int) -> bool:
        return there in self.theirs.hidden_columns and place not in self.ours.hidden_columns

    def _matched_columns(self) -> dict[int, int]:
        """Find the column of ours that each of theirs is, where there are more or fewer than ours."""
        ours, theirs = _texts_by_column(self.ours), _texts_by_column(self.theirs)
        if list(ours) == list(theirs) or max(len(ours), len(theirs)) > _MOST_COLUMNS:
            return {}
        likeness = [[sum((one & two).values()) for two in theirs.values()] for one in ours.values()]
        best = [[0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
        for i in range(len(ours) - 1, -1, -1):
            for j in range(len(theirs) - 1, -1, -1):
                best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + likeness[i][j])
        numbers, others, found, i, j = list(ours), list(theirs), dict[int, int](), 0, 0
        while i < len(ours) and j < len(theirs):
            if likeness[i][j] and best[i][j] == best[i + 1][j + 1] + likeness[i][j]:
                found[others[j]] = numbers[i]
                i, j = i + 1, j + 1
            elif best[i][j] == best[i + 1][j]:
                i += 1
            else:
                j += 1
        taken = set(found.values())
        free = (number for number in others if number not in found)
        return found | {number: -number if number in taken else number for number in free}

    @staticmethod
    def _matched_rows(ours: Mapping[int, _Row], theirs: Mapping[int, _Row]) -> tuple[dict[int, int], list[int]]:
        """Find the row of theirs that each of ours is: by all it says, by its mark, or by where it stands."""
        left, pairs = dict.fromkeys(theirs), dict[int, int]()
        for tell in (lambda row: tuple(sorted(_row_texts(row).items())), _line_mark):
            known = defaultdict[object, list[int]](list)
            for at in left:
                known[tell(theirs[at])].append(at)
            for at, row in ours.items():
                waiting = known.get(tell(row)) if at not in pairs and tell(row) else None
                if waiting:
                    pairs[at] = waiting.pop(0)
                    del left[pairs[at]]
        numbers, others = list(ours), list(theirs)
        keys = [pairs.get(at, -at) for at in numbers], [0 if at in left else at for at in others]
        for (first, last), (start, end) in find_changed_ranges(*keys):
            ours_here = [at for at in numbers[first:last] if at not in pairs]
            theirs_here = [at for at in others[start:end] if at in left]
            for at, other in _pair_rows(ours_here, theirs_here, ours, theirs):
                pairs[at] = other
                del left[other]
        return dict(sorted(pairs.items())), list(left)


def _line_mark(row: _Row) -> str:
    """Return the mark in the first column that only one line has."""
    text = row.get(sheet_marks.MARK_COLUMN + 1, _NO_CELL).text
    return "" if text == sheet_marks.SAID_MARK else text


def _texts_by_column(sheet: _PrintedSheet) -> dict[int, Counter[str]]:
    found = defaultdict[int, Counter[str]](Counter)
    for row in sheet.rows.values():
        for place, text in _row_texts(row).items():
            found[place][text] += 1
    return dict(sorted(found.items()))


def _pair_rows(
    numbers: Sequence[int], others: Sequence[int], ours: Mapping[int, _Row], theirs: Mapping[int, _Row]
) -> Iterator[tuple[int, int]]:
    """Pair rows between the same neighbours: as many as there are in order, else those that say most of the same."""
    if len(numbers) == len(others):
        yield from zip(numbers, others, strict=True)
        return
    if len(numbers) * len(others) > _MOST_PAIRS:
        return
    free = list(others)
    for at in numbers:
        said = set(_row_texts(ours[at]).items())
        best = max(free, key=lambda other: len(said & set(_row_texts(theirs[other]).items())), default=None)
        if best is not None and said & set(_row_texts(theirs[best]).items()):
            yield at, best
            free.remove(best)
