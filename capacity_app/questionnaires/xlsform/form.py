"""The parts of an XLSForm: sheets, names of fields made from ids, our own columns, fixed sentences."""

import io
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, field, fields
from enum import StrEnum
from typing import Any

import xlsxwriter

from capacity_app.domain.assessment.answers import TEXT_LIMIT, Address, AnswerState
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, Problem, ProblemSeverity
from capacity_app.domain.questionnaire.conditions import Condition, ConditionOperator
from capacity_app.domain.questionnaire.instrument import Provenance, Question, QuestionField
from capacity_app.domain.questionnaire.kinds import ValueType
from capacity_app.i18n.translator import own_name
from capacity_app.questionnaires.toml_files import inline_value

FormSheetRow = dict[str, str]
"""One row of a sheet."""
SURVEY, CHOICES, SETTINGS, CAPACITY = "survey", "choices", "settings", "capacity"
KIND, NUMBER, ACTION, FINDING, FINDING_PARTLY, HINT = (
    "capacity_kind", "capacity_number", "capacity_action", "capacity_finding", "capacity_finding_partly",
    "capacity_hint",
)  # fmt: skip
"""Columns of ours, which ODK and KoboToolbox leave alone: what kind of answer it is, its printed number, what to do to
get from a level to the next, what a report says where points are missing and of a "partly", and whether the hint is the
help for whoever is asked."""
INSTRUMENT, VERSION, HASH, LANGUAGE, SUPPLEMENT_OF = (
    "capacity_instrument", "capacity_version", "capacity_hash", "capacity_language", "capacity_supplement_of",
)  # fmt: skip
"""Settings of ours; the first three are fields too, so that answers know what they answer. The last one names the
questionnaire that a supplement of a country is added to."""
IDENTITY_FIELDS = {INSTRUMENT: "CAPACITY_INSTRUMENT", VERSION: "CAPACITY_VERSION", HASH: "CAPACITY_HASH"}
LONGEST_CELL = 32_767
NOT_APPLICABLE, UNKNOWN, DECLINED, NONE = "NOT_APPLICABLE", "UNKNOWN", "DECLINED", "NONE"
"""Choices beside the answers of a question; ids have small letters."""
SENDER_AGENCY, SENDER_PERSON, SENDER_DATE = "SENDER_AGENCY", "SENDER_PERSON", "SENDER_DATE"
REFUSED_BY_PYXFORM = N_("The rules for forms do not allow this: {reason}")
REFUSED_ADVICE = N_("Correct the row that is named, and import the form again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class XlsForm:
    """A form to be written: its sheets (``own`` is the one of ours), and what of the instrument it does not hold."""

    survey: tuple[FormSheetRow, ...]
    choices: tuple[FormSheetRow, ...]
    settings: FormSheetRow
    own: tuple[FormSheetRow, ...] = ()
    problems: tuple[Problem, ...] = field(default=())

    def sheets(self) -> dict[str, tuple[FormSheetRow, ...]]:
        own = {CAPACITY: self.own} if self.own else {}
        return {SURVEY: self.survey, CHOICES: self.choices, SETTINGS: (self.settings,), **own}


def language_column(tag: str) -> str:
    """Name a language as the columns of a form do: "Français (fr)"."""
    name = own_name(tag)
    return f"{name[:1].title()}{name[1:]} ({tag})"  # Georgian letters have capitals, but no title case


def columns_of(lines: Iterable[Mapping[str, str]]) -> list[str]:
    """Return the columns of a sheet: those that any row has, ours last."""
    names = dict.fromkeys(name for line in lines for name in line)
    return sorted(names, key=lambda name: name.startswith("capacity_"))


def form_workbook(form: XlsForm) -> bytes:
    """Write a form as a workbook; every cell is a text."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    head = book.add_format({"bold": True, "bg_color": "#dce9ec", "text_wrap": True, "valign": "top"})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    for name, lines in form.sheets().items():
        sheet = book.add_worksheet(name)
        columns = columns_of(lines)
        sheet.freeze_panes(1, 2 if name == SURVEY else 0)
        for place, column in enumerate(columns):
            is_wording = "::" in column
            sheet.set_column(place, place, 48 if is_wording else 18, text)
            sheet.write_string(0, place, column, head)
        for row, line in enumerate(lines, start=1):
            for place, column in enumerate(columns):
                if line.get(column):
                    sheet.write_string(row, place, line[column], text)
    book.close()
    return stream.getvalue()


def form_problems(content: bytes, file: str) -> tuple[Problem, ...]:
    """Have pyxform make the form for phones of a workbook, and tell what it says against that."""
    from pyxform.errors import PyXFormError  # noqa: PLC0415 - only who makes or reads a form needs it
    from pyxform.xls2xform import convert  # noqa: PLC0415 - the same

    try:
        convert(io.BytesIO(content), file_type=".xlsx")
    except PyXFormError as error:
        return (pyxform_problem(file, error),)
    return ()


def pyxform_problem(file: str, error: Exception) -> Problem:
    return Problem("xlsform.refused", file, REFUSED_BY_PYXFORM, REFUSED_ADVICE, (("reason", str(error)[:600]),))


def conversion_warning(code: str, place: str, message: str, advice: str = "", **values: object) -> Problem:
    """Return what is not, or not quite, carried over."""
    given = tuple((name, str(value)) for name, value in values.items())
    return Problem(f"xlsform.{code}", place, message, advice, given, ProblemSeverity.WARNING)


# Names of fields in a form, made from permanent ids by a rule that can be undone.
#
# Ids have small letters only, so capitals are free to stand for what no name of a field may hold everywhere: ODK joins
# groups with “-”, KoboToolbox with “/”, and statistics programs know neither these nor the full stop. “iv.policy” is
# ``iv_policy``, “iv.data-needs” is ``iv_dataNeeds``, and the cell “iv.policy/a/available” is
# ``iv_policy__a__available``.

_NAME_START = "Q"
"""Stands before a name whose id begins with a digit; no id begins with a hyphen, so nothing else can begin so."""
_PART_SEPARATOR = "__"
_NAME_TOKEN = re.compile(r"__|_D|_U|_|[A-Z]|[a-z0-9]+")
_PLAIN_ADDRESS = re.compile(r"[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9][a-z0-9_-]*)?(?:/[a-z0-9][a-z0-9_-]*){0,2}")


class FieldSuffix(StrEnum):
    """What a form asks or says beside an answer, or in place of one."""

    STATE = "STATE"
    REASON = "REASON"
    NOTE = "NOTE"
    HEAD = "HEAD"
    ABOUT = "ABOUT"
    INTRO = "INTRO"


@dataclass(frozen=True, slots=True)
class FieldName:
    """What a name of ours stands for: an address (or a section, whose id has no full stop) and what is said of it."""

    address: Address
    extra: FieldSuffix | None = None


def field_name(address: Address, extra: FieldSuffix | None = None) -> str:
    parts = (part for part in (address.question, address.row, address.column) if part)
    name = _PART_SEPARATOR.join(map(_encode_part, parts))
    start = _NAME_START if name[:1].isdigit() else ""
    return f"{start}{name}{_PART_SEPARATOR}{extra}" if extra else f"{start}{name}"


def _encode_part(part: str) -> str:
    said: list[str] = []
    raised = False
    for place, sign in enumerate(part):
        following = part[place + 1 : place + 2]
        if raised:
            said.append(sign.upper())
            raised = False
        elif sign == "-" and following.isascii() and following.islower():
            raised = True
        else:
            said.append({"-": "_D", "_": "_U", ".": "_"}.get(sign, sign))
    return "".join(said)


def parse_field_name(text: str) -> FieldName | None:
    """Return what a name stands for, None if this rule did not make it."""
    body, extra = text, None
    start, mark, end = text.rpartition(_PART_SEPARATOR)
    if mark and end in set(FieldSuffix):
        body, extra = start, FieldSuffix(end)
    plain = _decode_name(body.removeprefix(_NAME_START) if body[1:2].isdigit() else body)
    if not _PLAIN_ADDRESS.fullmatch(plain):
        return None
    name = FieldName(Address(*plain.split("/")), extra)
    return name if field_name(name.address, name.extra) == text else None


_DECODED_SIGNS = {"__": "/", "_D": "-", "_U": "_", "_": "."}


def _decode_name(name: str) -> str:
    said: list[str] = []
    place = 0
    while place < len(name):
        found = _NAME_TOKEN.match(name, place)
        if found is None:
            return ""
        token = found[0]
        said.append(_DECODED_SIGNS.get(token) or (f"-{token.lower()}" if token.isupper() else token))
        place = found.end()
    return "".join(said)


_NOT_IN_IDS = re.compile(r"[^a-z0-9_-]+")
_LONGEST_ID = 60


def id_from_name(name: str) -> str:
    """Make an id of what somebody else named a field, a group or a choice; empty if nothing of it can be in one."""
    return _NOT_IN_IDS.sub("-", name.strip().lower()).strip("-_")[:_LONGEST_ID].rstrip("-_")


# What the usual columns of an XLSForm do not say: the columns of ours, which the export and the import both take here.

#
# A cell holds a text, a number ("1/3" is exact), yes or no, or ids with commas between them. What a row of a table
# needs ticked is written "column: option, option; column: option"; a condition that no expression says is written as
# in TOML. A value that cannot be read goes on as it is, so that the reader of all instruments explains it.

OWN_COLUMN_PREFIX = "capacity_"
SHOW_IF = f"{OWN_COLUMN_PREFIX}show_if"
SECTION_KEYS = ("provenance", "weight")
QUESTION_KEYS = (
    "provenance", "importance", "target", "prerequisite", "feasibility", "tags", "weight", "scored", "key_column",
    "most", "minimum", "maximum", "numeric_score",
)  # fmt: skip
ROW_KEYS = ("provenance", "importance", "target", "prerequisite", "spare", "required", "tags")
COLUMN_KEYS = ("weight", "scored", "group", "supply", "most", "minimum", "maximum", "numeric_score")
THRESHOLD_KEYS = ("firm", "provisional", "mostly_not_applicable", "robust_spread")
OPTION_KEYS = ("points", "required", "exclusive", "importance", "not_applicable", "alert")
"""The keys of the TOML files that have a column of ours, by what has them."""

_YES_NO = {"yes": True, "true": True, "1": True, "x": True, "no": False, "false": False, "0": False}
_OPENING, _MOST_BRACKETS, _DEEPEST = re.compile(r"[{\[]"), 500, 24
_WHOLE_NUMBER_KEYS = frozenset({"importance", "target", "most", "minimum", "maximum"})
_FLAG_KEYS = frozenset(
    {"numeric_score", "prerequisite", "scored", "spare", "supply", "required", "exclusive", "not_applicable", "alert"}
)


# -- from the instrument to the form -------------------------------------------------------------------------------


def own_columns_of(part: Any, names: Iterable[str]) -> FormSheetRow:  # noqa: ANN401 - a section, question, row, column or option
    """Return the columns of ours for a part of an instrument; what is usual is left out."""
    usual: dict[str, object] = {
        one.name: {} if one.default_factory is not MISSING else one.default for one in fields(part)
    }
    usual["provenance"] = Provenance.PROJECT
    if isinstance(part, Question):
        usual["target"] = part.top_target
    said = _keys_in_constraint(part) if isinstance(part, QuestionField) else frozenset()
    values = {name: getattr(part, name) for name in names if name not in said}
    return {f"{OWN_COLUMN_PREFIX}{name}": _cell_text(value) for name, value in values.items() if value != usual[name]}


def _keys_in_constraint(field: QuestionField) -> frozenset[str]:
    said = {"most"} if field.many else set()
    is_number, (low, high) = field.kind.value_type is ValueType.INTEGER, field.kind.info.usual_range
    if is_number and field.minimum != low:
        said.add("minimum")
    if (is_number and field.maximum != high) or (field.kind.info.is_free and 0 < (field.maximum or 0) < TEXT_LIMIT):
        said.add("maximum")
    return frozenset(said)


def _cell_text(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(value)
        case dict():
            return "; ".join(f"{name}: {', '.join(options)}" for name, options in value.items())
    return str(value)


def condition_table(condition: Condition) -> dict[str, Any]:
    match condition.op:
        case ConditionOperator.ALL | ConditionOperator.ANY:
            return {condition.op.value: [condition_table(part) for part in condition.parts]}
        case ConditionOperator.NOT:
            return {"not": condition_table(condition.parts[0])}
    assert condition.address is not None, "a test has an address"
    address = condition.address
    table: dict[str, Any] = {"question": address.question}
    if address.row:
        table["row"] = address.row
    if address.column:
        table["column"] = address.column
    if condition.op is ConditionOperator.AT_LEAST:
        return table | {"at_least": condition.number}
    return table | {"is": condition.values[0] if len(condition.values) == 1 else list(condition.values)}


def condition_cell(condition: Condition) -> str:
    return inline_value(condition_table(condition))


# -- from the form to the instrument -------------------------------------------------------------------------------


def read_own_columns(cell: Callable[[str], str], names: Iterable[str]) -> dict[str, Any]:
    """Return what the columns of ours say of a row as keys of the TOML files; ``cell`` gives a cell by its column."""
    found = ((name, cell(f"{OWN_COLUMN_PREFIX}{name}")) for name in names)
    return {name: _parse_value(name, text) for name, text in found if text}


def _parse_value(name: str, text: str) -> object:
    if name == "tags":
        return _split_names(text)
    if name == "required" and ":" in text:
        parts = (part.partition(":") for part in text.split(";") if part.strip())
        return {column.strip(): _split_names(options) for column, _, options in parts}
    if name in _FLAG_KEYS:
        return _YES_NO.get(text.casefold(), text)
    if name in _WHOLE_NUMBER_KEYS:
        return int(text) if re.fullmatch(r"-?[0-9]{1,13}", text) else text
    return text


def _split_names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def parse_condition_cell(text: str) -> object:
    """Read a condition that is written as in TOML; raises ValueError."""
    if len(_OPENING.findall(text)) > _MOST_BRACKETS:
        raise ValueError(text)
    found = tomllib.loads(f"condition = {text}")
    if found.keys() != {"condition"} or not _is_plain_condition(found):
        raise ValueError(text)
    return found["condition"]


def _is_plain_condition(value: object, depth: int = 0) -> bool:
    """Return whether a value is made of texts and whole numbers, as conditions are, and not of too many layers."""
    if isinstance(value, dict | list):
        inside = value.values() if isinstance(value, dict) else value
        return depth < _DEEPEST and all(_is_plain_condition(one, depth + 1) for one in inside)
    return isinstance(value, str | int)


# What a form says beside the texts of the instrument, and what is told of what it cannot hold.

CANNOT_ASK = N_("The form cannot say when this question is asked, so it is always asked there.")
CANNOT_ASK_ADVICE = N_("Tell the interviewer when to skip it.")
CHANGED_TEXT = N_("“${{” would mean another answer in a form, so the text says “$ {{” there.")
CUT_TEXT = N_("The text is longer than a cell of a form can be ({most} letters), and was shortened.")
NO_CHOICES = N_("The form does not know the agencies and sources of a country, so their names are typed there.")
SPARE = N_("The empty lines for more entries are ordinary lines in the form.")
PRESET_ONCE = N_("Why a line does not apply is given beforehand in one language only.")

STATE_CHOICES = {
    NOT_APPLICABLE: N_("Does not apply to us"),
    UNKNOWN: N_("We do not know"),
    DECLINED: N_("We do not want to answer"),
}
NONE_CHOICE = N_("None of these")
YES_NO_LABELS = {"yes": N_("Yes"), "partly": N_("Partly"), "no": N_("No")}
ASK_STATE, ASK_ROW = N_("If there is no answer: why?"), N_("If this whole line cannot be answered: why?")
ASK_TABLE = N_("If this whole table does not apply to you, say so here")
ASK_REASON, ASK_NOTE = N_("Why does it not apply?"), N_("Note")
ASK_DATE = N_("Write 2018-11-29, or only the month (2018-11) or the year (2018).")
ASK_SENDER, ASK_AGENCY, ASK_PERSON = N_("Who answers"), N_("Your institution"), N_("Your name")
WRONG_ANSWER, ALONE = N_("This answer is not possible here."), N_("“None” and another element cannot both be ticked.")
STATE_OF_CHOICE = {
    NOT_APPLICABLE: AnswerState.NOT_APPLICABLE,
    UNKNOWN: AnswerState.UNKNOWN,
    DECLINED: AnswerState.DECLINED,
}
"""What the further choices mean."""
