"""Which answers evidence supports where it is put under a whole row or table.

Evidence supports answers, and is graded with each of them. A row or a table has no grade of its own: evidence put there
supports what one speaker has answered in it, cell by cell, so that the score knows one rule only and an answer given
later is not believed because of a document that was attached earlier.
"""

from collections.abc import Callable, Iterator

from capacity_app.domain.answers import Address, AnswerKey, Content, Layer, State
from capacity_app.domain.instrument import Kind
from capacity_app.domain.sheet import Block, Standing

Said = Callable[[AnswerKey], Content]


def supported_keys(block: Block, place: Address, layer: Layer, respondent: str, said: Said) -> tuple[AnswerKey, ...]:
    """Return the answers of one speaker that evidence at a place supports; none in a table nobody has answered in.

    Of a row that does not apply, that statement; of a row without answers yet, the cells that wait for one.
    """
    if block.question.kind is not Kind.GRID or place.column:
        return (AnswerKey(place, layer, respondent),)
    whole = AnswerKey(place, layer, respondent)
    if said(whole).state is State.NOT_APPLICABLE:
        return (whole,)
    if place.row:
        given = tuple(_given(block, place.row, layer, respondent, said))
        return given or tuple(_wanted(block, place.row, layer, respondent))
    return tuple(key for row in block.rows for key in _given(block, row, layer, respondent, said))


def _wanted(block: Block, row: str, layer: Layer, respondent: str) -> Iterator[AnswerKey]:
    for item in block.items:
        if item.address.row == row and item.standing is Standing.WANTED:
            yield AnswerKey(item.address, layer, respondent)


def _given(block: Block, row: str, layer: Layer, respondent: str, said: Said) -> Iterator[AnswerKey]:
    whole = AnswerKey(Address(block.question.id, row), layer, respondent)
    if said(whole).state is State.NOT_APPLICABLE:
        yield whole
        return
    for key in _wanted(block, row, layer, respondent):
        if said(key).state is not State.NOT_ASKED:
            yield key


def carriers(block: Block, place: Address, layer: Layer, respondent: str, said: Said, evidence: str) -> list[AnswerKey]:
    """Return the places of one speaker, at a place and inside it, that name a piece of evidence."""
    inside = [item.address for item in block.items if place.row in {"", item.address.row}]
    rows = [Address(block.question.id, row) for row in block.rows if place.row in {"", row}]
    addresses = [place] if place.column else [place, *rows, *inside]
    keys = (AnswerKey(address, layer, respondent) for address in dict.fromkeys(addresses))
    return [key for key in keys if evidence in said(key).evidence]
