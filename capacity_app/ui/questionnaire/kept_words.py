"""An answer of an earlier version in words: who gave it, and how wording and answer differ from now."""

from collections.abc import Iterable

from capacity_app.domain.answers import Address, Layer
from capacity_app.domain.assessment import KeptAnswer
from capacity_app.domain.checking import locate
from capacity_app.domain.kept import asked_at, content_of
from capacity_app.ui.wording import Wording


def speaker(entry: KeptAnswer, wording: Wording) -> str:
    """Say who gave an answer: an agency, the assessor or the country."""
    return wording.respondent(Layer(entry.layer), entry.respondent)


def speakers(entries: Iterable[KeptAnswer], wording: Wording) -> str:
    return wording.texts.listed(dict.fromkeys(speaker(entry, wording) for entry in entries))


def changes_since(entry: KeptAnswer, wording: Wording) -> tuple[tuple[str, str, str], ...]:
    """Give what is worded differently now: the question, and what the answer means (what, before, now)."""
    say, target = wording.texts.gettext, Address.parse(entry.target)
    # The old wording is kept in the instrument's own language, so it is compared with that one.
    asked = _flat(asked_at(wording.session.instrument, target)[1])
    answered = _answered_now(entry, target, wording)
    pairs = (
        (say("Wording"), _flat(entry.wording), asked),
        (say("Answer"), _flat(entry.answered), _flat(answered)),
    )
    return tuple((label, before, after) for label, before, after in pairs if before != after and after)


def _answered_now(entry: KeptAnswer, target: Address, wording: Wording) -> str:
    found = locate(wording.session.instrument, target)
    if found is None or found.field is None or entry.state != "answered":
        return ""
    return wording.content(found.question, found.field, content_of(entry))


def _flat(text: str) -> str:
    return " · ".join(line.strip() for line in text.splitlines() if line.strip())
