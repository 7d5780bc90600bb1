"""The comparison with the previous round, over matched items only."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from capacity_app.bilingual import beside
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.comparison import (
    CHANGE_WORDS,
    Change,
    Comparison,
    ItemChange,
    Regression,
    SectionChange,
)
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.instrument import Row
from capacity_app.domain.problems import N_
from capacity_app.report.charts import Drawing, change_line, is_worse
from capacity_app.report.view.gaps import counted
from capacity_app.report.view.pieces import Cell, Heading, Table, TableRow, Tone, anchor_of, row
from capacity_app.report.view.shown import points_sign, sign_legend
from capacity_app.wording import Wording

_CHANGE_TONES = {
    Change.WORSE: Tone.HIGH,
    Change.LOST: Tone.MODERATE,
    Change.NEWLY_NOT_APPLICABLE: Tone.LOW,
    Change.IMPROVED: Tone.PLAIN,
}
"""What is listed item by item, the most worrying first; what is new or the same is only counted."""
_COUNT_TONES = {Change.WORSE: Tone.HIGH, Change.LOST: Tone.MODERATE}


_TICKS = (0, 50, 100)
_WIDTH = 46.0
"""Millimetres of a line in the chart of parts."""


@dataclass(frozen=True, slots=True)
class RoundsLine:
    """One part in both rounds, with its line of the chart."""

    number: str
    name: str
    link: str
    before: str
    after: str
    change: str
    tone: Tone
    matched: str
    share: str
    chart: Drawing
    second: str = ""


@dataclass(frozen=True, slots=True)
class RoundsView:
    """What changed: sentences, counts, parts and the items that changed; ``scale`` heads the lines of the parts."""

    lead: tuple[str, ...]
    regressions: tuple[Cell, ...]
    counts: Table | None
    changes: Table | None
    lines: tuple[RoundsLine, ...] = ()
    scale: tuple[str, ...] = ()


def _round_name(words: Wording, dossier: Dossier) -> str:
    mission = dossier.mission
    return mission.round or words.texts.date(mission.start) or words.say(N_("earlier round"))


def _row_words(words: Wording, entry: ItemChange | Regression, one: Row | None) -> str:
    return words.row(entry.question, one) if one else words.question(entry.question)


def _shown(appraisal: Appraisal, compared: Comparison) -> list[SectionChange]:
    """Return the parts with matched items; none where scores are withheld."""
    return [entry for entry in compared.sections if entry.matched and appraisal.with_scores]


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _told(words: Wording, entry: SectionChange) -> str:
    """Say in words what a line of the chart shows."""
    return words.say(
        N_("{part}: {before} before, {after} now"),
        part=words.section(entry.section),
        before=words.points(entry.before),
        after=words.points(entry.after),
    )


def _line(words: Wording, entry: SectionChange) -> RoundsLine:
    before, after = _float(entry.before), _float(entry.after)
    return RoundsLine(
        number=entry.section.number,
        name=words.section(entry.section),
        link=anchor_of("s", entry.section.id),
        before=words.points(entry.before),
        after=words.points(entry.after),
        change=words.texts.in_order(words.change(entry.before, entry.after)),
        tone=Tone.HIGH if is_worse(before, after) else Tone.PLAIN,
        matched=words.texts.number(entry.matched),
        share=words.share(entry.weight_share),
        chart=change_line(before, after, _told(words, entry), _WIDTH),
        second=beside(words, lambda one: one.section(entry.section)),
    )


def _counts_table(words: Wording, compared: Comparison) -> Table:
    return counted(
        words,
        (
            (words.texts.gettext(CHANGE_WORDS[one]), compared.count(one), _COUNT_TONES.get(one, Tone.PLAIN))
            for one in Change
        ),
    )


def _points_sign(points: Fraction | None) -> str:
    return "–" if points is None else points_sign(points)[0]


def _step(words: Wording, entry: ItemChange) -> str:
    """Write one change: "Periodicity ○ → ◑"; the column's name only in a grid."""
    column = entry.question.column_by_id.get(entry.address.column)
    name = words.column(entry.question, column) if column else ""
    step = words.texts.in_order(f"{_points_sign(entry.before)}\u00a0→\u00a0{_points_sign(entry.after)}")
    return f"{name} {step}".strip()


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
    headings = (Heading(say(N_("No.")), 11), Heading(say(N_("Question")), 45), Heading(say(N_("Before → now")), 44))
    return Table(headings, tuple(rows), note=sign_legend(words), style="register")


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
        return RoundsView(lead, (), None, None)
    return RoundsView(
        lead=lead if appraisal.with_scores else lead[:1],
        regressions=tuple(_regression_cell(words, entry) for entry in compared.regressions),
        counts=_counts_table(words, compared),
        changes=_changes_table(words, compared.changes),
        lines=tuple(_line(words, entry) for entry in _shown(appraisal, compared)),
        scale=tuple(map(words.texts.number, _TICKS)),
    )
