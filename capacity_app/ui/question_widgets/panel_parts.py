"""What the tabs of the panel beside the questions share: the place in focus, and a card for each speaker's answer."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from PySide6.QtCore import QRect, QSize, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QVBoxLayout, QWidget

from capacity_app.domain.assessment.answer_rules import find_contradictions, find_counting_answers
from capacity_app.domain.assessment.answers import (
    OPEN_STATES,
    Address,
    Answer,
    AnswerKey,
    AnswerLayer,
    AnswerState,
    Content,
)
from capacity_app.domain.assessment.registers import Evidence
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import (
    Concept,
    GridColumn,
    GridRow,
    Instrument,
    Question,
    QuestionField,
)
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.questionnaire.search import find_terms
from capacity_app.i18n.formatter import EVIDENCE_GRADE_LABELS
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TIGHT, TextRole
from capacity_app.ui.widgets.buttons import WrappingButton
from capacity_app.ui.widgets.cards import Card, Label
from capacity_app.ui.widgets.flow import Flow, PlacingWidget
from capacity_app.ui.widgets.layouts import empty_layout, give_viewport, lay_out, with_action
from capacity_app.ui.widgets.running_text import plain_running_text

# What the tabs of the panel beside the questions have in common: a place in focus, and a column that scrolls.


@dataclass(frozen=True)
class FocusedPlace:
    """A question, row or cell in focus; ``field`` is None where only "does not apply" can be said."""

    address: Address
    question: Question
    row: GridRow | None
    column: GridColumn | None

    @property
    def field(self) -> QuestionField | None:
        if self.column is not None:
            return self.column
        return self.question if self.row is None and self.question.kind is not AnswerKind.GRID else None


def focused_place_of(instrument: Instrument, address: Address) -> FocusedPlace | None:
    """Find the question, row and column of an address."""
    question = instrument.question_by_id.get(address.question)
    if question is None:
        return None
    row = question.row_by_id.get(address.row)
    return FocusedPlace(address, question, row, question.column_by_id.get(address.column) if row else None)


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


_COUNTS = {
    AnswerLayer.RESPONSE: N_("✓ Counts as the answer"),
    AnswerLayer.JUDGEMENT: N_("✓ Counts as the answer, by judgement"),
    AnswerLayer.VALIDATED: N_("✓ Counts as the answer, validated by the country"),
}


_LONGEST = 140
_LONGEST_TAG = 12


@dataclass(frozen=True, slots=True)
class Voice:
    """One speaker's answer at a place: who it is, in full and for the end of a line, and whether it counts."""

    key: AnswerKey
    who: str
    tag: str
    content: Content
    counts: bool
    is_own: bool


def shorten_line(text: str, most: int = _LONGEST) -> str:
    """Return a text on one line, ended by "…" if it is too long for one."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"


_LAYER_TAGS = {
    AnswerLayer.RESPONSE: "",
    AnswerLayer.JUDGEMENT: N_("Judgement"),
    AnswerLayer.VALIDATED: N_("Validated"),
}


def initials(name: str) -> str:
    """Return a name short enough to stand on an answer: as it is, by its capitals, or shortened."""
    if len(name) <= _LONGEST_TAG:
        return name
    capitals = "".join(word[0] for word in name.split() if word[0].isupper())
    return capitals if len(capitals) > 1 else shorten_line(name, _LONGEST_TAG)


def voices_at(
    answers: Sequence[Answer], respondent: str, field: QuestionField | None, wording: SessionFormatter
) -> tuple[Voice, ...]:
    """Return who says what at a place, what counts first; nothing where the present respondent alone speaks."""
    given = [answer for answer in answers if answer.content.state is not AnswerState.NOT_ASKED]
    counting = find_counting_answers(given, field)
    own = AnswerLayer.RESPONSE, respondent
    voices = [
        Voice(
            answer.key,
            wording.respondent(answer.key.layer, answer.key.respondent),
            wording.texts.gettext(_LAYER_TAGS[answer.key.layer])
            if answer.key.layer is not AnswerLayer.RESPONSE
            else initials(wording.respondent(answer.key.layer, answer.key.respondent)),
            answer.content,
            answer.key in counting,
            (answer.key.layer, answer.key.respondent) == own,
        )
        for answer in given
    ]
    if all(voice.is_own for voice in voices):
        return ()
    layers = tuple(AnswerLayer)
    return tuple(sorted(voices, key=lambda voice: (-layers.index(voice.key.layer), not voice.is_own)))


def is_of_others(voices: Sequence[Voice], respondent: str) -> bool:
    """Return whether other agencies have answered what the present one, if any, has not, and nobody has settled it."""
    if not respondent or not voices:
        return False
    return not any(voice.is_own or voice.key.layer is not AnswerLayer.RESPONSE for voice in voices)


def judgement_on(answer: Content, kept: Content, reason: str) -> Content:
    """Return the judgement that an answer is right; note and evidence of a judgement already there stay."""
    evidence = kept.evidence or answer.evidence
    return Content(state=answer.state, value=answer.value, reason=reason, note=kept.note, evidence=evidence)


@dataclass(frozen=True, slots=True)
class CardButton:
    """A button of a card: its name for tests and focus, its label, what a screen reader says, and what it does."""

    name: str
    label: str
    spoken: str
    act: Callable[[], object]


def format_agreement(
    key: AnswerKey, answers: Sequence[Answer], place: FocusedPlace, wording: SessionFormatter
) -> tuple[str, str]:
    """Return how an answer stands to the others, and in which of the ``Colours``; empty for one that stands alone."""
    say = wording.texts.gettext
    if key in find_counting_answers(answers, place.field):
        return (say(_COUNTS[key.layer]), "good") if len(answers) > 1 else ("", "")
    against = find_contradictions(answers, place.field).get(key, ())
    concluded = [
        other for other in find_counting_answers(answers, place.field) if other.layer is not AnswerLayer.RESPONSE
    ]
    named = [other for other in against if not concluded or other in concluded]
    if named:
        who = wording.texts.listed(wording.respondent(other.layer, other.respondent) for other in named)
        return say("≠ Differs from: {who}").format(who=who), "warning"
    is_given = any(answer.key == key and answer.content.state not in OPEN_STATES for answer in answers)
    if concluded and is_given and not _is_free(place):
        who = wording.respondent(concluded[0].layer, concluded[0].respondent)
        return say("= As: {who}").format(who=who), "good"
    return "", ""


def _is_free(place: FocusedPlace) -> bool:
    return place.field is not None and place.field.kind.info.is_complementary


def format_evidence(evidence: Sequence[str], wording: SessionFormatter) -> str:
    lines = []
    for entry_id in evidence:
        entry = wording.session.entry("evidence", entry_id)
        grade = wording.evidence_grade(entry.grade) if isinstance(entry, Evidence) else ""
        lines.append(f"{grade}: {wording.evidence(entry_id)}" if grade else wording.evidence(entry_id))
    return "\n".join(lines)


def explain_grades(wording: SessionFormatter) -> str:
    """Return what the signs E0 to E3 mean, for whoever rests the mouse on one."""
    return "\n".join(wording.evidence_grade(grade) for grade in range(len(EVIDENCE_GRADE_LABELS)))


def format_time_and_author(time: str, author: str, wording: SessionFormatter) -> str:
    author = author or wording.texts.gettext("nobody named")
    return " · ".join(part for part in (wording.texts.date_time(time), author) if part)


class EqualColumns(PlacingWidget):
    """Cards in as many equal columns as the width allows, those of one line equally high."""

    def __init__(self, letters: int) -> None:
        super().__init__(SMALL)
        self._letters = letters

    def spots(self, width: int) -> list[tuple[QWidget, QRect]]:
        cards = self.shown()
        widest = self._letters * self.fontMetrics().averageCharWidth()
        columns = max(1, min(len(cards), (width + self.spacing) // (widest + self.spacing)))
        across = (width - (columns - 1) * self.spacing) // columns
        found: list[tuple[QWidget, QRect]] = []
        y = 0
        for start in range(0, len(cards), columns):
            line = cards[start : start + columns]
            high = max(card.heightForWidth(across) for card in line)
            steps = (place * (across + self.spacing) for place in range(len(line)))
            found += [(card, QRect(x, y, across, high)) for card, x in zip(line, steps, strict=True)]
            y += high + self.spacing
        return found

    def sizeHint(self) -> QSize:
        width = max(self.width() if self.isVisible() else 0, self.minimumSizeHint().width(), 1)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(max((card.minimumSizeHint().width() for card in self.shown()), default=0), 0)


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
