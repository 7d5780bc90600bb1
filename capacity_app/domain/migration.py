"""An assessment under a newer version of its instrument: a copy in which nothing is lost.

Every answer has exactly one fate: carried to its new place, kept to be confirmed there under the new wording, or
retired and kept because it is no longer asked. Answers in = carried + to confirm + retired, enforced here. What is
not carried becomes an entry of the register "kept", with the words it was asked and answered in; it counts nowhere.
Registers go along whole; what names a place of the instrument names the new one, or stays as it is and is told.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from capacity_app.domain.answers import Address, Answer, AnswerKey, State, Value
from capacity_app.domain.assessment import Action, KeptAnswer, KeptFate, Rating, Remark
from capacity_app.domain.checking import check_content, locate
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.instrument import Instrument, Kind
from capacity_app.domain.kept import asked_at, proposed_by, said_value, stored_value
from capacity_app.domain.problems import N_, Problem, Severity
from capacity_app.domain.succession import (
    CHANGED_FORM,
    PUNCTUATION,
    RETIRED,
    SAME_WORDS,
    UNDECLARED,
    DeadEnd,
    Lane,
    Part,
    Rules,
    bare,
    is_kept,
    moved_questions,
)

_NUMBERS = frozenset({Kind.LEVEL, Kind.INTEGER, Kind.YEAR})
_TAKEN = N_("Another answer stands at its new place.")
Say = Callable[[Answer], str]
"""Words an answer, in terms of the earlier version, for people."""


class Fate(StrEnum):
    """What becomes of an answer: exactly one of these."""

    CARRIED = "carried"
    TO_CONFIRM = "to_confirm"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One answer of the earlier version and what became of it.

    ``answers`` are what it is now (one if carried, one for each place it may be confirmed at); ``reason`` is a message
    id, ``note`` what the author of the new version says about it.
    """

    answer: Answer
    fate: Fate
    answers: tuple[Answer, ...] = ()
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrated:
    """The dossier under the newer instrument, every answer's fate, and what else could not go along."""

    dossier: Dossier
    outcomes: tuple[Outcome, ...]
    problems: tuple[Problem, ...] = ()

    def count(self, fate: Fate) -> int:
        return sum(outcome.fate is fate for outcome in self.outcomes)


@dataclass(frozen=True)
class Course:
    """The way from one instrument to another through the rules of every version in between, in order."""

    earlier: Instrument
    later: Instrument
    rules: tuple[Rules, ...] = ()

    def outcome(self, answer: Answer) -> Outcome:
        """Return what becomes of one answer, looked at by itself."""
        ways = self._ends(answer.key.address, answer.content.value)
        tried = [self._tried(answer, way) for way in ways]
        open_ = [(way, found) for way, found in tried if isinstance(way, Lane)]
        if not open_:
            way = tried[0][0]
            assert isinstance(way, DeadEnd), "what leads nowhere says why"
            return Outcome(answer=answer, fate=Fate.RETIRED, reason=way.reason, note=way.note)
        first, found = open_[0]
        if answer.content.state is State.NOT_ASKED:
            # A note is no answer: it needs nobody's word that it still holds.
            return Outcome(answer=answer, fate=Fate.CARRIED, answers=(found,))
        if len(open_) == 1 and first.is_sure:
            return Outcome(answer=answer, fate=Fate.CARRIED, answers=(found,))
        offered = tuple(dict.fromkeys(found for _, found in open_))
        return Outcome(answer=answer, fate=Fate.TO_CONFIRM, answers=offered, reason=first.reason, note=first.note)

    def place(self, address: Address) -> Address | None:
        """Return where something that is said about a place belongs now; None if it has no place any more."""
        for way in self._ends(address, None):
            if isinstance(way, Lane) and locate(self.later, way.address) is not None:
                return way.address
        return None

    def kept(self, entry: KeptAnswer) -> tuple[KeptAnswer, ...]:
        """Return what became of an answer that waits to be confirmed since an earlier migration."""
        proposal = proposed_by(entry)
        if proposal is None:
            return (entry,)
        ways = self._ends(proposal.key.address, said_value(entry))
        ends = [self._tried(proposal, way) for way in ways]
        tried = [found for way, found in ends if isinstance(way, Lane)]
        if not tried:
            return (replace(entry, fate=KeptFate.RETIRED, target=""),)
        made = [
            replace(entry, target=str(found.key.address), value=stored_value(found.content.value)) for found in tried
        ]
        return (made[0], *(replace(one, id=_id_of(one)) for one in made[1:]))

    def _ends(self, address: Address, value: Value) -> list[Lane | DeadEnd]:
        """Follow a place and what is said there through all rules."""
        ways: list[Lane | DeadEnd] = [Lane(address, value)]
        for rules in self.rules:
            ways = [new for way in ways for new in (rules.ways(way) if isinstance(way, Lane) else (way,))]
        return [self._checked(address, way) for way in ways]

    def _checked(self, address: Address, way: Lane | DeadEnd) -> Lane | DeadEnd:
        if isinstance(way, DeadEnd):
            return way
        if locate(self.later, way.address) is None:
            return self._moved(way) or DeadEnd(RETIRED, way.note)
        if is_kept(self.earlier, address, self.later, way):
            return way
        return way.unsure(PUNCTUATION if is_kept(self.earlier, address, self.later, way, bare) else UNDECLARED)

    @cached_property
    def _moved_questions(self) -> dict[str, str]:
        return moved_questions(self.earlier, self.later)

    def _moved(self, way: Lane) -> Lane | None:
        """Offer the place where the same question stands now, if nobody has said what became of it."""
        moved = replace(way.address, question=self._moved_questions.get(way.address.question, ""))
        if way.declared - {Part.OPTIONS} or locate(self.later, moved) is None:
            return None
        return replace(way, address=moved).unsure(SAME_WORDS)

    def _tried(self, answer: Answer, way: Lane | DeadEnd) -> tuple[Lane | DeadEnd, Answer]:
        """Put an answer where a way leads; a dead end if it may not be said there."""
        if isinstance(way, DeadEnd):
            return way, answer
        key = replace(answer.key, address=way.address)
        content = replace(answer.content, value=self._in_form(way))
        content, problem = check_content(self.later, key, content)
        if problem is not None or (content.state is not answer.content.state):
            return DeadEnd(CHANGED_FORM, way.note), answer
        return way, replace(answer, key=key, content=content)

    def _in_form(self, way: Lane) -> Value:
        """Return a value, which tables write as text, the type its new place takes."""
        target = locate(self.later, way.address)
        if target is None or target.field is None or not isinstance(way.value, str):
            return way.value
        kind, text = target.field.kind, way.value
        if kind in _NUMBERS and text.lstrip("-").isdecimal():
            return int(text)
        return (text,) if kind is Kind.CHECKLIST else text


def migrate(dossier: Dossier, later: Instrument, rules: Sequence[Rules], say: Say) -> Migrated:
    """Return the dossier under a newer instrument; without rules only what is asked in the same words is carried."""
    course = Course(dossier.instrument, later, tuple(rules))
    outcomes = tuple(_without_collisions(course.outcome(answer) for answer in dossier.answers))
    carried = (outcome.answers[0] for outcome in outcomes if outcome.fate is Fate.CARRIED)
    kept = [new for entry in dossier.kept for new in course.kept(entry)]
    kept += [entry for outcome in outcomes for entry in _entries(outcome, dossier, say)]
    ratings, told = _moved_ratings(dossier.ratings, course)
    moved = replace(
        dossier,
        instrument=later,
        answers=tuple(sorted(carried, key=lambda answer: answer.key)),
        kept=tuple({entry.id: entry for entry in kept}.values()),
        actions=tuple(_moved_action(action, course) for action in dossier.actions),
        ratings=ratings,
        remarks=tuple(_moved_remark(remark, course) for remark in dossier.remarks),
        heads={},
    )
    result = Migrated(dossier=moved, outcomes=outcomes, problems=(*told, *_placeless(dossier, course)))
    _expect_conserved(dossier, result)
    return result


def _without_collisions(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """Let the first answer of those carried to one place stand there; the others are kept."""
    taken: set[AnswerKey] = set()
    for outcome in outcomes:
        if outcome.fate is not Fate.CARRIED:
            yield outcome
            continue
        key = outcome.answers[0].key
        if key in taken:
            yield replace(outcome, fate=Fate.RETIRED, answers=(), reason=_TAKEN)
        else:
            taken.add(key)
            yield outcome


# -- what is kept -----------------------------------------------------------------------------------------------------


def _entries(outcome: Outcome, dossier: Dossier, say: Say) -> Iterator[KeptAnswer]:
    """Make the entries that keep an answer: one for each place it may be confirmed at, or one of what is retired."""
    if outcome.fate is Fate.CARRIED:
        return
    old = outcome.answer
    number, wording = asked_at(dossier.instrument, old.key.address)
    for new in outcome.answers or (old,):
        entry = KeptAnswer(
            id="",
            fate=KeptFate(outcome.fate.value),
            address=str(old.key.address),
            layer=old.key.layer.value,
            respondent=old.key.respondent,
            state=old.content.state.value,
            value=stored_value(new.content.value),
            reason=old.content.reason,
            note=old.content.note,
            evidence=old.content.evidence,
            author=old.author,
            time=old.time,
            language=old.language,
            number=number,
            wording=wording,
            answered=say(old),
            target=str(new.key.address) if outcome.answers else "",
            version=dossier.instrument.version,
        )
        yield replace(entry, id=_id_of(entry))


def _id_of(entry: KeptAnswer) -> str:
    """Make an id that is the same on every laptop, so that migrated copies can be merged."""
    said = [entry.address, entry.layer, entry.respondent, entry.version, entry.target, entry.value]
    return "kept-" + hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


# -- what names places ------------------------------------------------------------------------------------------------


def _moved_place(text: str, course: Course) -> str:
    """Return the new address of a place as text, the old one if there is none."""
    found = _found_place(text, course)
    return str(found) if found is not None else text


def _found_place(text: str, course: Course) -> Address | None:
    try:
        return course.place(Address.parse(text))
    except ValueError:
        return None


def _moved_action(action: Action, course: Course) -> Action:
    return replace(action, gaps=tuple(dict.fromkeys(_moved_place(gap, course) for gap in action.gaps)))


def _moved_remark(remark: Remark, course: Course) -> Remark:
    return replace(remark, address=_moved_place(remark.address, course)) if remark.address else remark


def _moved_ratings(ratings: Iterable[Rating], course: Course) -> tuple[tuple[Rating, ...], list[Problem]]:
    """Move ratings, whose ids are addresses; where two meet, the first is the rating and the other keeps its id."""
    moved: dict[str, Rating] = {}
    told: list[Problem] = []
    for rating in ratings:
        place = _moved_place(rating.id, course)
        if place in moved:
            told.append(_told("rating", rating.id, N_("Another gap became the same; its rating counts, this is kept.")))
            place = rating.id
        moved[place] = replace(rating, id=place)
    return tuple(moved.values()), told


def _placeless(dossier: Dossier, course: Course) -> Iterator[Problem]:
    """Tell of everything that names a place the newer instrument does not have; it is kept as it is."""
    named = [("action", action.id, gap) for action in dossier.actions for gap in action.gaps]
    named += [("rating", rating.id, rating.id) for rating in dossier.ratings]
    named += [("remark", remark.id, remark.address) for remark in dossier.remarks if remark.address]
    for code, entry, address in named:
        if _found_place(address, course) is None:
            yield _told(code, entry, N_("This is about “{address}”, which is no longer asked; it is kept."), address)
    sections = {section.id for section in course.later.sections}
    for weight in dossier.mission.weights:
        if weight.partition("=")[0] not in sections:
            yield _told("weight", "mission", N_("This weighs “{address}”, a part there no longer is; kept."), weight)


def _told(code: str, place: str, message: str, address: str = "") -> Problem:
    return Problem(f"migration.{code}", place, message, "", (("address", address),), Severity.WARNING)


# -- nothing lost -----------------------------------------------------------------------------------------------------


def _expect_conserved(before: Dossier, result: Migrated) -> None:
    """Stop our own bug here: answers in = carried + to confirm + retired, and each is where it should be."""
    there = {answer.key for answer in result.dossier.answers}
    kept = {entry.id for entry in result.dossier.kept}
    carried = [outcome.answers[0].key for outcome in result.outcomes if outcome.fate is Fate.CARRIED]
    others = [outcome for outcome in result.outcomes if outcome.fate is not Fate.CARRIED]
    waiting = {_kept_key(entry) for entry in result.dossier.kept if entry.version == before.instrument.version}
    is_conserved = (
        len(before.answers) == sum(map(result.count, Fate))
        and len(carried) == len(there)
        and set(carried) == there
        and all(_answer_key(outcome.answer) in waiting for outcome in others)
        and {entry.id for entry in before.kept} <= kept
        and len(before.ratings) == len(result.dossier.ratings)
    )
    if not is_conserved:
        raise RuntimeError("a migration would lose something")


def _kept_key(entry: KeptAnswer) -> tuple[str, str, str]:
    return entry.address, entry.layer, entry.respondent


def _answer_key(answer: Answer) -> tuple[str, str, str]:
    return str(answer.key.address), answer.key.layer.value, answer.key.respondent
