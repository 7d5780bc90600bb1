"""The lens on children in words, as tables of words and as plain data."""

from collections.abc import Iterator
from typing import Any

from capacity_app.domain.answers import State
from capacity_app.domain.children import AgeAndSex, AgeGroups, ChildAnswer, ChildLens, Group, Share, Spot
from capacity_app.domain.instrument import Kind
from capacity_app.domain.problems import N_
from capacity_app.domain.sheet import Item
from capacity_app.domain.topics import APPLIES, Degree, Service
from capacity_app.services.availability import answer_text, number_of, service_text, share_data
from capacity_app.wording import STATE_WORDS, Wording

SPOT_HEADINGS = (N_("Available"), N_("By sex"), N_("By age"), N_("By age and sex"))
"""What the spots of a statistic say, in their order."""
_AVAILABLE = {
    Degree.FULL: N_("available in full"),
    Degree.PARTIAL: N_("available in part"),
    Degree.NONE: N_("not available"),
    Degree.OPEN: N_("not known yet"),
    Degree.NAMED: N_("available"),
}
_SHOWN = {
    Degree.FULL: N_("yes"),
    Degree.PARTIAL: N_("partly"),
    Degree.NONE: N_("no"),
    Degree.OPEN: N_("not known yet"),
    Degree.NAMED: N_("yes"),
}
_LEVELS = (N_("next to nothing"), N_("little"), N_("a good part"), N_("full"))


def share_text(words: Wording, share: Share) -> str:
    """Write a share as so many of so many."""
    number = words.texts.number
    return words.say(N_("{count} of {all}"), count=number(share.count), all=number(share.of))


def group_text(words: Wording, group: Group, spot: Spot) -> str:
    """Return what is shown of one age group: the answer in its own words."""
    if spot.service not in APPLIES:
        return service_text(words, spot.service, group.reason)
    item = next(item for item in group.items if item.address == spot.address)
    return answer_text(words, item)


def statistic_text(words: Wording, entry: AgeAndSex, place: int) -> str:
    """Say one of the spots of a statistic."""
    spot = entry.spots[place]
    if spot.service not in APPLIES:
        return service_text(words, spot.service, entry.topic.reason)
    return words.say((_SHOWN if place else _AVAILABLE)[spot.degree])


def child_answer_text(words: Wording, answer: ChildAnswer) -> str:
    """Return what is answered at one place: a question's answer, a row's result, or its figures where it has none."""
    if answer.service not in APPLIES:
        return service_text(words, answer.service, answer.reason)
    if answer.row is None:
        return answer_text(words, answer.items[0])
    if answer.lowest is not None and answer.highest is not None:
        low, high = (words.say(_LEVELS[level]) for level in (answer.lowest, answer.highest))
        return low if low == high else words.say(N_("not known yet: {low} to {high}"), low=low, high=high)
    said = (item for item in answer.items if item.answer.state is State.ANSWERED)
    parts = (f"{_heading(words, item)}: {answer_text(words, item)}" for item in said)
    return "; ".join(parts) or words.say(STATE_WORDS[State.NOT_ASKED])


def _heading(words: Wording, item: Item) -> str:
    column = item.question.column_by_id[item.address.column]
    return words.column(item.question, column)


def child_label(words: Wording, answer: ChildAnswer) -> str:
    return words.row(answer.question, answer.row) if answer.row else words.question(answer.question)


def age_group_rows(words: Wording, grid: AgeGroups) -> Iterator[list[str]]:
    """Write a grid of age groups as rows of words, its headings first."""
    yield ["", words.question(grid.question), *(words.column(grid.question, column) for column in grid.columns)]
    for group in grid.groups:
        spots = (group_text(words, group, spot) for spot in group.spots)
        yield [number_of(grid.question, group.row), words.row(grid.question, group.row), *spots]


def statistic_rows(words: Wording, lens: ChildLens) -> Iterator[list[str]]:
    """Write the statistics by age and sex as rows of words, the headings first."""
    yield ["", words.say(N_("Topic")), *(words.say(heading) for heading in SPOT_HEADINGS)]
    for entry in lens.statistics:
        topic = entry.topic
        spots = (statistic_text(words, entry, place) for place in range(len(entry.spots)))
        yield [number_of(topic.question, topic.row), words.row(topic.question, topic.row), *spots]


def answer_rows(words: Wording, lens: ChildLens) -> Iterator[list[str]]:
    """Write everything said of children as rows of words, the headings first."""
    yield ["", words.say(N_("About children")), words.say(N_("Answer"))]
    for answer in lens.answers:
        text = child_answer_text(words, answer)
        yield [number_of(answer.question, answer.row), child_label(words, answer), text]


def lens_rows(words: Wording, lens: ChildLens) -> Iterator[list[str]]:
    """Write all tables of the lens below each other, an empty row between them."""
    for grid in lens.age_groups:
        yield from age_group_rows(words, grid)
        yield []
    yield from statistic_rows(words, lens)
    yield []
    yield from answer_rows(words, lens)


def _percentages(lens: ChildLens) -> list[Item]:
    return [item for answer in lens.answers for item in answer.items if item.field.kind is Kind.PERCENT]


def asks_for_share(lens: ChildLens) -> bool:
    """Return whether a percentage is asked for: the share of published tables that show age by sex."""
    return bool(_percentages(lens))


def published_share(lens: ChildLens) -> Item | None:
    return next((item for item in _percentages(lens) if item.answer.state is State.ANSWERED), None)


def _share_data(share: Share) -> dict[str, Any]:
    return {"count": share.count, "of": share.of, "unknown": share.unknown, "share": share_data(share.value)}


def _spots_data(names: tuple[str, ...], spots: tuple[Spot, ...]) -> dict[str, float | None]:
    return {name: share_data(spot.share) for name, spot in zip(names, spots, strict=True)}


def _level_data(low: int | None, high: int | None) -> int | None:
    return low if low == high else None


def children_data(lens: ChildLens) -> dict[str, Any]:
    """Return the lens under permanent ids; shares are of 1, null while open or where a row is out."""
    keys = ("available", "sex", "age", "age_and_sex")
    return {
        "age_and_sex": _share_data(lens.age_and_sex),
        "groups_by_sex": _share_data(lens.groups_by_sex),
        "age_groups": [
            {
                "address": str(group.address),
                "service": group.service.value,
                "groups": _spots_data(tuple(column.id for column in grid.columns), group.spots),
            }
            for grid in lens.age_groups
            for group in grid.groups
        ],
        "statistics": [
            {
                "address": str(entry.topic.address),
                "service": entry.topic.service.value,
                "about_children": entry.is_about_children,
                **_spots_data(keys, entry.spots),
            }
            for entry in lens.statistics
        ],
        "answers": [
            {
                "address": str(answer.address),
                "service": answer.service.value if answer.service is not Service.SERVED else "answered",
                "level": _level_data(answer.lowest, answer.highest),
            }
            for answer in lens.answers
        ],
    }
