"""Dataclasses of our own making behave as those of the standard library do, except that nothing guards assignment."""

import dataclasses
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.fast_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Ours:
    number: int
    text: str = ""
    hidden: str = dataclasses.field(default="", repr=False, compare=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Theirs:
    number: int
    text: str = ""
    hidden: str = dataclasses.field(default="", repr=False, compare=False)


@dataclass(frozen=True)
class Empty:
    pass


@dataclass
class Changing:
    number: int


@dataclass(frozen=True, slots=True, order=True)
class Ordered:
    number: int


_values = st.tuples(st.integers(0, 2), st.sampled_from(["", "a"]), st.sampled_from(["", "b"]))


@given(_values, _values)
def test_they_compare_and_hash_as_the_standard_ones_do(one: tuple[Any, ...], other: tuple[Any, ...]) -> None:
    ours, theirs = (Ours(*one), Ours(*other)), (Theirs(*one), Theirs(*other))
    assert (ours[0] == ours[1]) == (theirs[0] == theirs[1])
    assert hash(ours[0]) == hash(theirs[0])
    assert repr(ours[0]) == repr(theirs[0]).replace("Theirs", "Ours")
    assert dataclasses.replace(ours[0], number=other[0]) == Ours(other[0], *one[1:])
    assert dataclasses.asdict(ours[0]) == dataclasses.asdict(theirs[0])
    assert pickle.loads(pickle.dumps(ours[0])) == ours[0]  # noqa: S301 - made on the line itself


def test_other_classes_with_the_same_values_are_not_equal() -> None:
    assert Ours(1) != Theirs(1)
    assert Empty() == Empty()
    assert Empty() != Changing(1)


def test_what_may_change_has_no_hash() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(Changing(1))


def test_ordered_ones_can_be_sorted() -> None:
    assert sorted([Ordered(2), Ordered(1)]) == [Ordered(1), Ordered(2)]


def _with_every_kind_of_field(make: Any) -> Any:
    class Kinds:
        first: int
        second: str = "b"
        many: list[int] = dataclasses.field(default_factory=list)
        found: str = dataclasses.field(init=False, default="found")
        known: dict[str, int] = dataclasses.field(init=False, default_factory=dict)
        named: int = dataclasses.field(kw_only=True)

        def __post_init__(self) -> None:
            self.many.append(self.named)

    return make(Kinds)


def test_they_are_made_from_the_same_arguments() -> None:
    ours, theirs = _with_every_kind_of_field(dataclass), _with_every_kind_of_field(dataclasses.dataclass)
    for values, named in (((1,), {"named": 2}), ((1, "c"), {"named": 4}), ((), {"first": 1, "named": 2, "second": ""})):
        assert dataclasses.asdict(ours(*values, **named)) == dataclasses.asdict(theirs(*values, **named))
    assert ours(1, named=2).many is not ours(1, named=2).many
    refusals: tuple[tuple[tuple[Any, ...], dict[str, Any]], ...] = (
        ((1,), {}),
        ((1, "c", [], 5), {"named": 2}),
        ((1,), {"named": 2, "found": ""}),
    )
    for values, named in refusals:
        with pytest.raises(TypeError) as refused:
            ours(*values, **named)
        with pytest.raises(TypeError) as expected:
            theirs(*values, **named)
        assert str(refused.value) == str(expected.value)


def test_an_ordered_one_is_compared_only_with_its_own_kind() -> None:
    assert Ordered(1) <= Ordered(1) > Ordered(0)
    with pytest.raises(TypeError):
        assert Ordered(1) < 2  # type: ignore[operator]
