"""Who said what and when, newest first, what changed word by word, and how to bring an answer back."""

from collections.abc import Iterator, Sequence

from PySide6.QtWidgets import QPushButton, QVBoxLayout

from capacity_app.domain.answers import Content, Layer, State
from capacity_app.domain.assessment import ReturnedFile
from capacity_app.domain.history import Step, steps
from capacity_app.domain.word_diff import Fate, word_diff
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.quiet_button import QuietButton
from capacity_app.ui.look.theme import MEDIUM, TIGHT, Role
from capacity_app.ui.questionnaire.chip_row import ChipRow
from capacity_app.ui.questionnaire.panel import PanelTab, Place
from capacity_app.ui.questionnaire.passage import Passage, Run, Tone
from capacity_app.ui.questionnaire.voice_cards import shortened, when_and_who
from capacity_app.ui.wording import Wording

_SHOWN = 20
_ALL = "all"
_TONES = {Fate.KEPT: Tone.PLAIN, Fate.REMOVED: Tone.REMOVED, Fate.ADDED: Tone.ADDED}


def diff_runs(before: str, after: str) -> Iterator[Run]:
    """Yield two versions of a text as one, with what was taken out and what was put in."""
    for piece in word_diff(before, after):
        yield Run(piece.text, _TONES[piece.fate])


def _speaker(step: Step) -> str:
    return f"{step.key.layer.value} {step.key.respondent}"


class StepCard(Card):
    """One revision: who, when, where in a row, before and after."""

    def __init__(self, step: Step, place: Place, wording: Wording, origin: str) -> None:
        super().__init__(margin=MEDIUM)
        self.body.setSpacing(TIGHT)
        self._step, self._wording = step, wording
        question, address = place.question, step.key.address
        column = question.column_by_id.get(address.column)
        is_whole_row = bool(address.row) and column is None
        is_single = not address.row
        self._field = column or (question if is_single else None)
        self._question = question
        who = wording.respondent(step.key.layer, step.key.respondent)
        self.body.addWidget(Words(who, Role.STRONG))
        if address != place.address:
            where = wording.texts.gettext("{place} as a whole") if is_whole_row else "{place}"
            self.body.addWidget(Words(where.format(place=wording.place(address)), Role.CAPTION))
        when = when_and_who(step.revision.time, step.revision.author, wording)
        self.body.addWidget(Words(when, Role.CAPTION, is_muted=True))
        if origin:
            self.body.addWidget(Words(origin, Role.CAPTION))
        self._add_changes()

    def said(self, content: Content) -> str:
        said = self._wording.content(self._question, self._field, content)
        return said or self._wording.state(State.NOT_ASKED)

    def _add_changes(self) -> None:
        say, before, after = self._wording.texts.gettext, self._step.before, self._step.after
        count = self.body.count()
        if (before.state, before.value) != (after.state, after.value):
            self._add_value(before, after)
        elif before.reason != after.reason and after.state is State.NOT_APPLICABLE:
            self._add_diff("", self.said(before), self.said(after))
        if before.reason != after.reason and after.state is not State.NOT_APPLICABLE:
            is_signature = self._step.key.layer is Layer.VALIDATED
            label = say("Confirmed by") if is_signature else say("Reason")
            self._add_diff(label, before.reason, after.reason)
        if before.note != after.note:
            self._add_diff(say("Note"), before.note, after.note)
        if before.evidence != after.evidence:
            self._add_diff(say("Evidence"), self._evidence(before), self._evidence(after))
        if self.body.count() == count:
            self._add(Run(self.said(after)))

    def _add_value(self, before: Content, after: Content) -> None:
        old, new = self.said(before), self.said(after)
        is_text = isinstance(before.value, str) and isinstance(after.value, str) and " " in old and " " in new
        if is_text and before.state is after.state:
            self._add_diff("", old, new)
        else:
            self._add(Run(self._wording.texts.gettext("{before} → {after}").format(before=old, after=new)))

    def _evidence(self, content: Content) -> str:
        return "; ".join(self._wording.evidence(entry) for entry in content.evidence)

    def _add_diff(self, label: str, before: str, after: str) -> None:
        # What is new as a whole needs no marks.
        runs = tuple(diff_runs(before, after)) if before else (Run(after),)
        shown = self._add(*((Run(f"{label}: "),) if label else ()), *runs)
        say = self._wording.texts.gettext
        spoken = say("before: {before}; after: {after}").format(before=before or "–", after=after or "–")
        shown.setAccessibleName(f"{label} {spoken}".strip())

    def _add(self, *runs: Run) -> Passage:
        shown = Passage()
        shown.show_runs(runs)
        self.body.addWidget(shown)
        return shown


class HistoryTab(PanelTab):
    """All revisions of the place in focus; of a row or table, those of its cells too."""

    def __init__(self, bridge: Bridge, wording: Wording) -> None:
        super().__init__(bridge, wording)
        self._most = _SHOWN
        self._filter = _ALL
        self._of: Place | None = None

    def fill(self) -> None:
        self.clear()
        place = self.place
        if place != self._of:
            self._of, self._most, self._filter = place, _SHOWN, _ALL
        if place is None:
            self.line(self.texts.gettext("Go to a question to see how its answers came about."), is_muted=True)
            self.close_off()
            return
        known = steps(self.bridge.session.history(place.address))
        if not known:
            self.line(self.texts.gettext("Nothing has been said here yet."), is_muted=True)
        self._show_filter(known)
        chosen = [step for step in known if self._filter in {_ALL, _speaker(step)}]
        for step in chosen[: self._most]:
            self._show(place, step)
        if len(chosen) > self._most:
            self._show_more(len(chosen) - self._most)
        self.close_off()

    def _show_filter(self, known: Sequence[Step]) -> None:
        speakers = {_speaker(step): step.key for step in known}
        if len(speakers) < 2:  # noqa: PLR2004 - nothing to choose between
            return
        names = [(name, self.wording.respondent(key.layer, key.respondent)) for name, key in speakers.items()]
        if self._filter not in speakers:
            self._filter = _ALL
        label = self.texts.gettext("Whose changes are shown")
        row = ChipRow(label, [(_ALL, self.texts.gettext("All")), *names], self._filter)
        row.setObjectName("history_filter")
        row.chosen.connect(self._choose)
        self.body.addWidget(row)

    def _choose(self, speaker: str) -> None:
        self._filter, self._most = speaker, _SHOWN
        self.go_stale()

    def _show(self, place: Place, step: Step) -> None:
        card = StepCard(step, place, self.wording, self._origin(step))
        self.body.addWidget(card)
        if step.after == self.bridge.session.content(step.key):
            card.body.addWidget(Words(self.texts.gettext("✓ Stands now"), Role.CAPTION, is_muted=True))
        elif not self.bridge.session.is_read_only:
            self._offer_back(card, step)

    def _origin(self, step: Step) -> str:
        """Return which file an answer was imported from, or that an import was undone."""
        revision = step.revision
        before = {str(one) for one in revision.parents}
        for entry in self.bridge.session.entries("returns"):
            assert isinstance(entry, ReturnedFile), "the register of returned files"
            if str(revision.id) in entry.revisions:
                return self.texts.gettext("Imported from “{file}”").format(file=entry.file_name)
            if (revision.time, revision.author) == (entry.undone, entry.undone_by) and before & set(entry.revisions):
                return self.texts.gettext("Import undone: “{file}”").format(file=entry.file_name)
        return ""

    def _offer_back(self, card: StepCard, step: Step) -> None:
        button = QuietButton(self.texts.gettext("Bring back this answer"))
        button.setObjectName(f"bring_back {step.revision.id}")
        said = shortened(card.said(step.after))
        button.setAccessibleName(self.texts.gettext("Bring back: {answer}").format(answer=said))
        button.clicked.connect(lambda: self._bring_back(card.body, step))
        card.body.addWidget(button)

    def _bring_back(self, column: QVBoxLayout, step: Step) -> None:
        """Say again what was said then, as one more revision."""
        if not self.bridge.record(step.key, step.after) and self.bridge.refusal is not None:
            words = Words(self.bridge.refusal.text(self.texts.gettext), Role.CAPTION)
            words.set_colour("danger")
            column.addWidget(words)

    def _show_more(self, left: int) -> None:
        count = min(left, _SHOWN)
        label = self.texts.ngettext("Show {count} more of {left}", "Show {count} more of {left}", count)
        button = QPushButton(label.format(count=self.texts.number(count), left=self.texts.number(left)))
        button.setObjectName("more_history")
        button.clicked.connect(self._more)
        self.body.addWidget(button)

    def _more(self) -> None:
        self._most += _SHOWN
        self.go_stale()
