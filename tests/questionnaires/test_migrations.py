"""Migration files as an author would write them: read whole, and every mistake found at once with its place."""

from pathlib import Path

import pytest

from capacity_app import paths
from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.problems import Problem
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.questionnaire.versions import VersionChange, VersionRules
from capacity_app.questionnaires import migration_files as questionnaires_migration_files
from capacity_app.questionnaires.migration_checks import rule_problems
from capacity_app.questionnaires.migration_files import find_migration_chain, migration_files, read_migration
from capacity_app.questionnaires.toml_decoder import _types_of_keys
from tests.questionnaires.test_keys import keys_in_table
from tests.questionnaires.writing import places
from tests.versions import Step, changed, draft, edited, made, moved, option_split, retired, row_moved, untouched

HEAD = """
[migration]
instrument = "small"
from = "1.0"
to = "2.0"
"""
OLD = draft(["q.a", "q.b", "q.c", "q.d"], [AnswerKind.LEVEL, AnswerKind.CHOICE, AnswerKind.CHECKLIST, AnswerKind.GRID])
A, B, C, D = OLD.questions()
ADDED = '[[question]]\nto = "q.added-2-0"\nbecame = "new"\n'


def written(folder: Path, text: str, name: str = "1.0-2.0.toml", head: str = HEAD) -> Path:
    file = folder / questionnaires_migration_files.MIGRATIONS_FOLDER / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(head + text, encoding="utf-8")
    return file


def rules_of(folder: Path, text: str) -> VersionRules:
    rules, problems = read_migration(written(folder, text))
    assert problems == ()
    assert rules is not None
    return rules


def later(*steps: Step) -> Instrument:
    return changed(OLD, steps, "2.0").later


def found(folder: Path, text: str, new: Instrument, old: Instrument | None = OLD) -> tuple[Problem, ...]:
    return rule_problems(old, new, rules_of(folder, text))


def test_every_kind_of_entry_is_read(tmp_path: Path) -> None:
    rules = rules_of(
        tmp_path,
        """
        [[question]]
        from = "q.a"
        became = "rescaled"
        values = { "0" = "no", "3" = "yes" }
        note = "Simpler."

        [[question]]
        from = "q.d/a/level"
        to = "q.z"
        became = "moved"

        [[row]]
        question = "q.d"
        from = "b"
        to = "q.e/beta"
        became = "moved"

        [[column]]
        question = ["q.d", "q.e"]
        from = "level"
        became = "reworded"

        [[option]]
        question = "q.b"
        from = "one"
        to = ["uno", "eins"]
        became = "split"
        """,
    )
    assert rules.places[0].values == {"0": "no", "3": "yes"}
    assert rules.places[1].sources == (Address("q.d", "a", "level"),)
    assert rules.rows[0].targets == (Address("q.e", "beta"),)
    assert [rule.sources[0] for rule in rules.columns] == [Address("q.d", "", "level"), Address("q.e", "", "level")]
    assert (rules.options[0].of, rules.options[0].targets) == (Address("q.b"), ("uno", "eins"))
    assert (rules.instrument, rules.earlier, rules.later, rules.file) == ("small", "1.0", "2.0", "1.0-2.0.toml")


@pytest.mark.parametrize(
    ("text", "expected", "said"),
    [
        ('[[question]]\nfrom = "q.a"\n', "instrument.missing-key @ migrations/1.0-2.0.toml, question q.a", "became"),
        (
            '[[question]]\nfrom = "q.a"\nbecame = "rewordet"\n',
            "instrument.unknown-value @ migrations/1.0-2.0.toml, question q.a",
            "Did you mean “reworded”?",
        ),
        (
            '[[question]]\nfrom = "q.a"\nbecame = "moved"\n',
            "migration.names @ migrations/1.0-2.0.toml, question q.a",
            "needs “to”",
        ),
        (
            '[[question]]\nfrom = "q.a"\nto = ["q.x"]\nbecame = "split"\n',
            "migration.names @ migrations/1.0-2.0.toml, question q.a",
            "2 or more",
        ),
        (
            '[[question]]\nfrom = ["q.a", "q.b"]\nto = "q.x"\nbecame = "reworded"\n',
            "migration.names @ migrations/1.0-2.0.toml, question q.a",
            "merged",
        ),
        (
            '[[question]]\nfrom = "q.a"\nto = "q.x"\nbecame = "retired"\n',
            "migration.names @ migrations/1.0-2.0.toml, question q.a",
            "takes no “to”",
        ),
        (
            '[[question]]\nfrom = "q.a"\nbecame = "rescaled"\n',
            "migration.values @ migrations/1.0-2.0.toml, question q.a",
            "needs “values”",
        ),
        (
            '[[row]]\nquestion = "q.d"\nfrom = "a"\nbecame = "rescaled"\n',
            "migration.became @ migrations/1.0-2.0.toml, row q.d/a",
            "cannot be rescaled",
        ),
        (
            '[[question]]\nfrom = "q.d/a"\nbecame = "retired"\n',
            "migration.address @ migrations/1.0-2.0.toml, question q.d/a",
            "tables of their own",
        ),
        (
            '[[questions]]\nfrom = "q.a"\n',
            "migration.unknown-table @ migrations/1.0-2.0.toml",
            "Did you mean “question”?",
        ),
        (
            '[[question]]\nfrom = 7\nbecame = "retired"\n',
            "instrument.wrong-type @ migrations/1.0-2.0.toml, question 1",
            "list of these",
        ),
        ("question = 3\n", "migration.wrong-type @ migrations/1.0-2.0.toml", "[[question]]"),
        ("[[question]\n", "instrument.syntax @ migrations/1.0-2.0.toml, line 6", "TOML"),
    ],
)
def test_a_mistake_of_form_is_named_with_its_place(tmp_path: Path, text: str, expected: str, said: str) -> None:
    # A key before the first table belongs to the file as a whole.
    rules, problems = read_migration(written(tmp_path, text, head="" if text.startswith("question") else HEAD))
    assert rules is None
    assert expected in places(problems)
    assert any(said in problem.text() for problem in problems if expected.startswith(problem.code))


def test_all_mistakes_are_found_at_once(tmp_path: Path) -> None:
    text = '[[question]]\nfrom = "q.a"\nbecame = "moved"\n[[row]]\nfrom = "a"\nbecame = "gone"\ncolour = "red"\n'
    codes = [problem.code for problem in read_migration(written(tmp_path, text))[1]]
    assert codes == [
        "migration.names",
        "instrument.unknown-key",
        "instrument.missing-key",
        "instrument.unknown-value",
    ]


def test_a_file_may_be_too_large_or_not_there(tmp_path: Path) -> None:
    assert read_migration(tmp_path / "gone.toml")[0] is None
    (tmp_path / "big.toml").write_bytes(b"#" * 5_000_001)
    assert places(read_migration(tmp_path / "big.toml")[1]) == ["instrument.file-too-large @ migrations/big.toml"]


# -- against the versions ---------------------------------------------------------------------------------------------


def test_what_is_declared_as_it_is_has_no_mistakes(tmp_path: Path) -> None:
    new = later(edited(A, "-2"), option_split(B, "-2"), moved(C, "-2"), row_moved(D, "-2"))
    text = f"""
    [[question]]
    from = "q.a"
    became = "same"
    [[question]]
    from = "q.c"
    to = "q.c-2"
    became = "moved"
    [[option]]
    question = "q.b"
    from = "one"
    to = ["one-2", "one-2z"]
    became = "split"
    [[row]]
    question = "q.d"
    from = "a"
    to = "a-2"
    became = "moved"
    {ADDED}
    """
    assert found(tmp_path, text, new) == ()


def test_every_difference_nobody_declared_is_a_mistake(tmp_path: Path) -> None:
    new = later(edited(A, "-2"), option_split(B, "-2"), retired(C, ""), row_moved(D, "-2"))
    assert places(found(tmp_path, "", new)) == [
        "migration.undeclared @ migrations/1.0-2.0.toml, question q.a",
        "migration.undeclared @ migrations/1.0-2.0.toml, question q.b",
        "migration.undeclared @ migrations/1.0-2.0.toml, question q.c",
        "migration.undeclared @ migrations/1.0-2.0.toml, row q.d/a",
        "migration.undeclared @ migrations/1.0-2.0.toml, row q.d/a-2",
        "migration.undeclared @ migrations/1.0-2.0.toml, question q.added-2-0",
    ]


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ('[[question]]\nfrom = "q.aa"\nbecame = "retired"\n', "migration.unknown", "Did you mean “q.a”?"),
        ('[[question]]\nfrom = "q.a"\nto = "q.bb"\nbecame = "moved"\n', "migration.unknown", "Version 2.0 has no"),
        ('[[row]]\nquestion = "q.d"\nfrom = "z"\nbecame = "retired"\n', "migration.unknown", "no row “z”"),
        ('[[option]]\nquestion = "q.b"\nfrom = "four"\nbecame = "retired"\n', "migration.unknown", "no option “four”"),
        ('[[question]]\nfrom = "q.a"\nbecame = "retired"\n', "migration.reused", "never used again"),
        ('[[question]]\nto = "q.a"\nbecame = "new"\n', "migration.not-new", "the earlier version has it too"),
        (
            '[[question]]\nfrom = "q.a"\nbecame = "same"\n[[question]]\nfrom = "q.a"\nbecame = "reworded"\n',
            "migration.twice",
            "said 2 times",
        ),
        (
            '[[question]]\nfrom = "q.a"\nbecame = "rescaled"\nvalues = { "7" = 1 }\n',
            "migration.values",
            "was no answer of the earlier version",
        ),
        (
            '[[question]]\nfrom = "q.a"\nbecame = "rescaled"\nvalues = { "0" = 0, "1" = 9, "2" = 2, "3" = 3 }\n',
            "migration.values",
            "is not an answer of the new version",
        ),
        (
            '[[question]]\nfrom = "q.a"\nbecame = "rescaled"\nvalues = { "0" = 0, "1" = 1, "2" = 2 }\n',
            "migration.values",
            "says nothing about “3”",
        ),
    ],
)
def test_what_an_entry_names_must_be_there(tmp_path: Path, text: str, code: str, said: str) -> None:
    new = later(*(untouched(one, "") for one in (A, B, C, D)))
    mistakes = [problem for problem in found(tmp_path, text + ADDED, new) if problem.code == code]
    assert any(said in problem.text() for problem in mistakes), [problem.text() for problem in mistakes]


def test_another_type_needs_a_table(tmp_path: Path) -> None:
    new = later(Step((made("q.a", AnswerKind.YES_NO),)), *(untouched(one, "") for one in (B, C, D)))
    text = '[[question]]\nfrom = "q.a"\nbecame = "reworded"\n'
    assert "migration.kind" in [problem.code for problem in found(tmp_path, text + ADDED, new)]


def test_without_the_earlier_version_the_later_half_is_checked(tmp_path: Path) -> None:
    new = later(*(untouched(one, "") for one in (A, B, C, D)))
    text = '[[question]]\nfrom = "q.gone"\nto = "q.nowhere"\nbecame = "moved"\n'
    problems = found(tmp_path, text + ADDED, new, old=None)
    assert [problem.code for problem in problems] == ["migration.unknown"]


def test_a_file_about_other_versions_says_so(tmp_path: Path) -> None:
    rules, _ = read_migration(written(tmp_path, "", head=HEAD.replace("2.0", "2.1").replace("small", "large")))
    assert rules is not None
    codes = [problem.text() for problem in rule_problems(OLD, later(), rules) if problem.code == "migration.versions"]
    assert len(codes) == 2


# -- several steps ----------------------------------------------------------------------------------------------------


def step(earlier: str, version: str) -> VersionRules:
    return VersionRules(instrument="small", earlier=earlier, later=version)


def test_the_shortest_way_through_the_versions_is_taken() -> None:
    steps = [step("1.0", "1.1"), step("1.1", "2.0"), step("2.0", "3.0"), step("1.1", "3.0")]
    way = find_migration_chain(steps, "1.0", "3.0")
    assert way is not None
    assert [(one.earlier, one.later) for one in way] == [("1.0", "1.1"), ("1.1", "3.0")]
    assert find_migration_chain(steps, "3.0", "1.0") is None
    assert find_migration_chain([step("1.0", "2.0"), step("2.0", "1.0")], "1.0", "9.0") is None
    assert find_migration_chain([], "1.0", "1.0") == ()


def test_files_are_listed_by_name(tmp_path: Path) -> None:
    assert migration_files(tmp_path) == ()
    written(tmp_path, "", "1.1-2.0.toml")
    written(tmp_path, "", "1.0-1.1.toml")
    assert [file.name for file in migration_files(tmp_path)] == ["1.0-1.1.toml", "1.1-2.0.toml"]


# -- the documentation ------------------------------------------------------------------------------------------------


def test_the_documentation_names_exactly_the_keys_there_are() -> None:
    tables = (
        questionnaires_migration_files.PlaceTable,
        questionnaires_migration_files.RowChangeTable,
        questionnaires_migration_files.ColumnChangeTable,
        questionnaires_migration_files.OptionChangeTable,
    )
    known = {key for table in tables for key in _types_of_keys(table)}
    documented = keys_in_table("### The entries of a migration file")
    assert documented - {one.value for one in VersionChange} == known
    assert {one.value for one in VersionChange} < documented
    assert keys_in_table("### The head of a migration file") == set(
        _types_of_keys(questionnaires_migration_files.MigrationTable)
    )


def test_the_example_of_the_documentation_can_be_read(tmp_path: Path) -> None:
    readme = (paths.instruments_folder() / "README.md").read_text(encoding="utf-8")
    example = readme.split("## A new version: migration files")[1].split("```toml\n")[1].split("```")[0]
    rules, problems = read_migration(written(tmp_path, "", head=example))
    assert problems == ()
    assert rules is not None
    assert len(rules.places) == 2
