"""Where to go next: the printed order of places that nobody has been asked about."""

from collections.abc import Iterator

from capacity_app.domain.answers import Address
from capacity_app.domain.sheet import Item, Sheet


def in_order(sheet: Sheet) -> Iterator[Item]:
    """Go through all places for answers in printed order."""
    for section in sheet.instrument.sections:
        for block in sheet.section(section):
            yield from block.items


def next_open(sheet: Sheet, after: Address | None) -> Address | None:
    """Give the next place nobody has been asked about, from the top again at the end; None if there is none."""
    first: Address | None = None
    is_after = after is None
    for item in in_order(sheet):
        if item.is_missing and item.address != after:
            if is_after:
                return item.address
            first = first or item.address
        if not is_after and _is_at(item, after):
            is_after = True
    return first


def _is_at(item: Item, address: Address | None) -> bool:
    return address is not None and (
        item.address == address or (item.address.question == address.question and not address.column)
    )


def question_before(sheet: Sheet, address: Address) -> Address | None:
    """Give the question before one, hidden ones left out; None at the beginning."""
    before: Address | None = None
    for section in sheet.instrument.sections:
        for block in sheet.section(section):
            if block.question.id == address.question:
                return before
            if not block.is_hidden:
                before = Address(block.question.id)
    return None
