"""Everything else that leaves the program, made of hostile texts: exports, comparison, blank form, synthesis, sheet.

``python -m tests.untrusted.papers FOLDER SECRET NAME…`` makes them, to be watched from outside.
"""

import dataclasses
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from capacity_app.domain.assessment.answers import clean_text
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.encryption_keys import derive_key
from capacity_app.domain.headquarters.synthesis import SynthesisTables
from capacity_app.domain.headquarters.tidy_tables import ProblemRow
from capacity_app.domain.scoring.round_comparison import compare_rounds
from capacity_app.i18n.translator import Translator
from capacity_app.services.exports import (
    ComparedRounds,
    export_archive,
    export_assessment,
    write_comparison,
    write_recovery_sheet,
)
from capacity_app.services.headquarters.synthesis import write_synthesis
from capacity_app.services.reports import blank_form_request, write_blank_form
from capacity_app.services.session.dossier_json import dossier_from_json, dossier_to_json
from capacity_app.services.session.file_writing import create_from_dossier
from tests.builders import DEVICE, open_session
from tests.domain.repository_rows import some_tables
from tests.repositories import repository_of
from tests.untrusted.payloads import Say, dossier_with, in_turn, instrument_with, payloads

_FREE = ("path", "message", "details", "other_file", "country_name", "section_title", "wording", "number",
         "title", "text", "note")  # fmt: skip
"""The columns of a repository in which people's words stand."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What papers are made of."""

    dossier: Dossier
    folder: Path
    say_it: Say
    texts: Translator = dataclasses.field(default_factory=Translator)

    def file(self) -> Path:
        """Lay out the assessment."""
        file = self.folder / "hostile.assessment"
        if not file.exists():
            # As from anybody: what may not be said anywhere is left out.
            taken, documents, _problems = dossier_from_json(dossier_to_json(self.dossier, {}))
            create_from_dossier(file, taken, documents, device=DEVICE)
        return file


def _exported(desk: Desk, out: Path) -> None:
    with open_session(desk.file(), read_only=True) as session:
        export_assessment(session, out, desk.texts)


def _everything(desk: Desk, out: Path) -> None:
    with open_session(desk.file(), read_only=True) as session:
        export_archive(session, out, desk.texts)


def _compared(desk: Desk, out: Path) -> None:
    later = replace(desk.dossier, mission=replace(desk.dossier.mission, round="2031"))
    write_comparison(ComparedRounds(desk.dossier, later, compare_rounds(desk.dossier, later)), out, desk.texts)


def _blank(desk: Desk, out: Path) -> None:
    write_blank_form(blank_form_request(desk.dossier), out, texts=desk.texts)


def _synthesis(desk: Desk, out: Path) -> None:
    repository = desk.folder / "hostile.sqlite"
    if not repository.exists():
        tables = some_tables()
        said = {
            field.name: tuple(_worded(row, desk.say_it) for row in getattr(tables, field.name))
            for field in dataclasses.fields(SynthesisTables)
            if isinstance(getattr(tables, field.name), tuple)
        }
        problems = tuple(
            ProblemRow(
                file_hash=row.file_hash, problem=1, place=desk.say_it(), severity="warning", reason=desk.say_it()
            )
            for row in tables.files[:3]
        )
        repository_of(repository, replace(tables, **said), problems=problems)
    write_synthesis(repository, out, texts=desk.texts)


def _worded(row: Any, say_it: Say) -> Any:
    if not dataclasses.is_dataclass(row):
        return row
    free = [field.name for field in dataclasses.fields(row) if field.name in _FREE and getattr(row, field.name)]
    return dataclasses.replace(row, **{name: say_it() for name in free})  # type: ignore[type-var]


def _sheet(desk: Desk, out: Path) -> None:
    mission = replace(desk.dossier.mission, country_name=desk.say_it(), round=desk.say_it())
    file = Path(desk.say_it().replace("/", "∕").replace("\0", "")[:60] + ".assessment")
    write_recovery_sheet(out, file, mission, derive_key("a passphrase", bytes(16)), desk.texts)


PAPERS: dict[str, Callable[[Desk, Path], None]] = {
    "dossier.json": _exported,
    "answers.csv": _exported,
    "workbook.xlsx": _exported,
    "everything.zip": _everything,
    "comparison.html": _compared,
    "comparison.docx": _compared,
    "comparison.json": _compared,
    "comparison.pdf": _compared,
    "form.xlsx": _blank,
    "form.pdf": _blank,
    "synthesis.xlsx": _synthesis,
    "synthesis.csv": _synthesis,
    "synthesis.pdf": _synthesis,
    "recovery.pdf": _sheet,
}
SLOW = frozenset({"comparison.pdf", "form.pdf", "synthesis.pdf", "comparison.docx"})
"""What only the long run makes."""


def main(folder: Path, canary: Path, names: Sequence[str]) -> None:
    """Make some of them."""
    said = [clean_text(text) for text in payloads(canary).values()]
    dossier = dossier_with(in_turn(said), instrument=instrument_with(in_turn(said[5:] + said[:5])))
    desk = Desk(dossier, folder, in_turn(said))
    for name in names:
        PAPERS[name](desk, folder / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
