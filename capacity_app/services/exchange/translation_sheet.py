"""The sheet for a translator: one row for each text, in which only the translation can be typed.

A hidden first row says what the sheet is of. Every row has the permanent key of its text, so rows may be sorted,
filtered or deleted.
"""

import io
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from xlsxwriter import Workbook

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError, Problem, ProblemSeverity
from capacity_app.files.atomic import check_writable, known_write_errors, write_atomically
from capacity_app.i18n import catalogues
from capacity_app.i18n.catalogues import PROGRAM, glossary
from capacity_app.outputs.workbook import formats
from capacity_app.outputs.workbook.formats import cell_parts, remove_invalid_characters
from capacity_app.outputs.workbook.reader.sheets import (
    ParsedSheet,
    ParsedWorkbook,
    RawCell,
    TooManyCellsError,
    cell_place_name,
    open_workbook,
    shown_text,
)
from capacity_app.outputs.workbook.sheet_writer import put_text
from capacity_app.outputs.workbook.writer import is_whole_workbook
from capacity_app.questionnaires import library
from capacity_app.questionnaires.reader import offered_supplements, read_instrument
from capacity_app.questionnaires.translations import (
    PluralForms,
    SourceText,
    Translations,
    TranslationSubject,
    expect_language,
    formula_problem,
    header_safe_name,
    instrument_subject,
    known_locale,
    own_translation_file,
    plural_numbers,
    program_subject,
    read_translations,
    translation_error,
    translation_problems,
    translation_warning,
    updated_own_catalogue,
    with_outer_spaces,
)
from capacity_app.report_colours import LINE, TINT
from capacity_app.services.untrusted import inspection
from capacity_app.services.untrusted.refusals import DAMAGED, refusal

SHEET_FORMAT = 2
"""Version of the sheet; a higher one is refused."""
SHEET_MARK = "capacity-app translation"
KEY, SOURCE, CONTEXT, GLOSSARY, TRANSLATION = SHEET_COLUMNS = ("Key", "Source", "Context", "Glossary", "Translation")
_WIDTHS = (16, 50, 40, 30, 60)
_FIRST_ROW = 2
_NO_SHEET = N_("{file} is not a translation sheet, or its first two rows were removed. Nothing was changed.")
_NEWER = N_("{file} was made by a newer version of this program. Install that version to import it.")
_TOO_MANY = N_("{file} has too many cells. Delete the rows and columns that do not belong to the sheet.")
_MARK_PATTERN = re.compile(rf"{SHEET_MARK} ([0-9]{{1,9}})")
_WORD_PATTERN = re.compile(r"[^\W_]+")
_ID_PATTERN = re.compile(r"[\w-]{1,80}(?:\.[\w-]{1,80})*")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """What is typed in one row, and where ("Translation, E12"); ``is_formula`` also stands for an error."""

    key: str
    source: str
    typed: str
    place: str
    is_formula: bool = False


@dataclass(frozen=True, slots=True)
class TranslationSheet:
    """A sheet that was read: what it is of, its language, and its rows that are not empty."""

    subject: str
    version: str
    language: str
    rows: tuple[SheetRow, ...]


def row_keys(text: SourceText, language: str) -> tuple[str, ...]:
    """Return the keys of a text's rows: one, or one for each plural form of the language."""
    return tuple(f"{text.key}#{form}" for form in range(len(plural_numbers(language)))) if text.plural else (text.key,)


# -- writing -------------------------------------------------------------------------------------------------------


def translation_sheet_bytes(subject: TranslationSubject, known: Translations) -> bytes:
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": dict(formats.FONT),
    }
    with Workbook(out, options) as workbook:
        boxed = {"text_wrap": True, "valign": "top", "align": "left", "border": 1, "border_color": LINE}
        locked = workbook.add_format(boxed | {"bg_color": TINT})
        heading = workbook.add_format(boxed | {"bg_color": TINT, "bold": True})
        locale = known_locale(known.language)
        is_leftwards = locale is not None and locale.text_direction == "rtl"
        side = {"align": "right", "reading_order": 2} if is_leftwards else {}
        unlocked = workbook.add_format(boxed | {"locked": False, "num_format": "@"} | side)
        sheet = workbook.add_worksheet(TRANSLATION)
        for column, text in enumerate((f"{SHEET_MARK} {SHEET_FORMAT}", subject.id, subject.version, known.language)):
            sheet.write_string(0, column, text)
        sheet.set_row(0, None, None, {"hidden": True})
        for column, (name, width) in enumerate(zip(SHEET_COLUMNS, _WIDTHS, strict=True)):
            sheet.write_string(1, column, name, heading)
            sheet.set_column(column, column, width)
        row = 1
        for row, texts in enumerate(_sheet_rows(subject, known), start=_FIRST_ROW):
            for column, text in enumerate(texts):
                look = unlocked if SHEET_COLUMNS[column] == TRANSLATION else locked
                if text:
                    put_text(sheet, row, column, cell_parts(remove_invalid_characters(text))[0], look)
                else:
                    sheet.write_blank(row, column, None, look)
        sheet.autofilter(1, 0, row, len(SHEET_COLUMNS) - 1)
        sheet.freeze_panes(_FIRST_ROW, 0)
        sheet.protect("", dict.fromkeys(("format_columns", "format_rows", "delete_rows", "sort", "autofilter"), True))
    return out.getvalue()


def _sheet_rows(subject: TranslationSubject, known: Translations) -> Iterator[tuple[str, str, str, str, str]]:
    """Go through the rows in printed order."""
    labels = {text.key: text.source for text in subject.texts}
    own_terms = [(labels[key], known.forms[key][0]) for key in subject.terms if key in known.forms]
    shared = ((term.english, term.translation) for term in glossary(known.language) if term.translation != term.english)
    terms = {_words_between_spaces(one): (one, said) for one, said in (*shared, *own_terms)}
    for text in subject.texts:
        forms = known.forms.get(text.key, ())
        context = [text.context]
        if was := known.earlier.get(text.key):
            context.append("Before: “{}” – “{}”".format(*was))
        words = _words_between_spaces(text.source)
        hints = "\n".join(f"{one} – {said}" for term, (one, said) in terms.items() if term in words)
        for form, key in enumerate(row_keys(text, known.language)):
            numbers = plural_numbers(known.language)[form] if text.plural else ()
            told = [f"Plural form for {', '.join(map(str, numbers))} …"] if text.plural else []
            source = text.plural if text.plural and numbers != (1,) else text.source
            said = forms[form] if form < len(forms) else ""
            yield key, source, "\n".join(filter(None, (*told, *context))), hints, said


def _words_between_spaces(text: str) -> str:
    """Return the words of a text between spaces, so that a word is found and not a part of one."""
    return f" {' '.join(_WORD_PATTERN.findall(text.casefold()))} "


# -- reading -------------------------------------------------------------------------------------------------------


def read_translation_sheet(file: Path) -> TranslationSheet:
    """Read a sheet from outside; raises KnownError with one sentence."""
    content = inspection.read_workbook_content(file)
    try:
        return _read_book(open_workbook(content), file.name)
    except TooManyCellsError as error:
        raise refusal(_TOO_MANY, file.name) from error
    except (ValueError, ET.ParseError, KeyError, OverflowError) as error:
        raise refusal(DAMAGED, file.name) from error


def _read_book(book: ParsedWorkbook, file: str) -> TranslationSheet:
    for sheet in map(book.sheet, book.names):
        first, headings = ([_cell_text(cell) for cell in (*line, "", "", "", "")] for line in (*sheet.rows, [], [])[:2])
        mark = _MARK_PATTERN.fullmatch(first[0])
        if mark is None or not {KEY, SOURCE, TRANSLATION} <= set(headings) or not _ID_PATTERN.fullmatch(first[1]):
            continue
        if int(mark[1]) > SHEET_FORMAT:
            raise KnownError(_NEWER, file=file)
        columns = [headings.index(name) for name in (KEY, SOURCE, TRANSLATION)]
        rows = tuple(_typed_rows(sheet, columns))
        return TranslationSheet(first[1], first[2][:40], expect_language(first[3][:40]), rows)
    raise KnownError(_NO_SHEET, file=file)


def _typed_rows(sheet: ParsedSheet, columns: Sequence[int]) -> Iterator[SheetRow]:
    for number, line in enumerate(sheet.rows[_FIRST_ROW:], start=_FIRST_ROW):
        key, source, typed = (_cell_text(line[column]) if column < len(line) else "" for column in columns)
        is_formula = (number, columns[-1]) in sheet.odd
        if typed.strip() or is_formula:
            yield SheetRow(key.strip(), source, typed, cell_place_name(sheet.name, number, columns[-1]), is_formula)


def _cell_text(raw: RawCell) -> str:
    """Return a cell with line breaks as we write them."""
    return shown_text(raw).replace("\r\n", "\n").replace("\r", "\n")


# Translate in Excel: write the sheet, read it and show what it would change, apply that, and sign it off by name.

SHEET_SUFFIX = ".xlsx"
_HAS_ERRORS = N_("The questionnaire {name} has errors. Correct them first. Nothing was changed.")
_SAME_LANGUAGE = N_("The texts of {name} are already in that language. Choose another language.")
_WRONG_ENDING = N_("The name of a translation sheet ends in {ending}, and {file} does not.")
_NO_NAME = N_("A translation is signed off by name. Give the name of the person who reviewed it. Nothing was changed.")
_CANNOT_SIGN_OFF = N_(
    "The translation cannot be signed off while the sheet has errors ({count}). Correct them in the sheet, or apply "
    "the other translations without signing off. Nothing was changed."
)
_NOTHING_TO_SIGN = N_("There is no translation to sign off yet.")


def translation_subject(wanted: str) -> TranslationSubject:
    """Return what is to be translated: a questionnaire by its id, or the program; raises KnownError."""
    if wanted == PROGRAM:
        return program_subject()
    entry = library.find_instrument(wanted, library.instrument_folders())
    names = [supplement.file for supplement in offered_supplements(entry.folder)]
    instrument, _ = read_instrument(entry.folder, names)
    if instrument is None:
        raise KnownError(_HAS_ERRORS, name=entry.id)
    return instrument_subject(instrument)


def _expect_other_language(subject: TranslationSubject, language: str) -> None:
    if known_locale(subject.language) == known_locale(language):
        raise KnownError(_SAME_LANGUAGE, name=subject.id)


def write_translation_sheet(wanted: str, language: str, out: Path) -> None:
    """Write the sheet for a translator; raises KnownError, and then an existing file is unchanged."""
    if out.suffix.lower() != SHEET_SUFFIX:
        raise KnownError(_WRONG_ENDING, ending=SHEET_SUFFIX, file=out.name)
    language = expect_language(language)
    check_writable(out)
    subject = translation_subject(wanted)
    _expect_other_language(subject, language)
    write_atomically(out, translation_sheet_bytes(subject, read_translations(subject, language)), is_whole_workbook)


# -- what a sheet would change -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TranslationChange:
    """A text whose translation would change; ``before`` is empty if there is none yet."""

    text: SourceText
    place: str
    before: PluralForms
    after: PluralForms


@dataclass(frozen=True, slots=True)
class TranslationPreview:
    """What a sheet would change, and what is wrong in it."""

    subject: TranslationSubject
    known: Translations
    changes: tuple[TranslationChange, ...]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> int:
        return sum(1 for problem in self.problems if problem.severity is ProblemSeverity.ERROR)


def preview_translation_sheet(file: Path) -> TranslationPreview:
    """Read a sheet and return what it would change; raises KnownError."""
    sheet = read_translation_sheet(file)
    subject = translation_subject(sheet.subject)
    _expect_other_language(subject, sheet.language)
    known = read_translations(subject, sheet.language)
    rows = defaultdict[str, list[SheetRow]](list)
    for row in sheet.rows:
        rows[row.key].append(row)
    changes: list[TranslationChange] = []
    problems = [*_version_warnings(subject, sheet, file.name)]
    for text in subject.texts:
        change, found = _compare_text(
            text, [rows.pop(key, []) for key in row_keys(text, sheet.language)], known, subject.id
        )
        problems += found
        if change and not any(problem.severity is ProblemSeverity.ERROR for problem in found):
            changes.append(change)
    problems += [_unknown_key_problem(row) for stray in rows.values() for row in stray]
    return TranslationPreview(subject, known, tuple(changes), tuple(problems))


def _version_warnings(subject: TranslationSubject, sheet: TranslationSheet, file: str) -> Iterator[Problem]:
    if sheet.version != subject.version:
        message = N_("The sheet was made for version {old}, and this computer has version {new}.")
        advice = N_("Texts that have not changed are read. The others are listed.")
        yield translation_warning("version", file, message, advice, old=sheet.version, new=subject.version)


def _compare_text(
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
            problems += _cell_problems(text, new, rows, numbers, subject)
        after.append(new)
    if text.plural and not all(after):
        message = N_("Some plural forms have no translation.")
        problems.append(translation_error("forms", typed[0].place, message, N_("Translate all plural forms, or none.")))
    change = TranslationChange(text, typed[0].place, before, tuple(after)) if tuple(after) != before else None
    return change, problems


def _cell_problems(
    text: SourceText, after: str, rows: Sequence[SheetRow], numbers: tuple[int, ...], subject: str
) -> Iterator[Problem]:
    row = rows[0]
    if is_formula := [one for one in rows if one.is_formula]:
        yield formula_problem(is_formula[0].place)
    elif any(other.typed.strip() != row.typed.strip() for other in rows):
        message = N_("The same text has different translations in several rows: {others}.")
        others = "; ".join(other.place for other in rows[1:])
        yield translation_error("twice", row.place, message, N_("Delete all rows of the text but one."), others=others)
    elif _normal_line_breaks(row.source) not in {_normal_line_breaks(text.source), _normal_line_breaks(text.plural)}:
        message = N_("The source in the sheet is not the present text of the questionnaire or the program.")
        yield translation_error("source", row.place, message, N_("Make a new sheet and translate the text there."))
    else:
        yield from translation_problems(text, after, row.place, numbers=numbers, subject=subject)


def _normal_line_breaks(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _unknown_key_problem(row: SheetRow) -> Problem:
    message = N_("The key of this row belongs to no text: the text was changed or removed, or the row was added.")
    return translation_error("unknown", row.place, message, N_("Make a new sheet and copy the translation there."))


def apply_translation_sheet(preview: TranslationPreview, by: str = "", *, is_signed_off: bool = False) -> Path | None:
    """Write what a sheet changes into the person's own file, and sign it off by name; raises KnownError.

    Returns the file, None if there was nothing to write.
    """
    subject, known, name = preview.subject, preview.known, header_safe_name(by)
    if is_signed_off and not name:
        raise KnownError(_NO_NAME)
    if is_signed_off and preview.errors:
        raise KnownError(_CANNOT_SIGN_OFF, count=str(preview.errors))
    if is_signed_off and not (preview.changes or known.forms):
        raise KnownError(_NOTHING_TO_SIGN)
    if not (preview.changes or is_signed_off):
        return None
    changes = ((change.text, change.after) for change in preview.changes)
    content = updated_own_catalogue(subject, known, changes, name, is_signed_off=is_signed_off)
    file = own_translation_file(subject.id, known.language)
    with known_write_errors(file):
        file.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(file, content)
    catalogues.clear_cache()
    return file
