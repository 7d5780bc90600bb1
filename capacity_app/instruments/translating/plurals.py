"""The forms a language has for counts, with the numbers each stands for: "1", "2 to 4", "0, 5 to 20 …"."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from gettext import c2py

from babel import Locale, UnknownLocaleError

from capacity_app.domain.problems import N_, Translate

_MOST = 1_000
"""Numbers looked at: every language repeats itself before."""
_SHOWN = 3
"""So many ranges of numbers are named."""


@dataclass(frozen=True, slots=True)
class Form:
    """One form: the numbers it stands for, from and to (None for all after), and whether there are others still."""

    ranges: tuple[tuple[int, int | None], ...]
    goes_on: bool = False

    @property
    def is_for_one(self) -> bool:
        """Whether it stands for a single number, which the sentence may then leave out."""
        return len(self.ranges) == 1 and self.ranges[0][0] == self.ranges[0][1] and not self.goes_on

    def said(self, say: Translate) -> str:
        """Say for which numbers it is."""
        numbers = ", ".join(_range(say, first, last) for first, last in self.ranges)
        return say(N_("for {numbers}")).format(numbers=f"{numbers} …" if self.goes_on else numbers)


def _range(say: Translate, first: int, last: int | None) -> str:
    if last is None:
        return say(N_("{number} and more")).format(number=first)
    if last == first:
        return str(first)
    return say(N_("{first} to {last}")).format(first=first, last=last)


def known_locale(language: str) -> Locale | None:
    """Give what is known of a language (BCP 47), None if nothing is."""
    try:
        return Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError, TypeError):
        return None


@lru_cache(maxsize=32)
def forms(language: str) -> tuple[Form, ...]:
    """Give the forms of a language in the order of catalogues."""
    from babel.messages.plurals import get_plural  # noqa: PLC0415 - only who translates needs it

    count, expression = get_plural(known_locale(language) or Locale("en"))
    rule: Callable[[int], int] = c2py(expression)
    chosen = [rule(number) for number in range(_MOST + 1)]
    return tuple(_form(chosen, form) for form in range(count))


def _form(chosen: list[int], form: int) -> Form:
    found = list(_ranges(chosen, form))
    return Form(tuple(found[:_SHOWN]), goes_on=len(found) > _SHOWN)


def _ranges(chosen: list[int], form: int) -> Iterator[tuple[int, int | None]]:
    first: int | None = None
    for number, one in enumerate(chosen):
        if one == form and first is None:
            first = number
        elif one != form and first is not None:
            yield first, number - 1
            first = None
    if first is not None:
        yield first, None
