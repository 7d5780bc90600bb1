"""What an earlier round answered and nobody has been asked yet: offered "to confirm", never counted as given.

Nothing of it is stored. An earlier answer is offered as long as its place is wanted and unanswered, and vanishes once
somebody answers, so it can neither reach a score nor be lost: the earlier round stays in the file as it was.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from capacity_app.domain.answers import Address, Answer, AnswerKey, Content, Layer, State
from capacity_app.domain.checking import check_content
from capacity_app.domain.comparison import are_comparable
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.effective import effective
from capacity_app.domain.instrument import Field, Instrument
from capacity_app.domain.sheet import Block, Sheet, Standing

_NONE: Mapping[Address, Content] = MappingProxyType({})
_GIVEN = frozenset({State.ANSWERED, State.NOT_APPLICABLE})


def to_confirm(sheet: Sheet, earlier: Dossier | None, respondent: str = "") -> Mapping[Address, Content]:
    """Give, by place, what may be confirmed: the respondent's own earlier answer, else what counted in that round.

    Only where an answer is wanted and missing, the instruments are comparable, and the answer is still allowed.
    Evidence and notes stay with the earlier round: they supported that answer, not this one.
    """
    if earlier is None or not are_comparable(earlier.instrument, sheet.instrument):
        return _NONE
    return {
        address: content
        for block in sheet.blocks.values()
        for address, content in _of_block(block, sheet.instrument, earlier, respondent)
    }


def to_confirm_in(
    block: Block, instrument: Instrument, earlier: Dossier | None, respondent: str = ""
) -> Mapping[Address, Content]:
    """Return what may be confirmed in one question; see ``to_confirm``."""
    if earlier is None or not are_comparable(earlier.instrument, instrument):
        return _NONE
    return dict(_of_block(block, instrument, earlier, respondent))


def _of_block(
    block: Block, instrument: Instrument, earlier: Dossier, respondent: str
) -> Iterator[tuple[Address, Content]]:
    for address, field in _missing(block):
        said = earlier.by_address.get(address)
        content = (_own(said, respondent) or _agreed(said, field)) if said else None
        if (
            content is not None
            and check_content(instrument, AnswerKey(address, respondent=respondent), content)[1] is None
        ):
            yield address, content


def _missing(block: Block) -> Iterator[tuple[Address, Field | None]]:
    """Go through the places where an answer is wanted and missing; whole rows of which nothing is said yet."""
    silent: dict[str, bool] = {}
    for item in block.items:
        if item.is_missing:
            yield item.address, item.field
        if item.row is not None and item.standing is Standing.WANTED:
            silent[item.row.id] = silent.get(item.row.id, True) and item.is_missing
    yield from ((Address(block.question.id, row), None) for row, is_silent in silent.items() if is_silent)


def _own(said: Sequence[Answer], respondent: str) -> Content | None:
    for answer in said:
        is_own = answer.key.layer is Layer.RESPONSE and answer.key.respondent == respondent
        if is_own and answer.content.state in _GIVEN:
            return replace(answer.content, note="", evidence=())
    return None


def _agreed(said: Sequence[Answer], field: Field | None) -> Content | None:
    found = effective(said, field)
    return Content(state=found.state, value=found.value, reason=found.reason) if found.state in _GIVEN else None
