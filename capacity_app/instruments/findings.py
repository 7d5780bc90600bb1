"""Mistakes found while reading: collected with their place, and with what the author probably meant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import islice

from capacity_app.domain.answers import clean_text
from capacity_app.domain.problems import N_, Problem, Severity, printable

MOST_PROBLEMS = 1_000
"""More than this many problems of one instrument are counted but not listed."""

SHOWN_LENGTH = 60
LISTED_NAMES = 30
SEARCHED_NAMES = 400


@dataclass(slots=True)
class Findings:
    """The problems found so far, in the order of the files."""

    problems: list[Problem] = field(default_factory=list)
    left_out: int = 0

    def error(self, code: str, place: str, message: str, advice: str = "", **values: object) -> None:
        """Note a mistake that keeps the instrument from being used."""
        self.add([_problem(code, place, message, advice, values, Severity.ERROR)])

    def warning(self, code: str, place: str, message: str, advice: str = "", **values: object) -> None:
        """Note something legal that the author probably did not mean."""
        self.add([_problem(code, place, message, advice, values, Severity.WARNING)])

    def unknown(self, code: str, place: str, message: str, known: Iterable[str], **values: object) -> None:
        """Note a name that is not defined; ``values["name"]`` is compared with the ``known`` ones."""
        # A file of nothing but mistakes must not cost a search for each of them.
        candidates = () if self.left_out else tuple(known)
        near = nearest(str(values["name"]), candidates)
        advice = N_("Did you mean “{near}”?") if near else N_("Known are: {known}.")
        self.error(code, place, message, advice, near=near, known=listed(candidates), **values)

    def add(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            if len(self.problems) < MOST_PROBLEMS:
                self.problems.append(problem)
            else:
                self.left_out += 1

    def take(self, other: "Findings") -> None:
        """Take over all that another reading found."""
        self.add(other.problems)
        self.left_out += other.left_out

    def has_errors(self) -> bool:
        return self.left_out > 0 or any(problem.severity is Severity.ERROR for problem in self.problems)

    def all(self) -> tuple[Problem, ...]:
        """Return every problem, and say so at the end if the list was cut."""
        if not self.left_out:
            return tuple(self.problems)
        message = N_("{count} more problems are not listed.")
        rest = _problem("instrument.more-problems", "", message, "", {"count": self.left_out}, Severity.ERROR)
        return (*self.problems, rest)


def _problem(
    code: str, place: str, message: str, advice: str, values: dict[str, object], severity: Severity
) -> Problem:
    said = tuple((name, _said(value)) for name, value in values.items())
    return Problem(code, place, message, advice, said, severity)


def _said(value: object) -> str:
    return value if isinstance(value, str) else shown(value)


def shown(value: object) -> str:
    """Show a value of a TOML file in a few characters, whatever it is."""
    match value:
        case str():
            text = printable(clean_text(value[: SHOWN_LENGTH + 1]))
        case bool():
            text = "true" if value else "false"
        case int():
            # Python refuses to write integers of more than 4,300 digits.
            text = str(value) if value.bit_length() < SHOWN_LENGTH else "…"
        case dict():
            text = "{…}"
        case list() | tuple():
            text = "[…]"
        case _:
            text = str(value)
    return text if len(text) <= SHOWN_LENGTH else text[:SHOWN_LENGTH] + "…"


def inside(place: str, word: str, name: str = "") -> str:
    """Return the place within a place: "section iv" → "section iv, question iv.policy"."""
    step = f"{word} {shown(name)}".rstrip()
    return f"{place}, {step}" if place else step


def nearest(word: str, known: Sequence[str]) -> str:
    """Return the known name that was probably meant, or nothing."""
    same_start = [name for name in known if name[:1] == word[:1]]
    candidates = known if len(known) <= SEARCHED_NAMES else same_start[:SEARCHED_NAMES]
    matches = get_close_matches(word[:SHOWN_LENGTH], candidates, n=1)
    return matches[0] if matches else ""


def listed(names: Iterable[str]) -> str:
    """List names in a sentence, not too many of them."""
    first = [shown(name) for name in islice(names, LISTED_NAMES + 1)]
    if len(first) > LISTED_NAMES:
        first[-1] = "…"
    return ", ".join(first) or "–"
