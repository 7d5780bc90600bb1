"""What of an instrument a form can hold, so that both sides of a round trip can be compared."""

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from capacity_app.domain.conditions import Condition, Op
from capacity_app.domain.instrument import Column, Instrument, Option, Provenance, Question, Row, Section, Thresholds
from capacity_app.instruments.reader import read_instrument
from capacity_app.instruments.xlsform.exporting import form_of
from capacity_app.instruments.xlsform.form import form_workbook
from capacity_app.instruments.xlsform.importing import Imported, instrument_of
from capacity_app.instruments.xlsform.sheets import read_sheets

_SCORING = ("weight", "scored", "importance", "target", "prerequisite", "feasibility", "tags")


def held(instrument: Instrument) -> Instrument:
    """Leave out of an instrument what a form has no place for."""
    return replace(
        instrument,
        thresholds=Thresholds(),
        concepts=(),
        contradictions=(),
        codes={},
        sections=tuple(_section(section) for section in instrument.sections),
    )


def _usual(kind: type, names: tuple[str, ...]) -> dict[str, Any]:
    return {one.name: one.default for one in fields(kind) if one.name in names}


def _section(section: Section) -> Section:
    return replace(
        section, provenance=Provenance.PROJECT, introduction=section.introduction.strip(),
        **_usual(Section, ("weight",)),
        questions=tuple(_question(question) for question in section.questions),
    )  # fmt: skip


def _question(question: Question) -> Any:
    return replace(
        _field(question), provenance=Provenance.PROJECT, show_if=_plain(question.show_if), key_column="",
        **_usual(Question, _SCORING), rows=tuple(_row(row) for row in question.rows),
        columns=tuple(replace(_field(column), group="", supply=False) for column in question.columns),
    )  # fmt: skip


def _field(one: Any) -> Any:
    options = tuple(Option(id=o.id, label=o.label, exclusive=o.exclusive) for o in one.options)
    kept = {name: getattr(one, name).strip() for name in ("guidance", "text") if hasattr(one, name)}
    return replace(one, options=options, **kept, **_usual(Column, ("weight", "scored")))


def _row(row: Row) -> Row:
    return replace(
        row, provenance=Provenance.PROJECT, required={}, spare=False, guidance=row.guidance.strip(),
        **_usual(Row, ("importance", "target", "prerequisite", "tags")),
    )  # fmt: skip


def _plain(condition: Condition | None) -> Condition | None:
    """Give a condition without brackets around a single part."""
    if condition is None or condition.op in {Op.IS, Op.AT_LEAST}:
        return condition
    parts = tuple(part for part in map(_plain, condition.parts) if part is not None)
    if condition.op is not Op.NOT and len(parts) == 1:
        return parts[0]
    return replace(condition, parts=parts)


def read_back(content: bytes, folder: Path, wanted: str = "") -> tuple[Instrument, Imported]:
    """Read a form, write what it says as files, and read these."""
    sheets = read_sheets(content, "form.xlsx")
    assert sheets.tree is not None, [problem.text() for problem in sheets.problems]
    imported = instrument_of(sheets, wanted, "form.xlsx")
    assert imported is not None
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in imported.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    supplements = [name for name, text in imported.files.items() if "\nsupplement = " in text]
    instrument, problems = read_instrument(folder, supplements)
    assert instrument is not None, [f"{one.place}: {one.text()}" for one in problems]
    return instrument, imported


def there_and_back(instrument: Instrument, folder: Path, *languages: str) -> tuple[Instrument, Imported]:
    """Write an instrument as a form and read it back."""
    return read_back(form_workbook(form_of(instrument, languages, "0" * 64)), folder)
