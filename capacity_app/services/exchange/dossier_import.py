"""Importing a dossier into an open assessment: what it would change is shown before, and nothing is dropped unseen."""

from collections.abc import Iterator
from enum import StrEnum

from capacity_app.domain.assessment.answer_rules import locate
from capacity_app.domain.assessment.answers import EMPTY_CONTENT, Answer, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import RegisterEntry
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, Problem, ProblemSeverity
from capacity_app.domain.questionnaire.versions import expect_same_edition
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.dossier_json import ReadAnswerItem, ReadDossier, ReadEntryItem, read_dossier
from capacity_app.services.session.entries_and_documents import ALL_DOCUMENTS_LIMIT, MEGABYTE
from capacity_app.services.session.revision_log import AnswerChange, EntryChange, check_answer
from capacity_app.storage.assessment_file import DocumentWrite


class ImportOutcome(StrEnum):
    """What becomes of one item of the file: exactly one of these."""

    SAME = "same"
    NEW = "new"
    CHANGED = "changed"
    REFUSED = "refused"
    UNPLACED = "unplaced"


APPLIED_OUTCOMES = frozenset({ImportOutcome.NEW, ImportOutcome.CHANGED})


@dataclass(frozen=True, slots=True)
class PlannedAnswer:
    """One answer of the file, what is said at its place now, and what becomes of it.

    ``place`` says where in the file it stands; ``answer`` is None where it could not be read.
    """

    place: str
    fate: ImportOutcome
    answer: Answer | None
    before: Content = EMPTY_CONTENT
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class PlannedEntry:
    """One register entry of the file, the entry of that id now, and what becomes of it."""

    place: str
    register: str
    fate: ImportOutcome
    entry: RegisterEntry | None
    before: RegisterEntry | None = None
    problem: Problem | None = None


@dataclass(frozen=True, kw_only=True)
class ImportPlan:
    """All an import would do. Leave items out with ``dataclasses.replace`` before it is applied.

    ``answers_in`` counts what the file holds; ``previous`` is a previous round that would be taken over.
    """

    answers_in: int
    answers: tuple[PlannedAnswer, ...]
    entries: tuple[PlannedEntry, ...]
    documents: tuple[DocumentWrite, ...]
    previous: Dossier | None
    general: tuple[Problem, ...]

    def count(self, fate: ImportOutcome) -> int:
        return sum(item.fate is fate for item in self.answers)

    @property
    def is_conserved(self) -> bool:
        """Return whether every answer of the file has its fate: same + new + changed + refused + unplaced = in."""
        return self.answers_in == sum(map(self.count, ImportOutcome))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems: of the file as a whole, of answers, of entries."""
        items = [item.problem for item in self.answers] + [item.problem for item in self.entries]
        return (*self.general, *(problem for problem in items if problem))


def plan_import(session: AssessmentSession, dossier_json_text: str) -> ImportPlan:
    """Compare a dossier's JSON with an open assessment; nothing is changed.

    Answers of another version of the instrument are placed by their address; those without a place are listed.
    Raises KnownError if the text is no dossier, or answers other questions under the same version number.
    """
    read = read_dossier(dossier_json_text)
    if read.instrument is not None:
        expect_same_edition(session.instrument, read.instrument)
    documents, too_many = _fitting_documents(read, session)
    previous, kept_out = _previous_round(read, session)
    plan = ImportPlan(
        answers_in=read.answers_in,
        answers=tuple(_plan_answer(session, item) for item in read.answers),
        entries=tuple(_plan_entry(session, item) for item in read.entries),
        documents=documents,
        previous=previous,
        general=(*read.problems, *too_many, *kept_out, *_mission_warnings(read, session)),
    )
    assert plan.is_conserved, "every answer of the file has its fate"
    return plan


def apply_import(session: AssessmentSession, plan: ImportPlan) -> tuple[AnswerChange | EntryChange, ...]:
    """Take over what is new and changed, with authors and times, in one transaction; gives what changed."""
    changes = session.adopt(
        (item.answer for item in plan.answers if item.answer and item.fate in APPLIED_OUTCOMES),
        (item.entry for item in plan.entries if item.entry and item.fate in APPLIED_OUTCOMES),
        plan.documents,
    )
    if plan.previous:
        session.set_previous(plan.previous)
    return changes


def _plan_answer(session: AssessmentSession, item: ReadAnswerItem) -> PlannedAnswer:
    if item.answer is None:
        return PlannedAnswer(item.place, ImportOutcome.REFUSED, None, problem=item.problem)
    answer, problem = check_answer(session.instrument, item.answer)
    if problem:
        is_placed = locate(session.instrument, answer.key.address) is not None
        return PlannedAnswer(
            item.place, ImportOutcome.REFUSED if is_placed else ImportOutcome.UNPLACED, answer, problem=problem
        )
    before = session.content(answer.key)
    # An answer that says nothing takes nothing away.
    if answer.content in (before, EMPTY_CONTENT):
        return PlannedAnswer(item.place, ImportOutcome.SAME, answer, before, item.problem)
    fate = ImportOutcome.NEW if before.is_empty else ImportOutcome.CHANGED
    return PlannedAnswer(item.place, fate, answer, before, item.problem)


def _plan_entry(session: AssessmentSession, item: ReadEntryItem) -> PlannedEntry:
    if item.entry is None:
        return PlannedEntry(item.place, item.register, ImportOutcome.REFUSED, None, None, item.problem)
    before = session.entry(item.register, item.entry.id)
    return PlannedEntry(item.place, item.register, _entry_outcome(before, item.entry), item.entry, before, item.problem)


def _entry_outcome(before: RegisterEntry | None, entry: RegisterEntry) -> ImportOutcome:
    if before is None:
        return ImportOutcome.NEW
    return ImportOutcome.SAME if before == entry else ImportOutcome.CHANGED


def _fitting_documents(
    read: ReadDossier, session: AssessmentSession
) -> tuple[tuple[DocumentWrite, ...], tuple[Problem, ...]]:
    """Choose the documents that are not held yet, as long as they fit."""
    held = session.documents_size
    fitting: list[DocumentWrite] = []
    problems: list[Problem] = []
    for digest, content in read.documents.items():
        if session.holds(digest):
            continue
        if held + len(content) <= ALL_DOCUMENTS_LIMIT:
            held += len(content)
            fitting.append(DocumentWrite(digest, content))
        else:
            message = N_("This document was left out: all documents together may have {most} MB.")
            most = (("most", str(ALL_DOCUMENTS_LIMIT // MEGABYTE)),)
            problems.append(Problem("import.documents", f"documents, {digest}", message, values=most))
    return tuple(fitting), tuple(problems)


def _previous_round(read: ReadDossier, session: AssessmentSession) -> tuple[Dossier | None, tuple[Problem, ...]]:
    if read.previous is None:
        return None, ()
    if session.previous is None:
        return read.previous, ()
    # A dossier has no texts for the officer, which its hash leaves out too.
    if read.previous.content_hash == session.previous.content_hash:
        return None, ()
    message = N_("The file holds another previous round; the one in this assessment was kept.")
    return None, (Problem("import.previous", "previous", message, severity=ProblemSeverity.WARNING),)


def _mission_warnings(read: ReadDossier, session: AssessmentSession) -> Iterator[Problem]:
    theirs, ours = read.mission, session.mission
    for name, one, other in (("country", theirs.country, ours.country), ("round", theirs.round, ours.round)):
        if one and other and one != other:
            message = N_("The file is about another country or round ({theirs} instead of {ours}).")
            yield _warning(name, f"mission, {name}", message, one, other)
    if read.instrument and read.instrument.id != session.instrument.id:
        message = N_("The file answers another questionnaire ({theirs} instead of {ours}).")
        yield _warning("instrument", "instrument", message, read.instrument.id, session.instrument.id)


def _warning(code: str, place: str, message: str, theirs: str, ours: str) -> Problem:
    values = (("theirs", theirs), ("ours", ours))
    return Problem(f"import.{code}", place, message, values=values, severity=ProblemSeverity.WARNING)
