"""Whether a report, workbook, dossier or assessment is what it says, and says what an assessment says.

A report or workbook is not read for its answers: it carries a fingerprint of them, on its pages and in its data.
A dossier or an assessment holds the answers, whose fingerprint is computed.
"""

import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

from capacity_app.domain import fingerprint, verification
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.keys import NO_KEYS, Keyring
from capacity_app.domain.problems import N_, KnownError, Problem
from capacity_app.domain.signature import SignatureState
from capacity_app.domain.verification import (
    Copy,
    Match,
    Medium,
    Observation,
    Reference,
    Stamp,
    Verification,
)
from capacity_app.report.pdf.stamps import TooManyPages, html_copy, pdf_copy, word_copy
from capacity_app.services import guard, identity, integrity
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.services.dossier_reading import dossier_of, read_dossier
from capacity_app.services.guard import Kind
from capacity_app.services.signing import is_valid, key_words, state_of_dossier
from capacity_app.store.assessment_file import AssessmentFile
from capacity_app.wording import spoken
from capacity_app.workbook.stamp import workbook_copy

_WORD, _WORKBOOK = "word/document.xml", "xl/workbook.xml"
NOT_OURS = N_("“{file}” carries no fingerprint: it was not made by this program, or the fingerprint was taken out.")
TOO_MANY_PAGES = N_("“{file}” has more pages than any report: it was not read.")
ONLY_ANSWERS = N_("A file is compared with an assessment or a JSON dossier, and “{file}” is neither.")


@dataclass(frozen=True, slots=True)
class _Held:
    """A file that holds the answers itself."""

    medium: Medium
    dossier: Dossier
    damage: tuple[Problem, ...]
    told: tuple[Observation, ...] = ()


def verify(file: Path, against: Path | None = None, keys: Keyring = NO_KEYS) -> Verification:
    """Find out what a file is and compare it with an assessment or dossier; raises KnownError with one sentence.

    ``keys`` open protected assessments.
    """
    kind = guard.kind_of(file)
    reference = _reference(against, keys) if against else None
    if kind in _HOLDING:
        try:
            held = _held(file, kind, keys)
        except KnownError:
            if kind is Kind.ASSESSMENT and (told := _of_rows(file, keys)):
                return told
            raise
        found = _of_answers(file, held)
    else:
        found = _of_copy(file, _copy(file, kind))
    return _compared(found, reference) if reference else found


# -- what it is compared with --------------------------------------------------------------------------------------


def _reference(file: Path, keys: Keyring) -> Reference:
    kind = guard.kind_of(file)
    if kind not in _HOLDING:
        raise KnownError(ONLY_ANSWERS, file=file.name)
    return Reference(file=file.name, stamp=_stamp(_held(file, kind, keys, is_thorough=False).dossier))


def _compared(found: Verification, reference: Reference) -> Verification:
    match = verification.compare(found.stamp, reference)
    told = (*found.observations, *verification.tell(match, found.medium, found.stamp, reference))
    return replace(found, observations=told, match=match, stamp=_completed(found.stamp, match, reference))


def _completed(stamp: Stamp, match: Match, reference: Reference) -> Stamp:
    """Know all digits of a fingerprint whose first ones agree."""
    return replace(stamp, fingerprint=reference.stamp.fingerprint) if match is Match.SAME else stamp


# -- files that hold the answers -----------------------------------------------------------------------------------


def _held(file: Path, kind: Kind, keys: Keyring, *, is_thorough: bool = True) -> _Held:
    return _assessment(file, keys, is_thorough=is_thorough) if kind is Kind.ASSESSMENT else _dossier(file)


_HOLDING = frozenset({Kind.ASSESSMENT, Kind.DOSSIER})


def _assessment(file: Path, keys: Keyring, *, is_thorough: bool) -> _Held:
    with AssessmentSession(file, device=identity.device_id(), read_only=True, keys=keys) as session:
        if not is_thorough:
            return _Held(Medium.ASSESSMENT, session.dossier(), ())
        history = tuple(integrity.observations(integrity.examined(session.trail())))
        return _Held(Medium.ASSESSMENT, session.dossier(), session.check_file(), history)


def _of_rows(file: Path, keys: Keyring) -> Verification | None:
    """Tell what was changed in an assessment whose answers cannot be read any more; None if nothing was."""
    try:
        with AssessmentFile(file, read_only=True, keys=keys) as opened:
            found = integrity.examined(opened.trail())
    except KnownError:
        return None
    if not found.breaks:
        return None
    damage = integrity.problems(found, None)
    told = (*verification.look_inside(Medium.ASSESSMENT, damage), *integrity.observations(found))
    return Verification(file=file.name, medium=Medium.ASSESSMENT, stamp=Stamp(), observations=told, damage=damage)


def _dossier(file: Path) -> _Held:
    try:
        text = guard.content_of(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise KnownError(guard.DAMAGED, file=file.name) from None
    read = read_dossier(text)
    dossier, damage = dossier_of(read)
    state, words = state_of_dossier(dossier, read.signature)
    is_good = None if state is SignatureState.UNSIGNED else state is SignatureState.UNCHANGED
    told = verification.look_at_signature(is_good=is_good, words=words)
    return _Held(Medium.DOSSIER, dossier, damage, tuple(told))


def _stamp(dossier: Dossier) -> Stamp:
    """Say of answers what a copy made of them now would say."""
    return Stamp(
        instrument=dossier.instrument.id,
        instrument_version=dossier.instrument.version,
        assessment=dossier.id,
        country=dossier.mission.country,
        round=dossier.mission.round,
        language=dossier.mission.language,
        exported=dossier.last_change,
        fingerprint=fingerprint.of_answers(dossier),
    )


def _of_answers(file: Path, held: _Held) -> Verification:
    return Verification(
        file=file.name,
        medium=held.medium,
        stamp=_stamp(held.dossier),
        title=" – ".join(part for part in (held.dossier.mission.country_name, held.dossier.instrument.title) if part),
        observations=(*verification.look_inside(held.medium, held.damage), *held.told),
        damage=held.damage,
    )


# -- files that carry a fingerprint --------------------------------------------------------------------------------


def _copy(file: Path, kind: Kind) -> Copy:
    match kind:
        case Kind.PDF:
            return _pdf(file)
        case Kind.HTML:
            return html_copy(guard.content_of(file).decode("utf-8", "replace"))
    with guard.package_of(file) as package:
        return _packed(file, package)


def _pdf(file: Path) -> Copy:
    try:
        return pdf_copy(guard.content_of(file))
    except TooManyPages:
        raise KnownError(TOO_MANY_PAGES, file=file.name) from None
    except ValueError as error:
        sentence = guard.WITH_PASSWORD if "password" in str(error).lower() else guard.DAMAGED
        raise KnownError(sentence, file=file.name) from error


def _packed(file: Path, package: zipfile.ZipFile) -> Copy:
    names = package.namelist()
    if _WORD in names:
        return word_copy(package)
    if _WORKBOOK in names:
        return workbook_copy(guard.content_of(file))
    raise KnownError(guard.FOREIGN, file=file.name)


def _of_signature(stamp: Stamp) -> tuple[Observation, ...]:
    if not stamp.format:
        return ()  # the file's own data are gone, and the signature with them
    is_good = is_valid(stamp) if stamp.signature else None
    return tuple(verification.look_at_signature(is_good=is_good, words=key_words(stamp.public_key) if is_good else ""))


def _of_copy(file: Path, copy: Copy) -> Verification:
    read, observations = verification.look_at_copy(copy, spoken)
    if not read.stamp.fingerprint:
        raise KnownError(NOT_OURS, file=file.name)
    observations = (*observations, *_of_signature(read.stamp))
    return Verification(
        file=file.name,
        medium=read.medium,
        stamp=read.stamp,
        title=verification.one_line(read.title),
        observations=observations,
    )
