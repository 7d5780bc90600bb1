"""The published questionnaires, by the hashes of their contents.

A file carries its own copy of the questionnaire, in which somebody may have changed the points. The core and each
supplement are compared by themselves: a country may add a supplement of its own, which is no part of the core score.
"""

from collections.abc import Mapping
from enum import StrEnum

from capacity_app.domain.instrument import CORE, Instrument
from capacity_app.domain.problems import N_, Problem, Severity

PUBLISHED: Mapping[tuple[str, str], Mapping[str, frozenset[str]]] = {
    ("un-fpos", "1.0"): {
        CORE: frozenset({"0e27a9effbe3eb5829c85d3471afd23b24182414342b085e863a25bb1819ad2d"}),
    },
    ("unsd-nmdc", "1.0"): {
        CORE: frozenset({"29d86dcec3c79eba6e3a7d09cd7cfe25b376be9ba800264f55cc81c484e47d86"}),
        "CH": frozenset({"842cba19e882a1bebbd98a88db1560d4b17b98bca86f0010b05c797c6ac6f92f"}),
        "LB": frozenset({"e93692e9cb25f6e80d0626ba34667e29cc816e76c4d3307b4c001ed19b3222f0"}),
        "T": frozenset({"343def6553cc1a5a53e102c5e12eab91a809cd9b05c5caeeb1e82c3d268d5eff"}),
    },
}
"""By id and version: the hashes of the core and, by their ids, of the supplements. A hash once published stays."""

MODIFIED = N_(
    "Somebody modified the questionnaire in this file: it is not the published {id} {version}. Do not compare its "
    "scores with other assessments."
)

UNKNOWN_VERSION = N_(
    "This program does not know version {version} of the questionnaire {id}. It could not tell whether somebody "
    "modified the questionnaire in this file."
)


class Questionnaire(StrEnum):
    """Whether a questionnaire is a published one; ``MODIFIED`` has the id and version of one, and another content.

    ``UNKNOWN_VERSION`` has the id of a published one, and a version that this program cannot compare.
    """

    PUBLISHED = "published"
    MODIFIED = "modified"
    UNKNOWN_VERSION = "unknown_version"
    UNPUBLISHED = "unpublished"


def questionnaire_of(instrument: Instrument) -> Questionnaire:
    """Compare a questionnaire with the published one of its id and version."""
    known = PUBLISHED.get((instrument.id, instrument.version))
    if known is None:
        is_claimed = any(instrument.id == name for name, _ in PUBLISHED)
        return Questionnaire.UNKNOWN_VERSION if is_claimed else Questionnaire.UNPUBLISHED
    is_same = all(digest in known[name] for name, digest in instrument.part_hashes.items() if name in known)
    return Questionnaire.PUBLISHED if is_same else Questionnaire.MODIFIED


def questionnaire_problems(instrument: Instrument) -> tuple[Problem, ...]:
    """Name a questionnaire that has the id of a published one, and that is modified or cannot be compared."""
    values = (("id", instrument.id), ("version", instrument.version))
    match questionnaire_of(instrument):
        case Questionnaire.MODIFIED:
            return (Problem("file.questionnaire", instrument.id, MODIFIED, values=values),)
        case Questionnaire.UNKNOWN_VERSION:
            return (Problem("file.version", instrument.id, UNKNOWN_VERSION, "", values, Severity.WARNING),)
        case _:
            return ()
