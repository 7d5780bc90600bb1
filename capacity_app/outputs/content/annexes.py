"""The annexes: answers, registers, quality checks, method, provenance, glossary, languages."""

from collections.abc import Iterator

from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.assessment.privacy import ReportVolume
from capacity_app.domain.assessment.register_fields import REGISTER_INFO
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import (
    GridColumn,
    GridRow,
    Instrument,
    Provenance,
    Question,
    QuestionField,
)
from capacity_app.domain.questionnaire.kinds import ValueType
from capacity_app.domain.scoring.answer_sheet import ItemStatus, QuestionBlock, Tally, earned_points
from capacity_app.domain.scoring.scores import SENSITIVITY_METHOD_LABELS, OverallScore
from capacity_app.i18n.catalogues import ReviewStatus, program_languages
from capacity_app.i18n.formatter import (
    EVIDENCE_GRADE_LABELS,
    Formatter,
    review_status_of,
    second_translator,
)
from capacity_app.i18n.translator import PSEUDO, Translator
from capacity_app.outputs.content.answers import AnswersBody, answer_sections, retired_answers
from capacity_app.outputs.content.elements import (
    Cards,
    ColumnHeading,
    ContentTable,
    EntryCard,
    Fact,
    FactSheet,
    TableCell,
    TableRow,
    TextTone,
    anchor_of,
    column_headings,
    prose,
    table_row,
    titled,
)
from capacity_app.outputs.content.registers import (
    agency_card,
    documents_table,
    evidence_card,
    meeting_card,
    person_card,
    source_card,
)

# How scores are made, whose words the questions are, and what the terms mean.


_PARAGRAPHS = (
    N_(
        "The score exists to find gaps and plan actions, never to rank countries. Every number can be computed again "
        "by hand from the answers and sums printed in the full report."
    ),
    N_(
        "An answer is given, not applicable (with a reason), unknown, declined or not asked. The last three are open:"
        " they are shown apart, are never counted as zero and are never dropped."
    ),
    N_(
        "An answer earns points x from 0 to 1. A level earns its number divided by the highest level. Yes "
        "earns 1, partly ½, no 0. A checklist earns the share of its required elements that are ticked. A "
        "choice earns the points that the questionnaire gives it. In a table, each cell is an answer. If a "
        "row does not apply, its weight goes to the other rows."
    ),
    N_(
        "“Not produced” is one fact: it counts 0 in the scored columns of its row, and the report says it once. "
        "Columns that belong together count once, with their best answer. They are open until all are answered or one"
        " earns 1."
    ),
    N_(
        "Where agencies disagree and nobody has resolved it, the answer is open for coverage. It counts "
        "for the score at the midpoint of the lowest and the highest response. If they disagree whether "
        "the question applies, the highest is 1. An agency that does not know or declines contradicts "
        "nobody."
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
        ("V", N_("verified score: S with every highest level without evidence counted as one level less")),
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


def _points_text(formatter: Formatter, question: Question, field: QuestionField) -> str:
    """Say which answer earns what; for a checklist, which elements are required, and in which rows others."""
    if field.kind.value_type is ValueType.LEVEL:
        return formatter.say(N_("Level divided by 3"))
    if field.kind.value_type is ValueType.OPTION:
        options = field.kind.info.fixed or tuple(option.id for option in field.options)
        earned = ((formatter.value(question, field, option), earned_points(field, option)) for option in options)
        return "; ".join(f"{name}: {points}" for name, points in earned if points is not None)
    usual = tuple(option.id for option in field.options if option.required)
    rows_by_elements: dict[tuple[str, ...], list[str]] = {}
    for row in question.rows:
        rows_by_elements.setdefault(row.required.get(field.id) or usual, []).append(_row_name(formatter, question, row))
    if len(rows_by_elements) < 2:  # noqa: PLR2004 - the same elements in all rows
        elements = next(iter(rows_by_elements), usual)
        return formatter.say(N_("Required: {elements}"), elements=formatter.value(question, field, elements))
    return " · ".join(
        formatter.say(
            N_("Required in {rows}: {elements}"),
            rows=", ".join(rows),
            elements=formatter.value(question, field, elements),
        )
        for elements, rows in rows_by_elements.items()
    )


def _row_name(formatter: Formatter, question: Question, row: GridRow) -> str:
    return row.number or formatter.row(question, row)


def _points_rows(block: QuestionBlock, formatter: Formatter) -> Iterator[TableRow]:
    """Say what the answers to a question earn, unless they are levels or yes and no, which the method explains."""
    question, figures = block.question, formatter.texts.own_figures
    if not question.columns:
        if question.kind.value_type is not ValueType.LEVEL and not question.kind.info.fixed:
            yield table_row(question.number, "", figures(_points_text(formatter, question, question)), "")
        return
    columns: dict[str, list[GridColumn]] = {}
    for column in question.columns:
        if column.is_scored:
            columns.setdefault(column.group or column.id, []).append(column)
    for group in columns.values():
        label = " / ".join(formatter.column(question, column) for column in group)
        weight = str(max(column.weight for column in group))
        yield table_row(question.number, label, *map(figures, (_points_text(formatter, question, group[0]), weight)))
    rows: dict[int, list[str]] = {}
    for row in question.rows:
        if (state := block.rows.get(row.id)) is not None and state.standing is ItemStatus.WANTED:
            rows.setdefault(state.importance, []).append(_row_name(formatter, question, row))
    if len(rows) > 1:
        for importance, names in sorted(rows.items()):
            text = formatter.say(N_("Rows {rows}"), rows=", ".join(names))
            yield table_row(question.number, "", text, figures(str(importance)))


def _points_table(appraisal: Appraisal, formatter: Formatter) -> ContentTable | None:
    """Return the points and weights of all scored answers, with which the sums can be computed again."""
    blocks = (one for entry in appraisal.scorecard.sections for one in appraisal.sheet.section(entry.section))
    rows = tuple(row for block in blocks if block.parts for row in _points_rows(block, formatter))
    headings = column_headings(
        formatter.say, (N_("No."), 10), (N_("Column"), 22), (N_("Points"), 58), (N_("Weight"), 10, "number")
    )
    return ContentTable(headings, rows, style="compact") if rows else None


def _sensitivity_table(formatter: Formatter, overall: OverallScore) -> ContentTable | None:
    if overall.sensitivity is None:
        return None
    say, found = formatter.say, overall.sensitivity.by_method
    rows = tuple(
        table_row(say(SENSITIVITY_METHOD_LABELS[which]), formatter.points(value)) for which, value in found.items()
    )
    headings = (ColumnHeading(say(N_("Way of weighing")), 70), ColumnHeading(say(N_("Overall score")), 30, "number"))
    return ContentTable(headings, rows, style="compact narrow")


def method_blocks(appraisal: Appraisal, formatter: Formatter, volume: ReportVolume) -> tuple[object, ...]:
    """Build the method; with formulas, the sums of every question and the sensitivity in the full volume only."""
    limits, say = appraisal.dossier.instrument.thresholds, formatter.say
    values = {
        "firm": formatter.share(limits.firm),
        "provisional": formatter.share(limits.provisional),
        "not_applicable": formatter.share(limits.mostly_not_applicable),
    }
    weights = ", ".join(appraisal.dossier.mission.weights)
    chosen = say(N_("Weights of the parts chosen for this assessment: {weights}."), weights=weights) if weights else ""
    paragraphs = prose(formatter.modified_questionnaire, *(say(one, **values) for one in _PARAGRAPHS), chosen)
    blocks = (*paragraphs, *_cited_sources(appraisal.dossier.instrument, formatter))
    if volume is not ReportVolume.FULL:
        return blocks
    is_disputed = any(entry.score.tally.disputed for entry in appraisal.scorecard.sections)
    grades = (Fact(f"E{grade}", formatter.texts.gettext(text)) for grade, text in enumerate(EVIDENCE_GRADE_LABELS))
    overall = appraisal.scorecard.overall
    return (
        *blocks,
        *titled(say(N_("Formulas")), FactSheet(_formulas(formatter, is_disputed=is_disputed), "formulas")),
        *titled(say(N_("Grades of evidence")), FactSheet(tuple(grades), "formulas")),
        *titled(say(N_("How the overall score depends on the method")), _sensitivity_table(formatter, overall)),
        *titled(say(N_("Score with evidence only")), _evidence_table(appraisal, formatter)),
        *titled(say(N_("Points and weights of the answers")), _points_table(appraisal, formatter)),
        *titled(say(N_("The sums behind the scores")), _sums_table(appraisal, formatter, is_disputed=is_disputed)),
    )


def _cited_sources(instrument: Instrument, formatter: Formatter) -> tuple[object, ...]:
    """Say which framework the questionnaire follows, and which documents it rests on."""
    version = (Fact(formatter.say(N_("Version of the framework")), instrument.framework_version),)
    cited = tuple(Fact(formatter.say(N_("Source")), one.text) for one in instrument.sources)
    facts = (*(version if instrument.framework_version else ()), *cited)
    return titled(formatter.say(N_("Sources of the questionnaire")), FactSheet(facts)) if facts else ()


def _evidence_table(appraisal: Appraisal, formatter: Formatter) -> ContentTable | None:
    """List the verified score and the evidence index of every part."""
    rows = tuple(
        table_row(
            entry.section.number,
            formatter.section(entry.section),
            formatter.points(entry.published),
            formatter.points(entry.score.verified) if entry.published is not None else "–",
            formatter.share(entry.score.evidence_index),
        )
        for entry in appraisal.scorecard.sections
    )
    headings = column_headings(
        formatter.say, (N_("No."), 8), (N_("Part"), 44), (N_("Score"), 14, "number"),
        (N_("Verified score"), 17, "number"), (N_("Evidence index"), 17, "number"),
    )  # fmt: skip
    return ContentTable(headings, rows, style="compact") if rows else None


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
        formatter.say, (N_("No."), 7), (N_("Part"), 27), (N_("Wording of the toolkit"), 30),
        (N_("Wording by the authors of this questionnaire"), 36),
    )  # fmt: skip
    return ContentTable(headings, tuple(rows), style="compact")


def glossary_blocks(appraisal: Appraisal, formatter: Formatter, volume: ReportVolume, used: str) -> tuple[object, ...]:
    """List the terms that a text uses with their definitions, in the full volume also with their sources."""
    cards, folded = [], used.casefold()
    for concept in appraisal.dossier.instrument.concepts:
        label, definition = formatter.concept(concept)
        if label.partition("(")[0].strip().casefold() not in folded:
            continue
        is_sourced = bool(concept.source) and volume is ReportVolume.FULL
        source = (Fact(formatter.say(N_("Source")), concept.source),) if is_sourced else ()
        cards.append(EntryCard(title=label, facts=(Fact("", definition), *source)))
    return (Cards(tuple(cards), DEFINITIONS),) if cards else ()


# In which languages a report stands: whose wording it is, and who has reviewed it.


UNREVIEWED = N_(
    "The wording of the questions in {language} was made with the help of a machine and has not been reviewed. Where "
    "it matters, the original in {original} counts; see the translation notes."
)


def _other_languages(formatter: Formatter) -> tuple[Translator, ...]:
    """Return the languages of the report that are not the instrument's own."""
    second = second_translator(formatter)
    both = (formatter.texts, second) if second else (formatter.texts,)
    return tuple(one for one in both if one.language not in {formatter.dossier.instrument.language, PSEUDO})


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


def _languages_lead(formatter: Formatter) -> Iterator[str]:
    name, say, texts = formatter.texts.language_name, formatter.say, formatter.texts
    original, second = formatter.dossier.instrument.language, second_translator(formatter)
    if texts.language == original:
        yield say(
            N_("This report is in {language}, the language in which the questionnaire was written."),
            language=name(original),
        )
    else:
        yield say(
            N_("This report is in {language}; the questionnaire was written in {original}."),
            language=name(texts.language),
            original=name(original),
        )
    if second:
        yield say(N_("The questions and chosen answers stand in {language} beside it."), language=name(second.language))
    if texts.language not in (*program_languages(), PSEUDO):
        yield say(N_("The program’s own headings and sentences are not translated; they stand in English."))
    yield say(N_("What people typed is printed as they typed it and never translated."))


def translation_blocks(_appraisal: Appraisal, formatter: Formatter) -> tuple[object, ...]:
    """Build the annex: in which languages the report stands, and what nobody has reviewed."""
    return prose(*_languages_lead(formatter), *unreviewed_warnings(formatter), *unreviewed_program_warnings(formatter))


DEFINITIONS = "definitions"
"""The style of cards whose title stands beside what they say."""
_PROVENANCE = N_(
    "Some questions are in the toolkit’s own wording. The others were written by the authors of this questionnaire."
)


def people_blocks(appraisal: Appraisal, formatter: Formatter) -> tuple[object, ...]:
    """List agencies, people and meetings."""
    dossier = appraisal.dossier
    groups = {
        "agencies": tuple(agency_card(formatter, agency) for agency in dossier.agencies),
        "people": tuple(person_card(appraisal, formatter, person) for person in dossier.people),
        "meetings": tuple(meeting_card(formatter, meeting) for meeting in dossier.meetings),
    }
    return tuple(
        block
        for register, cards in groups.items()
        if cards
        for block in titled(formatter.say(REGISTER_INFO[register].title), Cards(cards, DEFINITIONS))
    )


def source_blocks(appraisal: Appraisal, formatter: Formatter) -> tuple[object, ...]:
    cards = tuple(source_card(appraisal, formatter, source) for source in appraisal.dossier.sources)
    return (Cards(cards, DEFINITIONS),) if cards else ()


def evidence_blocks(appraisal: Appraisal, formatter: Formatter) -> tuple[object, ...]:
    """List the evidence, and the documents held with the SHA-256 of each."""
    cards = tuple(evidence_card(appraisal, formatter, entry) for entry in appraisal.dossier.evidence)
    if not cards:
        return ()
    documents = documents_table(
        formatter,
        (
            (TableCell(f"[{appraisal.evidence_numbers[entry.id]}]", link=anchor_of("e", entry.id)), entry)
            for entry in appraisal.dossier.evidence
        ),
    )
    return (Cards(cards, DEFINITIONS), *titled(formatter.say(N_("Documents held")), documents))


def answers_blocks(appraisal: Appraisal, formatter: Formatter) -> tuple[object, ...]:
    """Return every question with every answer."""
    sections, retired = answer_sections(appraisal, formatter), retired_answers(appraisal, formatter)
    return (AnswersBody(sections, retired, unreviewed_warnings(formatter)),)


def provenance_blocks(appraisal: Appraisal, formatter: Formatter) -> tuple[object, ...]:
    """Say whose words the questions are in; nothing where all are one author's."""
    if not has_toolkit_wording(appraisal):
        return ()
    return (*prose(formatter.say(_PROVENANCE)), provenance_table(appraisal, formatter))
