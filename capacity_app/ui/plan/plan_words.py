"""The plan as its three views share it, and the words they say about an action."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from capacity_app.domain.assessment import Action, Progress
from capacity_app.domain.findings import Finding
from capacity_app.domain.gaps import CLASS_WORDS, Gap, SeverityClass
from capacity_app.domain.planning import Grouping, Planned, grouped, is_late
from capacity_app.domain.registers import PROGRESS_WORDS
from capacity_app.domain.training import TrainingNeeds
from capacity_app.ui.registers.entry_words import Vocabulary

LIST_MARK = "\n"
"""Stands in the key of an action that is shown once more in another group; no id contains it."""


@dataclass(frozen=True, slots=True)
class PlanState:
    """Everything the views show, as it is now; ``gaps`` by address as text, places to verify among them.

    ``loose`` is how many gaps have no action and are not serious enough for a finding of their own.
    """

    plan: tuple[Planned, ...]
    gaps: Mapping[str, Gap]
    findings: tuple[Finding, ...]
    loose: int
    needs: TrainingNeeds
    today: date

    def warnings(self, action: str) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.entry == action)


def when_words(words: Vocabulary, action: Action) -> str:
    texts = words.texts
    start, end = texts.date(action.start), texts.date(action.end)
    if start and end:
        return texts.gettext("{start} to {end}").format(start=start, end=end)
    if start:
        return texts.gettext("from {start}").format(start=start)
    return texts.gettext("until {end}").format(end=end) if end else texts.gettext("no dates yet")


def progress_words(words: Vocabulary, action: Action, today: date) -> str:
    """Return how far an action has come, and that it is late if it is."""
    said = words.texts.gettext(PROGRESS_WORDS[action.progress])
    late = words.texts.gettext("late")
    return f"{said}, {late}" if is_late(action, today) else said


def owner_words(words: Vocabulary, action: Action) -> str:
    return words.title_of("agencies", action.responsible) or words.texts.gettext("nobody responsible yet")


def severity_words(words: Vocabulary, one: Planned) -> str:
    """Return how serious the gaps are that an action closes."""
    if one.severity is SeverityClass.NONE:
        return words.texts.gettext("closes no gap")
    grade = words.texts.gettext(CLASS_WORDS[one.severity])
    return words.texts.gettext("severity {grade}").format(grade=grade)


def inherited_words(words: Vocabulary, one: Planned) -> str:
    """Say from which gap an action has its severity."""
    texts = words.texts
    source = next((gap for gap in one.gaps if not gap.is_open and gap.severity_class is one.severity), None)
    if source is not None:
        return texts.gettext("Severity {grade}, inherited from {gap}.").format(
            grade=texts.gettext(CLASS_WORDS[one.severity]), gap=source.number
        )
    if one.gaps:
        return texts.gettext("Its gaps are still to be verified: no severity yet.")
    return texts.gettext("No severity: it closes no present gap.")


def _facts(words: Vocabulary, one: Planned, today: date) -> list[str]:
    action = one.action
    return [when_words(words, action), progress_words(words, action, today), owner_words(words, action)]


def _after(words: Vocabulary, one: Planned) -> list[str]:
    if not one.waits_for:
        return []
    others = "; ".join(words.title_of("actions", other) for other in one.waits_for)
    return [words.texts.gettext("after: {actions}").format(actions=others)]


def spoken(words: Vocabulary, one: Planned, today: date) -> str:
    """Say everything a bar of the timeline shows."""
    facts = [words.title("actions", one.action), *_facts(words, one, today), severity_words(words, one)]
    return ". ".join((*facts, *_after(words, one)))


def summary(words: Vocabulary, one: Planned, today: date) -> str:
    """Say in one line what the bar of an action shows."""
    return " · ".join((*_facts(words, one, today), *_after(words, one)))


# -- groups ------------------------------------------------------------------------------------------------------------


_CODES = {Grouping.PARTNER: "project_partner", Grouping.FUNDING: "funding_status"}


def _order(words: Vocabulary, grouping: Grouping) -> tuple[str, ...]:
    if grouping is Grouping.AGENCY:
        return tuple(key for key, _ in words.entries("agencies"))
    if grouping is Grouping.PROGRESS:
        return tuple(progress.value for progress in Progress)
    return tuple(code for code, _ in words.codes(_CODES[grouping])) if grouping in _CODES else ()


def group_name(words: Vocabulary, grouping: Grouping, key: str) -> str:
    say = words.texts.gettext
    if not key:
        missing = {
            Grouping.AGENCY: say("Nobody responsible yet"),
            Grouping.PARTNER: say("Without a partner"),
            Grouping.FUNDING: say("Funding not stated"),
        }
        return missing.get(grouping, "")
    if grouping is Grouping.AGENCY:
        return words.title_of("agencies", key)
    return say(PROGRESS_WORDS[Progress(key)]) if grouping is Grouping.PROGRESS else words.code(_CODES[grouping], key)


def in_groups(words: Vocabulary, plan: tuple[Planned, ...], grouping: Grouping) -> dict[str, tuple[Planned, ...]]:
    """Put actions together by group, the groups in the order of their register or code list."""
    return grouped(plan, grouping, _order(words, grouping))


def group_heading(words: Vocabulary, grouping: Grouping, key: str, count: int) -> str:
    """Head a group with its name and how many actions it has."""
    name = group_name(words, grouping, key)
    return f"{name[:1].upper()}{name[1:]}  {words.texts.number(count)}"
