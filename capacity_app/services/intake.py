"""Taking a returned file in: whose it is, what it proposes, and its answers, remarks and itself stored at once.

What is taken in is one bundle, so that it is undone exactly; later the entry of the returned file still knows what was
recorded with it, and ``take_back`` gives what stood there before, wherever nobody has changed it since.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from capacity_app.domain.answers import EMPTY, TEXT_LIMIT, Answer, AnswerKey, clean_text
from capacity_app.domain.assessment import Agency, Remark, ReturnedFile
from capacity_app.domain.deciding import Decisions, Difference, Fate
from capacity_app.domain.likeness import are_alike
from capacity_app.domain.problems import N_, KnownError, Problem, Severity
from capacity_app.domain.proposal import Proposal, propose, taken
from capacity_app.domain.returned import Returned
from capacity_app.domain.revisions import Revision, RevisionId
from capacity_app.domain.verification import Medium
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.services.attachments import ALL_DOCUMENTS_LIMIT, MEGABYTE, check_document, in_megabytes, room_left
from capacity_app.services.bundles import Bundle
from capacity_app.services.copies import now
from capacity_app.services.signing import state_of
from capacity_app.store.assessment_file import Document

_SUFFIXES = {Medium.WORKBOOK: ".xlsx", Medium.WORD: ".docx"}

NO_AGENCY = N_("Say whose answers these are: choose an agency, or enter it first.")
OTHER_INSTRUMENT = N_(
    "“{file}” answers another questionnaire ({theirs} instead of {ours}): take it in where that one is answered."
)
OTHER_COUNTRY = N_("“{file}” is about another country ({theirs} instead of {ours}): it was not taken in.")
OTHER_ROUND = N_("“{file}” is of another round ({theirs} instead of {ours}): it was not taken in.")
OTHER_ASSESSMENT = N_(
    "The file was made from another assessment of the same country and round: look closely before you accept."
)
OTHER_VERSION = N_(
    "The file answers another version of the questionnaire ({theirs} instead of {ours}). Its answers were placed by "
    "the questions’ permanent names."
)
OTHER_QUESTIONS = N_(
    "The file was made with other questions than this assessment has, perhaps with other supplements. Its answers were "
    "placed by the questions’ permanent names."
)
TAKEN_BEFORE = N_("This very file was taken in before ({when}).")
NOTHING_NEW = N_("“{file}” was taken in before ({when}) and brings nothing that is not known already.")
CHANGED_MEANWHILE = N_("“{file}” was changed while it was read: open it again.")
NO_ROOM = N_(
    "“{file}” has {size} MB, and of {most} MB for all documents {left} MB are left: it cannot be kept with the "
    "assessment, so it was not taken in."
)
NO_RETURN = N_("“{name}” names no returned file of this assessment, or several. Known are: {known}.")


# -- whose it is, and what it proposes -----------------------------------------------------------------------------


def recognised_agency(session: AssessmentSession, returned: Returned) -> str:
    """Give the id of the agency a file says it comes from: by id, name or short name, or by what is only like it.

    Empty where no single agency fits; a file that names nobody is the only agency's, where there is only one.
    """
    agencies = [entry for entry in session.entries("agencies") if isinstance(entry, Agency)]
    if not returned.agency.strip():
        return agencies[0].id if len(agencies) == 1 else ""
    return named_agency(agencies, returned.agency)


def named_agency(agencies: Sequence[Agency], name: str) -> str:
    """Give the id of the one agency that a name names, exactly or nearly; empty where none or several do."""
    said = name.strip().casefold()
    exactly = [one.id for one in agencies if said in {one.id.casefold(), one.name.casefold(), one.short.casefold()}]
    nearly = exactly or [one.id for one in agencies if are_alike(one.name, name) or are_alike(one.short, name)]
    return nearly[0] if len(nearly) == 1 else ""


def taken_before(session: AssessmentSession, returned: Returned) -> ReturnedFile | None:
    """Give the entry of this very file, byte for byte, if it was taken in before."""
    same = [one for one in _returns(session) if one.document == returned.sha256]
    if returned.medium is Medium.SUBMISSIONS:
        # One file holds several, each taken in by itself.
        same = [one for one in same if one.file_name == _file_name(returned)]
    return next(iter(same), None)


def propose_intake(session: AssessmentSession, returned: Returned, agency_id: str) -> Proposal:
    """Say what taking a file in as an agency's responses would do; nothing is changed.

    Raises KnownError for a file of another questionnaire, country or round; what is only doubtful stands among the
    problems of the proposal.
    """
    _expect_ours(session, returned)
    proposal = propose(session.dossier(), returned, agency_id)
    return replace(proposal, problems=(*_doubts(session, returned), *proposal.problems))


def _returns(session: AssessmentSession) -> tuple[ReturnedFile, ...]:
    return tuple(entry for entry in session.entries("returns") if isinstance(entry, ReturnedFile))


def _expect_ours(session: AssessmentSession, returned: Returned) -> None:
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


def _doubts(session: AssessmentSession, returned: Returned) -> Iterator[Problem]:
    stamp, version = returned.stamp, session.instrument.version
    if stamp.assessment and stamp.assessment != session.assessment_id:
        yield _doubt(returned, "assessment", OTHER_ASSESSMENT)
    if stamp.instrument_version and stamp.instrument_version != version:
        yield _doubt(returned, "version", OTHER_VERSION, theirs=stamp.instrument_version, ours=version)
    elif returned.instrument_hash and returned.instrument_hash != session.instrument_hash:
        yield _doubt(returned, "questions", OTHER_QUESTIONS)
    if before := taken_before(session, returned):
        yield _doubt(returned, "before", TAKEN_BEFORE, when=before.taken_in[:10])


def _doubt(returned: Returned, code: str, message: str, **values: str) -> Problem:
    return Problem(f"returned.{code}", returned.file, message, "", tuple(values.items()), Severity.WARNING)


# -- taking it in --------------------------------------------------------------------------------------------------


def accept(session: AssessmentSession, proposal: Proposal, decisions: Decisions, original: bytes) -> Bundle:
    """Give what takes a file in, to be stored as one step: answers, remarks, the file's entry and the file itself.

    What nobody decided on is taken unless it is contested or takes an answer away. Raises KnownError if the file
    cannot be kept, names no agency, or was taken in before and brings nothing new.
    """
    returned = proposal.returned
    if session.entry("agencies", proposal.agency) is None:
        raise KnownError(NO_AGENCY)
    chosen = taken(proposal, decisions)
    before = taken_before(session, returned)
    if before and not chosen and not proposal.remarks:
        raise KnownError(NOTHING_NEW, file=returned.file, when=before.taken_in[:10])
    document, media_type = _archived(session, returned, original)
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
        signature=state_of(returned)[0].value,
        unplaced=tuple(_left_out(proposal)),
    )
    return Bundle(
        answers=tuple(_answer(one, _author(session, proposal), time, returned.stamp.language) for one in chosen),
        entries=tuple(_remarks(session, proposal, entry)),
        documents=() if session.holds(document.hash) else (document,),
        returned=entry,
    )


def _archived(session: AssessmentSession, returned: Returned, original: bytes) -> tuple[Document, str]:
    digest = hashlib.sha256(original).hexdigest()
    if digest != returned.sha256:
        raise KnownError(CHANGED_MEANWHILE, file=returned.file)
    media_type = check_document(_file_name(returned), original)
    left = room_left(session.documents_size)
    if not session.holds(digest) and len(original) > left:
        size, most = in_megabytes(len(original), is_rounded_up=True), str(ALL_DOCUMENTS_LIMIT // MEGABYTE)
        raise KnownError(NO_ROOM, file=returned.file, size=size, left=in_megabytes(left), most=most)
    return Document(digest, original), media_type


def _file_name(returned: Returned) -> str:
    """Give the file a name that says its kind; mail programs and people change the ending."""
    suffix = _SUFFIXES.get(returned.medium, "")
    return returned.file if returned.file.lower().endswith(suffix) else f"{returned.file}{suffix}"


def _author(session: AssessmentSession, proposal: Proposal) -> str:
    agency = session.entry("agencies", proposal.agency)
    name = (agency.short or agency.name) if isinstance(agency, Agency) else ""
    return proposal.returned.person or name or proposal.agency


def _answer(difference: Difference, author: str, time: str, language: str) -> Answer:
    assert difference.key is not None, "a returned file brings answers"
    assert difference.theirs.content is not None, "an answer says something"
    return Answer(key=difference.key, content=difference.theirs.content, author=author, time=time, language=language)


def _remarks(session: AssessmentSession, proposal: Proposal, entry: ReturnedFile) -> Iterator[Remark]:
    for said in proposal.remarks:
        for text in _in_parts(said.text):
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


def _left_out(proposal: Proposal) -> Iterator[str]:
    """Write each text that was not taken in with where it stood, in as many pieces as a register takes."""
    refused = ((one.place, _refused_text(one)) for one in proposal.differences if one.fate is Fate.REFUSED)
    for place, text in (*((one.place, one.text) for one in proposal.unplaced), *refused):
        if text:
            yield from _in_parts(f"{place}: {text}" if place else text)


def _refused_text(difference: Difference) -> str:
    """Give what was written where nothing could be made of it: as the reader quotes it, or as it was understood."""
    quoted = dict(difference.problem.values).get("said", "") if difference.problem else ""
    mine, theirs = difference.mine.content or EMPTY, difference.theirs.content or EMPTY
    pairs = ((theirs.value, mine.value), (theirs.reason, mine.reason), (theirs.note, mine.note))
    written = (said for said, known in pairs if said != known and said not in {None, ""})
    return quoted or " · ".join("; ".join(said) if isinstance(said, tuple) else str(said) for said in written)


def _in_parts(text: str) -> Iterator[str]:
    cleaned = clean_text(text)
    for start in range(0, len(cleaned), TEXT_LIMIT):
        yield cleaned[start : start + TEXT_LIMIT]


# -- taking it back ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TakingBack:
    """What takes a file back: ``restored`` answers stand as before it, ``left`` ones were changed since and stay."""

    bundle: Bundle
    restored: tuple[AnswerKey, ...]
    left: tuple[AnswerKey, ...]


def find_return(session: AssessmentSession, name: str) -> ReturnedFile:
    """Find a returned file by its id, or by its name where only one is called so; raises KnownError."""
    returns = _returns(session)
    found = [one for one in returns if one.id == name] or [one for one in returns if one.file_name == name]
    if len(found) != 1:
        known = ", ".join(f"{one.id} ({one.file_name}, {one.taken_in[:10]})" for one in returns) or "–"
        raise KnownError(NO_RETURN, name=name, known=known)
    return found[0]


def take_back(session: AssessmentSession, return_id: str) -> TakingBack:
    """Give what restores what stood before a file was taken in, wherever nobody has changed it since.

    The file's remarks and its entry go; its bytes stay held. Raises KnownError if there is no such file.
    """
    entry = find_return(session, return_id)
    return_id = entry.id
    heads = session.dossier().heads
    recorded = session.revisions(frozenset(_ids(entry)))
    untouched = [one for one in recorded if heads.get(one.key) == (one.id,)]
    before = [_before(session, one) for one in untouched]
    remarks = (one for one in session.entries("remarks") if isinstance(one, Remark) and one.returned == return_id)
    gone = (*(("remarks", one.id) for one in remarks), ("returns", return_id))
    return TakingBack(
        bundle=Bundle(answers=tuple(before), removed=gone),
        restored=tuple(one.key for one in untouched),
        left=tuple(one.key for one in recorded if one not in untouched),
    )


def _ids(entry: ReturnedFile) -> Iterator[RevisionId]:
    for name in entry.revisions:
        # The entry may have come in somebody else's dossier, with anything in it.
        with suppress(ValueError):
            yield RevisionId.parse(name)


def _before(session: AssessmentSession, revision: Revision) -> Answer:
    """Give what was said before a revision, with its author and time."""
    parents = session.revisions(frozenset(revision.parents))
    if not parents:
        return Answer(key=revision.key, content=EMPTY)
    last = max(parents, key=lambda one: (one.id.counter, one.id.device))
    return Answer(key=last.key, content=last.content, author=last.author, time=last.time, language=last.language)
