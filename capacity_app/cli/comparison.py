"""The command that compares two rounds of one country: compare."""

from collections.abc import Iterator
from pathlib import Path

from capacity_app.cli.options import NEW_FILE, add_option, as_json_option, command, file_argument
from capacity_app.cli.terminal import keys_for, print_json, say, say_signed
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring.round_comparison import (
    ROUND_CHANGE_LABELS,
    AssessmentComparison,
    ItemChange,
    LostDisaggregation,
    RoundChange,
    SectionChange,
)
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.services.exports import ComparedRounds, compare_round_files, comparison_data, write_comparison
from capacity_app.services.session import entries_and_documents

_LISTED = (RoundChange.WORSE, RoundChange.LOST, RoundChange.NEWLY_NOT_APPLICABLE, RoundChange.IMPROVED)
"""What is listed item by item, the most worrying first."""


def _lead(texts: Translator, rounds: ComparedRounds) -> Iterator[str]:
    before, after, found = rounds.earlier.mission, rounds.later.mission, rounds.comparison
    yield f"{after.country_name or after.country}: {before.round} → {after.round}"
    if not found.is_compatible:
        yield texts.gettext(
            "They cannot be compared: {before} was made with {theirs}, {after} with {ours}. Only rounds made with the "
            "same questionnaire in the same major version can be compared; migrate the earlier one to the newer "
            "version."
        ).format(
            before=before.round,
            after=after.round,
            theirs=_instrument(rounds.earlier.instrument.id, rounds.earlier.instrument.version),
            ours=_instrument(rounds.later.instrument.id, rounds.later.instrument.version),
        )
        return
    items = texts.counted(
        "{count} item was answered in both rounds", "{count} items were answered in both rounds", found.matched
    )
    yield texts.gettext("{matched}, {share} of the weight of the core parts; scores are over these only.").format(
        matched=items, share=texts.percent(found.weight_share)
    )
    yield " · ".join(
        f"{texts.gettext(ROUND_CHANGE_LABELS[one])} {texts.number(found.count(one))}" for one in RoundChange
    )


def _instrument(name: str, version: str) -> str:
    return f"{name} {version}"


def _section_lines(formatter: Formatter, sections: tuple[SectionChange, ...]) -> Iterator[str]:
    texts = formatter.texts
    yield texts.gettext("Part    before     now  change  matched")
    for entry in sections:
        if entry.before is None or entry.after is None:
            continue
        change = formatter.change(entry.before, entry.after)
        figures = f"{formatter.points(entry.before):>7} {formatter.points(entry.after):>7} {change:>7}"
        yield f"{entry.section.number:<6} {figures} {texts.number(entry.matched):>8}"


def _regression(formatter: Formatter, entry: LostDisaggregation) -> str:
    column = entry.question.column_by_id.get(entry.address.column)
    option = formatter.option(entry.question, column or entry.question, entry.option)
    return f"  ▲ {_place(formatter, entry)}: {option}"


def _place(formatter: Formatter, entry: ItemChange | LostDisaggregation) -> str:
    number = f"{entry.question.number} {entry.row.number if entry.row else ''}".strip()
    return f"{number} {formatter.row(entry.question, entry.row) if entry.row else formatter.question(entry.question)}"


def _change(formatter: Formatter, entry: ItemChange) -> str:
    column = entry.question.column_by_id.get(entry.address.column)
    name = f", {formatter.column(entry.question, column)}" if column else ""
    steps = (formatter.share(points) if points is not None else "–" for points in (entry.before, entry.after))
    return f"  {_place(formatter, entry)}{name}: {' → '.join(steps)}"


def _item_lines(formatter: Formatter, found: AssessmentComparison) -> Iterator[str]:
    if found.regressions:
        yield formatter.texts.gettext("Alert: produced before, and no longer ({count}):").format(
            count=formatter.texts.number(len(found.regressions))
        )
        yield from (_regression(formatter, entry) for entry in found.regressions)
    for change in _LISTED:
        listed = [entry for entry in found.changes if entry.change is change]
        if listed:
            yield f"{formatter.texts.gettext(ROUND_CHANGE_LABELS[change])} ({formatter.texts.number(len(listed))}):"
            yield from (_change(formatter, entry) for entry in listed)


@command()
@file_argument("earlier")
@file_argument("later")
@add_option(
    "-o",
    "--out",
    type=NEW_FILE,
    default=None,
    help=N_("Write the comparison too: .pdf, .docx or .html, the figures as .json."),
)
@as_json_option
def compare(texts: Translator, earlier: Path, later: Path, out: Path | None, *, as_json: bool) -> bool:
    rounds = compare_round_files(earlier, later, entries_and_documents.device_id(), keys_for(earlier, later))
    if out is not None:
        write_comparison(rounds, out, texts)
    if as_json:
        print_json(comparison_data(rounds))
        return rounds.is_good
    for line in _lead(texts, rounds):
        say(line)
    if rounds.comparison.is_compatible:
        formatter = Formatter(texts, rounds.later)
        for line in (
            *_section_lines(formatter, rounds.comparison.sections),
            *_item_lines(formatter, rounds.comparison),
        ):
            say(line)
    if out is not None:
        say_signed(texts, out)
    return rounds.is_good
