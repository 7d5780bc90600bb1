"""The comparison with the previous round: over what both rounds answered, part by part and item by item."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.comparison import CHANGE_WORDS, Change, Comparison, ItemChange, SectionChange
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.gaps import SeverityClass, level_of
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring import Band
from capacity_app.palette import LEVEL_SIGNS
from capacity_app.texts import plain_points, plain_share
from capacity_app.wording import Wording
from capacity_app.workbook.chart import place_chart, rounds_chart
from capacity_app.workbook.layout import FIELDS_MARK, SAID_MARK
from capacity_app.workbook.page import Book, Cell, Page
from capacity_app.workbook.registers import write_headings

_WIDTHS = (12.0, 56.0, 24.0, 24.0, 24.0, 20.0, 34.0)
_BEFORE, _NOW = 3, 4
"""The columns of the two rounds in the table of parts."""
_LISTED = (Change.WORSE, Change.LOST, Change.NEWLY_NOT_APPLICABLE, Change.IMPROVED, Change.GAINED)
"""What is listed item by item, the most worrying first; what stayed the same is only counted."""
_LOOKS = {
    Change.WORSE: f"severity_{SeverityClass.HIGH}",
    Change.LOST: f"severity_{SeverityClass.MODERATE}",
    Change.NEWLY_NOT_APPLICABLE: "quiet",
    Change.IMPROVED: f"band_{Band.ESTABLISHED}",
    Change.GAINED: "label",
}


def round_name(words: Wording, dossier: Dossier) -> str:
    """Name a round by what it is called, else by its date."""
    mission = dossier.mission
    return mission.round or words.texts.date(mission.start)


def _changed(before: Fraction | None, after: Fraction | None) -> float | None:
    return None if before is None or after is None else plain_points(after - before)


def _lead(words: Wording, earlier: Dossier, compared: Comparison) -> str:
    name = round_name(words, earlier) or words.say(N_("earlier round"))
    if not compared.is_compatible:
        return words.say(
            N_("The earlier round ({round}) used another instrument or major version; it cannot be compared."),
            round=name,
        )
    matched = words.ngettext(
        "{count} item was answered in both rounds", "{count} items were answered in both rounds", compared.matched
    )
    return words.say(
        N_("Compared with {round}: {matched}, {share} of the weight of the core parts."),
        round=name,
        matched=matched,
        share=words.share(compared.weight_share),
    )


def _section_cells(words: Wording, entry: SectionChange) -> list[Cell]:
    return [
        Cell(entry.section.number, "number"),
        Cell(words.section(entry.section)),
        Cell(plain_points(entry.before), "points"),
        Cell(plain_points(entry.after), "points"),
        Cell(_changed(entry.before, entry.after), "change"),
        Cell(entry.matched, "count"),
        Cell(plain_share(entry.weight_share), "share"),
    ]


def _sections(page: Page, words: Wording, rounds: tuple[str, str], shown: Sequence[SectionChange]) -> None:
    """Write the scores of both rounds over the matched items, with a chart."""
    page.paragraph(words.say(N_("Scores below are over these items only and differ from the scores of the whole.")))
    heading = page.row
    figures = (words.texts.gettext(name) for name in (N_("Change"), N_("Matched items"), N_("Share of weight")))
    write_headings(page, (words.say(N_("No.")), words.say(N_("Part"))), (*rounds, *figures))
    for entry in shown:
        page.line(_section_cells(words, entry), SAID_MARK)
    chart = rounds_chart(page, heading, page.row - 1, (_BEFORE, _NOW))
    title = words.say(N_("Scores of both rounds over the matched items, 0 to 100"))
    alternative = words.say(N_("Scores of both rounds, part by part; the table above has the figures."))
    place_chart(page, chart, title, alternative, lines=8 + 2 * len(shown))


def _counts(page: Page, words: Wording, compared: Comparison) -> None:
    page.skip()
    page.heading(words.say(N_("What happened")))
    for change in Change:
        word = words.texts.gettext(CHANGE_WORDS[change])
        page.line([Cell(None, "number"), Cell(word), Cell(compared.count(change), "count")], SAID_MARK)


def _regressions(page: Page, words: Wording, compared: Comparison) -> None:
    if not compared.regressions:
        return
    page.skip()
    page.heading(words.say(N_("Lost since the earlier round")))
    for entry in compared.regressions:
        column = entry.question.column_by_id.get(entry.address.column)
        option = words.option(entry.question, column or entry.question, entry.option)
        name = words.row(entry.question, entry.row) if entry.row else words.question(entry.question)
        number = f"{entry.question.number} {entry.row.number if entry.row else ''}".strip()
        page.line([Cell(number, "number"), Cell(name), Cell(option, "caution")], SAID_MARK)


def _reached(words: Wording, points: Fraction | None) -> Cell:
    """Say by sign and level what an item had reached; nothing where it was not answered."""
    if points is None:
        return Cell("–", "quiet")
    level = level_of(points)
    return Cell(f"{LEVEL_SIGNS[level]}  {words.level(level)}", f"band_{tuple(Band)[level]}")


def _item_cells(words: Wording, entry: ItemChange) -> list[Cell]:
    column = entry.question.column_by_id.get(entry.address.column)
    return [
        Cell(entry.number, "number"),
        Cell(words.row(entry.question, entry.row) if entry.row else words.question(entry.question)),
        Cell(words.column(entry.question, column) if column else None, "quiet"),
        _reached(words, entry.before),
        _reached(words, entry.after),
        Cell(words.texts.gettext(CHANGE_WORDS[entry.change]), _LOOKS[entry.change]),
        Cell(words.section(entry.section), "quiet"),
    ]


def _items(page: Page, words: Wording, rounds: tuple[str, str], changes: Iterable[ItemChange]) -> None:
    """List what changed, so that it can be filtered."""
    listed = [entry for entry in changes if entry.change in _LISTED]
    if not listed:
        return
    page.skip()
    page.heading(words.say(N_("Item by item")))
    heading = page.row
    write_headings(
        page,
        (
            words.say(N_("No.")),
            words.say(N_("Question")),
            words.say(N_("Column")),
            *rounds,
            words.say(N_("What happened")),
            words.say(N_("Part")),
        ),
    )
    for entry in sorted(listed, key=lambda entry: _LISTED.index(entry.change)):
        page.line(_item_cells(words, entry), SAID_MARK)
    page.filtered(heading)


def write_rounds(appraisal: Appraisal, words: Wording, book: Book) -> None:
    """Write the comparison, if there is an earlier round; without scores only what happened to the items."""
    compared, earlier = appraisal.comparison, appraisal.dossier.previous
    if compared is None or earlier is None:
        return
    title = words.say(N_("Comparison"))
    page = Page(book, book.add_sheet("comparison", title), _WIDTHS)
    page.ruler(FIELDS_MARK, ())
    page.title(words.say(N_("Comparison with the previous round")))
    page.paragraph(_lead(words, earlier, compared), "strong")
    if compared.is_compatible:
        before = round_name(words, earlier) or words.say(N_("Before"))
        now = round_name(words, appraisal.dossier) or words.say(N_("Now"))
        shown = [entry for entry in compared.sections if entry.matched]
        if shown and appraisal.with_scores:
            _sections(page, words, (before, now), shown)
        _counts(page, words, compared)
        _regressions(page, words, compared)
        _items(page, words, (before, now), compared.changes)
    page.finish(top=2, repeated=range(1, 2))
