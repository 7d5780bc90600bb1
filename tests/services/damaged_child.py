"""A child that opens damaged files, rescues what it can and says what came of it; it may crash or hang without us."""

from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from capacity_app.domain.keys import Keyring
from capacity_app.domain.problems import KnownError
from capacity_app.services import salvage
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.services.ledger import answer_of
from tests.builders import DEVICE

if TYPE_CHECKING:
    from capacity_app.domain.answers import Answer


@dataclass(frozen=True)
class Outcome:
    """What came of one file: how it opened, the sentence if it did not, what was rescued, and what is wrong with that.

    ``rescued`` is the share of the answers in the rescued file, None if there is none; ``strange`` names what is in it
    and was never in the original.
    """

    opened: str
    sentence: str = ""
    refusal: str = ""
    rescued: float | None = None
    strange: tuple[str, ...] = ()


def serve(orders: Connection, original: Path, keys: Keyring) -> None:
    """Look at one damaged file after the other until nobody asks any more."""
    with AssessmentSession(original, device=DEVICE, keys=keys, read_only=True) as whole:
        orders.send(None)
        while (order := orders.recv()) is not None:
            orders.send(_look_at(order, whole, keys))


def _look_at(file: Path, whole: AssessmentSession, keys: Keyring) -> Outcome:
    opened, sentence = _opened(file, whole, keys)
    out = file.with_name("rescued.assessment")
    out.unlink(missing_ok=True)
    try:
        found = salvage.salvage(file, keys)
        salvage.write(found, out)
    except KnownError as error:
        return Outcome(opened, sentence, refusal=error.text())
    with AssessmentSession(out, device=DEVICE, keys=keys) as session:
        assert not session.check_file()
        before, after = set(whole.dossier().answers), set(session.dossier().answers)
        share = len(before & after) / max(1, len(before))
        documents = (f"document {name}" for name in found.wreck.found.documents if not whole.holds(name))
        return Outcome(opened, sentence, "", share, (*documents, *_strange(session, whole)))


def _opened(file: Path, whole: AssessmentSession, keys: Keyring) -> tuple[str, str]:
    try:
        with AssessmentSession(file, device=DEVICE, keys=keys) as session:
            if session.dossier() == whole.dossier():
                return "equal", ""
            if replace(session.dossier(), previous=whole.previous) == whole.dossier():
                return "all but the earlier round", ""  # which nothing in the file bears out
            # A single wrong bit in what somebody wrote breaks no database; the thorough check must find it.
            return "told by the check" if session.check_file() else "different and not told", ""
    except KnownError as error:
        return "refused", error.text()


def _strange(session: AssessmentSession, whole: AssessmentSession) -> list[str]:
    """List what was never in the original."""
    known = {one.id: one for one in whole.known.answers.all()}
    entries = {one.id: one for one in whole.known.entries.all()}
    said: set[Answer] = {answer_of(one) for one in known.values()}
    put = {(one.register, one.entry, one.content) for one in entries.values()}
    strange = [
        f"{one.id} {one.key.address}"
        for one in session.known.answers.all()
        if known.get(one.id) != one and (one.id in known or answer_of(one) not in said)
    ]
    strange += [
        f"{one.id} {one.register}/{one.entry}"
        for one in session.known.entries.all()
        if entries.get(one.id) != one and (one.id in entries or (one.register, one.entry, one.content) not in put)
    ]
    if session.instrument != whole.instrument:
        strange.append("the questionnaire")
    return strange
