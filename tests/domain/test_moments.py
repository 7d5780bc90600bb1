"""Moments from files: read in Coordinated Universal Time, or not at all."""

import pytest

from capacity_app.domain.numbers_and_dates import parse_moment


@pytest.mark.parametrize(
    ("iso", "expected"),
    [
        ("2018-11-27T09:00:00+00:00", "2018-11-27T09:00:00+00:00"),
        ("2018-11-27T09:00:00+02:00", "2018-11-27T07:00:00+00:00"),
        ("2018-11-27T09:00:00", "2018-11-27T09:00:00+00:00"),
        ("2018-11-27", "2018-11-27T00:00:00+00:00"),
        ("1900-01-01T00:00:00+00:00", "1900-01-01T00:00:00+00:00"),
        ("9998-12-31T23:59:59+00:00", "9998-12-31T23:59:59+00:00"),
    ],
)
def test_a_moment_is_read_in_coordinated_universal_time(iso: str, expected: str) -> None:
    moment = parse_moment(iso)
    assert moment is not None
    assert moment.isoformat() == expected


@pytest.mark.parametrize(
    "iso",
    ["", "yesterday", "2018-13-01", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "1899-12-31T23:59:59Z",
     "9999-01-01", "9998-12-31T23:59:59-12:00", "2018-11-27T09:00:00+99:99", "\u0662\u0660\u0661\u0668-01-01"],
)  # fmt: skip
def test_what_is_none_or_beyond_every_calendar_is_not_read(iso: str) -> None:
    assert parse_moment(iso) is None
