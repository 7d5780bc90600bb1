"""What is written down of our own mistakes says where and what kind, and never what somebody typed."""

import sqlite3

import pytest

from capacity_app.domain.problems import KnownError
from capacity_app.services.crash_log import describe_exception

SECRET = "the ministry hides its figures"  # noqa: S105 - what an officer typed


def raised(error: BaseException) -> str:
    error.add_note(SECRET)
    with pytest.raises(type(error)) as caught:
        _stumble(error)
    return describe_exception(caught.value)


def _stumble(error: BaseException) -> None:
    typed = SECRET
    try:
        int(typed)
    except ValueError as cause:
        raise error from cause


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (KeyError(SECRET), "builtins.KeyError"),
        (FileNotFoundError(2, "No such file", SECRET), "builtins.FileNotFoundError ENOENT"),
        (KnownError("“{file}” is damaged.", file=SECRET), "“{file}” is damaged."),
        (sqlite3.IntegrityError(SECRET), "sqlite3.IntegrityError"),
        (UnicodeDecodeError("utf-8", SECRET.encode(), 1, 2, SECRET), "builtins.UnicodeDecodeError"),
        (type("Odd", (Exception,), {"__str__": lambda _self: SECRET})(), "Odd"),
    ],
)
def test_the_kind_and_the_place_are_told_but_no_value(error: BaseException, said: str) -> None:
    told = raised(error)
    assert said in told
    assert "test_mistakes.py" in told
    assert "builtins.ValueError" in told, "what led to it is told first"
    assert SECRET not in told


def test_a_chain_that_bites_its_tail_comes_to_an_end() -> None:
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    assert describe_exception(first).endswith("builtins.ValueError")
