"""A report from a dossier, as PDF, Word, HTML or workbook, made whole or not at all."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from pathlib import Path

from capacity_app.bilingual import TwoWordings
from capacity_app.catalogues import program_languages, wording_languages
from capacity_app.domain.appraisal import Appraisal, appraise, appraise_shown
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.privacy import Profile
from capacity_app.domain.problems import N_, KnownError
from capacity_app.files.atomic import Verify, check_writable, write_atomically
from capacity_app.report.html import render_for_screen
from capacity_app.report.pdf.report import render_pdf
from capacity_app.report.pdf.signing import Identity
from capacity_app.report.view.parts import ALL, Part, parts_named
from capacity_app.report.view.report import report_view
from capacity_app.report.word.document import render_word
from capacity_app.report.word.package import is_whole_word
from capacity_app.services.certificate import one_time_identity, own_identity
from capacity_app.services.checking import untranslated
from capacity_app.services.printed_content import PrintedFrom, content_block
from capacity_app.texts import Texts, parted
from capacity_app.wording import Wording
from capacity_app.workbook.writer import appraised_bytes, is_whole_workbook

Progress = Callable[[str, float], None]
Render = Callable[[Appraisal, Wording, AbstractSet[Part], Progress, str], bytes]
"""Its last argument is the content that the copy carries (``printed_content``), empty for none."""


def _pdf(
    appraisal: Appraisal,
    words: Wording,
    parts: AbstractSet[Part],
    progress: Progress,
    _content: str,
    signer: Identity | None = None,
) -> bytes:
    view = report_view(appraisal, words, parts)
    return render_pdf(view, words.texts, lambda step, share: progress(step, 0.05 + 0.9 * share), signer)


def _html(appraisal: Appraisal, words: Wording, parts: AbstractSet[Part], progress: Progress, content: str) -> bytes:
    view = report_view(appraisal, words, parts)
    progress(words.texts.gettext("Writing the pages"), 0.5)
    # A page that carries nothing is only compared with another one, and that leaves out fonts.
    return render_for_screen(view, words.texts, content, with_faces=bool(content)).encode()


def _word(appraisal: Appraisal, words: Wording, parts: AbstractSet[Part], progress: Progress, content: str) -> bytes:
    view = report_view(appraisal, words, parts)
    return render_word(view, words.texts, lambda step, share: progress(step, 0.1 + 0.85 * share), content)


def _workbook(
    appraisal: Appraisal, words: Wording, _parts: AbstractSet[Part], progress: Progress, content: str
) -> bytes:
    # A workbook is for going on with: it always holds everything the profile allows.
    progress(words.texts.gettext("Writing the sheets"), 0.3)
    return appraised_bytes(appraisal, words, content)


def is_whole_pdf(content: bytes) -> bool:
    """Return whether bytes begin and end as a PDF does."""
    return content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF")


def is_whole_html(content: bytes) -> bool:
    """Return whether bytes begin and end as our HTML does."""
    return content.lstrip().startswith(b"<!DOCTYPE html>") and content.rstrip().endswith(b"</html>")


_KINDS: dict[str, tuple[Render, Verify]] = {
    ".pdf": (_pdf, is_whole_pdf),
    ".docx": (_word, is_whole_word),
    ".html": (_html, is_whole_html),
    ".xlsx": (_workbook, is_whole_workbook),
}


def _profile(name: str) -> Profile:
    try:
        return Profile(name)
    except ValueError:
        known = ", ".join(Profile)
        raise KnownError(N_("There is no profile “{name}”. Choose one of: {known}."), name=name, known=known) from None


def _kind(suffix: str, name: str) -> tuple[Render, Verify]:
    chosen = _KINDS.get(suffix.lower())
    if chosen is None:
        raise KnownError(N_("A report ends in {endings}; {file} does not."), endings=", ".join(_KINDS), file=name)
    return chosen


def report_languages(instrument: Instrument) -> tuple[str, ...]:
    """Return the languages a report can be in: those of the program and those the questions are worded in."""
    return tuple(dict.fromkeys((*program_languages(), *question_languages(instrument))))


def question_languages(instrument: Instrument) -> tuple[str, ...]:
    """Return the languages the questions are worded in, the instrument's own first: each can be a second language."""
    return tuple(dict.fromkeys((instrument.language, *wording_languages(instrument.id))))


def second_language(name: str, first: str, instrument: Instrument) -> Texts | None:
    """Return the words of a second language, None for none or the first once more; raises KnownError if unknown."""
    if not name or parted(name)[0] == parted(first)[0]:
        return None
    known = question_languages(instrument)
    if parted(name)[0] not in known:
        raise KnownError(N_("The questions are not worded in “{name}”, only in: {known}."), name=name,
                         known=", ".join(known))  # fmt: skip
    return Texts(name)


def onward(progress: Progress | None) -> Progress:
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
    texts: Texts,
    second: Texts | None = None,
    profile: str = Profile.FULL,
    parts: AbstractSet[Part] = ALL,
    progress: Progress | None = None,
    is_signed: bool = False,
) -> bytes:
    """Make a report in memory, by the ending a file would have: .pdf, .docx, .html or .xlsx.

    Unsigned, it is the same wherever it is made. A PDF file is signed where a certificate can be kept.
    """
    tell = onward(progress)
    render, _verify = _kind(suffix, suffix)
    tell(texts.gettext("Reading the answers"), 0.0)
    appraisal = appraise(
        dossier,
        _profile(profile),
        name_withheld=texts.gettext("[name withheld]"),
        untranslated=untranslated(dossier.instrument, dossier.mission.language),
    )
    shown, content = appraisal.dossier, ""
    words = _words(texts, shown, second)
    if is_signed and render is _pdf:
        identity = one_time_identity() if appraisal.profile is Profile.NO_NAMES else own_identity()
        return _pdf(appraisal, words, parts, tell, "", identity)
    if render is not _pdf:
        chosen = () if parts == ALL or render is _workbook else parts
        content = content_block(
            shown, texts, second, profile=appraisal.profile, content_hash=appraisal.content_hash, parts=chosen
        )
    return render(appraisal, words, parts, tell, content)


def _words(texts: Texts, shown: Dossier, second: Texts | None) -> Wording:
    return TwoWordings(texts, shown, second) if second else Wording(texts, shown)


def printed_again(made: PrintedFrom, shown: Dossier, suffix: str) -> bytes:
    """Print a copy anew from a dossier that holds no more than its profile, as ``made`` says; raises KnownError."""
    texts, second = Texts(made.language), Texts(made.second) if made.second else None
    profile = _profile(made.profile)
    whole = made.content_hash if profile is Profile.NO_NAMES else shown.content_hash
    missing = untranslated(shown.instrument, shown.mission.language)
    appraisal = appraise_shown(shown, profile, whole, missing)
    render, _verify = _kind(suffix, suffix)
    return render(appraisal, _words(texts, shown, second), parts_named(made.parts), lambda _step, _share: None, "")


def write_report(
    dossier: Dossier,
    destination: Path,
    *,
    texts: Texts,
    second: Texts | None = None,
    profile: str = Profile.FULL,
    parts: AbstractSet[Part] = ALL,
    progress: Progress | None = None,
) -> None:
    """Write a report by the file's ending: .pdf, .docx, .html or .xlsx.

    ``second`` is a language the questions and answers stand in too; ``profile`` is "full", "no-scores" or
    "no-names"; ``parts`` are what it is made of (a workbook always holds all). ``progress`` hears what is being
    done and a share of 0 to 1. Raises KnownError for anything the person can mend; then an old file is as it was.
    """
    tell = onward(progress)
    _render, verify = _kind(destination.suffix, destination.name)
    check_writable(destination)
    content = report_bytes(
        dossier,
        destination.suffix,
        texts=texts,
        second=second,
        profile=profile,
        parts=parts,
        progress=tell,
        is_signed=True,
    )
    tell(texts.gettext("Checking and saving the file"), 0.97)
    write_atomically(destination, content, verify)
    tell(texts.gettext("Done"), 1.0)
