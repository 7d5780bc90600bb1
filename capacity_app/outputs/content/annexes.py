"""The annexes: answers, registers, quality checks, method, provenance, glossary, languages."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.assessment.findings import FINDING_KIND_LABELS, Finding, group_by_kind
from capacity_app.domain.assessment.register_fields import REGISTER_INFO
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import Instrument, Provenance, wording_places
from capacity_app.domain.scoring.answer_sheet import Tally
from capacity_app.domain.scoring.scores import SENSITIVITY_METHOD_LABELS, OverallScore
from capacity_app.i18n.catalogues import ENGLISH, ReviewStatus, program_languages
from capacity_app.i18n.formatter import (
    EVIDENCE_GRADE_LABELS,
    REVIEW_STATUS_LABELS,
    Formatter,
    review_status_of,
    second_translator,
)
from capacity_app.i18n.translator import PSEUDO, Translator
from capacity_app.outputs.content.answers import AnswersBody, answer_sections, retired_answers
from capacity_app.outputs.content.elements import (
    CardsBody,
    ColumnHeading,
    ContentTable,
    EntryCard,
    Fact,
    TableCell,
    TableRow,
    TablesBody,
    TextTone,
    anchor_of,
    column_headings,
    table_row,
)
from capacity_app.outputs.content.registers import (
    agency_card,
    documents_table,
    evidence_card,
    has_retired_answers,
    has_returned,
    meeting_card,
    person_card,
    retired_answers_body,
    returned_body,
    source_card,
)
from capacity_app.outputs.content.report_parts import PART_LABELS, ReportPart
from capacity_app.palette import OPEN_SIGN

# How scores are made, whose words the questions are, and what the terms mean.


@dataclass(frozen=True, slots=True)
class MethodContent:
    """The method in sentences and formulas, with the thresholds of the instrument and the sums of every question."""

    paragraphs: tuple[str, ...]
    formulas: tuple[Fact, ...]
    grades: tuple[Fact, ...]
    sensitivity: ContentTable | None
    weights: str
    sums: ContentTable | None


_PARAGRAPHS = (
    N_(
        "The score exists to find gaps and plan actions, never to rank countries. Every number can be computed again "
        "by hand from the answers and sums printed in this report."
    ),
    N_(
        "An answer is given, not applicable (with a reason), unknown, declined or not asked. The last three are open:"
        " they are shown apart, are never counted as zero and are never dropped."
    ),
    N_(
        "An answer earns points x from 0 to 1: a level its number divided by 3; yes 1, partly ½, no 0; a checklist "
        "its required elements ticked divided by all required elements; a choice the points the instrument gives it. "
        "A table is expanded to its cells; a row that does not apply hands its weight to the other rows."
    ),
    N_(
        "“Not produced” is one fact: it counts 0 in the scored columns of its row, and the report says it once. "
        "Columns that belong together count once, with their best answer. They are open until all are answered or one"
        " earns 1."
    ),
    N_(
        "Where agencies disagree and nobody has settled it, the answer is open for coverage. It counts for the score "
        "at the midpoint of the lowest and the highest response. If they disagree whether the question applies, the "
        "highest is 1. An agency that does not know or declines contradicts nobody."
    ),
    N_(
        "The assessor’s judgement counts before responses, the country’s validated answer before both. Each carries "
        "the evidence of the responses it agrees with."
    ),
    N_(
        "A score is firm from {firm} coverage, provisional and printed with its interval from {provisional}, and not "
        "printed below. More than {not_applicable} not applicable is noted."
    ),
    N_(
        "Bands describe parts and the overall score: below 16.7 absent, below 50 emerging, below 83.3 established "
        "with gaps, else sustained. If the interval reaches into another band, both are named."
    ),
    N_(
        "A row or question has a level from 0 to 3: its points times 3, rounded down. A gap is the number of steps "
        "from that level to the target; its severity is steps × importance: 1–2 low, 3–4 moderate, 6 high, 9 "
        "critical. A gap on which other progress depends goes up one class. Open answers have no severity; they are "
        "listed to be verified, by their worst case."
    ),
)


def _formulas(formatter: Formatter, *, is_disputed: bool) -> tuple[Fact, ...]:
    """Return the formulas; those with D and M only where agencies disagree."""
    say = formatter.say
    lines = [
        ("W", N_("weight of everything that applies")),
        ("A", N_("weight of what is answered")),
        ("P", N_("sum of weight × points over what is answered")),
        *((("D", N_("weight of what agencies disagree about")),
           ("M", N_("sum of weight × midpoint over what agencies disagree about")),
           ("Mₗ, Mᵤ", N_("the same with the lowest and with the highest response"))) if is_disputed else ()),
        ("S = 100 · (P + M) / (A + D)" if is_disputed else "S = 100 · P / A", N_("score")),
        ("C = A / W", N_("coverage")),
        ("L = 100 · (P + Mₗ) / W" if is_disputed else "L = 100 · P / W",
         N_("lower bound: every open answer worth nothing")),
        ("U = 100 · (P + Mᵤ + W − A − D) / W" if is_disputed else "U = 100 · (P + W − A) / W",
         N_("upper bound: every open answer worth everything")),
        ("N = X / Z", N_("weight marked not applicable, divided by the weight of everything")),
        ("V", N_("verified score: S with every level 3 without evidence counted as level 2")),
        ("E", N_("evidence index: share of A with a document held or checked")),
        ("Σ w · S / Σ w", N_("overall score, with the weights w of the parts; so too the overall L, U, C, V and E")),
    ]  # fmt: skip
    return tuple(Fact(formatter.texts.own_figures(formula), say(meaning)) for formula, meaning in lines)


def _tally_numbers(formatter: Formatter, tally: Tally, *, is_disputed: bool) -> list[str]:
    low, high = tally.low - tally.points, tally.high - tally.points - (tally.weight - tally.answered - tally.disputed)
    disputed = (tally.disputed, tally.middle, low, high) if is_disputed else ()
    figures = (tally.weight, tally.answered, tally.points, *disputed, tally.out, tally.total)
    return [formatter.texts.exact(figure) for figure in figures]


def _sums_table(appraisal: Appraisal, formatter: Formatter, *, is_disputed: bool) -> ContentTable | None:
    """Return the sums of every scored question and part, from which all figures of the parts follow."""
    say, rows = formatter.say, []
    for entry in appraisal.scorecard.sections:
        rows.append(TableRow(group=f"{entry.section.number}  {formatter.section(entry.section)}"))
        blocks = (block for block in appraisal.sheet.section(entry.section) if block.parts)
        rows += [
            table_row(b.question.number, *_tally_numbers(formatter, b.tally, is_disputed=is_disputed)) for b in blocks
        ]
        tally = _tally_numbers(formatter, entry.score.tally, is_disputed=is_disputed)
        rows.append(table_row(*(TableCell(text, tone=TextTone.STRONG) for text in (say(N_("Part")), *tally))))
    letters = ("W", "A", "P", *(("D", "M", "Mₗ", "Mᵤ") if is_disputed else ()), "X", "Z")
    width = 86 / len(letters)
    headings = (ColumnHeading(say(N_("No.")), 14), *(ColumnHeading(letter, width, "number") for letter in letters))
    return ContentTable(headings, tuple(rows), style="compact") if rows else None


def _sensitivity_table(formatter: Formatter, overall: OverallScore) -> ContentTable | None:
    if overall.sensitivity is None:
        return None
    say, found = formatter.say, overall.sensitivity.by_method
    rows = tuple(
        table_row(say(SENSITIVITY_METHOD_LABELS[which]), formatter.points(value)) for which, value in found.items()
    )
    headings = (ColumnHeading(say(N_("Way of weighing")), 70), ColumnHeading(say(N_("Overall score")), 30, "number"))
    return ContentTable(headings, rows, style="compact narrow")


def method_content(appraisal: Appraisal, formatter: Formatter) -> MethodContent:
    limits = appraisal.dossier.instrument.thresholds
    values = {
        "firm": formatter.share(limits.firm),
        "provisional": formatter.share(limits.provisional),
        "not_applicable": formatter.share(limits.mostly_not_applicable),
    }
    weights = ", ".join(appraisal.dossier.mission.weights)
    is_disputed = any(entry.score.tally.disputed for entry in appraisal.scorecard.sections)
    return MethodContent(
        paragraphs=(
            *filter(None, [formatter.modified_questionnaire]),
            *(formatter.say(sentence, **values) for sentence in _PARAGRAPHS),
        ),
        formulas=_formulas(formatter, is_disputed=is_disputed),
        grades=tuple(
            Fact(f"E{grade}", formatter.texts.gettext(text)) for grade, text in enumerate(EVIDENCE_GRADE_LABELS)
        ),
        sensitivity=_sensitivity_table(formatter, appraisal.scorecard.overall),
        weights=formatter.say(N_("Weights of the parts chosen for this assessment: {weights}."), weights=weights)
        if weights
        else "",
        sums=_sums_table(appraisal, formatter, is_disputed=is_disputed),
    )


def has_toolkit_wording(appraisal: Appraisal) -> bool:
    """Return whether any words of the instrument are the toolkit's own."""
    questions = appraisal.dossier.instrument.questions()
    return any(
        one is Provenance.TOOLKIT for q in questions for one in (q.provenance, *(row.provenance for row in q.rows))
    )


def provenance_table(appraisal: Appraisal, formatter: Formatter) -> ContentTable:
    """Count and list whose words the questions are in, part by part; rows of grids are counted with their question."""
    rows = []
    for section in appraisal.dossier.instrument.sections:
        own = [q.number for q in section.questions if q.provenance is Provenance.TOOLKIT]
        ours = [q.number for q in section.questions if q.provenance is Provenance.PROJECT]
        quoted = [
            f"{q.number} {r.number}".strip()
            for q in section.questions
            for r in q.rows
            if r.provenance is Provenance.TOOLKIT and q.provenance is not Provenance.TOOLKIT
        ]
        rows.append(
            table_row(
                section.number, formatter.section(section), ", ".join(own + quoted) or "–", ", ".join(ours) or "–"
            )
        )
    headings = column_headings(
        formatter.say, (N_("No."), 7), (N_("Part"), 27), (N_("The toolkit’s own words"), 30),
        (N_("This project’s formulation"), 36),
    )  # fmt: skip
    return ContentTable(headings, tuple(rows), style="compact")


def glossary_cards(appraisal: Appraisal, formatter: Formatter) -> tuple[EntryCard, ...]:
    """List the terms with their definitions and sources."""
    cards = []
    for concept in appraisal.dossier.instrument.concepts:
        label, definition = formatter.concept(concept)
        source = (Fact(formatter.say(N_("Source")), concept.source),) if concept.source else ()
        cards.append(EntryCard(title=label, facts=(Fact("", definition), *source)))
    return tuple(cards)


# In which languages a report stands: whose wording it is, who has reviewed it, and what is not translated.


UNREVIEWED = N_(
    "The wording of the questions in {language} was made with the help of a machine and has not been reviewed. Where "
    "it matters, the original in {original} counts; see the translation notes."
)
MissingText = tuple[str, str]
"""A text of the instrument: its key and how it reads in the original."""


def _other_languages(formatter: Formatter) -> tuple[Translator, ...]:
    """Return the languages of the report that are not the instrument's own."""
    second = second_translator(formatter)
    both = (formatter.texts, second) if second else (formatter.texts,)
    return tuple(one for one in both if one.language not in {formatter.dossier.instrument.language, PSEUDO})


def _owner_of_text(instrument: Instrument, key: str) -> tuple[str, str]:
    """Return the part of the instrument a text belongs to, by its id, and the printed number of its question."""
    owner = key.partition("|")[0]
    question = instrument.question_by_id.get(owner)
    if question is not None:
        return instrument.section_of[owner].id, question.number
    section = next((one for one in instrument.sections if one.id == owner), None)
    return (section.id, section.number) if section else ("", "")


def _missing_texts(instrument: Instrument, texts: Translator) -> tuple[MissingText, ...]:
    """List what has no wording in a language."""
    return tuple(
        (key, text) for key, text in wording_places(instrument) if not texts.has_wording(instrument.id, key, text)
    )


def unreviewed_warnings(formatter: Formatter) -> tuple[str, ...]:
    """Warn of every language of the report whose wording no person has signed off; empty if there is none."""
    instrument = formatter.dossier.instrument
    return tuple(
        formatter.say(
            UNREVIEWED,
            language=formatter.texts.language_name(one.language),
            original=formatter.texts.language_name(instrument.language),
        )
        for one in _other_languages(formatter)
        if one.standing(instrument.id, instrument.version) is not ReviewStatus.REVIEWED
    )


def unreviewed_program_warnings(formatter: Formatter) -> tuple[str, ...]:
    """Warn where no person has signed off the program's own words in the language of the report."""
    if review_status_of(formatter.texts) is ReviewStatus.REVIEWED:
        return ()
    sentence = N_(
        "The headings and sentences of the program in {language} were made with the help of a machine and have not "
        "been reviewed for this version of it."
    )
    return (formatter.say(sentence, language=formatter.texts.language_name(formatter.texts.language)),)


def _program_cell(formatter: Formatter, language: str) -> TableCell:
    """Say who stands for the program's own words, which are in the first language only."""
    if language != formatter.texts.language or language not in program_languages():
        return TableCell("–", tone=TextTone.MUTED)
    if language == ENGLISH:
        return TableCell(formatter.say(N_("the original")))
    standing = review_status_of(formatter.texts)
    said = formatter.say(REVIEW_STATUS_LABELS[standing])
    return TableCell(said) if standing is ReviewStatus.REVIEWED else TableCell(said, sign=OPEN_SIGN, tone=TextTone.OPEN)


def _translation_state_cells(
    formatter: Formatter, one: Translator, missing: Sequence[MissingText]
) -> tuple[TableCell, TableCell]:
    """Say who stands for a wording, and how much of it there is."""
    instrument, count = formatter.dossier.instrument, len(missing)
    standing = one.standing(instrument.id, instrument.version)
    said = formatter.say(REVIEW_STATUS_LABELS[standing])
    reviewed = (
        TableCell(said) if standing is ReviewStatus.REVIEWED else TableCell(said, sign=OPEN_SIGN, tone=TextTone.OPEN)
    )
    if not count:
        return reviewed, TableCell(formatter.say(N_("complete")))
    sentence = formatter.ngettext("{count} text is missing", "{count} texts are missing", count)
    return reviewed, TableCell(sentence, sign=OPEN_SIGN, tone=TextTone.OPEN)


def _languages_table(
    appraisal: Appraisal, formatter: Formatter, lacking: Sequence[tuple[Translator, Sequence[MissingText]]]
) -> ContentTable:
    """List the languages with the state of their wording, and in how many answers each was used to ask."""
    say, instrument = formatter.say, formatter.dossier.instrument
    asked = Counter(answer.language for answer in appraisal.dossier.answers if answer.language)
    shown = {instrument.language: (TableCell(say(N_("the original"))), TableCell(say(N_("complete"))))}
    shown |= {one.language: _translation_state_cells(formatter, one, missing) for one, missing in lacking}
    for language in sorted(set(asked) - set(shown)):
        texts = Translator(language)
        shown[language] = _translation_state_cells(formatter, texts, _missing_texts(instrument, texts))
    rows = (
        table_row(
            formatter.texts.language_name(language),
            *state,
            _program_cell(formatter, language),
            formatter.texts.number(asked[language]),
        )
        for language, state in shown.items()
    )
    headings = column_headings(
        formatter.say, (N_("Language"), 20), (N_("Wording of the questions"), 24), (N_("Completeness"), 18),
        (N_("Words of the program"), 24), (N_("Answers given with it"), 14, "number"),
    )  # fmt: skip
    return ContentTable(headings, tuple(rows), style="compact")


def _missing_rows(formatter: Formatter, missing: Sequence[MissingText]) -> Iterator[TableRow]:
    instrument, last = formatter.dossier.instrument, None
    titles = {section.id: f"{section.number} {section.title}".strip() for section in instrument.sections}
    for key, text in missing:
        section, number = _owner_of_text(instrument, key)
        if section != last:
            yield TableRow(group=titles.get(section, "") or formatter.say(N_("The instrument as a whole")))
            last = section
        yield table_row(TableCell(number or "–", tone=TextTone.STRONG), text)


def _missing_table(formatter: Formatter, one: Translator, missing: Sequence[MissingText]) -> tuple[str, ContentTable]:
    say = formatter.say
    title = say(N_("Not worded in {language}"), language=formatter.texts.language_name(one.language))
    headings = (ColumnHeading(say(N_("No.")), 12), ColumnHeading(say(N_("Text in the original, as it is printed")), 88))
    return title, ContentTable(headings, tuple(_missing_rows(formatter, missing)), style="compact")


def _languages_lead(formatter: Formatter) -> Iterator[str]:
    name, say, texts = formatter.texts.language_name, formatter.say, formatter.texts
    original, second = formatter.dossier.instrument.language, second_translator(formatter)
    if texts.language == original:
        yield say(
            N_("This report is in {language}, the language in which the instrument was written."),
            language=name(original),
        )
    else:
        yield say(
            N_("This report is in {language}; the instrument was written in {original}."),
            language=name(texts.language),
            original=name(original),
        )
    if second:
        yield say(N_("The questions and chosen answers stand in {language} beside it."), language=name(second.language))
    if texts.language not in (*program_languages(), PSEUDO):
        yield say(N_("The program’s own headings and sentences are not translated; they stand in English."))
    yield say(N_("What people typed is printed as they typed it and never translated."))


def translation_body(appraisal: Appraisal, formatter: Formatter) -> TablesBody:
    """Build the annex: the languages with the state of their wording, and every text that is not translated."""
    lacking = [(one, _missing_texts(formatter.dossier.instrument, one)) for one in _other_languages(formatter)]
    state = (formatter.say(N_("Languages")), _languages_table(appraisal, formatter, lacking))
    lists = (_missing_table(formatter, one, missing) for one, missing in lacking if missing)
    return TablesBody(
        (state, *lists),
        (*_languages_lead(formatter), *unreviewed_warnings(formatter), *unreviewed_program_warnings(formatter)),
    )


DEFINITIONS = "definitions"
"""The style of cards whose title stands beside what they say."""
_PROVENANCE = N_(
    "Some questions are in the toolkit’s own words; the others are this project’s formulation in the toolkit’s spirit."
)


def _finding_place(appraisal: Appraisal, formatter: Formatter, finding: Finding) -> str:
    if finding.address:
        return formatter.place(finding.address)
    if finding.entry == appraisal.dossier.mission.id:
        return formatter.say(N_("Mission"))
    number = appraisal.action_numbers.get(finding.entry)
    if number:
        return formatter.say(N_("Action {number}"), number=number)
    return formatter.agency(finding.entry) if finding.entry in appraisal.dossier.agency_by_id else finding.problem.place


def _finding_row(appraisal: Appraisal, formatter: Formatter, finding: Finding) -> TableRow:
    return table_row(_finding_place(appraisal, formatter, finding), formatter.problem(finding.problem))


def _findings_table(appraisal: Appraisal, formatter: Formatter) -> ContentTable:
    rows: list[TableRow] = []
    for kind, findings in group_by_kind(appraisal.findings).items():
        title = f"{formatter.texts.gettext(FINDING_KIND_LABELS[kind])} ({formatter.texts.number(len(findings))})"
        rows.append(TableRow(group=title))
        rows += [_finding_row(appraisal, formatter, finding) for finding in findings]
    headings = (ColumnHeading(formatter.say(N_("Where")), 28), ColumnHeading(formatter.say(N_("What stands out")), 72))
    return ContentTable(headings, tuple(rows), style="compact")


def _people_body(appraisal: Appraisal, formatter: Formatter) -> CardsBody:
    dossier, say = appraisal.dossier, formatter.say
    groups = (
        (say(REGISTER_INFO["agencies"].title), tuple(agency_card(formatter, agency) for agency in dossier.agencies)),
        (
            say(REGISTER_INFO["people"].title),
            tuple(person_card(appraisal, formatter, person) for person in dossier.people),
        ),
        (say(REGISTER_INFO["meetings"].title), tuple(meeting_card(formatter, meeting) for meeting in dossier.meetings)),
    )
    lead = () if any(cards for _title, cards in groups) else (say(N_("No agency, person or meeting is entered yet.")),)
    return CardsBody(groups, lead, style=DEFINITIONS)


def _sources_body(appraisal: Appraisal, formatter: Formatter) -> CardsBody:
    cards = tuple(source_card(appraisal, formatter, source) for source in appraisal.dossier.sources)
    lead = () if cards else (formatter.say(N_("No data source is entered yet.")),)
    return CardsBody((("", cards),), lead, style=DEFINITIONS)


def _evidence_body(appraisal: Appraisal, formatter: Formatter) -> CardsBody:
    cards = tuple(evidence_card(appraisal, formatter, entry) for entry in appraisal.dossier.evidence)
    if not cards:
        return CardsBody((), (formatter.say(N_("No evidence is entered yet.")),))
    documents = documents_table(
        formatter,
        (
            (TableCell(f"[{appraisal.evidence_numbers[entry.id]}]", link=anchor_of("e", entry.id)), entry)
            for entry in appraisal.dossier.evidence
        ),
    )
    tables = ((formatter.say(N_("Documents held")), documents),) if documents else ()
    return CardsBody((("", cards),), tables=tables, style=DEFINITIONS)


def _answers_body(appraisal: Appraisal, formatter: Formatter) -> AnswersBody:
    return AnswersBody(
        answer_sections(appraisal, formatter), retired_answers(appraisal, formatter), unreviewed_warnings(formatter)
    )


def _checks_body(appraisal: Appraisal, formatter: Formatter) -> TablesBody:
    if not appraisal.findings:
        return TablesBody((), (formatter.say(N_("The quality checks found nothing that stands out.")),))
    return TablesBody((("", _findings_table(appraisal, formatter)),))


def _provenance_body(appraisal: Appraisal, formatter: Formatter) -> TablesBody:
    return TablesBody((("", provenance_table(appraisal, formatter)),), (formatter.say(_PROVENANCE),))


def _glossary_body(appraisal: Appraisal, formatter: Formatter) -> CardsBody:
    return CardsBody((("", glossary_cards(appraisal, formatter)),), style=DEFINITIONS)


_ANNEXES: tuple[tuple[ReportPart, str, Callable[[Appraisal, Formatter], object]], ...] = (
    (ReportPart.ANSWERS, "answers", _answers_body),
    (ReportPart.PEOPLE, "cards", _people_body),
    (ReportPart.SOURCES, "cards", _sources_body),
    (ReportPart.EVIDENCE, "cards", _evidence_body),
    (ReportPart.RETURNED, "cards", returned_body),
    (ReportPart.KEPT, "cards", retired_answers_body),
    (ReportPart.QUALITY, "tables", _checks_body),
    (ReportPart.METHOD, "method", method_content),
    (ReportPart.PROVENANCE, "tables", _provenance_body),
    (ReportPart.GLOSSARY, "cards", _glossary_body),
    (ReportPart.TRANSLATION, "tables", translation_body),
)


_HAS_SENSE: Mapping[ReportPart, Callable[[Appraisal], bool]] = {
    ReportPart.RETURNED: has_returned,
    ReportPart.KEPT: has_retired_answers,
    ReportPart.METHOD: lambda appraisal: appraisal.with_scores,
    ReportPart.PROVENANCE: has_toolkit_wording,
    ReportPart.GLOSSARY: lambda appraisal: bool(appraisal.dossier.instrument.concepts),
}
"""Annexes that are left out where they would be without sense: no method without scores, no glossary without terms,
nothing on whose words the questions are in where all are one author's."""


def annex_bodies(
    appraisal: Appraisal, formatter: Formatter, parts: AbstractSet[ReportPart]
) -> Iterator[tuple[ReportPart, str, str, object]]:
    """Yield part, kind, title and body of every annex that is wanted; the others are not even built."""
    for part, kind, build in _ANNEXES:
        if part in parts and (part not in _HAS_SENSE or _HAS_SENSE[part](appraisal)):
            yield part, kind, formatter.say(PART_LABELS[part]), build(appraisal, formatter)
