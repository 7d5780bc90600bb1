"""Making a register entry where it is wanted: from a picker, without leaving the form."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from capacity_app.domain.assessment import REGISTERS
from capacity_app.domain.problems import N_
from capacity_app.ui.bridge import Bridge

NEW_WORDS = {
    "agencies": (N_("New agency …"), N_("Name of the new agency"), N_("Add “{name}” as a new agency")),
    "people": (N_("New person …"), N_("Name of the new person"), N_("Add “{name}” as a new person")),
    "sources": (N_("New data source …"), N_("Name of the new data source"), N_("Add “{name}” as a new data source")),
    "actions": (N_("New action …"), N_("Title of the new action"), N_("Add “{name}” as a new action")),
}
"""By register: what a list offers, what the field asks for, and what stands among the matches."""


@dataclass(frozen=True, slots=True)
class EntryMaker:
    """Makes entries of one register."""

    bridge: Bridge
    register: str

    @property
    def is_able(self) -> bool:
        """Return whether entries of this register can be made by name in this file."""
        return self.register in NEW_WORDS and not self.bridge.session.is_read_only

    @contextmanager
    def made(self, name: str) -> Iterator[str]:
        """Make an entry and give its id, empty if it was refused; what is done with it is part of the same step."""
        shape: Any = REGISTERS[self.register]
        entry_id = self.bridge.session.new_id(self.register)
        names = {"title" if self.register == "actions" else "name": name}
        with self.bridge.one_step():
            yield entry_id if self.bridge.put(shape(id=entry_id, **names)) else ""
