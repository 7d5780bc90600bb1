"""The summary: the profile of the parts with its chart, what qualifies it, counts, and the mission."""

from collections.abc import Iterable, Sequence

from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.assessment import Mission, Progress
from capacity_app.domain.completeness import Completeness, of_blocks, of_sheet
from capacity_app.domain.gaps import CLASS_WORDS, SeverityClass
from capacity_app.domain.instrument import Section
from capacity_app.domain.problems import N_
from capacity_app.domain.registers import PROGRESS_WORDS
from capacity_app.domain.scoring import METHOD_WORDS, STATUS_WORDS, Band, Overall, SectionScore
from capacity_app.palette import BAND_SIGNS, OPEN_SIGN
from capacity_app.texts import plain_points, plain_share
from capacity_app.wording import Wording
from capacity_app.workbook.chart import place_chart, profile_chart, reaches
from capacity_app.workbook.layout import FIELDS_MARK, SAID_MARK, TOTAL_MARK
from capacity_app.workbook.measuring import wide_enough
from capacity_app.workbook.page import Book, Cell, Page

_PLACES = (N_("Places"), N_("Asked"), N_("Settled"), N_("Agencies differ"))
_SCORES = (N_("Score"), N_("At least"), N_("At most"), N_("Target"), N_("Coverage"), N_("Band"), N_("Evidence"))
_NUMBER, _PART, _FIGURE, _BAND, _PLACE = 8.0, 50.0, 10.0, 30.0, 11.0
_CHART_LINES = 18


def _widths(words: Wording, *, with_scores: bool) -> list[float]:
    scores = [*[_FIGURE] * 5, _BAND, _FIGURE] if with_scores else []
    widths = [_NUMBER, _PART, *scores, *[_PLACE] * len(_PLACES)]
    names = [N_("No."), N_("Part"), *(_SCORES if with_scores else ()), *_PLACES]
    return [wide_enough(words.texts.gettext(name), width) for name, width in zip(names, widths, strict=True)]


def _band_cell(words: Wording, bands: Sequence[Band], *, is_printed: bool, status: str) -> Cell:
    """Show a band by sign, word and colour; without a printed score, the word alone."""
    if not bands:
        return Cell(status, "quiet")
    band = words.bands(tuple(bands))
    return (
        Cell(f"{BAND_SIGNS[bands[0]]}  {band}", f"band_{bands[0]}")
        if is_printed
        else Cell(f"{OPEN_SIGN}  {band}", "caution")
    )


def _figures(
    appraisal: Appraisal, words: Wording, entry: SectionScore | Overall, *, strong: bool = False
) -> list[Cell]:
    value = entry.published if isinstance(entry, SectionScore) else entry.value
    target = appraisal.targets[entry.section.id if isinstance(entry, SectionScore) else ""]
    known = entry.score if isinstance(entry, SectionScore) else entry
    points, share = ("points_strong", "share_strong") if strong else ("points", "share")
    status = words.texts.gettext(STATUS_WORDS[entry.status])
    return [
        Cell(plain_points(value), points),
        Cell(plain_points(known.lower), points),
        Cell(plain_points(known.upper), points),
        Cell(plain_points(target), points),
        Cell(plain_share(known.coverage), share),
        _band_cell(words, entry.bands, is_printed=value is not None, status=status),
        Cell(plain_share(known.evidence_index), share),
    ]


def _counts(found: Completeness, look: str = "count") -> list[Cell]:
    return [Cell(number, look) for number in (found.wanted, found.asked, found.settled, found.conflicts)]


def _section_cells(appraisal: Appraisal, words: Wording, section: Section) -> list[Cell]:
    cells = [Cell(section.number, "number"), Cell(words.section(section))]
    if appraisal.with_scores:
        entry = appraisal.scorecard.section(section.id)
        unscored = [*[Cell(None, "points")] * 5, Cell(words.say(N_("not scored")), "quiet"), Cell(None, "share")]
        cells += _figures(appraisal, words, entry) if entry else unscored
    return cells + _counts(of_blocks(appraisal.sheet.section(section)))


def _profile(page: Page, appraisal: Appraisal, words: Wording) -> None:
    """Write the table of all parts and the line of the whole; put the chart below it."""
    gettext = words.texts.gettext
    texts = {gettext(name) for name in (N_("No."), N_("Part"), N_("Band"))}
    names = [gettext(name) for name in (N_("No."), N_("Part"), *(_SCORES if appraisal.with_scores else ()), *_PLACES)]
    page.line([Cell(name, "header" if name in texts else "header_end") for name in names], least=20)
    first = page.row
    for section in appraisal.dossier.instrument.sections:
        page.line(_section_cells(appraisal, words, section), SAID_MARK)
    cells = [Cell(None, "number"), Cell(words.say(N_("All parts")), "label_strong")]
    if appraisal.with_scores:
        cells += _figures(appraisal, words, appraisal.scorecard.overall, strong=True)
    page.line([*cells, *_counts(of_sheet(appraisal.sheet), "count_strong")], TOTAL_MARK)
    if appraisal.with_scores:
        _qualified(page, appraisal, words)
        _chart(page, appraisal, words, first)


def _chart(page: Page, appraisal: Appraisal, words: Wording, first: int) -> None:
    """Put the chart below; it begins and ends with a scored part."""
    entries = [appraisal.scorecard.section(section.id) for section in appraisal.dossier.instrument.sections]
    scored = [place for place, entry in enumerate(entries) if entry]
    if not any(entry and entry.published is not None for entry in entries):
        return
    charted = entries[scored[0] : scored[-1] + 1]
    reach_column = _reaches(page, first + scored[0], charted)
    chart = profile_chart(page.book, page.sheet.get_name(), first + scored[0], charted, reach_column)
    title = words.say(N_("Scores of the parts with their intervals, 0 to 100"))
    alternative = words.say(N_("Scores of the parts, 0 to 100, with their intervals; the table above has the figures."))
    place_chart(page, chart, title, alternative, lines=_CHART_LINES)


def _reaches(page: Page, first: int, entries: Sequence[SectionScore | None]) -> int:
    """Write into hidden columns how far each interval reaches below and above its score; gives the first column."""
    column = len(page.widths) + 1
    page.sheet.set_column(column, column + 1, None, None, {"hidden": True})
    for row, entry in enumerate(entries, start=first):
        for place, reach in enumerate(reaches(entry), start=column):
            if reach is not None:
                page.sheet.write_number(row, place, reach)
    return column


def _qualified(page: Page, appraisal: Appraisal, words: Wording) -> None:
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
        method = Cell(words.texts.gettext(METHOD_WORDS[which]))
        page.line([Cell(None, "number"), method, Cell(plain_points(value), "points")], SAID_MARK)


def _tally(page: Page, title: str, lines: Iterable[tuple[Cell, int]]) -> None:
    """Write a small table of counts."""
    page.skip()
    page.heading(title)
    for name, count in lines:
        page.line([Cell(None, "number"), name, Cell(count, "count")], SAID_MARK)


def _gap_counts(page: Page, appraisal: Appraisal, words: Wording) -> None:
    found = [gap.severity_class for gap in appraisal.gaps]
    grades = [grade for grade in reversed(SeverityClass) if grade is not SeverityClass.NONE]
    lines = [
        (Cell(words.texts.gettext(CLASS_WORDS[grade]), f"severity_{grade}"), found.count(grade)) for grade in grades
    ]
    lines.append((Cell(words.say(N_("to verify")), "caution"), len(appraisal.to_verify)))
    _tally(page, words.say(N_("Gaps")), lines)


def _action_counts(page: Page, appraisal: Appraisal, words: Wording) -> None:
    states = [action.progress for action in appraisal.dossier.actions]
    if states:
        lines = [(Cell(words.texts.gettext(PROGRESS_WORDS[one])), states.count(one)) for one in Progress]
        _tally(page, words.say(N_("Actions")), lines)


def mission_facts(words: Wording, mission: Mission, *, with_names: bool) -> list[tuple[str, str]]:
    """Return what the mission was, as typed; the codes of the country stand behind its name."""
    country = mission.country_name or (words.texts.country(mission.m49) if mission.m49 else "")
    codes = ", ".join(code for code in (mission.country, mission.m49) if code)
    said = {"country_name": f"{country} ({codes})" if country and codes else country or codes}
    said |= {} if with_names else {"team": words.say(N_("names withheld"))}
    texts = words.entry_texts("mission", mission, without=("country", "m49"), instead=said)
    return [(words.texts.gettext(field.label), text) for field, text in texts]


def write_summary(appraisal: Appraisal, words: Wording, book: Book) -> None:
    title = words.say(N_("Summary"))
    mission = appraisal.dossier.mission
    page = Page(book, book.add_sheet("summary", title), _widths(words, with_scores=appraisal.with_scores))
    page.ruler(FIELDS_MARK, ())
    page.title(title)
    where = " · ".join(part for part in (mission.country_name, mission.round, words.instrument_title) if part)
    page.paragraph(where)
    if not appraisal.with_scores:
        page.paragraph(words.say(N_("This copy is without scores: it shows answers, gaps and actions.")), "strong")
    _profile(page, appraisal, words)
    _gap_counts(page, appraisal, words)
    _action_counts(page, appraisal, words)
    page.skip()
    page.heading(words.say(N_("The mission")))
    for name, text in mission_facts(words, mission, with_names=appraisal.with_names):
        page.pair(Cell(name, "label_strong"), text, "label", column=2)
    page.finish(top=2, repeated=range(1, 2))
