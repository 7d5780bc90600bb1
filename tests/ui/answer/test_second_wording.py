"""A second language beside the first: everywhere, at once, without losing place, focus or typed text."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from capacity_app import paths
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.i18n.translator import Translator
from capacity_app.ui.question_widgets.bilingual_text import SecondText, is_beside
from capacity_app.ui.shell.appearance import AppearanceSheet
from capacity_app.ui.theme.fonts_and_sizes import set_zoom
from capacity_app.ui.widgets.buttons import Button
from tests.builders import small_dossier
from tests.domain.making import instrument, question, section
from tests.ui.driving import Desk
from tests.ui.office import Office
from tests.wordings import word

Open = Callable[..., Desk]
LEFT, RIGHT = Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft
ROW = "Effectif de migrants internationaux selon le pays de naissance et la nationalité, y compris les apatrides"
FRENCH = {
    "i|title": "Première partie",
    "i.law|text": "La loi est-elle adoptée ?",
    "i.law|anchor 0": "aucune",
    "i.law|anchor 1": "un peu",
    "i.law|anchor 2": "beaucoup",
    "i.law|anchor 3": "toute",
    "i.how|option paper": "papier",
    "i.contents|option stocks": "effectifs",
    "iii.topics|text": "Quelles statistiques ?",
    "iii.topics|column available label": "Disponibilité",
    "iii.topics|row a label": ROW,
    "iii.topics|column demand option low": "faible",
}
ARABIC = {"i.law|text": "هل اعتمد القانون؟", "i.law|anchor 0": "لا شيء"}


@pytest.fixture(autouse=True)
def worded(qapp: QApplication) -> Iterator[None]:
    """Have the small instrument in two more languages."""
    for language, texts in (("fr", FRENCH), ("ar", ARABIC)):
        word(paths.user_instruments_folder(), small_dossier().instrument, language, texts)
    yield
    qapp.setLayoutDirection(LEFT)


def seconds(desk: Desk, where: str) -> list[str]:
    return [row.second.text for row in desk.card(where).editor.rows]  # type: ignore[union-attr]


def test_questions_anchors_options_and_titles_have_a_second_wording(desk_on: Open) -> None:
    desk = desk_on()
    desk.page.show_second(Translator("fr"))
    assert desk.card("i.law").text.second == SecondText("La loi est-elle adoptée ?", LEFT)
    assert seconds(desk, "i.law") == ["aucune", "un peu", "beaucoup", "toute"]
    assert desk.page.page().heading.title.second.text == "Première partie"
    assert seconds(desk, "i.how") == ["papier", "", ""], "what is not translated stands once"
    assert desk.card("i.plan").text.second.text == ""


def test_yes_no_and_none_of_these_are_said_in_the_second_language_too(desk_on: Open) -> None:
    desk = desk_on(texts=Translator("fr"))
    desk.page.show_second(Translator("en"))
    own = [row.text() for row in desk.card("i.published").editor.rows]  # type: ignore[union-attr]
    other = seconds(desk, "i.published")
    assert other == ["" if mine == said else said for mine, said in zip(own, ["Yes", "No"], strict=True)]


def test_arabic_reads_from_its_own_side_beside_english(desk_on: Open) -> None:
    desk = desk_on()
    desk.page.show_second(Translator("ar"))
    card = desk.card("i.law")
    assert card.text.second == SecondText("هل اعتمد القانون؟", RIGHT)
    assert card.text.layoutDirection() == LEFT
    picture = card.text.grab().toImage()
    ground = picture.pixelColor(picture.width() // 2, 0)
    last = max(x for x in range(picture.width()) for y in range(picture.height()) if picture.pixelColor(x, y) != ground)
    assert last >= picture.width() - 6, "the Arabic paragraph begins at the right edge"


def test_the_second_stands_beside_where_there_is_room_and_below_where_not(desk_on: Open, qapp: QApplication) -> None:
    desk = desk_on()
    desk.page.show_second(Translator("fr"))
    row = desk.card("i.law").editor.rows[0]  # type: ignore[union-attr]
    wide, narrow = 900, 300
    assert is_beside(wide)
    assert not is_beside(narrow)
    assert row.heightForWidth(narrow) > row.heightForWidth(wide)
    set_zoom(qapp, 200)
    assert not is_beside(wide)


def test_rows_columns_and_cells_of_a_table_have_a_second_wording(desk_on: Open) -> None:
    desk = desk_on()
    desk.go("iii.topics/a/available")
    view = desk.table("iii.topics").view
    low = view.columns_header.sizeHint().height(), view.rowHeight(view.grid.line_of["a"])
    desk.page.show_second(Translator("fr"))
    desk.settle()
    assert view.grid.second_column(0).text == "Disponibilité"
    assert view.grid.second_line(view.grid.line_of["a"]).text == ROW
    high = view.columns_header.sizeHint().height(), view.rowHeight(view.grid.line_of["a"])
    assert high[0] > low[0]
    assert high[1] > low[1], "the row grows with its label"
    desk.go("iii.topics/a/demand")
    desk.press("Return")
    editor = view.editing
    assert editor is not None
    assert [row.second.text for row in editor.editor.rows] == ["faible", ""]  # type: ignore[attr-defined]
    desk.page.show_second(None)
    assert [row.second.text for row in editor.editor.rows] == ["", ""]  # type: ignore[attr-defined]
    desk.press("Esc")
    desk.settle()
    assert (view.columns_header.sizeHint().height(), view.rowHeight(view.grid.line_of["a"])) == low


def test_labels_of_a_table_fit_with_two_wordings(desk_on: Open) -> None:
    desk = desk_on()
    desk.go("iii.topics/a/available")
    desk.page.show_second(Translator("fr"))
    desk.settle()
    view = desk.table("iii.topics").view
    for line in range(len(view.grid.lines)):
        assert view.rowHeight(line) >= view.rows_header.line_height(line)
    for place in range(len(view.question.columns)):
        assert view.columns_header.height() >= view.columns_header.sectionSizeFromContents(place).height()


@pytest.mark.check
def test_pages_built_before_keep_place_focus_and_typed_text(desk_on: Open) -> None:
    many = instrument(
        section("m", *(question(f"m.q{n}") for n in range(30)), question("m.text", AnswerKind.TEXT), question("m.last"))
    )
    word(
        paths.user_instruments_folder(),
        many,
        "fr",
        {f"m.q{n}|text": f"Une question bien plus longue {n}" for n in range(30)}
        | {f"m.q{n}|anchor {level}": f"niveau {level} en français" for n in range(30) for level in range(4)},
    )
    desk = desk_on(replace(small_dossier(many), answers=(), actions=(), ratings=()))
    desk.go("m.text")
    desk.write("half a sen")
    field, page = desk.focused(), desk.page.page()
    card = desk.card("m.text")
    stood = card.y() - page.verticalScrollBar().value()
    desk.page.show_second(Translator("fr"))
    desk.settle()
    assert desk.card("m.q3").text.second.text == "Une question bien plus longue 3"
    assert desk.focused() is field
    assert field.text() == "half a sen"  # type: ignore[attr-defined]
    assert card.y() - page.verticalScrollBar().value() == stood
    desk.write("tence")
    desk.rest()
    assert desk.said("m.text").value == "half a sentence"


def test_pages_and_questions_that_come_later_have_it_too(desk_on: Open) -> None:
    desk = desk_on()
    desk.page.show_second(Translator("fr"))
    assert desk.card("iii.topics").text.second.text == "Quelles statistiques ?"
    desk.go("i.published")
    desk.press("N")
    desk.controller.undo()
    assert seconds(desk, "i.law")[0] == "aucune"


def test_the_window_s_own_language_is_no_second_one(desk_on: Open) -> None:
    desk = desk_on(texts=Translator("fr"))
    desk.page.show_second(Translator("fr"))
    assert desk.card("i.law").text.second.text == ""


@pytest.mark.parametrize("zoom", [100, 200])
def test_no_words_are_cut_off_with_two_wordings(desk_on: Open, qapp: QApplication, zoom: int) -> None:
    desk = desk_on()
    set_zoom(qapp, zoom)
    desk.page.show_second(Translator("fr"))
    desk.settle()
    card = desk.card("i.law")
    parts = [card.text, *card.editor.rows]  # type: ignore[union-attr]
    assert [part.text() for part in parts if part.heightForWidth(part.width()) > part.height() + 1] == []


def choose_second(office: Office, language: str) -> None:
    """Choose the second wording, or none, in the sheet Appearance."""
    office.window.show_appearance()
    sheet = office.part(AppearanceSheet, "appearance")
    sheet.second.setCurrentIndex(sheet.second.findData(language))
    office.part(Button, "appearance_apply").click()
    office.settle()


@pytest.mark.check
def test_the_second_wording_is_chosen_in_the_sheet_appearance(at_work: Callable[[None], Office]) -> None:
    office = at_work(None)
    choose_second(office, "fr")
    page = office.desk.questionnaire()
    card = page.page().card("i.law")
    assert card is not None
    assert card.text.second.text == "La loi est-elle adoptée ?"
    choose_second(office, "")
    assert card.text.second.text == ""
