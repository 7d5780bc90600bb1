"""Entries that were probably entered twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.assessment.duplicates import are_entries_alike, are_names_alike, find_lookalikes
from capacity_app.domain.assessment.registers import Agency, DataSource, Evidence, Meeting, Person, RegisterEntry


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ministry of the Interior", "MINISTRY OF THE INTERIOR"),
        ("Ministère de l’Intérieur", "Ministere de l'interieur"),
        ("Ministry of the Interior", "Ministry of Interior"),
        ("Ministry of the Interior", "Min. of Int."),
        ("Ministry of the Interior", "MoI"),
        ("MOTI", "Ministry of the Interior"),
        ("National Statistical Office", "NSO"),
        ("National Statistical Office", "National Statistcal Office"),
        ("Tamar Beridze", "Beridze, Tamar"),
        ("T. Beridze", "Tamar Beridze"),
        ("Министерство внутренних дел", "министерство Внутренних Дел"),
    ],
)
def test_the_same_thing_written_otherwise_is_recognised(one: str, other: str) -> None:
    assert are_names_alike(one, other)
    assert are_names_alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ministry of Health", "Ministry of Justice"),
        ("Ministry of Labour", "Ministry of Labour and Health"),
        ("Population census 2014", "Population census 2024"),
        ("Survey 1", "Survey 10"),
        ("Tamar Beridze", "Tamar Gelashvili"),
        ("Ministry of Interior", "Ministry of Information"),
        ("", "NSO"),
        ("–", "…"),
    ],
)
def test_different_things_are_not_taken_for_one(one: str, other: str) -> None:
    assert not are_names_alike(one, other)


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_has_no_order(one: str, other: str) -> None:
    assert are_names_alike(one, other) == are_names_alike(other, one)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Agency(id="1", name="Interior Ministry", short="MoI"), Agency(id="2", short="moi"), True),
        (Person(id="1", name="Nino K."), Person(id="2", name="nino k"), True),
        (DataSource(id="1", name="Labour Force Survey"), DataSource(id="2", name="LFS"), True),
        (Meeting(id="1", date="2018-11", title="Kick-off"), Meeting(id="2", date="2018-11", title="kick off"), True),
        (Meeting(id="1", date="2018-11", title="Kick-off"), Meeting(id="2", date="2018-12", title="Kick-off"), False),
        (Evidence(id="1", link="https://a.org/x/"), Evidence(id="2", link="https://a.org/x"), True),
        (Evidence(id="1", title="Act", document="a"), Evidence(id="2", title="Law", document="a"), True),
        (Evidence(id="1"), Evidence(id="2"), False),
    ],
)  # fmt: skip
def test_each_register_has_its_own_signs(one: RegisterEntry, other: RegisterEntry, *, expected: bool) -> None:
    assert are_entries_alike(one, other) is expected


def test_lookalikes_know_each_other() -> None:
    entries = (Agency(id="1", name="NSO"), Agency(id="2", name="Bank"), Agency(id="3", name="nso"))
    assert find_lookalikes(entries) == {"1": ("3",), "3": ("1",)}
