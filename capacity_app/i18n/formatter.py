"""How questions, answers and entries read in one language, or in two side by side: the same everywhere.

Instrument wording is translated by its permanent id and part ("iv.policy|column available anchor 2"),
everything else as sentences of the program.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, assert_never

from capacity_app import __version__
from capacity_app.domain.assessment.answer_rules import locate
from capacity_app.domain.assessment.answers import Address, AnswerLayer, AnswerState, AnswerValue
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.references import iterate_entries
from capacity_app.domain.assessment.register_fields import (
    FieldKind,
    RegisterField,
    entry_title,
    register_field,
    register_fields,
)
from capacity_app.domain.assessment.registers import Person, RegisterEntry
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.numbers_and_dates import parse_moment, read_amount
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.conditions import Condition, ConditionOperator
from capacity_app.domain.questionnaire.instrument import (
    ChoiceOption,
    Concept,
    GridColumn,
    GridRow,
    Instrument,
    Question,
    QuestionField,
    Section,
)
from capacity_app.domain.questionnaire.kinds import AnswerKind, ValueType
from capacity_app.domain.questionnaire.versions import MODIFIED_QUESTIONNAIRE, PublicationStatus, publication_status
from capacity_app.domain.scoring.gaps import Gap
from capacity_app.domain.scoring.scores import BAND_LABELS, Band, OverallScore
from capacity_app.i18n.catalogues import ENGLISH, ReviewStatus, TranslationReview, program_languages, program_review
from capacity_app.i18n.translator import PSEUDO, Translator, isolate_ltr_words

if TYPE_CHECKING:
    from capacity_app.domain.assessment.registers import Action
    from capacity_app.domain.planning.training import TrainingNeed
    from capacity_app.domain.problems import Problem


_NO_REPLACEMENTS: Mapping[str, str] = MappingProxyType({})
STATE_LABELS: dict[AnswerState, str] = {
    AnswerState.ANSWERED: N_("answered"),
    AnswerState.NOT_APPLICABLE: N_("not applicable"),
    AnswerState.UNKNOWN: N_("unknown"),
    AnswerState.DECLINED: N_("declined"),
    AnswerState.NOT_ASKED: N_("not asked"),
}
LAYER_LABELS: dict[AnswerLayer, str] = {
    AnswerLayer.RESPONSE: N_("Response"),
    AnswerLayer.JUDGEMENT: N_("Assessor’s judgement"),
    AnswerLayer.VALIDATED: N_("Validated answer"),
}
YES_NO_LABELS: dict[str, str] = {"yes": N_("Yes"), "partly": N_("Partly"), "no": N_("No")}
REVIEW_STATUS_LABELS: dict[ReviewStatus, str] = {
    ReviewStatus.REVIEWED: N_("reviewed"),
    ReviewStatus.EARLIER: N_("reviewed for an earlier version"),
    ReviewStatus.UNREVIEWED: N_("not reviewed"),
}
"""Who stands for a translation."""


def format_review(texts: Translator, standing: ReviewStatus, review: TranslationReview) -> str:
    """Return whether a translation is reviewed, and by whom, when and for which version."""
    said = texts.gettext(REVIEW_STATUS_LABELS[standing])
    if review.is_open or not review.version:
        return said
    pattern = texts.gettext("{standing} by {name} on {date}, version {version}")
    return pattern.format(standing=said, name=review.by, date=texts.date(review.on), version=review.version)


def review_status_of(
    texts: Translator, *, instrument: Instrument | None = None, of_program: bool = True
) -> ReviewStatus:
    """Say who stands for the words of a page: the least of those for the questions and for the program's own words."""
    found = set[ReviewStatus]()
    if instrument is not None and texts.asked_in not in {instrument.language, PSEUDO}:
        found.add(texts.standing(instrument.id, instrument.version))
    if of_program and texts.language not in {ENGLISH, PSEUDO} and texts.language in program_languages():
        found.add(program_review(texts.language).standing(__version__))
    return next((one for one in ReviewStatus if one in found), ReviewStatus.REVIEWED)


def unreviewed_languages(texts: Translator, standings: Iterable[tuple[str, ReviewStatus]]) -> str:
    """Name the languages (BCP 47) whose words nobody has signed off, and say so; empty if there is none."""
    return "; ".join(
        f"{texts.language_name(language)}: {texts.gettext(REVIEW_STATUS_LABELS[standing])}"
        for language, standing in dict(standings).items()
        if standing is not ReviewStatus.REVIEWED
    )


EVIDENCE_GRADE_LABELS = (
    N_("statement only"),
    N_("document or link named"),
    N_("document held"),
    N_("checked against an independent source"),
)
"""The evidence grades E0 to E3 in words."""


def format_moment(texts: Translator, iso: str) -> str:
    """Write a moment (ISO 8601) in Coordinated Universal Time, the same on every machine."""
    moment = parse_moment(iso)
    if moment is None:
        return iso
    return f"{texts.date(moment.date().isoformat())}, {texts.in_digits(f'{moment:%H:%M}')} UTC"


def profile_text(texts: Translator, profile: str) -> str:
    """Name what a copy holds and leaves out, "Report, without names of persons"; a word nobody knows stays as it is."""
    from capacity_app.domain.assessment.privacy import VOLUME_LABELS, WITHHELD_LABELS  # noqa: PLC0415 - only reports need it

    labels = {str(word): label for word, label in (*VOLUME_LABELS.items(), *WITHHELD_LABELS.items())}
    return texts.listed(texts.gettext(labels[word]) if word in labels else word for word in profile.split())


def _field_part(field: QuestionField, part: str) -> str:
    """Name a part of a field as the catalogues do: columns say which they are."""
    return f"column {field.id} {part}" if isinstance(field, GridColumn) else part


@dataclass(frozen=True)
class Formatter:
    """The words of one dossier in one language."""

    texts: Translator
    dossier: Dossier

    def say(self, sentence: str, **values: str | int) -> str:
        """Translate a sentence of the program and fill it in; on a mirrored page foreign words keep their order."""
        if self.texts.right_to_left:
            values = {name: isolate_ltr_words(one) if isinstance(one, str) else one for name, one in values.items()}
        return self.texts.filled(sentence, **values)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Translate a sentence that depends on a count, which it writes as {count}."""
        return self.texts.counted(one, many, count)

    def instrument_text(self, owner: str, part: str, text: str) -> str:
        """Translate instrument wording of an owner ("iv.policy", "instrument") by its part ("text")."""
        return self.texts.wording(self.dossier.instrument.id, f"{owner}|{part}", text)

    @cached_property
    def instrument_title(self) -> str:
        return self.instrument_text("instrument", "title", self.dossier.instrument.title)

    @cached_property
    def profile(self) -> str:
        """The name of the selection of questions that is asked, such as "short form"; empty where all are."""
        profile = self.dossier.instrument.profile
        return self.instrument_text("profiles", profile.id, profile.title) if profile else ""

    @cached_property
    def profile_note(self) -> str:
        """Say how many questions a selection has, and what its scores mean; empty where all are asked."""
        instrument = self.dossier.instrument
        if not self.profile:
            return ""
        counts = [
            sum(len(section.questions) for section in one.sections if not section.supplement)
            for one in (instrument, instrument.whole)
        ]
        asked, whole = map(self.texts.number, counts)
        return self.say(
            N_(
                "This assessment uses the {form}: {asked} of {whole} questions. Scores and gaps rest on these "
                "questions alone. Do not compare the scores with those of all questions."
            ),
            form=self.profile, asked=asked, whole=whole,
        )  # fmt: skip

    def left_out(self, section: Section) -> str:
        """Name the questions of a section that are not asked because a selection leaves them out."""
        numbers = [question.number or question.id for question in self.dossier.instrument.left_out(section)]
        return (
            self.say(N_("Not in the {form}: {numbers}."), form=self.profile, numbers=", ".join(numbers))
            if numbers
            else ""
        )

    @cached_property
    def modified_questionnaire(self) -> str:
        """Say that the questionnaire has the id and version of a published one and another content; else nothing."""
        instrument = self.dossier.instrument
        if publication_status(instrument) is not PublicationStatus.MODIFIED:
            return ""
        return self.say(MODIFIED_QUESTIONNAIRE, id=instrument.id, version=instrument.version)

    def section(self, section: Section) -> str:
        return self.instrument_text(section.id, "title", section.title)

    def section_number(self, section_id: str) -> str:
        """Return the printed number of a section, or the id of one that this version does not have."""
        section = self.dossier.instrument.section_by_id.get(section_id)
        return section.number if section else section_id

    def introduction(self, section: Section) -> str:
        """Return the text that opens a section, and what a selection of questions leaves out of it."""
        text = self.instrument_text(section.id, "introduction", section.introduction)
        return f"{text} {self.left_out(section)}".strip()

    def question(self, question: Question) -> str:
        return self.instrument_text(question.id, "text", question.text)

    def row(self, question: Question, row: GridRow) -> str:
        return self.instrument_text(question.id, f"row {row.id} label", row.label)

    def row_reason(self, question: Question, row: GridRow, reason: str) -> str:
        """Word why a row does not apply; a reason that somebody typed stays as it is."""
        weighing = question.importance_column
        chosen = next((option for option in weighing.options if option.label == reason), None) if weighing else None
        if weighing and chosen and chosen.not_applicable:
            return self.option(question, weighing, chosen)
        if reason == row.preset_reason:
            return self.instrument_text(question.id, f"row {row.id} preset_reason", reason)
        return reason

    def problem(self, problem: "Problem") -> str:
        """Say a problem; what the instrument says of answers that cannot all be true is its own wording."""
        texts, own = self.texts, {one.message: one.id for one in self.dossier.instrument.contradictions}

        def translate(sentence: str) -> str:
            key = own.get(sentence)
            return self.instrument_text("contradictions", key, sentence) if key else texts.gettext(sentence)

        values = ((name, texts.in_digits(said) if said.isdecimal() else said) for name, said in problem.values)
        return replace(problem, values=tuple(values)).text(translate)

    def row_heading(self, question: Question, row: GridRow) -> str:
        """Word the heading above a group of rows, empty if none starts here."""
        return self.instrument_text(question.id, f"row {row.id} heading", row.heading)

    def column(self, question: Question, column: GridColumn) -> str:
        return self.instrument_text(question.id, f"column {column.id} label", column.label)

    def breakdown(self, question: Question, key: str) -> str:
        """Word by what a grid breaks its statistics down, by key ("sex")."""
        from capacity_app.domain.scoring.data_availability import breakdowns_of  # noqa: PLC0415 - only results need it

        found = next((one for one in breakdowns_of(question) if key in one.keys), None)
        if found is None:
            return key
        return (
            self.option(question, found.column, found.option) if found.option else self.column(question, found.column)
        )

    def gap(self, gap: Gap) -> str:
        """Word what is lacking: the question or the row."""
        return self.row(gap.question, gap.row) if gap.row else self.question(gap.question)

    def suggestion(self, gap: Gap) -> str:
        """Word the instrument's suggestion for a gap's next step, empty if it has none."""
        if gap.next_step is None:
            return ""
        field, step = gap.next_step
        return self.instrument_text(gap.question.id, _field_part(field, f"action {step + 1}"), field.actions[step])

    def topic(self, need: "TrainingNeed") -> str:
        """Word a topic of training: as the instrument asks about it, else in our own words."""
        question = self.dossier.instrument.question_by_id.get(need.address.question) if need.address else None
        if question is not None and need.topic.row is not None:
            return self.row(question, need.topic.row)
        return self.texts.gettext(need.topic.label)

    def heading(self, question: Question) -> str:
        """Word the headings of the block that a question starts, the deeper ones last; empty if it starts none."""
        deeper = (
            self.instrument_text(question.id, f"subheading {number}", text)
            for number, text in enumerate(question.subheadings, start=1)
        )
        return " – ".join(filter(None, (self.instrument_text(question.id, "heading", question.heading), *deeper)))

    def anchor(self, question: Question, field: QuestionField, level: int) -> str:
        """Word the sentence of one level, empty if the field has none."""
        if not 0 <= level < len(field.anchors):
            return ""
        return self.instrument_text(question.id, _field_part(field, f"anchor {level}"), field.anchors[level])

    def finding(self, question: Question, field: QuestionField, value: object) -> str:
        """Word what a report says where an answer lacks points, empty if the questionnaire says nothing."""
        if value == "partly" and field.finding_partly:
            return self.instrument_text(question.id, _field_part(field, "finding_partly"), field.finding_partly)
        return self.instrument_text(question.id, _field_part(field, "finding"), field.finding)

    def option(self, question: Question, field: QuestionField, option: ChoiceOption) -> str:
        return self.instrument_text(question.id, _field_part(field, f"option {option.id}"), option.label)

    def _option_by_id(self, question: Question, field: QuestionField, option_id: str) -> str:
        option = field.option_by_id.get(option_id)
        return self.option(question, field, option) if option else option_id

    def concept(self, concept: Concept) -> tuple[str, str]:
        """Word a term of the glossary and its definition."""
        return (
            self.instrument_text(concept.id, "label", concept.label),
            self.instrument_text(concept.id, "definition", concept.definition),
        )

    def code(self, code_list: str, code: str) -> str:
        """Word a code of the instrument's lists, or give the code if the list does not know it."""
        label = self.dossier.instrument.code_label(code_list, code)
        return self.instrument_text("codes", f"{code_list} {code}", label) if code else ""

    def place(self, address: Address) -> str:
        """Name an address as it is printed: "IV.1 G, Policy relevance"."""
        question = self.dossier.instrument.question_by_id.get(address.question)
        if question is None:
            return str(address)
        row = question.row_by_id.get(address.row)
        name = question.number
        if row is not None:
            name = f"{name} {row.number or self.row(question, row)}"
        column = question.column_by_id.get(address.column)
        return f"{name}, {self.column(question, column)}" if column else name

    def number_at(self, address: Address) -> str:
        """Return the printed number of a question, with that of a row that has one: "III.1 2"."""
        question = self.dossier.instrument.question_by_id.get(address.question)
        row = question.row_by_id.get(address.row) if question else None
        return f"{question.number} {row.number if row else ''}".strip() if question else str(address)

    def words_at(self, address: Address) -> str:
        """Return the wording of a question or row, and of a cell its column: "Stateless persons · Periodicity"."""
        question = self.dossier.instrument.question_by_id.get(address.question)
        if question is None:
            return ""
        row, column = question.row_by_id.get(address.row), question.column_by_id.get(address.column)
        words = self.row(question, row) if row else self.question(question)
        return f"{words} · {self.column(question, column)}" if column else words

    def title_at(self, address: Address) -> str:
        """Name a place by its printed number and wording."""
        return self.texts.numbered(self.number_at(address), self.words_at(address))

    def condition(self, condition: Condition) -> str:
        """Say a condition in words: when a question is asked."""
        if condition.op is ConditionOperator.NOT:
            return self.say(N_("not ({condition})"), condition=self.condition(condition.parts[0]))
        if condition.op in {ConditionOperator.ALL, ConditionOperator.ANY}:
            pattern = N_("{one} and {other}") if condition.op is ConditionOperator.ALL else N_("{one} or {other}")
            said = self.condition(condition.parts[0])
            for part in condition.parts[1:]:
                said = self.say(pattern, one=said, other=self.condition(part))
            return said
        return self._test(condition)

    def _test(self, condition: Condition) -> str:
        assert condition.address is not None, "a test has an address"
        place = self.place(condition.address)
        if condition.op is ConditionOperator.AT_LEAST:
            return self.say(N_("{place} is {number} or more"), place=place, number=condition.number or 0)
        said = [self._tested(condition.address, one) for one in condition.values]
        return self.say(N_("{place} is “{answer}”"), place=place, answer=" / ".join(said))

    def _tested(self, address: Address, value: str) -> str:
        target = locate(self.dossier.instrument, address)
        option = target.field.option_by_id.get(value) if target and target.field else None
        if option is not None and target is not None and target.field is not None:
            return self.option(target.question, target.field, option)
        return self.texts.gettext(YES_NO_LABELS[value]) if value in YES_NO_LABELS else value

    def agency(self, agency_id: str) -> str:
        """Name an agency in short, or give the id of one that is no longer registered."""
        agency = self.dossier.agency_by_id.get(agency_id)
        return (agency.short or agency.name or agency_id) if agency else agency_id

    def agency_in_full(self, agency_id: str) -> str:
        agency = self.dossier.agency_by_id.get(agency_id)
        return (agency.name or agency.short or agency_id) if agency else agency_id

    def source(self, source_id: str) -> str:
        source = self.dossier.source_by_id.get(source_id)
        return (source.name or source_id) if source else source_id

    def date(self, iso: str) -> str:
        """Write a date of an answer or an entry."""
        return self.texts.date(iso)

    def unread(self, text: str) -> str:
        """Word a text that was typed as an answer and cannot be read as one."""
        return self.say(N_("cannot be read: “{text}”"), text=text)

    def picked(self, kind: AnswerKind, entry_id: str) -> str:
        """Name a picked entry of a register, or a country."""
        match kind.info.register:
            case "agencies":
                return self.agency(entry_id)
            case "sources":
                return self.source(entry_id)
            case "":
                return self.texts.country(entry_id)
        return self.entry(kind.info.register, entry_id)

    def respondent(self, layer: AnswerLayer, respondent: str) -> str:
        """Say who speaks: an agency, the assessor or the country."""
        if layer is AnswerLayer.RESPONSE:
            return self.agency(respondent) if respondent else self.texts.gettext("respondent not named")
        return self.texts.gettext(LAYER_LABELS[layer])

    @cached_property
    def _entries(self) -> dict[tuple[str, str], RegisterEntry]:
        return {(register, entry.id): entry for register, entry in iterate_entries(self.dossier)}

    def label(self, register: str, name: str) -> str:
        """Word the label of a register's field."""
        return self.texts.gettext(register_field(register, name).label)

    def entry(self, register: str, entry_id: str) -> str:
        """Name an entry of a register, or give the id of one that is no longer there."""
        found = self._entries.get((register, entry_id))
        if isinstance(found, Person):
            return self._person(found)
        return (entry_title(found) if found else "") or entry_id

    def entry_field(self, register: str, entry_id: str, name: str) -> str:
        """Name a field of an entry with its label and, in a register of several entries, which entry it is of."""
        label = self.label(register, name)
        if register == "mission":
            return label
        return self.say(N_("{name}: {label}"), name=self.entry(register, entry_id), label=label)

    def place_of(self, address: str) -> str:
        """Name a place as it is printed, or as it was written where that is no address."""
        try:
            return self.place(Address.parse(address))
        except ValueError:
            return address

    def field_text(self, field: RegisterField, value: object, joint: str = "; ") -> str:
        """Word what a register's field holds; ``joint`` stands between several entries."""
        many = value if isinstance(value, tuple) else (value,) if value else ()
        parts = [self._value_text(field, one) for one in many]
        if field.kind in {FieldKind.CODES, FieldKind.CHOICES, FieldKind.SECTIONS}:
            return self.texts.listed(parts)
        return ("\n" if field.kind is FieldKind.LINES else joint).join(parts)

    def _value_text(self, field: RegisterField, value: object) -> str:
        text = str(value)
        match field.kind:
            case FieldKind.DATE:
                text = self.date(text)
            case FieldKind.MOMENT:
                text = self.moment(text)
            case FieldKind.AMOUNT:
                amount = read_amount(text)
                text = text if amount is None else self.texts.amount(amount)
            case FieldKind.LANGUAGE:
                text = self.texts.language_name(text)
            case FieldKind.CODE | FieldKind.CODES:
                text = self.code(field.picks, text)
            case FieldKind.CHOICE | FieldKind.CHOICES:
                text = self.texts.gettext(field.options.get(text, text))
            case FieldKind.ENTRY | FieldKind.ENTRIES:
                text = self.entry(field.picks, text)
            case FieldKind.PLACE | FieldKind.GAPS:
                text = self.place_of(text)
            case FieldKind.SECTIONS:
                text = self.section_number(text)
        return text

    def entry_texts(
        self,
        register: str,
        entry: RegisterEntry,
        *,
        without: Container[str] = (),
        instead: Mapping[str, str] = _NO_REPLACEMENTS,
    ) -> Iterator[tuple[RegisterField, str]]:
        """Go through the fields of an entry that say something; ``instead`` words some of them otherwise."""
        for field in register_fields(register):
            text = instead.get(field.name)
            if field.name not in without:
                text = self.field_text(field, getattr(entry, field.name)) if text is None else text
                if text:
                    yield field, text

    def entry_changes(
        self, register: str, before: RegisterEntry, after: RegisterEntry
    ) -> Iterator[tuple[str, str, str]]:
        """Go through the fields in which two versions of an entry differ: label, before, after."""
        for field in register_fields(register):
            old, new = (self.field_text(field, getattr(entry, field.name), ", ") for entry in (before, after))
            if old != new:
                yield self.texts.gettext(field.label), old, new

    def bands(self, bands: tuple[Band, ...]) -> str:
        """Word a band, or the two between which the truth lies."""
        words = [self.texts.gettext(BAND_LABELS[band]) for band in bands]
        if len(words) < 2:  # noqa: PLR2004 - one band, or the lowest and highest
            return "".join(words)
        return self.say(N_("{low} to {high}"), low=words[0], high=words[1])

    def _person(self, person: Person) -> str:
        """Name somebody by name and position, or by position and agency where names are withheld."""
        agency = self.agency(person.agency) if person.agency else ""
        parts = (person.name, person.position) if person.name else (person.position, agency)
        return self.texts.listed(part for part in parts if part) or self.say(N_("name withheld"))

    def closed(self, action: "Action", gaps: Mapping[str, Gap]) -> list[str]:
        """Name the gaps an action closes, of those there are by address; say so of one that is none at present."""
        return [
            f"{gaps[address].number} {self.gap(gaps[address])}"
            if address in gaps
            else self.say(N_("{place} (no gap at present)"), place=address)
            for address in action.gaps
        ]

    def evidence_grade(self, grade: int) -> str:
        """Word an evidence grade: "E2, document held"."""
        return f"E{grade}, {self.texts.gettext(EVIDENCE_GRADE_LABELS[grade])}"

    def moment(self, iso: str) -> str:
        """Write a moment (ISO 8601) in Coordinated Universal Time, the same on every machine."""
        return format_moment(self.texts, iso)

    def change(self, before: Fraction | None, after: Fraction | None) -> str:
        """Write by how many points a score changed, with its sign; a dash where one is not known."""
        if before is None or after is None:
            return "–"
        change = after - before
        return ("+" if change > 0 else "−" if change < 0 else "±") + self.texts.number(abs(change), 1)

    def level(self, level: int) -> str:
        """Name a level of an answer or a row by its number; bands are words for parts and for the overall score."""
        return self.say(N_("Level {level}"), level=level)

    def robustness(self, overall: OverallScore) -> str:
        """Return how far the overall score depends on the way of weighing; empty while it is withheld."""
        if overall.sensitivity is None:
            return ""
        values = overall.sensitivity.values
        sentence = (
            N_("The {count} ways of weighing give {low} to {high}.")
            if overall.is_robust
            else N_("The overall score is not robust: the {count} ways of weighing give {low} to {high}.")
        )
        low, high = self.points(min(values)), self.points(max(values))
        return self.say(sentence, count=len(values), low=low, high=high)

    def points(self, value: Fraction | None) -> str:
        """Write a score of 0 to 100 with one decimal, a dash where there is none."""
        return "–" if value is None else self.texts.number(value, 1)

    def interval(self, lower: Fraction | None, upper: Fraction | None) -> str:
        return "–" if lower is None or upper is None else f"{self.points(lower)} – {self.points(upper)}"

    def share(self, value: Fraction | None) -> str:
        """Write a share of 0 to 1 as a whole percentage, a dash where there is none."""
        return "–" if value is None else self.texts.percent(value)

    def value(self, question: Question, field: QuestionField, value: AnswerValue) -> str:
        """Write an answer's value as it is read."""
        if isinstance(value, tuple):
            return self._listed(question, field, value)
        if isinstance(value, int):
            return self._number(question, field, value)
        return self._text(question, field, value) if value else ""

    def _text(self, question: Question, field: QuestionField, value: str) -> str:
        match field.kind.value_type:
            case ValueType.OPTION if field.kind.info.fixed:
                return self.texts.gettext(YES_NO_LABELS.get(value, value))
            case ValueType.OPTION:
                return self._option_by_id(question, field, value)
            case ValueType.DATE:
                return self.date(value)
            case ValueType.PERCENT:
                return self._percent(value)
            case (
                ValueType.TEXT
                | ValueType.LEVEL
                | ValueType.INTEGER
                | ValueType.OPTIONS
                | ValueType.ENTRIES
                | ValueType.CELLS
            ):
                return value
            case unknown:
                assert_never(unknown)

    def _listed(self, question: Question, field: QuestionField, values: tuple[str, ...]) -> str:
        if not values:
            return self.texts.gettext("none of these")
        if field.kind.value_type is ValueType.ENTRIES:
            return self.texts.listed(self.picked(field.kind, one) for one in values)
        return "; ".join(self._option_by_id(question, field, one) for one in values)

    def _number(self, question: Question, field: QuestionField, value: int) -> str:
        if field.kind.value_type is not ValueType.LEVEL:
            return self.texts.numeral(value) if field.kind.info.is_year else self.texts.number(value)
        anchor, level = self.anchor(question, field, value), self.texts.numeral(value)
        return f"{level} – {anchor}" if anchor else level

    def _percent(self, value: str) -> str:
        digits = len(value.partition(".")[2])
        return self.texts.percent(Fraction(Decimal(value)) / 100, digits)


# Two languages side by side: the words of a dossier in a first one, and those of the instrument in a second.


@dataclass(frozen=True)
class BilingualFormatter(Formatter):
    """The words of one dossier in a first language, and its questions in a second one."""

    second_texts: Translator

    @cached_property
    def second(self) -> Formatter:
        return Formatter(self.second_texts, self.dossier)

    @cached_property
    def original(self) -> Formatter:
        return Formatter(Translator(self.dossier.instrument.language), self.dossier)


def second_translator(formatter: Formatter) -> Translator | None:
    return formatter.second_texts if isinstance(formatter, BilingualFormatter) else None


def unreviewed_note(formatter: Formatter, *, program_in_both: bool = False) -> str:
    """Return which languages of a report or form nobody has signed off; empty if a person stands for all of it.

    In the second language stand questions only, unless ``program_in_both``.
    """
    instrument, second = formatter.dossier.instrument, second_translator(formatter)
    found = [(formatter.texts.language, review_status_of(formatter.texts, instrument=instrument))]
    if second:
        standing = review_status_of(second, instrument=instrument, of_program=program_in_both)
        found.append((second.language, standing))
    return unreviewed_languages(formatter.texts, found)


def in_second_language(formatter: Formatter, say: Callable[[Formatter], str]) -> str:
    """Say something of the instrument in the second language; empty without one, or where it adds nothing."""
    if not isinstance(formatter, BilingualFormatter):
        return ""
    said = say(formatter.second)
    is_original = formatter.second_texts.language == formatter.dossier.instrument.language
    is_missing = not is_original and said == say(formatter.original)
    return "" if is_missing or said == say(formatter) else said


def value_in_second_language(formatter: Formatter, question: Question, field: QuestionField, value: AnswerValue) -> str:
    """Say a chosen level or option in the second language; what was typed reads the same in both."""
    if not field.kind.info.is_chosen or value is None:
        return ""
    if field.kind is AnswerKind.LEVEL and isinstance(value, int):
        return in_second_language(formatter, lambda one: one.anchor(question, field, value))
    return in_second_language(formatter, lambda one: one.value(question, field, value))
