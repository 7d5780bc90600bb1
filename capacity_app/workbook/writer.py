"""Writing the whole workbook, and telling whether a written one is whole."""

import io
import warnings
import zipfile
from datetime import UTC, datetime
from typing import BinaryIO

from openpyxl import load_workbook
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.fingerprint import short
from capacity_app.domain.problems import N_
from capacity_app.domain.themes import is_indicator_grid
from capacity_app.wording import Wording
from capacity_app.workbook.cells import Book, continued, put_row
from capacity_app.workbook.choices import Lists
from capacity_app.workbook.layout import ANSWER_COLUMNS, ANSWERS_SHEET, FORMAT, META_KEYS, META_SHEET
from capacity_app.workbook.overview import write_indicators, write_read_me, write_summary
from capacity_app.workbook.registers import (
    actions_table,
    agencies_table,
    answer_row,
    evidence_table,
    gaps_table,
    meetings_table,
    people_table,
    sources_table,
)
from capacity_app.workbook.sections import write_section
from capacity_app.workbook.tables import SheetTable, write_table

_OPTIONS = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip
_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_PROTECTION = {
    "format_cells": True, "format_columns": True, "format_rows": True, "sort": True, "autofilter": True,
}  # fmt: skip
_A4 = 9


def _created(changed: str) -> datetime:
    try:
        moment = datetime.fromisoformat(changed)
    except ValueError:
        moment = _NO_TIME
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).replace(tzinfo=None)


def _set_up(sheet: Worksheet, foot: str) -> None:
    """Protect a sheet without a password and prepare it for paper."""
    sheet.protect("", _PROTECTION)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
    sheet.set_footer(f"&L&8{foot}&R&8&P / &N")


def _foot(appraisal: Appraisal) -> str:
    mission = appraisal.dossier.mission
    # "&" starts a code in a spreadsheet's footer, and a footer holds 255 letters.
    text = f"{mission.country_name[:60]} {mission.round[:40]}".strip().replace("&", "&&")
    return f"{text} · {short(appraisal.fingerprint)}"


def _write_answers(appraisal: Appraisal, words: Wording, book: Book) -> None:
    """Write every answer as it is stored; long texts go on in rows with a higher part number."""
    sheet = book.add_sheet(ANSWERS_SHEET)
    look, heading = book.look("machine"), book.look("heading")
    put_row(sheet, 0, ANSWER_COLUMNS, [heading] * len(ANSWER_COLUMNS))
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, len(ANSWER_COLUMNS) - 1, 18)
    row = 1
    for answer in appraisal.dossier.answers:
        values = answer_row(words, answer)
        for number, part in enumerate(continued(values, repeated=(0, 1, 2)), start=1):
            put_row(sheet, row, (*part[:3], number, *part[3:]), [look] * len(ANSWER_COLUMNS))
            row += 1
    sheet.autofilter(0, 0, max(row - 1, 1), len(ANSWER_COLUMNS) - 1)


def meta(appraisal: Appraisal, words: Wording, instrument_hash: str) -> dict[str, str]:
    """Say what the file is, for whoever reads it."""
    dossier = appraisal.dossier
    values = (
        FORMAT, dossier.instrument.id, dossier.instrument.version, instrument_hash, dossier.id,
        dossier.mission.country, dossier.mission.round, words.texts.language, appraisal.last_change,
        appraisal.profile.value, appraisal.fingerprint,
    )  # fmt: skip
    return dict(zip(META_KEYS, values, strict=True))


def _write_meta(appraisal: Appraisal, words: Wording, book: Book, instrument_hash: str) -> None:
    sheet = book.add_sheet(META_SHEET)
    look = book.look("machine")
    row = 0
    for pair in meta(appraisal, words, instrument_hash).items():
        for part in continued(pair, repeated=(0,)):
            put_row(sheet, row, part, (look, look))
            row += 1
    sheet.protect("")
    sheet.hide()


def _write_table(words: Wording, book: Book, table: SheetTable) -> None:
    write_table(book, book.add_sheet(table.title), table, words.texts)


def _write_sheets(appraisal: Appraisal, words: Wording, book: Book, lists: Lists) -> None:
    write_read_me(appraisal, words, book, book.add_sheet(words.say(N_("Read me"))))
    write_summary(appraisal, words, book, book.add_sheet(words.say(N_("Summary"))))
    for section in appraisal.dossier.instrument.sections:
        write_section(appraisal, words, book, lists, section)
    _write_table(words, book, sources_table(appraisal, words))
    for block in appraisal.sheet.blocks.values():
        if is_indicator_grid(block.question):
            write_indicators(words, book, book.add_sheet(words.say(N_("SDG"))), block)
    for make in (gaps_table, actions_table, agencies_table, people_table, meetings_table, evidence_table):
        _write_table(words, book, make(appraisal, words))
    _write_answers(appraisal, words, book)


def write_workbook(appraisal: Appraisal, words: Wording, target: BinaryIO, instrument_hash: str) -> None:
    """Write the workbook of a dossier; the same dossier gives the same bytes."""
    workbook = Workbook(target, _OPTIONS)
    mission = appraisal.dossier.mission
    title = " – ".join(part for part in (mission.country_name, words.instrument_title, mission.round) if part)
    workbook.set_properties({"title": title[:200], "created": _created(appraisal.last_change)})
    book = Book(workbook)
    lists = Lists(book)
    _write_sheets(appraisal, words, book, lists)
    for sheet in workbook.worksheets():
        _set_up(sheet, _foot(appraisal))
    _write_meta(appraisal, words, book, instrument_hash)
    lists.open_sheet()
    lists.fill()
    workbook.close()


def verify_workbook(content: bytes) -> bool:
    """Tell whether bytes are a whole workbook of ours: every part intact, and it says what it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if archive.testzip() is not None:
                return False
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = load_workbook(io.BytesIO(content), read_only=True)
        rows = workbook[META_SHEET].iter_rows(max_row=len(META_KEYS), max_col=2, values_only=True)
        found = {str(row[0]): row[1] for row in rows if len(row) > 1}
        workbook.close()
    except (zipfile.BadZipFile, KeyError, ValueError, OSError):
        return False
    return found.get("format") == FORMAT and bool(found.get("fingerprint"))
