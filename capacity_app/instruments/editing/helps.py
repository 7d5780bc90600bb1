"""What helps to answer: guidance, a sentence to read out, evidence to ask for, and what to do next."""

from collections.abc import Callable

from capacity_app.domain.instrument import Column, Instrument, Kind, Question, Section
from capacity_app.domain.problems import N_
from capacity_app.instruments.editing.kinds import RemarkKind, Remarks
from capacity_app.instruments.editing.spots import HEAD, is_scored, name_of, section_place, spots
from capacity_app.instruments.findings import listed

_EXPLAINED = frozenset({Kind.LEVEL, Kind.GRID})
_HELPS: tuple[tuple[str, Callable[[Question], bool], str, str, str], ...] = (
    (
        "guidance",
        lambda question: bool(question.guidance or any(column.guidance for column in question.columns)),
        N_("No scored question has guidance, so every officer decides alone what counts."),
        N_("Scored questions without guidance, so every officer decides alone what counts: {names}."),
        N_("Say in “guidance” what the words mean, what to look for and what does not count."),
    ),
    (
        "respondent_help",
        # What is answered by yes or no, or from a list, can be read out as it is printed.
        lambda question: bool(question.respondent_help) or question.kind not in _EXPLAINED,
        N_("No question has a sentence to read out, so the printed wording has to do for everybody."),
        N_("Questions with levels or tables without a sentence to read out to respondents: {names}."),
        N_("Write in “respondent_help” how you would ask it across the table."),
    ),
    (
        "evidence_hint",
        lambda question: bool(question.evidence_hint),
        N_("No scored question says what would prove the answer, so scores will rest on statements."),
        N_("Scored questions that do not say what would prove the answer: {names}."),
        N_("Name in “evidence_hint” the document one would ask to see."),
    ),
)


def note_helps(instrument: Instrument, remarks: Remarks) -> None:
    """Note scored questions that leave whoever asks or answers alone, once for each part."""
    scored = [question for question in instrument.questions() if is_scored(question)]
    for what, has, none, some, advice in _HELPS:
        if len(scored) > 1 and not any(map(has, scored)):
            remarks.note(RemarkKind.HELP, what, HEAD, none, advice)
            continue
        for section in instrument.sections:
            _note_lacking(section, [q for q in section.questions if is_scored(q) and not has(q)], what, some, advice,
                          remarks)  # fmt: skip
    _note_no_actions(instrument, remarks)


def _note_lacking(
    section: Section, lacking: list[Question], what: str, some: str, advice: str, remarks: Remarks
) -> None:
    if lacking:
        names = listed(map(name_of, lacking))
        remarks.note(RemarkKind.HELP, what, section_place(section), some, advice, names=names)


def _note_no_actions(instrument: Instrument, remarks: Remarks) -> None:
    for spot in spots(instrument):
        field = spot.field
        if field.kind is not Kind.LEVEL or any(field.actions) or not field.is_scored or not spot.question.scored:
            continue
        # Of a grid only the column that measures the gap needs them.
        if isinstance(field, Column) and not field.supply:
            continue
        message = N_("No actions are suggested, so a gap here leaves the officer without an idea what to do first.")
        advice = N_("Write in “actions” a first step from each level to the next.")
        remarks.note(RemarkKind.HELP, "actions", spot.place, message, advice)
