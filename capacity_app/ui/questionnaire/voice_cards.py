"""What one speaker says at a place, on a card of its own: the answer, how it stands to the others, and its support."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QWidget

from capacity_app.domain.answers import OPEN_STATES, Answer, AnswerKey, Layer, State
from capacity_app.domain.assessment import Evidence
from capacity_app.domain.disagreement import contradictions, counting
from capacity_app.domain.effective import FREE_KINDS
from capacity_app.domain.instrument import Field, Question
from capacity_app.domain.problems import N_
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.flow import Flow, Placed
from capacity_app.ui.look.quiet_button import QuietButton
from capacity_app.ui.look.theme import MEDIUM, SMALL, TIGHT, Role
from capacity_app.ui.questionnaire.panel import Place
from capacity_app.ui.questionnaire.passage import passage
from capacity_app.ui.wording import Wording

_COUNTS = {
    Layer.RESPONSE: N_("✓ Counts as the answer"),
    Layer.JUDGEMENT: N_("✓ Counts as the answer, by judgement"),
    Layer.VALIDATED: N_("✓ Counts as the answer, confirmed by the country"),
}


_LONGEST = 140


@dataclass(frozen=True, slots=True)
class Voice:
    """One answer of somebody else: who, and what they say."""

    layer: Layer
    who: str
    what: str


def shortened(text: str, most: int = _LONGEST) -> str:
    """Return a text on one line, ended by "…" if it is too long for one."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"


def other_voices(
    answers: Iterable[Answer], respondent: str, wording: Wording, question: Question, field: Field | None
) -> list[Voice]:
    """List what others than the present respondent say: other agencies, the assessor, the country."""
    others = (
        answer
        for answer in answers
        if answer.content.state is not State.NOT_ASKED
        and not (answer.key.layer is Layer.RESPONSE and answer.key.respondent == respondent)
    )
    ranked = sorted(others, key=lambda answer: tuple(Layer).index(answer.key.layer))
    return [
        Voice(
            answer.key.layer,
            wording.respondent(answer.key.layer, answer.key.respondent),
            shortened(wording.content(question, field, answer.content, is_short=True)),
        )
        for answer in ranked
    ]


def said_by_others(voices: Iterable[Voice], wording: Wording) -> str:
    """Write the voices as lines of text."""
    pattern = {
        Layer.RESPONSE: wording.texts.gettext("Also answered by {who}: {what}"),
        Layer.JUDGEMENT: wording.texts.gettext("{who}: {what}"),
        Layer.VALIDATED: wording.texts.gettext("{who}: {what}"),
    }
    return "\n".join(pattern[voice.layer].format(who=voice.who, what=voice.what) for voice in voices)


@dataclass(frozen=True, slots=True)
class Choice:
    """A button of a card: its name for tests and focus, its label, what a screen reader says, and what it does."""

    name: str
    label: str
    spoken: str
    act: Callable[[], object]


def standing_words(key: AnswerKey, answers: Sequence[Answer], place: Place, wording: Wording) -> tuple[str, str]:
    """Return how an answer stands to the others, and in which of the ``Colours``; empty for one that stands alone."""
    say = wording.texts.gettext
    if key in counting(answers, place.field):
        return (say(_COUNTS[key.layer]), "good") if len(answers) > 1 else ("", "")
    against = contradictions(answers, place.field).get(key, ())
    concluded = [other for other in counting(answers, place.field) if other.layer is not Layer.RESPONSE]
    named = [other for other in against if not concluded or other in concluded]
    if named:
        who = wording.texts.listed(wording.respondent(other.layer, other.respondent) for other in named)
        return say("≠ Differs from: {who}").format(who=who), "warning"
    is_given = any(answer.key == key and answer.content.state not in OPEN_STATES for answer in answers)
    if concluded and is_given and not _is_free(place):
        who = wording.respondent(concluded[0].layer, concluded[0].respondent)
        return say("= As: {who}").format(who=who), "good"
    return "", ""


def _is_free(place: Place) -> bool:
    return place.field is not None and place.field.kind in FREE_KINDS


def evidence_words(evidence: Sequence[str], wording: Wording) -> str:
    """List evidence with its grades in words, one line each."""
    lines = []
    for entry_id in evidence:
        entry = wording.session.entry("evidence", entry_id)
        grade = wording.evidence_grade(entry.grade) if isinstance(entry, Evidence) else ""
        lines.append(f"{grade}: {wording.evidence(entry_id)}" if grade else wording.evidence(entry_id))
    return "\n".join(lines)


def when_and_who(time: str, author: str, wording: Wording) -> str:
    """Return when something was written down, and by whom."""
    author = author or wording.texts.gettext("nobody named")
    return " · ".join(part for part in (wording.texts.date_time(time), author) if part)


class SideBySide(Placed):
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


class VoiceCard(Card):
    """One speaker's answer."""

    def __init__(
        self, place: Place, answer: Answer, answers: Sequence[Answer], wording: Wording, choices: Sequence[Choice] = ()
    ) -> None:
        super().__init__(margin=MEDIUM)
        self.setObjectName(f"voice {answer.key.layer.value} {answer.key.respondent}".strip())
        self.body.setSpacing(TIGHT)
        content, say = answer.content, wording.texts.gettext
        who = wording.respondent(answer.key.layer, answer.key.respondent)
        self.body.addWidget(Words(who, Role.STRONG))
        said = wording.content(place.question, place.field, content) or wording.state(State.NOT_ASKED)
        self._add(said)
        standing, colour = standing_words(answer.key, answers, place, wording)
        if standing:
            words = Words(standing, Role.CAPTION)
            words.set_colour(colour)
            self.body.addWidget(words)
        if content.note:
            self._add(say("Note: {text}").format(text=content.note), is_quiet=True)
        if answer.key.layer is Layer.JUDGEMENT and content.reason:
            self._add(say("Reason: {text}").format(text=content.reason), is_quiet=True)
        support = evidence_words(content.evidence, wording) or _unsupported(answer, wording)
        self._add(support, is_quiet=True)
        self._add(when_and_who(answer.time, answer.author, wording), is_quiet=True)
        self.body.addStretch(1)
        if choices:
            self.body.addWidget(_buttons(choices))

    def _add(self, text: str, *, is_quiet: bool = False) -> None:
        if text:
            self.body.addWidget(passage(text, Role.CAPTION if is_quiet else Role.BODY, is_muted=is_quiet))


def _unsupported(answer: Answer, wording: Wording) -> str:
    return wording.evidence_grade(0) if answer.content.state is State.ANSWERED else ""


def _buttons(choices: Sequence[Choice]) -> QWidget:
    line = Flow(TIGHT)
    for choice in choices:
        button = QuietButton(choice.label)
        button.setObjectName(choice.name)
        button.setAccessibleName(choice.spoken)
        button.clicked.connect(lambda _on=False, act=choice.act: act())
        line.place(button)
    return line
