"""What was said before and may still hold: in the previous round, or under an earlier version of the instrument.

Looked up row by row for the present respondent. Answers of an earlier version keep who gave
them: those of others are offered in the panel beside the questions.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from capacity_app.domain.assessment.answers import Address, AnswerKey, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.migration import retired_answers_by_place, retired_answers_in, retired_content
from capacity_app.domain.assessment.registers import FROM_PUBLISHED_SOURCES, RetiredAnswer
from capacity_app.domain.problems import KnownError
from capacity_app.domain.questionnaire.instrument import Section
from capacity_app.domain.scoring.answer_sheet import ItemStrip, QuestionBlock
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.change_sets import kept_answers
from capacity_app.services.session.revision_log import AnswerChange, EntryChange

Offers = Mapping[Address, Content]
Waiting = Mapping[Address, tuple[RetiredAnswer, ...]]
_NONE: Offers = MappingProxyType({})


def origin_of_retired(texts: Translator, entry: RetiredAnswer) -> str:
    if entry.fate in FROM_PUBLISHED_SOURCES:
        return texts.gettext("published sources")
    return texts.gettext("version {version}").format(version=entry.version)


class CarriedForward:
    """Remembers what each row has to offer until the row is laid out anew.

    Nothing is offered before ``open``: the previous round is read only once the window stands.
    """

    def __init__(self, session: AssessmentSession, respondent: Callable[[], str]) -> None:
        self._session, self._respondent = session, respondent
        self._is_open = False
        self._for: tuple[Dossier | None, str] = (None, "")
        self._questions: dict[str, tuple[QuestionBlock, Offers]] = {}
        self._strips: dict[tuple[str, str], tuple[ItemStrip, Offers]] = {}
        self._kept: Mapping[Address, tuple[RetiredAnswer, ...]] | None = None
        self._waiting: dict[str, tuple[QuestionBlock, Waiting]] = {}
        self._both: dict[str, tuple[tuple[Offers, Waiting, str], Offers]] = {}

    def follow(self, change: AnswerChange | EntryChange) -> None:
        if isinstance(change, EntryChange) and change.register == "kept":
            self.forget_kept()

    def open(self) -> bool:
        """Begin to offer; False if nothing was said before that can be read."""
        self._is_open = True
        return self._earlier() is not None or bool(kept_answers(self._session))

    def _earlier(self) -> Dossier | None:
        try:
            return self._session.previous if self._is_open else None
        except KnownError:
            return None  # the check of the file tells of a damaged previous round

    def forget_kept(self) -> None:
        """Look at the answers of earlier versions anew."""
        self._kept = None
        self._waiting.clear()

    def waiting(self, question_id: str) -> Waiting:
        """Return the answers of earlier versions that wait in a question, of all who gave any, by place."""
        session = self._session
        if self._kept is None:
            self._kept = retired_answers_by_place(session.instrument, kept_answers(session))
        if not self._kept:
            return MappingProxyType({})
        block = session.sheet.blocks[question_id]
        known = self._waiting.get(question_id)
        if known is None or known[0] is not block:
            known = self._waiting[question_id] = (block, dict(retired_answers_in(block, self._kept, session.content)))
        return known[1]

    def own(self, address: Address) -> tuple[RetiredAnswer, ...]:
        """Return what the present respondent said at a place under an earlier version, and has not confirmed."""
        key = AnswerKey(address, respondent=self._respondent())
        said = self.waiting(address.question).get(address, ())
        return tuple(one for one in said if (one.layer, one.respondent) == (key.layer.value, key.respondent))

    def of_others(self, address: Address) -> tuple[RetiredAnswer, ...]:
        """Return what others said there under an earlier version, and what the assessor or the country concluded."""
        own = self.own(address)
        return tuple(one for one in self.waiting(address.question).get(address, ()) if one not in own)

    def origin_of(self, texts: Translator, addresses: Iterable[Address]) -> str:
        """Name where the offers for some places come from: "version 1.0", "published sources", "2018"."""
        named: dict[str, None] = {}
        has_round = False
        for address in addresses:
            own = self.own(address)
            named.update(dict.fromkeys(origin_of_retired(texts, one) for one in own))
            has_round = has_round or not own
        return texts.listed([*named, *([self.round(texts)] if has_round else [])])

    def round(self, texts: Translator) -> str:
        earlier = self._earlier()
        return (earlier.mission.round if earlier else "") or texts.gettext("Previous round")

    def in_question(self, question_id: str) -> Offers:
        """Return what the present respondent may confirm in a question, by place; the earlier version goes first."""
        found, waiting = self._of_round(question_id), self.waiting(question_id)
        if not waiting:
            return found
        # A table asks for each of its cells.
        base = (found, waiting, self._respondent())
        known = self._both.get(question_id)
        if known is None or any(one is not other for one, other in zip(known[0], base, strict=True)):
            own = {address: self.own(address) for address in waiting}
            kept = {address: retired_content(said[0]) for address, said in own.items() if said}
            known = self._both[question_id] = (base, {**found, **kept})
        return known[1]

    def _of_round(self, question_id: str) -> Offers:
        earlier = self._fresh()
        if earlier is None:
            return _NONE
        block = self._session.sheet.blocks[question_id]
        known = self._questions.get(question_id)
        if known is None or known[0] is not block:
            found: dict[Address, Content] = {}
            for strip in block.strips:
                found.update(self._in_strip(block, strip, earlier))
            known = self._questions[question_id] = (block, found)
        return known[1]

    def _fresh(self) -> Dossier | None:
        """Return the previous round, after forgetting what was offered to somebody else."""
        earlier = self._earlier()
        if self._for[0] is not earlier or self._for[1] != self._respondent():
            self._for = (earlier, self._respondent())
            self._questions.clear()
            self._strips.clear()
        return earlier

    def _in_strip(self, block: QuestionBlock, strip: ItemStrip, earlier: Dossier) -> Offers:
        first = strip.items[0].address if strip.items else Address(block.question.id)
        known = self._strips.get((first.question, first.row))
        if known is None or known[0] is not strip:
            from capacity_app.domain.scoring.round_comparison import find_carried_forward_in_block  # noqa: PLC0415 - as said

            row = replace(block, strips=(strip,))
            offers = find_carried_forward_in_block(row, self._session.instrument, earlier, self._respondent())
            known = self._strips[first.question, first.row] = (strip, offers)
        return known[1]

    def in_section(self, section: Section) -> Offers:
        found: dict[Address, Content] = {}
        for question in section.questions:
            found.update(self.in_question(question.id))
        return found

    def decided(self, addresses: Iterable[Address]) -> tuple[Address, ...]:
        """Leave out the places where several answers wait, of which a person has to choose one."""
        return tuple(address for address in addresses if len(self.own(address)) <= 1)

    def at(self, address: Address) -> Content | None:
        own = self.own(address)
        if own:
            return retired_content(own[0])
        earlier = self._fresh()
        if earlier is None:
            return None
        block = self._session.sheet.blocks[address.question]
        rows = tuple(block.rows) or ("",)
        if address.row not in rows:
            return None
        return self._in_strip(block, block.strips[rows.index(address.row)], earlier).get(address)

    def depends_on_others(self, address: Address) -> bool:
        """Return whether another answer may settle or hide a place; asking again each time is slow in a large table."""
        instrument = self._session.instrument
        question = instrument.question_by_id[address.question]
        return bool(question.gate or question.importance_column or instrument.conditional)
