"""A place in focus, who said what there, and how answers, evidence and agreement are said in words."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QWidget

from capacity_app.domain.assessment.answer_rules import find_contradictions, find_counting_answers, find_later_answers
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
    GridColumn,
    GridRow,
    Instrument,
    Question,
    QuestionField,
)
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.i18n.formatter import EVIDENCE_GRADE_LABELS
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.theme.fonts_and_sizes import SMALL
from capacity_app.ui.widgets.flow import PlacingWidget


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


def say_later(answers: Sequence[Answer], wording: SessionFormatter) -> str:
    """Say which agencies answered otherwise after a judgement or validation; empty where none did."""
    later = find_later_answers(answers)
    who = wording.texts.listed(wording.respondent(one.key.layer, one.key.respondent) for one in later)
    pattern = wording.texts.gettext(
        "{who} gave a different answer later. Check that the answer that counts is still right."
    )
    return pattern.format(who=who) if later else ""


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
