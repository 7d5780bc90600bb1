"""The first pages of a form: what it is, who fills it in, how that is done; and the words that recur."""

from dataclasses import dataclass

from capacity_app.bilingual import translated
from capacity_app.domain.answers import State
from capacity_app.domain.assessment import Agency
from capacity_app.domain.problems import N_
from capacity_app.report.form.pieces import NOTHING, Box, Said, country_of, ours, part_of, said
from capacity_app.wording import EVIDENCE_WORDS, STATE_WORDS, Wording

_UNANSWERED = (State.NOT_APPLICABLE, State.UNKNOWN, State.DECLINED)
_STEPS = (
    N_("Write clearly, with a dark pen. Tick a box with a cross. To correct, fill the wrong box and tick another."),
    N_(
        "Answer every question of the parts you were sent. Some are asked only under a condition, which stands above "
        "them; leave them out if it is not met."
    ),
    N_(
        "Where four levels 0 to 3 are given, tick the highest one whose sentence is wholly true. If you hesitate "
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
_PROVENANCE = N_(
    "Behind each question: [T] the words are the toolkit’s own; [P] they were formulated for this questionnaire."
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the first page: a label, and what is known already."""

    label: Said
    text: str = ""
    is_high: bool = False


@dataclass(frozen=True, slots=True)
class FormCover:
    """The first page: what this is, and who fills it in."""

    kicker: Said
    title: Said
    edition: Said
    about: tuple[Line, ...]
    respondent: tuple[Line, ...]
    confirmed: tuple[Line, ...]
    returned: tuple[Line, ...]
    remark: Said


@dataclass(frozen=True, slots=True)
class Guide:
    """How the form is filled in: steps, grades of evidence, and agencies by their short names."""

    steps: tuple[Said, ...]
    grades: tuple[Box, ...]
    agencies: tuple[tuple[str, str], ...]
    provenance: Said


@dataclass(frozen=True, slots=True)
class FormWords:
    """The words that stand at every question, in both languages."""

    part: Said
    no_answer: Said
    states: tuple[Said, ...]
    reason: Said
    note: Said
    source: Said
    grade: Said
    filled_in: Said
    date: Said
    page: Said
    all_parts: Said
    how_to: Said
    grades: Said
    agencies: Said
    short: Said
    name: Said
    respondent: Said
    confirmed: Said
    returned: Said
    about_rows: Said
    not_apply: Said
    reasons: Said
    more: Said
    question: Said


def form_cover(words: Wording, agency: Agency | None, *, is_partial: bool) -> FormCover:
    """Return the first page; ``agency`` is the one the form is sent to."""
    instrument, mission = words.dossier.instrument, words.dossier.mission
    edition = part_of(words, "instrument", "edition", instrument.edition)

    def line(sentence: str, text: str = "", *, is_high: bool = False) -> Line:
        return Line(ours(words, sentence), text, is_high)

    return FormCover(
        kicker=ours(words, N_("Questionnaire to be filled in by hand")),
        title=said(words, lambda one: one.instrument_title),
        edition=edition,
        about=(
            line(N_("Country"), country_of(words)),
            line(N_("Round"), mission.round),
            line(N_("Agency"), _agency_name(agency)),
            *((line(N_("Translation"), state),) if (state := translated(words, program_in_both=True)) else ()),
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
        remark=ours(words, _PARTIAL) if is_partial else NOTHING,
    )


def _agency_name(agency: Agency | None) -> str:
    if agency is None:
        return ""
    return f"{agency.name} ({agency.short})" if agency.name and agency.short else agency.name or agency.short


def form_guide(words: Wording) -> Guide:
    """Return how the form is filled in."""
    steps = (ours(words, step) for step in _STEPS)
    grades = (Box(ours(words, word), f"E{grade}") for grade, word in enumerate(EVIDENCE_WORDS))
    agencies = ((agency.short, agency.name) for agency in words.dossier.agencies if agency.name or agency.short)
    return Guide(tuple(steps), tuple(grades), tuple(agencies), ours(words, _PROVENANCE))


def form_words(words: Wording) -> FormWords:
    def say(sentence: str) -> Said:
        return ours(words, sentence)

    return FormWords(
        part=say(N_("Part")),
        no_answer=say(N_("No answer:")),
        states=tuple(say(STATE_WORDS[state]) for state in _UNANSWERED),
        reason=say(N_("Reason")),
        note=say(N_("Note")),
        source=say(N_("Source or evidence")),
        grade=say(N_("Grade")),
        filled_in=say(N_("Filled in by (agency, name)")),
        date=say(N_("Date")),
        page=say(N_("Page")),
        all_parts=say(N_("The parts of this form")),
        how_to=say(N_("How to fill in this form")),
        grades=say(N_("Grades of evidence")),
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
