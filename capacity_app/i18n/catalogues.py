"""Translations as files: those that come with the program, and those somebody brought here; who stands for them.

The program's sentences are read by gettext from compiled catalogues, an instrument's wording from a ``.po`` file per
language beside it. Files of the person's own folder may come from anybody: nothing in them can make a sentence fail.
"""

import errno
import gettext
import io
import logging
import os
import re
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from capacity_app import paths
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.i18n.languages import translated_languages

if TYPE_CHECKING:
    from babel.messages import Catalog, Message

    from capacity_app.domain.questionnaire.instrument import Instrument


GETTEXT_DOMAIN = "capacity-app"
PROGRAM = "interface"
"""The program's own sentences, where an instrument could be named by its id."""
ENGLISH = "en"
UNREVIEWED = "unreviewed"
"""The word in a catalogue's header, as its translator, while no person has signed it off."""
REVIEWED_BY, REVIEWED_ON, REVIEWED_VERSION = "X-Reviewed-By", "X-Reviewed-On", "X-Reviewed-Version"

_LANGUAGE = r"[A-Za-z]{1,8}(?:[-_][A-Za-z0-9]{1,8})*"
_INSTRUMENT = r"[\w-]+(?:\.[\w-]+)*"
"""Names that are no paths: both come from files that others write, and name files to be read."""
_MOST_BYTES = 20_000_000
_HEADER = 4_000
"""Bytes in which a catalogue's header stands."""
_FIELD = r"\{[^{}]*\}|[{}]"
"""A place to be filled in; a brace alone would make a sentence fail, so it counts as one."""


def is_language(tag: str) -> bool:
    """Return whether a text can name a language (BCP 47)."""
    return re.fullmatch(_LANGUAGE, tag) is not None


def placeholders(text: str) -> tuple[str, ...]:
    """Return the places that are filled in when a sentence is said: a translation has the same ones."""
    return tuple(sorted(re.findall(_FIELD, text)))


# -- the program ---------------------------------------------------------------------------------------------------


def _shipped_file(language: str) -> Path:
    return (
        paths.resources_folder() / "translations" / language.replace("-", "_") / "LC_MESSAGES" / f"{GETTEXT_DOMAIN}.mo"
    )


def own_program_file(language: str) -> Path:
    """Return where the person's own translation of the program into a language lies."""
    return paths.user_translations_folder() / f"{language.replace('-', '_')}.po"


def program_translations(language: str) -> gettext.NullTranslations:
    """Return the program's sentences in a language: the person's own first, then those that came with the program."""
    if not is_language(language):
        return gettext.NullTranslations()
    shipped = _shipped_translations(_shipped_file(language))
    own = _own_translations(own_program_file(language))
    if own is None:
        return shipped
    own.add_fallback(shipped)
    return own


@lru_cache(maxsize=16)
def _shipped_translations(file: Path) -> gettext.NullTranslations:
    try:
        with file.open("rb") as stream:
            return gettext.GNUTranslations(stream)
    except OSError:
        return gettext.NullTranslations()


def _own_translations(file: Path) -> gettext.GNUTranslations | None:
    catalogue = read_catalogue(file) if os.path.isfile(file) else None  # noqa: PTH113 - a Path raises where a home may not be looked into
    if catalogue is None:
        return None
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - only who has a translation of their own needs it

    for message in [one for one in catalogue if one.id and not has_same_placeholders(one)]:
        catalogue.delete(message.id, message.context)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def has_same_placeholders(message: "Message") -> bool:
    """Return whether a translation has the places of its original, so that saying it cannot fail."""
    originals = message.id if isinstance(message.id, tuple) else (message.id,)
    wanted = {placeholders(str(text)) for text in originals}
    said = message.string if isinstance(message.string, tuple) else (message.string,)
    # A form for exactly one may leave out the count; no form may name what is not there.
    known = set().union(*wanted)
    if len(originals) > 1:
        return all(set(placeholders(str(form))) <= known for form in said)
    return all(not form or placeholders(str(form)) in wanted for form in said)


@dataclass(frozen=True)
class Term:
    """A term of the program or of migration statistics; ``translation`` is the English where a language has none."""

    english: str
    definition: str
    translation: str


def glossary(language: str) -> tuple[Term, ...]:
    """Return the terms to which texts in a language keep."""
    import csv  # noqa: PLC0415 - only for those who translate

    with (paths.resources_folder() / "translations" / "terms.tsv").open(encoding="utf-8", newline="") as file:
        rows = tuple(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return tuple(Term(row["term"], row["definition"], row.get(language) or row["term"]) for row in rows)


def program_languages() -> tuple[str, ...]:
    """Return the languages the program speaks, English first."""
    found = {tag for tag in translated_languages() if _shipped_file(tag).is_file()}
    found |= {file.stem.replace("_", "-") for file in paths.user_translations_folder().glob("*.po")}
    return (ENGLISH, *sorted(found - {ENGLISH}))


# -- instruments ---------------------------------------------------------------------------------------------------


def _wording_folders(instrument: str) -> tuple[Path, ...]:
    if not re.fullmatch(_INSTRUMENT, instrument):
        return ()
    return (paths.instruments_folder() / instrument, paths.user_instruments_folder() / instrument)


def wording_files(instrument: str, language: str) -> tuple[Path, ...]:
    """Return the files that word an instrument in a language; the person's own counts before that of the program."""
    if not is_language(language):
        return ()
    name = f"{language.replace('-', '_')}.po"
    folders = reversed(_wording_folders(instrument))
    return tuple(file for folder in folders if os.path.isfile(file := folder / name))  # noqa: PTH113 - as above


def wording_languages(instrument: str) -> tuple[str, ...]:
    """Return the languages an instrument is worded in besides its own (BCP 47): one ``.po`` file each beside it."""
    found = (file.stem.replace("_", "-") for folder in _wording_folders(instrument) for file in folder.glob("*.po"))
    return tuple(sorted(set(found)))


def question_languages(instrument: "Instrument") -> tuple[str, ...]:
    """Return the languages the questions are worded in, the instrument's own first: each can be a second language."""
    return tuple(dict.fromkeys((instrument.language, *wording_languages(instrument.id))))


def report_languages(instrument: "Instrument") -> tuple[str, ...]:
    """Return the languages a report can be in: those of the program and those the questions are worded in."""
    return tuple(dict.fromkeys((*program_languages(), *question_languages(instrument))))


@lru_cache(maxsize=16)
def read_wording(file: Path) -> dict[tuple[str, str], str]:
    """Read an instrument's wording in one language: translations by context and original; none if unreadable."""
    catalogue = read_catalogue(file)
    return {
        (entry.context, str(entry.id)): str(entry.string)
        for entry in catalogue or ()
        if entry.context and entry.string and not entry.fuzzy
    }


# -- files ---------------------------------------------------------------------------------------------------------


def read_catalogue(file: Path) -> "Catalog | None":
    """Read a catalogue, None if it cannot be read or is not there yet."""
    if not file.exists():
        return None
    from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415 - a window in one language needs it not

    try:
        with _open_catalogue(file) as stream:
            return read_po(stream, abort_invalid=True)
    except FileNotFoundError:
        return None
    except (OSError, PoFileError, ValueError, LookupError) as error:
        logging.getLogger(__name__).warning("the translation %s cannot be read: %s", file, error)
        return None


def _open_catalogue(file: Path) -> BinaryIO:
    """Open a catalogue; raises OSError for what is no file, which might never end, and for one that is too large."""
    if file.exists() and (not file.is_file() or file.stat().st_size > _MOST_BYTES):
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return file.open("rb")


# -- who stands for it ---------------------------------------------------------------------------------------------


class ReviewStatus(StrEnum):
    """Who stands for a translation: nobody yet, a person for an earlier version of what it translates, or a person."""

    UNREVIEWED = "unreviewed"
    EARLIER = "earlier"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class TranslationReview:
    """Who has signed a translation off, when (ISO date), and of which version of what it translates; empty for nobody.

    Only this program writes it, when a person signs off by name. A translator named by another program is no reviewer.
    """

    by: str = ""
    on: str = ""
    version: str = ""

    @property
    def is_open(self) -> bool:
        return not self.by

    def standing(self, version: str) -> ReviewStatus:
        """Say who stands for a translation of a version."""
        if self.is_open:
            return ReviewStatus.UNREVIEWED
        return ReviewStatus.EARLIER if self.version not in {"", version} else ReviewStatus.REVIEWED


def read_review(file: Path) -> TranslationReview:
    """Read from a catalogue's header who has signed it off."""
    try:
        with _open_catalogue(file) as stream:
            head = stream.read(_HEADER).decode("utf-8", "replace")
    except OSError:
        return TranslationReview()
    by, on, version = (_header_field(head, name) for name in (REVIEWED_BY, REVIEWED_ON, REVIEWED_VERSION))
    is_taken_back = UNREVIEWED in _header_field(head, "Last-Translator").casefold()
    return TranslationReview() if is_taken_back else TranslationReview(by, on, version)


def program_review(language: str) -> TranslationReview:
    """Read who has signed off the program's sentences in a language: the person's own translation, else ours."""
    own = own_program_file(language)
    return read_review(own if own.is_file() else _shipped_file(language).with_suffix(".po"))


def _header_field(head: str, name: str) -> str:
    found = re.search(rf'^"{name}: (.*?)(?:\\n)?"$', head, re.MULTILINE)
    return found[1].strip() if found else ""


def clear_cache() -> None:
    """Read everything anew: a translation was brought here."""
    read_wording.cache_clear()
    _shipped_translations.cache_clear()
