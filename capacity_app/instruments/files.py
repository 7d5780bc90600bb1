"""From a file to plain tables: limits, encoding, TOML; nothing outside the instrument's folder is read."""

import re
import tomllib
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from capacity_app.domain.problems import N_
from capacity_app.instruments.findings import Findings
from capacity_app.instruments.nesting import is_nested_too_deeply, line_nested_too_deeply

HEAD = "instrument.toml"
FILE_LIMIT = 5_000_000
"""Bytes in one file."""
FILES_LIMIT = 200

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_NUMBER_LENGTH = 40
_PLAIN_NAME = re.compile(r"[^/\\:\0]+(?:/[^/\\:\0]+)*")
_LINE = re.compile(r"at line (\d+)")


def read_toml(path: Path, place: str, findings: Findings) -> dict[str, object] | None:
    """Read the tables of a TOML file; anything wrong with the file as a whole is found, never raised."""
    data = _read_bytes(path, place, findings)
    text = None if data is None else _decode(data, place, findings)
    return None if text is None else _parse(text, place, findings)


def path_in_folder(folder: Path, name: str, place: str, findings: Findings) -> Path | None:
    """Return the path of a file named in an instrument, unless the name leads out of its folder."""
    try:
        path = (folder / name).resolve()
        leads_out = not path.is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # a circle of links, or a name no disk can hold
        leads_out = True
    if leads_out or not _PLAIN_NAME.fullmatch(name) or ".." in name.split("/"):
        message = N_("“{name}” does not name a file in the instrument's folder.")
        advice = N_("Put the file into the folder and write only its name.")
        findings.error("instrument.outside-folder", place, message, advice, name=name)
        return None
    return path


def _read_bytes(path: Path, place: str, findings: Findings) -> bytes | None:
    try:
        # Anything but a regular file could be a pipe that never ends.
        if not path.is_file():
            message = N_("There is no file of this name.")
            advice = N_("Check the spelling, also capital letters, and that the file is in the folder.")
            findings.error("instrument.missing-file", place, message, advice)
            return None
        with path.open("rb") as file:
            data = file.read(FILE_LIMIT + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = N_("The file cannot be read ({reason}).")
        advice = N_("Check that you may open it and that the disk is connected.")
        findings.error("instrument.unreadable-file", place, message, advice, reason=reason)
        return None
    if len(data) > FILE_LIMIT:
        message = N_("The file is larger than {megabytes} MB.")
        advice = N_("Split it: one file for each section.")
        findings.error("instrument.file-too-large", place, message, advice, megabytes=FILE_LIMIT // 1_000_000)
        return None
    return data


def _decode(data: bytes, place: str, findings: Findings) -> str | None:
    if data.startswith(_BYTE_ORDER_MARK):
        message = N_("The file starts with a byte-order mark, which other TOML programs refuse.")
        advice = N_("Save it as “UTF-8” without signature or “BOM”.")
        findings.warning("instrument.byte-order-mark", place, message, advice)
        data = data.removeprefix(_BYTE_ORDER_MARK)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = N_("The file is not encoded in UTF-8.")
        advice = N_("Choose UTF-8 as the encoding when you save it.")
        findings.error("instrument.not-utf8", f"{place}, line {line}", message, advice)
        return None


def _parse(text: str, place: str, findings: Findings) -> dict[str, object] | None:
    deep_line = line_nested_too_deeply(text)
    if deep_line is not None:
        _note_depth(f"{place}, line {deep_line}", findings)
        return None
    try:
        tables = _tables(text)
    except RecursionError:
        _note_depth(place, findings)
        return None
    # Values are checked by Python itself, which may refuse them in its own ways (5,000 digits).
    except (ValueError, ArithmeticError, OverflowError) as error:
        _note_syntax(str(error), text, place, findings)
        return None
    if is_nested_too_deeply(tables):
        _note_depth(place, findings)
        return None
    return tables


@lru_cache(maxsize=64)
def _tables(text: str) -> dict[str, object]:
    """Parse a file's text; the same files are read again whenever an assessment is opened or made."""
    return tomllib.loads(text, parse_float=_exact_decimal)


def _exact_decimal(text: str) -> Decimal:
    if len(text) > _NUMBER_LENGTH:
        raise ValueError("a number of too many digits")
    return Decimal(text)


def _note_depth(place: str, findings: Findings) -> None:
    message = N_("Tables or lists are nested more than 32 deep here.")
    advice = N_("Check that every bracket is closed; write conditions more simply.")
    findings.error("instrument.nested-too-deeply", place, message, advice)


def _note_syntax(reason: str, text: str, place: str, findings: Findings) -> None:
    line = _LINE.search(reason)
    is_at_end = reason.endswith("(at end of document)")
    where = line[1] if line else str(len(text.splitlines())) if is_at_end else ""
    message = N_("This is not valid TOML: {reason}.")
    advice = N_("Look at this line and the one before it: quotes, brackets and commas come in pairs.")
    findings.error("instrument.syntax", f"{place}, line {where}" if where else place, message, advice, reason=reason)
