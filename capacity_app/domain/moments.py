"""Moments as they stand in files: read in Coordinated Universal Time, or not at all."""

from datetime import UTC, datetime

_FIRST, _LAST = 1900, 9_998
"""The years that every calendar knows, in every zone: spreadsheets count from 1900, Python ends with 9999."""


def moment_of(iso: str) -> datetime | None:
    """Read a moment (ISO 8601; UTC where no zone is said); None if it is none that can be shown or counted with."""
    try:
        read = datetime.fromisoformat(iso)
        moment = read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return moment if _FIRST <= moment.year <= _LAST else None


def utc(time: str) -> str:
    """Return a moment in UTC; empty if it is no moment or does not say in which zone."""
    moment = moment_of(time)
    if moment is None or datetime.fromisoformat(time).tzinfo is None:
        return ""
    return time if time.endswith("+00:00") else moment.isoformat()
