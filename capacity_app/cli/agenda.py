"""The command agenda: print which agency answers which parts when, or write forms and letters for them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from capacity_app.cli.options import (
    FILE,
    add_option,
    as_json_option,
    command,
    file_argument,
    language_option,
    progress_option,
)
from capacity_app.cli.terminal import (
    open_assessment,
    print_done,
    print_json,
    print_result,
    progress_printer,
    report_errors,
    say,
    say_written,
)
from capacity_app.domain.planning.agenda import LONG_DAY, Agenda, AgendaDay, PlannedMeeting
from capacity_app.domain.problems import N_
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.services.invitations import (
    UNKNOWN_PLACEHOLDERS,
    WrittenInvitations,
    agenda_of,
    chosen_agencies,
    write_follow_ups,
    write_invitations,
)
from capacity_app.services.reports import ProgressListener
from capacity_app.services.session.assessment_session import AssessmentSession

_FORMS = {"xlsx": (".xlsx",), "pdf": (".pdf",), "both": (".xlsx", ".pdf")}


def agenda_data(agenda: Agenda) -> dict[str, Any]:
    """Return the agenda for other programs, under the names the README documents."""
    return {
        "minutes": agenda.minutes,
        "days": [_day_data(day) for day in agenda.days],
        "agencies": [
            {
                "agency": one.agency.id,
                "sections": [section.id for section in one.sections],
                "meetings": [planned.meeting.id for planned in one.meetings],
                "has_current_form": one.has_current_form,
            }
            for one in agenda.agencies
        ],
        "sections": agenda.minutes_by_section,
        "unplanned": [section.id for section in agenda.unplanned],
    }


def _day_data(day: AgendaDay) -> dict[str, Any]:
    return {
        "date": day.date,
        "minutes": day.minutes,
        "is_long": day.is_long,
        "clashes": list(day.clashes),
        "meetings": [
            {
                "id": one.meeting.id,
                "start": one.meeting.start,
                "agencies": list(one.meeting.agencies),
                "sections": [section.id for section in one.sections],
                "minutes": one.minutes,
                "place": one.meeting.place,
            }
            for one in day.meetings
        ],
    }


def _lines(formatter: Formatter, agenda: Agenda) -> Iterator[str]:
    texts = formatter.texts
    for day in agenda.days:
        head = texts.weekday(day.date) if day.date else texts.gettext("No date yet")
        yield f"{head}  {texts.duration(day.minutes)}"
        yield from (f"  {_meeting_line(formatter, one)}" for one in day.meetings)
        if day.is_long:
            limit = texts.duration(LONG_DAY)
            yield "  ! " + texts.gettext("The questions of this day take more than {time}.").format(time=limit)
        for agency in day.clashes:
            sentence = texts.gettext("{agency} has two meetings at the same time.")
            yield "  ! " + sentence.format(agency=formatter.agency(agency))
    if agenda.unplanned:
        numbers = texts.listed(section.number for section in agenda.unplanned)
        yield texts.gettext("Not planned yet: {parts}").format(parts=numbers)


def _meeting_line(formatter: Formatter, planned: PlannedMeeting) -> str:
    agencies = formatter.texts.listed(map(formatter.agency, planned.meeting.agencies))
    numbers = ", ".join(section.number for section in planned.sections) or planned.meeting.title
    length = formatter.texts.duration(planned.minutes) if planned.minutes else "–"
    return f"{planned.meeting.start or '–':<5}  {length:>10}  {agencies}: {numbers}"


@command()
@file_argument()
@add_option(
    "--write", "folder", type=FILE, help=N_("Write an agency form and a letter for each agency into this folder.")
)
@add_option(
    "--agency",
    "agencies",
    multiple=True,
    help=N_("With --write: only this agency, by its id or short name. May be repeated."),
)
@language_option(N_("Language of forms and letters; the assessment's own if left out."))
@add_option(
    "--form",
    type=click.Choice(tuple(_FORMS)),
    default="xlsx",
    show_default=True,
    help=N_("Write agency forms as workbooks, as PDF files to print, or both."),
)
@add_option("--template", type=FILE, help=N_("A Word file with placeholders, instead of the letter you always use."))
@add_option("--sender", default="", help=N_("The name under the letters."))
@as_json_option
@progress_option
def agenda(
    texts: Translator, file: Path, *, folder: Path | None, as_json: bool, progress: bool,
    **wanted: Any,  # noqa: ANN401 - those of ``_write``
) -> None:  # fmt: skip
    # The window has the file open, and records itself what was written.
    read_only = folder is None or progress
    with report_errors(texts, is_for_window=progress), open_assessment(file, read_only=read_only) as session:
        if folder is None:
            formatter = Formatter(texts, session.dossier())
            found = agenda_of(formatter.dossier)
            print_result(agenda_data(found), lambda: say("\n".join(_lines(formatter, found))), as_json=as_json)
            return
        written = _write(session, folder, progress_printer(progress), **wanted)
    unknown = texts.gettext(UNKNOWN_PLACEHOLDERS).format(names=", ".join(written.unknown)) if written.unknown else ""
    if progress:
        print_done(folder, note=unknown)
    elif as_json:
        print_json({"files": list(map(str, written.files)), "unknown": list(written.unknown)})
    else:
        for one in written.files:
            say_written(texts, one)
        if unknown:
            say(unknown)


@command()
@file_argument()
@click.argument("folder", type=FILE)
@add_option(
    "--agency", "agencies", multiple=True, help=N_("Only this agency, by its id or short name. May be repeated.")
)
@language_option(N_("Language of the workbooks; the assessment's own if left out."))
@as_json_option
def follow_up(
    texts: Translator, file: Path, folder: Path, *, agencies: tuple[str, ...], language: str, as_json: bool
) -> None:
    with report_errors(texts, is_for_window=False), open_assessment(file) as session:
        own = Translator(language or session.mission.language)
        files = write_follow_ups(session.dossier(), folder, texts=own, agencies=agencies)

    def show() -> None:
        for one in files:
            say_written(texts, one)

    print_result({"files": list(map(str, files))}, show, as_json=as_json)


def _write(
    session: AssessmentSession,
    folder: Path,
    tell: ProgressListener | None,
    *,
    agencies: tuple[str, ...],
    language: str,
    form: str,
    template: Path | None,
    sender: str,
) -> WrittenInvitations:
    """Write forms and letters, and record for which parts, unless the window does that."""
    dossier = session.dossier()
    written = write_invitations(
        dossier,
        folder,
        agencies=chosen_agencies(agenda_of(dossier), agencies),
        texts=Translator(language or dossier.mission.language),
        endings=_FORMS[form],
        template=template,
        sender=sender,
        progress=tell,
    )
    if not session.is_read_only:
        for one in written.agencies:
            session.put(replace(one.agency, form_sections=tuple(section.id for section in one.sections)))
    return written
