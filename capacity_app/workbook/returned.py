"""What came back, as tables: files that were taken in, remarks, and answers of an earlier version of the instrument."""

from capacity_app.domain.answers import Address
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.assessment import KeptAnswer, Remark, ReturnedFile
from capacity_app.domain.problems import N_
from capacity_app.wording import KEPT_WORDS, Wording
from capacity_app.workbook.layout import entry_mark
from capacity_app.workbook.page import Book, Cell
from capacity_app.workbook.registers import close_register, end_entries, open_register


def _place(words: Wording, address: str) -> str:
    try:
        return words.place(Address.parse(address))
    except ValueError:
        return address


def _date(words: Wording, date: str) -> str:
    return words.texts.date(date) if date else ""


def _return_cells(words: Wording, entry: ReturnedFile) -> list[Cell]:
    texts = (
        words.agency_in_full(entry.agency) if entry.agency else "",
        entry.person,
        _date(words, entry.date),
        words.moment(entry.taken_in) if entry.taken_in else "",
        " · ".join(part for part in (words.moment(entry.undone) if entry.undone else "", entry.undone_by) if part),
        "\n".join(entry.unplaced),
        entry.note,
        entry.media_type,
    )
    return [
        Cell(entry.file_name or entry.id, "label_strong"),
        *map(Cell, texts),
        Cell(entry.size or None, "count"),
        Cell(entry.document),
        Cell(None, "input"),
    ]


def _write_returns(appraisal: Appraisal, words: Wording, book: Book) -> None:
    say = words.say
    headings = (
        (say(N_("File")), 30), (say(N_("Agency")), 30), (say(N_("Person")), 24), (say(N_("Date")), 16),
        (say(N_("Imported")), 24), (say(N_("Import undone")), 24),
        (say(N_("Not imported")), 46), (say(N_("Note")), 28),
        (say(N_("Kind of file")), 18), (say(N_("Size in bytes")), 12), (say(N_("SHA-256")), 24),
    )  # fmt: skip
    page = open_register(book, words, "returns", say(N_("Returned files")), headings)
    for entry in appraisal.dossier.returns:
        page.line(_return_cells(words, entry), entry_mark("returns", entry.id))
    end_entries(page, words, appraisal.dossier.returns)
    close_register(page)


def _remark_cells(words: Wording, remark: Remark, file: str) -> list[Cell]:
    texts = (
        remark.text,
        words.agency(remark.agency) if remark.agency else "",
        remark.author,
        _date(words, remark.date),
        file,
        remark.place,
        remark.address,
    )
    return [Cell(_place(words, remark.address), "number"), *map(Cell, texts), Cell(None, "input")]


def _write_remarks(appraisal: Appraisal, words: Wording, book: Book) -> None:
    say = words.say
    headings = (
        (say(N_("Where")), 18), (say(N_("Remark")), 60), (say(N_("Agency")), 16), (say(N_("Author")), 24),
        (say(N_("Date")), 16), (say(N_("File")), 26), (say(N_("Stands in")), 18), (say(N_("Address")), 24),
    )  # fmt: skip
    page = open_register(book, words, "remarks", say(N_("Remarks")), headings)
    names = {entry.id: entry.file_name or entry.id for entry in appraisal.dossier.returns}
    for remark in appraisal.dossier.remarks:
        file = names.get(remark.returned, remark.returned)
        page.line(_remark_cells(words, remark, file), entry_mark("remarks", remark.id))
    end_entries(page, words, appraisal.dossier.remarks)
    close_register(page)


def _kept_cells(words: Wording, kept: KeptAnswer) -> list[Cell]:
    evidence = words.dossier.evidence_by_id
    texts = (
        kept.wording,
        kept.answered,
        kept.reason,
        kept.note,
        words.agency(kept.respondent) if kept.respondent else "",
        kept.author,
        words.moment(kept.time) if kept.time else "",
        "; ".join(evidence[one].title or one if one in evidence else one for one in kept.evidence),
        kept.version,
        words.texts.gettext(KEPT_WORDS[kept.fate]),
        _place(words, kept.target) if kept.target else "",
        kept.address,
        kept.layer,
        kept.state,
        kept.value,
        words.texts.language_name(kept.language) if kept.language else "",
    )
    return [Cell(kept.number, "number"), *map(Cell, texts), Cell(None, "input")]


def _write_kept(appraisal: Appraisal, words: Wording, book: Book) -> None:
    say = words.say
    headings = (
        (say(N_("No.")), 8), (say(N_("Question then")), 44), (say(N_("Answer then")), 30), (say(N_("Reason")), 24),
        (say(N_("Note")), 30), (say(N_("Agency")), 16), (say(N_("Author")), 20), (say(N_("Recorded")), 22),
        (say(N_("Evidence")), 22), (say(N_("Version")), 10), (say(N_("What becomes of it")), 18),
        (say(N_("To confirm at")), 18), (say(N_("Address")), 22), (say(N_("Layer")), 12), (say(N_("State")), 14),
        (say(N_("Value as stored")), 18), (say(N_("Language")), 14),
    )  # fmt: skip
    page = open_register(book, words, "kept", say(N_("Earlier answers")), headings)
    for kept in appraisal.dossier.kept:
        page.line(_kept_cells(words, kept), entry_mark("kept", kept.id))
    end_entries(page, words, appraisal.dossier.kept)
    close_register(page)


def write_returned(appraisal: Appraisal, words: Wording, book: Book) -> None:
    """Write what came back; a sheet that would be empty is left out."""
    dossier = appraisal.dossier
    if dossier.returns:
        _write_returns(appraisal, words, book)
    if dossier.remarks:
        _write_remarks(appraisal, words, book)
    if dossier.kept:
        _write_kept(appraisal, words, book)
