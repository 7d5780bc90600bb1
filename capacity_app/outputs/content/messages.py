"""The message page: where the country stands, what changed, what matters, what it costs and what is asked.

The lead edits the same text in the field “Main messages”. A line that begins with a dash is a point, a short line
without a full stop is a heading, every other line is a paragraph.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from capacity_app.domain.assessment.answers import AnswerState
from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.assessment.privacy import ReportVolume
from capacity_app.domain.assessment.registers import Validation
from capacity_app.domain.planning.costs import plan_costs
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring.answer_sheet import ItemStatus
from capacity_app.domain.scoring.scores import Band, SectionScore
from capacity_app.i18n.formatter import Formatter
from capacity_app.outputs.content.answer_cells import find_disagreements
from capacity_app.outputs.content.elements import (
    ContentTable,
    Heading,
    Points,
    Prose,
    TableCell,
    TableRow,
    column_headings,
    table_row,
)
from capacity_app.outputs.content.findings import gap_findings
from capacity_app.outputs.content.gaps_and_actions import numbered_actions, serious_gaps_without_action
from capacity_app.outputs.content.plan_costs import cost_coverage, cost_total
from capacity_app.outputs.content.previous_round import (
    changed_sentences,
    comparable_sections,
    comparison_lead,
    lost_breakdown,
    place_text,
    round_name,
)
from capacity_app.outputs.content.section_chapter import (
    action_facts,
    named_place,
    open_place,
    recommendation_number,
)

_GAPS, _ACTIONS, _PLACES = 3, 3, 3
"""So many gaps, first recommendations and open places are named on the page."""
_POINT = "–"
_HEADING = 70
"""Letters a heading has at most."""
_ENDS = (".", "!", "?", ":", ";", "。", "！", "？", "؟", "۔")


def _list_of_sections(formatter: Formatter, entries: Iterable[SectionScore]) -> str:
    return formatter.texts.listed(formatter.section(entry.section) for entry in entries)


def _standing(appraisal: Appraisal, formatter: Formatter) -> Iterator[str]:
    """Say which parts are in which band, the highest first; an uncertain one is said to be between two."""
    say = formatter.say
    core = [entry for entry in appraisal.scorecard.sections if not entry.section.supplement]
    scored = [entry for entry in core if entry.published is not None] if appraisal.with_scores else []
    sentences = {
        Band.SUSTAINED: N_("Sustained: {parts}"),
        Band.ESTABLISHED: N_("Established with gaps: {parts}"),
        Band.EMERGING: N_("Emerging: {parts}"),
        Band.ABSENT: N_("Absent: {parts}"),
    }
    if scored:
        yield say(N_("There are four bands, from the highest: sustained, established with gaps, emerging, absent."))
    order = tuple(Band)
    for bands in sorted({entry.bands for entry in scored}, key=lambda some: [-order.index(one) for one in some[::-1]]):
        parts = _list_of_sections(formatter, (entry for entry in scored if entry.bands == bands))
        between = N_("Depending on what is still open, {bands}: {parts}")
        is_certain = len(bands) == 1
        said = say(sentences[bands[0]], parts=parts) if is_certain else say(
            between, bands=formatter.bands(bands), parts=parts
        )  # fmt: skip
        yield f"{_POINT} {said}"
    open_parts = [one for one in core if one.published is None]
    if open_parts and appraisal.with_scores:
        some = say(N_("Too little is known for a score: {parts}"), parts=_list_of_sections(formatter, open_parts))
        yield f"{_POINT} {some}" if scored else say(N_("No part has enough answers for a score."))


def _change_since(appraisal: Appraisal, formatter: Formatter) -> Iterator[str]:
    compared, earlier, say = appraisal.comparison, appraisal.dossier.previous, formatter.say
    if compared is None or earlier is None:
        yield say(N_("What changed since the previous round"))
        yield say(N_("There is no previous round to compare with."))
        return
    name = round_name(formatter, earlier)
    yield (
        say(N_("What changed since {round}"), round=name) if name else say(N_("What changed since the previous round"))
    )
    if not compared.is_compatible:
        yield from comparison_lead(formatter, earlier, compared)
        return
    sentences = [*changed_sentences(formatter, comparable_sections(appraisal, compared))]
    if sentences:
        sentences.append(say(N_("These scores count only the questions answered in both rounds.")))
    if compared.regressions:
        lost = (f"{place_text(formatter, one)} ({lost_breakdown(formatter, one)[1]})" for one in compared.regressions)
        is_whole = len(compared.regressions) <= _PLACES
        named = N_("No longer available: {list}.") if is_whole else N_("No longer available, among others: {list}.")
        sentences.append(say(named, list="; ".join(islice(lost, _PLACES))))
    yield " ".join(sentences) or say(N_("Nothing that could be compared has changed."))


def _most_important(appraisal: Appraisal, formatter: Formatter) -> Iterator[str]:
    say = formatter.say
    core = [gap for gap in appraisal.gaps if not gap.section.supplement]
    found = gap_findings(appraisal, formatter, core)[:_GAPS]
    if not found:
        return
    yield say(N_("What matters most"))
    for one in found:
        closing_ids = {a.id for gap in one.gaps for a in appraisal.actions_by_gap.get(str(gap.address), ())}
        actions = [action for action in numbered_actions(appraisal) if action.id in closing_ids]
        numbers = formatter.texts.listed(recommendation_number(appraisal, formatter, one) for one in actions)
        closing = numbers or say(N_("no recommendation yet"))
        yield f"{_POINT} " + say(N_("{statement} ({number}: {recommendation})"), statement=one.statement.rstrip("."),
                                 number=one.number, recommendation=closing)  # fmt: skip
    serious = [gap for gap in appraisal.gaps if gap.is_serious]
    uncovered = serious_gaps_without_action(appraisal)
    if uncovered and len(uncovered) == len(serious):
        sentence = N_("No critical or high gap has a recommendation yet (number of these gaps: {count}).")
        yield say(sentence, count=formatter.texts.number(len(serious)))
    elif uncovered:
        yield say(
            N_("{count} of the {all} critical and high gaps have no recommendation yet."),
            count=formatter.texts.number(len(uncovered)), all=formatter.texts.number(len(serious)),
        )  # fmt: skip


def _planned(appraisal: Appraisal, formatter: Formatter) -> Iterator[str]:
    say, actions = formatter.say, appraisal.dossier.actions
    yield say(N_("What is planned and what it costs"))
    if not actions:
        yield say(N_("No recommendation has been entered yet, so no cost is known."))
        return
    costs = plan_costs(actions)
    counted = formatter.ngettext("There is {count} recommendation.", "There are {count} recommendations.", len(actions))
    sums = [cost_total(one, formatter) for one in costs.currencies]
    if costs.currencies:
        sums.append(cost_coverage(costs, formatter))
    yield " ".join((counted, *sums, say(N_("The most urgent:"))))
    for action in numbered_actions(appraisal)[:_ACTIONS]:
        number = recommendation_number(appraisal, formatter, action)
        yield f"{_POINT} {number} {action_facts(formatter, action)}"


def _open_answers(appraisal: Appraisal, formatter: Formatter) -> str:
    """Count what has no answer, by the reason."""
    items = [
        item
        for section in appraisal.dossier.instrument.sections
        for block in appraisal.sheet.section(section)
        for item in block.items
        if item.standing is ItemStatus.WANTED
    ]
    states = [item.answer.state for item in items if item.answer.is_open and not item.answer.conflict]
    if not states:
        return formatter.say(N_("Every question has an answer."))
    if len(states) == len(items):
        return formatter.say(N_("No question has an answer."))
    if set(states) == {AnswerState.NOT_ASKED}:
        return formatter.say(
            N_("{open} of {all} answers have not been collected yet."),
            open=formatter.texts.number(len(states)), all=formatter.texts.number(len(items)),
        )  # fmt: skip
    counts = (
        (N_("{count} unknown"), AnswerState.UNKNOWN), (N_("{count} declined"), AnswerState.DECLINED),
        (N_("{count} not asked"), AnswerState.NOT_ASKED),
    )  # fmt: skip
    reasons = (formatter.say(text, count=formatter.texts.number(states.count(s))) for text, s in counts if s in states)
    return formatter.say(
        N_("{open} of {all} answers are missing: {reasons}."),
        open=formatter.texts.number(len(states)), all=formatter.texts.number(len(items)),
        reasons=formatter.texts.listed(reasons),
    )  # fmt: skip


def _unresolved(appraisal: Appraisal, formatter: Formatter) -> Iterator[str]:
    """Name the places where agencies disagree and nothing has been resolved."""
    blocks = appraisal.sheet.blocks.values()
    disagreements = find_disagreements(appraisal, formatter, blocks)
    found = list(dict.fromkeys((one.number, one.question) for one in disagreements if not one.is_settled))
    if not found:
        return
    counted = formatter.ngettext(
        "On {count} question the agencies’ answers differ and have yet to be reconciled.",
        "On {count} questions the agencies’ answers differ and have yet to be reconciled.",
        len(found),
    )
    places = "; ".join(named_place(formatter, number, name) for number, name in found[:_PLACES])
    named = N_("They are about: {list}.") if len(found) <= _PLACES else N_("Among them: {list}.")
    yield f"{counted} " + formatter.say(named, list=places)


def _not_known(appraisal: Appraisal, formatter: Formatter) -> Iterator[str]:
    yield formatter.say(N_("What is not known"))
    verify = [gap for gap in appraisal.not_known if not gap.section.supplement]
    never = [place for place in appraisal.not_asked if not place.section.supplement]
    shown = _PLACES if not verify or not never else _PLACES - 1
    names = "; ".join(named_place(formatter, gap.number, formatter.gap(gap)) for gap in verify[:shown])
    first = formatter.say(N_("To be verified first: {list}."), list=names) if names else ""
    names = "; ".join(open_place(formatter, place) for place in never[:shown])
    is_whole = len(never) <= shown
    sentence = N_("Not asked yet: {list}.") if is_whole else N_("To be asked first: {list}.")
    asked = formatter.say(sentence, list=names) if names else ""
    yield " ".join(part for part in (_open_answers(appraisal, formatter), first, asked) if part)
    yield from _unresolved(appraisal, formatter)


def _asked(appraisal: Appraisal, formatter: Formatter) -> Iterator[str]:
    """List what the reader is asked to do."""
    say = formatter.say
    yield say(N_("You are asked to"))
    is_scored = any(entry.published is not None for entry in appraisal.scorecard.sections)
    first = N_("confirm the findings, or comment on them;") if is_scored else N_("answer the questions that are open;")
    yield f"{_POINT} {say(first)}"
    uncovered = serious_gaps_without_action(appraisal)
    if uncovered:
        sentence = formatter.ngettext(
            "decide what is done about {count} critical or high gap without a recommendation;",
            "decide what is done about the {count} critical and high gaps without a recommendation;",
            len(uncovered),
        )
        yield f"{_POINT} {sentence}"
    for one in plan_costs(appraisal.dossier.actions).currencies:
        if one.gap:
            missing = formatter.texts.money(one.gap, one.currency)
            yield f"{_POINT} " + say(N_("find funds of {amount};"), amount=missing)
    ownerless = [action for action in appraisal.dossier.actions if not action.responsible]
    if ownerless:
        numbers = formatter.texts.listed(recommendation_number(appraisal, formatter, one) for one in ownerless)
        yield f"{_POINT} " + say(N_("name who is responsible for {numbers};"), numbers=numbers)
    yield f"{_POINT} " + say(N_("agree when progress is reviewed."))


def generated_messages(appraisal: Appraisal, formatter: Formatter) -> str:
    """Return the main messages made of the figures, a line each."""
    standing = (*filter(None, [formatter.profile_note]), *_standing(appraisal, formatter))
    answered = any(not answer.content.is_empty for answer in appraisal.dossier.answers)
    lines = (
        *((formatter.say(N_("Where the country stands")), *standing) if standing else ()),
        *_change_since(appraisal, formatter),
        *(_most_important(appraisal, formatter) if answered else ()),
        *_planned(appraisal, formatter),
        *_not_known(appraisal, formatter),
        *_asked(appraisal, formatter),
    )
    return "\n".join(lines)


def _is_heading(line: str) -> bool:
    return len(line) <= _HEADING and not line.endswith(_ENDS)


def message_lines(text: str) -> Iterator[Heading | Prose | Points]:
    """Return typed or generated messages as headings, paragraphs and points."""
    points: list[TableCell] = []
    for line in (*text.splitlines(), ""):
        plain = line.strip()
        sign, _, point = plain.partition(" ")
        if sign in {_POINT, "-", "•"} and point:  # "-5 %" is no point
            points.append(TableCell(point.lstrip()))
            continue
        if points:
            yield Points(tuple(points))
            points = []
        if plain:
            yield Heading(plain) if _is_heading(plain) else Prose((plain,))


def sign_off_table(appraisal: Appraisal, formatter: Formatter) -> ContentTable:
    """Return the box in which the authorities confirm the report; filled in where the mission says who has."""
    mission, say = appraisal.dossier.mission, formatter.say
    date = formatter.texts.date(mission.validated_on) if mission.validated_on else ""
    headings = column_headings(
        say, (N_("Confirmed by"), 38), (N_("Function"), 22), (N_("Date"), 15), (N_("Signature"), 25)
    )
    return ContentTable(headings, (table_row(mission.validated_by, "", date, ""),), style="sign-off")


def _validation_row(appraisal: Appraisal, formatter: Formatter, validation: Validation) -> TableRow:
    texts = {field.name: text for field, text in formatter.entry_texts("validations", validation)}
    by = texts.get("name", "") if appraisal.with_names else formatter.say(N_("name withheld"))
    parts = texts.get("sections") or formatter.say(N_("all parts"))
    cells = (parts, TableCell(by, texts.get("position", "")), texts.get("date", ""), texts.get("reservations", ""))
    return table_row(texts.get("agency", ""), *cells)


def validations_table(appraisal: Appraisal, formatter: Formatter) -> tuple[ContentTable, ...]:
    """Return which agency confirmed which parts, by whom and with which reservations; nothing before one has."""
    headings = column_headings(
        formatter.say, (N_("Agency"), 22), (N_("Parts"), 16), (N_("Confirmed by"), 22), (N_("Date"), 14),
        (N_("Reservations"), 26),
    )  # fmt: skip
    rows = tuple(_validation_row(appraisal, formatter, one) for one in appraisal.dossier.validations)
    return (ContentTable(headings, rows, formatter.say(N_("Validation by agency"))),) if rows else ()


def message_blocks(appraisal: Appraisal, formatter: Formatter, volume: ReportVolume) -> tuple[object, ...]:
    """Build the message page: the lead's text or, where there is none, the generated one; and the sign-off box."""
    text = appraisal.dossier.mission.main_messages or generated_messages(appraisal, formatter)
    validations = () if volume is ReportVolume.BRIEF else validations_table(appraisal, formatter)
    return (*message_lines(text), sign_off_table(appraisal, formatter), *validations)
