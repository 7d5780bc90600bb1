"""A workbook or Word file that came back: what it would change is shown, decided on, taken in and taken back."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from capacity_app.cli.differences import difference_data, tell_difference
from capacity_app.cli.speaking import DONE, PROBLEMS, list_problems, open_assessment, print_json, say
from capacity_app.domain.answers import Address
from capacity_app.domain.assessment import Agency, ReturnedFile
from capacity_app.domain.deciding import Decisions, Difference, Fate, Side
from capacity_app.domain.places import find_place
from capacity_app.domain.problems import N_, KnownError
from capacity_app.domain.proposal import Proposal, default_side, taken, undecided
from capacity_app.domain.returned import Returned
from capacity_app.domain.signature import SignatureState
from capacity_app.domain.thinning import Reason
from capacity_app.services import guard, intake
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.services.bundles import store
from capacity_app.services.results import problem_data
from capacity_app.services.signing import state_of
from capacity_app.services.strangers.child import read_file
from capacity_app.texts import Texts
from capacity_app.wording import SIGNATURE_WORDS, Wording

ACCEPT = ("all", "new", "none")
"""What ``--accept`` may say; without it all that is not contested and takes nothing away is accepted."""
WHOSE = N_("“{file}” does not say clearly whose answers it brings (“{written}”): add --agency with one of {known}.")
UNKNOWN_AGENCY = N_("There is no agency “{name}”. Known are: {known}.")
NO_DIFFERENCE = N_("The file changes nothing at “{place}”: name a place that is listed by --dry-run.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done with a returned file, by the names of the options."""

    agency: str = ""
    accept: str | None = None
    take: tuple[str, ...] = ()
    dry_run: bool = False
    as_json: bool = False


# -- deciding ------------------------------------------------------------------------------------------------------


def _known(session: AssessmentSession) -> tuple[list[Agency], str]:
    agencies = [entry for entry in session.entries("agencies") if isinstance(entry, Agency)]
    return agencies, ", ".join(f"{one.id} ({one.short or one.name})" for one in agencies) or "–"


def _agency(session: AssessmentSession, returned: Returned, wanted: str) -> str:
    agencies, known = _known(session)
    if wanted:
        found = intake.named_agency(agencies, wanted)
        if not found:
            raise KnownError(UNKNOWN_AGENCY, name=wanted, known=known)
        return found
    found = intake.recognised_agency(session, returned)
    if not found:
        raise KnownError(WHOSE, file=returned.file, written=returned.agency, known=known)
    return found


def _is_at(difference: Difference, place: Address) -> bool:
    assert difference.key is not None, "a returned file brings answers"
    here = difference.key.address
    return here.question == place.question and place.row in {"", here.row} and place.column in {"", here.column}


def _at(session: AssessmentSession, proposal: Proposal, named: str) -> list[Difference]:
    place = find_place(session.instrument, named)
    found = [one for one in proposal.differences if place is not None and _is_at(one, place)]
    if not found:
        raise KnownError(NO_DIFFERENCE, place=named)
    return found


def _accepted(difference: Difference, accept: str | None) -> Side | None:
    match accept:
        case "all":
            return Side.THEIRS
        case "new":
            return default_side(difference) if difference.fate is Fate.NEW else Side.MINE
        case "none":
            return Side.MINE
    return default_side(difference)


def decided(session: AssessmentSession, proposal: Proposal, wanted: Wanted) -> Decisions:
    """Decide as the options say; what they leave open is not in it."""
    sides = {one.id: _accepted(one, wanted.accept) for one in proposal.differences}
    for named in wanted.take:
        sides |= dict.fromkeys((one.id for one in _at(session, proposal, named)), Side.THEIRS)
    return {name: side for name, side in sides.items() if side is not None}


# -- showing -------------------------------------------------------------------------------------------------------


def _sender(words: Wording, proposal: Proposal) -> str:
    returned = proposal.returned
    date = words.texts.date(returned.date) if returned.date else ""
    return words.texts.listed(part for part in (words.agency_in_full(proposal.agency), returned.person, date) if part)


def _signature(texts: Texts, state: SignatureState, key: str, returned: Returned) -> str:
    said = texts.gettext(SIGNATURE_WORDS[state])
    if key:
        said = texts.gettext("{signature}, with the key “{words}”").format(signature=said, words=key)
    if state is not SignatureState.EDITED:
        return said
    cells = ", ".join(one.place or str(one.address) for one in returned.edited)
    return f"{said}: {cells}"


def _tell_counts(texts: Texts, proposal: Proposal) -> None:
    say(texts.gettext(
        "{given} answers: {same} the same, {new} new, {changed} changed, {cleared} cleared, {refused} refused, "
        "{unplaced} without a place."
    ).format(**asdict(proposal.counts)))  # fmt: skip
    if proposal.contested:
        say(texts.ngettext(
            "{count} was changed on both sides and is to be decided.",
            "{count} were changed on both sides and are to be decided.",
            len(proposal.contested),
        ).format(count=len(proposal.contested)))  # fmt: skip


def _tell(texts: Texts, words: Wording, proposal: Proposal) -> None:
    state, key = state_of(proposal.returned)
    say(texts.gettext("From: {sender}").format(sender=_sender(words, proposal)))
    say(texts.gettext("Signature: {signature}").format(signature=_signature(texts, state, key, proposal.returned)))
    _tell_counts(texts, proposal)
    for difference in proposal.differences:
        tell_difference(words, difference)
    for remark in proposal.remarks:
        place = words.place(remark.address)
        say(texts.gettext("Remark on {place} ({cell}): {text}").format(
            place=place, cell=remark.place or remark.address, text=remark.text
        ))  # fmt: skip
    for lost in proposal.unplaced:
        reason = texts.gettext(lost.reason) if lost.reason else ""
        say(texts.gettext("Without a place, {cell}: {text}").format(cell=lost.place, text=lost.text) + f"  {reason}")
    refused = {one.problem for one in proposal.differences}
    list_problems((problem for problem in proposal.problems if problem not in refused), texts.gettext)


def _tell_outcome(texts: Texts, entry: ReturnedFile | None, chosen: int, open_: Sequence[Difference]) -> None:
    if open_:
        say(texts.ngettext(
            "{count} answer stays as it is here until somebody decides (--take {first}, or --accept all).",
            "{count} answers stay as they are here until somebody decides (--take {first} …, or --accept all).",
            len(open_),
        ).format(count=len(open_), first=open_[0].id))  # fmt: skip
    if entry is None:
        say(texts.gettext("Nothing was changed: this was a trial run."))
        return
    said = texts.ngettext(
        "{count} answer was taken in, the file is kept as {id}.", "{count} answers were taken in, the file is kept as "
        "{id}.", chosen,
    )  # fmt: skip
    say(said.format(count=chosen, id=entry.id))


def _data(
    texts: Texts, words: Wording, proposal: Proposal, decisions: Decisions, entry: ReturnedFile | None
) -> dict[str, Any]:
    state, key = state_of(proposal.returned)
    returned = proposal.returned
    return {
        "file": returned.file,
        "sha256": returned.sha256,
        "agency": proposal.agency,
        "person": returned.person,
        "date": returned.date,
        "signature": state.value,
        "signed_by": key,
        "edited": [{"address": str(one.address), "place": one.place} for one in returned.edited],
        **asdict(proposal.counts),
        "contested": len(proposal.contested),
        "taken": len(taken(proposal, decisions)),
        "undecided": [one.id for one in undecided(proposal, decisions)],
        "differences": [difference_data(words, one) for one in proposal.differences],
        "remarks": [{"address": str(one.address), "place": one.place, "text": one.text} for one in proposal.remarks],
        "without_place": [
            {"place": one.place, "text": one.text, "reason": texts.gettext(one.reason) if one.reason else ""}
            for one in proposal.unplaced
        ],
        "problems": [problem_data(problem, texts.gettext) for problem in proposal.problems],
        "return": entry.id if entry else None,
    }


# -- doing ---------------------------------------------------------------------------------------------------------


def import_returned(texts: Texts, file: Path, source: Path, wanted: Wanted) -> int:
    """Take a returned file in, or show what that would do; gives the exit code.

    A file of several submissions is taken in one by one, each as one agency's answers and as one step.
    """
    with open_assessment(file, read_only=wanted.dry_run) as session:
        returned = read_file(source, session.instrument)
        if not returned.others:
            data, code = _import_one(texts, session, source, returned, wanted)
        else:
            submissions = (returned, *returned.others)
            found = [_import_several(texts, session, source, one, wanted) for one in submissions]
            data, code = {"submissions": [said for said, _ in found]}, max(code for _, code in found)
    if wanted.as_json:
        print_json(data)
    return code


def _import_several(
    texts: Texts, session: AssessmentSession, source: Path, returned: Returned, wanted: Wanted
) -> tuple[dict[str, Any], int]:
    """Take one of several submissions in; one that cannot be taken stops none of the others."""
    if not wanted.as_json:
        say(texts.gettext("Submission “{file}”").format(file=returned.file))
    try:
        return _import_one(texts, session, source, returned, wanted)
    except KnownError as error:
        if not wanted.as_json:
            say(error.text(texts.gettext))
        return {"file": returned.file, "error": error.text(texts.gettext)}, PROBLEMS


def _import_one(
    texts: Texts, session: AssessmentSession, source: Path, returned: Returned, wanted: Wanted
) -> tuple[dict[str, Any], int]:
    proposal = intake.propose_intake(session, returned, _agency(session, returned, wanted.agency))
    words = Wording(texts, session.dossier())
    decisions = decided(session, proposal, wanted)
    if not wanted.as_json:
        _tell(texts, words, proposal)
    entry = None if wanted.dry_run else _take_in(session, proposal, decisions, source)
    chosen, open_ = taken(proposal, decisions), undecided(proposal, decisions)
    if not wanted.as_json:
        _tell_outcome(texts, entry, len(chosen), open_)
    code = PROBLEMS if proposal.problems or proposal.unplaced or open_ else DONE
    return _data(texts, words, proposal, decisions, entry), code


def _take_in(session: AssessmentSession, proposal: Proposal, decisions: Decisions, source: Path) -> ReturnedFile | None:
    bundle = intake.accept(session, proposal, decisions, guard.returned_content(source))
    session.back_up(Reason.INTAKE)
    store(session, bundle)
    return bundle.returned


def take_back_returned(texts: Texts, file: Path, name: str, wanted: Wanted) -> int:
    """Take a returned file back; gives the exit code: what was changed since is listed and stays."""
    with open_assessment(file, read_only=wanted.dry_run) as session:
        found = intake.take_back(session, name)
        words = Wording(texts, session.dossier())
        if not wanted.dry_run:
            store(session, found.bundle)
    if wanted.as_json:
        print_json({
            "restored": [str(key.address) for key in found.restored],
            "left": [str(key.address) for key in found.left],
        })  # fmt: skip
        return PROBLEMS if found.left else DONE
    say(texts.ngettext(
        "{count} answer is as it was before the file was taken in.",
        "{count} answers are as they were before the file was taken in.",
        len(found.restored),
    ).format(count=len(found.restored)))  # fmt: skip
    for key in found.left:
        say(texts.gettext("{place} was changed since and stays as it is.").format(place=words.place(key.address)))
    if wanted.dry_run:
        say(texts.gettext("Nothing was changed: this was a trial run."))
    return PROBLEMS if found.left else DONE
