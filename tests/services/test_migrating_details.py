"""Whatever keeps a migration from being made is said in full, and what is made says what was planned."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from capacity_app.domain.assessment.answers import Address, Answer, AnswerKey, AnswerLayer, AnswerState, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.migration import MigrationOutcome
from capacity_app.domain.assessment.registers import FeasibilityRating
from capacity_app.domain.assessment.revisions import Revision, RevisionId
from capacity_app.domain.problems import KnownError, Problem, ProblemSeverity
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.questionnaire.versions import (
    ONLY_PUNCTUATION,
    SAME_WORDS,
    OptionRule,
    PlaceRule,
    VersionChange,
    VersionRules,
)
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.questionnaires.library import LibraryEntry
from capacity_app.questionnaires.migration_checks import check_migrations, folder_migration_problems
from capacity_app.questionnaires.migration_files import migration_draft
from capacity_app.questionnaires.reader import read_instrument
from capacity_app.services.exchange import migration
from capacity_app.services.exchange.migration import (
    BROKEN_INSTRUMENT,
    BROKEN_MIGRATION_FILE,
    NO_SUCH_VERSION,
    NONE_NEWER,
    NOT_NEWER,
    OTHER_INSTRUMENT,
    OWN_SECTION_RETIRED,
    MigrationPlan,
    migrate_file,
    newer_versions,
    plan_migration,
    plan_migration_with,
    read_migration_steps,
    suggested_copy,
    wanted_version,
    write_migrated_copy,
)
from capacity_app.services.session.change_sets import answer_in_words
from tests.builders import DEVICE, file_of, open_session, small_dossier, small_instrument
from tests.domain.making import question, say, section
from tests.questionnaires.writing import write

TEXTS = Translator("en")
QUESTION = """
[[question]]
id = "r.{name}"
number = "1.1"
text = "Is it so?"
type = "yes_no"
provenance = "P"
"""
SECOND = QUESTION.replace("{name}", "b").replace("1.1", "1.2")


def written(folder: Path, version: str, text: str = "") -> Instrument:
    """Write a version of a small instrument, and give it."""
    (folder / version).mkdir(parents=True)
    write(folder / version, text or QUESTION.format(name="a"))
    head = folder / version / "instrument.toml"
    head.write_text(head.read_text().replace('version = "1.0"', f'version = "{version}"'))
    made, problems = read_instrument(folder / version)
    assert made is not None, problems
    return made


def step(folder: Path, earlier: str, later: str, text: str = "", instrument: str = "small") -> Path:
    """Write a migration file beside a version."""
    (folder / later / "migrations").mkdir(exist_ok=True)
    file = folder / later / "migrations" / f"{earlier}-{later}.toml"
    head = f'[migration]\ninstrument = "{instrument}"\nfrom = "{earlier}"\nto = "{later}"\n'
    file.write_text(head + text)
    return file


def entry(folder: Path, version: str, **more: Any) -> LibraryEntry:
    known = {"id": "small", "title": "Small", "edition": "Test", "language": "en", "supplements": (), "problems": ()}
    return LibraryEntry(version=version, folder=folder / version, **known | more)


def refusal(error: pytest.ExceptionInfo[KnownError]) -> tuple[str, dict[str, str]]:
    return error.value.message, error.value.values


# -- which version -------------------------------------------------------------------------------------------------


def test_only_newer_versions_of_the_same_instrument_are_offered_newest_first(tmp_path: Path) -> None:
    ours = written(tmp_path, "1.9")
    first, second = entry(tmp_path, "1.10", title="First"), entry(tmp_path, "1.10", title="Second")
    entries = [entry(tmp_path, "1.9"), entry(tmp_path, "1.2"), first, entry(tmp_path, "2.0"), second]
    offered = newer_versions(ours, [*entries, entry(tmp_path, "3.0", id="other")])
    assert [(one.version, one.title) for one in offered] == [("2.0", "Small"), ("1.10", "First")]


def test_a_version_that_cannot_be_had_is_refused_with_those_that_can(tmp_path: Path) -> None:
    ours = written(tmp_path, "1.0")
    entries = [entry(tmp_path, "1.1"), entry(tmp_path, "2.0")]
    with pytest.raises(KnownError) as refused:
        wanted_version(ours, entries, "9")
    assert refusal(refused) == (NO_SUCH_VERSION, {"version": "9", "title": "Small", "known": "2.0, 1.1"})
    with pytest.raises(KnownError) as refused:
        wanted_version(ours, entries, "1.0")
    assert refusal(refused) == (NOT_NEWER, {"ours": "1.0", "theirs": "1.0", "title": "Small"})
    for asked in ("", "9"):
        with pytest.raises(KnownError) as refused:
            wanted_version(ours, [], asked)
        assert refusal(refused) == (NONE_NEWER, {"title": "Small", "ours": "1.0"})


def test_a_copy_keeps_the_ending_of_its_original() -> None:
    assert suggested_copy(Path("/a/b.c.assessment"), "2.0", TEXTS) == Path("/a/b.c (version 2.0).assessment")


# -- planning ------------------------------------------------------------------------------------------------------


def test_another_instrument_and_an_older_version_are_refused() -> None:
    given, made = small_dossier(), small_instrument()
    with pytest.raises(KnownError) as refused:
        plan_migration_with(given, replace(made, id="other"), (), TEXTS)
    assert refusal(refused) == (OTHER_INSTRUMENT, {"ours": "small", "theirs": "other"})
    for version in ("0.9", "1.0"):
        with pytest.raises(KnownError) as refused:
            plan_migration_with(given, replace(made, version=version), (), TEXTS)
        assert refusal(refused) == (NOT_NEWER, {"ours": "1.0", "theirs": version, "title": "Small"})


def test_a_plan_tells_what_it_began_with_what_it_used_and_all_it_was_told() -> None:
    given = small_dossier(ratings=(FeasibilityRating(id="i.law"), FeasibilityRating(id="nowhere")))
    told, steps = Problem("own", "x", "Told."), VersionRules(instrument="small", earlier="1.0", later="2.0")
    plan = plan_migration_with(given, small_instrument("2.0"), [steps], TEXTS, [told])
    assert (plan.before, plan.steps, plan.later) == (given, (steps,), small_instrument("2.0"))
    assert plan.problems == (told, *plan.migrated.problems)
    assert [problem.code for problem in plan.problems] == ["own", "migration.rating"]
    assert plan.answers_in == len(given.answers) == sum(plan.counts.values())
    assert list(plan.counts) == list(MigrationOutcome)
    assert plan_migration_with(given, small_instrument("2.0"), [], TEXTS).problems == plan.migrated.problems


def test_steps_are_those_of_the_instrument_that_lead_the_whole_way(tmp_path: Path) -> None:
    first, second, third = (written(tmp_path, version) for version in ("1.0", "1.1", "2.0"))
    step(tmp_path, "1.1", "2.0")
    assert read_migration_steps(second, third, tmp_path / "2.0") != ()
    assert read_migration_steps(first, third, tmp_path / "2.0") == (), "half a way is none"
    (tmp_path / "2.0" / "migrations" / "1.0-1.1.toml").write_text(
        '[migration]\ninstrument = "other"\nfrom = "1.0"\nto = "1.1"\n'
    )
    assert read_migration_steps(first, third, tmp_path / "2.0") == (), "that of another instrument is none of ours"
    assert read_migration_steps(first, second, tmp_path / "1.1") == ()


def test_a_broken_migration_file_is_named_with_its_first_mistake(tmp_path: Path) -> None:
    first, second = written(tmp_path, "1.0"), written(tmp_path, "2.0")
    file = step(tmp_path, "1.0", "2.0")
    file.write_text("[migration]\n")
    with pytest.raises(KnownError) as refused:
        read_migration_steps(first, second, tmp_path / "2.0")
    message, values = refusal(refused)
    assert (message, values["file"]) == (BROKEN_MIGRATION_FILE, "1.0-2.0.toml")
    (first_problem, *_) = folder_migration_problems(tmp_path / "2.0", second, [first])
    assert values["problem"] == f"{first_problem.place}: {first_problem.text()}"
    assert len(values) == 2


def test_a_broken_version_is_named_with_its_first_mistake(tmp_path: Path) -> None:
    first = written(tmp_path, "1.0")
    written(tmp_path, "2.0")
    (tmp_path / "2.0" / "1.toml").write_text("[section]\n")
    problems = [one for one in read_instrument(tmp_path / "2.0")[1] if one.severity is ProblemSeverity.ERROR]
    with pytest.raises(KnownError) as refused:
        plan_migration(Dossier(id="x", instrument=first), entry(tmp_path, "2.0"), TEXTS)
    named = f"{problems[0].place}: {problems[0].text()}"
    assert refusal(refused) == (BROKEN_INSTRUMENT, {"version": "2.0", "problem": named})


def test_a_warning_about_the_newer_version_keeps_nobody_from_using_it(tmp_path: Path) -> None:
    first = written(tmp_path, "1.0")
    written(tmp_path, "2.0")
    plan = plan_migration(
        Dossier(id="x", instrument=first, answers=(say("r.a", "yes"),)), entry(tmp_path, "2.0"), TEXTS
    )
    assert (plan.counts[MigrationOutcome.CARRIED], plan.problems) == (1, ())


# -- checking a folder ---------------------------------------------------------------------------------------------


def test_a_folder_is_checked_file_by_file_against_the_versions_it_leads_between(tmp_path: Path) -> None:
    first, second = written(tmp_path, "1.0"), written(tmp_path, "2.0", QUESTION.format(name="b"))
    step(tmp_path, "1.0", "2.0", '[[question]]\nfrom = "r.lost"\nto = "r.b"\nbecame = "moved"\n')
    found = folder_migration_problems(tmp_path / "2.0", second, [first])
    assert any("r.lost" in problem.text() for problem in found), "the earlier version has no such question"
    assert all("half" not in problem.code for problem in found)
    half = folder_migration_problems(tmp_path / "2.0", second)
    assert half[-1] == Problem(
        "migration.half",
        "migrations/1.0-2.0.toml",
        "Version {version} is not on this computer, so only half of this file could be checked.",
        "Put its folder beside the others, then check again.",
        (("version", "1.0"),),
        ProblemSeverity.WARNING,
    )
    assert not any("r.lost" in problem.text() for problem in half)


def test_a_file_that_leads_to_another_version_is_checked_against_that_one(tmp_path: Path) -> None:
    first, second, third = (
        written(tmp_path, version, QUESTION.format(name=name))
        for version, name in (("1.0", "a"), ("1.1", "b"), ("2.0", "c"))
    )
    step(tmp_path, "1.1", "2.0", '[[question]]\nfrom = "r.b"\nto = "r.c"\nbecame = "moved"\n')
    file = tmp_path / "2.0" / "migrations" / "1.0-1.1.toml"
    file.write_text(
        '[migration]\ninstrument = "small"\nfrom = "1.0"\nto = "1.1"\n'
        '[[question]]\nfrom = "r.a"\nto = "r.b"\nbecame = "moved"\n'
    )
    assert folder_migration_problems(tmp_path / "2.0", third, [first, second]) == ()
    assert folder_migration_problems(tmp_path / "2.0", third, [first]) != ()
    file.write_text("[migration]\n")
    broken = folder_migration_problems(tmp_path / "2.0", third, [first, second])
    assert broken
    assert {problem.severity for problem in broken} == {ProblemSeverity.ERROR}


# -- a country's own questions -------------------------------------------------------------------------------------


def with_own(made: Instrument, own_id: str = "xx-geo", name: str = "a") -> Instrument:
    """Return an instrument with a section of a country's own."""
    ours = replace(
        made.sections[0],
        id=own_id,
        title="Ours",
        supplement="XX.GEO",
        questions=(replace(made.question_by_id["r.a"], id=f"{own_id}.{name}", text="Ours?"),),
    )
    return replace(made, sections=(*made.sections, ours), supplements=("XX.GEO",))


def test_own_questions_that_do_not_fit_any_more_are_told_and_their_answers_kept(tmp_path: Path) -> None:
    ours = with_own(written(tmp_path, "1.0"))
    broken = replace(ours.sections[1], questions=(replace(ours.sections[1].questions[0], id="r.a"),))
    ours = replace(ours, sections=(ours.sections[0], broken))
    written(tmp_path, "2.0")
    plan = plan_migration(Dossier(id="x", instrument=ours), entry(tmp_path, "2.0"), TEXTS)
    assert plan.problems == (
        Problem("migration.own", "xx-geo", OWN_SECTION_RETIRED, "", (("section", "Ours"),), ProblemSeverity.WARNING),
    )
    assert [one.id for one in plan.later.sections] == ["r"]
    assert plan.later.supplements == ()


def test_own_questions_come_along_with_what_contradicts_them_and_nothing_else_does(tmp_path: Path) -> None:
    ours = with_own(written(tmp_path, "1.0"))
    other = replace(ours.sections[0], id="left-out")
    ours = replace(ours, sections=(*ours.sections, other))
    written(tmp_path, "2.0")
    dossier = Dossier(id="x", instrument=ours, answers=(say("xx-geo.a", "no"),))
    plan = plan_migration(dossier, entry(tmp_path, "2.0"), TEXTS)
    assert [one.id for one in plan.later.sections] == ["r", "xx-geo"]
    assert plan.later.supplements == ("XX.GEO",)
    assert plan.problems == ()
    joined = migration._with_section(ours, plan.later, ours.sections[1])
    assert joined.supplements == ("XX.GEO",), "each once"


# -- what was said, in words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (say("i.law", 3), "3 – all"),
        (say("i.law", state=AnswerState.NOT_ASKED), ""),
        (say("i.law", state=AnswerState.NOT_ASKED, note="ask"), "Not asked"),
        (say("i.law", state=AnswerState.UNKNOWN), "Unknown"),
        (say("i.law", state=AnswerState.NOT_APPLICABLE, reason="An island."), "Not applicable: An island."),
        (say("iii.topics/a/available", 2), "2 – much"),
        (say("iii.topics/a/remark", "words"), "words"),
        (say("nowhere", 3), "Answered"),
        (say("i.published", "no"), "No"),
    ],
)
def test_what_was_answered_is_said_in_words(answer: Answer, words: str) -> None:
    said = answer_in_words(Formatter(TEXTS, small_dossier()), answer.key.address, answer.content)
    assert said.casefold() == words.casefold()


# -- making the copy -----------------------------------------------------------------------------------------------


def reworded() -> tuple[Instrument, VersionRules]:
    """Return the next version: the choice renamed, the plan moved, and the rules that say so."""
    old = small_instrument()
    first, *rest = old.sections
    moved = {"i.plan": "i.strategy"}
    questions = [replace(one, id=moved.get(one.id, one.id)) for one in first.questions]
    choice = next(one for one in questions if one.id == "i.how")
    renamed = replace(choice, options=(replace(choice.options[0], id="forms"), *choice.options[1:]))
    questions = [renamed if one is choice else one for one in questions]
    rules = VersionRules(
        instrument="small",
        earlier="1.0",
        later="2.0",
        places=(PlaceRule(became=VersionChange.MOVED, sources=(Address("i.plan"),), targets=(Address("i.strategy"),)),),
        options=(OptionRule(became=VersionChange.MOVED, of=Address("i.how"), sources=("paper",), targets=("forms",)),),
    )
    return replace(old, version="2.0", sections=(replace(first, questions=tuple(questions)), *rest)), rules


def planned(dossier: Dossier) -> MigrationPlan:
    later, rules = reworded()
    return plan_migration_with(dossier, later, (rules,), TEXTS)


def test_the_history_of_a_renamed_choice_is_told_in_the_new_terms(tmp_path: Path) -> None:
    file, out = file_of(tmp_path), tmp_path / "copy.assessment"
    key = AnswerKey(Address("i.how"), respondent="agency-nso")
    with open_session(file, author="A. Officer") as session:
        for value in ("paper", "mixed", "paper"):
            session.record(key, Content(state=AnswerState.ANSWERED, value=value))
        assert session.flush()
        was = [(one.id, one.author, one.time) for one in session.history(Address("i.how"))]
        plan = planned(session.dossier())
    migrate_file(file, out, plan, author="B. Officer", device="another")
    with open_session(out, read_only=True) as copy:
        history = copy.history(Address("i.how"))
        assert [one.content.value for one in history] == ["forms", "mixed", "forms"]
        assert [(one.id, one.author, one.time) for one in history] == was


def test_what_a_copy_adds_is_by_whoever_makes_it_and_on_a_device_of_its_own(tmp_path: Path) -> None:
    file, out = (
        file_of(tmp_path, small_dossier(ratings=(FeasibilityRating(id="i.plan", note="draft"),))),
        tmp_path / "c.assessment",
    )
    with open_session(file, read_only=True) as session:
        plan = planned(session.dossier())
        before = {one.id for one in session.history(Address("i.plan"))}
    assert write_migrated_copy(file, plan, out, author="B. Officer", device="another") is None, "there is no key"
    with open_session(out, read_only=True) as copy:
        made = copy.known.entries.known(("ratings", "i.strategy"))[::-1]
        assert [(one.author, one.id.device.startswith("another")) for one in made] == [("B. Officer", True)]
        gone, *_ = copy.known.entries.known(("ratings", "i.plan"))[::-1]
        assert (gone.content, gone.author) == (None, "B. Officer")
        assert {one.id for one in copy.history(Address("i.strategy"))} == before


def test_of_two_answers_taken_back_that_would_stand_at_one_place_the_first_stands() -> None:
    old = small_instrument()
    later = replace(old, version="2.0")
    both = PlaceRule(
        became=VersionChange.MERGED, sources=(Address("i.law"), Address("i.plan")), targets=(Address("i.law"),)
    )
    rules = VersionRules(instrument="small", earlier="1.0", later="2.0", places=(both,))
    plan = plan_migration_with(small_dossier(answers=()), later, (rules,), TEXTS)
    revisions = [
        Revision(id=RevisionId("a", number), key=AnswerKey(Address(place)), content=content)
        for number, (place, content) in enumerate(
            [
                ("i.law", Content(state=AnswerState.ANSWERED, value=1)),
                ("i.law", Content()),
                ("i.plan", Content(state=AnswerState.ANSWERED, value=2)),
                ("ii.staff", Content()),
            ],
            start=1,
        )
    ]
    carried = list(migration._carried_revisions(revisions, plan))
    assert [(str(one.key.address), one.id.counter) for one in carried] == [("i.law", 1), ("i.law", 2), ("ii.staff", 4)]


def test_a_place_somebody_answered_is_not_taken_by_what_another_took_back() -> None:
    later = replace(small_instrument(), version="2.0")
    move = PlaceRule(became=VersionChange.MOVED, sources=(Address("i.plan"),), targets=(Address("i.law"),))
    rules = VersionRules(instrument="small", earlier="1.0", later="2.0", places=(move,))
    plan = plan_migration_with(small_dossier(answers=(say("i.law", 3),)), later, (rules,), TEXTS)
    taken_back = Revision(id=RevisionId("a", 1), key=AnswerKey(Address("i.plan")), content=Content())
    stays = Revision(
        id=RevisionId("a", 2), key=AnswerKey(Address("i.law")), content=Content(state=AnswerState.ANSWERED, value=3)
    )
    assert list(migration._carried_revisions([taken_back, stays], plan)) == [stays]
    lost = Revision(id=RevisionId("a", 3), key=AnswerKey(Address("nowhere"), AnswerLayer.JUDGEMENT), content=Content())
    assert list(migration._carried_revisions([lost], plan)) == []


def test_a_copy_that_would_say_something_else_is_not_kept_silently(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Against mistakes of our own: the copy is made of other answers than were planned."""
    file, out = file_of(tmp_path), tmp_path / "copy.assessment"
    with open_session(file, read_only=True) as session:
        plan = planned(session.dossier())
    other = replace(plan.migrated.dossier, answers=plan.migrated.dossier.answers[1:])
    lossy = replace(plan, migrated=replace(plan.migrated, dossier=other))
    with pytest.raises(RuntimeError, match="the copy would not say what was planned"):
        write_migrated_copy(file, lossy, out, device=DEVICE)
    assert not out.exists()
    monkeypatch.setattr(
        migration,
        "write_migrated_copy",
        lambda *_arguments, **_more: write_migrated_copy(file, plan, out, device=DEVICE),
    )
    with pytest.raises(RuntimeError, match="the copy does not say what was planned"):
        migrate_file(file, out, lossy, device=DEVICE)


def test_sections_are_compared_by_their_own_ids() -> None:
    made = small_instrument()
    ours = replace(made, sections=(*made.sections, section("xx-own", question("xx-own.a", AnswerKind.YES_NO))))
    again, told = migration._with_own_sections(ours, replace(ours, version="2.0"))
    assert (again, told) == (replace(ours, version="2.0"), ()), "what is there already is not joined twice"


# -- without a migration file, and drafts of one ---------------------------------------------------------------------

MOVED = QUESTION.format(name="a").replace("r.a", "r.z")


def answered(instrument: Instrument, value: str = "yes") -> Dossier:
    question = next(instrument.questions())
    answer = Answer(key=AnswerKey(Address(question.id)), content=Content(state=AnswerState.ANSWERED, value=value))
    return Dossier(id="x", instrument=instrument, answers=(answer,))


def test_the_same_words_under_another_id_are_offered_for_confirmation(tmp_path: Path) -> None:
    first = written(tmp_path, "1.0")
    written(tmp_path, "2.0", MOVED)
    (outcome,) = plan_migration(answered(first), entry(tmp_path, "2.0"), TEXTS).migrated.outcomes
    assert (outcome.fate, outcome.reason) == (MigrationOutcome.TO_CONFIRM, SAME_WORDS)
    assert [one.key.address for one in outcome.answers] == [Address("r.z")]


def test_two_questions_in_the_same_words_are_told_apart_by_number_or_not_at_all(tmp_path: Path) -> None:
    first = written(tmp_path, "1.0", QUESTION.format(name="a") + SECOND)
    written(tmp_path, "2.0", MOVED + SECOND.replace("r.b", "r.y"))
    plan = plan_migration(answered(first), entry(tmp_path, "2.0"), TEXTS)
    assert [one.key.address for one in plan.migrated.outcomes[0].answers] == [Address("r.z")]
    written(tmp_path, "3.0", (MOVED + SECOND.replace("r.b", "r.y")).replace('number = "1', 'number = "2'))
    plan = plan_migration(answered(first), entry(tmp_path, "3.0"), TEXTS)
    assert [one.fate for one in plan.migrated.outcomes] == [MigrationOutcome.RETIRED]


def test_white_space_changes_nothing_and_punctuation_is_named(tmp_path: Path) -> None:
    first = written(tmp_path, "1.0")
    written(tmp_path, "2.0", QUESTION.format(name="a").replace("Is it so?", " Is  it so? "))
    written(tmp_path, "3.0", QUESTION.format(name="a").replace("Is it so?", "• Is IT so"))
    (carried,) = plan_migration(answered(first), entry(tmp_path, "2.0"), TEXTS).migrated.outcomes
    assert carried.fate is MigrationOutcome.CARRIED
    (confirmed,) = plan_migration(answered(first), entry(tmp_path, "3.0"), TEXTS).migrated.outcomes
    assert (confirmed.fate, confirmed.reason) == (MigrationOutcome.TO_CONFIRM, ONLY_PUNCTUATION)


def test_ids_that_vanish_without_a_migration_file_are_a_mistake(tmp_path: Path) -> None:
    written(tmp_path, "1.0", QUESTION.format(name="a") + SECOND)
    written(tmp_path, "2.0", MOVED + SECOND)
    (problem,) = check_migrations(tmp_path / "2.0")
    assert (problem.code, problem.severity, dict(problem.values)["names"]) == (
        "migration.vanished", ProblemSeverity.ERROR, "r.a",
    )  # fmt: skip
    step(tmp_path, "1.0", "2.0", '[[question]]\nfrom = "r.a"\nto = "r.z"\nbecame = "moved"\n')
    assert check_migrations(tmp_path / "2.0") == ()


def test_a_migration_file_that_the_check_refuses_is_not_used(tmp_path: Path) -> None:
    first = written(tmp_path, "1.0", QUESTION.format(name="a") + SECOND)
    written(tmp_path, "2.0", MOVED + SECOND)
    step(tmp_path, "1.0", "2.0")
    with pytest.raises(KnownError) as refused:
        plan_migration(answered(first), entry(tmp_path, "2.0"), TEXTS)
    problem = next(one for one in check_migrations(tmp_path / "2.0") if one.severity is ProblemSeverity.ERROR)
    assert refused.value.message == BROKEN_MIGRATION_FILE
    assert refused.value.values["problem"] == f"{problem.place}: {problem.text()}"


def test_a_draft_declares_every_difference_and_passes_the_check(tmp_path: Path) -> None:
    grid = """
[[question]]
id = "r.g"
number = "1.3"
text = "Where?"
type = "grid"
provenance = "P"
[[question.row]]
id = "one"
label = "One"
[[question.row]]
id = "two"
label = "Two \\"2\\""
[[question.column]]
id = "c"
label = "C"
type = "choice"
options = [{ id = "x", label = "X" }, { id = "y", label = "Y" }]
"""
    first = written(tmp_path, "1.0", QUESTION.format(name="a") + SECOND.replace("Is it so?", "Is it open?") + grid)
    changed = (
        grid.replace('id = "one"', 'id = "uno"').replace('"Two ', '"Both ').replace('"y"', '"z"').replace('"Y"', '"Z"')
    )
    new = QUESTION.format(name="n").replace("1.1", "1.4").replace("Is it so?", "Is it new?")
    second = written(tmp_path, "2.0", MOVED + SECOND.replace("Is it so?", "Is it shut?") + changed + new)
    text = migration_draft(first, second)
    (tmp_path / "2.0" / "migrations").mkdir()
    (tmp_path / "2.0" / "migrations" / "1.0-2.0.toml").write_text(text, "utf-8")
    assert [problem.text() for problem in check_migrations(tmp_path / "2.0")] == []
    (outcome,) = plan_migration(answered(first), entry(tmp_path, "2.0"), TEXTS).migrated.outcomes
    assert (outcome.fate, outcome.answers[0].key.address) == (MigrationOutcome.CARRIED, Address("r.z"))
    for said in ('became = "retired"', "# Before: Is it open?", "# Now: Is it shut?", 'to = "uno"'):
        assert said in text
