"""TOML files: reading them within limits of size and depth, and writing tables as TOML text."""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from pathlib import Path

from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.conditions import NESTING_LIMIT
from capacity_app.questionnaires.problems import Findings

# How deeply a TOML text is nested, found before it is parsed.
#
# ``tomllib`` recurses into brackets and needs quadratic memory for a dotted key: 100 KB of "a.a.a…" fill
# ten gigabytes. So the text is scanned once, skipping strings and comments, and a file nested too deeply
# is never parsed.

_PART = r"""(?:[A-Za-z0-9_-]++|"(?:\\.|[^"\\\n])*+"|'[^'\n]*+')"""
# A string that never ends is taken up to the end of its line or file: TOML ends there too, with an
# error, so nothing behind it is ever parsed. Nothing backtracks: five megabytes are read once.
_TOKEN = re.compile(
    rf"""
    \"\"\" (?: [^"\\]++ | \\[\s\S]? | "(?!"") )*+ (?: "{{3,5}} | \Z )
  | \'\'\' (?: [^']++ | '(?!'') )*+ (?: '{{3,5}} | \Z )
  | \# [^\n]*+
  | (?P<key> {_PART} (?: [ \t]*+ \. [ \t]*+ {_PART} )*+ )
  | " (?: \\. | [^"\\\n] )*+
  | ' [^'\n]*+
  | (?P<open> [\[{{] )
  | (?P<close> [\]}}] )
    """,
    re.VERBOSE,
)


@lru_cache(maxsize=64)
def line_nested_too_deeply(text: str) -> int | None:
    """Return the line (from 1) where a TOML text is nested too deeply to be parsed, if there is one."""
    depth = 0
    for token in _TOKEN.finditer(text):
        if token["open"]:
            depth += 1
        elif token["close"]:
            depth = max(0, depth - 1)
        if depth > NESTING_LIMIT or _parts(token["key"]) > NESTING_LIMIT:
            return text.count("\n", 0, token.start()) + 1
    return None


def _parts(key: str | None) -> int:
    return len(re.findall(_PART, key)) if key and "." in key else 0


def is_nested_too_deeply(value: object) -> bool:
    """Return whether parsed tables and lists stand more than 32 deep in each other, without recursion."""
    level = [value]
    for _ in range(NESTING_LIMIT + 1):
        level = [child for item in level for child in _containers_in(item)]
        if not level:
            return False
    return True


def _containers_in(value: object) -> list[object]:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [child for child in children if isinstance(child, dict | list)]


HEAD_FILE = "instrument.toml"
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
        message = N_("“{name}” does not name a file in the questionnaire's folder.")
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
        message = N_("The file cannot be read: {reason}.")
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
        tables = _parse_toml(text)
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
def _parse_toml(text: str) -> dict[str, object]:
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


# Tables as TOML that people read: the same order and the same marks every time, so that a difference is a change.

TomlTables = Mapping[str, object]
_WIDEST = 100
_MULTILINE_QUOTE = '"""'
_TABLES = frozenset({"question", "column", "row", "concept", "contradiction", "profile"})


def toml_text(tables: TomlTables) -> str:
    blocks = (_block_text(name, value, "") for name, value in tables.items())
    return "\n".join(block for block in blocks if block)


def _block_text(name: str, value: object, outer: str) -> str:
    """Write one table, or all of a list of tables."""
    path, depth = f"{outer}{_key_text(name)}", outer.count(".")
    indent = "    " * depth
    if isinstance(value, Mapping):
        return _table_text(f"{indent}[{path}]", value, path, indent)
    assert isinstance(value, list), "a file consists of tables"
    return "\n".join(_table_text(f"{indent}[[{path}]]", item, path, indent) for item in value)


def _table_text(head: str, table: TomlTables, path: str, indent: str) -> str:
    plain = {key: value for key, value in table.items() if not _is_block(key, value)}
    inner = {key: value for key, value in table.items() if _is_block(key, value)}
    lines = [head, *(f"{indent}{_key_text(key)} = {_value_text(value, indent)}" for key, value in plain.items())]
    blocks = (_block_text(key, value, f"{path}.") for key, value in inner.items())
    return "\n".join(chain(["\n".join(lines) + "\n"], blocks))


def _is_block(key: str, value: object) -> bool:
    """Return what is written as a table of its own, below the plain values; in a condition nothing is."""
    return (key in _TABLES and isinstance(value, list)) or (key == "gate" and isinstance(value, Mapping))


def _key_text(name: str) -> str:
    is_bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if is_bare else _string_text(name)


def _value_text(value: object, indent: str = "") -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return str(value)
        case str():
            return _multiline_text(value) if "\n" in value else _string_text(value)
        case Mapping():
            return f"{{ {', '.join(f'{_key_text(key)} = {inline_value(item)}' for key, item in value.items())} }}"
        case list() | tuple():
            return _list_text(value, indent)
    raise TypeError(type(value).__name__)


def _list_text(items: Iterable[object], indent: str) -> str:
    said = [inline_value(item) for item in items]
    line = f"[{', '.join(said)}]"
    if len(line) + len(indent) <= _WIDEST and "{" not in line:
        return line
    return "[\n" + "".join(f"{indent}    {one},\n" for one in said) + f"{indent}]"


def inline_value(value: object) -> str:
    """Write a value on one line, as inline tables must be."""
    match value:
        case str():
            return _string_text(value)
        case list() | tuple():
            return f"[{', '.join(map(inline_value, value))}]"
    return _value_text(value)


def _string_text(text: str) -> str:
    # What JSON escapes, TOML escapes alike, but for the one control character that JSON leaves.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _multiline_text(text: str) -> str:
    """Write several lines as they are read; a first line break is left out by whoever reads it."""
    said = "\n".join(_string_text(line)[1:-1] for line in text.split("\n"))
    return f"{_MULTILINE_QUOTE}\n{said}{_MULTILINE_QUOTE}"
