"""A sheet for a translator who has a spreadsheet and nothing else: what to do, the texts, and the words to keep to.

Every row carries its permanent key in a hidden column, and a hidden line names the columns, so that nobody reads cells
by counting: rows may be filtered, sorted, deleted or added, and columns moved.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from capacity_app import __version__
from capacity_app.catalogues import glossary
from capacity_app.domain.problems import N_
from capacity_app.instruments.translating.known import Known
from capacity_app.instruments.translating.passages import Passage, Subject
from capacity_app.instruments.translating.plurals import forms, known_locale
from capacity_app.instruments.translating.preview import keys_of
from capacity_app.palette import ACCENT_TINT, INK, LINE, MUTED, TINT
from capacity_app.texts import Texts
from capacity_app.workbook import layout, looks
from capacity_app.workbook.measuring import cell_parts, clean, lines_of, most_lines
from capacity_app.workbook.page import Book, Cell, Page, footer_text, put_text, set_up_paper

if TYPE_CHECKING:
    from xlsxwriter.format import Format

FORMAT = "1"
"""Version of the sheet; a reader refuses a higher one."""
META_SHEET = "_translation"
"""Hidden: what the sheet is of, as key and value, and the key of every row by its number."""
ROW_KEY = "row "
BY_MARK, ON_MARK, SIGNED_MARK = "@by", "@on", "@signed-off"
"""Marks of the lines on the first sheet that the translator fills in, in the column after their names."""
YES = "yes"
MOST_NOTES = 3
"""Earlier notes that are shown beside a translation."""


class Column(StrEnum):
    """What a column is, on the hidden line."""

    KEY = "@key"
    NUMBER = "@number"
    PART = "@part"
    QUESTION = "@question"
    WHAT = "@what"
    SOURCE = "@source"
    CONTEXT = "@context"
    TRANSLATION = "@translation"
    NOTE = "@note"
    STATE = "@state"


_HEADINGS: dict[Column, str] = {
    Column.NUMBER: N_("No."),
    Column.PART: N_("Part"),
    Column.QUESTION: N_("Question"),
    Column.WHAT: N_("What it is"),
    Column.SOURCE: N_("Source"),
    Column.CONTEXT: N_("To know"),
    Column.TRANSLATION: N_("Translation"),
    Column.NOTE: N_("Notes"),
    Column.STATE: N_("State"),
}
_WIDTHS: dict[Column, float] = {
    Column.NUMBER: 7,
    Column.PART: 19,
    Column.QUESTION: 11,
    Column.WHAT: 19,
    Column.SOURCE: 46,
    Column.CONTEXT: 38,
    Column.TRANSLATION: 50,
    Column.NOTE: 22,
    Column.STATE: 17,
}
_STEPS = (
    N_("Write your translation on the sheet “Texts”, in the white column. Everything else is locked."),
    N_("An empty cell changes nothing: what is translated already stays. So you may send parts of your work back."),
    N_(
        "Copy what stands in braces, such as {count}, letter by letter, and put it where it belongs in your sentence: "
        "the program puts a number or a name there."
    ),
    N_(
        "A sentence that depends on a number has several rows, one for each form of your language. Fill in all of them."
    ),
    N_("Keep to the words of the sheet “Glossary”, so that a thing has the same name everywhere."),
    N_("Write questions and remarks into the column “Notes”: they come back with the sheet."),
    N_("You may filter, sort, hide and delete rows. Do not change the source, and type no formulas."),
    N_("Save the file as Excel workbook (.xlsx) and send it back."),
)
_FIELDS: tuple[tuple[str, str], ...] = (
    (BY_MARK, N_("Translated by")),
    (ON_MARK, N_("Date (year-month-day)")),
    (SIGNED_MARK, N_("Reviewed and signed off")),
)
_TITLE = N_("Translation: {title}")
_FIRST_ROW = 2
_TALLEST = 400.0
_SIZE, _QUIET_SIZE = 10, 9
_INDENT = 1.6
"""Column units that edges take."""
_STATES = (N_("missing"), N_("there"), N_("changed"))
_MISSING, _THERE, _CHANGED = _STATES
_SHADES = (TINT, ACCENT_TINT)
"""The grounds of neighbouring groups of texts, in turn."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One row: a text, or one form of it."""

    key: str
    passage: Passage
    what: str
    source: str
    context: str
    translation: str
    note: str
    state: str


class _Words:
    """Says everything in English and, where there is a translation, in the language of the sheet."""

    def __init__(self, language: str) -> None:
        self.english, self.own = Texts(), Texts(language)

    def both(self, message: str, joint: str = " / ") -> str:
        """Say something in both languages, once if they say the same."""
        said = (self.english.gettext(message), self.own.gettext(message))
        return joint.join(dict.fromkeys(said))


def sheet_bytes(subject: Subject, known: Known) -> bytes:
    """Make the sheet for a translation into a language, with what is translated already."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": dict(looks.FONT),
    }
    with Workbook(out, options) as workbook:
        _Sheet(workbook, subject, known).write()
    return out.getvalue()


class _Sheet:
    def __init__(self, workbook: Workbook, subject: Subject, known: Known) -> None:
        self._subject, self._known, self._language = subject, known, known.language
        self._words = _Words(known.language)
        locale = known_locale(known.language)
        self._is_leftwards = locale is not None and locale.text_direction == "rtl"
        footer = footer_text(subject.title, "&P / &N", f"{subject.id} {subject.version} – {self._language}")
        workbook.set_size(1440, 900)
        workbook.set_properties({"title": f"{subject.id} – {self._language}", "author": ""})
        self._book = Book(workbook, is_right_to_left=False, footer=footer, is_second_right_to_left=self._is_leftwards)
        self._rows = tuple(self._all_rows())

    def write(self) -> None:
        self._write_readme()
        self._write_texts()
        self._write_glossary()
        self._write_meta()

    # -- what to do ------------------------------------------------------------------------------------------------

    def _write_readme(self) -> None:
        english, own = self._words.english, self._words.own
        page = Page(self._book, self._book.add_sheet("readme", english.gettext(N_("Read me"))), (26, 48, 48))
        page.title(english.gettext(_TITLE).format(title=self._subject.title))
        names = dict.fromkeys((_language_name(own, self._language), _language_name(english, self._language)))
        missing = sum(1 for row in self._rows if row.state != _THERE)
        facts = (
            (N_("Language"), f"{' – '.join(names)} ({self._language})"),
            (N_("Version"), f"{self._subject.id} {self._subject.version}"),
            (N_("Texts"), f"{len(self._rows)}"),
            (N_("Without a translation"), f"{missing}"),
        )
        for name, text in facts:
            page.line([Cell(self._words.both(name)), Cell(text, "label")], layout.SAID_MARK)
        page.skip()
        self._write_fields(page)
        for texts in (english, own):
            if texts is own and own.gettext(_STEPS[0]) == english.gettext(_STEPS[0]):
                continue
            page.skip()
            page.heading(texts.gettext(N_("What to do")))
            for number, step in enumerate(_STEPS, start=1):
                look = "second_lead" if texts is own and self._is_leftwards else "text"
                page.pair(Cell(str(number), "strong"), texts.gettext(step), look, column=1)
        page.sheet.activate()
        page.finish(top=0)

    def _write_fields(self, page: Page) -> None:
        page.heading(self._words.both(N_("Who translates")))
        for mark, name in _FIELDS:
            rows = page.line([Cell(self._words.both(name)), Cell("", "input")], mark)
            if mark == SIGNED_MARK:
                choices = [self._words.both(N_("yes")), self._words.both(N_("no"))]
                page.rule({"validate": "list", "source": choices}, rows[0], rows[0], 2)

    # -- the texts -------------------------------------------------------------------------------------------------

    def _all_rows(self) -> Iterator[_Row]:
        for passage in self._subject.passages:
            yield from self._rows_of(passage)

    def _rows_of(self, passage: Passage) -> Iterator[_Row]:
        said, (old_source, old_said) = self._known.of(passage), self._known.was(passage)
        notes = "\n".join(self._known.notes.get((passage.scope, passage.source), ())[-MOST_NOTES:])
        absent = _CHANGED if old_source and not any(said) else _MISSING
        was = N_("Before, the source was “{source}”, translated as “{translation}”.")
        context = [passage.context]
        if absent == _CHANGED:
            context.insert(0, was.format(source=old_source, translation=old_said))
        if notes:
            context.append(notes)
        told = "\n".join(part for part in context if part)
        for number, key in enumerate(keys_of(passage, self._language)):
            what, source = passage.what, passage.source
            if passage.plural:
                form = forms(self._language)[number]
                what = f"{what}, {form.said(str)}"
                source = passage.source if form.is_for_one and form.ranges[0][0] == 1 else passage.plural
            text = said[number] if number < len(said) else ""
            yield _Row(key, passage, what, source, told, text, "", _THERE if text else absent)

    def _write_texts(self) -> None:
        book = self._book
        sheet = book.add_sheet("texts", self._words.english.gettext(N_("Texts")))
        shown = tuple(_HEADINGS)
        sheet.set_column(0, 0, 12, None, {"hidden": True})
        for column, slot in enumerate(Column):
            sheet.write_string(0, column, slot.value)
        sheet.set_row(0, None, None, {"hidden": True})
        sheet.write_string(1, 0, layout.SAID_MARK)
        for column, slot in enumerate(shown, start=1):
            sheet.set_column(column, column, _WIDTHS[slot])
            sheet.write_string(1, column, self._words.both(_HEADINGS[slot], "\n"), book.formats["header"])
        sheet.set_row(1, 3 * looks.LINE_HEIGHT + looks.PADDING)
        group, shade = "", 0
        styles = _Styles(book.workbook, is_leftwards=self._is_leftwards)
        states = {state: self._words.both(state) for state in _STATES}
        for number, row in enumerate(self._rows, start=1):
            if row.passage.group != group:
                group, shade = row.passage.group, 1 - shade
            _write_row(sheet, _FIRST_ROW + number - 1, number, row, states[row.state], styles, shade)
        last = max(_FIRST_ROW + len(self._rows) - 1, _FIRST_ROW)
        place = shown.index(Column.TRANSLATION) + 1
        sheet.conditional_format(
            _FIRST_ROW, place, last, place, {"type": "blanks", "format": book.tints["open"], "stop_if_true": False}
        )
        sheet.autofilter(1, 0, last, len(shown))
        sheet.freeze_panes(_FIRST_ROW, 0)
        sheet.hide_gridlines(2)
        allowed = ("format_cells", "format_columns", "format_rows", "delete_rows", "insert_rows", "sort", "autofilter")
        sheet.protect("", dict.fromkeys(allowed, True))
        set_up_paper(sheet, book.footer, is_wide=True)
        sheet.repeat_rows(1)

    # -- the words -------------------------------------------------------------------------------------------------

    def _write_glossary(self) -> None:
        page = Page(
            self._book, self._book.add_sheet("glossary", self._words.english.gettext(N_("Glossary"))), (34, 34, 76)
        )
        heads = (N_("English"), N_("Translation"), N_("Definition or note"))
        page.line([Cell(self._words.both(head, "\n"), "header") for head in heads])
        top = page.row
        for english, own, note in (*glossary(self._language), *self._concepts()):
            page.line([Cell(english, "label_strong"), Cell(own, "second"), Cell(note, "label")])
        page.filtered(top - 1)
        page.finish(top=top, repeated=(top - 1,))

    def _concepts(self) -> Iterator[tuple[str, str, str]]:
        """Give the instrument's terms with what they are called so far, and what they mean."""
        called = {passage.source: self._known.of(passage) for passage in self._subject.passages}
        for label, _own, definition in self._subject.terms:
            yield label, next(iter(called.get(label, ())), ""), definition

    # -- for us ----------------------------------------------------------------------------------------------------

    def _write_meta(self) -> None:
        names = dict(self._book.names)
        sheet = self._book.add_sheet("meta", META_SHEET)
        sheet.hide()
        subject = self._subject
        pairs = [
            ("format", FORMAT),
            ("program", __version__),
            ("subject", subject.id),
            ("version", subject.version),
            ("language", self._language),
            ("hash", subject.hash),
            (YES, self._words.both(N_("yes"))),
            *((f"sheet {name}", title) for name, title in names.items()),
            *((f"{ROW_KEY}{number}", row.key) for number, row in enumerate(self._rows, start=1)),
        ]
        for line, (key, value) in enumerate(pairs):
            sheet.write_string(line, 0, key)
            put_text(sheet, line, 1, value)


def _language_name(texts: Texts, language: str) -> str:
    """Name a language; in itself, if the words are those of a language the program does not speak."""
    return texts.language_name(language)


class _Styles:
    """How the cells of a row look: locked ones in two shades, white ones for writing."""

    def __init__(self, workbook: Workbook, *, is_leftwards: bool) -> None:
        boxed = {
            "font_color": INK,
            "valign": "top",
            "text_wrap": True,
            "border": 1,
            "border_color": LINE,
            "indent": 1,
            "align": "left",
        }
        self.locked = tuple(workbook.add_format(boxed | {"bg_color": shade}) for shade in _SHADES)
        quiet = boxed | {"font_color": MUTED, "font_size": _QUIET_SIZE}
        self.quiet = tuple(workbook.add_format(quiet | {"bg_color": shade}) for shade in _SHADES)
        open_ = boxed | {"bg_color": "#ffffff", "locked": False, "num_format": "@"}
        side = {"align": "right", "reading_order": 2} if is_leftwards else {}
        self.translation: Format = workbook.add_format(open_ | side)
        self.note: Format = workbook.add_format(open_)


def _write_row(sheet: Worksheet, line: int, number: int, row: _Row, state: str, styles: _Styles, shade: int) -> None:
    put_text(sheet, line, 0, row.key)
    locked, quiet = styles.locked[shade], styles.quiet[shade]
    sheet.write_number(line, 1, number, quiet)
    cells: tuple[tuple[Column, str, Format], ...] = (
        (Column.PART, row.passage.part, locked),
        (Column.QUESTION, row.passage.number, locked),
        (Column.WHAT, row.what, locked),
        (Column.SOURCE, row.source, locked),
        (Column.CONTEXT, row.context, quiet),
        (Column.TRANSLATION, row.translation, styles.translation),
        (Column.NOTE, row.note, styles.note),
        (Column.STATE, state, quiet),
    )
    height = looks.LINE_HEIGHT
    for column, (slot, text, look) in enumerate(cells, start=2):
        if text:
            put_text(sheet, line, column, cell_parts(clean(text))[0], look)
        else:
            sheet.write_blank(line, column, None, look)
        scale = _QUIET_SIZE / _SIZE if look is quiet else 1
        width, high = (_WIDTHS[slot] - _INDENT) / scale, looks.LINE_HEIGHT * scale
        if text and most_lines(text, width) * high > height:
            height = max(height, lines_of(text, width) * high)
    sheet.set_row(line, min(height + looks.PADDING, _TALLEST))
