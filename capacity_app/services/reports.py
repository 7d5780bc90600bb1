"""Reports and blank forms as files, made whole or not at all, and the content they carry to be printed again."""

import base64
import hashlib
import lzma
from collections.abc import Callable, Iterable, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import TypeVar

import msgspec

from capacity_app import __version__
from capacity_app.domain.assessment.answers import Answer
from capacity_app.domain.assessment.derived_results import Appraisal, appraise, appraise_shown
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.migration import published_answers
from capacity_app.domain.assessment.privacy import FULL_PROFILE, ReportProfile, ReportVolume, Withheld
from capacity_app.domain.assessment.registers import (
    Action,
    Agency,
    DataSource,
    Evidence,
    FeasibilityRating,
    Meeting,
    Mission,
    Person,
    Remark,
    RetiredAnswer,
    ReturnedFile,
    Validation,
)
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.planning.action_plan import open_actions
from capacity_app.domain.problems import N_, KnownError
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.files.atomic import Verify, check_writable, write_atomically
from capacity_app.i18n.catalogues import own_program_file, question_languages, wording_files
from capacity_app.i18n.formatter import BilingualFormatter, Formatter
from capacity_app.i18n.translator import Translator, split_locale_tag
from capacity_app.outputs.blank_form.form import chosen_sections, form_content, render_form
from capacity_app.outputs.content.messages import generated_messages
from capacity_app.outputs.content.report import report_content
from capacity_app.outputs.html_pages import render_web_page
from capacity_app.outputs.pdf.rendering import load_weasyprint, render_pdf
from capacity_app.outputs.pdf.signatures import SigningIdentity
from capacity_app.paths import instruments_folder
from capacity_app.questionnaires.instrument_json import decode_instrument, encode_instrument
from capacity_app.services.protection import one_time_identity, own_identity
from capacity_app.services.result_tables import count_untranslated
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.revision_log import MISSION

# The content a Word file, workbook or web page was printed from, which it carries so that it can be printed again.
#
# Only what the profile shows is carried: the dossier is the one the copy was printed from, with the names of persons
# taken out where the copy names nobody. A volume other than the full one would hand on what was left out, so it carries
# how it was made and no dossier.

NAME_WITHHELD, VOICE = N_("[name withheld]"), N_("Respondent {number}")
"""What stands for a person in a copy without names, and for an agency in one without who said what."""
MAX_CONTENT_BYTES = 300_000_000
_MAX_DECODER_MEMORY = 100_000_000


class EmbeddedDossier(msgspec.Struct, frozen=True, kw_only=True):
    """A dossier as it is carried, answers to no question of it too: what is printed must come out the same."""

    instrument: msgspec.Raw
    previous: "EmbeddedDossier | None" = None
    id: str
    mission: Mission
    answers: tuple[Answer, ...]
    agencies: tuple[Agency, ...]
    people: tuple[Person, ...]
    meetings: tuple[Meeting, ...]
    sources: tuple[DataSource, ...]
    evidence: tuple[Evidence, ...]
    actions: tuple[Action, ...]
    ratings: tuple[FeasibilityRating, ...]
    remarks: tuple[Remark, ...]
    returns: tuple[ReturnedFile, ...]
    kept: tuple[RetiredAnswer, ...]
    validations: tuple[Validation, ...] = ()


class EmbeddedContent(msgspec.Struct, frozen=True, kw_only=True):
    """How a copy was made, and of what.

    ``profile`` is the text of a ``ReportProfile``; ``dossier`` is None in all but the full volume, a workbook and a
    form. ``translations`` is a digest of this computer's own translations. ``sections`` are those of a blank form, None
    for a report; ``agency`` is the id of the one that the form was made for. ``content_hash`` is the printed one.
    """

    program: str
    language: str
    second: str = ""
    profile: str = ""
    sections: tuple[str, ...] | None = None
    agency: str = ""
    translations: str = ""
    content_hash: str = ""
    dossier: EmbeddedDossier | None = None


_SHARED_FIELDS = tuple(name for name in EmbeddedDossier.__struct_fields__ if name not in {"instrument", "previous"})


def embed_dossier(dossier: Dossier) -> EmbeddedDossier:
    return EmbeddedDossier(
        instrument=msgspec.Raw(encode_instrument(dossier.instrument.without_officer_texts()).encode()),
        previous=embed_dossier(dossier.previous) if dossier.previous else None,
        **{name: getattr(dossier, name) for name in _SHARED_FIELDS},
    )


def dossier_from_embedded(carried: EmbeddedDossier) -> Dossier:
    """Return a carried dossier; raises KnownError if its instrument cannot be used."""
    return Dossier(
        instrument=decode_instrument(bytes(carried.instrument).decode()),
        previous=dossier_from_embedded(carried.previous) if carried.previous else None,
        **{name: getattr(carried, name) for name in _SHARED_FIELDS},
    )


def encode_content_block(
    dossier: Dossier,
    texts: Translator,
    second: Translator | None,
    *,
    profile: ReportProfile,
    content_hash: str,
    sections: Iterable[str] | None = None,
    agency: str = "",
) -> str:
    """Write what a copy carries, in letters that every kind of file keeps."""
    made = EmbeddedContent(
        program=__version__,
        language=texts.tag,
        second=second.tag if second else "",
        profile=str(profile),
        sections=None if sections is None else tuple(sections),
        agency=agency,
        translations=own_translations_digest(dossier.instrument.id, texts, second),
        content_hash=content_hash,
        dossier=embed_dossier(dossier) if profile.volume is ReportVolume.FULL else None,
    )
    return base64.b64encode(lzma.compress(msgspec.json.encode(made), preset=2)).decode()


def decode_content_block(block: str) -> EmbeddedContent | None:
    """Read what a file carries, None if it is nothing of ours; never unpacks more than a dossier can be."""
    try:
        reader = lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=_MAX_DECODER_MEMORY)
        content = reader.decompress(
            base64.b64decode("".join(block.split()), validate=True), max_length=MAX_CONTENT_BYTES
        )
        return msgspec.json.decode(content, type=EmbeddedContent) if reader.eof else None
    except (ValueError, lzma.LZMAError, msgspec.MsgspecError, RecursionError):
        return None


def own_translations_digest(instrument: str, texts: Translator, second: Translator | None) -> str:
    """Return a digest of the translations somebody brought here, empty where there are none."""
    both = [one for one in (texts, second) if one]
    files = [
        file for one in both for file in (own_program_file(one.language), *wording_files(instrument, one.asked_in))
    ]
    own = [file.read_bytes() for file in files if file.is_file() and not file.is_relative_to(instruments_folder())]
    return hashlib.sha256(b"\0".join(own)).hexdigest() if own else ""


ProgressListener = Callable[[str, float], None]
Render = Callable[[Appraisal, Formatter, ProgressListener, str], bytes]
"""Its last argument is the content that the copy carries (``EmbeddedContent`` as text), empty for none."""


def _report_pdf(
    appraisal: Appraisal,
    formatter: Formatter,
    progress: ProgressListener,
    _content: str,
    signer: SigningIdentity | None = None,
    preview: Callable[[bytes], None] | None = None,
) -> bytes:
    view = report_content(appraisal, formatter)
    return render_pdf(view, formatter.texts, lambda step, share: progress(step, 0.05 + 0.9 * share), signer, preview)


def _report_html(appraisal: Appraisal, formatter: Formatter, progress: ProgressListener, content: str) -> bytes:
    view = report_content(appraisal, formatter)
    progress(formatter.texts.gettext("Writing the pages"), 0.5)
    # A page that carries nothing is only compared with another one, and that leaves out fonts.
    return render_web_page(view, formatter.texts, content, with_faces=bool(content)).encode()


def _report_word(appraisal: Appraisal, formatter: Formatter, progress: ProgressListener, content: str) -> bytes:
    from capacity_app.outputs.word.document import render_word  # noqa: PLC0415 - a PDF needs no library for Word files

    view = report_content(appraisal, formatter)
    return render_word(view, formatter.texts, lambda step, share: progress(step, 0.1 + 0.85 * share), content)


def _report_workbook(
    appraisal: Appraisal,
    formatter: Formatter,
    progress: ProgressListener,
    content: str,
) -> bytes:
    from capacity_app.outputs.workbook.writer import appraised_workbook_bytes  # noqa: PLC0415 - nor for workbooks

    # A workbook is for going on with: it always holds everything the profile allows.
    progress(formatter.texts.gettext("Writing the sheets"), 0.3)
    return appraised_workbook_bytes(appraisal, formatter, content)


def is_complete_pdf(content: bytes) -> bool:
    return content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF")


def is_complete_html(content: bytes) -> bool:
    return content.lstrip().startswith(b"<!DOCTYPE html>") and content.rstrip().endswith(b"</html>")


def is_complete_word(content: bytes) -> bool:
    from capacity_app.outputs.word.package import is_whole_word  # noqa: PLC0415 - as above

    return is_whole_word(content)


def is_complete_workbook(content: bytes) -> bool:
    from capacity_app.outputs.workbook.writer import is_whole_workbook  # noqa: PLC0415 - as above

    return is_whole_workbook(content)


_REPORT_FORMATS: dict[str, tuple[Render, Verify]] = {
    ".pdf": (_report_pdf, is_complete_pdf),
    ".docx": (_report_word, is_complete_word),
    ".html": (_report_html, is_complete_html),
    ".xlsx": (_report_workbook, is_complete_workbook),
}


_Maker = TypeVar("_Maker")


def _format_by_suffix(
    formats: dict[str, tuple[_Maker, Verify]], suffix: str, name: str, refusal: str
) -> tuple[_Maker, Verify]:
    """Return what makes and checks a file of that ending; raises KnownError with ``refusal`` for any other."""
    chosen = formats.get(suffix.lower())
    if chosen is None:
        raise KnownError(refusal, endings=", ".join(formats), file=name)
    if suffix.lower() == ".pdf":
        load_weasyprint()
    return chosen


def _report_format(suffix: str, name: str) -> tuple[Render, Verify]:
    return _format_by_suffix(_REPORT_FORMATS, suffix, name, N_("A report ends in {endings}; {file} does not."))


def second_language(name: str, first: str, instrument: Instrument) -> Translator | None:
    """Return the words of a second language, None for none or the first once more; raises KnownError if unknown."""
    if not name or split_locale_tag(name)[0] == split_locale_tag(first)[0]:
        return None
    known = question_languages(instrument)
    if split_locale_tag(name)[0] not in known:
        raise KnownError(N_("The questions are not worded in “{name}”, only in: {known}."), name=name,
                         known=", ".join(known))  # fmt: skip
    return Translator(name)


def monotonic_progress(progress: ProgressListener | None) -> ProgressListener:
    """Tell progress that never goes back, whatever the steps estimate."""
    reached = 0.0

    def tell(step: str, share: float) -> None:
        nonlocal reached
        reached = max(reached, share)
        if progress:
            progress(step, reached)

    return tell


def report_bytes(
    dossier: Dossier,
    suffix: str,
    *,
    texts: Translator,
    second: Translator | None = None,
    profile: ReportProfile = FULL_PROFILE,
    progress: ProgressListener | None = None,
    is_signed: bool = False,
    preview: Callable[[bytes], None] | None = None,
) -> bytes:
    """Make a report in memory, by the ending a file would have: .pdf, .docx, .html or .xlsx.

    Unsigned, it is the same wherever it is made. A PDF file is signed where a certificate can be kept; ``preview``
    takes a PDF of its first pages before.
    """
    tell = monotonic_progress(progress)
    render, _verify = _report_format(suffix, suffix)
    tell(texts.gettext("Reading the answers"), 0.0)
    appraisal = appraise(
        dossier,
        replace(profile, volume=ReportVolume.FULL) if render is _report_workbook else profile,
        name_withheld=texts.gettext(NAME_WITHHELD),
        voice=texts.gettext(VOICE),
        untranslated=count_untranslated(dossier.instrument, dossier.mission.language),
    )
    shown, content = appraisal.dossier, ""
    formatter = _formatter(texts, shown, second)
    if is_signed and render is _report_pdf:
        identity = own_identity() if appraisal.with_names else one_time_identity()
        return _report_pdf(appraisal, formatter, tell, "", identity, preview)
    if render is not _report_pdf:
        content = encode_content_block(
            shown, texts, second, profile=appraisal.profile, content_hash=appraisal.content_hash
        )
    return render(appraisal, formatter, tell, content)


def _formatter(texts: Translator, shown: Dossier, second: Translator | None) -> Formatter:
    return BilingualFormatter(texts, shown, second) if second else Formatter(texts, shown)


def main_messages(dossier: Dossier, texts: Translator) -> str:
    """Return the main messages that a report of an assessment would generate, a line each."""
    return generated_messages(appraise(dossier), Formatter(texts, dossier))


def are_messages_outdated(session: AssessmentSession) -> bool:
    """Return whether an answer or an action changed after the typed main messages were written, by the revisions."""
    typed, entries = session.mission.main_messages, session.known.entries
    written = [r.id.counter for r in entries.known((MISSION, MISSION))
               if isinstance(r.content, Mission) and r.content.main_messages == typed]  # fmt: skip
    if not typed or not written:
        return False
    last_answer = max((one.id.counter for one in session.known.answers.all()), default=0)
    last_action = max((one.id.counter for one in entries.all() if one.register == "actions"), default=0)
    return max(last_answer, last_action) > min(written)


def render_again(made: EmbeddedContent, shown: Dossier, suffix: str) -> bytes:
    """Print a copy anew from a dossier that holds no more than its profile, as ``made`` says; raises KnownError."""
    texts, second = Translator(made.language), Translator(made.second) if made.second else None
    profile = ReportProfile.parse(made.profile)
    whole = made.content_hash if profile.without - {Withheld.SCORES} else shown.content_hash
    missing = count_untranslated(shown.instrument, shown.mission.language)
    appraisal = appraise_shown(shown, profile, whole, missing)
    render, _verify = _report_format(suffix, suffix)
    return render(appraisal, _formatter(texts, shown, second), lambda _step, _share: None, "")


def write_report(
    dossier: Dossier,
    destination: Path,
    *,
    texts: Translator,
    second: Translator | None = None,
    profile: ReportProfile = FULL_PROFILE,
    progress: ProgressListener | None = None,
) -> None:
    """Write a report by the file's ending: .pdf, .docx, .html or .xlsx.

    ``second`` is a language the questions and answers stand in too; a workbook is always of the full volume.
    ``progress`` hears what is being done and a share of 0 to 1. Raises KnownError for anything the person can mend;
    then an old file is as it was.
    """
    tell = monotonic_progress(progress)
    _render, verify = _report_format(destination.suffix, destination.name)
    check_writable(destination)
    content = report_bytes(
        dossier,
        destination.suffix,
        texts=texts,
        second=second,
        profile=profile,
        progress=tell,
        is_signed=True,
    )
    tell(texts.gettext("Checking and saving the file"), 0.97)
    write_atomically(destination, content, verify)
    tell(texts.gettext("Done"), 1.0)


# The blank form: an instrument to be filled in by hand, as PDF, or at a computer, as workbook; no answers in either.
#
# A form for one ministry holds only some parts; both kinds keep numbers and addresses, so that an import places the
# answers.

FORM_PDF, FORM_WORKBOOK = ".pdf", ".xlsx"


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankFormRequest:
    """What a blank form is made from.

    ``sections`` are numbers or ids of parts ("III"), all without any; ``agency`` is the id of the one it is sent to.
    """

    instrument: Instrument
    mission: Mission = field(default_factory=Mission)
    agencies: tuple[Agency, ...] = ()
    sections: tuple[str, ...] = ()
    agency: str = ""
    published: tuple[RetiredAnswer, ...] = ()


def blank_form_request(dossier: Dossier, sections: Sequence[str] = (), agency: str = "") -> BlankFormRequest:
    """Make a blank form of an assessment: its questions, country, round and agencies, and none of its answers.

    A workbook for one agency also asks it to confirm what published sources say.
    """
    mission = dossier.mission
    named = Mission(
        country=mission.country,
        m49=mission.m49,
        country_name=mission.country_name,
        round=mission.round,
        language=mission.language,
        profile=mission.profile,
    )
    asked = {one.id for one in dossier.agencies if agency.casefold() in {one.id.casefold(), one.short.casefold()}}
    return BlankFormRequest(
        instrument=dossier.instrument,
        mission=named,
        agencies=dossier.agencies,
        sections=tuple(sections),
        agency=agency,
        published=tuple(one for one in published_answers(dossier) if one.respondent in asked),
    )


def _form_agency(blank: BlankFormRequest) -> Agency | None:
    """Find the agency a form is sent to, by id or short name; raises KnownError."""
    if not blank.agency:
        return None
    wanted = blank.agency.casefold()
    found = next((one for one in blank.agencies if wanted in {one.id.casefold(), one.short.casefold()}), None)
    if found is None:
        known = ", ".join(agency.id for agency in blank.agencies) or "–"
        raise KnownError(N_("There is no agency “{name}”. Known are: {known}."), name=blank.agency, known=known)
    return found


def _empty_dossier(blank: BlankFormRequest, texts: Translator) -> Dossier:
    """Make an assessment without answers; agencies are there to be named, nobody in them is."""
    mission = blank.mission
    if mission.m49 and not mission.country_name:
        mission = replace(mission, country_name=texts.country(mission.m49))
    agencies = tuple(Agency(id=one.id, name=one.name, short=one.short, kind=one.kind) for one in blank.agencies)
    return Dossier(id="", instrument=blank.instrument, mission=mission, agencies=agencies)


def _form_pdf(blank: BlankFormRequest, texts: Translator, second: Translator | None, tell: ProgressListener) -> bytes:
    formatter = _formatter(texts, _empty_dossier(blank, texts), second)
    sections = chosen_sections(blank.instrument, blank.sections)
    return render_form(
        form_content(formatter, sections, _form_agency(blank)), texts, lambda s, share: tell(s, 0.95 * share)
    )


def _form_workbook(
    blank: BlankFormRequest, texts: Translator, second: Translator | None, tell: ProgressListener
) -> bytes:
    from capacity_app.outputs.workbook.writer import appraised_workbook_bytes  # noqa: PLC0415 - as above

    agency = _form_agency(blank)
    made_for = agency.id if agency else ""
    dossier = _empty_dossier(blank, texts)
    kept = replace(blank.instrument, sections=chosen_sections(blank.instrument, blank.sections))
    unscored = replace(FULL_PROFILE, without=frozenset({Withheld.SCORES}))
    places = {question.id for question in kept.questions()}
    published = tuple(one for one in blank.published if one.target.partition("/")[0] in places)
    dossier = replace(dossier, kept=published)
    appraisal = appraise(replace(dossier, instrument=kept), unscored)
    # What nobody has been asked yet is no gap.
    asked = replace(appraisal, gaps=(), to_verify=())
    tell(texts.gettext("Writing the sheets"), 0.3)
    # Words and hash are those of the whole instrument: conditions name questions of other parts too.
    content = encode_content_block(
        dossier,
        texts,
        second,
        profile=asked.profile,
        content_hash=asked.content_hash,
        sections=blank.sections,
        agency=made_for,
    )
    return appraised_workbook_bytes(asked, _formatter(texts, dossier, second), content, made_for)


def follow_up_workbook(dossier: Dossier, agency: Agency, texts: Translator) -> bytes:
    """Make the workbook on which an agency says how far its open actions are."""
    from capacity_app.outputs.workbook.writer import follow_up_bytes  # noqa: PLC0415 - as above

    asked = replace(
        _empty_dossier(blank_form_request(dossier), texts),
        id=dossier.id,
        actions=open_actions(dossier.actions, agency.id),
    )
    appraisal = appraise(asked, replace(FULL_PROFILE, without=frozenset({Withheld.SCORES})))
    return follow_up_bytes(appraisal, Formatter(texts, asked), agency.name or agency.short or agency.id)


MakeForm = Callable[[BlankFormRequest, Translator, Translator | None, ProgressListener], bytes]
_FORM_FORMATS: dict[str, tuple[MakeForm, Verify]] = {
    FORM_PDF: (_form_pdf, is_complete_pdf),
    FORM_WORKBOOK: (_form_workbook, is_complete_workbook),
}


def _form_format(suffix: str, name: str) -> tuple[MakeForm, Verify]:
    return _format_by_suffix(_FORM_FORMATS, suffix, name, N_("A blank form ends in {endings}; {file} does not."))


def blank_form_bytes(
    blank: BlankFormRequest, suffix: str, *, texts: Translator, second: Translator | None = None
) -> bytes:
    """Make a blank form in memory, by the ending a file would have: .pdf or .xlsx; raises KnownError."""
    make, _ = _form_format(suffix, suffix)
    return make(blank, texts, second, monotonic_progress(None))


def write_blank_form(
    blank: BlankFormRequest,
    destination: Path,
    *,
    texts: Translator,
    second: Translator | None = None,
    progress: ProgressListener | None = None,
) -> None:
    """Write a blank form by the file's ending: .pdf or .xlsx.

    ``second`` is a language that stands beside the first; ``progress`` hears what is being done and
    a share of 0 to 1. Raises KnownError for anything the person can mend; then an old file is as it was.
    """
    tell = monotonic_progress(progress)
    make, verify = _form_format(destination.suffix, destination.name)
    check_writable(destination)
    content = make(blank, texts, second, tell)
    tell(texts.gettext("Checking and saving the file"), 0.97)
    write_atomically(destination, content, verify)
    tell(texts.gettext("Done"), 1.0)
