"""Forms for ODK and KoboToolbox: made of an instrument, and read as an instrument with everything that does not fit.

A form may come from anybody, so it is looked at as every stranger’s file is. What it says is written as TOML and is
checked by the reader of all instruments, and put in place by ``questionnaire_install``.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from capacity_app import paths
from capacity_app.domain.problems import N_, KnownError, Problem, ProblemSeverity
from capacity_app.domain.questionnaire.instrument import Instrument, wording_places
from capacity_app.files.atomic import write_atomically
from capacity_app.files.private_folders import private_folder
from capacity_app.i18n.catalogues import UNREVIEWED, placeholders, question_languages
from capacity_app.questionnaires import library
from capacity_app.questionnaires.field_checks import is_id
from capacity_app.questionnaires.library import LibraryEntry
from capacity_app.questionnaires.reader import OWN_SECTION_PREFIX, read_instrument
from capacity_app.questionnaires.xlsform.export_questions import RegisterChoices
from capacity_app.questionnaires.xlsform.exporter import export_form, export_template
from capacity_app.questionnaires.xlsform.form import XlsForm, form_problems, form_workbook
from capacity_app.questionnaires.xlsform.importer import ImportedForm, import_form
from capacity_app.questionnaires.xlsform.sheet_reader import FormSheets, read_sheets
from capacity_app.services.exchange.questionnaire_install import QuestionnaireWording, ReadQuestionnaire, section_id_of
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.untrusted import inspection

UNREADABLE = N_("“{file}” cannot be read as a workbook. Open it in Excel or LibreOffice and save it again.")
NOT_AN_ID = N_("“{name}” cannot be an id: use a–z, 0–9, “-” and “_”, starting with a letter or digit.")
NOT_A_SUPPLEMENTS_ID = N_("The id of a supplement of your own begins with xx-, for example xx-geo; “{name}” does not.")
WRONG_ENDING = N_("A form is a workbook: “{file}” must end in .xlsx.")
BROKEN_QUESTIONNAIRE = N_("The questionnaire “{name}” has errors, so no form was made of it. Check it first.")
NO_LANGUAGE = N_("The questions are not worded in “{name}”, only in: {known}.")
REFUSED_BY_ODK = N_("The form would not work on phones, so it was not written: {reason}")
_PARSER_ERRORS = (ValueError, LookupError, TypeError, AttributeError, SyntaxError, OSError, ArithmeticError, EOFError)
_QUESTION = re.compile(r"\bquestion ([^, ]+)")


# -- making forms --------------------------------------------------------------------------------------------------


def read_questionnaire(wanted: str | Path, supplements: Sequence[str]) -> Instrument:
    """Read an instrument by its id or folder with supplements; raises KnownError."""
    entry = library.find_instrument(wanted, library.instrument_folders())
    instrument, _ = read_instrument(entry.folder, supplements)
    if instrument is None:
        raise KnownError(BROKEN_QUESTIONNAIRE, name=entry.id)
    return instrument


def form_registers(session: AssessmentSession) -> RegisterChoices:
    """Return the agencies and sources of an assessment, to choose from in a form."""
    dossier = session.dossier()
    return RegisterChoices(
        agencies=tuple((one.id, one.name or one.short or one.id) for one in dossier.agencies),
        sources=tuple((one.id, one.name or one.id) for one in dossier.sources),
    )


def make_form(
    instrument: Instrument, languages: Sequence[str] | None = None, registers: RegisterChoices | None = None
) -> XlsForm:
    """Make a form in the instrument's own language and these (None: all there are); raises KnownError."""
    known = question_languages(instrument)
    for name in languages or ():
        if name not in known:
            raise KnownError(NO_LANGUAGE, name=name, known=", ".join(known))
    chosen = known if languages is None else languages
    return export_form(instrument, chosen, instrument.content_hash, registers)


def template_form(name: str, title: str, *, language: str = "en", supplement_of: str = "") -> XlsForm:
    """Make a form with an example of each kind of answer, to write an instrument or a supplement; raises KnownError."""
    if not is_id(name):
        raise KnownError(NOT_AN_ID, name=name)
    base = library.find_instrument(supplement_of, library.instrument_folders()).id if supplement_of else ""
    if base and not name.startswith(OWN_SECTION_PREFIX):
        raise KnownError(NOT_A_SUPPLEMENTS_ID, name=name)
    with private_folder() as folder:
        for file in (paths.resources_folder() / "questionnaire").glob("*.toml"):
            text = file.read_text("utf-8").replace("example", name if base else "example")
            (folder / file.name).write_text(text, encoding="utf-8")
        examples, problems = read_instrument(folder)
    assert examples is not None, problems
    (section,) = examples.sections
    if base:
        asked = tuple(replace(question, tags=()) for question in section.questions)
        section = replace(section, title=title, supplement=name.upper().replace("-", "."), questions=asked)
        examples = replace(examples, concepts=())
    made = replace(examples, id=base or name, title=title, language=language, sections=(section,))
    return export_template(made, base)


def write_form(form: XlsForm, out: Path) -> None:
    """Write a form, once pyxform has made a form for phones of it; raises KnownError, then nothing was written."""
    if out.suffix.casefold() != ".xlsx":
        raise KnownError(WRONG_ENDING, file=out.name)
    content = form_workbook(form)
    for problem in form_problems(content, out.name):
        raise KnownError(REFUSED_BY_ODK, reason=dict(problem.values).get("reason", ""))
    write_atomically(out, content)


# -- reading forms -------------------------------------------------------------------------------------------------


def read_form(file: Path, wanted_id: str = "", folder: Path | None = None) -> ReadQuestionnaire:
    """Read a form with everything that does not fit; raises KnownError if it is no workbook. Nothing is changed.

    ``folder`` is where it is to be put in place, if not among the questionnaires of this person.
    """
    if wanted_id and not is_id(wanted_id):
        raise KnownError(NOT_AN_ID, name=wanted_id)
    sheets = _read_sheets(inspection.read_workbook_content(file), file)
    known = library.list_instruments(
        (*library.instrument_folders(), folder.parent) if folder else library.instrument_folders()
    )
    imported = import_form(sheets, wanted_id, file.name, known)
    if imported is None or not imported.files:
        problems = (*sheets.problems, *(imported.problems if imported else ()))
        return ReadQuestionnaire(file=file.name, files={}, instrument=None, problems=_errors_first(problems))
    if imported.base and not is_id(imported.base):
        raise KnownError(NOT_AN_ID, name=imported.base[:80])
    base = library.find_instrument(imported.base, library.instrument_folders()) if imported.base else None
    instrument, problems = _check_files(imported, base)
    own = tuple(dict.fromkeys(name.partition(".")[0] for name in imported.places)) if base else ()
    return ReadQuestionnaire(
        file=file.name,
        files=imported.files,
        instrument=instrument,
        problems=_errors_first((*_with_form_rows(problems, imported), *sheets.problems, *imported.problems)),
        wordings=tuple(_translations(imported, instrument, own)) if instrument else (),
        base=base,
        own_sections=own,
    )


def _read_sheets(content: bytes, file: Path) -> FormSheets:
    try:
        return read_sheets(content, file.name)
    except _PARSER_ERRORS as error:
        raise KnownError(UNREADABLE, file=file.name) from error


def _check_files(imported: ImportedForm, base: LibraryEntry | None) -> tuple[Instrument | None, tuple[Problem, ...]]:
    """Read the files as every instrument is read, those of a supplement with the instrument it is added to."""
    with private_folder() as folder:
        for name, text in imported.files.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        if base is not None:
            return read_instrument(base.folder, [folder / name for name in imported.files])
        heading = library.find_instrument(folder, ())
        return read_instrument(folder, [one.file for one in heading.supplements])


def _with_form_rows(problems: Iterable[Problem], imported: ImportedForm) -> Iterator[Problem]:
    """Yield problems of questions the rows of the form that ask them."""
    for problem in problems:
        found = _QUESTION.search(problem.place)
        row = imported.places.get(found[1]) if found else None
        yield replace(problem, place=f"{row}{problem.place[found.end() :]}") if found and row else problem


def _errors_first(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(dict.fromkeys(problems), key=lambda one: one.severity is not ProblemSeverity.ERROR))


def _translations(imported: ImportedForm, instrument: Instrument, own: Sequence[str]) -> Iterator[QuestionnaireWording]:
    texts = {key: text for key, text in wording_places(instrument) if not own or section_id_of(key) in own}
    for language, said in imported.wordings.items():
        entries = {key: (texts[key], text) for key, text in said.items() if key in texts}
        stale = {key for key, (text, other) in entries.items() if placeholders(text) != placeholders(other)}
        headers = {"Last-Translator": f"{UNREVIEWED}"}
        if entries:
            yield QuestionnaireWording(language=language, entries=entries, stale=frozenset(stale), headers=headers)
