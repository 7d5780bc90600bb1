"""Answers that are not carried, and answers of an earlier version, as lines of a list."""

from collections.abc import Iterable, Iterator

from capacity_app.domain.answers import Address
from capacity_app.domain.assessment import KeptAnswer, KeptFate
from capacity_app.domain.migration import Fate, Outcome
from capacity_app.domain.problems import N_
from capacity_app.services.migrating import Plan, Speaker
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.lines import Line
from capacity_app.ui.questionnaire.kept_card import is_waiting
from capacity_app.ui.questionnaire.kept_words import speaker
from capacity_app.ui.wording import Wording as OpenWording
from capacity_app.wording import Wording

_HEADINGS = {Fate.TO_CONFIRM: N_("To confirm"), Fate.RETIRED: N_("Retired and kept")}
_SIGNS = {Fate.TO_CONFIRM: ("?", "warning"), Fate.RETIRED: ("–", "muted")}
_GROUPS = (N_("To confirm"), N_("Answered anew since"), N_("Kept as what was said then"))


def outcome_lines(plan: Plan, texts: Texts) -> tuple[Line, ...]:
    """List what is not carried: what is to be confirmed, then what is retired, each with its reason."""
    wording = Wording(texts, plan.before)
    return tuple(line for fate in _HEADINGS for line in _of_fate(plan, fate, wording))


def _of_fate(plan: Plan, fate: Fate, wording: Wording) -> Iterator[Line]:
    found = [outcome for outcome in plan.migrated.outcomes if outcome.fate is fate]
    if found:
        yield Line(key=fate.value, title=wording.texts.gettext(_HEADINGS[fate]), is_heading=True)
    for outcome in found:
        yield _outcome_line(outcome, wording)


def _outcome_line(outcome: Outcome, wording: Wording) -> Line:
    key = outcome.answer.key
    sign, colour = _SIGNS[outcome.fate]
    said = Speaker(wording).said(outcome.answer) or wording.texts.gettext("a note")
    who = wording.respondent(key.layer, key.respondent)
    reason = " ".join(filter(None, (wording.texts.gettext(outcome.reason), outcome.note)))
    return Line(
        key=f"{key.address} {key.layer} {key.respondent}",
        title=f"{wording.place(key.address)} · {who}: {said}",
        detail=reason,
        mark=sign,
        colour=colour,
    )


def kept_lines(entries: Iterable[KeptAnswer], bridge: Bridge, wording: OpenWording) -> tuple[Line, ...]:
    """List the answers of earlier versions: those that wait, those answered anew since, and those kept."""
    groups: dict[str, list[KeptAnswer]] = {name: [] for name in _GROUPS}
    for entry in entries:
        groups[_group(entry, bridge)].append(entry)
    return tuple(
        line
        for name, found in groups.items()
        if found
        for line in (
            Line(key=name, title=wording.texts.gettext(name), is_heading=True),
            *(_kept_line(entry, name, wording) for entry in found),
        )
    )


def _group(entry: KeptAnswer, bridge: Bridge) -> str:
    if is_waiting(entry, bridge):
        return _GROUPS[0]
    return _GROUPS[1] if entry.fate is KeptFate.TO_CONFIRM else _GROUPS[2]


def _kept_line(entry: KeptAnswer, group: str, wording: OpenWording) -> Line:
    said = entry.answered or entry.note or wording.texts.gettext("a note")
    asked = " · ".join(line for line in entry.wording.splitlines() if line.strip())
    version = wording.texts.gettext("version {version}").format(version=entry.version)
    is_open = group == _GROUPS[0]
    return Line(
        key=entry.id,
        title=f"{entry.number} · {speaker(entry, wording)}: {said}".removeprefix(" · "),
        detail=f"{asked} ({version})",
        mark="?" if is_open else "–",
        colour="warning" if is_open else "muted",
    )


def place_of_kept(entry: KeptAnswer) -> Address | None:
    """Give where an answer of an earlier version belongs now, or belonged."""
    try:
        return Address.parse(entry.target or entry.address)
    except ValueError:
        return None
