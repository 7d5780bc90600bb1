"""A dossier as JSON: the same every time, equal after a round trip, and read as far as it can be read."""

import hashlib
import itertools
import json
import tempfile
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capacity_app.domain.assessment.answers import Answer
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Evidence
from capacity_app.domain.problems import KnownError, Problem, ProblemSeverity
from capacity_app.services.session.dossier_json import dossier_from_json, dossier_to_json
from capacity_app.services.session.file_writing import create_from_dossier
from tests.builders import DEVICE, open_session, small_dossier
from tests.dossiers import IS_TORTURE, dossiers, held_documents


def _json(change: Callable[[dict[str, Any]], object] = lambda _: None) -> str:
    """Write the small dossier, then change it by hand as a stranger might."""
    plain = json.loads(dossier_to_json(small_dossier(), {}))
    change(plain)
    return json.dumps(plain)


def _read(change: Callable[[dict[str, Any]], object]) -> tuple[Dossier, tuple[Problem, ...]]:
    dossier, _, problems = dossier_from_json(_json(change))
    return dossier, problems


@pytest.mark.check
@given(dossiers(), held_documents())
@settings(max_examples=60 if IS_TORTURE else 10)
def test_what_is_written_is_read_equal_and_written_the_same(
    dossier: Dossier, held: tuple[tuple[Evidence, ...], dict[str, bytes]]
) -> None:
    evidence, documents = held
    dossier = replace(dossier, evidence=evidence)
    text = dossier_to_json(dossier, documents)
    read, read_documents, problems = dossier_from_json(text)
    assert problems == ()
    assert read == dossier
    assert read_documents == documents
    assert dossier_to_json(read, dict(reversed(read_documents.items()))) == text


@pytest.mark.check
@given(dossiers(), held_documents())
@settings(max_examples=30 if IS_TORTURE else 8)
def test_a_file_made_of_a_dossier_says_the_same(
    dossier: Dossier, held: tuple[tuple[Evidence, ...], dict[str, bytes]]
) -> None:
    evidence, documents = held
    dossier = replace(dossier, evidence=evidence)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "made.assessment"
        create_from_dossier(file, dossier, documents, device=DEVICE)
        with open_session(file) as session:
            assert session.dossier() == dossier
            assert {digest: session.document(digest) for digest in documents} == documents


@given(st.permutations(range(5)))
def test_keys_are_sorted_and_the_text_is_language_free(order: list[int]) -> None:
    dossier = small_dossier()
    shuffled = replace(
        dossier, answers=tuple(itertools.chain(dossier.answers[5:], (dossier.answers[n] for n in order)))
    )
    plain = json.loads(dossier_to_json(shuffled, {}))
    assert list(plain) == sorted(plain)
    read, _, _ = dossier_from_json(dossier_to_json(shuffled, {}))
    assert read == dossier


def test_the_form_is_the_documented_one() -> None:
    plain = json.loads(_json())
    assert plain["format"] == "capacity-app dossier"
    assert plain["format_version"] == 1
    (answer,) = [a for a in plain["answers"] if a["question"] == "iii.topics" and a.get("column")]
    assert answer == {
        "question": "iii.topics",
        "row": "a",
        "column": "available",
        "layer": "response",
        "respondent": "agency-nso",
        "state": "answered",
        "value": 2,
        "reason": "",
        "note": "移民存量",
        "evidence": [],
        "author": "A. Officer",
        "time": "2018-11-27T09:12:00+00:00",
        "language": "en",
    }
    (law, _) = [a for a in plain["answers"] if a["question"] == "i.law"]
    assert "row" not in law
    assert plain["agencies"][0]["roles"] == ["producer", "user"]
    assert plain["previous"] is None


def test_texts_are_nfc_and_times_utc() -> None:
    (first, *others) = small_dossier().answers
    odd = replace(first, time="2018-11-27T12:00:00+03:00", author="Ame\u0301lie")
    text = dossier_to_json(small_dossier(answers=(odd, *others)), {})
    assert unicodedata.is_normalized("NFC", text)
    read, _, problems = dossier_from_json(text)
    assert (read.answers[0].time, read.answers[0].author) == ("2018-11-27T09:00:00+00:00", "Amélie")
    assert problems == ()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "7", "{}", '{"format": 7}', "[" * 100_000, '{"format": "something else"}', "\ud800"]
)
def test_what_is_no_dossier_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(KnownError) as refusal:
        dossier_from_json(text)
    assert refusal.value.text().endswith(".")


def test_a_newer_dossier_asks_for_the_newer_program() -> None:
    with pytest.raises(KnownError, match="newer version"):
        dossier_from_json(_json(lambda plain: plain.update(format_version=2)))


@pytest.mark.parametrize(
    "change",
    [
        lambda plain: plain.pop("instrument"),
        lambda plain: plain.update(instrument={}),
        lambda plain: plain.update(instrument=[]),
        lambda plain: plain["instrument"]["sections"][2]["questions"][0].update(
            gate={"column": "lost", "answers": ["low"], "settles": []}
        ),
    ],
)
def test_without_a_usable_instrument_there_is_no_dossier(change: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(KnownError, match="The questionnaire in this file cannot be used"):
        _read(change)


def _first(name: str, /, **more: object) -> Callable[[dict[str, Any]], object]:
    return lambda plain: plain[name][0].update(more)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_first("answers", state="perhaps"), "dossier.answer"),
        (_first("answers", value=1.5), "dossier.answer"),
        (_first("answers", value={"a": 1}), "dossier.answer"),
        (_first("answers", value=["nothing we know"]), "answer.value"),
        (_first("answers", question="i.nothing"), "answer.address"),
        (_first("answers", layer="rumour"), "dossier.answer"),
        (_first("answers", note="x" * 20_001), "answer.length"),
        (_first("answers", question=""), "answer.address"),
        (_first("answers", question="x" * 20_001), "answer.address"),
        (lambda plain: plain["answers"][0].pop("state"), "dossier.answer"),
        (lambda plain: plain["answers"].__setitem__(0, "hello"), "dossier.answer"),
        (lambda plain: plain["answers"].__setitem__(0, plain["answers"][1]), "dossier.twice"),
    ],
)
def test_a_wrong_answer_is_listed_and_the_rest_is_offered(
    change: Callable[[dict[str, Any]], object], code: str
) -> None:
    dossier, problems = _read(change)
    assert [problem.code for problem in problems] == [code]
    assert problems[0].severity is ProblemSeverity.ERROR
    assert problems[0].text()
    assert len(problems[0].place) < 300
    assert dossier.answers == small_dossier().answers[1:]
    assert dossier.agencies == small_dossier().agencies


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_first("answers", colour="red"), "dossier.answer"),
        (_first("answers", time="yesterday"), "dossier.time"),
        (_first("answers", time="2018-11-27T09:00:00"), "dossier.time"),
        (_first("agencies", colour="red"), "dossier.entry"),
        (lambda plain: plain.update(colour="red"), "dossier.key"),
        (lambda plain: plain.update(instrument_hash="0" * 64), "dossier.hash"),
        (lambda plain: plain.update(id=""), "dossier.id"),
    ],
)
def test_what_is_only_odd_is_taken_over_with_a_warning(change: Callable[[dict[str, Any]], object], code: str) -> None:
    dossier, problems = _read(change)
    assert [(problem.code, problem.severity) for problem in problems] == [(code, ProblemSeverity.WARNING)]
    assert [answer.content for answer in dossier.answers] == [answer.content for answer in small_dossier().answers]
    assert dossier.agencies == small_dossier().agencies


@pytest.mark.parametrize(
    "change",
    [
        _first("agencies", roles=["king"]),
        _first("agencies", id=""),
        _first("agencies", id=7),
        _first("agencies", name=7),
        _first("agencies", note="x" * 20_001),
        lambda plain: plain["agencies"].__setitem__(0, None),
        lambda plain: plain["agencies"].__setitem__(0, plain["agencies"][1]),
    ],
)
def test_a_wrong_entry_is_listed_and_the_rest_is_offered(change: Callable[[dict[str, Any]], object]) -> None:
    dossier, problems = _read(change)
    assert len(problems) == 1
    assert problems[0].severity is ProblemSeverity.ERROR
    assert [agency.id for agency in dossier.agencies] == ["agency-moi"]
    assert dossier.answers == small_dossier().answers


def test_a_register_that_is_no_list_is_listed() -> None:
    dossier, problems = _read(lambda plain: plain.update(agencies={"id": "x"}, answers=7))
    assert {problem.place for problem in problems} == {"agencies", "answers"}
    assert (dossier.agencies, dossier.answers) == ((), ())
    assert dossier.sources == small_dossier().sources


def test_an_answer_that_says_nothing_is_not_an_answer() -> None:
    dossier, problems = _read(_first("answers", state="not_asked", value=None))
    assert problems == ()
    assert dossier.answers == small_dossier().answers[1:]


@pytest.mark.parametrize("digest", ["0" * 64, "\x00", "x"])
@pytest.mark.parametrize("content", ["JVBERi0xLjcK", "not base64!", ""])
def test_a_document_that_is_not_what_it_says_is_left_out(digest: str, content: str) -> None:
    dossier, documents, problems = dossier_from_json(_json(lambda plain: plain.update(documents={digest: content})))
    assert documents == {}
    assert [problem.code for problem in problems] == ["dossier.document"]
    assert dossier == small_dossier()


@pytest.mark.parametrize("name", ["act.exe", "act.png", ""])
def test_a_document_of_a_kind_that_may_not_be_attached_is_left_out(name: str) -> None:
    held = Evidence(id="evidence-x", document=hashlib.sha256(b"%PDF-1.7\n").hexdigest(), file_name=name)
    text = dossier_to_json(small_dossier(evidence=(held,)), {held.document: b"%PDF-1.7\n"})
    dossier, documents, problems = dossier_from_json(text)
    assert documents == {}
    assert [problem.code for problem in problems] == ["dossier.document"]
    assert dossier.evidence == (held,)


def test_rounds_nested_without_end_are_cut_with_a_problem() -> None:
    dossier = small_dossier()
    for _ in range(12):
        dossier = small_dossier(previous=dossier)
    read, _, problems = dossier_from_json(dossier_to_json(dossier, {}))
    assert [problem.code for problem in problems] == ["dossier.rounds"]
    rounds: list[Dossier] = []
    inner: Dossier | None = read
    while inner:
        rounds.append(inner)
        inner = inner.previous
    assert len(rounds) == 11


def test_a_broken_earlier_round_does_not_cost_the_present_one() -> None:
    plain = json.loads(dossier_to_json(small_dossier(previous=small_dossier()), {}))
    plain["previous"]["instrument"] = "lost"
    dossier, _, problems = dossier_from_json(json.dumps(plain))
    assert dossier == small_dossier()
    assert {problem.severity for problem in problems} == {ProblemSeverity.ERROR}


@given(st.data())
@settings(max_examples=150)
def test_no_damage_to_the_text_gives_anything_but_a_sentence(data: st.DataObject) -> None:
    text = dossier_to_json(small_dossier(), {})
    start = data.draw(st.integers(0, len(text)))
    damaged = text[:start] + data.draw(st.text(max_size=3)) + text[start + data.draw(st.integers(0, 30)) :]
    try:
        dossier, _, problems = dossier_from_json(damaged)
    except KnownError as error:
        assert error.text()  # noqa: PT017 - most damage is refused, and some is not
        return
    assert all(isinstance(answer, Answer) for answer in dossier.answers)
    assert all(problem.text() for problem in problems)


def test_any_number_of_repeated_answers_and_entries_is_one_problem_each() -> None:
    plain = json.loads(dossier_to_json(small_dossier(), {}))
    plain["answers"] += plain["answers"][:1] * 5_000
    plain["people"] *= 3
    dossier, _, problems = dossier_from_json(json.dumps(plain))
    assert dossier.answers == small_dossier().answers
    assert [problem.text() for problem in problems] == [
        "In “answers” are items that repeat an earlier one: 5000. The earlier one counts.",
        "In “people” are items that repeat an earlier one: 2. The earlier one counts.",
    ]


def test_a_dossier_with_more_answers_than_anybody_gives_is_refused_in_one_sentence() -> None:
    plain = json.loads(dossier_to_json(small_dossier(), {}))
    plain["answers"] = plain["answers"][:1] * 100_001
    with pytest.raises(KnownError, match="holds 100001 items in “answers”"):
        dossier_from_json(json.dumps(plain))
