"""What each table of an instrument may contain: the keys, their types and ranges, and what is required.

``assessments/README.md`` documents exactly these keys; a test compares the two. Every key has a
neutral default here, so that a table with mistakes can still be checked for further ones; what must
be given stands in ``must_have``.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, ClassVar

from msgspec import Meta, Struct, field

from capacity_app.domain.questionnaire.instrument import LEVEL_COUNTS, Feasibility, Provenance
from capacity_app.domain.questionnaire.kinds import AnswerKind

OneToThree = Annotated[int, Meta(ge=1, le=3)]
Level = Annotated[int, Meta(ge=0, lt=LEVEL_COUNTS.stop - 1)]
WholeNumber = Annotated[int, Meta(ge=-(10**12), le=10**12)]
Count = Annotated[int, Meta(ge=1, le=1_000)]
Share = Annotated[Fraction, Meta(extra={"most": 1})]
Spread = Annotated[Fraction, Meta(extra={"most": 100})]
Weight = Annotated[Fraction, Meta(extra={"most": 1_000})]
TextList = tuple[str, ...]


class TomlTable(Struct, kw_only=True, frozen=True):
    """One table of a TOML file."""

    must_have: ClassVar[tuple[str, ...]] = ()
    written: ClassVar[str] = ""
    """How the table is written, for messages."""
    former_keys: ClassVar[Mapping[str, str]] = {}
    """Keys of earlier versions, by what they are called today."""


class OptionTable(TomlTable, frozen=True):
    """One option of a scale, a choice or a checklist."""

    must_have = ("id", "label")
    written = "{ id, label, … }"
    id: str = ""
    label: str = ""
    points: Share | None = None
    required: bool = False
    exclusive: bool = False
    importance: OneToThree | None = None
    not_applicable: bool = False
    alert: bool = False


OptionsValue = str | tuple[OptionTable, ...]


class ConditionTable(TomlTable, frozen=True):
    """A test of one answer, or a combination of conditions."""

    written = "a condition"
    question: str = ""
    row: str = ""
    column: str = ""
    is_: str | int | tuple[str | int, ...] | None = field(default=None, name="is")
    at_least: WholeNumber | None = None
    all: "tuple[ConditionTable, ...]" = ()
    any: "tuple[ConditionTable, ...]" = ()
    not_: "ConditionTable | None" = field(default=None, name="not")


class FieldTable(TomlTable, frozen=True):
    """What questions and columns have in common."""

    former_keys = {"officer_note": "guidance"}
    id: str = ""
    type: AnswerKind | None = None
    options: OptionsValue = ()
    anchors: TextList = ()
    actions: TextList = ()
    many: bool = False
    most: Count | None = None
    minimum: WholeNumber | None = None
    maximum: WholeNumber | None = None
    weight: Weight = Fraction(1)
    scored: bool = True
    numeric_score: bool = False
    definition: str = ""
    officer_note: str = ""
    finding: str = ""
    finding_partly: str = ""


class ColumnTable(FieldTable, frozen=True):
    """A column of a grid."""

    must_have = ("id", "label", "type")
    written = "[[question.column]]"
    label: str = ""
    group: str = ""
    supply: bool = False


class RowTable(TomlTable, frozen=True):
    """A row of a grid."""

    former_keys = {"officer_note": "guidance"}
    must_have = ("id", "label")
    written = "[[question.row]]"
    id: str = ""
    label: str = ""
    number: str = ""
    heading: str = ""
    importance: OneToThree = 2
    target: Level | None = None
    prerequisite: bool = False
    spare: bool = False
    preset_reason: str = ""
    required: dict[str, TextList] = field(default_factory=dict)
    definition: str = ""
    officer_note: str = ""
    provenance: Provenance = Provenance.PROJECT
    tags: TextList = ()


class GateTable(TomlTable, frozen=True):
    """Which answers of a grid's column settle other columns."""

    must_have = ("column", "answers", "settles")
    written = "[question.gate]"
    column: str = ""
    answers: TextList = ()
    settles: TextList = ()


class QuestionTable(FieldTable, frozen=True):
    """A question."""

    must_have = ("id", "text", "type", "provenance")
    written = "[[question]]"
    number: str = ""
    text: str = ""
    provenance: Provenance = Provenance.PROJECT
    heading: str = ""
    subheadings: TextList = ()
    heading_text: str = ""
    importance: OneToThree = 2
    target: Level | None = None
    prerequisite: bool = False
    feasibility: Feasibility = Feasibility.EFFORT
    show_if: ConditionTable | None = None
    respondent_help: str = ""
    evidence_hint: str = ""
    tags: TextList = ()
    column: tuple[ColumnTable, ...] = ()
    row: tuple[RowTable, ...] = ()
    gate: GateTable | None = None
    key_column: str = ""


class SectionTable(TomlTable, frozen=True):
    """What a part file is about."""

    must_have = ("id", "number", "title", "provenance")
    written = "[section]"
    id: str = ""
    number: str = ""
    title: str = ""
    provenance: Provenance = Provenance.PROJECT
    introduction: str = ""
    officer_introduction: str = ""
    weight: Weight = Fraction(1)
    supplement: str = ""


class ContradictionTable(TomlTable, frozen=True):
    """Answers that cannot all be true."""

    must_have = ("id", "when", "message")
    written = "[[contradiction]]"
    id: str = ""
    when: ConditionTable | None = None
    message: str = ""


class SectionFileTable(TomlTable, frozen=True):
    """A file with one section."""

    must_have = ("section",)
    section: SectionTable = SectionTable()
    question: tuple[QuestionTable, ...] = ()
    contradiction: tuple[ContradictionTable, ...] = ()


class InstrumentTable(TomlTable, frozen=True):
    """What the instrument is."""

    must_have = ("id", "version", "title", "edition", "language", "parts")
    written = "[instrument]"
    id: str = ""
    version: str = ""
    title: str = ""
    edition: str = ""
    description: str = ""
    framework_version: str = ""
    language: str = ""
    parts: TextList = ()
    supplements: TextList = ()


class ThresholdsTable(TomlTable, frozen=True):
    """When a score is firm, provisional or withheld."""

    written = "[thresholds]"
    firm: Share = Fraction(4, 5)
    provisional: Share = Fraction(1, 2)
    mostly_not_applicable: Share = Fraction(2, 5)
    robust_spread: Spread = Fraction(10)


class CodeTable(TomlTable, frozen=True):
    """One entry of a code list."""

    must_have = ("id", "label")
    written = "{ id, label }"
    id: str = ""
    label: str = ""


class CodesTable(TomlTable, frozen=True):
    """The code lists of the registers."""

    written = "[codes]"
    source_type: tuple[CodeTable, ...] = ()
    agency_kind: tuple[CodeTable, ...] = ()
    action_type: tuple[CodeTable, ...] = ()
    assistance_form: tuple[CodeTable, ...] = ()
    funding_status: tuple[CodeTable, ...] = ()
    project_partner: tuple[CodeTable, ...] = ()


class ConceptTable(TomlTable, frozen=True):
    """A term of the glossary."""

    must_have = ("id", "label", "definition")
    written = "[[concept]]"
    id: str = ""
    label: str = ""
    definition: str = ""
    source: str = ""


class SourceTable(TomlTable, frozen=True):
    """A document that the questionnaire rests on."""

    must_have = ("id", "citation")
    written = "[[source]]"
    id: str = ""
    citation: str = ""
    url: str = ""


class ProfileTable(TomlTable, frozen=True):
    """A named selection of the core's questions."""

    must_have = ("id", "title", "questions")
    written = "[[profile]]"
    id: str = ""
    title: str = ""
    questions: TextList = ()
    columns: dict[str, TextList] = {}


class HeadFileTable(TomlTable, frozen=True):
    """``instrument.toml``."""

    must_have = ("instrument",)
    instrument: InstrumentTable = InstrumentTable()
    thresholds: ThresholdsTable = ThresholdsTable()
    scales: dict[str, tuple[OptionTable, ...]] = {}
    codes: CodesTable = CodesTable()
    concept: tuple[ConceptTable, ...] = ()
    source: tuple[SourceTable, ...] = ()
    profile: tuple[ProfileTable, ...] = ()
    contradiction: tuple[ContradictionTable, ...] = ()
