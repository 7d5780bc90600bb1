"""Instruments written as text: a folder is made from one string, so that a test reads like the files it is about."""

import re
from pathlib import Path

from capacity_app.domain.problems import Problem

HEAD = """
[instrument]
id = "small"
version = "1.0"
title = "Small"
edition = "Test"
language = "en"
parts = ["1.toml"]
"""

SECTION = """
[section]
id = "r"
number = "1"
title = "Readers"
provenance = "P"
"""

_FILE = re.compile(r"^--- (\S+)\n", re.MULTILINE)


def files_of(text: str) -> dict[str, str]:
    """Cut a text at lines like "--- 2.toml". What stands before the first one is the rest of 1.toml's section."""
    first, *others = _FILE.split(text)
    files = dict(zip(others[::2], others[1::2], strict=True))
    return {"instrument.toml": HEAD, "1.toml": SECTION + first} | files


def write(folder: Path, text: str) -> Path:
    for name, content in files_of(text).items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def places(problems: tuple[Problem, ...]) -> list[str]:
    """Return "code @ place" of each problem; every sentence must be complete in its values."""
    for problem in problems:
        text = problem.text().replace("{answer}", "").replace("{missing}", "")
        assert "{" not in text.replace("{ ", "").replace("{…}", ""), text
    return [f"{problem.code} @ {problem.place}" for problem in problems]
