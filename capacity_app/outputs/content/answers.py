"""The annex of all answers, question by question."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from capacity_app.domain.assessment.answer_rules import EffectiveAnswer, locate
from capacity_app.domain.assessment.answers import Address, Answer, AnswerLayer, AnswerState, AnswerValue
from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.assessment.editable_fields import answer_key
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import GridColumn, GridRow, Question, QuestionField, Section
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.answer_sheet import AnswerItem, ItemStatus, QuestionBlock
from capacity_app.i18n.formatter import STATE_LABELS, Formatter, in_second_language, value_in_second_language
from capacity_app.outputs.content.elements import anchor_of

_LAYERS = tuple(AnswerLayer)
_BRIEF = 90
"""Letters of an answer that may share a paragraph with others."""
_EDITABLE = frozenset({AnswerKind.TEXT, AnswerKind.LONG_TEXT})
_DAY = len("2018-11-29")


@dataclass(frozen=True, slots=True)
class EvidenceReference:
    """A piece of evidence by grade and number ("E2 [4]"), and where its card stands."""

    text: str
    link: str


@dataclass(frozen=True, slots=True)
class PrintedAnswer:
    """One answer: what it is about (a column), what it says, and everything said beside it.

    ``editable`` is the key under which its text comes back from a Word file, empty where it does not.
    """

    label: str
    value: str
    is_open: bool
    reason: str
    note: str
    evidence: tuple[EvidenceReference, ...]
    recorded: str
    second: str = ""
    editable: str = ""

    @property
    def is_brief(self) -> bool:
        """Return whether it may share a paragraph with the answers in other columns."""
        return bool(self.label) and len(self.value) <= _BRIEF and "\n" not in self.value


@dataclass(frozen=True, slots=True)
class RespondentAnswers:
    """Somebody's answers in one place; ``told`` says in which layer, and by whom and when if on one day."""

    who: str
    told: str
    lines: tuple[PrintedAnswer, ...]

    @property
    def paragraphs(self) -> tuple[tuple[PrintedAnswer, ...], ...]:
        """The lines as they are set: neighbouring brief ones share a paragraph, longer ones have their own."""
        found: list[list[PrintedAnswer]] = []
        for line in self.lines:
            if found and line.is_brief and found[-1][-1].is_brief:
                found[-1].append(line)
            else:
                found.append([line])
        return tuple(map(tuple, found))


@dataclass(frozen=True, slots=True)
class AnswerPlace:
    """A question's own answers, or those of one row of a grid; ``address`` is the question's or the row's."""

    address: str
    number: str
    label: str
    heading: str
    speakers: tuple[RespondentAnswers, ...]
    remarks: tuple[str, ...]
    second: str = ""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One question with everything said about it; ``address`` is its id."""

    address: str
    anchor: str
    number: str
    text: str
    heading: str
    provenance: str
    places: tuple[AnswerPlace, ...]
    remarks: tuple[str, ...]
    second: str = ""


@dataclass(frozen=True, slots=True)
class AnswerSection:
    """A part of the instrument in the annex; ``without_answer`` lists the questions nobody has answered."""

    number: str
    title: str
    without_answer: str
    questions: tuple[AskedQuestion, ...]
    second: str = ""


def _recorded_text(formatter: Formatter, answer: Answer) -> str:
    day = formatter.texts.date(answer.time[:_DAY]) if answer.time else ""
    language = answer.language
    wording = ""
    if language and language != formatter.texts.language:
        wording = formatter.say(N_("wording in {language}"), language=formatter.texts.language_name(language))
    return " · ".join(part for part in (answer.author, day, wording) if part)


def _evidence_references(appraisal: Appraisal, formatter: Formatter, ids: Iterable[str]) -> Iterator[EvidenceReference]:
    for entry_id in ids:
        entry = appraisal.dossier.evidence_by_id.get(entry_id)
        if entry is None:
            yield EvidenceReference(formatter.say(N_("{id} (no longer in the register)"), id=entry_id), "")
        else:
            yield EvidenceReference(
                f"E{entry.grade} [{appraisal.evidence_numbers[entry_id]}]", anchor_of("e", entry_id)
            )


def _as_stored(value: AnswerValue) -> str:
    """Write the value of a place nobody knows the shape of."""
    return "; ".join(value) if isinstance(value, tuple) else str(value)


def _answer_line(
    appraisal: Appraisal, formatter: Formatter, question: Question, field: QuestionField | None, answer: Answer
) -> PrintedAnswer:
    content = answer.content
    is_given = content.state is AnswerState.ANSWERED
    if is_given and content.value is None:
        said = formatter.say(N_("applicable"))
    elif is_given:
        said = formatter.value(question, field, content.value) if field else _as_stored(content.value)
    else:
        said = formatter.unread(content.unread) if content.unread else formatter.say(STATE_LABELS[content.state])
    return PrintedAnswer(
        label=formatter.column(question, field) if isinstance(field, GridColumn) else "",
        value=said,
        is_open=not is_given,
        reason=content.reason,
        note=content.note,
        evidence=tuple(_evidence_references(appraisal, formatter, content.evidence)),
        recorded=_recorded_text(formatter, answer),
        second=value_in_second_language(formatter, question, field, content.value) if is_given and field else "",
        editable=_editable_key(field, answer) if is_given else "",
    )


def _editable_key(field: QuestionField | None, answer: Answer) -> str:
    """Return the key under which an agency's text comes back from a Word file, empty for other answers."""
    if field is None or field.kind not in _EDITABLE or answer.key.layer is not AnswerLayer.RESPONSE:
        return ""
    return answer_key(str(answer.key.address), answer.key.respondent)


def _shared_record(formatter: Formatter, answers: Sequence[Answer]) -> str:
    """Say once by whom and when, if one author wrote all answers on one day."""
    same = {(answer.author, answer.time[:_DAY], answer.language) for answer in answers}
    return _recorded_text(formatter, answers[0]) if len(same) == 1 else ""


def _respondent_answers(
    formatter: Formatter, layer: AnswerLayer, respondent: str, lines: Sequence[PrintedAnswer], answers: Sequence[Answer]
) -> RespondentAnswers:
    """Gather one voice's lines; what all of them share is said once."""
    common = _shared_record(formatter, answers)
    kept = tuple(replace(line, recorded="") for line in lines) if common else tuple(lines)
    layer_word = formatter.say(N_("response")) if layer is AnswerLayer.RESPONSE else ""
    told = " · ".join(part for part in (layer_word, common) if part)
    return RespondentAnswers(formatter.respondent(layer, respondent), told, kept)


def _respondent_order(pair: tuple[QuestionField | None, Answer]) -> tuple[int, str]:
    key = pair[1].key
    return _LAYERS.index(key.layer), key.respondent


def _all_respondent_answers(
    appraisal: Appraisal, formatter: Formatter, question: Question, said: Iterable[tuple[QuestionField | None, Answer]]
) -> tuple[RespondentAnswers, ...]:
    # Sorting is stable: within a voice the columns keep their printed order.
    ordered = sorted((pair for pair in said if not pair[1].content.is_empty), key=_respondent_order)
    return tuple(
        _respondent_answers(
            formatter,
            _LAYERS[layer],
            respondent,
            [_answer_line(appraisal, formatter, question, field, answer) for field, answer in pairs],
            [answer for _field, answer in pairs],
        )
        for (layer, respondent), pairs in (
            (voice, list(group)) for voice, group in groupby(ordered, key=_respondent_order)
        )
    )


def _answers_at(appraisal: Appraisal, address: Address) -> Sequence[Answer]:
    return appraisal.dossier.by_address.get(address, ())


def settled_answer_text(formatter: Formatter, question: Question, field: QuestionField, answer: EffectiveAnswer) -> str:
    """Return what counts where several have spoken: the settled answer, or that it is not settled."""
    if answer.conflict:
        values = (
            formatter.value(question, field, value) or formatter.say(N_("not applicable")) for value in answer.conflict
        )
        return formatter.say(N_("Not resolved between: {values}."), values=" | ".join(values).rstrip("."))
    if answer.voices:
        return formatter.say(N_("These answers complete each other."))
    if answer.layer is None or answer.state is AnswerState.NOT_ASKED:
        return ""
    said = formatter.value(question, field, answer.value) if answer.state is AnswerState.ANSWERED else ""
    return formatter.say(N_("Counts as: {value}."), value=said.rstrip(".") or formatter.say(STATE_LABELS[answer.state]))


def _settled_remarks(appraisal: Appraisal, formatter: Formatter, items: Iterable[AnswerItem]) -> Iterator[str]:
    for item in items:
        if item.standing is not ItemStatus.WANTED or len(_answers_at(appraisal, item.address)) < 2:  # noqa: PLR2004 - one voice needs no word
            continue
        remark = settled_answer_text(formatter, item.question, item.field, item.answer)
        column = formatter.column(item.question, item.field) if isinstance(item.field, GridColumn) else ""
        if remark:
            yield f"{column}: {remark}" if column else remark


def _list_columns(formatter: Formatter, question: Question, items: Iterable[AnswerItem]) -> str:
    return formatter.texts.listed(
        formatter.column(question, item.field) for item in items if isinstance(item.field, GridColumn)
    )


def _row_remarks(
    appraisal: Appraisal, formatter: Formatter, block: QuestionBlock, row: GridRow, items: Sequence[AnswerItem]
) -> Iterator[str]:
    state = block.rows[row.id]
    yield from _settled_remarks(appraisal, formatter, items)
    if state.standing is ItemStatus.ROW_OUT:
        reason = formatter.row_reason(block.question, row, state.reason) or formatter.say(
            N_("the answer above says so")
        )
        yield formatter.say(N_("The row does not apply: {reason}"), reason=reason)
        return
    settled = _list_columns(formatter, block.question, (item for item in items if item.standing is ItemStatus.SETTLED))
    if settled:
        sentence = N_("One answer above settles these columns, and what is scored of them counts 0: {columns}.")
        yield formatter.say(sentence, columns=settled)
    missing = [item for item in items if item.is_unanswered]
    if missing and state.standing is ItemStatus.WANTED:
        yield formatter.say(N_("Not asked: {columns}."), columns=_list_columns(formatter, block.question, missing))


def _row_answer_place(
    appraisal: Appraisal, formatter: Formatter, block: QuestionBlock, row: GridRow
) -> AnswerPlace | None:
    question = block.question
    items = [item for item in block.items if item.row is not None and item.row.id == row.id]
    said: list[tuple[QuestionField | None, Answer]] = [
        (None, a) for a in _answers_at(appraisal, Address(question.id, row.id))
    ]
    for column in question.columns:
        said += [(column, answer) for answer in _answers_at(appraisal, Address(question.id, row.id, column.id))]
    speakers = _all_respondent_answers(appraisal, formatter, question, said)
    if block.rows[row.id].standing is ItemStatus.SPARE and not speakers:
        return None
    return AnswerPlace(
        address=str(Address(question.id, row.id)),
        number=row.number,
        label=formatter.row(question, row),
        heading=formatter.row_heading(question, row),
        speakers=speakers,
        remarks=tuple(_row_remarks(appraisal, formatter, block, row, items)) if not block.is_hidden else (),
        second=in_second_language(formatter, lambda one: one.row(question, row)),
    )


def _answer_places(appraisal: Appraisal, formatter: Formatter, block: QuestionBlock) -> Iterator[AnswerPlace]:
    question = block.question
    own = _all_respondent_answers(
        appraisal,
        formatter,
        question,
        ((_own_field(question), a) for a in _answers_at(appraisal, Address(question.id))),
    )
    if question.kind is not AnswerKind.GRID:
        remarks = () if block.is_hidden else tuple(_settled_remarks(appraisal, formatter, block.items))
        yield AnswerPlace(question.id, "", "", "", own, remarks)
        return
    if own:
        yield AnswerPlace(question.id, "", formatter.say(N_("The table as a whole")), "", own, ())
    for row in question.rows:
        place = _row_answer_place(appraisal, formatter, block, row)
        if place is not None:
            yield place


def _own_field(question: Question) -> QuestionField | None:
    return None if question.kind is AnswerKind.GRID else question


def _asked_question(appraisal: Appraisal, formatter: Formatter, block: QuestionBlock) -> AskedQuestion:
    question = block.question
    places = tuple(_answer_places(appraisal, formatter, block))
    hidden = formatter.say(N_("Not shown because of another answer; it counts nowhere."))
    remarks = (hidden,) if block.is_hidden else ()
    return AskedQuestion(
        address=question.id,
        anchor=anchor_of("q", question.id),
        number=question.number,
        text=formatter.question(question),
        heading=formatter.heading(question),
        provenance=question.provenance.value,
        places=places,
        remarks=remarks,
        second=in_second_language(formatter, lambda one: one.question(question)),
    )


def _answer_section(appraisal: Appraisal, formatter: Formatter, section: Section) -> AnswerSection:
    blocks = list(appraisal.sheet.section(section))
    asked = [block for block in blocks if block.question.id in appraisal.answered_questions]
    others = ", ".join(block.question.number for block in blocks if block not in asked)
    without = formatter.say(N_("Without an answer: {numbers}."), numbers=others) if others else ""
    return AnswerSection(
        number=section.number,
        title=formatter.section(section),
        without_answer=" ".join(filter(None, (without, formatter.left_out(section)))),
        questions=tuple(_asked_question(appraisal, formatter, block) for block in asked),
        second=in_second_language(formatter, lambda one: one.section(section)),
    )


def answer_sections(appraisal: Appraisal, formatter: Formatter) -> tuple[AnswerSection, ...]:
    """Build the annex: every section with every question and every answer."""
    return tuple(_answer_section(appraisal, formatter, section) for section in appraisal.dossier.instrument.sections)


def retired_answers(appraisal: Appraisal, formatter: Formatter) -> tuple[AnswerPlace, ...]:
    """Return the answers kept from places the instrument's version does not have, by address."""
    instrument = appraisal.dossier.instrument
    question = next(instrument.questions(), None)
    found = []
    for address, answers in sorted(appraisal.dossier.by_address.items()):
        if question is None or locate(instrument, address) is not None:
            continue
        lines = _all_respondent_answers(appraisal, formatter, question, ((None, answer) for answer in answers))
        found.append(AnswerPlace(str(address), "", str(address), "", lines, ()))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class AnswersBody:
    """The annex of all answers; ``lead`` warns of wording nobody has reviewed."""

    sections: tuple[AnswerSection, ...]
    retired: tuple[AnswerPlace, ...]
    lead: tuple[str, ...] = ()
