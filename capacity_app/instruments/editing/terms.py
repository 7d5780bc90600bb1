"""Terms: abbreviations nobody explains, words set in quotation marks, and a glossary that is used."""

import re
from collections import Counter
from collections.abc import Iterator

from capacity_app.domain.glossary import mentions
from capacity_app.domain.instrument import Concept, Instrument
from capacity_app.domain.problems import N_
from capacity_app.domain.wordings import wording_places
from capacity_app.instruments.editing.kinds import RemarkKind, Remarks
from capacity_app.instruments.editing.measures import folded, is_english, words
from capacity_app.instruments.editing.numbers import place_of_key
from capacity_app.instruments.editing.spots import HEAD
from capacity_app.instruments.findings import inside

_SHORT = re.compile(r"(?<![\w.-])[A-Z]{2,6}(?:[-‑]?\d{1,4}|s)?(?![\w-]|\.\w)")
_ROMAN = re.compile(r"[IVXLC]+")
_KNOWN = frozenset({
    "UN", "EU", "ID", "TV", "IT", "ICT", "GDP", "SDG", "ISO", "PDF", "CSV", "XML", "HTML", "JSON", "URL", "API", "GPS",
    "USB", "CD", "DVD", "SMS", "SQL", "RDF", "TOML", "AI", "VAT", "QR", "PIN", "UK", "US", "USA", "AND", "OR", "NOT",
    "UNICEF", "UNESCO", "UNHCR", "UNFPA", "UNDP", "UNODC", "IOM", "WHO", "ILO", "IMF", "OECD", "NATO", "NGO", "CEO",
    "AIDS", "HIV", "DNA", "AM", "PM", "OK", "FAQ",
})  # fmt: skip
"""Abbreviations that whoever reads questionnaires of public offices knows, and words written large for weight."""
_IN_QUOTES = re.compile(r"[“\"«„]([^“”\"«»„]{3,60})[”\"»“]")
_MOST_WORDS, _LEAST_PLACES = 4, 3
_MANY = 15
"""Questions from which an instrument should have a glossary."""


def note_terms(instrument: Instrument, remarks: Remarks) -> None:
    """Note words respondents and officers cannot look up, and entries nobody needs."""
    texts = tuple(wording_places(instrument))
    if is_english(instrument):
        _note_abbreviations(instrument, texts, remarks)
    _note_quoted(instrument, texts, remarks)
    if not instrument.concepts:
        count = len(instrument.question_by_id)
        if count >= _MANY:
            message = N_("There is no glossary, so {count} questions mean to everybody what they like.")
            advice = N_("Define the main words by [[concept]] and point to them by tags.")
            remarks.note(RemarkKind.TERMS, "none", HEAD, message, advice, count=count)
        return
    for concept in _never_used(instrument, texts):
        message = N_("The glossary explains “{name}”, which no question uses or points to.")
        advice = N_("Add its id to the tags of the questions it helps with, or remove it.")
        remarks.note(RemarkKind.TERMS, "unused", inside(HEAD, "concept", concept.id), message, advice,
                     name=concept.label)  # fmt: skip


def _never_used(instrument: Instrument, texts: tuple[tuple[str, str], ...]) -> Iterator[Concept]:
    tagged = {tag for question in instrument.questions() for tag in question.tags}
    tagged |= {tag for question in instrument.questions() for row in question.rows for tag in row.tags}
    left = {concept.id: concept.label for concept in instrument.concepts if concept.id not in tagged}
    own = {concept.id for concept in instrument.concepts}
    for key, text in texts:
        if not left:
            return
        if key.partition("|")[0] not in own:
            for found in mentions(text, left):
                left.pop(found.concept, None)
    yield from (concept for concept in instrument.concepts if concept.id in left)


# -- abbreviations -------------------------------------------------------------------------------------------------


def _note_abbreviations(instrument: Instrument, texts: tuple[tuple[str, str], ...], remarks: Remarks) -> None:
    everything = "\n".join(text for _key, text in texts)
    glossary = " ".join(f"{concept.id} {concept.label} {concept.definition} {concept.source}"
                        for concept in instrument.concepts)  # fmt: skip
    numbers = {step for question in instrument.questions() for step in re.split(r"\W+", question.number)}
    numbers |= {section.number for section in instrument.sections} | {s.supplement for s in instrument.sections}
    numbers |= {row.number for question in instrument.questions() for row in question.rows}
    lower = set(words(everything))
    seen: set[str] = set()
    for key, text in texts:
        for found in _SHORT.finditer(text):
            short = found[0].removesuffix("s")
            if short in seen or short in numbers or short in _KNOWN or _ROMAN.fullmatch(short):
                continue
            seen.add(short)
            is_emphasis = short.casefold() in lower or _is_shouted(text)
            if is_emphasis or _is_explained(short, everything, glossary):
                continue
            message = N_("“{short}” is nowhere explained: “{text}”")
            advice = N_("Write the full name with the abbreviation in brackets where it first stands.")
            remarks.note(RemarkKind.TERMS, "abbreviation", place_of_key(instrument, key), message, advice,
                         short=short, text=_around(text, found.start()))  # fmt: skip


def _is_shouted(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return sum(map(str.isupper, letters)) * 2 > len(letters)


def _is_explained(short: str, everything: str, glossary: str) -> bool:
    """Whether a text says somewhere what letters stand for: in brackets, before brackets, or by words with them."""
    escaped = re.escape(short)
    in_brackets = rf"\(\W*{escaped}s?\W*[),;:]|\b{escaped}s? ?[(:]"
    in_words = rf"\b{escaped}\b,? (?:that is|meaning|stands for|(?:is|are|means?) (?:the|an?)\b)"
    if re.search(f"{in_brackets}|{in_words}", everything):
        return True
    if re.search(rf"\b{escaped}", glossary, re.IGNORECASE):
        return True
    letters = [letter for letter in short if letter.isalpha()]
    joined = r"\w*(?:[\s-]+(?:of|for|and|the|on|in|to)\b)*[\s-]+".join(letters)
    return re.search(rf"\b{joined}\w*", everything, re.IGNORECASE) is not None


def _around(text: str, at: int) -> str:
    start = max(at - 50, 0)
    return ("…" if start else "") + text[start : at + 70]


# -- words in quotation marks --------------------------------------------------------------------------------------


def _note_quoted(instrument: Instrument, texts: tuple[tuple[str, str], ...], remarks: Remarks) -> None:
    """Note words that several questions set in quotation marks, as one does with terms, and nobody defines."""
    labels = {folded(text) for key, text in texts if _is_label(key)}
    known = {folded(part) for concept in instrument.concepts for part in (concept.label, concept.id)}
    defined = folded(" ".join(concept.definition for concept in instrument.concepts))
    places: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for key, text in texts:
        if key.startswith("contradictions|"):
            continue
        for quoted in {folded(found[1]): found[1] for found in _IN_QUOTES.finditer(text)}.values():
            term = folded(quoted)
            if len(words(quoted)) <= _MOST_WORDS and quoted[:1].islower() and term not in labels | known:
                counts[term] += 1
                places.setdefault(term, key)
    for term, count in counts.items():
        if count >= _LEAST_PLACES and term not in defined:
            message = N_("“{term}” stands in quotation marks in {count} texts, as terms do, and the glossary lacks it.")
            advice = N_("Define it by [[concept]], or leave out the quotation marks.")
            remarks.note(RemarkKind.TERMS, "undefined", place_of_key(instrument, places[term]), message, advice,
                         term=term, count=count)  # fmt: skip


def _is_label(key: str) -> bool:
    part = key.partition("|")[2]
    return "option" in part or part.endswith("label") or part in {"text", "title", "heading"}
