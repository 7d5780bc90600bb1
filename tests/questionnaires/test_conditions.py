"""Conditions as an author writes them, and what the reader refuses in them."""

from pathlib import Path
from typing import NamedTuple

import pytest

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.questionnaire.conditions import Condition, ConditionOperator
from capacity_app.questionnaires.reader import read_instrument
from tests.questionnaires.writing import HEAD, places, write

QUESTIONS = """
[[question]]
id = "r.level"
number = "1"
text = "How far?"
type = "level"
provenance = "P"
anchors = ["Nothing.", "A little.", "Much.", "All."]
actions = ["Begin.", "Go on.", "Finish."]

[[question]]
id = "r.share"
number = "2"
text = "How much?"
type = "percent"
provenance = "P"

[[question]]
id = "r.grid"
number = "3"
text = "What is there?"
type = "grid"
provenance = "P"

    [[question.column]]
    id = "made"
    label = "Made"
    type = "yes_no"

    [[question.row]]
    id = "stock"
    label = "Stock"

[[question]]
id = "r.asked"
number = "4"
text = "Is it so?"
type = "yes_no"
provenance = "P"
"""


def is_(where: str, *values: str) -> Condition:
    return Condition(op=ConditionOperator.IS, address=Address.parse(where), values=values)


GOOD = [
    ('{ question = "r.level", is = 2 }', is_("r.level", "2")),
    ('{ question = "r.level", is = ["0", 1] }', is_("r.level", "0", "1")),
    ('{ question = "r.grid", row = "stock", column = "made", is = "no" }', is_("r.grid/stock/made", "no")),
    ('{ question = "r.share", is = "50" }', is_("r.share", "50")),
    (
        '{ question = "r.level", at_least = 2 }',
        Condition(op=ConditionOperator.AT_LEAST, address=Address("r.level"), number=2),
    ),
    (
        '{ not = { all = [{ question = "r.level", is = 0 }, { any = [{ question = "r.share", is = "0" }] }] } }',
        Condition(
            op=ConditionOperator.NOT,
            parts=(
                Condition(
                    op=ConditionOperator.ALL,
                    parts=(is_("r.level", "0"), Condition(op=ConditionOperator.ANY, parts=(is_("r.share", "0"),))),
                ),
            ),
        ),
    ),
]


@pytest.mark.parametrize(("written", "meant"), GOOD)
def test_a_condition_is_read_as_it_is_meant(written: str, meant: Condition, tmp_path: Path) -> None:
    instrument, problems = read_instrument(write(tmp_path, QUESTIONS + f"show_if = {written}"))
    assert problems == ()
    assert instrument is not None
    assert instrument.question_by_id["r.asked"].show_if == meant


class Bad(NamedTuple):
    """A condition with its problems, all in question r.asked, and what the author reads."""

    written: str
    expected: str
    said: str = ""


BAD = [
    Bad('{ question = "r.levle", is = 1 }', "unknown-question @ show_if", "Did you mean “r.level”?"),
    Bad('{ question = "r.level", at_lest = 1 }', "condition @ show_if\nunknown-key @ show_if", "“at_least”"),
    Bad('{ question = "r.level" }', "condition @ show_if", "exactly one of is and at_least; this one has –."),
    Bad('{ question = "r.level", is = 1, at_least = 1 }', "condition @ show_if", "this one has is, at_least."),
    Bad("{}", "condition @ show_if", "exactly one of question, all, any and not; this one has –."),
    Bad('{ all = [], question = "r.level", is = 1 }', "condition @ show_if\nempty @ show_if"),
    Bad("{ any = [] }", "empty @ show_if", "“any” is empty."),
    Bad("{ is = 1 }", "condition @ show_if\ncondition @ show_if", "is cannot stand in a condition without question."),
    Bad('{ question = "", is = "x" }', "empty @ show_if"),
    Bad('{ question = "r.level", is = [] }', "empty @ show_if"),
    Bad('{ question = "r.level", is = true }', "wrong-type @ show_if", "“is” must be text, a whole number"),
    Bad('{ question = "r.level", is = 4 }', "unknown-option @ show_if", "which is not an answer of r.level"),
    Bad('{ question = "r.level", at_least = 4 }', "out-of-range @ show_if", "Levels go from 0 to 3"),
    Bad('{ question = "r.level", at_least = "2" }', "wrong-type @ show_if"),
    Bad('{ question = "r.share", at_least = 2 }', "not-a-number @ show_if", "r.share is of the type percent"),
    Bad('{ question = "r.level", row = "x", is = 1 }', "not-a-grid @ show_if", "Remove row and column"),
    Bad('{ question = "r.grid", is = "yes" }', "cell-needed @ show_if", "needs both a row and a column"),
    Bad(
        '{ question = "r.grid", row = "stok", column = "mode", is = "yes" }',
        "unknown-row @ show_if\nunknown-column @ show_if",
        "Did you mean “stock”?",
    ),
    Bad('{ question = "r.grid", row = "stock", column = "made", is = "maybe" }', "unknown-option @ show_if"),
    Bad(
        '{ all = [{ question = "r.level", is = 1 }, { not = { question = "r.lvl" } }, "x"] }',
        "condition @ show_if, all 2, not\nwrong-type @ show_if, all 3\nunknown-question @ show_if",
    ),
    Bad('"r.level = 1"', "wrong-type @ show_if", "a condition must be a table, not r.level = 1."),
    Bad('{ question = "r.asked", is = "yes" }', "circle @", "r.asked → r.asked"),
]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.written)
def test_a_condition_that_makes_no_sense_is_refused(bad: Bad, tmp_path: Path) -> None:
    instrument, problems = read_instrument(write(tmp_path, QUESTIONS + f"show_if = {bad.written}"))
    assert instrument is None
    expected = [f"instrument.{line}" for line in bad.expected.splitlines()]
    found = [
        place.replace("section r, question r.asked", "").replace("@ , ", "@ ").strip() for place in places(problems)
    ]
    assert sorted(found) == sorted(expected)
    assert bad.said in " ".join(problem.text() for problem in problems)


def chain(links: dict[str, str]) -> str:
    """Write yes/no questions, each shown by another one."""
    question = '[[question]]\nid = "r.{}"\nnumber = "1"\ntext = "?"\ntype = "yes_no"\nprovenance = "P"\n'
    shown = 'show_if = {{ question = "r.{}", is = "yes" }}\n'
    return "".join(question.format(name) + (shown.format(other) if other else "") for name, other in links.items())


def test_every_circle_is_found_and_drawn(tmp_path: Path) -> None:
    links = {"a": "b", "b": "c", "c": "a", "d": "e", "e": "d", "f": "a", "g": ""}
    _, problems = read_instrument(write(tmp_path, chain(links)))
    assert places(problems) == [
        "instrument.circle @ section r, question r.a",
        "instrument.circle @ section r, question r.d",
    ]
    assert "r.a → r.b → r.c → r.a" in problems[0].text()


def test_a_circle_through_both_branches_of_a_condition_is_found(tmp_path: Path) -> None:
    both = '{ any = [{ question = "r.b", is = "yes" }, { question = "r.c", is = "yes" }] }'
    text = chain({"b": "a", "c": "a", "a": ""}) + f"show_if = {both}"
    _, problems = read_instrument(write(tmp_path, text))
    assert [problem.code for problem in problems] == ["instrument.circle"] * 2


def test_a_question_may_depend_on_thirty_two_others_in_a_row(tmp_path: Path) -> None:
    links = {f"q{number}": f"q{number - 1}" if number else "" for number in range(32)}
    instrument, problems = read_instrument(write(tmp_path, chain(links)))
    assert problems == ()
    assert instrument is not None


@pytest.mark.check
def test_a_longer_chain_is_refused_where_it_becomes_too_long(tmp_path: Path) -> None:
    links = {f"q{number}": f"q{number - 1}" if number else "" for number in range(4_000)}
    _, problems = read_instrument(write(tmp_path, chain(links)))
    assert places(problems) == ["instrument.long-chain @ section r, question r.q32"]


def test_a_circle_of_thousands_is_found_without_recursion(tmp_path: Path) -> None:
    links = {f"q{number}": f"q{(number + 1) % 4_000}" for number in range(4_000)}
    _, problems = read_instrument(write(tmp_path, chain(links)))
    assert [problem.code for problem in problems] == ["instrument.circle"]


def test_a_question_that_waits_for_one_of_an_unknown_type_is_not_complained_about_twice(tmp_path: Path) -> None:
    text = QUESTIONS.replace('"percent"', '"share"') + 'show_if = { question = "r.share", at_least = 5 }'
    _, problems = read_instrument(write(tmp_path, text))
    assert places(problems) == ["instrument.unknown-value @ section r, question r.share"]


def test_contradictions_are_checked_like_conditions_wherever_they_stand(tmp_path: Path) -> None:
    one = '[[contradiction]]\nid = "{}"\nmessage = "No."\nwhen = {{ question = "r.{}", is = "yes" }}\n'
    text = QUESTIONS + one.format("r.here", "askd") + "--- instrument.toml\n" + HEAD + one.format("there", "asked")
    _, problems = read_instrument(write(tmp_path, text))
    assert places(problems) == ["instrument.unknown-question @ contradiction r.here"]


def test_a_contradiction_without_a_condition_is_a_problem(tmp_path: Path) -> None:
    _, problems = read_instrument(write(tmp_path, QUESTIONS + '[[contradiction]]\nid = "R.x"\nmessage = "No."'))
    assert places(problems) == ["instrument.missing-key @ section r, contradiction R.x"]
