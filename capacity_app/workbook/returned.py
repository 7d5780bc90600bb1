"""What came back, as tables: files that were imported, remarks, and answers of an earlier version of the instrument."""

from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.problems import N_
from capacity_app.wording import Wording
from capacity_app.workbook.page import Book, Cell
from capacity_app.workbook.registers import Column, close_register, field_columns, open_entries

_INTERNAL = frozenset({"signature", "revisions"})
"""Fields of a returned file that say nothing to people."""


def write_returned(appraisal: Appraisal, words: Wording, book: Book) -> None:
    """Write what came back; a sheet that would be empty is left out."""
    address = Column(words.say(N_("Address")), 24, lambda remark: Cell(remark.address))
    for register, more in (("returns", ()), ("remarks", (address,)), ("kept", ())):
        entries = getattr(appraisal.dossier, register)
        if entries:
            columns = (*field_columns(words, register, _INTERNAL), *more)
            close_register(open_entries(book, words, register, entries, columns))
