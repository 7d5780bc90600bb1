"""The summary: the profile of the parts, counts of gaps and actions, and the mission."""

from collections.abc import Iterable, Iterator, Sequence

from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.assessment.registers import Mission
from capacity_app.domain.numbers_and_dates import plain_points
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import Section
from capacity_app.domain.scoring.answer_sheet import AnswerCounts
from capacity_app.domain.scoring.scores import (
    SCORE_STATUS_LABELS,
    SENSITIVITY_METHOD_LABELS,
    Band,
    OverallScore,
    SectionScore,
    score_figures,
)
from capacity_app.i18n.formatter import Formatter
from capacity_app.outputs.content.gaps_and_actions import progress_counts, severity_counts
from capacity_app.outputs.content.registers import country_name
from capacity_app.outputs.workbook.answer_cells import sheet_cell
from capacity_app.outputs.workbook.formats import width_for_heading
from capacity_app.outputs.workbook.sheet_marks import TOTAL_MARK
from capacity_app.outputs.workbook.sheet_writer import (
    SheetCell,
    SheetWriter,
    WorkbookWriter,
    open_sheet,
)
from capacity_app.report_colours import BAND_SIGNS, OPEN_SIGN

_PLACES = (N_("Places"), N_("Answered"), N_("Settled"), N_("Agencies disagree"))
_SCORES = (N_("Score"), N_("At least"), N_("At most"), N_("Target"), N_("Coverage"), N_("Band"), N_("Evidence"))
_TEXT_NAMES, _BAND_NAME = (N_("No."), N_("Part")), N_("Band")
_NUMBER, _PART, _FIGURE, _BAND, _PLACE = 8.0, 50.0, 10.0, 30.0, 11.0


def _band_cell(formatter: Formatter, bands: Sequence[Band], *, is_printed: bool, status: str) -> SheetCell:
    """Show a band by sign, word and colour; without a printed score, the word alone."""
    if not bands:
        return SheetCell(status, "quiet")
    sign, look = (BAND_SIGNS[bands[0]], f"band_{bands[0]}") if is_printed else (OPEN_SIGN, "caution")
    return SheetCell(f"{sign}  {formatter.bands(tuple(bands))}", look)


def _score_cells(
    appraisal: Appraisal, formatter: Formatter, entry: SectionScore | OverallScore, strong: str = ""
) -> list[SheetCell]:
    figures = score_figures(entry)
    target = appraisal.targets[entry.section.id if isinstance(entry, SectionScore) else ""]
    status = formatter.texts.gettext(SCORE_STATUS_LABELS[entry.status])
    points = (figures["score"], figures["lower"], figures["upper"], plain_points(target))
    return [
        *(SheetCell(one, f"points{strong}") for one in points),
        SheetCell(figures["coverage"], f"share{strong}"),
        _band_cell(formatter, entry.bands, is_printed=figures["score"] is not None, status=status),
        SheetCell(figures["evidence_index"], f"share{strong}"),
    ]


def _answer_counts(found: AnswerCounts, look: str = "count") -> list[SheetCell]:
    return [SheetCell(number, look) for number in (found.wanted, found.answered, found.settled, found.conflicts)]


def _section_cells(appraisal: Appraisal, formatter: Formatter, section: Section) -> list[SheetCell]:
    cells = [SheetCell(section.number, "number"), SheetCell(formatter.section(section))]
    if appraisal.with_scores:
        entry = appraisal.scorecard.section(section.id)
        unscored = [SheetCell(None, "points")] * 5
        unscored += [SheetCell(formatter.say(N_("not scored")), "quiet"), SheetCell(None, "share")]
        cells += _score_cells(appraisal, formatter, entry) if entry else unscored
    return cells + _answer_counts(appraisal.sheet.section_counts(section))


def _profile_columns(formatter: Formatter, *, with_scores: bool) -> tuple[list[str], list[float]]:
    """Return names and widths of the columns."""
    scores = [_BAND if name == _BAND_NAME else _FIGURE for name in _SCORES] if with_scores else []
    widths = [_NUMBER, _PART, *scores, *[_PLACE] * len(_PLACES)]
    names = [formatter.texts.gettext(name) for name in (*_TEXT_NAMES, *(_SCORES if with_scores else ()), *_PLACES)]
    return names, [width_for_heading(name, width) for name, width in zip(names, widths, strict=True)]


def _write_profile(page: SheetWriter, appraisal: Appraisal, formatter: Formatter, names: Sequence[str]) -> None:
    """Write the table of all parts and the line of the whole."""
    texts = set(map(formatter.texts.gettext, (*_TEXT_NAMES, _BAND_NAME)))
    page.line([SheetCell(name, "header" if name in texts else "header_end") for name in names], least=20)
    for section in appraisal.dossier.instrument.sections:
        page.line(_section_cells(appraisal, formatter, section))
    cells = [SheetCell(None, "number"), SheetCell(formatter.say(N_("All parts")), "label_strong")]
    if appraisal.with_scores:
        cells += _score_cells(appraisal, formatter, appraisal.scorecard.overall, "_strong")
    page.line([*cells, *_answer_counts(appraisal.sheet.counts, "count_strong")], TOTAL_MARK)
    if appraisal.with_scores:
        _write_qualifications(page, appraisal, formatter)


def _write_qualifications(page: SheetWriter, appraisal: Appraisal, formatter: Formatter) -> None:
    """Say which part is lowest, and how far the overall score depends on the way of weighing."""
    overall = appraisal.scorecard.overall
    lowest = appraisal.scorecard.section(overall.lowest)
    page.skip()
    if lowest is not None:
        name = f"{lowest.section.number} {formatter.section(lowest.section)}"
        sentence = formatter.say(N_("Lowest: {name} ({score})."), name=name, score=formatter.points(lowest.published))
        page.paragraph(sentence, "strong")
    if overall.sensitivity is None:
        page.paragraph(formatter.say(N_("Too little is known for an overall score.")), "text")
        return
    page.paragraph(formatter.robustness(overall), "text")
    for which, value in overall.sensitivity.by_method.items():
        method = SheetCell(formatter.texts.gettext(SENSITIVITY_METHOD_LABELS[which]))
        page.line([SheetCell(None, "number"), method, SheetCell(plain_points(value), "points")])


def _write_counts(page: SheetWriter, title: str, counts: Iterable[tuple[SheetCell, int]]) -> None:
    """Write a small table of counts."""
    page.skip()
    page.heading(title)
    for name, count in counts:
        page.line([SheetCell(None, "number"), name, SheetCell(count, "count")])


def _mission_texts(formatter: Formatter, mission: Mission, *, with_names: bool) -> Iterator[tuple[str, str]]:
    """Return what the mission was, as typed; the codes of the country stand behind its name."""
    country = formatter.texts.country_as_typed(mission.m49, mission.country_name)
    codes = ", ".join(code for code in (mission.country, mission.m49) if code)
    said = {"country_name": f"{country} ({codes})" if country and codes else country or codes}
    said |= {} if with_names else {"team": formatter.say(N_("names withheld"))}
    for field, text in formatter.entry_texts("mission", mission, without=("country", "m49"), instead=said):
        yield formatter.texts.gettext(field.label), text


def write_summary(appraisal: Appraisal, formatter: Formatter, book: WorkbookWriter) -> None:
    say, mission = formatter.say, appraisal.dossier.mission
    names, widths = _profile_columns(formatter, with_scores=appraisal.with_scores)
    page = open_sheet(book, "summary", say(N_("Summary")), widths)
    page.paragraph(
        " · ".join(part for part in (country_name(formatter), mission.round, formatter.instrument_title) if part)
    )
    if not appraisal.with_scores:
        page.paragraph(say(N_("This copy is without scores: it shows answers, gaps and actions.")), "strong")
    _write_profile(page, appraisal, formatter, names)
    gaps = severity_counts(appraisal, formatter, len(appraisal.to_verify))
    _write_counts(page, say(N_("Gaps")), ((sheet_cell(name), count) for name, count in gaps))
    if appraisal.dossier.actions:
        actions = progress_counts(formatter, appraisal.dossier.actions)
        _write_counts(page, say(N_("Actions")), ((sheet_cell(name), count) for name, count in actions))
    page.skip()
    page.heading(say(N_("The mission")))
    for name, text in _mission_texts(formatter, mission, with_names=appraisal.with_names):
        page.pair(SheetCell(name, "label_strong"), text, "label", column=2)
    page.finish(top=2, repeated=range(1, 2))
