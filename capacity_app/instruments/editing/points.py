"""Points and weights: whether they say anything, and whether a score can move."""

from collections.abc import Sequence
from fractions import Fraction
from statistics import median

from capacity_app.domain.instrument import TOP_LEVEL, Instrument, Kind, Section
from capacity_app.domain.problems import N_
from capacity_app.instruments.editing.kinds import RemarkKind, Remarks
from capacity_app.instruments.editing.spots import (
    HEAD,
    Spot,
    earns,
    is_scored,
    name_of,
    question_place,
    questions,
    section_place,
    spots,
)

_ONE_POINT = Fraction(1, 100)
_LEAST_EQUAL = 3
"""So many equal weights are no accident."""


def note_points(instrument: Instrument, remarks: Remarks) -> None:
    """Note points and weights that say nothing."""
    _note_weights_of_sections(instrument, remarks)
    for section in instrument.sections:
        _note_weights(section, remarks)
    for section, question in questions(instrument):
        columns = [column for column in question.columns if column.is_scored]
        if question.scored and _are_equal([column.weight for column in columns], 2):
            message = N_("All scored columns have the weight {weight}. Equal weights have no effect.")
            remarks.note(RemarkKind.POINTS, "equal-columns", question_place(section, question), message,
                         N_("Remove the weights, or give more to what matters more."),
                         weight=columns[0].weight)  # fmt: skip
    for spot in spots(instrument):
        _note_zero(spot, remarks)
        if spot.field.kind is Kind.CHOICE and spot.field.is_scored and spot.question.scored:
            _note_scale(spot, remarks)


def _are_equal(weights: Sequence[Fraction], least: int) -> bool:
    """Return whether somebody gave several weights that are all the same."""
    return len(weights) >= least and len(set(weights)) == 1 and weights[0] not in {0, 1}


def _note_weights_of_sections(instrument: Instrument, remarks: Remarks) -> None:
    counted = [section for section in instrument.sections if section.is_scored and not section.supplement]
    if _are_equal([section.weight for section in counted], 2):
        message = N_("All scored parts have the weight {weight}. Equal weights have no effect.")
        advice = N_("Remove the weights, or give more to what matters more.")
        remarks.note(RemarkKind.POINTS, "equal-parts", HEAD, message, advice, weight=counted[0].weight)
    for section in instrument.sections:
        if section.supplement and section.weight != 1:
            message = N_("The weight of a supplement has no effect: supplements never enter the overall score.")
            remarks.note(RemarkKind.POINTS, "supplement-weight", section_place(section), message,
                         N_("Remove the weight."))  # fmt: skip
        elif section.is_scored and section.weight == 0:
            message = N_("The part is scored, and its weight of 0 keeps it out of the overall score.")
            remarks.note(RemarkKind.POINTS, "zero-part", section_place(section), message,
                         N_("Give it a weight, or say in its introduction that it does not count."))  # fmt: skip


def _note_weights(section: Section, remarks: Remarks) -> None:
    scored = [question for question in section.questions if is_scored(question) and question.weight > 0]
    weights = [question.weight for question in scored]
    place = section_place(section)
    if len(scored) == 1 and scored[0].kind is not Kind.GRID and weights[0] != 1:
        message = N_("The weight of {question} has no effect: it is the only scored question of its part.")
        advice = N_("Remove the weight.")
        remarks.note(RemarkKind.POINTS, "single-weight", place, message, advice, question=name_of(scored[0]))
    if not section.is_scored and not section.supplement and section.weight != 1:
        message = N_("The weight of this part has no effect: none of its questions earns points.")
        advice = N_("Remove the weight, or let one of its questions be scored.")
        remarks.note(RemarkKind.POINTS, "unscored-weight", place, message, advice)
    if _are_equal(weights, _LEAST_EQUAL):
        message = N_("All scored questions of this part have the weight {weight}. Equal weights have no effect.")
        advice = N_("Remove the weights, or give more to what matters more.")
        remarks.note(RemarkKind.POINTS, "equal", place, message, advice, weight=weights[0])
    whole = sum(weights, Fraction(0))
    for question in scored:
        if question.weight < whole * _ONE_POINT and question.weight < median(weights):
            message = N_("Its weight of {weight} in {whole} cannot move the score of its part by one point.")
            advice = N_("Give it more weight, or take it out of the score with scored = false.")
            remarks.note(RemarkKind.POINTS, "tiny", question_place(section, question), message, advice,
                         weight=question.weight, whole=whole)  # fmt: skip


def _note_zero(spot: Spot, remarks: Remarks) -> None:
    if spot.field.scored and spot.question.scored and spot.field.weight == 0 and earns(spot.field):
        message = N_("The weight is 0: the answer could earn points, and none of them counts.")
        advice = N_("Say it openly with scored = false, or give it a weight.")
        remarks.note(RemarkKind.POINTS, "zero", spot.place, message, advice)


def _note_scale(spot: Spot, remarks: Remarks) -> None:
    points = [option.points for option in spot.field.options if option.points is not None]
    if len(set(points)) == 1:
        message = N_("Every option earns the same points, so the answer does not change the score.")
        remarks.note(RemarkKind.POINTS, "same", spot.place, message, N_("Give the options different points."))
        return
    silent = [o for o in spot.field.options if o.points is None and not o.not_applicable]
    if silent:
        message = N_("Some options have points and “{option}” has none. An answer with it counts as open.")
        advice = N_("Give it points, or not_applicable = true.")
        remarks.note(RemarkKind.POINTS, "without", spot.place, message, advice, option=silent[0].label)


def note_anchors(instrument: Instrument, remarks: Remarks) -> None:
    for spot in spots(instrument):
        if spot.field.kind is Kind.LEVEL and len([anchor for anchor in spot.field.anchors if anchor]) <= TOP_LEVEL:
            message = N_("Not every level has its sentence, so two officers will choose different levels.")
            advice = N_("Write one sentence for each level.")
            remarks.note(RemarkKind.LEVELS, "missing", spot.place, message, advice)
