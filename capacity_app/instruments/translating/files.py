"""The person's own file of a translation: what was taken over goes over what is there, and nothing else is lost."""

import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from capacity_app import catalogues
from capacity_app.catalogues import REVIEWED_BY, REVIEWED_ON, REVIEWED_VERSION, UNREVIEWED, Review
from capacity_app.domain.problems import N_, KnownError, printable
from capacity_app.instruments.translating.known import Forms, Known
from capacity_app.instruments.translating.passages import Passage, Subject
from capacity_app.instruments.translating.plurals import known_locale

if TYPE_CHECKING:
    from babel.messages import Catalog

_LONGEST_NAME, _LONGEST_NOTE = 100, 500
_UNREADABLE = N_(
    "Your own translation {file} cannot be read, so nothing was written over it. Mend it, or move it elsewhere, and "
    "read the sheet again."
)
_UNKNOWN = N_("There is no language “{language}”. Use a code such as ka, pt-BR or zh-Hant.")


@dataclass(frozen=True, slots=True)
class Entered:
    """A translation that was taken over, and what its translator noted."""

    passage: Passage
    forms: Forms
    note: str = ""


def plain_name(text: str) -> str:
    """Give a name as it may stand in the header of a catalogue."""
    kept = " ".join(printable(text).replace('"', "”").replace("\\", "/").split())[:_LONGEST_NAME].strip()
    return kept.replace(UNREVIEWED, "").strip(" ,") if UNREVIEWED in kept.casefold() else kept


def expect_language(language: str) -> str:
    """Give a language's code as files are named by it; raises KnownError if nobody knows the language."""
    locale = known_locale(language.replace("_", "-")) if catalogues.is_language(language) else None
    if locale is None:
        raise KnownError(_UNKNOWN, language=printable(language))
    return str(locale).replace("_", "-")


def merged(file: Path, subject: Subject, known: Known, entered: Iterable[Entered], by: str, on: str) -> bytes:
    """Give the person's own file with translations taken over; unsigned. Raises KnownError if it cannot be read."""
    catalogue = _own(file, subject, known.language)
    _enter(catalogue, entered, by, on)
    catalogue.last_translator = f"{by}, {UNREVIEWED}" if by else UNREVIEWED
    return _written(catalogue, catalogues.review_of(file) if file.is_file() else Review())


def signed_off(file: Path, subject: Subject, known: Known, entered: Iterable[Entered], by: str, on: str) -> bytes:
    """Give the same, signed off: with everything that is said in the language, for all of it has been looked at."""
    catalogue = _own(file, subject, known.language)
    there = {(message.context or "", _first(message.id)) for message in catalogue if message.id and message.string}
    for passage in subject.passages:
        if (passage.scope, passage.source) not in there and known.of(passage):
            _add(catalogue, passage, known.of(passage), known.notes.get((passage.scope, passage.source), ()))
    _enter(catalogue, entered, by, on)
    catalogue.last_translator = by
    return _written(catalogue, Review(by, on, subject.version))


def _first(source: object) -> str:
    return str(source[0] if isinstance(source, tuple | list) else source)


def _own(file: Path, subject: Subject, language: str) -> "Catalog":
    from babel.messages import Catalog  # noqa: PLC0415 - only who takes a translation over needs it

    locale = known_locale(language)
    if file.is_file():
        found = catalogues.read(file)
        if found is None:
            raise KnownError(_UNREADABLE, file=str(file))
    else:
        found = Catalog()
    # The language and its forms are those of the sheet, whatever an old header says.
    made = Catalog(
        locale=locale,
        project=subject.id,
        version=subject.version,
        header_comment=f"# {subject.id}: {language}",
        fuzzy=False,
        charset="utf-8",
    )
    for message in found:
        if message.id:
            made[message.id] = message
    made.obsolete = found.obsolete
    return made


def _enter(catalogue: "Catalog", entered: Iterable[Entered], by: str, on: str) -> None:
    signature = ", ".join(part for part in (by, on) if part)
    for one in entered:
        noted = " ".join(printable(one.note).split())[:_LONGEST_NOTE]
        comment = f"{signature}: {noted}" if noted else signature
        _add(catalogue, one.passage, one.forms, (comment,) if comment else ())


def _add(catalogue: "Catalog", passage: Passage, forms: Forms, comments: Iterable[str]) -> None:
    source = (passage.source, passage.plural) if passage.plural else passage.source
    # What was there before goes, or else the catalogue would join the two.
    catalogue.delete(source, passage.scope or None)
    catalogue.add(
        source,
        forms if passage.plural else forms[0],
        context=passage.scope or None,
        user_comments=list(comments),
    )


def _written(catalogue: "Catalog", review: Review) -> bytes:
    from babel.messages.pofile import write_po  # noqa: PLC0415 - as above

    catalogue.revision_date = dt.datetime.now(dt.UTC)
    out = io.BytesIO()
    # No line is broken: a header is read line by line.
    write_po(out, catalogue, width=0, include_lineno=False)
    head, gap, rest = out.getvalue().decode("utf-8").partition("\n\n")
    fields = ((REVIEWED_BY, review.by), (REVIEWED_ON, review.on), (REVIEWED_VERSION, review.version))
    lines = "".join(f'\n"{name}: {value}\\n"' for name, value in fields if value and review.version)
    return f"{head}{lines}{gap}{rest}".encode()
