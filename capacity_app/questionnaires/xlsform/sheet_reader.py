"""The sheets of a form that somebody made: their rows with numbers, their texts by language, and pyxform's reading.

pyxform knows every way in which a form may be written, and says which row is wrong; but it straightens quotation marks
and hard spaces, so texts are taken from the cells themselves. Rows keep their numbers in a column it hands through.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from functools import cached_property
from itertools import islice
from typing import Any

from babel import Locale, UnknownLocaleError
from openpyxl import load_workbook
from pyxform.errors import PyXFormError
from pyxform.xls2json import workbook_to_json
from pyxform.xls2json_backends import get_xlsform
from pyxform.xls2xform import convert

from capacity_app.domain.assessment.answers import clean_text
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.numbers_and_dates import cell_text
from capacity_app.domain.problems import N_, Problem, ProblemSeverity
from capacity_app.i18n.languages import LANGUAGES
from capacity_app.questionnaires.xlsform.form import (
    CAPACITY,
    CHOICES,
    LANGUAGE,
    SETTINGS,
    SURVEY,
    FormSheetRow,
    conversion_warning,
    pyxform_problem,
)

ROW_NUMBER, _EXTERNAL = "capacity_row", "external_choices"
"""The number of a row, as people count; the sheet of choices that phones keep in a file of its own."""
MOST_ROWS, _MOST_NAMED = 20_000, 400
NO_SURVEY = N_("The workbook is not a form: it has no sheet “survey” with the columns “type” and “name”.")
NO_SURVEY_ADVICE = N_("Take the XLSForm that the form was made from.")
OTHER_SHEETS = N_("These sheets are not part of a form, so they were not read: {names}.")
OTHER_SHEETS_ADVICE = N_("If one of them belongs to the form, correct its name.")
UNCLEAR = N_("The program for forms (pyxform) cannot read this form and does not say why. Nothing was imported.")
UNCLEAR_ADVICE = N_("Check the form at getodk.org/xlsform, and import it again.")
TOO_MANY_ROWS = N_("The sheet “{sheet}” has more than {most} rows: no form has so many.")
_HEADER = re.compile(r"\s*([^:]+?)\s*:{1,2}\s*(.+?)\s*")
_CODE = re.compile(r"\(\s*([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)\s*\)\s*$")
_KNOWN = (SURVEY, CHOICES, SETTINGS, CAPACITY, _EXTERNAL, "entities", "osm")
_ALIASES = {"caption": "label", "relevance": "relevant"}

SurveyElement = Mapping[str, Any]
"""A row of the survey as pyxform understands it, with what is inside it."""


@dataclass(frozen=True, slots=True)
class FormCells:
    """What the sheets of a form say; rows without anything are empty."""

    survey: tuple[FormSheetRow, ...]
    choices: tuple[FormSheetRow, ...] = ()
    settings: tuple[FormSheetRow, ...] = ()
    external: tuple[FormSheetRow, ...] = ()
    own: tuple[FormSheetRow, ...] = ()


@dataclass(frozen=True)
class FormSheets:
    """A form that was read: its cells, and what pyxform makes of them (None where it refuses)."""

    cells: FormCells
    tree: SurveyElement | None
    problems: tuple[Problem, ...] = ()

    @cached_property
    def settings(self) -> FormSheetRow:
        found = next((line for line in self.cells.settings if line), {})
        return {name: text.strip() for name, text in found.items()}

    @property
    def is_ours(self) -> bool:
        return bool(self.settings.get(LANGUAGE))

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of the texts as the columns name them, the one of all the rest first ("" where unnamed)."""
        lines = (*self.cells.survey, *self.cells.choices)
        named = dict.fromkeys(
            language
            for line in lines
            for header in line
            for base, language in [split_header(header)]
            if base == "label"
        )
        wanted = self.settings.get("default_language", "").strip()
        first = "" if "" in named else (wanted if wanted in named else next(iter(named), ""))
        return tuple(dict.fromkeys((first, *named)))

    def choices(self, element: SurveyElement) -> Sequence[SurveyElement]:
        """Return what there is to choose from in a row, wherever the form keeps it; nothing if that is another file."""
        wanted, tree = str(element.get("itemset", "")), self.tree or {}
        here: Sequence[SurveyElement] = element.get("choices") or tree.get("choices", {}).get(wanted) or ()
        if here:
            return here
        lines = enumerate(map(_plain_line, self.cells.external), start=2)
        return [
            {"name": line.get("name", ""), ROW_NUMBER: row, _EXTERNAL: True} for row, line in lines
            if line.get("list_name", line.get("list name")) == wanted
        ]  # fmt: skip

    def texts(self, element: SurveyElement, column: str, *, is_choice: bool = False) -> dict[str, str]:
        """Return the texts of a column by language, as they stand in the cells."""
        lines = self.cells.choices if is_choice else self.cells.survey
        if element.get(_EXTERNAL):
            lines = self.cells.external
        row = str(element.get(ROW_NUMBER, ""))
        if not row.isdecimal() or not 0 <= int(row) - 2 < len(lines):
            return _added_texts(element, column)
        return self.texts_in(lines[int(row) - 2], column)

    def texts_in(self, line: FormSheetRow, column: str) -> dict[str, str]:
        """Return the texts of a column of one row by language; only forms of ours mean an empty line at the end."""
        found: dict[str, str] = {}
        for header, text in line.items():
            base, language = split_header(header)
            if base == column:
                found.setdefault(language, text if self.is_ours else text.strip())
        return found

    def cell(self, element: SurveyElement, column: str, *, is_choice: bool = False) -> str:
        """Return the cell of a column that has no languages, empty if there is none."""
        return next(iter(self.texts(element, column, is_choice=is_choice).values()), "").strip()


def _added_texts(element: SurveyElement, column: str) -> dict[str, str]:
    """Return the texts of what pyxform adds itself, such as “Specify other.”."""
    said = element.get(column)
    if isinstance(said, Mapping):
        return {str(language): str(text) for language, text in said.items()}
    return {"": str(said)} if said else {}


def split_header(header: str) -> tuple[str, str]:
    """Return the column and the language a header names: "label::English (en)"."""
    found = _HEADER.fullmatch(header)
    name, language = (found[1], found[2]) if found else (header, "")
    base = name.strip().lower().replace(" ", "_")
    return _ALIASES.get(base, base), language


def language_of_column(name: str) -> str:
    """Return the language (BCP 47) that the columns name, empty if nobody knows it: "Français (fr)", "French"."""
    found = _CODE.search(name)
    tag = found[1].replace("_", "-") if found else _tag_by_name(name.strip().casefold())
    try:
        Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError, TypeError):
        return ""
    return tag


def _tag_by_name(name: str) -> str:
    if len(name) in {2, 3} and name.isascii() and name.isalpha():
        return name
    for tag, said in Locale("en").languages.items():
        if said.casefold() == name:
            return str(tag)
    return next((one.tag for one in LANGUAGES.values() if one.name and one.name.casefold() == name), "")


# -- reading -------------------------------------------------------------------------------------------------------


def read_sheets(content: bytes, file: str) -> FormSheets:
    """Read a form of a workbook that has been looked at; raises whatever openpyxl stumbles over."""
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        problems: list[Problem] = []
        names = {sheet.title: sheet.title.strip().lower() for sheet in book.worksheets}
        read = {names[sheet.title]: _lines(sheet.iter_rows(values_only=True)) for sheet in book.worksheets
                if names[sheet.title] in _KNOWN}  # fmt: skip
        for name, lines in read.items():
            if len(lines) > MOST_ROWS:
                values = (("sheet", name), ("most", str(MOST_ROWS)))
                problems.append(Problem("xlsform.rows", file, TOO_MANY_ROWS, values=values))
    finally:
        book.close()
    if problems:
        return FormSheets(FormCells(()), None, tuple(problems))
    others = [title for title, name in names.items() if name not in _KNOWN]
    ignored = conversion_warning(
        "sheets", file, OTHER_SHEETS, OTHER_SHEETS_ADVICE, names=", ".join(others)[:_MOST_NAMED]
    )
    sheets = parse_sheets(read, file)
    return replace(sheets, problems=(*sheets.problems, *((ignored,) if others else ())))


def parse_sheets(read: Mapping[str, Sequence[FormSheetRow]], file: str) -> FormSheets:
    """Have pyxform read the rows of sheets by their names."""
    cells = FormCells(*(tuple(read.get(name, ())) for name in (SURVEY, CHOICES, SETTINGS, _EXTERNAL, CAPACITY)))
    if not any("type" in line for line in map(_plain_line, cells.survey)):
        return FormSheets(cells, None, (Problem("xlsform.none", file, NO_SURVEY, NO_SURVEY_ADVICE),))
    tree, problems = _parse_with_pyxform(cells, {name: lines for name, lines in read.items() if name != CAPACITY}, file)
    return FormSheets(cells, tree, problems)


def _plain_line(line: FormSheetRow) -> FormSheetRow:
    return {header.strip().lower(): text.strip() for header, text in line.items()}


def _lines(rows: Iterable[Sequence[object]]) -> list[FormSheetRow]:
    """Return the rows below the headings; the first ones of the sheet."""
    texts = ([clean_text(cell_text(cell)) for cell in row] for row in rows)
    headers = [text.strip() for text in next(texts, [])]
    lines: list[FormSheetRow] = [
        {name: text for name, text in zip(headers, row, strict=False) if name and text.strip()}
        for row in islice(texts, MOST_ROWS + 1)
    ]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _parse_with_pyxform(
    cells: FormCells, read: Mapping[str, Sequence[FormSheetRow]], file: str
) -> tuple[SurveyElement | None, tuple[Problem, ...]]:
    book: dict[str, Any] = {"sheet_names": list(read)}
    for name, lines in read.items():
        numbered = (cells.survey if name == SURVEY else cells.choices) if name in {SURVEY, CHOICES} else lines
        is_numbered = name in {SURVEY, CHOICES}
        book[name] = [
            {
                **{header: text.strip() for header, text in line.items()},
                **({ROW_NUMBER: str(row)} if line and is_numbered else {}),
            }
            for row, line in enumerate(numbered, start=2)
        ]
        book[f"{name}_header"] = [dict.fromkeys(_headers(book[name]))]
    # It stumbles over some damage instead of refusing it.
    wrong = (PyXFormError, LookupError, TypeError, ValueError, AttributeError, RecursionError)
    try:
        return deepcopy(convert(deepcopy(book))._pyxform), ()  # noqa: SLF001 - the model that pyxform offers
    except wrong as error:
        is_said = isinstance(error, PyXFormError)
        complaint = (
            pyxform_problem(file, error) if is_said else Problem("xlsform.unclear", file, UNCLEAR, UNCLEAR_ADVICE)
        )
    try:
        # No phone would take it, but its questions can be read: a text may be missing.
        tree = workbook_to_json(workbook_dict=get_xlsform(book), fallback_form_name="form", warnings=[])
    except wrong:
        return None, (complaint,)
    return tree, (replace(complaint, severity=ProblemSeverity.WARNING),)


def _headers(lines: Iterable[FormSheetRow]) -> Iterator[str]:
    for line in lines:
        yield from line
