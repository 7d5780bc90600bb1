"""The words of a workbook's drop-down lists, and what each of them stands for.

They are read from the file itself, in whatever language it was made; only where its hidden list is gone are they
worked out again. Who types one of them in another language we speak is understood as well.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from capacity_app.catalogues import program_languages, wording_languages
from capacity_app.domain.answers import State
from capacity_app.domain.instrument import Field, Kind, Question
from capacity_app.domain.numerals import AmbiguousError, tidied
from capacity_app.texts import Texts, country_codes
from capacity_app.wording import STATE_WORDS, YES_NO_WORDS, Wording
from capacity_app.workbook import layout
from capacity_app.workbook.reader.sheets import Raw, shown_text

_SEPARATORS = re.compile("[;؛；\n]")
_LESSER = re.compile("[,،，、]")
"""Signs that part the items of a list too, but stand inside labels more often than between them."""
_ALIKE = str.maketrans({"؛": ";", "،": ",", "、": ","})
_IN_TABLE = " @cell"
YES, NO = "yes", "no"


def folded(text: str) -> str:
    """Return a label as it is compared: case, width, spaces and unseen signs make no difference."""
    return tidied(unicodedata.normalize("NFKC", text).translate(_ALIKE)).casefold()


@dataclass
class Labels:
    """One list: label and id both ways; ``elsewhere`` makes the same list in all other languages."""

    by_id: dict[str, str] = field(default_factory=dict)
    elsewhere: "Callable[[], Labels] | None" = None
    _entries: list[tuple[str, str]] = field(default_factory=list)

    def add(self, label: str, entry: str) -> None:
        """Take an entry in; the first label of an id is the one that cells show."""
        self.by_id.setdefault(entry, label)
        self._entries.append((label, entry))

    @property
    def entries(self) -> tuple[tuple[str, str], ...]:
        return tuple(self._entries)

    @cached_property
    def _exact(self) -> dict[str, set[str]]:
        return _grouped(self._entries)

    @cached_property
    def _folded(self) -> dict[str, set[str]]:
        return _grouped((folded(label), entry) for label, entry in self._entries)

    def has(self, text: str) -> bool:
        """Return whether a text is a label as it is spelled."""
        return text in self._exact

    @cached_property
    def _others(self) -> "Labels":
        return self.elsewhere() if self.elsewhere else Labels()

    def find_here(self, text: str) -> str:
        """Return the id a text of the file's own list stands for, empty if none; raises AmbiguousError."""
        found = self._exact.get(text) or self._folded.get(folded(text)) or ({text} & self.by_id.keys())
        if len(found) > 1:
            raise AmbiguousError(text)
        return next(iter(found), "")

    def find(self, text: str) -> str:
        """Return the id a text stands for in any language, empty if none; raises AmbiguousError."""
        return self.find_here(text) or (self._others.find_here(text) if self.elsewhere else "")

    def find_all(self, text: str) -> tuple[list[str], list[str]]:
        """Return the ids of a text with several labels, and the parts of it that are none.

        A label may itself hold a semicolon, so the longest run of parts that is one is taken.
        """
        found: list[str] = []
        strange: list[str] = []
        for entry, part in self._runs(_SEPARATORS, ";", text):
            # Only where every part is a label did commas part them.
            listed = [] if entry else list(self._runs(_LESSER, ",", part))
            if entry:
                found.append(entry)
            elif len(listed) > 1 and all(one for one, _ in listed):
                found += [one for one, _ in listed]
            else:
                strange.append(tidied(part))
        return list(dict.fromkeys(found)), strange

    def _runs(self, separators: re.Pattern[str], joint: str, text: str) -> Iterator[tuple[str, str]]:
        """Go through the parts of a text: the longest run that is a label with its id, any other part without."""
        parts = [part for part in separators.split(text) if tidied(part)]
        start = 0
        while start < len(parts):
            ends = range(len(parts), start, -1)
            runs = ((end, self.find(joint.join(parts[start:end]).strip())) for end in ends)
            end, entry = next(((end, entry) for end, entry in runs if entry), (start + 1, ""))
            yield entry, parts[start]
            start = end


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

    @cached_property
    def _foreign(self) -> tuple[Wording, ...]:
        """The words in every language but the file's own: read once, when a cell says what its list does not."""
        instrument = self._words.dossier.instrument
        languages = dict.fromkeys((*program_languages(), *wording_languages(instrument.id)))
        own = self._words.texts.language
        return tuple(Wording(Texts(one), self._words.dossier) for one in languages if one != own)

    def _take(self, name: str, label: str, entry: str) -> None:
        if entry.startswith("@"):
            self._special.add(label, entry)
        elif entry:
            self._written.setdefault(name.removesuffix(_IN_TABLE), Labels()).add(label, entry)

    def _program_words(self) -> Iterator[tuple[str, str]]:
        """Yield the words that stand in cells whether or not the file lists them."""
        yield from _special_words(self._words)

    @cached_property
    def states(self) -> Mapping[State, str]:
        return {state: self._special.by_id[f"@{state}"] for state in State}

    @cached_property
    def differ(self) -> str:
        return self._special.by_id[layout.CONFLICT]

    @cached_property
    def none(self) -> str:
        return self._special.by_id[layout.NONE]

    @cached_property
    def ticks(self) -> Labels:
        """The words for a ticked option and one that is not."""
        written = self._written.get(layout.TICKS_LIST) or _yes_no(self._words, YES, NO)
        return self._everywhere(written, lambda words: _yes_no(words, YES, NO))

    def _everywhere(self, own: Labels, made: Callable[[Wording], Labels]) -> Labels:
        """Let a list be understood in the other languages too; ``made`` makes it in one of them."""

        def elsewhere() -> Labels:
            others = Labels()
            for words in self._foreign:
                # What says something in two languages at once says nothing here.
                for label, entry in made(words).entries:
                    others.add(label, entry)
            return others

        own.elsewhere = elsewhere
        return own

    def special(self, text: str) -> str:
        """Return what a word of ours stands for: "@unknown", "@conflict"; empty for any other text."""
        return self._special.find_here(text)

    def special_elsewhere(self, text: str) -> str:
        """Return what a word of ours stands for in another language than the file's."""
        return self._foreign_special.find_here(text)

    @cached_property
    def _foreign_special(self) -> Labels:
        made = Labels()
        for words in self._foreign:
            for label, entry in _special_words(words):
                made.add(label, entry)
        return made

    def has_special(self, text: str) -> bool:
        """Return whether a text is a word of ours as it is spelled."""
        return self._special.has(text)

    @property
    def agencies(self) -> Labels:
        return self._written.get(layout.AGENCIES_LIST) or Labels()

    @property
    def sources(self) -> Labels:
        return self._written.get(layout.SOURCES_LIST) or Labels()

    def of(self, question: Question, asked: Field) -> Labels:
        """Return the list of a question or a table's column."""
        key = (question.id, asked.id)
        if key not in self._made:
            written = self._written.get(layout.list_name(question, asked))
            own = written or _worked_out(self._words, question, asked)
            is_ours = asked.kind in _WORDED
            self._made[key] = (
                self._everywhere(own, lambda words: _worked_out(words, question, asked)) if is_ours else own
            )
        return self._made[key]


_WORDED = frozenset({Kind.YES_NO, Kind.YES_PARTLY_NO, Kind.CHOICE, Kind.CHECKLIST, Kind.COUNTRY})
"""Kinds of answers whose words are the instrument's or ours, in every language."""


def _special_words(words: Wording) -> Iterator[tuple[str, str]]:
    gettext = words.texts.gettext
    yield from ((gettext(word), f"@{state}") for state, word in STATE_WORDS.items())
    yield gettext("agencies differ"), layout.CONFLICT
    yield gettext("none of these"), layout.NONE


def _yes_no(words: Wording, *answers: str) -> Labels:
    made = Labels()
    for answer in answers:
        made.add(words.texts.gettext(YES_NO_WORDS[answer]), answer)
    return made


def _worked_out(words: Wording, question: Question, asked: Field) -> Labels:
    match asked.kind:
        case Kind.YES_NO:
            return _yes_no(words, YES, NO)
        case Kind.YES_PARTLY_NO:
            return _yes_no(words, YES, "partly", NO)
        case Kind.CHOICE | Kind.CHECKLIST:
            made = Labels()
            for option in asked.options:
                made.add(words.option(question, asked, option), option.id)
            return made
        case Kind.COUNTRY:
            made = Labels()
            for code in country_codes():
                made.add(words.texts.country(code), code)
            return made
    return Labels()
