"""The words of a workbook's drop-down lists, and what each of them stands for.

They are read from the file itself, in whatever language it was made; only where its hidden list is gone are they
worked out again.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from capacity_app.domain.answers import State
from capacity_app.domain.instrument import Field, Kind, Question
from capacity_app.texts import country_codes
from capacity_app.wording import STATE_WORDS, YES_NO_WORDS, Wording
from capacity_app.workbook import layout
from capacity_app.workbook.reader.numerals import AmbiguousError, tidied
from capacity_app.workbook.reader.sheets import Raw, shown_text

_SEPARATORS = re.compile("[;؛；\n]")
_IN_TABLE = " @cell"
YES, NO = "yes", "no"


def folded(text: str) -> str:
    """Give a label as it is compared: case, width, spaces and unseen signs make no difference."""
    return tidied(unicodedata.normalize("NFKC", text)).casefold()


@dataclass
class Labels:
    """One list: label and id both ways."""

    by_id: dict[str, str] = field(default_factory=dict)
    _entries: list[tuple[str, str]] = field(default_factory=list)

    def add(self, label: str, entry: str) -> None:
        """Take an entry in; the first label of an id is the one that cells show."""
        self.by_id.setdefault(entry, label)
        self._entries.append((label, entry))

    @cached_property
    def _exact(self) -> dict[str, set[str]]:
        return _grouped(self._entries)

    @cached_property
    def _folded(self) -> dict[str, set[str]]:
        return _grouped((folded(label), entry) for label, entry in self._entries)

    def has(self, text: str) -> bool:
        """Whether a text is a label as it is spelled."""
        return text in self._exact

    def find(self, text: str) -> str:
        """Give the id a text stands for, empty if none; raises AmbiguousError."""
        found = self._exact.get(text) or self._folded.get(folded(text)) or ({text} & self.by_id.keys())
        if len(found) > 1:
            raise AmbiguousError(text)
        return next(iter(found), "")

    def find_all(self, text: str) -> tuple[list[str], list[str]]:
        """Give the ids of a text with several labels, and the parts of it that are none.

        A label may itself hold a semicolon, so the longest run of parts that is one is taken.
        """
        parts = [part for part in _SEPARATORS.split(text) if tidied(part)]
        found: list[str] = []
        strange: list[str] = []
        start = 0
        while start < len(parts):
            for end in range(len(parts), start, -1):
                if entry := self.find(";".join(parts[start:end]).strip()):
                    found.append(entry)
                    start = end
                    break
            else:
                strange.append(tidied(parts[start]))
                start += 1
        return list(dict.fromkeys(found)), strange


def _grouped(entries: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for label, entry in entries:
        found.setdefault(label, set()).add(entry)
    return found


class Lists:
    """All lists of a workbook; ``lines`` are those of its hidden sheet: list, label and id."""

    def __init__(self, lines: Iterable[tuple[Raw, ...]], words: Wording) -> None:
        self._words = words
        self._written: dict[str, Labels] = {}
        self._special = Labels()
        self._made: dict[tuple[str, str], Labels] = {}
        for name, label, entry in lines:
            self._take(str(name), shown_text(label), str(entry))
        for label, entry in self._program_words():
            self._special.add(label, entry)

    def _take(self, name: str, label: str, entry: str) -> None:
        if entry.startswith("@"):
            self._special.add(label, entry)
        elif entry:
            self._written.setdefault(name.removesuffix(_IN_TABLE), Labels()).add(label, entry)

    def _program_words(self) -> Iterator[tuple[str, str]]:
        """Give the words that stand in cells whether or not the file lists them."""
        gettext = self._words.texts.gettext
        yield from ((gettext(word), f"@{state}") for state, word in STATE_WORDS.items())
        yield gettext("agencies differ"), layout.CONFLICT
        yield gettext("none of these"), layout.NONE

    @cached_property
    def states(self) -> Mapping[State, str]:
        """The words for states."""
        return {state: self._special.by_id[f"@{state}"] for state in State}

    @cached_property
    def differ(self) -> str:
        """The words where agencies differ."""
        return self._special.by_id[layout.CONFLICT]

    @cached_property
    def none(self) -> str:
        """The words for a checklist with nothing ticked."""
        return self._special.by_id[layout.NONE]

    @cached_property
    def ticks(self) -> Labels:
        """The words for a ticked option and one that is not."""
        written = self._written.get(layout.TICKS_LIST)
        return written or self._yes_no(YES, NO)

    def _yes_no(self, *answers: str) -> Labels:
        made = Labels()
        for answer in answers:
            made.add(self._words.texts.gettext(YES_NO_WORDS[answer]), answer)
        return made

    def special(self, text: str) -> str:
        """Give what a word of ours stands for: "@unknown", "@conflict"; empty for any other text."""
        return self._special.find(text)

    def has_special(self, text: str) -> bool:
        """Whether a text is a word of ours as it is spelled."""
        return self._special.has(text)

    @property
    def agencies(self) -> Labels:
        """The agencies of the file."""
        return self._written.get(layout.AGENCIES_LIST) or Labels()

    def of(self, question: Question, asked: Field) -> Labels:
        """Give the list of a question or a table's column."""
        key = (question.id, asked.id)
        if key not in self._made:
            self._made[key] = self._written.get(layout.list_name(question, asked)) or self._worked_out(question, asked)
        return self._made[key]

    def _worked_out(self, question: Question, asked: Field) -> Labels:
        match asked.kind:
            case Kind.YES_NO:
                return self._yes_no(YES, NO)
            case Kind.YES_PARTLY_NO:
                return self._yes_no(YES, "partly", NO)
            case Kind.CHOICE | Kind.CHECKLIST:
                made = Labels()
                for option in asked.options:
                    made.add(self._words.option(question, asked, option), option.id)
                return made
            case Kind.COUNTRY:
                made = Labels()
                for code in country_codes():
                    made.add(self._words.texts.country(code), code)
                return made
        return Labels()
