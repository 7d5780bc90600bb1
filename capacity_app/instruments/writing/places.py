"""Mistakes with their place in the workbook: those found in cells, and those that the checks of the TOML found."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from capacity_app.domain.problems import N_, Problem, Severity
from capacity_app.instruments.files import HEAD
from capacity_app.instruments.findings import MOST_PROBLEMS
from capacity_app.instruments.writing import layout


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a workbook: a sheet, a row as people count, and the column by its heading."""

    sheet: str
    row: int = 0
    column: str = ""

    def __str__(self) -> str:
        """Say it: "Sheet Questions, row 14, column type"."""
        steps = [f"Sheet {self.sheet}"]
        if self.row:
            steps.append(f"row {self.row}")
        if self.column:
            steps.append(f"column {self.column.replace('_', ' ')}")
        return ", ".join(steps)


@dataclass(frozen=True, slots=True)
class Mistake:
    """A problem with its place; its own place says the same in words."""

    problem: Problem
    spot: Spot


@dataclass(slots=True)
class Mistakes:
    """The mistakes found so far."""

    found: list[Mistake] = field(default_factory=list)
    left_out: int = 0

    def note(
        self,
        code: str,
        spot: Spot,
        message: str,
        advice: str = "",
        severity: Severity = Severity.ERROR,
        **values: str,
    ) -> None:
        """Note a mistake at a place."""
        if len(self.found) >= MOST_PROBLEMS:
            self.left_out += 1
            return
        problem = Problem(code, str(spot), message, advice, tuple(values.items()), severity)
        self.found.append(Mistake(problem, spot))

    def has_errors(self) -> bool:
        """Whether anything keeps the questionnaire from being used."""
        return self.left_out > 0 or any(one.problem.severity is Severity.ERROR for one in self.found)


@dataclass(slots=True)
class Spots:
    """Where in the workbook stands what the checks of the TOML name."""

    places: dict[str, list[Spot]] = field(default_factory=dict)
    fallbacks: dict[str, Spot] = field(default_factory=dict)
    facts: dict[str, Spot] = field(default_factory=dict)
    anchors: dict[str, Spot] = field(default_factory=dict)
    columns: dict[str, dict[str, int]] = field(default_factory=dict)

    def mark(self, place: str, spot: Spot, *, is_fallback: bool = False) -> None:
        """Remember where a place is; several may have one name by mistake."""
        if is_fallback:
            self.fallbacks.setdefault(place, spot)
        else:
            self.places.setdefault(place, []).append(spot)

    def mark_fact(self, key: str, spot: Spot) -> None:
        """Remember where a line of the sheet Instrument is."""
        self.facts[key] = spot

    def mark_anchors(self, place: str, spot: Spot) -> None:
        """Remember where the sentences of a level begin."""
        self.anchors.setdefault(place, spot)

    def of(self, problem: Problem) -> Spot:
        """Find the place of a problem: the nearest that the workbook knows."""
        values = dict(problem.values)
        key = _KEYS.get(problem.code, values.get("key", ""))
        if problem.code in _ANCHORED and problem.place in self.anchors:
            return replace(self.anchors[problem.place], column=_ANCHORED[problem.code])
        if problem.place.startswith(HEAD) and key in self.facts:
            return self.facts[key]
        for place in _outwards(problem.place):
            spots = self.places.get(place) or ([self.fallbacks[place]] if place in self.fallbacks else [])
            if spots:
                spot = spots[-1] if problem.code == "instrument.duplicate-id" else spots[0]
                return spot if spot.column else replace(spot, column=_column(spot.sheet, key))
        return Spot(layout.INSTRUMENT)


_ANCHORED = {"instrument.anchors": "sentence", "instrument.actions": "action"}
_KEYS = MappingProxyType({
    "instrument.duplicate-id": "id",
    "instrument.malformed-id": "id",
    "instrument.id-outside-section": "id",
    "instrument.own-section-id": "id",
    "instrument.unknown-scale": "options",
    "instrument.missing-options": "options",
    "instrument.too-many-options": "options",
    "instrument.unknown-tag": "tags",
    "instrument.missing-key-column": "key_column",
    "instrument.bounds": "minimum",
    "instrument.most-without-many": "most",
    "instrument.supply-without-points": "supply",
    "instrument.lonely-group": "group",
    "instrument.nested-grid": "type",
    "instrument.empty-grid": "type",
    "instrument.not-a-checklist": "required",
})  # fmt: skip


def _column(sheet: str, key: str) -> str:
    known = [column.key for column in layout.SHEET[sheet].columns] if sheet in layout.SHEET else []
    return key if key in known else ""


def _outwards(place: str) -> Iterator[str]:
    """Give a place and those around it, the narrowest first."""
    steps = place.split(", ")
    for count in range(len(steps), 0, -1):
        yield ", ".join(steps[:count])


_WORDS = MappingProxyType({
    "instrument.missing-key": (N_("“{key}” is empty."), N_("Fill it in; the note at its head says what it means.")),
    "instrument.empty": ("", N_("Write what it should say.")),
    "instrument.missing-options": ("", N_(
        "List them on the sheet Options under the id of the question, or name a scale in the column “options”."
    )),
    "instrument.empty-grid": (N_("A grid needs at least one line on the sheet {sheet}."), N_(
        "Add it there, with the id of this question."
    )),
    "instrument.empty-section": ("", N_("Add a question whose id begins with the id of the section and a dot.")),
    "instrument.unknown-tag": (N_("The tag “{name}” is no term of the sheet Concepts."), ""),
    "instrument.options-without-points": ("", N_("Give each option points, or “yes” in the column “not applicable”.")),
    "instrument.most-without-many": (N_("“most” has no effect without “yes” in the column “many”."), N_(
        "Write yes there."
    )),
    "instrument.missing-key-column": ("", N_("Name it in the column “key column” of the question.")),
    "instrument.cell-needed": ("", N_("Write the grid, its row and its column: iv.grid/row/column")),
    "instrument.not-a-grid": ("", N_("Write only the id of the question.")),
    "instrument.supplement-in-parts": ("", N_("Leave the column “supplement” empty, or fill it in.")),
    "instrument.gate-settles-itself": ("", N_("Remove it from the column “gate settles”.")),
})  # fmt: skip
"""What is said differently to those who write in sheets: messages and advice, where they speak of TOML."""
_SHEET_OF = MappingProxyType({"column": layout.COLUMNS, "row": layout.ROWS})


def located(problems: Iterable[Problem], spots: Spots) -> tuple[Mistake, ...]:
    """Give the problems of TOML as mistakes in the workbook, in the words of sheets."""
    return tuple(_located(problem, spots) for problem in problems)


def _located(problem: Problem, spots: Spots) -> Mistake:
    spot = spots.of(problem)
    message, advice = _WORDS.get(problem.code, ("", ""))
    values = problem.values
    if problem.code == "instrument.empty-grid":
        values = (*values, ("sheet", _SHEET_OF.get(dict(values).get("key", ""), layout.ROWS)))
    worded = replace(
        problem,
        place=str(spot),
        message=message or problem.message,
        advice=advice or problem.advice,
        values=values,
    )
    return Mistake(worded, spot)
