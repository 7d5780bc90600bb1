"""The parts a report can be made of: what an officer leaves out for one reader and keeps for another."""

from collections.abc import Iterable
from enum import StrEnum

from capacity_app.domain.problems import N_, KnownError


class Part(StrEnum):
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


ALL = frozenset(Part)

PART_WORDS: dict[Part, str] = {
    Part.COVER: N_("Cover"),
    Part.SUMMARY: N_("Summary"),
    Part.MISSION: N_("The mission and the agencies"),
    Part.SECTIONS: N_("Part by part"),
    Part.SUPPLEMENTS: N_("Supplements"),
    Part.DEMAND: N_("Policy questions: demand against supply"),
    Part.INDICATORS: N_("Indicators by migratory status; children"),
    Part.AVAILABILITY: N_("Availability: topics and sources"),
    Part.GAPS: N_("Gap register"),
    Part.PLAN: N_("Action plan"),
    Part.TRAINING: N_("Training and technical assistance"),
    Part.ROUNDS: N_("Comparison with the previous round"),
    Part.ANSWERS: N_("All questions and answers"),
    Part.PEOPLE: N_("Agencies, people and meetings"),
    Part.SOURCES: N_("Data sources"),
    Part.EVIDENCE: N_("Evidence and documents"),
    Part.RETURNED: N_("Returned files and remarks"),
    Part.KEPT: N_("Answers of an earlier version"),
    Part.QUALITY: N_("Quality checks"),
    Part.METHOD: N_("Method"),
    Part.PROVENANCE: N_("Provenance of the questions"),
    Part.GLOSSARY: N_("Glossary"),
    Part.TRANSLATION: N_("Translation notes"),
}
PART_GROUPS: tuple[tuple[str, tuple[Part, ...]], ...] = (
    (N_("Opening"), (Part.COVER, Part.SUMMARY, Part.MISSION)),
    (N_("Chapters"), (Part.SECTIONS, Part.SUPPLEMENTS)),
    (N_("Across the parts"), (Part.DEMAND, Part.INDICATORS, Part.AVAILABILITY)),
    (N_("What follows"), (Part.GAPS, Part.PLAN, Part.TRAINING, Part.ROUNDS)),
    (N_("Annexes"), (
        Part.ANSWERS, Part.PEOPLE, Part.SOURCES, Part.EVIDENCE, Part.RETURNED, Part.KEPT, Part.QUALITY, Part.METHOD,
        Part.PROVENANCE, Part.GLOSSARY, Part.TRANSLATION,
    )),
)  # fmt: skip
"""The parts as they are grouped in the contents, for a person to choose from."""


def parts_named(names: Iterable[str]) -> frozenset[Part]:
    """Read names of parts, all of them if none is named; raises KnownError at a name there is not."""
    wanted = tuple(names)
    unknown = next((name for name in wanted if name not in set(Part)), None)
    if unknown is not None:
        raise KnownError(
            N_("A report has no part “{name}”. Choose from: {known}."), name=unknown, known=", ".join(Part)
        )
    return frozenset(map(Part, wanted)) or ALL
