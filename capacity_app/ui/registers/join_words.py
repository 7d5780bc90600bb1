"""What joining two entries would do, in sentences, before it is done."""

from collections.abc import Iterator

from capacity_app.domain.joining import Joining
from capacity_app.services.joining import counted_uses
from capacity_app.ui.registers.entry_words import Vocabulary


def _fields(words: Vocabulary, register: str, names: tuple[str, ...]) -> str:
    return words.texts.listed(words.wording.label(register, name) for name in names)


def preview(words: Vocabulary, joining: Joining) -> Iterator[str]:
    """Say what follows the kept entry, what its card takes over, and what goes into its note."""
    say, register = words.texts.gettext, joining.register
    kept = words.title_of(register, joining.kept.id)
    gone = words.title_of(register, joining.gone.id)
    if joining.uses:
        pattern = say("What leads to “{gone}” will lead to “{kept}”: {counts}.")
        yield pattern.format(gone=gone, kept=kept, counts=counted_uses(words.texts, joining))
    else:
        yield say("Nothing refers to “{gone}”.").format(gone=gone)
    if joining.taken:
        fields = _fields(words, register, joining.taken)
        yield say("“{kept}” takes over: {fields}.").format(kept=kept, fields=fields)
    if joining.differing:
        fields = _fields(words, register, joining.differing)
        yield say("What “{gone}” says otherwise goes into the note: {fields}.").format(gone=gone, fields=fields)


def clash_heading(words: Vocabulary, joining: Joining) -> str:
    """Return how much both answered differently, and what becomes of it."""
    count = len(joining.clashes)
    return words.texts.ngettext(
        "{count} place was answered differently by both. One answer stays; the other is kept in its note and in the "
        "history.",
        "{count} places were answered differently by both. One answer stays; the other is kept in its note and in the "
        "history.",
        count,
    ).format(count=words.texts.number(count))
