"""The comparison with the previous round, over matched items only."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import groupby

from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.privacy import ReportVolume
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring.round_comparison import (
    ROUND_CHANGE_LABELS,
    AssessmentComparison,
    ItemChange,
    LostDisaggregation,
    RoundChange,
    SectionChange,
)
from capacity_app.i18n.formatter import Formatter, in_second_language
from capacity_app.outputs.charts import change_line, is_worse
from capacity_app.outputs.content.answer_cells import points_sign, sign_legend
from capacity_app.outputs.content.elements import (
    ColumnHeading,
    ContentTable,
    Points,
    TableCell,
    TableRow,
    TextTone,
    anchor_of,
    column_headings,
    prose,
    table_row,
    titled,
)
from capacity_app.outputs.content.gaps_and_actions import counts_table, group_title

_CHANGE_TONES = {
    RoundChange.WORSE: TextTone.HIGH,
    RoundChange.LOST: TextTone.MODERATE,
    RoundChange.NEWLY_NOT_APPLICABLE: TextTone.LOW,
    RoundChange.IMPROVED: TextTone.PLAIN,
}
"""What is listed item by item, the most worrying first; what is new or the same is only counted."""
_COUNT_TONES = {RoundChange.WORSE: TextTone.HIGH, RoundChange.LOST: TextTone.MODERATE}


_TICKS = (0, 50, 100)
_WIDTH = 46.0
"""Millimetres of a line in the chart of parts."""


def round_name(formatter: Formatter, dossier: Dossier) -> str:
    """Name a round by what it is called, else by its date."""
    return dossier.mission.round or formatter.texts.date(dossier.mission.start)


def place_text(formatter: Formatter, entry: ItemChange | LostDisaggregation) -> str:
    """Word the row or question that changed."""
    return formatter.row(entry.question, entry.row) if entry.row else formatter.question(entry.question)


def comparable_sections(appraisal: Appraisal, compared: AssessmentComparison) -> list[SectionChange]:
    """Return the parts with matched items; none where scores are withheld."""
    return [entry for entry in compared.sections if entry.matched and appraisal.with_scores]


def _as_float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _change_text(formatter: Formatter, entry: SectionChange) -> str:
    """Say in words what a line of the chart shows."""
    return formatter.say(
        N_("{part}: {before} before, {after} now"),
        part=formatter.section(entry.section),
        before=formatter.points(entry.before),
        after=formatter.points(entry.after),
    )


def changed_sentences(formatter: Formatter, entries: Sequence[SectionChange]) -> Iterator[str]:
    """Say how many parts rose and which moved most."""
    known = [(e.after - e.before, e) for e in entries if e.before is not None and e.after is not None]
    rose = [one for one in known if one[0] > 0]
    fell = [one for one in known if one[0] < 0]
    if rose:
        best = max(rose, key=lambda one: one[0])[1]
        yield formatter.say(
            N_("{count} of {all} comparable parts improved, most of all “{part}” (from {before} to {after} of 100)."),
            count=formatter.texts.number(len(rose)), all=formatter.texts.number(len(known)),
            part=formatter.section(best.section), before=formatter.points(best.before),
            after=formatter.points(best.after),
        )  # fmt: skip
    if fell:
        parts = (
            formatter.say(
                N_("{part} (from {before} to {after} of 100)"),
                part=formatter.section(entry.section), before=formatter.points(entry.before),
                after=formatter.points(entry.after),
            )
            for _by, entry in fell
        )  # fmt: skip
        yield formatter.say(N_("Lower than before: {parts}."), parts=formatter.texts.listed(parts))
    same = len(known) - len(rose) - len(fell)
    if same and not rose and not fell:
        yield formatter.say(N_("The scores of the comparable parts have not changed."))
    elif same:
        yield formatter.ngettext(
            "The score of {count} part has not changed.", "The scores of {count} parts have not changed.", same
        )


def _section_row(formatter: Formatter, entry: SectionChange) -> TableRow:
    before, after = _as_float(entry.before), _as_float(entry.after)
    second = in_second_language(formatter, lambda one: one.section(entry.section))
    return table_row(
        entry.section.number,
        TableCell(formatter.section(entry.section), link=anchor_of("s", entry.section.id), second=second),
        formatter.points(entry.before),
        TableCell(chart=change_line(before, after, _change_text(formatter, entry), _WIDTH)),
        TableCell(formatter.points(entry.after), tone=TextTone.STRONG),
        TableCell(
            formatter.texts.in_order(formatter.change(entry.before, entry.after)),
            tone=TextTone.HIGH if is_worse(before, after) else TextTone.PLAIN,
        ),
        formatter.texts.number(entry.matched),
    )


def _sections_table(appraisal: Appraisal, formatter: Formatter, compared: AssessmentComparison) -> ContentTable | None:
    rows = tuple(_section_row(formatter, entry) for entry in comparable_sections(appraisal, compared))
    if not rows:
        return None
    ticks = tuple(map(formatter.texts.number, _TICKS))
    headings = column_headings(
        formatter.say, (N_("No."), 6), (N_("Part"), 28), (N_("Before"), 9, "number"),
        ColumnHeading(formatter.say(N_("Before and now")), 29, "sign", ticks), (N_("Now"), 8, "number"),
        (N_("Change"), 9, "number"), (N_("Questions compared"), 11, "number"),
    )  # fmt: skip
    return ContentTable(headings, rows, style="rounds")


def change_counts(formatter: Formatter, compared: AssessmentComparison) -> Iterator[tuple[TableCell, int]]:
    for one in RoundChange:
        name = formatter.texts.gettext(ROUND_CHANGE_LABELS[one])
        yield TableCell(name, tone=_COUNT_TONES.get(one, TextTone.PLAIN)), compared.count(one)


def _points_sign(points: Fraction | None) -> str:
    return "–" if points is None else points_sign(points)[0]


def _item_change_text(formatter: Formatter, entry: ItemChange) -> str:
    """Write one change: "Periodicity ○ → ◑", in percent where the signs are equal; the column's name only in a grid."""
    column = entry.question.column_by_id.get(entry.address.column)
    name = formatter.column(entry.question, column) if column else ""
    before, after = _points_sign(entry.before), _points_sign(entry.after)
    if before == after:
        before, after = formatter.share(entry.before), formatter.share(entry.after)
    step = formatter.texts.in_order(f"{before}\u00a0→\u00a0{after}")
    return f"{name} {step}".strip()


def _change_rows(formatter: Formatter, change: RoundChange, entries: Sequence[ItemChange]) -> Iterator[TableRow]:
    """List the items that changed one way; the columns of one row of a grid share a line."""
    name = formatter.texts.gettext(ROUND_CHANGE_LABELS[change])
    yield TableRow(group=group_title(formatter, name, len(entries)), tone=_CHANGE_TONES[change])
    for _place, group in groupby(entries, key=lambda entry: (entry.question.id, entry.row)):
        listed = list(group)
        yield table_row(
            TableCell(listed[0].number, link=anchor_of("q", listed[0].question.id)),
            place_text(formatter, listed[0]),
            " · ".join(_item_change_text(formatter, entry) for entry in listed),
        )


def _changes_table(formatter: Formatter, changes: Iterable[ItemChange]) -> ContentTable | None:
    every = list(changes)
    rows = [
        line
        for change in _CHANGE_TONES
        if (found := [entry for entry in every if entry.change is change])
        for line in _change_rows(formatter, change, found)
    ]
    if not rows:
        return None
    headings = column_headings(formatter.say, (N_("No."), 11), (N_("Question"), 45), (N_("Before → now"), 44))
    return ContentTable(headings, tuple(rows), note=sign_legend(formatter), style="register")


def lost_breakdown(formatter: Formatter, entry: LostDisaggregation) -> tuple[str, str]:
    """Return where a breakdown was lost, by number, and which."""
    column = entry.question.column_by_id.get(entry.address.column)
    number = f"{entry.question.number} {entry.row.number if entry.row else ''}".strip()
    return number, formatter.option(entry.question, column or entry.question, entry.option)


def _regression_cell(formatter: Formatter, entry: LostDisaggregation) -> TableCell:
    number, option = lost_breakdown(formatter, entry)
    return TableCell(f"{place_text(formatter, entry)}: {option}", detail=number)


def comparison_lead(formatter: Formatter, earlier: Dossier, compared: AssessmentComparison) -> tuple[str, ...]:
    """Say what is compared, then what its scores are over; the latter only of rounds that can be compared."""
    name = round_name(formatter, earlier) or formatter.say(N_("previous round"))
    if not compared.is_compatible:
        sentence = N_(
            "The previous round ({round}) used another questionnaire or major version; it cannot be compared."
        )
        return (formatter.say(sentence, round=name),)
    matched = formatter.ngettext(
        "{count} question was answered in both rounds",
        "{count} questions were answered in both rounds",
        compared.matched,
    )
    sentence, share = (
        N_("Compared with {round}: {matched}, {share} of the weight of the core parts."),
        compared.weight_share,
    )
    return (
        formatter.say(sentence, round=name, matched=matched, share=formatter.share(share)),
        formatter.say(N_("The scores below cover only these questions and so differ from the other scores.")),
    )


def round_blocks(appraisal: Appraisal, formatter: Formatter, volume: ReportVolume) -> tuple[object, ...]:
    """Build the chapter on what changed since the previous round, nothing if there is none."""
    compared, earlier, say = appraisal.comparison, appraisal.dossier.previous, formatter.say
    if compared is None or earlier is None:
        return ()
    lead = comparison_lead(formatter, earlier, compared)
    if not compared.is_compatible:
        return prose(*lead)
    lost = tuple(_regression_cell(formatter, entry) for entry in compared.regressions)
    name = round_name(formatter, earlier) or say(N_("previous round"))
    items = _changes_table(formatter, compared.changes) if volume in _WITH_ITEMS else None
    return (
        *prose(" ".join(changed_sentences(formatter, comparable_sections(appraisal, compared))), style="lead"),
        *prose(*(lead if appraisal.with_scores else lead[:1])),
        *titled(say(N_("Part by part")), _sections_table(appraisal, formatter, compared)),
        *(titled(say(N_("No longer available since {round}"), round=name), Points(lost)) if lost else ()),
        *titled(say(N_("Question by question")), counts_table(formatter, change_counts(formatter, compared))),
        *titled(say(N_("What changed")), items),
    )


_WITH_ITEMS = frozenset({ReportVolume.FULL, ReportVolume.COMPARISON})
