"""What no single key can tell: supplements, tags, conditions and what one section says about another."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from graphlib import TopologicalSorter
from itertools import islice

from capacity_app.domain.assessment.answers import Address, clean_text
from capacity_app.domain.problems import N_, Problem
from capacity_app.domain.questionnaire.conditions import Condition, ConditionOperator
from capacity_app.domain.questionnaire.instrument import (
    WORDING_LIMIT,
    Instrument,
    Profile,
    Question,
    QuestionField,
    Section,
    supply_column,
)
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.questionnaires.field_checks import (
    check_contradiction_id,
    check_field,
    check_grid,
    check_id,
    check_ids,
    check_question_id,
    note_repeated,
    note_unknown_column,
    note_unknown_options,
)
from capacity_app.questionnaires.problems import Findings, list_names, place_inside, shorten_value

# Conditions and contradictions: whatever they name exists, can meet the test, and leads in no circle.

CHAIN_LIMIT = 32
"""How many questions may depend on each other in a row."""

_MOST_CYCLES = 100


def check_condition(
    condition: Condition, instrument: Instrument, place: str, unclear: Container[Address], findings: Findings
) -> None:
    """Check every test of a condition against the questions there are."""
    for test in tests_in(condition):
        field = _field_of(test, instrument, place, findings)
        if field is not None and _address_of_field(test) not in unclear:
            _check_test(test, field, place, findings)


def tests_in(condition: Condition) -> Iterator[Condition]:
    if condition.address is not None:
        yield condition
    for part in condition.parts:
        yield from tests_in(part)


def _address_of_field(test: Condition) -> Address:
    assert test.address is not None, "a test has an address"
    return Address(test.address.question, column=test.address.column)


def _field_of(test: Condition, instrument: Instrument, place: str, findings: Findings) -> QuestionField | None:
    """Find what a test looks at: a question, or the column of a cell."""
    address = test.address
    assert address is not None, "a test has an address"
    question = instrument.question_by_id.get(address.question)
    if question is None:
        message = N_("There is no question “{name}”.")
        known = instrument.question_by_id
        findings.unknown("instrument.unknown-question", place, message, known, name=shorten_value(address.question))
        return None
    if question.kind is AnswerKind.GRID:
        return _column_of(address, question, place, findings)
    if address.row or address.column:
        message = N_("“{name}” is not a grid: it has no rows and columns.")
        advice = N_("Remove row and column from the condition.")
        findings.error("instrument.not-a-grid", place, message, advice, name=question.id)
        return None
    return question


def _column_of(address: Address, question: Question, place: str, findings: Findings) -> QuestionField | None:
    if not address.row or not address.column:
        message = N_("“{name}” is a grid: a condition needs both a row and a column of it.")
        advice = N_("Write row = “…” and column = “…” in the condition.")
        findings.error("instrument.cell-needed", place, message, advice, name=question.id)
    if address.row and address.row not in question.row_by_id:
        message = N_("The grid {question} has no row “{name}”.")
        findings.unknown(
            "instrument.unknown-row",
            place,
            message,
            question.row_by_id,
            name=shorten_value(address.row),
            question=question.id,
        )
    if address.column and address.column not in question.column_by_id:
        note_unknown_column(address.column, "column", question, place, findings)
    return question.column_by_id.get(address.column)


def _check_test(test: Condition, field: QuestionField, place: str, findings: Findings) -> None:
    if test.op is ConditionOperator.IS:
        note_unknown_options(test.values, field, "is", place, findings)
    elif not field.kind.info.is_number:
        message = N_("“at_least” needs a number, but {name} is of the type {kind}.")
        advice = N_("Use is, or test a level, an integer or a year.")
        findings.error("instrument.not-a-number", place, message, advice, name=field.id, kind=field.kind.value)
    elif field.kind is AnswerKind.LEVEL and (test.number or 0) not in field.levels:
        message = N_("Levels go from 0 to {most}, so “at_least” {number} is never met or always met.")
        advice = N_("Write a level.")
        findings.error("instrument.out-of-range", place, message, advice, most=field.top_level, number=test.number)


def note_cycles_and_long_chains(instrument: Instrument, findings: Findings) -> None:
    """Note each circle of questions that wait for each other, and, without circles, chains that are too long."""
    shown_by = {
        question.id: tuple(dict.fromkeys(address.question for address in question.show_if.addresses()))
        for question in instrument.questions()
        if question.show_if is not None
    }
    circles = list(islice(_cycles(shown_by), _MOST_CYCLES))
    for circle in circles:
        message = N_("Conditions go in a circle, so these questions can never be shown: {circle}.")
        advice = N_("Remove one of the conditions.")
        place = _place_of_question(circle[0], instrument)
        findings.error("instrument.circle", place, message, advice, circle=_arrows(circle))
    for name in [] if circles else _ends_of_long_chains(shown_by):
        message = N_("Whether this question is shown depends on a chain of more than {most} questions.")
        advice = N_("Let the condition test the first question of the chain.")
        findings.error("instrument.long-chain", _place_of_question(name, instrument), message, advice, most=CHAIN_LIMIT)


def _arrows(circle: list[str]) -> str:
    return list_names([*circle, circle[0]]).replace(", ", " → ")


def _place_of_question(question: str, instrument: Instrument) -> str:
    return place_inside(place_inside("", "section", instrument.section_of[question].id), "question", question)


def _ends_of_long_chains(shown_by: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield the questions where a chain becomes too long; those behind them are longer still."""
    length: dict[str, int] = {}
    for name in TopologicalSorter(shown_by).static_order():
        length[name] = 1 + max((length[other] for other in shown_by.get(name, ())), default=0)
        if length[name] == CHAIN_LIMIT + 1:
            yield name


def _cycles(shown_by: dict[str, tuple[str, ...]]) -> Iterator[list[str]]:
    """Walk depth first without recursion: a chain of conditions may be 5,000 questions long."""
    done: set[str] = set()
    for start, first in shown_by.items():
        path = {} if start in done else {start: iter(first)}
        while path:
            name, others = next(reversed(path.items()))
            other = next(others, None)
            if other is None:
                del path[name]
                done.add(name)
            elif other in path:
                names = list(path)
                yield names[names.index(other) :]
            elif other in shown_by and other not in done:
                path[other] = iter(shown_by[other])


# Texts of an instrument that did not come through the reader: as clean and short as typed ones.


def check_wording(instrument: Instrument, findings: Findings) -> None:
    """Note texts that hold control characters or are too long for screens and pages."""
    _check_texts(replace(instrument, sections=()), "instrument", findings)
    for section in instrument.sections:
        place = place_inside("", "section", section.id)
        _check_texts(replace(section, questions=()), place, findings)
        for question in section.questions:
            _check_texts(question, place_inside(place, "question", question.id), findings)


def _check_texts(value: object, place: str, findings: Findings) -> None:
    for text in _texts_in(value):
        if not _is_clean(text):
            message = N_("The text “{name}” is too long or contains characters that cannot be shown.")
            findings.error(
                "instrument.unclean-text", place, message, N_("Ask for a new copy."), name=shorten_value(text)
            )


def _is_clean(text: str) -> bool:
    # Most texts are plain, and cleaning looks at every character.
    is_plain = text.isascii() and text.replace("\n", " ").isprintable()
    return len(text) <= WORDING_LIMIT and (is_plain or clean_text(text) == text)


def _texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts_in(item)
    elif isinstance(value, dict):
        yield from _texts_in(tuple(value.items()))
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts_in(getattr(value, field.name))


QUESTIONS_LIMIT = 5_000
"""Questions in one instrument."""

_VERSION = re.compile(r"[0-9]{1,9}(?:\.[0-9A-Za-z+-]{1,20}){0,5}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,4}")
_SUPPLEMENT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,79})")


def instrument_problems(instrument: Instrument) -> tuple[Problem, ...]:
    """Find whatever does not fit together in an instrument that came from elsewhere (a foreign copy)."""
    findings = Findings()
    places = [place_inside("", "section", section.id) for section in instrument.sections]
    check_size(sum(len(section.questions) for section in instrument.sections), "instrument", findings)
    check_wording(instrument, findings)
    check_instrument(instrument, "instrument", places, frozenset(), findings)
    check_references(instrument, places, "instrument", frozenset(), findings)
    return findings.all()


def check_size(questions: int, place: str, findings: Findings) -> None:
    """Note an instrument of more questions than anything is tested with."""
    if questions > QUESTIONS_LIMIT:
        message = N_("The questionnaire has more than {most} questions.")
        advice = N_("Make two questionnaires of it, or supplements.")
        findings.error("instrument.too-many-questions", place, message, advice, most=QUESTIONS_LIMIT)


def check_instrument(
    instrument: Instrument, head: str, places: Sequence[str], unclear: Container[Address], findings: Findings
) -> None:
    """Check each part by itself; ``head`` and ``places`` say where the instrument and its sections stand."""
    _check_head(instrument, head, findings)
    note_repeated((section.id for section in instrument.sections), "section", head, findings)
    for section, place in zip(instrument.sections, places, strict=True):
        _check_section(section, place, unclear, findings)
    note_repeated((question.id for question in instrument.questions()), "question", "", findings)
    note_repeated((entry.id for entry in instrument.contradictions), "contradiction", "", findings)


def check_references(
    instrument: Instrument, places: Sequence[str], head: str, unclear: Container[Address], findings: Findings
) -> None:
    """Check what parts say about each other; useless while a part could not be read at all."""
    for section, place in zip(instrument.sections, places, strict=True):
        for index, question in enumerate(section.questions, start=1):
            where = place_inside(place, "question", question.id or str(index))
            _check_tags(question, instrument, where, findings)
            if question.show_if is not None:
                at = place_inside(where, "show_if")
                check_condition(question.show_if, instrument, at, unclear, findings)
                _check_core(question.show_if, section, instrument, at, findings)
    for entry in instrument.contradictions:
        where = place_inside("", "contradiction", entry.id) if entry.id else head
        check_condition(entry.when, instrument, where, unclear, findings)
    for profile in instrument.profiles:
        _check_profile(profile, instrument, place_inside(head, "profile", profile.id), findings)
    note_cycles_and_long_chains(instrument, findings)


def _check_profile(profile: Profile, instrument: Instrument, place: str, findings: Findings) -> None:
    """Note questions and columns that are not there, and columns without which a grid cannot be asked."""
    core = {question.id: question for part in instrument.sections if not part.supplement for question in part.questions}
    note_repeated(profile.questions, "question", place, findings)
    for name in (name for name in profile.questions if name not in core):
        message = N_("The core has no question “{name}”.")
        findings.unknown("instrument.unknown-question", place, message, core, name=shorten_value(name))
    for name, columns in profile.columns.items():
        question = core.get(name) if name in profile.questions else None
        where = place_inside(place, "columns", name)
        if question is None or question.kind is not AnswerKind.GRID:
            message = N_("“{name}” is not a grid among the questions of this profile.")
            findings.error("instrument.profile-columns", where, message, N_("Remove it."), name=shorten_value(name))
            continue
        for column in (one for one in columns if one not in question.column_by_id):
            message, known = N_("The grid has no column “{name}”."), question.column_by_id
            findings.unknown("instrument.unknown-column", where, message, known, name=shorten_value(column))
        supply, importance = supply_column(question), question.importance_column
        needed = {question.key_column, question.gate.column if question.gate else ""}
        needed |= {one.id for one in (supply, importance) if one is not None}
        for column in sorted(needed - {"", *columns}):
            message = N_("The grid cannot be asked without the column “{name}”.")
            findings.error("instrument.profile-columns", where, message, N_("Add it."), name=column)


def _check_head(instrument: Instrument, place: str, findings: Findings) -> None:
    check_id(instrument.id, place, findings)
    _check_pattern(instrument.version, _VERSION, "version", "1.0", place, findings)
    _check_pattern(instrument.language, _LANGUAGE, "language", "en", place, findings)
    check_ids((concept.id for concept in instrument.concepts), "concept", place, findings)
    check_ids((one.id for one in instrument.sources), "source", place, findings)
    check_ids((one.id for one in instrument.profiles), "profile", place, findings)
    for entry in instrument.contradictions:
        check_contradiction_id(entry.id, place_inside("", "contradiction", entry.id), findings)
    for name, codes in instrument.codes.items():
        check_ids((code.id for code in codes), name, place_inside(place, "codes"), findings)
    if instrument.thresholds.provisional > instrument.thresholds.firm:
        message = N_("“provisional” is more than “firm”, so no score could be provisional.")
        advice = N_("Exchange the two.")
        findings.error("instrument.thresholds", place_inside(place, "thresholds"), message, advice)


def _check_pattern(text: str, form: re.Pattern[str], key: str, example: str, place: str, findings: Findings) -> None:
    if text and not form.fullmatch(text):
        message = N_("“{name}” cannot be the “{key}”.")
        advice = N_("Write it like “{example}”.")
        findings.error(
            "instrument.malformed", place, message, advice, name=shorten_value(text), key=key, example=example
        )


def _check_section(section: Section, place: str, unclear: Container[Address], findings: Findings) -> None:
    check_id(section.id, place, findings)
    _check_pattern(section.supplement, _SUPPLEMENT, "supplement", "LB", place, findings)
    if not section.questions and not section.introduction:
        message = N_("The part has neither questions nor a text.")
        findings.warning("instrument.empty-section", place, message, N_("Add a [[question]]."))
    for index, question in enumerate(section.questions, start=1):
        where = place_inside(place, "question", question.id or str(index))
        check_question_id(question.id, section.id, where, findings)
        check_field(question, where, findings, is_clear=Address(question.id) not in unclear)
        _check_targets(question, where, findings)
        check_grid(question, where, unclear, findings)


def _check_targets(question: Question, place: str, findings: Findings) -> None:
    wanted = [question.target, *(row.target for row in question.rows if row.target is not None)]
    if max(wanted) > question.top_target:
        message = N_("The target {number} is above the highest level, {most}.")
        advice = N_("Write a level.")
        findings.error("instrument.target", place, message, advice, number=max(wanted), most=question.top_target)


def _check_tags(question: Question, instrument: Instrument, place: str, findings: Findings) -> None:
    tagged = [(place, question.tags)]
    if question.kind is AnswerKind.GRID:
        tagged += [(place_inside(place, "row", row.id), row.tags) for row in question.rows]
    for where, tags in tagged:
        for name in tags:
            if name not in instrument.concept_by_id:
                message = N_("The tag “{name}” is not a [[concept]] of the questionnaire.")
                known = instrument.concept_by_id
                findings.unknown("instrument.unknown-tag", where, message, known, name=shorten_value(name))


def _check_core(condition: Condition, section: Section, instrument: Instrument, place: str, findings: Findings) -> None:
    """Note a dependence on a supplement: the core and every other one must work without it."""
    sections = (instrument.section_of.get(address.question) for address in condition.addresses())
    for other in _distinct_sections(sections):
        if other.supplement and other.supplement != section.supplement:
            message = N_("The condition depends on the supplement {name}, which may not be there.")
            advice = N_("Ask about a question of the core or of the same supplement.")
            findings.error(
                "instrument.depends-on-supplement", place, message, advice, name=shorten_value(other.supplement)
            )


def _distinct_sections(sections: Iterable[Section | None]) -> Iterable[Section]:
    return {section.id: section for section in sections if section is not None}.values()
