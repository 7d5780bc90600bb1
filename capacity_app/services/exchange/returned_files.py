"""Importing a returned file: whose it is, what it proposes, and its answers, remarks and itself stored at once.

What is imported is one bundle, so that it is undone exactly; later the entry of the returned file still knows what was
recorded with it, and ``undo_import`` gives what stood there before, wherever nobody has changed it since.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from typing import Any

from capacity_app.domain.assessment.answers import EMPTY_CONTENT, TEXT_LIMIT, Answer, AnswerKey, AnswerLayer, clean_text
from capacity_app.domain.assessment.duplicates import find_agency_by_name
from capacity_app.domain.assessment.editable_fields import key_digest, plain_lines, published_key
from capacity_app.domain.assessment.merging import Decisions, DiffKind, MergeDifference
from capacity_app.domain.assessment.migration import number_and_wording_at, published_answers
from capacity_app.domain.assessment.registers import Agency, RegisterEntry, Remark, ReturnedFile
from capacity_app.domain.assessment.returned_files import (
    NOTE,
    VALUE,
    ConfirmedAnswer,
    ImportProposal,
    ProposalSteps,
    ReturnedAnswer,
    ReturnedContent,
    accepted_differences,
    edited_parts,
    finish_steps,
    import_proposal_steps,
    is_foreign,
    respondent_in,
)
from capacity_app.domain.assessment.revisions import Revision, RevisionId
from capacity_app.domain.assessment.verification import FileMedium
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError, Problem, ProblemSeverity
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.i18n.catalogues import program_languages
from capacity_app.i18n.formatter import YES_NO_LABELS
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.change_sets import ChangeSet
from capacity_app.services.session.entries_and_documents import (
    ALL_DOCUMENTS_LIMIT,
    MEGABYTE,
    check_document,
    format_megabytes,
    free_document_bytes,
)
from capacity_app.services.session.file_writing import now
from capacity_app.storage.assessment_file import DocumentWrite

_SUFFIXES = {FileMedium.WORKBOOK: ".xlsx", FileMedium.WORD: ".docx"}

NO_AGENCY = N_("Choose the agency that gave these answers, or enter it first.")
OTHER_INSTRUMENT = N_(
    "“{file}” answers another questionnaire ({theirs} instead of {ours}). Import it into an assessment of that "
    "questionnaire. Nothing was changed."
)
OTHER_COUNTRY = N_("“{file}” is about another country ({theirs} instead of {ours}). Nothing was changed.")
OTHER_ROUND = N_("“{file}” is of another round ({theirs} instead of {ours}). Nothing was changed.")
OTHER_ASSESSMENT = N_(
    "The file was made from another assessment of the same country and round. The program offers the answers of the "
    "agency that the file holds, also those that nobody edited."
)
OTHER_LAYERS_NOT_IMPORTED = N_(
    "An import takes answers of agencies only. The file also holds judgements of the assessor ({judgements}) and "
    "validated answers ({validated}) that are not here. To get them, ask for the .assessment file or its .json dossier."
)
EVIDENCE_NOT_IMPORTED = N_(
    "The answers name evidence that this assessment does not have ({count}). The answers are offered without it. To "
    "get the evidence, ask for the .assessment file or its .json dossier."
)
OTHER_VERSION = N_(
    "The file answers another version of the questionnaire ({theirs} instead of {ours}). The program placed its "
    "answers by the permanent ids of the questions."
)
OTHER_QUESTIONS = N_(
    "The file was made with other questions than this assessment has, perhaps with other supplements. The program "
    "placed its answers by the permanent ids of the questions."
)
IMPORTED_BEFORE = N_("The same file was imported before ({when}).")
NOTHING_NEW = N_("“{file}” was imported before ({when}) and brings nothing new. Nothing was changed.")
CHANGED_MEANWHILE = N_("“{file}” was changed while the program read it. Nothing was changed. Open the file again.")
NO_SPACE_LEFT = N_(
    "“{file}” has {size} MB. Of {most} MB for all documents {left} MB are left, so the program cannot keep the file. "
    "Nothing was changed."
)
NO_RETURNED_FILE = N_(
    "“{name}” is not the name of one returned file of this assessment. Known are: {known}. Nothing was changed."
)
UNDONE_ALREADY = N_("The import of “{file}” was undone before ({when}). Nothing was changed.")


# -- whose it is, and what it proposes -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AgencySuggestion:
    """The agency a file probably comes from: ``agreeing`` of its ``edited`` answers repeat one of the agency's.

    ``edited`` is 0 where the file of another assessment holds the answers of this agency alone.
    """

    agency: str
    agreeing: int = 0
    edited: int = 0


def stated_agency(returned: ReturnedContent) -> str:
    """Return the agency that a file names as its sender, by its name where the sender picked it from the list."""
    return dict(returned.agencies).get(returned.agency, returned.agency).strip()


def recognised_agency(session: AssessmentSession, returned: ReturnedContent) -> str:
    """Return the id of the agency a file says it comes from: by id, name or short name, or by what is only like it.

    Empty where no single agency fits; a file that names nobody is the only agency's, where there is only one.
    """
    agencies = session.dossier().agencies
    if not returned.agency.strip():
        return agencies[0].id if len(agencies) == 1 else ""
    is_id = not is_foreign(session.dossier(), returned) and any(one.id == returned.agency for one in agencies)
    return returned.agency if is_id else find_agency_by_name(agencies, stated_agency(returned))


def suggested_agency(session: AssessmentSession, returned: ReturnedContent) -> AgencySuggestion | None:
    """Return the agency whose answers or notes here the edited answers repeat most, or whose alone the file holds.

    None where no single agency stands out.
    """
    dossier, agencies = session.dossier(), session.dossier().agencies
    votes = {
        agency.id: sum(_is_repeated(session, one, agency.id) for one in returned.edited) for agency in agencies
    }  # fmt: skip
    most = max(votes.values(), default=0)
    best = [agency for agency, count in votes.items() if count == most]
    if most and len(best) == 1:
        return AgencySuggestion(best[0], most, len(returned.edited))
    if is_foreign(dossier, returned):
        named = [one.id for one in agencies if respondent_in(dossier, returned, one)]
        holds_one = len({one.key.respondent for one in returned.recorded if one.key.respondent}) == 1
        return AgencySuggestion(named[0]) if len(named) == 1 and holds_one else None
    return None


def _is_repeated(session: AssessmentSession, answer: ReturnedAnswer, agency: str) -> bool:
    here = session.content(AnswerKey(answer.address, respondent=agency))
    edited, now = edited_parts(answer), answer.now
    is_value = VALUE in edited and here.value is not None and now.value == here.value
    return is_value or (NOTE in edited and bool(here.note) and now.note == here.note)


def imported_before(session: AssessmentSession, returned: ReturnedContent) -> ReturnedFile | None:
    """Return the entry of this very file, byte for byte, if it was imported before and that was not undone."""
    same = [one for one in session.dossier().returns if one.document == returned.sha256 and not one.undone]
    if returned.medium is FileMedium.SUBMISSIONS:
        # One file holds several, each imported by itself.
        same = [one for one in same if one.file_name == _file_name(returned)]
    return next(iter(same), None)


def propose_import(
    session: AssessmentSession, returned: ReturnedContent, agency_id: str, new_name: str = ""
) -> ImportProposal:
    """Return what importing a file as an agency's responses would do, as ``import_steps`` finds it."""
    return finish_steps(import_steps(session, returned, agency_id, new_name))


def import_steps(
    session: AssessmentSession, returned: ReturnedContent, agency_id: str, new_name: str = ""
) -> ProposalSteps:
    """Find out step by step what importing a file as an agency's responses would do; nothing is changed.

    ``new_name`` is that of an agency that is not entered yet. Raises KnownError for a file of another questionnaire,
    country or round; what is only doubtful stands among the problems of the proposal.
    """
    _expect_same_assessment(session, returned)
    returned = _with_confirmations(session, returned)
    entry = session.entry("agencies", agency_id)
    agency = entry if isinstance(entry, Agency) else Agency(id=agency_id, name=new_name)
    proposal = yield from import_proposal_steps(session.dossier(), returned, agency)
    said = (*import_warnings(session, returned), *_not_imported(proposal))
    return replace(proposal, problems=(*said, *proposal.problems))


def _with_confirmations(session: AssessmentSession, returned: ReturnedContent) -> ReturnedContent:
    """Read which answers from published sources a Word file says are right, in any language."""
    entries = {key_digest(published_key(one.id)): one.id for one in published_answers(session.dossier())}
    asked = [one for one in returned.fields if one.key in entries]
    if not asked:
        return returned
    answers = {
        Translator(language).gettext(YES_NO_LABELS[answer]).casefold(): answer == "yes"
        for language in program_languages()
        for answer in ("yes", "no")
    }
    read = [one for one in asked if plain_lines(one.text).casefold() in answers]
    confirmed = (
        ConfirmedAnswer(entry=entries[one.key], is_right=answers[plain_lines(one.text).casefold()], place=one.place)
        for one in read
    )
    fields = tuple(one for one in returned.fields if one not in read)
    return replace(returned, fields=fields, confirmed=(*returned.confirmed, *confirmed))


def _not_imported(proposal: ImportProposal) -> Iterator[Problem]:
    """Say what the file holds and an import does not take."""
    judgements, validated = (proposal.left_behind.get(one, 0) for one in (AnswerLayer.JUDGEMENT, AnswerLayer.VALIDATED))
    if judgements or validated:
        values = {"judgements": str(judgements), "validated": str(validated)}
        yield _warning(proposal.returned, "layers", OTHER_LAYERS_NOT_IMPORTED, **values)
    if proposal.lost_evidence:
        yield _warning(proposal.returned, "evidence", EVIDENCE_NOT_IMPORTED, count=str(len(proposal.lost_evidence)))


def _expect_same_assessment(session: AssessmentSession, returned: ReturnedContent) -> None:
    stamp, mission, ours = returned.stamp, session.mission, session.instrument.id
    if stamp.instrument and stamp.instrument != ours:
        raise KnownError(OTHER_INSTRUMENT, file=returned.file, theirs=stamp.instrument, ours=ours)
    if stamp.assessment == session.assessment_id:
        # The country or the round was corrected here since: the file is ours all the same.
        return
    if stamp.country and mission.country and stamp.country != mission.country:
        raise KnownError(OTHER_COUNTRY, file=returned.file, theirs=stamp.country, ours=mission.country)
    if stamp.round and mission.round and stamp.round != mission.round:
        raise KnownError(OTHER_ROUND, file=returned.file, theirs=stamp.round, ours=mission.round)


def import_warnings(session: AssessmentSession, returned: ReturnedContent) -> Iterator[Problem]:
    """Say what is doubtful about a file, whichever agency it is of."""
    stamp, version = returned.stamp, session.instrument.version
    if is_foreign(session.dossier(), returned):
        yield _warning(returned, "assessment", OTHER_ASSESSMENT)
    if stamp.instrument_version and stamp.instrument_version != version:
        yield _warning(returned, "version", OTHER_VERSION, theirs=stamp.instrument_version, ours=version)
    elif returned.instrument_hash and returned.instrument_hash not in session.instrument.hashes:
        yield _warning(returned, "questions", OTHER_QUESTIONS)
    if before := imported_before(session, returned):
        yield _warning(returned, "before", IMPORTED_BEFORE, when=before.taken_in[:10])


def _warning(returned: ReturnedContent, code: str, message: str, **values: str) -> Problem:
    return Problem(f"returned.{code}", returned.file, message, "", tuple(values.items()), ProblemSeverity.WARNING)


# -- importing it --------------------------------------------------------------------------------------------------


def import_change_set(
    session: AssessmentSession, proposal: ImportProposal, decisions: Decisions, original: bytes, new_name: str = ""
) -> ChangeSet:
    """Return what imports a file, to be stored as one step: answers, remarks, the file's entry and the file itself.

    What nobody decided on is imported unless it is contested or takes an answer away. ``new_name`` is that of an agency
    that is entered with the file. Raises KnownError if the file cannot be kept, names no agency, or was imported before
    and brings nothing new.
    """
    returned = proposal.returned
    is_known = session.entry("agencies", proposal.agency) is not None
    if not (is_known or new_name):
        raise KnownError(NO_AGENCY)
    agency = () if is_known else (Agency(id=proposal.agency, name=new_name),)
    chosen = accepted_differences(proposal, decisions)
    before = imported_before(session, returned)
    if before and not chosen and not proposal.remarks:
        raise KnownError(NOTHING_NEW, file=returned.file, when=before.taken_in[:10])
    document, media_type = _original_document(session, returned, original)
    time = now()
    entry = ReturnedFile(
        id=session.new_id("returns"),
        file_name=_file_name(returned),
        document=document.hash,
        media_type=media_type,
        size=len(original),
        agency=proposal.agency,
        person=returned.person,
        date=returned.date,
        taken_in=time,
        unplaced=tuple(_unplaced_texts(session.instrument, proposal)),
    )
    return ChangeSet(
        answers=tuple(
            _imported_answer(one, _author(session, proposal, new_name), time, returned.stamp.language)
            for one in chosen
            if one.key is not None
        ),
        entries=(
            *agency,
            *_named_entries(proposal, chosen),
            *_edited_entries(session, chosen),
            *_remarks(session, proposal, entry),
        ),
        documents=() if session.holds(document.hash) else (document,),
        returned=entry,
    )


def _named_entries(proposal: ImportProposal, chosen: Sequence[MergeDifference]) -> Iterator[RegisterEntry]:
    """Yield the agencies and sources that the imported answers of another assessment name and that are not here."""
    values = [one.theirs.content.value for one in chosen if one.theirs.content is not None]
    named = {one for value in values if isinstance(value, tuple) for one in value}
    return (entry for entry in proposal.entries if entry.id in named)


def _edited_entries(session: AssessmentSession, chosen: Sequence[MergeDifference]) -> Iterator[RegisterEntry]:
    """Yield the mission and the recommendations with all the fields that are imported."""
    changes: dict[tuple[str, str], dict[str, Any]] = {}
    for one in chosen:
        if one.key is None:
            fields = changes.setdefault((one.register, one.entry_id), {})
            fields[one.field] = getattr(one.theirs.entry, one.field)
    for place, fields in changes.items():
        if (entry := session.entry(*place)) is not None:
            yield replace(entry, **fields)


def _original_document(
    session: AssessmentSession, returned: ReturnedContent, original: bytes
) -> tuple[DocumentWrite, str]:
    digest = hashlib.sha256(original).hexdigest()
    if digest != returned.sha256:
        raise KnownError(CHANGED_MEANWHILE, file=returned.file)
    media_type = check_document(_file_name(returned), original)
    left = free_document_bytes(session.documents_size)
    if not session.holds(digest) and len(original) > left:
        size, most = format_megabytes(len(original), is_rounded_up=True), str(ALL_DOCUMENTS_LIMIT // MEGABYTE)
        raise KnownError(NO_SPACE_LEFT, file=returned.file, size=size, left=format_megabytes(left), most=most)
    return DocumentWrite(digest, original), media_type


def _file_name(returned: ReturnedContent) -> str:
    """Name a file so that it says its kind; mail programs and people change the ending."""
    suffix = _SUFFIXES.get(returned.medium, "")
    return returned.file if returned.file.lower().endswith(suffix) else f"{returned.file}{suffix}"


def _author(session: AssessmentSession, proposal: ImportProposal, new_name: str) -> str:
    agency = session.entry("agencies", proposal.agency)
    name = (agency.short or agency.name) if isinstance(agency, Agency) else new_name
    return proposal.returned.person or name or proposal.agency


def _imported_answer(difference: MergeDifference, author: str, time: str, language: str) -> Answer:
    assert difference.key is not None, "a returned file brings answers"
    assert difference.theirs.content is not None, "an answer says something"
    return Answer(key=difference.key, content=difference.theirs.content, author=author, time=time, language=language)


def _remarks(session: AssessmentSession, proposal: ImportProposal, entry: ReturnedFile) -> Iterator[Remark]:
    for said in proposal.remarks:
        for text in _split_text(said.text):
            yield Remark(
                id=session.new_id("remarks"),
                address=str(said.address),
                text=text,
                agency=proposal.agency,
                author=said.author or proposal.returned.person,
                date=said.date or proposal.returned.date or entry.taken_in[:10],
                returned=entry.id,
                place=said.place,
            )


def _unplaced_texts(instrument: Instrument, proposal: ImportProposal) -> Iterator[str]:
    """Write each text that was not taken in with where it stood, in as many pieces as a register takes."""
    refused = (
        (_numbered_place(instrument, one), _rejected_text(one))
        for one in proposal.differences
        if one.fate is DiffKind.REFUSED
    )
    for place, text in (*((one.place, one.text) for one in proposal.unplaced), *refused):
        if text:
            yield from _split_text(f"{place}: {text}" if place else text)


def _numbered_place(instrument: Instrument, difference: MergeDifference) -> str:
    """Return the number of a question and where in the file it stands: "III.1 2 (III Basic statistics, D9)"."""
    number = number_and_wording_at(instrument, difference.key.address)[0] if difference.key else ""
    return f"{number} ({difference.place})" if number and difference.place else number or difference.place


def _rejected_text(difference: MergeDifference) -> str:
    """Return what was written where nothing could be made of it: as the reader quotes it, or as it was understood."""
    quoted = dict(difference.problem.values).get("said", "") if difference.problem else ""
    mine, theirs = difference.mine.content or EMPTY_CONTENT, difference.theirs.content or EMPTY_CONTENT
    pairs = ((theirs.value, mine.value), (theirs.reason, mine.reason), (theirs.note, mine.note))
    written = (said for said, known in pairs if said != known and said not in {None, ""})
    return quoted or " · ".join("; ".join(said) if isinstance(said, tuple) else str(said) for said in written)


def _split_text(text: str) -> Iterator[str]:
    cleaned = clean_text(text)
    for start in range(0, len(cleaned), TEXT_LIMIT):
        yield cleaned[start : start + TEXT_LIMIT]


# -- undoing it ----------------------------------------------------------------------------------------------------


EntryField = tuple[str, str, str]
"""A field of a register entry: the register, the entry's id, the field's name."""


@dataclass(frozen=True, slots=True)
class ImportUndo:
    """What undoes an import: ``restored`` answers stand as before it, ``left`` ones were changed since and stay.

    ``restored_texts`` and ``left_texts`` are the same of the report's texts, as (register, entry, field).
    """

    bundle: ChangeSet
    restored: tuple[AnswerKey, ...]
    left: tuple[AnswerKey, ...]
    restored_texts: tuple[EntryField, ...] = ()
    left_texts: tuple[EntryField, ...] = ()

    @property
    def is_complete(self) -> bool:
        return not (self.left or self.left_texts)


def find_returned_file(session: AssessmentSession, name: str) -> ReturnedFile:
    """Find a returned file by its id, or by its name where one import of it stands; raises KnownError."""
    returns = session.dossier().returns
    found = [one for one in returns if one.id == name] or [
        one for one in returns if one.file_name == name and not one.undone
    ]
    if len(found) != 1:
        known = ", ".join(f"{one.id} ({one.file_name}, {one.taken_in[:10]})" for one in returns) or "–"
        raise KnownError(NO_RETURNED_FILE, name=name, known=known)
    return found[0]


def undo_import(session: AssessmentSession, return_id: str) -> ImportUndo:
    """Return what restores what stood before a file was imported, wherever nobody has changed it since.

    The file's remarks go; its entry and its bytes stay. Raises KnownError if there is no such file, or if its import
    was undone before.
    """
    entry = find_returned_file(session, return_id)
    if entry.undone:
        raise KnownError(UNDONE_ALREADY, file=entry.file_name, when=entry.undone[:10])
    heads = session.dossier().heads
    recorded = imported_revisions(session, entry)
    untouched = [one for one in recorded if heads.get(one.key) == (one.id,)]
    before = [_answer_before(session, one) for one in untouched]
    remarks = (one for one in session.dossier().remarks if one.returned == entry.id)
    entries, restored_texts, left_texts = _texts_before(session, entry)
    return ImportUndo(
        bundle=ChangeSet(
            answers=tuple(before),
            entries=entries,
            removed=tuple(("remarks", one.id) for one in remarks),
            undone=entry,
        ),
        restored=tuple(one.key for one in untouched),
        left=tuple(one.key for one in recorded if one not in untouched),
        restored_texts=restored_texts,
        left_texts=left_texts,
    )


def imported_revisions(session: AssessmentSession, entry: ReturnedFile) -> tuple[Revision, ...]:
    return session.revisions(frozenset(_revision_ids(entry)))


def imported_texts(session: AssessmentSession, entry: ReturnedFile) -> Iterator[tuple[EntryField, Any, Any]]:
    """Go through the fields of the mission and the actions that an import changed, with what they held before it."""
    for revision in session.entry_revisions(frozenset(_revision_ids(entry))):
        parents = session.entry_revisions(frozenset(revision.parents))
        earlier, brought = parents[-1].content if parents else None, revision.content
        if earlier is None or brought is None:
            continue
        for one in dataclass_fields(brought):
            before, after = getattr(earlier, one.name), getattr(brought, one.name)
            if before != after:
                yield (revision.register, revision.entry, one.name), before, after


def _texts_before(
    session: AssessmentSession, entry: ReturnedFile
) -> tuple[tuple[RegisterEntry, ...], tuple[EntryField, ...], tuple[EntryField, ...]]:
    """Return the entries with the texts from before an import, which texts these are, and which were changed since."""
    entries: dict[tuple[str, str], RegisterEntry] = {}
    restored, left = [], []
    for place, before, after in imported_texts(session, entry):
        register, entry_id, name = place
        current = entries.get((register, entry_id)) or session.entry(register, entry_id)
        if current is not None and getattr(current, name) == after:
            entries[register, entry_id] = replace(current, **{name: before})
            restored.append(place)
        else:
            left.append(place)
    return tuple(entries.values()), tuple(restored), tuple(left)


def _revision_ids(entry: ReturnedFile) -> Iterator[RevisionId]:
    for name in entry.revisions:
        # The entry may have come in somebody else's dossier, with anything in it.
        with suppress(ValueError):
            yield RevisionId.parse(name)


def _answer_before(session: AssessmentSession, revision: Revision) -> Answer:
    parents = session.revisions(frozenset(revision.parents))
    if not parents:
        return Answer(key=revision.key, content=EMPTY_CONTENT)
    last = max(parents, key=lambda one: (one.id.counter, one.id.device))
    return Answer(key=last.key, content=last.content, language=last.language)
