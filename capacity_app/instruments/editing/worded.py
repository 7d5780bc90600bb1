"""How far an instrument is worded in other languages: what is missing, what says an earlier text, who stands for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from capacity_app import catalogues
from capacity_app.catalogues import Standing
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.problems import N_
from capacity_app.domain.wordings import wording_places
from capacity_app.instruments.editing.kinds import RemarkKind, Remarks
from capacity_app.instruments.editing.spots import place_in_words, place_of_key

_FIRST = 3
"""Places named of those that are not translated."""


@dataclass(frozen=True, slots=True)
class Worded:
    """A translation: keys without wording, keys whose original has changed since, and who stands for it."""

    missing: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    standing: Standing = Standing.REVIEWED
    is_readable: bool = True


def wording_files(folder: Path, instrument: str) -> Mapping[str, tuple[Path, ...]]:
    """Give the files that word an instrument, by language (BCP 47): those in its folder, then those of this person."""
    found = {file.stem.replace("_", "-"): [file] for file in sorted(folder.glob("*.po"))}
    for language in catalogues.wording_languages(instrument):
        known = found.setdefault(language, [])
        for file in catalogues.wording_files(instrument, language):
            # Another version of the same name does not word this one.
            if not any(_is_same(file, other) for other in known):
                known.append(file)
    return {language: tuple(files) for language, files in found.items()}


def _is_same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()


def worded(instrument: Instrument, folder: Path) -> dict[str, Worded]:
    """Read how far an instrument is worded in each language that was begun, by language (BCP 47)."""
    places = tuple(wording_places(instrument))
    files = wording_files(folder, instrument.id)
    return {language: _worded(instrument, places, files[language]) for language in sorted(files)}


def _worded(instrument: Instrument, places: Iterable[tuple[str, str]], files: Iterable[Path]) -> Worded:
    entries = [entry for file in files for entry in catalogues.worded(file)]
    known, contexts = set(entries), {context for context, _text in entries}
    lacking = [(f"{instrument.id}|{key}", key) for key, text in places if (f"{instrument.id}|{key}", text) not in known]
    standings = {catalogues.review_of(file).standing(instrument.version) for file in files}
    return Worded(
        missing=tuple(key for context, key in lacking if context not in contexts),
        stale=tuple(key for context, key in lacking if context in contexts),
        standing=next((one for one in Standing if one in standings), Standing.REVIEWED),
        is_readable=any(catalogues.read(file) is not None for file in files) if not entries else True,
    )


def note_translations(instrument: Instrument, known: Mapping[str, Worded], remarks: Remarks) -> None:
    """Note translations that have gaps, that follow an earlier wording, or that nobody stands for."""
    for language, state in known.items():
        place = f"{language.replace('-', '_')}.po"
        if not state.is_readable:
            message = N_("The translation cannot be read, or translates nothing.")
            remarks.note(RemarkKind.TRANSLATION, "unreadable", place, message,
                         N_("Make the file anew, or remove it."))  # fmt: skip
            continue
        if state.missing:
            message = N_(
                "{count} texts are not translated; respondents will read them in the original. First: {first}."
            )
            advice = N_("Make the translation sheet, fill in the empty cells and read it back.")
            remarks.note(RemarkKind.TRANSLATION, "missing", place, message, advice,
                         count=len(state.missing), first=_first(instrument, state.missing))  # fmt: skip
        if state.stale:
            message = N_(
                "{count} texts were changed after they were translated, so the original is shown. First: {first}."
            )
            advice = N_("Make the translation sheet, correct these lines and read it back.")
            remarks.note(RemarkKind.TRANSLATION, "stale", place, message, advice,
                         count=len(state.stale), first=_first(instrument, state.stale))  # fmt: skip
        if state.standing is Standing.UNREVIEWED:
            message = N_("No person has signed this translation off; reports say so on their first page.")
            advice = N_("Have somebody who speaks the language read it and sign it off.")
            remarks.note(RemarkKind.TRANSLATION, "unreviewed", place, message, advice)
        elif state.standing is Standing.EARLIER:
            message = N_("This translation was signed off for an earlier version.")
            advice = N_("Have what has changed read again and signed off.")
            remarks.note(RemarkKind.TRANSLATION, "earlier", place, message, advice)


def _first(instrument: Instrument, keys: tuple[str, ...]) -> str:
    places = dict.fromkeys(place_in_words(instrument, place_of_key(instrument, key)) for key in keys)
    return "; ".join([*places][:_FIRST])
