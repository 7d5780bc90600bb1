"""What of an instrument is translated: every text with the key under which translations know it."""

from collections.abc import Iterator

from capacity_app.domain.instrument import Column, Field, Instrument, Question, Row


def wording_places(instrument: Instrument) -> Iterator[tuple[str, str]]:
    """Go through all texts people read, in printed order, with their keys ("iv.policy|column available anchor 2").

    Supplements are part of the instrument they belong to, so read it with all of them.
    """
    for key, text in _texts_of(instrument):
        if text:
            yield key, text


def _texts_of(instrument: Instrument) -> Iterator[tuple[str, str]]:
    yield "instrument|title", instrument.title
    yield "instrument|edition", instrument.edition
    yield "instrument|description", instrument.description
    for section in instrument.sections:
        yield f"{section.id}|title", section.title
        yield f"{section.id}|introduction", section.introduction
        for question in section.questions:
            yield from ((f"{question.id}|{part}", text) for part, text in _question(question))
    for concept in instrument.concepts:
        yield f"{concept.id}|label", concept.label
        yield f"{concept.id}|definition", concept.definition
    for contradiction in instrument.contradictions:
        yield f"contradictions|{contradiction.id}", contradiction.message
    for name, codes in instrument.codes.items():
        yield from ((f"codes|{name} {code.id}", code.label) for code in codes)


def _question(question: Question) -> Iterator[tuple[str, str]]:
    yield "heading", question.heading
    yield "text", question.text
    yield from _field(question, "")
    yield "respondent_help", question.respondent_help
    yield "evidence_hint", question.evidence_hint
    for column in question.columns:
        yield from _column(column)
    for row in question.rows:
        yield from _row(row)


def _field(field: Field, place: str) -> Iterator[tuple[str, str]]:
    for level, anchor in enumerate(field.anchors):
        yield f"{place}anchor {level}", anchor
    for step, action in enumerate(field.actions, start=1):
        yield f"{place}action {step}", action
    for option in field.options:
        yield f"{place}option {option.id}", option.label
    yield f"{place}guidance", field.guidance


def _column(column: Column) -> Iterator[tuple[str, str]]:
    yield f"column {column.id} label", column.label
    yield from _field(column, f"column {column.id} ")


def _row(row: Row) -> Iterator[tuple[str, str]]:
    yield f"row {row.id} heading", row.heading
    yield f"row {row.id} label", row.label
    yield f"row {row.id} guidance", row.guidance
    yield f"row {row.id} preset_reason", row.preset_reason
