"""The content hash changes with everything an assessment says, and with nothing else."""

import hashlib
import json
from dataclasses import fields, replace
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given

from capacity_app.domain.assessment.answers import AnswerState
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import REGISTERS, RegisterEntry
from capacity_app.domain.assessment.revisions import RevisionId
from capacity_app.domain.content_hash import canonical_json, format_hash
from tests.builders import small_dossier
from tests.domain.making import say
from tests.dossiers import dossiers, on_few_dossiers
from tests.outputs.example import report_dossier

FULL = replace(report_dossier(), previous=small_dossier())


def changed(value: Any) -> Any:
    """Return another value of the same kind."""
    match value:
        case StrEnum():
            return next(one for one in type(value) if one is not value)
        case str():
            return f"{value}x"
        case int():
            return value + 1
        case tuple():
            return (*value, "x")
    raise TypeError(type(value))


def with_entry(register: str, entry: RegisterEntry) -> Dossier:
    part: Any = entry if register == "mission" else (entry,)
    return replace(FULL, **{register: part})


@pytest.mark.parametrize("register", REGISTERS)
def test_every_field_of_every_register_counts(register: str) -> None:
    entry = FULL.mission if register == "mission" else (*getattr(FULL, register), REGISTERS[register](id="new"))[0]
    for field in fields(entry):
        value = getattr(entry, field.name)
        edited = replace(entry, **{field.name: changed(value)})
        assert with_entry(register, edited).content_hash != with_entry(register, entry).content_hash, field.name


@pytest.mark.parametrize("change", [{"author": "Minister"}, {"time": "2001-01-01T00:00:00+00:00"}, {"language": "fr"}])
def test_author_time_and_language_of_an_answer_count(change: dict[str, Any]) -> None:
    first, *others = FULL.answers
    assert replace(FULL, answers=(replace(first, **change), *others)).content_hash != FULL.content_hash


def test_what_an_answer_says_counts() -> None:
    more = say("i.law", 2, who="agency-x", note="a note nobody else wrote")
    assert replace(FULL, answers=(*FULL.answers, more)).content_hash != FULL.content_hash


def test_the_questionnaire_and_the_earlier_round_count() -> None:
    section, *others = FULL.instrument.sections
    other = replace(FULL.instrument, sections=(replace(section, title="Another title"), *others))
    assert replace(FULL, instrument=other).content_hash != FULL.content_hash
    earlier = replace(small_dossier(), answers=small_dossier().answers[1:])
    assert len({replace(FULL, previous=one).content_hash for one in (None, small_dossier(), earlier)}) == 3


@pytest.mark.check
@on_few_dossiers
@given(dossiers())
def test_the_order_of_answers_does_not_count(dossier: Dossier) -> None:
    assert replace(dossier, answers=tuple(reversed(dossier.answers))).content_hash == dossier.content_hash


def test_what_is_no_part_of_the_content_does_not_count() -> None:
    dossier = small_dossier()
    heads = {dossier.answers[0].key: (RevisionId("laptop", 1),)}
    silent = say("i.law", state=AnswerState.NOT_ASKED, who="agency-x")
    assert replace(dossier, heads=heads).content_hash == dossier.content_hash
    assert replace(dossier, answers=(*dossier.answers, silent)).content_hash == dossier.content_hash


def test_composed_and_decomposed_letters_are_the_same() -> None:
    one, other = (replace(small_dossier(), answers=(say("ii.name", name),)) for name in ("Caf\u00e9", "Cafe\u0301"))
    assert one.content_hash == other.content_hash


def test_a_lone_surrogate_is_no_obstacle() -> None:
    assert len(replace(small_dossier(), answers=(say("ii.name", "\ud800"),)).content_hash) == 64


def test_another_program_can_compute_it_from_canonical_json() -> None:
    text = canonical_json(small_dossier().instrument)
    assert json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False, separators=(",", ":")) == text
    assert hashlib.sha256(text.encode()).hexdigest() == small_dossier().instrument.content_hash


def test_it_is_printed_as_sixteen_digits_in_groups_of_four() -> None:
    assert format_hash("0123456789abcdef" * 4) == "0123 4567 89ab cdef"
    assert format_hash("") == ""
