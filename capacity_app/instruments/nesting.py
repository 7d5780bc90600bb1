"""How deeply a TOML text is nested, found before it is parsed.

``tomllib`` recurses into brackets and needs quadratic memory for a dotted key: 100 KB of "a.a.a…" fill
ten gigabytes. So the text is scanned once, skipping strings and comments, and a file nested too deeply
is never parsed.
"""

import re
from functools import lru_cache

NESTING_LIMIT = 32
"""How deep tables and lists may stand within each other."""

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
