"""The profile of the parts on a page, and how the assessment was done: limits and what the words mean."""

from collections.abc import Iterator
from itertools import pairwise

from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.assessment.privacy import ReportVolume
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import Provenance
from capacity_app.domain.scoring.scores import BAND_LABELS, BAND_LIMITS, Band, SectionScore
from capacity_app.i18n.formatter import Formatter, in_second_language
from capacity_app.outputs.content.elements import (
    ColumnHeading,
    ContentTable,
    Fact,
    FactSheet,
    TableCell,
    TableRow,
    anchor_of,
    column_headings,
    prose,
    table_row,
    titled,
)
from capacity_app.outputs.content.findings import gap_findings, strength_findings
from capacity_app.outputs.content.registers import agencies_table, mission_facts
from capacity_app.outputs.content.section_chapter import (
    band_cell,
    range_text,
    scale_ticks,
    score_chart,
    section_change,
)
from capacity_app.report_colours import BAND_SIGNS


def _finding_sentence(appraisal: Appraisal, formatter: Formatter, entry: SectionScore) -> str:
    """Return the most serious gap of a part as a sentence, of a part without one the first strength."""
    gaps = [gap for gap in appraisal.gaps if gap.section.id == entry.section.id]
    found = gap_findings(appraisal, formatter, gaps) or strength_findings(
        formatter, appraisal.sheet.section(entry.section)
    )
    return found[0].brief if found else ""


def _profile_row(appraisal: Appraisal, formatter: Formatter, entry: SectionScore) -> TableRow:
    change = section_change(appraisal, entry.section)
    second = in_second_language(formatter, lambda one: one.section(entry.section))
    before = (formatter.points(change.before) if change else "–",) if appraisal.comparison else ()
    return table_row(
        TableCell(entry.section.number, link=anchor_of("s", entry.section.id)),
        TableCell(formatter.section(entry.section), second=second),
        band_cell(formatter, entry),
        *before,
        TableCell(formatter.points(entry.published)),
        TableCell(chart=score_chart(formatter, entry)),
        _finding_sentence(appraisal, formatter, entry),
    )


def _profile_table(appraisal: Appraisal, formatter: Formatter) -> ContentTable | None:
    answered = (entry for entry in appraisal.scorecard.sections if appraisal.has_answers(entry.section))
    rows = tuple(_profile_row(appraisal, formatter, entry) for entry in answered)
    if not rows:
        return None
    has_before = appraisal.comparison is not None
    before = ((N_("Before"), 8, "number"),) if has_before else ()
    chart = ColumnHeading(formatter.say(N_("Score and range")), 20, "sign", scale_ticks(formatter))
    headings = column_headings(
        formatter.say, (N_("No."), 5), (N_("Part"), 17), (N_("Band"), 15), *before, (N_("Now"), 7, "number"), chart,
        (N_("Main finding"), 28 if has_before else 36),
    )  # fmt: skip
    return ContentTable(headings, rows, style="profile")


def _overall_sentence(appraisal: Appraisal, formatter: Formatter) -> str:
    overall = appraisal.scorecard.overall
    if overall.value is None or overall.lower is None:
        return formatter.say(N_("Too little is known for an overall score.")) if overall.lower is not None else ""
    between = range_text(formatter, overall.lower, overall.upper)
    said = formatter.say(
        N_("Overall score: {score} of 100 ({band}). {coverage} of the questions, by weight, have an answer."),
        score=formatter.points(overall.value), band=formatter.bands(overall.bands),
        coverage=formatter.share(overall.coverage),
    )  # fmt: skip
    if not between:
        return said
    rest = formatter.say(
        N_("If the others were answered worst or best, the score would be in the range {interval}."), interval=between
    )
    return f"{said} {rest}"


def profile_blocks(appraisal: Appraisal, formatter: Formatter, _volume: ReportVolume) -> tuple[object, ...]:
    """Build the profile; nothing where scores are withheld or nothing is scored."""
    table = _profile_table(appraisal, formatter) if appraisal.with_scores else None
    if table is None:
        return ()
    say = formatter.say
    before = N_("“Before”, and what changed since then, count the questions answered in both rounds. “Now” counts all.")
    notes = (
        formatter.profile_note,
        say(N_("Scores run from 0 to 100.")),
        *((say(before),) if appraisal.comparison else ()),
        say(N_("The line behind a bar is the range if the open questions were answered worst or best.")),
    )
    return (
        table,
        *prose(
            " ".join(filter(None, notes)),
            _band_legend(formatter),
            _overall_sentence(appraisal, formatter),
            style="legend",
        ),
    )


def _band_limits(formatter: Formatter) -> Iterator[tuple[Band, str, str]]:
    """Yield every band with its sign and its limits in words."""
    limits = [formatter.texts.number(limit, 1) for limit in BAND_LIMITS]
    spans = (
        formatter.say(N_("below {limit}"), limit=limits[0]),
        *(formatter.say(N_("{low} to below {high}"), low=a, high=b) for a, b in pairwise(limits)),
        formatter.say(N_("{limit} and more"), limit=limits[-1]),
    )
    for band, span in zip(Band, spans, strict=True):
        yield band, BAND_SIGNS[band], span


def _band_legend(formatter: Formatter) -> str:
    def say(band: Band, span: str) -> str:
        return formatter.say(N_("{topic}: {step}"), topic=formatter.texts.gettext(BAND_LABELS[band]), step=span)

    return "   ".join(f"{sign} {say(band, span)}" for band, sign, span in _band_limits(formatter))


def _meanings(appraisal: Appraisal, formatter: Formatter) -> tuple[Fact, ...]:
    """Explain the words the report uses before it uses them."""
    say, texts, limits = formatter.say, formatter.texts, appraisal.dossier.instrument.thresholds
    bands = _band_legend(formatter) if appraisal.with_scores else ""
    facts = (
        (N_("Bands"), bands),
        (N_("Levels"), say(N_("0 to 3, for single questions: 0 is nothing, 3 is the target."))),
        (N_("Answered"), say(N_("The share of the questions, by weight, that have an answer.")) if bands else ""),
        (
            N_("Provisional"),
            say(N_("Less than {share} of a part is answered, so its score may still change."),
                share=formatter.share(limits.firm)) if bands else "",
        ),
        (N_("Range"), say(N_("The score if the open questions were answered worst or best.")) if bands else ""),
        (N_("Severity"), say(N_("Levels missing × importance of the question: low, moderate, high or critical."))),
        (N_("Recommendation"), say(N_("R1, R2 … are numbered by the severity of the gaps that they close."))),
    )  # fmt: skip
    return tuple(Fact(texts.gettext(label), text) for label, text in facts if text)


def _wording_sentence(appraisal: Appraisal, formatter: Formatter) -> str:
    """Say how many questions are in the wording of the toolkit; nothing where all are one author's."""
    questions = list(appraisal.dossier.instrument.questions())
    own = [
        question
        for question in questions
        if Provenance.TOOLKIT in {question.provenance, *(row.provenance for row in question.rows)}
    ]
    if not own:
        return ""
    sentence = formatter.texts.ngettext(
        "{count} of the {all} questions has the wording of the toolkit. The others were written by the authors of "
        "this questionnaire.",
        "{count} of the {all} questions have the wording of the toolkit. The others were written by the authors of "
        "this questionnaire.",
        len(own),
    )
    return sentence.format(count=formatter.texts.number(len(own)), all=formatter.texts.number(len(questions)))


def _unanswered_sentence(appraisal: Appraisal, formatter: Formatter) -> str:
    """Name the parts of which no question has an answer; the report has no chapter on them."""
    parts = [
        f"{section.number} {formatter.section(section)}".strip()
        for section in appraisal.dossier.instrument.sections
        if not appraisal.has_answers(section)
    ]
    return (
        formatter.say(N_("No question of these parts has an answer: {parts}."), parts="; ".join(parts)) if parts else ""
    )


def how_it_was_done(appraisal: Appraisal, formatter: Formatter) -> tuple[object, ...]:
    """Build the chapter on the mission: facts, agencies and people, and what the words of the report mean."""
    say = formatter.say
    facts, agencies = mission_facts(appraisal, formatter), agencies_table(appraisal, formatter)
    met = agencies if agencies.rows else prose(say(N_("No agency has been entered.")), style="nothing")[0]
    return (
        *((FactSheet(facts),) if facts else ()),
        *prose(
            formatter.profile_note, _wording_sentence(appraisal, formatter), _unanswered_sentence(appraisal, formatter)
        ),
        *titled(say(N_("Agencies and people")), met),
        *titled(say(N_("What the words mean")), FactSheet(_meanings(appraisal, formatter))),
    )
