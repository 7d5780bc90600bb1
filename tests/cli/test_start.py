"""What a process of ours reads before it does anything: little, however much the program can do."""

import subprocess
import sys

import pytest

MOST_MODULES, MOST_WITHOUT_COMMAND = 60, 22
"""Of our own: a start pays for each of them."""


def modules_of(*arguments: str) -> set[str]:
    """Return our modules that a command line has imported when it ends."""
    code = (
        "import sys\n"
        "from capacity_app.cli.commands import main\n"
        "main(sys.argv[1:])\n"
        "print(*(name for name in sys.modules if name.startswith('capacity_app.')), sep='\\n')\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return {line for line in done.stdout.splitlines() if line.startswith("capacity_app.")}


STARTS = (
    "--version", "--help", "instrument --help", "read-file --help", "report --help", "blank --help", "aggregate --help",
    "synthesis --help", "export --help", "verify --help", "instrument import-sheet --help",
    "instrument from-xlsform --help", "instrument check --help",
)  # fmt: skip
"""The version, help, and what the window starts as a process of its own."""
WITHOUT_COMMAND = ("--version", "--help", "instrument --help")


@pytest.mark.parametrize("start", STARTS)
def test_a_start_imports_few_of_our_modules(start: str) -> None:
    found = modules_of(*start.split())
    assert "capacity_app.cli.commands" in found
    assert len(found) < (MOST_WITHOUT_COMMAND if start in WITHOUT_COMMAND else MOST_MODULES)
