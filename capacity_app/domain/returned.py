"""A file that came back, as it was read: what stands in it, where, and what stood there when it left.

Reading decides nothing. What a cell says is compared with what the file said when it was made, which it carries with
it; what is made of a difference is for whoever takes the file in (``domain.proposal``) or aggregates it.
"""

from dataclasses import dataclass

from capacity_app.domain.answers import Address, Answer, AnswerKey, Content
from capacity_app.domain.problems import Problem
from capacity_app.domain.revisions import RevisionId
from capacity_app.domain.verification import Medium, Stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedAnswer:
    """What a file says at one place (``now``) and what it said there when it was made (``before``).

    ``respondent`` is whose answer was shown there, empty where nobody's or several agencies' was. ``place`` is for
    people: sheet and cell ("IV, F12"), or page heading of a Word file.
    """

    address: Address
    before: Content
    now: Content
    respondent: str = ""
    place: str = ""

    @property
    def is_edited(self) -> bool:
        return self.before != self.now


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedRemark:
    """A remark written into a file; ``author`` and ``date`` (ISO 8601) where the file says so."""

    address: Address
    text: str
    place: str = ""
    author: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """A text of a returned file that belongs to no place we know; ``reason`` is a message id for people."""

    place: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A returned file, read whole. ``file`` is its name, ``sha256`` that of its bytes.

    ``agency`` (as typed or picked; an id where it could be recognised), ``person`` and ``date`` are what the sender
    wrote. ``recorded`` are the answers the file holds for programs, as they were when it was made, and ``heads`` the
    revisions they stood on. ``stamp`` and ``instrument_hash`` are what it says of itself; ``agencies`` and ``sources``
    are the ids and names that its lists offer.
    ``problems`` name sheet and cell; nothing is guessed. ``others`` are further ones in the same file: an export of
    forms for phones holds one for each submission.
    """

    medium: Medium
    file: str
    sha256: str
    stamp: Stamp
    instrument_hash: str = ""
    agency: str = ""
    person: str = ""
    date: str = ""
    answers: tuple[ReturnedAnswer, ...] = ()
    recorded: tuple[Answer, ...] = ()
    heads: tuple[tuple[AnswerKey, tuple[RevisionId, ...]], ...] = ()
    agencies: tuple[tuple[str, str], ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    remarks: tuple[ReturnedRemark, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    problems: tuple[Problem, ...] = ()
    others: "tuple[Returned, ...]" = ()

    @property
    def edited(self) -> tuple[ReturnedAnswer, ...]:
        return tuple(answer for answer in self.answers if answer.is_edited)
