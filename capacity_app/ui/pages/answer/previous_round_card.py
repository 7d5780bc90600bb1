"""The round before at a place: what was answered then, by whom, what has changed, and confirming it as unchanged."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.domain.assessment.answer_rules import effective_answer, locate
from capacity_app.domain.assessment.answers import Address, Answer, AnswerState, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError
from capacity_app.domain.questionnaire.instrument import Question, QuestionField
from capacity_app.domain.scoring.answer_sheet import AnswerSheet, lay_out_dossier
from capacity_app.domain.scoring.round_comparison import (
    ROUND_CHANGE_LABELS,
    RoundChange,
    are_comparable,
    find_question_changes,
)
from capacity_app.ui.question_widgets.panel_parts import FocusedPlace, format_time_and_author
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, TIGHT, TextRole
from capacity_app.ui.widgets.banners import Disclosure
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Card, Label
from capacity_app.ui.widgets.layouts import lay_out, with_action
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
