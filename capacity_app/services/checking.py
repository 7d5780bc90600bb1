"""Everything weak in an open assessment, wherever it is shown: window, command line, report."""

from collections import Counter
from collections.abc import Mapping

from capacity_app.domain.instrument import Instrument
from capacity_app.domain.quality import Finding, check_quality
from capacity_app.domain.wordings import wording_places
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.texts import Texts

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
    return check_quality(session.dossier(), session.sheet, session.gaps(), missing, session.conflicts())
