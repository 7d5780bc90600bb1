"""What the earlier round said, offered to the present respondent: looked up row by row, confirmed as one step."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from capacity_app.domain.answers import Address, Content
from capacity_app.domain.carrying import to_confirm_in
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.instrument import Section
from capacity_app.domain.problems import KnownError
from capacity_app.domain.sheet import Block, Strip
from capacity_app.texts import Texts

if TYPE_CHECKING:
    from capacity_app.ui.bridge import Bridge

Offers = Mapping[Address, Content]
_NONE: Offers = MappingProxyType({})


class Carried:
    """Remembers what each row has to offer until the row is laid out anew.

    Nothing is offered before ``open``: the earlier round is read only once the window stands.
    """

    def __init__(self, bridge: "Bridge") -> None:
        self._bridge = bridge
        self._is_open = False
        self._for: tuple[Dossier | None, str] = (None, "")
        self._questions: dict[str, tuple[Block, Offers]] = {}
        self._strips: dict[tuple[str, str], tuple[Strip, Offers]] = {}

    def open(self) -> bool:
        """Begin to offer; False if there is no earlier round that can be read."""
        self._is_open = True
        return self._earlier() is not None

    def _earlier(self) -> Dossier | None:
        try:
            return self._bridge.session.previous if self._is_open else None
        except KnownError:
            return None  # the check of the file tells of a damaged earlier round

    def round(self, texts: Texts) -> str:
        """Name the earlier round ("2018")."""
        earlier = self._earlier()
        return (earlier.mission.round if earlier else "") or texts.gettext("Earlier round")

    def in_question(self, question_id: str) -> Offers:
        """Give what may be confirmed in a question, by place."""
        earlier = self._fresh()
        if earlier is None:
            return _NONE
        block = self._bridge.session.sheet.blocks[question_id]
        known = self._questions.get(question_id)
        if known is None or known[0] is not block:
            found: dict[Address, Content] = {}
            for strip in block.strips:
                found.update(self._in_strip(block, strip, earlier))
            known = self._questions[question_id] = (block, found)
        return known[1]

    def _fresh(self) -> Dossier | None:
        """Give the earlier round, after forgetting what was offered to somebody else."""
        earlier = self._earlier()
        if self._for[0] is not earlier or self._for[1] != self._bridge.respondent:
            self._for = (earlier, self._bridge.respondent)
            self._questions.clear()
            self._strips.clear()
        return earlier

    def _in_strip(self, block: Block, strip: Strip, earlier: Dossier) -> Offers:
        first = strip.items[0].address if strip.items else Address(block.question.id)
        known = self._strips.get((first.question, first.row))
        if known is None or known[0] is not strip:
            row = replace(block, strips=(strip,))
            offers = to_confirm_in(row, self._bridge.session.instrument, earlier, self._bridge.respondent)
            known = self._strips[first.question, first.row] = (strip, offers)
        return known[1]

    def in_section(self, section: Section) -> Offers:
        """Give what may be confirmed in a section."""
        found: dict[Address, Content] = {}
        for question in section.questions:
            found.update(self.in_question(question.id))
        return found

    def at(self, address: Address) -> Content | None:
        """Give what may be confirmed at one place."""
        earlier = self._fresh()
        if earlier is None:
            return None
        block = self._bridge.session.sheet.blocks[address.question]
        rows = tuple(block.rows) or ("",)
        if address.row not in rows:
            return None
        return self._in_strip(block, block.strips[rows.index(address.row)], earlier).get(address)

    def _depends(self, address: Address) -> bool:
        """Tell whether another answer may settle or hide a place; asking again each time is slow in a large table."""
        instrument = self._bridge.session.instrument
        question = instrument.question_by_id[address.question]
        return bool(question.gate or question.importance_column or instrument.conditional)

    def confirm(self, addresses: Iterable[Address]) -> int:
        """Record earlier answers as the present respondent's, as one step; gives how many were stored.

        What an answer confirmed before them has settled or hidden is left out.
        """
        offers = {address: self.at(address) for address in addresses}
        count = 0
        with self._bridge.one_step():
            for address, content in offers.items():
                offered = self.at(address) if self._depends(address) else content
                if offered is not None:
                    own = self._bridge.content(address)
                    said = replace(offered, note=own.note, evidence=own.evidence)
                    count += self._bridge.record(self._bridge.key(address), said)
        return count
