"""Texts in every language of a form, as its columns hold them, and what is told of them."""

from collections.abc import Sequence

from capacity_app.domain.instrument import Instrument
from capacity_app.domain.problems import Problem
from capacity_app.instruments.xlsform.form import LONGEST_CELL, Line, language_column, note
from capacity_app.instruments.xlsform.outgoing import sentences
from capacity_app.texts import Texts


class Words:
    """What an instrument says in its own and further languages (BCP 47), with the problems met meanwhile.

    A plain form is for its author: it does not ask why there is no answer, who answers, nor for comments.
    """

    def __init__(self, instrument: Instrument, languages: Sequence[str], *, is_plain: bool = False) -> None:
        self.instrument, self.is_plain = instrument, is_plain
        tags = dict.fromkeys((instrument.language, *languages))
        self.texts = {language_column(tag): Texts(tag) for tag in tags}
        self.problems: dict[Problem, None] = {}

    def tell(self, problem: Problem) -> None:
        self.problems[problem] = None

    def worded(self, column: str, key: str, text: str, before: str = "") -> Line:
        """Return a text of the instrument in every language; ``before`` is a number that stands in front of it."""
        if not text:
            return {}
        start = f"{before} " if before else ""
        return {
            f"{column}::{name}": self.fitting(start + texts.wording(self.instrument.id, key, text), key)
            for name, texts in self.texts.items()
        }

    def fitting(self, text: str, key: str) -> str:
        """Return a text as a cell of a form can hold it."""
        if "${" in text:
            self.tell(note("reference", key, sentences.CHANGED_TEXT))
            text = text.replace("${", "$ {")
        if len(text) > LONGEST_CELL:
            self.tell(note("long-text", key, sentences.CUT_TEXT, most=LONGEST_CELL))
        return text[:LONGEST_CELL]

    def said(self, column: str, sentence: str) -> Line:
        return {f"{column}::{name}": texts.gettext(sentence) for name, texts in self.texts.items()}

    def names(self, column: str, text: str) -> Line:
        """Return a text that is the same in every language."""
        return {f"{column}::{name}": self.fitting(text, text) for name in self.texts}
