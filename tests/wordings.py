"""Translations of an instrument's wording, made for a test."""

from collections.abc import Mapping
from pathlib import Path

from capacity_app.domain.questionnaire.instrument import Instrument, wording_places


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def word(folder: Path, instrument: Instrument, language: str, worded: Mapping[str, str]) -> None:
    """Write the wording of some parts of an instrument ("i.law|text") in a language, where the program looks for it."""
    texts = dict(wording_places(instrument))
    entries = ['msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"']
    for key, said in worded.items():
        context = f"{instrument.id}|{key}"
        entries.append(f"msgctxt {_quoted(context)}\nmsgid {_quoted(texts[key])}\nmsgstr {_quoted(said)}")
    file = folder / instrument.id / f"{language}.po"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n\n".join(entries) + "\n", "utf-8")
