"""Forms for ODK and KoboToolbox: made of an instrument, and read as an instrument with everything that does not fit.

A form may come from anybody, so it is looked at as every stranger’s file is. What it says is written as TOML and is
checked by the reader of all instruments, and put in place as a questionnaire written in a workbook is (``writing``).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from capacity_app.catalogues import UNREVIEWED, placeholders, wording_languages
from capacity_app.domain.assessment import Agency, Source
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.problems import N_, KnownError, Problem, Severity
from capacity_app.domain.wordings import wording_places
from capacity_app.instruments import library
from capacity_app.instruments.ids import is_id
from capacity_app.instruments.reader import read_instrument
from capacity_app.instruments.wire import content_hash, encode_instrument
from capacity_app.instruments.writing.places import Mistake, Spot
from capacity_app.instruments.xlsform.exporting import Registers, form_of
from capacity_app.instruments.xlsform.form import Form, form_problems, form_workbook
from capacity_app.instruments.xlsform.importing import Imported, instrument_of
from capacity_app.instruments.xlsform.sheets import Sheets, read_sheets
from capacity_app.services import guard
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.services.books.making import NOT_AN_ID
from capacity_app.services.books.places import folders
from capacity_app.services.books.reading import UNREADABLE
from capacity_app.services.private_folders import private_folder
from capacity_app.services.reporting import put_in_place
from capacity_app.services.writing import Reading, Wording

WRONG_ENDING = N_("A form is a workbook: “{file}” must end in .xlsx.")
BROKEN = N_("The questionnaire “{name}” has mistakes, so no form was made of it. Check it first.")
NO_LANGUAGE = N_("The questions are not worded in “{name}”, only in: {known}.")
REFUSED_BY_ODK = N_("The form would not work on phones, so it was not written: {reason}")
_STUMBLES = (ValueError, LookupError, TypeError, AttributeError, SyntaxError, OSError, ArithmeticError, EOFError)
_ROW = re.compile(r"(survey|choices|settings), row ([0-9]+)(?:, (.*))?")


# -- making forms --------------------------------------------------------------------------------------------------


def wanted_questions(wanted: str | Path, supplements: Sequence[str]) -> Instrument:
    """Read an instrument by its id or folder with supplements; raises KnownError."""
    entry = library.find(wanted, folders())
    instrument, problems = read_instrument(entry.folder, supplements)
    if instrument is None or any(one.severity is Severity.ERROR for one in problems):
        raise KnownError(BROKEN, name=entry.id)
    return instrument


def form_languages(instrument: Instrument) -> tuple[str, ...]:
    """Give the languages a form can have: the instrument's own first."""
    return tuple(dict.fromkeys((instrument.language, *wording_languages(instrument.id))))


def registers_of(session: AssessmentSession) -> Registers:
    """Give the agencies and sources of an assessment, to choose from in a form."""
    agencies = [one for one in session.entries("agencies") if isinstance(one, Agency)]
    sources = [one for one in session.entries("sources") if isinstance(one, Source)]
    return Registers(
        agencies=tuple((one.id, one.name or one.short or one.id) for one in agencies),
        sources=tuple((one.id, one.name or one.id) for one in sources),
    )


def form_for(
    instrument: Instrument, languages: Sequence[str] | None = None, registers: Registers | None = None
) -> Form:
    """Make a form in the instrument's own language and these (None: all there are); raises KnownError."""
    known = form_languages(instrument)
    for name in languages or ():
        if name not in known:
            raise KnownError(NO_LANGUAGE, name=name, known=", ".join(known))
    chosen = known if languages is None else languages
    return form_of(instrument, chosen, content_hash(encode_instrument(instrument)), registers)


def write_form(form: Form, out: Path) -> None:
    """Write a form, once pyxform has made a form for phones of it; raises KnownError, then nothing was written."""
    if out.suffix.casefold() != ".xlsx":
        raise KnownError(WRONG_ENDING, file=out.name)
    content = form_workbook(form)
    for problem in form_problems(content, out.name):
        raise KnownError(REFUSED_BY_ODK, reason=dict(problem.values).get("reason", ""))
    put_in_place(out, content)


# -- reading forms -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Checked:
    instrument: Instrument | None
    problems: tuple[Problem, ...]


def read_form(file: Path, wanted_id: str = "") -> Reading:
    """Read a form with everything that does not fit; raises KnownError if it is no workbook. Nothing is changed."""
    if wanted_id and not is_id(wanted_id):
        raise KnownError(NOT_AN_ID, name=wanted_id)
    sheets = _sheets(guard.expect_workbook(file), file)
    imported = instrument_of(sheets, wanted_id, file.name)
    if imported is None:
        return Reading(file=file.name, files={}, instrument=None, mistakes=_mistakes(sheets.problems))
    found = _checked(imported)
    return Reading(
        file=file.name,
        files=imported.files,
        instrument=found.instrument,
        mistakes=_mistakes((*found.problems, *sheets.problems, *imported.problems)),
        wordings=tuple(_wordings(imported, found.instrument)) if found.instrument else (),
    )


def _sheets(content: bytes, file: Path) -> Sheets:
    try:
        return read_sheets(content, file.name)
    except _STUMBLES as error:
        raise KnownError(UNREADABLE, file=file.name) from error


def _checked(imported: Imported) -> _Checked:
    """Read the files as every instrument is read."""
    with private_folder() as folder:
        for name, text in imported.files.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        heading = library.find(folder, ())
        instrument, problems = read_instrument(folder, [one.file for one in heading.supplements])
    return _Checked(instrument, problems)


def _mistakes(problems: Iterable[Problem]) -> tuple[Mistake, ...]:
    """Give problems their rows, so that they are listed as those of a workbook are: what stops it first."""
    found = [Mistake(problem, _spot(problem.place)) for problem in dict.fromkeys(problems)]
    return tuple(sorted(found, key=lambda one: (one.problem.severity is not Severity.ERROR, one.spot.row)))


def _spot(place: str) -> Spot:
    found = _ROW.fullmatch(place)
    return Spot(found[1], int(found[2]), found[3] or "") if found else Spot(place)


def _wordings(imported: Imported, instrument: Instrument) -> Iterator[Wording]:
    texts = dict(wording_places(instrument))
    for language, said in imported.wordings.items():
        entries = {key: (texts[key], text) for key, text in said.items() if key in texts}
        stale = {key for key, (text, other) in entries.items() if placeholders(text) != placeholders(other)}
        headers = {"Last-Translator": f"{UNREVIEWED}"}
        if entries:
            yield Wording(language=language, entries=entries, stale=frozenset(stale), headers=headers)
