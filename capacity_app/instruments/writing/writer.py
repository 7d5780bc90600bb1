"""Lines as a workbook: drop-downs where something is chosen, a note at the head of each column, text in every cell.

Every cell is formatted as text, so that a spreadsheet makes no date of "1/2" and no 1.1 of "1.10".
"""

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from capacity_app.domain.problems import N_, Translate
from capacity_app.instruments.writing import layout
from capacity_app.instruments.writing.layout import SHEET, SHEETS, Column, Form, Sheet, is_example
from capacity_app.instruments.writing.lines import Line, Lines
from capacity_app.palette import ACCENT, ACCENT_TINT, CAUTION, CAUTION_TINT, INK, LINE, MUTED, TINT

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_ROOM = 500
"""Empty lines below the last one in which drop-downs work."""
_MOST_LISTED = 250
"""Characters of a drop-down's choices; longer lists are refused by spreadsheets."""
_NOTE_WIDTH, _NOTE_LINE, _NOTE_LETTERS = 300, 17, 42
_WIDE, _KEY_WIDTH, _VALUE_WIDTH, _TEXT_WIDTH = 100, 26, 60, 50
_LINE_HEIGHT, _PADDING, _HIGHEST, _SPREAD = 12.75, 4.0, 400.0, 1.05
_MADE = dt.datetime(2026, 1, 1, tzinfo=dt.timezone.utc).replace(tzinfo=None)  # noqa: UP017 - the same in every version
"""The day every workbook says it was made on: equal questionnaires give equal files."""

_ABOUT = (
    N_("This workbook is a questionnaire. Each sheet holds one kind of thing, each line one thing."),
    N_("Point at the head of a column to read what belongs there. A star marks what must be filled in."),
    N_(
        "Ids are permanent: lower-case letters, digits, - and _. Answers are kept by id, so an id is never changed and "
        "never used again for something else. Printed numbers and wording may change."
    ),
    N_("A blank cell takes the usual value, which the note at the head of its column names."),
    N_("Lines can be sorted, moved and coloured as you like; the order of lines is the order in print."),
    N_("When it is ready, read it with the program: Questionnaires and languages, Write in Excel, Read a workbook."),
    N_("What is not right is then listed with its sheet, row and column. Nothing is changed before you say so."),
)
_ABOUT_EXAMPLES = N_(
    "The tinted lines are examples, one for each type of question. Delete the tinted line on the sheet Sections, and "
    "none of them is read any more."
)
_ABOUT_LANGUAGES = N_(
    "On the sheet Translations, each column is a language. To add one, write its short name (fr, ar, pt-BR) at the "
    "head of the next column."
)
_KINDS = (
    ("level", N_("0 to 3; each level has its sentence on the sheet Anchors")),
    ("yes_no", N_("yes or no")),
    ("yes_partly_no", N_("yes, partly or no")),
    ("choice", N_("one of several options")),
    ("checklist", N_("any of several options")),
    ("grid", N_("a table, with lines on the sheets Rows and Columns")),
    ("text", N_("a short text")),
    ("long_text", N_("a text of several lines")),
    ("integer", N_("a whole number")),
    ("percent", N_("a percentage")),
    ("year", N_("a year")),
    ("date", N_("a date; a year or a month alone is allowed")),
    ("agency", N_("an agency of the register")),
    ("source", N_("a data source of the register")),
    ("country", N_("a country")),
    ("url", N_("an address on the web")),
)


def book_bytes(lines: Lines, translate: Translate = str, *, is_right_to_left: bool = False) -> bytes:
    """Write a workbook; what explains it is in the language of ``translate``. Equal lines give equal bytes."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - only who writes a workbook needs it

    buffer = io.BytesIO()
    workbook = Workbook(buffer, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False})
    workbook.set_properties({"title": lines.facts.get("title", ""), "created": _MADE})
    _Book(workbook, lines, translate, is_right_to_left=is_right_to_left).write()
    workbook.close()
    return buffer.getvalue()


def _high(cells: Iterable[tuple[str, float]]) -> float:
    """Give the height of a line whose texts wrap in columns of these widths: not every program finds it by itself."""
    lines = (sum(1 + int(len(part) * _SPREAD // width) for part in text.split("\n")) for text, width in cells)
    return min(_LINE_HEIGHT * max(lines, default=1) + _PADDING, _HIGHEST)


def sheets_of(lines: Lines) -> tuple[Sheet, ...]:
    """Give the sheets a workbook has; a supplement has neither glossary nor lists of its own."""
    left_out = {layout.CONCEPTS, layout.CODES} if lines.is_supplement else set()
    return tuple(sheet for sheet in SHEETS if sheet.name not in left_out)


class _Book:
    """One workbook that is being written."""

    def __init__(self, workbook: "Workbook", lines: Lines, translate: Translate, *, is_right_to_left: bool) -> None:
        self._workbook, self._lines, self._say = workbook, lines, translate
        self._is_right_to_left = is_right_to_left
        plain: dict[str, Any] = {"font_name": "Arial", "font_size": 10, "font_color": INK, "valign": "top",
                                 "text_wrap": True}  # fmt: skip
        text = plain | {"num_format": "@"}
        boxed = text | {"border": 1, "border_color": LINE}
        looks = {
            "plain": plain,
            "text": text,
            "cell": boxed,
            "example": boxed | {"bg_color": CAUTION_TINT, "font_color": CAUTION},
            "quiet": boxed | {"bg_color": TINT, "font_color": MUTED},
            "name": boxed | {"bg_color": TINT, "bold": True},
            "head": boxed | {"bg_color": ACCENT_TINT, "font_color": ACCENT, "bold": True, "valign": "vcenter"},
            "must": boxed | {"bg_color": ACCENT, "font_color": "#ffffff", "bold": True, "valign": "vcenter"},
            "title": plain | {"bold": True, "font_size": 16, "font_color": ACCENT, "text_wrap": False},
            "heading": plain | {"bold": True, "font_size": 12, "font_color": ACCENT},
            "link": plain | {"font_color": ACCENT, "underline": 1},
        }
        self._looks = {name: workbook.add_format(properties) for name, properties in looks.items()}

    def write(self) -> None:
        """Write all sheets in order."""
        read_me = self._sheet(layout.READ_ME)
        self._write_facts(self._sheet(layout.INSTRUMENT))
        for sheet in sheets_of(self._lines):
            self._write_lines(self._sheet(sheet.name), sheet)
        self._write_languages(self._sheet(layout.TRANSLATIONS))
        self._write_read_me(read_me)

    def _sheet(self, name: str) -> "Worksheet":
        sheet = self._workbook.add_worksheet(name)
        if self._is_right_to_left:
            sheet.right_to_left()
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        return sheet

    # -- the first sheets ----------------------------------------------------------------------------------------------

    def _write_read_me(self, sheet: "Worksheet") -> None:
        say, looks = self._say, self._looks
        sheet.set_column(0, 0, _KEY_WIDTH, looks["plain"])
        sheet.set_column(1, 1, _WIDE, looks["plain"])
        sheet.write_string(0, 0, self._lines.facts.get("title") or say(N_("Questionnaire")), looks["title"])
        row = 2
        about = [*_ABOUT, *([_ABOUT_EXAMPLES] if self._lines.has_examples else []), _ABOUT_LANGUAGES]
        for place, sentence in enumerate(about, start=1):
            sheet.write_string(row, 0, str(place), looks["plain"])
            sheet.write_string(row, 1, say(sentence), looks["plain"])
            sheet.set_row(row, _high([(say(sentence), _WIDE)]))
            row += 1
        row = self._heading(sheet, row + 1, say(N_("Sheets")))
        for name, note in (
            (layout.INSTRUMENT, N_("What the questionnaire is.")),
            *((one.name, one.note) for one in sheets_of(self._lines)),
            (layout.TRANSLATIONS, N_("Every text with its key, and a column for each other language.")),
        ):
            sheet.write_url(row, 0, f"internal:'{name}'!A1", looks["link"], name)
            sheet.write_string(row, 1, say(note), looks["plain"])
            row += 1
        row = self._heading(sheet, row + 1, say(N_("Types of questions")))
        for kind, meaning in _KINDS:
            sheet.write_string(row, 0, kind, looks["plain"])
            sheet.write_string(row, 1, say(meaning), looks["plain"])
            row += 1
        sheet.activate()

    def _heading(self, sheet: "Worksheet", row: int, title: str) -> int:
        sheet.write_string(row, 0, title, self._looks["heading"])
        return row + 1

    def _write_facts(self, sheet: "Worksheet") -> None:
        looks = self._looks
        sheet.set_column(0, 0, _KEY_WIDTH, looks["text"])
        sheet.set_column(1, 1, _VALUE_WIDTH, looks["text"])
        sheet.set_column(2, 2, _WIDE, looks["text"])
        for place, title in enumerate((layout.KEY, layout.VALUE, layout.MEANING)):
            sheet.write_string(0, place, title, looks["must" if place == 1 else "head"])
        columns = layout.FACTS_OF_SUPPLEMENT if self._lines.is_supplement else layout.FACTS
        for row, column in enumerate(columns, start=1):
            sheet.write_string(row, 0, column.title, looks["name"])
            sheet.write_string(row, 1, self._lines.facts.get(column.key, ""), looks["cell"])
            sheet.write_string(row, 2, self._say(column.note), looks["quiet"])
            said = self._lines.facts.get(column.key, "")
            sheet.set_row(row, _high([(said, _VALUE_WIDTH), (self._say(column.note), _WIDE)]))
        sheet.freeze_panes(1, 1)

    # -- sheets of lines -----------------------------------------------------------------------------------------------

    def _write_lines(self, page: "Worksheet", sheet: Sheet) -> None:
        lines = self._lines.sheets.get(sheet.name, ())
        for place, column in enumerate(sheet.columns):
            page.set_column(place, place, column.width, self._looks["text"])
            self._write_head(page, place, column.title, column.note, is_required=column.is_required)
            self._offer(page, place, column, len(lines))
        for row, line in enumerate(lines, start=1):
            self._write_line(page, row, line, sheet)
        page.freeze_panes(1, self._kept(sheet))
        page.autofilter(0, 0, max(len(lines), 1), len(sheet.columns) - 1)
        page.repeat_rows(0)

    def _write_head(self, page: "Worksheet", place: int, title: str, note: str, *, is_required: bool) -> None:
        page.write_string(0, place, title, self._looks["must" if is_required else "head"])
        said = self._say(note)
        high = _NOTE_LINE * (2 + len(said) // _NOTE_LETTERS)
        page.write_comment(0, place, said, {"x_scale": 1, "width": _NOTE_WIDTH, "height": high, "font_size": 10})

    def _write_line(self, page: "Worksheet", row: int, line: Line, sheet: Sheet) -> None:
        marks = (line.get(key, "") for key in ("id", "of", "question"))
        page.set_row(row, _high((line.get(column.key, ""), column.width) for column in sheet.columns))
        look = "example" if self._lines.has_examples and any(map(is_example, marks)) else "cell"
        for place, column in enumerate(sheet.columns):
            text = line.get(column.key, "")
            if text:
                page.write_string(row, place, text, self._looks[look])
            else:
                page.write_blank(row, place, None, self._looks[look])

    @staticmethod
    def _kept(sheet: Sheet) -> int:
        """Say how many columns stay in sight: those up to the id."""
        keys = [column.key for column in sheet.columns]
        return min(keys.index("id") + 1 if "id" in keys else 1, 2)

    def _offer(self, page: "Worksheet", place: int, column: Column, count: int) -> None:
        """Offer what can be chosen; anything else can be typed, and is told when the workbook is read."""
        choices = ["yes", "no"] if column.form is Form.YES else list(column.choices)
        source: Sequence[str] | str = choices
        if column.source is not None:
            source = self._ids(*column.source)
        elif not choices or len(",".join(choices)) > _MOST_LISTED:
            return
        page.data_validation(1, place, count + _ROOM, place, {
            "validate": "list",
            "source": source,
            "error_type": "warning",
            "error_title": column.key[:32],
            "error_message": self._say(N_("This is not one of the choices."))[:255],
        })  # fmt: skip

    def _ids(self, name: str, key: str) -> str:
        letter = chr(ord("A") + [column.key for column in SHEET[name].columns].index(key))
        last = len(self._lines.sheets.get(name, ())) + 1 + _ROOM
        return f"='{name}'!${letter}$2:${letter}${last}"

    # -- languages -----------------------------------------------------------------------------------------------------

    def _write_languages(self, page: "Worksheet") -> None:
        languages = self._lines.languages
        page.set_column(0, 0, _KEY_WIDTH + 8, self._looks["text"])
        page.set_column(1, 1 + max(len(languages), 1), _TEXT_WIDTH, self._looks["text"])
        note = N_("The permanent key of a text: what it belongs to, and which of its texts it is.")
        self._write_head(page, 0, layout.KEY, note, is_required=True)
        note = N_("The text as the other sheets word it. Where it has changed there, its translations are set aside.")
        self._write_head(page, 1, layout.SOURCE, note, is_required=False)
        for place, language in enumerate(languages, start=2):
            note = N_("The wording in this language; texts without one stay in the first language.")
            self._write_head(page, place, language, note, is_required=False)
        row = 1
        headers = [name for name in layout.HEADERS if any(one.get(name) for one in self._lines.headers.values())]
        for name in headers:
            said = [self._lines.headers.get(language, {}).get(name, "") for language in languages]
            self._write_texts(page, row, (f"{layout.HEADER}{name}", ""), said)
            row += 1
        for key, text in self._lines.texts:
            said = [words.get((key, text), "") for words in languages.values()]
            self._write_texts(page, row, (key, text), said)
            row += 1
        page.freeze_panes(1, 1)

    def _write_texts(self, page: "Worksheet", row: int, known: tuple[str, str], said: Sequence[str]) -> None:
        page.set_row(row, _high((text, _TEXT_WIDTH) for text in (*known[1:], *said)))
        for place, text in enumerate((*known, *said)):
            look = self._looks["quiet" if place < len(known) else "cell"]
            if text:
                page.write_string(row, place, text, look)
            else:
                page.write_blank(row, place, None, look)
