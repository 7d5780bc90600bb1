"""Each system call of each operation on files fails in turn: old state or new, a sentence, nothing lost."""

import multiprocessing
import os
import random
import shutil
import sqlite3
from collections.abc import Iterator
from multiprocessing.context import BaseContext
from pathlib import Path

import pytest

from capacity_app.domain.problems import KnownError
from tests.conftest import Promise
from tests.faults import stracing
from tests.faults.operations import OPERATIONS, Operation
from tests.faults.sentences import is_plain
from tests.faults.stracing import KILL, Fault, Outcome

SAMPLE = None if os.environ.get("CAPACITY_TORTURE") else 2
pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def context() -> BaseContext:
    """Start children from a process that has imported everything."""
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(["tests.faults.operations"])
    return made


@pytest.fixture(scope="module")
def program() -> str:
    """Find strace; skips where it is not installed or may not look."""
    found = stracing.strace()
    if not found:
        pytest.skip("strace is not there or not allowed")
    return found


class Trial:
    """An operation, tried again and again from the same start."""

    def __init__(self, operation: Operation, folder: Path, context: BaseContext, program: str) -> None:
        self.operation, self._context, self._program = operation, context, program
        self._start, self._folder = folder / "start", folder / "work"
        for name in ("", "home", "tmp"):
            (self._start / name).mkdir()
        operation.prepare(self._start)
        self._renew()
        self.old = operation.found(self._folder)
        self.whole, self.new = self._without_fault()

    def _renew(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        shutil.copytree(self._start, self._folder)

    def _run(self, fault: Fault | None) -> Outcome:
        return stracing.watched(self._context, self.operation.act, self._folder, fault, self._program)

    def _without_fault(self) -> tuple[Outcome, tuple[object, ...]]:
        self._renew()
        outcome = self._run(None)
        assert (outcome.refused, outcome.mistakes) == ((), ())
        self.visible = set(self._seen())
        new = self.operation.found(self._folder)
        assert all(new[step] != self.old[step] for step in outcome.done)
        return outcome, new

    def _seen(self) -> Iterator[str]:
        """Yield the names a person sees, the program's own folders aside."""
        for one in self._folder.iterdir():
            if not one.name.startswith(".") and one.name not in {"home", "tmp"}:
                yield one.name

    def faults(self) -> list[Fault]:
        """Return the faults to try: all, or some errors and some kills."""
        known = list(stracing.faults(self.whole, self._folder))
        if SAMPLE is None:
            return known
        some = random.Random(self.operation.name)  # noqa: S311 - the same ones every time
        kinds = ([one for one in known if (one.how == KILL) is is_kill] for is_kill in (True, False))
        return [one for kind in kinds for one in some.sample(kind, min(SAMPLE, len(kind)))]

    def expect_safe(self, fault: Fault) -> bool:
        """Run with a fault; whether it struck where it was to."""
        self._renew()
        outcome = self._run(fault)
        strikes = [line for line in outcome.injected if str(self._folder) in line]
        is_on_target = bool(strikes) and len(strikes) == len(outcome.injected)
        if fault.how == KILL:
            is_on_target = outcome.was_killed
        what = f"{self.operation.name}, {fault}: {outcome.refused} {strikes}"
        assert outcome.mistakes == () or not is_on_target, f"{what}\n{outcome.mistakes[0]}"
        assert all(map(is_plain, outcome.refused)), what
        found = self.operation.found(self._folder)
        assert all(part in {old, new} for part, old, new in zip(found, self.old, self.new, strict=True)), what
        assert all(found[step] == self.new[step] for step in outcome.done), what
        if fault.how != KILL and is_on_target:
            self._expect_said(outcome, found, what)
        if not self.operation.is_silent:
            self._expect_tidy(what)
        return is_on_target

    def _expect_said(self, outcome: Outcome, found: tuple[object, ...], what: str) -> None:
        is_done = found == self.new
        assert is_done or outcome.refused or self.operation.is_silent, f"not done, and nothing said: {what}"
        assert is_done or not (self.operation.mends and outcome.done), f"not mended: {what}"

    def _expect_tidy(self, what: str) -> None:
        left = set(self._seen()) - self.visible - {one.name for one in self._start.iterdir()}
        # A journal that was there when the file was just read, and found whole, has nothing to take back.
        left = {name for name in left if not name.endswith("-journal")}
        assert not left, f"{what}: left {left}"


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_a_failing_system_call_leaves_the_old_state_or_the_new(
    operation: Operation, tmp_path: Path, context: BaseContext, program: str, promise: Promise
) -> None:
    trial = Trial(operation, tmp_path, context, program)
    struck: list[Fault] = []
    wrong: list[str] = []
    for fault in trial.faults():
        try:
            struck += [fault] if trial.expect_safe(fault) else []
        except (AssertionError, OSError, KnownError, sqlite3.Error) as error:
            wrong.append(f"{fault}: {type(error).__name__}: {error}")
    assert wrong == []
    assert struck
    kills = sum(fault.how == KILL for fault in struck)
    promise(
        "a failing system call leaves old or new state",
        f"{operation.name}: {len(struck)} faults ({kills} kills), 0 lost",
    )
