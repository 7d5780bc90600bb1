"""What no single key can tell: ids, tags, supplements and everything one part says about another."""

import re
from collections.abc import Container, Iterable, Sequence

from capacity_app.domain.answers import Address
from capacity_app.domain.conditions import Condition
from capacity_app.domain.instrument import Instrument, Kind, Question, Section
from capacity_app.domain.problems import N_, Problem
from capacity_app.instruments.fields import check_field
from capacity_app.instruments.findings import Findings, inside, shown
from capacity_app.instruments.grids import check_grid
from capacity_app.instruments.ids import check_contradiction_id, check_id, check_ids, check_question_id, note_repeated
from capacity_app.instruments.references import check_condition, note_circles_and_chains
from capacity_app.instruments.wording import check_wording

QUESTIONS_LIMIT = 5_000
"""Questions in one instrument."""

_VERSION = re.compile(r"[0-9]{1,9}(?:\.[0-9A-Za-z+-]{1,20}){0,5}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,4}")
_SUPPLEMENT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,79})")


def instrument_problems(instrument: Instrument) -> tuple[Problem, ...]:
    """Find whatever does not fit together in an instrument that came from elsewhere (a foreign copy)."""
    findings = Findings()
    places = [inside("", "section", section.id) for section in instrument.sections]
    check_size(sum(len(section.questions) for section in instrument.sections), "instrument", findings)
    check_wording(instrument, findings)
    check_instrument(instrument, "instrument", places, frozenset(), findings)
    check_references(instrument, places, "instrument", frozenset(), findings)
    return findings.all()


def check_size(questions: int, place: str, findings: Findings) -> None:
    """Note an instrument of more questions than anything is tested with."""
    if questions > QUESTIONS_LIMIT:
        message = N_("The instrument has more than {most} questions.")
        advice = N_("Make two instruments of it, or supplements.")
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
            where = inside(place, "question", question.id or str(index))
            _check_tags(question, instrument, where, findings)
            if question.show_if is not None:
                at = inside(where, "show_if")
                check_condition(question.show_if, instrument, at, unclear, findings)
                _check_core(question.show_if, section, instrument, at, findings)
    for entry in instrument.contradictions:
        where = inside("", "contradiction", entry.id) if entry.id else head
        check_condition(entry.when, instrument, where, unclear, findings)
    note_circles_and_chains(instrument, findings)


def _check_head(instrument: Instrument, place: str, findings: Findings) -> None:
    check_id(instrument.id, place, findings)
    _check_form(instrument.version, _VERSION, "version", "1.0", place, findings)
    _check_form(instrument.language, _LANGUAGE, "language", "en", place, findings)
    check_ids((concept.id for concept in instrument.concepts), "concept", place, findings)
    for entry in instrument.contradictions:
        check_contradiction_id(entry.id, inside("", "contradiction", entry.id), findings)
    for name, codes in instrument.codes.items():
        check_ids((code.id for code in codes), name, inside(place, "codes"), findings)
    if instrument.thresholds.provisional > instrument.thresholds.firm:
        message = N_("“provisional” is more than “firm”, so no score could be provisional.")
        advice = N_("Exchange the two.")
        findings.error("instrument.thresholds", inside(place, "thresholds"), message, advice)


def _check_form(text: str, form: re.Pattern[str], key: str, example: str, place: str, findings: Findings) -> None:
    if text and not form.fullmatch(text):
        message = N_("“{name}” cannot be the “{key}”.")
        advice = N_("Write it like “{example}”.")
        findings.error("instrument.malformed", place, message, advice, name=shown(text), key=key, example=example)


def _check_section(section: Section, place: str, unclear: Container[Address], findings: Findings) -> None:
    check_id(section.id, place, findings)
    _check_form(section.supplement, _SUPPLEMENT, "supplement", "LB", place, findings)
    if not section.questions:
        message = N_("The section has no questions.")
        findings.warning("instrument.empty-section", place, message, N_("Add a [[question]]."))
    for index, question in enumerate(section.questions, start=1):
        where = inside(place, "question", question.id or str(index))
        check_question_id(question.id, section.id, where, findings)
        check_field(question, where, findings, is_clear=Address(question.id) not in unclear)
        check_grid(question, where, unclear, findings)


def _check_tags(question: Question, instrument: Instrument, place: str, findings: Findings) -> None:
    tagged = [(place, question.tags)]
    if question.kind is Kind.GRID:
        tagged += [(inside(place, "row", row.id), row.tags) for row in question.rows]
    for where, tags in tagged:
        for name in tags:
            if name not in instrument.concept_by_id:
                message = N_("The tag “{name}” is no [[concept]] of the instrument.")
                known = instrument.concept_by_id
                findings.unknown("instrument.unknown-tag", where, message, known, name=shown(name))


def _check_core(condition: Condition, section: Section, instrument: Instrument, place: str, findings: Findings) -> None:
    """Note a dependence on a supplement: the core and every other one must work without it."""
    sections = (instrument.section_of.get(address.question) for address in condition.addresses())
    for other in _once(sections):
        if other.supplement and other.supplement != section.supplement:
            message = N_("The condition depends on the supplement {name}, which may not be there.")
            advice = N_("Ask about a question of the core or of the same supplement.")
            findings.error("instrument.depends-on-supplement", place, message, advice, name=shown(other.supplement))


def _once(sections: Iterable[Section | None]) -> Iterable[Section]:
    return {section.id: section for section in sections if section is not None}.values()
