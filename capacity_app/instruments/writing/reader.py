"""From the cells of a workbook to the tables of TOML files; every cell that cannot be read is found, with its place.

What a cell means for the questionnaire is not judged here: the tables are checked as those of any TOML file are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from capacity_app.domain.problems import N_
from capacity_app.instruments.files import HEAD
from capacity_app.instruments.writing import layout
from capacity_app.instruments.writing.lines import Line
from capacity_app.instruments.writing.places import Mistakes, Spot, Spots
from capacity_app.instruments.writing.reading.book import Book, read_sheets
from capacity_app.instruments.writing.reading.cells import Grid
from capacity_app.instruments.writing.reading.head import head_tables, note_head_sheets
from capacity_app.instruments.writing.reading.languages import Translated, translations
from capacity_app.instruments.writing.reading.logic import contradictions_of
from capacity_app.instruments.writing.reading.marks import mark_questions
from capacity_app.instruments.writing.reading.questions import questions_by_section
from capacity_app.instruments.writing.reading.sections import file_names, section_table
from capacity_app.instruments.writing.reading.values import Tables

__all__ = ["Draft", "Grid", "Tables", "Translated", "is_ours", "read_draft"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a workbook says, as the tables of TOML files by name; ``base`` is the questionnaire of a supplement."""

    files: Mapping[str, Tables]
    spots: Spots
    mistakes: Mistakes
    base: str = ""
    languages: tuple[Translated, ...] = ()
    facts: Line = field(default_factory=dict)

    @property
    def own_files(self) -> tuple[str, ...]:
        """The names of the files with sections."""
        return tuple(name for name in self.files if name != HEAD)


def is_ours(names: Iterable[str]) -> bool:
    """Tell whether sheets of these names can be a questionnaire."""
    known = {name.strip().casefold() for name in names}
    return {layout.INSTRUMENT.casefold(), layout.QUESTIONS.casefold()} <= known


def read_draft(grids: Iterable[Grid]) -> Draft:
    """Read the sheets of a workbook, in any order."""
    book = read_sheets(grids)
    for key, row in book.fact_rows.items():
        book.spots.mark_fact(key, Spot(layout.INSTRUMENT, row))
    files = _files(book)
    wording = book.grids.get(layout.TRANSLATIONS)
    return Draft(
        files=files,
        spots=book.spots,
        mistakes=book.mistakes,
        base=book.facts.get(layout.SUPPLEMENT_OF, ""),
        languages=tuple(translations(wording, book.mistakes)) if wording else (),
        facts=book.facts,
    )


def _files(book: Book) -> dict[str, Tables]:
    sections = book.lines[layout.SECTIONS]
    if not sections:
        message = N_("The sheet Sections has no lines.")
        advice = N_("Add a line for each part of the questionnaire.")
        book.mistakes.note("writing.no-sections", Spot(layout.SECTIONS), message, advice)
    questions = questions_by_section(book)
    names = file_names(book)
    files: dict[str, Tables] = {}
    if book.is_supplement:
        note_head_sheets(book)
    else:
        files[HEAD] = head_tables(book, names)
    met: set[str] = set()
    for line, name in zip(sections, names, strict=True):
        section = line.get("id")
        tables: Tables = {"section": section_table(book, line, name)}
        # Of two sections with one id the first has the questions.
        asked = questions.get(section, ()) if section not in met else ()
        mark_questions(book, section, asked)
        contradictions = contradictions_of(book, section)
        if asked:
            tables["question"] = [table for _, table in asked]
        if contradictions and section not in met:
            tables["contradiction"] = contradictions
        files[name] = tables
        met.add(section)
    return files
