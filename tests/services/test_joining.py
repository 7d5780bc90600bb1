"""Joining in an open assessment: all or nothing, as worked out, taken back exactly; the history keeps both."""

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Agency, Person
from capacity_app.domain.problems import KnownError
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.change_sets import (
    duplicate_merge_change_set,
    format_conflicting_answer,
    inverse_change_set,
    plan_duplicate_merge,
    store_change_set,
)
from capacity_app.services.session.file_writing import create_from_dossier
from capacity_app.services.session.revision_log import ValidationError
from tests.builders import DEVICE, file_of, open_session, small_dossier
from tests.domain.making import apply_duplicate_merge, say
from tests.domain.test_joining import GONE, KEPT, tangled
from tests.dossiers import on_few_dossiers

DAY = "2018-11-27T09:00:00+00:00"


@pytest.mark.check
@on_few_dossiers
@given(tangled())
def test_a_file_says_afterwards_what_was_worked_out_and_undone_what_it_said_before(drawn: tuple[Dossier, str]) -> None:
    dossier, register = drawn
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "x.assessment"
        create_from_dossier(file, dossier, device=DEVICE)
        with open_session(file) as session:
            before = session.dossier()
            joining = plan_duplicate_merge(session, register, KEPT, GONE, Translator())
            back = inverse_change_set(session, duplicate_merge_change_set(joining))
            store_change_set(session, duplicate_merge_change_set(joining))
            assert session.dossier() == apply_duplicate_merge(before, joining)
            store_change_set(session, back)
            assert session.dossier() == before
            store_change_set(session, duplicate_merge_change_set(joining))
        with open_session(file) as session:
            assert session.dossier() == apply_duplicate_merge(before, joining)


def with_clash() -> Dossier:
    return replace(
        small_dossier(),
        answers=(
            replace(say("i.law", 3, who="agency-nso", evidence=("evidence-law",)), author="Ana", time=DAY),
            replace(say("i.law", 1, who="agency-moi"), author="Ben", time=DAY),
        ),
    )  # fmt: skip


def test_what_gives_way_is_written_into_the_note_in_words(tmp_path: Path) -> None:
    with open_session(file_of(tmp_path, with_clash())) as session:
        joining = plan_duplicate_merge(session, "agencies", "agency-moi", "agency-nso", Translator())
        assert joining.answers[0].content.note == (
            "National Statistical Office answered: 3 – all (evidence: Statistics Act)"
        )
        assert isinstance(joining.kept, Agency)
        assert joining.kept.note == "Joined with “National Statistical Office”: National Statistical Office · NSO"
        assert (
            format_conflicting_answer(session, Translator(), joining.clashes[0], joining.clashes[0].stays) == "1 – some"
        )


def test_the_history_keeps_both_answers(tmp_path: Path) -> None:
    with open_session(file_of(tmp_path, with_clash())) as session:
        store_change_set(
            session,
            duplicate_merge_change_set(
                plan_duplicate_merge(session, "agencies", "agency-moi", "agency-nso", Translator())
            ),
        )
        said = {(r.key.respondent, r.content.value, r.author) for r in session.history(Address("i.law"))}
        assert ("agency-nso", 3, "Ana") in said
        assert ("agency-moi", 1, "Ben") in said


def test_what_would_be_too_long_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    people = (Person(id=KEPT, name="A", note="x" * 15_000), Person(id=GONE, name="A", note="y" * 15_000))
    with open_session(file_of(tmp_path, small_dossier(people=people))) as session:
        with pytest.raises(ValidationError, match="characters"):
            plan_duplicate_merge(session, "people", KEPT, GONE, Translator())
        assert session.entries("people") == people


def test_a_bundle_is_stored_whole_or_not_at_all(tmp_path: Path) -> None:
    with open_session(file_of(tmp_path)) as session:
        before = session.dossier()
        bundle = duplicate_merge_change_set(
            plan_duplicate_merge(session, "agencies", "agency-nso", "agency-moi", Translator())
        )
        broken = replace(bundle, entries=(*bundle.entries, Agency(id="")))
        with pytest.raises(KnownError):
            store_change_set(session, broken)
        assert session.dossier() == before
