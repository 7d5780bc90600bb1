"""The pages and the workbook of a synthesis: sound files, in every direction of writing, that read as expected.

``pytest --update`` writes the expected files anew; the difference is then read like any other change.
"""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from capacity_app.domain.headquarters.selection import SynthesisOptions
from capacity_app.domain.headquarters.synthesis import AnswerCount, Synthesis, SynthesisTables, synthesize
from capacity_app.i18n.synthesis_formatter import SynthesisFormatter
from capacity_app.i18n.translator import PSEUDO, Translator
from capacity_app.outputs.content.elements import ContentTable
from capacity_app.outputs.pdf.rendering import html_for_paper
from capacity_app.outputs.synthesis.report import render_synthesis, synthesis_content
from capacity_app.outputs.synthesis.workbook import synthesis_workbook_bytes
from tests.domain.repository_rows import action_row, some_tables
from tests.outputs.test_conformance import broken
from tests.outputs.word_tree import validated

EXPECTED = Path(__file__).parents[2] / "expected" / "synthesis"
HOSTILE = "=1+1 <b>&amp;</b> " + "Übermäßigkeit" * 12 + " {not_a_name} المغرب"


def words_of(
    language: str = "en", tables: SynthesisTables | None = None, choice: SynthesisOptions | None = None
) -> SynthesisFormatter:
    return SynthesisFormatter(Translator(language), synthesize(tables or some_tables(), choice))


def hostile_tables() -> SynthesisTables:
    """Return rows in which every typed text is odd."""
    tables = some_tables()
    return replace(
        tables,
        files=tuple(replace(file, path=f"{place} {HOSTILE}.xlsx", reason=HOSTILE)
                    for place, file in enumerate(tables.files)),
        assessments=tuple(replace(row, country_name=HOSTILE, round=HOSTILE[:60], m49="") for row in tables.assessments),
        questions=tuple(replace(row, wording=HOSTILE * 3, section_title=HOSTILE) for row in tables.questions),
    )  # fmt: skip


@pytest.mark.check
@pytest.mark.parametrize("language", ["ar", *(pytest.param(one, marks=pytest.mark.check) for one in ("en", PSEUDO))])
def test_the_pages_conform(language: str) -> None:
    assert broken(render_synthesis(words_of(language))) == []


@pytest.mark.check
@pytest.mark.parametrize(
    "tables", [SynthesisTables(), hostile_tables(), replace(some_tables(), scores=(), gaps=(), breakdowns=())],
    ids=["nothing", "hostile", "no results"],
)  # fmt: skip
def test_odd_repositories_have_sound_pages_too(tables: SynthesisTables) -> None:
    assert broken(render_synthesis(words_of(tables=tables))) == []


@pytest.mark.check
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_workbook_is_sound(language: str, tmp_path: Path) -> None:
    file = tmp_path / "synthesis.xlsx"
    for tables in (some_tables(), hostile_tables(), SynthesisTables()):
        file.write_bytes(synthesis_workbook_bytes(words_of(language, tables)))
        assert '"ok": true' in validated(file)


def test_no_text_becomes_a_formula_or_markup() -> None:
    formatter = words_of(tables=hostile_tables())
    book = load_workbook(io.BytesIO(synthesis_workbook_bytes(formatter)))
    cells = [cell for sheet in book.worksheets for line in sheet.iter_rows() for cell in line]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert any(str(cell.value).startswith("=1+1") for cell in cells)
    html = html_for_paper(synthesis_content(formatter), formatter.texts)
    assert "<b>&" not in html
    assert "&lt;b&gt;" in html


def shown_in(made: Synthesis) -> Iterator[tuple[str, str]]:
    """Yield what must stand on the pages: every figure beside the number of countries it is of."""
    formatter = SynthesisFormatter(Translator("en"), made)
    for tile in made.tiles.values():
        yield formatter.points(tile.median), formatter.n_of(tile.count, tile.of)
    for gap in made.gaps:
        yield formatter.gap(gap), formatter.n_of(gap.count, gap.of)


def test_every_figure_stands_beside_its_number_of_countries() -> None:
    formatter = words_of()
    html = re.sub(r"<[^>]*>", "\n", html_for_paper(synthesis_content(formatter), formatter.texts))
    shown = [line.strip() for line in html.splitlines() if line.strip()]
    for figure, count in shown_in(formatter.synthesis):
        places = [place for place, text in enumerate(shown) if text == figure]
        assert places, figure
        assert any(count in shown[place : place + 3] for place in places), (figure, count)


def test_nothing_of_too_few_countries_is_printed_or_spoken() -> None:
    formatter = words_of(choice=SynthesisOptions(50))
    html = html_for_paper(synthesis_content(formatter), formatter.texts)
    charts = re.findall(r'aria-label="([^"]+)"', html)
    assert charts
    assert all("too few countries for a figure" in said for said in charts)
    cells = re.findall(r'<td class="(?:sign|number)[^>]*>([^<]*)', html.partition("Annex")[0])
    assert {cell.strip() for cell in cells if re.fullmatch(r"\d+\.\d", cell.strip())} <= {"1.0"}  # the version
    assert all(tile.median is None for tile in formatter.synthesis.tiles.values())


# -- as expected ------------------------------------------------------------------------------------------------------


def _page(formatter: SynthesisFormatter) -> Iterator[str]:
    html = html_for_paper(synthesis_content(formatter), formatter.texts)
    whole = re.sub(r"<style>.*?</style>|<svg.*?</svg>", "", html, flags=re.DOTALL)
    yield from re.sub(r">\s*<", ">\n<", whole).splitlines()


def _book(formatter: SynthesisFormatter) -> Iterator[str]:
    for sheet in load_workbook(io.BytesIO(synthesis_workbook_bytes(formatter))).worksheets:
        yield f"## {sheet.title}, {'right to left' if sheet.sheet_view.rightToLeft else 'left to right'}"
        for line in sheet.iter_rows():
            yield from (f"{cell.coordinate} | {cell.value}" for cell in line if cell.value is not None)


READ: dict[str, Callable[[SynthesisFormatter], Iterator[str]]] = {"pages.html": _page, "workbook.txt": _book}


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("name", READ)
def test_a_synthesis_reads_as_expected(name: str, language: str, request: pytest.FixtureRequest) -> None:
    file = EXPECTED / f"{language}-{name}"
    found = "\n".join(READ[name](words_of(language))) + "\n"
    if request.config.getoption("--update"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(found, encoding="utf-8")
    assert found == file.read_text(encoding="utf-8")


def unscored() -> SynthesisTables:
    """Return a repository of a questionnaire without scores, whose first question lists two answers."""
    tables = some_tables()
    first, *others = tables.questions
    asked = replace(first, kind="choice", options='{"a": "Every year", "b": "Never"}')
    answers = tuple(
        AnswerCount(asked.question, asked.grid_row, "", value, count) for value, count in (("a", 7), ("b", 2))
    )
    return replace(tables, scores=(), gaps=(), breakdowns=(), questions=(asked, *others), answers=answers)


def test_without_scores_the_pages_count_answers_and_have_no_empty_chapter() -> None:
    content = synthesis_content(SynthesisFormatter(Translator("en"), synthesize(unscored())))
    assert [one.anchor for one in content.chapters] == ["summary", "who", "answers", "absent", "method"]
    table = next(block for one in content.chapters if one.anchor == "answers" for block in one.blocks
                 if isinstance(block, ContentTable))  # fmt: skip
    told = [(row.cells[0].text, row.cells[2].text) for row in table.rows if not row.group]
    assert told == [("Every year", "7 of 9"), ("Never", "2 of 9")]


def test_answers_of_too_few_countries_are_not_counted() -> None:
    tables = unscored()
    few = replace(tables, answers=tuple(replace(one, count=1) for one in tables.answers))
    (one,) = synthesize(few).frequencies
    assert (dict(one.counts), one.answered) == ({}, 2)


def test_overdue_actions_are_named_on_the_pages_and_in_the_workbook() -> None:
    tables = some_tables()
    tables = replace(tables, actions=tuple(action_row(row.file_hash, HOSTILE, "2024-06") for row in tables.assessments))
    formatter = words_of(tables=tables, choice=SynthesisOptions(as_of="2025-01-01"))
    book = load_workbook(io.BytesIO(synthesis_workbook_bytes(formatter)))
    lines = [tuple(cell.value for cell in row) for row in book["Overdue actions"].iter_rows()]
    countries = {formatter.country(one.country) for one in formatter.synthesis.overdue}
    assert countries
    assert countries <= {line[1] for line in lines}
    text = repr(synthesis_content(formatter))
    assert "Actions that should have ended before 1 January 2025" in text
    assert f"Action {HOSTILE}" in text
    assert "Overdue actions" not in repr(synthesis_content(words_of(tables=tables)))
