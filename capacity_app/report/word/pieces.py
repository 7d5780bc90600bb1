"""Facts, cards, points and questions of the parts that are not scored, as paragraphs in styles of their own."""

from collections.abc import Iterable, Sequence

from capacity_app.report.view.context import ContextEntry
from capacity_app.report.view.pieces import Card, Cell, Fact
from capacity_app.report.word.compositor import Compositor
from capacity_app.report.word.markup import NOTHING, Xml, joined
from capacity_app.report.word.tables import cell_runs, cell_xml, gap, row_xml, shared, table, table_xml

_SHEET, _CARD = (18, 82), (15, 35, 15, 35)
_LONG = 900
"""Letters of a fact that may go on on the next page."""


def heading(setter: Compositor, level: int, title: str, *, number: str = "", anchor: str = "", more: str = "") -> Xml:
    """Write a heading, its number apart."""
    apart = joined((setter.main.runs(number, "HeadingNumber"), setter.main.tab())) if number else NOTHING
    return setter.main.paragraph(f"Heading{level}", setter.bookmark(anchor), apart, setter.main.runs(title), more=more)


def lines(setter: Compositor, style: str, texts: Iterable[str]) -> Xml:
    return joined(setter.main.line(style, text) for text in texts)


def second(setter: Compositor, style: str, text: str) -> Xml:
    """Write what stands below in the second language, if anything does."""
    return setter.beside.line(style, text) if text else NOTHING


def labelled(setter: Compositor, label: str, text: str) -> Xml:
    """Write a text after its label."""
    before = setter.main.runs(f"{label}: ", "Label") if label else NOTHING
    return joined((before, setter.main.runs(text)))


def facts(setter: Compositor, entries: Iterable[Fact], style: str = "Fact") -> Xml:
    return joined(setter.main.paragraph(style, labelled(setter, fact.label, fact.text)) for fact in entries)


def sheet(setter: Compositor, entries: Sequence[Fact]) -> Xml:
    """Set facts as two columns: labels, and what they say."""
    columns = shared(_SHEET, setter.width)
    rows = (_fact_row(setter, (fact,), columns) for fact in entries)
    made = table_xml("ReportFacts", columns, joined(rows), is_leftwards=setter.main.is_leftwards, has_head=False)
    return joined((made, gap(setter))) if entries else NOTHING


def _fact_row(setter: Compositor, entries: Sequence[Fact], columns: Sequence[int]) -> Xml:
    """Set facts side by side; a single one takes the whole line."""
    cells = []
    for place, fact in enumerate(entries):
        label, said = columns[2 * place], columns[2 * place + 1]
        span = len(columns) - 1 if len(entries) == 1 else 1
        cells.append(cell_xml(label, setter.main.line("FactLabel", fact.label)))
        width = sum(columns) - label if span > 1 else said
        cells.append(cell_xml(width, setter.main.line("FactText", fact.text), span=span))
    return row_xml(joined(cells), is_whole=sum(len(fact.text) for fact in entries) < _LONG)


def _card_facts(setter: Compositor, entries: Sequence[Fact]) -> Xml:
    """Set the facts of a card: short ones two to a line, the others below them."""
    brief, full = [fact for fact in entries if fact.is_brief], [fact for fact in entries if not fact.is_brief]
    columns = shared(_CARD, setter.width)
    pairs = [brief[start : start + 2] for start in range(0, len(brief), 2)]
    rows = (_fact_row(setter, facts, columns) for facts in (*pairs, *([fact] for fact in full)))
    return table_xml("ReportLayout", columns, joined(rows), is_leftwards=setter.main.is_leftwards, has_head=False)


def card(setter: Compositor, card: Card) -> Xml:
    """Write an entry of a register."""
    number = setter.main.runs(f"{card.number}\u2002", "Number") if card.number else NOTHING
    return joined(
        (
            setter.main.paragraph("CardTitle", setter.bookmark(card.anchor), number, setter.main.runs(card.title)),
            setter.main.line("CardSubtitle", card.subtitle) if card.subtitle else NOTHING,
            joined((_card_facts(setter, card.facts), gap(setter))) if card.facts else NOTHING,
        )
    )


def point(setter: Compositor, number: str, *inside: Xml, link: str = "") -> Xml:
    """Write a point of a list: its number hangs before it, a dash where it has none."""
    if not number:
        return setter.main.paragraph("ListBullet", *inside)
    before = setter.link(link, setter.main.runs(number, "Number"))
    return setter.main.paragraph("Point", before, setter.main.tab(), *inside)


def points(setter: Compositor, cells: Iterable[Cell]) -> Xml:
    return joined(point(setter, cell.detail, setter.main.runs(cell.text), link=cell.link) for cell in cells)


def _answer(setter: Compositor, cell: Cell) -> Xml:
    detail = setter.main.runs(f"\n{cell.detail}", "Quiet") if cell.detail else NOTHING
    return joined(
        (
            setter.main.paragraph("Answer", cell_runs(setter, cell), detail),
            second(setter, "SecondText", cell.second),
        )
    )


def _entry(setter: Compositor, entry: ContextEntry, level: int) -> Xml:
    number = setter.link(entry.link, setter.main.runs(entry.number, "Number"))
    return joined(
        (
            heading(setter, level, entry.heading) if entry.heading else NOTHING,
            setter.main.paragraph("Asked", number, setter.main.runs(f"\u2002{entry.text}")),
            second(setter, "SecondAsked", entry.second),
            _answer(setter, entry.answer) if entry.answer else NOTHING,
            table(setter, entry.table) if entry.table else NOTHING,
        )
    )


def context_entries(setter: Compositor, entries: Iterable[ContextEntry], level: int = 3) -> Xml:
    """Write questions, each with its answer or with a table of answers; ``level`` is that of headings among them."""
    return joined(_entry(setter, entry, level) for entry in entries)
