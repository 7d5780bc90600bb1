"""No module of the program needs, by whatever way, a module that needs it: also where only types are meant."""

import ast
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

import capacity_app

PACKAGE = Path(capacity_app.__file__).parent


def test_the_import_graph_has_no_cycle() -> None:
    graph = grimp.build_graph("capacity_app", cache_dir=None)
    needs = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert len(needs) > 300
    TopologicalSorter(needs).prepare()


def test_a_cycle_would_be_found() -> None:
    with pytest.raises(CycleError):
        TopologicalSorter({"one": {"two"}, "two": {"one"}}).prepare()


def test_no_name_of_a_public_class_has_two_meanings() -> None:
    places = defaultdict(list)
    for file in PACKAGE.rglob("*.py"):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(file.name)
    assert len(places) > 500
    assert {name: files for name, files in places.items() if len(files) > 1} == {}
