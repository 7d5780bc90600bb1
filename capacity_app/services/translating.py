"""Translating in a spreadsheet: make the sheet, see what one that came back would change, take it over, sign it off."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from capacity_app import __version__, catalogues, paths
from capacity_app.catalogues import ENGLISH, PROGRAM, Review, Standing
from capacity_app.domain.problems import N_, KnownError, Severity, Translate
from capacity_app.files.atomic import check_writable, known_write_errors, write_atomically
from capacity_app.instruments import library
from capacity_app.instruments.reader import offered_supplements, read_instrument
from capacity_app.instruments.translating import files
from capacity_app.instruments.translating.files import Entered, expect_language, plain_name
from capacity_app.instruments.translating.known import known, own_file
from capacity_app.instruments.translating.passages import Subject, instrument_subject
from capacity_app.instruments.translating.plurals import known_locale
from capacity_app.instruments.translating.preview import Fate, Preview, preview
from capacity_app.instruments.translating.program import program_subject
from capacity_app.texts import Texts

ENDING = ".xlsx"
_MISTAKES = N_("The instrument {name} has mistakes and was not used. Mend them and check it again.")
_SAME_LANGUAGE = N_("The texts of {name} are in that language already: choose the one to translate into.")
_WRONG_ENDING = N_("A sheet for translators ends in {endings}; {file} does not.")
_NOBODY = N_("Say who signs the translation off: write the name on the first sheet, or give it here.")
_STILL_REFUSED = N_(
    "The translation cannot be signed off while texts in it are refused ({count}). Mend them in the sheet, or take the "
    "others over without signing off (--no-sign-off)."
)
_NOTHING_TO_SIGN = N_("There is no translation to be signed off yet.")


def folders() -> tuple[Path, ...]:
    return paths.instruments_folder(), paths.user_instruments_folder()


def subject_of(wanted: str, say: Translate = str) -> Subject:
    """Give what is to be translated: an instrument by its id, or the program; raises KnownError.

    ``say`` words where each text stands.
    """
    if wanted == PROGRAM:
        return program_subject(say)
    entry = library.find(wanted, folders())
    names = [supplement.file for supplement in offered_supplements(entry.folder)]
    instrument, problems = read_instrument(entry.folder, names)
    if instrument is None or any(problem.severity is Severity.ERROR for problem in problems):
        raise KnownError(_MISTAKES, name=entry.id)
    return instrument_subject(instrument, say)


# -- the sheet -----------------------------------------------------------------------------------------------------


def write_sheet(wanted: str, language: str, out: Path) -> None:
    """Write the sheet for a translator; raises KnownError, and then an old file is as it was."""
    from capacity_app.services.translation_sheet import sheet_bytes  # noqa: PLC0415 - only here is a workbook made
    from capacity_app.workbook.writer import is_whole_workbook  # noqa: PLC0415 - the same

    if out.suffix.lower() != ENDING:
        raise KnownError(_WRONG_ENDING, endings=ENDING, file=out.name)
    language = expect_language(language)
    check_writable(out)
    subject = subject_of(wanted)
    if known_locale(subject.language) == known_locale(language):
        raise KnownError(_SAME_LANGUAGE, name=subject.id)
    write_atomically(out, sheet_bytes(subject, known(subject, language)), is_whole_workbook)


# -- reading it back -----------------------------------------------------------------------------------------------


def preview_sheet(file: Path, say: Translate = str) -> Preview:
    """Read a sheet that came back and see what it would change; raises KnownError."""
    from capacity_app.services.translation_reading import read_sheet  # noqa: PLC0415 - only here is a workbook read

    returned = read_sheet(file)
    subject = subject_of(returned.subject, say)
    if known_locale(subject.language) == known_locale(returned.language):
        raise KnownError(_SAME_LANGUAGE, name=subject.id)
    return preview(subject, known(subject, returned.language), returned)


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken over: the file it was written to (None if nothing was), and who has signed it off."""

    file: Path | None
    count: int
    by: str = ""
    is_signed_off: bool = False


def take(found: Preview, by: str = "", *, sign_off: bool | None = None) -> Taken:
    """Write what a sheet brings over what is there, in the person's own folder, and sign it off; raises KnownError.

    ``sign_off`` is None for what the sheet says, which is signed off by whoever it names.
    """
    returned, subject = found.returned, found.subject
    name = plain_name(by) or returned.by
    on = returned.on or dt.datetime.now().astimezone().date().isoformat()
    is_signing = returned.is_signed_off if sign_off is None else sign_off
    if is_signing and not name:
        raise KnownError(_NOBODY)
    if is_signing and found.counts[Fate.REFUSED]:
        raise KnownError(_STILL_REFUSED, count=str(found.counts[Fate.REFUSED]))
    there = known(subject, returned.language)
    entered = tuple(Entered(one.passage, one.forms, one.note) for one in found.taken if one.passage)
    if is_signing and not entered and not there.forms:
        raise KnownError(_NOTHING_TO_SIGN)
    if not entered and not is_signing:
        return Taken(None, 0, name)
    file = own_file(subject.id, returned.language)
    write = files.signed_off if is_signing else files.merged
    _put(file, write(file, subject, there, entered, name, on))
    catalogues.forget()
    return Taken(file, len(entered), name, is_signing)


def _put(file: Path, content: bytes) -> None:
    with known_write_errors(file):
        file.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(file, content, _is_catalogue)


def _is_catalogue(content: bytes) -> bool:
    """Tell whether bytes are read as a catalogue, as they will be."""
    import io  # noqa: PLC0415 - only here

    from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415 - only who takes a translation over needs it

    try:
        return len(read_po(io.BytesIO(content), abort_invalid=True)) > 0
    except (PoFileError, ValueError, LookupError):
        return False


# -- who stands for what -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How much of something is translated into a language, and who stands for it."""

    subject: str
    title: str
    version: str
    done: int
    of: int
    standing: Standing
    review: Review


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A language of the program or an instrument, with what is translated into it."""

    language: str
    shares: tuple[Share, ...]


def spoken() -> tuple[Spoken, ...]:
    """Give every language something is translated into, by its code."""
    subjects = tuple(_subjects())
    found = {language for language in catalogues.program_languages() if language != ENGLISH}
    found |= {language for one in subjects for language in catalogues.wording_languages(one.id)}
    return tuple(
        Spoken(language=language, shares=tuple(share for one in subjects if (share := share_of(one, language)).done))
        for language in sorted(found)
    )


def _subjects() -> Iterator[Subject]:
    """Give all that can be translated here; what has mistakes is left out."""
    names = dict.fromkeys((PROGRAM, *(entry.id for entry in library.catalogue(folders()))))
    for name in names:
        try:
            yield subject_of(name)
        except KnownError:
            continue


def share_of(subject: Subject, language: str) -> Share:
    """Say how much of something is translated into a language, and who stands for it."""
    there = known(subject, language)
    if subject.id == PROGRAM:
        review = catalogues.program_review(language)
        standing = review.standing(__version__)
    else:
        worded = catalogues.wording_files(subject.id, language)
        review = catalogues.review_of(worded[0]) if worded else Review()
        standing = Texts(language).standing(subject.id, subject.version)
    return Share(
        subject=subject.id,
        title=subject.title,
        version=subject.version,
        done=sum(1 for passage in subject.passages if any(there.of(passage))),
        of=len(subject.passages),
        standing=standing,
        review=review,
    )
