"""What is said now, what was said before, and where: the ledgers of answers and of register entries."""

from dataclasses import replace
from typing import Any

import pytest

from capacity_app.domain.assessment.answers import (
    EMPTY_CONTENT,
    Address,
    Answer,
    AnswerKey,
    AnswerLayer,
    AnswerState,
    Content,
)
from capacity_app.domain.assessment.merging import merge_revisions
from capacity_app.domain.assessment.registers import Agency, Mission
from capacity_app.domain.assessment.revisions import EntryRevision, Revision, RevisionId
from capacity_app.services.session.revision_log import (
    AnswerLedger,
    EntryLedger,
    answer_from_revision,
    answer_sort_key,
    record_key_of,
)

NSO = AnswerKey(Address("i.law"), respondent="nso")
MOI = AnswerKey(Address("i.law"), respondent="moi")
CELL = AnswerKey(Address("g", "r", "c"), respondent="nso")


def level(value: int, **more: Any) -> Content:
    return Content(state=AnswerState.ANSWERED, value=value, **more)


def made(number: int, content: Content, *parents: Revision, key: AnswerKey = NSO, by: str = "a") -> Revision:
    parent_ids = tuple(one.id for one in parents)
    return Revision(id=RevisionId(by, number), key=key, content=content, parents=parent_ids)


def entry(
    number: int, content: Any, *parents: EntryRevision, by: str = "a", name: str = "x", register: str = "agencies"
) -> EntryRevision:
    parent_ids = tuple(one.id for one in parents)
    return EntryRevision(id=RevisionId(by, number), register=register, entry=name, content=content, parents=parent_ids)


def office(name: str, entry_id: str = "x") -> Agency:
    return Agency(id=entry_id, name=name)


# -- answers -------------------------------------------------------------------------------------------------------


def test_answers_are_sorted_by_question_row_column_layer_and_respondent() -> None:
    keys = [
        AnswerKey(Address("a", "r"), AnswerLayer.VALIDATED, "z"),
        AnswerKey(Address("a", "r", "c"), AnswerLayer.JUDGEMENT, "z"),
        AnswerKey(Address("a", "r", "c"), AnswerLayer.RESPONSE, "m"),
        AnswerKey(Address("a", "r", "c"), AnswerLayer.RESPONSE, "n"),
        AnswerKey(Address("b"), AnswerLayer.JUDGEMENT),
    ]
    answers = [Answer(key=key, content=EMPTY_CONTENT) for key in reversed(keys)]
    assert [one.key for one in sorted(answers, key=answer_sort_key)] == sorted(keys) == keys


def test_an_answer_is_all_a_revision_says() -> None:
    revision = replace(made(1, level(2)), author="A", time="T", language="fr")
    assert answer_from_revision(revision) == Answer(key=NSO, content=level(2), author="A", time="T", language="fr")
    assert record_key_of(revision) == NSO
    assert record_key_of(entry(1, office("Office"))) == ("agencies", "x")


def test_a_ledger_knows_what_is_said_now_and_what_was_said_before() -> None:
    first = made(1, level(1))
    second, other = made(2, level(2), first), made(3, level(3), key=MOI)
    ledger = AnswerLedger([other, second, first])
    assert (ledger.content(NSO), ledger.content(MOI), ledger.content(CELL)) == (level(2), level(3), EMPTY_CONTENT)
    assert ledger.heads(NSO) == (second,)
    assert ledger.heads(CELL) == ()
    assert ledger.united(CELL) is None
    assert ledger.united(MOI) == merge_revisions([other])
    assert ledger.all_heads() == {NSO: (second.id,), MOI: (other.id,)}
    assert ledger.known(NSO) == (first, second)
    assert ledger.known(CELL) == ()
    assert list(ledger.all()) == [first, second, other]
    assert ledger.by_address == {Address("i.law"): [answer_from_revision(other), answer_from_revision(second)]}
    assert ledger.current() == (answer_from_revision(other), answer_from_revision(second))


def test_what_is_taken_back_is_shown_no_more_and_stays_in_the_history() -> None:
    first, other = made(1, level(1)), made(2, level(3), key=MOI)
    ledger = AnswerLedger([first, other])
    back = made(3, EMPTY_CONTENT, first)
    ledger.add(back)
    assert ledger.by_address == {Address("i.law"): [answer_from_revision(other)]}
    ledger.add(made(4, EMPTY_CONTENT, other, key=MOI))
    assert ledger.by_address == {}
    assert ledger.current() == ()
    assert ledger.history(Address("i.law"))[0].id == RevisionId("a", 4)
    assert ledger.known(NSO) == (first, back)
    again = made(5, level(0), back)
    ledger.add(again)
    assert ledger.by_address == {Address("i.law"): [answer_from_revision(again)]}


def test_the_history_of_a_place_is_that_of_its_cells_too_newest_first() -> None:
    grid, row, cell = Address("g"), Address("g", "r"), Address("g", "r", "c")
    other_cell, other_row, other = Address("g", "r", "d"), Address("g", "s", "c"), Address("h")
    places = [grid, row, cell, other_cell, other_row, other]
    known = {place: made(n, level(1), key=AnswerKey(place)) for n, place in enumerate(places, start=1)}
    ledger = AnswerLedger(known.values())
    expected = {
        grid: [other_row, other_cell, cell, row, grid],
        row: [other_cell, cell, row],
        cell: [cell],
        Address("g", "", "c"): [other_row, cell],
        other: [other],
        Address("nowhere"): [],
    }
    for place, found in expected.items():
        assert ledger.history(place) == tuple(known[one] for one in found), place


def test_what_comes_from_elsewhere_is_united_with_what_is_here() -> None:
    base = made(1, level(0, note="n"))
    mine, theirs = made(2, level(3, note="n"), base), made(2, level(0, note="m"), base, by="b")
    ledger = AnswerLedger([base, mine])
    news = made(4, level(1), key=MOI, by="b")
    ledger.unite([theirs, news])
    assert ledger.content(NSO) == level(3, note="m")
    assert ledger.content(MOI) == level(1)
    assert ledger.known(NSO) == (base, mine, theirs)
    assert ledger.heads(NSO) == (mine, theirs)
    assert ledger.by_address[Address("i.law")] == [
        answer_from_revision(news),
        Answer(key=NSO, content=level(3, note="m")),
    ]
    assert list(ledger.contested()) == []
    ledger.unite([made(5, level(2), key=MOI, by="c"), made(3, level(1), base, by="d")])
    assert [one.shown.key for one in ledger.contested()] == [MOI, NSO]
    assert AnswerLedger(ledger.all()).current() == ledger.current()


# -- register entries ----------------------------------------------------------------------------------------------


def test_entries_stand_in_the_order_they_were_made_in_and_the_removed_are_remembered() -> None:
    second, first = entry(2, office("B", "b"), name="b"), entry(1, office("A", "z"), name="z")
    ledger = EntryLedger([second, first])
    assert ledger.entries("agencies") == (office("A", "z"), office("B", "b"))
    assert ledger.entries("people") == ()
    gone = entry(3, None, first, name="z")
    ledger.add(gone)
    assert ledger.entries("agencies") == (office("B", "b"),)
    assert ledger.entry("agencies", "z") is None
    assert ledger.entry("agencies", "nobody") is None
    assert ledger.has_ever_known("agencies", "z")
    assert not ledger.has_ever_known("agencies", "nobody")
    assert not ledger.has_ever_known("people", "z")
    assert ledger.known(("agencies", "z")) == (first, gone)
    assert ledger.known(("agencies", "nobody")) == ledger.heads(("agencies", "nobody")) == ()
    assert ledger.heads_in_register_order("agencies", "nobody") == ()
    assert ledger.united(("agencies", "nobody")) is None
    assert list(ledger.all()) == [first, gone, second]
    ledger.add(entry(4, office("C", "c"), name="c"))
    ledger.add(entry(5, office("A again", "z"), gone, name="z"))
    assert [one.name for one in ledger.entries("agencies") if isinstance(one, Agency)] == ["A again", "B", "C"]
    assert ledger.heads(("agencies", "b")) == ledger.heads_in_register_order("agencies", "b") == (second,)


def test_an_assessment_without_a_mission_has_an_empty_one() -> None:
    assert EntryLedger().mission == Mission()
    georgia = Mission(country="GEO")
    assert EntryLedger([entry(1, georgia, register="mission", name="mission")]).mission == georgia


def test_an_entry_made_on_two_laptops_stands_where_the_one_it_goes_back_to_was_made() -> None:
    here, between = entry(1, office("Here")), entry(2, office("Between", "y"), name="y")
    there = entry(3, office("There"), by="b")
    ledger = EntryLedger([here, between])
    ledger.unite([there])
    assert [one.id for one in ledger.entries("agencies")] == ["x", "y"]
    assert ledger.heads_in_register_order("agencies", "x") == (here, there)
    assert [one.field for one in next(ledger.contested()).contests] == ["name"]
    settled_there = entry(4, office("There"), there, here)
    ledger.unite([settled_there])
    assert [one.id for one in ledger.entries("agencies")] == ["y", "x"], "it goes on from where it was made there"
    assert list(ledger.contested()) == []
    again = EntryLedger(ledger.all())
    assert again.entries("agencies") == ledger.entries("agencies")
    assert again.heads(("agencies", "x")) == (settled_there,)


def test_heads_are_told_beginning_with_the_line_the_entry_stands_in() -> None:
    first, second = entry(1, office("First"), by="b"), entry(2, office("Second"), by="a")
    on_second, on_first = entry(3, office("On second"), second, by="a"), entry(4, office("On first"), first, by="b")
    ledger = EntryLedger([first, second, on_second, on_first])
    assert ledger.heads(("agencies", "x")) == (on_second, on_first)
    assert ledger.heads_in_register_order("agencies", "x") == (on_first, on_second)


@pytest.mark.parametrize("register", ["agencies", "people"])
def test_contested_entries_are_told_register_by_register(register: str) -> None:
    known = [
        entry(number, office(f"{number}", name), by=str(number), name=name, register=place)
        for place in ("people", "agencies")
        for number, name in ((1, "x"), (2, "x"), (3, "y"))
    ]
    ledger = EntryLedger(known)
    found = [(one.shown.register, one.shown.entry) for one in ledger.contested()]
    assert found == [("agencies", "x"), ("people", "x")]
    assert (register, "x") in found


def test_what_comes_from_elsewhere_is_united_with_the_entries_here() -> None:
    base = entry(1, Agency(id="x", name="Office"))
    mine = entry(2, Agency(id="x", name="Bureau"), base)
    ledger = EntryLedger([base, mine])
    theirs = entry(2, Agency(id="x", name="Office", short="O"), base, by="b")
    ledger.unite([theirs, entry(3, office("New", "n"), by="b", name="n")])
    assert ledger.entries("agencies") == (Agency(id="x", name="Bureau", short="O"), office("New", "n"))
    assert ledger.known(("agencies", "x")) == (base, mine, theirs)
    assert ledger.heads(("agencies", "x")) == (mine, theirs)
