"""Each remark on the smallest questionnaire that deserves it, and none on one that does not."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from capacity_app.domain.questionnaire.instrument import (
    ChoiceOption,
    ContradictionRule,
    GridColumn,
    GridRow,
    Instrument,
)
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.i18n.catalogues import ReviewStatus
from capacity_app.questionnaires.author_remarks import (
    REMARK_KIND_LABELS,
    RemarkKind,
    TranslationCoverage,
    find_remarks,
    remark_kind,
)
from capacity_app.questionnaires.problems import format_place
from tests.questionnaires.editing.draft import (
    ANCHORS,
    at_least,
    both,
    choice,
    either,
    grid,
    instrument,
    is_,
    no,
    question,
    said,
    section,
    sound,
)


def test_a_sound_questionnaire_gets_no_remark() -> None:
    assert said(sound()) == []


def options(*labels: str, **more: Any) -> tuple[ChoiceOption, ...]:
    return tuple(ChoiceOption(id=f"o{n}", label=label, **more) for n, label in enumerate(labels))


def column(name: str, **more: Any) -> GridColumn:
    return GridColumn(
        **({"id": name, "label": name.title(), "kind": AnswerKind.YES_NO, "officer_note": "Look."} | more)
    )


def rows(*names: str, **more: Any) -> tuple[GridRow, ...]:
    return tuple(GridRow(id=name, label=name.title(), **more) for name in names)


WEAK: dict[str, Instrument] = {
    "levels.missing @ section a, question a.4": sound(question("a.4", anchors=(*ANCHORS[:3], ""))),
    "condition.never @ section a, question a.5": sound(
        choice("a.4", "0", "1"), question("a.5", show_if=both(is_("a.4", "o0"), is_("a.4", "o1")))
    ),
    "condition.later @ section a, question a.4": sound(question("a.4", show_if=at_least("a.5", 1)), question("a.5")),
    "condition.never-contradiction @ contradiction c": sound(
        contradictions=(
            ContradictionRule(id="c", when=both(at_least("a.1", 3), no(at_least("a.1", 2))), message="Look."),
        )
    ),
    "points.zero @ section a, question a.4": sound(question("a.4", weight=Fraction(0))),
    "points.equal @ section a": instrument(
        section("a", *(question(f"a.{n}", weight=Fraction(3), importance=3) for n in range(1, 4)))
    ),
    "points.tiny @ section a, question a.4": sound(question("a.4", weight=Fraction(1, 50))),
    "points.single-weight @ section a": instrument(section("a", question("a.1", importance=3, weight=Fraction(2)))),
    "points.same @ section a, question a.4": sound(choice("a.4", "1/2", "1/2")),
    "points.without @ section a, question a.4": sound(choice("a.4", "0", None, "1")),
    "points.equal-columns @ section a, question a.4": sound(
        grid("a.4", (column("one", weight=Fraction(2)), column("two", weight=Fraction(2))), rows("door"))
    ),
    "points.unscored-weight @ section b": instrument(
        section("b", question("b.1", kind=AnswerKind.TEXT), weight=Fraction(2)), sound().sections[0]
    ),
    "points.supplement-weight @ section b": instrument(
        sound().sections[0],
        section("b", question("b.1"), question("b.2"), supplement="B", weight=Fraction(2)),
    ),
    "points.zero-part @ section b": instrument(
        sound().sections[0], section("b", question("b.1"), question("b.2"), weight=Fraction(0))
    ),
    "points.equal-parts @ instrument": instrument(
        replace(sound().sections[0], weight=Fraction(2)),
        section("b", question("b.1"), question("b.2"), weight=Fraction(2)),
    ),
    "numbers.doubled @ section a, question a.4": sound(question("a.4", number="1.3")),
}


@pytest.mark.parametrize("remark", WEAK, ids=lambda remark: remark.partition(" ")[0])
def test_a_weak_place_is_remarked_on(remark: str) -> None:
    assert remark in said(WEAK[remark])


SILENT: dict[str, Instrument] = {
    "partly": sound(question("a.4", kind=AnswerKind.YES_PARTLY_NO, text="Are figures collected and published?")),
    "a later round of levels": sound(question("a.4", show_if=at_least("a.3", 2))),
    "several ticks": sound(
        question("a.4", kind=AnswerKind.CHECKLIST, options=options("Sex", "Age", required=True)),
        question("a.5", show_if=both(is_("a.4", "o0"), is_("a.4", "o1"))),
    ),
    "hidden is not": sound(
        question("a.4", show_if=at_least("a.1", 2)),
        question("a.5", show_if=both(no(at_least("a.1", 1)), no(at_least("a.4", 1)))),
    ),
    "falling points": sound(choice("a.4", "1", "1/2", "0")),
    "not applicable": sound(
        question(
            "a.4",
            kind=AnswerKind.CHOICE,
            options=(
                ChoiceOption(id="x", label="None", points=Fraction(0)),
                ChoiceOption(id="y", label="All", points=Fraction(1)),
                ChoiceOption(id="z", label="No door", not_applicable=True),
            ),
        )
    ),
    "background first": instrument(
        section("b", question("b.1", kind=AnswerKind.TEXT)), sound().sections[0], language="en"
    ),
}


@pytest.mark.parametrize("name", SILENT)
def test_what_is_as_it_should_be_is_left_alone(name: str) -> None:
    assert [remark for remark in said(SILENT[name]) if "numbers" not in remark] == []


def test_numbers_out_of_their_range_are_never_true() -> None:
    year = question("a.4", kind=AnswerKind.YEAR, minimum=1950, maximum=2030)
    assert said(sound(year, question("a.5", show_if=at_least("a.4", 2031)))) == [
        "condition.never @ section a, question a.5"
    ]
    assert said(sound(year, question("a.5", show_if=either(at_least("a.4", 2030), at_least("a.4", 2040))))) == []


def test_translations_are_told_of_by_language() -> None:
    known = {
        "fr": TranslationCoverage(missing=("a.4|text", "a|title"), stale=("a.1|anchor 2",)),
        "ka": TranslationCoverage(standing=ReviewStatus.UNREVIEWED),
        "th": TranslationCoverage(standing=ReviewStatus.EARLIER),
        "es": TranslationCoverage(),
        "ru": TranslationCoverage(is_readable=False),
    }
    assert said(sound(), known) == [
        "translation.missing @ fr.po",
        "translation.stale @ fr.po",
        "translation.unreviewed @ ka.po",
        "translation.earlier @ th.po",
        "translation.unreadable @ ru.po",
    ]


def test_a_condition_on_a_question_that_is_never_asked_is_never_true() -> None:
    never = question("a.4", show_if=both(at_least("a.1", 2), no(at_least("a.1", 1))))
    assert said(sound(never, question("a.5", show_if=at_least("a.4", 1)))) == [
        "condition.never @ section a, question a.4",
        "condition.never @ section a, question a.5",
    ]


def test_remarks_come_kind_by_kind_and_each_kind_has_its_words() -> None:
    doubled = question("a.4", number="1.1", anchors=(*ANCHORS[:3], ""))
    found = find_remarks(sound(doubled, question("a.5", show_if=at_least("a.9", 1))))
    kinds = [remark_kind(problem) for problem in found]
    order = list(REMARK_KIND_LABELS)
    assert set(order) == set(RemarkKind)
    assert kinds == sorted(kinds, key=lambda kind: order.index(kind) if kind else -1)
    assert len(set(kinds)) > 2


def test_a_remark_on_hundreds_of_places_is_made_on_some_and_counted() -> None:
    many = sound(*(question(f"a.{n}", anchors=()) for n in range(4, 200)))
    found = [problem for problem in find_remarks(many) if problem.code == "editor.levels.missing"]
    assert len(found) == 51
    assert "146 more places" in found[-1].text()


def test_places_are_said_as_people_would() -> None:
    found = sound(grid("a.4", (column("used", label="Used"),), rows("door")))
    assert format_place(found, "section a, question a.4, row door, column used") == "1.4 Door, column “Used”"
    assert format_place(found, "section a") == "Part 1 Part a"
    assert format_place(found, "fr.po") == "fr.po"
    assert format_place(None, "section a") == "section a"
