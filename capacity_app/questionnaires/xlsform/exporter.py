"""From an instrument to a form: a group per section, a group per table and per row of it, every answer a field.

Beside the answers a question offers “not applicable” (with a reason), “unknown” and “declined”: as further choices
where there are choices, else as a question of its own that appears while the answer is empty. In a table they are said
of a whole row first, which spares a phone hundreds of screens; cells with choices offer “unknown” and “declined” too.
A date is typed as text, as a year or a month alone is an answer here and no calendar of a phone gives one.
"""

from collections.abc import Iterator, Sequence

from capacity_app.domain.assessment.answer_rules import locate
from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.questionnaire.conditions import Condition
from capacity_app.domain.questionnaire.instrument import Instrument, QuestionField, Section
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.questionnaires.problems import place_inside
from capacity_app.questionnaires.xlsform import form
from capacity_app.questionnaires.xlsform.export_questions import (
    ExportedAnswers,
    ExportedGrids,
    ExportedQuestions,
    FormTexts,
    RegisterChoices,
    SurveyRows,
)
from capacity_app.questionnaires.xlsform.expressions import (
    KnownField,
    UnsupportedExpression,
    parse_condition,
    quote_text,
    write_expression,
)
from capacity_app.questionnaires.xlsform.form import (
    HASH,
    IDENTITY_FIELDS,
    INSTRUMENT,
    KIND,
    LANGUAGE,
    NUMBER,
    OWN_COLUMN_PREFIX,
    SECTION_KEYS,
    SENDER_AGENCY,
    SENDER_DATE,
    SENDER_PERSON,
    SHOW_IF,
    SUPPLEMENT_OF,
    THRESHOLD_KEYS,
    VERSION,
    FieldSuffix,
    FormSheetRow,
    XlsForm,
    condition_cell,
    conversion_warning,
    field_name,
    own_columns_of,
    parse_field_name,
)


def export_form(
    instrument: Instrument, languages: Sequence[str], content_hash: str, registers: RegisterChoices | None = None
) -> XlsForm:
    """Write an instrument as a form in its own and further languages (BCP 47); ``content_hash`` names it exactly."""
    says = {INSTRUMENT: instrument.id, VERSION: instrument.version, HASH: content_hash}
    return _FormWriter(FormTexts(instrument, languages), registers or RegisterChoices()).form(says)


def export_template(examples: Instrument, supplement_of: str) -> XlsForm:
    """Write an instrument as a plain form for its author; ``supplement_of`` names what a supplement is added to."""
    return _FormWriter(FormTexts(examples, (), is_plain=True), RegisterChoices()).form({SUPPLEMENT_OF: supplement_of})


class _FormWriter:
    def __init__(self, words: FormTexts, registers: RegisterChoices) -> None:
        self._words, self._survey = words, SurveyRows()
        self._answers = ExportedAnswers(self._words, registers)
        self._questions = ExportedQuestions(self._words, self._survey, self._answers)
        self._tables = ExportedGrids(self._words, self._survey, self._answers, self._questions)

    def form(self, says: FormSheetRow) -> XlsForm:
        """Write everything; ``says`` are the settings of ours."""
        instrument = self._words.instrument
        if not self._words.is_plain:
            self._survey.add({"type": "start", "name": "start"})
            self._survey.add({"type": "end", "name": "end"})
            for key, name in IDENTITY_FIELDS.items():
                self._survey.add({"type": "calculate", "name": name, "calculation": quote_text(says[key])})
        self._introduce()
        if not self._words.is_plain:
            self._ask_sender()
        for section in instrument.sections:
            self._section(section)
        self._tell_of_registers()
        source = next(iter(self._words.texts))
        settings = {
            "form_id": instrument.id,
            "form_title": instrument.title,
            "version": instrument.version,
            "default_language": source,
            **says,
            LANGUAGE: instrument.language,
        }
        return XlsForm(
            survey=tuple(self._survey.lines), choices=tuple(self._answers.lists.lines), settings=settings,
            own=tuple(self._own()), problems=tuple(self._words.problems),
        )  # fmt: skip

    def _introduce(self) -> None:
        instrument = self._words.instrument
        self._survey.add(
            {"type": "note", "name": "INSTRUMENT__ABOUT"},
            self._words.worded("label", "instrument|title", instrument.title),
            self._words.worded("hint", "instrument|edition", instrument.edition),
            self._words.worded("guidance_hint", "instrument|description", instrument.description),
        )

    def _ask_sender(self) -> None:
        self._survey.add(
            {"type": "begin_group", "name": "SENDER", "appearance": "field-list"},
            self._words.said("label", form.ASK_SENDER),
        )
        agencies = self._answers.picked(AnswerKind.AGENCY)
        kind = f"select_one {agencies}" if agencies else "text"
        self._survey.add({"type": kind, "name": SENDER_AGENCY}, self._words.said("label", form.ASK_AGENCY))
        self._survey.add({"type": "text", "name": SENDER_PERSON}, self._words.said("label", form.ASK_PERSON))
        self._survey.end("SENDER")
        self._survey.add({"type": "today", "name": SENDER_DATE})

    def _own(self) -> Iterator[FormSheetRow]:
        """Write the sheet of ours: what belongs to no question."""
        instrument, worded = self._words.instrument, self._words.worded
        for name, share in own_columns_of(instrument.thresholds, THRESHOLD_KEYS).items():
            yield {"kind": "threshold", "id": name.removeprefix(OWN_COLUMN_PREFIX), "value": share}
        for name, codes in instrument.codes.items():
            for code in codes:
                label = worded("label", f"codes|{name} {code.id}", code.label)
                yield {"kind": "code", "list": name, "id": code.id, **label}
        for concept in instrument.concepts:
            yield {
                "kind": "concept", "id": concept.id, **worded("label", f"{concept.id}|label", concept.label),
                **worded("definition", f"{concept.id}|definition", concept.definition), "source": concept.source,
            }  # fmt: skip
        if instrument.framework_version:
            yield {"kind": "framework", "id": instrument.framework_version}
        for cited in instrument.sources:
            yield {"kind": "source", "id": cited.id, "source": cited.citation, "value": cited.url}
        for profile in instrument.profiles:
            label = worded("label", f"profiles|{profile.id}", profile.title)
            asked = (f"{name}: {', '.join(profile.columns[name])}" if name in profile.columns else name
                     for name in profile.questions)  # fmt: skip
            yield {"kind": "profile", "id": profile.id, "value": "; ".join(asked), **label}
        for one in instrument.contradictions:
            label = worded("label", f"contradictions|{one.id}", one.message)
            expression = self._expression(one.when)
            yield {"kind": "contradiction", "id": one.id, "when": expression or condition_cell(one.when), **label}

    def _tell_of_registers(self) -> None:
        instrument = self._words.instrument
        fields = [one for question in instrument.questions() for one in (question, *question.columns)]
        picked = {one.kind for one in fields if one.kind.info.register}
        if any(not self._answers.registers.of(kind) for kind in picked):
            self._words.tell(conversion_warning("registers", instrument.id, form.NO_CHOICES))

    def _section(self, section: Section) -> None:
        name, key = field_name(Address(section.id)), section.id
        self._survey.add(
            {
                "type": "begin_group",
                "name": name,
                KIND: f"section {section.supplement}".strip(),
                NUMBER: section.number,
                **own_columns_of(section, SECTION_KEYS),
            },
            self._words.worded("label", f"{key}|title", section.title, section.number),
        )
        if section.introduction:
            self._survey.add(
                {"type": "note", "name": field_name(Address(section.id), FieldSuffix.INTRO)},
                self._words.worded("label", f"{key}|introduction", section.introduction),
            )
        for question in section.questions:
            place = place_inside(place_inside("", "section", section.id), "question", question.id)
            relevant, asked = self._relevant(question.show_if, place)
            if question.heading or question.subheadings or question.heading_text:
                deeper = [
                    self._words.worded("guidance_hint", f"{question.id}|subheading {number}", text)
                    for number, text in enumerate(question.subheadings, start=1)
                ]
                self._survey.add(
                    {"type": "note", "name": field_name(Address(question.id), FieldSuffix.HEAD), "relevant": relevant},
                    self._words.worded("label", f"{question.id}|heading", question.heading),
                    self._words.worded("hint", f"{question.id}|heading_text", question.heading_text),
                    {name: "\n".join(one[name] for one in deeper) for name in (deeper[0] if deeper else ())},
                )
            write = self._tables.grid if question.kind is AnswerKind.GRID else self._questions.question
            write(question, relevant, asked)
            self._questions.note(question, relevant)
        self._survey.end(name)

    def _relevant(self, condition: Condition | None, place: str) -> tuple[str, FormSheetRow]:
        """Return when a question is asked as an expression, and in a column of ours what no expression says exactly."""
        if condition is None:
            return "", {}
        asked = {} if self._expression(condition) else {SHOW_IF: condition_cell(condition)}
        try:
            return write_expression(condition, self._locate), asked
        except UnsupportedExpression:
            self._words.tell(conversion_warning("condition", place, form.CANNOT_ASK, form.CANNOT_ASK_ADVICE))
            return "", asked

    def _expression(self, condition: Condition) -> str:
        """Return an expression that is read back as this very condition; empty if there is none."""
        try:
            text = write_expression(condition, self._locate)
            return text if parse_condition(text, self._known) == condition else ""
        except UnsupportedExpression:
            return ""

    def _known(self, name: str) -> KnownField | None:
        said = parse_field_name(name)
        found = self._locate(said.address) if said else None
        if said is None or found is None:
            return None
        return KnownField(said.address, found[1].kind, {value: value for value in found[1].known_answers})

    def _locate(self, address: Address) -> tuple[str, QuestionField] | None:
        target = locate(self._words.instrument, address)
        if target is None or target.field is None or target.field.kind is AnswerKind.GRID:
            return None
        if target.field.kind is AnswerKind.COUNTRY and target.field.many:
            return None
        return field_name(address), target.field
