"""The editor reads whatever is put before it, never fails, and ends; what it calls impossible is impossible."""

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capacity_app import paths
from capacity_app.domain.assessment.answers import Address, AnswerValue
from capacity_app.domain.problems import ProblemSeverity
from capacity_app.domain.questionnaire.conditions import Condition, ConditionOperator
from capacity_app.domain.questionnaire.instrument import ChoiceOption, ContradictionRule, Instrument, Question
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.questionnaires.author_remarks import find_remarks, remark_kind, translation_coverage
from capacity_app.questionnaires.problems import address_of_place, format_place
from capacity_app.questionnaires.reader import offered_supplements, read_instrument
from tests.dossiers import IS_TORTURE
from tests.questionnaires.editing.draft import (
    at_least,
    both,
    either,
    grid,
    instrument,
    is_,
    no,
    question,
    section,
    sound,
)

KINDS = [kind for kind in AnswerKind if kind is not AnswerKind.GRID]
TEXTS = st.text(max_size=80) | st.sampled_from(
    [
        "Is it (not) “there”, and is it {used}? And why?",
        "没有人知道这是什么。还有吗？",
        "QZX is e.g. i.e. …; 1.2, IV.3 and 99.9 %",
        "word " * 60,
    ]
)


@st.composite
def any_question(draw: st.DrawFn, name: str) -> Question:
    kind = draw(st.sampled_from(KINDS))
    points = st.none() | st.fractions(0, 1, max_denominator=6)
    options = tuple(
        ChoiceOption(id=f"o{n}", label=draw(TEXTS), points=draw(points), required=draw(st.booleans()), exclusive=n == 0)
        for n in range(draw(st.integers(0, 4)))
    )
    return question(
        name,
        kind=kind,
        text=draw(TEXTS),
        number=draw(st.sampled_from(["", "1", "1.2", "IV.3", "A", "½", "٣", "1.99999999999999999999"])),
        options=options if kind in {AnswerKind.CHOICE, AnswerKind.CHECKLIST} else (),
        anchors=tuple(draw(st.lists(TEXTS, max_size=4))) if kind is AnswerKind.LEVEL else (),
        weight=draw(st.fractions(0, 3, max_denominator=9)),
        definition=draw(TEXTS),
        officer_note=draw(TEXTS),
        respondent_help=draw(TEXTS),
        scored=draw(st.booleans()),
    )


def joined(tests: st.SearchStrategy[Condition], most: int) -> st.SearchStrategy[Condition]:
    def inside(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        return st.builds(both, inner, inner) | st.builds(either, inner, inner) | st.builds(no, inner)

    return st.recursive(tests, inside, max_leaves=most)


def any_condition() -> st.SearchStrategy[Condition]:
    where = st.sampled_from(["a.0", "a.1", "a.2", "a.3", "a.9"])
    tests = st.builds(at_least, where, st.integers(-1, 4)) | st.builds(
        lambda place, values: is_(place, *values),
        where,
        st.lists(st.sampled_from(["o0", "o1", "yes", "2", "x"]), max_size=3),
    )
    return joined(tests, 100)


@st.composite
def any_instrument(draw: st.DrawFn) -> Instrument:
    found = []
    for n in range(draw(st.integers(1, 6))):
        asked = draw(any_question(f"a.{n}"))
        condition = draw(st.none() | any_condition())
        found.append(question(**{**vars(asked), "name": asked.id, "show_if": condition}))
    return instrument(section("a", *found), language=draw(st.sampled_from(["en", "zh", "ar", "x"])))


@pytest.mark.check
@settings(max_examples=150 if IS_TORTURE else 30)
@given(any_instrument())
def test_the_editor_reads_whatever_is_put_before_it(found: Instrument) -> None:
    for problem in find_remarks(found):
        assert problem.text()
        assert problem.severity is ProblemSeverity.WARNING
        assert remark_kind(problem) is not None
        assert format_place(found, problem.place)
        address = address_of_place(found, problem.place)
        assert address is None or address.question in found.question_by_id


LEVELS: tuple[AnswerValue, ...] = (0, 1, 2, 3, None)


def level_condition() -> st.SearchStrategy[Condition]:
    where = st.sampled_from(["a.0", "a.1", "a.2"])
    tests = st.builds(at_least, where, st.integers(0, 3)) | st.builds(
        lambda place, values: is_(place, *map(str, values)), where, st.lists(st.integers(0, 3), min_size=1, max_size=3)
    )
    return joined(tests, 8)


@pytest.mark.check
@settings(max_examples=200)
@given(level_condition(), st.none() | level_condition())
def test_what_is_called_impossible_has_been_tried_in_full(wanted: Condition, of_third: Condition | None) -> None:
    hidden = None if of_third is None or Address("a.2") in of_third.addresses() else of_third
    found = instrument(section("a", question("a.0"), question("a.1"), question("a.2", show_if=hidden)))

    def holds(answers: tuple[AnswerValue, ...]) -> bool:
        given_here = dict(zip((Address("a.0"), Address("a.1"), Address("a.2")), answers, strict=True))
        if hidden is not None and not hidden.holds(given_here.get):
            given_here[Address("a.2")] = None
        return wanted.holds(given_here.get)

    contradiction = ContradictionRule(id="c", when=wanted, message="Look.")
    said = [problem.code for problem in find_remarks(replace(found, contradictions=(contradiction,)))]
    if "editor.condition.never-contradiction" in said:
        assert not any(holds(answers) for answers in product(LEVELS, repeat=3))


@pytest.mark.parametrize("name", ["unsd-nmdc", "un-fpos"])
def test_the_shipped_questionnaires_have_no_question_that_is_never_asked(name: str) -> None:
    folder = paths.instruments_folder() / name
    found, problems = read_instrument(folder, [one.file for one in offered_supplements(folder)])
    assert found is not None, problems
    said = [problem.code for problem in find_remarks(found, translation_coverage(found, folder))]
    assert not [code for code in said if not code.startswith("editor.translation.")]


def test_a_translation_is_told_by_what_its_file_says(tmp_path: Path) -> None:
    found = sound(grid("a.4", (), ()), description="")
    head = ("Language: fr", "Last-Translator: unreviewed", "Content-Type: text/plain; charset=utf-8")
    header = 'msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in head) + "\n"
    good = f'msgctxt "small|a|title"\nmsgid "{found.sections[0].title}"\nmsgstr "Partie"\n\n'
    old = 'msgctxt "small|a.1|text"\nmsgid "An earlier wording"\nmsgstr "Avant"\n'
    (tmp_path / "fr.po").write_text(header + good + old, "utf-8")
    (tmp_path / "es.po").write_text("no catalogue at all", "utf-8")
    told = translation_coverage(found, tmp_path)
    assert told["fr"].stale == ("a.1|text",)
    assert "a|title" not in told["fr"].missing
    assert "instrument|title" in told["fr"].missing
    assert not told["es"].is_readable
    assert {problem.place for problem in find_remarks(found, told) if "translation" in problem.code} == {
        "fr.po",
        "es.po",
    }


def test_a_condition_that_nothing_can_read_is_left_to_the_checks() -> None:
    lost = Condition(op=ConditionOperator.IS, address=Address("nowhere"), values=("x",))
    assert [problem.code for problem in find_remarks(sound(question("a.4", show_if=lost)))] == [
        "editor.condition.never"
    ]
