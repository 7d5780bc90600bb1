"""The annexes: all answers, the registers, what the quality checks found, the method and where questions come from."""

from collections.abc import Iterator

from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.problems import N_
from capacity_app.domain.quality import KIND_WORDS, Finding, by_kind
from capacity_app.report.answers import answer_sections, retired_answers
from capacity_app.report.bodies import AnswersBody, CardsBody, TablesBody
from capacity_app.report.method import glossary_cards, method_view, provenance_table
from capacity_app.report.parts import Part
from capacity_app.report.pieces import Heading, Table, TableRow, row
from capacity_app.report.registers import agency_card, evidence_card, meeting_card, person_card, source_card
from capacity_app.wording import Wording

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
    return row(_finding_place(appraisal, words, finding), finding.problem.text(words.texts.gettext))


def _quality(appraisal: Appraisal, words: Wording) -> Table:
    rows: list[TableRow] = []
    for kind, findings in by_kind(appraisal.findings).items():
        title = f"{words.texts.gettext(KIND_WORDS[kind])} ({words.texts.number(len(findings))})"
        rows.append(TableRow(group=title))
        rows += [_finding_row(appraisal, words, finding) for finding in findings]
    headings = (Heading(words.say(N_("Place")), 28), Heading(words.say(N_("What stands out")), 72))
    return Table(headings, tuple(rows), style="compact")


def _people(appraisal: Appraisal, words: Wording) -> CardsBody:
    dossier, say = appraisal.dossier, words.say
    return CardsBody(
        (
            (say(N_("Agencies")), tuple(agency_card(words, agency) for agency in dossier.agencies)),
            (say(N_("People")), tuple(person_card(appraisal, words, person) for person in dossier.people)),
            (say(N_("Meetings")), tuple(meeting_card(appraisal, words, meeting) for meeting in dossier.meetings)),
        )
    )


def annex_bodies(appraisal: Appraisal, words: Wording) -> Iterator[tuple[Part, str, str, object]]:
    """Give part, kind, title and body of every annex that has something to say."""
    dossier, say = appraisal.dossier, words.say
    answers = AnswersBody(answer_sections(appraisal, words), retired_answers(appraisal, words))
    yield Part.ANSWERS, "answers", say(N_("All questions and answers")), answers
    yield Part.PEOPLE, "cards", say(N_("Agencies, people and meetings")), _people(appraisal, words)
    sources = tuple(source_card(appraisal, words, source) for source in dossier.sources)
    if sources:
        yield Part.SOURCES, "cards", say(N_("Data sources")), CardsBody((("", sources),))
    evidence = tuple(evidence_card(appraisal, words, entry) for entry in dossier.evidence)
    if evidence:
        yield Part.EVIDENCE, "cards", say(N_("Evidence and documents")), CardsBody((("", evidence),))
    if appraisal.findings:
        yield Part.QUALITY, "tables", say(N_("Quality checks")), TablesBody((("", _quality(appraisal, words)),))
    if appraisal.with_scores:
        yield Part.METHOD, "method", say(N_("Method")), method_view(appraisal, words)
    lead = (say(_PROVENANCE),)
    provenance = TablesBody((("", provenance_table(appraisal, words)),), lead)
    yield Part.PROVENANCE, "tables", say(N_("Provenance of the questions")), provenance
    if dossier.instrument.concepts:
        yield Part.GLOSSARY, "cards", say(N_("Glossary")), CardsBody((("", glossary_cards(appraisal, words)),))
