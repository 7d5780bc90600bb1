"""Forms that others wrote for ODK and KoboToolbox become instruments, and what does not fit is told with its row."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capacity_app.domain.answers import Address
from capacity_app.domain.conditions import Condition, Op
from capacity_app.domain.instrument import Instrument, Kind
from capacity_app.domain.problems import Severity
from capacity_app.instruments.xlsform.importing import Imported, instrument_of
from capacity_app.instruments.xlsform.sheets import read_sheets, sheets_of
from tests.instruments.xlsform import forms
from tests.instruments.xlsform.holding import read_back


def read(text: str, folder: Path) -> tuple[Instrument, Imported]:
    return read_back(forms.workbook_of(text), folder / "made")


def told(imported: Imported) -> set[tuple[str, str]]:
    return {(one.code.removeprefix("xlsform."), one.place) for one in imported.problems}


def _is(question: str, *values: str) -> Condition:
    return Condition(op=Op.IS, address=Address(question), values=values)


def test_a_household_survey_of_kobotoolbox(tmp_path: Path) -> None:
    instrument, imported = read(forms.KOBO_HOUSEHOLD, tmp_path)
    assert (instrument.id, instrument.version, instrument.title) == ("hh2024", "3", "Household survey")
    (section,) = instrument.sections
    assert (section.id, section.title) == ("household", "Household")
    name, size, migrated, why = section.questions
    assert (name.id, name.kind, name.guidance) == ("household.head_name", Kind.TEXT, "Full name")
    assert (size.id, size.minimum, size.maximum) == ("household.hh_size", 1, 30)
    assert (migrated.kind, migrated.scored) == (Kind.YES_NO, False)
    assert [(one.id, one.exclusive) for one in why.options] == [
        ("work", False), ("family", False), ("0", True)
    ]  # fmt: skip
    assert why.show_if == _is("household.migrated", "yes")
    assert imported.wordings["fr"]["household.hh_size|text"] == "Combien vivent ici ?"
    assert imported.wordings["fr"]["household.why|option work"] == "Travail"
    assert told(imported) >= {
        ("kind", "survey, row 10, gps"), ("metadata", "survey, row 2, start"), ("note", "survey, household"),
        ("required", "form.xlsx"), ("scoring", "form.xlsx"),
    }  # fmt: skip
    assert not any(question.is_scored for question in instrument.questions())


def test_spaces_old_aliases_and_groups_in_groups(tmp_path: Path) -> None:
    instrument, imported = read(forms.ODK_SPACES, tmp_path)
    has_it, started, last, tag, remarks = instrument.questions()
    assert (has_it.kind, has_it.guidance) == (Kind.CHOICE, "Ask to see it")
    assert (started.heading, last.heading) == ("Details of the register", "")
    assert started.show_if == Condition(op=Op.ALL, parts=(
        _is("office.has_it", "y"), Condition(op=Op.NOT, parts=(_is("office.has_it", "n"),)),
    ))  # fmt: skip
    assert last.show_if == _is("office.has_it", "y")
    assert (last.kind, tag.kind, remarks.kind) == (Kind.DATE, Kind.TEXT, Kind.TEXT)
    codes = {code for code, _ in told(imported)}
    assert codes == {"language", "media", "computed", "text", "scoring"}


def test_other_filters_ranks_and_lists_in_files(tmp_path: Path) -> None:
    instrument, imported = read(forms.OTHER_AND_FILTER, tmp_path)
    found = {question.id.partition(".")[2]: question for question in instrument.questions()}
    assert [one.id for one in found["district"].options] == ["d1", "d2", "other"]
    assert found["district_other"].show_if == _is("questions.district", "other")
    assert [one.id for one in found["town"].options] == ["t1", "t2"]
    assert (found["order"].kind, found["person"].kind, found["income"].kind) == (Kind.CHECKLIST, Kind.TEXT, Kind.TEXT)
    assert told(imported) >= {
        ("filter", "survey, row 4, town"), ("default", "survey, row 4, town"), ("rank", "survey, row 5, order"),
        ("file", "survey, row 6, person"), ("text", "survey, row 7, income"),
    }  # fmt: skip


def test_repeats_become_tables_with_lines_to_fill(tmp_path: Path) -> None:
    instrument, imported = read(forms.REPEATS, tmp_path)
    members, total = instrument.questions()
    assert members.kind is Kind.GRID
    assert [(one.id, one.kind) for one in members.columns] == [
        ("name", Kind.TEXT), ("age", Kind.INTEGER), ("sex", Kind.CHOICE)
    ]  # fmt: skip
    assert (members.key_column, len(members.rows), members.rows[0].spare) == ("name", 10, True)
    assert total.kind is Kind.INTEGER
    assert told(imported) >= {
        ("repeat", "survey, row 2, members"), ("condition", "survey, row 5, sex"), ("nested", "survey, row 6, jobs"),
    }  # fmt: skip


def test_a_language_named_without_its_code_is_known(tmp_path: Path) -> None:
    text = forms.ONE_LANGUAGE_FRENCH.replace("text | | Sans nom |", "text | q2 | Avec nom |")
    instrument, _ = read(text, tmp_path)
    first, _second = instrument.questions()
    assert (instrument.language, first.text, first.kind) == ("fr", "Y a-t-il un registre ?", Kind.YES_NO)


def test_missing_labels_are_told_and_nothing_is_lost(tmp_path: Path) -> None:
    instrument, imported = read(forms.MISSING_LABELS, tmp_path)
    assert [question.text for question in instrument.questions()] == ["q1", "Which?", "At what time?"]
    assert [one.label for one in instrument.question_by_id["questions.q2"].options] == ["1", "Two"]
    assert told(imported) >= {
        ("label", "survey, row 2, q1"), ("kind", "survey, row 4, photo"), ("kind", "survey, row 5, ok"),
        ("text", "survey, row 6, when"),
    }  # fmt: skip


@pytest.mark.parametrize(("text", "said"), [(forms.MISSING_LABELS, "q1")])
def test_what_no_phone_would_take_is_read_with_a_warning(text: str, said: str) -> None:
    sheets = read_sheets(forms.workbook_of(text), "form.xlsx")
    assert instrument_of(sheets, "", "form.xlsx") is not None
    (problem,) = sheets.problems
    assert said in problem.text()
    assert problem.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (forms.UNCLOSED, "g"),
        (forms.BAD_REFERENCE, "nobody"),
        (forms.SAME_NAMES, "row : 3"),
        (forms.NO_LIST, "choices sheet"),
        (forms.ONE_LANGUAGE_FRENCH, "row : 3"),
        (forms.NO_SURVEY, "survey"),
    ],
)
def test_a_form_against_the_rules_is_refused_with_the_words_of_pyxform(text: str, said: str) -> None:
    sheets = read_sheets(forms.workbook_of(text), "form.xlsx")
    assert instrument_of(sheets, "", "form.xlsx") is None
    (problem,) = sheets.problems
    assert said in problem.text()


CELLS = st.sampled_from(["", "text", "select_one a", "begin_group", "end_group", "begin_repeat", "end_repeat", "a", "b",
                         "${a} = 'x'", "note", "integer", "0", "=1+1", "\u202eevil", "yes"])  # fmt: skip


@pytest.mark.long
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.lists(CELLS, min_size=5, max_size=5), max_size=8))
def test_no_rows_at_all_make_reading_stumble(rows: list[list[str]]) -> None:
    headings = ("type", "name", "label", "relevant", "constraint")
    survey = [{k: v for k, v in zip(headings, row, strict=True) if v} for row in rows]
    choices = [{"list_name": "a", "name": "x", "label": "X"}]
    sheets = sheets_of({"survey": survey, "choices": choices}, "form.xlsx")
    imported = instrument_of(sheets, "", "form.xlsx")
    assert imported is not None or sheets.problems
