"""Workbooks of questionnaires that are here, and empty ones to start from."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from capacity_app import catalogues
from capacity_app.domain.problems import N_, KnownError, Problem, Severity
from capacity_app.domain.wordings import wording_places
from capacity_app.instruments import library
from capacity_app.instruments.library import Entry
from capacity_app.instruments.reader import read_instrument
from capacity_app.instruments.writing import layout
from capacity_app.instruments.writing.lines import Line, Lines, Words, lines_of
from capacity_app.instruments.writing.sources import source_of_folder, source_of_supplement
from capacity_app.instruments.writing.template import template
from capacity_app.instruments.writing.writer import book_bytes
from capacity_app.services.books.places import ID, folders, section_of
from capacity_app.services.books.wordings import worded_in
from capacity_app.services.reporting import put_in_place
from capacity_app.texts import Texts

BROKEN = N_("The questionnaire “{name}” has mistakes, so no workbook was made of it. Check it first.")
WRONG_ENDING = N_("“{file}” must end in .xlsx.")
NO_SUCH_SUPPLEMENT = N_("The questionnaire “{name}” has no supplement “{supplement}”.")
NOT_AN_ID = N_("“{name}” cannot be an id: use a–z, 0–9, “-” and “_”, starting with a letter or digit.")
NOT_A_SUPPLEMENTS_ID = N_("The id of a supplement of your own begins with xx-, for example xx-geo; “{name}” does not.")


def write_book(
    wanted: str | Path, out: Path, texts: Texts, *, supplements: Sequence[str] | None = None
) -> tuple[int, int]:
    """Write an instrument with these supplements (None: all) as a workbook; gives its sections and questions.

    ``wanted`` may also be the file of a country's own questions. Raises KnownError.
    """
    _expect_workbook_name(out)
    lines, counts = _lines_of(wanted, supplements)
    put_in_place(out, book_bytes(lines, texts.gettext, is_right_to_left=texts.right_to_left))
    return counts


def _lines_of(wanted: str | Path, supplements: Sequence[str] | None) -> tuple[Lines, tuple[int, int]]:
    entry = library.find(wanted, folders())
    source, problems = source_of_folder(entry.folder, supplements)
    _expect_supplements(entry, supplements)
    names = [one.file for one in entry.supplements if supplements is None or {one.id, one.file} & set(supplements)]
    instrument, more = read_instrument(entry.folder, names)
    if source is None or instrument is None or _has_errors((*problems, *more)):
        raise KnownError(BROKEN, name=entry.id)
    texts = tuple(wording_places(instrument))
    return lines_of(source, texts, *_languages(entry)), (len(instrument.sections), len(instrument.question_by_id))


def _expect_supplements(entry: Entry, supplements: Sequence[str] | None) -> None:
    known = {name for one in entry.supplements for name in (one.id, one.file)}
    for name in supplements or ():
        if name not in known:
            raise KnownError(NO_SUCH_SUPPLEMENT, name=entry.id, supplement=name)


def write_supplement_book(file: Path, base: str, out: Path, texts: Texts) -> tuple[int, int]:
    """Write a country's own file, which is added to an instrument, as a workbook; raises KnownError."""
    _expect_workbook_name(out)
    entry = library.find(base, folders())
    source, _ = source_of_supplement(file, entry.id)
    instrument, _ = read_instrument(entry.folder, [file])
    if source is None or instrument is None:
        raise KnownError(BROKEN, name=file.name)
    sections = {part.section.id for part in source.parts.values()}
    texts_here = [(key, text) for key, text in wording_places(instrument) if section_of(key) in sections]
    lines = lines_of(source, texts_here, *_languages(entry))
    put_in_place(out, book_bytes(lines, texts.gettext, is_right_to_left=texts.right_to_left))
    return len(sections), sum(len(part.question) for part in source.parts.values())


def _has_errors(problems: Iterable[Problem]) -> bool:
    return any(problem.severity is Severity.ERROR for problem in problems)


def _expect_workbook_name(out: Path) -> None:
    if out.suffix.casefold() != ".xlsx":
        raise KnownError(WRONG_ENDING, file=out.name)


def _languages(entry: Entry) -> tuple[dict[str, Words], dict[str, Line]]:
    """Give the wording of an instrument in each other language, and who stands for it."""
    words: dict[str, Words] = {}
    headers: dict[str, Line] = {}
    for language in _languages_of(entry):
        files = _wording_files(entry, language)
        found: dict[tuple[str, str], str] = {}
        for file in reversed(files):
            found |= worded_in(file, entry.id)
        words[language] = found
        headers[language] = _headers(files[0]) if files else {}
    return words, headers


def _languages_of(entry: Entry) -> tuple[str, ...]:
    beside = {file.stem.replace("_", "-") for file in entry.folder.glob("*.po")}
    return tuple(sorted(beside | set(catalogues.wording_languages(entry.id))))


def _wording_files(entry: Entry, language: str) -> tuple[Path, ...]:
    beside = entry.folder / f"{language.replace('-', '_')}.po"
    known = catalogues.wording_files(entry.id, language)
    return known if beside in known or not beside.is_file() else (beside, *known)


def _headers(file: Path) -> Line:
    try:
        with file.open(encoding="utf-8", errors="replace") as stream:
            head = stream.read(4_000)
    except OSError:
        return {}
    found = {name: re.search(rf'^"{name}: (.*?)(?:\\n)?"$', head, re.MULTILINE) for name in layout.HEADERS}
    return {name: match[1].strip() for name, match in found.items() if match and match[1].strip()}


def write_template(
    name: str, out: Path, title: str, texts: Texts, *, language: str = "en", supplement_of: str = ""
) -> None:
    """Write an empty workbook with examples, for an instrument or for a supplement of one; raises KnownError."""
    _expect_workbook_name(out)
    if not ID.fullmatch(name):
        raise KnownError(NOT_AN_ID, name=name)
    base = library.find(supplement_of, folders()).id if supplement_of else ""
    if base and not name.startswith("xx-"):
        raise KnownError(NOT_A_SUPPLEMENTS_ID, name=name)
    translate = Texts(language).gettext
    lines = template(name, title, translate, language=language, supplement_of=base)
    put_in_place(out, book_bytes(lines, texts.gettext, is_right_to_left=texts.right_to_left))
