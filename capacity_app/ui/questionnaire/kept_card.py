"""What was said at a place under an earlier version of the questions: to be confirmed, or kept as said then."""

from collections.abc import Callable, Iterable

from PySide6.QtWidgets import QWidget

from capacity_app.domain.answers import Address, Layer
from capacity_app.domain.assessment import KeptAnswer, KeptFate
from capacity_app.domain.checking import locate
from capacity_app.domain.kept import asked_at, content_of, proposed_by
from capacity_app.domain.problems import N_
from capacity_app.services.confirming import kept_answers
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.quiet_button import QuietButton
from capacity_app.ui.look.theme import MEDIUM, SMALL, TIGHT, Role
from capacity_app.ui.questionnaire.confirm_strip import show_versions
from capacity_app.ui.questionnaire.passage import Passage, passage
from capacity_app.ui.questionnaire.voice_cards import when_and_who
from capacity_app.ui.wording import Wording

_WAITING = N_("To confirm: it counts only once somebody confirms it under the new wording.")
_RETIRED = N_("Kept as what was said then; it counts nowhere.")
_ANEW = N_("Answered anew since; this is kept as what was said then.")


def speaker(entry: KeptAnswer, wording: Wording) -> str:
    """Say who gave an answer: an agency, the assessor or the country."""
    return wording.respondent(Layer(entry.layer), entry.respondent)


def speakers(entries: Iterable[KeptAnswer], wording: Wording) -> str:
    return wording.texts.listed(dict.fromkeys(speaker(entry, wording) for entry in entries))


def changes_since(entry: KeptAnswer, wording: Wording) -> tuple[tuple[str, str, str], ...]:
    """Return what is worded differently now: the question, and what the answer means (what, before, now)."""
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


def kept_at(bridge: Bridge, address: Address) -> tuple[KeptAnswer, ...]:
    """Return the answers of earlier versions that belong to a place, of a row those of its cells too."""
    return tuple(entry for entry in kept_answers(bridge.session) if _belongs(entry, address))


def is_waiting(entry: KeptAnswer, bridge: Bridge) -> bool:
    """Return whether an answer of an earlier version may be confirmed now."""
    proposal = proposed_by(entry)
    if proposal is None or proposal.key.address.question not in bridge.session.sheet.blocks:
        return False
    at = proposal.key.address
    return any(one.id == entry.id for one in bridge.carried.waiting(at.question).get(at, ()))


def _belongs(entry: KeptAnswer, address: Address) -> bool:
    try:
        at = Address.parse(entry.target or entry.address)
    except ValueError:
        return False
    is_row = bool(address.row) and not address.column
    return at == address or (is_row and (at.question, at.row) == (address.question, address.row))


class KeptCard(Card):
    """One answer of an earlier version, with what may be done with it."""

    def __init__(self, entry: KeptAnswer, bridge: Bridge, wording: Wording) -> None:
        super().__init__(tint="raised", margin=MEDIUM)
        self.setObjectName(f"kept {entry.id}")
        self._entry, self._bridge, self._wording = entry, bridge, wording
        self.body.setSpacing(TIGHT)
        say = wording.texts.gettext
        head = say("{who}, under version {version}").format(who=speaker(entry, wording), version=entry.version)
        self.body.addWidget(Words(head, Role.STRONG))
        self._can_confirm = is_waiting(entry, bridge)
        self._add_answer()
        self.body.addWidget(Words(say(self._standing()), Role.CAPTION, is_muted=True))
        if self._can_confirm and not bridge.session.is_read_only:
            self._add_buttons()

    def _standing(self) -> str:
        if self._can_confirm:
            return _WAITING
        return _ANEW if self._entry.fate is KeptFate.TO_CONFIRM else _RETIRED

    def _add_answer(self) -> None:
        entry, say = self._entry, self._wording.texts.gettext
        changes = changes_since(entry, self._wording) if self._can_confirm else ()
        if not any(label == say("Wording") for label, _, _ in changes):
            number = f"{entry.number}  " if entry.number else ""
            self.body.addWidget(passage(f"{number}{entry.wording}", Role.CAPTION, is_muted=True))
        self.body.addWidget(passage(entry.answered or say("a note")))
        for change in changes:
            shown = Passage(role=Role.CAPTION)
            show_versions(shown, *change)
            self.body.addWidget(shown)
        for pattern, text in (("Reason: {text}", entry.reason), ("Note: {text}", entry.note)):
            if text:
                self.body.addWidget(passage(say(pattern).format(text=text), Role.CAPTION, is_muted=True))
        for evidence in entry.evidence:
            said = say("Evidence: {text}").format(text=self._wording.evidence(evidence))
            self.body.addWidget(passage(said, Role.CAPTION, is_muted=True))
        when = when_and_who(entry.time, entry.author, self._wording)
        self.body.addWidget(passage(when, Role.CAPTION, is_muted=True))

    def _add_buttons(self) -> None:
        say, who = self._wording.texts.gettext, speaker(self._entry, self._wording)
        line = Flow(SMALL)
        for name, label, spoken, act in (
            (
                "confirm_kept",
                say("Confirm"),
                say("Confirm the earlier answer of {who}"),
                lambda: self._bridge.carried.confirm_kept((self._entry,)),
            ),
            (
                "let_go",
                say("Do not take over"),
                say("Do not take over the earlier answer of {who}"),
                lambda: self._bridge.carried.let_go((self._entry,)),
            ),
        ):
            line.place(self._button(name, label, spoken.format(who=who), act))
        self.body.addWidget(line)

    def _button(self, name: str, label: str, spoken: str, act: Callable[[], object]) -> QWidget:
        button = QuietButton(label)
        button.is_chip = True
        button.setObjectName(f"{name} {self._entry.id}")
        button.setAccessibleName(spoken)
        button.clicked.connect(lambda _checked: act())
        return button
