"""What an undoable step did, in words for the menu."""

from capacity_app.domain.problems import N_
from capacity_app.services.changes import Change, EntryChange
from capacity_app.ui.registers.entry_words import Vocabulary


def describe(words: Vocabulary, change: Change | EntryChange) -> str:
    """Say what a change did, for the undo menu."""
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
