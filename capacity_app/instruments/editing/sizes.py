"""What is too much for a list, a screen or a page."""

from capacity_app.domain.instrument import Column, Instrument, Kind
from capacity_app.domain.problems import N_
from capacity_app.instruments.editing.kinds import RemarkKind, Remarks
from capacity_app.instruments.editing.spots import question_place, questions, spots

MOST_LISTED = 20
"""Options one can still read through before choosing."""
MOST_COLUMNS = 12
"""Columns of a table that still fit beside each other on a page across."""
MOST_ROWS = 40
"""Rows in a table without headings."""
_LONG_LABEL = 120
_MOST_IN_PART = 60


def note_sizes(instrument: Instrument, remarks: Remarks) -> None:
    """Note lists, tables and parts that are too large to be taken in."""
    for spot in spots(instrument):
        options = spot.field.options
        if spot.field.kind is Kind.CHOICE and len(options) > MOST_LISTED:
            message = N_("One of {count} options is to be chosen from a list; most people take one of the first.")
            advice = N_("Ask for the group first and for the detail in a second question, or let people type.")
            remarks.note(RemarkKind.SIZE, "options", spot.place, message, advice, count=len(options))
        elif len(options) > MOST_LISTED:
            message = N_("{count} boxes may be ticked here; the last ones will be read by nobody.")
            advice = N_("Make several questions of it, one for each group.")
            remarks.note(RemarkKind.SIZE, "boxes", spot.place, message, advice, count=len(options))
        long = [option.label for option in options if len(option.label) > _LONG_LABEL]
        if long and isinstance(spot.field, Column):
            message = N_("An option is too long for the cell of a table: “{text}”")
            advice = N_("Keep a few words, and explain them in the guidance of the column.")
            remarks.note(RemarkKind.SIZE, "label", spot.place, message, advice, text=long[0])
    _note_tables(instrument, remarks)
    for section in instrument.sections:
        if len(section.questions) > _MOST_IN_PART:
            message = N_("The part has {count} questions, more than a meeting of half a day.")
            advice = N_("Make several parts of it.")
            remarks.note(
                RemarkKind.SIZE, "part", f"section {section.id}", message, advice, count=len(section.questions)
            )


def _note_tables(instrument: Instrument, remarks: Remarks) -> None:
    for section, question in questions(instrument):
        place = question_place(section, question)
        if len(question.columns) > MOST_COLUMNS:
            message = N_("A table of {count} columns fits on no page and no screen; one scrolls and loses the row.")
            advice = N_(
                "Make two tables with the same rows, or ask for the details only where the first answer is yes."
            )
            remarks.note(RemarkKind.SIZE, "columns", place, message, advice, count=len(question.columns))
        if len(question.rows) > MOST_ROWS and not any(row.heading for row in question.rows[1:]):
            message = N_("A table of {count} rows without headings: one loses the place.")
            advice = N_("Group the rows by “heading”.")
            remarks.note(RemarkKind.SIZE, "rows", place, message, advice, count=len(question.rows))
