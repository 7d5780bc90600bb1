"""The commands that print results: score, availability, plan, training and compare."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import groupby
from pathlib import Path

import click

from capacity_app.cli.options import (
    NEW_FILE,
    TranslatedCommand,
    add_option,
    as_json_option,
    command,
    file_argument,
    translated,
)
from capacity_app.cli.terminal import (
    keys_for,
    open_assessment,
    print_json,
    print_problems,
    say,
    say_signed,
    say_written,
)
from capacity_app.domain.assessment.register_fields import ACTION_PROGRESS_LABELS
from capacity_app.domain.planning.action_plan import PlannedAction, build_plan, sort_by_time
from capacity_app.domain.planning.costs import PlanCosts, plan_costs
from capacity_app.domain.planning.plan_checks import check_plan
from capacity_app.domain.planning.training import TrainingNeed, find_training_needs
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring.child_data import ChildDataOverview, summarize_child_data
from capacity_app.domain.scoring.data_availability import (
    APPLICABLE_STATUSES,
    AvailabilityCell,
    AvailabilityMatrix,
    DataTopic,
    ServiceStatus,
    SourceUsage,
    build_availability,
)
from capacity_app.domain.scoring.gaps import GAP_SEVERITY_LABELS, Gap
from capacity_app.domain.scoring.round_comparison import (
    ROUND_CHANGE_LABELS,
    AssessmentComparison,
    ItemChange,
    LostDisaggregation,
    RoundChange,
    SectionChange,
)
from capacity_app.domain.scoring.scores import (
    BAND_LABELS,
    SCORE_STATUS_LABELS,
    SENSITIVITY_METHOD_LABELS,
    Band,
    OverallScore,
    ScoreStatus,
    SectionScore,
    count_answers_needed,
    unsupported_parts,
)
from capacity_app.files.atomic import write_atomically
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.content.plan_costs import (
    COST_HEADINGS,
    action_cost_text,
    cost_coverage,
    cost_method,
    cost_rows,
)
from capacity_app.report_colours import LEVEL_SIGNS, NAMED_SIGN, NOT_APPLICABLE_SIGN, OPEN_SIGN
from capacity_app.services.availability import (
    age_group_rows,
    availability_data,
    child_answer_rows,
    children_data,
    children_rows,
    counts_text,
    matrix_rows,
    served_text,
    share_text,
    source_label,
    statistic_rows,
    topic_text,
)
from capacity_app.services.exports import ComparedRounds, compare_round_files, comparison_data, write_comparison
from capacity_app.services.result_tables import (
    PLAN_COLUMNS,
    SCORE_KEYS,
    Results,
    assessment_results,
    plan_data,
    plan_rows,
    score_data,
    to_csv,
    training_data,
)
from capacity_app.services.session import entries_and_documents
from capacity_app.services.session.assessment_session import AssessmentSession


def _points(texts: Translator, value: Fraction | None) -> str:
    return "–" if value is None else texts.number(value, 1)


def _format_bands(texts: Translator, bands: tuple[Band, ...]) -> str:
    words = [texts.gettext(BAND_LABELS[band]) for band in bands]
    return texts.gettext("{low} to {high}").format(low=words[0], high=words[1]) if len(words) > 1 else "".join(words)


def _score_line(
    texts: Translator,
    name: str,
    entry: SectionScore | OverallScore,
    *,
    target: Fraction | None,
    capped: int,
    more: str = "",
) -> str:
    figures = entry.score if isinstance(entry, SectionScore) else entry
    value = entry.published if isinstance(entry, SectionScore) else entry.value
    verified = figures.verified if value is not None else None
    coverage = "–" if figures.coverage is None else texts.percent(figures.coverage)
    span = f"[{_points(texts, figures.lower)}, {_points(texts, figures.upper)}]"
    status = texts.gettext(SCORE_STATUS_LABELS[entry.status])
    numbers = f"{_points(texts, value):>6}  {span:<15} {coverage:>5}  {_points(texts, target):>6}"
    checked = f"{_points(texts, verified):>8} ({texts.number(capped)})"
    return f"{name:<6} {numbers} {checked}  {status}; {_format_bands(texts, entry.bands)}{more}"


def _section_line(texts: Translator, session: AssessmentSession, results: Results, entry: SectionScore) -> str:
    more = ""
    if entry.status is ScoreStatus.WITHHELD:
        count = count_answers_needed(entry, session.instrument.thresholds.provisional)
        sentence = texts.counted("{count} more answer gives it a score", "{count} more answers give it a score", count)
        more = "; " + sentence
    target, capped = results.targets[entry.section.id], len(unsupported_parts(entry.parts))
    return _score_line(texts, entry.section.number, entry, target=target, capped=capped, more=more)


def _score_lines(texts: Translator, session: AssessmentSession, results: Results) -> Iterator[str]:
    card = results.scorecard
    yield texts.gettext(
        "Part     score  [range]  coverage  target  verified (highest levels without evidence)  status; band"
    )
    core = [entry for entry in card.sections if not entry.section.supplement]
    for entry in core:
        yield _section_line(texts, session, results, entry)
    yield _score_line(texts, texts.gettext("all"), card.overall, target=results.target, capped=len(results.unsupported))
    supplements = [entry for entry in card.sections if entry.section.supplement]
    if supplements:
        yield texts.gettext("Supplements, outside the overall score")
        for entry in supplements:
            yield _section_line(texts, session, results, entry)


def _method_lines(texts: Translator, results: Results) -> Iterator[str]:
    """Say how much the method matters, which section is lowest, and with which weights."""
    overall = results.scorecard.overall
    lowest = results.scorecard.section(overall.lowest)
    if lowest is not None:
        yield texts.gettext("Lowest: {section} ({score}).").format(
            section=lowest.section.number, score=_points(texts, lowest.published)
        )
    if results.own:
        listed = ", ".join(f"{entry.section.number} × {results.weight(entry)}" for entry in results.scorecard.sections
                           if entry.section.id in results.own)  # fmt: skip
        yield texts.gettext("Own weights of the parts: {list}.").format(list=listed)
    if overall.sensitivity is None:
        return
    count = len(overall.sensitivity.values)
    yield texts.gettext("{count} ways to put the parts together:").format(count=texts.number(count))
    for which, value in overall.sensitivity.by_method.items():
        yield f"  {_points(texts, value):>6}  {texts.gettext(SENSITIVITY_METHOD_LABELS[which])}"
    if not overall.is_robust:
        yield texts.gettext("The overall score is not robust: methods differ by {spread} points.").format(
            spread=_points(texts, overall.sensitivity.spread)
        )


def _round_lines(texts: Translator, results: Results) -> Iterator[str]:
    """Compare with the previous round, over what both answered."""
    if results.problem is not None:
        yield results.problem.text(texts.gettext)
    if results.comparison is None:
        return
    if not results.comparison.is_compatible:
        yield texts.gettext("Round {round} answered another version of the questionnaire: not compared.").format(
            round=results.round
        )
        return
    yield texts.gettext("Since round {round}, over the items both rounds answered:").format(round=results.round)
    for entry in results.scorecard.sections:
        change = results.change(entry.section.id)
        if change is not None:
            count = texts.counted("{count} item", "{count} items", change.matched)
            yield (
                f"{entry.section.number:<6} {_points(texts, change.before):>6} → {_points(texts, change.after):<6}"
                f" {count}, {texts.percent(change.weight_share)}"
            )


def _gap_lines(texts: Translator, gaps: tuple[Gap, ...], to_verify: tuple[Gap, ...]) -> Iterator[str]:
    yield texts.ngettext("{count} gap:", "{count} gaps:", len(gaps)).format(count=len(gaps))
    for gap in gaps:
        yield f"  {gap.number:<12} {texts.gettext(GAP_SEVERITY_LABELS[gap.severity_class]):<10} {gap.label}"
    count = len(to_verify)
    yield texts.ngettext("{count} place to verify.", "{count} places to verify.", count).format(count=count)


class _ScoreCommand(TranslatedCommand):
    """Its help explains every name of the machine-readable results."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        head = translated(ctx, N_("Names in the results of --json (percentages with one decimal, shares with three):"))
        keys = "\n".join(f"  {name}: {translated(ctx, meaning)}" for name, meaning in SCORE_KEYS.items())
        self.epilog = f"\b\n{head}\n{keys}"  # \b keeps click from joining the lines
        super().format_epilog(ctx, formatter)


@command(_ScoreCommand)
@file_argument()
@as_json_option
def score(texts: Translator, file: Path, *, as_json: bool) -> None:
    with open_assessment(file) as session:
        results, (gaps, to_verify) = assessment_results(session), session.gaps()
        if as_json:
            print_json(score_data(results, gaps, to_verify))
            return
        note = Formatter(texts, session.dossier()).profile_note
        for line in (
            *filter(None, [note]),
            *_score_lines(texts, session, results),
            *_method_lines(texts, results),
            *_round_lines(texts, results),
            *_gap_lines(texts, gaps, to_verify),
        ):
            say(line)


# The command that prints which source serves which topic, and what is known of children.


_NUMBER, _LABEL = 8, 40


def _sign(topic: DataTopic, cell: AvailabilityCell | None) -> str:
    if topic.service not in APPLICABLE_STATUSES:
        return NOT_APPLICABLE_SIGN
    if cell is None:
        return "·"
    if not topic.is_scored:
        return NAMED_SIGN
    return OPEN_SIGN if topic.level is None else LEVEL_SIGNS[topic.level]


def _shorten(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _print_grid(formatter: Formatter, matrix: AvailabilityMatrix, topics: Iterable[DataTopic]) -> None:
    for topic in topics:
        signs = " ".join(f"{_sign(topic, matrix.cell(topic, use)):<3}" for use in matrix.sources)
        label = _shorten(formatter.row(topic.question, topic.row), _LABEL)
        year = str(topic.year or "")
        said = (
            f"{year:<5}{matrix.letters_of(topic)}"
            if topic.service is ServiceStatus.SERVED
            else topic_text(formatter, topic)
        )
        say(f"{topic.row.number:<{_NUMBER}}{label:<{_LABEL}}  {signs} {said}".rstrip())


def _source_line(formatter: Formatter, matrix: AvailabilityMatrix, use: SourceUsage) -> str:
    return f"{use.code:<4}{source_label(formatter, use)}: {counts_text(formatter, matrix.topics_of(use))}"


def _print_matrix(formatter: Formatter, matrix: AvailabilityMatrix) -> None:
    codes = " ".join(f"{use.code:<3}" for use in matrix.sources)
    for question, topics in groupby(matrix.topics, key=lambda topic: topic.question):
        say(f"{question.number}  {formatter.question(question)}")
        say(f"{'':<{_NUMBER + _LABEL}}  {codes}".rstrip())
        _print_grid(formatter, matrix, topics)
        say()
    for use in matrix.sources:
        say(_source_line(formatter, matrix, use))
    say(formatter.say(N_("● full  ◑ ◔ partial  ○ next to nothing  ? not known yet  ✓ named  – not applicable")))
    say(served_text(formatter, matrix))


def _print_rows(rows: Iterable[list[str]]) -> None:
    """Print rows of words, the first two columns in line."""
    for number, label, *cells in rows:
        say(f"{number:<{2 * _NUMBER}}{_shorten(label, _LABEL):<{_LABEL}}  {'  |  '.join(cells)}".rstrip())
    say()


def _print_lens(formatter: Formatter, lens: ChildDataOverview) -> None:
    for grid in lens.age_groups:
        _print_rows(age_group_rows(formatter, grid))
    _print_rows(statistic_rows(formatter, lens))
    _print_rows(child_answer_rows(formatter, lens))
    text = formatter.texts.gettext("Statistics that show age and sex: {share}")
    say(text.format(share=share_text(formatter, lens.age_and_sex)))
    if not lens.age_groups and not lens.is_bare:
        say(
            formatter.texts.gettext(
                "Age groups are not asked for here. The toolkit’s supplement CH asks for them; "
                "supplements are chosen when an assessment is made."
            )
        )


@command()
@file_argument()
@add_option("--children", is_flag=True, help=N_("Show what is known of children instead."))
@as_json_option
@add_option("--csv", type=NEW_FILE, help=N_("Write the table into a file for spreadsheets."))
def availability_of(texts: Translator, file: Path, *, children: bool, as_json: bool, csv: Path | None) -> None:
    with open_assessment(file) as session:
        sheet, dossier = session.sheet, session.dossier()
    formatter = Formatter(texts, dossier)
    found, lens = build_availability(sheet, dossier.sources), summarize_child_data(sheet)
    if csv is not None:
        headings, *rows = children_rows(formatter, lens) if children else matrix_rows(formatter, found.whole)
        write_atomically(csv, to_csv(rows, headings))
    if as_json:
        print_json(children_data(lens) if children else availability_data(found))
        return
    if children:
        _print_lens(formatter, lens)
    else:
        _print_matrix(formatter, found.whole)
    if csv is not None:
        say_written(texts, csv)


# The commands about what is to be done: plan, training.


def _action_line(formatter: Formatter, one: PlannedAction) -> str:
    say, action = formatter.texts.gettext, one.action
    days = f"{one.span.first} – {one.span.last}" if one.span else say("without dates")
    who = formatter.agency(action.responsible) if action.responsible else say("nobody yet")
    severity, progress = say(GAP_SEVERITY_LABELS[one.severity]), say(ACTION_PROGRESS_LABELS[action.progress])
    costs = action_cost_text(formatter.texts, action)
    said = f"{one.number:>4}  {days:<23}  {severity:<9} {progress:<9} {who:<12} {action.title or action.id}"
    return f"{said}  ({costs})" if costs else said


def _cost_lines(formatter: Formatter, costs: PlanCosts) -> Iterator[str]:
    if not (costs.with_amount or costs.left_out):
        return
    headings = [formatter.texts.gettext(heading) for heading in COST_HEADINGS]
    yield f"{headings[0]:<{_LABEL}} {headings[1]:>15} {headings[2]:>15} {headings[3]:>20}"
    for row in cost_rows(costs, formatter):
        amount, funded, gap = map(formatter.texts.amount, (row.costs.amount, row.costs.funded, row.costs.gap))
        label = row.label if row.is_total else f"  {row.label}"
        yield f"{_shorten(label, _LABEL):<{_LABEL}} {amount:>15} {funded:>15} {gap:>20}"
    yield cost_coverage(costs, formatter)
    yield cost_method(formatter)


@command()
@file_argument()
@as_json_option
@add_option("--csv", type=NEW_FILE, help=N_("Also write the actions as a table into this .csv file."))
def plan(texts: Translator, file: Path, *, as_json: bool, csv: Path | None) -> None:
    with open_assessment(file) as session:
        dossier, sheet, gaps = session.dossier(), session.sheet, session.gaps()
    planned = build_plan(dossier.actions, (*gaps[0], *gaps[1]))
    findings = tuple(check_plan(dossier, sheet, *gaps))
    data = plan_data(sort_by_time(planned), findings, texts.gettext)
    if csv is not None:
        write_atomically(csv, to_csv(plan_rows(data), PLAN_COLUMNS))
    if as_json:
        print_json(data)
        return
    say(texts.ngettext("{count} action", "{count} actions", len(planned)).format(count=len(planned)))
    formatter = Formatter(texts, dossier)
    for one in sort_by_time(planned):
        say(_action_line(formatter, one))
    for line in _cost_lines(formatter, plan_costs(dossier.actions)):
        say(line)
    print_problems((finding.problem for finding in findings), texts.gettext)
    if csv is not None:
        say_written(texts, csv)


def _need_line(formatter: Formatter, need: TrainingNeed) -> str:
    now = "?" if need.level is None else str(need.level)
    wanted = "?" if need.target is None else str(need.target)
    points = formatter.ngettext("{count} low answer points to it", "{count} low answers point to it", len(need.gaps))
    return f"  {now} → {wanted}  {need.priority or '–':<7} {formatter.topic(need)}; {points}"


@command()
@file_argument()
@as_json_option
def training(texts: Translator, file: Path, *, as_json: bool) -> None:
    with open_assessment(file) as session:
        dossier, found = session.dossier(), find_training_needs(session.sheet, session.gaps()[0])
    if as_json:
        print_json(training_data(found))
        return
    if found.question is None:
        say(texts.gettext("Supplement T was not asked: this is what the other answers point to."))
    for need in found.needs:
        say(_need_line(Formatter(texts, dossier), need))


# The command that compares two rounds of one country: compare.

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
