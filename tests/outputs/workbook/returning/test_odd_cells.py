"""What spreadsheets and people make of a form besides answers: dates for texts, lost lists, lines copied or cut off."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from capacity_app.domain.assessment.answers import AnswerState
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.returned_files import ReturnedContent
from capacity_app.domain.problems import KnownError
from capacity_app.domain.questionnaire.instrument import GridColumn, GridRow
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.outputs.workbook import sheet_marks
from capacity_app.outputs.workbook.reader import answer_reader, decoding, lines, reader, sheets
from capacity_app.outputs.workbook.reader.hidden_sheets import NEWER
from capacity_app.outputs.workbook.reader.reader import read_returned
from tests.builders import dated, small_dossier
from tests.domain.making import choice, instrument, question, required, say, section
from tests.outputs.workbook.returning.patching import Sent, changes, nothing_else

NSO = "agency-nso"
LONG = "\n".join(f"line {number}" for number in range(150))


@pytest.fixture(scope="module")
def sent() -> Sent:
    return Sent(small_dossier())


def resaved(sent: Sent, *steps: Callable[[Workbook], None]) -> bytes:
    """Do something with a workbook in another program."""
    book = load_workbook(io.BytesIO(sent.content))
    for step in steps:
        step(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def putting(sent: Sent, where: str, value: Any) -> Callable[[Workbook], None]:
    sheet, cell = sent.place(where)

    def put(book: Workbook) -> None:
        book[sheet][cell] = value

    return put


def deleting(name: str) -> Callable[[Workbook], None]:
    def delete(book: Workbook) -> None:
        del book[name]

    return delete


def messages(returned: ReturnedContent) -> list[str]:
    return [problem.message for problem in returned.problems]


# -- what a spreadsheet makes of a text ----------------------------------------------------------------------------

DAY = dt.date(2018, 11, 29)
MOMENT = dt.datetime(2018, 11, 29, 13, 30)  # noqa: DTZ001 - spreadsheets know no zones


@pytest.mark.check
@pytest.mark.parametrize("is_careful", [False, True])
def test_a_day_where_a_text_is_asked_is_taken_and_a_moment_is_not(sent: Sent, *, is_careful: bool) -> None:
    content = resaved(sent, putting(sent, "ii.name", DAY), putting(sent, "ii.next", DAY))
    returned = read_returned(content, "r.xlsx", sent.dossier.instrument, is_careful=is_careful)
    assert {place: now for place, (_, now) in changes(returned).items()} == {
        "ii.name": (AnswerState.ANSWERED, "2018-11-29"),
        "ii.next": (AnswerState.ANSWERED, "2018-11-29"),
    }
    content = resaved(sent, *(putting(sent, where, MOMENT) for where in ("ii.name", "ii.staff", "ii.next")))
    returned = read_returned(content, "r.xlsx", sent.dossier.instrument, is_careful=is_careful)
    assert sorted(messages(returned)) == sorted([decoding.A_DATE, decoding.A_DATE, decoding.NO_DATE])
    assert returned.edited == ()


def test_percentages_are_read_as_they_are_seen_in_every_cell() -> None:
    shares = [question(f"q.{name}", AnswerKind.PERCENT) for name in "ab"]
    sent = Sent(Dossier(id="x", instrument=instrument(section("q", *shares))))
    returned = sent.said({"q.a": 12.5, "q.b": "7 %"})
    assert [one.now.value for one in returned.edited] == ["12.5", "7"]


# -- lists ---------------------------------------------------------------------------------------------------------


def test_without_its_lists_a_file_is_read_by_the_words_of_the_program(sent: Sent) -> None:
    typed = {
        "i.how": "online",
        "i.shared": "Partly",
        "i.published": "Yes",
        "iii.topics/a/demand": "HIGH",
        "ii.origins": "Peru",
    }
    content = resaved(sent, deleting(sheet_marks.LISTS_SHEET), *(putting(sent, *edit) for edit in typed.items()))
    returned = sent.read(content)
    assert {place: now[1] for place, (_, now) in changes(returned).items()} == {
        "i.how": "online",
        "i.shared": "partly",
        "i.published": "yes",
        "iii.topics/a/demand": "high",
        "ii.origins": ("604",),
    }
    assert reader.LISTS_MISSING in messages(returned)


def ticking() -> Sent:
    """Send a table with a column to tick in, and a choice whose options differ in capitals alone."""
    grid = question(
        "q.g",
        AnswerKind.GRID,
        columns=(GridColumn(id="by", label="By", kind=AnswerKind.CHECKLIST, options=required("sex", "age", "birth")),),
        rows=(GridRow(id="r", label="R"),),
    )
    how = question("q.how", AnswerKind.CHOICE, options=choice(paper=0, PAPER=1))
    return Sent(Dossier(id="x", instrument=instrument(section("q", grid, how))))


def test_ticks_in_one_cell_of_a_table_are_options_in_their_order_or_none_of_them() -> None:
    sent = ticking()
    assert changes(sent.said({"q.g/r/by": "birth; sex"}))["q.g/r/by"][1] == (AnswerState.ANSWERED, ("sex", "birth"))
    assert changes(sent.said({"q.g/r/by": "none of these"}))["q.g/r/by"][1] == (AnswerState.ANSWERED, ())
    returned = sent.said({"q.g/r/by": "sex; height"})
    assert (messages(returned), returned.edited) == ([decoding.NO_LABEL], ())


def test_a_word_that_two_options_share_but_for_capitals_is_a_problem() -> None:
    sent = ticking()
    assert changes(sent.said({"q.how": "PAPER"}))["q.how"][1] == (AnswerState.ANSWERED, "PAPER")
    returned = sent.said({"q.how": "Paper"})
    assert (messages(returned), returned.edited) == ([decoding.TWO_LABELS], ())


# -- ticks and states ----------------------------------------------------------------------------------------------


def test_a_tick_that_was_wiped_out_where_none_was_changes_nothing(sent: Sent) -> None:
    assert nothing_else(sent.said({"i.contents #flows": None}))


def test_copies_of_a_tick_that_contradict_are_a_problem(sent: Sent) -> None:
    sheet, cell = sent.place("i.contents #flows")

    def copied(book: Workbook) -> None:
        second = book.copy_worksheet(book[sheet])
        book[sheet][cell], second[cell] = "Yes", None

    returned = sent.read(resaved(sent, copied))
    assert answer_reader.TWO_COPIES in messages(returned)
    assert returned.edited == ()


def test_an_answer_taken_out_and_a_state_that_says_it_is_answered_contradict() -> None:
    sent = Sent(small_dossier(answers=dated([say("ii.census", state=AnswerState.UNKNOWN, who=NSO)])))
    returned = sent.said({"ii.census": "not asked", "ii.census @state": "answered"})
    assert returned.edited == ()
    assert messages(returned) == [answer_reader.NO_ANSWER]


# -- rows ----------------------------------------------------------------------------------------------------------


def test_the_only_note_of_a_row_is_the_rows_own() -> None:
    answers = dated([say("iii.topics/a", state=AnswerState.NOT_ASKED, who=NSO, note="On the row.")])
    sent = Sent(small_dossier(answers=answers))
    (one,) = sent.said({"iii.topics/a @note": "Available: on the whole row."}).edited
    assert (str(one.address), one.now.note) == ("iii.topics/a", "Available: on the whole row.")


@pytest.mark.parametrize("place", ["iii.topics/a", "iii.topics"])
def test_a_line_of_a_table_from_which_part_of_a_long_note_is_cut_is_left_as_it_was(place: str) -> None:
    said = [say(place, state=AnswerState.NOT_ASKED, who=NSO, note=LONG), say("iii.topics/a/available", 2, who=NSO)]
    sent = Sent(small_dossier(answers=dated(said)))
    assert nothing_else(sent.read())
    cells = sent.cells[place, "@note"]
    assert len(cells) > 2
    sheet, second = cells[1]

    def cut(book: Workbook) -> None:
        for area in list(book[sheet].merged_cells.ranges):
            book[sheet].unmerge_cells(str(area))
        book[sheet].delete_rows(int("".join(filter(str.isdigit, second))))

    returned = sent.read(resaved(sent, cut))
    assert set(messages(returned)) == {lines.PART_MISSING}
    assert returned.edited == ()


def test_a_column_whose_name_for_programs_was_taken_out_changes_no_answer(sent: Sent) -> None:
    sheet, _ = sent.place("iii.topics/a/demand")

    def wipe(book: Workbook) -> None:
        for row in book[sheet].iter_rows():
            if str(row[0].value).startswith("@columns"):
                for cell in row:
                    cell.value = None if cell.value == "demand" else cell.value

    content = resaved(sent, wipe, putting(sent, "iii.topics/a/available", 1))
    assert changes(sent.read(content))["iii.topics/a/available"][1] == (AnswerState.ANSWERED, 1)


# -- the sheets for programs ---------------------------------------------------------------------------------------


def recorded(step: Callable[[Any], None]) -> Callable[[Workbook], None]:
    return lambda book: step(book[sheet_marks.ANSWERS_SHEET])


def test_a_newer_form_is_refused_with_what_to_do(sent: Sent) -> None:
    for version in ("2", "one"):

        def newer(book: Workbook, version: str = version) -> None:
            for row in book[sheet_marks.META_SHEET].iter_rows():
                if row[0].value == "format":
                    row[1].value = version

        with pytest.raises(KnownError) as refused:
            read_returned(resaved(sent, newer), "returned.xlsx", sent.dossier.instrument)
        assert (refused.value.message, refused.value.values) == (NEWER, {"file": "returned.xlsx"})


def test_a_text_longer_than_a_cell_holds_is_recorded_in_parts_and_read_whole() -> None:
    signs = "𐍈" * 20_000
    answers = dated([say("i.plan", 2, who=NSO, note=signs), say("i.law", 1, who=NSO)])
    sent = Sent(small_dossier(answers=answers))
    assert sent.read().recorded == answers

    def turned(sheet: Any) -> None:
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        assert len(rows) == 3
        for number, values in enumerate(reversed(rows), start=2):
            for column, value in enumerate(values, start=1):
                sheet.cell(number, column).value = value

    assert sent.read(resaved(sent, recorded(turned))).recorded == answers


@pytest.mark.check
def test_recorded_lines_that_make_no_sense_are_as_good_as_none(sent: Sent) -> None:
    def twice(sheet: Any) -> None:
        sheet.append([cell.value for cell in sheet[2]])

    def nobodys(sheet: Any) -> None:
        sheet.append([None] * (len(sheet_marks.DATA_SHEETS[sheet_marks.ANSWERS_SHEET]) - 1) + [1])

    for step in (twice, nobodys):
        returned = sent.read(resaved(sent, recorded(step)))
        assert reader.RECORDED_MISSING in messages(returned)
        assert all(one.before.is_empty for one in returned.answers)


# -- libraries that fail -------------------------------------------------------------------------------------------


class Panic(BaseException):
    """Stands for what Rust code raises, which is no exception."""


Panic.__name__ = "PanicException"


@pytest.mark.check
@pytest.mark.parametrize("failure", [ValueError("no"), Panic()])
def test_what_the_fast_library_cannot_read_the_slow_one_reads(
    sent: Sent, failure: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = sent.edited({sent.place("ii.staff"): 15})
    expected = sent.read(content)

    class Broken:
        sheet_names = load_workbook(io.BytesIO(content)).sheetnames

        @classmethod
        def from_filelike(cls, _file: object) -> "Broken":
            return cls()

        def get_sheet_by_name(self, _name: str) -> None:
            raise failure

    monkeypatch.setattr(sheets, "CalamineWorkbook", Broken)
    assert sent.read(content) == expected

    def never(_file: object) -> None:
        raise failure

    monkeypatch.setattr(Broken, "from_filelike", never)
    assert sent.read(content) == expected


def test_whoever_stops_the_program_stops_it(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stopped:
        sheet_names = ("one",)

        @classmethod
        def from_filelike(cls, _file: object) -> "Stopped":
            raise KeyboardInterrupt

    monkeypatch.setattr(sheets, "CalamineWorkbook", Stopped)
    with pytest.raises(KeyboardInterrupt):
        sent.read()


@pytest.mark.parametrize("is_careful", [False, True])
def test_a_sheet_of_more_cells_than_any_of_ours_is_not_read(
    sent: Sent, monkeypatch: pytest.MonkeyPatch, *, is_careful: bool
) -> None:
    monkeypatch.setattr(sheets, "MOST_CELLS", 10)
    with pytest.raises(sheets.TooManyCellsError, match=sheet_marks.META_SHEET):
        read_returned(sent.content, "r.xlsx", sent.dossier.instrument, is_careful=is_careful)
