"""The fingerprint changes with what is said, and with nothing else."""

import json
from dataclasses import replace

from hypothesis import given

from capacity_app.domain.answers import Layer, State
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.fingerprint import canonical, grouped, of_answers, short
from tests.builders import small_dossier
from tests.domain.making import say
from tests.dossiers import dossiers


def test_the_canonical_form_is_sorted_json_without_white_space() -> None:
    dossier = small_dossier()
    text = canonical(dossier.instrument.id, dossier.instrument.version, dossier.id, dossier.answers).decode()
    assert json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False, separators=(",", ":")) == text
    assert '["ii.staff","response","agency-nso","answered",12,"","",[]]' in text


@given(dossiers())
def test_the_order_of_answers_authors_and_registers_do_not_matter(dossier: Dossier) -> None:
    answers = tuple(replace(answer, author="X", time="", language="fr") for answer in reversed(dossier.answers))
    assert of_answers(replace(dossier, answers=answers, agencies=(), mission=small_dossier().mission)) == of_answers(
        dossier
    )


@given(dossiers())
def test_any_change_of_an_answer_changes_it(dossier: Dossier) -> None:
    more = say("i.law", 2, layer=Layer.VALIDATED, note="a note nobody else wrote")
    assert of_answers(replace(dossier, answers=(*dossier.answers, more))) != of_answers(dossier)


def test_composed_and_decomposed_letters_are_the_same() -> None:
    dossier = small_dossier()
    composed = replace(dossier, answers=(say("ii.name", "Caf\u00e9"),))
    decomposed = replace(dossier, answers=(say("ii.name", "Cafe\u0301"),))
    assert of_answers(composed) == of_answers(decomposed)


def test_an_answer_that_says_nothing_is_left_out() -> None:
    dossier = small_dossier()
    silent = say("i.law", state=State.NOT_ASKED, who="agency-x")
    assert of_answers(replace(dossier, answers=(*dossier.answers, silent))) == of_answers(dossier)


def test_it_is_written_in_groups_of_four() -> None:
    whole = of_answers(small_dossier())
    assert grouped(whole).replace(" ", "") == whole
    assert short(whole) == grouped(whole)[:19]
