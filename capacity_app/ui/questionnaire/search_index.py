"""The words of the open assessment, kept folded: after a change only the row that changed is read again."""

from collections.abc import Iterator

from capacity_app.domain.answers import Address
from capacity_app.domain.instrument import Question
from capacity_app.domain.search import Passage, Passages, search
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.services.changes import Change, EntryChange
from capacity_app.services.searching import answer_passages, question_passages
from capacity_app.wording import Wording


class SearchIndex:
    """Passages by question and by row, made when they are first needed."""

    def __init__(self, session: AssessmentSession, wording: Wording) -> None:
        self._session, self._wording = session, wording
        self._second: Wording | None = None
        self._worded: dict[str, Passages] = {}
        self._said: dict[tuple[str, str], Passages] = {}
        self._unread: Iterator[bool] | None = None

    def show_second(self, second: Wording | None) -> None:
        """Search in a second wording too, or no longer."""
        self._second = second
        self._worded.clear()
        self._unread = None

    def follow(self, change: Change | EntryChange) -> None:
        """Forget what a change has made out of date; a register entry may be named anywhere."""
        if isinstance(change, EntryChange):
            self._said.clear()
            self._unread = None
        else:
            address = change.key.address
            self._said.pop((address.question, address.row), None)

    def read_some(self, questions: int = 20) -> bool:
        """Read a few questions ahead of the first search; False once there is nothing left to read."""
        if self._unread is None:
            self._unread = self._reading()
        return all(next(self._unread, False) for _ in range(questions))

    def _reading(self) -> Iterator[bool]:
        for question in self._session.instrument.questions():
            for place in self._places(question):
                place.whole  # noqa: B018 - folds the texts and keeps them
            yield True

    def _places(self, question: Question) -> Iterator[Passages]:
        yield self._words_of(question)
        yield self._said_in(question, "")
        for row in question.rows:
            yield self._said_in(question, row.id)

    def _words_of(self, question: Question) -> Passages:
        known = self._worded.get(question.id)
        if known is None:
            wordings = (self._wording,) if self._second is None else (self._wording, self._second)
            known = self._worded[question.id] = question_passages(question, wordings)
        return known

    def _said_in(self, question: Question, row: str) -> Passages:
        known = self._said.get((question.id, row))
        if known is None:
            addresses = [Address(question.id, row)]
            addresses += [Address(question.id, row, column.id) for column in question.columns] if row else []
            answers = (answer for address in addresses for answer in self._session.answers_at(address))
            known = self._said[question.id, row] = answer_passages(question, answers, self._wording)
        return known

    def find(self, question: Question, words: tuple[str, ...]) -> list[Passage]:
        return list(search(self._places(question), words))
