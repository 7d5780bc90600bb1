"""The next round of an assessment: what the earlier one hands over, and what it only offers.

Handed over: country, language, project, section weights and the profile (selection of questions), agencies, people and
data sources, each under its id; open actions with their progress, if one wishes. Not handed over: meetings,
validations, evidence, ratings, purpose, method, status and team, which belong to the earlier visit, and answers: the
previous round is kept whole in the new file, and its answers are offered to be confirmed
(``domain.scoring.round_comparison``). Nothing of it counts as given.
"""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from capacity_app.domain.assessment.answer_rules import check_content, effective_answer, locate
from capacity_app.domain.assessment.answers import AnswerKey, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.references import is_place
from capacity_app.domain.assessment.registers import Action, ActionProgress, Mission
from capacity_app.domain.encryption_keys import NO_KEYS, EncryptionKey, Keyring
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.domain.scoring.answer_sheet import lay_out
from capacity_app.domain.scoring.round_comparison import GIVEN_STATES, are_comparable, find_carried_forward
from capacity_app.questionnaires.library import LibraryEntry, version_key
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.dossier_json import dossier_from_json
from capacity_app.services.session.file_writing import create_from_dossier
from capacity_app.services.untrusted import inspection

OTHER_COUNTRY = N_("The previous round is about {theirs}, this assessment about {ours}: choose another file.")
SAME_ROUND = N_("The previous round is of {round} too. Name this round differently, or choose an earlier one.")
SAME_ASSESSMENT = N_("An assessment cannot be its own previous round. Choose another file.")
_UNFINISHED = frozenset({ActionProgress.PLANNED, ActionProgress.STARTED})


@dataclass(frozen=True, slots=True)
class CarriedAnswerCounts:
    """Where the answers of the previous round are: given = waiting + later + unfit.

    ``waiting`` are offered at once, ``later`` once a question they hang on is answered; ``unfit`` have no place in the
    instrument of the new round, or are no longer allowed there. Places in conflict were not settled and do not count.
    """

    given: int
    waiting: int
    later: int
    unfit: int


def read_previous_round(file: Path, device: str = "", keys: Keyring = NO_KEYS) -> Dossier:
    """Read a previous round from an .assessment file, protected or not, or a .json dossier; raises KnownError."""
    if file.suffix.casefold() == ".json":
        return dossier_from_json(inspection.read_dossier_text(file))[0]
    with AssessmentSession(file, device=device, read_only=True, keys=keys) as session:
        return session.dossier()


def answered_share(dossier: Dossier) -> Fraction:
    """Return how much of an assessment is answered, 0 to 1."""
    return lay_out(dossier.instrument, dossier.by_address).counts.share


def supplement_ids(instrument: Instrument) -> tuple[str, ...]:
    return tuple(dict.fromkeys(section.supplement for section in instrument.sections if section.supplement))


def continuing_questionnaire(earlier: Instrument, entries: Iterable[LibraryEntry]) -> LibraryEntry | None:
    """Choose what continues an instrument among those of this computer: the newest that answers can be compared with.

    None if none has the same supplements: then the previous round's own instrument goes on.
    """
    wanted, version = set(supplement_ids(earlier)), version_key(earlier.version)
    fitting = [
        entry
        for entry in entries
        if entry.id == earlier.id
        and version_key(entry.version)[:1] == version[:1]
        and version_key(entry.version) >= version
        and wanted <= {supplement.id for supplement in entry.supplements}
    ]
    return max(fitting, key=lambda entry: version_key(entry.version), default=None)


def count_carried_answers(earlier: Dossier, instrument: Instrument) -> CarriedAnswerCounts:
    """Count where the settled answers of a previous round are in an empty assessment of an instrument."""
    waiting = (
        find_carried_forward(lay_out(instrument, {}), earlier) if are_comparable(earlier.instrument, instrument) else {}
    )
    given = later = 0
    for address, said in earlier.by_address.items():
        target = locate(earlier.instrument, address)
        found = effective_answer(said, target.field if target else None)
        if found.state not in GIVEN_STATES:
            continue
        given += 1
        content = Content(state=found.state, value=found.value, reason=found.reason)
        is_allowed = are_comparable(earlier.instrument, instrument) and (
            check_content(instrument, AnswerKey(address), content)[1] is None
        )
        later += is_allowed and address not in waiting
    return CarriedAnswerCounts(given, len(waiting), later, given - len(waiting) - later)


def open_actions(earlier: Dossier, instrument: Instrument) -> tuple[Action, ...]:
    """Return the actions that are not finished, without gaps and conditions that the new round does not know."""
    found = tuple(action for action in earlier.actions if action.progress in _UNFINISHED)
    there = {action.id for action in found}
    return tuple(
        replace(
            action,
            gaps=tuple(gap for gap in action.gaps if is_place(instrument, gap)),
            depends_on=tuple(one for one in action.depends_on if one in there),
        )
        for action in found
    )


def next_mission(earlier: Mission, round_name: str, instrument: Instrument) -> Mission:
    """Return the mission of the next round: the country and what stays comparable, nothing of the earlier visit."""
    sections = {section.id for section in instrument.sections}
    return Mission(
        country=earlier.country,
        m49=earlier.m49,
        country_name=earlier.country_name,
        round=round_name,
        language=earlier.language,
        project=earlier.project,
        profile=earlier.profile if earlier.profile in {one.id for one in instrument.profiles} else "",
        weights=tuple(weight for weight in earlier.weights if weight.partition("=")[0] in sections),
    )


def next_round(earlier: Dossier, instrument: Instrument, mission: Mission, actions: Iterable[Action] = ()) -> Dossier:
    """Return the new assessment; raises KnownError if it is about another country or the same round."""
    expect_previous_round(earlier, mission)
    return Dossier(
        id="",
        instrument=instrument,
        mission=mission,
        agencies=earlier.agencies,
        people=earlier.people,
        sources=earlier.sources,
        actions=tuple(actions),
        previous=earlier,
    )


def expect_previous_round(earlier: Dossier, mission: Mission, assessment_id: str = "") -> None:
    """Raise KnownError if a dossier cannot be the previous round of an assessment."""
    if assessment_id and earlier.id == assessment_id:
        raise KnownError(SAME_ASSESSMENT)
    theirs, ours = earlier.mission, mission
    if theirs.country and ours.country and theirs.country != ours.country:
        raise KnownError(
            OTHER_COUNTRY, theirs=theirs.country_name or theirs.country, ours=ours.country_name or ours.country
        )
    if theirs.round and theirs.round.strip().casefold() == ours.round.strip().casefold():
        raise KnownError(SAME_ROUND, round=theirs.round)


def create_next_round(
    file: Path,
    earlier: Dossier,
    instrument: Instrument,
    mission: Mission,
    *,
    with_actions: bool,
    author: str = "",
    device: str,
    key: EncryptionKey | None = None,
) -> CarriedAnswerCounts:
    """Make the file of the next round, protected if there is a key, and say where the earlier answers are.

    Raises KnownError.
    """
    actions = open_actions(earlier, instrument) if with_actions else ()
    made = next_round(earlier, instrument, mission, actions)
    create_from_dossier(file, made, author=author, device=device, key=key)
    return count_carried_answers(earlier, instrument)
