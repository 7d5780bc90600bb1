"""Which column of an export is which answer.

The columns of a form of ours bear the names we gave them. Those of somebody else's form bear the names that the ids of
the questionnaire were made of, or the words of the questions where a server was asked for labels. A column belongs to a
question by its whole name alone; groups may stand before it. What may be meant twice belongs to nothing.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from capacity_app.catalogues import wording_languages
from capacity_app.domain.answers import Address
from capacity_app.domain.instrument import Field, Instrument, Kind, Question
from capacity_app.instruments.xlsform.form import SAID_OF_IT, SENDER_AGENCY, SENDER_DATE, SENDER_PERSON
from capacity_app.instruments.xlsform.names import Extra, id_of, name_of
from capacity_app.texts import Texts
from capacity_app.workbook.reader.labels import folded

_OF_THE_SERVER = frozenset(
    {"", "start", "end", "today", "deviceid", "username", "phonenumber", "simserial", "subscriberid", "email", "key",
     "instanceid", "instancename", "submissiondate", "submitterid", "submittername", "attachmentspresent",
     "attachmentsexpected", "status", "reviewstate", "edits", "formversion", "parent_key", "set-of", "isvalidated",
     "audit", "instrument__about"}
)  # fmt: skip
_SERVER_STARTS = ("_", "meta/", "meta-", "formhub/", "set-of-")
_JOINTS = ("-", ".", ":", "::")
"""What servers put between groups; “/” is in no name."""
_MOST_JOINTS = 12
"""No name stands in so many groups."""
_OURS = {SENDER_AGENCY, SENDER_PERSON, SENDER_DATE, *SAID_OF_IT.values()}


@dataclass(frozen=True, slots=True)
class Slot:
    """What a column says: an answer, or something beside it; ``choice`` is the one choice that it is about."""

    address: Address
    extra: Extra | None = None
    choice: str = ""


Offers = Callable[[Slot], bool]
"""Tells whether a question has the choice that a column is about."""
_Find = Callable[[str], Slot | None]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """The instrument whose answers an export holds, and its texts in every language."""

    instrument: Instrument
    texts: tuple[Texts, ...]

    @classmethod
    def of(cls, instrument: Instrument) -> "Questionnaire":
        """Take the languages in which the instrument is worded on this computer."""
        tags = ("en", *wording_languages(instrument.id))
        return cls(instrument, tuple(Texts(tag) for tag in dict.fromkeys(tags)))

    def wordings(self, key: str, text: str) -> set[str]:
        return {texts.wording(self.instrument.id, key, text) for texts in self.texts}

    def asked_at(self, address: Address) -> Field | None:
        """Return the question or column of an address."""
        question = self.instrument.question_by_id.get(address.question)
        if question is None or not address.column:
            return question
        return question.column_by_id.get(address.column)


@dataclass(frozen=True, slots=True)
class Matched:
    """What the columns of a table say, in their order.

    ``is_unclear`` where the headings are words that stand over several questions: nobody can tell which one is meant.
    """

    slots: tuple[Slot | None, ...]
    is_unclear: bool = False


def own_name(heading: str) -> str:
    """Return the name of ours at the end of a heading that says who answers, or which questionnaire; empty if none."""
    name = re.split(r"[/.:-]", heading)[-1]
    return name if name in _OURS else ""


def is_of_the_server(heading: str) -> bool:
    """Return whether a column says something of the submission and answers no question."""
    plain = heading.casefold()
    return plain.startswith(_SERVER_STARTS) or plain in _OF_THE_SERVER or bool(own_name(heading))


def matched(asking: Questionnaire, headings: Sequence[str], offers: Offers) -> Matched:
    """Match the columns of the submissions to questions: by our names, by ids, or by words, whichever fits most."""
    is_ours, by_words = any(own_name(heading) for heading in headings), _ByWords(asking)

    def is_several(slot: Slot) -> bool:
        asked = asking.asked_at(slot.address)
        return slot.extra is None and asked is not None and _takes_several(asked)

    ways: list[tuple[_Find, str]] = [(_ByName(asking.instrument), r"::|[/.:-]"), (by_words, "/")]
    if not is_ours:
        ways.insert(1, (_ById(asking.instrument), "/"))
    found = [_slots(headings, find, joints, is_several, offers) for find, joints in ways]
    best = max(found, key=lambda slots: sum(slot is not None for slot in slots))
    is_worded = best is found[-1] and any(best)
    return Matched(best, is_worded and (is_ours or any(map(by_words.is_unclear, headings))))


def matched_repeat(
    asking: Questionnaire, question: Question, headings: Sequence[str], offers: Offers
) -> tuple[Slot | None, ...]:
    """Match the columns of a repeat to those of a table, by ids or words; the row of the addresses is still empty."""
    names = {column.id: {column.id} for column in question.columns}
    for column in question.columns:
        for said in asking.wordings(f"{question.id}|column {column.id} label", column.label):
            names.setdefault(folded(said), set()).add(column.id)

    def find(heading: str) -> Slot | None:
        name = heading.rpartition("/")[2]
        wanted = (folded(heading), folded(name), *map(id_of, _endings(name, "-")))
        columns = next((names[one] for one in wanted if one in names), set())
        return Slot(Address(question.id, "", *columns)) if len(columns) == 1 else None

    def is_several(slot: Slot) -> bool:
        return _takes_several(question.column_by_id[slot.address.column])

    return _slots(headings, find, "/", is_several, offers)


def _takes_several(asked: Field) -> bool:
    return asked.kind is Kind.CHECKLIST or asked.many


def _slots(
    headings: Sequence[str], find: _Find, joints: str, is_several: Callable[[Slot], bool], offers: Offers
) -> tuple[Slot | None, ...]:
    """Return what the columns say; one choice of a question before anything else that a heading could mean."""
    known = set(headings)

    def slot(heading: str) -> Slot | None:
        for joint in islice(re.finditer(joints, heading), _MOST_JOINTS):
            field = heading[: joint.start()]
            before = find(field)
            if before is not None and is_several(before) and heading[joint.end() :]:
                choice = replace(before, choice=heading[joint.end() :])
                if field in known or offers(choice):
                    return choice
        return find(heading)

    return tuple(map(slot, headings))


class _ByName:
    """The columns of a form of ours."""

    def __init__(self, instrument: Instrument) -> None:
        self._slots: dict[str, Slot] = {}
        for question in instrument.questions():
            for slot in slots_of(question):
                name = name_of(slot.address, slot.extra)
                self._slots[name] = slot
                path = (*_groups(slot, question), name)
                self._slots |= {joint.join(path): slot for joint in _JOINTS}

    def __call__(self, heading: str) -> Slot | None:
        return self._slots.get(heading.rpartition("/")[2])


def _groups(slot: Slot, question: Question) -> Iterator[str]:
    """Yield the names of the groups of our form around a field."""
    address = slot.address
    yield name_of(Address(address.question.partition(".")[0]))
    if question.kind is Kind.GRID and slot.extra is not Extra.NOTE:
        yield name_of(Address(address.question))
    if address.row:
        yield name_of(Address(address.question, address.row))


def slots_of(question: Question) -> Iterator[Slot]:
    """Yield everything that a form of ours asks about a question."""
    address = Address(question.id)
    if question.kind is not Kind.GRID:
        yield Slot(address)
    for extra in (Extra.STATE, Extra.REASON, Extra.NOTE):
        yield Slot(address, extra)
    for row in question.rows:
        for extra in (Extra.STATE, Extra.REASON):
            yield Slot(Address(question.id, row.id), extra)
        for column in question.columns:
            yield Slot(Address(question.id, row.id, column.id))


class _ById:
    """The columns of somebody else's form: ids were made of its names, sections of its outermost groups."""

    def __init__(self, instrument: Instrument) -> None:
        self._questions: dict[str, set[str]] = {}
        names = {one.id for one in instrument.questions()}
        for question in instrument.questions():
            if question.kind is Kind.GRID:
                continue
            section, _, own = question.id.partition(".")
            self._questions.setdefault(own, set()).add(question.id)
            # A second field of the same name had a number added, and nobody knows which of the two a column is.
            first = re.sub(r"-[0-9]+$", "", own)
            if f"{section}.{first}" in names:
                self._questions.setdefault(first, set()).add(question.id)

    def __call__(self, heading: str) -> Slot | None:
        groups, _, name = heading.rpartition("/")
        found = self._questions.get(id_of(name)) or self._after_dashes(name)
        if len(found) > 1:
            around = {id_of(group) for group in groups.split("/")}
            found = {one for one in found if one.partition(".")[0] in around}
        return Slot(Address(next(iter(found)))) if len(found) == 1 else None

    def _after_dashes(self, name: str) -> set[str]:
        """Find what follows the groups that ODK Central joins with “-”; the first of them is the section."""
        whole = id_of(name)
        for ending in _endings(name, "-"):
            found = {
                one for one in self._questions.get(id_of(ending), ()) if whole.startswith(f"{one.partition('.')[0]}-")
            }
            if found:
                return found
        return set()


class _ByWords:
    """The columns of an export with the words of the questions as headings."""

    def __init__(self, asking: Questionnaire) -> None:
        self._questions: dict[str, set[Address]] = {}
        for question in asking.instrument.questions():
            start = f"{question.number} "
            if question.kind is not Kind.GRID:
                for said in asking.wordings(f"{question.id}|text", question.text):
                    self._add(Address(question.id), said, start + said)
            # The lines of a repeat have a table of their own.
            rows = [row for row in question.rows if not row.spare]
            for column in question.columns if rows else ():
                cells = [Address(question.id, row.id, column.id) for row in rows]
                for said in asking.wordings(f"{question.id}|column {column.id} label", column.label):
                    for cell in cells:
                        self._add(cell, said)

    def _add(self, address: Address, *texts: str) -> None:
        for text in texts:
            self._questions.setdefault(folded(text), set()).add(address)

    def _meant(self, heading: str) -> set[Address]:
        endings = (folded(ending) for ending in _endings(heading, "/"))
        return next((self._questions[ending] for ending in endings if ending in self._questions), set())

    def __call__(self, heading: str) -> Slot | None:
        found = self._meant(heading)
        return Slot(next(iter(found))) if len(found) == 1 else None

    def is_unclear(self, heading: str) -> bool:
        """Return whether the words of a heading stand over several questions or cells."""
        return len(self._meant(heading)) > 1


def _endings(heading: str, joint: str) -> Iterator[str]:
    """Yield a heading and what is left of it without its first groups, the longest first."""
    yield heading
    for _ in range(min(heading.count(joint), _MOST_JOINTS)):
        heading = heading.partition(joint)[2]
        yield heading
