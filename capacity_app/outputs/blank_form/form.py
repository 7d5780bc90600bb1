"""The blank form: cover, guide, parts and questions without answers, printed as PDF."""

import hashlib
from collections.abc import Callable, Iterable, Iterator

from capacity_app.domain.assessment.answers import AnswerState
from capacity_app.domain.assessment.registers import Agency
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError
from capacity_app.domain.questionnaire.instrument import Instrument, Question, Section
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.i18n.formatter import (
    STATE_LABELS,
    Formatter,
    second_translator,
    unreviewed_note,
)
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.blank_form.answer_fields import (
    NO_TEXT,
    AnswerSpace,
    BilingualText,
    FormTable,
    answer_space,
    bilingual_text,
    form_table,
    program_text,
    wording_part,
)
from capacity_app.outputs.content.elements import anchor_of
from capacity_app.outputs.content.registers import country_name
from capacity_app.outputs.html_pages import join_style_sheets
from capacity_app.outputs.pdf.fonts import replace_missing_glyphs
from capacity_app.outputs.pdf.rendering import counters_css, css_string, page_numbers, render_pages, template_for_paper

_UNANSWERED = (AnswerState.NOT_APPLICABLE, AnswerState.UNKNOWN, AnswerState.DECLINED)
_STEPS = (
    N_("Write clearly, with a dark pen. Tick a box with a cross. To correct, fill the wrong box and tick another."),
    N_(
        "Answer every question of the parts you were sent. Some are asked only under a condition, which stands above "
        "them; leave them out if it is not met."
    ),
    N_(
        "Where levels from 0 up are given, tick the highest one whose sentence is wholly true. If you hesitate "
        "between two, tick the lower one and say why in the note."
    ),
    N_(
        "If you give no answer, tick why not. Not applicable: the question does not fit the country; give the reason. "
        "Unknown: nobody you can ask knows. Declined: you know, but may not say. Each is better than a guess."
    ),
    N_(
        "In a table, tick “does not apply” at the end of a row that does not fit the country, and give the reason "
        "below. In a cell, write “?” for unknown and “–” for declined."
    ),
    N_(
        "Write numbers to the right, one digit in each box. Of a date you know only in part, fill in the year, or year "
        "and month."
    ),
    N_(
        "Name agencies and data sources in full when you write them first; later their short names are enough. If this "
        "form lists agencies, use the short names of the list."
    ),
    N_("Name countries in words, or by their code of three letters in ISO 3166-1."),
    N_("Name the document that shows the answer under “Source or evidence”, and enclose a copy if you can."),
    N_("If the space is not enough, go on at the end of the form, with the number of the question."),
)
_PARTIAL = N_("This form holds only some parts of the questionnaire.")


@dataclass(frozen=True, slots=True)
class FormLine:
    """A line of the first page: a label, and what is known already."""

    label: BilingualText
    text: str = ""
    is_high: bool = False


@dataclass(frozen=True, slots=True)
class FormCover:
    """The first page: what this is, and who fills it in."""

    kicker: BilingualText
    title: BilingualText
    edition: BilingualText
    about: tuple[FormLine, ...]
    respondent: tuple[FormLine, ...]
    confirmed: tuple[FormLine, ...]
    returned: tuple[FormLine, ...]
    remark: BilingualText


@dataclass(frozen=True, slots=True)
class FormGuide:
    """How the form is filled in: steps, and agencies by their short names."""

    steps: tuple[BilingualText, ...]
    agencies: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FormLabels:
    """The words that stand at every question, in both languages."""

    part: BilingualText
    no_answer: BilingualText
    states: tuple[BilingualText, ...]
    reason: BilingualText
    note: BilingualText
    source: BilingualText
    filled_in: BilingualText
    date: BilingualText
    page: BilingualText
    all_parts: BilingualText
    how_to: BilingualText
    agencies: BilingualText
    short: BilingualText
    name: BilingualText
    respondent: BilingualText
    confirmed: BilingualText
    returned: BilingualText
    about_rows: BilingualText
    not_apply: BilingualText
    reasons: BilingualText
    more: BilingualText
    question: BilingualText


def form_cover(formatter: Formatter, agency: Agency | None, *, is_partial: bool) -> FormCover:
    """Return the first page; ``agency`` is the one the form is sent to."""
    instrument, mission = formatter.dossier.instrument, formatter.dossier.mission
    edition = wording_part(formatter, "instrument", "edition", instrument.edition)

    def line(sentence: str, text: str = "", *, is_high: bool = False) -> FormLine:
        return FormLine(program_text(formatter, sentence), text, is_high)

    return FormCover(
        kicker=program_text(formatter, N_("Questionnaire to be filled in by hand")),
        title=bilingual_text(formatter, lambda one: one.instrument_title),
        edition=edition,
        about=(
            line(N_("Country"), country_name(formatter)),
            line(N_("Round"), mission.round),
            line(N_("Agency"), _agency_name(agency)),
            *((line(N_("Translation"), state),) if (state := unreviewed_note(formatter, program_in_both=True)) else ()),
        ),
        respondent=(
            line(N_("Full name")),
            line(N_("Function")),
            line(N_("Department")),
            line(N_("Telephone, e-mail")),
            line(N_("Date")),
            line(N_("Signature"), is_high=True),
        ),
        confirmed=(
            line(N_("Name and function")),
            line(N_("Date")),
            line(N_("Signature"), is_high=True),
        ),
        returned=(line(N_("Return to")), line(N_("By (date)"))),
        remark=program_text(formatter, _PARTIAL) if is_partial else NO_TEXT,
    )


def _agency_name(agency: Agency | None) -> str:
    if agency is None:
        return ""
    return f"{agency.name} ({agency.short})" if agency.name and agency.short else agency.name or agency.short


def form_guide(formatter: Formatter) -> FormGuide:
    """Return how the form is filled in."""
    steps = (program_text(formatter, step) for step in _STEPS)
    agencies = ((agency.short, agency.name) for agency in formatter.dossier.agencies if agency.name or agency.short)
    return FormGuide(tuple(steps), tuple(agencies))


def form_labels(formatter: Formatter) -> FormLabels:
    def say(sentence: str) -> BilingualText:
        return program_text(formatter, sentence)

    return FormLabels(
        part=say(N_("Part")),
        no_answer=say(N_("No answer:")),
        states=tuple(say(STATE_LABELS[state]) for state in _UNANSWERED),
        reason=say(N_("Reason")),
        note=say(N_("Note")),
        source=say(N_("Source or evidence")),
        filled_in=say(N_("Filled in by (agency, name)")),
        date=say(N_("Date")),
        page=say(N_("Page")),
        all_parts=say(N_("The parts of this form")),
        how_to=say(N_("How to fill in this form")),
        agencies=say(N_("Agencies and their short names")),
        short=say(N_("Short name")),
        name=say(N_("Full name")),
        respondent=say(N_("Filled in by")),
        confirmed=say(N_("Confirmed by the head of the agency")),
        returned=say(N_("Please return this form")),
        about_rows=say(N_("What the rows mean")),
        not_apply=say(N_("Does not apply")),
        reasons=say(N_("Rows that do not apply, and why; notes, with the number of the row")),
        more=say(N_("Space for more")),
        question=say(N_("Question")),
    )


# The blank form as a page shows it: an instrument in words, with room to answer by hand and no answers.
#
# It holds every question whatever its condition, with the same numbers as the screen; the condition stands
# above the question in words. Templates print this, and compute nothing.


_MORE_LINES, _DEPTH = 20, 2


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """One question: either room for an answer or a table; ``depth`` is that of its heading."""

    anchor: str
    depth: int
    number: str
    text: BilingualText
    heading: BilingualText
    heading_text: BilingualText
    condition: BilingualText
    definition: BilingualText
    evidence: BilingualText
    space: AnswerSpace | None
    table: FormTable | None


@dataclass(frozen=True, slots=True)
class FormSection:
    """A part of the instrument."""

    anchor: str
    number: str
    title: BilingualText
    introduction: BilingualText
    questions: tuple[FormQuestion, ...]

    @property
    def running(self) -> str:
        return f"{self.number} {self.title.text}"


@dataclass(frozen=True, slots=True)
class FormContent:
    """A whole form; ``footer`` stands at the foot of every page."""

    language: str
    direction: str
    second_language: str
    second_direction: str
    title: str
    footer: str
    cover: FormCover
    guide: FormGuide
    sections: tuple[FormSection, ...]
    words: FormLabels
    more_lines: int = _MORE_LINES


def chosen_sections(instrument: Instrument, names: Iterable[str]) -> tuple[Section, ...]:
    """Give the sections of these numbers or ids ("III", "iii") in printed order, all without any; raises KnownError."""
    wanted = {name.strip().casefold(): name for name in names}
    known = {key for section in instrument.sections for key in _section_names(section)}
    unknown = next((name for key, name in wanted.items() if key not in known), None)
    if unknown is not None:
        listed = ", ".join(section.number for section in instrument.sections)
        raise KnownError(N_("There is no part “{name}”. Choose of: {known}."), name=unknown, known=listed)
    if not wanted:
        return instrument.sections
    return tuple(section for section in instrument.sections if _section_names(section) & wanted.keys())


def _section_names(section: Section) -> set[str]:
    return {section.id.casefold(), section.number.casefold()}


def _condition_text(formatter: Formatter, question: Question) -> BilingualText:
    condition = question.show_if
    if condition is None:
        return NO_TEXT
    return bilingual_text(
        formatter, lambda one: one.say(N_("Answer only if {condition}."), condition=one.condition(condition))
    )


def _evidence_text(formatter: Formatter, question: Question) -> BilingualText:
    """Say which evidence would do; where only the hint is translated, its name stands in the first language alone."""
    if not question.evidence_hint:
        return NO_TEXT
    name = program_text(formatter, N_("Evidence"))
    hint = wording_part(formatter, question.id, "evidence_hint", question.evidence_hint)
    second = f"{name.second}: {hint.second}" if name.second and hint.second else hint.second
    return BilingualText(f"{name.text}: {hint.text}", second)


def _form_question(formatter: Formatter, question: Question, depth: int) -> FormQuestion:
    is_table = question.kind is AnswerKind.GRID
    return FormQuestion(
        anchor_of("q", question.id),
        depth,
        question.number,
        bilingual_text(formatter, lambda one: one.question(question)),
        bilingual_text(formatter, lambda one: one.heading(question)),
        wording_part(formatter, question.id, "heading_text", question.heading_text),
        _condition_text(formatter, question),
        wording_part(formatter, question.id, "definition", question.definition.strip()),
        _evidence_text(formatter, question),
        None if is_table else answer_space(formatter, question),
        form_table(formatter, question) if is_table else None,
    )


def _form_questions(formatter: Formatter, section: Section) -> Iterator[FormQuestion]:
    """Go through a part; below the heading of a block the headings of questions are one step deeper."""
    depth = _DEPTH
    for question in section.questions:
        depth += bool(question.heading) and depth == _DEPTH
        yield _form_question(formatter, question, depth)


def _form_section(formatter: Formatter, section: Section) -> FormSection:
    return FormSection(
        anchor_of("part", section.id),
        section.number,
        bilingual_text(formatter, lambda one: one.section(section)),
        bilingual_text(formatter, lambda one: " ".join(one.introduction(section).split())),
        tuple(_form_questions(formatter, section)),
    )


def _footer_text(formatter: Formatter, agency: Agency | None) -> str:
    instrument, mission = formatter.dossier.instrument, formatter.dossier.mission
    version = formatter.say(N_("{id}, version {version}"), id=instrument.id, version=instrument.version)
    named = (agency.short or agency.name) if agency else ""
    return " · ".join(part for part in (version, country_name(formatter), mission.round, named) if part)


def form_content(formatter: Formatter, sections: Iterable[Section], agency: Agency | None = None) -> FormContent:
    """Build the form of some sections of the instrument; answers of the words' dossier are not looked at."""
    listed = tuple(sections)
    second = second_translator(formatter)
    mission = formatter.dossier.mission
    named = (country_name(formatter), formatter.instrument_title, mission.round)
    return FormContent(
        language=formatter.texts.language,
        direction=formatter.texts.direction,
        second_language=second.language if second else "",
        second_direction=second.direction if second else "",
        title=" – ".join(part for part in named if part),
        footer=_footer_text(formatter, agency),
        cover=form_cover(formatter, agency, is_partial=len(listed) < len(formatter.dossier.instrument.sections)),
        guide=form_guide(formatter),
        sections=tuple(_form_section(formatter, section) for section in listed),
        words=form_labels(formatter),
    )


# The blank form as PDF: set from bundled files only, the same bytes for the same form.


def _margins(view: FormContent, texts: Translator) -> str:
    """Say at the foot of each page which form this is and where one is, and at the head which part it begins with."""
    # Boxes at the margin have sides, not beginnings: mirrored, they change places.
    first, last = ("right", "left") if view.direction == "rtl" else ("left", "right")
    look, left = "font-size: 7.5pt; color: #000", css_string(replace_missing_glyphs(view.footer))
    foot = f"{look}; vertical-align: top; padding-top: 4mm"
    return (
        f"@page {{ @bottom-{first} {{ content: {left}; {foot}; width: 75%; text-align: {first} }}"
        f" @bottom-{last} {{ content: {page_numbers(texts)}; {foot}; width: 25%; text-align: {last} }}"
        f" @top-{first} {{ content: string(running, start); {look}; text-align: {first}; width: 100%;"
        " vertical-align: bottom; padding-bottom: 4mm } }"
    )


def form_html(view: FormContent, texts: Translator) -> str:
    """Print the form as the HTML that WeasyPrint sets."""
    css = "\n".join((join_style_sheets("form.css"), _margins(view, texts), counters_css(texts)))
    return template_for_paper("form.html.j2", texts, css, view=view)


def render_form(view: FormContent, texts: Translator, progress: Callable[[str, float], None] | None = None) -> bytes:
    """Print the form as PDF; ``progress`` hears what is being done and shares from 0 to 1."""
    html = form_html(view, texts)
    return render_pages(html, "", hashlib.sha256(html.encode()).hexdigest()[:32].encode(), texts, progress)
