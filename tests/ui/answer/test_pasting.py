"""Blocks from Excel and LibreOffice: what they really put on the clipboard, read cell by cell, stored as one step."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from capacity_app.domain.questionnaire.instrument import GridColumn, GridRow
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.i18n.translator import Translator
from capacity_app.ui.question_widgets.grid_card import PasteOffer
from capacity_app.ui.question_widgets.grid_clipboard import from_tsv, repeat_block, to_tsv
from capacity_app.ui.widgets.cards import Label
from tests.builders import small_dossier
from tests.domain.making import choice, instrument, question, section
from tests.ui.driving import Desk
from tests.ui.office import Office

Open = Callable[..., Desk]
CELLS = st.text(alphabet=st.sampled_from('ab "\t\n,;é移'), max_size=8)
EXCEL = '"two\nlines, ""quoted"""\tplain\r\nsays "hi"\t5 o\'clock\r\n'
LIBREOFFICE = "Census 2014\t12 500\t12,5 %\t29/11/2018\n"
HTML = '<html><body><table><tr><td bgcolor="#FFFF00"><b>Census 2014</b></td><td>12 500</td></tr></table></body></html>'


def desk_with(desk_on: Open, *kinds: AnswerKind, rows: int = 3, texts: Translator | None = None) -> Desk:
    """Open a table with a column of every named kind."""
    columns = tuple(
        GridColumn(
            id=f"c{place}",
            label=f"C{place}",
            kind=kind,
            options=choice(low=None, high=None) if kind is AnswerKind.CHOICE else (),
        )
        for place, kind in enumerate(kinds)
    )
    made = instrument(
        section(
            "g",
            question(
                "g.g",
                AnswerKind.GRID,
                columns=columns,
                rows=tuple(GridRow(id=f"r{n}", label=f"R{n}") for n in range(rows)),
            ),
        )
    )
    return desk_on(replace(small_dossier(made), answers=(), actions=(), ratings=()), texts=texts)


def paste(desk: Desk, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    desk.press("Ctrl+V")


def values(desk: Desk, row: str) -> list[object]:
    columns = desk.table("g.g").question.columns
    return [desk.said(f"g.g/{row}/{column.id}").value for column in columns]


def test_cells_of_several_lines_and_with_quotes_come_from_excel() -> None:
    assert from_tsv(EXCEL) == [['two\nlines, "quoted"', "plain"], ['says "hi"', "5 o'clock"]]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", []),
        ("a", [["a"]]),
        ("a\t\n\tb", [["a", ""], ["", "b"]]),
        ('"Act" of 2012\tyes', [['"Act" of 2012', "yes"]]),
        ('"never closed\tnext\nline', [['"never closed', "next"], ["line"]]),
        ('""\tx', [["", "x"]]),
    ],
)
def test_a_quote_encloses_a_cell_only_if_it_also_ends_it(text: str, rows: list[list[str]]) -> None:
    assert from_tsv(text) == rows


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=4))
def test_what_is_written_for_a_spreadsheet_is_read_back_the_same(rows: list[list[str]]) -> None:
    assert from_tsv(to_tsv(rows)) == rows


def test_a_block_of_libreoffice_comes_in_though_html_stands_beside_it(desk_on: Open) -> None:
    desk = desk_with(
        desk_on, AnswerKind.TEXT, AnswerKind.INTEGER, AnswerKind.PERCENT, AnswerKind.DATE, texts=Translator("fr")
    )
    desk.go("g.g/r0/c0")
    mime = QMimeData()
    mime.setHtml(HTML)
    mime.setText(LIBREOFFICE)
    QGuiApplication.clipboard().setMimeData(mime)
    desk.press("Ctrl+V")
    assert values(desk, "r0") == ["Census 2014", 12_500, "12.5", "2018-11-29"]


@pytest.mark.parametrize(
    ("language", "typed"),
    [("en", "12,500"), ("fr", "12\u202f500"), ("fr", "12\u00a0500"), ("ar", "١٢٥٠٠"), ("de", "12.500")],
)
def test_numbers_come_as_the_spreadsheet_shows_them(desk_on: Open, language: str, typed: str) -> None:
    desk = desk_with(desk_on, AnswerKind.INTEGER, texts=Translator(language))
    desk.go("g.g/r0/c0")
    paste(desk, typed)
    assert values(desk, "r0") == [12_500]


def test_a_number_that_could_be_read_in_two_ways_is_refused_in_place(desk_on: Open) -> None:
    desk = desk_with(desk_on, AnswerKind.INTEGER)
    desk.go("g.g/r0/c0")
    paste(desk, "12.500\n7")
    assert desk.session.dossier().answers == ()
    said = "\n".join(words.text() for words in desk.table("g.g").findChildren(Label))
    assert "1 cell does not fit" in said
    assert "g.g R0" in said


@pytest.mark.parametrize("key", ["Return", "Enter", "Space"])
def test_the_cells_that_fit_are_pasted_with_the_key_that_presses_a_button(desk_on: Open, key: str) -> None:
    desk = desk_with(desk_on, AnswerKind.INTEGER)
    desk.go("g.g/r0/c0")
    paste(desk, "12.500\n7")
    desk.press(key)
    assert values(desk, "r1") == [7]
    assert not desk.table("g.g").findChildren(PasteOffer)


def test_a_wider_block_names_every_cell_that_has_no_place(desk_on: Open) -> None:
    desk = desk_with(desk_on, AnswerKind.TEXT, AnswerKind.TEXT, rows=2)
    desk.go("g.g/r1/c1")
    paste(desk, "a\tb\nc\td")
    said = "\n".join(words.text() for words in desk.table("g.g").findChildren(Label))
    assert "Line 1, cell 2: “b” has no place in the table." in said
    assert "Line 2, cell 1: “c” has no place in the table." in said


def test_one_cell_fills_the_selection_as_in_a_spreadsheet(desk_on: Open) -> None:
    desk = desk_with(desk_on, AnswerKind.CHOICE, AnswerKind.CHOICE)
    desk.go("g.g/r0/c0")
    desk.press("Shift+Down", "Shift+Right")
    paste(desk, "High")
    assert [values(desk, row) for row in ("r0", "r1", "r2")] == [["high", "high"], ["high", "high"], [None, None]]
    desk.controller.undo()
    assert desk.session.dossier().answers == ()


def test_a_block_begins_at_the_first_selected_cell_however_it_was_selected(desk_on: Open) -> None:
    desk = desk_with(desk_on, AnswerKind.TEXT, AnswerKind.TEXT)
    desk.go("g.g/r1/c1")
    desk.press("Shift+Up", "Shift+Left")
    paste(desk, "a\tb\nc\td")
    assert [values(desk, row) for row in ("r0", "r1")] == [["a", "b"], ["c", "d"]]


@pytest.mark.parametrize(
    ("lines", "columns", "wanted"),
    [(1, 1, [["a", "b"]]), (2, 2, [["a", "b"]] * 2), (1, 4, [["a", "b", "a", "b"]]), (2, 3, [["a", "b"]])],
)
def test_a_block_is_repeated_only_where_it_fills_the_selection_evenly(
    lines: int, columns: int, wanted: list[list[str]]
) -> None:
    assert repeat_block([["a", "b"]], lines, columns) == wanted


def test_a_block_is_pasted_in_the_window_and_undone_by_one_key(
    at_work: Callable[[object], Office], blank: object
) -> None:
    office = at_work(blank)
    office.press("Ctrl+K")
    office.write("iiitopics")
    office.press("Return")
    QGuiApplication.clipboard().setText('2\thigh\t"Census\nof 2014"\n1\tlow\tRegister\n')
    office.press("Ctrl+V")
    said = {str(answer.key.address): answer.content.value for answer in office.session.dossier().answers}
    assert said["iii.topics/a/remark"] == "Census\nof 2014"
    assert len(said) == 6
    office.press("Ctrl+Z")
    assert office.session.dossier().answers == ()
