"""The command that finds words in questions, answers, reasons and notes: find."""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from capacity_app.cli.options import as_json_option, command, file_argument, option
from capacity_app.cli.speaking import DONE, PROBLEMS, print_json, say
from capacity_app.cli.unlocking import open_assessment
from capacity_app.domain.answers import Address
from capacity_app.domain.problems import N_, printable
from capacity_app.domain.search import WHERE_WORDS, Passage, Snippet, Where, snippet, wanted_words
from capacity_app.services.searching import find_passages
from capacity_app.texts import Texts
from capacity_app.wording import Wording


def _marked(found: Snippet) -> str:
    """Write the matches so that they stand out in a terminal; a file gets plain text."""
    pieces: list[str] = []
    at, text = 0, printable(found.text)
    for start, end in found.spans:
        pieces += [text[at:start], click.style(text[start:end], bold=True, underline=True)]
        at = end
    return "".join([*pieces, text[at:]])


def _said_by(passage: Passage, wording: Wording) -> str:
    where = wording.texts.gettext(WHERE_WORDS[passage.where])
    if passage.key is None:
        return where
    return f"{where} ({wording.respondent(passage.key.layer, passage.key.respondent)})"


def _data(passages: Iterable[Passage], words: tuple[str, ...], wording: Wording) -> list[dict[str, Any]]:
    found = []
    for passage in passages:
        cut = snippet(passage.text, words)
        entry: dict[str, Any] = {
            "address": str(passage.address),
            "place": wording.place(passage.address),
            "where": passage.where.value,
        }
        if passage.key is not None:
            entry |= {"layer": passage.key.layer.value, "respondent": passage.key.respondent}
        found.append({**entry, "text": cut.text, "matches": [list(span) for span in cut.spans]})
    return found


def _list(passages: Iterable[Passage], words: tuple[str, ...], wording: Wording) -> None:
    """Print what was found under the place where it stands."""
    questions = wording.dossier.instrument.question_by_id

    def place_of(passage: Passage) -> Address:
        return passage.address

    for address, found in groupby(passages, key=place_of):
        here = tuple(found)
        question = questions[address.question]
        is_itself = any(passage.where is Where.QUESTION for passage in here)
        say(wording.place(address) + ("" if is_itself else f"  {wording.question(question)}"))
        for passage in here:
            click.echo(f"  {printable(_said_by(passage, wording))}: {_marked(snippet(passage.text, words))}")


@command()
@file_argument()
@click.argument("words", nargs=-1, required=True)
@option("--language", default="", help=N_("Search the questions in this language too (fr, ar …)."))
@as_json_option
@click.pass_obj
def find(texts: Texts, file: Path, words: tuple[str, ...], language: str, as_json: bool) -> int:  # noqa: FBT001 - click passes options by name
    with open_assessment(file) as session:
        dossier = session.dossier()
    wording = Wording(texts, dossier)
    others = (Wording(Texts(language), dossier),) if language else ()
    folded = wanted_words(" ".join(words))
    passages = tuple(find_passages(wording, " ".join(words), others))
    if as_json:
        print_json(_data(passages, folded, wording))
    elif passages:
        _list(passages, folded, wording)
    else:
        say(
            texts.gettext("Nothing contains all of these words. Try fewer letters; capitals and accents do not matter.")
        )
    return DONE if passages else PROBLEMS
