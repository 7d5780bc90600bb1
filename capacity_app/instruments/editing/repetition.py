"""The same thing twice: two questions, rows, columns or options with one wording."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from capacity_app.domain.instrument import Instrument, Question, Section
from capacity_app.domain.problems import N_
from capacity_app.instruments.editing.kinds import RemarkKind, Remarks
from capacity_app.instruments.editing.measures import folded
from capacity_app.instruments.editing.spots import name_of, question_place, spots


def note_repetitions(instrument: Instrument, remarks: Remarks) -> None:
    """Note wordings that stand twice where one has to tell them apart."""
    seen: dict[tuple[str, str], list[tuple[Section, Question]]] = defaultdict(list)
    for section, question, heading in _headed(instrument):
        if key := folded(question.text):
            seen[folded(heading), key].append((section, question))
    for same in seen.values():
        if len(same) > 1:
            (_, first), (section, second) = same[0], same[1]
            message = N_("{first} and {second} are asked in the same words, so respondents think they have answered.")
            advice = N_("Say in each what makes it another question, or drop one.")
            remarks.note(RemarkKind.REPETITION, "question", question_place(section, second), message, advice,
                         first=name_of(first), second=name_of(second))  # fmt: skip
    for spot in spots(instrument):
        for label in _twice(option.label for option in spot.field.options):
            message = N_("Two options read “{text}”.")
            advice = N_("Say in each what makes it another answer, or drop one.")
            remarks.note(RemarkKind.REPETITION, "option", spot.place, message, advice, text=label)
    _note_grids(instrument, remarks)


def _headed(instrument: Instrument) -> Iterator[tuple[Section, Question, str]]:
    """Go through questions with the heading they stand under, which may make the same words another question."""
    for section in instrument.sections:
        heading = ""
        for question in section.questions:
            heading = question.heading or heading
            yield section, question, heading


def _twice(labels: Iterable[str]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for label in labels:
        key = " ".join(label.casefold().split())
        seen[key] = seen.get(key, 0) + 1
        if key and seen[key] == 2:  # noqa: PLR2004 - the second time
            yield label


def _note_grids(instrument: Instrument, remarks: Remarks) -> None:
    for section in instrument.sections:
        for question in section.questions:
            place = question_place(section, question)
            for label in _twice(column.label for column in question.columns):
                message = N_("Two columns read “{text}”.")
                remarks.note(RemarkKind.REPETITION, "column", place, message,
                             N_("Say in each what makes it another one."), text=label)  # fmt: skip
            heading, rows = "", []
            for row in question.rows:
                heading = row.heading or heading
                if not row.spare:
                    rows.append(f"{heading}: {row.label}" if heading else row.label)
            for label in _twice(rows):
                message = N_("Two rows read “{text}”.")
                remarks.note(RemarkKind.REPETITION, "row", place, message,
                             N_("Say in each what makes it another one."), text=label)  # fmt: skip
