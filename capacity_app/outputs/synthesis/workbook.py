"""The regional synthesis as a workbook: sheets for people, and plain tables for other programs."""

import io
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import partial

from capacity_app.domain.content_hash import format_hash
from capacity_app.domain.headquarters.disaggregation import SexTrendLine
from capacity_app.domain.headquarters.selection import ParticipatingCountry
from capacity_app.domain.headquarters.synthesis import (
    FREQUENCY_COLUMNS,
    Region,
    RegionSectionScore,
    SynthesisSection,
    frequency_rows,
    region_of,
)
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring.scores import Band
from capacity_app.i18n.synthesis_formatter import HIDDEN_SIGN, OVERDUE_COLUMNS, SynthesisFormatter
from capacity_app.outputs.workbook.data_sheets import PlainValue, write_plain
from capacity_app.outputs.workbook.sheet_writer import (
    SheetCell,
    SheetColumn,
    SheetWriter,
    WorkbookWriter,
    footer_text,
    open_workbook,
)

_FIGURES = frozenset({"count", "count_strong", "share"})
_HIDDEN = SheetCell(HIDDEN_SIGN, "middle")


def _open_sheet(book: WorkbookWriter, sheet: str, title: str, widths: Sequence[float], *lead: str) -> SheetWriter:
    page = SheetWriter(book, book.add_sheet(sheet, title), widths)
    page.title(title)
    for sentence in lead:
        page.paragraph(sentence)
    page.skip()
    return page


def _write_table(page: SheetWriter, columns: Sequence[SheetColumn], entries: Iterable[object]) -> int:
    """Write a table and give the row of its headings; figures stand at the end of their columns, as their headings."""
    heading = page.row
    looks = ("header_end" if column.look in _FIGURES else "header" for column in columns)
    page.line([SheetCell(column.heading, look) for column, look in zip(columns, looks, strict=True)], least=20)
    for entry in entries:
        page.line([column.cell(entry) for column in columns])
    return heading


def _finish(page: SheetWriter, heading: int, *, left: int = 2) -> None:
    page.finish(top=heading + 1, left=left, repeated=range(heading, heading + 1))


def _widths(columns: Iterable[SheetColumn]) -> list[float]:
    return [column.width for column in columns]


def _write_list(
    book: WorkbookWriter, sheet: str, title: str, columns: Sequence[SheetColumn], entries: Iterable[object], lead: str
) -> None:
    """Write a sheet that is one table, which can be filtered."""
    page = _open_sheet(book, sheet, title, _widths(columns), *filter(None, [lead]))
    heading = _write_table(page, columns, entries)
    page.filtered(heading)
    _finish(page, heading)


def _write_readme(formatter: SynthesisFormatter, book: WorkbookWriter) -> None:
    """Write what the file is, who is in and how it was counted."""
    say = formatter.say
    page = _open_sheet(book, "readme", say(N_("Read me")), (42.0, 100.0))
    page.heading(f"{formatter.title} – {formatter.subtitle}")
    for name, text in (
        (say(N_("Basis")), formatter.basis),
        (say(N_("Minimum")), formatter.minimum),
        (say(N_("Translation")), formatter.unreviewed),
        (say(N_("Questionnaire")), formatter.questionnaire),
        (say(N_("Countries")), formatter.n_of(formatter.synthesis.of, formatter.synthesis.who.countries)),
        (say(N_("Last answer")), formatter.last_answer),
        (say(N_("Content hash")), format_hash(formatter.synthesis.content_hash)),
    ):
        if text:
            page.line([SheetCell(name, "label_strong"), SheetCell(text)])
    page.skip()
    page.heading(say(N_("Method")))
    for title, text in formatter.method():
        page.line([SheetCell(title, "label_strong"), SheetCell(text)])
    page.finish(top=1)


def _write_countries(formatter: SynthesisFormatter, book: WorkbookWriter) -> None:
    say = formatter.say

    def status(entry: ParticipatingCountry) -> SheetCell:
        return SheetCell(formatter.status(entry.newest.status), "label" if entry.is_validated else "caution")

    columns = (
        SheetColumn(say(N_("Country")), 30, lambda entry: formatter.country(entry.newest), "label_strong"),
        SheetColumn(
            say(N_("Region")), 24, lambda entry: formatter.region_named(region_of(entry.newest), entry.newest.region)
        ),
        SheetColumn(say(N_("Subregion")), 30, lambda entry: formatter.subregion(entry.newest)),
        SheetColumn(say(N_("Round")), 14, lambda entry: entry.newest.round),
        SheetColumn(say(N_("Round before")), 14, lambda entry: entry.earlier.round if entry.earlier else ""),
        SheetColumn(
            say(N_("Mission")),
            24,
            lambda entry: formatter.days(entry.newest.mission_start, entry.newest.mission_end),
        ),
        SheetColumn(say(N_("Status")), 14, status),
        SheetColumn(say(N_("Version")), 12, lambda entry: formatter.version(entry.newest)),
        SheetColumn(say(N_("Answered")), 12, lambda entry: entry.newest.completeness, "share"),
    )
    _write_list(book, "who", say(N_("Countries")), columns, formatter.synthesis.who.participants, formatter.basis)


def _write_regions(formatter: SynthesisFormatter, book: WorkbookWriter) -> None:
    """Write the heat map with its values, and below it of how many countries each value is."""
    say, made = formatter.say, formatter.synthesis

    def name(region: Region) -> SheetCell:
        text = formatter.region(region)
        return SheetCell(f"– {text}") if region.parent else SheetCell(text, "label_strong")

    def columns(tile_cell: Callable[[RegionSectionScore], SheetCell]) -> list[SheetColumn]:
        def part_column(part: SynthesisSection) -> SheetColumn:
            heading = f"{part.number}  {formatter.part(part)}"
            return SheetColumn(heading, 18, lambda region: tile_cell(made.tiles[region.code, part.id]))

        fixed = (
            SheetColumn(say(N_("Region")), 38, name),
            SheetColumn(say(N_("Countries")), 12, lambda region: region.countries, "count"),
        )
        return [*fixed, *map(part_column, made.parts)]

    def median(tile: RegionSectionScore) -> SheetCell:
        return SheetCell(tile.median, f"median_{tile.band}") if tile.band else _HIDDEN

    lead = say(N_("The median score of each part, 0 to 100; the table below says of how many countries it is."))
    page = _open_sheet(book, "regions", say(N_("Regions and parts")), _widths(columns(median)), lead, formatter.minimum)
    top = _write_table(page, columns(median), made.regions)
    page.skip()
    page.heading(say(N_("Of how many countries")))
    _write_table(page, columns(lambda tile: SheetCell(formatter.n_of(tile.count, tile.of), "middle")), made.regions)
    _finish(page, top)


def _write_spreads(formatter: SynthesisFormatter, book: WorkbookWriter) -> None:
    say, spreads = formatter.say, formatter.synthesis.spreads

    def band_column(band: Band) -> SheetColumn:
        return SheetColumn(formatter.band(band), 15, lambda one: one.bands[band] if one.bands else _HIDDEN, "count")

    columns = (
        SheetColumn(
            say(N_("Part")), 46, lambda spread: f"{spread.part.number}  {formatter.part(spread.part)}", "label_strong"
        ),
        *map(band_column, Band),
        SheetColumn(say(N_("No score")), 15, lambda spread: spread.unknown, "count"),
        SheetColumn(say(N_("Not applicable")), 15, lambda spread: spread.out, "count"),
        SheetColumn(say(N_("Countries")), 15, lambda spread: spread.of, "count_strong"),
    )
    lead = say(N_("How many countries lie in each band. Countries without a score know too little for one."))
    page = _open_sheet(book, "spreads", say(N_("How countries are spread")), _widths(columns), lead)
    heading = _write_table(page, columns, spreads)
    _finish(page, heading)


def _write_gaps(formatter: SynthesisFormatter, book: WorkbookWriter) -> None:
    say, gaps = formatter.say, formatter.synthesis.gaps
    columns = (
        SheetColumn(say(N_("No.")), 16, lambda gap: gap.number, "number"),
        SheetColumn(say(N_("Gap")), 70, formatter.gap),
        SheetColumn(say(N_("Countries")), 12, lambda gap: gap.count, "count_strong"),
        SheetColumn(say(N_("Of")), 14, lambda gap: gap.of, "count"),
        SheetColumn(say(N_("Share")), 14, lambda gap: float(Fraction(gap.count, gap.of)), "share"),
        SheetColumn(say(N_("High or critical")), 14, lambda gap: gap.serious, "count"),
        SheetColumn(say(N_("Open in")), 14, lambda gap: gap.open, "count"),
    )
    lead = say(N_("What most countries lack, ordered by how many share it."))
    page = _open_sheet(book, "shared-gaps", say(N_("Frequent gaps")), _widths(columns), lead)
    heading = _write_table(page, columns, gaps)
    page.filtered(heading)
    if not gaps:
        page.paragraph(say(N_("No gap is shared by as many countries as the minimum asks for.")))
    _finish(page, heading)


def _write_trend(formatter: SynthesisFormatter, book: WorkbookWriter) -> None:
    say, trend = formatter.say, formatter.synthesis.trend
    title = say(N_("Women and men"))
    if trend is None or not trend.lines:
        page = _open_sheet(book, "sex", title, (80.0,), say(N_("No country has two rounds that can be compared yet.")))
        page.finish(top=1)
        return

    def count(name: str, heading: str, alert: str = "count") -> SheetColumn:
        def shown(line: SexTrendLine) -> SheetCell:
            look = alert if line.is_alert else "count"
            return SheetCell(getattr(line, name), look) if line.is_shown else _HIDDEN

        return SheetColumn(heading, 12, shown, "count")

    columns = (
        SheetColumn(say(N_("No.")), 14, lambda line: line.number, "number"),
        SheetColumn(say(N_("Statistic")), 60, lambda line: formatter.asked(line.question, line.row)),
        count("before", say(N_("Before"))),
        count("after", say(N_("Now")), "count_strong"),
        count("lost", say(N_("Lost")), "caution_count"),
        count("gained", say(N_("Gained"))),
        SheetColumn(say(N_("Countries")), 12, lambda line: line.of, "count"),
    )
    lead = (formatter.trend_lead(), formatter.trend_summary())
    page = _open_sheet(book, "sex", title, _widths(columns), *filter(None, lead))
    heading = _write_table(page, columns, trend.lines)
    _finish(page, heading)


def _write_indicators(formatter: SynthesisFormatter, book: WorkbookWriter) -> None:
    say, entries = formatter.say, formatter.synthesis.indicators
    if not entries:
        return

    def shown(name: str, heading: str) -> SheetColumn:
        return SheetColumn(heading, 13, lambda one: getattr(one, name) if one.is_shown else _HIDDEN, "count")

    columns = (
        SheetColumn(say(N_("No.")), 14, lambda one: one.number, "number"),
        SheetColumn(say(N_("Indicator")), 60, lambda one: formatter.asked(one.question, one.row)),
        SheetColumn(say(N_("Countries that say")), 13, lambda one: one.of, "count_strong"),
        shown("full", say(N_("In full"))),
        shown("partly", say(N_("In part"))),
        shown("birth", say(N_("By birth"))),
        shown("citizenship", say(N_("By citizenship"))),
        shown("parents", say(N_("By parents’ birth"))),
        shown("sex", say(N_("By sex"))),
        SheetColumn(say(N_("Still open")), 13, lambda one: one.open, "count"),
        SheetColumn(say(N_("Not applicable")), 13, lambda one: one.out, "count"),
    )
    lead = say(N_("In how many countries each indicator can be shown for migrants, by birth or by citizenship."))
    _write_list(book, "status", say(N_("Indicators")), columns, entries, lead)


def _write_overdue(formatter: SynthesisFormatter, book: WorkbookWriter) -> None:
    if not formatter.synthesis.overdue:
        return
    widths = (30, 60, 16, 16)
    columns = tuple(
        SheetColumn(formatter.texts.gettext(heading), width, partial(cell, formatter))
        for (heading, cell), width in zip(OVERDUE_COLUMNS, widths, strict=True)
    )
    _write_list(book, "overdue", formatter.say(N_("Overdue actions")), columns, formatter.synthesis.overdue, "")


def _write_absent(formatter: SynthesisFormatter, book: WorkbookWriter) -> None:
    say = formatter.say
    columns = (
        SheetColumn(say(N_("File")), 56, lambda entry: entry.file.path),
        SheetColumn(
            say(N_("Country")), 26, lambda entry: formatter.country(entry.assessment) if entry.assessment else ""
        ),
        SheetColumn(say(N_("Round")), 14, lambda entry: entry.assessment.round if entry.assessment else ""),
        SheetColumn(say(N_("Why")), 40, lambda entry: formatter.absence_word(entry.why)),
        SheetColumn(say(N_("What to know")), 70, lambda entry: entry.file.told(formatter.texts.gettext), "quiet"),
    )
    lead = say(N_("Files that were found and are not in the figures, and why."))
    page = _open_sheet(book, "absent", say(N_("Not in")), _widths(columns), lead)
    heading = _write_table(page, columns, formatter.synthesis.who.absent)
    page.filtered(heading)
    _finish(page, heading, left=0)


# -- for other programs -----------------------------------------------------------------------------------------------

_TILE_COLUMNS = (
    "region", "region_m49", "part_of", "section", "number", "countries", "countries_with_score", "median", "band",
)  # fmt: skip
_COUNTRY_COLUMNS = (
    "country", "m49", "country_name", "region", "subregion", "round", "round_before", "mission_start", "mission_end",
    "status", "instrument", "instrument_version", "questions", "completeness", "last_change", "content_hash",
)  # fmt: skip


def _tile_lines(formatter: SynthesisFormatter) -> Iterable[Sequence[PlainValue]]:
    made = formatter.synthesis
    for region in made.regions:
        for part in made.parts:
            tile = made.tiles[region.code, part.id]
            yield (region.name, region.code, region.parent, part.id, part.number, tile.of, tile.count, tile.median,
                   str(tile.band or ""))  # fmt: skip


def _participant_lines(formatter: SynthesisFormatter) -> Iterable[Sequence[PlainValue]]:
    for entry in formatter.synthesis.who.participants:
        row = entry.newest
        yield (
            row.country, row.m49, row.country_name, row.region, row.subregion, row.round,
            entry.earlier.round if entry.earlier else "", row.mission_start, row.mission_end, row.status,
            row.instrument, row.instrument_version,
            row.questions, row.completeness, row.last_change, row.content_hash,
        )  # fmt: skip


def synthesis_workbook_bytes(
    formatter: SynthesisFormatter, progress: Callable[[str, float], None] | None = None
) -> bytes:
    """Write the workbook of a synthesis; equal repositories give equal bytes."""
    buffer = io.BytesIO()
    title, code = f"{formatter.title} – {formatter.subtitle}", format_hash(formatter.synthesis.content_hash)
    workbook = open_workbook(buffer, title, formatter.synthesis.last_change)
    page = formatter.say(N_("Page {number} of {count}"), number="&P", count="&N")
    footer = footer_text(f"{formatter.title} · {formatter.subtitle}", page, code)
    book = WorkbookWriter(workbook, formatter.texts.right_to_left, footer, digits=formatter.texts.digits)
    of_scores = (_write_regions, _write_spreads, _write_gaps) if formatter.synthesis.parts else ()
    steps = (
        _write_readme, *of_scores, _write_trend, _write_indicators, _write_countries, _write_overdue, _write_absent,
    )  # fmt: skip
    for number, write in enumerate(steps):
        if progress:
            progress(formatter.say(N_("Writing the sheets")), number / len(steps))
        write(formatter, book)
    if formatter.synthesis.parts:
        write_plain(book, "region_scores", _TILE_COLUMNS, _tile_lines(formatter))
    if formatter.synthesis.frequencies:
        write_plain(book, "answer_frequencies", FREQUENCY_COLUMNS, frequency_rows(formatter.synthesis))
    write_plain(book, "participants", _COUNTRY_COLUMNS, _participant_lines(formatter))
    workbook.close()
    return buffer.getvalue()
