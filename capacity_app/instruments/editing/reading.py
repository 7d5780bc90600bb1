"""Reading a whole instrument: the remarks that its author can act on."""

from collections.abc import Mapping

from capacity_app.domain.instrument import Instrument
from capacity_app.domain.problems import Problem
from capacity_app.instruments.editing.conditions import note_conditions
from capacity_app.instruments.editing.kinds import Remarks
from capacity_app.instruments.editing.numbers import note_numbers
from capacity_app.instruments.editing.points import note_anchors, note_points
from capacity_app.instruments.editing.worded import Worded, note_translations


def remarks(instrument: Instrument, worded: Mapping[str, Worded] | None = None) -> tuple[Problem, ...]:
    """Return the remarks on an instrument without mistakes; ``worded`` are its translations by language (BCP 47)."""
    found = Remarks()
    for note in (note_conditions, note_points, note_anchors, note_numbers):
        note(instrument, found)
    note_translations(instrument, worded or {}, found)
    return found.all()
