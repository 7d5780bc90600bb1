"""The command that brings answers in: import, also of returned files, and undoing it."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from capacity_app.cli.answers import difference_data, print_difference
from capacity_app.cli.merging import merge_in
from capacity_app.cli.options import FILE, add_option, as_json_option, command, dry_run_option, file_argument
from capacity_app.cli.terminal import MOST_LISTED, open_assessment, print_json, print_problems, say
from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.duplicates import find_agency_by_name
from capacity_app.domain.assessment.merging import Decisions, DecisionSide, DiffKind, MergeDifference
from capacity_app.domain.assessment.registers import Agency, DataSource, ReturnedFile
from capacity_app.domain.assessment.returned_files import (
    ImportProposal,
    ReturnedContent,
    accepted_differences,
    default_side,
    undecided_differences,
)
from capacity_app.domain.backup_retention import BackupReason
from capacity_app.domain.encryption_keys import SALT_BYTES
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError, Problem, problem_data
from capacity_app.domain.questionnaire.search import find_place
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.questionnaires.library import with_officer_texts
from capacity_app.services.exchange import dossier_import, returned_files, verification
from capacity_app.services.session import entries_and_documents
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.change_sets import store_change_set
from capacity_app.services.session.dossier_json import dossier_from_json
from capacity_app.services.session.file_writing import create_from_dossier
from capacity_app.services.untrusted import inspection
from capacity_app.services.untrusted.reading_process import read_in_child
from capacity_app.storage.opening import looks_protected

ACCEPT_CHOICES = ("all", "new", "none")
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
class ImportOptions:
    """What is to be done with a returned file, by the names of the options."""

    agency: str = ""
    accept: str | None = None
    take: tuple[str, ...] = ()
    dry_run: bool = False
    as_json: bool = False


# -- deciding ------------------------------------------------------------------------------------------------------


def _agency(texts: Translator, session: AssessmentSession, returned: ReturnedContent, wanted: str) -> str:
    agencies = [entry for entry in session.entries("agencies") if isinstance(entry, Agency)]
    if not agencies:
        raise KnownError(NO_AGENCIES, file=session.file.name)
    known = ", ".join(f"{one.id} ({one.short or one.name})" for one in agencies)
    if wanted:
        found = find_agency_by_name(agencies, wanted)
        if not found:
            raise KnownError(UNKNOWN_AGENCY, name=wanted, known=known, file=session.file.name)
        return found
    found = returned_files.recognised_agency(session, returned)
    if not found:
        if likely := returned_files.suggested_agency(session, returned):
            name = next(one.name or one.short or one.id for one in agencies if one.id == likely.agency)
            said = texts.gettext(LIKELY if likely.edited else LIKELY_ALONE)
            say(said.format(agency=name, id=likely.agency, agreeing=likely.agreeing, edited=likely.edited))
        written = returned_files.stated_agency(returned)
        raise KnownError(
            WHO_IS if written else WHOSE, file=returned.file, written=written, known=known, assessment=session.file.name
        )
    return found


def _is_at(difference: MergeDifference, place: Address) -> bool:
    if difference.key is None:
        return False
    here = difference.key.address
    return here.question == place.question and place.row in {"", here.row} and place.column in {"", here.column}


def _at(session: AssessmentSession, proposal: ImportProposal, named: str) -> list[MergeDifference]:
    place = find_place(session.instrument, named)
    found = [one for one in proposal.differences if one.id == named] or [
        one for one in proposal.differences if place is not None and _is_at(one, place)
    ]
    if not found:
        raise KnownError(NO_DIFFERENCE, place=named)
    return found


def _accepted(difference: MergeDifference, accept: str | None) -> DecisionSide | None:
    match accept:
        case "all":
            return DecisionSide.THEIRS
        case "new":
            return default_side(difference) if difference.fate is DiffKind.NEW else DecisionSide.MINE
        case "none":
            return DecisionSide.MINE
    return default_side(difference)


def decide(session: AssessmentSession, proposal: ImportProposal, wanted: ImportOptions) -> Decisions:
    """Decide as the options say; what they leave open is not in it."""
    sides = {one.id: _accepted(one, wanted.accept) for one in proposal.differences}
    for named in wanted.take:
        sides |= dict.fromkeys((one.id for one in _at(session, proposal, named)), DecisionSide.THEIRS)
    return {name: side for name, side in sides.items() if side is not None}


# -- showing -------------------------------------------------------------------------------------------------------


def _sender(formatter: Formatter, proposal: ImportProposal) -> str:
    returned = proposal.returned
    date = formatter.texts.date(returned.date) if returned.date else ""
    return formatter.texts.listed(
        part for part in (formatter.agency_in_full(proposal.agency), returned.person, date) if part
    )


def _tell_counts(texts: Translator, proposal: ImportProposal) -> None:
    counts = proposal.counts
    parts = (
        (counts.outdated, N_("{count} not edited, and different here since")),
        (counts.others, N_("{count} not of this agency")),
        (counts.unplaced, N_("{count} could not be placed")),
    )
    said = texts.gettext(
        "{given} answers and texts in the file: {same} the same as here, {new} new, {changed} changed, {cleared} "
        "cleared, {refused} invalid"
    ).format(**asdict(counts))  # fmt: skip
    more = (texts.gettext(word).format(count=count) for count, word in parts if count)
    say(f"{', '.join((said, *more))}.")
    if proposal.contested:
        say(texts.ngettext(
            "{count} differs from the answer given here and waits for your decision.",
            "{count} differ from the answers given here and wait for your decision.",
            len(proposal.contested),
        ).format(count=len(proposal.contested)))  # fmt: skip


def _print_proposal(texts: Translator, formatter: Formatter, proposal: ImportProposal) -> None:
    say(texts.gettext("From: {sender}").format(sender=_sender(formatter, proposal)))
    if proposal.returned.recorded and proposal.returned.edited:
        cells = ", ".join(one.place or str(one.address) for one in proposal.returned.edited)
        say(texts.gettext("Edited since the program made the file: {cells}").format(cells=cells))
    _tell_counts(texts, proposal)
    for difference in proposal.differences:
        print_difference(formatter, difference)
    for remark in proposal.remarks:
        place = formatter.place(remark.address)
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
    print_problems((problem for problem in proposal.problems if problem not in refused), texts.gettext)


def _tell_outcome(texts: Translator, entry: ReturnedFile | None, chosen: int, open_: Sequence[MergeDifference]) -> None:
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


def _import_data(
    texts: Translator, formatter: Formatter, proposal: ImportProposal, decisions: Decisions, entry: ReturnedFile | None
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
        "taken": len(accepted_differences(proposal, decisions)),
        "undecided": [one.id for one in undecided_differences(proposal, decisions)],
        "differences": [difference_data(formatter, one) for one in proposal.differences],
        "remarks": [{"address": str(one.address), "place": one.place, "text": one.text} for one in proposal.remarks],
        "without_place": [
            {"place": one.place, "text": one.text, "reason": texts.gettext(one.reason) if one.reason else ""}
            for one in proposal.unplaced
        ],
        "problems": [problem_data(problem, texts.gettext) for problem in proposal.problems],
        "return": entry.id if entry else None,
    }


# -- doing ---------------------------------------------------------------------------------------------------------


def import_returned(texts: Translator, file: Path, source: Path, wanted: ImportOptions) -> bool:
    """Import a returned file, or show what that would do.

    A file of several submissions is imported one by one, each as one agency's answers and as one step.
    """
    with open_assessment(file, read_only=wanted.dry_run) as session:
        returned = verification.compare_with_assessment(read_in_child(source, session.instrument), session.dossier())
        if not returned.others:
            data, is_good = _import_one(texts, session, source, returned, wanted)
        else:
            submissions = (returned, *returned.others)
            found = [_import_several(texts, session, source, one, wanted) for one in submissions]
            data, is_good = {"submissions": [said for said, _ in found]}, all(good for _, good in found)
    if wanted.as_json:
        print_json(data)
    return is_good


def _import_several(
    texts: Translator, session: AssessmentSession, source: Path, returned: ReturnedContent, wanted: ImportOptions
) -> tuple[dict[str, Any], bool]:
    """Import one of several submissions; one that cannot be imported stops none of the others."""
    if not wanted.as_json:
        say(texts.gettext("Submission “{file}”").format(file=returned.file))
    try:
        return _import_one(texts, session, source, returned, wanted)
    except KnownError as error:
        if not wanted.as_json:
            say(error.text(texts.gettext))
        return {"file": returned.file, "error": error.text(texts.gettext)}, False


def _import_one(
    texts: Translator, session: AssessmentSession, source: Path, returned: ReturnedContent, wanted: ImportOptions
) -> tuple[dict[str, Any], bool]:
    proposal = returned_files.propose_import(session, returned, _agency(texts, session, returned, wanted.agency))
    formatter = _formatter_of(texts, session, proposal)
    decisions = decide(session, proposal, wanted)
    if not wanted.as_json:
        _print_proposal(texts, formatter, proposal)
    entry = None if wanted.dry_run else _import_answers(session, proposal, decisions, source)
    chosen, open_ = accepted_differences(proposal, decisions), undecided_differences(proposal, decisions)
    if not wanted.as_json:
        _tell_outcome(texts, entry, len(chosen), open_)
    is_good = not (proposal.problems or proposal.unplaced or open_)
    return _import_data(texts, formatter, proposal, decisions, entry), is_good


def _formatter_of(texts: Translator, session: AssessmentSession, proposal: ImportProposal) -> Formatter:
    """Return the words of an assessment, with the agencies and sources that the file names and that are not here."""
    dossier = session.dossier()
    agencies = (one for one in proposal.entries if isinstance(one, Agency))
    sources = (one for one in proposal.entries if isinstance(one, DataSource))
    named = replace(dossier, agencies=(*dossier.agencies, *agencies), sources=(*dossier.sources, *sources))
    return Formatter(texts, named)


def _import_answers(
    session: AssessmentSession, proposal: ImportProposal, decisions: Decisions, source: Path
) -> ReturnedFile | None:
    bundle = returned_files.import_change_set(session, proposal, decisions, inspection.read_returned_content(source))
    session.back_up(BackupReason.INTAKE)
    store_change_set(session, bundle)
    return bundle.returned


def undo_returned(texts: Translator, file: Path, name: str, wanted: ImportOptions) -> bool:
    """Undo the import of a returned file: what was changed since is listed and stays."""
    with open_assessment(file, read_only=wanted.dry_run) as session:
        found = returned_files.undo_import(session, name)
        formatter = Formatter(texts, session.dossier())
        if not wanted.dry_run:
            store_change_set(session, found.bundle)
    if wanted.as_json:
        print_json({
            "restored": [str(key.address) for key in found.restored],
            "left": [str(key.address) for key in found.left],
            "restored_texts": ["/".join(text) for text in found.restored_texts],
            "left_texts": ["/".join(text) for text in found.left_texts],
        })  # fmt: skip
        return found.is_complete
    say(texts.ngettext(
        "{count} answer is as it was before the import.",
        "{count} answers are as they were before the import.",
        len(found.restored),
    ).format(count=len(found.restored)))  # fmt: skip
    for text in found.restored_texts:
        say(texts.gettext("{place} is as it was before the import.").format(place=formatter.entry_field(*text)))
    left = (
        *(formatter.place(key.address) for key in found.left),
        *(formatter.entry_field(*t) for t in found.left_texts),
    )
    for place in left:
        say(texts.gettext("{place} was changed since and stays as it is.").format(place=place))
    if wanted.dry_run:
        say(texts.gettext("Nothing was changed: this was a trial run."))
    return found.is_complete


# The command that brings answers in: import.


_DATABASE = b"SQLite format 3\0"
_HEAD = 64


def _head(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(_HEAD)
    except OSError as error:
        raise inspection.refusal_of_error(error, file) from error


def _is_dossier(file: Path, head: bytes) -> bool:
    return file.suffix.lower() == ".json" or head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def _import_as_new(
    texts: Translator, file: Path, text: str, *, is_trial: bool
) -> tuple[dict[str, int], Sequence[Problem]]:
    dossier, documents, problems = dossier_from_json(text)
    if not is_trial:
        dossier = replace(dossier, instrument=with_officer_texts(dossier.instrument))
        create_from_dossier(file, dossier, documents, device=entries_and_documents.device_id())
        click.echo(texts.gettext("Made {file}.").format(file=file), err=True)
    refused = sum(problem.code.startswith("answer.") for problem in problems)
    given = len(dossier.answers)
    return {
        "given": given + refused,
        "same": 0,
        "new": given,
        "changed": 0,
        "refused": refused,
        "unplaced": 0,
    }, problems


def _import_into(file: Path, text: str, *, is_trial: bool) -> tuple[dict[str, int], Sequence[Problem]]:
    with open_assessment(file, read_only=is_trial) as session:
        plan = dossier_import.plan_import(session, text)
        if not is_trial:
            dossier_import.apply_import(session, plan)
    counts = {fate.value: plan.count(fate) for fate in dossier_import.ImportOutcome}
    return {"given": plan.answers_in, **counts}, plan.problems


def _import_dossier(texts: Translator, file: Path, source: Path, wanted: ImportOptions) -> bool:
    text = inspection.read_dossier_text(source)
    if file.exists():
        counts, problems = _import_into(file, text, is_trial=wanted.dry_run)
    else:
        counts, problems = _import_as_new(texts, file, text, is_trial=wanted.dry_run)
    if wanted.as_json:
        print_json({**counts, "problems": [problem_data(problem, texts.gettext) for problem in problems]})
        return not problems
    say(texts.gettext(
        "{given} answers: {same} the same, {new} new, {changed} changed, {refused} invalid, {unplaced} without a place."
    ).format(**counts))  # fmt: skip
    print_problems(problems, texts.gettext, most=MOST_LISTED)
    if wanted.dry_run:
        say(texts.gettext("Nothing was changed: this was a trial run."))
    return not problems


@command()
@file_argument()
@click.argument("source", metavar="[INPUT]", type=FILE, required=False, default=None)
@dry_run_option
@as_json_option
@add_option(
    "--agency",
    default="",
    help=N_("The agency that gave the answers: an id, short name or name. Needed if the file does not say it."),
)
@add_option(
    "--accept",
    type=click.Choice(ACCEPT_CHOICES),
    help=N_(
        "What to import: all answers, also those that differ from answers given here or were deleted (all), "
        "only new answers (new), or none. Without it: new answers, and those changed in the file only."
    ),
)
@add_option("--take", multiple=True, metavar="PLACE", help=N_("Import the answer that the file has at this place."))
@add_option(
    "--undo",
    default="",
    metavar="RETURN",
    help=N_("Undo the import of a returned file. Answers that nobody has changed since are as before."),
)
def import_(texts: Translator, /, file: Path, source: Path | None, *, undo: str, **options: Any) -> bool:  # noqa: ANN401 - those of ``ImportOptions``
    _, wanted = texts.gettext, ImportOptions(**options)
    if undo:
        if source is not None:
            raise click.UsageError(_("With --undo, do not name an INPUT. The file is in the assessment."))
        return undo_returned(texts, file, undo, wanted)
    if source is None:
        raise click.UsageError(_("Name the file to bring in as INPUT."))
    head = _head(source)
    is_assessment = head.startswith(_DATABASE) or looks_protected(head[:SALT_BYTES], source)
    if not (is_assessment or _is_dossier(source, head)):
        return import_returned(texts, file, source, wanted)
    if wanted.agency or wanted.accept or wanted.take:
        raise click.UsageError(_("--agency, --accept and --take are for workbooks and Word files only."))
    if is_assessment:
        return merge_in(texts, file, source, is_trial=wanted.dry_run, as_json=wanted.as_json)
    return _import_dossier(texts, file, source, wanted)
