"""Problems of a questionnaire, collected with their places; places as addresses and in people's words."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from itertools import islice

from capacity_app.domain.assessment.answers import Address, clean_text
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, Problem, ProblemSeverity, Translate, printable
from capacity_app.domain.questionnaire.instrument import GridColumn, Instrument, Question, QuestionField, Section
from capacity_app.domain.questionnaire.kinds import AnswerKind

# Mistakes found while reading: collected with their place, and with what the author probably meant.

MOST_PROBLEMS = 1_000
"""More than this many problems of one instrument are counted but not listed."""

SHOWN_LENGTH = 60
LISTED_NAMES = 30
SEARCHED_NAMES = 400


@dataclass(slots=True)
class Findings:
    """The problems found so far, in the order of the files."""

    problems: list[Problem] = field(default_factory=list)
    left_out: int = 0

    def error(self, code: str, place: str, message: str, advice: str = "", **values: object) -> None:
        """Note a mistake that keeps the instrument from being used."""
        self.add([_make_problem(code, place, message, advice, values, ProblemSeverity.ERROR)])

    def warning(self, code: str, place: str, message: str, advice: str = "", **values: object) -> None:
        """Note something legal that the author probably did not mean."""
        self.add([_make_problem(code, place, message, advice, values, ProblemSeverity.WARNING)])

    def unknown(self, code: str, place: str, message: str, known: Iterable[str], **values: object) -> None:
        """Note a name that is not defined; ``values["name"]`` is compared with the ``known`` ones."""
        # A file of nothing but mistakes must not cost a search for each of them.
        candidates = () if self.left_out else tuple(known)
        near = nearest_name(str(values["name"]), candidates)
        advice = N_("Did you mean “{near}”?") if near else N_("Known are: {known}.")
        self.error(code, place, message, advice, near=near, known=list_names(candidates), **values)

    def add(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            if len(self.problems) < MOST_PROBLEMS:
                self.problems.append(problem)
            else:
                self.left_out += 1

    def take(self, other: "Findings") -> None:
        """Take over all that another reading found."""
        self.add(other.problems)
        self.left_out += other.left_out

    def has_errors(self) -> bool:
        return self.left_out > 0 or any(problem.severity is ProblemSeverity.ERROR for problem in self.problems)

    def all(self) -> tuple[Problem, ...]:
        """Return every problem, and say so at the end if the list was cut."""
        if not self.left_out:
            return tuple(self.problems)
        message = N_("{count} more problems are not listed.")
        rest = _make_problem(
            "instrument.more-problems", "", message, "", {"count": self.left_out}, ProblemSeverity.ERROR
        )
        return (*self.problems, rest)


def _make_problem(
    code: str, place: str, message: str, advice: str, values: dict[str, object], severity: ProblemSeverity
) -> Problem:
    said = tuple((name, _value_text(value)) for name, value in values.items())
    return Problem(code, place, message, advice, said, severity)


def _value_text(value: object) -> str:
    return value if isinstance(value, str) else shorten_value(value)


def shorten_value(value: object) -> str:
    """Show a value of a TOML file in a few characters, whatever it is."""
    match value:
        case str():
            text = printable(clean_text(value[: SHOWN_LENGTH + 1]))
        case bool():
            text = "true" if value else "false"
        case int():
            # Python refuses to write integers of more than 4,300 digits.
            text = str(value) if value.bit_length() < SHOWN_LENGTH else "…"
        case dict():
            text = "{…}"
        case list() | tuple():
            text = "[…]"
        case _:
            text = str(value)
    return text if len(text) <= SHOWN_LENGTH else text[:SHOWN_LENGTH] + "…"


def place_inside(place: str, word: str, name: str = "") -> str:
    """Return the place within a place: "section iv" → "section iv, question iv.policy"."""
    step = f"{word} {shorten_value(name)}".rstrip()
    return f"{place}, {step}" if place else step


def nearest_name(word: str, known: Sequence[str]) -> str:
    """Return the known name that was probably meant, or nothing."""
    same_start = [name for name in known if name[:1] == word[:1]]
    candidates = known if len(known) <= SEARCHED_NAMES else same_start[:SEARCHED_NAMES]
    from difflib import get_close_matches  # noqa: PLC0415 - only where something is wrong

    matches = get_close_matches(word[:SHOWN_LENGTH], candidates, n=1)
    return matches[0] if matches else ""


def list_names(names: Iterable[str]) -> str:
    """List names in a sentence, not too many of them."""
    first = [shorten_value(name) for name in islice(names, LISTED_NAMES + 1)]
    if len(first) > LISTED_NAMES:
        first[-1] = "…"
    return ", ".join(first) or "–"


WHOLE_INSTRUMENT = "instrument"
_PLACE_STEP = re.compile(r"(section|question|row|column|contradiction) (\S+)")


@dataclass(frozen=True, slots=True)
class AnswerField:
    """A place where something is answered: a question, or a column of a grid."""

    section: Section
    question: Question
    field: QuestionField

    @property
    def place(self) -> str:
        where = question_place(self.section, self.question)
        return place_inside(where, "column", self.field.id) if isinstance(self.field, GridColumn) else where


def section_place(section: Section) -> str:
    return place_inside("", "section", section.id)


def question_place(section: Section, question: Question) -> str:
    return place_inside(section_place(section), "question", question.id)


def questions_by_section(instrument: Instrument) -> Iterator[tuple[Section, Question]]:
    """Go through all questions with their sections, in printed order."""
    for section in instrument.sections:
        for question in section.questions:
            yield section, question


def answer_fields(instrument: Instrument) -> Iterator[AnswerField]:
    """Go through everything that is answered: questions, and instead of a grid its columns."""
    for section, question in questions_by_section(instrument):
        if question.kind is not AnswerKind.GRID:
            yield AnswerField(section, question, question)
        for column in question.columns:
            yield AnswerField(section, question, column)


def can_earn_points(field: QuestionField) -> bool:
    """Return whether an answer could earn points if it weighed anything."""
    if field.kind.info.fixed or field.kind is AnswerKind.LEVEL or field.numeric_score:
        return True
    return any(option.points is not None or option.required for option in field.options)


def is_scored(question: Question) -> bool:
    return question.is_scored or (question.scored and any(column.is_scored for column in question.columns))


def question_label(question: Question) -> str:
    """Name a question shortly: by its printed number."""
    return question.number or question.id


def address_of_place(instrument: Instrument, place: str) -> Address | None:
    """Return the address of a place: of a section its first question, of a contradiction the first answer it tests."""
    steps = dict(_PLACE_STEP.findall(place.replace(",", " ")))
    told = next((entry for entry in instrument.contradictions if entry.id == steps.get("contradiction")), None)
    if told is not None:
        return next(
            (address for address in told.when.addresses() if address.question in instrument.question_by_id), None
        )
    question = instrument.question_by_id.get(steps.get("question", ""))
    if question is not None:
        row = steps.get("row", "")
        column = steps.get("column", "")
        row = row if row in question.row_by_id else (question.rows[0].id if column and question.rows else "")
        return Address(question.id, row, column if column in question.column_by_id else "")
    section = next((one for one in instrument.sections if one.id == steps.get("section")), None)
    return Address(section.questions[0].id) if section is not None and section.questions else None


def format_place(instrument: Instrument | None, place: str, translate: Translate = str) -> str:
    """Say a place as people would: by printed numbers and labels; a file's place as it is."""
    steps = dict(_PLACE_STEP.findall(place.replace(",", " ")))
    if instrument is None:
        return place
    if place == WHOLE_INSTRUMENT:
        return translate(N_("The whole questionnaire"))
    if "contradiction" in steps:
        return translate(N_("Contradiction {name}")).format(name=steps["contradiction"])
    question = instrument.question_by_id.get(steps.get("question", ""))
    if question is None:
        section = next((one for one in instrument.sections if one.id == steps.get("section")), None)
        known = " ".join(part for part in (section.number, section.title) if part) if section else ""
        return translate(N_("Part {name}")).format(name=known) if known else place
    return _format_question_place(question, steps, translate)


def place_of_key(instrument: Instrument, key: str) -> str:
    """Return the place of a text by its permanent key ("iv.policy|row a label")."""
    owner, _, part = key.partition("|")
    if owner == "contradictions":
        return place_inside("", "contradiction", part)
    question = instrument.question_by_id.get(owner)
    if question is None:
        section = next((one for one in instrument.sections if one.id == owner), None)
        return section_place(section) if section else "instrument"
    place = question_place(instrument.section_of[owner], question)
    word, _, rest = part.partition(" ")
    return place_inside(place, word, rest.partition(" ")[0]) if word in {"row", "column"} else place


def _format_question_place(question: Question, steps: dict[str, str], translate: Translate) -> str:
    row, column = question.row_by_id.get(steps.get("row", "")), question.column_by_id.get(steps.get("column", ""))
    name = question_label(question)
    if row is not None:
        name = f"{name} {row.number or row.label}"
    if column is not None:
        return translate(N_("{place}, column “{column}”")).format(place=name, column=column.label)
    return name
