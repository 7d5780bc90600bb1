"""Permanent ids: their form, and that nothing has the id of something else."""

import re
from collections import Counter
from collections.abc import Iterable

from capacity_app.domain.problems import N_
from capacity_app.instruments.findings import Findings, inside, shown

_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
_OTHER = re.compile(r"[^a-z0-9_-]+")
_ID_LENGTH = 80


def is_id(text: str) -> bool:
    """Return whether a text has the form of an id."""
    return len(text) <= _ID_LENGTH and _ID.fullmatch(text) is not None


def check_id(text: str, place: str, findings: Findings) -> None:
    """Note an id of the wrong form; a missing one is noted where it is missing."""
    if text and not is_id(text):
        _note_malformed(text, place, findings)


def check_contradiction_id(text: str, place: str, findings: Findings) -> None:
    """Note a contradiction's id that is neither an id nor, as a question's, a section's id, a dot and an id."""
    if text and not all(is_id(part) for part in text.split(".", 1)):
        _note_malformed(text, place, findings)


def _note_malformed(text: str, place: str, findings: Findings) -> None:
    message = N_("“{name}” cannot be an id.")
    advice = N_("Use at most 80 of a–z, 0–9, “-” and “_”, starting with a letter or digit, for example “{example}”.")
    example = _OTHER.sub("-", text[:_ID_LENGTH].lower()).strip("-_") or "a"
    findings.error("instrument.malformed-id", place, message, advice, name=shown(text), example=example)


def check_question_id(text: str, section: str, place: str, findings: Findings) -> None:
    """Note a question's id that is not its section's id, a dot and an id of its own."""
    if not text:
        return
    start = f"{section}."
    if is_id(section) and not text.startswith(start):
        message = N_("The id “{name}” does not start with “{start}”, the id of its section and a dot.")
        advice = N_("Write “{example}”.")
        example = start + shown(text.rpartition(".")[2])
        findings.error(
            "instrument.id-outside-section", place, message, advice, name=shown(text), start=start, example=example
        )
        return
    check_id(text.removeprefix(start) if is_id(section) else text.rpartition(".")[2], place, findings)


def check_ids(names: Iterable[str], word: str, place: str, findings: Findings) -> None:
    """Check the ids of one list: the form of each, and that no two are equal."""
    names = list(names)
    for name in dict.fromkeys(names):
        check_id(name, inside(place, word, name), findings)
    note_repeated(names, word, place, findings)


def note_repeated(names: Iterable[str], word: str, place: str, findings: Findings) -> None:
    """Note each id that is used more than once."""
    for name, count in Counter(name for name in names if name).items():
        if count > 1:
            message = N_("The id “{name}” is used {count} times.")
            advice = N_("Give each its own id.")
            where = inside(place, word, name)
            findings.error("instrument.duplicate-id", where, message, advice, name=shown(name), count=count)
