"""All answers of an assessment as one plain table, for statistics programs."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from capacity_app.domain.answers import Answer, Value
from capacity_app.domain.dossier import Dossier

HEADINGS = (
    "country", "round", "instrument", "version", "question", "row", "column", "layer", "respondent", "state",
    "value", "reason", "note", "evidence", "author", "time", "language",
)  # fmt: skip
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def value_text(value: Value) -> str:
    """Write a value as language-free text; lists are joined by semicolons."""
    if value is None:
        return ""
    return ";".join(value) if isinstance(value, tuple) else str(value)


def safe_cell(text: str) -> str:
    """Keep a spreadsheet from taking text for a formula: an apostrophe in front, as people write it there."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _row(dossier: Dossier, answer: Answer) -> tuple[str, ...]:
    key, content = answer.key, answer.content
    return (
        dossier.mission.country, dossier.mission.round, dossier.instrument.id, dossier.instrument.version,
        key.address.question, key.address.row, key.address.column, key.layer.value, key.respondent,
        content.state.value, value_text(content.value), content.reason, content.note, ";".join(content.evidence),
        answer.author, answer.time, answer.language,
    )  # fmt: skip


def answer_rows(dossier: Dossier) -> Iterator[tuple[str, ...]]:
    """Go through all answers, one row per address, layer and respondent, in the order of ``HEADINGS``."""
    return (_row(dossier, answer) for answer in dossier.answers)


def to_csv(rows: Iterable[Sequence[str]], headings: Sequence[str] = HEADINGS) -> bytes:
    """Write rows under their headings as CSV (UTF-8 with the mark that makes Excel read it right)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe_cell(heading) for heading in headings])
    writer.writerows(tuple(safe_cell(cell) for cell in row) for row in rows)
    return out.getvalue().encode("utf-8-sig")
