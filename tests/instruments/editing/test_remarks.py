"""Each remark on the smallest questionnaire that deserves it, and none on one that does not."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from capacity_app.catalogues import Standing
from capacity_app.domain.instrument import (
    Column,
    Concept,
    Contradiction,
    Gate,
    Instrument,
    Kind,
    Option,
    Question,
    Row,
)
from capacity_app.instruments.editing import KIND_WORDS, RemarkKind, Worded, kind_of, place_in_words, remarks
from tests.instruments.editing.draft import (
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


def yes_no(text: str, **more: Any) -> Question:
    return question("a.4", text=text, kind=Kind.YES_NO, **more)


def options(*labels: str, **more: Any) -> tuple[Option, ...]:
    return tuple(Option(id=f"o{n}", label=label, **more) for n, label in enumerate(labels))


def column(name: str, **more: Any) -> Column:
    return Column(**({"id": name, "label": name.title(), "kind": Kind.YES_NO, "guidance": "Look."} | more))


def rows(*names: str, **more: Any) -> tuple[Row, ...]:
    return tuple(Row(id=name, label=name.title(), **more) for name in names)


MANY = options(*(f"Town {n}" for n in range(30)))
LONG = " ".join(["word"] * 41) + "."

WEAK: dict[str, Instrument] = {
    "levels.missing @ section a, question a.4": sound(question("a.4", anchors=ANCHORS[:3])),
    "levels.alike @ section a, question a.4": sound(
        question("a.4", anchors=(ANCHORS[0], "The visitors are counted in once a while!", *ANCHORS[1:3]))
    ),
    "levels.long @ section a, question a.4": sound(question("a.4", anchors=(*ANCHORS[:3], LONG))),
    "levels.uneven @ section a, question a.4": sound(
        question("a.4", anchors=("Nothing.", *ANCHORS[1:3], " ".join(["each"] * 30) + "."))
    ),
    "levels.ends @ section a, question a.4": sound(question("a.4", anchors=(*ANCHORS[:3], "Everybody is counted"))),
    "help.guidance @ section a": sound(question("a.4", guidance="")),
    "help.respondent_help @ section a": sound(question("a.4", respondent_help="")),
    "help.evidence_hint @ section a": sound(question("a.4", evidence_hint="")),
    "help.actions @ section a, question a.4": sound(question("a.4", actions=())),
    "condition.never @ section a, question a.5": sound(
        choice("a.4", "0", "1"), question("a.5", show_if=both(is_("a.4", "o0"), is_("a.4", "o1")))
    ),
    "condition.later @ section a, question a.4": sound(question("a.4", show_if=at_least("a.5", 1)), question("a.5")),
    "condition.together @ section a, question a.4": sound(
        *(question(f"a.{n}", show_if=at_least("a.1", 1)) for n in range(4, 9))
    ),
    "condition.never-contradiction @ contradiction c": sound(
        contradictions=(Contradiction(id="c", when=both(at_least("a.1", 3), no(at_least("a.1", 2))), message="Look."),)
    ),
    "condition.asleep @ section a, question a.5": sound(
        grid("a.4", (column("there"),), rows("door", preset_reason="No door")),
        question("a.5", show_if=is_("a.4/door/there", "yes")),
    ),
    "points.importance @ instrument": instrument(section("a", *(question(f"a.{n}") for n in range(1, 4)))),
    "points.zero @ section a, question a.4": sound(question("a.4", weight=Fraction(0))),
    "points.equal @ section a": instrument(
        section("a", *(question(f"a.{n}", weight=Fraction(3), importance=3) for n in range(1, 4)))
    ),
    "points.tiny @ section a, question a.4": sound(question("a.4", weight=Fraction(1, 50))),
    "points.single @ section a": instrument(section("a", question("a.1", importance=3))),
    "points.single-weight @ section a": instrument(section("a", question("a.1", importance=3, weight=Fraction(2)))),
    "points.no-zero @ section a, question a.4": sound(choice("a.4", "1/4", "1/2", "1")),
    "points.no-full @ section a, question a.4": sound(choice("a.4", "0", "1/2")),
    "points.order @ section a, question a.4": sound(choice("a.4", "0", "1", "1/2")),
    "points.same @ section a, question a.4": sound(choice("a.4", "1/2", "1/2")),
    "points.without @ section a, question a.4": sound(choice("a.4", "0", None, "1")),
    "points.equal-columns @ section a, question a.4": sound(
        grid("a.4", (column("one", weight=Fraction(2)), column("two", weight=Fraction(2))), rows("door"))
    ),
    "points.unscored @ section b": instrument(
        sound().sections[0], section("b", question("b.1", kind=Kind.TEXT), question("b.2", kind=Kind.TEXT))
    ),
    "points.unscored-weight @ section b": instrument(
        section("b", question("b.1", kind=Kind.TEXT), weight=Fraction(2)), sound().sections[0]
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
    "phrasing.two @ section a, question a.4": sound(yes_no("Are figures collected and published?")),
    "phrasing.negative @ section a, question a.4": sound(yes_no("Are visitors not counted on Sundays?")),
    "phrasing.leading @ section a, question a.4": sound(yes_no("Do you agree that counting matters?")),
    "repetition.question @ section a, question a.4": sound(question("a.4", text=question("a.2").text.upper())),
    "repetition.option @ section a, question a.4": sound(
        question("a.4", kind=Kind.CHECKLIST, options=options("Sex", "sex ", required=True))
    ),
    "repetition.column @ section a, question a.4": sound(
        grid("a.4", (column("one", label="Here"), column("two", label="Here")), rows("door"))
    ),
    "repetition.row @ section a, question a.4": sound(
        grid("a.4", (column("one"),), (Row(id="x", label="Door"), Row(id="y", label="Door")))
    ),
    "length.asked @ section a, question a.4": sound(question("a.4", text=f"Is there a {LONG[:-1]}?")),
    "length.share @ section a": sound(
        *(
            question(f"a.{n}", kind=Kind.YES_NO, respondent_help=f"{' '.join(['so'] * 26)}, number {n}?")
            for n in range(4, 18)
        )
    ),
    "numbers.missing @ section a, question a.4": sound(question("a.4", number="")),
    "numbers.doubled @ section a, question a.4": sound(question("a.4", number="1.3")),
    "numbers.doubled-part @ section b": instrument(
        sound().sections[0], section("b", question("b.1"), question("b.2"), number="1")
    ),
    "numbers.order @ section a": sound(question("a.4", number="1.10"), question("a.5", number="1.9")),
    "numbers.doubled-row @ section a, question a.4": sound(
        grid("a.4", (column("one"),), (Row(id="x", label="X", number="A"), Row(id="y", label="Y", number="A")))
    ),
    "numbers.row-order @ section a, question a.4": sound(
        grid("a.4", (column("one"),), (Row(id="x", label="X", number="B"), Row(id="y", label="Y", number="A")))
    ),
    "reference.number @ contradiction c": sound(
        contradictions=(Contradiction(id="c", when=at_least("a.1", 2), message="See 1.2 and 1.7."),)
    ),
    "reference.quotation @ contradiction c": sound(
        contradictions=(Contradiction(id="c", when=at_least("a.1", 2), message="It says “counted at night”."),)
    ),
    "size.options @ section a, question a.4": sound(question("a.4", kind=Kind.CHOICE, options=MANY)),
    "size.boxes @ section a, question a.4": sound(question("a.4", kind=Kind.CHECKLIST, options=MANY)),
    "size.label @ section a, question a.4, column one": sound(
        grid("a.4", (column("one", kind=Kind.CHOICE, options=options(f"Yes, {'very ' * 30}much")),), rows("door"))
    ),
    "size.columns @ section a, question a.4": sound(
        grid("a.4", tuple(column(f"c{n}", label=f"C {n}") for n in range(13)), rows("door"))
    ),
    "size.rows @ section a, question a.4": sound(
        grid("a.4", (column("one"),), tuple(Row(id=f"r{n}", label=f"Row {n}") for n in range(41)))
    ),
    "size.part @ section a": sound(*(question(f"a.{n}", kind=Kind.DATE) for n in range(4, 70))),
    "terms.abbreviation @ section a, question a.4": sound(question("a.4", guidance="Ask the QZX about it.")),
    "terms.undefined @ section a, question a.4": sound(
        *(question(f"a.{n}", guidance="Count “day guests” too.") for n in range(4, 7))
    ),
    "terms.unused @ instrument, concept guest": sound(
        concepts=(Concept(id="guest", label="Overnight guest", definition="Somebody who stays."),)
    ),
    "terms.none @ instrument": sound(*(question(f"a.{n}") for n in range(4, 20))),
}


@pytest.mark.parametrize("remark", WEAK, ids=lambda remark: remark.partition(" ")[0])
def test_a_weak_place_is_remarked_on(remark: str) -> None:
    assert remark in said(WEAK[remark])


SILENT: dict[str, Instrument] = {
    "a ladder": sound(question("a.4", text="Is there a counter, and is it used?")),
    "partly": sound(question("a.4", kind=Kind.YES_PARTLY_NO, text="Are figures collected and published?")),
    "one noun": sound(yes_no("Are data on births and deaths collected?")),
    "or": sound(yes_no("Is the register kept by the city or by the state?")),
    "not only": sound(yes_no("Are visitors counted not only on weekdays?")),
    "whether or not": sound(yes_no("Are visitors counted whether or not they pay?")),
    "one slip is another word": sound(
        question("a.4", anchors=("Staff know it.", "Staff do not know it.", *ANCHORS[2:]))
    ),
    "a later round of levels": sound(question("a.4", show_if=at_least("a.3", 2))),
    "several ticks": sound(
        question("a.4", kind=Kind.CHECKLIST, options=options("Sex", "Age", required=True)),
        question("a.5", show_if=both(is_("a.4", "o0"), is_("a.4", "o1"))),
    ),
    "hidden is not": sound(
        question("a.4", show_if=at_least("a.1", 2)),
        question("a.5", show_if=both(no(at_least("a.1", 1)), no(at_least("a.4", 1)))),
    ),
    "heading": sound(
        question("a.4", heading="Morning", text="How many come?"),
        question("a.5", heading="Evening", text="How many come?"),
    ),
    "row headings": sound(
        grid(
            "a.4", (column("one"),), (Row(id="x", label="Door", heading="In"), Row(id="y", label="Door", heading="Out"))
        )
    ),
    "falling points": sound(choice("a.4", "1", "1/2", "0")),
    "not applicable": sound(
        question(
            "a.4",
            kind=Kind.CHOICE,
            options=(
                Option(id="x", label="None", points=Fraction(0)),
                Option(id="y", label="All", points=Fraction(1)),
                Option(id="z", label="No door", not_applicable=True),
            ),
        )
    ),
    "background first": instrument(section("b", question("b.1", kind=Kind.TEXT)), sound().sections[0], language="en"),
    "explained in brackets": sound(question("a.4", guidance="Ask the quiet zone (QZX). The QZX knows.")),
    "explained by words": sound(question("a.4", guidance="Quiet Zone Extra counts. The QZE knows.")),
    "written large": sound(question("a.4", guidance="Count EVERY door, every day.")),
    "quotes a label": sound(
        contradictions=(
            Contradiction(id="c", when=at_least("a.1", 2), message="1.2 says “nobody counts visitors”, not “no”."),
        )
    ),
    "a share is no number": sound(question("a.4", guidance="At least 1.7 percent.")),
    "an unscored table": sound(
        grid("a.4", (column("c", kind=Kind.TEXT),), rows("door"), scored=False, guidance="", respondent_help="x")
    ),
}


@pytest.mark.parametrize("name", SILENT)
def test_what_is_as_it_should_be_is_left_alone(name: str) -> None:
    assert [remark for remark in said(SILENT[name]) if "numbers" not in remark] == []


def test_questions_in_another_language_are_not_measured_by_english() -> None:
    assert said(sound(yes_no("Do you agree that figures are collected and published?"), language="fr")) == []


def test_a_cell_that_its_gate_settles_cannot_open_a_question() -> None:
    gated = grid(
        "a.4",
        (column("there"), column("used")),
        rows("door"),
        gate=Gate(column="there", answers=("no",), settles=("used",)),
    )
    never = question("a.5", show_if=both(is_("a.4/door/there", "no"), is_("a.4/door/used", "yes")))
    assert said(sound(gated, never)) == ["condition.never @ section a, question a.5"]
    possible = question("a.5", show_if=both(is_("a.4/door/there", "yes"), is_("a.4/door/used", "yes")))
    assert said(sound(gated, possible)) == []


def test_a_row_that_is_out_by_an_option_cannot_open_a_question() -> None:
    demand = Column(
        id="demand",
        label="Demand",
        kind=Kind.CHOICE,
        options=(Option(id="high", label="High", importance=3), Option(id="none", label="None", not_applicable=True)),
        guidance="Ask.",
    )
    table = grid("a.4", (demand, column("used")), rows("door"))
    never = question("a.5", show_if=both(is_("a.4/door/demand", "none"), is_("a.4/door/used", "yes")))
    assert said(sound(table, never)) == ["condition.never @ section a, question a.5"]
    assert said(sound(table, question("a.5", show_if=is_("a.4/door/used", "yes")))) == []


def test_a_condition_on_a_question_that_is_hidden_then_is_never_true() -> None:
    waits = question("a.4", show_if=at_least("a.1", 2))
    never = question("a.5", show_if=both(at_least("a.4", 1), no(at_least("a.1", 1))))
    assert said(sound(waits, never)) == ["condition.never @ section a, question a.5"]


def test_numbers_out_of_their_range_are_never_true() -> None:
    year = question("a.4", kind=Kind.YEAR, minimum=1950, maximum=2030)
    assert said(sound(year, question("a.5", show_if=at_least("a.4", 2031)))) == [
        "condition.never @ section a, question a.5"
    ]
    assert said(sound(year, question("a.5", show_if=either(at_least("a.4", 2030), at_least("a.4", 2040))))) == []


def test_translations_are_told_of_by_language() -> None:
    known = {
        "fr": Worded(missing=("a.4|text", "a|title"), stale=("a.1|anchor 2",)),
        "ka": Worded(standing=Standing.UNREVIEWED),
        "th": Worded(standing=Standing.EARLIER),
        "es": Worded(),
        "ru": Worded(is_readable=False),
    }
    assert said(sound(), known) == [
        "translation.missing @ fr.po",
        "translation.stale @ fr.po",
        "translation.unreviewed @ ka.po",
        "translation.earlier @ th.po",
        "translation.unreadable @ ru.po",
    ]


def test_remarks_come_kind_by_kind_and_each_kind_has_its_words() -> None:
    found = remarks(sound(yes_no("Do you agree?", guidance="", number="")))
    kinds = [kind_of(problem) for problem in found]
    order = list(KIND_WORDS)
    assert set(order) == set(RemarkKind)
    assert kinds == sorted(kinds, key=lambda kind: order.index(kind) if kind else -1)
    assert len(set(kinds)) > 2


def test_a_weakness_of_hundreds_of_places_is_told_of_some_and_counted() -> None:
    many = sound(*(yes_no("Are figures collected and published?", id=f"a.{n}") for n in range(4, 200)))
    found = [problem for problem in remarks(many) if problem.code == "editor.phrasing.two"]
    assert len(found) == 51
    assert "146 more places" in found[-1].text()


def test_places_are_said_as_people_would() -> None:
    found = sound(grid("a.4", (column("used", label="Used"),), rows("door")))
    assert place_in_words(found, "section a, question a.4, row door, column used") == "1.4 Door, column “Used”"
    assert place_in_words(found, "section a") == "Part 1 Part a"
    assert place_in_words(found, "fr.po") == "fr.po"
    assert place_in_words(None, "section a") == "section a"
