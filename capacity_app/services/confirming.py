"""Answers of an earlier version of the instrument in an open assessment: confirmed or let go, as one bundle."""

from collections.abc import Iterable

from capacity_app.domain.answers import Answer
from capacity_app.domain.assessment import KeptAnswer
from capacity_app.domain.kept import confirmed, let_go, proposed_by, rivals
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.services.bundles import Bundle
from capacity_app.services.copies import now


def kept_answers(session: AssessmentSession) -> tuple[KeptAnswer, ...]:
    """Return all answers kept from earlier versions, those to confirm and those retired."""
    return tuple(entry for entry in session.entries("kept") if isinstance(entry, KeptAnswer))


def confirmation(session: AssessmentSession, chosen: Iterable[KeptAnswer]) -> Bundle:
    """Return what makes kept answers answers again, in the name of whoever gave them, said anew by who confirms.

    Of several offers for one place the first is confirmed; the others are kept as retired.
    """
    entries, time = kept_answers(session), now()
    answers: list[Answer] = []
    gone: list[tuple[str, str]] = []
    retired: dict[str, KeptAnswer] = {}
    for entry in chosen:
        proposal = proposed_by(entry)
        if proposal is None or entry.id in retired:
            continue
        key, content = confirmed(entry, session.content(proposal.key))
        answers.append(Answer(key=key, content=content, author=session.author, time=time, language=session.language))
        gone.append(("kept", entry.id))
        retired |= {other.id: let_go(other) for other in rivals(entry, entries)}
    return Bundle(tuple(answers), tuple(retired.values()), tuple(gone))


def letting_go(chosen: Iterable[KeptAnswer]) -> Bundle:
    """Return what keeps answers only as what was said under the earlier version."""
    return Bundle(entries=tuple(let_go(entry) for entry in chosen))
