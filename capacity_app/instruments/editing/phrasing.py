"""How questions are put: two asks in one, negatives, and words that lead. English only; silent rather than wrong."""

import re

from capacity_app.domain.instrument import Instrument, Kind, Question
from capacity_app.domain.problems import N_
from capacity_app.instruments.editing.kinds import RemarkKind, Remarks
from capacity_app.instruments.editing.measures import is_english, sentences
from capacity_app.instruments.editing.spots import question_place, questions

_YES_NO = frozenset({Kind.YES_NO, Kind.YES_PARTLY_NO})
_ONE_ANSWER = _YES_NO | {Kind.LEVEL, Kind.CHOICE}
_VERBS = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|must|may)"
_ASKS = r"(?:how|what|which|who|whom|whose|when|where|why)"
_TWO_CLAUSES = re.compile(
    rf"\b(?:and|or) (?:also )?(?:{_VERBS} (?:it|they|this|these|those|that|there|the|any|all|you|your|its|their)\b|"
    rf"(?:if so,? )?{_ASKS} (?:\w+ ){{0,2}}{_VERBS}\b)",
    re.IGNORECASE,
)
"""A second clause: "and does it …", "and how often are …"."""
_LADDER = re.compile(
    rf"\b(?:and|or) (?:also )?(?:{_VERBS} (?:it|they|this|these|those|that)\b|(?:if so,? )?when\b)", re.IGNORECASE
)
"""A second clause about what the first asks for: a step up, which "partly", a level or an option can answer."""
_TWO_DEEDS = re.compile(
    r"\b(?!need|seed|feed|breed|speed|hundred|indeed|proceed|exceed|red\b|bed\b)(\w{2,}ed),? (?:and|or) "
    r"(?:\w+ly )?(\w{2,}ed)\b",
    re.IGNORECASE,
)
"""Two things done: "collected and published"."""
_PAIRED = frozenset({
    "recorded and kept", "tried and tested", "agreed and signed", "signed and dated", "so-called",
    "unemployed and employed", "employed and unemployed", "documented and undocumented", "skilled and unskilled",
    "based", "related", "mixed", "limited", "advanced", "united", "married", "divorced",
})  # fmt: skip
"""Pairs, and words, that are one thing."""
_NEGATIVE = re.compile(
    r"\b(?:not(?! only\b| just\b| yet\b|-)|never|nobody|no one|nothing|\w+n['’]t)\b|\b(?:is|are) there no\b",
    re.IGNORECASE,
)
_OR_NOT = re.compile(r"\bwhether or not\b|\bor not\b|\bif not\b", re.IGNORECASE)
_LEADING = re.compile(
    r"^(?:do(?: you)? agree\b|don['’]t (?:you|we)\b|isn['’]t\b|aren['’]t\b|wouldn['’]t\b|shouldn['’]t\b|surely\b|"
    r"would you not\b|do you not\b|is it not\b)|\b(?:of course|obviously|as everybody knows|surely|needless to say|"
    r"do you agree that|don['’]t you (?:think|agree))\b",
    re.IGNORECASE,
)


def note_phrasing(instrument: Instrument, remarks: Remarks) -> None:
    """Note questions that are put so that the answer says little."""
    if not is_english(instrument):
        return
    for section, question in questions(instrument):
        place = question_place(section, question)
        if question.kind in _ONE_ANSWER:
            _note_two(question, place, remarks)
        if question.kind in _YES_NO:
            _note_negative(question, place, remarks)
        _note_leading(question, place, remarks)


def _asking(question: Question) -> list[str]:
    """Give the sentences of a question that ask, without what stands in brackets."""
    plain = re.sub(r"\([^()]*\)", "", question.text)
    asked = [sentence for sentence in sentences(plain) if sentence.rstrip('"”’ ').endswith("?")]
    return asked or list(sentences(plain))


def _note_two(question: Question, place: str, remarks: Remarks) -> None:
    asked = _asking(question)
    if _asks_twice(asked, question.kind):
        message = N_("It asks two things and takes one answer, so a half cannot be told from the whole: “{text}”")
        advice = N_("Make two questions of it, or leave out what follows from the other.")
        remarks.note(RemarkKind.PHRASING, "two", place, message, advice, text=" ".join(asked))


def _asks_twice(asked: list[str], kind: Kind) -> bool:
    text = " ".join(asked)
    if sum(sentence.rstrip('"”’ ').endswith("?") for sentence in asked) > 1:
        return True
    clause = _TWO_CLAUSES.search(text)
    if kind is not Kind.YES_NO:
        # With "partly", or a sentence for each level, a half has its answer.
        return clause is not None and not _LADDER.match(clause[0])
    deeds = _TWO_DEEDS.search(text)
    return clause is not None or (deeds is not None and not _is_one(deeds))


def _is_one(deeds: re.Match[str]) -> bool:
    pair = deeds[0].casefold()
    return pair in _PAIRED or deeds[1].casefold() in _PAIRED or deeds[2].casefold() in _PAIRED


def _note_negative(question: Question, place: str, remarks: Remarks) -> None:
    text = _OR_NOT.sub("", " ".join(_asking(question)))
    found = _NEGATIVE.search(text)
    if found:
        message = N_("A “no” to a question with “{word}” may mean either: “{text}”")
        advice = N_("Ask for what is there instead of what is missing.")
        remarks.note(RemarkKind.PHRASING, "negative", place, message, advice, word=found[0], text=question.text)


def _note_leading(question: Question, place: str, remarks: Remarks) -> None:
    for text in (*_asking(question), *sentences(question.respondent_help)):
        found = _LEADING.search(text)
        if found:
            message = N_("“{word}” says which answer is wanted, so one gets it: “{text}”")
            advice = N_("Ask so that every answer is as easy to give as the others.")
            remarks.note(RemarkKind.PHRASING, "leading", place, message, advice, word=found[0], text=text)
            return
