"""Returned workbooks at headquarters: what they were made from, with the edited cells as their sender's responses.

A workbook does not carry everything: evidence, people and the weights somebody chose for sections stay in the
assessment. What would be computed from these is left open instead of being wrong.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from capacity_app.domain.assessment.answers import Answer
from capacity_app.domain.assessment.dossier import Dossier, sorted_answers
from capacity_app.domain.assessment.registers import (
    Action,
    ActionProgress,
    Agency,
    Commitment,
    FeasibilityRating,
    Mission,
)
from capacity_app.domain.assessment.returned_files import (
    ImportProposal,
    ReturnedContent,
    accepted_differences,
    propose_edited_answers,
)
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.headquarters.tidy_tables import FileRows
from capacity_app.domain.numbers_and_dates import write_amount
from capacity_app.domain.problems import N_, KnownError, Problem, ProblemSeverity
from capacity_app.domain.questionnaire.instrument import Feasibility, Instrument
from capacity_app.outputs.workbook import sheet_marks
from capacity_app.outputs.workbook.reader.hidden_sheets import MachineLine, machine_lines
from capacity_app.outputs.workbook.reader.sheets import ParsedWorkbook, open_workbook
from capacity_app.questionnaires.library import instrument_folders, list_instruments
from capacity_app.questionnaires.reader import read_instrument
from capacity_app.services.untrusted.returned_file import InstrumentOrigin, read_returned_file

NO_INSTRUMENT = N_(
    "“{file}” was made with the questionnaire “{instrument}” in version {version}, which is not here in "
    "this form: put its folder among the questionnaires of this computer, or ask for the assessment "
    "instead of the workbook."
)
FOLLOW_UP_WORKBOOK = N_(
    "“{file}” is a follow-up workbook of one agency. Import it into its assessment, and read the assessment here."
)
CONFIRMING_WORKBOOK = N_(
    "“{file}” says which answers from published sources are right. Only the assessment holds these answers. Import the "
    "file into its assessment, and read the assessment here."
)
UNPLACED_TEXT = N_("“{text}” stands where no answer belongs.")
_MAX_SHOWN = 200
UNKNOWN_RESPONDENT = "returned"
"""The respondent of answers in a file that names none and was made from those of several."""


@dataclass(frozen=True, slots=True)
class ReadWorkbook:
    """What a workbook says, and how many of its cells were edited."""

    dossier: Dossier
    instrument_hash: str
    problems: tuple[Problem, ...]
    edited: int
    changed: str

    def limited(self, parcel: FileRows) -> FileRows:
        """Leave open what a workbook cannot tell: how well answers are supported, and when cells were edited."""
        scores = tuple(replace(row, verified=None, evidence_index=None) for row in parcel.scores)
        row = parcel.assessment
        if row is not None and self.edited:
            row = replace(row, last_change=max(row.last_change, self.changed))
        return replace(parcel, assessment=row, scores=scores)


@dataclass(frozen=True, slots=True)
class InstalledInstrument:
    """An instrument of this computer, with the hash of its content."""

    instrument: Instrument
    hash: str


def read_workbook(content: bytes, file: str, *, is_careful: bool) -> ReadWorkbook:
    """Read a workbook that came back; raises KnownError with one sentence."""
    found: list[tuple[InstalledInstrument, ParsedWorkbook | None]] = []

    def choose(origin: InstrumentOrigin) -> Instrument:
        found.append((find_installed_instrument(origin, file), origin.book))
        return found[0][0].instrument

    returned = read_returned_file(file, content, choose, is_careful=is_careful)
    if returned.is_follow_up:
        raise KnownError(FOLLOW_UP_WORKBOOK, file=file)
    if returned.confirmed:
        raise KnownError(CONFIRMING_WORKBOOK, file=file)
    installed, book = found[0]
    recorded = _recorded_dossier(returned, installed.instrument, book or open_workbook(content, is_careful=is_careful))
    proposal = propose_edited_answers(recorded, returned, Agency(id=_respondent(returned)))
    return ReadWorkbook(
        dossier=_with_edited_cells(recorded, proposal),
        instrument_hash=installed.hash,
        problems=(*proposal.problems, *_unplaced(returned)),
        edited=len(returned.edited),
        changed=max(returned.stamp.exported, returned.date),
    )


# -- its instrument ------------------------------------------------------------------------------------------------


def find_installed_instrument(origin: InstrumentOrigin, file: str) -> InstalledInstrument:
    """Find the instrument a workbook was made with: the same id, version, supplements and content, or none."""
    stamp = origin.stamp
    for known in _installed_versions(stamp.instrument, stamp.instrument_version, origin.supplements):
        if origin.instrument_hash in known.instrument.hashes:
            return known
    raise KnownError(NO_INSTRUMENT, file=file, instrument=stamp.instrument[:80], version=stamp.instrument_version[:20])


@lru_cache(maxsize=32)
def _installed_versions(instrument: str, version: str, supplements: tuple[str, ...]) -> tuple[InstalledInstrument, ...]:
    """Read the instruments of that name and version; once per process, since thousands of files have the same."""
    entries = list_instruments(instrument_folders())
    same = (entry for entry in entries if (entry.id, entry.version) == (instrument, version))
    read = (read_instrument(entry.folder, supplements)[0] for entry in same)
    return tuple(InstalledInstrument(found, found.content_hash) for found in read if found is not None)


# -- what it says --------------------------------------------------------------------------------------------------


def _recorded_dossier(returned: ReturnedContent, instrument: Instrument, book: ParsedWorkbook) -> Dossier:
    """Return the assessment as far as the workbook carries it, as it was when the file was made."""
    stamp = returned.stamp
    return Dossier(
        id=stamp.assessment,
        instrument=instrument,
        mission=Mission(country=stamp.country, round=stamp.round, language=stamp.language, profile=stamp.questions),
        answers=sorted_answers(returned.recorded),
        actions=tuple(_actions(_lines(book, sheet_marks.ACTIONS_SHEET))),
        ratings=tuple(_ratings(_lines(book, sheet_marks.GAPS_SHEET))),
    )


def _lines(book: ParsedWorkbook, name: str) -> Iterator[MachineLine]:
    if name in book.names:
        yield from machine_lines(book.sheet(name))


def _text_in(line: MachineLine, name: str) -> str:
    value = line.get(name, "")
    return value if isinstance(value, str) else ""


def _is_first(line: MachineLine) -> bool:
    """Tell the line of an entry from those on which a long text goes on."""
    return bool(_text_in(line, "id") or _text_in(line, "address")) and line.get("part", 1) in {1, ""}


def _actions(lines: Iterable[MachineLine]) -> Iterator[Action]:
    for line in lines:
        if not _is_first(line):
            continue
        progress = _text_in(line, "progress")
        yield Action(
            id=_text_in(line, "id"),
            title=_text_in(line, "title"),
            gaps=_ids_in(line, "gaps"),
            type=_text_in(line, "type"),
            responsible=_text_in(line, "responsible"),
            partners=_ids_in(line, "partners"),
            start=_text_in(line, "start"),
            end=_text_in(line, "end"),
            amount=_amount_in(line, "amount"),
            currency=_text_in(line, "currency"),
            funded=_amount_in(line, "funded"),
            funding=_text_in(line, "funding"),
            funding_source=_text_in(line, "funding_source"),
            cost=_text_in(line, "cost"),
            **_commitments_in(line),
            progress=ActionProgress(progress) if progress in set(ActionProgress) else ActionProgress.PLANNED,
        )


def _amount_in(line: MachineLine, name: str) -> str:
    """Return an amount as it is stored, also where a spreadsheet has made a number of it."""
    value = line.get(name, "")
    return write_amount(Decimal(repr(value))) if isinstance(value, float | int) else _text_in(line, name)


def _ids_in(line: MachineLine, name: str) -> tuple[str, ...]:
    return tuple(part for part in _text_in(line, name).split(sheet_marks.LIST_JOINT) if part)


def _ratings(lines: Iterable[MachineLine]) -> Iterator[FeasibilityRating]:
    for line in lines:
        feasibility = _text_in(line, "feasibility")
        if _is_first(line) and feasibility in set(Feasibility):
            yield FeasibilityRating(
                id=_text_in(line, "address"), feasibility=Feasibility(feasibility), **_commitments_in(line)
            )


def _commitments_in(line: MachineLine) -> dict[str, Any]:
    codes = _ids_in(line, "commitments")
    return {
        "commitments": tuple(Commitment(code) for code in codes if code in set(Commitment)),
        "strategy_item": _text_in(line, "strategy_item"),
    }


def _respondent(returned: ReturnedContent) -> str:
    """Say whose answers the edited cells are: the sender's, or the only respondent's."""
    respondents = {answer.key.respondent for answer in returned.recorded if answer.key.respondent}
    return returned.agency or (respondents.pop() if len(respondents) == 1 else UNKNOWN_RESPONDENT)


def _with_edited_cells(recorded: Dossier, proposal: ImportProposal) -> Dossier:
    """Put the edited cells in, as an intake takes them where nobody decides: what was cleared stays as it was."""
    edited = {
        one.key: Answer(key=one.key, content=one.theirs.content, author=one.theirs.author, time=one.theirs.time)
        for one in accepted_differences(proposal, {})
        if one.key is not None and one.theirs.content is not None
    }
    kept = (answer for answer in recorded.answers if not edited or answer.key not in edited)
    given = (answer for answer in (*kept, *edited.values()) if not answer.content.is_empty)
    return replace(recorded, answers=sorted_answers(given))


def _unplaced(returned: ReturnedContent) -> Iterator[Problem]:
    for one in returned.unplaced:
        yield Problem("returned.unplaced", one.place, UNPLACED_TEXT, values=(("text", one.text[:_MAX_SHOWN]),),
                      severity=ProblemSeverity.WARNING)  # fmt: skip
