"""Changes that belong together: stored in one transaction, and undone exactly as it was before.

What an import brought is undone by the person who undoes it, at that time: the answers before it are recorded anew.
"""

from dataclasses import dataclass, replace

from capacity_app.domain.answers import EMPTY, Answer, AnswerKey
from capacity_app.domain.assessment import Entry, ReturnedFile, register_of
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.services.changes import Change, EntryChange
from capacity_app.services.copies import now
from capacity_app.store.assessment_file import Document


@dataclass(frozen=True, slots=True)
class Bundle:
    """Answers with their authors and times (an empty one takes away), entries, and entries that go (register, id).

    ``documents`` are held from then on, also when the bundle is taken back. ``returned`` is the file the answers came
    in: its entry learns by which revisions they were recorded, each time they are. ``undone`` is the file whose import
    this bundle undoes: its entry stays, and says who undid it and when.
    """

    answers: tuple[Answer, ...] = ()
    entries: tuple[Entry, ...] = ()
    removed: tuple[tuple[str, str], ...] = ()
    documents: tuple[Document, ...] = ()
    returned: ReturnedFile | None = None
    undone: ReturnedFile | None = None


def _standing(session: AssessmentSession, key: AnswerKey) -> Answer:
    said = (answer for answer in session.answers_at(key.address) if answer.key == key)
    return next(said, Answer(key=key, content=EMPTY))


def opposite(session: AssessmentSession, bundle: Bundle) -> Bundle:
    """Return what undoes a bundle that has not been stored yet, authors and times included.

    An agency that was entered with an import stays: the file that stays listed is its file.
    """
    named = ("agencies", bundle.returned.agency) if bundle.returned else None
    places = [place for entry in bundle.entries if (place := (register_of(entry), entry.id)) != named]
    places += bundle.removed
    there = {place: session.entry(*place) for place in places}
    return Bundle(
        tuple(_standing(session, answer.key) for answer in bundle.answers),
        tuple(entry for entry in there.values() if entry is not None),
        tuple(place for place, entry in there.items() if entry is None),
        returned=bundle.undone,
        undone=bundle.returned,
    )


def store(session: AssessmentSession, bundle: Bundle) -> tuple[Change | EntryChange, ...]:
    """Store a bundle whole, or nothing of it (raises Refused); gives what changed."""
    answers, entries = bundle.answers, bundle.entries
    if bundle.undone:
        time, entry = now(), session.entry("returns", bundle.undone.id)
        known = entry if isinstance(entry, ReturnedFile) else bundle.undone
        answers = tuple(replace(answer, author=session.author, time=time) for answer in answers)
        entries = (*entries, replace(known, undone=time, undone_by=session.author))
    return session.adopt(answers, entries, bundle.documents, bundle.removed, returned=bundle.returned)
