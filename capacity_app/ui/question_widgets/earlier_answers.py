"""What was said before: the history of an answer, answers of earlier versions, and the strip that confirms them."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QVBoxLayout, QWidget

from capacity_app.domain.assessment.answer_rules import locate
from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerLayer, AnswerState, Content
from capacity_app.domain.assessment.migration import number_and_wording_at, proposed_answer, retired_content
from capacity_app.domain.assessment.registers import (
    FROM_PUBLISHED_SOURCES,
    RetiredAnswer,
    RetiredAnswerStatus,
    ReturnedFile,
)
from capacity_app.domain.assessment.revisions import HistoryStep, history_steps, join_typing
from capacity_app.domain.problems import N_
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.change_sets import kept_answers
from capacity_app.ui.question_widgets.panel_parts import FocusedPlace, PanelTab, format_time_and_author, shorten_line
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TIGHT, TextRole
from capacity_app.ui.theme.painting import paint_dashed
from capacity_app.ui.widgets.buttons import Button, FlatButton
from capacity_app.ui.widgets.cards import Card, Label
from capacity_app.ui.widgets.flow import Flow
from capacity_app.ui.widgets.layouts import lay_out, with_action, with_name
from capacity_app.ui.widgets.running_text import RunningText, TextRun, TextRunTone, plain_running_text

_SHOWN = 20


def diff_runs(before: str, after: str) -> Iterator[TextRun]:
    """Yield two versions of a text as one, with what was taken out and what was put in."""
    from capacity_app.domain.text_diff import WordDiffKind, compare_words  # noqa: PLC0415 - a start needs it not

    tones = {WordDiffKind.KEPT: TextRunTone.PLAIN, WordDiffKind.REMOVED: TextRunTone.REMOVED}
    for piece in compare_words(before, after):
        yield TextRun(piece.text, tones.get(piece.fate, TextRunTone.ADDED))


class RevisionCard(Card):
    """One revision: who, when, where in a row, before and after."""

    def __init__(self, step: HistoryStep, place: FocusedPlace, wording: SessionFormatter, origin: str) -> None:
        super().__init__(margin=MEDIUM, spacing=TIGHT)
        self._step, self._wording = step, wording
        question, address = place.question, step.key.address
        column = question.column_by_id.get(address.column)
        is_whole_row = bool(address.row) and column is None
        is_single = not address.row
        self._field = column or (question if is_single else None)
        self._question = question
        who = wording.respondent(step.key.layer, step.key.respondent)
        self.body.addWidget(Label(who, TextRole.STRONG))
        if address != place.address:
            where = wording.texts.gettext("{place} as a whole") if is_whole_row else "{place}"
            self.body.addWidget(Label(where.format(place=wording.place(address)), TextRole.CAPTION))
        when = format_time_and_author(step.revision.time, step.revision.author, wording)
        self.body.addWidget(Label(when, TextRole.CAPTION, is_muted=True))
        if origin:
            self.body.addWidget(Label(origin, TextRole.CAPTION))
        self._add_changes()

    def said(self, content: Content) -> str:
        said = self._wording.content(self._question, self._field, content)
        return said or self._wording.state(AnswerState.NOT_ASKED)

    def _add_changes(self) -> None:
        say, before, after = self._wording.texts.gettext, self._step.before, self._step.after
        count = self.body.count()
        if (before.state, before.value) != (after.state, after.value):
            self._add_value(before, after)
        elif before.reason != after.reason and after.state is AnswerState.NOT_APPLICABLE:
            self._add_diff("", self.said(before), self.said(after))
        if before.reason != after.reason and after.state is not AnswerState.NOT_APPLICABLE:
            is_signature = self._step.key.layer is AnswerLayer.VALIDATED
            label = say("Validated by") if is_signature else say("Reason")
            self._add_diff(label, before.reason, after.reason)
        if before.note != after.note:
            self._add_diff(say("Note"), before.note, after.note)
        if before.evidence != after.evidence:
            self._add_diff(say("Evidence"), self._evidence(before), self._evidence(after))
        if self.body.count() == count:
            self._add(TextRun(self.said(after)))

    def _add_value(self, before: Content, after: Content) -> None:
        old, new = self.said(before), self.said(after)
        is_text = isinstance(before.value, str) and isinstance(after.value, str) and " " in old and " " in new
        if is_text and before.state is after.state:
            self._add_diff("", old, new)
        else:
            self._add(TextRun(self._wording.texts.gettext("{before} → {after}").format(before=old, after=new)))

    def _evidence(self, content: Content) -> str:
        return "; ".join(self._wording.evidence(entry) for entry in content.evidence)

    def _add_diff(self, label: str, before: str, after: str) -> None:
        # What is new as a whole needs no marks.
        runs = tuple(diff_runs(before, after)) if before else (TextRun(after),)
        shown = self._add(*((TextRun(f"{label}: "),) if label else ()), *runs)
        say = self._wording.texts.gettext
        spoken = say("before: {before}; after: {after}").format(before=before or "–", after=after or "–")
        shown.setAccessibleName(f"{label} {spoken}".strip())

    def _add(self, *runs: TextRun) -> RunningText:
        shown = RunningText()
        shown.show_runs(runs)
        self.body.addWidget(shown)
        return shown


class HistoryTab(PanelTab):
    """All revisions of the place in focus; of a row or table, those of its cells too."""

    def __init__(self, controller: SessionController, wording: SessionFormatter) -> None:
        super().__init__(controller, wording)
        self._most = _SHOWN
        self._of: FocusedPlace | None = None

    def fill(self) -> None:
        self.clear()
        place = self.place
        if place != self._of:
            self._of, self._most = place, _SHOWN
        if place is None:
            self.line(self.texts.gettext("Go to a question to see the history of its answers."), is_muted=True)
            self.close_off()
            return
        known = join_typing(history_steps(self.controller.session.history(place.address)), self._is_typed)
        if not known:
            self.line(self.texts.gettext("No changes yet."), is_muted=True)
        for step in known[: self._most]:
            self._show(place, step)
        if len(known) > self._most:
            self._show_more(len(known) - self._most)
        self.close_off()

    def _is_typed(self, key: AnswerKey) -> bool:
        target = locate(self.controller.session.instrument, key.address)
        return target is not None and target.field is not None and target.field.kind.info.is_typed

    def _show(self, place: FocusedPlace, step: HistoryStep) -> None:
        card = RevisionCard(step, place, self.wording, self._origin(step))
        self.body.addWidget(card)
        if step.after == self.controller.session.content(step.key):
            card.body.addWidget(Label(self.texts.gettext("✓ Current"), TextRole.CAPTION, is_muted=True))
        elif not self.controller.session.is_read_only:
            self._offer_restore(card, step)

    def _origin(self, step: HistoryStep) -> str:
        """Return which file an answer was imported from, or that an import was undone."""
        revision = step.revision
        before = {str(one) for one in revision.parents}
        for entry in self.controller.session.entries("returns"):
            assert isinstance(entry, ReturnedFile), "the register of returned files"
            if str(revision.id) in entry.revisions:
                return self.texts.gettext("Imported from “{file}”").format(file=entry.file_name)
            if (revision.time, revision.author) == (entry.undone, entry.undone_by) and before & set(entry.revisions):
                return self.texts.gettext("Import undone: “{file}”").format(file=entry.file_name)
        return ""

    def _offer_restore(self, card: RevisionCard, step: HistoryStep) -> None:
        button = with_name(FlatButton(self.texts.gettext("Restore this answer")), f"bring_back {step.revision.id}")
        said = shorten_line(card.said(step.after))
        button.setAccessibleName(self.texts.gettext("Restore: {answer}").format(answer=said))
        button.clicked.connect(lambda: self._restore_revision(card.body, step))
        card.body.addWidget(button)

    def _restore_revision(self, column: QVBoxLayout, step: HistoryStep) -> None:
        """Say again what was said then, as one more revision."""
        if not self.controller.record(step.key, step.after) and self.controller.refusal is not None:
            words = Label(self.controller.refusal.text(self.texts.gettext), TextRole.CAPTION, colour="danger")
            column.addWidget(words)

    def _show_more(self, left: int) -> None:
        count = min(left, _SHOWN)
        label = self.texts.ngettext("Show {count} more of {left}", "Show {count} more of {left}", count)
        button = Button(label.format(count=self.texts.number(count), left=self.texts.number(left)))
        with_action(button, "more_history", self._more)
        self.body.addWidget(button)

    def _more(self) -> None:
        self._most += _SHOWN
        self.mark_stale()


# What the previous round said at a place, with the buttons that make it the present respondent's answer.


StripButton = tuple[str, str]
"""A button's word and its key."""
TextVersions = tuple[str, str, str]
"""What a text is, what it said and what it says."""


def show_versions(passage: RunningText, label: str, before: str, after: str) -> None:
    """Show what has changed in a text, word by word; a screen reader hears both versions."""
    passage.show_runs((TextRun(f"{label}: "), *diff_runs(before, after)))
    passage.setAccessibleName(f"{label}: {before} → {after}")


class ConfirmStrip(QFrame):
    """A sentence and buttons in a dashed outline. ``pressed`` carries the place of the button."""

    pressed = Signal(int)

    def __init__(self, buttons: int = 1) -> None:
        super().__init__()
        self.setObjectName("to_confirm")
        self.said = Label("")
        self._flow = Flow(TIGHT)
        self.buttons: list[FlatButton] = []
        self.differences: list[RunningText] = []
        self._line = lay_out(QBoxLayout(QBoxLayout.Direction.TopToBottom), (self.said, 1), self._flow, spacing=TIGHT)
        self._column = lay_out(QVBoxLayout(self), self._line, margins=(MEDIUM, SMALL, MEDIUM, SMALL), spacing=TIGHT)
        for place in range(buttons):
            self._add_button(place)

    def _arrange(self) -> None:
        """Put the buttons beside the sentence where both fit in one line, else below."""
        wanted = self.said.fontMetrics().horizontalAdvance(self.said.text()) + self._flow.sizeHint().width()
        is_line = wanted + 2 * MEDIUM + LARGE <= self.width()
        kinds = QBoxLayout.Direction
        self._line.setDirection(kinds.LeftToRight if is_line else kinds.TopToBottom)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def offer(self, said: str, labels: Sequence[StripButton]) -> None:
        """Show a sentence with its buttons; without buttons the strip is away."""
        self.said.setText(said)
        for place, button in enumerate(self.buttons):
            if place < len(labels):
                button.show_word(*labels[place])
                button.setAccessibleDescription(said)
            button.setVisible(place < len(labels))
        self.setVisible(bool(labels))
        self._arrange()

    def compare(self, pairs: Sequence[TextVersions]) -> None:
        """Show under the sentence what has changed, word by word; nothing takes it away."""
        while len(self.differences) < len(pairs):
            passage = RunningText(role=TextRole.CAPTION)
            self.differences.append(passage)
            self._column.insertWidget(len(self.differences) - 1, passage)
        for place, passage in enumerate(self.differences):
            passage.setVisible(place < len(pairs))
            if place < len(pairs):
                show_versions(passage, *pairs[place])

    def _add_button(self, place: int) -> None:
        button = with_action(FlatButton(""), f"confirm {place}", lambda: self.pressed.emit(place))
        button.is_chip = True
        self.buttons.append(button)
        self._flow.place(button)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_dashed(painter, QRectF(self.rect()), corner=6)
        painter.end()


class ConfirmAll(QWidget):
    """Confirms a whole part, after saying how many answers that are. ``confirmed`` tells that one has agreed."""

    confirmed = Signal()

    def __init__(self, texts: Translator) -> None:
        super().__init__()
        self._texts = texts
        self._labels: tuple[StripButton, ...] = ()
        self._sentence = ""
        self.ask = FlatButton("")
        self.ask.is_chip = True
        with_action(self.ask, "confirm_all", self._begin)
        self.strip = ConfirmStrip(2)
        self.strip.pressed.connect(self._pressed)
        lay_out(QVBoxLayout(self), (self.ask, 0, Qt.AlignmentFlag.AlignLeading), self.strip, margins=(0, TIGHT, 0, 0))
        self.strip.hide()
        self.hide()

    def offer(self, count: int, label: str, sentence: str) -> None:
        """Offer to confirm ``count`` answers; none takes the offer away."""
        yes = self._texts.ngettext("Confirm {count} answer", "Confirm all {count} answers", count)
        self._labels = ((yes.format(count=self._texts.number(count)), ""), (self._texts.gettext("Not now"), ""))
        self._sentence = sentence
        self.ask.show_word(label)
        if not count or self.strip.isHidden():
            self._end()
        else:
            self.strip.offer(sentence, self._labels)
        self.setVisible(bool(count))

    def _begin(self) -> None:
        self.strip.offer(self._sentence, self._labels)
        self.strip.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)
        self.ask.hide()

    def _end(self) -> None:
        self.ask.show()
        if not self.strip.isHidden():
            self.ask.setFocus(Qt.FocusReason.OtherFocusReason)
            self.strip.hide()

    def _pressed(self, place: int) -> None:
        self._end()
        if place == 0:
            self.confirmed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.strip.isHidden():
            self._end()
        else:
            event.ignore()


# What was said at a place under an earlier version of the questions: to be confirmed, or kept as said then.


_WAITING = N_("To confirm: it counts once you confirm it under the new wording.")
_RETIRED = N_("Kept as an earlier answer. It does not count.")
_ANEW = N_("Answered again since. This earlier answer is kept.")
_PUBLISHED = N_("From published sources, to confirm: it counts once the agency confirms it.")
_NOT_CONFIRMED = N_("The agency did not confirm this answer. It does not count.")
REFUSING_LABELS = {
    RetiredAnswerStatus.TO_CONFIRM: N_("Keep as earlier answer"),
    RetiredAnswerStatus.PUBLISHED: N_("Not confirmed"),
}


def speaker(entry: RetiredAnswer, wording: SessionFormatter) -> str:
    """Say who gave an answer: an agency, the assessor or the country."""
    return wording.respondent(AnswerLayer(entry.layer), entry.respondent)


def speakers(entries: Iterable[RetiredAnswer], wording: SessionFormatter) -> str:
    return wording.texts.listed(dict.fromkeys(speaker(entry, wording) for entry in entries))


def changes_since(entry: RetiredAnswer, wording: SessionFormatter) -> tuple[tuple[str, str, str], ...]:
    """Return what is worded differently now: the question, and what the answer means (what, before, now)."""
    say, target = wording.texts.gettext, Address.parse(entry.target)
    # The old wording is kept in the instrument's own language, so it is compared with that one.
    asked = _flat(number_and_wording_at(wording.session.instrument, target)[1])
    answered = _answered_now(entry, target, wording)
    pairs = ((say("Wording"), _flat(entry.wording), asked), (say("Answer"), _flat(entry.answered), _flat(answered)))
    return tuple((label, before, after) for label, before, after in pairs if before != after and after)


def _answered_now(entry: RetiredAnswer, target: Address, wording: SessionFormatter) -> str:
    found = locate(wording.session.instrument, target)
    if found is None or found.field is None or entry.state != "answered":
        return ""
    return wording.content(found.question, found.field, retired_content(entry))


def _flat(text: str) -> str:
    return " · ".join(line.strip() for line in text.splitlines() if line.strip())


def retired_answers_at(controller: SessionController, address: Address) -> tuple[RetiredAnswer, ...]:
    """Return the answers of earlier versions that belong to a place, of a row those of its cells too."""
    return tuple(entry for entry in kept_answers(controller.session) if _belongs(entry, address))


def is_waiting(entry: RetiredAnswer, controller: SessionController) -> bool:
    """Return whether an answer of an earlier version may be confirmed now."""
    proposal = proposed_answer(entry)
    if proposal is None or proposal.key.address.question not in controller.session.sheet.blocks:
        return False
    at = proposal.key.address
    return any(one.id == entry.id for one in controller.carried.waiting(at.question).get(at, ()))


def _belongs(entry: RetiredAnswer, address: Address) -> bool:
    try:
        at = Address.parse(entry.target or entry.address)
    except ValueError:
        return False
    is_row = bool(address.row) and not address.column
    return at == address or (is_row and (at.question, at.row) == (address.question, address.row))


class RetiredAnswerCard(Card):
    """One answer of an earlier version, with what may be done with it."""

    def __init__(self, entry: RetiredAnswer, controller: SessionController, wording: SessionFormatter) -> None:
        super().__init__(tint="raised", margin=MEDIUM)
        self.setObjectName(f"kept {entry.id}")
        self._entry, self._controller, self._wording = entry, controller, wording
        say = wording.texts.gettext
        is_published = entry.fate in FROM_PUBLISHED_SOURCES
        head = say("{who}, from published sources") if is_published else say("{who}, under version {version}")
        head = head.format(who=speaker(entry, wording), version=entry.version)
        lay_out(self.body, Label(head, TextRole.STRONG), spacing=TIGHT)
        self._can_confirm = is_waiting(entry, controller)
        self._add_answer()
        self.body.addWidget(Label(say(self._standing()), TextRole.CAPTION, is_muted=True))
        if self._can_confirm and not controller.session.is_read_only:
            self._add_buttons()

    def _standing(self) -> str:
        match self._entry.fate:
            case RetiredAnswerStatus.PUBLISHED if self._can_confirm:
                return _PUBLISHED
            case RetiredAnswerStatus.TO_CONFIRM if self._can_confirm:
                return _WAITING
            case RetiredAnswerStatus.NOT_CONFIRMED:
                return _NOT_CONFIRMED
            case RetiredAnswerStatus.RETIRED:
                return _RETIRED
        return _ANEW

    def _add_answer(self) -> None:
        entry, say = self._entry, self._wording.texts.gettext
        changes = changes_since(entry, self._wording) if self._can_confirm else ()
        if not any(label == say("Wording") for label, _, _ in changes):
            number = f"{entry.number}  " if entry.number else ""
            self.body.addWidget(plain_running_text(f"{number}{entry.wording}", TextRole.CAPTION, is_muted=True))
        self.body.addWidget(plain_running_text(entry.answered or say("a note")))
        for change in changes:
            shown = RunningText(role=TextRole.CAPTION)
            show_versions(shown, *change)
            self.body.addWidget(shown)
        for pattern, text in (("Reason: {text}", entry.reason), ("Note: {text}", entry.note)):
            if text:
                self.body.addWidget(plain_running_text(say(pattern).format(text=text), TextRole.CAPTION, is_muted=True))
        for evidence in entry.evidence:
            said = say("Evidence: {text}").format(text=self._wording.evidence(evidence))
            self.body.addWidget(plain_running_text(said, TextRole.CAPTION, is_muted=True))
        when = format_time_and_author(entry.time, entry.author, self._wording)
        self.body.addWidget(plain_running_text(when, TextRole.CAPTION, is_muted=True))

    def _add_buttons(self) -> None:
        say, who = self._wording.texts.gettext, speaker(self._entry, self._wording)
        line = Flow(SMALL)
        for name, label, spoken, act in (
            (
                "confirm_kept",
                say("Confirm"),
                say("Confirm the earlier answer of {who}"),
                lambda: self._controller.confirm_kept((self._entry,)),
            ),
            (
                "let_go",
                say(REFUSING_LABELS[self._entry.fate]),
                say("Keep the earlier answer of {who} without using it"),
                lambda: self._controller.retire_kept((self._entry,)),
            ),
        ):
            line.place(self._button(name, label, spoken.format(who=who), act))
        self.body.addWidget(line)

    def _button(self, name: str, label: str, spoken: str, act: Callable[[], object]) -> QWidget:
        button = with_action(FlatButton(label), f"{name} {self._entry.id}", act, spoken)
        button.is_chip = True
        return button
