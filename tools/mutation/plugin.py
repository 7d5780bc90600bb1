"""How the tests are run against mutants: quickest first, few examples of each law, nothing remembered.

Loaded by ``-p`` from the copy that is mutated; only there.
"""

import os
import signal
import sys
from collections.abc import Generator, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, settings
from mutmut.state import state

MOST_EXAMPLES = 25
LEAST_SECONDS, MOST_TIMES = 20.0, 20.0

settings.register_profile(
    "mutation", deadline=None, derandomize=True, database=None, phases=(Phase.explicit, Phase.generate)
)


def pytest_configure(config: pytest.Config) -> None:
    """Give every process a temporary folder of its own: two that tidy up one seem to notice mutants."""
    folder = TemporaryDirectory(prefix="mutant-", ignore_cleanup_errors=True)
    os.environ["PYTEST_DEBUG_TEMPROOT"] = folder.name
    config.add_cleanup(folder.cleanup)


def pytest_sessionstart() -> None:
    """Forget what functions remember from the process that every mutant's process is a copy of."""
    for name, module in list(sys.modules.items()):
        if name.startswith("capacity_app."):
            for kept in vars(module).values():
                forget = getattr(kept, "cache_clear", None)
                if callable(forget):
                    forget()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what is quick to notice."""
    _few_examples(items)
    items.sort(key=lambda item: state().duration_by_test.get(item.nodeid, 0))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """End a test that takes far longer than without a mutant: it would never end."""
    usual = state().duration_by_test.get(item.nodeid, 0)
    signal.signal(signal.SIGALRM, _give_up)
    signal.setitimer(signal.ITIMER_REAL, max(LEAST_SECONDS, MOST_TIMES * usual) if usual else 0)
    try:
        return (yield)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _give_up(_signal: int, _frame: object) -> None:
    pytest.fail("this mutant hangs")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown() -> None:
    """Count what a child process reached as reached by the test that started it."""
    for place in Path(os.environ["REACHED_FOLDER"]).iterdir():
        state()._stats.update(place.read_text(encoding="utf-8").split())
        place.unlink()


def _few_examples(items: Iterable[pytest.Item]) -> None:
    for item in items:
        test = getattr(item, "obj", None)
        own: settings | None = getattr(test, "_hypothesis_internal_use_settings", None)
        if test is not None and own is not None and own.max_examples > MOST_EXAMPLES:
            test._hypothesis_internal_use_settings = settings(own, max_examples=MOST_EXAMPLES)
