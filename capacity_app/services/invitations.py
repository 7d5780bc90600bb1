"""Forms and letters for a visit: for each agency of the agenda a blank form of its parts and an invitation in Word."""

from collections.abc import Collection, Sequence
from pathlib import Path

from capacity_app import paths
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Agency
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.planning.action_plan import open_actions
from capacity_app.domain.planning.agenda import AgencyAgenda, Agenda, build_agenda
from capacity_app.domain.problems import N_, KnownError
from capacity_app.files.atomic import check_writable, free_file, write_atomically
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.word.letter import fill_letter, letter_values, standard_letter
from capacity_app.outputs.word.package import is_whole_word
from capacity_app.services.reports import (
    FORM_WORKBOOK,
    ProgressListener,
    blank_form_request,
    follow_up_workbook,
    is_complete_workbook,
    monotonic_progress,
    write_blank_form,
)
from capacity_app.services.session.file_writing import now
from capacity_app.services.session.opened_documents import safe_file_name
from capacity_app.services.untrusted.inspection import open_package, read_returned_content

NOT_IN_AGENDA = N_("“{name}” has no parts in the agenda. Plan a meeting with it first. Nothing was written.")
NOBODY_PLANNED = N_("No agency has parts in the agenda. Plan a meeting first. Nothing was written.")
NO_OPEN_ACTION = N_("“{name}” has no open action. Nothing was written.")
NO_OPEN_ACTIONS = N_("No agency has an open action. Plan one first. Nothing was written.")
NO_FOLDER = N_("There is no folder “{folder}”. Nothing was written.")
UNKNOWN_PLACEHOLDERS = N_(
    "The letter has placeholders that the program does not know. It left them unchanged: {names}."
)


@dataclass(frozen=True, slots=True)
class WrittenInvitations:
    """The files that were written, for which agencies, and the placeholders of the template that nobody knows."""

    files: tuple[Path, ...]
    agencies: tuple[AgencyAgenda, ...]
    unknown: tuple[str, ...]


def agenda_of(dossier: Dossier) -> Agenda:
    return build_agenda(dossier.instrument, dossier.agencies, dossier.meetings)


def chosen_agencies(agenda: Agenda, names: Collection[str]) -> tuple[AgencyAgenda, ...]:
    """Return agencies by id or short name, all with parts without any; raises KnownError where one has none."""
    if not names and not agenda.with_parts:
        raise KnownError(NOBODY_PLANNED)
    known = {key.casefold(): one for one in agenda.with_parts for key in (one.agency.short, one.agency.id) if key}
    for name in names:
        if name.casefold() not in known:
            raise KnownError(NOT_IN_AGENDA, name=name)
    wanted = {known[name.casefold()].agency.id for name in names}
    return tuple(one for one in agenda.with_parts if not names or one.agency.id in wanted)


def read_template(file: Path | None = None) -> bytes:
    """Read a template, else the office's own, else the standard letter; raises KnownError if it is no Word file."""
    file = file or paths.letter_template_file()
    if file == paths.letter_template_file() and not file.exists():
        return standard_letter()
    content = read_returned_content(file)
    with open_package(file):
        if not is_whole_word(content):
            raise KnownError(
                N_("“{file}” is not a Word file. Choose a .docx file. Nothing was written."), file=file.name
            )
    return content


def make_own_template() -> Path:
    """Copy the standard letter to where the office's own is kept, unless there is one, and return its file."""
    file = paths.letter_template_file()
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        check_writable(file)
        write_atomically(file, standard_letter(), is_whole_word)
    return file


def write_invitations(
    dossier: Dossier,
    folder: Path,
    *,
    agencies: Sequence[AgencyAgenda],
    texts: Translator,
    endings: Collection[str] = (FORM_WORKBOOK,),
    template: Path | None = None,
    sender: str = "",
    progress: ProgressListener | None = None,
) -> WrittenInvitations:
    """Write a letter and a form of each ending for each agency; no file is replaced. Raises KnownError."""
    if not folder.is_dir():
        raise KnownError(NO_FOLDER, folder=str(folder))
    letter, minutes, formatter = (
        read_template(template),
        agenda_of(dossier).minutes_by_section,
        Formatter(texts, dossier),
    )
    tell, files, unknown = monotonic_progress(progress), list[Path](), dict[str, None]()
    steps = len(agencies) * (len(endings) + 1)
    for invited in agencies:
        name = invited.agency.name or invited.agency.short or invited.agency.id
        for ending in endings:
            tell(texts.gettext("Writing the form of {agency}").format(agency=name), len(files) / steps)
            file = _free_file(folder, _stem(dossier, invited.agency, texts), texts.gettext("agency form"), ending)
            sections = tuple(section.id for section in invited.sections)
            write_blank_form(blank_form_request(dossier, sections, invited.agency.id), file, texts=texts)
            files.append(file)
        tell(texts.gettext("Writing the letter to {agency}").format(agency=name), len(files) / steps)
        values = letter_values(formatter, invited, minutes, now()[:10], sender)
        content, strange = fill_letter(letter, values, formatter)
        file = _free_file(folder, _stem(dossier, invited.agency, texts), texts.gettext("letter"), ".docx")
        check_writable(file)
        write_atomically(file, content, is_whole_word)
        files.append(file)
        unknown.update(dict.fromkeys(strange))
    tell(texts.gettext("Done"), 1.0)
    return WrittenInvitations(tuple(files), tuple(agencies), tuple(unknown))


def write_follow_ups(
    dossier: Dossier, folder: Path, *, texts: Translator, agencies: Collection[str] = ()
) -> tuple[Path, ...]:
    """Write a workbook for each agency with open actions, of some agencies (id or short name) if asked.

    No file is replaced. Raises KnownError.
    """
    if not folder.is_dir():
        raise KnownError(NO_FOLDER, folder=str(folder))
    wanted = {name.casefold() for name in agencies}
    asked = [one for one in dossier.agencies if open_actions(dossier.actions, one.id)]
    known = {name.casefold() for one in asked for name in (one.id, one.short)}
    for name in agencies:
        if name.casefold() not in known:
            raise KnownError(NO_OPEN_ACTION, name=name)
    if not asked:
        raise KnownError(NO_OPEN_ACTIONS)
    files: list[Path] = []
    for agency in asked:
        if wanted and not wanted & {agency.id.casefold(), agency.short.casefold()}:
            continue
        file = _free_file(folder, _stem(dossier, agency, texts), texts.gettext("follow-up"), FORM_WORKBOOK)
        check_writable(file)
        write_atomically(file, follow_up_workbook(dossier, agency, texts), is_complete_workbook)
        files.append(file)
    return tuple(files)


def _stem(dossier: Dossier, agency: Agency, texts: Translator) -> str:
    mission = dossier.mission
    parts = (mission.country, mission.round, agency.short or agency.name or agency.id, texts.language)
    return "-".join("-".join(part.split()) for part in parts if part)


def _free_file(folder: Path, stem: str, kind: str, ending: str) -> Path:
    """Return a name that is not taken: a form there may have been filled in."""
    kind = "-".join(kind.split())
    return free_file(folder / safe_file_name(f"{stem}-{kind}{ending}"))
