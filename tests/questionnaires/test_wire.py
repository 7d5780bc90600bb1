"""The copy of an instrument inside an assessment: nothing is lost, and nothing else is believed."""

from contextlib import suppress
from dataclasses import MISSING, fields, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capacity_app import paths
from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.problems import KnownError
from capacity_app.domain.questionnaire import conditions, instrument
from capacity_app.domain.questionnaire.conditions import Condition, ConditionOperator
from capacity_app.domain.questionnaire.instrument import (
    ChoiceOption,
    CitedSource,
    CodeListEntry,
    Concept,
    ContradictionRule,
    GridColumn,
    GridRow,
    Instrument,
    Profile,
    Question,
    ScoreThresholds,
    Section,
    SkipRule,
)
from capacity_app.questionnaires.checks import instrument_problems
from capacity_app.questionnaires.instrument_json import decode_instrument, encode_instrument, instrument_text_hash
from capacity_app.questionnaires.reader import offered_supplements, read_instrument
from tests.builders import small_instrument
from tests.questionnaires.test_keys import EVERYTHING
from tests.questionnaires.writing import places

IDS = st.text("abcxyz019-_", min_size=1, max_size=6)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
SHARES = st.fractions(0, 1, max_denominator=10**12)
WEIGHTS = st.fractions(0, 1000, max_denominator=10**6)
SMALL = st.integers(1, 3)
LEVELS = st.integers(0, 3)
WHOLE = st.none() | st.integers(-(10**12), 10**12)


def several(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=3).map(tuple)


def with_own_ids(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=3, unique_by=lambda part: part.id).map(tuple)


def has_own_ids(made: Instrument) -> bool:
    ids = [question.id for question in made.questions()]
    return len(set(ids)) == len(ids)


ADDRESSES = st.builds(Address, IDS, IDS | st.just(""), IDS | st.just(""))
TESTS = st.builds(Condition, op=st.just(ConditionOperator.IS), address=ADDRESSES, values=several(TEXTS)) | st.builds(
    Condition, op=st.just(ConditionOperator.AT_LEAST), address=ADDRESSES, number=st.integers(0, 5000)
)
CONDITIONS = st.recursive(
    TESTS,
    lambda parts: (
        st.builds(
            Condition,
            op=st.sampled_from([ConditionOperator.ALL, ConditionOperator.ANY]),
            parts=st.lists(parts, min_size=1, max_size=3).map(tuple),
        )
        | st.builds(Condition, op=st.just(ConditionOperator.NOT), parts=parts.map(lambda part: (part,)))
    ),
    max_leaves=5,
)
OPTIONS = st.builds(ChoiceOption, id=IDS, label=TEXTS, points=st.none() | SHARES, importance=st.none() | SMALL)
FIELD = {
    "id": IDS,
    "options": with_own_ids(OPTIONS),
    "anchors": several(TEXTS),
    "actions": several(TEXTS),
    "most": st.none() | st.integers(1, 1000),
    "minimum": WHOLE,
    "maximum": WHOLE,
    "weight": WEIGHTS,
    "definition": TEXTS,
    "officer_note": TEXTS,
    "finding": TEXTS,
    "finding_partly": TEXTS,
}
COLUMNS = st.builds(GridColumn, **FIELD, label=TEXTS, group=TEXTS)
ROWS = st.builds(
    GridRow,
    id=IDS,
    label=TEXTS,
    importance=SMALL,
    target=st.none() | LEVELS,
    required=st.dictionaries(IDS, several(IDS), max_size=2),
    tags=several(IDS),
    preset_reason=TEXTS,
)


def within_levels(made: Question) -> Question:
    """Lower the targets to the highest level."""
    rows = (replace(row, target=row.target and min(row.target, made.top_target)) for row in made.rows)
    return replace(made, target=min(made.target, made.top_target), rows=tuple(rows))


QUESTIONS = st.builds(
    Question,
    **FIELD,
    number=TEXTS,
    text=TEXTS,
    importance=SMALL,
    target=LEVELS,
    subheadings=several(TEXTS),
    heading_text=TEXTS,
    show_if=st.none() | CONDITIONS,
    columns=with_own_ids(COLUMNS),
    rows=with_own_ids(ROWS),
    gate=st.none() | st.builds(SkipRule, column=IDS, answers=several(IDS), settles=several(IDS)),
    tags=several(IDS),
).map(within_levels)
SECTIONS = st.builds(
    Section, id=IDS, number=TEXTS, title=TEXTS, questions=with_own_ids(QUESTIONS), weight=WEIGHTS, supplement=TEXTS
)
_SEVERAL = st.builds(
    Instrument,
    id=IDS,
    version=TEXTS,
    title=TEXTS,
    edition=TEXTS,
    language=TEXTS,
    sections=with_own_ids(SECTIONS),
    supplements=several(IDS),
    thresholds=st.builds(ScoreThresholds, firm=SHARES, robust_spread=WEIGHTS),
    framework_version=TEXTS,
    sources=several(st.builds(CitedSource, id=IDS, citation=TEXTS, url=TEXTS)),
    profiles=several(
        st.builds(
            Profile, id=IDS, title=TEXTS, questions=several(IDS), columns=st.dictionaries(IDS, several(IDS), max_size=2)
        )
    ),
    concepts=several(st.builds(Concept, id=IDS, label=TEXTS, definition=TEXTS)),
    contradictions=several(st.builds(ContradictionRule, id=IDS, when=CONDITIONS, message=TEXTS)),
    codes=st.dictionaries(IDS, several(st.builds(CodeListEntry, id=IDS, label=TEXTS)), max_size=2),
)

INSTRUMENTS = _SEVERAL.filter(has_own_ids)


@pytest.fixture(scope="module")
def bundled() -> Instrument:
    folder = paths.instruments_folder() / "unsd-nmdc"
    read, _ = read_instrument(folder, [one.id for one in offered_supplements(folder)])
    assert read is not None
    return read


@pytest.fixture
def everything(tmp_path: Path) -> Instrument:
    """Read the instrument that uses every key."""
    for name, content in EVERYTHING.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    read, _ = read_instrument(tmp_path, ["S"])
    assert read is not None
    return read


@pytest.mark.check
@given(INSTRUMENTS)
def test_any_instrument_comes_back_equal_and_its_text_is_canonical(made: Instrument) -> None:
    text = encode_instrument(made)
    again = decode_instrument(text)
    assert again == made
    assert encode_instrument(again) == text


def test_the_bundled_instrument_comes_back_equal(bundled: Instrument) -> None:
    assert decode_instrument(encode_instrument(bundled)) == bundled


def test_an_instrument_with_every_key_comes_back_equal_and_without_problems(everything: Instrument) -> None:
    again = decode_instrument(encode_instrument(everything))
    assert again == everything
    assert instrument_problems(again) == ()


def test_the_text_is_compact_sorted_and_names_what_is_not_the_default(everything: Instrument) -> None:
    text = encode_instrument(
        replace(everything, sections=(), concepts=(), sources=(), profiles=(), contradictions=(), codes={})
    )
    assert text == (
        '{"description":"Every key there is.","edition":"Test","framework_version":"2025","id":"all",'
        '"language":"en","sections":[],"supplements":["S"],"title":"All","version":"1.0"}'
    )


def test_the_order_of_a_dictionary_changes_neither_text_nor_hash(everything: Instrument) -> None:
    turned = replace(everything, codes=dict(reversed(everything.codes.items())))
    assert encode_instrument(turned) == encode_instrument(everything)


def test_points_are_written_as_fractions(everything: Instrument) -> None:
    assert '"weight":"1/2"' in encode_instrument(everything)


def test_the_hash_is_that_of_the_utf8_text() -> None:
    assert instrument_text_hash("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert instrument_text_hash("é") == "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"


def test_the_defaults_that_files_rely_on_have_not_changed() -> None:
    """A default is part of every file ever written: changing one changes what old assessments say."""
    shapes = (
        ChoiceOption,
        GridColumn,
        GridRow,
        SkipRule,
        Question,
        Section,
        ScoreThresholds,
        Concept,
        ContradictionRule,
        CodeListEntry,
        Instrument,
        Condition,
    )
    found: dict[str, object] = {}
    for shape in shapes:
        for field in fields(shape):
            if field.default is not MISSING:
                found[f"{shape.__name__}.{field.name}"] = field.default
            elif field.default_factory is not MISSING:
                found[f"{shape.__name__}.{field.name}"] = field.default_factory()
    empty = {name: value for name, value in found.items() if value in ((), "", None, False, {})}
    assert {name: value for name, value in found.items() if name not in empty} == {
        "GridColumn.weight": 1,
        "GridColumn.scored": True,
        "Question.weight": 1,
        "Question.scored": True,
        "Question.importance": 2,
        "Question.target": 3,
        "Question.feasibility": "effort",
        "GridRow.importance": 2,
        "GridRow.provenance": "P",
        "Section.weight": 1,
        "ScoreThresholds.firm": Fraction(4, 5),
        "ScoreThresholds.provisional": Fraction(1, 2),
        "ScoreThresholds.mostly_not_applicable": Fraction(2, 5),
        "ScoreThresholds.robust_spread": 10,
        "Instrument.thresholds": ScoreThresholds(),
    }


def test_every_dataclass_of_an_instrument_is_known_to_the_test_of_defaults() -> None:
    """A new kind of part needs its defaults looked at, too."""
    made = {
        thing
        for module in (instrument, conditions)
        for thing in vars(module).values()
        if hasattr(thing, "__dataclass_fields__") and thing.__module__ == module.__name__
    }
    known = {
        ChoiceOption,
        CitedSource,
        GridColumn,
        GridRow,
        SkipRule,
        Question,
        Section,
        ScoreThresholds,
        Concept,
        ContradictionRule,
        CodeListEntry,
        Profile,
        Instrument,
    }
    assert made == known | {Condition, instrument.QuestionField, instrument.SelectedInstrument}


DAMAGED = {
    "nothing": "",
    "no JSON": "instrument",
    "a list": "[]",
    "no keys": "{}",
    "cut": '{"id":"x","version":"1',
    "a wrong type": '{"id":1}',
    "a lone surrogate": '{"id":"\ud800"}',
    "a text that is far too long": f'{{"title":"{"x" * 100_001}"}}',
    "a text that is far too long among others": f'{{"id":"{"x" * 99_000}","title":"{"x" * 100_001}","edition":""}}',
    "far too long": "[" * 10_000_001,
    "very deep": '{"sections":' + "[" * 100_000,
}


@pytest.mark.parametrize("text", DAMAGED.values(), ids=DAMAGED.keys())
def test_anything_but_an_instrument_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(KnownError, match="The copy of the questionnaire in this file is damaged"):
        decode_instrument(text)


def test_texts_of_the_greatest_length_are_read() -> None:
    long = "x" * 100_000
    made = replace(small_instrument(), title=long, edition=long, description=long)
    assert decode_instrument(encode_instrument(made)) == made


def damaged(made: Instrument, old: str, new: str) -> str:
    text = encode_instrument(made)
    assert old in text
    return text.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"points":"0"', '"points":"1/0"'),
        ('"points":"0"', '"points":"2"'),
        ('"points":"0"', '"points":"-1"'),
        ('"points":"0"', '"points":0.5'),
        ('"points":"0"', f'"points":"{"9" * 1000}"'),
        ('"points":"0"', '"points":"1e999999999"'),
        ('"weight":"2"', '"weight":"1001"'),
        ('"weight":"2"', '"weight":true'),
        ('"importance":3', '"importance":4'),
        ('"importance":3', '"importance":99999999999999999999999'),
        ('"target":2', '"target":-1'),
        ('"kind":"level"', '"kind":"stars"'),
        ('"op":"is"', '"op":"all"'),
        ('"op":"is"', '"op":"eval"'),
        ('"op":"not"', '"op":"is"'),
    ],
)
def test_a_copy_that_would_break_arithmetic_or_conditions_is_refused(
    everything: Instrument, old: str, new: str
) -> None:
    with pytest.raises(KnownError):
        decode_instrument(damaged(everything, old, new))


@pytest.mark.parametrize("kind", ["sections", "questions", "rows", "columns", "options"])
def test_a_copy_in_which_two_parts_have_the_same_id_is_refused(kind: str) -> None:
    def twice(parts: tuple[Any, ...]) -> tuple[Any, ...]:
        return (*parts, parts[-1])

    made = small_instrument()
    first, *others = made.sections
    match kind:
        case "sections":
            made = replace(made, sections=twice(made.sections))
        case "questions":
            empty = replace(first, id="copy", questions=first.questions[:1])
            made = replace(made, sections=(first, empty, *others))
        case "rows" | "columns":
            grid = others[-1].questions[0]
            changed: dict[str, Any] = {kind: twice(getattr(grid, kind))}
            grid = replace(grid, **changed)
            made = replace(made, sections=(replace(others[-1], questions=(grid,)),))
        case "options":
            chosen = next(one for one in first.questions if one.options)
            chosen = replace(chosen, options=twice(chosen.options))
            made = replace(made, sections=(replace(first, questions=(chosen,)),))
    with pytest.raises(KnownError, match="two parts have the same id"):
        decode_instrument(encode_instrument(made))


@pytest.mark.parametrize("depth", [40, 100, 400, 5_000])
def test_a_condition_nested_by_hand_is_refused(everything: Instrument, depth: int) -> None:
    test = '{"address":{"question":"a.level"},"number":1,"op":"at_least"}'
    nested = '{"op":"not","parts":[' * depth + test + "]}" * depth
    with pytest.raises(KnownError):
        decode_instrument(damaged(everything, test, nested))


@settings(max_examples=300)
@given(st.data())
def test_a_copy_changed_anywhere_is_read_or_refused_and_never_raises_anything_else(data: st.DataObject) -> None:
    made = Instrument(
        id="x",
        version="1",
        title="x",
        edition="x",
        language="en",
        sections=(),
        contradictions=(
            ContradictionRule(id="a", when=Condition(op=ConditionOperator.IS, address=Address("a")), message="m"),
        ),
    )
    text = encode_instrument(made)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 20)))
    changed = text[:start] + data.draw(st.text(max_size=10)) + text[end:]
    with suppress(KnownError):
        decode_instrument(changed)


def test_what_no_type_can_tell_is_found_in_a_strangers_copy(everything: Instrument) -> None:
    """The gate's column, a tag and a control character: each would surprise a page or a score later."""
    text = encode_instrument(everything)
    text = text.replace('"column":"made","settles"', '"column":"gone","settles"').replace(
        '"gate":{"answers":["no"],', '"gate":{"answers":["no"],'
    )
    stranger = decode_instrument(
        text.replace('"title":"More"', '"title":"M\\u0007"').replace('"tags":["stock"]', '"tags":["x"]')
    )
    assert set(places(instrument_problems(stranger))) == {
        "instrument.profile-columns @ instrument, profile short, columns a.grid",
        "instrument.unknown-column @ section a, question a.grid, gate",
        "instrument.unknown-tag @ section a, question a.level",
        "instrument.unknown-tag @ section a, question a.grid, row main",
        "instrument.unclean-text @ section s",
    }


def test_the_copy_is_plain_json_that_other_programs_read(bundled: Instrument) -> None:
    plain = msgspec.json.decode(encode_instrument(bundled))
    assert plain["id"] == bundled.id
    assert plain["sections"][0]["questions"][0]["text"] == next(bundled.questions()).text
