"""Finding a place as people name it: by the printed number ("IV.1 G"), or by its permanent address."""

import re
from collections.abc import Iterator

from capacity_app.domain.answers import Address
from capacity_app.domain.checking import locate
from capacity_app.domain.instrument import Instrument

_BETWEEN = re.compile(r"[\W_]+")


def printed_numbers(instrument: Instrument) -> Iterator[tuple[str, Address]]:
    """Go through the printed numbers of questions and rows, in printed order, with their addresses."""
    for question in instrument.questions():
        yield question.number, Address(question.id)
        for row in question.rows:
            if row.number:
                yield f"{question.number} {row.number}", Address(question.id, row.id)


def _parts(number: str) -> list[str]:
    return _BETWEEN.split(number.casefold().strip())


def find_place(instrument: Instrument, named: str) -> Address | None:
    """Find a place by its address, or by its number however it is typed ("IV.1 G", "iv1g"); None if it is none.

    A number typed without its dots may fit several places ("i11"); then it names none of them.
    """
    try:
        address = Address.parse(named.strip())
    except ValueError:
        address = None
    if address is not None and locate(instrument, address) is not None:
        return address
    numbers = tuple(printed_numbers(instrument))
    exact = [place for number, place in numbers if _parts(number) == _parts(named)]
    if exact:
        return exact[0]
    loose = {place for number, place in numbers if "".join(_parts(number)) == "".join(_parts(named))}
    return loose.pop() if len(loose) == 1 else None
