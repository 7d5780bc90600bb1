"""What can be said of a file: only what was compared, and what could not be.

An assessment and a dossier hold the content, whose hash is computed. A report or workbook only says from which content
it was made. A hash compares; whoever changes a file can write a new one into it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from enum import StrEnum
from typing import assert_never

from capacity_app.domain.assessment.answers import clean_text
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, Problem, ProblemSeverity
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.domain.questionnaire.versions import (
    MODIFIED_QUESTIONNAIRE,
    UNKNOWN_QUESTIONNAIRE_VERSION,
    PublicationStatus,
    publication_status,
)
from capacity_app.domain.text_diff import PrintedComparison

_ALL_DIGITS = 64
_LONGEST = 200
"""Letters of anything a file says of itself."""


class FileMedium(StrEnum):
    """What kind of file it is."""

    PDF = "pdf"
    WORD = "word"
    HTML = "html"
    WORKBOOK = "workbook"
    DOSSIER = "dossier"
    ASSESSMENT = "assessment"
    SUBMISSIONS = "submissions"


class ContentMatch(StrEnum):
    """How the content of a file compares with an assessment's.

    ``CLAIMED`` is a report that says it was made from the same content; ``UNKNOWN`` one that does not say.
    """

    SAME = "same"
    CLAIMED = "claimed"
    DIFFERENT = "different"
    OTHER = "other"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """What an observation means: all is well, something to know, something is wrong."""

    GOOD = "good"
    NOTE = "note"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing that was found; ``message`` is a message id whose ``{placeholders}`` stand in ``values``."""

    code: str
    verdict: Verdict
    message: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportStamp:
    """What a file says of itself, everything as text and empty where it does not say.

    The fields have the names and meanings of the workbook's keys: ``exported`` is the moment of the last answer,
    ``recorded`` the hash of the answers in a workbook, ``questionnaire`` whether it is a published one.
    ``fingerprint`` is what files up to version 0.6 carry in the place of ``content_hash``: a hash of the answers alone.
    """

    format: str = ""
    program: str = ""
    instrument: str = ""
    instrument_version: str = ""
    questionnaire: str = ""
    assessment: str = ""
    country: str = ""
    round: str = ""
    language: str = ""
    questions: str = ""
    profile: str = ""
    exported: str = ""
    content_hash: str = ""
    recorded: str = ""
    fingerprint: str = ""


_HASHES = ("content_hash", "recorded", "fingerprint")


def stamp_of(said: Mapping[str, str]) -> ExportStamp:
    """Take from key and value what belongs to a stamp; a hash that can be none is left out."""
    known = {field.name: to_one_line(said.get(field.name, ""))[:_LONGEST] for field in fields(ExportStamp)}
    return ExportStamp(**known | {name: known[name] if _is_hash(known[name]) else "" for name in _HASHES})


def to_one_line(text: str) -> str:
    """Return what a stranger's file says as one line without control characters."""
    return " ".join(clean_text(text).split())


def _is_hash(text: str) -> bool:
    return len(text) == _ALL_DIGITS and not set(text) - set("0123456789abcdef")


@dataclass(frozen=True, slots=True, kw_only=True)
class StampedFile:
    """A report or workbook as it was read: what it says of itself. ``title`` is its own, for people."""

    medium: FileMedium
    stamp: ExportStamp
    title: str = ""


class SignatureStatus(StrEnum):
    """What the bytes of a file say: unchanged since they were signed, not as they were signed, or not signed."""

    INTACT = "intact"
    CHANGED = "changed"
    UNSIGNED = "unsigned"


@dataclass(frozen=True, slots=True)
class FileSignature:
    """What is known of the signature of a PDF file; ``time`` is what the signer's clock said.

    Only an intact signature has both. ``certificate`` is the SHA-256 of the certificate in 64 hexadecimal digits;
    ``time`` is UTC, ISO 8601.
    """

    state: SignatureStatus
    certificate: str = ""
    time: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was found out about a file; ``match`` is None where it was compared with nothing.

    ``damage`` is what is wrong inside a file that holds the answers itself. Only a PDF file has a ``signature``;
    ``printed`` is known of Word files, workbooks and web pages.
    """

    file: str
    medium: FileMedium
    stamp: ExportStamp
    title: str = ""
    observations: tuple[Observation, ...] = ()
    damage: tuple[Problem, ...] = ()
    match: ContentMatch | None = None
    signature: FileSignature | None = None
    printed: PrintedComparison | None = None

    @property
    def is_good(self) -> bool:
        return all(one.verdict is not Verdict.BAD for one in self.observations)


def _good(code: str, message: str, **values: str) -> Observation:
    return Observation(code, Verdict.GOOD, message, tuple(values.items()))


def _note(code: str, message: str, **values: str) -> Observation:
    return Observation(code, Verdict.NOTE, message, tuple(values.items()))


def _bad(code: str, message: str, **values: str) -> Observation:
    return Observation(code, Verdict.BAD, message, tuple(values.items()))


# -- a file that holds the content ---------------------------------------------------------------------------------


def observe_assessment(damage: Sequence[Problem], named_documents: int) -> Iterator[Observation]:
    """Say what a thorough look into an assessment found."""
    if _has_errors(damage):
        yield _bad("file.damaged", N_("The program found errors in the file. They are listed below."))
    else:
        yield _good("file.readable", N_("The program could read the whole file."))
        yield _good("file.consistent", N_("The current answers and registers agree with the recorded changes."))
        if named_documents:
            yield _good("file.complete", N_("Each of the {count} documents that the file names is in it, unchanged."),
                        count=str(named_documents))  # fmt: skip
    yield _note("file.history", N_("The program cannot tell whether somebody rewrote the file. Compare it with a copy "
                                   "that you kept."))  # fmt: skip


def observe_dossier(damage: Sequence[Problem], said: str, computed: str) -> Iterator[Observation]:
    """Say whether a dossier is as exported; ``said`` is the content hash in the file, empty up to version 0.6."""
    if _has_errors(damage):
        yield _bad("file.damaged", N_("The program found errors in the file. They are listed below."))
    if not said:
        yield _note("content.without", N_("The file carries no content hash. A version up to 0.6 of the program made "
                                          "it, or somebody removed the hash."))  # fmt: skip
        yield _note("content.unknown", N_("The program cannot tell whether somebody changed the content."))
    elif said == computed:
        yield _good("content.exported", N_("The content is as exported: it fits the content hash in the file."))
        yield _note("content.rewritable", N_("Somebody who changes a file can also change its hash. Compare the file "
                                             "with the assessment."))  # fmt: skip
    else:
        yield _bad("content.changed", N_("The content was changed after the export. It does not fit the content hash "
                                         "in the file."))  # fmt: skip


def observe_questionnaire(instrument: Instrument) -> Observation:
    named = {"id": instrument.id, "version": instrument.version}
    match publication_status(instrument):
        case PublicationStatus.PUBLISHED:
            said = N_("The questionnaire is the published one: {id} {version}.")
            return _good("questionnaire.published", said, **named)
        case PublicationStatus.MODIFIED:
            return _bad("questionnaire.modified", MODIFIED_QUESTIONNAIRE, **named)
        case PublicationStatus.UNKNOWN_VERSION:
            return _note("questionnaire.unknown_version", UNKNOWN_QUESTIONNAIRE_VERSION, **named)
        case PublicationStatus.UNPUBLISHED:
            said = N_("The questionnaire is not one of the published questionnaires: {id} {version}.")
            return _note("questionnaire.unpublished", said, **named)
        case never:
            assert_never(never)


def _has_errors(damage: Sequence[Problem]) -> bool:
    return any(problem.severity is ProblemSeverity.ERROR for problem in damage)


# -- a report or workbook ------------------------------------------------------------------------------------------


def observe_stamped_file(stamp: ExportStamp) -> Iterator[Observation]:
    """Say what a report's own data can tell."""
    if not stamp.content_hash:
        yield _note("content.fingerprint", N_("Version {program} of the program made this file. Its "
                                              "content hash covers only the answers, and is not compared."),
                    program=stamp.program or "–")  # fmt: skip
    if stamp.questionnaire == PublicationStatus.MODIFIED:
        yield _bad(
            "questionnaire.modified", MODIFIED_QUESTIONNAIRE, id=stamp.instrument, version=stamp.instrument_version
        )
    if stamp.questionnaire == PublicationStatus.UNKNOWN_VERSION:
        named = {"id": stamp.instrument, "version": stamp.instrument_version}
        yield _note("questionnaire.unknown_version", UNKNOWN_QUESTIONNAIRE_VERSION, **named)


# -- a PDF file, which is signed as a file -------------------------------------------------------------------------


def observe_signature(signature: FileSignature, own: str, short: str) -> Iterator[Observation]:
    """Say whether a PDF file is as it was signed; ``own`` is this installation's certificate, ``short`` the file's."""
    match signature.state:
        case SignatureStatus.UNSIGNED:
            yield _bad("file.unsigned", N_(
                "This PDF file has no signature of this program: nobody can tell whether it was changed. Files made by "
                "version 0.6 or earlier have none. Do not rely on it, and ask for a new report."
            ))  # fmt: skip
        case SignatureStatus.CHANGED:
            yield _bad("file.changed", N_(
                "This PDF file is not as this program signed it. Somebody changed it, or another program saved or "
                "signed it. Do not rely on it, and ask for the report again."
            ))  # fmt: skip
        case SignatureStatus.INTACT if signature.certificate == own:
            yield _good("file.intact", N_(
                "Not one byte of this file has changed since this computer signed it with the certificate "
                "{certificate}."
            ), certificate=short)  # fmt: skip
        case SignatureStatus.INTACT:
            yield _good("file.intact", N_(
                "Not one byte of this file has changed since it was signed with the certificate {certificate}."
            ), certificate=short)  # fmt: skip
            yield _note("certificate.other", N_(
                "This is not the certificate of this computer. Compare it with the one that the sender sees under "
                "Help, About this program. Anybody can make a certificate: only this comparison tells who signed."
            ))  # fmt: skip
        case _:
            assert_never(signature.state)


# -- against an assessment -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationReference:
    """What a file is compared with: the name of an assessment's file and what would be stamped on a copy now."""

    file: str
    stamp: ExportStamp


def match_stamps(stamp: ExportStamp, reference: VerificationReference, *, is_proven: bool) -> ContentMatch:
    """Compare content hashes; ``is_proven`` tells that the file cannot state another hash than that of its content.

    A file may also belong to another assessment.
    """
    ours = reference.stamp
    if stamp.content_hash == ours.content_hash:
        return ContentMatch.SAME if is_proven else ContentMatch.CLAIMED
    if stamp.assessment and stamp.assessment != ours.assessment:
        return ContentMatch.OTHER
    return ContentMatch.DIFFERENT if stamp.content_hash else ContentMatch.UNKNOWN


def explain_match(match: ContentMatch, stamp: ExportStamp, reference: VerificationReference) -> Iterator[Observation]:
    """Say how a file compares, and what explains a difference."""
    ours, file = reference.stamp, reference.file
    match match:
        case ContentMatch.SAME:
            yield _good("content.same", N_("The content is the same as in {file}."), file=file)
        case ContentMatch.CLAIMED:
            yield _note("content.claimed", N_("The file says that it was made from the content of {file}: both have "
                                              "the same content hash."), file=file)  # fmt: skip
        case ContentMatch.OTHER:
            yield from _of_another(stamp, reference)
        case ContentMatch.UNKNOWN:
            yield _bad("content.not_compared", N_("The file carries no content hash. The program could not compare it "
                                                  "with {file}."), file=file)  # fmt: skip
        case ContentMatch.DIFFERENT:
            yield _bad("content.different", N_("The content is not the same as in {file}."), file=file)
            yield from _which_is_newer(stamp.exported, ours.exported, file)
            if stamp.instrument_version != ours.instrument_version:
                yield _note("content.version",
                            N_("The questionnaire is another version: {theirs} instead of {ours}."),
                            theirs=stamp.instrument_version or "–", ours=ours.instrument_version)  # fmt: skip


def _of_another(stamp: ExportStamp, reference: VerificationReference) -> Iterator[Observation]:
    ours = reference.stamp
    yield _bad("content.other", N_("This file belongs to another assessment than {file}."), file=reference.file)
    if (stamp.country, stamp.round) == (ours.country, ours.round):
        yield _note("other.twin", N_("Country and round are the same. The two assessments were begun separately."))
    for code, theirs, known in (("country", stamp.country, ours.country), ("round", stamp.round, ours.round)):
        if theirs != known and theirs and known:
            yield _note(f"other.{code}", _OTHER[code], theirs=theirs, ours=known)


_OTHER = {
    "country": N_("It is about another country: {theirs} instead of {ours}."),
    "round": N_("It is of another round: {theirs} instead of {ours}."),
}


def _which_is_newer(theirs: str, ours: str, file: str) -> Iterator[Observation]:
    """Say which of the two has the later answer; the moments are UTC, ISO 8601, and compare as texts."""
    if not theirs or not ours:
        return
    if theirs < ours:
        yield _note("content.older", N_("The last answer in {file} has a later time."), file=file)
    elif theirs > ours:
        yield _note("content.newer", N_("The last answer in this file has a later time than that in {file}."),
                    file=file)  # fmt: skip
    else:
        yield _note("content.same_time", N_("The last answer has the same time in both files. The difference is in "
                                            "another answer, in a register or in the plan."))  # fmt: skip


def observe_nothing_compared(file: str) -> Observation:
    """Say that a file names no assessment that it could be compared with."""
    return _note("content.none", N_("The file names no assessment. It was not compared with {file}."), file=file)


# -- what is printed in a file that people edit --------------------------------------------------------------------


def observe_print(printed: PrintedComparison, reference: str = "") -> Iterator[Observation]:
    """Say how what is printed compares; ``reference`` is the name of the assessment that the file is about."""
    if printed.reason_not_compared:
        yield Observation("print.unknown", Verdict.NOTE, printed.reason_not_compared, printed.values)
        return
    count, total, filled = str(printed.compared), str(printed.total), str(printed.filled)
    if printed.total:
        yield _bad("print.changed", N_("Printed texts and numbers that were changed: {total} of {count}."),
                   total=total, count=count)  # fmt: skip
    elif printed.is_same_content is None and reference:
        yield _good("print.same", N_("All {count} printed texts and numbers are as exported. The program prints the "
                                     "same for {file}."), count=count, file=reference)  # fmt: skip
    else:
        yield _good("print.same", N_("All {count} printed texts and numbers are as exported. The program prints the "
                                     "same for the content that the file carries."), count=count)  # fmt: skip
    if printed.filled:
        yield _note("print.filled", N_("Answers and notes that were filled in or changed: {filled}."), filled=filled)
    if printed.is_same_content is False:
        yield _bad("print.other", N_("The content that the file carries is not the content of {file}."), file=reference)
    yield _note("print.scope", N_("Colours, fonts, layout and the lines of charts were not compared."))
