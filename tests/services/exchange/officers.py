"""Several officers who each continue a copy of one assessment, written so that a test reads like a story."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerLayer, AnswerState, AnswerValue, Content
from capacity_app.domain.assessment.merging import Decisions, DecisionSide, MergeDifference
from capacity_app.services.exchange.merge import MergePlan, MergeResult, apply_merge, plan_merge
from capacity_app.services.session.assessment_session import AssessmentSession

Work = Callable[[AssessmentSession], object]


def key(place: str, who: str = "agency-nso", layer: AnswerLayer = AnswerLayer.RESPONSE) -> AnswerKey:
    return AnswerKey(Address.parse(place), layer, who if layer is AnswerLayer.RESPONSE else "")


def answer(value: AnswerValue, **more: str) -> Content:
    return Content(state=AnswerState.ANSWERED, value=value, **more)  # type: ignore[arg-type]


def session_of(file: Path, name: str, *, read_only: bool = False) -> AssessmentSession:
    return AssessmentSession(file, author=name, device=f"laptop{name.lower()}", read_only=read_only)


def continued(file: Path, name: str, *work: Work) -> Path:
    """Return a copy of a file that an officer has worked in."""
    copy = file.with_name(f"{name}.assessment")
    if not copy.exists():
        shutil.copy(file, copy)
    with session_of(copy, name) as session:
        for step in work:
            step(session)
    return copy


def says(place: str, content: Content, who: str = "agency-nso") -> Work:
    return lambda session: session.record(key(place, who), content)


def merged(file: Path, *others: Path, decisions: Decisions | None = None) -> tuple[MergePlan, MergeResult]:
    """Merge others into a file."""
    with session_of(file, "Merger") as session:
        plan = plan_merge(session, others)
        return plan, apply_merge(session, plan, decisions or {})


def all_theirs(differences: tuple[MergeDifference, ...]) -> dict[str, DecisionSide]:
    return {one.id: DecisionSide.THEIRS for one in differences}


def all_mine(differences: tuple[MergeDifference, ...]) -> dict[str, DecisionSide]:
    return {one.id: DecisionSide.MINE for one in differences}


def revision_ids(file: Path) -> set[tuple[str, str, int]]:
    """Read the ids of all revisions with nothing of ours."""
    with closing(sqlite3.connect(file)) as connection:
        return {
            (table, device, counter)
            for table in ("answer_revisions", "entry_revisions")
            for device, counter in connection.execute(f"SELECT device, counter FROM {table}")
        }
