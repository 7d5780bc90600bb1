"""The texts of a questionnaire in one language: of a workbook, and as a file of gettext beside the questionnaire."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from capacity_app import catalogues
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.problems import N_, Severity
from capacity_app.domain.wordings import wording_places
from capacity_app.instruments.writing import layout
from capacity_app.instruments.writing.lines import Line
from capacity_app.instruments.writing.places import Mistakes, Spot
from capacity_app.instruments.writing.reader import Draft, Translated
from capacity_app.services.books.places import section_of

_WIDTH = 116


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """An instrument's texts in one language, as a file beside it; ``stale`` are keys whose original has changed."""

    language: str
    entries: Mapping[str, tuple[str, str]]
    stale: frozenset[str] = frozenset()
    headers: Line = field(default_factory=dict)


def wordings_of(draft: Draft, own: Container[str], instrument: Instrument, mistakes: Mistakes) -> tuple[Wording, ...]:
    """Give the wording of each language; of a supplement only that of its own sections."""
    known = dict(wording_places(instrument))
    if draft.base:
        known = {key: text for key, text in known.items() if section_of(key) in own}
    return tuple(_wording(one, known, mistakes) for one in draft.languages)


def _wording(one: Translated, known: Mapping[str, str], mistakes: Mistakes) -> Wording:
    entries: dict[str, tuple[str, str]] = {}
    stale = set()
    for key, (original, said) in one.texts.items():
        spot = Spot(layout.TRANSLATIONS, one.rows[key], one.column)
        text = known.get(key)
        if text is None:
            if not layout.is_example(key):
                message = N_("There is no text “{name}”, so its translation was left out.")
                advice = N_("Keys name the id and the text: iv.policy|text. Make the workbook anew to see them all.")
                mistakes.note("writing.unknown-key", spot, message, advice, Severity.WARNING, name=key)
            continue
        entries[key] = (text, said)
        if original and original != text:
            stale.add(key)
            message = N_("The text has changed since it was translated, so its translation is set aside.")
            advice = N_("Translate it anew, and empty the cell in the column “source”.")
            mistakes.note("writing.stale", spot, message, advice, Severity.WARNING)
        elif catalogues.placeholders(text) != catalogues.placeholders(said):
            stale.add(key)
            message = N_("The translation has other places in braces than the text, so it is set aside.")
            mistakes.note("writing.placeholders", spot, message, N_("Write them as the text does."), Severity.WARNING)
    return Wording(language=one.language, entries=entries, stale=frozenset(stale), headers=one.headers)


def wording_text(name: str, version: str, wording: Wording) -> str:
    """Write a wording as a catalogue of gettext (.po)."""
    from babel.messages.pofile import normalize  # noqa: PLC0415 - only who writes one needs it

    headers = {
        "Project-Id-Version": f"{name} {version}",
        "Last-Translator": wording.headers.get("Last-Translator", catalogues.UNREVIEWED),
        "Language": wording.language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        **{key: text for key, text in wording.headers.items() if key in layout.HEADERS[1:]},
    }
    head = "".join(f"{key}: {' '.join(text.split())}\n" for key, text in headers.items())
    blocks = [f'msgid ""\nmsgstr {normalize(head, width=_WIDTH)}\n']
    for key, (text, said) in wording.entries.items():
        flag = "#, fuzzy\n" if key in wording.stale else ""
        blocks.append(
            f"{flag}msgctxt {normalize(f'{name}|{key}', width=_WIDTH)}\nmsgid {normalize(text, width=_WIDTH)}\n"
            f"msgstr {normalize(said, width=_WIDTH)}\n"
        )
    return "\n".join(blocks)


def worded_in(file: Path, name: str) -> dict[tuple[str, str], str]:
    """Give what a file says of a questionnaire, by the key of a text and the text itself."""
    start = f"{name}|"
    return {
        (context.removeprefix(start), text): said
        for (context, text), said in catalogues.worded(file).items()
        if context.startswith(start)
    }


def is_same(file: Path, name: str, wording: Wording) -> bool:
    """Tell whether a file words everything as the workbook does, so that whoever signed it off still stands for it."""
    said = {(f"{name}|{key}", text): said for key, (text, said) in wording.entries.items() if key not in wording.stale}
    return catalogues.worded(file) == said


def unsigned(wording: Wording) -> Wording:
    """Give a wording that differs from the one somebody signed off."""
    headers = {"Last-Translator": f"{wording.headers.get('Last-Translator', '')} ({catalogues.UNREVIEWED})".strip()}
    if catalogues.UNREVIEWED in wording.headers.get("Last-Translator", "").casefold():
        headers = {"Last-Translator": wording.headers["Last-Translator"]}
    return Wording(language=wording.language, entries=wording.entries, stale=wording.stale, headers=headers)


def with_kept(wording: Wording, file: Path, name: str) -> Wording:
    """Give a wording with what a file says of other texts."""
    kept = {key: (text, said) for (key, text), said in worded_in(file, name).items()}
    entries = {**kept, **wording.entries}
    return Wording(language=wording.language, entries=entries, stale=wording.stale, headers=wording.headers)
