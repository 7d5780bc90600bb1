"""The chapter on one part: its score, what works, what is missing, disagreements, recommendations and all results."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from capacity_app.domain.assessment.answers import Address, AnswerState
from capacity_app.domain.assessment.derived_results import Appraisal, OpenPlace
from capacity_app.domain.assessment.registers import Action
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import (
    Section,
)
from capacity_app.domain.questionnaire.kinds import ValueType
from capacity_app.domain.scoring.answer_sheet import QuestionBlock
from capacity_app.domain.scoring.gaps import Gap
from capacity_app.domain.scoring.round_comparison import SectionChange
from capacity_app.domain.scoring.scores import (
    SCORE_STATUS_LABELS,
    ScoreStatus,
    SectionScore,
    band_of,
)
from capacity_app.i18n.formatter import Formatter
from capacity_app.outputs.charts import Drawing, ScoreBarValues, score_bar
from capacity_app.outputs.content.answer_cells import (
    Disagreement,
    band_tone,
    find_disagreements,
    severity_cell,
    unscored_question,
)
from capacity_app.outputs.content.elements import (
    ColumnHeading,
    ContentTable,
    Points,
    TableCell,
    TextTone,
    anchor_of,
    column_headings,
    prose,
    shorten,
    table_row,
    titled,
)
from capacity_app.outputs.content.findings import QUESTION_SIGNS, gap_findings, strength_findings
from capacity_app.outputs.content.plan_costs import action_cost_text
from capacity_app.report_colours import BAND_COLOURS, BAND_SIGNS, MUTED, OPEN_SIGN

_BAR_WIDTH, _BAR_HEIGHT = 33.0, 5.4
"""Millimetres of the bar of a score."""
_SCALE = (0, 50, 100)
MOST_FINDINGS = 8
"""So many strengths and gaps of a part are told; the gap register of the full volume has every one of them."""
_OPEN_PLACES = 5
"""So many places that nobody was asked about are named in a part."""
_MONTH = len("2018-11")


def scale_ticks(formatter: Formatter) -> tuple[str, ...]:
    """Return the numbers at the beginning, middle and end of the scale of a bar."""
    return tuple(formatter.texts.number(tick) for tick in _SCALE)


def range_text(formatter: Formatter, lower: Fraction | None, upper: Fraction | None) -> str:
    """Write the range of a score if open questions were answered worst or best; empty where both ends are the same."""
    if lower is None or upper is None or formatter.points(lower) == formatter.points(upper):
        return ""
    return formatter.texts.in_order(formatter.interval(lower, upper))


def score_chart(formatter: Formatter, entry: SectionScore) -> Drawing:
    """Draw the bar of a part's score with its range, told in words to those who cannot see it."""
    found = None if entry.published is None else band_of(entry.published)
    score, name = entry.score, formatter.section(entry.section)
    between = range_text(formatter, score.lower, score.upper)
    words = formatter.say(N_("{name}: {score} of 100"), name=name, score=formatter.points(entry.published))
    if entry.published is None:
        words = formatter.say(N_("{name}: no score; it lies between {interval}"), name=name, interval=between or "–")
    value, lower, upper = (None if one is None else float(one) for one in (entry.published, score.lower, score.upper))
    bar = ScoreBarValues(value, lower, upper, BAND_COLOURS[found] if found else MUTED)
    return score_bar(bar, words, _BAR_WIDTH, _BAR_HEIGHT)


def band_cell(formatter: Formatter, entry: SectionScore) -> TableCell:
    """Name the band of a part's score with its sign, or why it has none."""
    found = None if entry.published is None else band_of(entry.published)
    remarks = [formatter.texts.gettext(SCORE_STATUS_LABELS[entry.status])] if entry.status in _QUALIFIED else []
    if entry.is_mostly_not_applicable:
        share = formatter.share(entry.score.na_share)
        remarks.append(formatter.say(N_("mostly not applicable ({share} of the weight)"), share=share))
    return TableCell(
        formatter.bands(entry.bands) or formatter.texts.gettext(SCORE_STATUS_LABELS[entry.status]),
        detail=formatter.texts.listed(remarks) if entry.bands else "",
        sign=BAND_SIGNS[found] if found else OPEN_SIGN,
        tone=band_tone(found) if found else TextTone.OPEN,
    )


_QUALIFIED = frozenset({ScoreStatus.PROVISIONAL, ScoreStatus.WITHHELD})


def score_strip(formatter: Formatter, entry: SectionScore, change: SectionChange | None) -> ContentTable:
    """Show a part's score: figure, bar, band, range and the share of questions answered, and the score before."""
    score = entry.score
    headings = [ColumnHeading(formatter.say(N_("Score (0–100)")), 14, "number"),
                ColumnHeading(formatter.say(N_("Score and range")), 22, "sign", scale_ticks(formatter)),
                *column_headings(formatter.say, (N_("Band"), 30), (N_("Range"), 18), (N_("Answered"), 16))]  # fmt: skip
    cells = [TableCell(formatter.points(entry.published), tone=TextTone.STRONG),
             TableCell(chart=score_chart(formatter, entry)), band_cell(formatter, entry),
             TableCell(range_text(formatter, score.lower, score.upper) or "–"),
             TableCell(formatter.share(score.coverage))]  # fmt: skip
    note = ""
    if change is not None:
        note = formatter.say(
            N_("Over the questions answered in both rounds, the score was {before} before and is {after} now."),
            before=formatter.points(change.before), after=formatter.points(change.after),
        )  # fmt: skip
    return ContentTable(tuple(headings), (table_row(*cells),), note=note, style="strip")


def gap_cell(formatter: Formatter, gap: Gap, note: str = "") -> TableCell:
    """Word a gap; a row without a number of its own is told with its question."""
    question = shorten(formatter.question(gap.question), 110) if gap.row and not gap.row.number else ""
    return TableCell(formatter.gap(gap), detail="\n".join(part for part in (question, note) if part))


def recommendation_number(appraisal: Appraisal, formatter: Formatter, action: Action) -> str:
    """Return the printed number of an action, "R3"."""
    return formatter.say(N_("R{number}"), number=formatter.texts.numeral(appraisal.action_numbers[action.id]))


def action_number(appraisal: Appraisal, formatter: Formatter, action: Action) -> TableCell:
    """Print the number of an action, which leads to it."""
    return TableCell(recommendation_number(appraisal, formatter, action), link=anchor_of("a", action.id))


def responsible_agency(formatter: Formatter, action: Action) -> str:
    return formatter.agency(action.responsible) if action.responsible else "–"


def date_span(formatter: Formatter, start: str, end: str) -> str:
    """Write from when to when; a dash where neither is known."""
    return " – ".join(dict.fromkeys(formatter.texts.date(day) for day in (start, end) if day)) or "–"


def month_span(formatter: Formatter, action: Action) -> str:
    """Write from which month to which an action goes; the action plan has the days."""
    return date_span(formatter, action.start[:_MONTH], action.end[:_MONTH])


def recommendation_links(appraisal: Appraisal, formatter: Formatter, gaps: Iterable[Gap]) -> TableCell:
    """List the recommendations that close some gaps, each leading to its place in the plan."""
    actions = {a.id: a for gap in gaps for a in appraisal.actions_by_gap.get(str(gap.address), ())}
    cells = (action_number(appraisal, formatter, action) for action in actions.values())
    links = tuple((cell.text, cell.link) for cell in cells)
    return TableCell(", ".join(number for number, _link in links) or "–", links=links)


def _missing_table(appraisal: Appraisal, formatter: Formatter, gaps: Sequence[Gap]) -> ContentTable | None:
    """List what is missing as statements, the most severe first, each with the recommendations that close it."""
    found = gap_findings(appraisal, formatter, gaps)
    if not found:
        return None
    rows = []
    for one in found[:MOST_FINDINGS]:
        is_sentence = not one.rows and bool(one.question.anchors)
        asked = formatter.question(one.question) if is_sentence else ""
        rows.append(
            table_row(
                TableCell(one.number, link=anchor_of("q", one.question.id)),
                TableCell(one.statement, detail=asked),
                severity_cell(formatter, one.gaps[0].severity_class),
                recommendation_links(appraisal, formatter, one.gaps),
            )
        )
    left = sum(len(one.gaps) for one in found[MOST_FINDINGS:])
    note = formatter.ngettext(
        "{count} further gap of lower severity is in the gap register of the full report.",
        "{count} further gaps of lower severity are in the gap register of the full report.",
        left,
    )
    headings = column_headings(
        formatter.say, (N_("No."), 11), (N_("Statement"), 56), (N_("Severity"), 15), (N_("Recommendations"), 18)
    )
    return ContentTable(headings, tuple(rows), note=note if left else "", style="statements")


def _strength_points(formatter: Formatter, blocks: Sequence[QuestionBlock]) -> Points | None:
    found = strength_findings(formatter, blocks)[:MOST_FINDINGS]
    cells = (TableCell(one.statement, detail=one.number, link=anchor_of("q", one.question.id)) for one in found)
    return Points(tuple(cells)) if found else None


def _agency_texts(appraisal: Appraisal, formatter: Formatter, blocks: Iterable[QuestionBlock]) -> Iterator[object]:
    """Yield the questions answered in free text, with every text and who gave it."""
    for block in blocks:
        question = block.question
        if question.kind.value_type is not ValueType.TEXT or block.is_hidden:
            continue
        said = [
            f"{formatter.respondent(one.key.layer, one.key.respondent)}: "
            f"{formatter.value(question, question, one.content.value)}"
            for one in appraisal.dossier.by_address.get(Address(question.id), ())
            if one.content.state is AnswerState.ANSWERED
        ]
        if said:
            yield replace(unscored_question(formatter, block), heading="", answer=TableCell("\n".join(said)))


def named_place(formatter: Formatter, number: str, name: str) -> str:
    """Name a question or a row inside a sentence, by its number; the words of a question in quotes."""
    is_question = name.rstrip()[-1:] in QUESTION_SIGNS
    said = formatter.say(N_("“{question}”"), question=name) if is_question else name.rstrip(".")
    return f"{number} {said}".strip()


def open_place(formatter: Formatter, place: OpenPlace) -> str:
    name = formatter.row(place.question, place.row) if place.row else formatter.question(place.question)
    return named_place(formatter, place.number, name)


def _not_asked(appraisal: Appraisal, formatter: Formatter, section: Section) -> str:
    """Say what nobody was asked in a part: everything if that is little, else how much, and what matters most."""
    places = [place for place in appraisal.not_asked if place.section.id == section.id]
    if not places:
        return ""
    names = "; ".join(open_place(formatter, place) for place in places[:_OPEN_PLACES])
    if len(places) <= _OPEN_PLACES:
        return formatter.say(N_("Not asked yet: {list}."), list=names)
    counted = formatter.ngettext(
        "{count} question or row of a table has not been asked yet.",
        "{count} questions or rows of tables have not been asked yet.",
        len(places),
    )
    return f"{counted} {formatter.say(N_('To be asked first: {list}.'), list=names)}"


def _actions_of(appraisal: Appraisal, section: Section) -> list[Action]:
    """Return the actions that close gaps of a part, in the order of their numbers."""
    questions = {question.id for question in section.questions}
    found = (a for a in appraisal.dossier.actions if any(gap.split("/")[0] in questions for gap in a.gaps))
    return sorted(found, key=lambda action: appraisal.action_numbers[action.id])


def section_blocks(appraisal: Appraisal, formatter: Formatter, section: Section) -> tuple[object, ...]:
    """Build the chapter of one scored part; nothing where none of its questions has an answer."""
    if not appraisal.has_answers(section):
        return ()
    say, blocks = formatter.say, list(appraisal.sheet.section(section))
    entry = appraisal.scorecard.section(section.id)
    gaps = [gap for gap in appraisal.gaps if gap.section.id == section.id]
    open_places = [
        TableCell(formatter.gap(gap), detail=gap.number, link=anchor_of("q", gap.question.id))
        for gap in appraisal.not_known
        if gap.section.id == section.id
    ]
    not_asked = prose(_not_asked(appraisal, formatter, section))
    unknown_blocks = (*((Points(tuple(open_places)),) if open_places else ()), *not_asked)
    strengths, missing = _strength_points(formatter, blocks), _missing_table(appraisal, formatter, gaps)
    change = section_change(appraisal, section)
    strip = score_strip(formatter, entry, change) if entry and appraisal.with_scores else None
    is_unknown = entry is not None and entry.published is None
    unknown = N_("Too little of this part has been answered to say.")
    nothing = prose(
        say(unknown if is_unknown else N_("Nothing in this part has reached the highest level.")), style="nothing"
    )
    complete = prose(say(unknown if is_unknown else N_("No gap has been found in this part.")), style="nothing")
    return (
        *((strip,) if strip else ()),
        *prose(formatter.left_out(section), style="nothing"),
        *titled(say(N_("What works")), strengths or nothing[0]),
        *titled(say(N_("What is missing")), missing or complete[0]),
        *titled(say(N_("What is not known")), *unknown_blocks),
        *titled(say(N_("Where agencies disagree")), disagreements_table(appraisal, formatter, blocks)),
        *titled(say(N_("What the agencies said")), *_agency_texts(appraisal, formatter, blocks)),
        *titled(
            say(N_("Recommendations")), recommendation_points(appraisal, formatter, _actions_of(appraisal, section))
        ),
    )


def section_change(appraisal: Appraisal, section: Section) -> SectionChange | None:
    """Return a part's change since the previous round, None where nothing of it can be compared."""
    compared = appraisal.comparison
    if compared is None:
        return None
    return next((one for one in compared.sections if one.section.id == section.id and one.matched), None)


def _resolution(formatter: Formatter, one: Disagreement) -> TableCell:
    if one.conclusion is None:
        return TableCell(formatter.say(N_("Open")), sign=OPEN_SIGN, tone=TextTone.OPEN)
    return TableCell(f"{one.conclusion.label}: {one.conclusion.text}", detail=one.reason)


def disagreements_table(
    appraisal: Appraisal, formatter: Formatter, blocks: Iterable[QuestionBlock]
) -> ContentTable | None:
    """List where agencies gave different answers, what each said, and how it was resolved."""
    found = find_disagreements(appraisal, formatter, blocks)
    if not found:
        return None
    rows = tuple(
        table_row(
            TableCell(one.number, link=one.link),
            TableCell(one.question, detail=one.column, second=one.second),
            "\n".join(f"{voice.label}: {voice.text}" for voice in one.voices),
            _resolution(formatter, one),
        )
        for one in found
    )
    headings = column_headings(
        formatter.say, (N_("No."), 12), (N_("Question"), 26), (N_("Answers"), 33), (N_("Resolution"), 29)
    )
    return ContentTable(headings, rows, style="differences")


def recommendation_points(appraisal: Appraisal, formatter: Formatter, actions: Iterable[Action]) -> Points | None:
    """List recommendations by their numbers; the plan has who acts, when and what it costs."""
    cells = tuple(
        TableCell(
            action.title,
            detail=action_number(appraisal, formatter, action).text,
            link=anchor_of("a", action.id),
        )
        for action in actions
    )
    return Points(cells) if cells else None


def action_facts(formatter: Formatter, action: Action) -> str:
    """Write an action with who is responsible, when, and what it costs."""
    said = (
        formatter.agency(action.responsible) if action.responsible else "",
        month_span(formatter, action) if action.start or action.end else "",
        action_cost_text(formatter.texts, action),
    )
    facts = ", ".join(part for part in said if part)
    title = action.title.rstrip(".")
    return formatter.say(N_("{action} ({facts})"), action=title, facts=facts) if facts else title
