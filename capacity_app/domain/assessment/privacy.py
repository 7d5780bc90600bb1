"""What may leave the laptop: the profiles of a report, and a dossier without names or without who said what.

Roles remain; known names are taken out of every text.
Free text may name anybody; what can be known are the people of the register, the team, the authors and
those who reviewed or validated. Their names go wherever they occur, alone or in parts, together with
every e-mail address and every contact.
"""

import dataclasses
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any, TypeVar

from capacity_app.domain.assessment.answers import Address, Answer, AnswerLayer, AnswerValue
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import REGISTERS, Mission, RegisterEntry, RetiredAnswer, ReturnedFile
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError
from capacity_app.domain.questionnaire.kinds import AnswerKind, ValueType

# People's names in running text: whole or in parts, with initials, in any letter case, with or without accents.
#
# Found are the names one knows. In file names, links and ids every letter case counts, in sentences only "Haddad" and
# "HADDAD": many a name is an ordinary word too.

SHORTEST_PART = 3
"""Letters a single word of a name must have to be found by itself; shorter ones occur in ordinary words."""

_ALIKE = str.maketrans("łŁøØđĐıħĦŧŦæÆœŒßþÞðÐŋŊ’ʼ‘`", "lLoOdDihHtTaAoOstTdDnN''''")
_TITLES = frozenset({"mrs", "miss", "prof", "professor", "doctor", "eng", "mme", "mlle", "herr", "frau", "sra", "the"})
_BETWEEN = r"[\s.,_-]{1,3}"
_JOINTS = re.compile(r"[\s.,;/()_–—]+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_ATTACHED = (
    ("\u0590", "\u05ff", "[והבכלמש]?", ""),
    ("\u0600", "\u06ff", "[وفبكل]{0,2}(?:ال|ل)?", ""),
    ("\u0400", "\u052f", "", "[\u0400-\u052f]{0,3}"),
    ("\u10a0", "\u10ff", "", "[\u10a0-\u10ff]{0,4}"),
)
"""What is written together with a name, before and behind it, by script: articles, prepositions, endings."""
_ARTICLE = "ال"
_UNCASED = ("\u10a0", "\u10ff")
"""Georgian letters, which Unicode calls small."""
_SPELLED = str.maketrans(
    {
        "ß": "ss", "þ": "th", "Þ": "Th", "æ": "ae", "Æ": "Ae", "ø": "oe", "Ø": "Oe", "å": "aa", "Å": "Aa", "ä": "ae",
        "Ä": "Ae", "ö": "oe", "Ö": "Oe", "ü": "ue", "Ü": "Ue",
    }
)  # fmt: skip
"""Letters that those who do not have them write as two."""
_NO_LETTER_BEFORE, _NO_LETTER_AFTER = r"(?<![^\W\d_])", r"(?![^\W\d_])"

NameFinder = Callable[[str], Iterator[tuple[int, int]]]
"""Gives from where to where the names in a text stand; the text must be in normal form C."""


class _Folding(dict[int, str]):
    """Every letter without its accents, one for one, so that places in the folded text are places in the text."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        apart = unicodedata.normalize("NFD", letter)
        is_accented = all(unicodedata.category(mark)[0] == "M" for mark in apart[1:])
        self[code] = (apart[0] if is_accented else letter).translate(_ALIKE)
        return self[code]


_FOLDING = _Folding()


def without_accents(text: str) -> str:
    """Take the accents away; a text in normal form C keeps its length."""
    return text.translate(_FOLDING)


def name_words(text: str) -> tuple[str, ...]:
    """Return the words of a name or text, folded; marks and hyphens inside a word belong to it."""
    return tuple(
        word.strip("-'\"“”«»[]{}:!?")
        for word in _JOINTS.split(without_accents(unicodedata.normalize("NFC", text)))
        if word.strip("-'\"“”«»[]{}:!?")
    )


@dataclass(frozen=True, slots=True)
class _Name:
    """One name as its words, and those of them by which alone it is found."""

    words: tuple[str, ...]
    parts: tuple[str, ...]

    @property
    def initials(self) -> str:
        return "|".join(sorted({re.escape(word[0]) for word in self.words}))


def _may_stand_alone(part: str, public: frozenset[str]) -> bool:
    is_small = part[:1].islower() and not _UNCASED[0] <= part[0] <= _UNCASED[1]
    return len(part) >= SHORTEST_PART and not is_small and part.casefold() not in public


def _name(text: str, public: frozenset[str]) -> _Name:
    words = name_words(text)
    pieces = (piece for word in words for piece in (word, *word.split("-"), word.removeprefix(_ARTICLE)))
    parts = {piece for piece in pieces if _may_stand_alone(piece, public)}
    return _Name(words, tuple(sorted(parts, key=lambda part: (-len(part), part))))


def _bounded(first: str, pattern: str) -> str:
    """Let a name begin and end where a word does, as far as its script has words."""
    if _UNSPACED.match(first):
        return pattern
    attached = ((before, after) for low, high, before, after in _ATTACHED if low <= first[0] <= high)
    before, after = next(attached, ("", ""))
    return f"{_NO_LETTER_BEFORE}{before}(?:{pattern}){after}{_NO_LETTER_AFTER}"


def _in_order(words: Iterable[str], between: str = _BETWEEN) -> str:
    return between.join(map(re.escape, words))


def _wholes(name: _Name) -> Iterator[str]:
    """Find the whole name in its order, and with the last word in front; a single word is found in any case too."""
    if not name.words:
        return
    yield _bounded(name.words[0], f"(?i:{_in_order(name.words)})")
    if len(name.words) > 1:
        yield _bounded(name.words[-1], f"(?i:{_in_order((name.words[-1], *name.words[:-1]))})")


def _with_initials(name: _Name, part: str) -> str:
    before, after = rf"(?:(?:{name.initials})(?:\.\s*|\s))*", rf"(?:,?\s+(?:{name.initials})\.)*"
    return f"{before}{part}{after}" if len(name.words) > 1 else part


def _alone(name: _Name) -> Iterator[str]:
    """Find each part as it is written or in capitals, with initials before or behind: "N. Haddad", "HADDAD, N."."""
    for part in name.parts:
        cases = "|".join(sorted({re.escape(part), re.escape(part.upper())}))
        yield _bounded(part, _with_initials(name, f"(?:{cases})"))


def _in_names_of_files(name: _Name) -> Iterator[str]:
    """Find each part in any letter case, with an initial or another part stuck to it: "nhaddad", "NoorHaddad"."""
    if len(name.words) > 1:
        yield _bounded(name.words[0], _in_order(name.words, r"[\W_]*"))
        yield _bounded(name.words[-1], _in_order((name.words[-1], *name.words[:-1]), r"[\W_]*"))
    for part in name.parts:
        yield _bounded(part, f"(?:{name.initials})?{re.escape(part)}")


def _finder(patterns: Iterable[str], flags: int = 0) -> NameFinder:
    either = "|".join(dict.fromkeys(patterns))
    pattern = re.compile(either, flags) if either else None

    def find(text: str) -> Iterator[tuple[int, int]]:
        return (found.span() for found in pattern.finditer(without_accents(text)) if found[0]) if pattern else iter(())

    return find


def name_finders(names: Iterable[str], public: Iterable[str]) -> tuple[NameFinder, NameFinder]:
    """Make what finds names in sentences, and in file names, links and ids.

    ``public`` are words that name other things as well, such as the country: alone they are no name.
    """
    kept = frozenset(word.casefold() for word in public) | _TITLES
    spelled = {form for name in names for form in (name, unicodedata.normalize("NFC", name).translate(_SPELLED))}
    known = [_name(name, kept) for name in sorted(spelled, key=lambda name: (-len(name), name))]
    wholes = [pattern for name in known for pattern in _wholes(name)]
    alone = [pattern for name in known for pattern in _alone(name)]
    lax = [pattern for name in known for pattern in _in_names_of_files(name)]
    return _finder((*wholes, *alone)), _finder((*wholes, *lax, *alone), re.IGNORECASE)


_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_TITLE_OR_OFFICE = re.compile(r"[,(;]")
"""Where a name ends and an office begins: "Hanna Brandt, UNSD", "Marta Ferrand (UNPD)"."""
_KEPT = frozenset({"document", "media_type", "address", "target", "layer", "state", "signature"})
_ADDRESSES = frozenset({"link", "file_name"})


class ReportVolume(StrEnum):
    """How much a report holds; ``COMPARISON`` is the change since the previous round alone."""

    BRIEF = "brief"
    REPORT = "report"
    FULL = "full"
    COMPARISON = "comparison"


class Withheld(StrEnum):
    """What a copy leaves out: every score, every person's name, or who said what."""

    SCORES = "no-scores"
    NAMES = "no-names"
    ATTRIBUTION = "no-attribution"


VOLUME_LABELS: dict[ReportVolume, str] = {
    ReportVolume.BRIEF: N_("Brief"),
    ReportVolume.REPORT: N_("Report"),
    ReportVolume.FULL: N_("Full report"),
    ReportVolume.COMPARISON: N_("Comparison of two rounds"),
}
WITHHELD_LABELS: dict[Withheld, str] = {
    Withheld.SCORES: N_("without scores"),
    Withheld.NAMES: N_("without names of persons"),
    Withheld.ATTRIBUTION: N_("without who said what"),
}


@dataclass(frozen=True, slots=True)
class ReportProfile:
    """What a copy holds, written as "report no-names no-attribution"."""

    volume: ReportVolume = ReportVolume.REPORT
    without: frozenset[Withheld] = frozenset()

    def __str__(self) -> str:
        return " ".join((self.volume, *(one for one in Withheld if one in self.without)))

    @classmethod
    def parse(cls, text: str) -> "ReportProfile":
        """Return the profile of a text; raises KnownError at a word that is none. No volume means the full one."""
        words = text.split()
        if not is_profile(text):
            raise KnownError(N_("There is no profile “{name}”."), name=text)
        volume = next((ReportVolume(word) for word in words if word in tuple(ReportVolume)), ReportVolume.FULL)
        return cls(volume, frozenset(Withheld(word) for word in words if word in tuple(Withheld)))


def is_profile(text: str) -> bool:
    """Return whether a text is that of a profile."""
    return set(text.split()) <= {*ReportVolume, *Withheld}


FULL_PROFILE = ReportProfile(ReportVolume.FULL)


_Entry = TypeVar("_Entry", bound=RegisterEntry)


@dataclass(frozen=True, slots=True)
class _Redactor:
    """Takes names out: of sentences, of file names and links, and of ids, each of which then has a number instead."""

    in_sentences: NameFinder
    in_addresses: NameFinder
    placeholder: str
    ids: Mapping[str, str]

    def text(self, text: str) -> str:
        return self._without(text, self.in_sentences)

    def address(self, text: str) -> str:
        return self._without(text, self.in_addresses)

    def _without(self, text: str, find: NameFinder) -> str:
        text = unicodedata.normalize("NFC", _MAIL.sub(self.placeholder, text))
        kept, end = [], 0
        for start, stop in find(text):
            kept += [text[end:start], self.placeholder]
            end = stop
        if not kept:
            return text
        joined = "".join((*kept, text[end:]))
        again = re.escape(self.placeholder)
        return re.sub(rf"{again}(?:\s+{again})+", lambda _: self.placeholder, joined)


def _without_office(names: Iterable[str]) -> set[str]:
    return {_TITLE_OR_OFFICE.split(name)[0].strip() for name in names} - {""}


def _registered_form(name: str) -> str:
    """Return a name as registers have it: "Haddad, Noor" is one, "Noor Haddad, Director" a name and an office."""
    last, comma, rest = name.partition(",")
    return f"{rest} {last}".strip() if comma and rest.strip() and len(name_words(last)) == 1 else name


def _rounds(dossier: Dossier) -> tuple[Dossier, ...]:
    return (dossier, *_rounds(dossier.previous)) if dossier.previous else (dossier,)


def _signatures(dossier: Dossier) -> set[str]:
    mission = dossier.mission
    authors = {answer.author for answer in dossier.answers} | {remark.author for remark in dossier.remarks}
    authors |= {kept.author for kept in dossier.kept}
    authors |= {validation.name for validation in dossier.validations}
    senders = {name for entry in dossier.returns for name in (entry.person, entry.undone_by)}
    return _without_office({mission.reviewed_by, mission.validated_by} | authors | senders)


def person_names(dossier: Dossier) -> tuple[str, ...]:
    """Return every person's name the dossier and its previous rounds know, longest first.

    Who answered, reviewed or validated is named too, unless it is an office ("Director General") that signed.
    """
    rounds = _rounds(dossier)
    offices = " | ".join(person.position for one in rounds for person in one.people).casefold()
    signed = {name for one in rounds for name in _signatures(one) if name.casefold() not in offices}
    people = (_registered_form(person.name) for one in rounds for person in one.people)
    listed = _without_office((*people, *(name for one in rounds for name in one.mission.team)))
    return tuple(sorted(signed | listed, key=lambda name: (-len(name), name)))


def _public_words(dossier: Dossier) -> frozenset[str]:
    """Collect words that name agencies and the country: a person called Jordan must not erase it."""
    public = [dossier.mission.country_name, dossier.instrument.title]
    public += [text for agency in dossier.agencies for text in (agency.name, agency.short)]
    return frozenset(word for text in public for word in name_words(text))


def _registers(dossier: Dossier) -> Iterator[tuple[str, tuple[RegisterEntry, ...]]]:
    for name in REGISTERS:
        if name not in {"mission", "ratings"}:
            yield name, getattr(dossier, name)


def _renamed(dossier: Dossier, find: NameFinder) -> dict[str, str]:
    """Return every id in which a name stands a neutral one; programs number their entries, people may call them."""
    return {
        entry.id: f"{register}-{number}"
        for one in _rounds(dossier)
        for register, entries in _registers(one)
        for number, entry in enumerate(entries, start=1)
        if any(find(unicodedata.normalize("NFC", entry.id)))
    }


def _redactor(dossier: Dossier, placeholder: str) -> _Redactor:
    in_sentences, in_addresses = name_finders(person_names(dossier), _public_words(dossier))
    return _Redactor(in_sentences, in_addresses, placeholder, _renamed(dossier, in_addresses))


def _redacted(entry: _Entry, redactor: _Redactor) -> _Entry:
    """Take names out of every text field; codes, dates and hashes hold none and stay."""
    changed: dict[str, Any] = {}
    for field in dataclasses.fields(entry):
        value = getattr(entry, field.name)
        if isinstance(value, tuple):
            changed[field.name] = _references(value, redactor)
        elif type(value) is str and value in redactor.ids:
            changed[field.name] = redactor.ids[value]
        elif field.name not in _KEPT and field.name != "id" and type(value) is str and value:
            changed[field.name] = redactor.address(value) if field.name in _ADDRESSES else redactor.text(value)
    return replace(entry, **changed)


def _references(ids: tuple[Any, ...], redactor: _Redactor) -> tuple[Any, ...]:
    return tuple(redactor.ids.get(one, one) for one in ids)


def _redacted_value(value: AnswerValue, kind: AnswerKind | None, redactor: _Redactor) -> AnswerValue:
    if isinstance(value, tuple):
        return _references(value, redactor)
    if not isinstance(value, str) or kind is None:
        return value
    return redactor.address(value) if kind is AnswerKind.URL else redactor.text(value)


def _redacted_answer(answer: Answer, redactor: _Redactor, kinds: Mapping[str, AnswerKind]) -> Answer:
    content, key = answer.content, answer.key
    # A place this version of the instrument does not have may hold anything.
    kind = AnswerKind.TEXT if content.unread else kinds.get(_field_name(key.address), AnswerKind.TEXT)
    kept = replace(
        content,
        value=_redacted_value(content.value, kind if kind.value_type is ValueType.TEXT else None, redactor),
        reason=redactor.text(content.reason),
        note=redactor.text(content.note),
        evidence=_references(content.evidence, redactor),
    )
    respondent = redactor.ids.get(key.respondent, key.respondent)
    return replace(answer, key=replace(key, respondent=respondent), author="", content=kept)


def _field_name(address: Address) -> str:
    return f"{address.question}/{address.column}"


def _kinds(dossier: Dossier) -> dict[str, AnswerKind]:
    """Return the form of answer that questions and columns take, by "question/column"."""
    questions = tuple(dossier.instrument.questions())
    kinds = {_field_name(Address(question.id)): question.kind for question in questions}
    return kinds | {
        _field_name(Address(question.id, column=column.id)): column.kind
        for question in questions
        for column in question.columns
    }


def _mission_without_names(mission: Mission, redactor: _Redactor) -> Mission:
    plain = replace(mission, team=(), contact="", reviewed_by="", validated_by="")
    return _redacted(plain, redactor)


def _returned_without_names(entry: ReturnedFile, redactor: _Redactor) -> ReturnedFile:
    # A revision names the computer that made it.
    unplaced = tuple(map(redactor.text, entry.unplaced))
    plain = replace(entry, person="", undone_by="", revisions=(), unplaced=unplaced)
    return _redacted(plain, redactor)


def _kept_without_names(entry: RetiredAnswer, redactor: _Redactor) -> RetiredAnswer:
    return _redacted(replace(entry, author="", value=redactor.text(entry.value)), redactor)


def _without(dossier: Dossier, redactor: _Redactor) -> Dossier:
    kinds = _kinds(dossier)
    people = tuple(_redacted(replace(person, name="", contact=""), redactor) for person in dossier.people)
    agencies = tuple(_redacted(replace(agency, contact=""), redactor) for agency in dossier.agencies)
    answers = (_redacted_answer(answer, redactor, kinds) for answer in dossier.answers)
    return replace(
        dossier,
        mission=_mission_without_names(dossier.mission, redactor),
        answers=tuple(sorted(answers, key=lambda answer: answer.key) if redactor.ids else answers),
        agencies=agencies,
        people=people,
        meetings=tuple(_redacted(meeting, redactor) for meeting in dossier.meetings),
        validations=tuple(_redacted(replace(one, name=""), redactor) for one in dossier.validations),
        sources=tuple(_redacted(source, redactor) for source in dossier.sources),
        evidence=tuple(_redacted(entry, redactor) for entry in dossier.evidence),
        actions=tuple(_redacted(action, redactor) for action in dossier.actions),
        ratings=tuple(_redacted(rating, redactor) for rating in dossier.ratings),
        remarks=tuple(_redacted(replace(remark, author=""), redactor) for remark in dossier.remarks),
        returns=tuple(_returned_without_names(entry, redactor) for entry in dossier.returns),
        kept=tuple(_kept_without_names(entry, redactor) for entry in dossier.kept),
        previous=_without(dossier.previous, redactor) if dossier.previous else None,
    )


def without_names(dossier: Dossier, placeholder: str) -> Dossier:
    """Return the same dossier with no person's name in it; ``placeholder`` stands where a text named one."""
    return _without(dossier, _redactor(dossier, placeholder))


# Without who said what: each answer of an agency is given by a numbered voice. The numbers begin anew at every place
# and follow the answers, not the agencies, so that a voice at one place says nothing of a voice at another.


def _voice_order(answer: Answer) -> tuple[str, ...]:
    content = answer.content
    return str(content.state), repr(content.value), content.note, content.reason, *content.evidence


def without_attribution(dossier: Dossier, voice: str) -> Dossier:
    """Return the same dossier without who said what; ``voice`` names one of several, with a place for {number}."""
    anonymous: list[Answer] = []
    for answers in dossier.by_address.values():
        given = sorted((a for a in answers if a.key.layer is AnswerLayer.RESPONSE), key=_voice_order)
        numbers = {answer.key: number for number, answer in enumerate(given, start=1)}
        for answer in answers:
            number = numbers.get(answer.key)
            key = replace(answer.key, respondent=voice.format(number=number)) if number else answer.key
            anonymous.append(replace(answer, key=key, author="", time=""))
    return replace(
        dossier,
        answers=tuple(sorted(anonymous, key=lambda answer: answer.key)),
        validations=tuple(replace(one, agency="", name="", position="") for one in dossier.validations),
        remarks=tuple(replace(remark, agency="", author="", returned="") for remark in dossier.remarks),
        returns=(),
        kept=tuple(replace(kept, respondent="", author="", time="") for kept in dossier.kept),
        previous=without_attribution(dossier.previous, voice) if dossier.previous else None,
    )
