"""The four sentences of the levels: there, different, short, and built alike."""

from itertools import combinations

from capacity_app.domain.instrument import TOP_LEVEL, Instrument, Kind
from capacity_app.domain.likeness import are_alike
from capacity_app.domain.problems import N_
from capacity_app.instruments.editing.kinds import RemarkKind, Remarks
from capacity_app.instruments.editing.measures import folded, length
from capacity_app.instruments.editing.spots import Spot, spots

LONGEST = 40
"""Words of one sentence of a level; more are not read out to the end."""
_TIMES, _WORDS_MORE = 4, 20
"""How much longer than the shortest the longest of four sentences may be."""
_END_SIGNS = ".。।።…!?؟۔"


def note_levels(instrument: Instrument, remarks: Remarks) -> None:
    """Note weak sentences of levels."""
    for spot in spots(instrument):
        if spot.field.kind is not Kind.LEVEL:
            continue
        anchors = spot.field.anchors
        if len([anchor for anchor in anchors if anchor]) <= TOP_LEVEL:
            message = N_("Not every level has its sentence, so two officers will choose different levels.")
            advice = N_("Write four sentences in which a respondent can recognise itself.")
            remarks.note(RemarkKind.LEVELS, "missing", spot.place, message, advice)
            continue
        _note_alike(spot, remarks)
        _note_long(spot, instrument.language, remarks)
        _note_uneven(spot, instrument.language, remarks)


def _note_alike(spot: Spot, remarks: Remarks) -> None:
    for (low, one), (high, other) in combinations(enumerate(spot.field.anchors), 2):
        if folded(one) == folded(other) or are_alike(one, other):
            message = N_("Levels {low} and {high} say nearly the same, so nobody can tell which is meant: “{text}”")
            advice = N_("Say what is there at the higher level that is missing at the lower one.")
            remarks.note(RemarkKind.LEVELS, "alike", spot.place, message, advice, low=low, high=high, text=one)


def _note_long(spot: Spot, language: str, remarks: Remarks) -> None:
    for level, anchor in enumerate(spot.field.anchors):
        count = length(anchor, language)
        if count > LONGEST:
            message = N_("The sentence of level {level} has {count} words; in a meeting nobody hears it to its end.")
            advice = N_("Keep what tells this level from the next, and move the rest to the guidance.")
            remarks.note(RemarkKind.LEVELS, "long", spot.place, message, advice, level=level, count=count)


def _note_uneven(spot: Spot, language: str, remarks: Remarks) -> None:
    lengths = [length(anchor, language) for anchor in spot.field.anchors]
    if max(lengths) > _TIMES * min(lengths) and max(lengths) - min(lengths) > _WORDS_MORE:
        message = N_("The sentences have {least} to {most} words: the long one reads as if it asked for more things.")
        advice = N_("Name the same things in all four, each at its level.")
        remarks.note(RemarkKind.LEVELS, "uneven", spot.place, message, advice, least=min(lengths), most=max(lengths))
    ends = {anchor.rstrip('"”’») ')[-1:] in _END_SIGNS for anchor in spot.field.anchors}
    if len(ends) > 1:
        message = N_("Some of the four sentences end with a full stop and others do not, as if something were missing.")
        advice = N_("End all of them alike.")
        remarks.note(RemarkKind.LEVELS, "ends", spot.place, message, advice)
