"""Returned files as a reader gives them, for tests of taking them in: what was edited is written like a table."""

import hashlib
from functools import cache
from typing import Any

from capacity_app.domain.assessment.answers import EMPTY_CONTENT, Address, Answer, AnswerKey, AnswerState, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.returned_files import ReturnedAnswer, ReturnedContent
from capacity_app.domain.assessment.verification import ExportStamp, FileMedium
from capacity_app.i18n.translator import Translator
from capacity_app.services.reports import report_bytes
from capacity_app.services.session.assessment_session import AssessmentSession
from tests.builders import small_dossier

NSO, MOI = "agency-nso", "agency-moi"


@cache
def workbook() -> bytes:
    """Return the bytes of a workbook as it is sent out."""
    return report_bytes(small_dossier(), ".xlsx", texts=Translator("en"))


def answered(value: Any = None, **more: Any) -> Content:
    """Say a value."""
    return Content(state=AnswerState.ANSWERED, value=value, **more)


def stamp_of(session: AssessmentSession, **more: str) -> ExportStamp:
    """Say of a file what one made of this assessment says."""
    said = {
        "instrument": session.instrument.id,
        "instrument_version": session.instrument.version,
        "assessment": session.assessment_id,
        "country": session.mission.country,
        "round": session.mission.round,
        "language": "en",
    }
    return ExportStamp(**said | more)


def came_back(
    session: AssessmentSession,
    edits: dict[str, Content],
    *,
    dossier: Dossier | None = None,
    stamp: dict[str, str] | None = None,
    **more: Any,
) -> ReturnedContent:
    """Make what a reader gives of a workbook made of ``dossier`` (or the session as it is), edited by the NSO."""
    left = dossier or session.dossier()
    cells = tuple(_cell(left, where, now) for where, now in edits.items())
    said: dict[str, Any] = {
        "medium": FileMedium.WORKBOOK,
        "file": "back.xlsx",
        "sha256": hashlib.sha256(workbook()).hexdigest(),
        "stamp": stamp_of(session, **(stamp or {})),
        "instrument_hash": session.instrument_hash,
        "agency": "NSO",
        "person": "C. Clerk",
        "date": "2018-12-10",
        "answers": cells,
        "recorded": left.answers,
        "heads": tuple(left.heads.items()),
    }
    return ReturnedContent(**said | more)


def _cell(left: Dossier, where: str, now: Content) -> ReturnedAnswer:
    address = Address.parse(where)
    key = AnswerKey(address, respondent=NSO)
    shown = next((answer for answer in left.answers if answer.key == key), Answer(key=key, content=EMPTY_CONTENT))
    return ReturnedAnswer(address=address, before=shown.content, now=now, respondent=NSO, place=f"Part I, {where}")
