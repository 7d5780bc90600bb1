"""What one side of a difference says, part by part, in words: an answer's parts, or a register entry's fields."""

from collections.abc import Iterator
from dataclasses import dataclass

from capacity_app.domain.answers import EMPTY, Content, State
from capacity_app.domain.assessment import Entry
from capacity_app.domain.checking import locate
from capacity_app.domain.deciding import Difference, Version
from capacity_app.domain.problems import N_
from capacity_app.domain.registers import FieldKind, fields_of
from capacity_app.ui.registers.entry_words import Vocabulary

_PARTS = {"value": N_("Answer"), "reason": N_("Reason"), "note": N_("Note"), "evidence": N_("Evidence")}
_COMPARED = frozenset({FieldKind.PARAGRAPH, FieldKind.TEXT})
"""Kinds of fields that are compared word by word."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One part of what a side says: its name, a label, the words; prose is compared word by word."""

    name: str
    label: str
    text: str
    is_prose: bool = False


def facets(words: Vocabulary, difference: Difference, version: Version, *, by_field: bool) -> tuple[Facet, ...]:
    """Return what a side says; where one field is decided on (``by_field``), that field alone, even if it is empty."""
    if difference.key is not None:
        found = tuple(_of_answer(words, difference, version.content or EMPTY))
        # Whoever decides on the value decides on the state too, and with it on its reason.
        decided = {"value": {"value", "reason"}}.get(difference.field, {difference.field})
        return tuple(one for one in found if one.name in decided) if by_field and difference.field else found
    return tuple(_of_entry(words, difference, version.entry)) if version.entry is not None else ()


def field_label(words: Vocabulary, difference: Difference) -> str:
    """Name the one field that is decided on, empty where there is none."""
    if not difference.field:
        return ""
    if difference.key is not None:
        return words.texts.gettext(_PARTS[difference.field])
    return words.wording.label(difference.register, difference.field)


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
    for field in fields_of(difference.register):
        text = words.wording.field_text(field, getattr(entry, field.name), ", ")
        if field.name == difference.field or (text and not difference.field):
            yield Facet(field.name, words.texts.gettext(field.label), text, field.kind in _COMPARED)
