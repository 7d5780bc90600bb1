"""Colours that follow what cells say: levels by their number, open and settled states by their words."""

from collections.abc import Sequence

from capacity_app.domain.answers import State
from capacity_app.domain.instrument import TOP_LEVEL
from capacity_app.workbook.choices import Choices
from capacity_app.workbook.page import Page


def tint_levels(page: Page, tint: str = "level") -> None:
    """Colour the cells remembered as levels; a level also shows its sign. ``tint`` is "level" or "heat"."""
    for cells in page.tinted.get("levels", {}).values():
        first = cells[0].partition(":")[0]
        for level in range(TOP_LEVEL + 1):
            # An empty cell would equal 0.
            formula = f"=AND(ISNUMBER({first}),{first}={level})"
            _tint(page, cells, {"type": "formula", "criteria": formula}, f"{tint}_{level}")


def tint_states(page: Page, choices: Choices) -> None:
    """Colour the cells remembered as states by the words that stand in them."""
    open_words = [choices.state(state) for state in State if state not in {State.ANSWERED, State.NOT_APPLICABLE}]
    open_words.append(str(choices.differ.label))
    for cells in page.tinted.get("states", {}).values():
        first = cells[0].partition(":")[0]
        says_open = ",".join(f"{first}={_quoted(word)}" for word in open_words)
        _tint(page, cells, {"type": "formula", "criteria": f"=OR({says_open})"}, "open")
        says_out = f"={first}={_quoted(choices.state(State.NOT_APPLICABLE))}"
        _tint(page, cells, {"type": "formula", "criteria": says_out}, "out")


def _quoted(word: str) -> str:
    doubled = word.replace('"', '""')
    return f'"{doubled}"'


def _tint(page: Page, cells: Sequence[str], rule: dict[str, str], tint: str) -> None:
    more = {"format": page.book.tints[tint], "multi_range": " ".join(cells)}
    page.sheet.conditional_format(cells[0], {**rule, **more})
