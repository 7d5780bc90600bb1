"""The comparison with the previous round, over matched items only."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.comparison import CHANGE_WORDS, Change, Comparison, ItemChange, Regression
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.instrument import Row
from capacity_app.domain.problems import N_
from capacity_app.report.pieces import Cell, Heading, Table, TableRow, Tone, anchor_of, row
from capacity_app.report.shown import points_sign, sign_legend
from capacity_app.wording import Wording

_CHANGE_TONES = {
    Change.WORSE: Tone.HIGH,
    Change.LOST: Tone.MODERATE,
    Change.NEWLY_NOT_APPLICABLE: Tone.LOW,
    Change.IMPROVED: Tone.PLAIN,
}
"""What is listed item by item, the most worrying first; what is new or the same is only counted."""


@dataclass(frozen=True, slots=True)
class RoundsView:
    """What changed: sentences, counts, sections and the items that changed."""

    lead: tuple[str, ...]
    regressions: tuple[Cell, ...]
    counts: Table | None
    sections: Table | None
    changes: Table | None


def _round_name(words: Wording, dossier: Dossier) -> str:
    mission = dossier.mission
    return mission.round or words.texts.date(mission.start) or words.say(N_("earlier round"))


def _row_words(words: Wording, entry: ItemChange | Regression, one: Row | None) -> str:
    return words.row(entry.question, one) if one else words.question(entry.question)


def _signed(words: Wording, before: Fraction | None, after: Fraction | None) -> str:
    if before is None or after is None:
        return "–"
    change = after - before
    return ("+" if change > 0 else "−" if change < 0 else "±") + words.texts.number(abs(change), 1)


def _sections_table(appraisal: Appraisal, words: Wording, compared: Comparison) -> Table | None:
    say = words.say
    shown = [entry for entry in compared.sections if entry.matched]
    if not shown or not appraisal.with_scores:
        return None
    headings = (
        Heading(say(N_("No.")), 7), Heading(say(N_("Part")), 43), Heading(say(N_("Matched")), 12, "number"),
        Heading(say(N_("Share of weight")), 14, "number"), Heading(say(N_("Before")), 8, "number"),
        Heading(say(N_("Now")), 8, "number"), Heading(say(N_("Change")), 8, "number"),
    )  # fmt: skip
    rows = tuple(
        row(
            entry.section.number,
            words.section(entry.section),
            words.texts.number(entry.matched),
            words.share(entry.weight_share),
            words.points(entry.before),
            words.points(entry.after),
            _signed(words, entry.before, entry.after),
        )
        for entry in shown
    )
    return Table(headings, rows, style="compact")


def _counts_table(words: Wording, compared: Comparison) -> Table:
    headings = (Heading(words.say(N_("What happened")), 60), Heading(words.say(N_("Items")), 40, "number"))
    rows = tuple(
        row(words.texts.gettext(CHANGE_WORDS[change]), words.texts.number(compared.count(change))) for change in Change
    )
    return Table(headings, rows, style="compact narrow")


def _points_sign(points: Fraction | None) -> str:
    return "–" if points is None else points_sign(points)[0]


def _step(words: Wording, entry: ItemChange) -> str:
    """Write one change: "Periodicity ○ → ◑"; the column's name only in a grid."""
    column = entry.question.column_by_id.get(entry.address.column)
    name = words.column(entry.question, column) if column else ""
    return f"{name} {_points_sign(entry.before)}\u00a0→\u00a0{_points_sign(entry.after)}".strip()


def _change_rows(words: Wording, change: Change, entries: Sequence[ItemChange]) -> Iterator[TableRow]:
    """List the items that changed one way; the columns of one row of a grid share a line."""
    name = words.texts.gettext(CHANGE_WORDS[change])
    yield TableRow(
        group=f"{name[:1].upper()}{name[1:]} ({words.texts.number(len(entries))})", tone=_CHANGE_TONES[change]
    )
    for _place, group in groupby(entries, key=lambda entry: (entry.question.id, entry.row)):
        listed = list(group)
        yield row(
            Cell(listed[0].number, link=anchor_of("q", listed[0].question.id)),
            _row_words(words, listed[0], listed[0].row),
            " · ".join(_step(words, entry) for entry in listed),
        )


def _changes_table(words: Wording, changes: Iterable[ItemChange]) -> Table | None:
    say = words.say
    every = list(changes)
    rows = [
        line
        for change in _CHANGE_TONES
        if (found := [entry for entry in every if entry.change is change])
        for line in _change_rows(words, change, found)
    ]
    if not rows:
        return None
    headings = (Heading(say(N_("No.")), 10), Heading(say(N_("Question")), 42), Heading(say(N_("Before → now")), 48))
    return Table(headings, tuple(rows), note=sign_legend(words), style="compact")


def _regression_cell(words: Wording, entry: Regression) -> Cell:
    column = entry.question.column_by_id.get(entry.address.column)
    option = words.option(entry.question, column or entry.question, entry.option)
    place = f"{entry.question.number} {entry.row.number if entry.row else ''}".strip()
    return Cell(f"{_row_words(words, entry, entry.row)}: {option}", detail=place)


def _lead(words: Wording, earlier: Dossier, compared: Comparison) -> tuple[str, ...]:
    name = _round_name(words, earlier)
    if not compared.is_compatible:
        return (
            words.say(
                N_("The earlier round ({round}) used another instrument or major version; it cannot be compared."),
                round=name,
            ),
        )
    matched = words.ngettext(
        "{count} item was answered in both rounds", "{count} items were answered in both rounds", compared.matched
    )
    return (
        words.say(
            N_("Compared with {round}: {matched}, {share} of the weight of the core parts."),
            round=name,
            matched=matched,
            share=words.share(compared.weight_share),
        ),
        words.say(N_("Scores below are over these items only and differ from the scores of the whole.")),
    )


def rounds_view(appraisal: Appraisal, words: Wording) -> RoundsView | None:
    """Build the chapter, None if there is no earlier round."""
    compared, earlier = appraisal.comparison, appraisal.dossier.previous
    if compared is None or earlier is None:
        return None
    lead = _lead(words, earlier, compared)
    if not compared.is_compatible:
        return RoundsView(lead, (), None, None, None)
    return RoundsView(
        lead=lead if appraisal.with_scores else lead[:1],
        regressions=tuple(_regression_cell(words, entry) for entry in compared.regressions),
        counts=_counts_table(words, compared),
        sections=_sections_table(appraisal, words, compared),
        changes=_changes_table(words, compared.changes),
    )
