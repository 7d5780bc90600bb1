"""How far questions and sections have come, counted once per change and shared by tree, page and cards."""

from typing import TYPE_CHECKING

from capacity_app.domain.completeness import Completeness, of_blocks
from capacity_app.domain.instrument import Section
from capacity_app.services.assessment_session import AssessmentSession

if TYPE_CHECKING:
    from capacity_app.domain.sheet import Block


class Progress:
    """Remembers the count of every question until it is laid out anew."""

    def __init__(self, session: AssessmentSession) -> None:
        self._session = session
        self._known: dict[str, tuple[Block, Completeness]] = {}

    def of_question(self, question_id: str) -> Completeness:
        """Count the places of a question."""
        block = self._session.sheet.blocks[question_id]
        known = self._known.get(question_id)
        if known is None or known[0] is not block:
            known = self._known[question_id] = (block, of_blocks((block,)))
        return known[1]

    def of_section(self, section: Section) -> Completeness:
        return sum((self.of_question(question.id) for question in section.questions), Completeness())
