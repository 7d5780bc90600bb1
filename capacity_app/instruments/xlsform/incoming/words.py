"""The texts of a form in every language, and what is told of its rows."""

import re
from collections.abc import Iterable, Mapping

from capacity_app.catalogues import ENGLISH
from capacity_app.domain.problems import Problem
from capacity_app.instruments.xlsform.details import condition_in_cell, details_in
from capacity_app.instruments.xlsform.form import LANGUAGE, note
from capacity_app.instruments.xlsform.incoming import sentences
from capacity_app.instruments.xlsform.incoming.elements import COMPUTED, METADATA, Table, place_of
from capacity_app.instruments.xlsform.names import Name, read_name
from capacity_app.instruments.xlsform.outgoing.sentences import ASK_DATE
from capacity_app.instruments.xlsform.sheets import Element, Sheets, tag_of_column
from capacity_app.texts import Texts

_REFERENCE = re.compile(r"\$\{[^{}]*\}")


class Words:
    """What a form says in its languages: kept by key for the instrument, with the problems met meanwhile."""

    def __init__(self, sheets: Sheets, file: str) -> None:
        self.sheets, self.file = sheets, file
        self.problems: list[Problem] = []
        self.wordings: dict[str, dict[str, str]] = {}
        self.languages = self._tags()

    @property
    def is_ours(self) -> bool:
        return self.sheets.is_ours

    def _tags(self) -> dict[str, str]:
        """Return the languages of the columns, the source language first."""
        found: dict[str, str] = {}
        for place, name in enumerate(self.sheets.languages):
            tag = self.sheets.settings.get(LANGUAGE, "") if place == 0 and self.is_ours else tag_of_column(name)
            if place == 0 and not tag:
                self.problems.append(note("language", self.file, sentences.NO_LANGUAGE, sentences.NO_LANGUAGE_ADVICE))
                tag = ENGLISH
            if not tag:
                self.problems.append(
                    note("columns", self.file, sentences.STRANGE_LANGUAGE, sentences.NO_LANGUAGE_ADVICE, name=name)
                )
            elif tag not in found.values():
                found[name] = tag
        return found or {"": ENGLISH}

    @property
    def source(self) -> str:
        """The language of the rest, as the columns name it."""
        return next(iter(self.languages))

    def say(self, key: str, texts: Mapping[str, str], number: str = "") -> str:
        """Keep a text in every language and give it in the first one; a number in front of it is taken off."""
        start = f"{number} " if number else ""
        said = {
            name: text.removeprefix(start).replace("$ {", "${")
            for name, text in texts.items()
            if name in self.languages
        }
        source = said.get(self.source) or next(iter(said.values()), "") or next(iter(texts.values()), "")
        for name, text in said.items():
            if name != self.source and text and text != source:
                self.wordings.setdefault(self.languages[name], {})[key] = text
        return source

    def label(self, key: str, element: Element, number: str = "") -> str:
        """Keep what a row asks; its name stands in where it has no text."""
        texts = self.sheets.texts(element, "label")
        text = self.say(key, texts, number)
        if not text:
            self.note(element, "label", sentences.NO_LABEL)
            return str(element.get("name", "?"))
        self.tell_quotes(element, [text])
        return text

    def tell_quotes(self, element: Element, texts: Iterable[str]) -> None:
        """Tell which answers a text of a row quotes."""
        quotes = dict.fromkeys(quote for text in texts for quote in _REFERENCE.findall(text))
        if quotes and not self.is_ours:
            self.note(element, "quoting", sentences.QUOTING, said=", ".join(quotes))

    def cell(self, element: Element, column: str, *, is_choice: bool = False) -> str:
        """Return the cell of a column that has no languages, empty if there is none."""
        return self.sheets.cell(element, column, is_choice=is_choice)

    def details(self, element: Element, names: Iterable[str], *, is_choice: bool = False) -> Table:
        """Return what the columns of ours say of a row, or of a choice."""
        return details_in(lambda column: self.cell(element, column, is_choice=is_choice), names)

    def condition(self, key: str, text: str, place: str) -> Table:
        """Read a condition that is written as in TOML; tells of one that cannot be read."""
        try:
            return {key: condition_in_cell(text)}
        except ValueError:
            said = text[: sentences.MOST_SHOWN]
            advice = sentences.WRONG_CONDITION_ADVICE
            values = (("said", said),)
            self.problems.append(Problem("xlsform.wrong-condition", place, sentences.WRONG_CONDITION, advice, values))
            return {}

    def note(self, element: Element, code: str, message: str, **values: object) -> None:
        """Note what of a row is not, or not quite, kept."""
        self.problems.append(note(code, place_of(element), message, sentences.ADVICE, **values))

    def own_name(self, element: Element) -> Name | None:
        """Return what the name of a row stands for in a form of ours."""
        return read_name(str(element.get("name", ""))) if self.is_ours else None

    def ask_date(self, name: str) -> str:
        """Return the hint of a date that a form of ours has in a language."""
        return Texts(self.languages.get(name, ENGLISH)).gettext(ASK_DATE)

    def tell_left_out(self, element: Element, kind: str) -> None:
        """Tell why a row is no question."""
        if kind in METADATA:
            if not self.is_ours:
                self.note(element, "metadata", sentences.BY_THE_PHONE)
        elif kind in COMPUTED:
            said = str(element.get("bind", {}).get("calculate", ""))
            self.note(element, "computed", sentences.COMPUTED, said=said[: sentences.MOST_SHOWN])
        else:
            texts = self.sheets.texts(element, "label")
            said = texts.get(self.source) or next(iter(texts.values()), "") or str(element.get("name", ""))
            self.note(element, "kind", sentences.LEFT_OUT, kind=kind, said=said[: sentences.MOST_SHOWN])
