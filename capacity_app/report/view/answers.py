"""The annex of all answers: every question in full, and what everybody said, why, on what evidence and when."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from capacity_app.bilingual import beside, value_beside
from capacity_app.domain.answers import Address, Answer, Layer, State, Value
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.checking import locate
from capacity_app.domain.effective import Effective
from capacity_app.domain.instrument import Column, Field, Kind, Question, Row, Section
from capacity_app.domain.problems import N_
from capacity_app.domain.sheet import Block, Item, Standing
from capacity_app.report.view.pieces import anchor_of
from capacity_app.wording import STATE_WORDS, Wording

_LAYERS = tuple(Layer)
_BRIEF = 90
"""Letters of an answer that may share a paragraph with others."""
_DAY, _MINUTE, _HOUR = len("2018-11-29"), len("2018-11-29T14:03"), len("14:03 UTC")


@dataclass(frozen=True, slots=True)
class Reference:
    """A piece of evidence by grade and number ("E2 [4]"), and where its card stands."""

    text: str
    link: str


@dataclass(frozen=True, slots=True)
class Line:
    """One answer: what it is about (a column), what it says, and everything said beside it."""

    label: str
    value: str
    is_open: bool
    reason: str
    note: str
    evidence: tuple[Reference, ...]
    recorded: str
    second: str = ""

    @property
    def is_brief(self) -> bool:
        """Return whether it may share a paragraph with the answers in other columns."""
        return bool(self.label) and len(self.value) <= _BRIEF and "\n" not in self.value


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody's answers in one place; ``told`` says in which layer, and by whom and when if on one day."""

    who: str
    told: str
    lines: tuple[Line, ...]

    @property
    def paragraphs(self) -> tuple[tuple[Line, ...], ...]:
        """The lines as they are set: neighbouring brief ones share a paragraph, longer ones have their own."""
        found: list[list[Line]] = []
        for line in self.lines:
            if found and line.is_brief and found[-1][-1].is_brief:
                found[-1].append(line)
            else:
                found.append([line])
        return tuple(map(tuple, found))


@dataclass(frozen=True, slots=True)
class Place:
    """A question's own answers, or those of one row of a grid; ``address`` is the question's or the row's."""

    address: str
    number: str
    label: str
    heading: str
    speakers: tuple[Speaker, ...]
    remarks: tuple[str, ...]
    second: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One level of a scale with its sentence."""

    level: str
    sentence: str
    is_chosen: bool
    second: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """The allowed answers of a question or column: steps of levels, or options in one line."""

    label: str
    steps: tuple[Step, ...]
    options: str
    second_label: str = ""
    second_options: str = ""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One question with everything said about it; ``address`` is its id."""

    address: str
    anchor: str
    number: str
    text: str
    heading: str
    provenance: str
    scales: tuple[Scale, ...]
    places: tuple[Place, ...]
    remarks: tuple[str, ...]
    second: str = ""

    @property
    def is_bilingual(self) -> bool:
        """Return whether anything of what is asked stands in a second language too."""
        seconds = (
            bool(scale.second_label or scale.second_options or any(step.second for step in scale.steps))
            for scale in self.scales
        )
        return bool(self.second) or any(seconds)


@dataclass(frozen=True, slots=True)
class AnswerSection:
    """A part of the instrument in the annex."""

    number: str
    title: str
    introduction: str
    questions: tuple[AskedQuestion, ...]
    second: str = ""


def _recorded(words: Wording, answer: Answer) -> str:
    moment = words.moment(answer.time) if answer.time else ""
    language = answer.language
    wording = ""
    if language and language != words.texts.language:
        wording = words.say(N_("wording in {language}"), language=words.texts.language_name(language))
    return " · ".join(part for part in (answer.author, moment, wording) if part)


def _evidence(appraisal: Appraisal, words: Wording, ids: Iterable[str]) -> Iterator[Reference]:
    for entry_id in ids:
        entry = appraisal.dossier.evidence_by_id.get(entry_id)
        if entry is None:
            yield Reference(words.say(N_("{id} (no longer in the register)"), id=entry_id), "")
        else:
            yield Reference(f"E{entry.grade} [{appraisal.evidence_numbers[entry_id]}]", anchor_of("e", entry_id))


def _value(words: Wording, question: Question, field: Field, value: Value) -> str:
    """Write an answer; a level by its number, since the scale with its sentences stands above."""
    if field.kind is Kind.LEVEL and isinstance(value, int):
        return words.level(value)
    return words.value(question, field, value)


def _as_stored(value: Value) -> str:
    """Write the value of a place nobody knows the shape of."""
    return "; ".join(value) if isinstance(value, tuple) else str(value)


def _line(appraisal: Appraisal, words: Wording, question: Question, field: Field | None, answer: Answer) -> Line:
    content = answer.content
    is_given = content.state is State.ANSWERED
    if is_given and content.value is None:
        said = words.say(N_("applicable"))
    elif is_given:
        said = _value(words, question, field, content.value) if field else _as_stored(content.value)
    else:
        said = words.say(STATE_WORDS[content.state])
    return Line(
        label=words.column(question, field) if isinstance(field, Column) else "",
        value=said,
        is_open=not is_given,
        reason=content.reason,
        note=content.note,
        evidence=tuple(_evidence(appraisal, words, content.evidence)),
        recorded=_recorded(words, answer),
        # A level is told by its number; its sentence stands in the scale above, in both languages.
        second=value_beside(words, question, field, content.value)
        if is_given and field is not None and field.kind is not Kind.LEVEL
        else "",
    )


def _shared(words: Wording, answers: Sequence[Answer]) -> str:
    """Say once by whom and when, if one author wrote all answers on one day; the hours as from – to."""
    first, last = answers[0], max(answers, key=lambda answer: answer.time)
    same = {(answer.author, answer.time[:_DAY], answer.language) for answer in answers}
    if len(same) > 1:
        return ""
    begin, end = _recorded(words, first), words.moment(last.time)
    return begin if begin.endswith(end) or last.time[:_MINUTE] == first.time[:_MINUTE] else f"{begin} – {end[-_HOUR:]}"


def _speaker(
    words: Wording, layer: Layer, respondent: str, lines: Sequence[Line], answers: Sequence[Answer]
) -> Speaker:
    """Gather one voice's lines; what all of them share is said once."""
    common = _shared(words, answers)
    kept = tuple(replace(line, recorded="") for line in lines) if common else tuple(lines)
    layer_word = words.say(N_("response")) if layer is Layer.RESPONSE else ""
    told = " · ".join(part for part in (layer_word, common) if part)
    return Speaker(words.respondent(layer, respondent), told, kept)


def _voice(pair: tuple[Field | None, Answer]) -> tuple[int, str]:
    key = pair[1].key
    return _LAYERS.index(key.layer), key.respondent


def _speakers(
    appraisal: Appraisal, words: Wording, question: Question, said: Iterable[tuple[Field | None, Answer]]
) -> tuple[Speaker, ...]:
    # Sorting is stable: within a voice the columns keep their printed order.
    ordered = sorted((pair for pair in said if not pair[1].content.is_empty), key=_voice)
    return tuple(
        _speaker(
            words,
            _LAYERS[layer],
            respondent,
            [_line(appraisal, words, question, field, answer) for field, answer in pairs],
            [answer for _field, answer in pairs],
        )
        for (layer, respondent), pairs in ((voice, list(group)) for voice, group in groupby(ordered, key=_voice))
    )


def _at(appraisal: Appraisal, address: Address) -> Sequence[Answer]:
    return appraisal.dossier.by_address.get(address, ())


def counts_as(words: Wording, question: Question, field: Field, answer: Effective) -> str:
    """Return what counts where several have spoken: the settled answer, or that it is not settled."""
    if answer.conflict:
        values = (_value(words, question, field, value) or words.say(N_("not applicable")) for value in answer.conflict)
        return words.say(N_("Not settled between: {values}."), values=" | ".join(values))
    if answer.voices:
        return words.say(N_("These answers complete each other."))
    if answer.layer is None or answer.state is State.NOT_ASKED:
        return ""
    said = _value(words, question, field, answer.value) if answer.state is State.ANSWERED else ""
    return words.say(N_("Counts as: {value}."), value=said or words.say(STATE_WORDS[answer.state]))


def _settled_remarks(appraisal: Appraisal, words: Wording, items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        if item.standing is not Standing.WANTED or len(_at(appraisal, item.address)) < 2:  # noqa: PLR2004 - one voice needs no word
            continue
        remark = counts_as(words, item.question, item.field, item.answer)
        column = words.column(item.question, item.field) if isinstance(item.field, Column) else ""
        if remark:
            yield f"{column}: {remark}" if column else remark


def _listed(words: Wording, question: Question, items: Iterable[Item]) -> str:
    return words.texts.listed(words.column(question, item.field) for item in items if isinstance(item.field, Column))


def _row_remarks(appraisal: Appraisal, words: Wording, block: Block, row: Row, items: Sequence[Item]) -> Iterator[str]:
    state = block.rows[row.id]
    yield from _settled_remarks(appraisal, words, items)
    if state.standing is Standing.ROW_OUT:
        reason = words.row_reason(block.question, row, state.reason) or words.say(N_("the answer above says so"))
        yield words.say(N_("The row does not apply: {reason}"), reason=reason)
        return
    settled = _listed(words, block.question, (item for item in items if item.standing is Standing.SETTLED))
    if settled:
        sentence = N_("One answer above settles these columns, and what is scored of them counts 0: {columns}.")
        yield words.say(sentence, columns=settled)
    missing = [item for item in items if item.is_missing]
    if missing and state.standing is Standing.WANTED:
        yield words.say(N_("Not asked: {columns}."), columns=_listed(words, block.question, missing))


def _row_place(appraisal: Appraisal, words: Wording, block: Block, row: Row) -> Place | None:
    question = block.question
    items = [item for item in block.items if item.row is not None and item.row.id == row.id]
    said: list[tuple[Field | None, Answer]] = [(None, a) for a in _at(appraisal, Address(question.id, row.id))]
    for column in question.columns:
        said += [(column, answer) for answer in _at(appraisal, Address(question.id, row.id, column.id))]
    speakers = _speakers(appraisal, words, question, said)
    if block.rows[row.id].standing is Standing.SPARE and not speakers:
        return None
    return Place(
        address=str(Address(question.id, row.id)),
        number=row.number,
        label=words.row(question, row),
        heading=words.row_heading(question, row),
        speakers=speakers,
        remarks=tuple(_row_remarks(appraisal, words, block, row, items)) if not block.is_hidden else (),
        second=beside(words, lambda one: one.row(question, row)),
    )


def _places(appraisal: Appraisal, words: Wording, block: Block) -> Iterator[Place]:
    question = block.question
    own = _speakers(appraisal, words, question, ((_field(question), a) for a in _at(appraisal, Address(question.id))))
    if question.kind is not Kind.GRID:
        remarks = () if block.is_hidden else tuple(_settled_remarks(appraisal, words, block.items))
        yield Place(question.id, "", "", "", own, remarks)
        return
    if own:
        yield Place(question.id, "", words.say(N_("The table as a whole")), "", own, ())
    for row in question.rows:
        place = _row_place(appraisal, words, block, row)
        if place is not None:
            yield place


def _field(question: Question) -> Field | None:
    return None if question.kind is Kind.GRID else question


def _step(words: Wording, question: Question, field: Field, level: int, chosen: object) -> Step:
    second = beside(words, lambda one: one.anchor(question, field, level))
    return Step(words.texts.numeral(level), words.anchor(question, field, level), level == chosen, second)


def _options(words: Wording, question: Question, field: Field) -> str:
    return " · ".join(words.option(question, field, option) for option in field.options)


def _scale(words: Wording, question: Question, field: Field, chosen: object) -> Scale | None:
    label, second = "", ""
    if isinstance(field, Column):
        column = field
        label, second = words.column(question, column), beside(words, lambda one: one.column(question, column))
    if field.anchors:
        steps = tuple(_step(words, question, field, level, chosen) for level in range(len(field.anchors)))
        return Scale(label, steps, "", second)
    if field.options:
        options = beside(words, lambda one: _options(one, question, field))
        return Scale(label, (), _options(words, question, field), second, options)
    return None


def _scales(words: Wording, block: Block) -> Iterator[Scale]:
    question = block.question
    fields: Sequence[Field] = question.columns if question.kind is Kind.GRID else (question,)
    for field in fields:
        chosen = block.whole.value if field is question else None
        scale = _scale(words, question, field, chosen)
        if scale is not None:
            yield scale


def _question(appraisal: Appraisal, words: Wording, block: Block) -> AskedQuestion:
    question = block.question
    places = tuple(_places(appraisal, words, block))
    is_silent = not any(place.speakers for place in places)
    remarks: tuple[str, ...] = ()
    if block.is_hidden:
        remarks = (words.say(N_("Not shown because of another answer; it counts nowhere.")),)
    elif is_silent and any(item.is_missing for item in block.items):
        # Said once for the question, not again for every row.
        remarks = (words.say(N_("Nobody has been asked.")),)
        places = tuple(replace(place, remarks=()) for place in places)
    return AskedQuestion(
        address=question.id,
        anchor=anchor_of("q", question.id),
        number=question.number,
        text=words.question(question),
        heading=words.instrument_text(question.id, "heading", question.heading),
        provenance=question.provenance.value,
        scales=tuple(_scales(words, block)),
        places=places,
        remarks=remarks,
        second=beside(words, lambda one: one.question(question)),
    )


def _section(appraisal: Appraisal, words: Wording, section: Section) -> AnswerSection:
    return AnswerSection(
        number=section.number,
        title=words.section(section),
        introduction=words.introduction(section),
        questions=tuple(_question(appraisal, words, block) for block in appraisal.sheet.section(section)),
        second=beside(words, lambda one: one.section(section)),
    )


def answer_sections(appraisal: Appraisal, words: Wording) -> tuple[AnswerSection, ...]:
    """Build the annex: every section with every question and every answer."""
    return tuple(_section(appraisal, words, section) for section in appraisal.dossier.instrument.sections)


def retired_answers(appraisal: Appraisal, words: Wording) -> tuple[Place, ...]:
    """Return the answers kept from places the instrument's version does not have, by address."""
    instrument = appraisal.dossier.instrument
    question = next(instrument.questions(), None)
    found = []
    for address, answers in sorted(appraisal.dossier.by_address.items()):
        if question is None or locate(instrument, address) is not None:
            continue
        lines = _speakers(appraisal, words, question, ((None, answer) for answer in answers))
        found.append(Place(str(address), "", str(address), "", lines, ()))
    return tuple(found)
