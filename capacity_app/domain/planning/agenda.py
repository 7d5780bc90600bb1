"""The agenda of a visit: which agencies answer which parts when, how long that takes, and what nobody answers yet.

The register of meetings is its only record: a meeting has a day, agencies and parts. How long a part takes is
estimated from the questionnaire. Every question and row counts as asked, whatever its condition, except spare rows
and rows that are preset as not applicable. A level or a text of several lines takes 3 minutes, since people look for
evidence or agree on words; a checklist or an entry of a register takes 2, any other question 1. In a table the row
takes 20 seconds to read, and each cell 15 seconds more, a text 30. A part is rounded up to 5 minutes. Agencies in one
meeting answer together, so their number does not count.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations, groupby
from typing import assert_never

from capacity_app.domain.assessment.registers import Agency, Meeting
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.numbers_and_dates import normalize_digits
from capacity_app.domain.questionnaire.instrument import Instrument, Question, QuestionField, Section
from capacity_app.domain.questionnaire.kinds import AnswerKind, ValueType

LONG_DAY = 6 * 60
"""Minutes of questions after which a day is too long."""
_STEP = 5
_ROW_SECONDS, _CELL_SECONDS, _TEXT_CELL_SECONDS = 20, 15, 30
_TIME = re.compile(r"(\d{1,2})(?:\s*[:.h]\s*(\d{2})?)?")
_HOURS, _MINUTES = 24, 60


def _question_seconds(field: QuestionField) -> int:
    match field.kind.value_type:
        case ValueType.LEVEL:
            return 180
        case ValueType.OPTIONS | ValueType.ENTRIES:
            return 120
        case ValueType.TEXT:
            return 180 if field.kind.info.is_long else 60
        case ValueType.OPTION | ValueType.INTEGER | ValueType.PERCENT | ValueType.DATE:
            return 60
        case ValueType.CELLS:
            return 0
    assert_never(field.kind.value_type)


def _seconds(question: Question) -> int:
    if question.kind is not AnswerKind.GRID:
        return _question_seconds(question)
    rows = sum(not (row.spare or row.preset_reason) for row in question.rows)
    cells = (
        _TEXT_CELL_SECONDS if column.kind.value_type is ValueType.TEXT else _CELL_SECONDS for column in question.columns
    )
    return rows * (_ROW_SECONDS + sum(cells))


def section_minutes(section: Section) -> int:
    """Return the minutes that it takes to ask a section, rounded up to 5; 0 without questions."""
    return -(-sum(map(_seconds, section.questions)) // (_MINUTES * _STEP)) * _STEP


def parse_time(text: str) -> int | None:
    """Return a time of day ("09:30", "9.30", "14h") in minutes after midnight, None for anything else."""
    found = _TIME.fullmatch(normalize_digits(text).strip())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    return hour * _MINUTES + minute if hour < _HOURS and minute < _MINUTES else None


@dataclass(frozen=True, slots=True)
class PlannedMeeting:
    """A meeting with its sections in printed order, its estimated minutes and when it starts (after midnight)."""

    meeting: Meeting
    sections: tuple[Section, ...]
    minutes: int
    start: int | None

    @property
    def end(self) -> int | None:
        """When it ends, in minutes after midnight; a meeting without parts takes a minute."""
        return None if self.start is None else self.start + max(self.minutes, 1)

    def overlaps(self, other: "PlannedMeeting") -> bool:
        """Return whether both are known to take place at the same time, if they are on the same day."""
        if self.start is None or other.start is None or self.end is None or other.end is None:
            return False
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class AgendaDay:
    """One day (ISO 8601, empty for meetings without a date); ``clashes`` are agencies that meet twice at once."""

    date: str
    meetings: tuple[PlannedMeeting, ...]
    clashes: tuple[str, ...]

    @property
    def minutes(self) -> int:
        return sum(planned.minutes for planned in self.meetings)

    @property
    def is_long(self) -> bool:
        """Return whether the questions of the day take more than six hours."""
        return bool(self.date) and self.minutes > LONG_DAY


@dataclass(frozen=True, slots=True)
class AgencyAgenda:
    """What one agency answers during the visit, and in which meetings."""

    agency: Agency
    meetings: tuple[PlannedMeeting, ...]
    sections: tuple[Section, ...]

    @property
    def has_current_form(self) -> bool:
        """Return whether the last form and letter written for the agency have the parts it answers now."""
        return bool(self.sections) and set(self.agency.form_sections) == {section.id for section in self.sections}


@dataclass(frozen=True)
class Agenda:
    """The days of a visit in order, meetings without a date last; and what each agency answers."""

    days: tuple[AgendaDay, ...]
    agencies: tuple[AgencyAgenda, ...]
    minutes_by_section: Mapping[str, int]
    unplanned: tuple[Section, ...]
    """The sections that no agency answers yet."""

    @cached_property
    def by_agency(self) -> dict[str, AgencyAgenda]:
        return {one.agency.id: one for one in self.agencies}

    @property
    def with_parts(self) -> tuple[AgencyAgenda, ...]:
        """The agencies that answer something."""
        return tuple(one for one in self.agencies if one.sections)

    @property
    def minutes(self) -> int:
        return sum(day.minutes for day in self.days)


def build_agenda(instrument: Instrument, agencies: Sequence[Agency], meetings: Iterable[Meeting]) -> Agenda:
    """Return the agenda that follows from the meetings; sections and agencies that no longer exist are left out."""
    minutes = {section.id: section_minutes(section) for section in instrument.sections}
    planned = sorted((_planned(instrument, minutes, meeting) for meeting in meetings), key=_when)
    days = tuple(_day(date, tuple(some)) for date, some in groupby(planned, key=lambda one: one.meeting.date))
    by_agency = tuple(_of_agency(instrument, agency, planned) for agency in agencies)
    answered = {section.id for one in by_agency for section in one.sections}
    unplanned = tuple(section for section in instrument.sections if section.questions and section.id not in answered)
    return Agenda(days, by_agency, minutes, unplanned)


def _in_order(instrument: Instrument, ids: Iterable[str]) -> tuple[Section, ...]:
    wanted = frozenset(ids)
    return tuple(section for section in instrument.sections if section.id in wanted)


def _planned(instrument: Instrument, minutes: Mapping[str, int], meeting: Meeting) -> PlannedMeeting:
    sections = _in_order(instrument, meeting.sections)
    return PlannedMeeting(meeting, sections, sum(minutes[one.id] for one in sections), parse_time(meeting.start))


def _when(planned: PlannedMeeting) -> tuple[bool, str, int]:
    """Sort by day and time; what has none comes last."""
    start = _HOURS * _MINUTES if planned.start is None else planned.start
    return not planned.meeting.date, planned.meeting.date, start


def _day(date: str, meetings: tuple[PlannedMeeting, ...]) -> AgendaDay:
    return AgendaDay(date, meetings, tuple(dict.fromkeys(_clashes(meetings))) if date else ())


def _clashes(meetings: Iterable[PlannedMeeting]) -> Iterator[str]:
    for one, other in combinations(meetings, 2):
        if one.overlaps(other):
            yield from (agency for agency in one.meeting.agencies if agency in other.meeting.agencies)


def _of_agency(instrument: Instrument, agency: Agency, planned: Iterable[PlannedMeeting]) -> AgencyAgenda:
    meetings = tuple(one for one in planned if agency.id in one.meeting.agencies)
    ids = (section.id for one in meetings for section in one.sections)
    return AgencyAgenda(agency, meetings, _in_order(instrument, ids))
