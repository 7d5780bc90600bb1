"""Changes that belong together: stored in one transaction, and taken back exactly as it was before."""

from dataclasses import dataclass

from capacity_app.domain.answers import EMPTY, Answer, AnswerKey
from capacity_app.domain.assessment import Entry, register_of
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.services.changes import Change, EntryChange


@dataclass(frozen=True, slots=True)
class Bundle:
    """Answers with their authors and times (an empty one takes away), entries, and entries that go (register, id)."""

    answers: tuple[Answer, ...] = ()
    entries: tuple[Entry, ...] = ()
    removed: tuple[tuple[str, str], ...] = ()


def _standing(session: AssessmentSession, key: AnswerKey) -> Answer:
    said = (answer for answer in session.answers_at(key.address) if answer.key == key)
    return next(said, Answer(key=key, content=EMPTY))


def opposite(session: AssessmentSession, bundle: Bundle) -> Bundle:
    """Give what takes a bundle back that has not been stored yet, authors and times included."""
    places = [(register_of(entry), entry.id) for entry in bundle.entries] + list(bundle.removed)
    there = {place: session.entry(*place) for place in places}
    return Bundle(
        tuple(_standing(session, answer.key) for answer in bundle.answers),
        tuple(entry for entry in there.values() if entry is not None),
        tuple(place for place, entry in there.items() if entry is None),
    )


def store(session: AssessmentSession, bundle: Bundle) -> tuple[Change | EntryChange, ...]:
    """Store a bundle whole, or nothing of it (raises Refused); gives what changed."""
    return session.adopt(bundle.answers, bundle.entries, (), bundle.removed)
