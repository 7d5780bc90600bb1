"""The kinds of remarks, and where remarks are collected."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from capacity_app.domain.problems import N_, Problem, Severity
from capacity_app.instruments.findings import shown

CODE = "editor"
MOST_ALIKE = 50
"""So many remarks that say the same of different places are listed; whoever wrote more has understood."""
_QUOTED = 160
"""Characters of a quotation."""


class RemarkKind(StrEnum):
    """What a remark is about."""

    CONDITION = "condition"
    POINTS = "points"
    LEVELS = "levels"
    NUMBERS = "numbers"
    TRANSLATION = "translation"


KIND_WORDS: dict[RemarkKind, str] = {
    RemarkKind.CONDITION: N_("Questions that depend on other answers"),
    RemarkKind.POINTS: N_("Points and weights"),
    RemarkKind.LEVELS: N_("Sentences of the levels"),
    RemarkKind.NUMBERS: N_("Printed numbers"),
    RemarkKind.TRANSLATION: N_("Translations of the wording"),
}
"""In the order in which they are worth reading: what spoils answers and scores first."""


def kind_of(problem: Problem) -> RemarkKind | None:
    """Return what a remark is about, None for a mistake."""
    name = problem.code.split(".")[1] if problem.code.startswith(f"{CODE}.") else ""
    return RemarkKind(name) if name else None


def quoted(text: str) -> str:
    """Return a text in one line, not more of it than is needed to find it."""
    line = " ".join(text.split())
    return line if len(line) <= _QUOTED else line[: _QUOTED - 1].rstrip() + "…"


@dataclass(slots=True)
class Remarks:
    """The remarks made so far."""

    problems: list[Problem] = field(default_factory=list)
    _said: Counter[str] = field(default_factory=Counter)

    def note(self, kind: RemarkKind, what: str, place: str, message: str, advice: str, **values: object) -> None:
        """Make a remark; texts among the values are quoted, everything else is shown."""
        code = f"{CODE}.{kind}.{what}"
        self._said[code] += 1
        if self._said[code] > MOST_ALIKE:
            return
        given = tuple((name, quoted(v) if isinstance(v, str) else shown(v)) for name, v in values.items())
        self.problems.append(Problem(code, place, message, advice, given, Severity.WARNING))

    def all(self) -> tuple[Problem, ...]:
        """Return the remarks, kind by kind, each in printed order; what was left out is counted."""
        for code, count in self._said.items():
            if count > MOST_ALIKE:
                message = N_("{count} more places need the same correction as those named here.")
                advice = N_("Correct the first ones and check again.")
                given = (("count", str(count - MOST_ALIKE)),)
                self.problems.append(Problem(code, "instrument", message, advice, given, Severity.WARNING))
        order = {f"{CODE}.{kind}": place for place, kind in enumerate(KIND_WORDS)}
        return tuple(sorted(self.problems, key=lambda problem: order[problem.code.rpartition(".")[0]]))
