"""Who said what at a place: one voice needs no line of its own, several get one each."""

from collections.abc import Iterable, Iterator, Sequence

from capacity_app.domain.answers import Address, Answer, Layer, State
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.effective import Effective
from capacity_app.domain.instrument import Question, Row
from capacity_app.domain.problems import N_
from capacity_app.domain.sheet import Block
from capacity_app.wording import Wording

Voice = tuple[Layer, str]
_LAYERS = tuple(Layer)


def said_at(appraisal: Appraisal, address: Address) -> list[Answer]:
    """Return the answers at a place that say anything: responses, then the judgement, then the validated answer."""
    given = (answer for answer in appraisal.dossier.by_address.get(address, ()) if not answer.content.is_empty)
    return sorted(given, key=lambda answer: (_LAYERS.index(answer.key.layer), answer.key.respondent))


def voice_of(answer: Answer) -> Voice:
    return answer.key.layer, answer.key.respondent


def voices_of(answers: Iterable[Answer]) -> tuple[Voice, ...]:
    return tuple(sorted({voice_of(answer) for answer in answers}, key=lambda v: (_LAYERS.index(v[0]), v[1])))


def name_of(words: Wording, voice: Voice) -> str:
    return words.respondent(*voice)


def counting(found: Effective, answers: Sequence[Answer]) -> list[Answer]:
    """Return the answers that make the one that counts; none where nothing is settled."""
    if found.layer is None or found.conflict:
        return []
    same = [a for a in answers if a.key.layer is found.layer and a.content.state is found.state]
    if found.layer is not Layer.RESPONSE:
        return same[:1]
    return same


def names(words: Wording, voices: Iterable[Voice]) -> str:
    return words.texts.listed(dict.fromkeys(name_of(words, voice) for voice in voices))


def sources(appraisal: Appraisal, words: Wording, ids: Iterable[str]) -> str:
    """List evidence by number, grade and title, one to a line."""
    return "\n".join(_source(appraisal, words, entry) for entry in dict.fromkeys(ids))


def _source(appraisal: Appraisal, words: Wording, entry_id: str) -> str:
    entry = appraisal.dossier.evidence_by_id.get(entry_id)
    if entry is None:
        return words.say(N_("{id} (no longer in the register)"), id=entry_id)
    title = entry.title or entry.file_name or entry.link
    return f"[{appraisal.evidence_numbers[entry_id]}] E{entry.grade} {title}".rstrip()


def said_in_row(appraisal: Appraisal, question: Question, row: Row) -> list[Answer]:
    """Return everything said about a row of a table: as a whole, and in its cells."""
    whole = said_at(appraisal, Address(question.id, row.id))
    cells = (said_at(appraisal, Address(question.id, row.id, column.id)) for column in question.columns)
    return whole + [answer for found in cells for answer in found]


def row_voices_that_count(block: Block, row: Row, answers: Sequence[Answer]) -> tuple[Voice, ...]:
    """Return whose answers count in a row of a table."""
    found = {item.address: item.answer for item in block.items if item.row is row}
    kept = []
    for answer in answers:
        settled = found.get(answer.key.address)
        if settled is None or answer in counting(settled, answers_at(answers, answer.key.address)):
            kept.append(answer)
    return voices_of(kept)


def answers_at(answers: Iterable[Answer], address: Address) -> list[Answer]:
    """Return the answers of one place among those of a row."""
    return [answer for answer in answers if answer.key.address == address]


def notes(words: Wording, question: Question, answers: Iterable[Answer]) -> str:
    """Join what was noted in a row of a table; what concerns one column says so."""
    return "\n".join(_notes(words, question, answers))


def _notes(words: Wording, question: Question, answers: Iterable[Answer]) -> Iterator[str]:
    for answer, _, text in noted(answers):
        column = question.column_by_id.get(answer.key.address.column)
        yield f"{words.column(question, column)}: {text}" if column else text


def noted(answers: Iterable[Answer]) -> Iterator[tuple[Answer, str, str]]:
    """Yield what is shown as a row's notes, in order: whose it is, whether its "reason" or its "note", and the text.

    Why the row as a whole does not apply has a place of its own.
    """
    for answer in answers:
        content = answer.content
        is_shown_as_reason = not answer.key.address.column and content.state is State.NOT_APPLICABLE
        if content.reason and not is_shown_as_reason:
            yield answer, "reason", content.reason
        if content.note:
            yield answer, "note", content.note
