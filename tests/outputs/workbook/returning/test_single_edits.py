"""A thousand single cells of the demonstration changed, one at a time: each is found at its cell, and nothing else is.

What a change should mean is worked out here from the layout alone.
"""

import os
import random
from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest

from capacity_app.domain.assessment.answers import AnswerState, AnswerValue
from capacity_app.domain.questionnaire.instrument import QuestionField
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.answer_sheet import AnswerItem
from capacity_app.domain.scoring.answer_sheet import lay_out_dossier as laid_out
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.workbook.sheet_marks import ColumnSlot
from capacity_app.services.session.demonstration import demonstration
from tests.outputs.workbook.returning.patching import Sent

DOSSIER = demonstration()[0]
WORDS = Formatter(Translator("en"), DOSSIER)
ITEMS = tuple(laid_out(DOSSIER).items())
EDITS = 1_000 if os.environ.get("CAPACITY_TORTURE") else 60


class Edit(NamedTuple):
    """One cell, what is typed there, and what the answer is then."""

    where: str
    typed: Any
    address: str
    state: AnswerState | None = None
    value: AnswerValue = None
    text: str = ""


@pytest.fixture(scope="module")
def sent() -> Sent:
    return Sent(DOSSIER)


def _typed(field: QuestionField, value: AnswerValue, item: AnswerItem) -> Any:
    if isinstance(value, tuple) or field.kind in {AnswerKind.CHOICE, AnswerKind.YES_NO, AnswerKind.YES_PARTLY_NO}:
        return WORDS.value(item.question, field, value)
    return float(str(value)) if field.kind is AnswerKind.PERCENT else value


VALUES: dict[AnswerKind, Sequence[AnswerValue]] = {
    AnswerKind.LEVEL: range(4),
    AnswerKind.YES_NO: ("yes", "no"),
    AnswerKind.YES_PARTLY_NO: ("yes", "partly", "no"),
    AnswerKind.PERCENT: ("7.5", "93"),
    AnswerKind.YEAR: (2001, 2002),
    AnswerKind.DATE: ("2001-01-01", "2002-02"),
    AnswerKind.TEXT: ("Something else.", "=1+1"),
    AnswerKind.LONG_TEXT: ("Something else.", "+ 1"),
    AnswerKind.URL: ("https://example.org/1", "https://example.org/2"),
    AnswerKind.AGENCY: tuple((agency.id,) for agency in DOSSIER.agencies),
    AnswerKind.SOURCE: tuple((source.id,) for source in DOSSIER.sources),
    AnswerKind.COUNTRY: (("268",), ("604",)),
}


def _values(field: QuestionField) -> Sequence[AnswerValue]:
    if field.kind is AnswerKind.CHOICE:
        return tuple(field.option_by_id)
    if field.kind is AnswerKind.CHECKLIST:
        return tuple((option.id,) for option in field.options)
    lowest = field.minimum or 0
    return VALUES.get(field.kind) or (lowest, lowest + 1)


def _of_item(item: AnswerItem, chance: random.Random) -> Edit:
    """Change an answer, take it out, or give it a state."""
    place = str(item.address)
    if item.row is None and item.question.kind is AnswerKind.CHECKLIST:
        return _of_tick(item, chance)
    before = None if item.answer.conflict else item.answer.value
    if before is not None and chance.random() < 0.2:
        return Edit(place, None, place, AnswerState.NOT_ASKED)
    if item.row is not None and chance.random() < 0.2 and item.answer.state is not AnswerState.UNKNOWN:
        return Edit(place, "unknown", place, AnswerState.UNKNOWN)
    value = chance.choice([value for value in _values(item.field) if value != before])
    return Edit(place, _typed(item.field, value, item), place, AnswerState.ANSWERED, value)


def _of_tick(item: AnswerItem, chance: random.Random) -> Edit:
    place, options = str(item.address), list(item.question.option_by_id)
    before = item.answer.value if isinstance(item.answer.value, tuple) else ()
    free = [option for option in options if not item.field.option_by_id[option].exclusive]
    option = chance.choice(free)
    if option in before:
        return Edit(f"{place} #{option}", "No", place, AnswerState.ANSWERED, tuple(o for o in before if o != option))
    ticked = tuple(one for one in options if one in before or one == option)
    return Edit(f"{place} #{option}", "Yes", place, AnswerState.ANSWERED, ticked)


def _beside(item: AnswerItem, chance: random.Random) -> Edit:
    """Change a text beside a question, its state, or write a remark."""
    place = str(item.address) if item.row is None else f"{item.question.id}/{item.row.id}"
    slots = [ColumnSlot.NOTE, ColumnSlot.REMARKS, ColumnSlot.SOURCE]
    if item.row is None and item.answer.state is not AnswerState.DECLINED:
        slots.append(ColumnSlot.STATE)
    slot = chance.choice(slots)
    if slot is ColumnSlot.STATE:
        return Edit(f"{place} {slot}", "declined", place, AnswerState.DECLINED)
    return Edit(f"{place} {slot}", "Not what was there before.", place, text="Not what was there before.")


def _edits() -> list[Edit]:
    chance = random.Random(5)  # noqa: S311 - the same edits on every run
    return [_beside(chance.choice(ITEMS), chance) if n % 4 == 0 else _of_item(chance.choice(ITEMS), chance)
            for n in range(EDITS)]  # fmt: skip


@pytest.mark.long
def test_every_single_edit_is_found_and_nothing_else(sent: Sent) -> None:
    untouched = sent.read()
    before = {one.address: one.before for one in untouched.answers}
    for edit in _edits():
        returned = sent.said({edit.where: edit.typed})
        place = "{}, {}".format(*sent.place(edit.where))
        if edit.text:
            assert _is_found(edit, place, returned), edit
            continue
        assert (returned.problems, returned.unplaced, returned.remarks) == ((), (), ()), edit
        (one,) = returned.edited
        assert str(one.address) == edit.address, edit
        assert (one.now.state, one.now.value) == (edit.state, edit.value), edit
        assert place == one.place, edit
        assert (one.now.reason, one.now.note, one.now.evidence) == (
            one.before.reason, one.before.note, one.before.evidence
        ), edit  # fmt: skip
        assert {o.address: o.before for o in returned.answers if o.address != one.address} == {
            address: content for address, content in before.items() if address != one.address
        }


def _is_found(edit: Edit, place: str, returned: Any) -> bool:
    """Return whether a text is where it belongs: a remark, or the note of its row and nobody else's value."""
    assert returned.problems == ()
    assert returned.unplaced == ()
    for one in returned.edited:
        assert str(one.address).startswith(edit.address)
        assert (one.now.state, one.now.value) == (one.before.state, one.before.value)
        assert one.place == place
    said = [one.text for one in returned.remarks] + [one.now.note for one in returned.edited]
    return edit.text in said
