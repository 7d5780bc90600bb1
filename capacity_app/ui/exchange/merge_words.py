"""What merging would do, counted file by file, and what is decided on, in sentences."""

from collections.abc import Iterable

from capacity_app.domain.deciding import Fate, Side
from capacity_app.domain.problems import N_
from capacity_app.domain.registers import REGISTER_INFO
from capacity_app.services.merging.merge import Counts, MergePlan, MergeSource, Twins
from capacity_app.texts import Texts
from capacity_app.ui.exchange.decision_board import Notes
from capacity_app.ui.exchange.decision_card import SideWords
from capacity_app.ui.exchange.difference_words import KINDS, DifferenceWords
from capacity_app.ui.look.lines import Line
from capacity_app.ui.registers.entry_words import Vocabulary

_REPLACED = {
    Fate.NEW.value: N_("Taken back here since"),
    Fate.CHANGED.value: N_("Replaced here since"),
    Fate.CLEARED.value: N_("Said here only since"),
}
"""What is not contested in a merge: a file says it still, and it gave way here."""


def side_words(texts: Texts) -> SideWords:
    """Return what the sides of a merge are called."""
    say = texts.gettext
    return SideWords(
        base=say("What both began with"),
        mine=say("Here"),
        theirs=say("In the other file"),
        accept=say("Take theirs"),
        keep=say("Keep mine"),
        accept_shown=say("Take theirs for all shown"),
        keep_shown=say("Keep mine for all shown"),
        accepted=say("Theirs stands"),
        kept=say("Mine stands"),
    )


def difference_words(words: Vocabulary) -> DifferenceWords:
    say = words.texts.gettext
    decided = {Side.THEIRS: say("theirs stands"), Side.MINE: say("mine stands")}
    return DifferenceWords(words, decided, by_field=True, kinds=KINDS | _REPLACED)


def _counted(texts: Texts, numbers: Iterable[tuple[int, str]], *, with_nothing: int = 0) -> str:
    """List counts, those that are 0 left out beyond the first ``with_nothing``."""
    said = (
        texts.gettext(pattern).format(count=texts.number(number))
        for place, (number, pattern) in enumerate(numbers)
        if number or place < with_nothing
    )
    return texts.listed(said)


def _changes(texts: Texts, total: int, here: int, new: int) -> str:
    pattern = texts.gettext("{all} changes in it = {here} already here + {new} new")
    return pattern.format(all=texts.number(total), here=texts.number(here), new=texts.number(new))


def _fates(texts: Texts, pattern: str, counts: Counts) -> str:
    numbers = (
        (counts.same, N_("{count} same")),
        (counts.added, N_("{count} new")),
        (counts.changed, N_("{count} changed")),
        (counts.conflicting, N_("{count} to decide")),
        (counts.replaced, N_("{count} replaced here since")),
    )
    return texts.gettext(pattern).format(counts=_counted(texts, numbers, with_nothing=2))


def totals_sentence(texts: Texts, plan: MergePlan) -> str:
    """Return what all files together would bring."""
    good = [source for source in plan.sources if source.problem is None]
    numbers = (
        (plan.new, N_("{count} new")),
        (sum(source.already_here for source in good), N_("{count} already here")),
        (len(plan.conflicts), N_("{count} to decide")),
        (len(plan.twins), N_("{count} perhaps entered twice")),
    )
    told = [texts.gettext("Changes: {counts}").format(counts=_counted(texts, numbers, with_nothing=2))]
    told += [_documents(texts, sum(source.documents for source in good)), _refused(texts, len(plan.refused))]
    return ". ".join(part for part in told if part)


def _documents(texts: Texts, count: int) -> str:
    said = texts.ngettext("{count} new document", "{count} new documents", count) if count else ""
    return said.format(count=texts.number(count))


def _refused(texts: Texts, count: int) -> str:
    said = texts.ngettext("{count} file cannot be merged", "{count} files cannot be merged", count) if count else ""
    return said.format(count=texts.number(count))


def source_line(texts: Texts, number: int, source: MergeSource) -> Line:
    """Return a file as a line of the list."""
    if source.problem is not None:
        return Line(f"source {number}", source.file, source.problem.text(texts.gettext), "!", "danger")
    who = texts.gettext("Worked in by {people}").format(people=texts.listed(source.people)) if source.people else ""
    told = [who, _changes(texts, source.revisions, source.already_here, source.new)]
    told += [_fates(texts, N_("Answers: {counts}"), source.answers)]
    told += [_fates(texts, N_("Registers: {counts}"), source.entries), _documents(texts, source.documents)]
    told += [notice.text(texts.gettext) for notice in source.notices]
    return Line(f"source {number}", source.file, "\n".join(part for part in told if part), "✓", "good")


def twin_line(words: Vocabulary, number: int, twins: Twins) -> Line:
    """Return two entries that look like one as a line of the list."""
    names = (words.title(twins.register, twins.here), words.title(twins.register, twins.there))
    detail = words.texts.gettext(REGISTER_INFO[twins.register].title)
    return Line(f"twins {number}", "  =  ".join(names), detail, "=")


def notes(words: Vocabulary, plan: MergePlan) -> tuple[Notes, ...]:
    """Return the lists beside the conflicts: the files, and what was perhaps entered twice."""
    say = words.texts.gettext
    return (
        Notes(
            "sources",
            say("Files"),
            say("Every change of every file is accounted for: already here, or new. Files may overlap or be copies."),
            tuple(source_line(words.texts, number, one) for number, one in enumerate(plan.sources)),
        ),
        Notes(
            "twins",
            say("Perhaps entered twice"),
            say("Both are kept. After merging you can join them, one by one, in the registers."),
            tuple(twin_line(words, number, one) for number, one in enumerate(plan.twins)),
        ),
    )
