"""What a workbook holds: the files it would become, checked as every questionnaire is, and all mistakes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from capacity_app.domain.instrument import Instrument
from capacity_app.domain.problems import N_, KnownError, Problem, Severity
from capacity_app.instruments import library
from capacity_app.instruments.files import HEAD
from capacity_app.instruments.library import Entry
from capacity_app.instruments.reader import read_instrument
from capacity_app.instruments.writing import layout
from capacity_app.instruments.writing.places import Mistake, Mistakes, Spot, located
from capacity_app.instruments.writing.reader import Draft, Grid, is_ours, read_draft
from capacity_app.instruments.writing.toml import toml_text
from capacity_app.services import guard
from capacity_app.services.books.places import ID, folders
from capacity_app.services.books.wordings import Wording, wordings_of
from capacity_app.services.private_folders import private_folder

NOT_OURS = N_(
    "“{file}” is no workbook of a questionnaire: it has no sheets “Instrument” and “Questions”. Start from a template."
)
UNREADABLE = N_("“{file}” cannot be read as a workbook: open it in Excel or LibreOffice and save it anew.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a workbook holds: the files it would become, the instrument if there is no mistake, and all mistakes."""

    file: str
    files: Mapping[str, str]
    instrument: Instrument | None
    mistakes: tuple[Mistake, ...]
    wordings: tuple[Wording, ...] = ()
    base: Entry | None = None
    own_sections: tuple[str, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The mistakes as problems, placed in the workbook."""
        return tuple(mistake.problem for mistake in self.mistakes)

    @property
    def has_errors(self) -> bool:
        """Whether the questionnaire cannot be used yet."""
        return self.instrument is None or any(one.severity is Severity.ERROR for one in self.problems)

    @property
    def name(self) -> str:
        """The id of the questionnaire, also of the one that a supplement is added to."""
        return self.instrument.id if self.instrument else ""


def read_book(file: Path) -> Reading:
    """Read a workbook with all its mistakes; raises KnownError if it is no questionnaire at all. Nothing is changed."""
    return reading_of(grids_of(file), file.name)


def grids_of(file: Path) -> list[Grid]:
    """Give the cells of a workbook; raises KnownError with one sentence."""
    from capacity_app.workbook.reader.sheets import open_book  # noqa: PLC0415 - only who reads one needs the libraries

    content = guard.expect_workbook(file)
    try:
        book = open_book(content, is_careful=True)
        if not is_ours(book.names):
            raise KnownError(NOT_OURS, file=file.name)
        sheets = [book.sheet(name) for name in book.names]
        return [Grid(sheet.name, sheet.rows, sheet.odd) for sheet in sheets]
    except (ValueError, LookupError, TypeError, AttributeError, SyntaxError, OSError) as error:
        raise KnownError(UNREADABLE, file=file.name) from error


def reading_of(grids: Sequence[Grid], file: str) -> Reading:
    """Read the cells of a workbook; the files it becomes are checked as every instrument is."""
    if not is_ours(grid.name for grid in grids):
        raise KnownError(NOT_OURS, file=file)
    draft = read_draft(grids)
    texts = {name: toml_text(tables) for name, tables in draft.files.items()}
    base = _base(draft)
    with private_folder() as folder:
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        instrument, problems = _checked(folder, draft, base)
    mistakes = Mistakes(list(draft.mistakes.found), draft.mistakes.left_out)
    told = {(one.spot.sheet, one.spot.row) for one in mistakes.found if one.problem.severity is Severity.ERROR}
    # What could not be read from a line is missing in TOML; that need not be told a second time.
    found = [one for one in located(problems, draft.spots) if not _is_echo(one, told)]
    own = _own_sections(draft)
    wordings = wordings_of(draft, own, instrument, mistakes) if instrument else ()
    if mistakes.has_errors():
        instrument = None
    everything = dict.fromkeys((*mistakes.found, *found))
    return Reading(
        file=file,
        files=texts,
        instrument=instrument,
        mistakes=tuple(sorted(everything, key=_order)),
        wordings=wordings,
        base=base,
        own_sections=own,
    )


def _own_sections(draft: Draft) -> tuple[str, ...]:
    tables = (draft.files[name].get("section") for name in draft.own_files)
    return tuple(str(table.get("id", "")) for table in tables if isinstance(table, dict))


def _is_echo(mistake: Mistake, told: set[tuple[str, int]]) -> bool:
    is_missing = mistake.problem.code in {"instrument.missing-key", "instrument.empty-section", "instrument.anchors"}
    return is_missing and (mistake.spot.sheet, mistake.spot.row) in told


def _order(mistake: Mistake) -> tuple[bool, int, int]:
    names = (layout.INSTRUMENT, *layout.SHEET, layout.TRANSLATIONS)
    place = names.index(mistake.spot.sheet) if mistake.spot.sheet in names else len(names)
    return mistake.problem.severity is not Severity.ERROR, place, mistake.spot.row


def _base(draft: Draft) -> Entry | None:
    if not draft.base:
        return None
    try:
        return library.find(draft.base, folders()) if ID.fullmatch(draft.base) else None
    except KnownError:
        return None


def _checked(folder: Path, draft: Draft, base: Entry | None) -> tuple[Instrument | None, tuple[Problem, ...]]:
    if not draft.base:
        names = draft.files[HEAD]["instrument"]
        assert isinstance(names, dict), "made as a table"
        return read_instrument(folder, names.get("supplements", ()))
    if base is None:
        message = N_("There is no questionnaire “{name}” on this computer that these questions could be added to.")
        spot = draft.spots.facts.get(layout.SUPPLEMENT_OF, Spot(layout.INSTRUMENT))
        draft.mistakes.note("writing.no-base", spot, message, N_("Write the id of one that is here."), name=draft.base)
        return None, ()
    return read_instrument(base.folder, [folder / name for name in draft.own_files])
