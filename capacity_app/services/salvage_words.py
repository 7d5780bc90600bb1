"""A salvage in words: what can be read of a damaged file, and what is lost; for the window and the command line."""

from collections.abc import Iterator

from capacity_app.services.salvage import FROM_BACKUP, FROM_FILE, Salvage
from capacity_app.services.wreck import ANSWERS, DOCUMENTS, EARLIER, ENTRIES
from capacity_app.texts import Texts

_MOST_PLACES = 12


def _counted(texts: Texts, one: str, many: str, count: int) -> str:
    return texts.ngettext(one, many, count).format(count=texts.number(count))


def kept_in_words(texts: Texts, found: Salvage) -> str:
    """Say what will be in the new file."""
    parts = (
        _counted(texts, "{count} answer", "{count} answers", found.answers),
        _counted(texts, "{count} change in the history", "{count} changes in the history", found.changes),
        _counted(texts, "{count} document", "{count} documents", found.documents),
    )
    return texts.gettext("Can be read: {what}.").format(what=texts.listed(parts))


def lost_in_words(texts: Texts, found: Salvage) -> tuple[str, ...]:
    """Say what is lost, in sentences."""
    return tuple(_lost(texts, found))


def _lost(texts: Texts, found: Salvage) -> Iterator[str]:
    say, lost = texts.gettext, found.lost
    if not found.lost and not found.said_again:
        yield say("Nothing is known to be lost.")
    if number := lost[ANSWERS]:
        yield _counted(texts, "{count} change of an answer is lost.", "{count} changes of answers are lost.", number)
    if number := lost[ENTRIES]:
        yield _counted(
            texts,
            "{count} change of a register entry is lost.",
            "{count} changes of register entries are lost.",
            number,
        )
    if number := lost[DOCUMENTS]:
        yield _counted(
            texts,
            "{count} document is lost: attach it again.",
            "{count} documents are lost: attach them again.",
            number,
        )
    if lost[EARLIER]:
        yield say("The earlier round is lost: choose its file again.")
    if number := found.said_again:
        yield _counted(
            texts,
            "Of {count} answer only the last state is left.",
            "Of {count} answers only the last state is left.",
            number,
        )
    if places := found.wreck.places:
        more = " …" if len(places) > _MOST_PLACES else ""
        yield say("Look at: {places}.").format(places=texts.listed(places[:_MOST_PLACES]) + more)
    if found.instrument_from != FROM_FILE:
        yield (
            say("The questionnaire was damaged, and is taken from a backup.")
            if found.instrument_from == FROM_BACKUP
            else say("The questionnaire was damaged, and is taken from this computer.")
        )
