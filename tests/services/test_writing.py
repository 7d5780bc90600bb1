"""Questionnaires in workbooks: mistakes told with their place, versions guarded, nothing lost when one is put here."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capacity_app import catalogues, paths
from capacity_app.domain.problems import KnownError, Severity
from capacity_app.instruments.library import find
from capacity_app.instruments.reader import folder_problems, offered_supplements, read_instrument
from capacity_app.instruments.writing import layout
from capacity_app.instruments.writing.reader import Grid
from capacity_app.services import writing
from capacity_app.services.writing import Reading, State
from capacity_app.texts import Texts
from tests.instruments.books.filling import Spreadsheet, level_lines

ENGLISH = Texts("en")


@pytest.fixture
def sheet(tmp_path: Path) -> Spreadsheet:
    """Open a template."""
    file = tmp_path / "farms.xlsx"
    writing.write_template("farm-check", file, "Farm check", ENGLISH)
    return Spreadsheet(file)


@pytest.fixture
def farms(sheet: Spreadsheet) -> Spreadsheet:
    """Write a small questionnaire in the template, without its examples."""
    sheet.delete("Sections", "example")
    sheet.add("Sections", {"id": "f", "number": "1", "title": "Farms", "provenance": "P"})
    sheet.add(
        "Questions",
        {"id": "f.register", "number": "1.1", "text": "Is there a register of farms?", "type": "level",
         "provenance": "P"},
        {"id": "f.use", "number": "1.2", "text": "What is it used for?", "type": "checklist", "provenance": "P"},
    )  # fmt: skip
    sheet.add("Options", {"of": "f.use", "id": "sample", "label": "Samples", "required": "yes"},
              {"of": "f.use", "id": "none", "label": "Nothing", "exclusive": "yes"})  # fmt: skip
    sheet.add("Anchors", *level_lines("f.register", ["None.", "A list.", "A register.", "A register kept up to date."]))
    sheet.add("Conditions", {"question": "f.use", "show_if": "f.register >= 1"})
    sheet.save()
    return sheet


def told(reading: Reading) -> list[str]:
    return [f"{problem.place}: {problem.text()}" for problem in reading.problems]


def read(sheet: Spreadsheet) -> Reading:
    return writing.read_book(sheet.save())


# -- templates -----------------------------------------------------------------------------------------------------


def test_a_template_is_a_questionnaire_with_every_type_and_only_says_that_its_examples_are_there(
    sheet: Spreadsheet,
) -> None:
    reading = read(sheet)
    assert [problem.severity for problem in reading.problems] == [Severity.WARNING]
    assert "Sheet Sections, row 2, column id: The examples" in told(reading)[0]
    assert reading.instrument is not None
    assert len({question.kind for question in reading.instrument.questions()}) == 16


def test_deleting_one_line_takes_all_examples_away(farms: Spreadsheet) -> None:
    reading = read(farms)
    assert told(reading) == []
    assert reading.instrument is not None
    assert [question.id for question in reading.instrument.questions()] == ["f.register", "f.use"]
    assert reading.instrument.concepts == ()
    assert "example" not in " ".join(reading.files.values())


def test_a_supplement_is_written_checked_and_put_among_those_of_the_person(tmp_path: Path) -> None:
    file = tmp_path / "own.xlsx"
    writing.write_template("xx-geo", file, "Questions of Georgia", ENGLISH, supplement_of="unsd-nmdc")
    sheet = Spreadsheet(file)
    sheet.delete("Sections", "xx-example")
    sheet.add("Questions", {"id": "xx-geo.passes", "number": "XX.1", "text": "Are passes counted?", "type": "choice",
                            "provenance": "P", "options": "passes"})  # fmt: skip
    sheet.add("Options", {"of": "passes", "id": "all", "label": "All of them", "points": 1},
              {"of": "passes", "id": "none", "label": "None", "points": 0})  # fmt: skip
    reading = read(sheet)
    assert told(reading) == []
    assert writing.outlook(reading).state is State.NEW
    target = writing.put_book_in_place(reading)
    made, problems = read_instrument(paths.instruments_folder() / "unsd-nmdc", [target / "xx-geo.toml"])
    assert problems == ()
    assert made == reading.instrument
    assert made is not None
    assert made.supplements == ("XX.GEO",)
    again = tmp_path / "again.xlsx"
    writing.write_supplement_book(target / "xx-geo.toml", "unsd-nmdc", again, ENGLISH)
    assert writing.read_book(again).instrument == made


@pytest.mark.parametrize(
    ("name", "base", "sentence"),
    [
        ("Farm Check", "", "cannot be an id"),
        ("geo", "unsd-nmdc", "begins with xx-"),
        ("xx-geo", "nobody", "no instrument"),
    ],
)
def test_a_template_that_could_not_be_used_is_refused(tmp_path: Path, name: str, base: str, sentence: str) -> None:
    with pytest.raises(KnownError, match=sentence):
        writing.write_template(name, tmp_path / "x.xlsx", "X", ENGLISH, supplement_of=base)
    assert not (tmp_path / "x.xlsx").exists()


# -- mistakes ------------------------------------------------------------------------------------------------------

MISTAKES = [
    ("Questions", "f.register", "type", "levl", "column type: “levl” is not a known value of “type”. Did you"),
    ("Questions", "f.register", "text", None, "column text: “text” is empty. Fill it in"),
    ("Questions", "f.register", "id", "g.register", "column id: “g.register” does not begin with the id of a section"),
    ("Questions", "f.register", "id", "f.Register!", "column id: “Register!” cannot be an id"),
    ("Questions", "f.register", "importance", "7", "column importance: “importance” must be a whole number from 1"),
    ("Questions", "f.register", "weight", "much", "column weight: “weight” must be a number from 0 to 1000"),
    ("Questions", "f.register", "prerequisite", "maybe", "column prerequisite: “maybe” is neither yes nor no."),
    ("Questions", "f.register", "tags", "farm", "column tags: The tag “farm” is no term of the sheet Concepts."),
    ("Questions", "f.use", "options", "uses", "column options: The options are both named here and listed"),
    ("Questions", "f.use", "options", "uses", "column options: The options are both"),
    ("Options", "Samples", "of", "f.usse", "column of: There is no question or column “f.usse”. Did you mean"),
    ("Options", "Samples", "label", None, "column label: “label” is empty."),
    ("Anchors", "A list.", "level", "5", "column level: “5” is no level"),
    ("Anchors", "A list.", "level", "0", "column level: Level 0 of “f.register” is there twice."),
    ("Conditions", "f.use", "show_if", "f.register > 1", "column show if: “>” cannot be read in a condition."),
    ("Conditions", "f.use", "show_if", "f.regster >= 1", "column show if: There is no question “f.regster”."),
    ("Conditions", "f.use", "show_if", "f.register >= 9", "column show if: Levels go from 0 to 3"),
    ("Conditions", "f.use", "question", "f.us", "column question: There is no question “f.us” on the sheet Questions."),
    ("Sections", "Farms", "provenance", "X", "column provenance: “X” is not a known value of “provenance”."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "line", "key", "value", "sentence"), MISTAKES)
def test_a_mistake_is_told_with_sheet_row_and_column(
    farms: Spreadsheet, name: str, line: str, key: str, value: object, sentence: str
) -> None:
    row = farms.row_of(name, line)
    farms.put(name, row, key, value)
    reading = read(farms)
    assert reading.has_errors
    assert reading.instrument is None
    wanted = f"Sheet {name}, row {row}, {sentence}"
    assert any(one.startswith(wanted) for one in told(reading)), told(reading)


def test_all_mistakes_are_told_at_once(farms: Spreadsheet) -> None:
    farms.put("Questions", farms.row_of("Questions", "f.register"), "type", "levl")
    farms.put("Options", farms.row_of("Options", "Samples"), "required", "perhaps")
    farms.put("Conditions", farms.row_of("Conditions", "f.use"), "show_if", "f.register")
    farms.fact("version", None)
    places = {problem.place.split(",")[0] for problem in read(farms).problems}
    assert places == {"Sheet Questions", "Sheet Options", "Sheet Conditions", "Sheet Instrument"}


def test_a_repeated_id_is_told_at_the_second_line(farms: Spreadsheet) -> None:
    line = {"id": "f.use", "number": "1.3", "text": "Again?", "type": "yes_no", "provenance": "P"}
    (row,) = farms.add("Questions", line)
    assert any(f"Sheet Questions, row {row}, column id: The id “f.use” is used 2 times" in one
               for one in told(read(farms)))  # fmt: skip


def test_numbers_and_yes_that_a_spreadsheet_has_changed_are_understood(farms: Spreadsheet) -> None:
    row = farms.row_of("Questions", "f.register")
    for key, value in (("number", 1.5), ("weight", 0.5), ("importance", 3), ("prerequisite", True), ("type", "Level ")):
        farms.put("Questions", row, key, value)
    reading = read(farms)
    assert reading.instrument is not None, told(reading)
    question = reading.instrument.question_by_id["f.register"]
    assert (question.number, question.weight * 2, question.importance, question.prerequisite) == ("1.5", 1, 3, True)


def test_a_date_that_a_spreadsheet_made_is_told(farms: Spreadsheet) -> None:
    import datetime as dt  # noqa: PLC0415 - only here

    farms.put("Questions", farms.row_of("Questions", "f.register"), "number", dt.datetime(2026, 1, 2))  # noqa: DTZ001
    assert any("has made a date" in one for one in told(read(farms)))


def test_columns_in_another_order_and_notes_of_ones_own_do_no_harm(farms: Spreadsheet) -> None:
    page = farms.sheet("Sections")
    page.insert_cols(1)
    page.cell(1, 1).value = "My notes"
    page.cell(2, 1).value = "Ask Ana"
    reading = read(farms)
    assert reading.instrument is not None
    assert [problem.severity for problem in reading.problems] == [Severity.WARNING]


def test_a_sheet_whose_name_is_mistyped_is_told(farms: Spreadsheet) -> None:
    farms.book["Conditions"].title = "Condition"
    assert any("If it is meant to be “Conditions”, call it so." in one for one in told(read(farms)))


# -- hostile -------------------------------------------------------------------------------------------------------


def test_what_is_no_workbook_of_ours_is_refused_with_a_sentence(tmp_path: Path, farms: Spreadsheet) -> None:
    other = tmp_path / "other.xlsx"
    from openpyxl import Workbook  # noqa: PLC0415 - only here

    Workbook().save(other)
    with pytest.raises(KnownError, match="no workbook of a questionnaire"):
        writing.read_book(other)
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(farms.file.read_bytes()[:3_000])
    for file in (cut, tmp_path / "none.xlsx", tmp_path):
        with pytest.raises(KnownError):
            writing.read_book(file)


def test_formulas_are_told_and_never_calculated(farms: Spreadsheet) -> None:
    farms.put("Questions", farms.row_of("Questions", "f.register"), "text", '=HYPERLINK("http://x","y")')
    reading = read(farms)
    assert any("column text" in one for one in told(reading))


def test_names_that_lead_elsewhere_are_not_followed(farms: Spreadsheet, tmp_path: Path) -> None:
    farms.put("Sections", farms.row_of("Sections", "Farms"), "file", "../../evil.toml")
    reading = read(farms)
    assert any("cannot be the name of this part" in one for one in told(reading))
    assert set(reading.files) == {"instrument.toml", "01-farms.toml"}
    assert not list(tmp_path.rglob("evil*"))


CELLS = st.sampled_from(
    ["", "f", "f.a", "level", "yes", "f.a >= 1", "T", "grid", "f.a/b", "\x00\x1f", "x" * 25_000, "1/0"]
)
LINES = st.lists(st.lists(CELLS | st.text(max_size=8) | st.floats() | st.booleans(), max_size=8), max_size=6)


@settings(max_examples=150)
@given(st.dictionaries(st.sampled_from(list(layout.SHEET)), LINES), LINES)
def test_cells_of_any_kind_end_in_sentences(sheets: dict[str, list[list[object]]], facts: list[list[object]]) -> None:
    heads = {name: [column.title for column in one.columns] for name, one in layout.SHEET.items()}
    grids = [Grid(name, [heads[name], *lines]) for name, lines in sheets.items() if name != "Questions"]  # type: ignore[list-item]
    grids += [Grid("Questions", [heads["Questions"], *sheets.get("Questions", [])])]  # type: ignore[list-item]
    grids.append(Grid("Instrument", [["key", "value"], ["id", "any"], *facts]))  # type: ignore[list-item]
    reading = writing.reading_of(grids, "any.xlsx")
    for problem in reading.problems:
        assert problem.text()
    assert writing.data_of(reading, writing.outlook(reading), ENGLISH)


# -- versions ------------------------------------------------------------------------------------------------------


def test_a_new_questionnaire_is_put_among_those_of_this_computer(farms: Spreadsheet) -> None:
    reading = read(farms)
    assert writing.outlook(reading).state is State.NEW
    target = writing.put_book_in_place(reading)
    assert target == paths.user_instruments_folder() / "farm-check"
    assert folder_problems(target) == ()
    assert read_instrument(target)[0] == reading.instrument
    assert [one.name for one in target.parent.iterdir()] == ["farm-check"]
    assert writing.outlook(reading).state is State.SAME


def test_another_content_under_the_same_version_is_refused_and_a_new_version_keeps_the_old_one(
    farms: Spreadsheet,
) -> None:
    target = writing.put_book_in_place(read(farms))
    farms.put("Questions", farms.row_of("Questions", "f.use"), "text", "What do you do with it?")
    (target / "migrations").mkdir()
    (target / "migrations" / "note.txt").write_text("kept", "utf-8")
    reading = read(farms)
    found = writing.outlook(reading)
    assert (found.state, found.reworded) == (State.REFUSED, ("f.use",))
    assert "such as 1.1" in found.sentences(ENGLISH)[-1]
    before = (target / "instrument.toml").read_bytes()
    with pytest.raises(KnownError, match="is here already"):
        writing.put_book_in_place(reading)
    assert (target / "instrument.toml").read_bytes() == before
    farms.fact("version", "1.1")
    assert writing.outlook(read(farms)).state is State.NEWER
    writing.put_book_in_place(read(farms))
    assert find("farm-check", [target.parent]).version == "1.1"
    assert find(target.with_name("farm-check-1.0"), []).version == "1.0"
    assert (target / "migrations" / "note.txt").read_text("utf-8") == "kept"
    farms.fact("version", "1.0.5")
    assert "is older" in writing.outlook(read(farms)).sentences(ENGLISH)[-1]


@pytest.mark.long
def test_the_toolkit_of_the_program_cannot_be_replaced_under_its_version(tmp_path: Path) -> None:
    file = tmp_path / "n.xlsx"
    writing.write_book("unsd-nmdc", file, ENGLISH)
    sheet = Spreadsheet(file)
    reading = read(sheet)
    assert writing.outlook(reading).state is State.SAME
    sheet.put("Questions", 2, "text", "Something else?")
    assert writing.outlook(read(sheet)).state is State.REFUSED


def test_a_folder_that_holds_other_things_is_left_alone(farms: Spreadsheet, tmp_path: Path) -> None:
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / "letter.txt").write_text("x", "utf-8")
    assert writing.outlook(read(farms), folder).state is State.REFUSED
    with pytest.raises(KnownError, match="other things"):
        writing.put_book_in_place(read(farms), folder)
    assert writing.put_book_in_place(read(farms), tmp_path / "new") == tmp_path / "new"
    assert [one.name for one in folder.iterdir()] == ["letter.txt"]


# -- languages -----------------------------------------------------------------------------------------------------


def translated(farms: Spreadsheet, tmp_path: Path) -> Spreadsheet:
    """Put the questionnaire in place, take it as a workbook, and add a language."""
    writing.put_book_in_place(read(farms))
    file = tmp_path / "with-words.xlsx"
    writing.write_book("farm-check", file, ENGLISH)
    sheet = Spreadsheet(file)
    page = sheet.sheet("Translations")
    page.cell(1, 3).value = "fr"
    page.cell(sheet.row_of("Translations", "f.use|text"), 3).value = "À quoi sert-il ?"
    return sheet


def test_a_language_is_added_as_a_column_and_comes_back(farms: Spreadsheet, tmp_path: Path) -> None:
    sheet = translated(farms, tmp_path)
    reading = read(sheet)
    assert told(reading) == []
    writing.put_book_in_place(reading)
    assert Texts("fr").wording("farm-check", "f.use|text", "What is it used for?") == "À quoi sert-il ?"
    assert Texts("fr").standing("farm-check", "1.0") is catalogues.Standing.UNREVIEWED
    again = tmp_path / "again.xlsx"
    writing.write_book("farm-check", again, ENGLISH)
    back = writing.read_book(again)
    assert back.wordings[0].entries == reading.wordings[0].entries
    assert back.wordings[0].headers["Last-Translator"] == "unreviewed"


def test_a_translation_of_a_text_that_has_changed_is_set_aside(farms: Spreadsheet, tmp_path: Path) -> None:
    sheet = translated(farms, tmp_path)
    sheet.put("Questions", sheet.row_of("Questions", "f.use"), "text", "What use is it?")
    sheet.fact("version", "2.0")
    reading = read(sheet)
    assert ["has changed since it was translated" in one for one in told(reading)] == [True]
    writing.put_book_in_place(reading)
    assert Texts("fr").wording("farm-check", "f.use|text", "What use is it?") == "What use is it?"


@pytest.mark.long
def test_all_languages_of_the_toolkit_come_along(tmp_path: Path) -> None:
    file = tmp_path / "n.xlsx"
    writing.write_book("unsd-nmdc", file, ENGLISH)
    reading = writing.read_book(file)
    folder = paths.instruments_folder() / "unsd-nmdc"
    for wording in reading.wordings:
        known = catalogues.worded(folder / f"{wording.language.replace('-', '_')}.po")
        said = {(f"unsd-nmdc|{key}", text): one for key, (text, one) in wording.entries.items()}
        assert said.items() <= known.items()
        assert len(said) > 0.99 * len(known)
    assert {one.language for one in reading.wordings} == set(catalogues.wording_languages("unsd-nmdc"))
    assert offered_supplements(folder)
