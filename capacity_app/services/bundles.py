"""Changes that belong together: stored in one transaction, and taken back exactly as it was before."""

from dataclasses import dataclass

from capacity_app.domain.answers import EMPTY, Answer, AnswerKey
from capacity_app.domain.assessment import Entry, ReturnedFile, register_of
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.services.changes import Change, EntryChange
from capacity_app.store.assessment_file import Document


@dataclass(frozen=True, slots=True)
class Bundle:
    """Answers with their authors and times (an empty one takes away), entries, and entries that go (register, id).

    ``documents`` are held from then on, also when the bundle is taken back. ``returned`` is the file the answers came
    in: its entry learns by which revisions they were recorded, each time they are.
    """

    answers: tuple[Answer, ...] = ()
    entries: tuple[Entry, ...] = ()
    removed: tuple[tuple[str, str], ...] = ()
    documents: tuple[Document, ...] = ()
    returned: ReturnedFile | None = None


def _standing(session: AssessmentSession, key: AnswerKey) -> Answer:
    said = (answer for answer in session.answers_at(key.address) if answer.key == key)
    return next(said, Answer(key=key, content=EMPTY))


def opposite(session: AssessmentSession, bundle: Bundle) -> Bundle:
    """Give what takes a bundle back that has not been stored yet, authors and times included."""
    entries = (*bundle.entries, bundle.returned) if bundle.returned else bundle.entries
    places = [(register_of(entry), entry.id) for entry in entries] + list(bundle.removed)
    there = {place: session.entry(*place) for place in places}
    return Bundle(
        tuple(_standing(session, answer.key) for answer in bundle.answers),
        tuple(entry for entry in there.values() if entry is not None),
        tuple(place for place, entry in there.items() if entry is None),
    )


def store(session: AssessmentSession, bundle: Bundle) -> tuple[Change | EntryChange, ...]:
    """Store a bundle whole, or nothing of it (raises Refused); gives what changed."""
    return session.adopt(bundle.answers, bundle.entries, bundle.documents, bundle.removed, returned=bundle.returned)
