"""The wording of a questionnaire in other languages: the sheet Translations, a column for each language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from capacity_app import catalogues
from capacity_app.domain.answers import clean_text
from capacity_app.domain.problems import N_
from capacity_app.instruments.findings import shown
from capacity_app.instruments.writing import layout
from capacity_app.instruments.writing.lines import Line
from capacity_app.instruments.writing.places import Mistakes, Spot
from capacity_app.instruments.writing.reading.cells import PATIENCE, Cell, Grid, heading, plain, text_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """What the sheet Translations says in one language: by the key of a text the text it was made for, and itself."""

    language: str
    texts: Mapping[str, tuple[str, str]]
    rows: Mapping[str, int]
    column: str
    headers: Line


def translations(grid: Grid, mistakes: Mistakes) -> Iterator[Translated]:
    """Read the sheet Translations, language by language."""
    if not grid.rows:
        return
    head = next((row for row in grid.rows[:PATIENCE] if heading(row[0] if row else "") == layout.KEY), None)
    if head is None:
        message = N_("The sheet has no column “key”, so nothing on it was read.")
        advice = N_("Copy it from the workbook that was made for you.")
        mistakes.note("writing.no-column", Spot(layout.TRANSLATIONS, 1), message, advice)
        return
    at, titles = grid.rows.index(head), [_typed(cell) for cell in head]
    source = next((place for place, one in enumerate(titles) if heading(one) == layout.SOURCE), -1)
    seen: set[str] = set()
    for place, title in enumerate(titles):
        if not title or heading(title) in {layout.KEY, layout.SOURCE}:
            continue
        language = title.split()[0].replace("_", "-")
        if not catalogues.is_language(language) or language.casefold() in seen:
            message = N_("“{name}” at the head of this column is no language, or is there twice.")
            advice = N_("Write the short name of the language: fr, ar, pt-BR.")
            spot = Spot(layout.TRANSLATIONS, at + 1)
            mistakes.note("writing.language", spot, message, advice, name=shown(title))
            continue
        seen.add(language.casefold())
        yield _in_language(language, grid, at, (source, place), mistakes)


def _in_language(language: str, grid: Grid, at: int, columns: tuple[int, int], mistakes: Mistakes) -> Translated:
    source, place = columns
    texts: dict[str, tuple[str, str]] = {}
    rows: dict[str, int] = {}
    headers: Line = {}
    for number, row in enumerate(grid.rows[at + 1 :], start=at + 1):
        key = _typed(row[0] if row else "")
        said = text_in(grid, number, place, None, mistakes)
        if not key or not said:
            continue
        if key.startswith(layout.HEADER):
            headers[key.removeprefix(layout.HEADER)] = said
            continue
        original = text_in(grid, number, source, None, mistakes) if source >= 0 else ""
        texts[key], rows[key] = (original, said), number + 1
    return Translated(language=language, texts=texts, rows=rows, column=language, headers=headers)


def _typed(cell: Cell) -> str:
    return clean_text(plain(cell)).strip()
