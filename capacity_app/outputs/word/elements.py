"""Tables, facts, cards, points and unscored questions of the content as Word tables and paragraphs."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import ceil

from capacity_app import report_colours
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.scoring.gaps import GapSeverity
from capacity_app.domain.scoring.scores import Band
from capacity_app.outputs.content.answer_cells import UnscoredQuestion
from capacity_app.outputs.content.elements import (
    ColumnHeading,
    ContentTable,
    EntryCard,
    Fact,
    TableCell,
    TableRow,
    TextTone,
    text_width,
)
from capacity_app.outputs.word.markup import EMPTY_XML, Xml, hex_colour, join_xml
from capacity_app.outputs.word.word_context import WordContext

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
    TextTone.ABSENT: "Absent",
    TextTone.EMERGING: "Emerging",
    TextTone.ESTABLISHED: "Established",
    TextTone.SUSTAINED: "Sustained",
    TextTone.CRITICAL: "Critical",
    TextTone.HIGH: "High",
    TextTone.MODERATE: "Moderate",
    TextTone.LOW: "Muted",
    TextTone.NONE: "Muted",
    TextTone.OPEN: "Open",
    TextTone.OUT: "Muted",
    TextTone.MUTED: "Muted",
    TextTone.STRONG: "Accent",
}
_BANDS = {
    TextTone.ABSENT: Band.ABSENT, TextTone.EMERGING: Band.EMERGING,
    TextTone.ESTABLISHED: Band.ESTABLISHED, TextTone.SUSTAINED: Band.SUSTAINED,
}  # fmt: skip
_BARS = {
    TextTone.STRONG: (report_colours.ACCENT_TINT, "SignAccent"),
    TextTone.ESTABLISHED: (report_colours.ACCENT, "SignWhite"),
    TextTone.SUSTAINED: (report_colours.BAND_COLOURS[Band.ESTABLISHED], "SignWhite"),
    TextTone.MUTED: (report_colours.LINE, "SignMuted"),
}
"""Grounds of the bars of a timeline, and the style of the sign in each, which says the same."""
SEVERITY_TINTS = {
    TextTone.CRITICAL: report_colours.SEVERITY_TINTS[GapSeverity.CRITICAL],
    TextTone.HIGH: report_colours.SEVERITY_TINTS[GapSeverity.HIGH],
    TextTone.MODERATE: report_colours.SEVERITY_TINTS[GapSeverity.MODERATE],
    TextTone.LOW: report_colours.SEVERITY_TINTS[GapSeverity.LOW],
    TextTone.NONE: report_colours.SEVERITY_TINTS[GapSeverity.NONE],
}
_TABLE_STYLES = {"heat": "ReportHeat", "timeline": "ReportTimeline", "tally": "ReportStrip", "signs": "ReportSigns",
}  # fmt: skip
_UNCAPTIONED = frozenset({"tally", "sign-off"})
_SIGNING_HEIGHT = 1000
"""Twips left to sign in."""
_COMPACT = frozenset({"signs", "heat", "timeline"})
_PARAGRAPHS = {"text": "TableText", "number": "TableNumber", "sign": "TableSign"}
_HEADS = {"text": "TableHeading", "number": "TableHeadingNumber", "sign": "TableHeadingSign"}


def text_style(tone: TextTone) -> str:
    """Name the character style of a cell's words: the tone of a band colours its sign alone."""
    if tone is TextTone.PLAIN or tone in _BANDS:
        return ""
    return "ToneMuted" if tone is TextTone.OPEN else word_style(tone)


def word_style(tone: TextTone) -> str:
    """Name the character style of a word that tells a tone itself, such as a band's name."""
    return f"Tone{SIGN_STYLES[tone]}" if tone else ""


def sign_style(tone: TextTone) -> str:
    return f"Sign{SIGN_STYLES.get(tone, '')}"


def share_twips(widths: Sequence[float], total: int) -> list[int]:
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


def shading_xml(colour: str) -> str:
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{hex_colour(colour)}"/>'


def cell_runs(context: WordContext, cell: TableCell, style: str = "", sign: str = "") -> Xml:
    """Write sign and words of a cell, leading where it leads, in the styles given or those of its tone."""
    if cell.chart:
        return context.chart(cell.chart)
    said = style or text_style(cell.tone)
    space = context.main.runs(" ") if cell.sign and cell.text else EMPTY_XML
    marked = context.main.runs(cell.sign, sign or sign_style(cell.tone))
    words = _linked_runs(context, cell, said) if cell.links else context.main.runs(cell.text, said)
    return context.link(cell.link, join_xml((marked, space, words)))


def _linked_runs(context: WordContext, cell: TableCell, style: str) -> Xml:
    """Write pieces that lead somewhere each, with commas between."""
    parts = [context.link(anchor, context.main.runs(text, style or "Hyperlink")) for text, anchor in cell.links]
    comma = context.main.runs(", ", style)
    return join_xml(piece for place, part in enumerate(parts) for piece in ((comma, part) if place else (part,)))


@dataclass(frozen=True, slots=True)
class _TableStyle:
    """How a table is set: the names in its style."""

    names: frozenset[str]

    @property
    def style(self) -> str:
        return next((style for name, style in _TABLE_STYLES.items() if name in self.names), "ReportTable")

    def ground(self, cell: TableCell, align: str) -> str:
        """Choose the ground of a cell; what it tells is told by the cell's sign or words too."""
        if "tally" in self.names:
            return shading_xml(report_colours.TINT)
        if align != "sign" or not cell.sign:
            return ""
        if "timeline" in self.names:
            return shading_xml(_BARS[cell.tone][0]) if cell.tone in _BARS else ""
        found = _BANDS.get(cell.tone)
        if found is None:
            open_ground = report_colours.CAUTION_TINT if cell.tone is TextTone.OPEN else report_colours.TINT
            return shading_xml(open_ground) if "heat" in self.names else ""
        return shading_xml((report_colours.BAND_HEATS if "heat" in self.names else report_colours.BAND_TINTS)[found])

    def properties(self, cell: TableCell, align: str) -> str:
        """Return the ground of a cell and how its text stands."""
        middle = '<w:vAlign w:val="center"/>' if self.names & _COMPACT and align == "sign" else ""
        return self.ground(cell, align) + middle

    def paragraph(self, cell: TableCell, align: str) -> str:
        """Name the paragraph style of a cell; words over many narrow columns begin where the first begins."""
        if "tally" in self.names:
            return "StripFigure"
        return "TableText" if align == "sign" and cell.span > 1 and not cell.sign else _PARAGRAPHS[align]

    def sign(self, cell: TableCell) -> str:
        """Name the style of a sign, empty for that of its tone."""
        if "timeline" in self.names and cell.tone in _BARS:
            return _BARS[cell.tone][1]
        return "Sign" if "heat" in self.names and cell.tone in _BANDS else ""


def _cell_inside(context: WordContext, cell: TableCell, paragraph: str, mark: Xml, runs: Xml) -> Xml:
    parts = [context.main.paragraph(paragraph, mark, runs)]
    if cell.second:
        parts.append(context.beside.line("SecondText", cell.second))
    if cell.detail:
        parts.append(context.main.line("TableDetail", cell.detail))
    return join_xml(parts)


def _line_count(text: str, width: int) -> int:
    across = max((width - _CELL_SPACE) // _LETTER, 1)
    return sum(ceil(max(len(line), 1) / across) for line in text.split("\n"))


def _cells_with_lines(
    context: WordContext, table: ContentTable, columns: Sequence[int], row: TableRow, manner: _TableStyle
) -> Iterator[tuple[int, Xml]]:
    """Yield every cell of a row with the lines it takes."""
    place = 0
    for cell in row.cells:
        span = min(cell.span, len(columns) - place)
        width, align = sum(columns[place : place + span]), table.headings[place].align
        mark = EMPTY_XML if place else context.bookmark(row.anchor)
        runs = cell_runs(context, cell, "Number" if cell.link and not place else "", manner.sign(cell))
        inside = _cell_inside(context, cell, manner.paragraph(cell, align), mark, runs)
        lines = sum(_line_count(text, width) for text in (cell.text, cell.second, cell.detail) if text)
        yield lines, cell_xml(width, inside, span=span, more=manner.properties(cell, align))
        place += span


def _group_row(context: WordContext, row: TableRow, columns: Sequence[int], manner: _TableStyle) -> Xml:
    """Write a row that heads those below it; in a register it has the ground of its severity."""
    runs = context.main.runs(row.group, text_style(row.tone))
    inside = context.main.paragraph("TableGroup", context.bookmark(row.anchor), runs)
    ground = shading_xml(SEVERITY_TINTS[row.tone]) if "register" in manner.names and row.tone in SEVERITY_TINTS else ""
    return row_xml(cell_xml(sum(columns), inside, span=len(columns), more=ground))


def _body_row(
    context: WordContext, table: ContentTable, columns: Sequence[int], row: TableRow, manner: _TableStyle
) -> Xml:
    if row.group:
        return _group_row(context, row, columns, manner)
    cells = list(_cells_with_lines(context, table, columns, row, manner))
    is_whole = max((lines for lines, _ in cells), default=0) <= _MOST_LINES
    height = _SIGNING_HEIGHT if "sign-off" in manner.names else 0
    return row_xml(join_xml(xml for _, xml in cells), is_whole=is_whole, height=height)


def _stands_upright(heading: ColumnHeading, width: int) -> bool:
    """Return whether a heading's longest word is too long for its narrow column."""
    if heading.ticks:
        return False
    longest = max((text_width(word) for word in heading.text.split()), default=0)
    return heading.align == "sign" and longest * _HEAD_LETTER > width - _CELL_SPACE


def _upright_height(heading: ColumnHeading, width: int) -> int:
    """Return the height a heading needs standing upright, in as many lines as its column holds."""
    longest = max((text_width(word) for word in heading.text.split()), default=0)
    lines = max(width // _UPRIGHT_LINE - 1, 1)
    letters = max(longest, text_width(heading.text) / lines * _RAGGED)
    return min(round(letters * _UPRIGHT_LETTER) + 160, _LONGEST_UPRIGHT)


def _upper_heading_row(context: WordContext, table: ContentTable, columns: Sequence[int]) -> Xml:
    """Write the headings over the headings."""
    cells, place = [], 0
    for cell in table.above:
        width = sum(columns[place : place + cell.span])
        style = "TableHeadingSign" if place else "TableHeading"
        cells.append(cell_xml(width, context.main.line(style, cell.text), span=cell.span))
        place += cell.span
    return row_xml(join_xml(cells), is_head=True) if cells else EMPTY_XML


def _scale_xml(context: WordContext, ticks: Iterable[str], width: int) -> Xml:
    """Write the numbers of a scale: beginning, middle and end, at stops of a line as wide as the charts."""
    places = (0, width // 2, width)
    kinds = ("left", "center", "right")
    stops = "".join(
        f'<w:tab w:val="{kind}" w:pos="{place}"/>' for kind, place in zip(kinds, places, strict=True) if place
    )
    parts = [context.main.runs(tick) for tick in ticks]
    inside = [parts[0], *(piece for _, part in pairwise(parts) for piece in (context.main.tab(), part))]
    return context.main.paragraph("Scale", *inside, more=f"<w:tabs>{stops}</w:tabs>")


def _heading_row(
    context: WordContext, headings: Sequence[ColumnHeading], columns: Sequence[int], manner: _TableStyle
) -> Xml:
    """Write the row of headings; where one does not fit its narrow column those of all such columns stand upright."""
    placed = list(zip(headings, columns, strict=True))
    upright = any(_stands_upright(heading, width) for heading, width in placed)
    height = max((_upright_height(*one) for one in placed if one[0].align == "sign"), default=0) if upright else 0
    cells = []
    for heading, width in placed:
        turned = upright and heading.align == "sign"
        more = (
            '<w:textDirection w:val="btLr"/><w:vAlign w:val="center"/>'
            if turned
            else manner.ground(TableCell(), "text")
        )
        style = "TableHeading" if turned else _HEADS[heading.align]
        line = context.main.line(style, heading.text)
        inside = _scale_xml(context, heading.ticks, width - 2 * _CELL_SPACE) if heading.ticks else line
        cells.append(cell_xml(width, inside, more=more))
    return row_xml(join_xml(cells), is_head=True, height=height)


def table_with_caption(context: WordContext, table: ContentTable, title: str = "") -> Xml:
    """Set a table with its caption above and its note below; ``title`` is said where it has no caption of its own."""
    manner = _TableStyle(frozenset(table.style.split()))
    width = _NARROW if "narrow" in manner.names else context.width
    columns = _widen_first_column(share_twips([heading.width for heading in table.headings], width), table)
    caption = table.caption or ("" if manner.names & _UNCAPTIONED else title)
    rows = join_xml(
        (
            _upper_heading_row(context, table, columns),
            _heading_row(context, table.headings, columns, manner),
            *(_body_row(context, table, columns, row, manner) for row in table.rows),
        )
    )
    return join_xml(
        (
            context.caption(caption, table.second) if caption else EMPTY_XML,
            table_xml(manner.style, columns, rows, is_leftwards=context.main.is_leftwards),
            context.main.line("Legend", table.note) if table.note else EMPTY_XML,
        )
    )


def _widen_first_column(columns: list[int], table: ContentTable) -> list[int]:
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


# Facts, cards, points and questions of the parts that are not scored, as paragraphs in styles of their own.


_SHEET, _CARD = (18, 82), (15, 35, 15, 35)
_LONG = 900
"""Letters of a fact that may go on on the next page."""


def heading_xml(
    context: WordContext, level: int, title: str, *, number: str = "", anchor: str = "", more: str = ""
) -> Xml:
    """Write a heading, its number apart."""
    apart = join_xml((context.main.runs(number, "HeadingNumber"), context.main.tab())) if number else EMPTY_XML
    return context.main.paragraph(
        f"Heading{level}", context.bookmark(anchor), apart, context.main.runs(title), more=more
    )


def lines_xml(context: WordContext, style: str, texts: Iterable[str]) -> Xml:
    return join_xml(context.main.line(style, text) for text in texts)


def second_language_line(context: WordContext, style: str, text: str) -> Xml:
    """Write what stands below in the second language, if anything does."""
    return context.beside.line(style, text) if text else EMPTY_XML


def labelled_line(context: WordContext, label: str, text: str) -> Xml:
    """Write a text after its label."""
    before = context.main.runs(f"{label}: ", "Label") if label else EMPTY_XML
    return join_xml((before, context.main.runs(text)))


def facts_xml(context: WordContext, entries: Iterable[Fact]) -> Xml:
    return join_xml(context.main.paragraph("Fact", labelled_line(context, fact.label, fact.text)) for fact in entries)


def fact_sheet(context: WordContext, entries: Sequence[Fact]) -> Xml:
    """Set facts as two columns: labels, and what they say."""
    columns = share_twips(_SHEET, context.width)
    rows = (_fact_row(context, (fact,), columns) for fact in entries)
    made = table_xml("ReportFacts", columns, join_xml(rows), is_leftwards=context.main.is_leftwards, has_head=False)
    return made if entries else EMPTY_XML


def _fact_row(context: WordContext, entries: Sequence[Fact], columns: Sequence[int]) -> Xml:
    """Set facts side by side; a single one takes the whole line."""
    cells = []
    for place, fact in enumerate(entries):
        label, said = columns[2 * place], columns[2 * place + 1]
        span = len(columns) - 1 if len(entries) == 1 else 1
        cells.append(cell_xml(label, context.main.line("FactLabel", fact.label)))
        width = sum(columns) - label if span > 1 else said
        cells.append(cell_xml(width, context.main.line("FactText", fact.text), span=span))
    return row_xml(join_xml(cells), is_whole=sum(len(fact.text) for fact in entries) < _LONG)


def _card_facts(context: WordContext, entries: Sequence[Fact]) -> Xml:
    """Set the facts of a card: short ones two to a line, the others below them."""
    brief, full = [fact for fact in entries if fact.is_brief], [fact for fact in entries if not fact.is_brief]
    columns = share_twips(_CARD, context.width)
    pairs = [brief[start : start + 2] for start in range(0, len(brief), 2)]
    rows = (_fact_row(context, facts, columns) for facts in (*pairs, *([fact] for fact in full)))
    return table_xml("ReportLayout", columns, join_xml(rows), is_leftwards=context.main.is_leftwards, has_head=False)


def card_xml(context: WordContext, card: EntryCard) -> Xml:
    """Write an entry of a register."""
    number = context.main.runs(f"{card.number}\u2002", "Number") if card.number else EMPTY_XML
    return join_xml(
        (
            context.main.paragraph("CardTitle", context.bookmark(card.anchor), number, context.main.runs(card.title)),
            context.main.line("CardSubtitle", card.subtitle) if card.subtitle else EMPTY_XML,
            _card_facts(context, card.facts) if card.facts else EMPTY_XML,
        )
    )


def point_xml(context: WordContext, number: str, *inside: Xml, link: str = "") -> Xml:
    """Write a point of a list: its number hangs before it, a dash where it has none."""
    if not number:
        return context.main.paragraph("ListBullet", *inside)
    before = context.link(link, context.main.runs(number, "Number"))
    return context.main.paragraph("Point", before, context.main.tab(), *inside)


def points_xml(context: WordContext, cells: Iterable[TableCell]) -> Xml:
    return join_xml(point_xml(context, cell.detail, context.main.runs(cell.text), link=cell.link) for cell in cells)


def _answer_xml(context: WordContext, cell: TableCell) -> Xml:
    detail = context.main.runs(f"\n{cell.detail}", "Quiet") if cell.detail else EMPTY_XML
    return join_xml(
        (
            context.main.paragraph("Answer", cell_runs(context, cell), detail),
            second_language_line(context, "SecondText", cell.second),
        )
    )


def unscored_question_xml(context: WordContext, entry: UnscoredQuestion) -> Xml:
    """Write a question with its answer or with a table of answers."""
    number = context.link(entry.link, context.main.runs(entry.number, "Number"))
    return join_xml(
        (
            heading_xml(context, 2, entry.heading) if entry.heading else EMPTY_XML,
            context.main.paragraph("Asked", number, context.main.runs(f"\u2002{entry.text}")),
            second_language_line(context, "SecondAsked", entry.second),
            _answer_xml(context, entry.answer) if entry.answer else EMPTY_XML,
            table_with_caption(context, entry.table) if entry.table else EMPTY_XML,
        )
    )
