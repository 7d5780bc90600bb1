"""The rows of a form's survey, in their order."""

from dataclasses import dataclass, field

from capacity_app.instruments.xlsform.form import Line


@dataclass
class Survey:
    """The rows so far; empty cells are left out."""

    lines: list[Line] = field(default_factory=list)

    def add(self, *parts: Line) -> None:
        """Add a row made of parts, of which a later one counts."""
        line: Line = {}
        for part in parts:
            line |= part
        self.lines.append({key: value for key, value in line.items() if value})

    def end(self, name: str) -> None:
        self.add({"type": "end_group", "name": name})
