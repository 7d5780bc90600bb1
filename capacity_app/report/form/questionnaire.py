"""The blank form as a page shows it: an instrument in words, with room to answer by hand and no answers.

It holds every question whatever its condition, with the same numbers as the screen; the condition stands
above the question in words. Templates print this, and compute nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from capacity_app.bilingual import second_texts
from capacity_app.domain.assessment import Agency
from capacity_app.domain.instrument import Instrument, Kind, Question, Section
from capacity_app.domain.problems import N_, KnownError
from capacity_app.report.form.front import FormCover, FormWords, Guide, form_cover, form_guide, form_words
from capacity_app.report.form.pieces import NOTHING, Said, Space, country_of, ours, part_of, said, space_of
from capacity_app.report.form.tables import FormTable, form_table
from capacity_app.report.view.pieces import anchor_of
from capacity_app.texts import Texts
from capacity_app.wording import Wording

_MORE_LINES, _DEPTH = 20, 2


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """One question: either room for an answer or a table; ``depth`` is that of its heading."""

    anchor: str
    depth: int
    number: str
    text: Said
    provenance: str
    heading: Said
    condition: Said
    guidance: Said
    evidence: Said
    space: Space | None
    table: FormTable | None


@dataclass(frozen=True, slots=True)
class FormSection:
    """A part of the instrument, which begins on a page of its own."""

    anchor: str
    number: str
    title: Said
    introduction: Said
    questions: tuple[FormQuestion, ...]

    @property
    def running(self) -> str:
        return f"{self.number} {self.title.text}"


@dataclass(frozen=True, slots=True)
class FormView:
    """A whole form; ``footer`` stands at the foot of every page."""

    language: str
    direction: str
    second_language: str
    second_direction: str
    title: str
    footer: str
    cover: FormCover
    guide: Guide
    sections: tuple[FormSection, ...]
    words: FormWords
    more_lines: int = _MORE_LINES


def chosen_sections(instrument: Instrument, names: Iterable[str]) -> tuple[Section, ...]:
    """Give the sections of these numbers or ids ("III", "iii") in printed order, all without any; raises KnownError."""
    wanted = {name.strip().casefold(): name for name in names}
    known = {key for section in instrument.sections for key in _names(section)}
    unknown = next((name for key, name in wanted.items() if key not in known), None)
    if unknown is not None:
        listed = ", ".join(section.number for section in instrument.sections)
        raise KnownError(N_("There is no part “{name}”. Choose of: {known}."), name=unknown, known=listed)
    if not wanted:
        return instrument.sections
    return tuple(section for section in instrument.sections if _names(section) & wanted.keys())


def _names(section: Section) -> set[str]:
    return {section.id.casefold(), section.number.casefold()}


def _direction(texts: Texts) -> str:
    return "rtl" if texts.right_to_left else "ltr"


def _condition(words: Wording, question: Question) -> Said:
    condition = question.show_if
    if condition is None:
        return NOTHING
    return said(words, lambda one: one.say(N_("Answer only if {condition}."), condition=one.condition(condition)))


def _evidence(words: Wording, question: Question) -> Said:
    """Say which evidence would do; where only the hint is translated, its name stands in the first language alone."""
    if not question.evidence_hint:
        return NOTHING
    name = ours(words, N_("Evidence"))
    hint = part_of(words, question.id, "evidence_hint", question.evidence_hint)
    second = f"{name.second}: {hint.second}" if name.second and hint.second else hint.second
    return Said(f"{name.text}: {hint.text}", second)


def _question(words: Wording, question: Question, depth: int) -> FormQuestion:
    is_table = question.kind is Kind.GRID
    return FormQuestion(
        anchor_of("q", question.id),
        depth,
        question.number,
        said(words, lambda one: one.question(question)),
        question.provenance.value,
        part_of(words, question.id, "heading", question.heading),
        _condition(words, question),
        part_of(words, question.id, "guidance", question.guidance.strip()),
        _evidence(words, question),
        None if is_table else space_of(words, question),
        form_table(words, question) if is_table else None,
    )


def _questions(words: Wording, section: Section) -> Iterator[FormQuestion]:
    """Go through a part; below the heading of a block the headings of questions are one step deeper."""
    depth = _DEPTH
    for question in section.questions:
        depth += bool(question.heading) and depth == _DEPTH
        yield _question(words, question, depth)


def _section(words: Wording, section: Section) -> FormSection:
    return FormSection(
        anchor_of("part", section.id),
        section.number,
        said(words, lambda one: one.section(section)),
        said(words, lambda one: " ".join(one.introduction(section).split())),
        tuple(_questions(words, section)),
    )


def _footer(words: Wording, agency: Agency | None) -> str:
    instrument, mission = words.dossier.instrument, words.dossier.mission
    version = words.say(N_("{id}, version {version}"), id=instrument.id, version=instrument.version)
    named = (agency.short or agency.name) if agency else ""
    return " · ".join(part for part in (version, country_of(words), mission.round, named) if part)


def form_view(words: Wording, sections: Iterable[Section], agency: Agency | None = None) -> FormView:
    """Build the form of some sections of the instrument; answers of the words' dossier are not looked at."""
    listed = tuple(sections)
    second = second_texts(words)
    mission = words.dossier.mission
    named = (country_of(words), words.instrument_title, mission.round)
    return FormView(
        language=words.texts.language,
        direction=_direction(words.texts),
        second_language=second.language if second else "",
        second_direction=_direction(second) if second else "",
        title=" – ".join(part for part in named if part),
        footer=_footer(words, agency),
        cover=form_cover(words, agency, is_partial=len(listed) < len(words.dossier.instrument.sections)),
        guide=form_guide(words),
        sections=tuple(_section(words, section) for section in listed),
        words=form_words(words),
    )


def form_questions(view: FormView) -> Iterator[FormQuestion]:
    """Go through all questions of a form in printed order."""
    for section in view.sections:
        yield from section.questions
