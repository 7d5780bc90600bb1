"""An assessment under a newer version of its instrument: a copy in which nothing is lost.

Every answer has exactly one fate: carried to its new place, kept to be confirmed there under the new wording, or
retired and kept because it is no longer asked. Answers in = carried + to confirm + retired, enforced here. What is
not carried becomes an entry of the register "kept", with the words it was asked and answered in; it counts nowhere.
Registers go along whole; what names a place of the instrument names the new one, or stays as it is and is told.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import cached_property

from capacity_app.domain.assessment.answer_rules import check_content, locate
from capacity_app.domain.assessment.answers import (
    EMPTY_CONTENT,
    Address,
    Answer,
    AnswerKey,
    AnswerLayer,
    AnswerState,
    AnswerValue,
    Content,
)
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.references import ContentLookup
from capacity_app.domain.assessment.registers import (
    FROM_PUBLISHED_SOURCES,
    WAITING_STATUSES,
    Action,
    FeasibilityRating,
    Remark,
    RetiredAnswer,
    RetiredAnswerStatus,
)
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, Problem, ProblemSeverity
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.domain.questionnaire.kinds import ValueType
from capacity_app.domain.questionnaire.versions import (
    CHANGED_FORM,
    NO_LONGER_ASKED,
    ONLY_PUNCTUATION,
    SAME_WORDS,
    UNDECLARED,
    AnswerRoute,
    NoRoute,
    PlacePart,
    VersionRules,
    is_unchanged,
    letters_and_digits,
    moved_questions,
)
from capacity_app.domain.scoring.answer_sheet import ItemStatus, QuestionBlock

# Answers of an earlier version that wait to be confirmed: where, as what, and what confirming one changes.
#
# An answer waits as long as its place is wanted and whoever gave it has not answered there anew; so nothing has to be
# stored when somebody does, and taking that back brings the offer back.


def encode_value(value: AnswerValue) -> str:
    """Write a value as an entry holds it: as JSON, empty for none."""
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def decode_value(entry: RetiredAnswer) -> AnswerValue:
    """Read an entry's value; None for none, and for what is no value."""
    try:
        value = json.loads(entry.value) if entry.value else None
    except ValueError:
        return None
    if isinstance(value, list):
        return tuple(value) if all(isinstance(one, str) for one in value) else None
    return value if isinstance(value, int | str) and not isinstance(value, bool) else None


def retired_content(entry: RetiredAnswer) -> Content:
    """Return what an entry says, in terms of the place it may be confirmed at."""
    state = AnswerState(entry.state) if entry.state in set(AnswerState) else AnswerState.NOT_ASKED
    return Content(
        state=state,
        value=decode_value(entry) if state is AnswerState.ANSWERED else None,
        reason=entry.reason,
        note=entry.note,
        evidence=entry.evidence,
    )


def proposed_answer(entry: RetiredAnswer) -> Answer | None:
    """Return the answer an entry becomes once it is confirmed; None if it is not to be confirmed."""
    if entry.fate not in WAITING_STATUSES or entry.layer not in set(AnswerLayer):
        return None
    try:
        key = AnswerKey(Address.parse(entry.target), AnswerLayer(entry.layer), entry.respondent)
    except ValueError:
        return None
    return Answer(
        key=key, content=retired_content(entry), author=entry.author, time=entry.time, language=entry.language
    )


def retired_answers_by_place(
    instrument: Instrument, entries: Iterable[RetiredAnswer]
) -> dict[Address, tuple[RetiredAnswer, ...]]:
    """Group the entries that may be confirmed by their place; what may not be said there is no offer."""
    found: dict[Address, tuple[RetiredAnswer, ...]] = {}
    for entry in entries:
        answer = proposed_answer(entry)
        if answer is not None and check_content(instrument, answer.key, answer.content)[1] is None:
            found[answer.key.address] = (*found.get(answer.key.address, ()), entry)
    return found


def retired_answers_in(
    block: QuestionBlock, by_place: Mapping[Address, tuple[RetiredAnswer, ...]], said: ContentLookup
) -> Iterator[tuple[Address, tuple[RetiredAnswer, ...]]]:
    """Go through the places of a question where answers wait, in printed order."""
    if block.is_hidden:
        return
    for address in _wanted_places(block):
        open_ = tuple(entry for entry in by_place.get(address, ()) if _is_open(entry, said))
        if open_:
            yield address, open_


def _wanted_places(block: QuestionBlock) -> Iterator[Address]:
    if block.question.rows:
        yield Address(block.question.id)
    rows: set[str] = set()
    for item in block.items:
        if item.standing is not ItemStatus.WANTED:
            continue
        if item.row is not None and item.row.id not in rows:
            rows.add(item.row.id)
            yield Address(block.question.id, item.row.id)
        yield item.address


def _is_open(entry: RetiredAnswer, said: ContentLookup) -> bool:
    answer = proposed_answer(entry)
    return answer is not None and said(answer.key).state is AnswerState.NOT_ASKED


def published_answers(dossier: Dossier) -> tuple[RetiredAnswer, ...]:
    """Return the answers from published sources that wait: whose agency has not answered there."""
    said = {answer.key: answer.content for answer in dossier.answers}
    published = (one for one in dossier.kept if one.fate is RetiredAnswerStatus.PUBLISHED)
    return tuple(one for one in published if _is_open(one, lambda key: said.get(key, EMPTY_CONTENT)))


def confirm_retired_answer(entry: RetiredAnswer, own: Content) -> tuple[AnswerKey, Content]:
    """Return the answer that confirming an entry records; a note and evidence that are there already stay."""
    answer = proposed_answer(entry)
    assert answer is not None, "only what waits is confirmed"
    notes = dict.fromkeys(note for note in (answer.content.note, own.note) if note)
    evidence = tuple(dict.fromkeys((*answer.content.evidence, *own.evidence)))
    return answer.key, replace(answer.content, note="\n".join(notes), evidence=evidence)


def decline_retired_answer(entry: RetiredAnswer) -> RetiredAnswer:
    """Keep an answer only as what was said under the earlier version, or published."""
    is_published = entry.fate in FROM_PUBLISHED_SOURCES
    fate = RetiredAnswerStatus.NOT_CONFIRMED if is_published else RetiredAnswerStatus.RETIRED
    return replace(entry, fate=fate, target="")


def competing_answers(entry: RetiredAnswer, entries: Iterable[RetiredAnswer]) -> tuple[RetiredAnswer, ...]:
    """Return the other offers of the same voice for the same place, of which only one can be the answer."""
    mine = (entry.target, entry.layer, entry.respondent)
    return tuple(
        one
        for one in entries
        if one.id != entry.id and one.fate in WAITING_STATUSES and (one.target, one.layer, one.respondent) == mine
    )


def number_and_wording_at(instrument: Instrument, address: Address) -> tuple[str, str]:
    """Return the printed number and the wording of a place in the instrument's own words: question, row, column."""
    question = instrument.question_by_id.get(address.question)
    if question is None:
        return "", str(address)
    row, column = question.row_by_id.get(address.row), question.column_by_id.get(address.column)
    number = f"{question.number} {row.number}".strip() if row else question.number
    parts = (question.text, row.label if row else address.row, column.label if column else address.column)
    return number, "\n".join(part for part in parts if part)


_PLACE_TAKEN = N_("Another answer stands at its new place.")
FormatAnswer = Callable[[Answer], str]
"""Words an answer, in terms of the earlier version, for people."""


class MigrationOutcome(StrEnum):
    """What becomes of an answer: exactly one of these."""

    CARRIED = "carried"
    TO_CONFIRM = "to_confirm"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class MigratedAnswer:
    """One answer of the earlier version and what became of it.

    ``answers`` are what it is now (one if carried, one for each place it may be confirmed at); ``reason`` is a message
    id, ``note`` what the author of the new version says about it.
    """

    answer: Answer
    fate: MigrationOutcome
    answers: tuple[Answer, ...] = ()
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationResult:
    """The dossier under the newer instrument, every answer's fate, and what else could not go along."""

    dossier: Dossier
    outcomes: tuple[MigratedAnswer, ...]
    problems: tuple[Problem, ...] = ()

    def count(self, fate: MigrationOutcome) -> int:
        return sum(outcome.fate is fate for outcome in self.outcomes)


@dataclass(frozen=True)
class MigrationPath:
    """The way from one instrument to another through the rules of every version in between, in order."""

    earlier: Instrument
    later: Instrument
    rules: tuple[VersionRules, ...] = ()

    def outcome(self, answer: Answer) -> MigratedAnswer:
        """Return what becomes of one answer, looked at by itself."""
        ways = self._ends(answer.key.address, answer.content.value)
        tried = [self._tried(answer, way) for way in ways]
        open_ = [(way, found) for way, found in tried if isinstance(way, AnswerRoute)]
        if not open_:
            way = tried[0][0]
            assert isinstance(way, NoRoute), "what leads nowhere says why"
            return MigratedAnswer(answer=answer, fate=MigrationOutcome.RETIRED, reason=way.reason, note=way.note)
        first, found = open_[0]
        if answer.content.state is AnswerState.NOT_ASKED:
            # A note is no answer: it needs nobody's word that it still holds.
            return MigratedAnswer(answer=answer, fate=MigrationOutcome.CARRIED, answers=(found,))
        if len(open_) == 1 and first.is_sure:
            return MigratedAnswer(answer=answer, fate=MigrationOutcome.CARRIED, answers=(found,))
        offered = tuple(dict.fromkeys(found for _, found in open_))
        return MigratedAnswer(
            answer=answer, fate=MigrationOutcome.TO_CONFIRM, answers=offered, reason=first.reason, note=first.note
        )

    def place(self, address: Address) -> Address | None:
        """Return where something that is said about a place belongs now; None if it has no place any more."""
        for way in self._ends(address, None):
            if isinstance(way, AnswerRoute) and locate(self.later, way.address) is not None:
                return way.address
        return None

    def kept(self, entry: RetiredAnswer) -> tuple[RetiredAnswer, ...]:
        """Return what became of an answer that waits to be confirmed since an earlier migration."""
        proposal = proposed_answer(entry)
        if proposal is None:
            return (entry,)
        ways = self._ends(proposal.key.address, decode_value(entry))
        ends = [self._tried(proposal, way) for way in ways]
        tried = [found for way, found in ends if isinstance(way, AnswerRoute)]
        if not tried:
            return (decline_retired_answer(entry),)
        made = [
            replace(entry, target=str(found.key.address), value=encode_value(found.content.value)) for found in tried
        ]
        return (made[0], *(replace(one, id=_id_of(one)) for one in made[1:]))

    def _ends(self, address: Address, value: AnswerValue) -> list[AnswerRoute | NoRoute]:
        """Follow a place and what is said there through all rules."""
        ways: list[AnswerRoute | NoRoute] = [AnswerRoute(address, value)]
        for rules in self.rules:
            ways = [new for way in ways for new in (rules.ways(way) if isinstance(way, AnswerRoute) else (way,))]
        return [self._checked(address, way) for way in ways]

    def _checked(self, address: Address, way: AnswerRoute | NoRoute) -> AnswerRoute | NoRoute:
        if isinstance(way, NoRoute):
            return way
        if locate(self.later, way.address) is None:
            return self._moved(way) or NoRoute(NO_LONGER_ASKED, way.note)
        if is_unchanged(self.earlier, address, self.later, way):
            return way
        return way.unsure(
            ONLY_PUNCTUATION if is_unchanged(self.earlier, address, self.later, way, letters_and_digits) else UNDECLARED
        )

    @cached_property
    def _moved_questions(self) -> dict[str, str]:
        return moved_questions(self.earlier, self.later)

    def _moved(self, way: AnswerRoute) -> AnswerRoute | None:
        """Offer the place where the same question stands now, if nobody has said what became of it."""
        moved = replace(way.address, question=self._moved_questions.get(way.address.question, ""))
        if way.declared - {PlacePart.OPTIONS} or locate(self.later, moved) is None:
            return None
        return replace(way, address=moved).unsure(SAME_WORDS)

    def _tried(self, answer: Answer, way: AnswerRoute | NoRoute) -> tuple[AnswerRoute | NoRoute, Answer]:
        """Put an answer where a way leads; a dead end if it may not be said there."""
        if isinstance(way, NoRoute):
            return way, answer
        key = replace(answer.key, address=way.address)
        content = replace(answer.content, value=self._in_form(way))
        content, problem = check_content(self.later, key, content)
        if problem is not None or (content.state is not answer.content.state):
            return NoRoute(CHANGED_FORM, way.note), answer
        return way, replace(answer, key=key, content=content)

    def _in_form(self, way: AnswerRoute) -> AnswerValue:
        """Return a value, which tables write as text, the type its new place takes."""
        target = locate(self.later, way.address)
        if target is None or target.field is None or not isinstance(way.value, str):
            return way.value
        kind, text = target.field.kind, way.value
        if kind.info.is_number and text.lstrip("-").isdecimal():
            return int(text)
        return (text,) if kind.value_type is ValueType.OPTIONS else text


def migrate(dossier: Dossier, later: Instrument, rules: Sequence[VersionRules], say: FormatAnswer) -> MigrationResult:
    """Return the dossier under a newer instrument; without rules only what is asked in the same words is carried."""
    course = MigrationPath(dossier.instrument, later, tuple(rules))
    outcomes = tuple(_without_collisions(course.outcome(answer) for answer in dossier.answers))
    carried = (outcome.answers[0] for outcome in outcomes if outcome.fate is MigrationOutcome.CARRIED)
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
    result = MigrationResult(dossier=moved, outcomes=outcomes, problems=(*told, *_placeless(dossier, course)))
    _expect_conserved(dossier, result)
    return result


def _without_collisions(outcomes: Iterable[MigratedAnswer]) -> Iterator[MigratedAnswer]:
    """Let the first answer of those carried to one place stand there; the others are kept."""
    taken: set[AnswerKey] = set()
    for outcome in outcomes:
        if outcome.fate is not MigrationOutcome.CARRIED:
            yield outcome
            continue
        key = outcome.answers[0].key
        if key in taken:
            yield replace(outcome, fate=MigrationOutcome.RETIRED, answers=(), reason=_PLACE_TAKEN)
        else:
            taken.add(key)
            yield outcome


# -- what is kept -----------------------------------------------------------------------------------------------------


def _entries(outcome: MigratedAnswer, dossier: Dossier, say: FormatAnswer) -> Iterator[RetiredAnswer]:
    """Make the entries that keep an answer: one for each place it may be confirmed at, or one of what is retired."""
    if outcome.fate is MigrationOutcome.CARRIED:
        return
    old, fate = outcome.answer, RetiredAnswerStatus(outcome.fate.value)
    for new in outcome.answers or (old,):
        target = str(new.key.address) if outcome.answers else ""
        yield keep_answer(dossier.instrument, old, fate, say(old), target=target, value=new.content.value)


def keep_answer(
    instrument: Instrument,
    old: Answer,
    fate: RetiredAnswerStatus,
    answered: str,
    *,
    target: str,
    value: AnswerValue,
) -> RetiredAnswer:
    """Return the entry that keeps an answer; ``answered`` is what it says in words."""
    number, wording = number_and_wording_at(instrument, old.key.address)
    entry = RetiredAnswer(
        id="",
        fate=fate,
        address=str(old.key.address),
        layer=old.key.layer.value,
        respondent=old.key.respondent,
        state=old.content.state.value,
        value=encode_value(value),
        reason=old.content.reason,
        note=old.content.note,
        evidence=old.content.evidence,
        author=old.author,
        time=old.time,
        language=old.language,
        number=number,
        wording=wording,
        answered=answered,
        target=target,
        version=instrument.version,
    )
    return replace(entry, id=_id_of(entry))


def _id_of(entry: RetiredAnswer) -> str:
    """Make an id that is the same on every laptop, so that migrated copies can be merged."""
    said = [entry.address, entry.layer, entry.respondent, entry.version, entry.target, entry.value]
    return "kept-" + hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


# -- what names places ------------------------------------------------------------------------------------------------


def _moved_place(text: str, course: MigrationPath) -> str:
    """Return the new address of a place as text, the old one if there is none."""
    found = _found_place(text, course)
    return str(found) if found is not None else text


def _found_place(text: str, course: MigrationPath) -> Address | None:
    try:
        return course.place(Address.parse(text))
    except ValueError:
        return None


def _moved_action(action: Action, course: MigrationPath) -> Action:
    return replace(action, gaps=tuple(dict.fromkeys(_moved_place(gap, course) for gap in action.gaps)))


def _moved_remark(remark: Remark, course: MigrationPath) -> Remark:
    return replace(remark, address=_moved_place(remark.address, course)) if remark.address else remark


def _moved_ratings(
    ratings: Iterable[FeasibilityRating], course: MigrationPath
) -> tuple[tuple[FeasibilityRating, ...], list[Problem]]:
    """Move ratings, whose ids are addresses; where two meet, the first is the rating and the other keeps its id."""
    moved: dict[str, FeasibilityRating] = {}
    told: list[Problem] = []
    for rating in ratings:
        place = _moved_place(rating.id, course)
        if place in moved:
            told.append(
                _migration_problem(
                    "rating", rating.id, N_("Another gap became the same; its rating counts, this is kept.")
                )
            )
            place = rating.id
        moved[place] = replace(rating, id=place)
    return tuple(moved.values()), told


def _placeless(dossier: Dossier, course: MigrationPath) -> Iterator[Problem]:
    """Tell of everything that names a place the newer instrument does not have; it is kept as it is."""
    named = [("action", action.id, gap) for action in dossier.actions for gap in action.gaps]
    named += [("rating", rating.id, rating.id) for rating in dossier.ratings]
    named += [("remark", remark.id, remark.address) for remark in dossier.remarks if remark.address]
    for code, entry, address in named:
        if _found_place(address, course) is None:
            yield _migration_problem(
                code, entry, N_("This is about “{address}”, which is no longer asked; it is kept."), address
            )
    sections = {section.id for section in course.later.sections}
    for weight in dossier.mission.weights:
        if weight.partition("=")[0] not in sections:
            yield _migration_problem(
                "weight", "mission", N_("This weighs “{address}”, a part there no longer is; kept."), weight
            )


def _migration_problem(code: str, place: str, message: str, address: str = "") -> Problem:
    return Problem(f"migration.{code}", place, message, "", (("address", address),), ProblemSeverity.WARNING)


# -- nothing lost -----------------------------------------------------------------------------------------------------


def _expect_conserved(before: Dossier, result: MigrationResult) -> None:
    """Stop our own bug here: answers in = carried + to confirm + retired, and each is where it should be."""
    there = {answer.key for answer in result.dossier.answers}
    kept = {entry.id for entry in result.dossier.kept}
    carried = [outcome.answers[0].key for outcome in result.outcomes if outcome.fate is MigrationOutcome.CARRIED]
    others = [outcome.answer.key for outcome in result.outcomes if outcome.fate is not MigrationOutcome.CARRIED]
    waiting = {
        (entry.address, entry.layer, entry.respondent)
        for entry in result.dossier.kept
        if entry.version == before.instrument.version
    }
    is_conserved = (
        len(before.answers) == sum(map(result.count, MigrationOutcome))
        and len(carried) == len(there)
        and set(carried) == there
        and all((str(key.address), key.layer.value, key.respondent) in waiting for key in others)
        and {entry.id for entry in before.kept} <= kept
        and len(before.ratings) == len(result.dossier.ratings)
    )
    if not is_conserved:
        raise RuntimeError("a migration would lose something")
