"""Reading a whole instrument: every remark there is to make, kind by kind."""

from collections.abc import Mapping

from capacity_app.domain.instrument import Instrument
from capacity_app.domain.problems import Problem
from capacity_app.instruments.editing.conditions import note_conditions
from capacity_app.instruments.editing.helps import note_helps
from capacity_app.instruments.editing.kinds import Remarks
from capacity_app.instruments.editing.lengths import note_lengths
from capacity_app.instruments.editing.levels import note_levels
from capacity_app.instruments.editing.numbers import note_numbers
from capacity_app.instruments.editing.phrasing import note_phrasing
from capacity_app.instruments.editing.points import note_points
from capacity_app.instruments.editing.quotations import note_quotations
from capacity_app.instruments.editing.repetition import note_repetitions
from capacity_app.instruments.editing.sizes import note_sizes
from capacity_app.instruments.editing.terms import note_terms
from capacity_app.instruments.editing.worded import Worded, note_translations

_EDITORS = (
    note_conditions,
    note_points,
    note_levels,
    note_phrasing,
    note_repetitions,
    note_lengths,
    note_numbers,
    note_quotations,
    note_sizes,
    note_terms,
    note_helps,
)


def remarks(instrument: Instrument, worded: Mapping[str, Worded] | None = None) -> tuple[Problem, ...]:
    """Say what is weak in an instrument without mistakes; ``worded`` are its translations by language (BCP 47)."""
    found = Remarks()
    for note in _EDITORS:
        note(instrument, found)
    note_translations(instrument, worded or {}, found)
    return found.all()
