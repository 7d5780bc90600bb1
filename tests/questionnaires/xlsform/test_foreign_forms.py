"""Forms that others wrote for ODK and KoboToolbox become instruments, and what does not fit is told with its row."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.problems import ProblemSeverity
from capacity_app.domain.questionnaire.conditions import Condition, ConditionOperator
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.questionnaires.library import LibraryEntry
from capacity_app.questionnaires.xlsform.importer import ImportedForm, import_form
from capacity_app.questionnaires.xlsform.sheet_reader import parse_sheets, read_sheets
from tests.questionnaires.xlsform import forms
from tests.questionnaires.xlsform.holding import read_back


def read(text: str, folder: Path) -> tuple[Instrument, ImportedForm]:
    return read_back(forms.workbook_of(text), folder / "made")


def told(imported: ImportedForm) -> set[tuple[str, str]]:
    return {(one.code.removeprefix("xlsform."), one.place) for one in imported.problems}


def _is(question: str, *values: str) -> Condition:
    return Condition(op=ConditionOperator.IS, address=Address(question), values=values)


def test_a_household_survey_of_kobotoolbox(tmp_path: Path) -> None:
    instrument, imported = read(forms.KOBO_HOUSEHOLD, tmp_path)
    assert (instrument.id, instrument.version, instrument.title) == ("hh2024", "3", "Household survey")
    (section,) = instrument.sections
    assert (section.id, section.title) == ("household", "Household")
    name, size, migrated, why = section.questions
    assert (name.id, name.kind, name.definition) == ("household.head_name", AnswerKind.TEXT, "Full name")
    assert (size.id, size.minimum, size.maximum) == ("household.hh_size", 1, 30)
    assert (migrated.kind, migrated.scored) == (AnswerKind.YES_NO, False)
    assert [(one.id, one.exclusive) for one in why.options] == [
        ("work", False), ("family", False), ("0", True)
    ]  # fmt: skip
    assert why.show_if == _is("household.migrated", "yes")
    assert imported.wordings["fr"]["household.hh_size|text"] == "Combien vivent ici ?"
    assert imported.wordings["fr"]["household.why|option work"] == "Travail"
    assert told(imported) >= {
        ("kind", "survey, row 10, gps"), ("metadata", "survey, row 2, start"), ("note", "survey, row 9, thanks"),
        ("required", "form.xlsx"), ("scoring", "form.xlsx"),
    }  # fmt: skip
    assert not any(question.is_scored for question in instrument.questions())


def test_spaces_old_aliases_and_groups_in_groups(tmp_path: Path) -> None:
    instrument, imported = read(forms.ODK_SPACES, tmp_path)
    has_it, started, last, tag, remarks = instrument.questions()
    assert (has_it.kind, has_it.definition) == (AnswerKind.CHOICE, "Ask to see it")
    assert (started.heading, last.heading) == ("Details of the register", "")
    assert started.show_if == Condition(op=ConditionOperator.ALL, parts=(
        _is("office.has_it", "y"), Condition(op=ConditionOperator.NOT, parts=(_is("office.has_it", "n"),)),
    ))  # fmt: skip
    assert last.show_if == _is("office.has_it", "y")
    assert (last.kind, tag.kind, remarks.kind) == (AnswerKind.DATE, AnswerKind.TEXT, AnswerKind.TEXT)
    codes = {code for code, _ in told(imported)}
    assert codes == {"language", "media", "computed", "text", "scoring"}


def test_other_filters_ranks_and_lists_in_files(tmp_path: Path) -> None:
    instrument, imported = read(forms.OTHER_AND_FILTER, tmp_path)
    found = {question.id.partition(".")[2]: question for question in instrument.questions()}
    assert [one.id for one in found["district"].options] == ["d1", "d2", "other"]
    assert found["district_other"].show_if == _is("questions.district", "other")
    assert [one.id for one in found["town"].options] == ["t1", "t2"]
    assert (found["order"].kind, found["person"].kind, found["income"].kind) == (
        AnswerKind.CHECKLIST,
        AnswerKind.TEXT,
        AnswerKind.TEXT,
    )
    assert told(imported) >= {
        ("filter", "survey, row 4, town"), ("default", "survey, row 4, town"), ("rank", "survey, row 5, order"),
        ("file", "survey, row 6, person"), ("text", "survey, row 7, income"),
    }  # fmt: skip


def test_repeats_become_tables_with_lines_to_fill(tmp_path: Path) -> None:
    instrument, imported = read(forms.REPEATS, tmp_path)
    members, total = instrument.questions()
    assert members.kind is AnswerKind.GRID
    assert [(one.id, one.kind) for one in members.columns] == [
        ("name", AnswerKind.TEXT), ("age", AnswerKind.INTEGER), ("sex", AnswerKind.CHOICE)
    ]  # fmt: skip
    assert (members.key_column, len(members.rows), members.rows[0].spare) == ("name", 10, True)
    assert total.kind is AnswerKind.INTEGER
    assert told(imported) >= {
        ("repeat", "survey, row 2, members"), ("condition", "survey, row 5, sex"), ("nested", "survey, row 6, jobs"),
    }  # fmt: skip


def test_a_language_named_without_its_code_is_known(tmp_path: Path) -> None:
    text = forms.ONE_LANGUAGE_FRENCH.replace("text | | Sans nom |", "text | q2 | Avec nom |")
    instrument, _ = read(text, tmp_path)
    first, _second = instrument.questions()
    assert (instrument.language, first.text, first.kind) == ("fr", "Y a-t-il un registre ?", AnswerKind.YES_NO)


def test_missing_labels_are_told_and_nothing_is_lost(tmp_path: Path) -> None:
    instrument, imported = read(forms.MISSING_LABELS, tmp_path)
    assert [question.text for question in instrument.questions()] == ["q1", "Which?", "At what time?"]
    assert [one.label for one in instrument.question_by_id["questions.q2"].options] == ["1", "Two"]
    assert told(imported) >= {
        ("label", "survey, row 2, q1"), ("kind", "survey, row 4, photo"), ("kind", "survey, row 5, ok"),
        ("text", "survey, row 6, when"),
    }  # fmt: skip


def test_notes_consent_and_labels_are_kept_and_every_loss_is_told_with_its_row(tmp_path: Path) -> None:
    instrument, imported = read(forms.NOTES, tmp_path)
    (section,) = instrument.sections
    age, job = section.questions
    assert (section.number, section.introduction.split("\n")) == (
        "1",
        ["Welcome to the survey.", "Consent", "Read this out loud.", "For adults only.", "Ask the head.", "Be polite."],
    )
    assert imported.wordings["fr"]["main|introduction"] == "Bienvenue.\nAccord\nDemandez au chef."
    assert (job.heading, job.definition) == ("The office", "About ${age} and work.\nInside the office.")
    assert job.show_if == Condition(op=ConditionOperator.AT_LEAST, address=Address(age.id), number=18)
    assert told(imported) == {
        ("note-condition", "survey, row 5, adults"), ("quoting", "survey, row 10, about_work"),
        ("kind", "survey, row 16, gps"), ("label", "survey, row 15, map"), ("note", "survey, row 18, thanks"),
        ("scoring", "form.xlsx"),
    }  # fmt: skip


def test_notes_labels_and_conditions_inside_a_repeat_are_kept_or_told(tmp_path: Path) -> None:
    instrument, imported = read(forms.REPEAT_NOTES, tmp_path)
    job, age = instrument.question_by_id["questions.hh"].columns
    assert (job.definition, age.definition) == ("Ask the head first.\nAdults only", "")
    assert told(imported) >= {
        ("note-condition", "survey, row 4, head"), ("condition", "survey, row 5, adult"),
        ("note", "survey, row 7, after"), ("messages", "form.xlsx"),
    }  # fmt: skip


def test_choices_in_random_order_and_on_a_sheet_of_their_own_are_kept(tmp_path: Path) -> None:
    instrument, imported = read(forms.CHOICES_ELSEWHERE, tmp_path)
    assert [(one.kind, [option.label for option in one.options]) for one in instrument.questions()] == [
        (AnswerKind.CHOICE, ["North", "South"]),
        (AnswerKind.CHECKLIST, ["North", "South"]),
        (AnswerKind.CHOICE, ["Alpha", "Beta"]),
    ]
    assert told(imported) >= {
        ("randomize", "survey, row 2, region"), ("randomize", "survey, row 3, regions"),
        ("filter", "survey, row 4, town"),
    }  # fmt: skip
    assert "file" not in {code for code, _ in told(imported)}


def test_sheets_that_are_no_part_of_a_form_are_left_alone_and_named(tmp_path: Path) -> None:
    text = f"{forms.KOBO_HOUSEHOLD}\n--- Sheet2\n--- changelog\nwhen | what\n2024 | x\n--- setting\na\nb"
    sheets = read_sheets(forms.workbook_of(text), "form.xlsx")
    (problem,) = sheets.problems
    assert problem.severity is ProblemSeverity.WARNING
    assert "Sheet2, changelog, setting" in problem.text()
    instrument, _ = read(text, tmp_path)
    assert len(instrument.question_by_id) == 4


def test_where_pyxform_stumbles_nobody_reads_an_error_of_python() -> None:
    lines = [{"type": "text", "name": "a", "label": "A"}]
    sheets = parse_sheets({"survey": lines, "no such sheet": [{"a": "b"}]}, "form.xlsx")
    assert sheets.tree is None or sheets.problems
    (problem,) = sheets.problems
    assert "__init__" not in problem.text()
    assert "pyxform" in problem.text()


@pytest.mark.parametrize(
    ("said", "known", "expected"),
    [
        ("3", (), ("3", "hh2024")),
        ("v1.2", (), ("1.2", "hh2024")),
        ("", (), ("1.0", "hh2024")),
        ("vR4xAb", (), ("1.0", "hh2024, vR4xAb")),
        ("2024031502", (), ("1.0", "hh2024, 2024031502")),
        ("vB2", (("1.0", "hh2024, vR4xAb"),), ("1.1", "hh2024, vB2")),
        ("vA", (("1.9", "hh2024, vZ"), ("1.10", "hh2024, vY")), ("1.11", "hh2024, vA")),
        ("vR4xAb", (("1.0", "hh2024, vR4xAb"), ("1.1", "hh2024, vB2")), ("1.0", "hh2024, vR4xAb")),
    ],
)
def test_versions_that_are_no_numbers_are_kept_and_counted(
    said: str, known: tuple[tuple[str, str], ...], expected: tuple[str, str]
) -> None:
    text = forms.KOBO_HOUSEHOLD.replace("hh2024 | 3 |", f"hh2024 | {said} |")
    entries = [
        LibraryEntry(
            id="hh2024",
            title="",
            version=version,
            edition=edition,
            language="en",
            folder=Path(),
            supplements=(),
            problems=(),
        )
        for version, edition in known
    ]
    imported = import_form(read_sheets(forms.workbook_of(text), "form.xlsx"), "", "form.xlsx", entries)
    assert imported is not None
    head = tomllib.loads(imported.files["instrument.toml"])["instrument"]
    assert (head["version"], head["edition"]) == expected


@pytest.mark.parametrize(("text", "said"), [(forms.MISSING_LABELS, "q1")])
def test_what_no_phone_would_take_is_read_with_a_warning(text: str, said: str) -> None:
    sheets = read_sheets(forms.workbook_of(text), "form.xlsx")
    assert import_form(sheets, "", "form.xlsx") is not None
    (problem,) = sheets.problems
    assert said in problem.text()
    assert problem.severity is ProblemSeverity.WARNING


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
    assert import_form(sheets, "", "form.xlsx") is None
    problem = sheets.problems[0]
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
    sheets = parse_sheets({"survey": survey, "choices": choices}, "form.xlsx")
    imported = import_form(sheets, "", "form.xlsx")
    assert imported is not None or sheets.problems
