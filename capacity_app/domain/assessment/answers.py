"""Answers: their address, state, value and respondent."""

import unicodedata
from collections.abc import Iterable
from dataclasses import field, replace
from enum import StrEnum

from capacity_app.domain.fast_dataclass import dataclass

TEXT_LIMIT = 20_000
"""Characters in one text; editors show a counter, longer input is refused, never cut."""

AnswerValue = int | str | tuple[str, ...] | None
"""Level, number or year as int; choice, yes/no, text, date, percent as str; checklist and pickers as tuple of ids."""


class AnswerState(StrEnum):
    """What is known about an answer. The last three are open: never zero, never dropped."""

    ANSWERED = "answered"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"
    DECLINED = "declined"
    NOT_ASKED = "not_asked"


OPEN_STATES = frozenset({AnswerState.UNKNOWN, AnswerState.DECLINED, AnswerState.NOT_ASKED})


class AnswerLayer(StrEnum):
    """Who speaks: an agency, the assessor concluding, or the country confirming."""

    RESPONSE = "response"
    JUDGEMENT = "judgement"
    VALIDATED = "validated"


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """Where an answer stands: a question, or a cell (row and column) or a whole row of a grid."""

    question: str
    row: str = ""
    column: str = ""

    def __str__(self) -> str:
        question, row, column = self.question, self.row, self.column
        if not row and not column:
            return question
        if question and row:
            return f"{question}/{row}/{column}" if column else f"{question}/{row}"
        return "/".join(part for part in (question, row, column) if part)

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Read "iv.policy/a/available"; raises ValueError on anything else than one to three parts."""
        parts = text.split("/")
        if not 1 <= len(parts) <= 3 or not all(parts):  # noqa: PLR2004 - question, row, column
            raise ValueError(text)
        return cls(*parts)


@dataclass(frozen=True, slots=True, order=True)
class AnswerKey:
    """One answer's identity: the address, the layer and, for a response, the agency's id."""

    address: Address
    layer: AnswerLayer = AnswerLayer.RESPONSE
    respondent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What an answer says. ``reason`` is why it does not apply, or why the assessor judged so.

    ``evidence`` holds ids of evidence entries. A whole row that is preset as not applicable is made
    applicable by the state ``answered`` without a value. Where nothing is answered, a text as ``value`` is what was
    typed and cannot be read as an answer: it counts as nothing, and is kept until somebody corrects or clears it.
    """

    state: AnswerState = AnswerState.NOT_ASKED
    value: AnswerValue = None
    reason: str = ""
    note: str = ""
    evidence: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self.state is AnswerState.NOT_ASKED and self == EMPTY_CONTENT

    @property
    def unread(self) -> str:
        """The text that was typed as the answer and cannot be read as one; empty where there is none."""
        return self.value if self.state is AnswerState.NOT_ASKED and isinstance(self.value, str) else ""


EMPTY_CONTENT = Content()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer with its author, its time (UTC, ISO 8601) and the language of the wording it answered.

    ``earlier`` is what was said before, oldest first, each with its time; only a file that knows the history has it.
    """

    key: AnswerKey
    content: Content
    author: str = ""
    time: str = ""
    language: str = ""
    earlier: tuple[tuple[str, Content], ...] = field(default=(), compare=False)


_OVERRIDES = "\u202d\u202e"


def clean_text(text: str) -> str:
    """Normalise typed text: NFC, line feeds, no control characters, lone surrogates or directional overrides.

    Directional marks and joiners stay: Arabic and Persian need them. An override shows letters in another order than
    they stand in, which no language needs and whoever disguises a file's name does.
    """
    if text.isprintable():
        # Nothing to take out, as in nearly every text: thirty times as fast.
        return unicodedata.normalize("NFC", text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in text if c in "\n\t" or not (unicodedata.category(c) in {"Cc", "Cs"} or c in _OVERRIDES))
    return unicodedata.normalize("NFC", "".join(c for c in kept if ord(c) & 0xFFFE != 0xFFFE))  # noqa: PLR2004


def tidy_text(text: str) -> str:
    """Clean a text as a typed one, without blanks at the ends of its lines and empty lines around it."""
    return "\n".join(line.rstrip() for line in clean_text(text).strip().split("\n"))


def clean_value(value: AnswerValue) -> AnswerValue:
    """Clean the text of a value; an empty text is no value, an empty checklist is one (none of these)."""
    if isinstance(value, str):
        return clean_text(value) or None
    if isinstance(value, tuple):
        return tuple(clean_text(part) for part in value)
    return value


def clean_content(content: Content) -> Content:
    """Clean all text of an answer; only a given answer keeps a value, and an open one a text that cannot be read."""
    value = clean_value(content.value if content.state is AnswerState.ANSWERED else content.unread.strip())
    return replace(content, value=value, reason=clean_text(content.reason).strip(), note=clean_text(content.note))


def answers_by_address(answers: Iterable[Answer]) -> dict[Address, list[Answer]]:
    """Group answers by the place they stand."""
    grouped: dict[Address, list[Answer]] = {}
    for answer in answers:
        grouped.setdefault(answer.key.address, []).append(answer)
    return grouped
