"""Texts of an instrument that did not come through the reader: as clean and short as typed ones."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace

from capacity_app.domain.answers import TEXT_LIMIT, clean_text
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.problems import N_
from capacity_app.instruments.findings import Findings, inside, shown


def check_wording(instrument: Instrument, findings: Findings) -> None:
    """Note texts that hold control characters or are too long for screens and pages."""
    _check_texts(replace(instrument, sections=()), "instrument", findings)
    for section in instrument.sections:
        place = inside("", "section", section.id)
        _check_texts(replace(section, questions=()), place, findings)
        for question in section.questions:
            _check_texts(question, inside(place, "question", question.id), findings)


def _check_texts(value: object, place: str, findings: Findings) -> None:
    for text in _texts_in(value):
        if not _is_clean(text):
            message = N_("The text “{name}” is too long or contains characters that cannot be shown.")
            findings.error("instrument.unclean-text", place, message, N_("Ask for a new copy."), name=shown(text))


def _is_clean(text: str) -> bool:
    # Most texts are plain, and cleaning looks at every character.
    is_plain = text.isascii() and text.replace("\n", " ").isprintable()
    return len(text) <= TEXT_LIMIT and (is_plain or clean_text(text) == text)


def _texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts_in(item)
    elif isinstance(value, dict):
        yield from _texts_in(tuple(value.items()))
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts_in(getattr(value, field.name))
