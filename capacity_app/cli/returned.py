"""A workbook or Word file that came back: what it would change is shown and decided on; importing and undoing."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from capacity_app.cli.differences import difference_data, tell_difference
from capacity_app.cli.speaking import DONE, PROBLEMS, list_problems, print_json, say
from capacity_app.cli.unlocking import open_assessment
from capacity_app.domain.answers import Address
from capacity_app.domain.assessment import Agency, ReturnedFile, Source
from capacity_app.domain.deciding import Decisions, Difference, Fate, Side
from capacity_app.domain.places import find_place
from capacity_app.domain.problems import N_, KnownError
from capacity_app.domain.proposal import Proposal, default_side, named_agency, taken, undecided
from capacity_app.domain.returned import Returned
from capacity_app.domain.thinning import Reason
from capacity_app.services import guard, intake
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.services.bundles import store
from capacity_app.services.results import problem_data
from capacity_app.services.strangers.child import read_file
from capacity_app.texts import Texts
from capacity_app.wording import Wording

ACCEPT = ("all", "new", "none")
"""What ``--accept`` may say; without it all that is not contested and takes nothing away is accepted."""
WHOSE = N_(
    "“{file}” does not name the agency that gave the answers. Nothing was changed. Add --agency with one of: {known}. "
    "To enter another one: capacity-app register add {assessment} agencies NAME."
)
WHO_IS = N_(
    "“{file}” names “{written}”, which is not one agency of this assessment. Nothing was changed. Add --agency with "
    "one of: {known}. To enter another one: capacity-app register add {assessment} agencies NAME."
)
LIKELY = N_(
    "{agency} is likely: {agreeing} of {edited} edited answers repeat an answer or a note of it. Add --agency {id} if "
    "that is right."
)
LIKELY_ALONE = N_(
    "{agency} is likely: the file holds the answers of this agency alone. Add --agency {id} if that is right."
)
NO_AGENCIES = N_(
    "This assessment has no agency yet. Nothing was changed. Enter one first: capacity-app register add {file} "
    'agencies "NAME".'
)
UNKNOWN_AGENCY = N_(
    "There is no agency “{name}”. Nothing was changed. Known are: {known}. To enter another one: capacity-app register "
    'add {file} agencies "NAME".'
)
NO_DIFFERENCE = N_("The file changes nothing at “{place}”. Nothing was changed. Name a place that --dry-run lists.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done with a returned file, by the names of the options."""

    agency: str = ""
    accept: str | None = None
    take: tuple[str, ...] = ()
    dry_run: bool = False
    as_json: bool = False


# -- deciding ------------------------------------------------------------------------------------------------------


def _agency(texts: Texts, session: AssessmentSession, returned: Returned, wanted: str) -> str:
    agencies = [entry for entry in session.entries("agencies") if isinstance(entry, Agency)]
    if not agencies:
        raise KnownError(NO_AGENCIES, file=session.file.name)
    known = ", ".join(f"{one.id} ({one.short or one.name})" for one in agencies)
    if wanted:
        found = named_agency(agencies, wanted)
        if not found:
            raise KnownError(UNKNOWN_AGENCY, name=wanted, known=known, file=session.file.name)
        return found
    found = intake.recognised_agency(session, returned)
    if not found:
        if likely := intake.suggested_agency(session, returned):
            name = next(one.name or one.short or one.id for one in agencies if one.id == likely.agency)
            said = texts.gettext(LIKELY if likely.edited else LIKELY_ALONE)
            say(said.format(agency=name, id=likely.agency, agreeing=likely.agreeing, edited=likely.edited))
        written = intake.written_agency(returned)
        raise KnownError(
            WHO_IS if written else WHOSE, file=returned.file, written=written, known=known, assessment=session.file.name
        )
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


def _tell_counts(texts: Texts, proposal: Proposal) -> None:
    counts = proposal.counts
    parts = (
        (counts.outdated, N_("{count} not edited, and different here since")),
        (counts.others, N_("{count} not of this agency")),
        (counts.unplaced, N_("{count} could not be placed")),
    )
    said = texts.gettext(
        "{given} answers and texts in the file: {same} the same as here, {new} new, {changed} changed, {cleared} "
        "cleared, {refused} refused"
    ).format(**asdict(counts))  # fmt: skip
    more = (texts.gettext(word).format(count=count) for count, word in parts if count)
    say(f"{', '.join((said, *more))}.")
    if proposal.contested:
        say(texts.ngettext(
            "{count} differs from the answer given here and waits for your decision.",
            "{count} differ from the answers given here and wait for your decision.",
            len(proposal.contested),
        ).format(count=len(proposal.contested)))  # fmt: skip


def _tell(texts: Texts, words: Wording, proposal: Proposal) -> None:
    say(texts.gettext("From: {sender}").format(sender=_sender(words, proposal)))
    if proposal.returned.recorded and proposal.returned.edited:
        cells = ", ".join(one.place or str(one.address) for one in proposal.returned.edited)
        say(texts.gettext("Edited since the program made the file: {cells}").format(cells=cells))
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
        say(
            texts.gettext("Belongs to no question, {cell}: {text}").format(cell=lost.place, text=lost.text)
            + f"  {reason}"
        )
    refused = {one.problem for one in proposal.differences}
    list_problems((problem for problem in proposal.problems if problem not in refused), texts.gettext)


def _tell_outcome(texts: Texts, entry: ReturnedFile | None, chosen: int, open_: Sequence[Difference]) -> None:
    if open_:
        say(texts.ngettext(
            "{count} answer is not imported until you decide (--take {first}, or --accept all).",
            "{count} answers are not imported until you decide (--take {first} …, or --accept all).",
            len(open_),
        ).format(count=len(open_), first=open_[0].id))  # fmt: skip
    if entry is None:
        say(texts.gettext("Nothing was changed: this was a trial run."))
        return
    said = texts.ngettext(
        "{count} answer was imported. The file is kept as {id}.",
        "{count} answers were imported. The file is kept as {id}.",
        chosen,
    )  # fmt: skip
    say(said.format(count=chosen, id=entry.id))


def _data(
    texts: Texts, words: Wording, proposal: Proposal, decisions: Decisions, entry: ReturnedFile | None
) -> dict[str, Any]:
    returned = proposal.returned
    return {
        "file": returned.file,
        "sha256": returned.sha256,
        "agency": proposal.agency,
        "person": returned.person,
        "date": returned.date,
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
    """Import a returned file, or show what that would do; gives the exit code.

    A file of several submissions is imported one by one, each as one agency's answers and as one step.
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
    """Import one of several submissions; one that cannot be imported stops none of the others."""
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
    proposal = intake.propose_intake(session, returned, _agency(texts, session, returned, wanted.agency))
    words = _words(texts, session, proposal)
    decisions = decided(session, proposal, wanted)
    if not wanted.as_json:
        _tell(texts, words, proposal)
    entry = None if wanted.dry_run else _take_in(session, proposal, decisions, source)
    chosen, open_ = taken(proposal, decisions), undecided(proposal, decisions)
    if not wanted.as_json:
        _tell_outcome(texts, entry, len(chosen), open_)
    code = PROBLEMS if proposal.problems or proposal.unplaced or open_ else DONE
    return _data(texts, words, proposal, decisions, entry), code


def _words(texts: Texts, session: AssessmentSession, proposal: Proposal) -> Wording:
    """Return the words of an assessment, with the agencies and sources that the file names and that are not here."""
    dossier = session.dossier()
    agencies = (one for one in proposal.entries if isinstance(one, Agency))
    sources = (one for one in proposal.entries if isinstance(one, Source))
    named = replace(dossier, agencies=(*dossier.agencies, *agencies), sources=(*dossier.sources, *sources))
    return Wording(texts, named)


def _take_in(session: AssessmentSession, proposal: Proposal, decisions: Decisions, source: Path) -> ReturnedFile | None:
    bundle = intake.accept(session, proposal, decisions, guard.returned_content(source))
    session.back_up(Reason.INTAKE)
    store(session, bundle)
    return bundle.returned


def undo_returned(texts: Texts, file: Path, name: str, wanted: Wanted) -> int:
    """Undo the import of a returned file; gives the exit code: what was changed since is listed and stays."""
    with open_assessment(file, read_only=wanted.dry_run) as session:
        found = intake.undo_import(session, name)
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
        "{count} answer is as it was before the import.",
        "{count} answers are as they were before the import.",
        len(found.restored),
    ).format(count=len(found.restored)))  # fmt: skip
    for key in found.left:
        say(texts.gettext("{place} was changed since and stays as it is.").format(place=words.place(key.address)))
    if wanted.dry_run:
        say(texts.gettext("Nothing was changed: this was a trial run."))
    return PROBLEMS if found.left else DONE
