"""Whatever becomes of lines, columns, sheets and names, answers are found by what they belong to."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from capacity_app.domain.assessment.answers import AnswerState
from capacity_app.domain.assessment.returned_files import ReturnedContent
from capacity_app.domain.problems import ProblemSeverity
from capacity_app.outputs.workbook import sheet_marks
from capacity_app.outputs.workbook.reader import answer_reader, lines, reader
from capacity_app.outputs.workbook.sheet_marks import ColumnSlot
from tests.builders import dated, small_dossier
from tests.domain.making import say
from tests.outputs.workbook.reading import part_sheets, sheet_of
from tests.outputs.workbook.returning.patching import Sent, changes, nothing_else

LONG = "\n".join(f"line {number}" for number in range(150))
EDITS = {"i.how": "online", "ii.staff": 13, "iii.topics/a/available": 3, "iii.topics/b @note": "no such flows at all"}
SAID = {
    "i.how": (AnswerState.ANSWERED, "online"),
    "ii.staff": (AnswerState.ANSWERED, 13),
    "iii.topics/a/available": (AnswerState.ANSWERED, 3),
    "iii.topics/b": (AnswerState.NOT_APPLICABLE, None),
}


@pytest.fixture(scope="module")
def sent() -> Sent:
    return Sent(small_dossier())


@pytest.fixture(scope="module")
def filled(sent: Sent) -> bytes:
    return sent.edited({sent.place(where): value for where, value in EDITS.items()})


def rearranged(content: bytes, *steps: Callable[[Workbook], None]) -> bytes:
    """Do something with a workbook in another program."""
    book = load_workbook(io.BytesIO(content))
    for step in steps:
        step(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _rows(sheet: Worksheet) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def _unmerge(sheet: Worksheet) -> None:
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))


def _write(sheet: Worksheet, rows: list[list[Any]]) -> None:
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column).value = value


def sort_rows(book: Workbook) -> None:
    """Sort all lines of every sheet of questions, rulers and headings too."""
    for sheet in part_sheets(book):
        _unmerge(sheet)
        _write(sheet, sorted(_rows(sheet), key=lambda row: str(row[3]) + str(row[0])))


def turn_upside_down(book: Workbook) -> None:
    for sheet in part_sheets(book):
        _unmerge(sheet)
        _write(sheet, _rows(sheet)[::-1])


def insert_columns(book: Workbook) -> None:
    for sheet in part_sheets(book):
        _unmerge(sheet)
        sheet.insert_cols(4, 2)
        sheet.insert_cols(1)


def insert_rows(book: Workbook) -> None:
    for sheet in part_sheets(book):
        _unmerge(sheet)
        sheet.insert_rows(1, 3)
        sheet.insert_rows(9)


def rename_sheets(book: Workbook) -> None:
    for number, sheet in enumerate(book.worksheets):
        sheet.title = f"Sheet{number}"


def reorder_sheets(book: Workbook) -> None:
    book.move_sheet(book.worksheets[0], offset=len(book.worksheets) - 1)
    book.move_sheet(book[sheet_marks.ANSWERS_SHEET], offset=-3)


def show_everything(book: Workbook) -> None:
    for sheet in book.worksheets:
        sheet.sheet_state = "visible"
        for dimension in (*sheet.row_dimensions.values(), *sheet.column_dimensions.values()):
            dimension.hidden = False


def hide_and_filter(book: Workbook) -> None:
    for sheet in part_sheets(book):
        for row in range(3, sheet.max_row, 2):
            sheet.row_dimensions[row].hidden = True
        sheet.auto_filter.ref = f"B4:H{sheet.max_row}"


def move_questions(book: Workbook) -> None:
    """Move the last lines of one sheet to the end of another, and a table's row too."""
    first, second, third = part_sheets(book)
    _unmerge(first)
    for source, count in ((first, 3), (third, 1)):
        _unmerge(source)
        rows = _rows(source)
        last = [number for number, row in enumerate(rows, start=1) if row[0] and not str(row[0]).startswith("@")]
        for number in last[-count:]:
            second.append(rows[number - 1])
        for number in reversed(last[-count:]):
            source.delete_rows(number)


def only_save(_book: Workbook) -> None:
    """Open and save, no more."""


def sort_answers(book: Workbook) -> None:
    sheet = book[sheet_marks.ANSWERS_SHEET]
    head, *rows = _rows(sheet)
    _write(sheet, [head, *rows[::-1]])
    lists = book[sheet_marks.LISTS_SHEET]
    head, *rows = _rows(lists)
    _write(lists, [head, *sorted(rows, key=str)])


STEPS = [
    sort_rows, turn_upside_down, insert_columns, insert_rows, rename_sheets, reorder_sheets, show_everything,
    hide_and_filter, move_questions, only_save, sort_answers,
]  # fmt: skip


@pytest.mark.check
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_nothing_is_lost_or_shifted(sent: Sent, filled: bytes, step: Callable[[Workbook], None]) -> None:
    assert nothing_else(sent.read(rearranged(sent.content, step)))
    returned = sent.read(rearranged(filled, step))
    assert returned.problems == ()
    assert returned.unplaced == ()
    assert {where: after for where, (_, after) in changes(returned).items()} == SAID


def test_nothing_is_lost_or_shifted_by_all_of_it_together(sent: Sent, filled: bytes) -> None:
    returned = sent.read(rearranged(filled, sort_answers, sort_rows, insert_columns, reorder_sheets, rename_sheets))
    assert {where: after for where, (_, after) in changes(returned).items()} == SAID


@pytest.mark.check
@pytest.mark.parametrize("step", [sort_rows, insert_columns, rename_sheets], ids=lambda step: step.__name__)
def test_long_texts_stay_together(step: Callable[[Workbook], None]) -> None:
    answers_ = (
        say("i.why", LONG, who="agency-nso", note=LONG),
        say("i.law", 2, who="agency-nso", note=LONG),
        say("iii.topics/a/remark", LONG, who="agency-nso", note=LONG),
    )
    sent = Sent(small_dossier(answers=dated(answers_)))
    assert sum(len(places) > 3 for places in sent.cells.values()) >= 4
    assert nothing_else(sent.read(rearranged(sent.content, step)))


# -- what has no place ---------------------------------------------------------------------------------------------


def on_sheet(returned: ReturnedContent) -> list[tuple[str, str, str]]:
    return [(one.place.rpartition(", ")[2], one.text, one.reason) for one in returned.unplaced]


def test_an_added_sheet_is_kept_line_by_line(sent: Sent) -> None:
    def add(book: Workbook) -> None:
        sheet = book.create_sheet("Our figures", 2)
        sheet["B2"], sheet["C2"], sheet["B7"] = "arrivals", 1234, "estimate"

    returned = sent.read(rearranged(sent.content, add))
    assert on_sheet(returned) == [
        ("B2", "arrivals · 1234", lines.ADDED_SHEET), ("B7", "estimate", lines.ADDED_SHEET)
    ]  # fmt: skip
    assert all(one.place.startswith("Our figures, ") for one in returned.unplaced)


def test_more_added_lines_than_can_be_listed_are_counted(sent: Sent) -> None:
    def add(book: Workbook) -> None:
        sheet = book.create_sheet("Data")
        for number in range(1_200):
            sheet.append([number])

    returned = sent.read(rearranged(sent.content, add))
    assert len(returned.unplaced) == 1_000
    (problem,) = returned.problems
    assert problem.message == reader.TOO_MANY_LINES
    assert "200" in problem.text()


def test_text_beside_the_table_and_in_inserted_columns_is_kept(sent: Sent) -> None:
    sheet, cell = sent.where("i.how")

    def write(book: Workbook) -> None:
        book[sheet]["Z9"] = "see letter"
        book[sheet].insert_cols(5)
        book[sheet][f"E{cell[1:]}"] = "my own column"

    returned = sent.read(rearranged(sent.content, write))
    assert sorted(text for _, text, _ in on_sheet(returned)) == ["my own column", "see letter"]
    assert {reason for _, _, reason in on_sheet(returned)} == {lines.NO_COLUMN}
    assert (f"E{cell[1:]}", "my own column", lines.NO_COLUMN) in on_sheet(returned)
    assert returned.edited == ()


@pytest.mark.check
def test_a_line_that_somebody_typed_is_kept(sent: Sent) -> None:
    sheet, _ = sent.where("i.how")

    def write(book: Workbook) -> None:
        book[sheet].append([None, "I.99", "A question of our own", "yes"])
        book["Data sources"].append([None, "S2", "Register of foreigners", "register"])

    returned = sent.read(rearranged(sent.content, write))
    assert [one.text for one in returned.unplaced] == [
        "I.99 · A question of our own · yes", "S2 · Register of foreigners · register"
    ]  # fmt: skip
    assert {one.reason for one in returned.unplaced} == {lines.NO_MARK}


def test_a_line_without_its_mark_is_kept_and_missed(sent: Sent) -> None:
    sheet, cell = sent.where("ii.staff")

    def wipe(book: Workbook) -> None:
        book[sheet][f"A{cell[1:]}"] = None
        book[sheet][cell] = 77

    returned = sent.read(rearranged(sent.content, wipe))
    assert "77" in on_sheet(returned)[0][1]
    (problem,) = returned.problems
    assert (problem.message, problem.place, problem.severity) == (
        answer_reader.LINES_MISSING,
        sheet,
        ProblemSeverity.WARNING,
    )
    assert returned.edited == ()


@pytest.mark.parametrize("mark", ["i.gone", "iii.topics/z", "i.contents#gone"])
def test_answers_to_what_nobody_asked_are_kept(sent: Sent, mark: str) -> None:
    sheet, cell = sent.where("ii.staff") if "/" not in mark else sent.where("iii.topics/b/remark")

    def rewrite(book: Workbook) -> None:
        book[sheet][f"A{cell[1:]}"] = mark
        book[sheet][cell] = "something"

    returned = sent.read(rearranged(sent.content, rewrite))
    assert (cell, "something", lines.NO_PLACE) in on_sheet(returned)
    assert returned.edited == ()


def test_text_where_no_answer_belongs_is_kept(sent: Sent) -> None:
    sheet, cell = sent.where("i.contents", "#stocks")
    row = int(cell[1:])

    def write(book: Workbook) -> None:
        book[sheet][f"{cell[0]}{row - 1}"] = "stocks and flows"
        book[sheet][f"H{row}"] = "beside a tick"

    returned = sent.read(rearranged(sent.content, write))
    assert {text: reason for _, text, reason in on_sheet(returned)} == {
        "stocks and flows": lines.NO_ANSWER_HERE,
        "beside a tick": lines.NO_ANSWER_HERE,
    }
    assert returned.edited == ()


# -- copies --------------------------------------------------------------------------------------------------------


def duplicate(edit_first: str | None, edit_second: str | None, where: str) -> Callable[[Sent], bytes]:
    def made(sent: Sent) -> bytes:
        sheet, cell = sent.where(where)

        def copied(book: Workbook) -> None:
            second = book.copy_worksheet(book[sheet])
            if edit_first is not None:
                book[sheet][cell] = edit_first
            if edit_second is not None:
                second[cell] = edit_second

        return rearranged(sent.content, copied)

    return made


@pytest.mark.parametrize("where", ["i.how", "iii.topics/a/demand"])
@pytest.mark.parametrize(("first", "second"), [(None, "x"), ("x", None), ("x", "x")])
def test_an_untouched_copy_of_a_sheet_says_nothing(sent: Sent, where: str, first: str, second: str) -> None:
    word = "online" if where == "i.how" else "high"
    returned = sent.read(duplicate(first and word, second and word, where)(sent))
    assert {place: after for place, (_, after) in changes(returned).items()} == {where: (AnswerState.ANSWERED, word)}
    assert returned.problems == ()
    assert len({one.address for one in returned.answers}) == len(returned.answers)


@pytest.mark.check
def test_copies_that_contradict_are_a_problem_and_both_are_kept(sent: Sent) -> None:
    for where, one, other in (("i.how", "online", "paper"), ("iii.topics/a/demand", "low", "high")):
        returned = sent.read(duplicate(one, other, where)(sent))
        (problem,) = returned.problems
        assert problem.message == answer_reader.TWO_COPIES
        assert returned.edited == ()
        assert {one, other} <= {stray.text for stray in returned.unplaced}
        assert [str(answer.address) for answer in returned.answers if answer.place == problem.place] == [where]


def test_a_copied_line_about_something_else_is_kept_and_does_not_count(sent: Sent) -> None:
    sheet, cell = sent.where("i.how")

    def copied(book: Workbook) -> None:
        rows = _rows(book[sheet])
        row = list(rows[int(cell[1:]) - 1])
        row[2], row[3] = "How are they archived?", "paper"
        book[sheet].append(row)

    returned = sent.read(rearranged(sent.content, copied))
    assert "paper" in [one.text for one in returned.unplaced]
    assert len(returned.problems) == 1
    assert returned.edited == ()


# -- sheets and lines that are gone ----------------------------------------------------------------------------------


def test_missing_sheets_are_told_and_take_nothing_away(sent: Sent) -> None:
    sheet, _ = sent.where("i.how")

    def delete(book: Workbook) -> None:
        del book[sheet]

    returned = sent.read(rearranged(sent.content, delete))
    (problem,) = returned.problems
    assert (problem.message, problem.place) == (answer_reader.SHEET_MISSING, sheet)
    assert returned.edited == ()
    assert len(returned.recorded) == len(sent.dossier.answers)


def test_a_table_without_its_ruler_is_told(sent: Sent) -> None:
    sheet, _ = sent.where("iii.topics/a/demand")

    def wipe(book: Workbook) -> None:
        for row in book[sheet].iter_rows():
            if str(row[0].value).startswith("@columns"):
                row[0].value = None

    returned = sent.read(rearranged(sent.content, wipe))
    assert [problem.message for problem in returned.problems] == [answer_reader.RULER_MISSING]
    assert returned.edited == ()


@pytest.mark.check
def test_a_part_of_a_long_text_that_is_missing_is_a_problem() -> None:
    dossier = small_dossier()
    others = (answer for answer in dossier.answers if str(answer.key.address) != "i.why")
    sent = Sent(small_dossier(answers=dated((*others, say("i.why", LONG, who="agency-nso")))))
    assert nothing_else(sent.read())
    sheet, cell = sent.where("i.why")

    def delete(book: Workbook) -> None:
        _unmerge(book[sheet])
        book[sheet].delete_rows(int(cell[1:]) + 1)

    returned = sent.read(rearranged(sent.content, delete))
    assert [problem.message for problem in returned.problems] == [lines.PART_MISSING]
    assert returned.edited == ()
    places = sent.cells["i.why", str(ColumnSlot.ANSWER)]
    assert len(places) > 3
    edited = sent.read(sent.edited({places[1]: "another middle\n", places[-1]: None}))
    (one,) = edited.edited
    assert "another middle" in str(one.now.value)
    assert str(one.now.value).startswith("line 0\n")


def test_every_reserved_sheet_may_be_gone(sent: Sent) -> None:
    wanted = {
        sheet_marks.ANSWERS_SHEET: reader.RECORDED_MISSING,
        sheet_marks.HEADS_SHEET: reader.HEADS_MISSING,
        sheet_marks.LISTS_SHEET: reader.LISTS_MISSING,
    }
    for name, message in wanted.items():

        def delete(book: Workbook, name: str = name) -> None:
            del book[name]

        returned = sent.read(rearranged(sent.content, delete))
        assert message in [problem.message for problem in returned.problems]
        if name == sheet_marks.HEADS_SHEET:
            assert returned.edited == ()
        if name == sheet_marks.LISTS_SHEET:
            assert {str(one.address) for one in returned.edited} == set()
            assert [one.text for one in returned.unplaced] == ["NSO"]
        if name == sheet_marks.ANSWERS_SHEET:
            said = {str(one.address): one.now.value for one in returned.answers}
            assert said["ii.staff"] == 12
            assert said["i.contents"] == ("stocks", "labour")
            assert all(one.before.is_empty for one in returned.answers)


def test_recorded_answers_that_were_changed_are_told(sent: Sent) -> None:
    def change(book: Workbook) -> None:
        sheet = book[sheet_marks.ANSWERS_SHEET]
        for row in sheet.iter_rows(min_row=2):
            named = dict(zip(sheet_marks.DATA_SHEETS[sheet_marks.ANSWERS_SHEET], row, strict=True))
            if named["question"].value == "ii.staff":
                named["value"].value = 99

    returned = sent.read(rearranged(sent.content, change))
    assert [problem.message for problem in returned.problems] == [reader.RECORDED_CHANGED]


def test_what_is_no_workbook_of_ours_is_refused(sent: Sent) -> None:
    foreign = Workbook()
    buffer = io.BytesIO()
    foreign.save(buffer)
    for content in (b"", b"PK", b"PK\x03\x04 and no more", buffer.getvalue()):
        with pytest.raises(ValueError, match=r"^"):
            sent.read(content or b"\0")


@pytest.mark.check
def test_the_identity_is_found_under_another_name(sent: Sent) -> None:
    returned = sent.read(rearranged(sent.content, rename_sheets))
    assert returned.stamp.instrument == "small"
    assert sheet_of(load_workbook(io.BytesIO(sent.content)), "readme") is not None
