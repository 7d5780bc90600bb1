"""Two languages side by side: the words of a dossier in a first one, and those of the instrument in a second."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from capacity_app.domain.answers import Value
from capacity_app.domain.instrument import Field, Kind, Question
from capacity_app.texts import Texts
from capacity_app.wording import Wording, standing_of_words, unsigned

_WORDED = frozenset({Kind.LEVEL, Kind.CHOICE, Kind.CHECKLIST, Kind.YES_NO, Kind.YES_PARTLY_NO})


@dataclass(frozen=True)
class TwoWordings(Wording):
    """The words of one dossier in a first language, and its questions in a second one."""

    second_texts: Texts

    @cached_property
    def second(self) -> Wording:
        return Wording(self.second_texts, self.dossier)

    @cached_property
    def original(self) -> Wording:
        return Wording(Texts(self.dossier.instrument.language), self.dossier)


def second_texts(words: Wording) -> Texts | None:
    return words.second_texts if isinstance(words, TwoWordings) else None


def translated(words: Wording, *, program_in_both: bool = False) -> str:
    """Return which languages of a report or form nobody has signed off; empty if a person stands for all of it.

    In the second language stand questions only, unless ``program_in_both``.
    """
    instrument, second = words.dossier.instrument, second_texts(words)
    found = [(words.texts.language, standing_of_words(words.texts, instrument=instrument))]
    if second:
        standing = standing_of_words(second, instrument=instrument, of_program=program_in_both)
        found.append((second.language, standing))
    return unsigned(words.texts, found)


def beside(words: Wording, say: Callable[[Wording], str]) -> str:
    """Say something of the instrument in the second language; empty without one, or where it adds nothing."""
    if not isinstance(words, TwoWordings):
        return ""
    said = say(words.second)
    is_original = words.second_texts.language == words.dossier.instrument.language
    is_missing = not is_original and said == say(words.original)
    return "" if is_missing or said == say(words) else said


def value_beside(words: Wording, question: Question, field: Field, value: Value) -> str:
    """Say a chosen level or option in the second language; what was typed reads the same in both."""
    if field.kind not in _WORDED or value is None:
        return ""
    if field.kind is Kind.LEVEL and isinstance(value, int):
        return beside(words, lambda one: one.anchor(question, field, value))
    return beside(words, lambda one: one.value(question, field, value))
