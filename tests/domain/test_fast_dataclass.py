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
