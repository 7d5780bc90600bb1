"""Which column of an export is which answer.

It is known by the names of a form of ours, by the ids of an instrument that was read from a form, or by the words of
the questions where a server was asked for labels.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from capacity_app.catalogues import wording_languages
from capacity_app.domain.answers import Address
from capacity_app.domain.instrument import Field, Instrument, Kind, Question
from capacity_app.instruments.xlsform.form import SAID_OF_IT, SENDER_AGENCY, SENDER_DATE, SENDER_PERSON
from capacity_app.instruments.xlsform.names import Extra, id_of, name_of
from capacity_app.texts import Texts
from capacity_app.workbook.reader.labels import folded

_SEPARATOR = re.compile("[/.-]|::")
_OF_THE_SERVER = frozenset(
    {"start", "end", "today", "deviceid", "username", "phonenumber", "simserial", "subscriberid", "email", "key",
     "instanceid", "instancename", "submissiondate", "submitterid", "submittername", "attachmentspresent",
     "attachmentsexpected", "status", "reviewstate", "edits", "formversion", "parent_key", "set-of", "isvalidated",
     "__version__", "audit", "instrument__about", SENDER_DATE.casefold(),
     *(name.casefold() for name in SAID_OF_IT.values())}
)  # fmt: skip
_SERVER_STARTS = ("_", "meta/", "meta-", "formhub/")
SENDER = {SENDER_AGENCY: "agency", SENDER_PERSON: "person", SENDER_DATE: "date"}


@dataclass(frozen=True, slots=True)
class Slot:
    """What a column says: an answer, or something beside it; ``choice`` is the one choice that it is about."""

    address: Address
    extra: Extra | None = None
    choice: str = ""


@dataclass
class Columns:
    """The columns of one instrument's forms."""

    instrument: Instrument
    _by_name: dict[str, Slot] = field(default_factory=dict)
    _by_id: dict[str, set[str]] = field(default_factory=dict)
    _by_words: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        texts = [Texts(tag) for tag in ("en", *wording_languages(self.instrument.id))]
        for question in self.instrument.questions():
            for slot in _slots(question):
                self._by_name[name_of(slot.address, slot.extra)] = slot
            self._by_id.setdefault(id_of(question.id.partition(".")[2]), set()).add(question.id)
            self._add_words(question, texts)

    def _add_words(self, question: Question, texts: Iterable[Texts]) -> None:
        for one in texts:
            said = one.wording(self.instrument.id, f"{question.id}|text", question.text)
            for words in (said, f"{question.number} {said}"):
                self._by_words.setdefault(folded(words), set()).add(question.id)

    def slot(self, heading: str) -> Slot | None:
        """Give what a column says, None if it belongs to nothing."""
        found = self._plain(heading)
        if found is not None:
            return found
        before, slash, choice = heading.rpartition("/")
        field_of = self._plain(before) if slash else None
        if field_of is not None and field_of.extra is None and self._takes_several(field_of.address):
            return Slot(field_of.address, None, choice)
        return None

    def _plain(self, heading: str) -> Slot | None:
        names = tuple(_endings(heading))
        for name in names:
            if name in self._by_name:
                return self._by_name[name]
        for name in names:
            if one := self._only(self._by_id.get(id_of(name), set())):
                return Slot(Address(one))
        one = self._only(self._by_words.get(folded(heading), set()))
        return Slot(Address(one)) if one else None

    def _only(self, found: set[str]) -> str:
        """Give the one question that can be meant; a table has no column of its own."""
        known = [name for name in found if self.instrument.question_by_id[name].kind is not Kind.GRID]
        return known[0] if len(known) == 1 else ""

    def _takes_several(self, address: Address) -> bool:
        asked = asked_at(self.instrument, address)
        return asked is not None and (asked.kind is Kind.CHECKLIST or asked.many)


def _slots(question: Question) -> Iterator[Slot]:
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


def _endings(heading: str) -> Iterator[str]:
    """Give a heading and what is left of it without its first groups, the longest first."""
    yield heading
    for found in _SEPARATOR.finditer(heading):
        yield heading[found.end() :]


def asked_at(instrument: Instrument, address: Address) -> Field | None:
    """Give the question or column of an address."""
    question = instrument.question_by_id.get(address.question)
    if question is None or not address.column:
        return question
    return question.column_by_id.get(address.column)


def is_of_the_server(heading: str) -> bool:
    """Whether a column says something of the submission and answers no question."""
    plain = heading.casefold()
    last = re.split("[/-]", plain)[-1]
    return plain.startswith(_SERVER_STARTS) or plain in _OF_THE_SERVER or last in _OF_THE_SERVER or not plain


def sender_part(heading: str) -> str:
    """Say what a column tells of the sender: "agency", "person" or "date"; empty if nothing."""
    return next((SENDER[name] for name in _endings(heading) if name in SENDER), "")
