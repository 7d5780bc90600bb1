"""An instrument: a versioned questionnaire definition as one frozen value, its themes and its texts."""

from collections.abc import Iterator, Sequence
from dataclasses import field, fields, replace
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from capacity_app.domain.assessment.answers import TEXT_LIMIT
from capacity_app.domain.content_hash import WRITTEN_AS, canonical_json, sha256
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError
from capacity_app.domain.questionnaire.conditions import Condition
from capacity_app.domain.questionnaire.kinds import TOP_LEVEL, AnswerKind, ValueType

OFFICER_NOTE_KEY = "guidance"
"""What an officer's note is called in files and in keys of translations: its name up to version 0.6."""
WORDING_LIMIT = 60_000
"""Letters of one text of a questionnaire."""
LEVEL_COUNTS = range(2, 8)
"""How many levels a scale may have."""
NO_PROFILE = N_("There is no selection “{name}”. Known are: {known}.")
CORE = ""
"""What stands for the core where supplements are named by their ids."""


class Provenance(StrEnum):
    """Whose words a question is in: the toolkit's own, or this project's formulation."""

    TOOLKIT = "T"
    PROJECT = "P"


class Feasibility(StrEnum):
    """How hard a gap is to close: within a year by own means; one to three years or outside help; harder."""

    EASY = "easy"
    EFFORT = "effort"
    HARD = "hard"


FEASIBILITY_DESCRIPTIONS: dict[Feasibility, str] = {
    Feasibility.EASY: N_("easy: within a year, by own means"),
    Feasibility.EFFORT: N_("effort: one to three years or outside help"),
    Feasibility.HARD: N_("hard"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceOption:
    """One allowed answer of a choice or checklist.

    ``points`` in [0, 1] score a choice; ``required`` makes a checklist element count; ``exclusive`` makes it stand
    alone ("none of these"); ``importance`` (1-3) lets a choice weigh its row; ``not_applicable`` takes the row out;
    ``alert`` marks an element whose loss between rounds is reported by itself.
    """

    id: str
    label: str
    points: Fraction | None = None
    required: bool = False
    exclusive: bool = False
    importance: int | None = None
    not_applicable: bool = False
    alert: bool = False


@dataclass(frozen=True, kw_only=True)
class QuestionField:
    """What one answer looks like, for a question as for a column of a grid.

    ``anchors`` are the sentences of its 2 to 7 levels from 0 up, ``actions`` the suggested steps between them, if any.
    ``numeric_score`` makes a number earn points: its share of the way from ``minimum`` (0) to ``maximum`` (100).
    ``many`` allows several agencies, sources or countries, ``most`` limits how many. ``definition`` is for everybody,
    ``officer_note`` for the officer alone: only the window shows it. ``finding`` is what a report says where points
    are missing; {answer} in it stands for the answer, {missing} for what a checklist lacks. ``finding_partly`` is what
    it says instead where the answer is "partly".
    """

    id: str
    kind: AnswerKind
    options: tuple[ChoiceOption, ...] = ()
    anchors: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    many: bool = False
    most: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    weight: Fraction = Fraction(1)
    scored: bool = True
    numeric_score: bool = False
    definition: str = ""
    officer_note: str = field(default="", metadata={WRITTEN_AS: OFFICER_NOTE_KEY})
    finding: str = ""
    finding_partly: str = ""

    @cached_property
    def is_scored(self) -> bool:
        """Return whether an answer here earns points."""
        if not self.scored or self.weight == 0:
            return False
        is_named = bool(self.kind.info.fixed) or self.kind is AnswerKind.LEVEL
        return is_named or self.numeric_score or (self.kind.info.has_options and self._have_points)

    @property
    def _have_points(self) -> bool:
        if self.kind.value_type is ValueType.OPTIONS:
            return any(option.required for option in self.options)
        return any(option.points is not None for option in self.options)

    @cached_property
    def none_options(self) -> tuple[str, ...]:
        """The options that stand alone, such as “None of these”; without any, the program offers that answer."""
        return tuple(option.id for option in self.options if option.exclusive)

    def toggle(self, ticked: Sequence[str], option: str) -> tuple[str, ...]:
        """Tick an option or take its tick away; one that stands alone takes away the others, and they take it away."""
        if option in ticked:
            return tuple(one for one in ticked if one != option)
        kept = () if option in self.none_options else (one for one in ticked if one not in self.none_options)
        return (*kept, option)

    @property
    def takes_several(self) -> bool:
        return self.many or self.kind.value_type is ValueType.OPTIONS

    @property
    def longest(self) -> int:
        """How many letters a text may have."""
        return min(self.maximum or TEXT_LIMIT, TEXT_LIMIT)

    @property
    def limits(self) -> tuple[int | None, int | None]:
        """The least and the greatest number, or those that are usual for the kind."""
        low, high = self.kind.info.usual_range
        return low if self.minimum is None else self.minimum, high if self.maximum is None else self.maximum

    @property
    def top_level(self) -> int:
        """The highest level that can be answered; that of the usual scale where no levels are."""
        count = len(self.anchors)
        return count - 1 if count in LEVEL_COUNTS else TOP_LEVEL

    @property
    def levels(self) -> range:
        return range(self.top_level + 1)

    @cached_property
    def known_answers(self) -> tuple[str, ...]:
        """The answers that can be named, as text; none if any text may be one."""
        if self.kind is AnswerKind.LEVEL:
            return tuple(map(str, self.levels))
        return self.kind.info.fixed or tuple(option.id for option in self.options)

    @cached_property
    def option_by_id(self) -> dict[str, ChoiceOption]:
        return {option.id: option for option in self.options}


@dataclass(frozen=True, kw_only=True)
class GridColumn(QuestionField):
    """A column of a grid. Scored columns of one ``group`` count once, with the best of their answers.

    ``supply`` makes this column, or its group, alone the measure of the row's gap (data availability of A-O).
    """

    label: str
    group: str = ""
    supply: bool = False

    @property
    def counted_as(self) -> str:
        """What the columns that count once have in common; a column without a group is one by itself."""
        return self.group or f"\0{self.id}"


@dataclass(frozen=True, kw_only=True)
class GridRow:
    """A row of a grid. A ``spare`` row counts only once its key column is answered.

    ``preset_reason`` makes the row not applicable until someone says otherwise; ``required`` replaces a
    checklist column's required elements for this row.
    """

    id: str
    label: str
    number: str = ""
    heading: str = ""
    importance: int = 2
    target: int | None = None
    prerequisite: bool = False
    spare: bool = False
    preset_reason: str = ""
    required: dict[str, tuple[str, ...]] = field(default_factory=dict)
    definition: str = ""
    officer_note: str = field(default="", metadata={WRITTEN_AS: OFFICER_NOTE_KEY})
    provenance: Provenance = Provenance.PROJECT
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipRule:
    """One of ``answers`` (option ids, or a level as text) in ``column`` settles the columns ``settles`` of that row.

    Settled columns are not asked; scored ones among them count as zero.
    """

    column: str
    answers: tuple[str, ...]
    settles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Question(QuestionField):
    """One question, with a permanent id and, if any, a printed number that may change.

    ``subheadings`` stand below the ``heading``, each a level deeper, and ``heading_text`` below them.
    """

    number: str
    text: str
    provenance: Provenance
    heading: str = ""
    subheadings: tuple[str, ...] = ()
    heading_text: str = ""
    importance: int = 2
    target: int = TOP_LEVEL
    prerequisite: bool = False
    feasibility: Feasibility = Feasibility.EFFORT
    show_if: Condition | None = None
    respondent_help: str = ""
    evidence_hint: str = ""
    tags: tuple[str, ...] = ()
    columns: tuple[GridColumn, ...] = ()
    rows: tuple[GridRow, ...] = ()
    gate: SkipRule | None = None
    key_column: str = ""

    @cached_property
    def column_by_id(self) -> dict[str, GridColumn]:
        return {column.id: column for column in self.columns}

    @property
    def top_target(self) -> int:
        """The level that earns everything: of the question, or of the column that measures its rows."""
        measured = supply_column(self) if self.columns else self
        return measured.top_level if measured else TOP_LEVEL

    @cached_property
    def scored_groups(self) -> tuple[tuple[tuple[GridColumn, ...], Fraction], ...]:
        """The columns that earn points, those of a group together, with the largest weight in each group."""
        grouped: dict[str, list[GridColumn]] = {}
        for column in self.columns:
            if column.is_scored:
                grouped.setdefault(column.counted_as, []).append(column)
        return tuple((tuple(columns), max(column.weight for column in columns)) for columns in grouped.values())

    @cached_property
    def measuring_columns(self) -> frozenset[str]:
        """The columns that measure rows: a supply column or its group alone, else all."""
        supply = supply_column(self)
        return frozenset(one.id for one in self.columns if supply is None or one.counted_as == supply.counted_as)

    @cached_property
    def row_by_id(self) -> dict[str, GridRow]:
        return {row.id: row for row in self.rows}

    @cached_property
    def importance_column(self) -> GridColumn | None:
        """The column whose chosen option weighs the row, if the grid has one."""
        return next((c for c in self.columns if any(o.importance or o.not_applicable for o in c.options)), None)


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the instrument. A supplement's sections never enter the core score."""

    id: str
    number: str
    title: str
    provenance: Provenance
    questions: tuple[Question, ...]
    introduction: str = ""
    officer_introduction: str = ""
    weight: Fraction = Fraction(1)
    supplement: str = ""

    @property
    def first_question(self) -> str:
        """The id of its first question; empty for a page of text."""
        return self.questions[0].id if self.questions else ""

    @cached_property
    def is_scored(self) -> bool:
        """Return whether any answer of the section earns points."""
        return any(
            question.is_scored or (question.scored and any(column.is_scored for column in question.columns))
            for question in self.questions
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreThresholds:
    """When a score is firm, provisional or withheld (shares), and when an overall score is robust (points)."""

    firm: Fraction = Fraction(4, 5)
    provisional: Fraction = Fraction(1, 2)
    mostly_not_applicable: Fraction = Fraction(2, 5)
    robust_spread: Fraction = Fraction(10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """A term of the glossary; questions point to it by tag."""

    id: str
    label: str
    definition: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedSource:
    """A document that the questionnaire rests on, as it is cited."""

    id: str
    citation: str
    url: str = ""

    @property
    def text(self) -> str:
        return f"{self.citation} {self.url}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContradictionRule:
    """Answers that cannot all be true: ``when`` holds, ``message`` says why."""

    id: str
    when: Condition
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeListEntry:
    """One entry of a code list (source types, agency kinds, action types)."""

    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A named selection of the core's questions, such as a short form; ``columns`` are those kept of a grid."""

    id: str
    title: str
    questions: tuple[str, ...]
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Instrument:
    """A questionnaire in one version. ``edition`` names the printed source, ``language`` the wording's (BCP 47).

    ``framework_version`` is that of the framework its indicators and terms are from, ``sources`` what it is cited by.
    """

    id: str
    version: str
    title: str
    edition: str
    language: str
    sections: tuple[Section, ...]
    description: str = ""
    framework_version: str = ""
    sources: tuple[CitedSource, ...] = ()
    supplements: tuple[str, ...] = ()
    profiles: tuple[Profile, ...] = ()
    thresholds: ScoreThresholds = ScoreThresholds()
    concepts: tuple[Concept, ...] = ()
    contradictions: tuple[ContradictionRule, ...] = ()
    codes: dict[str, tuple[CodeListEntry, ...]] = field(default_factory=dict)

    @cached_property
    def content_hash(self) -> str:
        """The SHA-256 of its canonical JSON without the officer's texts, by which copies in files are told apart."""
        return sha256(canonical_json(self.without_officer_texts()))

    @cached_property
    def hashes(self) -> frozenset[str]:
        """Its content hash, and its hash with the officer's texts, which versions up to 0.6 wrote into reports."""
        return frozenset({self.content_hash, sha256(canonical_json(self.whole))})

    @property
    def whole(self) -> "Instrument":
        """The instrument with all its questions."""
        return self

    @property
    def profile(self) -> Profile | None:
        """The selection of questions that is asked; None where all are."""
        return None

    def with_profile(self, profile: str) -> "Instrument":
        """Return the instrument as far as a profile asks it; all of it where it has no such profile."""
        return self.whole._by_profile.get(profile, self.whole)  # noqa: SLF001 - of this class

    def expect_profile(self, wanted: str) -> str:
        """Return the id of a profile, "" for all questions; raises KnownError if there is none such."""
        known = [profile.id for profile in self.profiles]
        if wanted and wanted not in known:
            raise KnownError(NO_PROFILE, name=wanted[:80], known=", ".join(known) or "–")
        return wanted

    @cached_property
    def _by_profile(self) -> dict[str, "Instrument"]:
        return {profile.id: _select(self, profile) for profile in self.profiles}

    def left_out(self, section: Section) -> tuple[Question, ...]:
        """Return the questions of a section that the profile does not ask."""
        return tuple(one for one in self.whole.section_by_id[section.id].questions if one.id not in self.question_by_id)

    def without_officer_texts(self) -> "Instrument":
        """Return it as files for others hold it: nothing that only the officer reads."""

        def quiet(question: Question) -> Question:
            columns = tuple(replace(one, officer_note="") for one in question.columns)
            rows = tuple(replace(one, officer_note="") for one in question.rows)
            return replace(question, officer_note="", columns=columns, rows=rows)

        sections = (
            replace(one, officer_introduction="", questions=tuple(map(quiet, one.questions))) for one in self.sections
        )
        return replace(self, sections=tuple(sections))

    @cached_property
    def part_hashes(self) -> dict[str, str]:
        """The hash of the core, under ``CORE``, and of each supplement, by its id."""
        public = self.without_officer_texts()
        # What contradicts an answer to a supplement belongs to the supplement.
        owner = {
            entry.id: max((public.section_of[at.question].supplement for at in entry.when.addresses()
                           if at.question in public.section_of), default=CORE)
            for entry in public.contradictions
        }  # fmt: skip

        def sections(name: str) -> tuple[Section, ...]:
            return tuple(section for section in public.sections if section.supplement == name)

        def contradictions(name: str) -> tuple[ContradictionRule, ...]:
            return tuple(entry for entry in public.contradictions if owner[entry.id] == name)

        core = replace(public, supplements=(), sections=sections(CORE), contradictions=contradictions(CORE))
        named = {section.supplement for section in public.sections}
        return {name: sha256(canonical_json((sections(name), contradictions(name)))) for name in named} | {
            CORE: core.content_hash
        }

    @cached_property
    def question_by_id(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions()}

    @cached_property
    def section_by_id(self) -> dict[str, Section]:
        return {section.id: section for section in self.sections}

    @cached_property
    def section_of(self) -> dict[str, Section]:
        return {question.id: section for section in self.sections for question in section.questions}

    @cached_property
    def conditional(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions() if question.show_if is not None)

    @cached_property
    def percent_places(self) -> frozenset[tuple[str, str]]:
        """The questions and columns whose answers are percentages."""
        fields = ((q.id, c) for q in self.questions() for c in (q, *q.columns))
        percents = ((question, field) for question, field in fields if field.kind.value_type is ValueType.PERCENT)
        return frozenset((question, field.id if isinstance(field, GridColumn) else "") for question, field in percents)

    @cached_property
    def concept_by_id(self) -> dict[str, Concept]:
        return {concept.id: concept for concept in self.concepts}

    def questions(self) -> Iterator[Question]:
        """Go through all questions in printed order."""
        for section in self.sections:
            yield from section.questions

    def code_label(self, code_list: str, code: str) -> str:
        """Return the wording of a code, or the code itself if the list does not know it."""
        return next((entry.label for entry in self.codes.get(code_list, ()) if entry.id == code), code)


@dataclass(frozen=True, kw_only=True)
class SelectedInstrument(Instrument):
    """What a profile asks of the ``complete`` instrument; it has the hashes of that, which is what files hold."""

    complete: Instrument
    selected: Profile

    @property
    def whole(self) -> Instrument:
        return self.complete

    @property
    def profile(self) -> Profile | None:
        return self.selected

    def without_officer_texts(self) -> Instrument:
        return self.complete.without_officer_texts()


def _select(instrument: Instrument, profile: Profile) -> SelectedInstrument:
    """Leave out the core's questions and columns that a profile does not name, and what depends on them.

    Supplements stay whole. A condition on an answer that is not asked is met, and contradicts nothing.
    """

    def is_asked(condition: Condition) -> bool:
        return all(
            instrument.section_of[at.question].supplement
            or (at.question in chosen and (not at.column or at.column in profile.columns.get(at.question, {at.column})))
            for at in condition.addresses()
        )

    def cut(question: Question) -> Question:
        kept = profile.columns.get(question.id)
        gate = question.gate
        if gate and kept:
            gate = replace(gate, settles=tuple(one for one in gate.settles if one in kept))
        return replace(
            question,
            show_if=question.show_if if question.show_if and is_asked(question.show_if) else None,
            columns=tuple(one for one in question.columns if kept is None or one.id in kept),
            gate=gate,
        )

    chosen = frozenset(profile.questions)
    sections = (
        section
        if section.supplement
        else replace(section, questions=tuple(cut(one) for one in section.questions if one.id in chosen))
        for section in instrument.sections
    )
    return SelectedInstrument(
        **{one.name: getattr(instrument, one.name) for one in fields(instrument)}
        | {
            "sections": tuple(sections),
            "contradictions": tuple(one for one in instrument.contradictions if is_asked(one.when)),
        },
        complete=instrument,
        selected=profile,
    )


# Themes that cut across the parts of an instrument: demand and supply, indicators, children.

SDG_TAG = "sdg-disaggregation"
CHILDREN_TAG = "children"


def supply_column(question: Question) -> GridColumn | None:
    """Return the column that alone measures a row's gap, if the grid has one."""
    return next((column for column in question.columns if column.supply), None)


def is_demand_grid(question: Question) -> bool:
    return question.importance_column is not None and supply_column(question) is not None


def is_indicator_grid(question: Question) -> bool:
    return question.kind is AnswerKind.GRID and SDG_TAG in question.tags and question.scored


# What of an instrument is translated: every text with the key under which translations know it.


def wording_places(instrument: Instrument) -> Iterator[tuple[str, str]]:
    """Go through all texts people read, in printed order, with their keys ("iv.policy|column available anchor 2").

    Supplements are part of the instrument they belong to, so read it with all of them.
    """
    for key, text in _texts_of(instrument):
        if text:
            yield key, text


def _texts_of(instrument: Instrument) -> Iterator[tuple[str, str]]:
    yield "instrument|title", instrument.title
    yield "instrument|edition", instrument.edition
    yield "instrument|description", instrument.description
    for section in instrument.sections:
        yield f"{section.id}|title", section.title
        yield f"{section.id}|introduction", section.introduction
        yield f"{section.id}|officer_introduction", section.officer_introduction
        for question in section.questions:
            yield from ((f"{question.id}|{part}", text) for part, text in _question(question))
    for concept in instrument.concepts:
        yield f"{concept.id}|label", concept.label
        yield f"{concept.id}|definition", concept.definition
    for contradiction in instrument.contradictions:
        yield f"contradictions|{contradiction.id}", contradiction.message
    for name, codes in instrument.codes.items():
        yield from ((f"codes|{name} {code.id}", code.label) for code in codes)
    for profile in instrument.profiles:
        yield f"profiles|{profile.id}", profile.title


def _question(question: Question) -> Iterator[tuple[str, str]]:
    yield "heading", question.heading
    yield from ((f"subheading {number}", text) for number, text in enumerate(question.subheadings, start=1))
    yield "heading_text", question.heading_text
    yield "text", question.text
    yield from _field(question, "")
    yield "respondent_help", question.respondent_help
    yield "evidence_hint", question.evidence_hint
    for column in question.columns:
        yield from _column(column)
    for row in question.rows:
        yield from _row(row)


def _field(field: QuestionField, place: str) -> Iterator[tuple[str, str]]:
    for level, anchor in enumerate(field.anchors):
        yield f"{place}anchor {level}", anchor
    for step, action in enumerate(field.actions, start=1):
        yield f"{place}action {step}", action
    for option in field.options:
        yield f"{place}option {option.id}", option.label
    yield f"{place}definition", field.definition
    yield f"{place}{OFFICER_NOTE_KEY}", field.officer_note
    yield f"{place}finding", field.finding
    yield f"{place}finding_partly", field.finding_partly


def _column(column: GridColumn) -> Iterator[tuple[str, str]]:
    yield f"column {column.id} label", column.label
    yield from _field(column, f"column {column.id} ")


def _row(row: GridRow) -> Iterator[tuple[str, str]]:
    yield f"row {row.id} heading", row.heading
    yield f"row {row.id} label", row.label
    yield f"row {row.id} definition", row.definition
    yield f"row {row.id} {OFFICER_NOTE_KEY}", row.officer_note
    yield f"row {row.id} preset_reason", row.preset_reason
