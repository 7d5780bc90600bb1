"""A gap together with the actions that close it, and what is said about it in a list."""

from collections.abc import Iterable
from dataclasses import dataclass

from capacity_app.domain.assessment import Action, Progress
from capacity_app.domain.gaps import CLASS_WORDS, PRIORITY_WORDS, Gap, Priority, SeverityClass, severity_class
from capacity_app.domain.problems import N_
from capacity_app.texts import Texts
from capacity_app.ui.registers.entry_words import Vocabulary

QUADRANT_WORDS = {
    Priority.QUICK_WIN: N_("serious and easy to close"),
    Priority.MAJOR_PROJECT: N_("serious and hard to close"),
    Priority.FILL_IN: N_("less serious and easy to close"),
    Priority.LATER: N_("less serious and hard to close"),
}
"""What makes a gap stand in a quadrant."""


@dataclass(frozen=True, slots=True)
class GapLine:
    """A gap with the actions that close it, as (id, title)."""

    gap: Gap
    actions: tuple[tuple[str, str], ...]

    @property
    def address(self) -> str:
        return str(self.gap.address)

    @property
    def titles(self) -> tuple[str, ...]:
        return tuple(title for _, title in self.actions)


def gap_lines(gaps: Iterable[Gap], actions: Iterable[Action], words: Vocabulary) -> tuple[GapLine, ...]:
    """Put gaps together with the actions that close them; dropped actions close nothing."""
    closing: dict[str, list[tuple[str, str]]] = {}
    for action in actions:
        if action.progress is not Progress.DROPPED:
            for address in action.gaps:
                closing.setdefault(address, []).append((action.id, words.title("actions", action)))
    return tuple(GapLine(gap, tuple(closing.get(str(gap.address), ()))) for gap in gaps)


def planned_words(texts: Texts, line: GapLine) -> str:
    """Return how many actions close a gap."""
    count = len(line.actions)
    if not count:
        return texts.gettext("none yet")
    return texts.ngettext("{count} action", "{count} actions", count).format(count=texts.number(count))


def severity_words(texts: Texts, gap: Gap) -> str:
    """Word the arithmetic of a gap's severity: "3 steps to the target × importance 2 = 6: high"."""
    plain = severity_class(gap.steps, gap.importance)
    pattern = texts.ngettext(
        "{steps} step to the target × importance {importance} = {severity}: {word}.",
        "{steps} steps to the target × importance {importance} = {severity}: {word}.",
        gap.steps,
    )
    said = pattern.format(
        steps=texts.number(gap.steps),
        importance=texts.number(gap.importance),
        severity=texts.number(gap.severity),
        word=texts.gettext(CLASS_WORDS[plain]),
    )
    if not gap.is_prerequisite:
        return said
    more = texts.gettext("A prerequisite, on which other items build, is one class higher: {word}.")
    highest = texts.gettext("A prerequisite, on which other items build; no class is higher than {word}.")
    pattern = highest if plain is SeverityClass.CRITICAL else more
    return f"{said} {pattern.format(word=texts.gettext(CLASS_WORDS[gap.severity_class]))}"


def priority_words(texts: Texts, gap: Gap) -> str:
    """Word why a gap has its priority: "Quick win: serious and easy to close"."""
    word = texts.gettext(PRIORITY_WORDS[gap.priority])
    return f"{word[:1].upper()}{word[1:]}: {texts.gettext(QUADRANT_WORDS[gap.priority])}."
