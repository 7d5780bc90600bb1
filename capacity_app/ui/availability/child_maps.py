"""The lens on children as heat maps: age groups under 18 by sex, and every statistic by age and sex."""

from collections.abc import Iterator, Sequence

from capacity_app.domain.children import AgeAndSex, AgeGroups, ChildAnswer, ChildLens, Group, Spot
from capacity_app.domain.problems import N_
from capacity_app.domain.topics import APPLIES, Degree, Service
from capacity_app.palette import LEVEL_SIGNS, NOT_APPLICABLE_SIGN, OPEN_SIGN
from capacity_app.services.availability import service_text
from capacity_app.services.child_lens import (
    SPOT_HEADINGS,
    child_answer_text,
    child_label,
    group_text,
    statistic_text,
)
from capacity_app.ui.availability.details import Detail, answers_in, capital, evidence_text, topic_detail, topic_title
from capacity_app.ui.look.heat_map import HeatTable
from capacity_app.ui.look.heat_painting import Head, Heat
from capacity_app.ui.look.lines import Line
from capacity_app.ui.wording import Wording

_LEVELS = {Degree.NONE: 0, Degree.PARTIAL: 2, Degree.FULL: 3, Degree.NAMED: 3}
"""The shade and sign of a degree; parts of every size look the same here."""
LEGEND = N_("● in full   ◑ in part   ○ not   ? not known yet   – not applicable")


def spot_tile(words: str, spot: Spot) -> Heat:
    if spot.service not in APPLIES:
        return Heat(words, sign=NOT_APPLICABLE_SIGN, is_out=True)
    level = _LEVELS.get(spot.degree)
    return Heat(words, sign=OPEN_SIGN if level is None else LEVEL_SIGNS[level], level=level)


def _reason(words: Wording, service: Service, reason: str) -> str:
    return "" if service is Service.SERVED else service_text(words, service, reason)


def _group_heads(words: Wording, grid: AgeGroups) -> Iterator[tuple[Head, Group | None]]:
    for group in grid.groups:
        if group.row.heading:
            yield Head(f"\0{group.address}", words.row_part(grid.question, group.row, "heading"), is_group=True), None
        is_out = group.service not in APPLIES
        detail = service_text(words, group.service, group.reason) if is_out else ""
        title = words.row(grid.question, group.row)
        yield Head(str(group.address), title, group.row.number, detail, is_quiet=is_out), group


def age_group_table(words: Wording, grid: AgeGroups) -> HeatTable:
    """Lay out one grid of age groups."""
    rows = list(_group_heads(words, grid))
    heads = [Head(column.id, words.column(grid.question, column)) for column in grid.columns]

    def tile(row: int, column: int) -> Heat:
        group = rows[row][1]
        assert group is not None, "headings have no tiles"
        spot = group.spots[column]
        return spot_tile(group_text(words, group, spot), spot)

    return HeatTable([head for head, _ in rows], heads, tile, corner=words.question(grid.question))


def _statistic_head(words: Wording, entry: AgeAndSex) -> Head:
    topic = entry.topic
    return Head(
        key=str(topic.address),
        title=words.row(topic.question, topic.row),
        number=f"{topic.question.number} {topic.row.number}".strip(),
        detail=_reason(words, topic.service, topic.reason),
        is_quiet=topic.service not in APPLIES,
    )


def _statistic_rows(words: Wording, entries: Sequence[AgeAndSex]) -> Iterator[tuple[Head, AgeAndSex | None]]:
    theirs = [entry for entry in entries if entry.is_about_children]
    others = [entry for entry in entries if not entry.is_about_children]
    groups = ((words.say(N_("Statistics on children")), theirs), (words.say(N_("All other statistics")), others))
    for title, group in groups:
        if group:
            yield Head(f"\0{title}", title, is_group=True), None
        for entry in group:
            yield _statistic_head(words, entry), entry


def statistic_table(words: Wording, lens: ChildLens) -> HeatTable:
    """Lay out the statistics by age and sex, those on children first."""
    rows = list(_statistic_rows(words, lens.statistics))
    heads = [Head(str(place), words.say(heading)) for place, heading in enumerate(SPOT_HEADINGS)]

    def tile(row: int, column: int) -> Heat:
        entry = rows[row][1]
        assert entry is not None, "headings have no tiles"
        return spot_tile(statistic_text(words, entry, column), entry.spots[column])

    return HeatTable([head for head, _ in rows], heads, tile, corner=words.say(N_("Topic")))


def answer_lines(words: Wording, lens: ChildLens) -> list[Line]:
    return [_line(words, answer) for answer in lens.answers]


def _line(words: Wording, answer: ChildAnswer) -> Line:
    row_number = answer.row.number if answer.row else ""
    number = f"{answer.question.number} {row_number}".strip()
    return Line(
        key=str(answer.address),
        title=f"{number}  {child_label(words, answer)}",
        detail=capital(child_answer_text(words, answer)),
        mark=_mark(answer),
        colour="accent",
    )


def _mark(answer: ChildAnswer) -> str:
    if answer.service not in APPLIES:
        return NOT_APPLICABLE_SIGN
    if answer.lowest is None:
        return "·" if answer.service is Service.SERVED else OPEN_SIGN
    return LEVEL_SIGNS[answer.lowest] if answer.lowest == answer.highest else OPEN_SIGN


def group_detail(words: Wording, group: Group, spot: Spot) -> Detail:
    """Tell what is said of one age group."""
    column = group.question.column_by_id[spot.address.column]
    title = f"{words.row(group.question, group.row)} · {words.column(group.question, column)}"
    facts = list(answers_in(words, group.items))
    evidence = dict.fromkeys(entry for item in group.items for entry in item.answer.evidence)
    if group.service is Service.SERVED:
        facts.append((words.say(N_("Evidence")), evidence_text(words, evidence) or words.say(N_("statement only"))))
    return Detail(title, capital(group_text(words, group, spot)) + ".", tuple(facts), spot.address)


def statistic_detail(words: Wording, entry: AgeAndSex, place: int) -> Detail:
    """Tell how far a statistic is shown by age and sex."""
    whole, topic = topic_detail(words, entry.topic), entry.topic
    heading = words.say(SPOT_HEADINGS[place])
    said = statistic_text(words, entry, place)
    lead = words.say(N_("{heading}: {answer}."), heading=heading, answer=said) if place else f"{capital(said)}."
    return Detail(f"{topic_title(words, topic)} · {heading}", lead, whole.facts, entry.spots[place].address)
