"""The panel beside the questions: what its tabs have in common, and its cards of answers, remarks and history."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QVBoxLayout, QWidget

from capacity_app.domain.assessment.answer_rules import locate
from capacity_app.domain.assessment.answers import Address, Answer, AnswerKey, AnswerLayer, AnswerState, Content
from capacity_app.domain.assessment.registers import (
    FROM_PUBLISHED_SOURCES,
    Remark,
    RetiredAnswer,
    RetiredAnswerStatus,
    ReturnedFile,
)
from capacity_app.domain.assessment.revisions import HistoryStep, history_steps, join_typing
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import Concept
from capacity_app.domain.questionnaire.search import find_terms
from capacity_app.ui.question_widgets.earlier_answers import (
    REFUSING_LABELS,
    changes_since,
    is_waiting,
    speaker,
)
from capacity_app.ui.question_widgets.panel_parts import (
    CardButton,
    FocusedPlace,
    explain_grades,
    format_agreement,
    format_evidence,
    format_time_and_author,
    shorten_line,
)
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TIGHT, TextRole
from capacity_app.ui.widgets.buttons import Button, FlatButton, WrappingButton
from capacity_app.ui.widgets.cards import Card, Label
from capacity_app.ui.widgets.flow import Flow
from capacity_app.ui.widgets.layouts import empty_layout, give_viewport, lay_out, with_action, with_name
from capacity_app.ui.widgets.running_text import RunningText, TextRun, diff_runs, plain_running_text


def as_one_paragraph(text: str) -> str:
    """Return a text of the instrument as one paragraph; its line breaks are those of a text file."""
    return " ".join(text.split())


def concepts_at(place: FocusedPlace, known: dict[str, Concept]) -> Iterator[Concept]:
    """Yield the terms a question and row point to, each once."""
    tags = dict.fromkeys([*(place.row.tags if place.row else ()), *place.question.tags])
    return (known[tag] for tag in tags if tag in known)


def concepts_for(wording: SessionFormatter, place: FocusedPlace, said: Iterable[str]) -> tuple[Concept, ...]:
    """Return the terms a place points to, then those named in what is said there, each once."""
    instrument = wording.session.instrument
    labels = {concept.id: wording.concept(concept)[0] for concept in instrument.concepts}
    near = dict.fromkeys(concept.id for concept in concepts_at(place, instrument.concept_by_id))
    named = (found.concept for found in find_terms("\n".join(said), labels, near))
    return tuple(instrument.concept_by_id[one] for one in dict.fromkeys([*near, *named]))


class PanelTab(QScrollArea):
    """A tab: builds its content for the place in focus, only while it is seen."""

    def __init__(self, controller: SessionController, wording: SessionFormatter) -> None:
        super().__init__()
        self.controller, self.wording = controller, wording
        self.texts = wording.texts
        self.place: FocusedPlace | None = None
        self._is_stale = True
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        # Its room is always kept: buttons must not move at a click because more is shown.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        give_viewport(self)
        self._content = QWidget()
        self.body = lay_out(QVBoxLayout(self._content), margins=(MEDIUM, MEDIUM, MEDIUM, LARGE), spacing=SMALL)
        self.setWidget(self._content)

    def show_place(self, place: FocusedPlace | None) -> None:
        """Take another place; it is shown at once if the tab is seen."""
        if place != self.place:
            self.flush()
            self.verticalScrollBar().setValue(0)
        self.place = place
        self.mark_stale()

    def mark_stale(self) -> None:
        """Show everything anew, now or when the tab is next seen."""
        self._is_stale = True
        if self.isVisible():
            self.refresh_if_stale()

    def refresh_if_stale(self) -> None:
        if not self._is_stale:
            return
        self._is_stale = False
        focused = self.focusWidget() if self.is_typed_in() else None
        name = focused.objectName() if focused is not None else ""
        self.fill()
        if focused is not None and not self.is_typed_in():
            self._hold_focus(name)

    def _hold_focus(self, name: str) -> None:
        """Go back to the control of this name after building anew; without one, stay in the tab."""
        again = self.findChild(QWidget, name) if name else None
        if again is not None:
            again.show()  # a layout shows it only later, and until then it takes no focus
            again.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh_if_stale()

    def fill(self) -> None:
        raise NotImplementedError

    def flush(self) -> None:
        """Store typed text now."""

    def focus_field(self, field: QWidget) -> None:
        """Put the focus into a field, and once everything has its place, bring it into view."""
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, self, self._reveal_focus)

    def _reveal_focus(self) -> None:
        focused = self.focusWidget()
        if focused is not None and focused.hasFocus() and self._content.isAncestorOf(focused):
            self.ensureWidgetVisible(focused, MEDIUM, 4 * LARGE)

    def is_typed_in(self) -> bool:
        """Return whether the focus is in a field of the tab, which must not be taken away."""
        focused = self.focusWidget()
        if focused is None or focused is self:
            return False
        return focused.hasFocus() and self.isAncestorOf(focused)

    def clear(self) -> None:
        """Take everything out; the focus must not fall to whatever comes next in the window."""
        self.empty(self._content, self.body)

    def empty(self, part: QWidget, layout: QLayout) -> None:
        """Take everything out of a part of the tab; the focus, if it was there, waits in the tab."""
        focused = self.focusWidget()
        if focused is not None and focused.hasFocus() and part.isAncestorOf(focused):
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        empty_layout(layout)

    def heading(self, text: str) -> Label:
        if self.body.count():
            self.body.addSpacing(MEDIUM)
        words = Label(text, TextRole.STRONG)
        self.body.addWidget(words)
        return words

    def line(self, text: str, role: TextRole = TextRole.BODY, *, is_muted: bool = False) -> Label:
        """Add a text that can be selected and copied."""
        words = Label(text, role, is_muted=is_muted, is_selectable=True)
        self.body.addWidget(words)
        return words

    def close_off(self) -> None:
        self.body.addStretch(1)


class SpeakerCard(Card):
    """One speaker's answer."""

    def __init__(
        self,
        place: FocusedPlace,
        answer: Answer,
        answers: Sequence[Answer],
        wording: SessionFormatter,
        choices: Sequence[CardButton] = (),
    ) -> None:
        super().__init__(margin=MEDIUM)
        self.setObjectName(f"voice {answer.key.layer.value} {answer.key.respondent}".strip())
        content, say = answer.content, wording.texts.gettext
        who = wording.respondent(answer.key.layer, answer.key.respondent)
        lay_out(self.body, Label(who, TextRole.STRONG), spacing=TIGHT)
        said = wording.content(place.question, place.field, content) or wording.state(AnswerState.NOT_ASKED)
        self._add(said, name=who)
        standing, colour = format_agreement(answer.key, answers, place, wording)
        if standing:
            words = Label(standing, TextRole.CAPTION)
            words.set_colour(colour)
            self.body.addWidget(words)
        if content.note:
            self._add(say("Note: {text}").format(text=content.note), is_quiet=True)
        if answer.key.layer is AnswerLayer.JUDGEMENT and content.reason:
            self._add(say("Reason: {text}").format(text=content.reason), is_quiet=True)
        support = format_evidence(content.evidence, wording) or _unsupported(answer, wording)
        self._add(support, is_quiet=True, tip=explain_grades(wording))
        self._add(format_time_and_author(answer.time, answer.author, wording), is_quiet=True)
        self.body.addStretch(1)
        if choices:
            self.body.addWidget(_buttons(choices))

    def _add(self, text: str, *, is_quiet: bool = False, tip: str = "", name: str = "") -> None:
        if text:
            role = TextRole.CAPTION if is_quiet else TextRole.BODY
            shown = plain_running_text(text, role, is_muted=is_quiet, name=name)
            shown.setToolTip(tip)
            self.body.addWidget(shown)


def _unsupported(answer: Answer, wording: SessionFormatter) -> str:
    return wording.evidence_grade(0) if answer.content.state is AnswerState.ANSWERED else ""


def _buttons(choices: Sequence[CardButton]) -> QWidget:
    line = Flow(TIGHT)
    for choice in choices:
        line.place(with_action(WrappingButton(choice.label), choice.name, choice.act, choice.spoken))
    return line


class RemarkCard(Card):
    """One remark: who wrote it, when, in which file, and what."""

    def __init__(
        self, remark: Remark, place: Address, controller: SessionController, wording: SessionFormatter
    ) -> None:
        super().__init__(margin=MEDIUM)
        say = wording.texts.gettext
        self.setObjectName(f"remark {remark.id}")
        who = wording.agency(remark.agency) if remark.agency else say("nobody named")
        lay_out(self.body, Label(who, TextRole.STRONG), spacing=TIGHT)
        if remark.address != str(place):
            self.body.addWidget(Label(wording.place_of(remark.address), TextRole.CAPTION))
        self.body.addWidget(plain_running_text(remark.text))
        file = getattr(controller.session.entry("returns", remark.returned), "file_name", "")
        support = (remark.author, wording.texts.short_date(remark.date) if remark.date else "", file, remark.place)
        self.body.addWidget(
            plain_running_text(" · ".join(part for part in support if part), TextRole.CAPTION, is_muted=True)
        )
        if not controller.session.is_read_only:
            remove = FlatButton(say("Remove"))
            remove.setObjectName(f"remove_remark {remark.id}")
            remove.setAccessibleName(say("Remove the comment: {text}").format(text=shorten_line(remark.text)))
            remove.clicked.connect(lambda: controller.remove("remarks", remark.id))
            self.body.addWidget(remove)


def show_remarks(
    column: QVBoxLayout,
    remarks: Iterable[Remark],
    place: Address,
    controller: SessionController,
    wording: SessionFormatter,
) -> None:
    column.addSpacing(MEDIUM)
    column.addWidget(Label(wording.texts.gettext("Comments from returned files"), TextRole.STRONG))
    for remark in remarks:
        column.addWidget(RemarkCard(remark, place, controller, wording))


_SHOWN = 20


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


_WAITING = N_("To confirm: it counts once you confirm it under the new wording.")
_RETIRED = N_("Kept as an earlier answer. It does not count.")
_ANEW = N_("Answered again since. This earlier answer is kept.")
_PUBLISHED = N_("From published sources, to confirm: it counts once the agency confirms it.")
_NOT_CONFIRMED = N_("The agency did not confirm this answer. It does not count.")


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
            shown.show_versions(*change)
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
