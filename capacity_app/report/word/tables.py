"""Tables of the view as Word tables: headings repeated on every page, rows whole, columns as wide as the view says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from capacity_app import palette
from capacity_app.domain.gaps import SeverityClass
from capacity_app.domain.scoring import Band
from capacity_app.report.view.pieces import Cell, Heading, Table, TableRow, Tone, width_of
from capacity_app.report.word.compositor import Compositor
from capacity_app.report.word.looks import plain
from capacity_app.report.word.markup import NOTHING, Xml, joined

_NARROW = 6236
"""Twips of a narrow table: 110 mm."""
_LETTER = 105
"""Twips of an average small letter in a table."""
_HEAD_LETTER, _CELL_SPACE = 82, 100
_LONGEST_NUMBER = 10
"""Letters of a number such as “16.10.2”; longer words are broken."""
_MOST_LINES = 16
"""A row of more lines may go on on the next page; a shorter one stays whole."""
_UPRIGHT_LETTER, _UPRIGHT_LINE, _LONGEST_UPRIGHT, _RAGGED = 98, 210, 1900, 1.25
"""Twips of a letter and of a line of upright headings, the most one takes, and how much more ragged lines take."""
SIGN_STYLES = {
    Tone.ABSENT: "Absent", Tone.EMERGING: "Emerging", Tone.ESTABLISHED: "Established", Tone.SUSTAINED: "Sustained",
    Tone.CRITICAL: "Critical", Tone.HIGH: "High", Tone.MODERATE: "Moderate", Tone.LOW: "Muted", Tone.NONE: "Muted",
    Tone.OPEN: "Open", Tone.OUT: "Muted", Tone.MUTED: "Muted", Tone.STRONG: "Accent",
}  # fmt: skip
_BANDS = {
    Tone.ABSENT: Band.ABSENT, Tone.EMERGING: Band.EMERGING,
    Tone.ESTABLISHED: Band.ESTABLISHED, Tone.SUSTAINED: Band.SUSTAINED,
}  # fmt: skip
_BARS = {
    Tone.STRONG: (palette.ACCENT_TINT, "SignAccent"), Tone.ESTABLISHED: (palette.ACCENT, "SignWhite"),
    Tone.SUSTAINED: (palette.BANDS[Band.ESTABLISHED], "SignWhite"), Tone.MUTED: (palette.LINE, "SignMuted"),
}  # fmt: skip
"""Grounds of the bars of a timeline, and the style of the sign in each, which says the same."""
SEVERITY_TINTS = {
    Tone.CRITICAL: palette.SEVERITY_TINTS[SeverityClass.CRITICAL],
    Tone.HIGH: palette.SEVERITY_TINTS[SeverityClass.HIGH],
    Tone.MODERATE: palette.SEVERITY_TINTS[SeverityClass.MODERATE],
    Tone.LOW: palette.SEVERITY_TINTS[SeverityClass.LOW],
    Tone.NONE: palette.SEVERITY_TINTS[SeverityClass.NONE],
}
_TABLE_STYLES = {"heat": "ReportHeat", "timeline": "ReportTimeline", "tally": "ReportStrip", "signs": "ReportSigns"}
_COMPACT = frozenset({"signs", "heat", "timeline"})
_PARAGRAPHS = {"text": "TableText", "number": "TableNumber", "sign": "TableSign"}
_HEADS = {"text": "TableHeading", "number": "TableHeadingNumber", "sign": "TableHeadingSign"}


def text_style(tone: Tone) -> str:
    """Name the character style of a cell's words: the tone of a band colours its sign alone."""
    if tone is Tone.PLAIN or tone in _BANDS:
        return ""
    return "ToneMuted" if tone is Tone.OPEN else word_style(tone)


def word_style(tone: Tone) -> str:
    """Name the character style of a word that tells a tone itself, such as a band's name."""
    return f"Tone{SIGN_STYLES[tone]}" if tone else ""


def sign_style(tone: Tone) -> str:
    return f"Sign{SIGN_STYLES.get(tone, '')}"


def shared(widths: Sequence[float], total: int) -> list[int]:
    """Share twips among columns by their widths in percent; those without one share what is left."""
    open_columns = sum(not width for width in widths)
    left = max(100 - sum(widths), 10 * open_columns) / open_columns if open_columns else 0
    every = [width or left for width in widths]
    return [round(total * width / sum(every)) for width in every]


def table_xml(style: str, columns: Sequence[int], rows: Xml, *, is_leftwards: bool, has_head: bool = True) -> Xml:
    """Make a table of finished rows, the first of which may head the others."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in columns)
    mirrored = "<w:bidiVisual/>" if is_leftwards else ""
    look = (
        f'<w:tblLook w:val="{"0620" if has_head else "0600"}" w:firstRow="{int(has_head)}" w:lastRow="0"'
        ' w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
    )
    return Xml(
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/>{mirrored}<w:tblW w:w="{sum(columns)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/>{look}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
    )


def cell_xml(width: int, inside: Xml, *, span: int = 1, more: str = "") -> Xml:
    """Make a cell of finished paragraphs; ``more`` are properties that come after its width and span."""
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    return Xml(f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}{more}</w:tcPr>{inside}</w:tc>')


def row_xml(cells: Xml, *, is_whole: bool = True, is_head: bool = False, height: int = 0) -> Xml:
    """Make a row of finished cells, kept on one page unless it is very long."""
    whole = "<w:cantSplit/>" if is_whole else ""
    high = f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>' if height else ""
    head = "<w:tblHeader/>" if is_head else ""
    return Xml(f"<w:tr><w:trPr>{whole}{high}{head}</w:trPr>{cells}</w:tr>")


def shade(colour: str) -> str:
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{plain(colour)}"/>'


def cell_runs(setter: Compositor, cell: Cell, style: str = "", sign: str = "") -> Xml:
    """Write sign and words of a cell, leading where it leads, in the styles given or those of its tone."""
    said = style or text_style(cell.tone)
    space = setter.main.runs(" ") if cell.sign and cell.text else NOTHING
    marked = setter.main.runs(cell.sign, sign or sign_style(cell.tone))
    words = _linked(setter, cell, said) if cell.links else setter.main.runs(cell.text, said)
    return setter.link(cell.link, joined((marked, space, words)))


def _linked(setter: Compositor, cell: Cell, style: str) -> Xml:
    """Write pieces that lead somewhere each, with commas between."""
    parts = [setter.link(anchor, setter.main.runs(text, style or "Hyperlink")) for text, anchor in cell.links]
    comma = setter.main.runs(", ", style)
    return joined(piece for place, part in enumerate(parts) for piece in ((comma, part) if place else (part,)))


@dataclass(frozen=True, slots=True)
class _Manner:
    """How a table is set: the names in its style."""

    names: frozenset[str]

    @property
    def style(self) -> str:
        return next((style for name, style in _TABLE_STYLES.items() if name in self.names), "ReportTable")

    def ground(self, cell: Cell, align: str) -> str:
        """Choose the ground of a cell; what it tells is told by the cell's sign or words too."""
        if "tally" in self.names:
            return shade(palette.TINT)
        if align != "sign" or not cell.sign:
            return ""
        if "timeline" in self.names:
            return shade(_BARS[cell.tone][0]) if cell.tone in _BARS else ""
        found = _BANDS.get(cell.tone)
        if found is None:
            open_ground = palette.CAUTION_TINT if cell.tone is Tone.OPEN else palette.TINT
            return shade(open_ground) if "heat" in self.names else ""
        return shade((palette.HEATS if "heat" in self.names else palette.BAND_TINTS)[found])

    def properties(self, cell: Cell, align: str) -> str:
        """Return the ground of a cell and how its text stands."""
        middle = '<w:vAlign w:val="center"/>' if self.names & _COMPACT and align == "sign" else ""
        return self.ground(cell, align) + middle

    def paragraph(self, cell: Cell, align: str) -> str:
        """Name the paragraph style of a cell; words over many narrow columns begin where the first begins."""
        if "tally" in self.names:
            return "StripFigure"
        return "TableText" if align == "sign" and cell.span > 1 and not cell.sign else _PARAGRAPHS[align]

    def sign(self, cell: Cell) -> str:
        """Name the style of a sign, empty for that of its tone."""
        if "timeline" in self.names and cell.tone in _BARS:
            return _BARS[cell.tone][1]
        return "Sign" if "heat" in self.names and cell.tone in _BANDS else ""


def _cell_inside(setter: Compositor, cell: Cell, paragraph: str, mark: Xml, runs: Xml) -> Xml:
    parts = [setter.main.paragraph(paragraph, mark, runs)]
    if cell.second:
        parts.append(setter.beside.line("SecondText", cell.second))
    if cell.detail:
        parts.append(setter.main.line("TableDetail", cell.detail))
    return joined(parts)


def _lines(text: str, width: int) -> int:
    across = max((width - _CELL_SPACE) // _LETTER, 1)
    return sum(ceil(max(len(line), 1) / across) for line in text.split("\n"))


def _cells(
    setter: Compositor, table: Table, columns: Sequence[int], row: TableRow, manner: _Manner
) -> Iterator[tuple[int, Xml]]:
    """Yield every cell of a row with the lines it takes."""
    place = 0
    for cell in row.cells:
        span = min(cell.span, len(columns) - place)
        width, align = sum(columns[place : place + span]), table.headings[place].align
        mark = NOTHING if place else setter.bookmark(row.anchor)
        runs = cell_runs(setter, cell, "Number" if cell.link and not place else "", manner.sign(cell))
        inside = _cell_inside(setter, cell, manner.paragraph(cell, align), mark, runs)
        lines = sum(_lines(text, width) for text in (cell.text, cell.second, cell.detail) if text)
        yield lines, cell_xml(width, inside, span=span, more=manner.properties(cell, align))
        place += span


def _group(setter: Compositor, row: TableRow, columns: Sequence[int], manner: _Manner) -> Xml:
    """Write a row that heads those below it; in a register it has the ground of its severity."""
    runs = setter.main.runs(row.group, text_style(row.tone))
    inside = setter.main.paragraph("TableGroup", setter.bookmark(row.anchor), runs)
    ground = shade(SEVERITY_TINTS[row.tone]) if "register" in manner.names and row.tone in SEVERITY_TINTS else ""
    return row_xml(cell_xml(sum(columns), inside, span=len(columns), more=ground))


def _row(setter: Compositor, table: Table, columns: Sequence[int], row: TableRow, manner: _Manner) -> Xml:
    if row.group:
        return _group(setter, row, columns, manner)
    cells = list(_cells(setter, table, columns, row, manner))
    is_whole = max((lines for lines, _ in cells), default=0) <= _MOST_LINES
    return row_xml(joined(xml for _, xml in cells), is_whole=is_whole)


def _stands_upright(heading: Heading, width: int) -> bool:
    """Return whether a heading's longest word is too long for its narrow column."""
    longest = max((width_of(word) for word in heading.text.split()), default=0)
    return heading.align == "sign" and longest * _HEAD_LETTER > width - _CELL_SPACE


def _upright_height(heading: Heading, width: int) -> int:
    """Return the height a heading needs standing upright, in as many lines as its column holds."""
    longest = max((width_of(word) for word in heading.text.split()), default=0)
    lines = max(width // _UPRIGHT_LINE - 1, 1)
    letters = max(longest, width_of(heading.text) / lines * _RAGGED)
    return min(round(letters * _UPRIGHT_LETTER) + 160, _LONGEST_UPRIGHT)


def _above(setter: Compositor, table: Table, columns: Sequence[int]) -> Xml:
    """Write the headings over the headings."""
    cells, place = [], 0
    for cell in table.above:
        width = sum(columns[place : place + cell.span])
        style = "TableHeadingSign" if place else "TableHeading"
        cells.append(cell_xml(width, setter.main.line(style, cell.text), span=cell.span))
        place += cell.span
    return row_xml(joined(cells), is_head=True) if cells else NOTHING


def _head(setter: Compositor, headings: Sequence[Heading], columns: Sequence[int], manner: _Manner) -> Xml:
    """Write the row of headings; where one does not fit its narrow column those of all such columns stand upright."""
    placed = list(zip(headings, columns, strict=True))
    upright = any(_stands_upright(heading, width) for heading, width in placed)
    height = max((_upright_height(*one) for one in placed if one[0].align == "sign"), default=0) if upright else 0
    cells = []
    for heading, width in placed:
        turned = upright and heading.align == "sign"
        more = '<w:textDirection w:val="btLr"/><w:vAlign w:val="center"/>' if turned else manner.ground(Cell(), "text")
        style = "TableHeading" if turned else _HEADS[heading.align]
        cells.append(cell_xml(width, setter.main.line(style, heading.text), more=more))
    return row_xml(joined(cells), is_head=True, height=height)


def table(setter: Compositor, table: Table, title: str = "") -> Xml:
    """Set a table with its caption above and its note below; ``title`` is said where it has no caption of its own."""
    manner = _Manner(frozenset(table.style.split()))
    width = _NARROW if "narrow" in manner.names else setter.width
    columns = _roomy(shared([heading.width for heading in table.headings], width), table)
    caption = table.caption or ("" if "tally" in manner.names else title)
    rows = joined(
        (
            _above(setter, table, columns),
            _head(setter, table.headings, columns, manner),
            *(_row(setter, table, columns, row, manner) for row in table.rows),
        )
    )
    return joined(
        (
            setter.caption(caption, table.second) if caption else NOTHING,
            table_xml(manner.style, columns, rows, is_leftwards=setter.main.is_leftwards),
            setter.main.line("Legend", table.note) if table.note else gap(setter),
        )
    )


def _roomy(columns: list[int], table: Table) -> list[int]:
    """Give the first column room for its longest number, at the cost of the widest column."""
    firsts = (word for row in table.rows if row.cells and row.cells[0].span == 1 for word in row.cells[0].text.split())
    longest = max(map(len, firsts), default=0)
    lacking = min(longest, _LONGEST_NUMBER) * _LETTER + _CELL_SPACE - columns[0]
    widest = max(range(len(columns)), key=columns.__getitem__)
    if not widest or not 0 < lacking < columns[widest] // 2:
        return columns
    columns[0] += lacking
    columns[widest] -= lacking
    return columns


def gap(setter: Compositor) -> Xml:
    """Leave a little room: two tables that touch would become one."""
    return setter.main.paragraph("Gap")
