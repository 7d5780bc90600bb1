"""Two languages side by side: the words of a dossier in a first one, and those of the instrument in a second."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from capacity_app.texts import Texts
from capacity_app.wording import Wording


@dataclass(frozen=True)
class TwoWordings(Wording):
    """The words of one dossier in a first language, and its questions in a second one."""

    second_texts: Texts

    @cached_property
    def second(self) -> Wording:
        """The words in the second language."""
        return Wording(self.second_texts, self.dossier)

    @cached_property
    def original(self) -> Wording:
        """The words as the instrument's authors wrote them."""
        return Wording(Texts(self.dossier.instrument.language), self.dossier)


def second_texts(words: Wording) -> Texts | None:
    """Give the second language, if there is one."""
    return words.second_texts if isinstance(words, TwoWordings) else None


def beside(words: Wording, say: Callable[[Wording], str]) -> str:
    """Say something of the instrument in the second language; empty without one, or where it adds nothing."""
    if not isinstance(words, TwoWordings):
        return ""
    said = say(words.second)
    is_original = words.second_texts.language == words.dossier.instrument.language
    is_missing = not is_original and said == say(words.original)
    return "" if is_missing or said == say(words) else said
