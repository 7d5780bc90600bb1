"""What can be undone: one answer, one register entry, a bundle of changes, a merge, another earlier round."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtGui import QUndoCommand

from capacity_app.domain.dossier import Dossier
from capacity_app.domain.problems import N_
from capacity_app.services.bundles import Bundle
from capacity_app.services.changes import Change, EntryChange
from capacity_app.ui.registers.entry_words import Vocabulary

if TYPE_CHECKING:
    from capacity_app.services.merging.merge import MergeResult
    from capacity_app.ui.bridge import Bridge

_ANSWER, _ENTRY = 1, 2


def describe(words: Vocabulary, change: Change | EntryChange) -> str:
    """Return what a change did, for the undo menu."""
    say = words.texts.gettext
    if isinstance(change, Change):
        return say("answer to {place}").format(place=words.wording.place(change.key.address))
    if change.register == "mission":
        return say("change of the mission")
    if change.register == "ratings":
        return say("rating of {gap}").format(gap=words.gap_name(change.entry_id))
    if change.register == "kept":
        return say(N_("letting go of an earlier answer") if change.after else N_("confirming of an earlier answer"))
    pattern = N_("change of “{name}”")
    if change.before is None or change.after is None:
        pattern = N_("adding of an entry") if change.before is None else N_("removal of “{name}”")
    return say(pattern).format(name=words.title(change.register, change.after or change.before))


class _Step(QUndoCommand):
    """Something that has been done; what can no longer be done again, or taken back, drops out of the stack."""

    def __init__(self, bridge: "Bridge", text: str = "") -> None:
        super().__init__(text)
        self._bridge = bridge
        self._is_done = True

    def redo(self) -> None:
        """Do it again; the stack also asks when it takes the step in, which is done by then."""
        if self._is_done:
            self._is_done = False
        elif not self._do(is_back=False):
            self.setObsolete(True)

    def undo(self) -> None:
        if not self._do(is_back=True):
            self.setObsolete(True)

    def _do(self, *, is_back: bool) -> bool:
        raise NotImplementedError


class AnswerStep(_Step):
    """One change of an answer. Changes with the same ``typing`` mark are one step: a text typed in one go."""

    def __init__(self, bridge: "Bridge", change: Change, typing: str) -> None:
        super().__init__(bridge)
        self.typing = typing
        self.key, self.before, self.after = change.key, change.before, change.after

    def id(self) -> int:
        return _ANSWER if self.typing else -1

    def _do(self, *, is_back: bool) -> bool:
        return self._bridge.say_again(self.key, self.before if is_back else self.after)

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, AnswerStep) or (other.key, other.typing) != (self.key, self.typing):
            return False
        self.after = other.after
        self.setObsolete(self.before == self.after)
        return True


class EntryStep(_Step):
    """One change of a register entry. Changes with the same ``typing`` mark are one step."""

    def __init__(self, bridge: "Bridge", change: EntryChange, typing: str = "") -> None:
        super().__init__(bridge)
        self.change, self.typing = change, typing

    def id(self) -> int:
        return _ENTRY if self.typing else -1

    def _do(self, *, is_back: bool) -> bool:
        entry = self.change.before if is_back else self.change.after
        return self._bridge.put_again(self.change.register, self.change.entry_id, entry)

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, EntryStep) or other.typing != self.typing:
            return False
        mine, theirs = self.change, other.change
        if (mine.register, mine.entry_id) != (theirs.register, theirs.entry_id):
            return False
        self.change = replace(mine, after=theirs.after)
        self.setObsolete(mine.before == theirs.after)
        return True


class BundleStep(_Step):
    """Many changes stored together, and taken back together with the authors and times there were."""

    def __init__(self, bridge: "Bridge", bundle: Bundle, back: Bundle, text: str) -> None:
        super().__init__(bridge, text)
        self._bundle, self._back = bundle, back

    def _do(self, *, is_back: bool) -> bool:
        return self._bridge.store_again(self._back if is_back else self._bundle)


class MergeStep(_Step):
    """Other officers' files merged, or conflicts between them settled."""

    def __init__(self, bridge: "Bridge", result: "MergeResult", text: str) -> None:
        super().__init__(bridge, text)
        self._result = result

    def _do(self, *, is_back: bool) -> bool:
        from capacity_app.services.merging import merge  # noqa: PLC0415 - not before somebody has merged

        act = merge.take_back if is_back else merge.bring_back
        return self._bridge.change_again(lambda: act(self._bridge.session, self._result))


class EarlierStep(_Step):
    """Another earlier round, or none."""

    def __init__(self, bridge: "Bridge", before: Dossier | None, after: Dossier | None, text: str) -> None:
        super().__init__(bridge, text)
        self._before, self._after = before, after

    def _do(self, *, is_back: bool) -> bool:
        return self._bridge.set_earlier_again(self._before if is_back else self._after)


STEPS = (AnswerStep, EntryStep, BundleStep, MergeStep, EarlierStep)
"""Everything that can be undone by itself."""
