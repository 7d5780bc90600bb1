"""The annexes: all answers, the registers, what the quality checks found, the method and where questions come from."""

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.problems import N_
from capacity_app.domain.quality import KIND_WORDS, Finding, by_kind
from capacity_app.domain.registers import REGISTER_INFO
from capacity_app.report.view.answers import answer_sections, retired_answers
from capacity_app.report.view.bodies import AnswersBody, CardsBody, TablesBody
from capacity_app.report.view.method import glossary_cards, has_quoted, method_view, provenance_table
from capacity_app.report.view.parts import PART_WORDS, Part
from capacity_app.report.view.pieces import Cell, Heading, Table, TableRow, anchor_of, row
from capacity_app.report.view.registers import (
    agency_card,
    documents_table,
    evidence_card,
    meeting_card,
    person_card,
    source_card,
)
from capacity_app.report.view.returned import has_kept, has_returned, kept_body, returned_body
from capacity_app.report.view.translation import translation_body, unreviewed
from capacity_app.wording import Wording

DEFINITIONS = "definitions"
"""The style of cards whose title stands beside what they say."""
_PROVENANCE = N_(
    "Some questions are in the toolkit’s own words; the others are this project’s formulation in the toolkit’s spirit."
)


def _finding_place(appraisal: Appraisal, words: Wording, finding: Finding) -> str:
    if finding.address:
        return words.place(finding.address)
    if finding.entry == appraisal.dossier.mission.id:
        return words.say(N_("Mission"))
    number = appraisal.action_numbers.get(finding.entry)
    if number:
        return words.say(N_("Action {number}"), number=number)
    return words.agency(finding.entry) if finding.entry in appraisal.dossier.agency_by_id else finding.problem.place


def _finding_row(appraisal: Appraisal, words: Wording, finding: Finding) -> TableRow:
    return row(_finding_place(appraisal, words, finding), words.problem(finding.problem))


def _quality(appraisal: Appraisal, words: Wording) -> Table:
    rows: list[TableRow] = []
    for kind, findings in by_kind(appraisal.findings).items():
        title = f"{words.texts.gettext(KIND_WORDS[kind])} ({words.texts.number(len(findings))})"
        rows.append(TableRow(group=title))
        rows += [_finding_row(appraisal, words, finding) for finding in findings]
    headings = (Heading(words.say(N_("Where")), 28), Heading(words.say(N_("What stands out")), 72))
    return Table(headings, tuple(rows), style="compact")


def _people(appraisal: Appraisal, words: Wording) -> CardsBody:
    dossier, say = appraisal.dossier, words.say
    groups = (
        (say(REGISTER_INFO["agencies"].title), tuple(agency_card(words, agency) for agency in dossier.agencies)),
        (say(REGISTER_INFO["people"].title), tuple(person_card(appraisal, words, person) for person in dossier.people)),
        (say(REGISTER_INFO["meetings"].title), tuple(meeting_card(words, meeting) for meeting in dossier.meetings)),
    )
    lead = () if any(cards for _title, cards in groups) else (say(N_("No agency, person or meeting is entered yet.")),)
    return CardsBody(groups, lead, style=DEFINITIONS)


def _sources(appraisal: Appraisal, words: Wording) -> CardsBody:
    cards = tuple(source_card(appraisal, words, source) for source in appraisal.dossier.sources)
    lead = () if cards else (words.say(N_("No data source is entered yet.")),)
    return CardsBody((("", cards),), lead, style=DEFINITIONS)


def _evidence(appraisal: Appraisal, words: Wording) -> CardsBody:
    cards = tuple(evidence_card(appraisal, words, entry) for entry in appraisal.dossier.evidence)
    if not cards:
        return CardsBody((), (words.say(N_("No evidence is entered yet.")),))
    documents = documents_table(
        words,
        (
            (Cell(f"[{appraisal.evidence_numbers[entry.id]}]", link=anchor_of("e", entry.id)), entry)
            for entry in appraisal.dossier.evidence
        ),
    )
    tables = ((words.say(N_("Documents held")), documents),) if documents else ()
    return CardsBody((("", cards),), tables=tables, style=DEFINITIONS)


def _answers(appraisal: Appraisal, words: Wording) -> AnswersBody:
    return AnswersBody(answer_sections(appraisal, words), retired_answers(appraisal, words), unreviewed(words))


def _checks(appraisal: Appraisal, words: Wording) -> TablesBody:
    if not appraisal.findings:
        return TablesBody((), (words.say(N_("The quality checks found nothing that stands out.")),))
    return TablesBody((("", _quality(appraisal, words)),))


def _provenance(appraisal: Appraisal, words: Wording) -> TablesBody:
    return TablesBody((("", provenance_table(appraisal, words)),), (words.say(_PROVENANCE),))


def _glossary(appraisal: Appraisal, words: Wording) -> CardsBody:
    return CardsBody((("", glossary_cards(appraisal, words)),), style=DEFINITIONS)


_ANNEXES: tuple[tuple[Part, str, Callable[[Appraisal, Wording], object]], ...] = (
    (Part.ANSWERS, "answers", _answers),
    (Part.PEOPLE, "cards", _people),
    (Part.SOURCES, "cards", _sources),
    (Part.EVIDENCE, "cards", _evidence),
    (Part.RETURNED, "cards", returned_body),
    (Part.KEPT, "cards", kept_body),
    (Part.QUALITY, "tables", _checks),
    (Part.METHOD, "method", method_view),
    (Part.PROVENANCE, "tables", _provenance),
    (Part.GLOSSARY, "cards", _glossary),
    (Part.TRANSLATION, "tables", translation_body),
)


_HAS_SENSE: Mapping[Part, Callable[[Appraisal], bool]] = {
    Part.RETURNED: has_returned,
    Part.KEPT: has_kept,
    Part.METHOD: lambda appraisal: appraisal.with_scores,
    Part.PROVENANCE: has_quoted,
    Part.GLOSSARY: lambda appraisal: bool(appraisal.dossier.instrument.concepts),
}
"""Annexes that are left out where they would be without sense: no method without scores, no glossary without terms,
nothing on whose words the questions are in where all are one author's."""


def annex_bodies(
    appraisal: Appraisal, words: Wording, parts: AbstractSet[Part]
) -> Iterator[tuple[Part, str, str, object]]:
    """Yield part, kind, title and body of every annex that is wanted; the others are not even built."""
    for part, kind, build in _ANNEXES:
        if part in parts and (part not in _HAS_SENSE or _HAS_SENSE[part](appraisal)):
            yield part, kind, words.say(PART_WORDS[part]), build(appraisal, words)
