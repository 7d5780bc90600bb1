"""Remarks on an instrument that is legal and still has a place its author should correct.

Pure functions over the finished instrument, in linear time, one module per subject. Each remark is a ``Problem`` with
its place, what it is, and what to do. Only what follows from the instrument itself is said: questions that are never
asked, weights without effect, options without points, missing anchors, doubled numbers and missing translations.
"""

from capacity_app.instruments.editing.kinds import KIND_WORDS, RemarkKind, kind_of
from capacity_app.instruments.editing.reading import remarks
from capacity_app.instruments.editing.spots import address_of, place_in_words
from capacity_app.instruments.editing.worded import Worded, worded

__all__ = ["KIND_WORDS", "RemarkKind", "Worded", "address_of", "kind_of", "place_in_words", "remarks", "worded"]
