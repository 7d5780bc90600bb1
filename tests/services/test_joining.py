"""Joining in an open assessment: all or nothing, as worked out, taken back exactly; the history keeps both."""

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from capacity_app.domain.answers import Address
from capacity_app.domain.assessment import Agency, Person
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.joining import joined
from capacity_app.domain.problems import KnownError
from capacity_app.services.bundles import opposite, store
from capacity_app.services.changes import Refused
from capacity_app.services.copies import create_from_dossier
from capacity_app.services.joining import answer_in_words, bundle_of, plan_joining
from capacity_app.texts import Texts
from tests.builders import DEVICE, file_of, open_session, small_dossier
from tests.domain.making import say
from tests.domain.test_joining import GONE, KEPT, tangled

DAY = "2018-11-27T09:00:00+00:00"


@settings(deadline=None, max_examples=40)
@given(tangled())
def test_a_file_says_afterwards_what_was_worked_out_and_undone_what_it_said_before(drawn: tuple[Dossier, str]) -> None:
    dossier, register = drawn
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "x.assessment"
        create_from_dossier(file, dossier, device=DEVICE)
        with open_session(file) as session:
            before = session.dossier()
            joining = plan_joining(session, register, KEPT, GONE, Texts())
            back = opposite(session, bundle_of(joining))
            store(session, bundle_of(joining))
            assert session.dossier() == joined(before, joining)
            store(session, back)
            assert session.dossier() == before
            store(session, bundle_of(joining))
        with open_session(file) as session:
            assert session.dossier() == joined(before, joining)


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
        joining = plan_joining(session, "agencies", "agency-moi", "agency-nso", Texts())
        assert joining.answers[0].content.note == (
            "National Statistical Office answered: 3 – all (evidence: Statistics Act)"
        )
        assert isinstance(joining.kept, Agency)
        assert joining.kept.note == "Joined with “National Statistical Office”: National Statistical Office · NSO"
        assert answer_in_words(session, Texts(), joining.clashes[0], joining.clashes[0].stays) == "1 – some"


def test_the_history_keeps_both_answers(tmp_path: Path) -> None:
    with open_session(file_of(tmp_path, with_clash())) as session:
        store(session, bundle_of(plan_joining(session, "agencies", "agency-moi", "agency-nso", Texts())))
        said = {(r.key.respondent, r.content.value, r.author) for r in session.history(Address("i.law"))}
        assert ("agency-nso", 3, "Ana") in said
        assert ("agency-moi", 1, "Ben") in said


def test_what_would_be_too_long_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    people = (Person(id=KEPT, name="A", note="x" * 15_000), Person(id=GONE, name="A", note="y" * 15_000))
    with open_session(file_of(tmp_path, small_dossier(people=people))) as session:
        with pytest.raises(Refused, match="characters"):
            plan_joining(session, "people", KEPT, GONE, Texts())
        assert session.entries("people") == people


def test_a_bundle_is_stored_whole_or_not_at_all(tmp_path: Path) -> None:
    with open_session(file_of(tmp_path)) as session:
        before = session.dossier()
        bundle = bundle_of(plan_joining(session, "agencies", "agency-nso", "agency-moi", Texts()))
        broken = replace(bundle, entries=(*bundle.entries, Agency(id="")))
        with pytest.raises(KnownError):
            store(session, broken)
        assert session.dossier() == before
