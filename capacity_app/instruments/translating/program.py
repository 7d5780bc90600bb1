"""The program's own sentences as a translator meets them: which screen says them, and what their {places} hold."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from capacity_app import __version__, catalogues, paths
from capacity_app.catalogues import DOMAIN, ENGLISH, PROGRAM, placeholders
from capacity_app.domain.problems import N_, KnownError, Translate
from capacity_app.instruments.translating.passages import Passage, Subject

if TYPE_CHECKING:
    from babel.messages import Catalog

_SHORT = 32
"""Letters of a label that stands on a button or above a column."""
_KEY_LENGTH = 20
ACCESS_KEY = re.compile(r"&(?=[^\W_])")
"""The sign before the letter that is pressed together with Alt."""
_NONE = N_("The program’s own sentences cannot be listed: no translation of them came with the program.")

_PLACES: tuple[tuple[str, str], ...] = (
    ("capacity_app/ui/questionnaire", N_("Window: questionnaire")),
    ("capacity_app/ui/registers", N_("Window: mission, sources and other lists")),
    ("capacity_app/ui/exchange", N_("Window: files that come back")),
    ("capacity_app/ui/report", N_("Window: checks and report")),
    ("capacity_app/ui/headquarters", N_("Window: headquarters")),
    ("capacity_app/ui/scores", N_("Window: scores")),
    ("capacity_app/ui/availability", N_("Window: data availability")),
    ("capacity_app/ui/plan", N_("Window: action plan")),
    ("capacity_app/ui/gaps", N_("Window: gaps")),
    ("capacity_app/ui/protection", N_("Window: passphrase")),
    ("capacity_app/ui/backups", N_("Window: backups")),
    ("capacity_app/ui/migrating", N_("Window: new version of the questionnaire")),
    ("capacity_app/ui/comparison", N_("Window: comparison of rounds")),
    ("capacity_app/ui/rescue", N_("Window: recovery of a damaged file")),
    ("capacity_app/ui/library", N_("Window: questionnaires and languages")),
    ("capacity_app/ui", N_("Window: menus, start page and dialogs")),
    ("capacity_app/workbook", N_("Excel workbook")),
    ("capacity_app/report/form", N_("Blank form on paper")),
    ("capacity_app/report/synthesis", N_("Synthesis of many countries")),
    ("capacity_app/report", N_("Report")),
    ("resources/templates", N_("Report")),
    ("capacity_app/cli", N_("Command line")),
    ("capacity_app/instruments", N_("Messages about questionnaires")),
    ("capacity_app", N_("Words and messages used everywhere")),
)
"""Where a sentence is said, by the folder of the file that says it; the first that fits."""

_FILLED: dict[str, str] = {
    **dict.fromkeys(("count", "number", "all", "most", "least", "minimum", "sections", "questions"), N_("a number")),
    **dict.fromkeys(("same", "new", "changed", "refused", "missing", "given", "unplaced", "cleared"), N_("a number")),
    **dict.fromkeys(("file", "log", "copy", "original"), N_("name of a file")),
    **dict.fromkeys(("folder", "folders"), N_("a folder")),
    **dict.fromkeys(("title", "instrument"), N_("name of a questionnaire")),
    **dict.fromkeys(("who", "author", "person", "people"), N_("name of a person")),
    **dict.fromkeys(("agency", "agencies"), N_("name of an agency")),
    **dict.fromkeys(("country", "countries"), N_("name of a country")),
    **dict.fromkeys(("date", "when", "since"), N_("a date")),
    **dict.fromkeys(("language", "languages"), N_("name of a language")),
    **dict.fromkeys(("share", "coverage"), N_("a percentage")),
    **dict.fromkeys(("score", "points", "lower", "upper"), N_("points")),
    **dict.fromkeys(("key", "shortcut"), N_("a key of the keyboard")),
    "name": N_("a name"),
    "round": N_("a round, such as 2018"),
    "version": N_("number of a version"),
    "reason": N_("a reason, in a sentence of the computer"),
    "place": N_("a place in the questionnaire"),
    "level": N_("a level, 0 to 3"),
    "text": N_("what somebody wrote"),
    "answer": N_("an answer"),
    "minutes": N_("a number of minutes"),
    "megabytes": N_("a number of megabytes"),
}
_OTHERWISE = N_("filled in by the program")


def program_subject(say: Translate) -> Subject:
    """Give the program's sentences to be translated, from a catalogue that came with it; raises KnownError."""
    catalogue = _any_catalogue()
    passages = tuple(_passages(catalogue, say))
    digest = hashlib.sha256("\n".join(sorted(passage.key for passage in passages)).encode()).hexdigest()
    return Subject(
        id=PROGRAM,
        version=__version__,
        language=ENGLISH,
        title="capacity-app",
        hash=digest,
        passages=passages,
    )


def shipped_file(language: str) -> Path:
    """Say where the compiled sentences of a language would be that came with the program."""
    folder = paths.resources_folder() / "translations" / language.replace("-", "_")
    return folder / "LC_MESSAGES" / f"{DOMAIN}.mo"


def compiled(file: Path) -> "Catalog | None":
    """Read compiled sentences, None if there are none."""
    from babel.messages.mofile import read_mo  # noqa: PLC0415 - only who translates needs it

    try:
        with file.open("rb") as stream:
            return read_mo(stream)
    except (OSError, ValueError):
        return None


def _any_catalogue() -> "Catalog":
    """Find the program's sentences: those with the names of files that say them tell more."""
    files = [shipped_file(language) for language in catalogues.program_languages()]
    for read, suffix in ((catalogues.read, ".po"), (compiled, ".mo")):
        for file in files:
            found = read(file.with_suffix(suffix)) if file.with_suffix(suffix).is_file() else None
            if found is not None and len(found):
                return found
    raise KnownError(_NONE)


def key_of(one: str, context: str = "") -> str:
    """Give the permanent key of a sentence: it is another one as soon as its English is."""
    return hashlib.sha256(f"{context}\x04{one}".encode()).hexdigest()[:_KEY_LENGTH]


def _passages(catalogue: "Catalog", say: Translate) -> Iterator[Passage]:
    for message in catalogue:
        if not message.id:
            continue
        one, many = (str(part) for part in message.id) if isinstance(message.id, tuple) else (str(message.id), "")
        files = [str(file) for file, _line in message.locations]
        part = _part(files, say)
        is_label = _is_label(one, files)
        yield Passage(
            key=key_of(one, message.context or ""),
            source=one,
            plural=many,
            scope=message.context or "",
            part=part,
            what=say(N_("label")) if is_label else say(N_("sentence")),
            context="\n".join(_context(one, many, files, say, is_label=is_label)),
            group=part,
            is_label=is_label,
        )


def _part(files: list[str], say: Translate) -> str:
    for folder, words in _PLACES:
        if any(file.startswith(f"{folder}/") for file in files):
            return say(words)
    return say(N_("The program"))


def _is_label(text: str, files: list[str]) -> bool:
    is_shown = any(file.startswith(("capacity_app/ui/", "capacity_app/workbook/")) for file in files)
    return len(text) <= _SHORT and is_shown and not text.rstrip().endswith((".", "?", "!", ":"))


def _context(one: str, many: str, files: list[str], say: Translate, *, is_label: bool) -> Iterator[str]:
    if is_label:
        yield say(N_("A label: keep it short."))
    others = dict.fromkeys(_part([file], say) for file in files)
    if len(others) > 1:
        yield say(N_("Said in: {places}")).format(places="; ".join(others))
    for place in dict.fromkeys((*placeholders(one), *placeholders(many))):
        name = place.strip("{}").partition(":")[0]
        if name:
            yield f"{place} – {say(_FILLED.get(name, _OTHERWISE))}"
    if ACCESS_KEY.search(one):
        yield say(N_("The sign & stands before the letter that is pressed together with Alt: keep one such sign."))
    if many:
        yield say(N_("It depends on a number: one row for each form of your language."))
