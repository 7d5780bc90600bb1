"""A regional synthesis: many countries as distributions with "n of N countries", never as a ranking.

Everything is computed here, once, from the tidy tables; report, workbook and window print it. There is no overall
score and no order by score: countries stand by name, gaps by how many countries share them. Figures of fewer countries
than the chosen minimum are left out. Method: ``scoring.md``, "Rounds and countries".
"""

import hashlib
import json
import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from fractions import Fraction

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.headquarters.codebook import CODEBOOK_COLUMNS
from capacity_app.domain.headquarters.disaggregation import (
    IndicatorBreakdown,
    QuestionWordings,
    SexTrend,
    compare_sex_trend,
    count_indicators,
)
from capacity_app.domain.headquarters.selection import (
    ParticipatingCountry,
    Participation,
    SynthesisOptions,
    select_participants,
)
from capacity_app.domain.headquarters.tidy_tables import (
    LIST_SEPARATOR,
    OVERALL,
    WORLD,
    ActionRow,
    AssessmentRow,
    BreakdownRow,
    FileRow,
    GapRow,
    QuestionRow,
    ScoreRow,
)
from capacity_app.domain.planning.action_plan import FINISHED
from capacity_app.domain.scoring.gaps import GapSeverity
from capacity_app.domain.scoring.scores import Band, ScoreStatus, band_of

ELSEWHERE = "-"
"""The code of countries that the standard of regions (M49) does not know."""
_SERIOUS = frozenset({GapSeverity.CRITICAL.value, GapSeverity.HIGH.value})
_PRINTED = frozenset({ScoreStatus.FIRM.value, ScoreStatus.PROVISIONAL.value})
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


@dataclass(frozen=True, slots=True)
class SynthesisTables:
    """What a synthesis is made from: rows of the repository."""

    files: tuple[FileRow, ...] = ()
    assessments: tuple[AssessmentRow, ...] = ()
    scores: tuple[ScoreRow, ...] = ()
    gaps: tuple[GapRow, ...] = ()
    breakdowns: tuple[BreakdownRow, ...] = ()
    actions: tuple[ActionRow, ...] = ()
    questions: tuple[QuestionRow, ...] = ()
    answers: tuple["AnswerCount", ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerCount:
    """In how many of the newest assessments an effective answer is ``value``: a level, a code, or codes in a list."""

    question: str
    row: str
    column: str
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class AnswerFrequency:
    """How many of ``answered`` countries gave each of the listed answers, by code; empty if too few have answered."""

    question: QuestionRow
    labels: Mapping[str, str]
    counts: Mapping[str, int]
    answered: int
    of: int


@dataclass(frozen=True, slots=True)
class Region:
    """A region or a part of one, or all countries. ``parent`` is the code of the region it is a part of."""

    code: str
    name: str
    countries: int
    parent: str = ""


@dataclass(frozen=True, slots=True)
class SynthesisSection:
    """A scored section of the core."""

    id: str
    number: str
    title: str


@dataclass(frozen=True, slots=True)
class RegionSectionScore:
    """A section in a region: ``count`` countries of ``of`` have a score; ``median`` is None if too few have."""

    count: int
    of: int
    median: float | None

    @property
    def band(self) -> Band | None:
        return None if self.median is None else band_of(Fraction(self.median))


@dataclass(frozen=True, slots=True)
class BandDistribution:
    """How countries are spread over the bands of a section; empty ``bands`` if too few have a score.

    ``unknown`` countries know too little for a score, for ``out`` the section does not apply.
    """

    part: SynthesisSection
    bands: Mapping[Band, int]
    count: int
    unknown: int
    out: int
    of: int


@dataclass(frozen=True, slots=True)
class CommonGap:
    """A gap that ``count`` of ``of`` countries have, ``serious`` of them high or critical; ``open`` may have it."""

    address: str
    number: str
    part: SynthesisSection
    question: str
    row: str
    count: int
    serious: int
    open: int
    of: int


@dataclass(frozen=True, slots=True)
class OverdueAction:
    """An action of a country that should be over and is not."""

    country: AssessmentRow
    action: ActionRow


@dataclass(frozen=True)
class Synthesis:
    """Everything a synthesis shows. ``rare_gaps`` counts the gaps that fewer countries have than the minimum."""

    choice: SynthesisOptions
    who: Participation
    parts: tuple[SynthesisSection, ...] = ()
    regions: tuple[Region, ...] = ()
    tiles: Mapping[tuple[str, str], RegionSectionScore] = field(default_factory=dict)
    spreads: tuple[BandDistribution, ...] = ()
    gaps: tuple[CommonGap, ...] = ()
    rare_gaps: int = 0
    trend: SexTrend | None = None
    indicators: tuple[IndicatorBreakdown, ...] = ()
    files: tuple[FileRow, ...] = ()
    wordings: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    frequencies: tuple[AnswerFrequency, ...] = ()
    overdue: tuple[OverdueAction, ...] = ()

    @property
    def of(self) -> int:
        return len(self.who.participants)

    @property
    def last_change(self) -> str:
        """The moment of the last answer of all (ISO 8601)."""
        return max((entry.newest.last_change for entry in self.who.participants), default="")

    @property
    def content_hash(self) -> str:
        """SHA-256 of what was compared and how: the content hashes of all assessments, basis and minimum."""
        rows = [row for entry in self.who.participants for row in (entry.newest, entry.earlier) if row]
        said = [*sorted(f"{row.country} {row.content_hash}" for row in rows), self.who.basis, str(self.choice.minimum)]
        return hashlib.sha256("\n".join(said).encode()).hexdigest()


def number_key(number: str) -> tuple[tuple[int, int, str], ...]:
    """Return what sorts printed numbers as they are printed: "IV.2 A" after "III.10"; only the first may be Roman."""
    pieces = number.replace(".", " ").split()
    first = _roman(pieces[0]) if pieces else 0
    keys = [(0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces]
    return ((0, first, ""), *keys[1:]) if first else tuple(keys)


def _roman(text: str) -> int:
    """Read a Roman number, 0 if it is none."""
    if not text or any(letter not in _ROMAN for letter in text):
        return 0
    values = [_ROMAN[letter] for letter in text]
    return sum(-one if one < following else one for one, following in zip(values, [*values[1:], 0], strict=True))


def section_number(number: str) -> str:
    """Return the number of the part a printed number begins with: "IV" of "IV.1 A"."""
    return number.split(maxsplit=1)[0].partition(".")[0] if number.strip() else ""


def _parts(scores: Iterable[ScoreRow], questions: Iterable[QuestionRow]) -> tuple[SynthesisSection, ...]:
    """Return the scored sections of the core in printed order."""
    core = {row.section for row in scores if row.is_core and row.section != OVERALL}
    named: dict[str, SynthesisSection] = {}
    for row in questions:
        if row.section in core and row.section not in named and row.number:
            named[row.section] = SynthesisSection(row.section, section_number(row.number), row.section_title)
    for section in core - named.keys():
        named[section] = SynthesisSection(section, section.upper(), section)
    return tuple(sorted(named.values(), key=lambda part: number_key(part.number)))


def region_of(row: AssessmentRow) -> str:
    return row.region_m49 or ELSEWHERE


def _regions(participants: Sequence[ParticipatingCountry], minimum: int) -> tuple[Region, ...]:
    """List all countries, then every region with its parts by name; parts of too few countries would show nothing."""
    found = [Region(WORLD, "World", len(participants))]
    by_region: dict[str, list[AssessmentRow]] = {}
    for entry in participants:
        by_region.setdefault(region_of(entry.newest), []).append(entry.newest)
    for code in sorted(by_region, key=lambda code: (code == ELSEWHERE, by_region[code][0].region, code)):
        own = by_region[code]
        found.append(Region(code, own[0].region, len(own)))
        below: dict[str, list[AssessmentRow]] = {}
        for row in own:
            below.setdefault(row.subregion_m49, []).append(row)
        large = (part for part in below if part and len(below[part]) >= minimum)
        named = sorted(large, key=lambda part: below[part][0].subregion)
        if len(below) > 1:
            found += [Region(part, below[part][0].subregion, len(below[part]), code) for part in named]
    return tuple(found)


def _is_in(row: AssessmentRow, region: Region) -> bool:
    if region.code == WORLD:
        return True
    return region.code == (row.subregion_m49 if region.parent else region_of(row))


ScoreRows = Mapping[tuple[str, str], ScoreRow]


def _is_printed(row: ScoreRow | None) -> bool:
    return row is not None and row.score is not None and row.status in _PRINTED


def _tile(part: SynthesisSection, rows: Sequence[AssessmentRow], scores: ScoreRows, minimum: int) -> RegionSectionScore:
    found = [scores.get((row.file_hash, part.id)) for row in rows]
    values = [row.score for row in found if row is not None and row.score is not None and _is_printed(row)]
    median = statistics.median(values) if values and len(values) >= minimum else None
    return RegionSectionScore(len(values), len(rows), median)


def _band(row: ScoreRow) -> Band:
    known = {one.value: one for one in Band}
    return known.get(row.band) or band_of(Fraction(row.score or 0))


def _spread(part: SynthesisSection, rows: Sequence[AssessmentRow], scores: ScoreRows, minimum: int) -> BandDistribution:
    found = [scores.get((row.file_hash, part.id)) for row in rows]
    printed = [_band(row) for row in found if row is not None and _is_printed(row)]
    out = sum(1 for row in found if row is not None and row.status == ScoreStatus.NOT_APPLICABLE)
    bands = {one: printed.count(one) for one in Band} if len(printed) >= minimum else {}
    return BandDistribution(part, bands, len(printed), len(rows) - len(printed) - out, out, len(rows))


def _gaps(
    rows: Iterable[GapRow], parts: Mapping[str, SynthesisSection], wordings: QuestionWordings, of: int, minimum: int
) -> tuple[tuple[CommonGap, ...], int]:
    """Count who has which gap, the most shared first; tells also how many are too rare to be shown."""
    grouped: dict[str, list[GapRow]] = {}
    for row in rows:
        if row.section in parts:
            grouped.setdefault(row.address, []).append(row)
    found, rare = [], 0
    for address, own in grouped.items():
        certain = {row.file_hash for row in own if not row.is_open}
        if len(certain) < max(minimum, 1):
            rare += bool(certain)
            continue
        question, name = own[0].question, own[0].grid_row
        asked = wordings.get((question, name, "")) or wordings.get((question, "", ""))
        found.append(
            CommonGap(
                address=address,
                number=(asked.number if asked else "") or own[0].number,
                part=parts[own[0].section],
                question=question,
                row=name,
                count=len(certain),
                serious=len({r.file_hash for r in own if not r.is_open and r.severity_class in _SERIOUS}),
                open=len({row.file_hash for row in own if row.is_open} - certain),
                of=of,
            )
        )
    found.sort(key=lambda gap: (-gap.count, -gap.serious, number_key(gap.number), gap.address))
    return tuple(found), rare


def _wordings(questions: Iterable[QuestionRow], who: Participation) -> dict[tuple[str, str, str], QuestionRow]:
    """Return the newest wording of every question, row and column of the edition that is compared, in printed order."""
    own = (
        row
        for row in questions
        if row.instrument == who.edition.instrument and row.instrument_version.partition(".")[0] == who.edition.major
    )
    ordered = sorted(own, key=lambda row: (number_key(row.instrument_version), row.position))
    return {(row.question, row.grid_row, row.grid_column): row for row in ordered}


def _frequencies(
    answers: Iterable[AnswerCount], wordings: QuestionWordings, of: int, minimum: int
) -> Iterator[AnswerFrequency]:
    """Count the answers to every question with listed answers, in printed order."""
    found: dict[tuple[str, str, str], list[AnswerCount]] = {}
    for one in answers:
        found.setdefault((one.question, one.row, one.column), []).append(one)
    for place, row in wordings.items():
        own = found.get(place, ())
        if not (row.options and own):
            continue
        labels: dict[str, str] = json.loads(row.options)
        answered = sum(one.count for one in own)
        counts = {
            code: sum(one.count for one in own if code in one.value.split(LIST_SEPARATOR)) for code in labels
        }  # fmt: skip
        yield AnswerFrequency(row, labels, counts if answered >= minimum else {}, answered, of)


def _overdue(newest: Iterable[AssessmentRow], actions: Iterable[ActionRow], as_of: str) -> tuple[OverdueAction, ...]:
    """Return the overdue actions, country by country in the order of ``newest``, by the date when they should end."""
    own: dict[str, list[ActionRow]] = {}
    for action in actions:
        # Of a month or a year ("2025-06"), the whole of it must be over.
        is_over = bool(action.end_date) and action.end_date < as_of[: len(action.end_date)]
        if is_over and action.progress not in FINISHED:
            own.setdefault(action.file_hash, []).append(action)
    by_end = {key: sorted(found, key=lambda one: (one.end_date, one.action)) for key, found in own.items()}
    return tuple(OverdueAction(row, action) for row in newest for action in by_end.get(row.file_hash, ()))


def synthesize(tables: SynthesisTables, choice: SynthesisOptions | None = None) -> Synthesis:
    choice = choice or SynthesisOptions()
    who = select_participants(tables.files, tables.assessments, choice)
    newest = [entry.newest for entry in who.participants]
    hashes = {row.file_hash for row in newest}
    scores = {(row.file_hash, row.section): row for row in tables.scores if row.file_hash in hashes}
    wordings = _wordings(tables.questions, who)
    parts = _parts(scores.values(), wordings.values())
    regions = _regions(who.participants, choice.minimum)
    tiles = {
        (region.code, part.id): _tile(part, [row for row in newest if _is_in(row, region)], scores, choice.minimum)
        for region in regions
        for part in parts
    }
    own_gaps = (row for row in tables.gaps if row.file_hash in hashes)
    gaps, rare = _gaps(own_gaps, {part.id: part for part in parts}, wordings, len(newest), choice.minimum)
    return Synthesis(
        choice=choice,
        who=who,
        parts=parts,
        regions=regions,
        tiles=tiles,
        spreads=tuple(_spread(part, newest, scores, choice.minimum) for part in parts),
        gaps=gaps,
        rare_gaps=rare,
        trend=compare_sex_trend(who.participants, tables.breakdowns, wordings, choice.minimum),
        indicators=count_indicators(who.participants, tables.breakdowns, wordings, choice.minimum),
        files=tables.files,
        wordings={key: row.wording for key, row in wordings.items()},
        frequencies=tuple(_frequencies(tables.answers, wordings, len(newest), choice.minimum)),
        overdue=_overdue(newest, tables.actions, choice.as_of),
    )


FREQUENCY_COLUMNS = (
    "section", "number", "wording", "code", "label", "gave_answer", "answered", "countries", "question", "grid_row",
    "grid_column",
)  # fmt: skip
SUMMARY_TABLES: dict[str, tuple[str, ...]] = {
    "synthesis_assessments": ("file_hash", "country", "is_newest"),
    "region_scores": ("region_m49", "region", "section", "number", "median", "band", "scored", "countries"),
    "section_bands": ("section", "number", *Band, "scored", "not_known", "not_applicable", "countries"),
    "frequent_gaps": (
        "section", "number", "wording", "gaps", "serious_gaps", "not_known", "countries", "question", "grid_row",
    ),
    "sdg_disaggregation": (
        "number", "wording", "in_full", "in_part", "birth", "citizenship", "parents", "sex", "countries", "not_known",
        "not_applicable", "question", "grid_row",
    ),
    "sex_disaggregation": (
        "number", "wording", "earlier", "later", "lost", "gained", "countries", "question", "grid_row",
    ),
    "answer_frequencies": FREQUENCY_COLUMNS,
    "codebook": CODEBOOK_COLUMNS,
}  # fmt: skip
"""What a synthesis says as tables for other programs, with their columns; a figure of too few countries is empty."""
SummaryValue = str | int | float | None


def summary_rows(made: Synthesis) -> dict[str, list[tuple[SummaryValue, ...]]]:
    """Return the rows of ``SUMMARY_TABLES``: the figures that every other form of the synthesis prints."""

    def wording(question: str, row: str) -> str:
        return made.wordings.get((question, row, ""), "")

    def shown(figures: tuple[int, ...], *, is_shown: bool) -> tuple[SummaryValue, ...]:
        return figures if is_shown else (None,) * len(figures)

    rounds = ((row, place) for one in made.who.participants for place, row in enumerate((one.earlier, one.newest)))
    return {
        "synthesis_assessments": [(row.file_hash, row.country, place) for row, place in rounds if row],
        "region_scores": [
            (region.code, region.name, part.id, part.number, tile.median, tile.band, tile.count, tile.of)
            for region in made.regions
            for part in made.parts
            if (tile := made.tiles[region.code, part.id])
        ],
        "section_bands": [
            (one.part.id, one.part.number, *(one.bands.get(name) for name in Band), one.count, one.unknown, one.out,
             one.of)
            for one in made.spreads
        ],
        "frequent_gaps": [
            (gap.part.id, gap.number, wording(gap.question, gap.row), gap.count, gap.serious, gap.open, gap.of,
             gap.question, gap.row)
            for gap in made.gaps
        ],
        "sdg_disaggregation": [
            (one.number, wording(one.question, one.row),
             *shown((one.full, one.partly, one.birth, one.citizenship, one.parents, one.sex), is_shown=one.is_shown),
             one.of, one.open, one.out, one.question, one.row)
            for one in made.indicators
        ],
        "sex_disaggregation": [
            (one.number, wording(one.question, one.row),
             *shown((one.before, one.after, one.lost, one.gained), is_shown=one.is_shown),
             one.of, one.question, one.row)
            for one in (made.trend.lines if made.trend else ())
        ],
        "answer_frequencies": list(frequency_rows(made)),
    }  # fmt: skip


def frequency_rows(made: Synthesis) -> Iterator[tuple[SummaryValue, ...]]:
    for one in made.frequencies:
        asked = one.question
        for code, label in one.labels.items():
            yield (
                asked.section, asked.number, asked.wording, code, label, one.counts.get(code), one.answered, one.of,
                asked.question, asked.grid_row, asked.grid_column,
            )  # fmt: skip
