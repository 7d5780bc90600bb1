"""Questionnaires written in workbooks: made, read with all their mistakes, compared with what is here, put in place.

A workbook may come from anybody, so it is looked at as every stranger's file is, and read by the slower library, which
never ends the process. What was read is written as TOML into a folder of its own and checked there by the reader of all
instruments: what is put in place later are these very files.
"""

from capacity_app.domain.problems import Translate
from capacity_app.instruments.writing.places import Mistake
from capacity_app.services.books.making import write_book, write_supplement_book, write_template
from capacity_app.services.books.outlook import Outlook, State, outlook
from capacity_app.services.books.placing import HAS_MISTAKES, put_book_in_place
from capacity_app.services.books.reading import Reading, grids_of, read_book, reading_of
from capacity_app.services.books.wordings import Wording
from capacity_app.texts import Texts

__all__ = [
    "HAS_MISTAKES",
    "Outlook",
    "Reading",
    "State",
    "Wording",
    "data_of",
    "grids_of",
    "outlook",
    "put_book_in_place",
    "read_book",
    "reading_of",
    "write_book",
    "write_supplement_book",
    "write_template",
]


def data_of(reading: Reading, found: Outlook, texts: Texts) -> dict[str, object]:
    """Give what was read, and what would change, for programs and for the window."""
    instrument = reading.instrument
    own = (
        [one for one in instrument.sections if not reading.base or one.id in reading.own_sections] if instrument else []
    )
    return {
        "file": reading.file,
        "state": found.state.value,
        "id": instrument.id if instrument else "",
        "version": instrument.version if instrument else "",
        "title": instrument.title if instrument and not reading.base else texts.listed(one.title for one in own),
        "supplement_of": reading.base.id if reading.base else "",
        "language": instrument.language if instrument else "",
        "sections": len(own),
        "questions": sum(len(one.questions) for one in own),
        "languages": [{"language": one.language, "texts": len(one.entries)} for one in reading.wordings],
        "problems": [_problem_data(one, texts.gettext) for one in reading.mistakes],
        "changes": list(found.sentences(texts)),
        "folder": str(found.target or ""),
    }


def _problem_data(mistake: Mistake, translate: Translate) -> dict[str, object]:
    problem = mistake.problem
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "sheet": mistake.spot.sheet,
        "row": mistake.spot.row,
        "column": mistake.spot.column.replace("_", " "),
        "text": problem.text(translate),
    }
