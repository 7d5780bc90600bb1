"""Tables as TOML that people read: the same order and the same marks every time, so that a difference is a change."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import chain

Tables = Mapping[str, object]
_WIDEST = 100
_LINES = '"""'
_TABLES = frozenset({"question", "column", "row", "concept", "contradiction"})


def toml_text(tables: Tables) -> str:
    """Write the tables of one file."""
    blocks = (_block(name, value, "") for name, value in tables.items())
    return "\n".join(block for block in blocks if block)


def _block(name: str, value: object, outer: str) -> str:
    """Write one table, or all of a list of tables."""
    path, depth = f"{outer}{_key(name)}", outer.count(".")
    indent = "    " * depth
    if isinstance(value, Mapping):
        return _table(f"{indent}[{path}]", value, path, indent)
    assert isinstance(value, list), "a file consists of tables"
    return "\n".join(_table(f"{indent}[[{path}]]", item, path, indent) for item in value)


def _table(head: str, table: Tables, path: str, indent: str) -> str:
    plain = {key: value for key, value in table.items() if not _is_block(key, value)}
    inner = {key: value for key, value in table.items() if _is_block(key, value)}
    lines = [head, *(f"{indent}{_key(key)} = {_value(value, indent)}" for key, value in plain.items())]
    blocks = (_block(key, value, f"{path}.") for key, value in inner.items())
    return "\n".join(chain(["\n".join(lines) + "\n"], blocks))


def _is_block(key: str, value: object) -> bool:
    """Return what is written as a table of its own, below the plain values; in a condition nothing is."""
    return (key in _TABLES and isinstance(value, list)) or (key == "gate" and isinstance(value, Mapping))


def _key(name: str) -> str:
    is_bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if is_bare else _string(name)


def _value(value: object, indent: str = "") -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return str(value)
        case str():
            return _lines(value) if "\n" in value else _string(value)
        case Mapping():
            return f"{{ {', '.join(f'{_key(key)} = {inline(item)}' for key, item in value.items())} }}"
        case list() | tuple():
            return _list(value, indent)
    raise TypeError(type(value).__name__)


def _list(items: Iterable[object], indent: str) -> str:
    said = [inline(item) for item in items]
    line = f"[{', '.join(said)}]"
    if len(line) + len(indent) <= _WIDEST and "{" not in line:
        return line
    return "[\n" + "".join(f"{indent}    {one},\n" for one in said) + f"{indent}]"


def inline(value: object) -> str:
    """Write a value on one line, as inline tables must be."""
    match value:
        case str():
            return _string(value)
        case list() | tuple():
            return f"[{', '.join(map(inline, value))}]"
    return _value(value)


def _string(text: str) -> str:
    # What JSON escapes, TOML escapes alike, but for the one control character that JSON leaves.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _lines(text: str) -> str:
    """Write several lines as they are read; a first line break is left out by whoever reads it."""
    said = "\n".join(_string(line)[1:-1] for line in text.split("\n"))
    return f"{_LINES}\n{said}{_LINES}"
