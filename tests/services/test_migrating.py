"""The migrated copy: made beside the original, which is not touched, with history, documents and registers."""

import hashlib
import lzma
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capacity_app import paths
from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.migration import MigrationOutcome
from capacity_app.domain.assessment.registers import Evidence, FeasibilityRating, RetiredAnswerStatus
from capacity_app.domain.problems import KnownError
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.questionnaire.versions import SAME_VERSION_DIFFERS, PlaceRule, VersionChange, VersionRules
from capacity_app.i18n.translator import Translator
from capacity_app.questionnaires.library import list_instruments
from capacity_app.questionnaires.migration_checks import folder_migration_problems
from capacity_app.questionnaires.reader import read_instrument
from capacity_app.services.exchange.dossier_import import plan_import
from capacity_app.services.exchange.migration import (
    BROKEN_MIGRATION_FILE,
    CHANGED_MEANWHILE,
    NO_SUCH_VERSION,
    NONE_NEWER,
    NOT_NEWER,
    MigrationPlan,
    migrate_file,
    newer_versions,
    plan_migration,
    plan_migration_with,
    suggested_copy,
    wanted_version,
)
from capacity_app.services.session.change_sets import (
    confirm_kept_answers,
    inverse_change_set,
    kept_answers,
    retire_kept_answers,
    store_change_set,
)
from capacity_app.services.session.dossier_json import dossier_from_json, dossier_to_json
from capacity_app.services.session.file_writing import create_from_dossier
from tests.builders import DEVICE, file_of, open_session, small_dossier, small_instrument
from tests.domain.making import say
from tests.questionnaires.writing import write
from tests.versions import Pair, answered, draft, drafts, next_versions

OLD_DEMONSTRATION = Path(__file__).parents[1] / "expected" / "assessments" / "demonstration-of-1.0.json.xz"
PDF = b"%PDF-1.7\nthe act"
TEXTS = Translator("en")


def reworded(version: str = "2.0") -> Instrument:
    """Return the small instrument's next version: the law asked otherwise, the plan moved, the staff gone."""
    old = small_instrument()
    first, second, *rest = old.sections
    law, plan, *others = first.questions
    questions = (replace(law, text="Is there a modern law?"), replace(plan, id="i.strategy"), *others)
    facts = tuple(question for question in second.questions if question.id != "ii.staff")
    sections = (replace(first, questions=questions), replace(second, questions=facts), *rest)
    return replace(old, version=version, sections=sections)


RULES = VersionRules(
    instrument="small",
    earlier="1.0",
    later="2.0",
    places=(
        PlaceRule(became=VersionChange.REWORDED, sources=(Address("i.law"),)),
        PlaceRule(became=VersionChange.MOVED, sources=(Address("i.plan"),), targets=(Address("i.strategy"),)),
        PlaceRule(became=VersionChange.RETIRED, sources=(Address("ii.staff"),)),
    ),
)


def planned(dossier: Dossier, later: Instrument | None = None) -> MigrationPlan:
    return plan_migration_with(dossier, later or reworded(), (RULES,), TEXTS)


def copied(folder: Path, dossier: Dossier, **documents: bytes) -> Path:
    """Make a file and its migrated copy, and give the copy."""
    file = file_of(folder, dossier, documents)
    with open_session(file, read_only=True) as session:
        plan = planned(session.dossier())
    out = folder / "copy.assessment"
    migrate_file(file, out, plan, author="B. Officer", device=DEVICE)
    return out


def test_the_original_is_not_touched_and_the_copy_says_what_was_planned(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    before = file.read_bytes()
    with open_session(file, read_only=True) as session:
        plan = planned(session.dossier())
    migrate_file(file, tmp_path / "copy.assessment", plan, device=DEVICE)
    assert file.read_bytes() == before
    assert plan.answers_in == sum(plan.counts.values())
    assert (plan.counts[MigrationOutcome.TO_CONFIRM], plan.counts[MigrationOutcome.RETIRED]) == (2, 1)
    with open_session(tmp_path / "copy.assessment", read_only=True) as session:
        there = session.dossier()
        assert session.assessment_id == small_dossier().id
    assert there.answers == plan.migrated.dossier.answers
    assert set(there.kept) == set(plan.migrated.dossier.kept)
    assert there.instrument.version == "2.0"
    assert there == replace(plan.migrated.dossier, kept=there.kept)


@pytest.mark.check
def test_the_whole_demonstration_of_version_1_0_goes_to_1_1_with_every_answer_accounted_for(tmp_path: Path) -> None:
    old, _, _ = dossier_from_json(lzma.decompress(OLD_DEMONSTRATION.read_bytes()).decode())
    file, out = file_of(tmp_path, old), tmp_path / "new.assessment"
    with open_session(file, read_only=True) as session:
        before = session.dossier()
    entries = list_instruments([paths.instruments_folder()])
    plan = plan_migration(before, wanted_version(before.instrument, entries, "1.1"), TEXTS)
    assert plan.problems == plan.migrated.problems == ()
    assert [step.file for step in plan.steps] == ["1.0-1.1.toml"]
    assert (plan.answers_in, len(plan.migrated.outcomes)) == (707, 707)
    assert [plan.counts[fate] for fate in MigrationOutcome] == [674, 32, 1]
    migrate_file(file, out, plan, author="B. Officer", device=DEVICE)
    with open_session(out, read_only=True) as session:
        after, kept = session.dossier(), kept_answers(session)
    there = {(answer.key, answer.content.value) for answer in after.answers}
    for outcome in plan.migrated.outcomes:
        if outcome.fate is MigrationOutcome.CARRIED:
            assert (outcome.answers[0].key, outcome.answers[0].content.value) in there
            assert outcome.answers[0].content == outcome.answer.content
        else:
            waiting = [one for one in kept if one.address == str(outcome.answer.key.address)]
            assert any(one.respondent == outcome.answer.key.respondent for one in waiting), outcome.answer.key
            assert all(one.answered for one in waiting)
    assert after.evidence == before.evidence
    assert after.previous is not None
    assert before.previous is not None
    # The officer's texts of a previous round are not kept.
    earlier = before.previous.instrument.without_officer_texts()
    assert after.previous == replace(before.previous, instrument=earlier)


def test_what_was_answered_is_kept_in_words(tmp_path: Path) -> None:
    with open_session(copied(tmp_path, small_dossier()), read_only=True) as session:
        kept = {entry.address: entry for entry in kept_answers(session) if entry.respondent == "agency-nso"}
    assert kept["i.law"].answered == "3 – all"
    assert (kept["i.law"].note, kept["i.law"].evidence) == ("Loi n° 12 – «adoptée»", ("evidence-law",))
    assert (kept["ii.staff"].answered, kept["ii.staff"].fate) == ("12", RetiredAnswerStatus.RETIRED)


def test_documents_and_the_earlier_round_come_along(tmp_path: Path) -> None:
    digest = hashlib.sha256(PDF).hexdigest()
    held = Evidence(id="evidence-law", document=digest, file_name="act.pdf", size=len(PDF))
    earlier = replace(small_dossier(), id="earlier", mission=replace(small_dossier().mission, round="2013"))
    out = copied(tmp_path, small_dossier(evidence=(held,), previous=earlier), **{digest: PDF})
    with open_session(out, read_only=True) as session:
        assert session.document(digest) == PDF
        assert session.previous == earlier


def test_the_history_of_a_carried_answer_goes_with_it(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    key = AnswerKey(Address("i.plan"), respondent="agency-nso")
    with open_session(file, author="A. Officer") as session:
        session.record(key, Content(state=AnswerState.ANSWERED, value=3))
        assert session.flush()
        was = [(one.id, one.content.value, one.parents) for one in session.history(Address("i.plan"))]
        plan = planned(session.dossier())
        migrate_file(file, tmp_path / "copy.assessment", plan, device="another")
    with open_session(tmp_path / "copy.assessment", read_only=True) as copy:
        history = copy.history(Address("i.strategy"))
        assert [(one.id, one.content.value, one.parents) for one in history] == was
        assert copy.history(Address("i.plan")) == ()


def test_an_answer_that_was_taken_back_stays_taken_back(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    key = AnswerKey(Address("i.plan"), respondent="agency-nso")
    with open_session(file) as session:
        session.record(key, Content())
        assert session.flush()
        plan = planned(session.dossier())
        migrate_file(file, tmp_path / "copy.assessment", plan, device=DEVICE)
    with open_session(tmp_path / "copy.assessment", read_only=True) as copy:
        assert copy.content(replace(key, address=Address("i.strategy"))).is_empty
        assert len(copy.history(Address("i.strategy"))) == 3


def test_a_rating_moves_and_its_old_name_is_gone(tmp_path: Path) -> None:
    out = copied(tmp_path, small_dossier(ratings=(FeasibilityRating(id="i.plan", note="draft"),)))
    with open_session(out, read_only=True) as session:
        assert [(rating.id, rating.note) for rating in session.dossier().ratings] == [("i.strategy", "draft")]


def test_nothing_is_made_if_the_assessment_was_changed_meanwhile(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    with open_session(file) as session:
        plan = planned(session.dossier())
        session.record(
            AnswerKey(Address("i.plan"), respondent="agency-nso"), Content(state=AnswerState.ANSWERED, value=0)
        )
        assert session.flush()
        with pytest.raises(KnownError, match=CHANGED_MEANWHILE[:40]):
            migrate_file(file, tmp_path / "copy.assessment", plan, device=DEVICE)
    assert not (tmp_path / "copy.assessment").exists()


def test_a_file_that_is_there_is_not_replaced(tmp_path: Path) -> None:
    copied(tmp_path, small_dossier())
    with open_session(tmp_path / "small.assessment", read_only=True) as session:
        plan = planned(session.dossier())
    with pytest.raises(KnownError, match="already"):
        migrate_file(tmp_path / "small.assessment", tmp_path / "copy.assessment", plan, device=DEVICE)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_copy_says_what_was_planned(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    earlier = data.draw(drafts())
    pair: Pair = data.draw(next_versions(earlier))
    dossier: Dossier = data.draw(answered(earlier))
    folder = tmp_path_factory.mktemp("pair")
    create_from_dossier(folder / "x.assessment", dossier, device=DEVICE)
    with open_session(folder / "x.assessment", read_only=True) as session:
        plan = plan_migration_with(session.dossier(), pair.later, (pair.rules,), TEXTS)
    migrate_file(folder / "x.assessment", folder / "y.assessment", plan, device=DEVICE)
    with open_session(folder / "y.assessment", read_only=True) as session:
        there = session.dossier()
    assert there.answers == plan.migrated.dossier.answers
    assert {entry.id: entry for entry in there.kept} == {entry.id: entry for entry in plan.migrated.dossier.kept}
    assert there.actions == plan.migrated.dossier.actions
    text = dossier_to_json(there, {})
    assert dossier_from_json(text)[0] == there, "what is kept is exported too"


# -- confirming -------------------------------------------------------------------------------------------------------


def test_confirming_makes_an_answer_and_undo_brings_the_offer_back(tmp_path: Path) -> None:
    with open_session(copied(tmp_path, small_dossier()), author="C. Officer") as session:
        before = session.dossier()
        entry = next(one for one in kept_answers(session) if one.respondent == "agency-nso" and one.target == "i.law")
        bundle = confirm_kept_answers(session, (entry,))
        back = inverse_change_set(session, bundle)
        store_change_set(session, bundle)
        (answer,) = session.answers_at(Address("i.law"))
        assert (answer.content.value, answer.author, answer.content.evidence) == (3, "C. Officer", ("evidence-law",))
        assert entry not in kept_answers(session)
        store_change_set(session, back)
        assert (session.dossier().answers, set(session.dossier().kept)) == (before.answers, set(before.kept))


def test_of_several_offers_the_others_are_kept_as_retired(tmp_path: Path) -> None:
    old = draft(["q.a", "q.b"], [AnswerKind.LEVEL, AnswerKind.LEVEL])
    new = replace(draft(["q.z"], [AnswerKind.LEVEL]), version="2.0")
    both = PlaceRule(became=VersionChange.MERGED, sources=(Address("q.a"), Address("q.b")), targets=(Address("q.z"),))
    dossier = Dossier(id="x", instrument=old, answers=(say("q.a", 2), say("q.b", 1)))
    rules = VersionRules(instrument="small", earlier="1.0", later="2.0", places=(both,))
    create_from_dossier(
        tmp_path / "z.assessment", plan_migration_with(dossier, new, (rules,), TEXTS).migrated.dossier, device=DEVICE
    )
    with open_session(tmp_path / "z.assessment") as session:
        first, second = kept_answers(session)
        store_change_set(session, confirm_kept_answers(session, (first, second)))
        assert [answer.content.value for answer in session.answers_at(Address("q.z"))] == [2]
        assert kept_answers(session) == (replace(second, fate=RetiredAnswerStatus.RETIRED, target=""),)


def test_letting_go_keeps_what_was_said(tmp_path: Path) -> None:
    with open_session(copied(tmp_path, small_dossier())) as session:
        entry = next(one for one in kept_answers(session) if one.target)
        store_change_set(session, retire_kept_answers((entry,)))
        after = next(one for one in kept_answers(session) if one.id == entry.id)
        assert after == replace(entry, fate=RetiredAnswerStatus.RETIRED, target="")
        assert session.answers_at(Address("i.law")) == ()


# -- which version ----------------------------------------------------------------------------------------------------

QUESTION = """
[[question]]
id = "r.{name}"
number = "1.1"
text = "{text}"
type = "yes_no"
provenance = "P"
"""


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Lay out three versions of one instrument, the steps between them beside the last one."""
    folder = tmp_path / "library"
    for version, name, text in (
        ("1.0", "a", "Is it so?"),
        ("1.1", "a", "Is it so now?"),
        ("2.0", "b", "Is it so now?"),
    ):
        (folder / version).mkdir(parents=True)
        write(folder / version, QUESTION.format(name=name, text=text))
        head = folder / version / "instrument.toml"
        head.write_text(head.read_text().replace('version = "1.0"', f'version = "{version}"'))
    steps = folder / "2.0" / "migrations"
    steps.mkdir()
    for earlier, later, entry in (
        ("1.0", "1.1", 'from = "r.a"\nbecame = "reworded"'),
        ("1.1", "2.0", 'from = "r.a"\nto = "r.b"\nbecame = "moved"'),
    ):
        head_text = f'[migration]\ninstrument = "small"\nfrom = "{earlier}"\nto = "{later}"\n'
        (steps / f"{earlier}-{later}.toml").write_text(f"{head_text}[[question]]\n{entry}\n")
    return folder


def first_version(library: Path) -> Dossier:
    instrument, problems = read_instrument(library / "1.0")
    assert instrument is not None, problems
    return Dossier(id="x", instrument=instrument, answers=(say("r.a", "yes"),))


def test_the_newest_version_is_offered_and_any_newer_can_be_asked_for(library: Path) -> None:
    instrument, entries = first_version(library).instrument, list_instruments((library,))
    assert [entry.version for entry in newer_versions(instrument, entries)] == ["2.0", "1.1"]
    assert wanted_version(instrument, entries).version == "2.0"
    assert wanted_version(instrument, entries, "1.1").version == "1.1"
    for version, message in (("9", NO_SUCH_VERSION), ("1.0", NOT_NEWER)):
        with pytest.raises(KnownError) as refused:
            wanted_version(instrument, entries, version)
        assert refused.value.message == message
    with pytest.raises(KnownError) as refused:
        wanted_version(replace(instrument, version="3"), entries)
    assert refused.value.message == NONE_NEWER


def test_several_steps_are_gone_through_at_once(library: Path) -> None:
    dossier = first_version(library)
    entry = wanted_version(dossier.instrument, list_instruments((library,)))
    plan = plan_migration(dossier, entry, TEXTS)
    assert [rules.file for rules in plan.steps] == ["1.0-1.1.toml", "1.1-2.0.toml"]
    (kept,) = plan.migrated.dossier.kept
    assert (kept.fate, kept.target, kept.answered) == (RetiredAnswerStatus.TO_CONFIRM, "r.b", "Yes")


def test_without_a_file_what_is_worded_otherwise_is_kept(library: Path) -> None:
    for file in (library / "2.0" / "migrations").iterdir():
        file.unlink()
    dossier = first_version(library)
    plan = plan_migration(dossier, wanted_version(dossier.instrument, list_instruments((library,))), TEXTS)
    assert plan.steps == ()
    assert plan.counts == {MigrationOutcome.CARRIED: 0, MigrationOutcome.TO_CONFIRM: 0, MigrationOutcome.RETIRED: 1}


def test_a_broken_file_is_never_used_silently(library: Path) -> None:
    (library / "2.0" / "migrations" / "1.0-1.1.toml").write_text("[migration]\n")
    dossier = first_version(library)
    with pytest.raises(KnownError) as refused:
        plan_migration(dossier, wanted_version(dossier.instrument, list_instruments((library,))), TEXTS)
    assert refused.value.message == BROKEN_MIGRATION_FILE


def test_a_folder_is_checked_against_the_versions_there_are(library: Path) -> None:
    versions = [read_instrument(library / version)[0] for version in ("1.0", "1.1", "2.0")]
    known = [one for one in versions if one is not None]
    assert folder_migration_problems(library / "2.0", known[-1], known) == ()
    half = folder_migration_problems(library / "2.0", known[-1], known[1:])
    assert [problem.code for problem in half] == ["migration.half"]


def test_a_countrys_own_questions_go_along(library: Path) -> None:
    dossier = first_version(library)
    own = replace(
        dossier.instrument.sections[0],
        id="xx-geo",
        supplement="XX.GEO",
        questions=(replace(dossier.instrument.question_by_id["r.a"], id="xx-geo.a", text="Ours?"),),
    )
    with_own = replace(dossier.instrument, sections=(*dossier.instrument.sections, own), supplements=("XX.GEO",))
    dossier = replace(dossier, instrument=with_own, answers=(say("xx-geo.a", "no"),))
    plan = plan_migration(dossier, wanted_version(with_own, list_instruments((library,))), TEXTS)
    assert plan.counts[MigrationOutcome.CARRIED] == 1
    assert plan.later.supplements == ("XX.GEO",)


def test_one_number_for_two_sets_of_questions_is_refused(tmp_path: Path) -> None:
    other = reworded("1.0")
    with pytest.raises(KnownError) as refused:
        plan_migration_with(small_dossier(), other, (), TEXTS)
    assert refused.value.message == SAME_VERSION_DIFFERS
    theirs = Dossier(id="y", instrument=other)
    with open_session(file_of(tmp_path)) as session, pytest.raises(KnownError) as refused:
        plan_import(session, dossier_to_json(theirs, {}))
    assert refused.value.message == SAME_VERSION_DIFFERS


def test_the_copy_is_named_after_the_version() -> None:
    assert suggested_copy(Path("/a/georgia.assessment"), "2.0", TEXTS) == Path("/a/georgia (version 2.0).assessment")
