"""What a report, workbook, dossier or assessment is, what is wrong in it, and how it compares with an assessment.

A report or workbook only says from which content it was made. A dossier or an assessment holds the content.
"""

import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

from capacity_app.domain import verification
from capacity_app.domain.content_hash import printed
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.keys import NO_KEYS, Keyring
from capacity_app.domain.problems import N_, KnownError, Problem
from capacity_app.domain.verification import (
    Copy,
    FileState,
    Match,
    Medium,
    Observation,
    Reference,
    Stamp,
    Verification,
)
from capacity_app.report.pdf.signing import examine
from capacity_app.report.pdf.stamps import html_copy, pdf_stamp, word_copy
from capacity_app.services import guard, identity
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.services.certificate import own_certificate
from capacity_app.services.checking import missing_documents, named_documents
from capacity_app.services.dossier_reading import dossier_of, read_dossier
from capacity_app.services.guard import Kind
from capacity_app.services.printed_comparison import compare_printed
from capacity_app.workbook.stamp import workbook_copy

_WORD, _WORKBOOK = "word/document.xml", "xl/workbook.xml"
NOT_OURS = N_(
    "“{file}” does not say from which assessment it was made. Another program made it, or the data for this program "
    "were removed. Nothing was compared."
)
ONLY_ANSWERS = N_("A file is compared with an assessment or a JSON dossier. “{file}” is neither.")


@dataclass(frozen=True, slots=True)
class _Held:
    """A file that holds the content itself, and what was found in it."""

    medium: Medium
    dossier: Dossier
    damage: tuple[Problem, ...] = ()
    told: tuple[Observation, ...] = ()


def verify(file: Path, against: Path | None = None, keys: Keyring = NO_KEYS) -> Verification:
    """Find out what a file is and compare it with an assessment or dossier; raises KnownError with one sentence.

    ``keys`` open protected assessments.
    """
    kind = guard.kind_of(file)
    theirs = _reference(against, keys) if against else None
    reference = Reference(file=against.name, stamp=_stamp(theirs)) if against and theirs else None
    if kind is Kind.PDF:
        return _pdf(file, reference)
    found = _of_content(file, _held(file, kind, keys)) if kind in _HOLDING else _of_copy(file, _copy(file, kind))
    if found.medium in _EDITABLE:
        return _with_print(found, file, theirs, reference)
    return _compared(found, reference) if reference else found


# -- what it is compared with --------------------------------------------------------------------------------------


_EDITABLE = frozenset({Medium.WORD, Medium.HTML, Medium.WORKBOOK})


def _reference(file: Path, keys: Keyring) -> Dossier:
    kind = guard.kind_of(file)
    if kind not in _HOLDING:
        raise KnownError(ONLY_ANSWERS, file=file.name)
    return _held(file, kind, keys, is_thorough=False).dossier


def _compared(found: Verification, reference: Reference) -> Verification:
    is_signed_here = found.signature is not None and found.signature.certificate == own_certificate()
    is_printed = found.printed is not None and found.printed.is_the_same
    is_proven = found.medium in {Medium.DOSSIER, Medium.ASSESSMENT} or is_signed_here or is_printed
    match = verification.compare(found.stamp, reference, is_proven=is_proven)
    told = (*found.observations, *verification.tell(match, found.stamp, reference))
    return replace(found, observations=told, match=match)


def _with_print(found: Verification, file: Path, theirs: Dossier | None, reference: Reference | None) -> Verification:
    """Compare what is printed: with the assessment, where the file says that it was made from that."""
    claim = verification.compare(found.stamp, reference, is_proven=False) if reference else None
    is_ours = claim is Match.CLAIMED
    paper = compare_printed(file.name, guard.content_of(file), theirs if is_ours else None)
    found = replace(found, printed=paper)
    found = _compared(found, reference) if reference else found
    told = verification.tell_print(paper, reference.file if reference and is_ours else "")
    return replace(found, observations=(*found.observations, *told))


# -- files that hold the content -----------------------------------------------------------------------------------


def _held(file: Path, kind: Kind, keys: Keyring, *, is_thorough: bool = True) -> _Held:
    return _assessment(file, keys, is_thorough=is_thorough) if kind is Kind.ASSESSMENT else _dossier(file)


_HOLDING = frozenset({Kind.ASSESSMENT, Kind.DOSSIER})


def _assessment(file: Path, keys: Keyring, *, is_thorough: bool) -> _Held:
    with AssessmentSession(file, device=identity.device_id(), read_only=True, keys=keys) as session:
        dossier = session.dossier()
        if not is_thorough:
            return _Held(Medium.ASSESSMENT, dossier)
        damage = session.check_file()
        return _Held(
            Medium.ASSESSMENT,
            dossier,
            damage,
            tuple(verification.of_assessment(damage, len(named_documents(dossier)))),
        )


def _dossier(file: Path) -> _Held:
    read = read_dossier(guard.dossier_text(file))
    dossier, problems = dossier_of(read)
    damage = (*problems, *missing_documents(dossier, read.documents))
    told = verification.of_dossier(damage, read.content_hash, dossier.content_hash)
    return _Held(Medium.DOSSIER, dossier, damage, tuple(told))


def _stamp(dossier: Dossier) -> Stamp:
    """Say of a dossier what a copy made of it now would say."""
    return Stamp(
        instrument=dossier.instrument.id,
        instrument_version=dossier.instrument.version,
        assessment=dossier.id,
        country=dossier.mission.country,
        round=dossier.mission.round,
        language=dossier.mission.language,
        exported=dossier.last_change,
        content_hash=dossier.content_hash,
    )


def _of_content(file: Path, held: _Held) -> Verification:
    return Verification(
        file=file.name,
        medium=held.medium,
        stamp=_stamp(held.dossier),
        title=" – ".join(part for part in (held.dossier.mission.country_name, held.dossier.instrument.title) if part),
        observations=(*held.told, verification.of_questionnaire(held.dossier.instrument)),
        damage=held.damage,
    )


# -- PDF files, which are signed as files --------------------------------------------------------------------------


def _pdf(file: Path, reference: Reference | None) -> Verification:
    """Examine a PDF file; what it says of itself is read, and compared, only if not one byte of it was changed."""
    content = guard.content_of(file)
    signature, own = examine(content), own_certificate()
    told = tuple(verification.tell_signature(signature, own, printed(signature.certificate)))
    found = Verification(file=file.name, medium=Medium.PDF, stamp=Stamp(), observations=told, signature=signature)
    if signature.state is not FileState.INTACT:
        return found
    try:
        stamp, title = pdf_stamp(content)
    except ValueError as error:
        raise KnownError(guard.DAMAGED, file=file.name) from error
    found = replace(found, stamp=stamp, title=verification.one_line(title))
    if reference is None:
        return found
    if not stamp.content_hash:
        return replace(found, observations=(*told, verification.tell_nothing_compared(reference.file)))
    return _compared(found, reference)


# -- files that say from which content they were made -------------------------------------------------------------


def _copy(file: Path, kind: Kind) -> Copy:
    match kind:
        case Kind.HTML:
            return html_copy(guard.content_of(file).decode("utf-8", "replace"))
    with guard.package_of(file) as package:
        return _packed(file, package)


def _packed(file: Path, package: zipfile.ZipFile) -> Copy:
    names = package.namelist()
    if _WORD in names:
        return word_copy(package)
    if _WORKBOOK in names:
        return workbook_copy(guard.content_of(file))
    raise KnownError(guard.FOREIGN, file=file.name)


def _of_copy(file: Path, copy: Copy) -> Verification:
    if not (copy.stamp.content_hash or copy.stamp.fingerprint):
        raise KnownError(NOT_OURS, file=file.name)
    return Verification(
        file=file.name,
        medium=copy.medium,
        stamp=copy.stamp,
        title=verification.one_line(copy.title),
        observations=tuple(verification.of_copy(copy.stamp)),
    )
