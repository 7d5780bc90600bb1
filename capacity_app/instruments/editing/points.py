"""Points and weights: whether they say anything, and whether a score can move."""

from collections.abc import Sequence
from fractions import Fraction
from statistics import median

from capacity_app.domain.instrument import Field, Instrument, Kind, Section
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
    _note_importance(instrument, remarks)
    _note_weights_of_sections(instrument, remarks)
    is_scored_before = False
    for section in instrument.sections:
        _note_unscored(section, remarks, is_behind=is_scored_before)
        is_scored_before = is_scored_before or (section.is_scored and not section.supplement)
        _note_weights(section, remarks)
    for section, question in questions(instrument):
        columns = [column for column in question.columns if column.is_scored]
        if question.scored and _are_equal([column.weight for column in columns], 2):
            message = N_("All scored columns have the weight {weight}, which is as if none had one.")
            remarks.note(RemarkKind.POINTS, "equal-columns", question_place(section, question), message,
                         N_("Remove the weights, or give more to what matters more."),
                         weight=columns[0].weight)  # fmt: skip
    for spot in spots(instrument):
        _note_zero(spot, remarks)
        if spot.field.kind is Kind.CHOICE and spot.field.is_scored and spot.question.scored:
            _note_scale(spot, remarks)


def _are_equal(weights: Sequence[Fraction], least: int) -> bool:
    """Whether somebody gave several weights that are all the same."""
    return len(weights) >= least and len(set(weights)) == 1 and weights[0] not in {0, 1}


def _note_importance(instrument: Instrument, remarks: Remarks) -> None:
    scored = [question for question in instrument.questions() if is_scored(question)]
    weighed = (
        question.importance != 2  # noqa: PLR2004 - the importance where none is given
        or any(row.importance != 2 for row in question.rows)  # noqa: PLR2004 - as above
        or question.importance_column is not None
        for question in scored
    )
    if len(scored) >= _LEAST_EQUAL and not any(weighed):
        message = N_(
            "“importance” is nowhere used, so a small gap and a grave one stand side by side in the list of gaps."
        )
        advice = N_("Give importance 3 to what other things depend on, and 1 to what can wait.")
        remarks.note(RemarkKind.POINTS, "importance", HEAD, message, advice)


def _note_weights_of_sections(instrument: Instrument, remarks: Remarks) -> None:
    counted = [section for section in instrument.sections if section.is_scored and not section.supplement]
    if _are_equal([section.weight for section in counted], 2):
        message = N_("All scored parts have the weight {weight}, which is as if none had one.")
        advice = N_("Remove the weights, or give more to what matters more.")
        remarks.note(RemarkKind.POINTS, "equal-parts", HEAD, message, advice, weight=counted[0].weight)
    for section in instrument.sections:
        if section.supplement and section.weight != 1:
            message = N_("The weight of a supplement does nothing: supplements never enter the overall score.")
            remarks.note(RemarkKind.POINTS, "supplement-weight", section_place(section), message,
                         N_("Remove the weight."))  # fmt: skip
        elif section.is_scored and section.weight == 0:
            message = N_("The part is scored, and its weight of 0 keeps it out of the overall score.")
            remarks.note(RemarkKind.POINTS, "zero-part", section_place(section), message,
                         N_("Give it a weight, or say in its introduction that it does not count."))  # fmt: skip


def _note_unscored(section: Section, remarks: Remarks, *, is_behind: bool) -> None:
    if section.supplement or section.is_scored or not section.questions:
        return
    if section.weight != 1:
        message = N_("The part has a weight, but none of its questions earns points: the weight does nothing.")
        remarks.note(RemarkKind.POINTS, "unscored-weight", section_place(section), message,
                     N_("Remove the weight, or let one of its questions be scored."))  # fmt: skip
    elif is_behind:  # what comes before everything else describes the country, and is not meant to be scored
        message = N_("The part belongs to the core and none of its questions earns points, so it shows in no score.")
        advice = N_("Let one of its questions be scored, or move the part to the front as background.")
        remarks.note(RemarkKind.POINTS, "unscored", section_place(section), message, advice)


def _note_weights(section: Section, remarks: Remarks) -> None:
    scored = [question for question in section.questions if is_scored(question) and question.weight > 0]
    weights = [question.weight for question in scored]
    place = section_place(section)
    if len(scored) == 1 and scored[0].kind is not Kind.GRID:
        message = N_("{question} alone decides the score of this part: one slip of one officer, and it is wrong.")
        advice = N_("Ask for the same thing in two or three ways, or join the part with another one.")
        remarks.note(RemarkKind.POINTS, "single", place, message, advice, question=name_of(scored[0]))
        if weights[0] != 1:
            message = N_("The weight of {question} does nothing: it is the only scored question of its part.")
            remarks.note(RemarkKind.POINTS, "single-weight", place, message, N_("Remove the weight."),
                         question=name_of(scored[0]))  # fmt: skip
    if _are_equal(weights, _LEAST_EQUAL):
        message = N_("All scored questions of this part have the weight {weight}, which is as if none had one.")
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
        message = N_("Every option earns the same, so the answer tells nobody from anybody.")
        remarks.note(RemarkKind.POINTS, "same", spot.place, message, N_("Give the options different points."))
        return
    if not _is_ordered(points):
        message = N_("The points go up and down along the options: {points}. Respondents take the order for the scale.")
        advice = N_("Put the options in the order of their points, or correct the points.")
        said = ", ".join(map(str, points))
        remarks.note(RemarkKind.POINTS, "order", spot.place, message, advice, points=said)
    _note_ends(spot.field, points, spot.place, remarks)


def _is_ordered(points: Sequence[Fraction]) -> bool:
    return list(points) in (sorted(points), sorted(points, reverse=True))


def _note_ends(field: Field, points: Sequence[Fraction], place: str, remarks: Remarks) -> None:
    if min(points) > 0:
        message = N_("The weakest option still earns {points}, so nobody can come out at 0.")
        advice = N_("Let the weakest option earn 0, or add one that says that there is nothing.")
        remarks.note(RemarkKind.POINTS, "no-zero", place, message, advice, points=min(points))
    if max(points) < 1:
        message = N_("The best option earns {points}, so nobody can reach the full score.")
        advice = N_("Let the best option earn 1.")
        remarks.note(RemarkKind.POINTS, "no-full", place, message, advice, points=max(points))
    silent = [o for o in field.options if o.points is None and not o.not_applicable]
    if silent:
        message = N_("Some options have points and “{option}” has none, so choosing it looks like no answer.")
        advice = N_("Give it points, or not_applicable = true.")
        remarks.note(RemarkKind.POINTS, "without", place, message, advice, option=silent[0].label)
