"""What one side of a difference says, part by part, in words: an answer's parts, or a register entry's fields."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from capacity_app.domain.answers import EMPTY, Content, State
from capacity_app.domain.assessment import Entry
from capacity_app.domain.checking import locate
from capacity_app.domain.deciding import Difference, Version
from capacity_app.domain.problems import N_
from capacity_app.ui.registers.entry_words import FEASIBILITY_SHORT, Vocabulary
from capacity_app.ui.registers.form_shapes import FORMS, Editor, Shape

_PARTS = {"value": N_("Answer"), "reason": N_("Reason"), "note": N_("Note"), "evidence": N_("Evidence")}
_LABELS = {
    "document": N_("Document"),
    "file_name": N_("File"),
    "media_type": N_("Kind of file"),
    "size": N_("Size"),
    "country": N_("Country (letters)"),
    "m49": N_("Country (number)"),
    "language": N_("Language of the report"),
    "weights": N_("Weights of the parts"),
    "feasibility": N_("Feasibility"),
    "note": N_("Note"),
    "text": N_("Text"),
    "address": N_("Where"),
    "agency": N_("Agency"),
    "author": N_("Author"),
    "person": N_("Person"),
    "date": N_("Date"),
}
"""What fields are called that no form shows; any other is called by its own name."""
_PROSE = frozenset({Editor.WRAP, Editor.LONG})


@dataclass(frozen=True, slots=True)
class Facet:
    """One part of what a side says: its name, a label, the words; prose is compared word by word."""

    name: str
    label: str
    text: str
    is_prose: bool = False


def facets(words: Vocabulary, difference: Difference, version: Version, *, by_field: bool) -> tuple[Facet, ...]:
    """Say what a side says; where one field is decided on (``by_field``), that field alone, even if it is empty."""
    if difference.key is not None:
        found = tuple(_of_answer(words, difference, version.content or EMPTY))
        # Whoever decides on the value decides on the state too, and with it on its reason.
        decided = {"value": {"value", "reason"}}.get(difference.field, {difference.field})
        return tuple(one for one in found if one.name in decided) if by_field and difference.field else found
    return tuple(_of_entry(words, difference, version.entry)) if version.entry is not None else ()


def field_label(words: Vocabulary, difference: Difference) -> str:
    """Name the one field that is decided on, empty where there is none."""
    if difference.key is not None:
        label = _PARTS.get(difference.field, "")
    else:
        shapes = {shape.name: shape.label for shape in FORMS.get(difference.register, ())}
        label = shapes.get(difference.field) or _LABELS.get(difference.field, "")
    return words.texts.gettext(label) if label else difference.field


def _of_answer(words: Vocabulary, difference: Difference, content: Content) -> Iterator[Facet]:
    gives_reason_itself = content.state is State.NOT_APPLICABLE and difference.field != "reason"
    texts = {
        "value": _value(words, difference, content),
        "reason": "" if gives_reason_itself else content.reason,
        "note": content.note,
        "evidence": "; ".join(words.wording.evidence(entry) for entry in content.evidence),
    }
    is_prose = {"value": isinstance(content.value, str) and " " in content.value, "reason": True, "note": True}
    for name, text in texts.items():
        if text or name == difference.field:
            yield Facet(name, words.texts.gettext(_PARTS[name]), text, is_prose.get(name, False))


def _value(words: Vocabulary, difference: Difference, content: Content) -> str:
    found = locate(words.instrument, difference.key.address) if difference.key else None
    if found is None:
        return "" if content.value is None else str(content.value)
    return words.wording.content(found.question, found.field, content)


def _of_entry(words: Vocabulary, difference: Difference, entry: Entry) -> Iterator[Facet]:
    shapes = {shape.name: shape for shape in FORMS.get(difference.register, ())}
    names = [*shapes, *(one.name for one in fields(entry) if one.name not in shapes and one.name != "id")]
    for name in names:
        shape = shapes.get(name)
        text = _field_text(words, shape, getattr(entry, name))
        if name == difference.field or (text and not difference.field):
            label = shape.label if shape else _LABELS.get(name, "")
            is_prose = shape is not None and shape.editor in _PROSE
            yield Facet(name, words.texts.gettext(label) if label else name, text, is_prose)


def _field_text(words: Vocabulary, shape: Shape | None, value: object) -> str:
    many = value if isinstance(value, tuple) else (value,) if value else ()
    said = (_one(words, shape, str(one)) for one in many)
    return ("\n" if shape is not None and shape.editor is Editor.LINES else ", ").join(said)


def _one(words: Vocabulary, shape: Shape | None, value: str) -> str:
    named = FEASIBILITY_SHORT if shape is None else shape.words
    if named is not None or shape is None:
        said = (word for key, word in (named or {}).items() if key.value == value)
        return words.texts.gettext(next(said, value))
    match shape.editor:
        case Editor.DATE:
            return words.texts.date(value)
        case Editor.CODE | Editor.CODES:
            return words.code(shape.source, value)
        case Editor.ENTRY | Editor.ENTRIES:
            return words.title_of(shape.source, value)
        case Editor.GAPS:
            return words.gap_name(value)
    return value
