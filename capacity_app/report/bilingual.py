"""A second language in the report: questions, chosen answers and titles once more, below the first language.

The second stands in its own direction. What is not worded in it is printed once, in the language there is.
"""

from capacity_app.bilingual import TwoWordings, beside, second_texts
from capacity_app.domain.answers import Value
from capacity_app.domain.instrument import Field, Kind, Question
from capacity_app.wording import Wording

__all__ = ["TwoWordings", "beside", "second_texts", "value_beside"]

_WORDED = frozenset({Kind.LEVEL, Kind.CHOICE, Kind.CHECKLIST, Kind.YES_NO, Kind.YES_PARTLY_NO})


def value_beside(words: Wording, question: Question, field: Field, value: Value) -> str:
    """Say a chosen level or option in the second language; what was typed reads the same in both."""
    if field.kind not in _WORDED or value is None:
        return ""
    if field.kind is Kind.LEVEL and isinstance(value, int):
        return beside(words, lambda one: one.anchor(question, field, value))
    return beside(words, lambda one: one.value(question, field, value))
