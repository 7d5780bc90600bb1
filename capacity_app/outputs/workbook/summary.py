"""The summary with the profile of the parts and its chart; and the comparison with the previous round."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from capacity_app.domain.assessment.appraisal import Appraisal
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.register_fields import ACTION_PROGRESS_LABELS
from capacity_app.domain.assessment.registers import ActionProgress, Mission
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import Section
from capacity_app.domain.scoring.gaps import GAP_SEVERITY_LABELS, GapSeverity, level_reached
from capacity_app.domain.scoring.layout import AnswerCounts
from capacity_app.domain.scoring.round_comparison import (
    ROUND_CHANGE_LABELS,
    AssessmentComparison,
    ItemChange,
    RoundChange,
    SectionChange,
)
from capacity_app.domain.scoring.scores import (
    SCORE_STATUS_LABELS,
    SENSITIVITY_METHOD_LABELS,
    Band,
    OverallScore,
    SectionScore,
)
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import plain_points, plain_share
from capacity_app.outputs.workbook.formats import width_for_heading
from capacity_app.outputs.workbook.layout import FIELDS_MARK, SAID_MARK, TOTAL_MARK
from capacity_app.outputs.workbook.registers import write_headings
from capacity_app.outputs.workbook.sheet_writer import (
    SheetCell,
    SheetWriter,
    WorkbookWriter,
    interval_reaches,
    place_chart,
    profile_chart,
    rounds_chart,
)
from capacity_app.palette import BAND_SIGNS, LEVEL_SIGNS, OPEN_SIGN

_PLACES = (N_("Places"), N_("Asked"), N_("Settled"), N_("Agencies differ"))
_SCORES = (N_("Score"), N_("At least"), N_("At most"), N_("Target"), N_("Coverage"), N_("Band"), N_("Evidence"))
_NUMBER, _PART, _FIGURE, _BAND, _PLACE = 8.0, 50.0, 10.0, 30.0, 11.0
_CHART_LINES = 18


def _widths(words: Formatter, *, with_scores: bool) -> list[float]:
    scores = [*[_FIGURE] * 5, _BAND, _FIGURE] if with_scores else []
    widths = [_NUMBER, _PART, *scores, *[_PLACE] * len(_PLACES)]
    names = [N_("No."), N_("Part"), *(_SCORES if with_scores else ()), *_PLACES]
    return [width_for_heading(words.texts.gettext(name), width) for name, width in zip(names, widths, strict=True)]


def _band_cell(words: Formatter, bands: Sequence[Band], *, is_printed: bool, status: str) -> SheetCell:
    """Show a band by sign, word and colour; without a printed score, the word alone."""
    if not bands:
        return SheetCell(status, "quiet")
    band = words.bands(tuple(bands))
    return (
        SheetCell(f"{BAND_SIGNS[bands[0]]}  {band}", f"band_{bands[0]}")
        if is_printed
        else SheetCell(f"{OPEN_SIGN}  {band}", "caution")
    )


def _score_cells(
    appraisal: Appraisal, words: Formatter, entry: SectionScore | OverallScore, *, strong: bool = False
) -> list[SheetCell]:
    value = entry.published if isinstance(entry, SectionScore) else entry.value
    target = appraisal.targets[entry.section.id if isinstance(entry, SectionScore) else ""]
    known = entry.score if isinstance(entry, SectionScore) else entry
    points, share = ("points_strong", "share_strong") if strong else ("points", "share")
    status = words.texts.gettext(SCORE_STATUS_LABELS[entry.status])
    return [
        SheetCell(plain_points(value), points),
        SheetCell(plain_points(known.lower), points),
        SheetCell(plain_points(known.upper), points),
        SheetCell(plain_points(target), points),
        SheetCell(plain_share(known.coverage), share),
        _band_cell(words, entry.bands, is_printed=value is not None, status=status),
        SheetCell(plain_share(known.evidence_index), share),
    ]


def _answer_counts(found: AnswerCounts, look: str = "count") -> list[SheetCell]:
    return [SheetCell(number, look) for number in (found.wanted, found.asked, found.settled, found.conflicts)]


def _section_cells(appraisal: Appraisal, words: Formatter, section: Section) -> list[SheetCell]:
    cells = [SheetCell(section.number, "number"), SheetCell(words.section(section))]
    if appraisal.with_scores:
        entry = appraisal.scorecard.section(section.id)
        unscored = [
            *[SheetCell(None, "points")] * 5,
            SheetCell(words.say(N_("not scored")), "quiet"),
            SheetCell(None, "share"),
        ]
        cells += _score_cells(appraisal, words, entry) if entry else unscored
    return cells + _answer_counts(appraisal.sheet.section_counts(section))


def _write_profile(page: SheetWriter, appraisal: Appraisal, words: Formatter) -> None:
    """Write the table of all parts and the line of the whole; put the chart below it."""
    gettext = words.texts.gettext
    texts = {gettext(name) for name in (N_("No."), N_("Part"), N_("Band"))}
    names = [gettext(name) for name in (N_("No."), N_("Part"), *(_SCORES if appraisal.with_scores else ()), *_PLACES)]
    page.line([SheetCell(name, "header" if name in texts else "header_end") for name in names], least=20)
    first = page.row
    for section in appraisal.dossier.instrument.sections:
        page.line(_section_cells(appraisal, words, section), SAID_MARK)
    cells = [SheetCell(None, "number"), SheetCell(words.say(N_("All parts")), "label_strong")]
    if appraisal.with_scores:
        cells += _score_cells(appraisal, words, appraisal.scorecard.overall, strong=True)
    page.line([*cells, *_answer_counts(appraisal.sheet.counts, "count_strong")], TOTAL_MARK)
    if appraisal.with_scores:
        _write_qualifications(page, appraisal, words)
        _add_profile_chart(page, appraisal, words, first)


def _add_profile_chart(page: SheetWriter, appraisal: Appraisal, words: Formatter, first: int) -> None:
    """Put the chart below; it begins and ends with a scored part."""
    entries = [appraisal.scorecard.section(section.id) for section in appraisal.dossier.instrument.sections]
    scored = [place for place, entry in enumerate(entries) if entry]
    if not any(entry and entry.published is not None for entry in entries):
        return
    charted = entries[scored[0] : scored[-1] + 1]
    reach_column = _write_interval_reaches(page, first + scored[0], charted)
    chart = profile_chart(page.book, page.sheet.get_name(), first + scored[0], charted, reach_column)
    title = words.say(N_("Scores of the parts with their intervals, 0 to 100"))
    alternative = words.say(N_("Scores of the parts, 0 to 100, with their intervals; the table above has the figures."))
    place_chart(page, chart, title, alternative, lines=_CHART_LINES)


def _write_interval_reaches(page: SheetWriter, first: int, entries: Sequence[SectionScore | None]) -> int:
    """Write into hidden columns how far each interval reaches below and above its score; gives the first column."""
    column = len(page.widths) + 1
    page.sheet.set_column(column, column + 1, None, None, {"hidden": True})
    for row, entry in enumerate(entries, start=first):
        for place, reach in enumerate(interval_reaches(entry), start=column):
            if reach is not None:
                page.sheet.write_number(row, place, reach)
    return column


def _write_qualifications(page: SheetWriter, appraisal: Appraisal, words: Formatter) -> None:
    """Say which part is lowest, and how far the overall score depends on the way of weighing."""
    overall = appraisal.scorecard.overall
    lowest = appraisal.scorecard.section(overall.lowest)
    page.skip()
    if lowest is not None:
        name = f"{lowest.section.number} {words.section(lowest.section)}"
        sentence = words.say(N_("Lowest: {name} ({score})."), name=name, score=words.points(lowest.published))
        page.paragraph(sentence, "strong")
    if overall.sensitivity is None:
        page.paragraph(words.say(N_("Too little is known for an overall score.")), "text")
        return
    page.paragraph(words.robustness(overall), "text")
    for which, value in overall.sensitivity.by_method.items():
        method = SheetCell(words.texts.gettext(SENSITIVITY_METHOD_LABELS[which]))
        page.line([SheetCell(None, "number"), method, SheetCell(plain_points(value), "points")], SAID_MARK)


def _write_counts(page: SheetWriter, title: str, lines: Iterable[tuple[SheetCell, int]]) -> None:
    """Write a small table of counts."""
    page.skip()
    page.heading(title)
    for name, count in lines:
        page.line([SheetCell(None, "number"), name, SheetCell(count, "count")], SAID_MARK)


def _gap_counts(page: SheetWriter, appraisal: Appraisal, words: Formatter) -> None:
    found = [gap.severity_class for gap in appraisal.gaps]
    grades = [grade for grade in reversed(GapSeverity) if grade is not GapSeverity.NONE]
    lines = [
        (SheetCell(words.texts.gettext(GAP_SEVERITY_LABELS[grade]), f"severity_{grade}"), found.count(grade))
        for grade in grades
    ]
    lines.append((SheetCell(words.say(N_("to verify")), "caution"), len(appraisal.to_verify)))
    _write_counts(page, words.say(N_("Gaps")), lines)


def _action_counts(page: SheetWriter, appraisal: Appraisal, words: Formatter) -> None:
    states = [action.progress for action in appraisal.dossier.actions]
    if states:
        lines = [
            (SheetCell(words.texts.gettext(ACTION_PROGRESS_LABELS[one])), states.count(one)) for one in ActionProgress
        ]
        _write_counts(page, words.say(N_("Actions")), lines)


def mission_lines(words: Formatter, mission: Mission, *, with_names: bool) -> list[tuple[str, str]]:
    """Return what the mission was, as typed; the codes of the country stand behind its name."""
    country = mission.country_name or (words.texts.country(mission.m49) if mission.m49 else "")
    codes = ", ".join(code for code in (mission.country, mission.m49) if code)
    said = {"country_name": f"{country} ({codes})" if country and codes else country or codes}
    said |= {} if with_names else {"team": words.say(N_("names withheld"))}
    texts = words.entry_texts("mission", mission, without=("country", "m49"), instead=said)
    return [(words.texts.gettext(field.label), text) for field, text in texts]


def write_summary(appraisal: Appraisal, words: Formatter, book: WorkbookWriter) -> None:
    title = words.say(N_("Summary"))
    mission = appraisal.dossier.mission
    page = SheetWriter(book, book.add_sheet("summary", title), _widths(words, with_scores=appraisal.with_scores))
    page.ruler(FIELDS_MARK, ())
    page.title(title)
    where = " · ".join(part for part in (mission.country_name, mission.round, words.instrument_title) if part)
    page.paragraph(where)
    if not appraisal.with_scores:
        page.paragraph(words.say(N_("This copy is without scores: it shows answers, gaps and actions.")), "strong")
    _write_profile(page, appraisal, words)
    _gap_counts(page, appraisal, words)
    _action_counts(page, appraisal, words)
    page.skip()
    page.heading(words.say(N_("The mission")))
    for name, text in mission_lines(words, mission, with_names=appraisal.with_names):
        page.pair(SheetCell(name, "label_strong"), text, "label", column=2)
    page.finish(top=2, repeated=range(1, 2))


# The comparison with the previous round: over what both rounds answered, part by part and item by item.


_WIDTHS = (12.0, 56.0, 24.0, 24.0, 24.0, 20.0, 34.0)
_BEFORE, _NOW = 3, 4
"""The columns of the two rounds in the table of parts."""
_LISTED = (
    RoundChange.WORSE,
    RoundChange.LOST,
    RoundChange.NEWLY_NOT_APPLICABLE,
    RoundChange.IMPROVED,
    RoundChange.GAINED,
)
"""What is listed item by item, the most worrying first; what stayed the same is only counted."""
_CHANGE_FORMATS = {
    RoundChange.WORSE: f"severity_{GapSeverity.HIGH}",
    RoundChange.LOST: f"severity_{GapSeverity.MODERATE}",
    RoundChange.NEWLY_NOT_APPLICABLE: "quiet",
    RoundChange.IMPROVED: f"band_{Band.ESTABLISHED}",
    RoundChange.GAINED: "label",
}


def round_name(words: Formatter, dossier: Dossier) -> str:
    """Name a round by what it is called, else by its date."""
    mission = dossier.mission
    return mission.round or words.texts.date(mission.start)


def _point_difference(before: Fraction | None, after: Fraction | None) -> float | None:
    return None if before is None or after is None else plain_points(after - before)


def _comparison_sentence(words: Formatter, earlier: Dossier, compared: AssessmentComparison) -> str:
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


def _section_change_cells(words: Formatter, entry: SectionChange) -> list[SheetCell]:
    return [
        SheetCell(entry.section.number, "number"),
        SheetCell(words.section(entry.section)),
        SheetCell(plain_points(entry.before), "points"),
        SheetCell(plain_points(entry.after), "points"),
        SheetCell(_point_difference(entry.before, entry.after), "change"),
        SheetCell(entry.matched, "count"),
        SheetCell(plain_share(entry.weight_share), "share"),
    ]


def _write_section_changes(
    page: SheetWriter, words: Formatter, rounds: tuple[str, str], shown: Sequence[SectionChange]
) -> None:
    """Write the scores of both rounds over the matched items, with a chart."""
    page.paragraph(words.say(N_("Scores below are over these items only and differ from the scores of the whole.")))
    heading = page.row
    figures = (words.texts.gettext(name) for name in (N_("Change"), N_("Matched items"), N_("Share of weight")))
    write_headings(page, (words.say(N_("No.")), words.say(N_("Part"))), (*rounds, *figures))
    for entry in shown:
        page.line(_section_change_cells(words, entry), SAID_MARK)
    chart = rounds_chart(page, heading, page.row - 1, (_BEFORE, _NOW))
    title = words.say(N_("Scores of both rounds over the matched items, 0 to 100"))
    alternative = words.say(N_("Scores of both rounds, part by part; the table above has the figures."))
    place_chart(page, chart, title, alternative, lines=8 + 2 * len(shown))


def _change_counts(page: SheetWriter, words: Formatter, compared: AssessmentComparison) -> None:
    page.skip()
    page.heading(words.say(N_("What happened")))
    for change in RoundChange:
        word = words.texts.gettext(ROUND_CHANGE_LABELS[change])
        page.line([SheetCell(None, "number"), SheetCell(word), SheetCell(compared.count(change), "count")], SAID_MARK)


def _write_regressions(page: SheetWriter, words: Formatter, compared: AssessmentComparison) -> None:
    if not compared.regressions:
        return
    page.skip()
    page.heading(words.say(N_("Lost since the earlier round")))
    for entry in compared.regressions:
        column = entry.question.column_by_id.get(entry.address.column)
        option = words.option(entry.question, column or entry.question, entry.option)
        name = words.row(entry.question, entry.row) if entry.row else words.question(entry.question)
        number = f"{entry.question.number} {entry.row.number if entry.row else ''}".strip()
        page.line([SheetCell(number, "number"), SheetCell(name), SheetCell(option, "caution")], SAID_MARK)


def _level_cell(words: Formatter, points: Fraction | None) -> SheetCell:
    """Say by sign and level what an item had reached; nothing where it was not answered."""
    if points is None:
        return SheetCell("–", "quiet")
    level = level_reached(points)
    return SheetCell(f"{LEVEL_SIGNS[level]}  {words.level(level)}", f"band_{tuple(Band)[level]}")


def _item_cells(words: Formatter, entry: ItemChange) -> list[SheetCell]:
    column = entry.question.column_by_id.get(entry.address.column)
    return [
        SheetCell(entry.number, "number"),
        SheetCell(words.row(entry.question, entry.row) if entry.row else words.question(entry.question)),
        SheetCell(words.column(entry.question, column) if column else None, "quiet"),
        _level_cell(words, entry.before),
        _level_cell(words, entry.after),
        SheetCell(words.texts.gettext(ROUND_CHANGE_LABELS[entry.change]), _CHANGE_FORMATS[entry.change]),
        SheetCell(words.section(entry.section), "quiet"),
    ]


def _write_item_changes(
    page: SheetWriter, words: Formatter, rounds: tuple[str, str], changes: Iterable[ItemChange]
) -> None:
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


def write_rounds(appraisal: Appraisal, words: Formatter, book: WorkbookWriter) -> None:
    """Write the comparison, if there is an earlier round; without scores only what happened to the items."""
    compared, earlier = appraisal.comparison, appraisal.dossier.previous
    if compared is None or earlier is None:
        return
    title = words.say(N_("Comparison"))
    page = SheetWriter(book, book.add_sheet("comparison", title), _WIDTHS)
    page.ruler(FIELDS_MARK, ())
    page.title(words.say(N_("Comparison with the previous round")))
    page.paragraph(_comparison_sentence(words, earlier, compared), "strong")
    if compared.is_compatible:
        before = round_name(words, earlier) or words.say(N_("Before"))
        now = round_name(words, appraisal.dossier) or words.say(N_("Now"))
        shown = [entry for entry in compared.sections if entry.matched]
        if shown and appraisal.with_scores:
            _write_section_changes(page, words, (before, now), shown)
        _change_counts(page, words, compared)
        _write_regressions(page, words, compared)
        _write_item_changes(page, words, (before, now), compared.changes)
    page.finish(top=2, repeated=range(1, 2))
