"""The command that prints scores, gaps and what is to be verified."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import click

from capacity_app.cli.options import Command, as_json_option, command, file_argument, translated
from capacity_app.cli.speaking import DONE, print_json, say
from capacity_app.cli.unlocking import open_assessment
from capacity_app.domain.gaps import CLASS_WORDS, Gap
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring import (
    BAND_WORDS,
    METHOD_WORDS,
    STATUS_WORDS,
    Band,
    Overall,
    SectionScore,
    Status,
    answers_to,
    unsupported,
)
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.services.results import KEYS, Results, results_of, score_data
from capacity_app.texts import Texts


def _shown(texts: Texts, value: Fraction | None) -> str:
    return "–" if value is None else texts.number(value, 1)


def _words(texts: Texts, bands: tuple[Band, ...]) -> str:
    words = [texts.gettext(BAND_WORDS[band]) for band in bands]
    return texts.gettext("{low} to {high}").format(low=words[0], high=words[1]) if len(words) > 1 else "".join(words)


def _score_line(
    texts: Texts, name: str, entry: SectionScore | Overall, *, target: Fraction | None, capped: int, more: str = ""
) -> str:
    figures = entry.score if isinstance(entry, SectionScore) else entry
    value = entry.published if isinstance(entry, SectionScore) else entry.value
    verified = figures.verified if value is not None else None
    coverage = "–" if figures.coverage is None else texts.percent(figures.coverage)
    span = f"[{_shown(texts, figures.lower)}, {_shown(texts, figures.upper)}]"
    status = texts.gettext(STATUS_WORDS[entry.status])
    numbers = f"{_shown(texts, value):>6}  {span:<15} {coverage:>5}  {_shown(texts, target):>6}"
    checked = f"{_shown(texts, verified):>8} ({texts.number(capped)})"
    return f"{name:<6} {numbers} {checked}  {status}; {_words(texts, entry.bands)}{more}"


def _section_line(texts: Texts, session: AssessmentSession, results: Results, entry: SectionScore) -> str:
    more = ""
    if entry.status is Status.WITHHELD:
        count = answers_to(entry, session.instrument.thresholds.provisional)
        sentence = texts.ngettext("{count} more answer gives it a score", "{count} more answers give it a score", count)
        more = "; " + sentence.format(count=texts.number(count))
    target, capped = results.targets[entry.section.id], len(unsupported(entry.parts))
    return _score_line(texts, entry.section.number, entry, target=target, capped=capped, more=more)


def _score_lines(texts: Texts, session: AssessmentSession, results: Results) -> Iterator[str]:
    card = results.scorecard
    yield texts.gettext(
        "Section  score  [interval]  coverage  target  verified (level 3 without evidence)  status; band"
    )
    core = [entry for entry in card.sections if not entry.section.supplement]
    for entry in core:
        yield _section_line(texts, session, results, entry)
    yield _score_line(texts, texts.gettext("all"), card.overall, target=results.target, capped=len(results.unsupported))
    supplements = [entry for entry in card.sections if entry.section.supplement]
    if supplements:
        yield texts.gettext("Supplements, outside the overall score:")
        for entry in supplements:
            yield _section_line(texts, session, results, entry)


def _method_lines(texts: Texts, results: Results) -> Iterator[str]:
    """Say how much the method matters, which section is lowest, and with which weights."""
    overall = results.scorecard.overall
    lowest = results.scorecard.section(overall.lowest)
    if lowest is not None:
        yield texts.gettext("Lowest: {section} ({score}).").format(
            section=lowest.section.number, score=_shown(texts, lowest.published)
        )
    if results.own:
        listed = ", ".join(f"{entry.section.number} × {results.weight(entry)}" for entry in results.scorecard.sections
                           if entry.section.id in results.own)  # fmt: skip
        yield texts.gettext("Own section weights: {list}.").format(list=listed)
    if overall.sensitivity is None:
        return
    count = len(overall.sensitivity.values)
    yield texts.gettext("{count} ways to put the parts together:").format(count=texts.number(count))
    for which, value in overall.sensitivity.by_method.items():
        yield f"  {_shown(texts, value):>6}  {texts.gettext(METHOD_WORDS[which])}"
    if not overall.is_robust:
        yield texts.gettext("The overall score is not robust: methods differ by {spread} points.").format(
            spread=_shown(texts, overall.sensitivity.spread)
        )


def _round_lines(texts: Texts, results: Results) -> Iterator[str]:
    """Compare with the earlier round, over what both answered."""
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
            count = texts.ngettext("{count} item", "{count} items", change.matched)
            yield (
                f"{entry.section.number:<6} {_shown(texts, change.before):>6} → {_shown(texts, change.after):<6}"
                f" {count.format(count=texts.number(change.matched))}, {texts.percent(change.weight_share)}"
            )


def _gap_lines(texts: Texts, gaps: tuple[Gap, ...], to_verify: tuple[Gap, ...]) -> Iterator[str]:
    yield texts.ngettext("{count} gap:", "{count} gaps:", len(gaps)).format(count=len(gaps))
    for gap in gaps:
        yield f"  {gap.number:<12} {texts.gettext(CLASS_WORDS[gap.severity_class]):<10} {gap.label}"
    count = len(to_verify)
    yield texts.ngettext("{count} place to verify.", "{count} places to verify.", count).format(count=count)


class _ScoreCommand(Command):
    """Its help explains every name of the machine-readable results."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        head = translated(ctx, N_("Names in the results of --json (percentages with one decimal, shares with three):"))
        keys = "\n".join(f"  {name}: {translated(ctx, meaning)}" for name, meaning in KEYS.items())
        self.epilog = f"\b\n{head}\n{keys}"  # \b keeps click from joining the lines
        super().format_epilog(ctx, formatter)


@command(_ScoreCommand)
@file_argument()
@as_json_option
@click.pass_obj
def score(texts: Texts, file: Path, as_json: bool) -> int:  # noqa: FBT001 - click passes options by name
    with open_assessment(file) as session:
        results, (gaps, to_verify) = results_of(session), session.gaps()
        if as_json:
            print_json(score_data(results, gaps, to_verify))
            return DONE
        for line in (
            *_score_lines(texts, session, results),
            *_method_lines(texts, results),
            *_round_lines(texts, results),
            *_gap_lines(texts, gaps, to_verify),
        ):
            say(line)
    return DONE
