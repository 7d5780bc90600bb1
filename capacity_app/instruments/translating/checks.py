"""What a translation must not do: each mistake a sentence for its translator; some are told, and taken all the same."""

import re
import unicodedata
from collections.abc import Iterator

from capacity_app.catalogues import ENGLISH, PROGRAM, placeholders
from capacity_app.domain.problems import N_, Problem, Severity
from capacity_app.instruments.translating.passages import Passage
from capacity_app.instruments.translating.plurals import Form
from capacity_app.instruments.translating.program import ACCESS_KEY

LONGEST = 20_000
"""Letters of one text of an instrument."""
_TWICE = 2
_NARROW = 24
"""A label so short is never too long."""
_WORDS_LEFT = 4
"""So many words in English are no name or abbreviation."""
_OVERRIDES = frozenset("\u202d\u202e")
_OPENERS = {"\u202a": "\u202c", "\u202b": "\u202c", "\u2066": "\u2069", "\u2067": "\u2069", "\u2068": "\u2069"}
_CLOSERS = frozenset(_OPENERS.values())
_LOST = "\ufffd"
_WORD = re.compile(r"[^\W\d_]{2,}")

_BRACES_ADVICE = N_("Copy what stands in braces from the source, letter by letter, and move it to its place.")
_PASTE_ADVICE = N_("Type the text anew in an empty cell.")


def mistakes(passage: Passage, text: str, place: str, form: Form | None, subject: str, language: str) -> list[Problem]:
    """List what speaks against a translation; errors refuse it, warnings are told. ``form`` is that of a count."""
    return [
        *_signs(text, place),
        *_places(passage, text, place, form),
        *(_access_key(passage, text, place) if subject == PROGRAM else ()),
        *_shape(passage, text, place),
        *_left_as_it_was(passage, text, place, language),
    ]


def formula(place: str) -> Problem:
    """Complain of a cell that calculates."""
    return _error(
        "formula",
        place,
        N_("This cell holds a formula, and not a text."),
        N_("Type the translation itself; if it begins with =, put an apostrophe before it."),
    )


def tidied(passage: Passage, text: str) -> str:
    """Give a translation the spaces and line breaks around it that its source has; nobody sees them in a sheet."""
    source, inside = passage.source, text.strip()
    before = source[: len(source) - len(source.lstrip())]
    return f"{before}{inside}{source[len(source.rstrip()) :]}" if inside else ""


def _error(code: str, place: str, message: str, advice: str = "", **values: str) -> Problem:
    return Problem(f"translation.{code}", place, message, advice, tuple(values.items()))


def _told(code: str, place: str, message: str, advice: str = "", **values: str) -> Problem:
    return Problem(f"translation.{code}", place, message, advice, tuple(values.items()), Severity.WARNING)


def _signs(text: str, place: str) -> Iterator[Problem]:
    if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign != "\n" for sign in text):
        yield _error("control", place, N_("The translation holds signs that cannot be seen or printed."), _PASTE_ADVICE)
    if _LOST in text:
        message = N_("Letters were lost: the translation holds the sign “�” in their place.")
        yield _error("lost", place, message, _PASTE_ADVICE)
    if not _is_balanced(text):
        message = N_("The translation holds hidden signs that turn the direction of the text around.")
        yield _error("direction", place, message, _PASTE_ADVICE)
    if len(text) > LONGEST:
        yield _error("long", place, N_("The translation is longer than {most} letters."), most=str(LONGEST))


def _is_balanced(text: str) -> bool:
    """Tell whether hidden signs of direction close what they open, in each line, and override nothing."""
    for line in text.split("\n"):
        waiting: list[str] = []
        for sign in line:
            if sign in _OVERRIDES:
                return False
            if sign in _OPENERS:
                waiting.append(_OPENERS[sign])
            elif sign in _CLOSERS and (not waiting or waiting.pop() != sign):
                return False
        if waiting:
            return False
    return True


def _places(passage: Passage, text: str, place: str, form: Form | None) -> Iterator[Problem]:
    said = placeholders(text)
    if not passage.plural or form is None:
        if said != placeholders(passage.source):
            yield _other_places(place, placeholders(passage.source), said)
        return
    wanted = placeholders(passage.plural)
    known = set(wanted) | set(placeholders(passage.source))
    if not set(said) <= known or any(said.count(one) > max(wanted.count(one), 1) for one in said):
        yield _other_places(place, wanted, said)
    elif not form.is_for_one and set(said) != known:
        message = N_("The translation leaves out {missing}, though this form is for more than one number.")
        yield _told("count", place, message, missing=", ".join(sorted(known - set(said))))


def _other_places(place: str, wanted: tuple[str, ...], said: tuple[str, ...]) -> Problem:
    if not said:
        message = N_("The translation lacks what the program fills in: {wanted}.")
    elif not wanted:
        message = N_("The translation holds {said}, and the program has nothing to fill in there.")
    else:
        message = N_("The translation holds {said}, where the source has {wanted}.")
    return _error(
        "places", place, message, _BRACES_ADVICE, wanted=", ".join(wanted), said=", ".join(dict.fromkeys(said))
    )


def _access_key(passage: Passage, text: str, place: str) -> Iterator[Problem]:
    wanted, said = (len(ACCESS_KEY.findall(one)) for one in (passage.source, text))
    if wanted == 1 and said != 1:
        message = N_("The translation has the sign & before {count} letters, the source before one.")
        advice = N_("Put it before the letter that is to be pressed together with Alt, as in “&File”.")
        yield _error("key", place, message, advice, count=str(said))
    elif not wanted and said:
        message = N_("The translation has the sign & before a letter, the source has not.")
        yield _told("key", place, message, N_("It may be shown as a line under the letter."))


def _shape(passage: Passage, text: str, place: str) -> Iterator[Problem]:
    wanted, said = (one.strip().count("\n") + 1 for one in (passage.source, text))
    if wanted == 1 and said > 1:
        message = N_("The source stands on one line, the translation on {count}.")
        advice = N_("Remove the line breaks from the cell.")
        yield _error("lines", place, message, advice, count=str(said))
    elif wanted != said:
        message = N_("The source has {wanted} lines, the translation {said}.")
        yield _told("lines", place, message, wanted=str(wanted), said=str(said))
    if text.startswith(("=", "\t")) and not passage.source.startswith(text[0]):
        yield _error("formula", place, N_("The translation begins as a formula does."), N_("Begin with a letter."))
    longest = max(len(passage.source), len(passage.plural))
    if passage.is_label and len(text) > max(_NARROW, _TWICE * longest):
        message = N_("The translation is more than twice as long as the source, in a narrow place.")
        yield _told("length", place, message, N_("Look at it in the window or the report."))


def _left_as_it_was(passage: Passage, text: str, place: str, language: str) -> Iterator[Problem]:
    is_same = text.strip().casefold() in {passage.source.strip().casefold(), passage.plural.strip().casefold() or None}
    if not is_same or language.split("-", maxsplit=1)[0] == ENGLISH:
        return
    words = _WORD.findall(re.sub(r"\{[^{}]*\}", "", text))
    if len(words) >= _WORDS_LEFT:
        yield _error("untranslated", place, N_("The cell still holds the source, word by word."),
                     N_("Translate it, or leave the cell empty."))  # fmt: skip
    elif words:
        yield _told("untranslated", place, N_("The translation is the same as the source."))
