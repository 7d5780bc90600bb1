"""Large tables take the page: how much one sees, how one comes and goes, and the line for the current cell."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton

from capacity_app import paths
from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerLayer, AnswerState, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Agency, Mission
from capacity_app.i18n.translator import Translator
from capacity_app.questionnaires.reader import read_instrument
from capacity_app.ui.question_widgets.answer_line import AnswerLine
from capacity_app.ui.question_widgets.choice_editors import RowsEditor
from capacity_app.ui.question_widgets.grid_model import SIGNS, shorten_to_cell
from capacity_app.ui.theme.fonts_and_sizes import SMALL, TextRole, font_for, set_zoom
from capacity_app.ui.widgets.buttons import FlatButton
from tests.builders import ASSESSMENT_ID
from tests.ui.driving import Desk

Open = Callable[..., Desk]
TABLE = "iii.statistics"
COLUMNS = ("produced", "periodicity", "delay")


@pytest.fixture
def desk(desk_on: Open) -> Desk:
    instrument, _ = read_instrument(paths.instruments_folder() / "unsd-nmdc")
    assert instrument is not None
    agency = Agency(id="agency-nso", name="Statistics Office", short="SO")
    return desk_on(Dossier(id=ASSESSMENT_ID, instrument=instrument, mission=Mission(country="XXA"), agencies=(agency,)))


def line(desk: Desk) -> AnswerLine:
    return desk.part(AnswerLine, "answer_line")


MOST_BEYOND = 12
"""Pixels of the table that may be out of sight, far less than a column."""


def test_the_table_fits_a_large_screen_beside_the_parts_and_the_help(desk: Desk) -> None:
    desk.page.resize(1830, 900)
    desk.go(f"{TABLE}/foreign-born/produced")
    desk.press("Right", "D")
    QTest.qWait(100)
    view = desk.table(TABLE).view
    assert not desk.page.panes.is_narrow
    # Fonts that earlier tests have loaded may make letters a little wider.
    assert view.horizontalScrollBar().maximum() < MOST_BEYOND
    longest = max(view.fontMetrics().horizontalAdvance(word) for word in ("Declined", "Unknown"))
    assert all(view.columnWidth(place) > longest + 2 * SMALL + SIGNS for place in range(9))


@pytest.mark.check
def test_every_cell_of_a_column_is_answered_by_one_key(desk: Desk) -> None:
    rows = [row.id for row in desk.session.instrument.question_by_id[TABLE].rows]
    for column in COLUMNS:
        desk.go(f"{TABLE}/{rows[0]}/{column}")
        desk.press(*["2"] * len(rows))
    said = [desk.said(f"{TABLE}/{row}/{column}").state for row in rows for column in COLUMNS]
    assert said == [AnswerState.ANSWERED] * (len(COLUMNS) * len(rows))


def test_a_third_of_the_table_is_seen_on_a_laptop(desk: Desk) -> None:
    desk.page.resize(1278, 690)
    desk.go(f"{TABLE}/foreign-born/produced")
    QTest.qWait(100)
    view = desk.table(TABLE).view
    cells = (
        view.visualRect(view.grid.index(line, column)) for line in view.grid.line_of.values() for column in range(9)
    )
    assert sum(view.viewport().rect().contains(cell) for cell in cells) >= 60
    assert view.columns_header.height() <= 72
    metrics = QFontMetrics(font_for(TextRole.CAPTION))
    for place, column in enumerate(view.question.columns):
        words = view.wording.column(view.question, column).split()
        assert max(map(metrics.horizontalAdvance, words)) < view.columnWidth(place) - 2 * SMALL, "no word is broken"
        assert "…" not in view.columns_header.label(place), "no label is cut"
    assert not desk.page.page().verticalScrollBar().isVisible(), "no second scroll bar"


def test_with_large_letters_headings_have_two_lines_and_leave_room_for_rows(desk: Desk, qapp: QApplication) -> None:
    set_zoom(qapp, 200)
    desk.page.resize(1278, 640)
    desk.go(f"{TABLE}/foreign-born/produced")
    QTest.qWait(100)
    view = desk.table(TABLE).view
    labels = [view.columns_header.label(place) for place in range(len(view.question.columns))]
    assert max(label.count("\n") for label in labels) == 1
    assert not any("…" in label for label in labels)
    first = view.visualRect(view.grid.index(view.grid.line_of["foreign-citizens"], 0))
    assert view.viewport().rect().contains(first), "two rows are seen whole"


def test_what_was_judged_stands_under_the_answer_and_not_over_it(desk: Desk) -> None:
    place = f"{TABLE}/foreign-born/produced"
    desk.go(place)
    view = desk.table(TABLE).view
    row = view.grid.line_of["foreign-born"]
    desk.press("3")
    answered = view.rowHeight(row)
    key = AnswerKey(Address.parse(place), AnswerLayer.JUDGEMENT)
    desk.controller.record(key, Content(state=AnswerState.ANSWERED, value="published", reason="Seen on paper."))
    desk.settle()
    assert view.rowHeight(row) >= answered + QFontMetrics(font_for(TextRole.CAPTION)).height()


def test_the_line_says_whose_the_grey_answer_of_a_cell_is(desk: Desk) -> None:
    place = f"{TABLE}/stateless/produced"
    said = "III.1 3 Stateless persons · Produced"
    key = AnswerKey(Address.parse(place), respondent="agency-nso")
    desk.controller.record(key, Content(state=AnswerState.ANSWERED, value="published"))
    desk.controller.put(Agency(id="agency-moi", name="Ministry of the Interior", short="MoI"))
    desk.controller.respondent = "agency-nso"
    desk.go(place)
    assert line(desk).place.accessibleName() == said
    desk.controller.respondent = "agency-moi"
    assert line(desk).place.accessibleName() == f"{said} · answer of SO"
    desk.press("U", "Up")
    assert line(desk).place.accessibleName() == said


def test_none_of_these_is_offered_once_and_takes_the_other_ticks_away(desk: Desk) -> None:
    place = "iii.status-recorded/census/elements"
    desk.go(place)
    assert line(desk).legend.accessibleName().count("None of these") == 1
    desk.press("1", "2")
    assert desk.said(place).value == ("birth", "citizenship")
    desk.press("0")
    assert desk.said(place).value == ("none",)
    desk.press("F2")
    editor = desk.table("iii.status-recorded").view.editing
    assert editor is not None
    assert isinstance(editor.editor, RowsEditor)
    labels = [row.text() for row in editor.editor.rows]
    assert labels.count("None of these") == 1
    desk.press("1")
    assert desk.said(place).value == ("birth",)
    desk.press("0")
    assert desk.said(place).value == ("none",)


def test_one_goes_from_a_large_table_to_the_questions_beside_it(desk: Desk) -> None:
    desk.go(f"{TABLE}/foreign-born/produced")
    desk.press("Alt+PgDown")
    after = desk.here()
    assert desk.page.page().stack.isVisible()
    desk.go(f"{TABLE}/foreign-born/produced")
    desk.part(FlatButton, "beside 1").click()
    desk.settle()
    assert desk.here() == after
    desk.go(f"{TABLE}/foreign-born/produced")
    desk.press("Esc")
    assert desk.focused() is desk.part(QPushButton, f"open {TABLE}")
    desk.press("Return")
    assert desk.here().startswith(TABLE)


def test_the_line_says_the_cell_in_full_and_what_its_keys_answer(desk: Desk) -> None:
    desk.go(f"{TABLE}/stateless/produced")
    assert line(desk).place.accessibleName() == "III.1 3 Stateless persons · Produced"
    assert line(desk).legend.accessibleName().startswith("0 Not produced · 1 Estimated or ad hoc · 2 Regular, but")
    desk.go("iv.policy/a/relevance")
    assert line(desk).legend.accessibleName() == "3 High · 2 Medium · 1 Low · 0 Not relevant"
    desk.press("3")
    assert desk.said("iv.policy/a/relevance").value == "high"


def test_in_arabic_the_line_begins_with_the_number_of_the_cell_on_the_right(desk_on: Open) -> None:
    instrument, _ = read_instrument(paths.instruments_folder() / "unsd-nmdc")
    assert instrument is not None
    desk = desk_on(Dossier(id=ASSESSMENT_ID, instrument=instrument), Translator("ar"))
    desk.go(f"{TABLE}/stateless/produced")
    assert line(desk).place.accessibleName().startswith("\u2066III.1 3\u2069 "), (
        "the number has no say in the direction"
    )


def test_the_line_goes_on_saying_what_could_not_be_read(desk: Desk) -> None:
    desk.go(f"{TABLE}/foreign-born/reference_date")
    desk.write("Nov 20x4")
    desk.press("Return")
    assert desk.here() == f"{TABLE}/foreign-citizens/reference_date"
    assert "“Nov 20x4” is not a date" in line(desk).legend.accessibleName()
    desk.write("Nov 2024")
    desk.press("Return")
    assert desk.said(f"{TABLE}/foreign-citizens/reference_date").value == "2024-11"
    assert "Nov 20x4" not in line(desk).legend.accessibleName()


def test_a_button_of_the_line_acts_on_the_current_cell_and_leaves_one_there(desk: Desk) -> None:
    desk.go(f"{TABLE}/foreign-born/produced")
    button = desk.part(FlatButton, "line_unknown")
    assert button.focusPolicy() is Qt.FocusPolicy.NoFocus
    button.click()
    assert desk.said(f"{TABLE}/foreign-born/produced").state is AnswerState.UNKNOWN
    assert desk.focused() is desk.table(TABLE).view


def test_with_large_letters_the_line_says_the_cell_and_its_keys_whole_and_the_menu_has_the_buttons(
    desk: Desk, qapp: QApplication
) -> None:
    set_zoom(qapp, 200)
    desk.page.resize(1270, 640)
    desk.go(f"{TABLE}/foreign-born/produced")
    desk.settle()
    unknown, below = desk.part(FlatButton, "line_unknown"), line(desk)
    assert not unknown.isVisible()
    assert not below.place.toolTip(), "nothing is cut off"
    assert not below.legend.toolTip()
    below.more.click()
    menu = below.findChild(QMenu)
    assert menu is not None
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert desk.said(f"{TABLE}/foreign-born/produced").state is AnswerState.UNKNOWN
    set_zoom(qapp, 100)
    desk.settle()
    assert unknown.isVisible()


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Population and Housing Census", ["Populat…", "and Ho…"]),
        ("Stock of residents", ["Stock of", "residents"]),
        ("人口与住房普查登记", None),
    ],
)
def test_the_text_of_a_narrow_cell_is_broken_between_words(text: str, shown: list[str] | None) -> None:
    metrics = QFontMetrics(font_for(TextRole.BODY))
    width = metrics.horizontalAdvance("Populati…") - 1
    lines = shorten_to_cell(text, metrics, width, 2).split("\n")
    assert all(metrics.horizontalAdvance(one) <= width for one in lines)
    if shown is None:
        assert len(lines) == 2, "a script without spaces is broken anywhere"
        assert not lines[0].endswith("…")
    else:
        assert lines == shown


def test_enter_pastes_what_fits_and_another_answer_takes_the_offer_away(desk: Desk) -> None:
    desk.go(f"{TABLE}/foreign-born/produced")
    mime = QMimeData()
    mime.setText("Regular and published\nnonsense")
    QGuiApplication.clipboard().setMimeData(mime)
    desk.press("Ctrl+V", "Return")
    assert desk.said(f"{TABLE}/foreign-born/produced").value == "published"
    desk.go(f"{TABLE}/foreign-born/produced")
    desk.press("Ctrl+V")
    card = desk.table(TABLE)
    assert any("do not paste" in button.text().lower() for button in card.findChildren(QPushButton))
    desk.go(f"{TABLE}/stateless/produced")
    desk.press("2")
    desk.settle()
    assert not any("do not paste" in button.text().lower() for button in card.findChildren(QPushButton))


def test_ctrl_home_shows_the_heading_of_the_group_too(desk: Desk) -> None:
    desk.page.resize(1278, 400)
    rows = [row.id for row in desk.session.instrument.question_by_id[TABLE].rows]
    desk.go(f"{TABLE}/{rows[-1]}/produced")
    view = desk.table(TABLE).view
    assert view.rowAt(0) > 0
    desk.press("Ctrl+Home")
    assert desk.here() == f"{TABLE}/{rows[0]}/produced"
    assert view.grid.lines[0].row is None
    assert view.rowAt(0) == 0


def test_escape_closes_what_is_open_before_it_closes_the_table(desk: Desk) -> None:
    cell = f"{TABLE}/foreign-born/produced"
    for opening in ("F2", "F4", "X"):
        desk.go(cell)
        desk.press(opening)
        assert not desk.table(TABLE).view.hasFocus()
        desk.press("Esc")
        assert desk.table(TABLE).view.hasFocus(), opening
    desk.press("Esc")
    assert not desk.table(TABLE).isVisible()


def test_shift_f10_leads_from_a_cell_to_its_disagreement(desk: Desk) -> None:
    cell = f"{TABLE}/foreign-born/produced"
    desk.controller.put(Agency(id="agency-mia", name="Ministry of Interior", short="MIA"))
    desk.go(cell)
    desk.press("2")
    desk.controller.respondent = "agency-mia"
    desk.go(cell)
    desk.press("1")
    desk.go(cell)
    desk.press("Shift+F10")
    assert desk.focused().objectName() == "use agency-mia"
    desk.press("Esc")
    assert desk.here() == cell
    assert desk.table(TABLE).view.hasFocus()
