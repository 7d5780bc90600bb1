"""A child that opens damaged files, recovers what it can and says what came of it; it may crash or hang without us."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path

from capacity_app.domain.assessment.registers import REGISTERS
from capacity_app.domain.encryption_keys import Keyring
from capacity_app.domain.problems import KnownError
from capacity_app.services import corrupted_file
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.revision_log import answer_from_revision
from tests.builders import DEVICE


@dataclass(frozen=True)
class Outcome:
    """What came of one file: how it opened, the sentence if it did not, what was recovered, and what is wrong in it.

    ``recovered`` is the share of the answers in the recovered file, None if there is none; ``strange`` names what it
    says that was never in the original, and that nobody is told to look at.
    """

    opened: str
    sentence: str = ""
    refusal: str = ""
    recovered: float | None = None
    strange: tuple[str, ...] = ()


def serve(orders: Connection, original: Path, keys: Keyring) -> None:
    """Look at one damaged file after the other until nobody asks any more."""
    with AssessmentSession(original, device=DEVICE, keys=keys, read_only=True) as whole:
        orders.send(None)
        while (order := orders.recv()) is not None:
            orders.send(_look_at(order, whole, keys))


def _look_at(file: Path, whole: AssessmentSession, keys: Keyring) -> Outcome:
    opened, sentence = _opened(file, whole, keys)
    out = file.with_name("recovered.assessment")
    out.unlink(missing_ok=True)
    try:
        found = corrupted_file.read_corrupted(file, keys)
        corrupted_file.write_recovered_file(found, out)
    except KnownError as error:
        return Outcome(opened, sentence, refusal=error.text())
    with AssessmentSession(out, device=DEVICE, keys=keys) as session:
        problems = {problem.code for problem in session.check_file()}
        assert problems <= ({"file.no_document"} if found.lost[corrupted_file.DOCUMENTS] else set())
        before, after = set(whole.dossier().answers), set(session.dossier().answers)
        share = len(before & after) / max(1, len(before))
        documents = (f"document {name}" for name in found.documents if not whole.holds(name))
        return Outcome(opened, sentence, "", share, (*documents, *_strange(session, whole, found.places)))


def _opened(file: Path, whole: AssessmentSession, keys: Keyring) -> tuple[str, str]:
    try:
        with AssessmentSession(file, device=DEVICE, keys=keys) as session:
            if session.dossier() == whole.dossier():
                return "equal", ""
            if replace(session.dossier(), previous=whole.previous) == whole.dossier():
                return "all but the previous round", ""  # which nothing in the file bears out
            # A single wrong bit in what somebody wrote breaks no database; the thorough check must find it.
            return "told by the check" if session.check_file() else "different and not told", ""
    except KnownError as error:
        return "refused", error.text()


def _strange(session: AssessmentSession, whole: AssessmentSession, places: Iterable[str]) -> list[str]:
    """List what is said now, was never said in the original, and is not among the places to be looked at."""
    said = {answer_from_revision(one) for one in whole.known.answers.all()}
    put = {(one.register, one.content) for one in whole.known.entries.all()}
    strange = {str(one.key.address) for one in session.dossier().answers if one not in said}
    strange |= {
        f"{register}/{one.id}"
        for register in REGISTERS
        for one in session.entries(register)
        if (register, one) not in put
    }
    return [*sorted(strange - set(places)), *(["the questionnaire"] if session.instrument != whole.instrument else [])]
