"""What a returned file proposes: its answers as one agency's responses, beside what that agency says here now.

Nothing is stored by proposing. Three answers meet at a place: what the agency said when the file left (the base), what
it says here now (mine), and what the file says now (theirs). Only what somebody edited in the file is theirs; the rest
of an answer stays as it is here. Value, note and evidence are compared one by one, so that a note written here and a
value written there are no conflict.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from capacity_app.domain.answers import EMPTY, Address, Answer, AnswerKey, Content, clean_text
from capacity_app.domain.checking import check_content
from capacity_app.domain.deciding import Decisions, Difference, Fate, Side, Version
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.problems import N_, Problem, Severity
from capacity_app.domain.returned import Returned, ReturnedAnswer, ReturnedRemark, Unplaced

VALUE, NOTE, EVIDENCE = "value", "note", "evidence"
"""The parts of an answer that are compared one by one; a state and its reason belong to the value."""
_PARTS: Mapping[str, tuple[str, ...]] = {VALUE: ("state", "value", "reason"), NOTE: ("note",), EVIDENCE: ("evidence",)}
TWICE = N_("The file answers this twice, and not the same.")
TWICE_ADVICE = N_("Ask which of the two holds, and write it in by hand.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many answers a file holds (``given``) and what becomes of them: each has exactly one fate."""

    given: int = 0
    same: int = 0
    new: int = 0
    changed: int = 0
    cleared: int = 0
    refused: int = 0
    unplaced: int = 0

    @property
    def is_conserved(self) -> bool:
        """Whether every answer of the file has its fate."""
        return self.given == self.same + self.new + self.changed + self.cleared + self.refused + self.unplaced


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """All that taking a file in would do; ``agency`` is the id of the one whose responses they become.

    ``differences`` are all that is not the same, refused ones too, as they stand in the file. ``remarks`` are those not
    known yet. ``problems`` are the reader's and those of refused answers.
    """

    returned: Returned
    agency: str
    differences: tuple[Difference, ...] = ()
    remarks: tuple[ReturnedRemark, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    problems: tuple[Problem, ...] = ()
    counts: Counts = Counts()

    @property
    def file(self) -> str:
        """The file's name."""
        return self.returned.file

    @property
    def is_conserved(self) -> bool:
        """Whether every answer of the file has exactly one fate."""
        return self.counts.is_conserved

    @property
    def contested(self) -> tuple[Difference, ...]:
        """The differences that a person has to decide on: changed here too since the file left."""
        return tuple(one for one in self.differences if one.is_contested)

    def count(self, fate: Fate) -> int:
        """Count the answers with a fate."""
        return int(getattr(self.counts, fate.value))


def default_side(difference: Difference) -> Side | None:
    """Say what is done where nobody decides; None where a person has to: then everything stays as it is here."""
    if difference.fate is Fate.REFUSED:
        return Side.MINE
    return None if difference.is_contested or difference.fate is Fate.CLEARED else Side.THEIRS


def taken(proposal: Proposal, decisions: Decisions) -> tuple[Difference, ...]:
    """Give the differences that are taken in; a refused one never is."""
    return tuple(
        one
        for one in proposal.differences
        if one.fate is not Fate.REFUSED and decisions.get(one.id, default_side(one)) is Side.THEIRS
    )


def undecided(proposal: Proposal, decisions: Decisions) -> tuple[Difference, ...]:
    """Give the differences nobody has decided on, which therefore stay as they are here."""
    return tuple(one for one in proposal.differences if one.id not in decisions and default_side(one) is None)


def propose(dossier: Dossier, returned: Returned, agency_id: str) -> Proposal:
    """Compare a returned file with what its agency says here; every answer of the file has exactly one fate."""
    return _Proposing(dossier, returned, agency_id).proposal()


def _part(content: Content, part: str) -> tuple[object, ...]:
    return tuple(getattr(content, name) for name in _PARTS[part])


def _says(content: Content, part: str) -> bool:
    return _part(content, part) != _part(EMPTY, part)


def _edited(answer: ReturnedAnswer) -> tuple[str, ...]:
    return tuple(part for part in _PARTS if _part(answer.before, part) != _part(answer.now, part))


def _on_top(answer: ReturnedAnswer, mine: Content) -> Content:
    """Put what was edited in the file on top of what is said here."""
    edited = {name: getattr(answer.now, name) for part in _edited(answer) for name in _PARTS[part]}
    return replace(mine, **edited)


def _fate(mine: Content, theirs: Content) -> Fate:
    """Name what storing would do; taking a value away is clearing, whatever is written beside it."""
    lost = [part for part in _PARTS if _says(mine, part) and not _says(theirs, part)]
    gained = [part for part in _PARTS if _says(theirs, part) and _part(theirs, part) != _part(mine, part)]
    if VALUE in lost or (lost and not gained):
        return Fate.CLEARED
    return Fate.NEW if mine.is_empty else Fate.CHANGED


def _contradicting(answers: Iterable[ReturnedAnswer]) -> frozenset[Address]:
    """Find the addresses that were edited in a file more than once, and differently."""
    said: dict[Address, Content] = {}
    return frozenset(one.address for one in answers if said.setdefault(one.address, one.now) != one.now)


class _Proposing:
    """One returned file beside one assessment."""

    def __init__(self, dossier: Dossier, returned: Returned, agency_id: str) -> None:
        self._dossier, self._returned, self._agency = dossier, returned, agency_id
        self._mine = {answer.key: answer for answer in dossier.answers if answer.key.respondent == agency_id}
        self._recorded = {answer.key: answer.content for answer in returned.recorded}
        self._heads = dict(returned.heads)
        self._unread = {one.place: one for one in returned.problems if one.severity is Severity.ERROR}
        self._twice = _contradicting(returned.edited)

    def proposal(self) -> Proposal:
        """Give every answer its fate."""
        found = tuple(self._differences())
        known = set(self._returned.problems)
        refused = (one.problem for one in found if one.problem and one.problem not in known)
        return Proposal(
            returned=self._returned,
            agency=self._agency,
            differences=found,
            remarks=self._remarks(),
            unplaced=self._returned.unplaced,
            problems=(*self._returned.problems, *refused),
            counts=self._counts(found),
        )

    def _counts(self, found: Sequence[Difference]) -> Counts:
        fates = Counter(one.fate for one in found)
        given, unplaced = len(self._returned.answers), len(self._returned.unplaced)
        return Counts(
            given=given + unplaced,
            same=given - len(found),
            new=fates[Fate.NEW],
            changed=fates[Fate.CHANGED],
            cleared=fates[Fate.CLEARED],
            refused=fates[Fate.REFUSED],
            unplaced=unplaced,
        )

    def _differences(self) -> Iterator[Difference]:
        names: Counter[str] = Counter()
        for answer in self._returned.answers:
            difference = self._difference(answer)
            if difference is None:
                continue
            names[difference.id] += 1
            again = names[difference.id]
            if again == 1:
                yield difference
            elif difference.problem:
                # What contradicts itself is listed wherever it stands; every difference has a name of its own.
                yield replace(difference, id=f"{difference.id}+{again}")

    def _difference(self, answer: ReturnedAnswer) -> Difference | None:
        key = AnswerKey(answer.address, respondent=self._agency)
        mine = self._mine.get(key, Answer(key=key, content=EMPTY))
        problem = self._problem(answer)
        if problem is None and not answer.is_edited:
            return None
        theirs, wrong = check_content(self._dossier.instrument, key, _on_top(answer, mine.content))
        problem = problem or (replace(wrong, place=answer.place or wrong.place) if wrong else None)
        if problem is None and theirs == mine.content:
            return None
        base = self._base(answer, key)
        contested = () if problem else self._contested(answer, base, mine)
        return Difference(
            id=str(answer.address),
            fate=Fate.REFUSED if problem else _fate(mine.content, theirs),
            mine=Version(content=mine.content, author=mine.author, time=mine.time),
            theirs=Version(
                content=theirs, author=self._returned.person, time=self._returned.date, file=self._returned.file
            ),
            base=Version(content=base, file=self._returned.file),
            key=key,
            field=contested[0] if len(contested) == 1 else "",
            is_contested=bool(contested),
            place=answer.place,
            problem=problem,
        )

    def _problem(self, answer: ReturnedAnswer) -> Problem | None:
        if answer.place and answer.place in self._unread:
            return self._unread[answer.place]
        if answer.is_edited and answer.address in self._twice:
            return Problem("returned.twice", answer.place or str(answer.address), TWICE, TWICE_ADVICE)
        return None

    def _base(self, answer: ReturnedAnswer, key: AnswerKey) -> Content:
        """Give what the agency said when the file left; a cell may have shown somebody else's answer."""
        if answer.respondent == self._agency:
            return answer.before
        return self._recorded.get(key, EMPTY)

    def _contested(self, answer: ReturnedAnswer, base: Content, mine: Answer) -> tuple[str, ...]:
        """Name the parts that were changed here since the file left, or that nobody saw who wrote over them."""
        left = self._heads.get(mine.key, ())
        has_moved = not left or left != self._dossier.heads.get(mine.key)

        def is_contested(part: str) -> bool:
            said, was = _part(mine.content, part), _part(base, part)
            if said == _part(answer.now, part):
                return False
            if part != VALUE and _part(answer.before, part) != was:
                # The cell showed somebody else's note, or none where several had spoken.
                return _says(mine.content, part)
            return has_moved and said != was

        return tuple(part for part in _edited(answer) if is_contested(part))

    def _remarks(self) -> tuple[ReturnedRemark, ...]:
        """Give the remarks of the file that are not here yet; the same file may come twice."""
        known = {(one.address, one.text) for one in self._dossier.remarks if one.agency == self._agency}
        remarks: dict[tuple[str, str], ReturnedRemark] = {}
        for one in self._returned.remarks:
            remarks.setdefault((str(one.address), clean_text(one.text)), one)
        return tuple(one for said, one in remarks.items() if said not in known)
