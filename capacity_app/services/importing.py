"""Importing a dossier into an open assessment: what it would change is shown before, and nothing is dropped unseen."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from capacity_app.domain.answers import EMPTY, Answer, Content
from capacity_app.domain.assessment import Entry, Mission
from capacity_app.domain.checking import locate
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.editions import expect_one_edition
from capacity_app.domain.problems import N_, Problem, Severity
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.services.attachments import ALL_DOCUMENTS_LIMIT, MEGABYTE
from capacity_app.services.changes import Change, EntryChange
from capacity_app.services.dossier_items import ReadAnswer, ReadEntry
from capacity_app.services.dossier_reading import ReadDossier, read_dossier
from capacity_app.services.revising import checked
from capacity_app.store.assessment_file import Document


class Fate(StrEnum):
    """What becomes of one item of the file: exactly one of these."""

    SAME = "same"
    NEW = "new"
    CHANGED = "changed"
    REFUSED = "refused"
    UNPLACED = "unplaced"


APPLIED = frozenset({Fate.NEW, Fate.CHANGED})


@dataclass(frozen=True, slots=True)
class PlannedAnswer:
    """One answer of the file, what is said at its place now, and what becomes of it.

    ``place`` says where in the file it stands; ``answer`` is None where it could not be read.
    """

    place: str
    fate: Fate
    answer: Answer | None
    before: Content = EMPTY
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class PlannedEntry:
    """One register entry of the file, the entry of that id now, and what becomes of it."""

    place: str
    register: str
    fate: Fate
    entry: Entry | None
    before: Entry | None = None
    problem: Problem | None = None


@dataclass(frozen=True, kw_only=True)
class ImportPlan:
    """All an import would do. Leave items out with ``dataclasses.replace`` before it is applied.

    ``answers_in`` counts what the file holds; ``previous`` is an earlier round that would be taken over.
    """

    answers_in: int
    answers: tuple[PlannedAnswer, ...]
    entries: tuple[PlannedEntry, ...]
    documents: tuple[Document, ...]
    previous: Dossier | None
    general: tuple[Problem, ...]

    def count(self, fate: Fate) -> int:
        return sum(item.fate is fate for item in self.answers)

    def count_entries(self, fate: Fate) -> int:
        return sum(item.fate is fate for item in self.entries)

    @property
    def is_conserved(self) -> bool:
        """Return whether every answer of the file has its fate: same + new + changed + refused + unplaced = in."""
        return self.answers_in == sum(map(self.count, Fate))

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
        expect_one_edition(session.instrument, read.instrument)
    documents, too_many = _fitting(read, session)
    previous, kept_out = _previous(read, session)
    plan = ImportPlan(
        answers_in=read.answers_in,
        answers=tuple(_planned_answer(session, item) for item in read.answers),
        entries=tuple(_planned_entry(session, item) for item in read.entries),
        documents=documents,
        previous=previous,
        general=(*read.problems, *too_many, *kept_out, *_about_another(read, session)),
    )
    assert plan.is_conserved, "every answer of the file has its fate"
    return plan


def apply_import(session: AssessmentSession, plan: ImportPlan) -> tuple[Change | EntryChange, ...]:
    """Take over what is new and changed, with authors and times, in one transaction; gives what changed."""
    changes = session.adopt(
        (item.answer for item in plan.answers if item.answer and item.fate in APPLIED),
        (item.entry for item in plan.entries if item.entry and item.fate in APPLIED),
        plan.documents,
    )
    if plan.previous:
        session.set_previous(plan.previous)
    return changes


def _planned_answer(session: AssessmentSession, item: ReadAnswer) -> PlannedAnswer:
    if item.answer is None:
        return PlannedAnswer(item.place, Fate.REFUSED, None, problem=item.problem)
    answer, problem = checked(session.instrument, item.answer)
    if problem:
        is_placed = locate(session.instrument, answer.key.address) is not None
        return PlannedAnswer(item.place, Fate.REFUSED if is_placed else Fate.UNPLACED, answer, problem=problem)
    before = session.content(answer.key)
    # An answer that says nothing takes nothing away.
    if answer.content in (before, EMPTY):
        return PlannedAnswer(item.place, Fate.SAME, answer, before, item.problem)
    fate = Fate.NEW if before.is_empty else Fate.CHANGED
    return PlannedAnswer(item.place, fate, answer, before, item.problem)


def _planned_entry(session: AssessmentSession, item: ReadEntry) -> PlannedEntry:
    if item.entry is None:
        return PlannedEntry(item.place, item.register, Fate.REFUSED, None, None, item.problem)
    before = session.entry(item.register, item.entry.id)
    return PlannedEntry(item.place, item.register, _fate(before, item.entry), item.entry, before, item.problem)


def _fate(before: Entry | None, entry: Entry) -> Fate:
    if before is None:
        return Fate.NEW
    return Fate.SAME if before == entry else Fate.CHANGED


def _fitting(read: ReadDossier, session: AssessmentSession) -> tuple[tuple[Document, ...], tuple[Problem, ...]]:
    """Choose the documents that are not held yet, as long as they fit."""
    held = session.documents_size
    fitting: list[Document] = []
    problems: list[Problem] = []
    for digest, content in read.documents.items():
        if session.holds(digest):
            continue
        if held + len(content) <= ALL_DOCUMENTS_LIMIT:
            held += len(content)
            fitting.append(Document(digest, content))
        else:
            message = N_("This document was left out: all documents together may have {most} MB.")
            most = (("most", str(ALL_DOCUMENTS_LIMIT // MEGABYTE)),)
            problems.append(Problem("import.documents", f"documents, {digest}", message, values=most))
    return tuple(fitting), tuple(problems)


def _previous(read: ReadDossier, session: AssessmentSession) -> tuple[Dossier | None, tuple[Problem, ...]]:
    if read.previous is None or read.previous == session.previous:
        return None, ()
    if session.previous is None:
        return read.previous, ()
    message = N_("The file holds another earlier round; the one in this assessment was kept.")
    return None, (Problem("import.previous", "previous", message, severity=Severity.WARNING),)


def _about_another(read: ReadDossier, session: AssessmentSession) -> Iterator[Problem]:
    yield from _differing(_of_mission(read.mission, session.mission))
    if read.instrument and read.instrument.id != session.instrument.id:
        message = N_("The file answers another instrument ({theirs} instead of {ours}).")
        values = (("theirs", read.instrument.id), ("ours", session.instrument.id))
        yield Problem("import.instrument", "instrument", message, values=values, severity=Severity.WARNING)


def _of_mission(theirs: Mission, ours: Mission) -> Iterable[tuple[str, str, str]]:
    return ("country", theirs.country, ours.country), ("round", theirs.round, ours.round)


def _differing(pairs: Iterable[tuple[str, str, str]]) -> Iterator[Problem]:
    for name, theirs, ours in pairs:
        if theirs and ours and theirs != ours:
            message = N_("The file is about another country or round ({theirs} instead of {ours}).")
            values = (("theirs", theirs), ("ours", ours))
            yield Problem(f"import.{name}", f"mission, {name}", message, values=values, severity=Severity.WARNING)
