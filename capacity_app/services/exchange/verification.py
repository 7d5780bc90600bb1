"""What a report, workbook, dossier or assessment is, what is wrong in it, and how it compares with an assessment.

A report or workbook only says from which content it was made. A dossier or an assessment holds the content.
"""

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from capacity_app import __version__
from capacity_app.domain.assessment import verification
from capacity_app.domain.assessment.derived_results import show_dossier
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.privacy import ReportProfile, is_profile
from capacity_app.domain.assessment.returned_files import ReturnedContent
from capacity_app.domain.assessment.verification import (
    ContentMatch,
    ExportStamp,
    FileMedium,
    Observation,
    SignatureStatus,
    StampedFile,
    Verification,
    VerificationReference,
)
from capacity_app.domain.content_hash import format_hash
from capacity_app.domain.encryption_keys import NO_KEYS, Keyring
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError, Problem, ProblemSeverity
from capacity_app.domain.text_diff import (
    PrintedComparison,
    PrintedDifference,
    PrintedText,
    compare_in_order,
    summarize_differences,
)
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.file_identity import read_html_copy, read_pdf_stamp, read_word_copy, read_workbook_copy
from capacity_app.outputs.html_pages import read_printed_page
from capacity_app.outputs.pdf.signatures import examine_signature
from capacity_app.outputs.word.parsed_document import carried_content, read_printed_word
from capacity_app.outputs.workbook.printed_cells import read_printed_workbook, workbook_differences
from capacity_app.services.protection import own_certificate_fingerprint
from capacity_app.services.reports import (
    NAME_WITHHELD,
    VOICE,
    BlankFormRequest,
    EmbeddedContent,
    blank_form_bytes,
    decode_content_block,
    dossier_from_embedded,
    embed_dossier,
    own_translations_digest,
    render_again,
)
from capacity_app.services.result_tables import missing_documents, named_documents
from capacity_app.services.session import entries_and_documents
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.dossier_json import assemble_dossier, read_dossier
from capacity_app.services.untrusted import inspection, refusals
from capacity_app.services.untrusted.inspection import FileKind
from capacity_app.services.untrusted.refusals import PARSER_ERRORS

# Everything printed in a Word file, workbook or web page, compared with what the program prints for its content.
#
# The file may be anybody's: it is looked at from outside first, and what it carries is read as any dossier is. Compared
# are texts and numbers by place; colours, fonts, layout and what a spreadsheet draws are not.

CARRIES_NO_CONTENT = N_(
    "Printed texts and numbers were not compared. The file does not carry the content it was printed from: an older "
    "version made it, or another program saved it without that content."
)
OTHER_PROGRAM_VERSION = N_(
    "Printed texts and numbers were not compared. Version {theirs} made the file, and this is version {ours}."
)
OTHER_TRANSLATION = N_(
    "Printed texts and numbers were not compared. The file was made with another translation than this computer has."
)
CHOSEN_PARTS = N_(
    "Printed texts and numbers were not compared. The report has chosen parts only. Compare it with its assessment, as "
    "that was when the report was made."
)
ASSESSMENT_CHANGED = N_(
    "Printed texts and numbers were not compared. The assessment has changed since the report was made."
)
CONTENT_UNREADABLE = N_(
    "Printed texts and numbers were not compared. The content that the file carries cannot be read."
)
PRINT_CHANGED = N_(
    "Text of “{file}” that cannot be imported was changed: {total} of {count} places. The first places: {places}"
)
PRINT_ADVICE = N_(
    "Enter these changes by hand where they are needed. The command “capacity-app verify” lists every place, given the "
    "file and the assessment."
)
_MAX_NAMED_PLACES = 5
_SUFFIX_BY_MEDIUM = {FileMedium.WORD: ".docx", FileMedium.HTML: ".html", FileMedium.WORKBOOK: ".xlsx"}

FoundDifferences = tuple[int, Iterator[PrintedDifference]]


def compare_printed(file: str, content: bytes, against: Dossier | None = None) -> PrintedComparison:
    """Compare what a file prints with what it would print; ``file`` is its name.

    ``against`` is the assessment that the file says it shows. Raises KnownError if the file is refused from outside.
    """
    medium = (
        FileMedium.HTML if content.lstrip()[:1] in {b"<", b"\xef"} else inspection.inspect_content(content, file).medium
    )
    if medium not in _SUFFIX_BY_MEDIUM:
        return _not_compared(CARRIES_NO_CONTENT)
    try:
        return _compare_medium(medium, content, against)
    except (*PARSER_ERRORS, AssertionError, KnownError):
        return _not_compared(CONTENT_UNREADABLE)


def with_printed_problems(returned: ReturnedContent, content: bytes) -> ReturnedContent:
    """Add whether anything printed in a file that came back was changed beside its answers, or was not compared.

    A Word file that can only be compared with its assessment takes its texts along, for ``compare_with_assessment``.
    """
    if returned.is_follow_up:
        return returned
    found = compare_printed(returned.file, content)
    if found.reason_not_compared == CHOSEN_PARTS and returned.medium is FileMedium.WORD:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return replace(returned, carried=carried_content(package), printed=tuple(read_printed_word(package)))
    return replace(returned, problems=(*returned.problems, *_printed_problems(returned.file, found)))


def compare_with_assessment(returned: ReturnedContent, dossier: Dossier) -> ReturnedContent:
    """Add whether texts of a Word file were changed that the program prints from the assessment as it is now."""
    if not returned.printed:
        return returned
    made = decode_content_block(returned.carried)
    if made is None or made.sections is not None:
        found = _not_compared(CONTENT_UNREADABLE)
    elif returned.stamp.assessment != dossier.id:
        found = _not_compared(CHOSEN_PARTS)
    elif returned.stamp.content_hash != dossier.content_hash:
        found = _not_compared(ASSESSMENT_CHANGED)
    else:
        found = _compare_texts(returned.printed, made, dossier)
    problems = (*returned.problems, *_printed_problems(returned.file, found))
    return replace(returned, printed=(), carried="", problems=problems)


def _compare_texts(found: Sequence[PrintedText], made: EmbeddedContent, dossier: Dossier) -> PrintedComparison:
    """Compare the texts of a Word file with what the program prints from an assessment."""
    shown = _as_profile_shows(dossier, made)
    texts, second = Translator(made.language), Translator(made.second) if made.second else None
    if own_translations_digest(shown.instrument.id, texts, second) != made.translations:
        return _not_compared(OTHER_TRANSLATION)
    with zipfile.ZipFile(io.BytesIO(_print_again(made, shown, ".docx", texts, second))) as package:
        expected = read_printed_word(package)
    return summarize_differences(compare_in_order(expected, found), len(expected))


def _printed_problems(file: str, found: PrintedComparison) -> tuple[Problem, ...]:
    if why := found.reason_not_compared:
        return (Problem("file.not-compared", file, why, "", found.values, ProblemSeverity.WARNING),)
    if not found.total:
        return ()
    named = [one.text() for one in found.places if not one.is_answer][:_MAX_NAMED_PLACES]
    values = (
        ("file", file),
        ("total", str(found.total)),
        ("count", str(found.compared)),
        ("places", "; ".join(dict.fromkeys(named))),
    )
    return (Problem("file.printed", file, PRINT_CHANGED, PRINT_ADVICE, values, ProblemSeverity.WARNING),)


def _not_compared(reason: str, **values: str) -> PrintedComparison:
    return PrintedComparison(reason_not_compared=reason, values=tuple(values.items()))


def _compare_medium(medium: FileMedium, content: bytes, against: Dossier | None) -> PrintedComparison:
    carried, compare = _COMPARISONS[medium](content)
    made = decode_content_block(carried) if carried else None
    if made is None:
        return _not_compared(CONTENT_UNREADABLE if carried else CARRIES_NO_CONTENT)
    if not is_profile(made.profile):
        return _not_compared(CONTENT_UNREADABLE)
    if made.program != __version__:
        return _not_compared(OTHER_PROGRAM_VERSION, theirs=made.program[:20], ours=__version__)
    held = dossier_from_embedded(made.dossier) if made.dossier else None
    ours = None if against is None or made.sections is not None else _as_profile_shows(against, made)
    shown = held or ours
    if shown is None:
        return _not_compared(CHOSEN_PARTS)
    texts, second = Translator(made.language), Translator(made.second) if made.second else None
    if own_translations_digest(shown.instrument.id, texts, second) != made.translations:
        return _not_compared(OTHER_TRANSLATION)
    count, differences = compare(_print_again(made, shown, _SUFFIX_BY_MEDIUM[medium], texts, second))
    found = summarize_differences(differences, count)
    is_same = made.dossier == embed_dossier(ours) if made.dossier and ours else None
    return replace(found, is_same_content=is_same)


def _as_profile_shows(dossier: Dossier, made: EmbeddedContent) -> Dossier:
    """Return as much of an assessment as the copy's profile shows."""
    say = Translator(made.language).gettext
    return show_dossier(dossier, ReportProfile.parse(made.profile), say(NAME_WITHHELD), say(VOICE))


def _print_again(
    made: EmbeddedContent, shown: Dossier, suffix: str, texts: Translator, second: Translator | None
) -> bytes:
    if made.sections is None:
        return render_again(made, shown, suffix)
    blank = BlankFormRequest(
        instrument=shown.instrument,
        mission=shown.mission,
        agencies=shown.agencies,
        sections=made.sections,
        agency=made.agency if made.agency in {one.id for one in shown.agencies} else "",
        published=shown.kept,
    )
    return blank_form_bytes(blank, suffix, texts=texts, second=second)


# -- the three kinds of files --------------------------------------------------------------------------------------


def _word_comparison(content: bytes) -> tuple[str, Callable[[bytes], FoundDifferences]]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        carried, found = carried_content(package), read_printed_word(package)

    def compare(anew: bytes) -> FoundDifferences:
        with zipfile.ZipFile(io.BytesIO(anew)) as package:
            expected = read_printed_word(package)
        return len(expected), compare_in_order(expected, found)

    return carried, compare


def _page_comparison(content: bytes) -> tuple[str, Callable[[bytes], FoundDifferences]]:
    found, carried = read_printed_page(content.decode("utf-8-sig", "replace"))

    def compare(anew: bytes) -> FoundDifferences:
        expected, _ = read_printed_page(anew.decode())
        return sum(bool(one.text) for one in expected), compare_in_order(expected, found)

    return carried, compare


def _workbook_comparison(content: bytes) -> tuple[str, Callable[[bytes], FoundDifferences]]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        found = read_printed_workbook(package)

    def compare(anew: bytes) -> FoundDifferences:
        with zipfile.ZipFile(io.BytesIO(anew)) as package:
            expected = read_printed_workbook(package)
        return expected.count, workbook_differences(expected, found)

    return found.content, compare


_COMPARISONS = {
    FileMedium.WORD: _word_comparison,
    FileMedium.HTML: _page_comparison,
    FileMedium.WORKBOOK: _workbook_comparison,
}

_WORD_PART, _WORKBOOK_PART = "word/document.xml", "xl/workbook.xml"
NOT_OURS = N_(
    "“{file}” does not say from which assessment it was made. Another program made it, or the data for this program "
    "were removed. Nothing was compared."
)
ONLY_ANSWERS = N_("A file is compared with an assessment or a JSON dossier. “{file}” is neither.")


@dataclass(frozen=True, slots=True)
class _HeldContent:
    """A file that holds the content itself, and what was found in it."""

    medium: FileMedium
    dossier: Dossier
    damage: tuple[Problem, ...] = ()
    told: tuple[Observation, ...] = ()


def verify(file: Path, against: Path | None = None, keys: Keyring = NO_KEYS) -> Verification:
    """Find out what a file is and compare it with an assessment or dossier; raises KnownError with one sentence.

    ``keys`` open protected assessments.
    """
    kind = inspection.kind_of(file)
    theirs = _reference_dossier(against, keys) if against else None
    reference = VerificationReference(file=against.name, stamp=_stamp_of(theirs)) if against and theirs else None
    if kind is FileKind.PDF:
        return _verify_pdf(file, reference)
    found = (
        _verify_content(file, _read_held_content(file, kind, keys))
        if kind in _CONTENT_KINDS
        else _verify_copy(file, _read_copy(file, kind))
    )
    if found.medium in _EDITABLE_MEDIA:
        return _compare_print(found, file, theirs, reference)
    return _compare_with_reference(found, reference) if reference else found


# -- what it is compared with --------------------------------------------------------------------------------------

_EDITABLE_MEDIA = frozenset({FileMedium.WORD, FileMedium.HTML, FileMedium.WORKBOOK})


def _reference_dossier(file: Path, keys: Keyring) -> Dossier:
    kind = inspection.kind_of(file)
    if kind not in _CONTENT_KINDS:
        raise KnownError(ONLY_ANSWERS, file=file.name)
    return _read_held_content(file, kind, keys, is_thorough=False).dossier


def _compare_with_reference(found: Verification, reference: VerificationReference) -> Verification:
    is_signed_here = found.signature is not None and found.signature.certificate == own_certificate_fingerprint()
    is_printed = found.printed is not None and found.printed.is_the_same
    is_proven = found.medium in {FileMedium.DOSSIER, FileMedium.ASSESSMENT} or is_signed_here or is_printed
    match = verification.match_stamps(found.stamp, reference, is_proven=is_proven)
    told = (*found.observations, *verification.explain_match(match, found.stamp, reference))
    return replace(found, observations=told, match=match)


def _compare_print(
    found: Verification, file: Path, theirs: Dossier | None, reference: VerificationReference | None
) -> Verification:
    """Compare what is printed: with the assessment, where the file says that it was made from that."""
    claim = verification.match_stamps(found.stamp, reference, is_proven=False) if reference else None
    is_ours = claim is ContentMatch.CLAIMED
    paper = compare_printed(file.name, inspection.read_content(file), theirs if is_ours else None)
    found = replace(found, printed=paper)
    found = _compare_with_reference(found, reference) if reference else found
    told = verification.observe_print(paper, reference.file if reference and is_ours else "")
    return replace(found, observations=(*found.observations, *told))


# -- files that hold the content -----------------------------------------------------------------------------------


def _read_held_content(file: Path, kind: FileKind, keys: Keyring, *, is_thorough: bool = True) -> _HeldContent:
    return _read_assessment(file, keys, is_thorough=is_thorough) if kind is FileKind.ASSESSMENT else _read_dossier(file)


_CONTENT_KINDS = frozenset({FileKind.ASSESSMENT, FileKind.DOSSIER})


def _read_assessment(file: Path, keys: Keyring, *, is_thorough: bool) -> _HeldContent:
    with AssessmentSession(file, device=entries_and_documents.device_id(), read_only=True, keys=keys) as session:
        dossier = session.dossier()
        if not is_thorough:
            return _HeldContent(FileMedium.ASSESSMENT, dossier)
        damage = session.check_file()
        return _HeldContent(
            FileMedium.ASSESSMENT,
            dossier,
            damage,
            tuple(verification.observe_assessment(damage, len(named_documents(dossier)))),
        )


def _read_dossier(file: Path) -> _HeldContent:
    read = read_dossier(inspection.read_dossier_text(file))
    dossier, problems = assemble_dossier(read)
    damage = (*problems, *missing_documents(dossier, read.documents))
    told = verification.observe_dossier(damage, read.content_hash, dossier.content_hash)
    return _HeldContent(FileMedium.DOSSIER, dossier, damage, tuple(told))


def _stamp_of(dossier: Dossier) -> ExportStamp:
    """Say of a dossier what a copy made of it now would say."""
    return ExportStamp(
        instrument=dossier.instrument.id,
        instrument_version=dossier.instrument.version,
        assessment=dossier.id,
        country=dossier.mission.country,
        round=dossier.mission.round,
        language=dossier.mission.language,
        exported=dossier.last_change,
        content_hash=dossier.content_hash,
    )


def _verify_content(file: Path, held: _HeldContent) -> Verification:
    return Verification(
        file=file.name,
        medium=held.medium,
        stamp=_stamp_of(held.dossier),
        title=" – ".join(part for part in (held.dossier.mission.country_name, held.dossier.instrument.title) if part),
        observations=(*held.told, verification.observe_questionnaire(held.dossier.instrument)),
        damage=held.damage,
    )


# -- PDF files, which are signed as files --------------------------------------------------------------------------


def _verify_pdf(file: Path, reference: VerificationReference | None) -> Verification:
    """Examine a PDF file; what it says of itself is read, and compared, only if not one byte of it was changed."""
    content = inspection.read_content(file)
    signature, own = examine_signature(content), own_certificate_fingerprint()
    told = tuple(verification.observe_signature(signature, own, format_hash(signature.certificate)))
    found = Verification(
        file=file.name, medium=FileMedium.PDF, stamp=ExportStamp(), observations=told, signature=signature
    )
    if signature.state is not SignatureStatus.INTACT:
        return found
    try:
        stamp, title = read_pdf_stamp(content)
    except ValueError as error:
        raise KnownError(refusals.DAMAGED, file=file.name) from error
    found = replace(found, stamp=stamp, title=verification.to_one_line(title))
    if reference is None:
        return found
    if not stamp.content_hash:
        return replace(found, observations=(*told, verification.observe_nothing_compared(reference.file)))
    return _compare_with_reference(found, reference)


# -- files that say from which content they were made -------------------------------------------------------------


def _read_copy(file: Path, kind: FileKind) -> StampedFile:
    match kind:
        case FileKind.HTML:
            return read_html_copy(inspection.read_content(file).decode("utf-8", "replace"))
    with inspection.open_package(file) as package:
        return _read_packed_copy(file, package)


def _read_packed_copy(file: Path, package: zipfile.ZipFile) -> StampedFile:
    names = package.namelist()
    if _WORD_PART in names:
        return read_word_copy(package)
    if _WORKBOOK_PART in names:
        return read_workbook_copy(inspection.read_content(file))
    raise KnownError(refusals.NOT_OUR_KIND, file=file.name)


def _verify_copy(file: Path, copy: StampedFile) -> Verification:
    if not (copy.stamp.content_hash or copy.stamp.fingerprint):
        raise KnownError(NOT_OURS, file=file.name)
    return Verification(
        file=file.name,
        medium=copy.medium,
        stamp=copy.stamp,
        title=verification.to_one_line(copy.title),
        observations=tuple(verification.observe_stamped_file(copy.stamp)),
    )
