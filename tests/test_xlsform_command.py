"""``instrument xlsform`` and ``from-xlsform``, and answers brought back, as a person and as a program use them."""

import json
from pathlib import Path
from typing import Any

import pytest

from capacity_app import paths
from capacity_app.cli.commands import main
from capacity_app.domain.answers import Address, AnswerKey
from capacity_app.instruments.xlsform.sheets import read_sheets
from tests.builders import file_of, open_session
from tests.instruments.xlsform import forms
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


def test_the_toolkit_becomes_a_form_in_the_languages_asked_for(tmp_path: Path, capsys: Output) -> None:
    out = tmp_path / "form.xlsx"
    told = asked(capsys, "instrument", "xlsform", "unsd-nmdc", out, "--language", "fr", "--supplement", "LB")
    assert told.endswith(f"Wrote {out}.\n")
    assert "A form has no place for what follows from the answers" in told
    assert read_sheets(out.read_bytes(), out.name).languages == ("English (en)", "Français (fr)")


def test_a_form_of_an_assessment_offers_its_agencies(tmp_path: Path, capsys: Output) -> None:
    out = tmp_path / "form.xlsx"
    found = as_data(capsys, "instrument", "xlsform", "test", out, "--from", file_of(tmp_path))
    assert found["file"] == str(out)
    assert {"place", "message"} <= set(found["problems"][0])
    names = [line.get("name") for line in read_sheets(out.read_bytes(), out.name).cells.choices]
    assert NSO in names


def test_a_wrong_ending_or_language_is_refused(tmp_path: Path, capsys: Output) -> None:
    assert "must end in .xlsx" in asked(capsys, "instrument", "xlsform", "unsd-nmdc", tmp_path / "f.csv", code=1)
    wrong = asked(capsys, "instrument", "xlsform", "unsd-nmdc", tmp_path / "f.xlsx", "--language", "tlh", code=1)
    assert wrong.startswith("The questions are not worded in “tlh”")


def test_a_form_becomes_an_instrument_with_its_languages_once_that_is_agreed_to(tmp_path: Path, capsys: Output) -> None:
    file = tmp_path / "household.xlsx"
    file.write_bytes(forms.workbook_of(forms.KOBO_HOUSEHOLD))
    told = asked(capsys, "instrument", "from-xlsform", file)
    assert "survey, row 10, gps: Answers of the kind “geopoint” cannot be kept here" in told
    assert "Household survey, version 3: 4 questions in 1 sections." in told
    assert "add --yes" in told
    assert not paths.user_instruments_folder().exists()
    found = as_data(capsys, "instrument", "from-xlsform", file, "--yes", "--id", "households")
    assert (found["id"], found["written"], found["state"]) == ("households", True, "new")
    assert (paths.user_instruments_folder() / "households" / "fr.po").is_file()
    assert "no mistakes" in asked(capsys, "instrument", "check", paths.user_instruments_folder() / "households")


def test_a_damaged_form_and_a_file_that_is_none_are_told_in_a_sentence(tmp_path: Path, capsys: Output) -> None:
    file = tmp_path / "form.xlsx"
    file.write_bytes(forms.workbook_of(forms.UNCLOSED))
    assert "nothing was written" in asked(capsys, "instrument", "from-xlsform", file, "--yes", code=1)
    file.write_bytes(forms.workbook_of(forms.KOBO_HOUSEHOLD)[:900])
    assert "damaged" in asked(capsys, "instrument", "from-xlsform", file, code=1)
    file.write_bytes(b"type,name\ntext,a\n")
    assert asked(capsys, "instrument", "from-xlsform", file, code=1).startswith("“form.xlsx”")
    assert "cannot be an id" in asked(capsys, "instrument", "from-xlsform", file, "--id", "A B", code=1)


def test_collected_answers_are_shown_taken_in_kept_and_taken_back(tmp_path: Path, capsys: Output) -> None:
    assessment, file = file_of(tmp_path), tmp_path / "export.csv"
    with open_session(assessment, read_only=True) as session:
        about = {"CAPACITY_INSTRUMENT": session.instrument.id}
    file.write_bytes(csv_of(CENTRAL | about | {"i-i_law": "", "ii-ii_census": "2014", "colour": "green"}))
    told = asked(capsys, "import", assessment, file, "--dry-run", code=1)
    assert "From: National Statistical Office, C. Clerk, March 3, 2026" in told
    assert "Without a place, export.csv, 2, colour: green" in told
    assert said(assessment, "ii.census") != 2014
    told = asked(capsys, "import", assessment, file, "--accept", "all", code=1)
    assert said(assessment, "ii.census") == 2014
    name = told.rpartition("kept as ")[2].strip(" .\n")
    asked(capsys, "import", assessment, "--take-back", name)
    assert said(assessment, "ii.census") != 2014


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


def test_answers_to_another_form_are_refused(tmp_path: Path, capsys: Output) -> None:
    assessment, file = file_of(tmp_path), tmp_path / "export.csv"
    file.write_bytes(csv_of({"KEY": "1", "meta-instanceID": "1", "age": "5"}))
    assert "holds answers to another form" in asked(capsys, "import", assessment, file, code=1)
    file.write_bytes(csv_of(CENTRAL | {"CAPACITY_INSTRUMENT": "other"}))
    assert "answers another questionnaire" in asked(capsys, "import", assessment, file, code=1)
