"""The catalogues: gathered from the program and the instruments, merged with what is translated already, compiled."""

import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from capacity_app import __version__, paths
from capacity_app.domain.questionnaire.instrument import wording_places
from capacity_app.i18n.catalogues import GETTEXT_DOMAIN
from capacity_app.i18n.languages import language_of
from capacity_app.questionnaires.reader import offered_supplements, read_instrument

ROOT = Path(__file__).parents[2]
FOLDER = paths.resources_folder() / "translations"
_SOURCES = (("capacity_app", "**.py", "python"), ("resources/templates", "**.j2", "jinja2"))
_KEYWORDS = {**DEFAULT_KEYWORDS, "say": None, "counted": (1, 2)}
"""Every sentence is said by one of these names; ``say`` is a short one for ``Texts.gettext``."""
_VERSION = re.compile(r"-\d+(\.\d+)*$")
"""How the folder of an older version ends."""
_TRANSLATOR = "machine-assisted, unreviewed"
_WIDTH = 120


def program_template() -> Catalog:
    """Gather every sentence of the program: window, command line, reports, workbooks, problems."""
    template = Catalog(project=GETTEXT_DOMAIN, version=__version__, fuzzy=False)
    for folder, pattern, method in _SOURCES:
        found = extract_from_dir(ROOT / folder, [(pattern, method)], keywords=_KEYWORDS, comment_tags=("Translators:",))
        for file, _line, message, comments, context in found:
            if not any(map(str.isalpha, "".join(message))):
                continue  # spaces that somebody says before a list
            template.add(message, locations=[(f"{folder}/{file}", 0)], auto_comments=comments, context=context)
    return template


def instrument_folders() -> tuple[Path, ...]:
    """Return the instruments that come with the program, in their newest version."""
    folders = (file.parent for file in paths.instruments_folder().glob("*/instrument.toml"))
    return tuple(sorted(folder for folder in folders if not _VERSION.search(folder.name)))


def instrument_template(folder: Path) -> Catalog:
    """Gather the wording of an instrument, its supplements and older versions, each text by its permanent key."""
    newest, template = None, Catalog(fuzzy=False)
    for version in (folder, *sorted(folder.parent.glob(f"{folder.name}-[0-9]*"))):
        instrument, problems = read_instrument(version, [one.file for one in offered_supplements(version)])
        assert instrument is not None, problems
        newest = newest or instrument
        for key, text in wording_places(instrument):
            template.add(text, context=f"{instrument.id}|{key}")
    assert newest is not None
    template.project, template.version = newest.id, newest.version
    return template


def program_file(language: str) -> Path:
    """Return where the program's catalogue in a language lies."""
    return FOLDER / language / "LC_MESSAGES" / f"{GETTEXT_DOMAIN}.po"


def kept(file: Path, language: str) -> Catalog:
    """Read a catalogue, an empty one if there is none yet."""
    if not file.exists():
        made = Catalog(language, fuzzy=False, last_translator=_TRANSLATOR)
        if rule := language_of(language).plural_forms:
            made.mime_headers = [("Plural-Forms", rule)]
        made.header_comment = f"# {language}. Machine-assisted, unreviewed: no person has signed it off yet."
        return made
    with file.open("rb") as stream:
        return read_po(stream, locale=language, abort_invalid=True)


def merge(file: Path, language: str, template: Catalog) -> Catalog:
    """Bring a catalogue in step with its template and write it; a text that has changed is to be translated anew.

    A guess from something similar helps nobody who reads it, so there are none; what is no longer said is dropped.
    """
    catalogue = kept(file, language)
    # A copy: a new text would be one and the same object in the catalogues of all languages.
    catalogue.update(deepcopy(template), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.project, catalogue.version = template.project, template.version
    catalogue.obsolete.clear()
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as stream:
        write_po(stream, catalogue, width=_WIDTH, include_lineno=False)
    return catalogue


def compile_to(file: Path, catalogue: Catalog) -> None:
    """Write what gettext reads."""
    with file.with_suffix(".mo").open("wb") as stream:
        write_mo(stream, catalogue)


def missing(catalogue: Catalog) -> Iterator[Message]:
    """List what has no translation."""
    return (message for message in catalogue if message.id and not all(forms(message)))


def forms(message: Message) -> tuple[str, ...]:
    """Return what a message is translated to: one text, or one for each number."""
    return message.string if isinstance(message.string, tuple) else (str(message.string or ""),)
