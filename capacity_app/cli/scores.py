"""The command that prints scores, gaps and what is to be verified."""

from fractions import Fraction
from pathlib import Path

import click

from capacity_app.cli.speaking import DONE, as_json_option, file_argument, open_assessment, print_json, say
from capacity_app.domain.gaps import CLASS_WORDS, Gap
from capacity_app.domain.problems import Translate
from capacity_app.domain.scoring import BAND_WORDS, STATUS_WORDS, Band, Overall, SectionScore
from capacity_app.services.results import score_data
from capacity_app.texts import Texts


def _shown(texts: Texts, value: Fraction | None) -> str:
    return "–" if value is None else texts.number(value, 1)


def _words(texts: Texts, bands: tuple[Band, ...]) -> str:
    words = [texts.gettext(BAND_WORDS[band]) for band in bands]
    return texts.gettext("{low} to {high}").format(low=words[0], high=words[1]) if len(words) > 1 else "".join(words)


def _score_line(texts: Texts, name: str, entry: SectionScore | Overall) -> str:
    figures = entry.score if isinstance(entry, SectionScore) else entry
    value = entry.published if isinstance(entry, SectionScore) else entry.value
    coverage = "–" if figures.coverage is None else texts.percent(figures.coverage)
    span = f"[{_shown(texts, figures.lower)}, {_shown(texts, figures.upper)}]"
    status = texts.gettext(STATUS_WORDS[entry.status])
    return f"{name:<6} {_shown(texts, value):>6}  {span:<15} {coverage:>5}  {status}; {_words(texts, entry.bands)}"


def _gap_line(texts: Texts, gap: Gap) -> str:
    return f"  {gap.number:<12} {texts.gettext(CLASS_WORDS[gap.severity_class]):<10} {gap.label}"


@click.pass_obj
def score(texts: Texts, file: Path, as_json: bool) -> int:  # noqa: FBT001 - click passes options by name
    """Print scores and gaps."""
    session = open_assessment(file)
    try:
        card, (gaps, to_verify) = session.scorecard(), session.gaps()
    finally:
        session.close()
    if as_json:
        print_json(score_data(card, gaps, to_verify))
        return DONE
    say(texts.gettext("Section  score  [interval]  coverage  status; band"))
    for entry in card.sections:
        say(_score_line(texts, entry.section.number, entry))
    say(_score_line(texts, texts.gettext("all"), card.overall))
    if not card.overall.is_robust:
        say(texts.gettext("The overall score is not robust: methods differ by {spread} points.").format(
            spread=_shown(texts, card.overall.sensitivity.spread)
        ))  # fmt: skip
    say(texts.ngettext("{count} gap:", "{count} gaps:", len(gaps)).format(count=len(gaps)))
    for gap in gaps:
        say(_gap_line(texts, gap))
    say(texts.ngettext("{count} place to verify.", "{count} places to verify.", len(to_verify)).format(
        count=len(to_verify)
    ))  # fmt: skip
    return DONE


def score_command(_: Translate) -> click.Command:
    """Describe ``score``."""
    return click.Command(
        "score", callback=score, params=[file_argument(), as_json_option(_)], help=_("Print scores and gaps.")
    )
