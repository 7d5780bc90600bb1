"""All answers at a place side by side, the assessor's judgement, the country's validation, the round before."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.domain.assessment.answer_rules import effective_answer, find_contradictions, locate
from capacity_app.domain.assessment.answers import Address, Answer, AnswerKey, AnswerLayer, AnswerState, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError
from capacity_app.domain.questionnaire.instrument import Question, QuestionField
from capacity_app.domain.scoring.answer_sheet import AnswerItem, AnswerSheet, ItemStatus, lay_out_dossier
from capacity_app.domain.scoring.round_comparison import (
    ROUND_CHANGE_LABELS,
    RoundChange,
    are_comparable,
    find_question_changes,
)
from capacity_app.ui.pages.answer.judgement_editor import JudgementEditor, initial_content, parse_validation
from capacity_app.ui.question_widgets.earlier_answers import is_waiting, retired_answers_at
from capacity_app.ui.question_widgets.panel_cards import PanelTab, RetiredAnswerCard, SpeakerCard, show_remarks
from capacity_app.ui.question_widgets.panel_parts import (
    CardButton,
    EqualColumns,
    FocusedPlace,
    format_time_and_author,
    judgement_on,
    say_later,
    shorten_line,
)
from capacity_app.ui.question_widgets.question_parts import cleared, remarks_at, with_note
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import SessionFormatter, today
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, TIGHT, TextRole
from capacity_app.ui.widgets.banners import Disclosure
from capacity_app.ui.widgets.buttons import Button, WrappingButton
from capacity_app.ui.widgets.cards import Card, Label
from capacity_app.ui.widgets.layouts import holder_of, lay_out, with_action, with_name
from capacity_app.ui.widgets.running_text import plain_running_text

_SIGNS = {
    RoundChange.IMPROVED: ("↑", "good"),
    RoundChange.SAME: ("=", "muted"),
    RoundChange.WORSE: ("↓", "warning"),
    RoundChange.LOST: ("–", "warning"),
    RoundChange.GAINED: ("+", "good"),
    RoundChange.NEWLY_NOT_APPLICABLE: ("–", "muted"),
}
_SINCE = N_("{sign} Since then: {change}")
_DIFFERS = N_("≠ Since then: a different answer")
_EQUAL = N_("= Since then: same")


@dataclass
class PreviousRoundAnswers:
    """The round before, laid out once."""

    controller: SessionController
    _dossier: Dossier | None = None
    _sheet: AnswerSheet | None = None

    def dossier(self) -> Dossier | None:
        """Return the round before, if there is one that can be read."""
        try:
            return self.controller.session.previous
        except KnownError:
            return None

    def sheet(self, dossier: Dossier) -> AnswerSheet:
        if self._sheet is None or self._dossier is not dossier:
            self._dossier, self._sheet = dossier, lay_out_dossier(dossier)
        return self._sheet

    def offered(self, place: Address) -> Mapping[Address, Content]:
        """Return what the present agency may confirm as unchanged at a place: in a row or table, in its cells too."""
        if self.dossier() is None:
            return {}
        found = self.controller.carried.in_question(place.question)
        return {
            at: content
            for at, content in found.items()
            if place.row in {"", at.row} and place.column in {"", at.column}
        }  # fmt: skip


def _said(content: Content, question: Question, field: QuestionField | None, wording: SessionFormatter) -> str:
    return wording.content(question, field, content) or wording.state(AnswerState.NOT_ASKED)


class PreviousRoundCard(Card):
    """What the round before says at a place. ``confirmed`` tells that it was taken over."""

    confirmed = Signal()

    def __init__(
        self, place: FocusedPlace, earlier: PreviousRoundAnswers, dossier: Dossier, wording: SessionFormatter
    ) -> None:
        super().__init__(tint="raised", margin=MEDIUM, name="earlier_round", spacing=SMALL)
        self._place, self._earlier, self._dossier, self._wording = place, earlier, dossier, wording
        self._controller = earlier.controller
        say = wording.texts.gettext
        round_name = dossier.mission.round
        self.body.addWidget(Label(say("Previous round ({round})").format(round=round_name), TextRole.STRONG))
        target = locate(dossier.instrument, place.address)
        if target is None or not are_comparable(dossier.instrument, wording.session.instrument):
            unasked = (
                N_("The question was not asked then.")
                if target is None
                else N_("The previous round used another questionnaire.")
            )
            self.body.addWidget(Label(say(unasked), is_muted=True))
        if target is not None:
            self._add_answer(target.question)
        self._add_confirmation()

    def _add_answer(self, question: Question) -> None:
        answers = self._dossier.by_address.get(self._place.address, [])
        if self._place.field is None:
            self._add_cells(question)
            return
        found = effective_answer(answers, self._place.field)
        is_given = found.state is AnswerState.ANSWERED
        content = Content(state=found.state, value=found.value if is_given else None, reason=found.reason)
        said = _said(content, question, self._place.field, self._wording)
        if found.conflict:
            said = self._wording.texts.gettext("Agencies disagreed.")
        self.body.addWidget(plain_running_text(said))
        self._add_change()
        if answers:
            self._add_voices(answers, question)

    def _add_cells(self, question: Question) -> None:
        """Of a row, say each column's answer; of a table, how many there were."""
        row = self._place.row
        if row is None:
            count = sum(
                1
                for at, said in self._dossier.by_address.items()
                if at.question == question.id
                and any(answer.content.state is not AnswerState.NOT_ASKED for answer in said)
            )
            said = self._wording.ngettext("{count} answer in this table", "{count} answers in this table", count)
            self.body.addWidget(Label(said, is_muted=True))
            return
        for column in question.columns:
            answers = self._dossier.by_address.get(Address(question.id, row.id, column.id), [])
            found = effective_answer(answers, column)
            if found.state is AnswerState.NOT_ASKED:
                continue
            content = Content(state=found.state, value=found.value, reason=found.reason)
            said = self._wording.content(question, column, content, is_short=True)
            self.body.addWidget(plain_running_text(f"{self._wording.column(question, column)}: {said}"))

    def _add_voices(self, answers: Sequence[Answer], question: Question) -> None:
        label = self._wording.texts.gettext("Answers of the agencies then")
        opener = Disclosure("earlier_voices")
        opener.setAccessibleName(label)
        opener.body.addWidget(Label(label, TextRole.CAPTION))
        inside = QWidget()
        column = lay_out(QVBoxLayout(inside), margins=(MEDIUM, 0, 0, 0), spacing=TIGHT)
        for answer in answers:
            self._add_voice(column, answer, question)
        inside.hide()
        opener.toggled.connect(inside.setVisible)
        lay_out(self.body, opener, inside)

    def _add_voice(self, column: QVBoxLayout, answer: Answer, question: Question) -> None:
        content, say = answer.content, self._wording.texts.gettext
        column.addWidget(Label(self._speaker(answer), TextRole.STRONG))
        column.addWidget(plain_running_text(_said(content, question, self._place.field, self._wording)))
        if content.reason and content.state is not AnswerState.NOT_APPLICABLE:
            column.addWidget(
                plain_running_text(say("Reason: {text}").format(text=content.reason), TextRole.CAPTION, is_muted=True)
            )
        if content.note:
            column.addWidget(
                plain_running_text(say("Note: {text}").format(text=content.note), TextRole.CAPTION, is_muted=True)
            )
        for entry_id in content.evidence:
            entry = self._dossier.evidence_by_id.get(entry_id)
            if entry is not None:
                title = entry.title or entry.file_name or entry.link
                said = f"{self._wording.evidence_grade(entry.grade)}: {title}"
                column.addWidget(plain_running_text(said, TextRole.CAPTION, is_muted=True))
        when = format_time_and_author(answer.time, answer.author, self._wording)
        column.addWidget(plain_running_text(when, TextRole.CAPTION, is_muted=True))

    def _speaker(self, answer: Answer) -> str:
        """Name who spoke, from the registers of that round."""
        agency = self._dossier.agency_by_id.get(answer.key.respondent)
        if agency is not None:
            return agency.short or agency.name
        return self._wording.respondent(answer.key.layer, answer.key.respondent)

    def _add_change(self) -> None:
        sentence, colour = self._change()
        if sentence:
            words = Label(sentence, TextRole.CAPTION)
            words.set_colour(colour)
            self.body.addWidget(words)

    def _change(self) -> tuple[str, str]:
        """Return what has become of it since, and in which colour; nothing while nobody has been asked yet."""
        say, place = self._wording.texts.gettext, self._place
        present = effective_answer(self._controller.session.answers_at(place.address), place.field)
        if present.is_open:
            return "", ""
        sheet = self._earlier.sheet(self._dossier)
        changes = find_question_changes(place.question.id, sheet, self._controller.session.sheet)
        change = next((entry.change for entry in changes if entry.address == place.address), None)
        if change is not None:
            sign, colour = _SIGNS[change]
            return say(_SINCE).format(sign=sign, change=say(ROUND_CHANGE_LABELS[change])), colour
        before = effective_answer(self._dossier.by_address.get(place.address, []), place.field)
        if before.is_open:
            return "", ""
        is_equal = (before.state, before.value) == (present.state, present.value)
        return say(_EQUAL if is_equal else _DIFFERS), "muted"

    def _add_confirmation(self) -> None:
        offered = self._earlier.offered(self._place.address)
        if not offered:
            return
        say, count = self._wording.texts.gettext, len(offered)
        who = self._wording.respondent(self._controller.key(self._place.address).layer, self._controller.respondent)
        sentence = say("Unanswered in this round. If {who} says that nothing has changed:").format(who=who)
        self.body.addWidget(Label(sentence, TextRole.CAPTION, is_muted=True))
        label = say("Confirm as unchanged")
        if self._place.field is None:
            label = self._wording.ngettext(
                "Confirm {count} answer as unchanged", "Confirm {count} answers as unchanged", count
            )
        button = with_action(Button(label), "confirm_unchanged", lambda: self.confirm(offered), label)
        button.setEnabled(not self._controller.session.is_read_only)
        self.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeading)

    def confirm(self, offered: Mapping[Address, Content]) -> None:
        """Record what was answered then in the name of the present agency, as one step."""
        with self._controller.one_step():
            for address, content in offered.items():
                if not self._controller.record(self._controller.key(address), content):
                    break
        self.confirmed.emit()


_LETTERS = 30
"""Letters a card needs beside another one."""
_LAYERS = (AnswerLayer.JUDGEMENT, AnswerLayer.VALIDATED)
_BEGIN = {AnswerLayer.JUDGEMENT: N_("Record a judgement…"), AnswerLayer.VALIDATED: N_("Mark as validated…")}
_RESOLVED = {
    AnswerLayer.JUDGEMENT: N_("Resolved: the judgement counts."),
    AnswerLayer.VALIDATED: N_("Resolved: the validated answer counts."),
}


_MOST = 40
"""Cells named one by one; of more, it is said how many there are."""


class CellAnswersList(QWidget):
    """The cells of a row, or those of a table that contradict each other. ``wanted`` carries the address of one."""

    wanted = Signal(object)

    def __init__(
        self, place: FocusedPlace, controller: SessionController, wording: SessionFormatter, *, has_own: bool
    ) -> None:
        super().__init__()
        self._controller, self._wording = controller, wording
        self.setObjectName("overview")
        self._column = lay_out(QVBoxLayout(self), margins=0, spacing=SMALL)
        block = controller.session.sheet.blocks[place.question.id]
        items = [item for item in block.items if place.row is None or item.row is place.row]
        said = [item for item in items if self._answers(item)]
        if place.row is None:
            self._count(items, said)
            said = [item for item in said if item.answer.conflict]
        if not said and place.row is not None and not has_own:
            self._column.addWidget(Label(wording.texts.gettext("No answers in this row yet."), is_muted=True))
        for item in said[:_MOST]:
            self._column.addWidget(self._cell(item, is_alone=place.row is None))
        if len(said) > _MOST:
            more = wording.ngettext("and {count} more", "and {count} more", len(said) - _MOST)
            self._column.addWidget(Label(more, is_muted=True))

    def _answers(self, item: AnswerItem) -> Sequence[Answer]:
        answers = self._controller.session.answers_at(item.address)
        return [answer for answer in answers if answer.content.state is not AnswerState.NOT_ASKED]

    def _count(self, items: Iterable[AnswerItem], said: Sequence[AnswerItem]) -> None:
        wanted = [item for item in items if item.standing is ItemStatus.WANTED]
        given = sum(1 for item in wanted if item in said)
        texts, differing = self._wording.texts, sum(1 for item in said if item.answer.conflict)
        counted = texts.gettext("{given} of {wanted} answers are given.")
        self._column.addWidget(Label(counted.format(given=texts.number(given), wanted=texts.number(len(wanted)))))
        sentence = texts.gettext("No agencies disagree.")
        if differing:
            sentence = self._wording.ngettext(
                "≠ Agencies disagree in {count} place:", "≠ Agencies disagree in {count} places:", differing
            )
        words = Label(sentence, is_muted=not differing)
        words.set_colour("warning" if differing else "")
        self._column.addWidget(words)

    def _cell(self, item: AnswerItem, *, is_alone: bool) -> Disclosure:
        """Make a line one can open the cell with: its name, and below who says what."""
        label = self._wording.column(item.question, item.question.column_by_id[item.address.column])
        name = self._wording.place(item.address) if is_alone else label
        lines = [self._said(item, answer) for answer in self._answers(item)]
        opener = Disclosure(f"cell {item.address}", has_arrow=False)
        opener.setCheckable(False)
        opener.body.addWidget(Label(name, TextRole.CAPTION, is_muted=True))
        if effective_answer(self._answers(item), item.field).conflict:
            lines.append(self._wording.texts.gettext("≠ Agencies disagree. Choose an answer there."))
        for line in lines:
            words = Label(line)
            words.set_colour("warning" if line.startswith("≠") else "")
            opener.body.addWidget(words)
        opener.setAccessibleName(f"{name}: {'. '.join(lines)}")
        opener.clicked.connect(lambda: self.wanted.emit(item.address))
        return opener

    def _said(self, item: AnswerItem, answer: Answer) -> str:
        who = self._wording.respondent(answer.key.layer, answer.key.respondent)
        said = self._wording.content(item.question, item.field, answer.content, is_short=True)
        return f"{who}: {shorten_line(said)}"


def _responses(answers: Iterable[Answer]) -> list[Answer]:
    return [answer for answer in answers if answer.key.layer is AnswerLayer.RESPONSE]


class AnswersTab(PanelTab):
    """Who said what, and what follows from it. ``place_wanted`` carries the address of another place to go to."""

    place_wanted = Signal(object)

    def __init__(self, controller: SessionController, wording: SessionFormatter) -> None:
        super().__init__(controller, wording)
        self._editors: dict[AnswerLayer, JudgementEditor] = {}
        self._parts: dict[str, tuple[QWidget, QVBoxLayout]] = {}
        self._drafts: dict[AnswerKey, Content] = {}
        self._shown_for: FocusedPlace | None = None
        self._signed = ("", "")
        self._earlier = PreviousRoundAnswers(controller)
        controller.rescue_requested.connect(self._rescue)

    def fill(self) -> None:
        """Show all answers; an editor one is using stays as it is."""
        place = self.place
        if place is None or place != self._shown_for or not self._parts:
            self._begin_place(place)
        if place is None:
            return
        is_offered = bool(self._earlier.offered(place.address))
        self._show_earlier("before", place, is_wanted=is_offered)
        self._show_voices(place)
        self._show_remarks(place)
        for layer in _LAYERS if place.field is not None else ():
            self._show_layer(place, layer)
        self._show_earlier("after", place, is_wanted=not is_offered)
        self._show_kept(place)

    def _begin_place(self, place: FocusedPlace | None) -> None:
        self.clear()
        self._editors, self._parts, self._shown_for = {}, {}, place
        if place is None:
            self.line(self.texts.gettext("Go to a question to see who answered what."), is_muted=True)
            self.close_off()
            return
        for name in ("waiting", "before", "voices", "remarks", *(layer.value for layer in _LAYERS), "after", "kept"):
            column = lay_out(QVBoxLayout(), spacing=SMALL)
            self._parts[name] = part, _ = holder_of(column), column
            self.body.addWidget(part)
            part.hide()
        self.close_off()

    def _part(self, name: str) -> QVBoxLayout:
        part, column = self._parts[name]
        self.empty(part, column)
        part.show()
        return column

    def _show_voices(self, place: FocusedPlace) -> None:
        column = self._part("voices")
        answers = self.controller.session.answers_at(place.address)
        given = _responses(answers)
        column.addWidget(Label(self.texts.gettext("Answers of the agencies"), TextRole.STRONG))
        if place.field is not None:
            self._show_agreement(column, place, answers)
        if given:
            cards = [SpeakerCard(place, one, answers, self.wording, tuple(self._choices(place, one))) for one in given]
            side_by_side = EqualColumns(_LETTERS)
            for card in cards:
                side_by_side.place(card)
            column.addWidget(side_by_side)
        if place.field is None:
            overview = CellAnswersList(place, self.controller, self.wording, has_own=bool(given))
            overview.wanted.connect(self.place_wanted)
            column.addWidget(overview)
        elif not given:
            column.addWidget(Label(self.texts.gettext("No answers yet."), is_muted=True))

    def _show_remarks(self, place: FocusedPlace) -> None:
        remarks = remarks_at(self.controller, place.address)
        column = self._part("remarks")
        self._parts["remarks"][0].setVisible(bool(remarks))
        if remarks:
            show_remarks(column, remarks, place.address, self.controller, self.wording)

    def _show_agreement(self, column: QVBoxLayout, place: FocusedPlace, answers: Sequence[Answer]) -> None:
        """Say that agencies disagree and what to do, or that their disagreement is resolved."""
        effective = effective_answer(answers, place.field)
        if effective.conflict:
            said = "≠ " + self.texts.gettext("Agencies disagree. Use one of their answers, or record a judgement.")
            words = Label(said, colour="warning")
            column.addWidget(with_name(Card(words, tint="warning_tint", edge="warning", margin=MEDIUM), "conflict"))
        elif effective.layer in _RESOLVED and find_contradictions(_responses(answers), place.field):
            column.addWidget(Label(f"✓ {self.texts.gettext(_RESOLVED[effective.layer])}", colour="good"))
            if later := say_later(answers, self.wording):
                column.addWidget(Label(later, colour="warning"))

    def _choices(self, place: FocusedPlace, answer: Answer) -> Iterator[CardButton]:
        if self.controller.session.is_read_only:
            return
        say, who = self.texts.gettext, self.wording.respondent(answer.key.layer, answer.key.respondent)
        name = answer.key.respondent
        if place.field is not None and answer.content.state in {AnswerState.ANSWERED, AnswerState.NOT_APPLICABLE}:
            yield CardButton(
                f"adopt {name}",
                say("Use this answer"),
                say("Use the answer of {who}").format(who=who),
                lambda: self._begin_judgement_from(place, answer),
            )
        yield CardButton(
            f"change {name}",
            say("Change answer"),
            say("Change the answer of {who}").format(who=who),
            lambda: self._change(answer.key),
        )
        if answer.content.state is not AnswerState.NOT_ASKED:
            yield CardButton(
                f"take_back {name}",
                say("Withdraw answer"),
                say("Withdraw the answer of {who}").format(who=who),
                lambda: self.controller.record(answer.key, cleared(answer.content)),
            )

    def _change(self, key: AnswerKey) -> None:
        self.controller.respondent = key.respondent
        self.place_wanted.emit(key.address)

    def _begin_judgement_from(self, place: FocusedPlace, answer: Answer) -> None:
        """Begin a judgement with an agency's answer; it counts once the reason is written."""
        kept = self.controller.session.content(AnswerKey(place.address, AnswerLayer.JUDGEMENT))
        editor = self._open(place, AnswerLayer.JUDGEMENT)
        editor.propose(judgement_on(answer.content, kept, kept.reason))
        self.focus_field(editor.reason.field)

    def _show_layer(self, place: FocusedPlace, layer: AnswerLayer) -> None:
        key = AnswerKey(place.address, layer)
        is_said = not self.controller.session.content(key).is_empty or key in self._drafts
        editor = self._editors.get(layer)
        is_used = editor is not None and editor.isAncestorOf(self.focusWidget() or self)
        if editor is not None and (is_said or is_used):
            editor.refresh()
        elif is_said:
            self._open(place, layer)
        else:
            self._offer(place, layer)

    def _offer(self, place: FocusedPlace, layer: AnswerLayer) -> None:
        self._editors.pop(layer, None)
        column = self._part(layer.value)
        self._head(column, layer)
        button = WrappingButton(self.texts.gettext(_BEGIN[layer]))
        button.setEnabled(not self.controller.session.is_read_only)
        column.addWidget(with_action(button, f"begin {layer.value}", lambda: self._begin(place, layer)))

    def _head(self, column: QVBoxLayout, layer: AnswerLayer) -> None:
        column.addSpacing(MEDIUM)
        column.addWidget(Label(self.wording.respondent(layer, ""), TextRole.STRONG))

    def _open(self, place: FocusedPlace, layer: AnswerLayer) -> JudgementEditor:
        """Show the editor of a layer, the one that is there if there is one."""
        editor = self._editors.get(layer)
        if editor is not None:
            return editor
        column = self._part(layer.value)
        self._head(column, layer)
        editor = JudgementEditor(self.controller, self.wording, place, layer, self._drafts)
        editor.emptied.connect(lambda: self._emptied(place, layer))
        self._editors[layer] = editor
        column.addWidget(editor)
        editor.show()  # a layout shows it only later, and until then it takes no focus
        return editor

    def begin_judgement(self) -> None:
        """Begin a judgement at the place shown."""
        self.refresh_if_stale()
        if self.place is not None and self.place.field is not None:
            self._begin(self.place, AnswerLayer.JUDGEMENT)

    def _begin(self, place: FocusedPlace, layer: AnswerLayer) -> None:
        """Begin with what counts now; where answers differ, with nothing."""
        content = initial_content(effective_answer(self.controller.session.answers_at(place.address), place.field))
        editor = self._open(place, layer)
        by, date = self._signature() if layer is AnswerLayer.VALIDATED else ("", "")
        editor.propose(content, by, date)
        is_open = content.state is AnswerState.NOT_ASKED
        target = (editor.editor or editor.reason.field) if is_open else editor.reason.field
        self.focus_field(target)

    def _signature(self) -> tuple[str, str]:
        """Propose who confirms and when: as the last time in this sitting, else whom the mission names, today."""
        by, date = self._signed
        return by or self.controller.session.mission.validated_by, date or today()

    def _emptied(self, place: FocusedPlace, layer: AnswerLayer) -> None:
        self._offer(place, layer)
        begin = self.findChild(Button, f"begin {layer.value}")
        if begin is not None:
            begin.show()
            begin.setFocus()

    def _show_earlier(self, name: str, place: FocusedPlace, *, is_wanted: bool) -> None:
        dossier = self._earlier.dossier()
        if dossier is None or not is_wanted:
            self.empty(*self._parts[name])
            self._parts[name][0].hide()
            return
        column = self._part(name)
        if name == "after":
            column.addSpacing(MEDIUM)
        column.addWidget(PreviousRoundCard(place, self._earlier, dossier, self.wording))

    def _show_kept(self, place: FocusedPlace) -> None:
        """Show what was said here under an earlier version of the questions, above all if it waits."""
        kept = retired_answers_at(self.controller, place.address)
        waiting = [entry for entry in kept if is_waiting(entry, self.controller)]
        for name, entries in (("waiting", waiting), ("kept", [entry for entry in kept if entry not in waiting])):
            column = self._part(name)
            self._parts[name][0].setVisible(bool(entries))
            if entries:
                column.addWidget(Label(self.texts.gettext("Answers of an earlier version"), TextRole.STRONG))
            for entry in entries:
                column.addWidget(RetiredAnswerCard(entry, self.controller, self.wording))

    def flush(self) -> None:
        for editor in self._editors.values():
            editor.flush()
        validation = self._editors.get(AnswerLayer.VALIDATED)
        if validation is not None and not validation.is_draft and validation.content().reason:
            self._signed = parse_validation(validation.content().reason)

    def _rescue(self) -> None:
        """Put what was typed as an answer and never signed into the note, so that nothing typed is lost."""
        for key, draft in tuple(self._drafts.items()):
            said = self._typed(key.address, draft)
            if said:
                del self._drafts[key]
                self.controller.record(key, with_note(self.controller.session.content(key), said))

    def _typed(self, address: Address, draft: Content) -> str:
        question = self.controller.session.instrument.question_by_id[address.question]
        field = question.column_by_id.get(address.column, question)
        return str(draft.value) if field.kind.info.is_typed and draft.value is not None else ""
