"""Remarks on a questionnaire that is legal and still has places its author should correct."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from statistics import median

from capacity_app.domain.assessment.answers import Address, AnswerValue
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, Problem, ProblemSeverity
from capacity_app.domain.questionnaire.conditions import Condition, ConditionOperator
from capacity_app.domain.questionnaire.instrument import (
    LEVEL_COUNTS,
    Instrument,
    QuestionField,
    Section,
    wording_places,
)
from capacity_app.domain.questionnaire.kinds import AnswerKind, ValueType
from capacity_app.i18n import catalogues
from capacity_app.i18n.catalogues import ReviewStatus
from capacity_app.questionnaires.problems import (
    WHOLE_INSTRUMENT,
    AnswerField,
    answer_fields,
    can_earn_points,
    format_place,
    is_scored,
    place_inside,
    place_of_key,
    question_label,
    question_place,
    questions_by_section,
    section_place,
    shorten_value,
)

# The kinds of remarks, and where remarks are collected.

REMARK_CODE = "editor"
MOST_ALIKE = 50
"""So many remarks that say the same of different places are listed; whoever wrote more has understood."""
_LONGEST_QUOTATION = 160
"""Characters of a quotation."""


class RemarkKind(StrEnum):
    """What a remark is about."""

    CONDITION = "condition"
    POINTS = "points"
    LEVELS = "levels"
    NUMBERS = "numbers"
    TRANSLATION = "translation"


REMARK_KIND_LABELS: dict[RemarkKind, str] = {
    RemarkKind.CONDITION: N_("Questions that depend on other answers"),
    RemarkKind.POINTS: N_("Points and weights"),
    RemarkKind.LEVELS: N_("Sentences of the levels"),
    RemarkKind.NUMBERS: N_("Printed numbers"),
    RemarkKind.TRANSLATION: N_("Translations of the wording"),
}
"""In the order in which they are worth reading: what spoils answers and scores first."""


def remark_kind(problem: Problem) -> RemarkKind | None:
    """Return what a remark is about, None for a mistake."""
    name = problem.code.split(".")[1] if problem.code.startswith(f"{REMARK_CODE}.") else ""
    return RemarkKind(name) if name else None


def shorten_quotation(text: str) -> str:
    """Return a text in one line, not more of it than is needed to find it."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_QUOTATION else line[: _LONGEST_QUOTATION - 1].rstrip() + "…"


@dataclass(slots=True)
class RemarkList:
    """The remarks made so far."""

    problems: list[Problem] = field(default_factory=list)
    _said: Counter[str] = field(default_factory=Counter)

    def note(self, kind: RemarkKind, what: str, place: str, message: str, advice: str, **values: object) -> None:
        """Make a remark; texts among the values are quoted, everything else is shown."""
        code = f"{REMARK_CODE}.{kind}.{what}"
        self._said[code] += 1
        if self._said[code] > MOST_ALIKE:
            return
        given = tuple(
            (name, shorten_quotation(v) if isinstance(v, str) else shorten_value(v)) for name, v in values.items()
        )
        self.problems.append(Problem(code, place, message, advice, given, ProblemSeverity.WARNING))

    def all(self) -> tuple[Problem, ...]:
        """Return the remarks, kind by kind, each in printed order; what was left out is counted."""
        for code, count in self._said.items():
            if count > MOST_ALIKE:
                message = N_("{count} more places need the same correction as those named here.")
                advice = N_("Correct the first ones and check again.")
                given = (("count", str(count - MOST_ALIKE)),)
                self.problems.append(Problem(code, "instrument", message, advice, given, ProblemSeverity.WARNING))
        order = {f"{REMARK_CODE}.{kind}": place for place, kind in enumerate(REMARK_KIND_LABELS)}
        return tuple(sorted(self.problems, key=lambda problem: order[problem.code.rpartition(".")[0]]))


# Questions that are never asked, or asked late, because of the answers their conditions test.


def note_conditions(instrument: Instrument, remarks: RemarkList) -> None:
    """Note conditions that no answers can fulfil, and those that wait for a later question."""
    order = {question.id: at for at, question in enumerate(instrument.questions())}
    unreachable: set[str] = set()
    for question in instrument.conditional:
        condition = question.show_if
        assert condition is not None, "the question is asked under a condition"
        where = question_place(instrument.section_of[question.id], question)
        if _is_impossible(condition, instrument, unreachable):
            unreachable.add(question.id)
            message = N_("No answers can fulfil the condition, so this question is never asked.")
            advice = N_("Check the answers that the condition names. Check when the questions it tests are asked.")
            remarks.note(RemarkKind.CONDITION, "never", where, message, advice)
        for name in dict.fromkeys(address.question for address in condition.addresses()):
            if order.get(name, -1) > order[question.id]:
                message = N_("The condition tests {later}, which comes later. The question then appears late.")
                advice = N_("Move {later} before this question.")
                later = question_label(instrument.question_by_id[name])
                remarks.note(RemarkKind.CONDITION, "later", where, message, advice, later=later)
    for entry in instrument.contradictions:
        if _is_impossible(entry.when, instrument, unreachable):
            message = N_("No answers can fulfil the condition of this message, so nobody reads it: “{text}”")
            advice = N_("Check the answers that the condition names.")
            where = place_inside("", "contradiction", entry.id)
            remarks.note(RemarkKind.CONDITION, "never-contradiction", where, message, advice, text=entry.message)


def _is_impossible(condition: Condition, instrument: Instrument, unreachable: Iterable[str]) -> bool:
    """Return whether a condition surely cannot hold; False where that is not plain from each answer by itself."""
    match condition.op:
        case ConditionOperator.ANY:
            return all(_is_impossible(part, instrument, unreachable) for part in condition.parts)
        case ConditionOperator.NOT:
            return False
        case ConditionOperator.ALL:
            parts = tuple(_flattened(condition))
            return any(_is_impossible(part, instrument, unreachable) for part in parts) or _tests_clash(
                parts, instrument
            )
    address = condition.address
    assert address is not None, "a test has an address"
    question = instrument.question_by_id.get(address.question)
    return question is None or question.id in unreachable or _tests_clash((condition,), instrument)


def _flattened(condition: Condition) -> Iterator[Condition]:
    for part in condition.parts:
        yield from _flattened(part) if part.op is ConditionOperator.ALL else (part,)


def _tests_clash(parts: Iterable[Condition], instrument: Instrument) -> bool:
    """Return whether tests of one answer exclude each other, or all its answers."""
    tests: dict[Address, list[Condition]] = {}
    for part in parts:
        tested = part.parts[0] if part.op is ConditionOperator.NOT else part
        if tested.address is not None:
            tests.setdefault(tested.address, []).append(part)
    return any(not _may_hold(address, found, instrument) for address, found in tests.items())


def _may_hold(address: Address, tests: list[Condition], instrument: Instrument) -> bool:
    question = instrument.question_by_id.get(address.question)
    if question is None:
        return True
    values = _distinguishable_values(question.column_by_id.get(address.column, question), tests)
    if values is None:
        return True
    return any(all(test.holds({address: value}.get) for test in tests) for value in (*values, None))


def _distinguishable_values(asked: QuestionField, tests: list[Condition]) -> tuple[AnswerValue, ...] | None:
    """Return the answers that tests of a question or column can tell apart, None where they are too many to try."""
    if asked.kind is AnswerKind.LEVEL:
        return tuple(asked.levels)
    if asked.kind.value_type is ValueType.OPTION:
        return asked.known_answers
    if asked.kind.value_type is ValueType.INTEGER:
        plain = [test.parts[0] if test.op is ConditionOperator.NOT else test for test in tests]
        named = {int(value) for test in plain for value in test.values if value.removeprefix("-").isdecimal()}
        named |= {test.number for test in plain if test.number is not None}
        low, high = asked.minimum, asked.maximum
        near = {number + step for number in named for step in (-1, 0, 1)} | {low, high} - {None}
        return tuple(n for n in near if n is not None and (low is None or n >= low) and (high is None or n <= high))
    return None


# Printed numbers: each question has one of its own, so that people in a meeting speak of the same question.


def note_numbers(instrument: Instrument, remarks: RemarkList) -> None:
    """Note questions that share a printed number with another one."""
    counts = Counter(question.number.strip().casefold() for question in instrument.questions())
    for section, question in questions_by_section(instrument):
        if question.number.strip() and counts[question.number.strip().casefold()] > 1:
            message = N_("The number {number} is printed on several questions. People will confuse them.")
            advice = N_("Give each question its own number. Ids stay as they are.")
            place = question_place(section, question)
            remarks.note(RemarkKind.NUMBERS, "doubled", place, message, advice, number=question.number)


_ONE_POINT = Fraction(1, 100)
_LEAST_EQUAL = 3
"""So many equal weights are no accident."""


def note_points(instrument: Instrument, remarks: RemarkList) -> None:
    """Note points and weights that say nothing."""
    _note_weights_of_sections(instrument, remarks)
    for section in instrument.sections:
        _note_weights(section, remarks)
    for section, question in questions_by_section(instrument):
        columns = [column for column in question.columns if column.is_scored]
        if question.scored and _are_equal([column.weight for column in columns], 2):
            message = N_("All scored columns have the weight {weight}. Equal weights have no effect.")
            remarks.note(RemarkKind.POINTS, "equal-columns", question_place(section, question), message,
                         N_("Remove the weights, or give more to what matters more."),
                         weight=columns[0].weight)  # fmt: skip
    for spot in answer_fields(instrument):
        _note_zero(spot, remarks)
        if spot.field.kind is AnswerKind.CHOICE and spot.field.is_scored and spot.question.scored:
            _note_scale(spot, remarks)


def _are_equal(weights: Sequence[Fraction], least: int) -> bool:
    """Return whether somebody gave several weights that are all the same."""
    return len(weights) >= least and len(set(weights)) == 1 and weights[0] not in {0, 1}


def _note_weights_of_sections(instrument: Instrument, remarks: RemarkList) -> None:
    counted = [section for section in instrument.sections if section.is_scored and not section.supplement]
    if _are_equal([section.weight for section in counted], 2):
        message = N_("All scored parts have the weight {weight}. Equal weights have no effect.")
        advice = N_("Remove the weights, or give more to what matters more.")
        remarks.note(RemarkKind.POINTS, "equal-parts", WHOLE_INSTRUMENT, message, advice, weight=counted[0].weight)
    for section in instrument.sections:
        if section.supplement and section.weight != 1:
            message = N_("The weight of a supplement has no effect: supplements never enter the overall score.")
            remarks.note(RemarkKind.POINTS, "supplement-weight", section_place(section), message,
                         N_("Remove the weight."))  # fmt: skip
        elif section.is_scored and section.weight == 0:
            message = N_("The part is scored, and its weight of 0 keeps it out of the overall score.")
            remarks.note(RemarkKind.POINTS, "zero-part", section_place(section), message,
                         N_("Give it a weight, or say in its introduction that it does not count."))  # fmt: skip


def _note_weights(section: Section, remarks: RemarkList) -> None:
    scored = [question for question in section.questions if is_scored(question) and question.weight > 0]
    weights = [question.weight for question in scored]
    place = section_place(section)
    if len(scored) == 1 and scored[0].kind is not AnswerKind.GRID and weights[0] != 1:
        message = N_("The weight of {question} has no effect: it is the only scored question of its part.")
        advice = N_("Remove the weight.")
        remarks.note(RemarkKind.POINTS, "single-weight", place, message, advice, question=question_label(scored[0]))
    if not section.is_scored and not section.supplement and section.weight != 1:
        message = N_("The weight of this part has no effect: none of its questions earns points.")
        advice = N_("Remove the weight, or let one of its questions be scored.")
        remarks.note(RemarkKind.POINTS, "unscored-weight", place, message, advice)
    if _are_equal(weights, _LEAST_EQUAL):
        message = N_("All scored questions of this part have the weight {weight}. Equal weights have no effect.")
        advice = N_("Remove the weights, or give more to what matters more.")
        remarks.note(RemarkKind.POINTS, "equal", place, message, advice, weight=weights[0])
    whole = sum(weights, Fraction(0))
    for question in scored:
        if question.weight < whole * _ONE_POINT and question.weight < median(weights):
            message = N_("Its weight of {weight} in {whole} cannot move the score of its part by one point.")
            advice = N_("Give it more weight, or take it out of the score with scored = false.")
            remarks.note(RemarkKind.POINTS, "tiny", question_place(section, question), message, advice,
                         weight=question.weight, whole=whole)  # fmt: skip


def _note_zero(spot: AnswerField, remarks: RemarkList) -> None:
    if spot.field.scored and spot.question.scored and spot.field.weight == 0 and can_earn_points(spot.field):
        message = N_("The weight is 0: the answer could earn points, and none of them counts.")
        advice = N_("Say it openly with scored = false, or give it a weight.")
        remarks.note(RemarkKind.POINTS, "zero", spot.place, message, advice)


def _note_scale(spot: AnswerField, remarks: RemarkList) -> None:
    points = [option.points for option in spot.field.options if option.points is not None]
    if len(set(points)) == 1:
        message = N_("Every option earns the same points, so the answer does not change the score.")
        remarks.note(RemarkKind.POINTS, "same", spot.place, message, N_("Give the options different points."))
        return
    silent = [o for o in spot.field.options if o.points is None and not o.not_applicable]
    if silent:
        message = N_("Some options have points and “{option}” has none. An answer with it counts as open.")
        advice = N_("Give it points, or not_applicable = true.")
        remarks.note(RemarkKind.POINTS, "without", spot.place, message, advice, option=silent[0].label)


def note_anchors(instrument: Instrument, remarks: RemarkList) -> None:
    for spot in answer_fields(instrument):
        anchors = spot.field.anchors
        if spot.field.kind is AnswerKind.LEVEL and sum(map(bool, anchors)) < max(len(anchors), LEVEL_COUNTS.start):
            message = N_("Not every level has its sentence, so two officers will choose different levels.")
            advice = N_("Write one sentence for each level.")
            remarks.note(RemarkKind.LEVELS, "missing", spot.place, message, advice)


# How far an instrument is worded in other languages: what is missing, what says an earlier text, who stands for it.

_MOST_PLACES = 3
"""Places named of those that are not translated."""


@dataclass(frozen=True, slots=True)
class TranslationCoverage:
    """A translation: keys without wording, keys whose original has changed since, and who stands for it."""

    missing: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    standing: ReviewStatus = ReviewStatus.REVIEWED
    is_readable: bool = True


def wording_files_by_language(folder: Path, instrument: str) -> Mapping[str, tuple[Path, ...]]:
    """Give the files that word an instrument, by language (BCP 47): those in its folder, then those of this person."""
    found = {file.stem.replace("_", "-"): [file] for file in sorted(folder.glob("*.po"))}
    for language in catalogues.wording_languages(instrument):
        known = found.setdefault(language, [])
        for file in catalogues.wording_files(instrument, language):
            # Another version of the same name does not word this one.
            if not any(file.resolve() == other.resolve() for other in known):
                known.append(file)
    return {language: tuple(files) for language, files in found.items()}


def translation_coverage(instrument: Instrument, folder: Path) -> dict[str, TranslationCoverage]:
    """Read how far an instrument is worded in each language that was begun, by language (BCP 47)."""
    places = tuple(wording_places(instrument))
    files = wording_files_by_language(folder, instrument.id)
    return {language: _coverage_of(instrument, places, files[language]) for language in sorted(files)}


def _coverage_of(
    instrument: Instrument, places: Iterable[tuple[str, str]], files: Iterable[Path]
) -> TranslationCoverage:
    entries = [entry for file in files for entry in catalogues.read_wording(file)]
    known, contexts = set(entries), {context for context, _text in entries}
    lacking = [(f"{instrument.id}|{key}", key) for key, text in places if (f"{instrument.id}|{key}", text) not in known]
    standings = {catalogues.read_review(file).standing(instrument.version) for file in files}
    return TranslationCoverage(
        missing=tuple(key for context, key in lacking if context not in contexts),
        stale=tuple(key for context, key in lacking if context in contexts),
        standing=next((one for one in ReviewStatus if one in standings), ReviewStatus.REVIEWED),
        is_readable=any(catalogues.read_catalogue(file) is not None for file in files) if not entries else True,
    )


def note_translations(instrument: Instrument, known: Mapping[str, TranslationCoverage], remarks: RemarkList) -> None:
    """Note translations that have gaps, that follow an earlier wording, or that nobody stands for."""
    for language, state in known.items():
        place = f"{language.replace('-', '_')}.po"
        if not state.is_readable:
            message = N_("The translation cannot be read, or translates nothing.")
            remarks.note(RemarkKind.TRANSLATION, "unreadable", place, message,
                         N_("Make the file again, or remove it."))  # fmt: skip
            continue
        if state.missing:
            message = N_(
                "{count} texts are not translated; respondents will read them in the original. First: {first}."
            )
            advice = N_("Make the translation sheet, fill in the empty cells and read it back.")
            remarks.note(RemarkKind.TRANSLATION, "missing", place, message, advice,
                         count=len(state.missing), first=_first_places(instrument, state.missing))  # fmt: skip
        if state.stale:
            message = N_(
                "{count} texts were changed after they were translated, so the original is shown. First: {first}."
            )
            advice = N_("Make the translation sheet, correct these lines and read it back.")
            remarks.note(RemarkKind.TRANSLATION, "stale", place, message, advice,
                         count=len(state.stale), first=_first_places(instrument, state.stale))  # fmt: skip
        if state.standing is ReviewStatus.UNREVIEWED:
            message = N_("No person has signed this translation off; reports say so on their first page.")
            advice = N_("Have somebody who speaks the language read it and sign it off.")
            remarks.note(RemarkKind.TRANSLATION, "unreviewed", place, message, advice)
        elif state.standing is ReviewStatus.EARLIER:
            message = N_("This translation was signed off for an earlier version.")
            advice = N_("Have what has changed read again and signed off.")
            remarks.note(RemarkKind.TRANSLATION, "earlier", place, message, advice)


def _first_places(instrument: Instrument, keys: tuple[str, ...]) -> str:
    places = dict.fromkeys(format_place(instrument, place_of_key(instrument, key)) for key in keys)
    return "; ".join([*places][:_MOST_PLACES])


# Reading a whole instrument: the remarks that its author can act on.


def find_remarks(
    instrument: Instrument, worded: Mapping[str, TranslationCoverage] | None = None
) -> tuple[Problem, ...]:
    """Return the remarks on an instrument without mistakes; ``worded`` are its translations by language (BCP 47)."""
    found = RemarkList()
    for note in (note_conditions, note_points, note_anchors, note_numbers):
        note(instrument, found)
    note_translations(instrument, worded or {}, found)
    return found.all()
