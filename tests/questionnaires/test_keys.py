"""The reader and assessments/README.md know exactly the same keys, and a file with all of them loads."""

import re
import tomllib
from pathlib import Path

import pytest

from capacity_app import paths
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.questionnaires import toml_schema
from capacity_app.questionnaires.reader import read_instrument
from capacity_app.questionnaires.toml_decoder import _types_of_keys
from capacity_app.questionnaires.toml_schema import TomlTable
from tests.questionnaires.writing import places, write

README = (paths.instruments_folder() / "README.md").read_text(encoding="utf-8")

_HEADING = re.compile(r"^(#+ .*)\n", re.MULTILINE)
_SPAN = re.compile(r"`([^`]+)`")
_NAME = re.compile(r"[a-z_]+")
_VALUES = {"true", "false"}


def section_under(start: str) -> str:
    """Return the text between the heading that starts so and the next heading."""
    parts = _HEADING.split(README)
    return next(text for heading, text in zip(parts[1::2], parts[2::2], strict=True) if heading.startswith(start))


def names_in(text: str) -> set[str]:
    return {span for span in _SPAN.findall(text) if _NAME.fullmatch(span) and span not in _VALUES}


def keys_in_table(start: str) -> set[str]:
    rows = [line for line in section_under(start).splitlines() if line.startswith("| `")]
    return {name for row in rows for name in names_in(row.split("|")[1])}


def keys_in_list(start: str, label: str) -> set[str]:
    """Return the keys named in the paragraph that starts with a label, up to the first full sentence after them."""
    paragraphs = section_under(start).split("\n\n")
    found = next(paragraph for paragraph in paragraphs if paragraph.strip().startswith(label))
    without_remarks = re.sub(r"\([^()]*(?:\([^()]*\)[^()]*)*\)", "", found)
    return names_in(re.split(r"\.\s", without_remarks)[0])


def keys_in_conditions() -> set[str]:
    text = section_under("## Conditions")
    return set(re.findall(r"(\w+) = ", " ".join(_SPAN.findall(text)))) | (names_in(text) - _VALUES)


DOCUMENTED: dict[type[TomlTable], set[str]] = {
    toml_schema.InstrumentTable: keys_in_table("### `[instrument]`"),
    toml_schema.ThresholdsTable: names_in(section_under("### `[thresholds]`")),
    toml_schema.OptionTable: keys_in_table("### `[scales]`"),
    toml_schema.CodesTable: keys_in_list("### `[codes]`", "Code lists"),
    toml_schema.ConceptTable: keys_in_list("### `[[concept]]`", "Glossary"),
    toml_schema.SourceTable: keys_in_list("### `[[source]]`", "Documents"),
    toml_schema.ProfileTable: keys_in_list("### `[[profile]]`", "Named selections"),
    toml_schema.ContradictionTable: keys_in_list("### `[[contradiction]]`", "Answers that"),
    toml_schema.SectionTable: keys_in_table("## A part: `[section]`"),
    toml_schema.QuestionTable: keys_in_table("## `[[question]]`"),
    toml_schema.ColumnTable: keys_in_list("## Grids", "Column keys"),
    toml_schema.RowTable: keys_in_list("## Grids", "Row keys"),
    toml_schema.GateTable: keys_in_list("## Grids", "Gate keys"),
    toml_schema.ConditionTable: keys_in_conditions(),
    toml_schema.CodeTable: {"id", "label"},
    toml_schema.HeadFileTable: {
        "instrument",
        "thresholds",
        "scales",
        "codes",
        "concept",
        "source",
        "profile",
        "contradiction",
    },
    toml_schema.SectionFileTable: {"section", "question", "contradiction"},
}


@pytest.mark.parametrize("shape", DOCUMENTED, ids=lambda shape: shape.__name__)
def test_the_reader_accepts_exactly_the_documented_keys(shape: type[TomlTable]) -> None:
    assert set(_types_of_keys(shape)) == DOCUMENTED[shape]


def test_no_table_is_left_undocumented() -> None:
    tables = {
        shape
        for shape in vars(toml_schema).values()
        if isinstance(shape, type) and issubclass(shape, TomlTable) and shape not in {TomlTable, toml_schema.FieldTable}
    }
    assert tables == set(DOCUMENTED)


def test_the_headings_name_every_table_of_the_files() -> None:
    headings = " ".join(_HEADING.findall(README))
    written = set(re.findall(r"`\[+([a-z.]+)\]+`", headings))
    assert written == {
        *(DOCUMENTED[toml_schema.HeadFileTable] | DOCUMENTED[toml_schema.SectionFileTable]),
        "question.column",
        "question.row",
        "question.gate",
    }


def test_what_must_be_written_is_a_documented_key() -> None:
    for shape, keys in DOCUMENTED.items():
        assert set(shape.must_have) <= keys


def test_every_documented_type_is_a_kind_and_every_kind_is_documented() -> None:
    assert keys_in_table("### Types") - {"type"} == {kind.value for kind in AnswerKind}


def test_the_small_example_loads_without_problems(tmp_path: Path) -> None:
    for name, content in re.findall(r"`my-instrument/([^`]+)`\n\n```toml\n(.*?)```", README, re.DOTALL):
        (tmp_path / name).write_text(content, encoding="utf-8")
    instrument, problems = read_instrument(tmp_path)
    assert problems == ()
    assert instrument is not None
    assert [question.id for question in instrument.questions()] == ["r.survey", "r.visits"]


def test_the_example_of_a_countrys_own_section_loads_too(tmp_path: Path) -> None:
    own = tmp_path / "own" / "my-questions.toml"
    own.parent.mkdir()
    example = next(block for block in re.findall(r"```toml\n(.*?)```", README, re.DOTALL) if '"xx-geo"' in block)
    own.write_text(example + QUESTION.replace("r.a", "xx-geo.a"), encoding="utf-8")
    folder = tmp_path / "core"
    folder.mkdir()
    instrument, problems = read_instrument(write(folder, QUESTION), [own])
    assert problems == ()
    assert instrument is not None
    assert instrument.supplements == ("XX.GEO",)


QUESTION = """
[[question]]
id = "r.a"
number = "1.1"
text = "Is it so?"
type = "yes_no"
provenance = "P"
"""

EVERYTHING = {
    "instrument.toml": """
[instrument]
id = "all"
version = "1.0"
title = "All"
edition = "Test"
description = "Every key there is."
framework_version = "2025"
language = "en"
parts = ["0.toml", "1.toml"]
supplements = ["s.toml"]

[thresholds]
firm = "4/5"
provisional = 0.5
mostly_not_applicable = 0.4
robust_spread = 10

[scales]
relevance = [
    { id = "high", label = "High", importance = 3 },
    { id = "none", label = "Not relevant", not_applicable = true },
]
how-often = [{ id = "never", label = "Never", points = 0 }, { id = "monthly", label = "Monthly", points = "1" }]

[codes]
source_type = [{ id = "census", label = "Census" }]
agency_kind = [{ id = "nso", label = "Office" }]
action_type = [{ id = "law", label = "Law" }]
assistance_form = [{ id = "course", label = "Course" }]
funding_status = [{ id = "none", label = "None" }]
project_partner = [{ id = "un", label = "UN" }]

[[concept]]
id = "stock"
label = "Stock"
definition = "People who are there."
source = "Handbook"

[[source]]
id = "toolkit"
citation = "Toolkit, 2018."
url = "https://example.org/toolkit"

[[profile]]
id = "short"
title = "Short form"
questions = ["a.level", "a.grid"]
columns = { "a.grid" = ["name", "made", "level", "relevance"] }

[[contradiction]]
id = "never"
when = { all = [
    { question = "a.grid", row = "main", column = "made", is = "no" },
    { any = [{ question = "a.level", at_least = 2 }, { not = { question = "a.pick", is = ["1", "2"] } }] },
] }
message = "Both cannot be."
""",
    "0.toml": """
[section]
id = "page"
number = "0"
title = "About this"
provenance = "P"
introduction = "A page of text."
""",
    "1.toml": """
[section]
id = "a"
number = "I"
title = "All"
provenance = "T"
introduction = "Read this."
officer_introduction = "Ask this."
weight = 2

[[question]]
id = "a.level"
number = "1"
text = "How far?"
type = "level"
provenance = "T"
heading = "A. Levels"
subheadings = ["A.1 Some levels", "A.1.a These levels"]
heading_text = "These are levels."
weight = 0.5
importance = 3
target = 2
prerequisite = true
feasibility = "easy"
scored = true
definition = "Progress."
officer_note = "Look."
respondent_help = "Say."
evidence_hint = "A law."
tags = ["stock"]
anchors = ["a", "b", "c", "d"]
actions = ["1", "2", "3"]

[[question]]
id = "a.six"
text = "How far of five?"
type = "level"
provenance = "P"
target = 4
anchors = ["a", "b", "c", "d", "e", "f"]

[[question]]
id = "a.points"
number = "1.2"
text = "How many points?"
type = "integer"
provenance = "P"
minimum = 0
maximum = 661
numeric_score = true

[[question]]
id = "a.tick"
number = "2"
text = "Which?"
type = "checklist"
provenance = "P"
finding = "Not asked: {missing}."
show_if = { question = "a.level", is = [1, 2] }
options = [
    { id = "sex", label = "Sex", required = true, alert = true },
    { id = "none", label = "None", exclusive = true },
]

[[question]]
id = "a.pick"
number = "3"
text = "Who?"
type = "agency"
provenance = "P"
many = true
most = 3

[[question]]
id = "a.year"
number = "4"
text = "When?"
type = "year"
provenance = "P"
minimum = 1900
maximum = 2100

[[question]]
id = "a.grid"
number = "5"
text = "What?"
type = "grid"
provenance = "P"
key_column = "name"

    [[question.column]]
    id = "name"
    label = "Name"
    type = "text"
    minimum = 2
    maximum = 80
    definition = "Its name."
    officer_note = "Look."

    [[question.column]]
    id = "relevance"
    label = "Relevance"
    type = "choice"
    options = "relevance"
    scored = false

    [[question.column]]
    id = "made"
    label = "Made"
    type = "yes_partly_no"
    finding = "Not made."
    finding_partly = "Made in part."
    group = "g"
    weight = 2

    [[question.column]]
    id = "often"
    label = "Often"
    type = "choice"
    options = "how-often"
    group = "g"

    [[question.column]]
    id = "level"
    label = "Level"
    type = "level"
    anchors = ["a", "b", "c", "d"]
    actions = ["1", "2", "3"]
    supply = true

    [[question.column]]
    id = "share"
    label = "Share"
    type = "percent"
    numeric_score = true

    [[question.column]]
    id = "by"
    label = "By"
    type = "checklist"
    options = [{ id = "sex", label = "Sex", required = true }]

    [[question.column]]
    id = "who"
    label = "Who"
    type = "agency"
    many = true
    most = 2

    [[question.row]]
    id = "main"
    label = "Main"
    number = "5.1"
    heading = "Offices"
    importance = 3
    target = 2
    prerequisite = true
    definition = "The largest."
    officer_note = "Look."
    provenance = "T"
    tags = ["stock"]
    required = { by = ["sex"] }
    preset_reason = "There is none."

    [[question.row]]
    id = "other"
    label = "Other"
    spare = true

    [question.gate]
    column = "made"
    answers = ["no"]
    settles = ["often"]

[[contradiction]]
id = "a.other"
when = { question = "a.level", at_least = 1 }
message = "This neither."
""",
    "s.toml": """
[section]
id = "s"
number = "S"
title = "More"
provenance = "P"
supplement = "S"

[[question]]
id = "s.a"
number = "1"
text = "More?"
type = "yes_no"
provenance = "P"
""",
}


def keys_used(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*(keys_used(child) for child in value.values()))
    return set().union(*(keys_used(child) for child in value)) if isinstance(value, list) else set()


def test_a_file_with_every_documented_key_loads_without_problems(tmp_path: Path) -> None:
    used: set[str] = set()
    for name, content in EVERYTHING.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
        used |= keys_used(tomllib.loads(content))
    instrument, problems = read_instrument(tmp_path, ["S"])
    assert places(problems) == []
    assert instrument is not None
    assert set().union(*DOCUMENTED.values()) <= used
