"""What a returned file proposes: its answers as one agency's responses, beside what that agency says here now.

Nothing is stored by proposing. Three answers meet at a place: what the agency said when the file left (the base), what
it says here now (mine), and what the file says now (theirs). In a file of this assessment only what somebody edited is
theirs; the rest of an answer stays as it is here. A file of another assessment, or of a lost state of this one, also
brings the answers of the agency that it holds. Value, reason, note and evidence are compared one by one, so that a note
written here and a value written there are no conflict, and what the file shows of somebody else is never the agency's.
"""

from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import asdict, field, replace
from functools import cached_property
from operator import attrgetter

from capacity_app.domain.assessment.answer_rules import check_content, locate
from capacity_app.domain.assessment.answers import (
    EMPTY_CONTENT,
    Address,
    Answer,
    AnswerKey,
    AnswerLayer,
    AnswerState,
    Content,
    answers_by_address,
    clean_content,
    clean_text,
)
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.duplicates import find_agency_by_name
from capacity_app.domain.assessment.editable_fields import (
    CONTRADICTING,
    FIELD_ADVICE,
    TWO_TEXTS,
    ReturnedField,
    answer_targets,
    edited_once,
    entry_differences,
    entry_keys,
    text_digest,
)
from capacity_app.domain.assessment.merging import Decisions, DecisionSide, DifferenceVersion, DiffKind, MergeDifference
from capacity_app.domain.assessment.migration import proposed_answer, published_answers
from capacity_app.domain.assessment.registers import Agency, DataSource
from capacity_app.domain.assessment.revisions import RevisionId
from capacity_app.domain.assessment.verification import ExportStamp, FileMedium
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, Problem, ProblemSeverity
from capacity_app.domain.text_diff import PrintedText

# A file that came back, as it was read: what stands in it, where, and what stood there when it left.
#
# Reading decides nothing. What a cell says is compared with what the file said when it was made, which it carries with
# it; what is made of a difference is for whoever takes the file in (below) or aggregates it.


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
        return self.before is not self.now and self.before != self.now


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedRemark:
    """A remark written into a file; ``author`` and ``date`` (ISO 8601) where the file says so."""

    address: Address
    text: str
    place: str = ""
    author: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedAnswer:
    """Whether an answer from published sources, the id of its entry, is right."""

    entry: str
    is_right: bool
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnplacedText:
    """A text of a returned file that belongs to no place we know; ``reason`` is a message id for people."""

    place: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedContent:
    """A returned file, read whole. ``file`` is its name, ``sha256`` that of its bytes.

    ``agency`` (as typed or picked; an id where it could be recognised), ``person`` and ``date`` are what the sender
    wrote. ``recorded`` are the answers the file holds for programs, as they were when it was made, and ``heads`` the
    revisions they stood on. ``stamp`` and ``instrument_hash`` are what it says of itself; ``agencies`` and ``sources``
    are the ids and names that its lists offer.
    ``problems`` name sheet and cell; nothing is guessed. ``fields`` are the edited fields of a Word file or a
    follow-up workbook;
    ``confirmed`` says which answers from published sources are right; a follow-up workbook has no answers.
    ``printed`` are its texts, to be compared with an assessment that its ``carried`` content does not hold. ``others``
    are further ones in the same file: an export of forms for phones holds one for each submission.
    """

    medium: FileMedium
    file: str
    sha256: str
    stamp: ExportStamp
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
    unplaced: tuple[UnplacedText, ...] = ()
    problems: tuple[Problem, ...] = ()
    fields: tuple[ReturnedField, ...] = ()
    confirmed: tuple[ConfirmedAnswer, ...] = ()
    is_follow_up: bool = False
    carried: str = ""
    printed: tuple[PrintedText, ...] = ()
    others: "tuple[ReturnedContent, ...]" = ()

    @property
    def edited(self) -> tuple[ReturnedAnswer, ...]:
        return tuple(answer for answer in self.answers if answer.is_edited)


VALUE, REASON, NOTE, EVIDENCE = "value", "reason", "note", "evidence"
"""The parts of an answer that are compared one by one; a state belongs to the value."""
_PARTS: Mapping[str, tuple[str, ...]] = {
    VALUE: ("state", "value"), REASON: ("reason",), NOTE: ("note",), EVIDENCE: ("evidence",),
}  # fmt: skip
_SAME, _OUTDATED, _OTHERS = "same", "outdated", "others"
UNKNOWN_EDITED_FIELD = N_("It was changed in a field whose answer or recommendation this assessment does not have.")
ANSWERED_TWICE = N_("The file answers this question twice, with different answers.")
ANSWERED_TWICE_ADVICE = N_("Ask the agency which of the two answers is right, and enter it by hand.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCounts:
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
class ImportProposal:
    """All that importing a file would do; ``agency`` is the id of the one whose responses its answers become.

    ``differences`` are all that would change something here, and refused ones as they stand in the file. ``remarks``
    are those not known yet. ``problems`` are the reader's and those of refused answers. ``left_behind`` counts the
    answers of the assessor's layers that the file holds and that are not here: an import never takes them, nor
    ``lost_evidence``, the ids of evidence of another assessment. ``entries`` are agencies and sources that the file
    names and that are not here; those that imported answers name are entered with them.
    """

    returned: ReturnedContent
    agency: str
    differences: tuple[MergeDifference, ...] = ()
    remarks: tuple[ReturnedRemark, ...] = ()
    unplaced: tuple[UnplacedText, ...] = ()
    problems: tuple[Problem, ...] = ()
    counts: ImportCounts = ImportCounts()
    left_behind: Mapping[AnswerLayer, int] = field(default_factory=dict)
    lost_evidence: frozenset[str] = frozenset()
    entries: tuple[Agency | DataSource, ...] = ()

    @property
    def file(self) -> str:
        return self.returned.file

    @property
    def is_conserved(self) -> bool:
        """Return whether every answer of the file is counted exactly once."""
        return self.counts.is_conserved

    @property
    def contested(self) -> tuple[MergeDifference, ...]:
        """The differences that a person has to decide on: here stands another answer than when the file left."""
        return tuple(one for one in self.differences if one.is_contested)


def default_side(difference: MergeDifference) -> DecisionSide | None:
    """Return what is done where nobody decides; None where a person has to: then everything stays as it is here."""
    if difference.fate is DiffKind.REFUSED:
        return DecisionSide.MINE
    return None if difference.is_contested or difference.fate is DiffKind.CLEARED else DecisionSide.THEIRS


def accepted_differences(proposal: ImportProposal, decisions: Decisions) -> tuple[MergeDifference, ...]:
    """Return the differences that are imported; a refused one never is."""
    return tuple(
        one
        for one in proposal.differences
        if one.fate is not DiffKind.REFUSED and decisions.get(one.id, default_side(one)) is DecisionSide.THEIRS
    )


def undecided_differences(proposal: ImportProposal, decisions: Decisions) -> tuple[MergeDifference, ...]:
    """Return the differences nobody has decided on, which therefore stay as they are here."""
    return tuple(one for one in proposal.differences if one.id not in decisions and default_side(one) is None)


def is_foreign(dossier: Dossier, returned: ReturnedContent) -> bool:
    return bool(returned.stamp.assessment) and returned.stamp.assessment != dossier.id


def respondent_in(dossier: Dossier, returned: ReturnedContent, agency: Agency) -> str:
    """Return the id under which a file holds the answers of an agency: the same in a file of this assessment.

    In a file of another one the names decide; where the file holds the answers of a single agency that is none of this
    assessment, they are those of whichever agency a person chose. Empty if the file holds no answers of the agency.
    """
    if not is_foreign(dossier, returned):
        return agency.id
    names = dict(returned.agencies)
    respondents = {one.key.respondent for one in returned.recorded if one.key.respondent}
    matches = {one: find_agency_by_name((*dossier.agencies, agency), names.get(one, one)) for one in respondents}
    found = [one for one, here in matches.items() if here == agency.id]
    if len(found) != 1 and agency.id in respondents:
        return agency.id
    if not found and len(respondents) == 1 and not any(matches.values()):
        return respondents.pop()
    return found[0] if len(found) == 1 else ""


ProposalSteps = Generator[None, None, ImportProposal]
"""Steps of a comparison, one for each answer; the last one returns the proposal."""


def build_import_proposal(dossier: Dossier, returned: ReturnedContent, agency: Agency) -> ImportProposal:
    """Compare a returned file with what its agency says here; every answer of the file is counted exactly once."""
    return finish_steps(import_proposal_steps(dossier, returned, agency))


def propose_edited_answers(recorded: Dossier, returned: ReturnedContent, agency: Agency) -> ImportProposal:
    """Compare a returned file with the assessment that it records itself: what nobody has edited is the same there."""
    return finish_steps(_ImportComparison(recorded, returned, agency, is_own_record=True).steps())


def import_proposal_steps(dossier: Dossier, returned: ReturnedContent, agency: Agency) -> ProposalSteps:
    """Compare as ``build_import_proposal`` does, answer by answer."""
    return _ImportComparison(dossier, returned, agency).steps()


def finish_steps(steps: ProposalSteps) -> ImportProposal:
    """Go through the steps that are left, and return the proposal."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            proposal: ImportProposal = end.value
            return proposal


_READ_PART = {part: attrgetter(*names) for part, names in _PARTS.items()}
_EMPTY_PARTS = {part: read(EMPTY_CONTENT) for part, read in _READ_PART.items()}


def _says(content: Content, part: str) -> bool:
    return bool(_READ_PART[part](content) != _EMPTY_PARTS[part])


def edited_parts(answer: ReturnedAnswer) -> tuple[str, ...]:
    """Name the parts of an answer that somebody changed in the file."""
    if answer.before is answer.now:
        return ()
    return tuple(part for part, read in _READ_PART.items() if read(answer.before) != read(answer.now))


def _with(content: Content, parts: Iterable[str], other: Content) -> Content:
    return replace(content, **{name: getattr(other, name) for part in parts for name in _PARTS[part]})


def _diff_kind(mine: Content, theirs: Content) -> DiffKind:
    """Name what storing would do; taking a value away is clearing, whatever is written beside it."""
    lost = [part for part in _PARTS if _says(mine, part) and not _says(theirs, part)]
    gained = [part for part in _PARTS if _says(theirs, part) and _READ_PART[part](theirs) != _READ_PART[part](mine)]
    if VALUE in lost or (lost and not gained):
        return DiffKind.CLEARED
    return DiffKind.NEW if mine.is_empty else DiffKind.CHANGED


def _ids_here(listed: Iterable[tuple[str, str]], here: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Return the ids that entries of another assessment have here: of the entry of that name, else their own."""
    by_name = {name.casefold(): one for one, names in here.items() for name in names if name}
    return {one: by_name.get(name.casefold(), one) for one, name in listed}


def _contradicting(answers: Iterable[ReturnedAnswer]) -> frozenset[Address]:
    """Find the addresses that were edited in a file more than once, and differently."""
    said: dict[Address, Content] = {}
    return frozenset(one.address for one in answers if said.setdefault(one.address, one.now) != one.now)


NOT_CONFIRMED = N_("The agency says that this answer from published sources is not right.")
NOT_WAITING = N_("No answer from published sources waits here any more.")


def _published_answers(dossier: Dossier, returned: ReturnedContent) -> tuple[list[ReturnedAnswer], list[UnplacedText]]:
    """Return the answers from published sources that a file confirms, and what it says of all others."""
    answers: list[ReturnedAnswer] = []
    others: list[UnplacedText] = []
    waiting = {one.id: one for one in published_answers(dossier)}
    for one in returned.confirmed:
        entry = waiting.get(one.entry)
        proposal = proposed_answer(entry) if entry else None
        if proposal and one.is_right:
            address, now = proposal.key.address, proposal.content
            answers.append(ReturnedAnswer(address=address, before=EMPTY_CONTENT, now=now, place=one.place))
        else:
            text = entry.answered if entry else one.entry
            others.append(UnplacedText(place=one.place, text=text, reason=NOT_CONFIRMED if entry else NOT_WAITING))
    return answers, others


class _ImportComparison:
    """One returned file beside one assessment."""

    def __init__(
        self, dossier: Dossier, returned: ReturnedContent, agency: Agency, *, is_own_record: bool = False
    ) -> None:
        self._is_own_record = is_own_record
        confirmed, self._not_confirmed = _published_answers(dossier, returned)
        returned = replace(returned, answers=(*returned.answers, *confirmed)) if confirmed else returned
        self._dossier, self._returned, self._agency = dossier, returned, agency.id
        self._is_foreign = is_foreign(dossier, returned)
        self._respondent = respondent_in(dossier, returned, agency)
        self._heads = dict(returned.heads)
        self._unread = {one.place: one for one in returned.problems if one.severity is ProblemSeverity.ERROR}
        self._twice = _contradicting(returned.edited)
        self._lost_evidence: set[str] = set()
        agencies = {one.id: (one.name, one.short) for one in (*dossier.agencies, agency)}
        sources = {one.id: (one.name,) for one in dossier.sources}
        self._ids = {
            "agencies": _ids_here(returned.agencies, agencies),
            "sources": _ids_here(returned.sources, sources),
        }
        self._new_entries: tuple[Agency | DataSource, ...] = (
            *(Agency(id=one, name=name) for one, name in returned.agencies if one not in agencies),
            *(DataSource(id=one, name=name) for one, name in returned.sources if one not in sources),
        )

    @cached_property
    def _here(self) -> dict[AnswerKey, Answer]:
        return {answer.key: answer for answer in self._dossier.answers}

    @cached_property
    def _recorded(self) -> dict[Address, list[Answer]]:
        return answers_by_address(self._returned.recorded)

    def steps(self) -> ProposalSteps:
        """Count and compare every answer of the file."""
        found: list[MergeDifference] = []
        counts: Counter[str] = Counter()
        for one in self._compared():
            counts[one.fate.value if isinstance(one, MergeDifference) else one] += 1
            if isinstance(one, MergeDifference):
                found.append(one)
            yield
        placed = set[str]()
        for one in self._field_differences(placed):
            counts[one.fate.value] += 1
            found.append(one)
        known = set(self._returned.problems)
        refused = (one.problem for one in found if one.problem and one.problem not in known)
        unplaced = (*self._returned.unplaced, *self._unknown_fields(placed), *self._not_confirmed)
        return ImportProposal(
            returned=self._returned,
            agency=self._agency,
            differences=tuple(found),
            remarks=self._remarks(),
            unplaced=unplaced,
            problems=(*self._returned.problems, *refused),
            counts=ImportCounts(given=counts.total() + len(unplaced), unplaced=len(unplaced), **counts),
            left_behind=Counter(one.key.layer for one in self._returned.recorded if self._is_left_behind(one)),
            lost_evidence=frozenset(self._lost_evidence),
            entries=self._new_entries if self._is_foreign else (),
        )

    def _field_differences(self, placed: set[str]) -> Iterator[MergeDifference]:
        """Compare the edited fields of a Word file; ``placed`` learns which are fields of this assessment."""
        fields = tuple(edited_once(self._returned.fields))
        yield from entry_differences(self._dossier, fields, self._returned, is_foreign=self._is_foreign)
        placed.update(one.key for one in fields if one.key in entry_keys(self._dossier))
        targets = answer_targets(self._dossier, self._agency)
        for one in fields:
            if key := targets.get(one.key):
                placed.add(one.key)
                changed = self._field_difference(one, key)
                if changed:
                    yield changed

    def _field_difference(self, one: ReturnedField, key: AnswerKey) -> MergeDifference | None:
        """Compare an edited text with the response of the agency under which it was printed."""
        mine = self._here.get(key, Answer(key=key, content=EMPTY_CONTENT))
        text = clean_text(one.text)
        state = AnswerState.ANSWERED if text else AnswerState.NOT_ASKED
        said = replace(mine.content, state=state, value=text or None)
        theirs, problem = check_content(self._dossier.instrument, key, said)
        if one.before == CONTRADICTING:
            problem = Problem("returned.field", one.place, TWO_TEXTS, FIELD_ADVICE)
        if problem is None and theirs == mine.content:
            return None
        shown = mine.content.value
        is_contested = bool(shown) and (self._is_foreign or text_digest(str(shown)) != one.before)
        of_agency = "" if key.respondent == self._agency else f" {key.respondent}"
        problem = replace(problem, place=one.place or problem.place) if problem else None
        contested = (VALUE,) if is_contested and not problem else ()
        if problem:
            theirs = clean_content(Content(state=state, value=text or None))
        difference = self._made_difference(mine, theirs, contested, one.place, problem)
        return replace(difference, id=f"{key.address}{of_agency}")

    def _made_difference(
        self, mine: Answer, theirs: Content, contested: tuple[str, ...], place: str, problem: Problem | None
    ) -> MergeDifference:
        source = self._returned
        return MergeDifference(
            id=str(mine.key.address),
            fate=DiffKind.REFUSED if problem else _diff_kind(mine.content, theirs),
            mine=DifferenceVersion(content=mine.content, author=mine.author, time=mine.time),
            theirs=DifferenceVersion(content=theirs, author=source.person, time=source.date, file=source.file),
            key=mine.key,
            field=contested[0] if len(contested) == 1 else "",
            is_contested=bool(contested),
            place=place,
            problem=problem,
        )

    def _unknown_fields(self, placed: set[str]) -> Iterator[UnplacedText]:
        for one in self._returned.fields:
            if one.key not in placed:
                yield UnplacedText(place=one.place, text=one.text, reason=UNKNOWN_EDITED_FIELD)

    def _is_left_behind(self, answer: Answer) -> bool:
        here = self._here.get(answer.key)
        if answer.key.layer is AnswerLayer.RESPONSE or (here and not self._is_foreign):
            return False
        return here is None or here.content != answer.content

    def _compared(self) -> Iterator[MergeDifference | str]:
        """Compare the answers shown in the file, and those of the agency that it holds and shows nowhere."""
        names: Counter[str] = Counter()
        for answer in self._answers():
            one = self._difference(answer)
            if not isinstance(one, MergeDifference):
                yield one
                continue
            names[one.id] += 1
            again = names[one.id]
            if again == 1:
                yield one
            elif one.problem:
                # What contradicts itself is listed wherever it stands; every difference has a name of its own.
                yield replace(one, id=f"{one.id}+{again}")

    def _answers(self) -> Iterator[ReturnedAnswer]:
        if self._is_own_record:
            yield from (one for one in self._returned.answers if one.is_edited or one.place in self._unread)
            return
        yield from self._returned.answers
        shown = {one.address for one in self._returned.answers}
        held = (at for at in self._recorded if at not in shown and self._recorded_content(at) != EMPTY_CONTENT)
        yield from (ReturnedAnswer(address=at, before=EMPTY_CONTENT, now=EMPTY_CONTENT) for at in held)

    def _difference(self, answer: ReturnedAnswer) -> MergeDifference | str:
        key = AnswerKey(answer.address, respondent=self._agency)
        problem = self._problem(answer)
        held = self._held(key)
        if problem is None and not answer.is_edited and held == EMPTY_CONTENT:
            return self._unedited(answer)
        mine = self._here.get(key) or Answer(key=key, content=EMPTY_CONTENT)
        said = self._said(answer, held, mine.content)
        theirs, wrong = check_content(self._dossier.instrument, key, said)
        problem = problem or (replace(wrong, place=answer.place or wrong.place) if wrong else None)
        if problem is None and theirs == mine.content:
            return _SAME
        if problem:
            # Nothing of it is stored: what is answered here is not said to be in the file.
            is_unread = answer.place in self._unread
            theirs = clean_content(self._said(answer, EMPTY_CONTENT if is_unread else held, EMPTY_CONTENT))
        base = self._base(answer, key)
        contested = () if problem else self._contested(answer, held, base, mine, theirs)
        difference = self._made_difference(mine, theirs, contested, answer.place, problem)
        if self._is_foreign:
            return difference
        return replace(difference, base=DifferenceVersion(content=base, file=self._returned.file))

    def _problem(self, answer: ReturnedAnswer) -> Problem | None:
        if answer.place and answer.place in self._unread:
            return self._unread[answer.place]
        if answer.is_edited and answer.address in self._twice:
            return Problem("returned.twice", answer.place or str(answer.address), ANSWERED_TWICE, ANSWERED_TWICE_ADVICE)
        return None

    def _unedited(self, answer: ReturnedAnswer) -> str:
        """Say whether what the file was made with, by whomever, is here and equal."""
        voices = self._recorded.get(answer.address) or [
            Answer(key=AnswerKey(answer.address, respondent=answer.respondent), content=answer.now)
        ]
        here = (self._here.get(one.key) for one in voices)
        if all(
            (known.content if known else EMPTY_CONTENT) == one.content for known, one in zip(here, voices, strict=True)
        ):
            return _SAME
        return _OTHERS if self._is_foreign else _OUTDATED

    # -- what the file says ---------------------------------------------------------------------------------------

    def _recorded_content(self, address: Address) -> Content:
        said = (one for one in self._recorded.get(address, ()) if one.key.respondent == self._respondent)
        return next((one.content for one in said if one.key.layer is AnswerLayer.RESPONSE), EMPTY_CONTENT)

    def _held(self, key: AnswerKey) -> Content:
        """Return the agency's answer that the file holds, if this assessment has never had one of that agency there."""
        if not self._respondent or not (self._is_foreign or (key not in self._here and key not in self._dossier.heads)):
            return EMPTY_CONTENT
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
        if not self._is_foreign or content == EMPTY_CONTENT:
            return content
        self._lost_evidence.update(one for one in content.evidence if one not in self._dossier.evidence_by_id)
        evidence = tuple(one for one in content.evidence if one in self._dossier.evidence_by_id)
        target, value = locate(self._dossier.instrument, address), content.value
        ids = (
            self._ids.get(target.field.kind.info.register) if target is not None and target.field is not None else None
        )
        if ids and isinstance(value, tuple):
            value = tuple(dict.fromkeys(ids.get(one, one) for one in value))
        return replace(content, value=value, evidence=evidence)

    # -- what stands here -----------------------------------------------------------------------------------------

    def _base(self, answer: ReturnedAnswer, key: AnswerKey) -> Content:
        """Return what the agency said when the file left; a cell may have shown somebody else's answer."""
        if self._is_foreign:
            return EMPTY_CONTENT
        return answer.before if answer.respondent == self._agency else self._recorded_content(key.address)

    def _contested(
        self, answer: ReturnedAnswer, held: Content, base: Content, mine: Answer, theirs: Content
    ) -> tuple[str, ...]:
        """Name the parts that were changed here since the file left, or that nobody saw who wrote over them."""
        left = self._heads.get(mine.key, ())
        has_moved = self._is_foreign or not left or left != self._dossier.heads.get(mine.key)

        def is_contested(part: str) -> bool:
            read = _READ_PART[part]
            said, was = read(mine.content), read(base)
            if said == read(theirs):
                return False
            if part != VALUE and read(answer.before) != was:
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
