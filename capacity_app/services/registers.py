"""Register entries before they are stored: cleaned, checked and given permanent ids."""

import secrets
from dataclasses import fields, replace
from typing import Any

from capacity_app.domain.answers import TEXT_LIMIT, clean_text
from capacity_app.domain.assessment import Entry, Evidence, Mission, register_of
from capacity_app.domain.checking import LARGEST_NUMBER
from capacity_app.domain.problems import N_, Problem

ID_LIMIT = 200
"""Characters in an id; a rating's id is an address."""
_PREFIXES = {
    "agencies": "agency",
    "people": "person",
    "meetings": "meeting",
    "sources": "source",
    "evidence": "evidence",
    "actions": "action",
    "remarks": "remark",
    "returns": "return",
    "kept": "kept",
}
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Nothing that is mistaken for something else when read aloud."""
_LETTERS_IN_ID = 7
"""Two laptops with 200 entries each collide once in a million merges."""


def random_letters(count: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(count))


def fresh_id(register: str) -> str:
    """Draw an id for a register's next entry; mission and ratings have theirs already (KeyError)."""
    return f"{_PREFIXES[register]}-{random_letters(_LETTERS_IN_ID)}"


def _clean(value: Any) -> Any:  # noqa: ANN401 - any field of any register
    if type(value) is str:
        return clean_text(value)
    if isinstance(value, tuple):
        return tuple(_clean(part) for part in value)
    return value


def _problem(register: str, entry_id: str, code: str, message: str, advice: str, **values: str) -> Problem:
    return Problem(
        f"entry.{code}", f"{register}/{clean_text(entry_id)[:ID_LIMIT]}", message, advice, tuple(values.items())
    )


def is_id(text: str) -> bool:
    """Return whether a text can be an id: short, visible, without control characters."""
    return bool(text.strip()) and len(text) <= ID_LIMIT and clean_text(text) == text and "\n" not in text


def _expect_types(entry: Entry) -> None:
    """Stop our own bug here: what is stored with a wrong type could not be read back."""
    for field in fields(entry):
        shape: Any = field.type
        value = getattr(entry, field.name)
        parts = value if isinstance(value, tuple) else (value,)
        kind = shape if isinstance(shape, type) else shape.__args__[0]
        if isinstance(value, tuple) == isinstance(shape, type) or not all(type(part) is kind for part in parts):
            raise TypeError(f"{field.name} of {register_of(entry)} must be {shape}, not {value!r}")


def _longest(entry: Entry) -> int:
    longest = 0
    for field in fields(entry):
        value = getattr(entry, field.name)
        texts = value if isinstance(value, tuple) else (value,)
        longest = max(longest, *(len(text) for text in texts if isinstance(text, str)), len(texts) if value else 0)
    return longest


def clean_entry(entry: Entry) -> tuple[Entry, Problem | None]:
    """Clean and check an entry; with a problem, it may not be stored."""
    register = register_of(entry)
    _expect_types(entry)
    if not is_id(entry.id) or (isinstance(entry, Mission) and entry.id != "mission"):
        advice = N_("Use letters, digits and hyphens.")
        return entry, _problem(register, entry.id, "id", N_("The entry has no usable id."), advice)
    cleaned = replace(entry, **{field.name: _clean(getattr(entry, field.name)) for field in fields(entry)})
    if isinstance(entry, Evidence) and not 0 <= entry.size <= LARGEST_NUMBER:
        advice = N_("Attach the document again.")
        return entry, _problem(register, entry.id, "size", N_("The size of the document is out of range."), advice)
    longest = _longest(cleaned)
    if longest > TEXT_LIMIT:
        return cleaned, _problem(
            register,
            entry.id,
            "length",
            N_("The text has {length} characters; {longest} are allowed."),
            N_("Shorten it, or attach the long version as a document."),
            length=str(longest),
            longest=str(TEXT_LIMIT),
        )
    return cleaned, None
