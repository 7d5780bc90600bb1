"""Which sheets a questionnaire's workbook has and which columns: the one contract of its writer and its reader.

Names of sheets and columns are the same in every language, as the keys of the TOML are: they are read back. What
explains them is translated.
"""

from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType

from capacity_app.domain.instrument import Feasibility, Kind, Provenance
from capacity_app.domain.problems import N_

READ_ME, INSTRUMENT, TRANSLATIONS = "Read me", "Instrument", "Translations"
SECTIONS, QUESTIONS, ROWS, COLUMNS = "Sections", "Questions", "Rows", "Columns"
OPTIONS, ANCHORS, CONDITIONS = "Options", "Anchors", "Conditions"
CONTRADICTIONS, CONCEPTS, CODES = "Contradictions", "Concepts", "Codes"

EXAMPLE = "example"
"""How ids of examples begin: without their section they are not read, so deleting one line takes all of them away."""


class Form(Enum):
    """What stands in the cells of a column."""

    TEXT = auto()
    ID = auto()
    NAMES = auto()
    """Ids with commas between them."""
    CHOICE = auto()
    YES = auto()
    """Yes, no or nothing."""
    WHOLE = auto()
    SHARE = auto()
    """A number that is read exactly: 1, 0.5 or 1/3."""
    CONDITION = auto()
    NEEDED = auto()
    """Options that a row needs ticked: "column: option, option; column: option"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a sheet; ``note`` explains it, ``source`` names the sheet and column whose ids it takes."""

    key: str
    note: str
    form: Form = Form.TEXT
    is_required: bool = False
    choices: tuple[str, ...] = ()
    source: tuple[str, str] | None = None
    width: int = 14

    @property
    def title(self) -> str:
        """What stands at its head."""
        name = self.key.replace("_", " ")
        return f"{name} *" if self.is_required else name


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with lines of one kind."""

    name: str
    note: str
    columns: tuple[Column, ...]

    def column(self, key: str) -> Column:
        """Find a column by its key."""
        return next(column for column in self.columns if column.key == key)


def _id(note: str, *, width: int = 18) -> Column:
    return Column(key="id", form=Form.ID, note=note, is_required=True, width=width)


_QUESTION_IDS, _SCALES = (QUESTIONS, "id"), (OPTIONS, "of")
_IMPORTANCES, _LEVELS = ("1", "2", "3"), ("0", "1", "2", "3")
KINDS = tuple(kind.value for kind in Kind)
_PROVENANCE = Column(
    key="provenance",
    form=Form.CHOICE,
    choices=tuple(one.value for one in Provenance),
    is_required=True,
    note=N_("Whose words these are: T for words taken from the printed source, P for your own."),
    width=13,
)
_PREREQUISITE = Column(
    key="prerequisite", form=Form.YES, note=N_("Yes if other progress depends on it: gaps here are more severe.")
)
_TAGS = Column(key="tags", form=Form.NAMES, note=N_("Ids from the sheet Concepts, with commas between them."), width=18)
_WEIGHT = Column(key="weight", form=Form.SHARE, note=N_("Weight in the score: 0 to 1000; 1 if left empty."), width=9)
_GUIDANCE = Column(key="guidance", note=N_("For the officer: definitions, and what to look for."), width=50)
_SCORED = Column(key="scored", form=Form.YES, note=N_("No keeps the answers out of the score."), width=9)
_OPTIONS = Column(
    key="options",
    form=Form.ID,
    source=_SCALES,
    note=N_(
        "For the types choice and checklist: the name of a scale on the sheet Options. Leave it empty if the options "
        "stand there under this id."
    ),
    width=18,
)
_BOUNDS = (
    Column(key="many", form=Form.YES, note=N_("Agency, source, country: yes if several may be named."), width=8),
    Column(key="most", form=Form.WHOLE, note=N_("How many may be named at most."), width=8),
    Column(key="minimum", form=Form.WHOLE, note=N_("Least number, year or length of a text."), width=10),
    Column(key="maximum", form=Form.WHOLE, note=N_("Greatest number, year or length of a text."), width=10),
)
_TARGET = Column(
    key="target",
    form=Form.WHOLE,
    choices=_LEVELS,
    note=N_("The level, 0 to 3, that a gap is measured against; 3 if left empty."),
    width=8,
)
_IMPORTANCE = Column(
    key="importance",
    form=Form.WHOLE,
    choices=_IMPORTANCES,
    note=N_("How much a gap here weighs, 1 to 3; 2 if left empty."),
    width=12,
)

SHEETS = (
    Sheet(SECTIONS, N_("A line for each part of the questionnaire, in printed order."), (
        _id(N_("Permanent: never change it once it was used. Lower-case letters, digits, - and _."), width=12),
        Column(key="number", is_required=True, note=N_("The printed number, for example IV. It may change."), width=10),
        Column(key="title", is_required=True, note=N_("The title of the part."), width=34),
        _PROVENANCE,
        Column(key="introduction", note=N_("Shown above the questions of the part."), width=60),
        Column(key="weight", form=Form.SHARE, note=N_("Weight in the overall score; 1 if left empty."), width=9),
        Column(key="supplement", form=Form.ID, note=N_(
            "Only for a part that a country may add: a short id, for example LB. They never enter the core score."
        ), width=12),
        Column(key="file", note=N_("The file this part is written to. Leave it empty: a name is found."), width=24),
    )),
    Sheet(QUESTIONS, N_("A line for each question, in printed order."), (
        _id(N_("Permanent: the id of its section, a dot and a name of its own, for example iv.policy.")),
        Column(key="number", is_required=True, width=10, note=N_("The printed number, such as IV.1. It may change.")),
        Column(key="text", is_required=True, note=N_("The question as it is asked."), width=60),
        Column(key="type", form=Form.CHOICE, choices=KINDS, is_required=True, note=N_(
            "What form the answer takes. A level has four sentences on the sheet Anchors; a grid has lines on the "
            "sheets Rows and Columns."
        )),
        _PROVENANCE,
        _OPTIONS,
        Column(key="heading", note=N_("Printed above the question where a block of questions starts."), width=24),
        _GUIDANCE,
        Column(key="respondent_help", note=N_("One sentence the officer can read aloud."), width=40),
        Column(key="evidence_hint", note=N_("What document would show it."), width=34),
        _TAGS,
        _WEIGHT,
        _IMPORTANCE,
        _TARGET,
        _PREREQUISITE,
        Column(
            key="feasibility",
            form=Form.CHOICE,
            choices=tuple(one.value for one in Feasibility),
            note=N_("How hard a gap is to close: easy (a year, own means), effort, or hard; effort if left empty."),
        ),
        _SCORED,
        *_BOUNDS,
        Column(key="key_column", form=Form.ID, note=N_("Grids: the column that brings a spare row to life.")),
        Column(key="gate_column", form=Form.ID, note=N_("Grids: the column whose answer settles others.")),
        Column(key="gate_answers", form=Form.NAMES, note=N_(
            "The answers in the gate column, with commas between them, after which other columns are not asked."
        )),
        Column(key="gate_settles", form=Form.NAMES, note=N_(
            "The columns that are then not asked, with commas between them; scored ones count as 0."
        )),
    )),
    Sheet(ROWS, N_("A line for each row of a grid."), (
        Column(key="question", form=Form.ID, source=_QUESTION_IDS, is_required=True, note=N_(
            "The id of the grid on the sheet Questions."
        ), width=18),
        _id(N_("Permanent id of the row within its grid."), width=14),
        Column(key="label", is_required=True, note=N_("What the row says."), width=44),
        Column(key="number", note=N_("Printed number of the row, for example A."), width=10),
        Column(key="heading", note=N_("Printed above a group of rows."), width=24),
        _IMPORTANCE,
        _TARGET,
        _PREREQUISITE,
        Column(key="spare", form=Form.YES, note=N_("Yes: the row counts only once its key column is answered.")),
        Column(key="preset_reason", note=N_("The row starts as not applicable, with this reason."), width=30),
        Column(key="required", form=Form.NEEDED, note=N_(
            "What this row needs ticked instead of what the options say, for example: topics: age, sex; use: law"
        ), width=30),
        _GUIDANCE,
        Column(
            key="provenance",
            form=Form.CHOICE,
            choices=_PROVENANCE.choices,
            note=N_("T or P, as for questions; P if left empty."),
            width=13,
        ),
        _TAGS,
    )),
    Sheet(COLUMNS, N_("A line for each column of a grid."), (
        Column(key="question", form=Form.ID, source=_QUESTION_IDS, is_required=True, note=N_(
            "The id of the grid on the sheet Questions."
        ), width=18),
        _id(N_("Permanent id of the column within its grid."), width=14),
        Column(key="label", is_required=True, note=N_("What the column says."), width=34),
        Column(
            key="type",
            form=Form.CHOICE,
            choices=tuple(kind for kind in KINDS if kind != Kind.GRID),
            is_required=True,
            note=N_("What form the answers take, as for questions; anything but grid."),
        ),
        _OPTIONS,
        _WEIGHT,
        _SCORED,
        Column(key="group", form=Form.ID, note=N_(
            "Scored columns with the same word here count once, with their best answer."
        )),
        Column(key="supply", form=Form.YES, note=N_("Yes: this column alone measures the gap of its row."), width=9),
        *_BOUNDS,
        _GUIDANCE,
    )),
    Sheet(OPTIONS, N_("A line for each answer that can be chosen or ticked."), (
        Column(key="of", form=Form.ID, is_required=True, note=N_(
            "What the option belongs to: a scale (any name of your own, used in the column options), or one question "
            "(iv.policy), or one column of a grid (iv.grid/available)."
        ), width=24),
        _id(N_("Permanent id of the option."), width=16),
        Column(key="label", is_required=True, note=N_("What is read out and printed."), width=44),
        Column(key="points", form=Form.SHARE, note=N_(
            "0 to 1, as 0, 0.5, 1/3 or 1. Choices without points are not scored."
        ), width=9),
        Column(key="required", form=Form.YES, note=N_("Checklists: yes makes it count in the score."), width=10),
        Column(key="exclusive", form=Form.YES, note=N_("Checklists: yes if it cannot be ticked with another.")),
        Column(
            key="importance",
            form=Form.WHOLE,
            choices=_IMPORTANCES,
            note=N_("In a grid: choosing it gives the row this importance, 1 to 3."),
            width=12,
        ),
        Column(key="not_applicable", form=Form.YES, width=14, note=N_("Yes: choosing it takes the row out of scores.")),
        Column(key="alert", form=Form.YES, note=N_("Yes: its loss between two rounds is reported by itself."), width=8),
    )),
    Sheet(ANCHORS, N_("Four lines for each question or column of the type level."), (
        Column(key="of", form=Form.ID, is_required=True, note=N_(
            "The id of the question (iv.policy), or of a column of a grid (iv.grid/quality)."
        ), width=24),
        Column(
            key="level",
            form=Form.WHOLE,
            choices=_LEVELS,
            is_required=True,
            note=N_("The level that the sentence describes: 0, 1, 2 or 3."),
            width=8,
        ),
        Column(key="sentence", is_required=True, note=N_("What is true at this level, so that it is recognised."),
               width=70),
        Column(key="action", note=N_("What to do first to come to this level from the one below. Level 0 has none."),
               width=70),
    )),
    Sheet(CONDITIONS, N_("A line for each question that is asked only under a condition."), (
        Column(key="question", form=Form.ID, source=_QUESTION_IDS, is_required=True, note=N_(
            "The question that is hidden, and counts nowhere, unless the condition holds."
        ), width=18),
        Column(key="show_if", form=Form.CONDITION, is_required=True, note=N_(
            "For example: iv.policy >= 1, or i.law = yes, or iv.grid/births/available = yes, partly. Combine them with "
            "and, or, not and brackets, or as a list: all of (…; …), any of (…; …)."
        ), width=80),
    )),
    Sheet(CONTRADICTIONS, N_("A line for each set of answers that cannot all be true."), (
        _id(N_("Permanent id of the contradiction.")),
        Column(key="when", form=Form.CONDITION, is_required=True, note=N_(
            "The answers that contradict each other, as a condition like those of the sheet Conditions."
        ), width=60),
        Column(key="message", is_required=True, note=N_("What the officer reads."), width=60),
        Column(key="section", form=Form.ID, source=(SECTIONS, "id"), note=N_(
            "The part it belongs to; needed if it is about a supplement."
        ), width=12),
    )),
    Sheet(CONCEPTS, N_("The glossary: a line for each term."), (
        _id(N_("Permanent id of the term; questions point to it in the column tags.")),
        Column(key="label", is_required=True, note=N_("The term."), width=30),
        Column(key="definition", is_required=True, note=N_("What it means."), width=80),
        Column(key="source", note=N_("Where the definition comes from."), width=40),
    )),
    Sheet(CODES, N_("The lists that registers of agencies, sources, actions and projects choose from."), (
        Column(
            key="list",
            form=Form.CHOICE,
            choices=("source_type", "agency_kind", "action_type", "assistance_form", "funding_status",
                     "project_partner"),
            is_required=True,
            note=N_("Which list the entry belongs to."),
            width=18,
        ),
        _id(N_("Permanent id of the entry.")),
        Column(key="label", is_required=True, note=N_("What is shown."), width=44),
    )),
)  # fmt: skip
SHEET = MappingProxyType({sheet.name: sheet for sheet in SHEETS})

SUPPLEMENT_OF = "supplement_of"
THRESHOLDS = ("firm", "provisional", "mostly_not_applicable", "robust_spread")
FACTS = (
    Column(key="id", form=Form.ID, is_required=True, note=N_("Permanent id of the questionnaire.")),
    Column(key="version", is_required=True, note=N_(
        "Such as 1.0. Give it a new number whenever questions change after somebody has answered them."
    )),
    Column(key="title", is_required=True, note=N_("What the questionnaire is called.")),
    Column(key="edition", is_required=True, note=N_("The printed source and its date.")),
    Column(key="description", note=N_("What it is for.")),
    Column(key="language", is_required=True, note=N_("The language it is worded in, for example en, fr or pt-BR.")),
    Column(key="firm", form=Form.SHARE, note=N_("Share of answers needed for a firm score; 0.8 if left empty.")),
    Column(key="provisional", form=Form.SHARE, note=N_(
        "Share of answers needed for a provisional score; 0.5 if left empty."
    )),
    Column(key="mostly_not_applicable", form=Form.SHARE, note=N_(
        "From this share of questions that do not apply on, a part is called mostly not applicable; 0.4 if left empty."
    )),
    Column(key="robust_spread", form=Form.SHARE, note=N_(
        "Points between methods before an overall score is called not robust; 10 if left empty."
    )),
)  # fmt: skip
"""The lines of the sheet Instrument: a name, a value, what it means."""
FACTS_OF_SUPPLEMENT = (
    Column(
        key=SUPPLEMENT_OF, form=Form.ID, is_required=True, note=N_("The questionnaire these questions are added to.")
    ),
)
KEY, VALUE, MEANING = "key", "value", "meaning"
SOURCE = "source"
HEADER = "header|"
"""How the keys of lines begin that say who stands for a translation."""
HEADERS = ("Last-Translator", "X-Reviewed-By", "X-Reviewed-On", "X-Reviewed-Version")


def is_example(name: str) -> bool:
    """Tell whether an id belongs to the examples of a template."""
    return name.startswith((f"{EXAMPLE}.", f"{EXAMPLE}-", f"xx-{EXAMPLE}.", f"xx-{EXAMPLE}-")) or name in {
        EXAMPLE,
        f"xx-{EXAMPLE}",
    }
