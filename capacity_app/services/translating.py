"""Translate in Excel: write the sheet, read it and show what it would change, apply that, and sign it off by name."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from capacity_app import catalogues
from capacity_app.catalogues import PROGRAM
from capacity_app.domain.problems import N_, KnownError, Problem, Severity
from capacity_app.files.atomic import check_writable, known_write_errors, write_atomically
from capacity_app.instruments import library
from capacity_app.instruments.reader import offered_supplements, read_instrument
from capacity_app.instruments.translation_checks import error, formula, problems_of, warning, with_outer_spaces
from capacity_app.instruments.translations import (
    Forms,
    SourceText,
    Translations,
    TranslationSubject,
    expect_language,
    instrument_subject,
    known_locale,
    own_catalogue,
    own_file,
    plain_name,
    plural_numbers,
    program_subject,
    translations_of,
)
from capacity_app.services.preview_install import folders
from capacity_app.services.translation_sheet import SheetRow, TranslationSheet, keys_of, read_sheet, sheet_bytes
from capacity_app.workbook.writer import is_whole_workbook

ENDING = ".xlsx"
_HAS_ERRORS = N_("The questionnaire {name} has errors. Correct them first. Nothing was changed.")
_SAME_LANGUAGE = N_("The texts of {name} are already in that language. Choose another language.")
_WRONG_ENDING = N_("The name of a translation sheet ends in {ending}, and {file} does not.")
_NO_NAME = N_("A translation is signed off by name. Give the name of the person who reviewed it. Nothing was changed.")
_REFUSED = N_(
    "The translation cannot be signed off while the sheet has errors ({count}). Correct them in the sheet, or apply "
    "the other translations without signing off. Nothing was changed."
)
_NOTHING_TO_SIGN = N_("There is no translation to sign off yet.")


def subject_of(wanted: str) -> TranslationSubject:
    """Return what is to be translated: a questionnaire by its id, or the program; raises KnownError."""
    if wanted == PROGRAM:
        return program_subject()
    entry = library.find(wanted, folders())
    names = [supplement.file for supplement in offered_supplements(entry.folder)]
    instrument, problems = read_instrument(entry.folder, names)
    if instrument is None or any(problem.severity is Severity.ERROR for problem in problems):
        raise KnownError(_HAS_ERRORS, name=entry.id)
    return instrument_subject(instrument)


def _expect_other_language(subject: TranslationSubject, language: str) -> None:
    if known_locale(subject.language) == known_locale(language):
        raise KnownError(_SAME_LANGUAGE, name=subject.id)


def write_sheet(wanted: str, language: str, out: Path) -> None:
    """Write the sheet for a translator; raises KnownError, and then an existing file is unchanged."""
    if out.suffix.lower() != ENDING:
        raise KnownError(_WRONG_ENDING, ending=ENDING, file=out.name)
    language = expect_language(language)
    check_writable(out)
    subject = subject_of(wanted)
    _expect_other_language(subject, language)
    write_atomically(out, sheet_bytes(subject, translations_of(subject, language)), is_whole_workbook)


# -- what a sheet would change -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TranslationChange:
    """A text whose translation would change; ``before`` is empty if there is none yet."""

    text: SourceText
    place: str
    before: Forms
    after: Forms


@dataclass(frozen=True, slots=True)
class SheetPreview:
    """What a sheet would change, and what is wrong in it."""

    subject: TranslationSubject
    known: Translations
    changes: tuple[TranslationChange, ...]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> int:
        return sum(1 for problem in self.problems if problem.severity is Severity.ERROR)


def preview_sheet(file: Path) -> SheetPreview:
    """Read a sheet and return what it would change; raises KnownError."""
    sheet = read_sheet(file)
    subject = subject_of(sheet.subject)
    _expect_other_language(subject, sheet.language)
    known = translations_of(subject, sheet.language)
    rows = defaultdict[str, list[SheetRow]](list)
    for row in sheet.rows:
        rows[row.key].append(row)
    changes: list[TranslationChange] = []
    problems = [*_of_version(subject, sheet, file.name)]
    for text in subject.texts:
        change, found = _compared(text, [rows.pop(key, []) for key in keys_of(text, sheet.language)], known, subject.id)
        problems += found
        if change and not any(problem.severity is Severity.ERROR for problem in found):
            changes.append(change)
    problems += [_unknown(row) for stray in rows.values() for row in stray]
    return SheetPreview(subject, known, tuple(changes), tuple(problems))


def _of_version(subject: TranslationSubject, sheet: TranslationSheet, file: str) -> Iterator[Problem]:
    if sheet.version != subject.version:
        message = N_("The sheet was made for version {old}, and this computer has version {new}.")
        advice = N_("Texts that have not changed are read. The others are listed.")
        yield warning("version", file, message, advice, old=sheet.version, new=subject.version)


def _compared(
    text: SourceText, cells: Sequence[Sequence[SheetRow]], known: Translations, subject: str
) -> tuple[TranslationChange | None, list[Problem]]:
    """Compare the rows of a text, a list for each plural form, with its translation; an empty cell changes nothing."""
    typed = [row for rows in cells for row in rows]
    if not typed:
        return None, []
    before = known.forms.get(text.key, ())
    after: list[str] = []
    problems: list[Problem] = []
    for form, rows in enumerate(cells):
        old = before[form] if form < len(before) else ""
        new = with_outer_spaces(text, rows[0].typed) if rows else old
        # A translation that is there already was checked before.
        if len(rows) == 1 and not rows[0].is_formula and old in {new, rows[0].typed}:
            new = old
        elif rows:
            numbers = plural_numbers(known.language)[form] if text.plural else ()
            problems += _of_cell(text, new, rows, numbers, subject)
        after.append(new)
    if text.plural and not all(after):
        message = N_("Some plural forms have no translation.")
        problems.append(error("forms", typed[0].place, message, N_("Translate all plural forms, or none.")))
    change = TranslationChange(text, typed[0].place, before, tuple(after)) if tuple(after) != before else None
    return change, problems


def _of_cell(
    text: SourceText, after: str, rows: Sequence[SheetRow], numbers: tuple[int, ...], subject: str
) -> Iterator[Problem]:
    row = rows[0]
    if is_formula := [one for one in rows if one.is_formula]:
        yield formula(is_formula[0].place)
    elif any(other.typed.strip() != row.typed.strip() for other in rows):
        message = N_("The same text has different translations in several rows: {others}.")
        others = "; ".join(other.place for other in rows[1:])
        yield error("twice", row.place, message, N_("Delete all rows of the text but one."), others=others)
    elif _plain(row.source) not in {_plain(text.source), _plain(text.plural)}:
        message = N_("The source in the sheet is not the present text of the questionnaire or the program.")
        yield error("source", row.place, message, N_("Make a new sheet and translate the text there."))
    else:
        yield from problems_of(text, after, row.place, numbers=numbers, subject=subject)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _unknown(row: SheetRow) -> Problem:
    message = N_("The key of this row belongs to no text: the text was changed or removed, or the row was added.")
    return error("unknown", row.place, message, N_("Make a new sheet and copy the translation there."))


def apply_sheet(preview: SheetPreview, by: str = "", *, is_signed_off: bool = False) -> Path | None:
    """Write what a sheet changes into the person's own file, and sign it off by name; raises KnownError.

    Returns the file, None if there was nothing to write.
    """
    subject, known, name = preview.subject, preview.known, plain_name(by)
    if is_signed_off and not name:
        raise KnownError(_NO_NAME)
    if is_signed_off and preview.errors:
        raise KnownError(_REFUSED, count=str(preview.errors))
    if is_signed_off and not (preview.changes or known.forms):
        raise KnownError(_NOTHING_TO_SIGN)
    if not (preview.changes or is_signed_off):
        return None
    changes = ((change.text, change.after) for change in preview.changes)
    content = own_catalogue(subject, known, changes, name, is_signed_off=is_signed_off)
    file = own_file(subject.id, known.language)
    with known_write_errors(file):
        file.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(file, content)
    catalogues.forget()
    return file
