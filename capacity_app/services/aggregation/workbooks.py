"""Returned workbooks at headquarters: what they were made from, with the edited cells as their sender's responses.

A workbook does not carry everything: evidence, people and the weights somebody chose for sections stay in the
assessment. What would be computed from these is left open instead of being wrong.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from capacity_app import paths
from capacity_app.domain.answers import Answer
from capacity_app.domain.assessment import Action, Agency, Mission, Progress, Rating
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.instrument import Feasibility, Instrument
from capacity_app.domain.problems import N_, KnownError, Problem, Severity
from capacity_app.domain.proposal import Proposal, propose, taken
from capacity_app.domain.returned import Returned
from capacity_app.domain.tidy import Parcel
from capacity_app.instruments.library import catalogue
from capacity_app.instruments.reader import read_instrument
from capacity_app.services.strangers.reading import Origin, read_returned_file
from capacity_app.workbook import layout
from capacity_app.workbook.reader.payload import Line, table
from capacity_app.workbook.reader.sheets import Book, open_book

NO_INSTRUMENT = N_(
    "“{file}” was made with the questionnaire “{instrument}” in version {version}, which is not here in this form: put "
    "its folder among the instruments of this computer, or ask for the assessment instead of the workbook."
)
UNPLACED = N_("“{text}” stands where no answer belongs.")
_SHOWN = 200
SOMEBODY = "returned"
"""The respondent of answers in a file that names none and was made from those of several."""


@dataclass(frozen=True, slots=True)
class ReadWorkbook:
    """What a workbook says, and how many of its cells were edited."""

    dossier: Dossier
    instrument_hash: str
    problems: tuple[Problem, ...]
    edited: int
    changed: str

    def limited(self, parcel: Parcel) -> Parcel:
        """Leave open what a workbook cannot tell: how well answers are supported, and when cells were edited."""
        scores = tuple(replace(row, verified=None, evidence_index=None) for row in parcel.scores)
        row = parcel.assessment
        if row is not None and self.edited:
            row = replace(row, last_change=max(row.last_change, self.changed))
        return replace(parcel, assessment=row, scores=scores)


@dataclass(frozen=True, slots=True)
class Known:
    """An instrument of this computer, with the hash of its content."""

    instrument: Instrument
    hash: str


def read_workbook(content: bytes, file: str, *, is_careful: bool) -> ReadWorkbook:
    """Read a workbook that came back; raises KnownError with one sentence."""
    found: list[Known] = []

    def choose(origin: Origin) -> Instrument:
        found.append(instrument_of(origin, file))
        return found[0].instrument

    returned = read_returned_file(file, content, choose, is_careful=is_careful)
    recorded = _recorded(returned, found[0].instrument, open_book(content, is_careful=is_careful))
    proposal = propose(recorded, returned, Agency(id=_sender(returned)))
    return ReadWorkbook(
        dossier=_answered(recorded, proposal),
        instrument_hash=found[0].hash,
        problems=(*proposal.problems, *_unplaced(returned)),
        edited=len(returned.edited),
        changed=max(returned.stamp.exported, returned.date),
    )


# -- its instrument ------------------------------------------------------------------------------------------------


def instrument_of(origin: Origin, file: str) -> Known:
    """Find the instrument a workbook was made with: the same id, version, supplements and content, or none."""
    stamp = origin.stamp
    for known in _versions(stamp.instrument, stamp.instrument_version, origin.supplements):
        if known.hash == origin.instrument_hash:
            return known
    raise KnownError(NO_INSTRUMENT, file=file, instrument=stamp.instrument[:80], version=stamp.instrument_version[:20])


@lru_cache(maxsize=32)
def _versions(instrument: str, version: str, supplements: tuple[str, ...]) -> tuple[Known, ...]:
    """Read the instruments of that name and version; once per process, since thousands of files have the same."""
    entries = catalogue((paths.instruments_folder(), paths.user_instruments_folder()))
    same = (entry for entry in entries if (entry.id, entry.version) == (instrument, version))
    read = (read_instrument(entry.folder, supplements)[0] for entry in same)
    return tuple(Known(found, found.content_hash) for found in read if found is not None)


# -- what it says --------------------------------------------------------------------------------------------------


def _recorded(returned: Returned, instrument: Instrument, book: Book) -> Dossier:
    """Return the assessment as far as the workbook carries it, as it was when the file was made."""
    stamp = returned.stamp
    return Dossier(
        id=stamp.assessment,
        instrument=instrument,
        mission=Mission(country=stamp.country, round=stamp.round, language=stamp.language),
        answers=tuple(sorted(returned.recorded, key=lambda answer: answer.key)),
        actions=tuple(_actions(_lines(book, layout.ACTIONS_SHEET))),
        ratings=tuple(_ratings(_lines(book, layout.GAPS_SHEET))),
    )


def _lines(book: Book, name: str) -> Iterator[Line]:
    if name in book.names:
        yield from table(book.sheet(name))


def _said(line: Line, name: str) -> str:
    value = line.get(name, "")
    return value if isinstance(value, str) else ""


def _is_first(line: Line) -> bool:
    """Tell the line of an entry from those on which a long text goes on."""
    return bool(_said(line, "id") or _said(line, "address")) and line.get("part", 1) in {1, ""}


def _actions(lines: Iterable[Line]) -> Iterator[Action]:
    for line in lines:
        if not _is_first(line):
            continue
        progress = _said(line, "progress")
        yield Action(
            id=_said(line, "id"),
            title=_said(line, "title"),
            gaps=_ids(line, "gaps"),
            type=_said(line, "type"),
            responsible=_said(line, "responsible"),
            partners=_ids(line, "partners"),
            start=_said(line, "start"),
            end=_said(line, "end"),
            cost=_said(line, "cost"),
            funding=_said(line, "funding"),
            progress=Progress(progress) if progress in set(Progress) else Progress.PLANNED,
        )


def _ids(line: Line, name: str) -> tuple[str, ...]:
    return tuple(part for part in _said(line, name).split(layout.LIST_JOINT) if part)


def _ratings(lines: Iterable[Line]) -> Iterator[Rating]:
    for line in lines:
        feasibility = _said(line, "feasibility")
        if _is_first(line) and feasibility in set(Feasibility):
            yield Rating(id=_said(line, "address"), feasibility=Feasibility(feasibility))


def _sender(returned: Returned) -> str:
    """Say whose answers the edited cells are: the sender's, or the only respondent's."""
    respondents = {answer.key.respondent for answer in returned.recorded if answer.key.respondent}
    return returned.agency or (respondents.pop() if len(respondents) == 1 else SOMEBODY)


def _answered(recorded: Dossier, proposal: Proposal) -> Dossier:
    """Put the edited cells in, as an intake takes them where nobody decides: what was cleared stays as it was."""
    answers = {answer.key: answer for answer in recorded.answers}
    for one in taken(proposal, {}):
        if one.key is not None and one.theirs.content is not None:
            said = Answer(key=one.key, content=one.theirs.content, author=one.theirs.author, time=one.theirs.time)
            answers[one.key] = said
    given = (answer for answer in answers.values() if not answer.content.is_empty)
    return replace(recorded, answers=tuple(sorted(given, key=lambda answer: answer.key)))


def _unplaced(returned: Returned) -> Iterator[Problem]:
    for one in returned.unplaced:
        yield Problem("returned.unplaced", one.place, UNPLACED, values=(("text", one.text[:_SHOWN]),),
                      severity=Severity.WARNING)  # fmt: skip
