"""The editor: what is legal in an instrument and still weak, as somebody would say who reads it before it is printed.

Problem: ``checks`` find what is wrong, and a questionnaire without a mistake may still ask two things at once, weigh
nothing, or hide a question for ever. Decision: pure functions over the finished instrument, one module per subject,
each remark a ``Problem`` with its place, what it is and why it matters, and how to mend it. A remark that is wrong
costs more trust than ten that are missing: rules that depend on a language keep silent in others, and what cannot be
proved within bounds is not said.
"""

from capacity_app.instruments.editing.kinds import KIND_WORDS, RemarkKind, kind_of
from capacity_app.instruments.editing.reading import remarks
from capacity_app.instruments.editing.spots import address_of, place_in_words
from capacity_app.instruments.editing.worded import Worded, worded

__all__ = ["KIND_WORDS", "RemarkKind", "Worded", "address_of", "kind_of", "place_in_words", "remarks", "worded"]
