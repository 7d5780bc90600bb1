"""Whether two copies of an instrument that bear the same version number really are the same."""

from capacity_app.domain.instrument import Instrument
from capacity_app.domain.problems import N_, KnownError

TWO_EDITIONS = N_(
    "Both say version {version} of “{title}”, but their questions differ: one was changed without a new number. "
    "Nothing was done. Ask who made the instrument for a version with a number of its own."
)


def is_one_edition(one: Instrument, other: Instrument) -> bool:
    """Return whether two instruments of one id and version ask the same; each may have supplements of its own."""
    theirs = {section.id: section for section in other.sections}
    shared = all(theirs.get(section.id, section) == section for section in one.sections)
    core = [[section.id for section in each.sections if not section.supplement] for each in (one, other)]
    return shared and core[0] == core[1] and one.thresholds == other.thresholds


def expect_one_edition(ours: Instrument, theirs: Instrument) -> None:
    """Raise KnownError if two instruments bear the same id and version and ask different things."""
    is_named_alike = (ours.id, ours.version) == (theirs.id, theirs.version)
    if is_named_alike and not is_one_edition(ours, theirs):
        raise KnownError(TWO_EDITIONS, version=ours.version, title=ours.title)
