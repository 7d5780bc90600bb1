"""What a translation must keep of its source; an error refuses the translation, a warning is only reported."""

import re
import unicodedata
from collections.abc import Iterator

from capacity_app.catalogues import PROGRAM, placeholders
from capacity_app.domain.problems import N_, Problem, Severity
from capacity_app.instruments.translations import SourceText

LONGEST = 20_000
"""Characters of one text."""
_PAIRED_SIGNS = (("\u202a\u202b", "\u202c"), ("\u2066\u2067\u2068", "\u2069"))
"""Marks that begin and end a stretch in another direction of writing."""
_REFUSED_SIGNS = frozenset("\u202d\u202e\ufffd")
"""Overrides of the direction, and what is written in place of a letter that was lost."""
_ACCESS_KEY = re.compile(r"&(?=[^\W_])")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


def error(code: str, place: str, message: str, advice: str = "", **values: str) -> Problem:
    return Problem(f"translation.{code}", place, message, advice, tuple(values.items()))


def warning(code: str, place: str, message: str, advice: str = "", **values: str) -> Problem:
    return Problem(f"translation.{code}", place, message, advice, tuple(values.items()), Severity.WARNING)


def with_outer_spaces(text: SourceText, typed: str) -> str:
    """Return a translation with the spaces and line breaks around it that its source has."""
    source, inside = text.source, typed.strip()
    before = source[: len(source) - len(source.lstrip())]
    return f"{before}{inside}{source[len(source.rstrip()) :]}" if inside else ""


def problems_of(
    text: SourceText, typed: str, place: str, *, numbers: tuple[int, ...], subject: str
) -> Iterator[Problem]:
    """Go through what is wrong with a translation; ``numbers`` are the first that take its plural form."""
    yield from _characters(text, typed, place)
    yield from _placeholders(text, typed, place, numbers)
    if sorted(_TAG.findall(typed)) != sorted(_TAG.findall(text.source)):
        message = N_("The translation does not have the same tags in angle brackets as the source.")
        yield error("markup", place, message, N_("Copy the tags from the source, character by character."))
    if subject == PROGRAM and (len(_ACCESS_KEY.findall(typed)) != 1) and len(_ACCESS_KEY.findall(text.source)) == 1:
        message = N_("The source has the sign & before one letter. The translation needs it before one letter, too.")
        yield error("key", place, message, N_("The letter is the one that is pressed together with Alt."))
    if "\n" in typed.strip() and "\n" not in text.source.strip():
        message = N_("The source has one line, the translation has several.")
        yield error("lines", place, message, N_("Remove the line breaks from the cell."))


def _characters(text: SourceText, typed: str, place: str) -> Iterator[Problem]:
    is_broken = any(sign in _REFUSED_SIGNS or (unicodedata.category(sign) in {"Cc", "Cs"} and sign != "\n")
                    for sign in typed)  # fmt: skip
    if is_broken or not _is_balanced(typed):
        message = N_("The translation holds lost or invisible characters, or characters that turn the text around.")
        yield error("characters", place, message, N_("Type the text again in an empty cell."))
    if len(typed) > LONGEST:
        yield error("long", place, N_("The translation is longer than {most} characters."), most=str(LONGEST))
    if typed.startswith("=") and not text.source.startswith("="):
        yield formula(place)


def formula(place: str) -> Problem:
    """Return what is said of a cell that calculates."""
    return error("formula", place, N_("The cell holds a formula or an error."), N_("Type the translation as a text."))


def _is_balanced(typed: str) -> bool:
    """Return whether invisible marks of direction end in each line what they begin."""
    return all(
        sum(map(line.count, openers)) == line.count(closer)
        for line in typed.split("\n")
        for openers, closer in _PAIRED_SIGNS
    )


def _placeholders(text: SourceText, typed: str, place: str, numbers: tuple[int, ...]) -> Iterator[Problem]:
    said, wanted = placeholders(typed), placeholders(text.plural or text.source)
    known = {*wanted, *placeholders(text.source)}
    advice = N_("Copy the placeholders in braces from the source, character by character.")
    is_wrong = not set(said) <= known or any(said.count(one) > max(wanted.count(one), 1) for one in said)
    if is_wrong or (not text.plural and said != wanted):
        values = {"wanted": ", ".join(wanted) or "–", "said": ", ".join(said) or "–"}
        message = N_("The placeholders of the source are {wanted}. Those of the translation are {said}.")
        yield error("placeholders", place, message, advice, **values)
    elif text.plural and len(numbers) > 1 and set(said) != known:
        message = N_("The translation leaves out {missing}. This plural form is for several numbers.")
        yield warning("plural", place, message, missing=", ".join(sorted(known - set(said))))
