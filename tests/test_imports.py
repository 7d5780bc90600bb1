"""No module of the program needs, by whatever way, a module that needs it: also where only types are meant."""

from graphlib import CycleError, TopologicalSorter

import grimp
import pytest


def test_the_import_graph_has_no_cycle() -> None:
    graph = grimp.build_graph("capacity_app", cache_dir=None)
    needs = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert len(needs) > 300
    TopologicalSorter(needs).prepare()


def test_a_cycle_would_be_found() -> None:
    with pytest.raises(CycleError):
        TopologicalSorter({"one": {"two"}, "two": {"one"}}).prepare()
