"""What was changed in a cell that shows several things at once: the notes of a table's row, and the evidence.

A row's notes are those on the row and, each after its column's name, those on its columns.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from capacity_app.domain.answers import Address
from capacity_app.workbook.reader.baseline import Noted
from capacity_app.workbook.reader.decoding import same_text

NOTE = "note"
_NUMBERED = re.compile(r"\[\d+\]")
_COLON = re.compile(r"\s?[:：﹕]\s?")
"""A colon with or without spaces around it, as it is written in French or in Chinese."""
_GRADED = re.compile(r"E\d\b")
Changes = dict[tuple[Address, str], str]
"""The new text of a reason or note, by its address and name."""


def changed_notes(text: str, row: Address, notes: Sequence[Noted], prefixes: Mapping[str, str]) -> Changes | None:
    """Find whose notes were changed when a row's cell was; None where that cannot be told.

    ``prefixes`` are the words before a column's note, by the column's id.
    """
    if not notes:
        return {(row, NOTE): text}
    if len(notes) == 1 and not notes[0].prefix:
        return {(row, notes[0].name): text}
    shown = _pieces("\n".join(one.shown for one in notes), prefixes)
    if shown != [(one.address.column, one.text) for one in notes]:
        return None
    now = _pieces(text, prefixes)
    changes: Changes = {}
    for column in dict.fromkeys(column for column, _ in (*shown, *now)):
        before = [one for one in notes if one.address.column == column]
        after = [piece for piece_column, piece in now if piece_column == column]
        address = Address(row.question, row.row, column)
        found = _matched(address, before, after if column else ["\n".join(after)] if after else [])
        if found is None:
            return None
        changes |= found
    return changes


def _pieces(text: str, prefixes: Mapping[str, str]) -> list[tuple[str, str]]:
    """Cut notes where a line begins with the name of a column."""
    pieces: list[tuple[str, str]] = []
    for line in text.split("\n"):
        begun = {column: said for column, prefix in prefixes.items() if (said := _behind(line, prefix)) is not None}
        if begun:
            column = max(begun, key=lambda one: len(prefixes[one]))
            pieces.append((column, begun[column]))
        elif pieces:
            pieces[-1] = (pieces[-1][0], f"{pieces[-1][1]}\n{line}")
        else:
            pieces.append(("", line))
    return [piece for piece in pieces if piece != ("", "")]


def _behind(line: str, prefix: str) -> str | None:
    """Return what stands behind a column's name, whatever colon people write there; None if another text begins."""
    if line.startswith(prefix):
        return line.removeprefix(prefix)
    name = prefix.removesuffix(": ")
    found = _COLON.match(line, len(name)) if name and name != prefix and line.startswith(name) else None
    return line[found.end() :] if found else None


def _matched(address: Address, before: Sequence[Noted], after: Sequence[str]) -> Changes | None:
    """Match the texts on one column with those before, in their order; None if one of two was changed and one lost."""
    if len(after) >= len(before):
        changes = {(address, one.name): text for one, text in zip(before, after, strict=False)}
        more = [changes.get((address, NOTE), ""), *after[len(before) :]]
        if len(after) > len(before):
            changes[address, NOTE] = "\n".join(text for text in more if text)
        return changes
    kept = list(after)
    changes = {}
    for one in before:
        stays = next((text for text in kept if same_text(text, one.text)), None)
        changes[address, one.name] = "" if stays is None else one.text
        if stays is not None:
            kept.remove(stays)
    return None if kept else changes


class EvidenceLines:
    """How each piece of evidence may read where it is named: "[3] E2 Statistics Act", by its id."""

    def __init__(self, entries: Mapping[str, Iterable[str]], gone: str) -> None:
        """Take the cells of the register's lines by id; ``gone`` is the pattern for one that is not there."""
        self._lines = {entry: _readings(list(cells)) for entry, cells in entries.items()}
        self._gone = gone
        self._seen: dict[str, str] = {}

    def shown(self, entries: Sequence[str]) -> str:
        """Return how evidence reads as far as it was met before: most of it is named often."""
        return "\n".join([self._seen.get(entry, "") for entry in entries]) if entries else ""

    def changed(self, text: str, shown: Sequence[str]) -> tuple[tuple[str, ...], str]:
        """Compare a cell with the evidence it named: which of it was taken out, and what was written besides.

        One whose number is still there was not taken out; what else its line says now is written besides.
        """
        rest, missing = text, []
        for entry in shown:
            found = next((line for line in self._of(entry) if _has_line(rest, line)), None)
            if found is None:
                missing.append(entry)
            else:
                self._seen[entry] = found
                rest = _without_line(rest, found)
        numbers = {number[0] for line in rest.split("\n") if (number := _NUMBERED.match(line))}
        if not self._lines:
            # The register is gone: what has any number counts for what was there.
            return tuple(missing[len(numbers) :]), rest.strip() if len(missing) != len(numbers) else _unnumbered(rest)
        return tuple(entry for entry in missing if self._number(entry) not in numbers), rest.strip()

    def _of(self, entry: str) -> tuple[str, ...]:
        return self._lines.get(entry) or (self._gone.format(id=entry),)

    def _number(self, entry: str) -> str:
        return self._of(entry)[0].partition(" ")[0]


def _readings(cells: Sequence[str]) -> tuple[str, ...]:
    """Combine a line's number, grade and any of its other texts, the longest first."""
    number = next((cell for cell in cells if _NUMBERED.fullmatch(cell)), "")
    grade = next((found[0] for cell in cells if (found := _GRADED.match(cell))), "")
    titles = sorted({*cells, ""}, key=len, reverse=True)
    return tuple(f"{number} {grade} {title}".rstrip() for title in titles)


def _unnumbered(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not _NUMBERED.match(line)).strip()


def _has_line(text: str, line: str) -> bool:
    return bool(line) and f"\n{line}\n" in f"\n{text}\n"


def _without_line(text: str, line: str) -> str:
    return f"\n{text}\n".replace(f"\n{line}\n", "\n", 1)[1:-1]
