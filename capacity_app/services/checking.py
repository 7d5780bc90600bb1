"""Everything weak in an open assessment, wherever it is shown: window, command line, report."""

from collections import Counter
from collections.abc import Container, Iterator, Mapping

from capacity_app.domain.assessment import Evidence, ReturnedFile, register_of
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.findings import Finding, FindingKind
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.problems import N_, Problem
from capacity_app.domain.published import questionnaire_problems
from capacity_app.domain.quality import check_quality
from capacity_app.domain.wordings import wording_places
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.texts import Texts

_MISSING = {
    "evidence": N_("The document “{file}” is missing from the assessment. Attach it again."),
    "returns": N_("The returned file “{file}” is missing from the assessment. The answers imported from it are kept."),
}
_FOR_OFFICERS = ("guidance", "evidence_hint", "action ")
"""Parts of the wording respondents never see: they may stay in the instrument's own language."""


def _is_for_respondents(part: str) -> bool:
    return not any(part.startswith(name) or f" {name}" in part for name in _FOR_OFFICERS)


def untranslated(instrument: Instrument, language: str) -> Mapping[str, int]:
    """Count, by question id, the sentences respondents read that have no wording in a language (BCP 47)."""
    if language == instrument.language:
        return {}
    texts, missing = Texts(language), Counter[str]()
    for key, text in wording_places(instrument):
        owner, _, part = key.partition("|")
        if owner in instrument.question_by_id and _is_for_respondents(part):
            missing[owner] += not texts.is_worded(instrument.id, key, text)
    return +missing


def weak_points(session: AssessmentSession, missing: Mapping[str, int] | None = None) -> tuple[Finding, ...]:
    """List everything weak, kind by kind in printed order; ``missing`` is ``untranslated``, if the caller kept it."""
    if missing is None:
        missing = untranslated(session.instrument, session.mission.language)
    of_file = (Finding(FindingKind.FILE, problem) for problem in questionnaire_problems(session.instrument))
    return (*of_file, *check_quality(session.dossier(), session.sheet, session.gaps(), missing, session.conflicts()))


def _holders(dossier: Dossier) -> Iterator[Evidence | ReturnedFile]:
    yield from (entry for entry in dossier.evidence if entry.document)
    yield from (entry for entry in dossier.returns if entry.document)


def named_documents(dossier: Dossier) -> frozenset[str]:
    """Return the documents (SHA-256) that evidence and returned files name."""
    return frozenset(entry.document for entry in _holders(dossier))


def missing_documents(dossier: Dossier, held: Container[str]) -> Iterator[Problem]:
    """Name the evidence and the returned files whose document is not in a dossier."""
    for entry in _holders(dossier):
        if entry.document not in held:
            register = register_of(entry)
            values = (("file", entry.file_name or entry.document),)
            yield Problem("file.no_document", f"{register}/{entry.id}", _MISSING[register], values=values)
