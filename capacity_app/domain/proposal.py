"""What a returned file proposes: its answers as one agency's responses, beside what that agency says here now.

Nothing is stored by proposing. Three answers meet at a place: what the agency said when the file left (the base), what
it says here now (mine), and what the file says now (theirs). In a file of this assessment only what somebody edited is
theirs; the rest of an answer stays as it is here. A file of another assessment, or of a lost state of this one, also
brings the answers of the agency that it holds. Value, reason, note and evidence are compared one by one, so that a note
written here and a value written there are no conflict, and what the file shows of somebody else is never the agency's.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace

from capacity_app.domain.answers import EMPTY, Address, Answer, AnswerKey, Content, Layer, by_address, clean_text
from capacity_app.domain.assessment import Agency, Source
from capacity_app.domain.checking import check_content, locate
from capacity_app.domain.deciding import Decisions, Difference, Fate, Side, Version
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.instrument import Kind
from capacity_app.domain.likeness import are_alike
from capacity_app.domain.problems import N_, Problem, Severity
from capacity_app.domain.returned import Returned, ReturnedAnswer, ReturnedRemark, Unplaced

VALUE, REASON, NOTE, EVIDENCE = "value", "reason", "note", "evidence"
"""The parts of an answer that are compared one by one; a state belongs to the value."""
_PARTS: Mapping[str, tuple[str, ...]] = {
    VALUE: ("state", "value"), REASON: ("reason",), NOTE: ("note",), EVIDENCE: ("evidence",),
}  # fmt: skip
_SAME, _OUTDATED, _OTHERS = "same", "outdated", "others"
TWICE = N_("The file answers this question twice, with different answers.")
TWICE_ADVICE = N_("Ask the agency which of the two answers is right, and enter it by hand.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many answers and texts a file holds (``given``) and what becomes of them: each is counted exactly once.

    ``same`` are here and equal. ``outdated`` nobody edited in the file, and here they have changed since it left.
    ``others`` are not the agency's and not here: of another agency, or the assessor's. ``unplaced`` are texts.
    """

    given: int = 0
    same: int = 0
    new: int = 0
    changed: int = 0
    cleared: int = 0
    refused: int = 0
    outdated: int = 0
    others: int = 0
    unplaced: int = 0

    @property
    def is_conserved(self) -> bool:
        """Return whether every answer of the file is counted exactly once."""
        return bool(2 * self.given == sum(asdict(self).values()))


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """All that importing a file would do; ``agency`` is the id of the one whose responses its answers become.

    ``differences`` are all that would change something here, and refused ones as they stand in the file. ``remarks``
    are those not known yet. ``problems`` are the reader's and those of refused answers. ``left_behind`` counts the
    answers of the assessor's layers that the file holds and that are not here: an import never takes them, nor
    ``lost_evidence``, the ids of evidence of another assessment. ``entries`` are agencies and sources that the file
    names and that are not here; those that imported answers name are entered with them.
    """

    returned: Returned
    agency: str
    differences: tuple[Difference, ...] = ()
    remarks: tuple[ReturnedRemark, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    problems: tuple[Problem, ...] = ()
    counts: Counts = Counts()
    left_behind: Mapping[Layer, int] = field(default_factory=dict)
    lost_evidence: frozenset[str] = frozenset()
    entries: tuple[Agency | Source, ...] = ()

    @property
    def file(self) -> str:
        return self.returned.file

    @property
    def is_conserved(self) -> bool:
        """Return whether every answer of the file is counted exactly once."""
        return self.counts.is_conserved

    @property
    def contested(self) -> tuple[Difference, ...]:
        """The differences that a person has to decide on: here stands another answer than when the file left."""
        return tuple(one for one in self.differences if one.is_contested)


def default_side(difference: Difference) -> Side | None:
    """Return what is done where nobody decides; None where a person has to: then everything stays as it is here."""
    if difference.fate is Fate.REFUSED:
        return Side.MINE
    return None if difference.is_contested or difference.fate is Fate.CLEARED else Side.THEIRS


def taken(proposal: Proposal, decisions: Decisions) -> tuple[Difference, ...]:
    """Return the differences that are imported; a refused one never is."""
    return tuple(
        one
        for one in proposal.differences
        if one.fate is not Fate.REFUSED and decisions.get(one.id, default_side(one)) is Side.THEIRS
    )


def undecided(proposal: Proposal, decisions: Decisions) -> tuple[Difference, ...]:
    """Return the differences nobody has decided on, which therefore stay as they are here."""
    return tuple(one for one in proposal.differences if one.id not in decisions and default_side(one) is None)


def named_agency(agencies: Iterable[Agency], name: str) -> str:
    """Return the id of the one agency that a name names, exactly or nearly; empty where none or several do."""
    said, agencies = name.strip().casefold(), tuple(agencies)
    if not said:
        return ""
    exactly = {one.id for one in agencies if said in {one.id.casefold(), one.name.casefold(), one.short.casefold()}}
    nearly = exactly or {one.id for one in agencies if are_alike(one.name, name) or are_alike(one.short, name)}
    return nearly.pop() if len(nearly) == 1 else ""


def is_foreign(dossier: Dossier, returned: Returned) -> bool:
    return bool(returned.stamp.assessment) and returned.stamp.assessment != dossier.id


def respondent_in(dossier: Dossier, returned: Returned, agency: Agency) -> str:
    """Return the id under which a file holds the answers of an agency: the same in a file of this assessment.

    In a file of another one the names decide; where the file holds the answers of a single agency that is none of this
    assessment, they are those of whichever agency a person chose. Empty if the file holds no answers of the agency.
    """
    if not is_foreign(dossier, returned):
        return agency.id
    names = dict(returned.agencies)
    respondents = {one.key.respondent for one in returned.recorded if one.key.respondent}
    matches = {one: named_agency((*dossier.agencies, agency), names.get(one, one)) for one in respondents}
    found = [one for one, here in matches.items() if here == agency.id]
    if len(found) != 1 and agency.id in respondents:
        return agency.id
    if not found and len(respondents) == 1 and not any(matches.values()):
        return respondents.pop()
    return found[0] if len(found) == 1 else ""


def propose(dossier: Dossier, returned: Returned, agency: Agency) -> Proposal:
    """Compare a returned file with what its agency says here; every answer of the file is counted exactly once."""
    return _Proposing(dossier, returned, agency).proposal()


def _part(content: Content, part: str) -> tuple[object, ...]:
    return tuple(getattr(content, name) for name in _PARTS[part])


def _says(content: Content, part: str) -> bool:
    return _part(content, part) != _part(EMPTY, part)


def edited_parts(answer: ReturnedAnswer) -> tuple[str, ...]:
    """Name the parts of an answer that somebody changed in the file."""
    return tuple(part for part in _PARTS if _part(answer.before, part) != _part(answer.now, part))


def _with(content: Content, parts: Iterable[str], other: Content) -> Content:
    return replace(content, **{name: getattr(other, name) for part in parts for name in _PARTS[part]})


def _fate(mine: Content, theirs: Content) -> Fate:
    """Name what storing would do; taking a value away is clearing, whatever is written beside it."""
    lost = [part for part in _PARTS if _says(mine, part) and not _says(theirs, part)]
    gained = [part for part in _PARTS if _says(theirs, part) and _part(theirs, part) != _part(mine, part)]
    if VALUE in lost or (lost and not gained):
        return Fate.CLEARED
    return Fate.NEW if mine.is_empty else Fate.CHANGED


def _ids_here(listed: Iterable[tuple[str, str]], here: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Return the ids that entries of another assessment have here: of the entry of that name, else their own."""
    by_name = {name.casefold(): one for one, names in here.items() for name in names if name}
    return {one: by_name.get(name.casefold(), one) for one, name in listed}


def _contradicting(answers: Iterable[ReturnedAnswer]) -> frozenset[Address]:
    """Find the addresses that were edited in a file more than once, and differently."""
    said: dict[Address, Content] = {}
    return frozenset(one.address for one in answers if said.setdefault(one.address, one.now) != one.now)


class _Proposing:
    """One returned file beside one assessment."""

    def __init__(self, dossier: Dossier, returned: Returned, agency: Agency) -> None:
        self._dossier, self._returned, self._agency = dossier, returned, agency.id
        self._is_foreign = is_foreign(dossier, returned)
        self._respondent = respondent_in(dossier, returned, agency)
        self._here = {answer.key: answer for answer in dossier.answers}
        self._recorded = by_address(returned.recorded)
        self._heads = dict(returned.heads)
        self._unread = {one.place: one for one in returned.problems if one.severity is Severity.ERROR}
        self._twice = _contradicting(returned.edited)
        self._lost_evidence: set[str] = set()
        agencies = {one.id: (one.name, one.short) for one in (*dossier.agencies, agency)}
        sources = {one.id: (one.name,) for one in dossier.sources}
        self._ids = {
            Kind.AGENCY: _ids_here(returned.agencies, agencies), Kind.SOURCE: _ids_here(returned.sources, sources),
        }  # fmt: skip
        self._new_entries: tuple[Agency | Source, ...] = (
            *(Agency(id=one, name=name) for one, name in returned.agencies if one not in agencies),
            *(Source(id=one, name=name) for one, name in returned.sources if one not in sources),
        )

    def proposal(self) -> Proposal:
        """Count and compare every answer of the file."""
        found: list[Difference] = []
        counts: Counter[str] = Counter()
        for one in self._compared():
            counts[one.fate.value if isinstance(one, Difference) else one] += 1
            if isinstance(one, Difference):
                found.append(one)
        known = set(self._returned.problems)
        refused = (one.problem for one in found if one.problem and one.problem not in known)
        unplaced = self._returned.unplaced
        return Proposal(
            returned=self._returned,
            agency=self._agency,
            differences=tuple(found),
            remarks=self._remarks(),
            unplaced=unplaced,
            problems=(*self._returned.problems, *refused),
            counts=Counts(given=counts.total() + len(unplaced), unplaced=len(unplaced), **counts),
            left_behind=Counter(one.key.layer for one in self._returned.recorded if self._is_left_behind(one)),
            lost_evidence=frozenset(self._lost_evidence),
            entries=self._new_entries if self._is_foreign else (),
        )

    def _is_left_behind(self, answer: Answer) -> bool:
        here = self._here.get(answer.key)
        if answer.key.layer is Layer.RESPONSE or (here and not self._is_foreign):
            return False
        return here is None or here.content != answer.content

    def _compared(self) -> Iterator[Difference | str]:
        """Compare the answers shown in the file, and those of the agency that it holds and shows nowhere."""
        names: Counter[str] = Counter()
        shown = {one.address for one in self._returned.answers}
        held = (at for at in self._recorded if at not in shown and self._recorded_content(at) != EMPTY)
        unshown = (ReturnedAnswer(address=at, before=EMPTY, now=EMPTY) for at in held)
        for answer in (*self._returned.answers, *unshown):
            one = self._difference(answer)
            if not isinstance(one, Difference):
                yield one
                continue
            names[one.id] += 1
            again = names[one.id]
            if again == 1:
                yield one
            elif one.problem:
                # What contradicts itself is listed wherever it stands; every difference has a name of its own.
                yield replace(one, id=f"{one.id}+{again}")

    def _difference(self, answer: ReturnedAnswer) -> Difference | str:
        key = AnswerKey(answer.address, respondent=self._agency)
        mine = self._here.get(key, Answer(key=key, content=EMPTY))
        problem = self._problem(answer)
        held = self._held(key)
        if problem is None and not answer.is_edited and held == EMPTY:
            return self._unedited(answer)
        said = self._said(answer, held, mine.content)
        theirs, wrong = check_content(self._dossier.instrument, key, said)
        problem = problem or (replace(wrong, place=answer.place or wrong.place) if wrong else None)
        if problem is None and theirs == mine.content:
            return _SAME
        base = self._base(answer, key)
        contested = () if problem else self._contested(answer, held, base, mine, theirs)
        return Difference(
            id=str(answer.address),
            fate=Fate.REFUSED if problem else _fate(mine.content, theirs),
            mine=Version(content=mine.content, author=mine.author, time=mine.time),
            theirs=Version(
                content=theirs, author=self._returned.person, time=self._returned.date, file=self._returned.file
            ),
            base=None if self._is_foreign else Version(content=base, file=self._returned.file),
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

    def _unedited(self, answer: ReturnedAnswer) -> str:
        """Say whether what the file was made with, by whomever, is here and equal."""
        shown = Answer(key=AnswerKey(answer.address, respondent=answer.respondent), content=answer.now)
        voices = self._recorded.get(answer.address) or [shown]
        here = (self._here.get(one.key) for one in voices)
        if all((known.content if known else EMPTY) == one.content for known, one in zip(here, voices, strict=True)):
            return _SAME
        return _OTHERS if self._is_foreign else _OUTDATED

    # -- what the file says ---------------------------------------------------------------------------------------

    def _recorded_content(self, address: Address) -> Content:
        key = AnswerKey(address, respondent=self._respondent)
        return next((one.content for one in self._recorded.get(address, ()) if one.key == key), EMPTY)

    def _held(self, key: AnswerKey) -> Content:
        """Return the agency's answer that the file holds, if this assessment has never had one of that agency there."""
        if not self._respondent or not (self._is_foreign or (key not in self._here and key not in self._dossier.heads)):
            return EMPTY
        return self._with_ids_here(key.address, self._recorded_content(key.address))

    def _said(self, answer: ReturnedAnswer, held: Content, mine: Content) -> Content:
        """Put what the file holds of the agency, and what was edited in it, on top of what the agency says here."""
        said = _with(mine, [part for part in _PARTS if _says(held, part)], held)
        edited = edited_parts(answer)
        if EVIDENCE in edited and answer.respondent != self._respondent:
            # The cell showed somebody else's evidence: of that only what was taken out or added is the agency's.
            was, left = answer.before.evidence, answer.now.evidence
            kept = (one for one in said.evidence if one in left or one not in was)
            added = (one for one in left if one not in was)
            answer = replace(answer, now=replace(answer.now, evidence=tuple(dict.fromkeys((*kept, *added)))))
        now = self._with_ids_here(answer.address, answer.now) if self._is_foreign else answer.now
        return _with(said, edited, now)

    def _with_ids_here(self, address: Address, content: Content) -> Content:
        """Name agencies and sources of another assessment as they are named here; its evidence is not here."""
        if not self._is_foreign or content == EMPTY:
            return content
        self._lost_evidence.update(one for one in content.evidence if one not in self._dossier.evidence_by_id)
        evidence = tuple(one for one in content.evidence if one in self._dossier.evidence_by_id)
        target, value = locate(self._dossier.instrument, address), content.value
        ids = self._ids.get(target.field.kind) if target is not None and target.field is not None else None
        if ids and isinstance(value, tuple):
            value = tuple(dict.fromkeys(ids.get(one, one) for one in value))
        return replace(content, value=value, evidence=evidence)

    # -- what stands here -----------------------------------------------------------------------------------------

    def _base(self, answer: ReturnedAnswer, key: AnswerKey) -> Content:
        """Return what the agency said when the file left; a cell may have shown somebody else's answer."""
        if self._is_foreign:
            return EMPTY
        return answer.before if answer.respondent == self._agency else self._recorded_content(key.address)

    def _contested(
        self, answer: ReturnedAnswer, held: Content, base: Content, mine: Answer, theirs: Content
    ) -> tuple[str, ...]:
        """Name the parts that were changed here since the file left, or that nobody saw who wrote over them."""
        left = self._heads.get(mine.key, ())
        has_moved = self._is_foreign or not left or left != self._dossier.heads.get(mine.key)

        def is_contested(part: str) -> bool:
            said, was = _part(mine.content, part), _part(base, part)
            if said == _part(theirs, part):
                return False
            if part != VALUE and _part(answer.before, part) != was:
                # The cell showed somebody else's note, or none where several had spoken.
                return _says(mine.content, part)
            return has_moved and said != was

        edited = edited_parts(answer)
        return tuple(part for part in _PARTS if (part in edited or _says(held, part)) and is_contested(part))

    def _remarks(self) -> tuple[ReturnedRemark, ...]:
        """Return the remarks of the file that are not here yet; the same file may come twice."""
        known = {(one.address, one.text) for one in self._dossier.remarks if one.agency == self._agency}
        remarks: dict[tuple[str, str], ReturnedRemark] = {}
        for one in self._returned.remarks:
            remarks.setdefault((str(one.address), clean_text(one.text)), one)
        return tuple(one for said, one in remarks.items() if said not in known)
