"""Prints what a screen reader sees of our program as JSON lines; run by Debian's Python, which has AT-SPI's library."""

import json
import time

import gi  # type: ignore[import-untyped, import-not-found, unused-ignore]

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # type: ignore[import-untyped, import-not-found, unused-ignore]  # noqa: E402 - version first

_STATES = {name: getattr(Atspi.StateType, name) for name in ("SHOWING", "FOCUSED", "FOCUSABLE", "CHECKED", "SELECTED")}
_MOST_CHILDREN = 400
_PATIENCE = 30.0


def label_of(node: Atspi.Accessible) -> str:
    """Return the label that names something; Qt gives a combo box only what is chosen as a name."""
    relations = (one for one in node.get_relation_set() if one.get_relation_type() == Atspi.RelationType.LABELLED_BY)
    return next((str(one.get_target(0).get_name()) for one in relations), "")


def describe(node: Atspi.Accessible) -> dict[str, object]:
    text = node.get_text_iface()
    value = node.get_value_iface()
    states = node.get_state_set()
    role = node.get_role_name()
    return {
        "role": role,
        "name": label_of(node) if role == "combo box" else node.get_name(),
        "description": node.get_description(),
        "text": Atspi.Text.get_text(text, 0, -1) if text is not None else "",
        "value": Atspi.Value.get_current_value(value) if value is not None else None,
        "states": [name for name, state in _STATES.items() if states.contains(state)],
    }


def print_below(node: Atspi.Accessible, parents: tuple[str, ...]) -> None:
    """Print one object and everything in it that is shown."""
    found = describe(node)
    if parents and "SHOWING" not in found["states"]:  # type: ignore[operator]
        return
    print(json.dumps({**found, "parents": parents}), flush=True)  # noqa: T201 - the test reads it
    inside = (*parents, f"{found['role']} {found['name']}")
    for index in range(min(node.get_child_count(), _MOST_CHILDREN)):
        child = node.get_child_at_index(index)
        if child is not None:
            print_below(child, inside)


def main() -> None:
    """Print the objects of the one program that is on the bus."""
    Atspi.init()
    desktop = Atspi.get_desktop(0)
    deadline = time.monotonic() + _PATIENCE
    while desktop.get_child_count() == 0 and time.monotonic() < deadline:
        time.sleep(0.1)
    for index in range(desktop.get_child_count()):
        program = desktop.get_child_at_index(index)
        for child in range(program.get_child_count()):
            print_below(program.get_child_at_index(child), ())


if __name__ == "__main__":
    main()
