"""Backups in words: why each was made, what it holds, how large it is; for the window and the command line alike."""

from fractions import Fraction

from capacity_app.domain.problems import N_
from capacity_app.domain.thinning import Reason
from capacity_app.services.backups import Contents
from capacity_app.texts import Texts

REASON_WORDS: dict[Reason, str] = {
    Reason.CLOSED: N_("when the file was closed"),
    Reason.MIGRATION: N_("before the file was brought up to date for a newer program"),
    Reason.MERGE: N_("before another file was merged into it"),
    Reason.INTAKE: N_("before a returned file was imported"),
    Reason.RESTORE: N_("before a backup was restored"),
    Reason.BY_HAND: N_("made by hand"),
}
_KILOBYTE, _MEGABYTE = 1_000, 1_000_000


def size_in_words(texts: Texts, size: int) -> str:
    """Write a size in kilobytes or megabytes."""
    if size < _MEGABYTE:
        return texts.gettext("{size} KB").format(size=texts.number(Fraction(size, _KILOBYTE)))
    return texts.gettext("{size} MB").format(size=texts.number(Fraction(size, _MEGABYTE), 1))


def contents_in_words(texts: Texts, contents: Contents) -> str:
    """Return what a backup holds and how that differs from now, or why it cannot be used."""
    if contents.problem is not None:
        return contents.problem.text(texts.gettext)
    count = texts.ngettext("{count} answer", "{count} answers", contents.answers).format(
        count=texts.number(contents.answers)
    )
    return f"{count}, {_difference(texts, contents.differing)}" if contents.differing is not None else count


def _difference(texts: Texts, differing: int) -> str:
    if not differing:
        return texts.gettext("the same as now")
    pattern = texts.ngettext("{count} is not as now", "{count} are not as now", differing)
    return pattern.format(count=texts.number(differing))


def last_change_in_words(texts: Texts, contents: Contents, when: str) -> str:
    """Say when, which the caller has written, and by whom the last change in a backup was made; empty if by nobody."""
    if not contents.last_change:
        return ""
    if contents.author:
        return texts.gettext("last change {when} by {author}").format(when=when, author=contents.author)
    return texts.gettext("last change {when}").format(when=when)
