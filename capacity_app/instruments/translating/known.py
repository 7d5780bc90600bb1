"""What is translated already: the person's own file first, then what came with the program."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from capacity_app import catalogues, paths
from capacity_app.catalogues import PROGRAM, is_faithful
from capacity_app.instruments.translating.passages import Passage, Subject
from capacity_app.instruments.translating.program import compiled, shipped_file

if TYPE_CHECKING:
    from babel.messages import Catalog, Message

Forms = tuple[str, ...]
"""A translation: one text, or one for each form of a sentence that depends on a number."""


@dataclass(frozen=True, slots=True)
class Known:
    """The translations into a language by context and source; ``earlier`` are those of an earlier source, by context.

    ``notes`` is what was noted with a translation, such as who made it and when.
    """

    language: str
    forms: Mapping[tuple[str, str], Forms] = field(default_factory=dict)
    earlier: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    notes: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    def of(self, passage: Passage) -> Forms:
        """Give the translation of a passage, empty if there is none."""
        return self.forms.get((passage.scope, passage.source), ())

    def was(self, passage: Passage) -> tuple[str, str]:
        """Give an earlier wording of a passage and its translation; empty texts if there is none."""
        return self.earlier.get(passage.scope, ("", "")) if passage.scope else ("", "")


def own_file(subject: str, language: str) -> Path:
    """Say where the person's own translation lies."""
    if subject == PROGRAM:
        return catalogues.own_file(language)
    return paths.user_instruments_folder() / subject / f"{language.replace('-', '_')}.po"


def known(subject: Subject, language: str) -> Known:
    """Read what is translated into a language."""
    wanted = {(passage.scope, passage.source) for passage in subject.passages}
    scopes = {passage.scope for passage in subject.passages if passage.scope}
    forms: dict[tuple[str, str], Forms] = {}
    earlier: dict[str, tuple[str, str]] = {}
    notes: dict[tuple[str, str], tuple[str, ...]] = {}
    # What counts first is read last, and goes over the rest.
    for catalogue in reversed(list(_catalogues(subject.id, language))):
        for message in catalogue:
            place = (message.context or "", _first(message))
            said = _said(message)
            if not message.id or not any(said):
                continue
            if place in wanted and not message.fuzzy and (subject.id != PROGRAM or is_faithful(message)):
                forms[place] = said
                notes[place] = tuple(message.user_comments)
            elif place[0] in scopes:
                earlier[place[0]] = (place[1], said[0])
    translated = {scope for scope, _source in forms}
    return Known(language, forms, {scope: was for scope, was in earlier.items() if scope not in translated}, notes)


def _first(message: "Message") -> str:
    return str(message.id[0] if isinstance(message.id, tuple | list) else message.id)


def _said(message: "Message") -> Forms:
    said = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return tuple(str(form or "") for form in said)


def _catalogues(subject: str, language: str) -> Iterator["Catalog"]:
    """Go through the catalogues of a language, the one that counts first at the beginning."""
    found: Iterable[Catalog | None]
    if subject == PROGRAM:
        own = catalogues.own_file(language)
        found = (catalogues.read(own) if own.is_file() else None, compiled(shipped_file(language)))
    else:
        found = (catalogues.read(file) for file in catalogues.wording_files(subject, language))
    return (one for one in found if one is not None)
