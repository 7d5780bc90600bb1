"""Broken instruments, as an author would write them, with the problems the reader must find: exactly these."""

from pathlib import Path
from typing import NamedTuple

import pytest

from capacity_app.questionnaires.reader import read_instrument
from tests.questionnaires.writing import HEAD, places, write


class Case(NamedTuple):
    """A broken instrument and its problems; ``said`` must stand in what the author reads."""

    name: str
    text: str
    expected: str
    said: str = ""


LEVEL = """
anchors = ["Nothing.", "A little.", "Much.", "All."]
actions = ["Begin.", "Go on.", "Finish."]
"""

QUESTION = """
[[question]]
id = "r.a"
number = "1.1"
text = "Is it so?"
type = "yes_no"
provenance = "P"
"""

GRID = """
[[question]]
id = "r.grid"
number = "1.2"
text = "What is there?"
type = "grid"
provenance = "P"

    [[question.column]]
    id = "produced"
    label = "Produced"
    type = "yes_no"

    [[question.column]]
    id = "by"
    label = "Broken down by"
    type = "checklist"
    options = [{ id = "sex", label = "Sex", required = true }, { id = "age", label = "Age" }]

    [[question.row]]
    id = "stock"
    label = "Stock"
"""

KEYS = [
    Case(
        "a misspelt key of a question is named with the right one",
        QUESTION + 'definitoin = "Look it up."',
        "instrument.unknown-key @ section r, question r.a",
        "Did you mean “definition”?",
    ),
    Case(
        "a key that resembles nothing is answered with the keys there are",
        QUESTION + "zzz = 1",
        "instrument.unknown-key @ section r, question r.a",
        "Known are: id, type, options",
    ),
    Case(
        "a misspelt table",
        "[[qestion]]",
        "instrument.unknown-key @ section r\ninstrument.empty-section @ section r",
        "Did you mean “question”?",
    ),
    Case(
        "a question that says nothing about itself",
        "[[question]]",
        """
        instrument.missing-key @ section r, question 1
        instrument.missing-key @ section r, question 1
        instrument.missing-key @ section r, question 1
        instrument.missing-key @ section r, question 1
        """,
    ),
    Case(
        "a required text that is empty",
        QUESTION.replace("Is it so?", "  "),
        "instrument.empty @ section r, question r.a",
        "“text” is empty.",
    ),
    Case(
        "a number where text belongs",
        QUESTION + "definition = 5",
        "instrument.wrong-type @ section r, question r.a",
        "“definition” must be text in quotes, not 5.",
    ),
    Case(
        "text where true or false belongs",
        QUESTION + 'scored = "no"',
        "instrument.wrong-type @ section r, question r.a",
        "“scored” must be true or false without quotes, not no.",
    ),
    Case(
        "text where a whole number belongs",
        QUESTION + 'importance = "high"',
        "instrument.wrong-type @ section r, question r.a",
        "from 1 to 3, not high",
    ),
    Case(
        "text where a list belongs",
        QUESTION + 'tags = "stock"',
        "instrument.wrong-type @ section r, question r.a",
    ),
    Case(
        "a table where a list of tables belongs",
        "[question]\nid = 'r.a'",
        "instrument.wrong-type @ section r\ninstrument.empty-section @ section r",
        "“question” must be a list of tables",
    ),
    Case(
        "text where an option belongs",
        QUESTION.replace("yes_no", "choice") + 'options = ["yes", "no"]',
        """
        instrument.wrong-type @ section r, question r.a, option 1
        instrument.wrong-type @ section r, question r.a, option 2
        """,
        "{ id, label, … } must be a table, not yes.",
    ),
    Case(
        "importance, target, weight and points out of their ranges",
        QUESTION.replace("yes_no", "choice")
        + """
        importance = 4
        target = -1
        weight = -2
        options = [{ id = "x", label = "X", points = 1.5 }, { id = "y", label = "Y", points = "4/3" }]
        """,
        """
        instrument.out-of-range @ section r, question r.a, option x
        instrument.out-of-range @ section r, question r.a, option y
        instrument.out-of-range @ section r, question r.a
        instrument.out-of-range @ section r, question r.a
        instrument.out-of-range @ section r, question r.a
        """,
        "“points” must be from 0 to 1, not 4/3.",
    ),
    Case(
        "points that are no number, divide by zero or fill the memory",
        QUESTION.replace("yes_no", "choice")
        + """
        options = [
            { id = "a", label = "A", points = "half" },
            { id = "b", label = "B", points = "1/0" },
            { id = "c", label = "C", points = 1e999999999 },
            { id = "d", label = "D", points = nan },
            { id = "e", label = "E", points = true },
            { id = "f", label = "F", points = "1e9" },
        ]
        """,
        """
        instrument.wrong-type @ section r, question r.a, option a
        instrument.wrong-type @ section r, question r.a, option b
        instrument.wrong-type @ section r, question r.a, option c
        instrument.wrong-type @ section r, question r.a, option d
        instrument.wrong-type @ section r, question r.a, option e
        instrument.wrong-type @ section r, question r.a, option f
        """,
    ),
    Case(
        "a type, a provenance and a feasibility that do not exist",
        QUESTION.replace("yes_no", "yesno").replace('"P"', '"X"') + 'feasibility = "esay"',
        """
        instrument.unknown-value @ section r, question r.a
        instrument.unknown-value @ section r, question r.a
        instrument.unknown-value @ section r, question r.a
        """,
        "Did you mean “yes_no”?",
    ),
    Case(
        "a text that is too long",
        QUESTION + f'definition = "{"x" * 60_001}"',
        "instrument.text-too-long @ section r, question r.a",
        "“definition” is 60001 characters long; 60000 are allowed.",
    ),
    Case(
        "a section without its keys is named by its file",
        "--- 1.toml\n[section]\nid = 'Not an id'",
        """
        instrument.missing-key @ 1.toml
        instrument.missing-key @ 1.toml
        instrument.missing-key @ 1.toml
        instrument.malformed-id @ 1.toml
        instrument.empty-section @ 1.toml
        """,
        "for example “not-an-id”",
    ),
    Case(
        "a part without a section",
        "--- 1.toml\n",
        "instrument.missing-key @ 1.toml\ninstrument.empty-section @ 1.toml",
    ),
    Case(
        "an instrument file without anything",
        "--- instrument.toml\n",
        """
        instrument.missing-key @ instrument.toml
        instrument.unlisted-file @ 1.toml
        """,
        "“instrument” is missing.",
    ),
    Case(
        "an unknown threshold, code list and key of the instrument",
        QUESTION
        + "--- instrument.toml\n"
        + HEAD
        + """
        autor = "me"
        [thresholds]
        frim = 0.9
        provisional = 0.95
        [codes]
        source_typ = []
        agency_kind = [{ id = "NSO", label = "Office" }, { id = "x" }]
        """,
        """
        instrument.unknown-key @ instrument.toml
        instrument.unknown-key @ instrument.toml, thresholds
        instrument.unknown-key @ instrument.toml, codes
        instrument.missing-key @ instrument.toml, codes, agency_kind x
        instrument.thresholds @ instrument.toml, thresholds
        instrument.malformed-id @ instrument.toml, codes, agency_kind NSO
        """,
        "Did you mean “firm”?",
    ),
    Case(
        "a version and a language nobody can read",
        QUESTION
        + "--- instrument.toml\n"
        + HEAD.replace('"1.0"', '"first"').replace('"en"', '"in English"').replace('"small"', '"Small One"'),
        """
        instrument.malformed-id @ instrument.toml
        instrument.malformed @ instrument.toml
        instrument.malformed @ instrument.toml
        """,
        "Write it like “1.0”.",
    ),
]

IDS = [
    Case(
        "an id with capital letters and spaces",
        QUESTION.replace("r.a", "r.My Policy"),
        "instrument.malformed-id @ section r, question r.My Policy",
        "for example “my-policy”",
    ),
    Case(
        "a question of another section",
        QUESTION.replace("r.a", "v.a"),
        "instrument.id-outside-section @ section r, question v.a",
        "Write “r.a”.",
    ),
    Case(
        "two questions of the same id",
        QUESTION + QUESTION,
        "instrument.duplicate-id @ question r.a",
        "is used 2 times",
    ),
    Case(
        "two sections of the same id",
        QUESTION
        + "--- instrument.toml\n"
        + HEAD.replace('"1.toml"', '"1.toml", "2.toml"')
        + '--- 2.toml\n[section]\nid = "r"\nnumber = "2"\ntitle = "Again"\nprovenance = "P"\n'
        + QUESTION.replace("r.a", "r.b"),
        "instrument.duplicate-id @ instrument.toml, section r",
    ),
    Case(
        "two rows, two columns and two options of the same id",
        GRID
        + """
    [[question.row]]
    id = "stock"
    label = "Stock again"

    [[question.column]]
    id = "by"
    label = "By"
    type = "choice"
    options = [{ id = "x", label = "X" }, { id = "x", label = "Y" }]
        """,
        """
        instrument.duplicate-id @ section r, question r.grid, column by
        instrument.duplicate-id @ section r, question r.grid, row stock
        instrument.duplicate-id @ section r, question r.grid, column by, option x
        """,
    ),
    Case(
        "two concepts and two contradictions of the same id",
        QUESTION
        + """
        [[contradiction]]
        id = "never"
        when = { question = "r.a", is = "yes" }
        message = "This cannot be."
        --- instrument.toml
        """.replace("        --- ", "--- ")
        + HEAD
        + """
        [[contradiction]]
        id = "never"
        when = { question = "r.a", is = "no" }
        message = "This cannot be either."
        [[concept]]
        id = "stock"
        label = "Stock"
        definition = "People who are there."
        [[concept]]
        id = "stock"
        label = "Stock"
        definition = "People who are there."
        """,
        """
        instrument.duplicate-id @ instrument.toml, concept stock
        instrument.duplicate-id @ contradiction never
        """,
    ),
]

TYPES = [
    Case(
        "a level question with two equal anchors and two actions",
        QUESTION.replace("yes_no", "level")
        + 'anchors = ["Nothing.", "A little.", "a little.", "All."]\nactions = ["Begin.", "Go on."]',
        """
        instrument.anchors @ section r, question r.a
        instrument.actions @ section r, question r.a
        """,
        "2 to 7 different sentences, for the levels from 0 up; here are 3",
    ),
    Case(
        "a level question with eight anchors, and one with a target above its levels",
        QUESTION.replace("yes_no", "level")
        + 'anchors = ["a", "b", "c", "d", "e", "f", "g", "h"]'
        + QUESTION.replace("yes_no", "level").replace("r.a", "r.b")
        + 'anchors = ["a", "b"]\ntarget = 2',
        """
        instrument.anchors @ section r, question r.a
        instrument.target @ section r, question r.b
        """,
    ),
    Case(
        "a number that earns points without bounds, and a text that does",
        QUESTION.replace("yes_no", "integer")
        + "numeric_score = true"
        + QUESTION.replace("yes_no", "text").replace("r.a", "r.b")
        + "numeric_score = true",
        """
        instrument.numeric-score @ section r, question r.a
        instrument.misplaced-key @ section r, question r.b
        """,
    ),
    Case(
        "a choice and a checklist without options",
        QUESTION.replace("yes_no", "choice") + QUESTION.replace("yes_no", "checklist").replace("r.a", "r.b"),
        """
        instrument.missing-options @ section r, question r.a
        instrument.missing-options @ section r, question r.b
        """,
    ),
    Case(
        "a scale that does not exist is not also missing options",
        QUESTION.replace("yes_no", "choice")
        + 'options = "how-oftn"\n'
        + "--- instrument.toml\n"
        + HEAD
        + '[scales]\nhow-often = [{ id = "never", label = "Never" }]',
        "instrument.unknown-scale @ section r, question r.a",
        "Did you mean “how-often”?",
    ),
    Case(
        "a scale with a bad name, a bad option and a double one",
        QUESTION
        + "--- instrument.toml\n"
        + HEAD
        + """
        [scales]
        "How often" = []
        done = [{ id = "x", label = "X" }, { id = "x", label = "X" }, { id = "y", label = "Y", poinst = 1 }]
        """,
        """
        instrument.unknown-key @ instrument.toml, scale done, option y
        instrument.malformed-id @ instrument.toml, scale How often
        instrument.duplicate-id @ instrument.toml, scale done, option x
        """,
        "Did you mean “points”?",
    ),
    Case(
        "keys that mean nothing for the type",
        QUESTION
        + LEVEL
        + 'options = [{ id = "x", label = "X" }]\nmany = true\nmost = 3\nminimum = 1\nmaximum = 2\nkey_column = "x"',
        "\n".join(["instrument.misplaced-key @ section r, question r.a"] * 8),
        "“anchors” means nothing for the type yes_no; it belongs to level.",
    ),
    Case(
        "a table below a question that is no grid",
        QUESTION + '[question.gate]\ncolumn = "x"\nanswers = ["no"]\nsettles = ["y"]',
        "instrument.misplaced-key @ section r, question r.a",
    ),
    Case(
        "a sentence for reports with a placeholder that means nothing here, and one for a level",
        QUESTION
        + 'finding = "Not {missing}: {answer}."'
        + QUESTION.replace("yes_no", "level").replace("r.a", "r.b")
        + LEVEL
        + 'finding = "Low."\nfinding_partly = "Lower."',
        """
        instrument.finding @ section r, question r.a
        instrument.misplaced-key @ section r, question r.b
        instrument.misplaced-key @ section r, question r.b
        """,
        "Use {answer}, and in a checklist {missing}.",
    ),
    Case(
        "a minimum above the maximum",
        QUESTION.replace("yes_no", "integer") + "minimum = 10\nmaximum = 1",
        "instrument.bounds @ section r, question r.a",
    ),
    Case(
        "how many at most, where only one is allowed, is only doubtful",
        QUESTION.replace("yes_no", "agency") + "most = 3",
        "instrument.most-without-many @ section r, question r.a",
    ),
    Case(
        "an option without points among options with points is only doubtful",
        QUESTION.replace("yes_no", "choice")
        + 'options = [{ id = "x", label = "X", points = 1 }, { id = "y", label = "Y" }]',
        "instrument.options-without-points @ section r, question r.a",
        "these have none: y.",
    ),
    Case(
        "an element that stands alone and is required with others",
        QUESTION.replace("yes_no", "checklist")
        + """
        options = [
            { id = "sex", label = "Sex", required = true },
            { id = "none", label = "None", required = true, exclusive = true },
        ]
        """,
        "instrument.exclusive-and-required @ section r, question r.a",
    ),
    Case(
        "a tag that is no concept, of a question and of a row",
        QUESTION
        + 'tags = ["stock"]\n'
        + GRID
        + '    tags = ["flow", "stok"]\n'
        + "--- instrument.toml\n"
        + HEAD
        + '[[concept]]\nid = "stock"\nlabel = "Stock"\ndefinition = "People who are there."',
        """
        instrument.unknown-tag @ section r, question r.grid, row stock
        instrument.unknown-tag @ section r, question r.grid, row stock
        """,
        "Did you mean “stock”?",
    ),
]

GRIDS = [
    Case(
        "a grid without columns and rows",
        QUESTION.replace("yes_no", "grid"),
        """
        instrument.empty-grid @ section r, question r.a
        instrument.empty-grid @ section r, question r.a
        """,
        "at least one [[question.row]]",
    ),
    Case(
        "a grid within a grid",
        GRID.replace('"yes_no"', '"grid"'),
        "instrument.nested-grid @ section r, question r.grid, column produced",
    ),
    Case(
        "a key column that does not exist",
        GRID.replace('"grid"', '"grid"\nkey_column = "prodused"'),
        "instrument.unknown-column @ section r, question r.grid",
        "Did you mean “produced”?",
    ),
    Case(
        "a spare row without a key column",
        GRID + "    spare = true",
        "instrument.missing-key-column @ section r, question r.grid",
    ),
    Case(
        "a gate of unknown columns and answers",
        GRID
        + """
    [question.gate]
    column = "produced"
    answers = ["no", "never"]
    settles = ["buy", "produced"]
        """,
        """
        instrument.unknown-option @ section r, question r.grid, gate
        instrument.unknown-column @ section r, question r.grid, gate
        instrument.gate-settles-itself @ section r, question r.grid, gate
        """,
        "“answers” names “never”, which is not an answer of produced.",
    ),
    Case(
        "a gate in a column that does not exist, and one in a checklist",
        GRID
        + '[question.gate]\ncolumn = "made"\nanswers = ["no"]\nsettles = ["by"]\n'
        + GRID.replace("r.grid", "r.other")
        + '[question.gate]\ncolumn = "by"\nanswers = ["sex"]\nsettles = ["produced"]\n',
        """
        instrument.unknown-column @ section r, question r.grid, gate
        instrument.gate-kind @ section r, question r.other, gate
        """,
    ),
    Case(
        "required elements of an unknown column, an unknown option, no checklist, and none at all",
        GRID
        + '    required = { bi = ["sex"], by = ["sexx"], produced = ["yes"] }\n'
        + '    [[question.row]]\n    id = "flow"\n    label = "Flow"\n    required = { by = [] }',
        """
        instrument.unknown-column @ section r, question r.grid, row stock
        instrument.unknown-option @ section r, question r.grid, row stock
        instrument.not-a-checklist @ section r, question r.grid, row stock
        instrument.empty @ section r, question r.grid, row flow
        """,
        "Did you mean “sex”?",
    ),
    Case(
        "two columns that measure the supply, one without points",
        GRID.replace('label = "Produced"', 'label = "Produced"\nsupply = true').replace(
            'label = "Broken down by"', 'label = "By"\nsupply = true\nscored = false'
        ),
        """
        instrument.supply-without-points @ section r, question r.grid, column by
        instrument.several-supply @ section r, question r.grid
        """,
        "here are produced, by",
    ),
    Case(
        "two columns that weigh the row",
        GRID
        + """
    [[question.column]]
    id = "relevance"
    label = "Relevance"
    type = "choice"
    options = [{ id = "high", label = "High", importance = 3 }]
    [[question.column]]
    id = "use"
    label = "Use"
    type = "choice"
    options = [{ id = "none", label = "None", not_applicable = true }]
        """,
        "instrument.several-weighing @ section r, question r.grid",
    ),
    Case(
        "a group of one column is only doubtful",
        GRID.replace('label = "Produced"', 'label = "Produced"\ngroup = "g"'),
        "instrument.lonely-group @ section r, question r.grid",
    ),
    Case(
        "a column with every mistake of its own",
        GRID
        + """
    [[question.column]]
    id = "Quality"
    type = "levle"
    wieght = 2
    anchors = ["a"]
        """,
        """
        instrument.unknown-key @ section r, question r.grid, column Quality
        instrument.missing-key @ section r, question r.grid, column Quality
        instrument.unknown-value @ section r, question r.grid, column Quality
        instrument.malformed-id @ section r, question r.grid, column Quality
        """,
        "Did you mean “level”?",
    ),
]

FILES = [
    Case(
        "a file that is not there does not make its questions unknown",
        QUESTION
        + 'show_if = { question = "q.other", is = "yes" }\n'
        + "--- instrument.toml\n"
        + HEAD.replace('"1.toml"', '"1.toml", "2.toml"'),
        "instrument.missing-file @ 2.toml",
    ),
    Case(
        "a file that is listed twice",
        QUESTION + "--- instrument.toml\n" + HEAD + 'supplements = ["1.toml"]',
        "instrument.duplicate-file @ instrument.toml",
    ),
    Case(
        "a file that nobody lists is only doubtful",
        QUESTION + "--- 2-forgotten.toml\n",
        "instrument.unlisted-file @ 2-forgotten.toml",
    ),
    Case(
        "files outside the folder",
        QUESTION
        + "--- instrument.toml\n"
        + HEAD.replace('"1.toml"', r'"1.toml", "../2.toml", "/etc/passwd", "a\\b.toml", "C:x.toml", ""'),
        "\n".join(["instrument.outside-folder @ instrument.toml"] * 5),
        "“../2.toml” does not name a file in the questionnaire's folder.",
    ),
    Case(
        "a bracket that never closes",
        QUESTION + 'tags = ["a"\nscored = false\n',
        "instrument.syntax @ 1.toml, line 15",
        "This is not valid TOML",
    ),
    Case(
        "a key that is given twice, and a table too",
        QUESTION + 'number = "2"\n',
        "instrument.syntax @ 1.toml, line 14",
    ),
    Case(
        "a supplement among the parts of the core",
        'supplement = "LB"\n' + QUESTION,
        "instrument.supplement-in-parts @ section r",
    ),
]

CASES = [*KEYS, *IDS, *TYPES, *GRIDS, *FILES]
DOUBTFUL = [case for case in CASES if case.name.endswith("only doubtful")]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_exactly_these_problems_are_found(case: Case, tmp_path: Path) -> None:
    instrument, problems = read_instrument(write(tmp_path, case.text))
    expected = [line.strip() for line in case.expected.strip().splitlines()]
    assert sorted(places(problems)) == sorted(expected)
    assert case.said in " ".join(problem.text() for problem in problems)
    assert (instrument is not None) == (case in DOUBTFUL)


def test_there_are_at_least_forty_broken_instruments() -> None:
    assert len(CASES) >= 40


def test_every_mistake_of_many_is_reported_at_once(tmp_path: Path) -> None:
    mistakes = [case for case in TYPES if "---" not in case.text and case not in DOUBTFUL]
    text = ""
    for number, case in enumerate(mistakes):
        text += case.text.replace('"r.', f'"r.n{number}-') + "\n"
    _, problems = read_instrument(write(tmp_path, text))
    expected = [line for case in mistakes for line in case.expected.strip().splitlines()]
    assert len(problems) == len(expected)


def test_an_instrument_with_warnings_only_can_be_used(tmp_path: Path) -> None:
    instrument, problems = read_instrument(write(tmp_path, QUESTION.replace("yes_no", "agency") + "most = 3"))
    assert instrument is not None
    assert [problem.severity.value for problem in problems] == ["warning"]
