"""What questions, columns and scales offer as answers: the sheets Options and Anchors."""

from collections.abc import Sequence

from capacity_app.domain.problems import N_
from capacity_app.instruments.findings import nearest, shown
from capacity_app.instruments.writing import layout
from capacity_app.instruments.writing.places import Mistakes, Spot
from capacity_app.instruments.writing.reading.belonging import is_scale, with_owner
from capacity_app.instruments.writing.reading.book import Book, ReadLine
from capacity_app.instruments.writing.reading.values import Tables, table_of

_LEVELS = frozenset({"0", "1", "2", "3"})


class Answers:
    """The options and anchors of a workbook; what was given to nobody is noted at last."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._options, self._anchors = with_owner(book, layout.OPTIONS), with_owner(book, layout.ANCHORS)
        self._owners: set[str] = set()

    def add_to(self, table: Tables, owner: str, line: ReadLine, sheet: str) -> None:
        """Add the options and anchors of a question or column to its table; ``line`` is what its sheet says of it."""
        self._owners.add(owner)
        own, scale = self._options.get(owner), line.get("options")
        if own and scale:
            message = N_("The options are both named here and listed on the sheet Options under “{name}”.")
            spot = Spot(sheet, line.row, "options")
            advice = N_("Keep one of the two.")
            self._book.mistakes.note("writing.options-twice", spot, message, advice, name=shown(owner))
        if own:
            table["options"] = option_tables(own, self._book.mistakes)
        elif self._book.is_supplement and scale in self._options:
            # A supplement is one file, without scales of its own.
            self._owners.add(scale)
            table["options"] = option_tables(self._options[scale], self._book.mistakes)
        _add_anchors(table, owner, self._anchors.get(owner, ()), self._book.mistakes)

    def note_strays(self) -> None:
        """Note options and anchors that belong to nothing there is; a name without dots is a scale."""
        for sheet, owners in ((layout.OPTIONS, self._options), (layout.ANCHORS, self._anchors)):
            for owner, lines in owners.items():
                if owner not in self._owners and not (sheet == layout.OPTIONS and is_scale(owner)):
                    self._note_stray(owner, Spot(sheet, lines[0].row, "of"))

    def _note_stray(self, owner: str, spot: Spot) -> None:
        near = nearest(owner, sorted(self._owners))
        message = N_("There is no question or column “{name}”.")
        advice = (
            N_("Did you mean “{near}”?")
            if near
            else N_("Write the id of a question, or of a question and its column: iv.grid/quality")
        )
        self._book.mistakes.note("writing.of-unknown", spot, message, advice, name=shown(owner), near=near)


def option_tables(lines: Sequence[ReadLine], mistakes: Mistakes) -> list[Tables]:
    """Give lines of the sheet Options as tables."""
    return [table_of(line, layout.OPTIONS, mistakes, skip=("of",)) for line in lines]


def _add_anchors(table: Tables, owner: str, lines: Sequence[ReadLine], mistakes: Mistakes) -> None:
    by_level = _by_level(owner, lines, mistakes)
    sentences = {level: line.get("sentence") for level, line in by_level.items()}
    actions = {level: line.get("action") for level, line in by_level.items() if line.get("action")}
    if 0 in actions:
        message = N_("Level 0 is the lowest: nothing has to be done to come to it.")
        spot = Spot(layout.ANCHORS, by_level[0].row, "action")
        mistakes.note("writing.action-of-zero", spot, message, N_("Move the action to the line of level 1."))
    if any(sentences.values()):
        table["anchors"] = [sentences.get(level, "") for level in range(max(sentences) + 1)]
    if any(level > 0 for level in actions):
        table["actions"] = [actions.get(level, "") for level in range(1, max(actions) + 1)]


def _by_level(owner: str, lines: Sequence[ReadLine], mistakes: Mistakes) -> dict[int, ReadLine]:
    found: dict[int, ReadLine] = {}
    for line in lines:
        said = line.get("level")
        spot = Spot(layout.ANCHORS, line.row, "level")
        if said not in _LEVELS:
            message = N_("“{name}” is no level: levels are 0, 1, 2 and 3.")
            mistakes.note("writing.level", spot, message, N_("Write one of them."), name=shown(said))
        elif int(said) in found:
            message = N_("Level {name} of “{place}” is there twice.")
            advice = N_("Give every level one line.")
            mistakes.note("writing.level-twice", spot, message, advice, name=said, place=shown(owner))
        else:
            found[int(said)] = line
    return found
