"""Making assessments for the window: everything that neither the start page nor an open assessment needs."""

from dataclasses import replace
from pathlib import Path

from capacity_app.domain.encryption_keys import EncryptionKey
from capacity_app.domain.problems import N_, KnownError, ProblemSeverity
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.i18n.translator import Translator
from capacity_app.questionnaires import library
from capacity_app.questionnaires.reader import read_instrument
from capacity_app.services.session.file_writing import create_assessment
from capacity_app.services.session.next_round import create_next_round, next_mission
from capacity_app.ui.pages.deliver.blank_form import BlankFormPage, OpenAssessment
from capacity_app.ui.pages.headquarters.headquarters_page import HeadquartersPage
from capacity_app.ui.pages.questionnaires.questionnaires_page import QuestionnairesPage
from capacity_app.ui.pages.start.new_assessment import NewAssessment, NewAssessmentPage
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.shell.workspace import Workspace

_INSTRUMENT_MISTAKES = N_(
    "This instrument has mistakes and cannot be used: {problem} Mend them, or choose another one."
)


def make_new_assessment_page(texts: Translator, settings: Settings, device: str) -> NewAssessmentPage:
    """Return the form for a new assessment, with the instruments and the recent assessments of this computer."""
    instruments = library.list_instruments(library.instrument_folders())
    return NewAssessmentPage(
        texts, instruments, settings.author, settings.folder, recent=settings.recent(), device=device
    )


def make_blank_form_page(texts: Translator, settings: Settings, workspace: Workspace | None) -> BlankFormPage:
    """Return the page for a blank form: of the open assessment, else of an instrument of this computer."""
    instruments = library.list_instruments(library.instrument_folders())
    opened = OpenAssessment(workspace.controller, workspace.state, workspace.title) if workspace else None
    return BlankFormPage(texts, settings, instruments, opened)


def make_headquarters_page(texts: Translator, settings: Settings) -> HeadquartersPage:
    return HeadquartersPage(texts, settings)


def make_library_page(texts: Translator, settings: Settings) -> QuestionnairesPage:
    return QuestionnairesPage(texts, settings)


def usable_instrument(wanted: NewAssessment, texts: Translator) -> Instrument:
    """Read the instrument a form asks for; raises KnownError with its first mistake."""
    if isinstance(wanted.instrument, Instrument):
        return wanted.instrument
    instrument, problems = read_instrument(wanted.instrument.folder, wanted.supplements)
    errors = [problem for problem in problems if problem.severity is ProblemSeverity.ERROR]
    if instrument is None or errors:
        first = f"{errors[0].place}: {errors[0].text(texts.gettext)}" if errors else ""
        raise KnownError(_INSTRUMENT_MISTAKES, problem=first)
    return instrument


def make_assessment(wanted: NewAssessment, texts: Translator, device: str) -> EncryptionKey | None:
    """Make the file a form asks for and give its key, None for a plain one.

    Raises KnownError, in particular if there is such a file already. The next round is protected like the earlier one,
    if no other passphrase is wanted.
    """
    key = _key_for(wanted)
    instrument = usable_instrument(wanted, texts)
    if wanted.earlier is not None:
        # Project and weights come from the earlier round; what the form asks for, from the form.
        mission = replace(
            next_mission(wanted.earlier.mission, wanted.mission.round, instrument),
            country=wanted.mission.country,
            m49=wanted.mission.m49,
            country_name=wanted.earlier.mission.country_name or wanted.mission.country_name,
            language=wanted.mission.language,
        )
        create_next_round(
            wanted.file,
            wanted.earlier,
            instrument,
            mission,
            with_actions=wanted.with_actions,
            author=wanted.author,
            device=device,
            key=key,
        )
        return key
    create_assessment(wanted.file, instrument, wanted.mission, author=wanted.author, device=device, key=key)
    return key


def _key_for(wanted: NewAssessment) -> EncryptionKey | None:
    if not wanted.passphrase:
        return wanted.earlier_key
    from capacity_app.services.protection import key_from_passphrase  # noqa: PLC0415 - few files are protected

    return key_from_passphrase(wanted.passphrase)


def make_demonstration(file: Path, device: str) -> None:
    """Make the demonstration unless the file is there; raises KnownError."""
    from capacity_app.services.session.demonstration import create_demonstration  # noqa: PLC0415 - only this needs it

    if not file.exists():
        create_demonstration(file, device=device)
