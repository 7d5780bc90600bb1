"""The parts a report can be made of: what an officer leaves out for one reader and keeps for another."""

from collections.abc import Iterable
from enum import StrEnum

from capacity_app.domain.problems import N_, KnownError


class ReportPart(StrEnum):
    """One part of the report, in printed order; the value is its name on the command line."""

    COVER = "cover"
    SUMMARY = "summary"
    MISSION = "mission"
    SECTIONS = "sections"
    SUPPLEMENTS = "supplements"
    DEMAND = "demand"
    INDICATORS = "indicators"
    AVAILABILITY = "availability"
    GAPS = "gaps"
    PLAN = "plan"
    TRAINING = "training"
    ROUNDS = "rounds"
    ANSWERS = "answers"
    PEOPLE = "people"
    SOURCES = "sources"
    EVIDENCE = "evidence"
    RETURNED = "returned"
    KEPT = "kept"
    QUALITY = "quality"
    METHOD = "method"
    PROVENANCE = "provenance"
    GLOSSARY = "glossary"
    TRANSLATION = "translation"


ALL_PARTS = frozenset(ReportPart)

PART_LABELS: dict[ReportPart, str] = {
    ReportPart.COVER: N_("Cover"),
    ReportPart.SUMMARY: N_("Summary"),
    ReportPart.MISSION: N_("The mission and the agencies"),
    ReportPart.SECTIONS: N_("Part by part"),
    ReportPart.SUPPLEMENTS: N_("Supplements"),
    ReportPart.DEMAND: N_("Policy questions: demand against supply"),
    ReportPart.INDICATORS: N_("Indicators by migratory status; children"),
    ReportPart.AVAILABILITY: N_("Availability: topics and sources"),
    ReportPart.GAPS: N_("Gap register"),
    ReportPart.PLAN: N_("Action plan"),
    ReportPart.TRAINING: N_("Training and technical assistance"),
    ReportPart.ROUNDS: N_("Comparison with the previous round"),
    ReportPart.ANSWERS: N_("All questions and answers"),
    ReportPart.PEOPLE: N_("Agencies, people and meetings"),
    ReportPart.SOURCES: N_("Data sources"),
    ReportPart.EVIDENCE: N_("Evidence and documents"),
    ReportPart.RETURNED: N_("Returned files and remarks"),
    ReportPart.KEPT: N_("Answers of an earlier version"),
    ReportPart.QUALITY: N_("Quality checks"),
    ReportPart.METHOD: N_("Method"),
    ReportPart.PROVENANCE: N_("Provenance of the questions"),
    ReportPart.GLOSSARY: N_("Glossary"),
    ReportPart.TRANSLATION: N_("Translation notes"),
}
PART_GROUPS: tuple[tuple[str, tuple[ReportPart, ...]], ...] = (
    (N_("Opening"), (ReportPart.COVER, ReportPart.SUMMARY, ReportPart.MISSION)),
    (N_("Chapters"), (ReportPart.SECTIONS, ReportPart.SUPPLEMENTS)),
    (N_("Across the parts"), (ReportPart.DEMAND, ReportPart.INDICATORS, ReportPart.AVAILABILITY)),
    (N_("What follows"), (ReportPart.GAPS, ReportPart.PLAN, ReportPart.TRAINING, ReportPart.ROUNDS)),
    (
        N_("Annexes"),
        (
            ReportPart.ANSWERS,
            ReportPart.PEOPLE,
            ReportPart.SOURCES,
            ReportPart.EVIDENCE,
            ReportPart.RETURNED,
            ReportPart.KEPT,
            ReportPart.QUALITY,
            ReportPart.METHOD,
            ReportPart.PROVENANCE,
            ReportPart.GLOSSARY,
            ReportPart.TRANSLATION,
        ),
    ),
)
"""The parts as they are grouped in the contents, for a person to choose from."""


def parse_parts(names: Iterable[str]) -> frozenset[ReportPart]:
    """Read names of parts, all of them if none is named; raises KnownError at a name there is not."""
    wanted = tuple(names)
    unknown = next((name for name in wanted if name not in set(ReportPart)), None)
    if unknown is not None:
        raise KnownError(
            N_("A report has no part “{name}”. Choose from: {known}."), name=unknown, known=", ".join(ReportPart)
        )
    return frozenset(map(ReportPart, wanted)) or ALL_PARTS
