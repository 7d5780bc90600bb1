"""Questionnaires written as forms: errors told with their row, versions guarded, nothing lost when one is put here."""

from pathlib import Path

import pytest

from capacity_app import paths
from capacity_app.domain.problems import KnownError
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.i18n import catalogues
from capacity_app.i18n.translator import Translator
from capacity_app.questionnaires.library import find_instrument
from capacity_app.questionnaires.reader import folder_problems, read_instrument
from capacity_app.services.exchange import xlsforms
from capacity_app.services.exchange.questionnaire_install import (
    InstallState,
    ReadQuestionnaire,
    install_preview_data,
    install_questionnaire,
    preview_install,
)
from tests.questionnaires.xlsform import filling
from tests.questionnaires.xlsform.filling import LABEL, Spreadsheet

ENGLISH = Translator("en")


def template(file: Path, name: str = "farm-check", title: str = "Farm check", base: str = "") -> Path:
    xlsforms.write_form(xlsforms.template_form(name, title, supplement_of=base), file)
    return file


@pytest.fixture
def farms(tmp_path: Path) -> Spreadsheet:
    return filling.farms(template(tmp_path / "farms.xlsx"))


def told(reading: ReadQuestionnaire) -> list[str]:
    return [f"{problem.place}: {problem.text()}" for problem in reading.problems]


def read(sheet: Spreadsheet) -> ReadQuestionnaire:
    return xlsforms.read_form(sheet.save())


# -- templates -----------------------------------------------------------------------------------------------------


def test_a_template_is_a_questionnaire_with_every_kind_of_answer(tmp_path: Path) -> None:
    reading = xlsforms.read_form(template(tmp_path / "t.xlsx"))
    assert told(reading) == []
    assert reading.instrument is not None
    examples, problems = read_instrument(paths.resources_folder() / "questionnaire")
    assert problems == ()
    assert examples is not None
    assert {question.kind for question in examples.questions()} == set(AnswerKind)
    assert reading.instrument.sections == examples.sections
    assert reading.instrument.concepts == examples.concepts
    assert reading.instrument.contradictions == examples.contradictions
    assert (reading.instrument.id, reading.instrument.title) == ("farm-check", "Farm check")


def test_a_template_asks_nothing_that_only_phones_need(tmp_path: Path) -> None:
    sheet = Spreadsheet(template(tmp_path / "t.xlsx"))
    names = [str(row[1].value) for row in sheet.sheet("survey").iter_rows()]
    assert not [name for name in names if name.endswith(("STATE", "REASON")) or name.startswith(("SENDER", "CAPACITY"))]
    offered = [str(row[1].value) for row in sheet.sheet("choices").iter_rows()]
    assert "UNKNOWN" not in offered
    assert len(offered) < 30


def test_a_supplement_is_written_checked_and_put_among_those_of_the_person(tmp_path: Path) -> None:
    sheet = Spreadsheet(template(tmp_path / "own.xlsx", "xx-geo", "Questions of Georgia", "unsd-nmdc"))
    sheet.clear("survey", "choices", "capacity")
    sheet.add(
        "survey",
        {"type": "begin_group", "name": "xxGeo", LABEL: "Georgia", "capacity_kind": "section XX.GEO"},
        {"type": "select_one passes", "name": "xxGeo_passes", LABEL: "Are passes counted?"},
        {"type": "end_group"},
    )
    sheet.add("choices", {"list_name": "passes", "name": "all", LABEL: "All of them", "capacity_points": 1},
              {"list_name": "passes", "name": "none", LABEL: "None", "capacity_points": 0})  # fmt: skip
    rule = '{ all = [{ question = "xx-geo.passes", is = "all" }, { question = "ii.lead", is = "x" }] }'
    sheet.add(
        "capacity", {"kind": "contradiction", "id": "odd", LABEL: "Odd.", "when": rule.replace("ii.lead", "i.no")}
    )
    assert "There is no question “i.no”" in " ".join(told(read(sheet)))
    sheet.clear("capacity")
    reading = read(sheet)
    assert told(reading) == []
    assert preview_install(reading).state is InstallState.NEW
    target = install_questionnaire(reading)
    made, problems = read_instrument(paths.instruments_folder() / "unsd-nmdc", [target / "xx-geo.toml"])
    assert problems == ()
    assert made == reading.instrument
    assert made is not None
    assert made.supplements == ("XX.GEO",)
    assert [one.id for one in made.sections[-1].questions] == ["xx-geo.passes"]


@pytest.mark.parametrize(
    ("name", "base", "sentence"),
    [
        ("Farm Check", "", "cannot be an id"),
        ("geo", "unsd-nmdc", "begins with xx-"),
        ("xx-geo", "nobody", "no questionnaire"),
    ],
)
def test_a_template_that_could_not_be_used_is_refused(tmp_path: Path, name: str, base: str, sentence: str) -> None:
    with pytest.raises(KnownError, match=sentence):
        template(tmp_path / "x.xlsx", name, "X", base)
    assert not (tmp_path / "x.xlsx").exists()


def test_a_form_that_names_a_folder_as_its_questionnaire_is_refused(tmp_path: Path) -> None:
    sheet = Spreadsheet(template(tmp_path / "own.xlsx", "xx-geo", "Georgia", "unsd-nmdc"))
    sheet.put("settings", 2, "capacity_supplement_of", str(paths.instruments_folder() / "unsd-nmdc"))
    with pytest.raises(KnownError, match="cannot be an id"):
        read(sheet)


# -- errors --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sheet_name", "wanted", "heading", "value", "sentence"),
    [
        (
            "survey",
            "f_register",
            "capacity_kind",
            "levl",
            "“levl” is not a known value of “type”. Did you mean",
        ),
        ("survey", "f_register", "capacity_weight", "much", "“weight” must be a number from 0 to 1000"),
        ("survey", "f_register", "capacity_importance", "7", "“importance” must be a whole number from 1"),
        ("survey", "f_use", "capacity_scored", "perhaps", "“scored” must be true or false"),
        ("survey", "f_use", "capacity_show_if", "r >= 1", "The program cannot read this condition: r >= 1"),
        ("choices", "Samples", "capacity_points", "2", "“points” "),
        ("choices", "A list.", "label::English (en)", "None.", "“anchors” needs 2 to 7 different sentences"),
    ],
)
def test_an_error_is_told_with_the_row_of_its_question(
    farms: Spreadsheet, sheet_name: str, wanted: str, heading: str, value: str, sentence: str
) -> None:
    farms.put(sheet_name, wanted, heading, value)
    reading = read(farms)
    (line,) = [one for one in told(reading) if sentence in one]
    question = wanted if sheet_name == "survey" else {"Samples": "f_use"}.get(wanted, "f_register")
    assert line.startswith(f"survey, row {farms.row_of('survey', question)}, {question}")
    assert reading.has_errors
    first = install_preview_data(reading, preview_install(reading), ENGLISH)["problems"]
    assert isinstance(first, list)
    assert (first[0]["sheet"], first[0]["row"]) == ("survey", farms.row_of("survey", question))
    with pytest.raises(KnownError, match="has errors"):
        install_questionnaire(reading)


def test_a_row_of_the_sheet_of_ours_that_nobody_knows_is_told(farms: Spreadsheet) -> None:
    farms.add("capacity", {"kind": "concpt", "id": "farm", LABEL: "Farm"})
    assert told(read(farms)) == [
        "capacity, row 2: The program does not know the kind “concpt” on the sheet “capacity”, so the row was left out."
    ]


# -- versions ------------------------------------------------------------------------------------------------------


def test_a_new_questionnaire_is_put_among_those_of_this_computer(farms: Spreadsheet) -> None:
    reading = read(farms)
    assert told(reading) == []
    assert preview_install(reading).state is InstallState.NEW
    target = install_questionnaire(reading)
    assert target == paths.user_instruments_folder() / "farm-check"
    assert folder_problems(target) == ()
    assert read_instrument(target)[0] == reading.instrument
    assert [one.name for one in target.parent.iterdir()] == ["farm-check"]
    assert preview_install(reading).state is InstallState.SAME


def test_another_content_under_the_same_version_is_refused_and_a_new_version_keeps_the_old_one(
    farms: Spreadsheet,
) -> None:
    target = install_questionnaire(read(farms))
    farms.put("survey", "f_use", LABEL, "What do you do with it?")
    (target / "migrations").mkdir()
    (target / "migrations" / "note.txt").write_text("kept", "utf-8")
    reading = read(farms)
    found = preview_install(reading)
    assert (found.state, found.reworded) == (InstallState.REFUSED, ("f.use",))
    assert "such as 1.1" in found.sentences(ENGLISH)[-1]
    before = (target / "instrument.toml").read_bytes()
    with pytest.raises(KnownError, match="is here already"):
        install_questionnaire(reading)
    assert (target / "instrument.toml").read_bytes() == before
    farms.put("settings", 2, "version", "1.1")
    assert preview_install(read(farms)).state is InstallState.NEWER
    install_questionnaire(read(farms))
    assert find_instrument("farm-check", [target.parent]).version == "1.1"
    assert find_instrument(target.with_name("farm-check-1.0"), []).version == "1.0"
    assert (target / "migrations" / "note.txt").read_text("utf-8") == "kept"
    farms.put("settings", 2, "version", "1.0.5")
    assert "is older" in preview_install(read(farms)).sentences(ENGLISH)[-1]


@pytest.mark.check
def test_the_toolkit_of_the_program_cannot_be_replaced_under_its_version(tmp_path: Path) -> None:
    file = tmp_path / "n.xlsx"
    toolkit = xlsforms.read_questionnaire("un-fpos", ())
    xlsforms.write_form(xlsforms.make_form(toolkit, ()), file)
    sheet = Spreadsheet(file)
    assert preview_install(read(sheet)).state is InstallState.SAME
    question = next(one for one in toolkit.questions() if one.kind is AnswerKind.LEVEL)
    sheet.put("survey", f"{question.number} {question.text}", LABEL, "Something else?")
    assert preview_install(read(sheet)).state is InstallState.REFUSED


def test_a_folder_that_holds_other_things_is_left_alone(farms: Spreadsheet, tmp_path: Path) -> None:
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / "letter.txt").write_text("x", "utf-8")
    assert preview_install(read(farms), folder).state is InstallState.REFUSED
    with pytest.raises(KnownError, match="other things"):
        install_questionnaire(read(farms), folder)
    assert install_questionnaire(read(farms), tmp_path / "new") == tmp_path / "new"
    assert [one.name for one in folder.iterdir()] == ["letter.txt"]


# -- languages -----------------------------------------------------------------------------------------------------


def test_a_language_is_added_as_a_column_and_comes_back(farms: Spreadsheet, tmp_path: Path) -> None:
    farms.put("survey", "f_use", "label::Français (fr)", "À quoi sert-il ?")
    reading = read(farms)
    assert not reading.has_errors
    install_questionnaire(reading)
    assert Translator("fr").wording("farm-check", "f.use|text", "What is it used for?") == "À quoi sert-il ?"
    assert Translator("fr").standing("farm-check", "1.0") is catalogues.ReviewStatus.UNREVIEWED
    again = tmp_path / "again.xlsx"
    xlsforms.write_form(xlsforms.make_form(xlsforms.read_questionnaire("farm-check", ())), again)
    back = xlsforms.read_form(again)
    assert back.instrument == reading.instrument
    assert back.wordings[0].entries == reading.wordings[0].entries


@pytest.mark.parametrize("cell", ["1979-05-27", "inf", "{" * 9_000, "[" * 400 + "]" * 400, "{ a = 1 }\nb = 2", "1.5"])
def test_a_condition_that_is_none_is_told(farms: Spreadsheet, cell: str) -> None:
    farms.put("survey", "f_use", "capacity_show_if", cell)
    farms.add("capacity", {"kind": "contradiction", "id": "odd", LABEL: "Odd.", "when": cell})
    reading = read(farms)
    assert reading.has_errors
    assert "f_use" in " ".join(told(reading))


def test_numbers_of_any_length_end_in_a_sentence(farms: Spreadsheet) -> None:
    farms.put("survey", "f_use", "capacity_importance", "9" * 9_000)
    farms.put("survey", "f_register", "capacity_kind", "agency many " + "9" * 9_000)
    assert read(farms).has_errors
