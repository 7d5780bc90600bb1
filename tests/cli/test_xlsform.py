"""``instrument new``, ``xlsform`` and ``from-xlsform``, and answers brought back, as people and programs use them."""

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from capacity_app import paths
from capacity_app.cli.commands import main
from capacity_app.domain.assessment.answers import Address, AnswerKey
from capacity_app.questionnaires.xlsform.sheet_reader import read_sheets
from tests.builders import file_of, open_session
from tests.questionnaires.xlsform import forms
from tests.questionnaires.xlsform.filling import Spreadsheet
from tests.services.test_submissions import CENTRAL, csv_of, zip_of

Output = pytest.CaptureFixture[str]
NSO, MOI = "agency-nso", "agency-moi"


def asked(output: Output, *arguments: object, code: int = 0) -> str:
    assert main([*map(str, arguments)]) == code, output.readouterr()
    told = output.readouterr()
    return told.out + told.err


def as_data(output: Output, *arguments: object, code: int = 0) -> Any:
    return json.loads(asked(output, *arguments, "--json", code=code))


def said(assessment: Path, where: str, who: str = NSO) -> Any:
    with open_session(assessment, read_only=True) as session:
        return session.content(AnswerKey(Address.parse(where), respondent=who)).value


@pytest.mark.check
def test_the_toolkit_becomes_a_form_in_the_languages_asked_for(tmp_path: Path, capsys: Output) -> None:
    out = tmp_path / "form.xlsx"
    told = asked(capsys, "instrument", "xlsform", "unsd-nmdc", out, "--language", "fr", "--supplement", "LB")
    assert told.endswith(f"Wrote {out}.\n")
    assert "The form does not know the agencies and sources of a country, so their names are typed there." in told
    assert read_sheets(out.read_bytes(), out.name).languages == ("English (en)", "Français (fr)")


def test_a_form_of_an_assessment_offers_its_agencies(tmp_path: Path, capsys: Output) -> None:
    out = tmp_path / "form.xlsx"
    found = as_data(capsys, "instrument", "xlsform", "test", out, "--from", file_of(tmp_path))
    assert found["file"] == str(out)
    assert found["problems"] == []
    names = [line.get("name") for line in read_sheets(out.read_bytes(), out.name).cells.choices]
    assert NSO in names


def test_a_wrong_ending_or_language_is_refused(tmp_path: Path, capsys: Output) -> None:
    assert "must end in .xlsx" in asked(capsys, "instrument", "xlsform", "unsd-nmdc", tmp_path / "f.csv", code=1)
    wrong = asked(capsys, "instrument", "xlsform", "unsd-nmdc", tmp_path / "f.xlsx", "--language", "tlh", code=1)
    assert wrong.startswith("The questions are not worded in “tlh”")


def test_from_a_template_to_an_assessment(tmp_path: Path, capsys: Output) -> None:
    file = tmp_path / "farms.xlsx"
    assert "Wrote" in asked(capsys, "instrument", "new", "farm-check", file, "--title", "Farm check")
    told = asked(capsys, "instrument", "from-xlsform", file)
    assert "Farm check, version 1.0. Questions: 16. Parts: 1." in told
    assert "It is not on this computer yet." in told
    assert "add --yes" in told
    assert not paths.user_instruments_folder().exists()
    assert "Wrote" in asked(capsys, "instrument", "from-xlsform", file, "--yes")
    assert "farm-check" in asked(capsys, "instrument", "list")
    made = tmp_path / "a.assessment"
    asked(capsys, "new", made, "--instrument", "farm-check", "--country", "GEO", "--round", "2026")


def test_errors_are_listed_and_nothing_is_written(tmp_path: Path, capsys: Output) -> None:
    file = tmp_path / "farms.xlsx"
    asked(capsys, "instrument", "new", "farm-check", file, "--title", "Farm check")
    sheet = Spreadsheet(file)
    row = sheet.row_of("survey", "example_users")
    sheet.put("survey", row, "capacity_kind", "levl")
    sheet.save()
    told = asked(capsys, "instrument", "from-xlsform", file, tmp_path / "out", "--yes", code=1)
    assert f"survey, row {row}, example_users: “levl” is not a known value" in told
    assert "Nothing was written" in told
    assert not (tmp_path / "out").exists()
    first = as_data(capsys, "instrument", "from-xlsform", file, code=1)["problems"][0]
    assert (first["sheet"], first["row"], first["column"], first["severity"]) == (
        "survey", row, "example_users", "error",
    )  # fmt: skip


@pytest.mark.check
def test_the_toolkit_goes_out_and_comes_back_unchanged(tmp_path: Path, capsys: Output) -> None:
    file = tmp_path / "n.xlsx"
    asked(capsys, "instrument", "xlsform", "un-fpos", file)
    assert "Its questions are those that are here already." in asked(capsys, "instrument", "from-xlsform", file)


def test_a_supplement_of_ones_own(tmp_path: Path, capsys: Output) -> None:
    file, own = tmp_path / "own.xlsx", tmp_path / "own"
    asked(capsys, "instrument", "new", "xx-geo", file, "--title", "Georgia", "--supplement-of", "unsd-nmdc")
    assert "Wrote" in asked(capsys, "instrument", "from-xlsform", file, own, "--yes")
    made = tmp_path / "a.assessment"
    asked(capsys, "new", made, "--country", "GEO", "--round", "2026", "--supplement", own / "xx-geo.toml")


def test_a_form_becomes_an_instrument_with_its_languages_once_that_is_agreed_to(tmp_path: Path, capsys: Output) -> None:
    file = tmp_path / "household.xlsx"
    file.write_bytes(forms.workbook_of(forms.KOBO_HOUSEHOLD))
    told = asked(capsys, "instrument", "from-xlsform", file)
    assert "survey, row 10, gps: Answers of the kind “geopoint” cannot be kept here" in told
    assert "so the question was left out: Where is it?" in told
    assert "Household survey, version 3. Questions: 4. Parts: 1." in told
    assert "add --yes" in told
    assert not paths.user_instruments_folder().exists()
    found = as_data(capsys, "instrument", "from-xlsform", file, "--yes", "--id", "households")
    assert (found["id"], found["written"], found["state"]) == ("households", True, "new")
    assert (paths.user_instruments_folder() / "households" / "fr.po").is_file()
    assert "no errors" in asked(capsys, "instrument", "check", paths.user_instruments_folder() / "households")


@pytest.mark.check
def test_the_next_version_of_a_form_of_kobotoolbox_follows_the_one_that_is_here(
    tmp_path: Path, capsys: Output, caplog: pytest.LogCaptureFixture
) -> None:
    file, assessment = tmp_path / "household.xlsx", tmp_path / "a.assessment"
    text = forms.KOBO_HOUSEHOLD.replace("hh2024 | 3 |", "hh2024 | vR4xAb |")
    file.write_bytes(forms.workbook_of(text))
    assert as_data(capsys, "instrument", "from-xlsform", file, "--yes")["version"] == "1.0"
    assert as_data(capsys, "instrument", "from-xlsform", file, "--yes")["state"] == "same"
    asked(capsys, "new", assessment, "--country", "GEO", "--round", "2018", "--instrument", "hh2024")
    file.write_bytes(forms.workbook_of(text.replace("vR4xAb", "vB2").replace("Nom du chef", "Nom")))
    found = as_data(capsys, "instrument", "from-xlsform", file, "--yes")
    assert (found["version"], found["state"]) == ("1.1", "newer")
    asked(capsys, "migrate", assessment, tmp_path / "b.assessment")
    with open_session(tmp_path / "b.assessment", read_only=True) as session:
        assert (session.instrument.version, session.instrument.edition) == ("1.1", "hh2024, vB2")
    assert not [record for record in caplog.records if "cannot be read" in record.getMessage()]


def test_a_form_without_a_question_is_refused_in_words_about_the_form(tmp_path: Path, capsys: Output) -> None:
    file = tmp_path / "form.xlsx"
    file.write_bytes(forms.workbook_of(forms.NOTHING_TO_ASK))
    told = asked(capsys, "instrument", "from-xlsform", file, "--yes", code=1)
    assert "The form has no question that this program can ask. Nothing was imported." in told
    assert "survey, row 3, gps: Answers of the kind “geopoint” cannot be kept here" in told
    assert "survey, row 2, hello: This note has no question after it and was left out: Hello." in told
    assert "toml" not in told


def test_what_openpyxl_thinks_of_a_form_is_not_printed(tmp_path: Path, capsys: Output) -> None:
    file = tmp_path / "form.xlsx"
    with (
        zipfile.ZipFile(io.BytesIO(forms.workbook_of(forms.KOBO_HOUSEHOLD))) as book,
        zipfile.ZipFile(file, "w") as out,
    ):
        for name in book.namelist():
            text = book.read(name)
            out.writestr(name, re.sub(rb"<cellStyles.*?</cellStyles>", b"", text) if "styles" in name else text)
    with pytest.warns(UserWarning, match="default style"):
        load_workbook(file, read_only=True)
    assert "default style" not in asked(capsys, "instrument", "from-xlsform", file)


def test_a_damaged_form_and_a_file_that_is_none_are_told_in_a_sentence(tmp_path: Path, capsys: Output) -> None:
    file = tmp_path / "form.xlsx"
    file.write_bytes(forms.workbook_of(forms.UNCLOSED))
    assert "Nothing was written" in asked(capsys, "instrument", "from-xlsform", file, "--yes", code=1)
    file.write_bytes(forms.workbook_of(forms.KOBO_HOUSEHOLD)[:900])
    assert "damaged" in asked(capsys, "instrument", "from-xlsform", file, code=1)
    file.write_bytes(b"type,name\ntext,a\n")
    assert asked(capsys, "instrument", "from-xlsform", file, code=1).startswith("“form.xlsx”")
    assert "cannot be an id" in asked(capsys, "instrument", "from-xlsform", file, "--id", "A B", code=1)


@pytest.mark.check
def test_collected_answers_are_shown_taken_in_kept_and_taken_back(tmp_path: Path, capsys: Output) -> None:
    assessment, file = file_of(tmp_path), tmp_path / "export.csv"
    with open_session(assessment, read_only=True) as session:
        about = {"CAPACITY_INSTRUMENT": session.instrument.id}
    file.write_bytes(csv_of(CENTRAL | about | {"i-i_law": "", "ii-ii_census": "2014", "colour": "green"}))
    told = asked(capsys, "import", assessment, file, "--dry-run", code=1)
    assert "From: National Statistical Office, C. Clerk, 3 March 2026" in told
    assert "Belongs to no question, export.csv, 2, colour: green" in told
    assert said(assessment, "ii.census") != 2014
    told = asked(capsys, "import", assessment, file, "--accept", "all", code=1)
    assert said(assessment, "ii.census") == 2014
    name = told.rpartition("kept as ")[2].strip(" .\n")
    asked(capsys, "import", assessment, "--take-back", name)
    assert said(assessment, "ii.census") != 2014


@pytest.mark.check
def test_several_submissions_are_taken_in_one_by_one(tmp_path: Path, capsys: Output) -> None:
    assessment, file = file_of(tmp_path), tmp_path / "form.csv.zip"
    rows = [
        CENTRAL | {"CAPACITY_INSTRUMENT": "", "i-i_law": "", "ii-ii_name": f"Office {who}", "SENDER-SENDER_AGENCY": who}
        for who in (NSO, "nobody at all", MOI)
    ]
    file.write_bytes(zip_of({"form.csv": csv_of(*rows)}))
    found = as_data(capsys, "import", assessment, file, "--accept", "all", code=1)
    assert ["error" in one for one in found["submissions"]] == [False, True, False]
    assert (said(assessment, "ii.name"), said(assessment, "ii.name", MOI)) == (f"Office {NSO}", f"Office {MOI}")
    again = as_data(capsys, "import", assessment, file, "--accept", "all", code=1)
    assert "brings nothing" in again["submissions"][0]["error"]


@pytest.mark.check
def test_answers_to_another_form_are_refused(tmp_path: Path, capsys: Output) -> None:
    assessment, file = file_of(tmp_path), tmp_path / "export.csv"
    file.write_bytes(csv_of({"KEY": "1", "meta-instanceID": "1", "age": "5"}))
    assert "holds answers to another form" in asked(capsys, "import", assessment, file, code=1)
    file.write_bytes(csv_of(CENTRAL | {"CAPACITY_INSTRUMENT": "other"}))
    assert "answers another questionnaire" in asked(capsys, "import", assessment, file, code=1)
