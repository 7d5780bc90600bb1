"""Compile the program's PO files while it is built or installed: gettext reads MO files, which git does not hold."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDER = "resources/translations"


class CatalogueHook(BuildHookInterface[Any]):
    """Write a MO file beside each PO file of the program, and add them to the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        for file in sorted(Path(self.root, FOLDER).glob("*/LC_MESSAGES/*.po")):
            with file.open("rb") as source, file.with_suffix(".mo").open("wb") as compiled:
                write_mo(compiled, read_po(source, abort_invalid=True))
        build_data["artifacts"].append(f"/{FOLDER}/*/LC_MESSAGES/*.mo")
