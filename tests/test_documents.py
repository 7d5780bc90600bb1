"""What README, CONTRIBUTING and the guide name is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from capacity_app.cli.commands import command_line

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = ROOT / "resources" / "guide" / "en" / "commands.md"
DOCUMENTS = [
    ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "assessments" / "README.md",
    *sorted((ROOT / "resources" / "guide" / "en").glob("*.md")),
]  # fmt: skip


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_link_leads_to_a_file(document: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", document.read_text("utf-8"))
    assert [link for link in links if "://" not in link and not (document.parent / link).exists()] == []


def test_the_readme_fits_on_two_screens_and_shows_the_window_first() -> None:
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()
    assert len(lines) <= 100
    assert any(line.startswith("![") for line in lines[:20])


def test_every_file_and_target_that_contributors_are_told_of_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = re.findall(r"`([\w./-]+/[\w.-]*)`", text)
    paths = {name for name in named if "NAME" not in name and not name.startswith("build/")}
    assert len(paths) > 10
    assert [name for name in sorted(paths) if not (ROOT / name).exists()] == []
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)", text)) <= targets
    assert targets - {"clean"} <= set(re.findall(r"`make ([a-z]+)", text))


def _names(group: click.Group, before: str = "") -> Iterator[str]:
    """List the commands that people are shown, with the names of the groups they are in."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _names(command, f"{before}{name} ")
        elif not command.hidden:
            yield before + name


def test_the_guide_lists_exactly_the_commands_there_are() -> None:
    there = set(_names(command_line()))
    text = COMMANDS.read_text("utf-8")
    groups = "|".join({name.split()[0] for name in there if " " in name})
    told = set(re.findall(rf"`(?:capacity-app )?((?:{groups}) [a-z-]+|(?<=capacity-app )[a-z][a-z-]+)", text))
    assert told == there
