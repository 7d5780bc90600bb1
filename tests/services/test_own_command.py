"""The program starts itself rightly, run by an interpreter or packed into an executable."""

import sys

import pytest

from capacity_app.services.child_process import own_command_line


def test_an_interpreter_starts_the_package_and_a_frozen_build_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    assert own_command_line(["report", "a"]) == [sys.executable, "-m", "capacity_app", "report", "a"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert own_command_line(["report", "a"]) == [sys.executable, "report", "a"]
