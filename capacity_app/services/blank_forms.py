"""The blank form: an instrument to be filled in by hand, as PDF, or at a computer, as workbook; no answers in either.

A form for one ministry holds only some parts; both kinds keep numbers and addresses, so that intake places the answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from capacity_app.bilingual import TwoWordings
from capacity_app.domain.appraisal import appraise
from capacity_app.domain.assessment import Agency, Mission
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.privacy import Profile
from capacity_app.domain.problems import N_, KnownError
from capacity_app.files.atomic import check_writable, write_atomically
from capacity_app.report.form.pdf import render_form
from capacity_app.report.form.questionnaire import chosen_sections, form_view
from capacity_app.services.printed_content import content_block
from capacity_app.services.reporting import Progress, is_whole_pdf, onward
from capacity_app.texts import Texts
from capacity_app.wording import Wording
from capacity_app.workbook.writer import appraised_bytes, is_whole_workbook

PDF, WORKBOOK = ".pdf", ".xlsx"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """What a blank form is made from.

    ``sections`` are numbers or ids of parts ("III"), all without any; ``agency`` is the id of the one it is sent to.
    """

    instrument: Instrument
    mission: Mission = field(default_factory=Mission)
    agencies: tuple[Agency, ...] = ()
    sections: tuple[str, ...] = ()
    agency: str = ""


def blank_of(dossier: Dossier, sections: Sequence[str] = (), agency: str = "") -> Blank:
    """Make a blank form of an assessment: its questions, country, round and agencies, and none of its answers."""
    mission = dossier.mission
    named = Mission(
        country=mission.country,
        m49=mission.m49,
        country_name=mission.country_name,
        round=mission.round,
        language=mission.language,
    )
    return Blank(
        instrument=dossier.instrument,
        mission=named,
        agencies=dossier.agencies,
        sections=tuple(sections),
        agency=agency,
    )


def _agency(blank: Blank) -> Agency | None:
    """Find the agency a form is sent to, by id or short name; raises KnownError."""
    if not blank.agency:
        return None
    wanted = blank.agency.casefold()
    found = next((one for one in blank.agencies if wanted in {one.id.casefold(), one.short.casefold()}), None)
    if found is None:
        known = ", ".join(agency.id for agency in blank.agencies) or "–"
        raise KnownError(N_("There is no agency “{name}”. Known are: {known}."), name=blank.agency, known=known)
    return found


def _dossier(blank: Blank, texts: Texts) -> Dossier:
    """Make an assessment without answers; agencies are there to be named, nobody in them is."""
    mission = blank.mission
    if mission.m49 and not mission.country_name:
        mission = replace(mission, country_name=texts.country(mission.m49))
    agencies = tuple(Agency(id=one.id, name=one.name, short=one.short, kind=one.kind) for one in blank.agencies)
    return Dossier(id="", instrument=blank.instrument, mission=mission, agencies=agencies)


def _words(dossier: Dossier, texts: Texts, second: Texts | None) -> Wording:
    return TwoWordings(texts, dossier, second) if second else Wording(texts, dossier)


def _pdf(blank: Blank, texts: Texts, second: Texts | None, tell: Progress) -> bytes:
    words = _words(_dossier(blank, texts), texts, second)
    sections = chosen_sections(blank.instrument, blank.sections)
    return render_form(form_view(words, sections, _agency(blank)), texts, lambda s, share: tell(s, 0.95 * share))


def _workbook(blank: Blank, texts: Texts, second: Texts | None, tell: Progress) -> bytes:
    _agency(blank)
    dossier = _dossier(blank, texts)
    kept = replace(blank.instrument, sections=chosen_sections(blank.instrument, blank.sections))
    appraisal = appraise(replace(dossier, instrument=kept), Profile.NO_SCORES)
    # What nobody has been asked yet is no gap.
    asked = replace(appraisal, gaps=(), to_verify=())
    tell(texts.gettext("Writing the sheets"), 0.3)
    # Words and hash are those of the whole instrument: conditions name questions of other parts too.
    content = content_block(
        dossier, texts, second, profile=asked.profile, content_hash=asked.content_hash, sections=blank.sections
    )
    return appraised_bytes(asked, _words(dossier, texts, second), content)


_KINDS = {PDF: (_pdf, is_whole_pdf), WORKBOOK: (_workbook, is_whole_workbook)}


def blank_bytes(
    blank: Blank, suffix: str, *, texts: Texts, second: Texts | None = None, progress: Progress | None = None
) -> bytes:
    """Make a blank form in memory, by the ending a file would have: .pdf or .xlsx; raises KnownError."""
    found = _KINDS.get(suffix.lower())
    if found is None:
        raise KnownError(N_("A blank form ends in {endings}; {file} does not."), endings=", ".join(_KINDS), file=suffix)
    return found[0](blank, texts, second, onward(progress))


def write_blank_form(
    blank: Blank, destination: Path, *, texts: Texts, second: Texts | None = None, progress: Progress | None = None
) -> None:
    """Write a blank form by the file's ending: .pdf or .xlsx.

    ``second`` is a language that stands beside the first; ``progress`` hears what is being done and
    a share of 0 to 1. Raises KnownError for anything the person can mend; then an old file is as it was.
    """
    tell = onward(progress)
    suffix = destination.suffix.lower()
    if suffix not in _KINDS:
        raise KnownError(
            N_("A blank form ends in {endings}; {file} does not."), endings=", ".join(_KINDS), file=destination.name
        )
    check_writable(destination)
    content = blank_bytes(blank, suffix, texts=texts, second=second, progress=tell)
    tell(texts.gettext("Checking and saving the file"), 0.97)
    write_atomically(destination, content, _KINDS[suffix][1])
    tell(texts.gettext("Done"), 1.0)
