"""Differences of answers as the command line shows them: base, mine and theirs, word by word, and as data."""

from collections.abc import Iterable, Iterator
from typing import Any

from capacity_app.cli.speaking import say
from capacity_app.domain.answers import EMPTY, AnswerKey, Content, State
from capacity_app.domain.checking import locate
from capacity_app.domain.deciding import Difference, Fate
from capacity_app.domain.instrument import Kind
from capacity_app.domain.problems import N_
from capacity_app.domain.word_diff import Fate as WordFate
from capacity_app.domain.word_diff import word_diff
from capacity_app.services.results import problem_data
from capacity_app.wording import STATE_WORDS, Wording

FATE_WORDS: dict[Fate, str] = {
    Fate.SAME: N_("the same"),
    Fate.NEW: N_("new"),
    Fate.CHANGED: N_("changed"),
    Fate.CLEARED: N_("cleared"),
    Fate.REFUSED: N_("refused"),
}
_MARKS = {WordFate.KEPT: "{}", WordFate.REMOVED: "[-{}-]", WordFate.ADDED: "{{+{}+}}"}
"""How a piece of text stands in plain text, as in word diffs of other tools."""


def content_data(content: Content | None) -> dict[str, Any] | None:
    """Return an answer as data for other programs."""
    if content is None:
        return None
    return {
        "state": content.state.value,
        "value": list(content.value) if isinstance(content.value, tuple) else content.value,
        "reason": content.reason,
        "note": content.note,
        "evidence": list(content.evidence),
    }


def difference_data(words: Wording, difference: Difference) -> dict[str, Any]:
    """Return a difference of two answers as data for other programs."""
    key, problem = difference.key, difference.problem
    return {
        "id": difference.id,
        "address": str(key.address) if key else "",
        "number": words.place(key.address) if key else "",
        "fate": difference.fate.value,
        "contested": difference.is_contested,
        "field": difference.field,
        "place": difference.place,
        "base": content_data(difference.base.content) if difference.base else None,
        "mine": content_data(difference.mine.content),
        "theirs": content_data(difference.theirs.content),
        "problem": problem_data(problem, words.texts.gettext) if problem else None,
    }


def parts_of(words: Wording, key: AnswerKey, content: Content) -> tuple[tuple[str, str], ...]:
    """Return what an answer says part by part, each with its label; the first, the answer itself, needs none."""
    _, known = words.texts.gettext, words.dossier.evidence_by_id
    evidence = "; ".join((known[one].title or one) if one in known else one for one in content.evidence)
    labelled = ((_("Reason"), content.reason), (_("Note"), content.note), (_("Evidence"), evidence))
    return ("", _value(words, key, content)), *((f"{label}: ", text) for label, text in labelled)


def _joined(parts: Iterable[tuple[str, str]]) -> str:
    return " · ".join(f"{label}{text}" for label, text in parts if text)


def answer_words(words: Wording, key: AnswerKey, content: Content) -> str:
    """Return what an answer says, all of it in one text."""
    return _joined(parts_of(words, key, content))


def changed_words(words: Wording, key: AnswerKey, before: Content, after: Content) -> str:
    """Return what an answer says after a change, with the words that went and came marked part by part."""
    pairs = zip(parts_of(words, key, before), parts_of(words, key, after), strict=True)
    return _joined((label, marked(old, new)) for (label, old), (_label, new) in pairs)


def _value(words: Wording, key: AnswerKey, content: Content) -> str:
    target = locate(words.dossier.instrument, key.address)
    field = target.field if target is not None else None
    if content.state is State.ANSWERED and target is not None and field is not None and field.kind is not Kind.GRID:
        try:
            return words.value(target.question, field, content.value)
        except (ValueError, ArithmeticError):
            # A refused value may be anything.
            return str(content.value)
    return words.texts.gettext(STATE_WORDS[content.state])


def marked(before: str, after: str) -> str:
    """Show in plain text which words went and which came: "[-old-] {+new+}"."""
    return "".join(_MARKS[piece.fate].format(piece.text) for piece in word_diff(before, after))


def _versions(words: Wording, difference: Difference) -> Iterator[tuple[str, str]]:
    _, key = words.texts.gettext, difference.key
    assert key is not None, "the difference of an answer has its key"
    base = difference.base.content if difference.base else None
    mine, theirs = difference.mine.content or EMPTY, difference.theirs.content or EMPTY
    if base is not None and base != mine:
        yield _("before"), answer_words(words, key, base)
    yield _("here"), answer_words(words, key, mine)
    is_change = not mine.is_empty and not theirs.is_empty
    yield _("file"), changed_words(words, key, mine, theirs) if is_change else answer_words(words, key, theirs)


def tell_difference(words: Wording, difference: Difference) -> None:
    """Print a difference of two answers: where, what would become of it, and what each side says."""
    _, key = words.texts.gettext, difference.key
    if key is None:
        return
    fate = _(FATE_WORDS[difference.fate])
    if difference.is_contested:
        fate = _("{fate}, differs from the answer here, to decide").format(fate=fate)
    where = f" · {difference.place}" if difference.place else ""
    say(f"{words.place(key.address)} ({key.address}){where}: {fate}")
    versions = tuple(_versions(words, difference))
    width = max(len(label) for label, _text in versions)
    for label, text in versions:
        say(f"    {label:<{width}}  {text}")
    if difference.problem:
        say(f"    {difference.problem.text(_)}")
