"""The regional synthesis as a workbook: sheets for people with native charts, and plain tables for other programs."""

import io
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from fractions import Fraction

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart

from capacity_app.domain.content_hash import format_hash
from capacity_app.domain.headquarters.synthesis import Region, region_of
from capacity_app.domain.numbers_and_dates import parse_moment
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring.scores import Band
from capacity_app.i18n.formatter import format_moment, review_status_of, unreviewed_languages
from capacity_app.i18n.synthesis_formatter import HIDDEN_SIGN, SynthesisFormatter
from capacity_app.outputs.workbook import formats
from capacity_app.outputs.workbook.sheet_writer import SheetCell, SheetWriter, WorkbookWriter, footer_text, place_chart
from capacity_app.outputs.workbook.writer import PlainValue, write_plain
from capacity_app.palette import BAND_COLOURS, INK, MUTED

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_format_properties": dict(formats.FONT),
}
_EARLIEST = datetime(1980, 1, 1)  # noqa: DTZ001 - workbooks know no time zones
_WINDOW = (1440, 900)
_SMALL = {"name": "Arial", "size": 9, "color": INK}
_UNKNOWN, _BEFORE, _NOW = "#cfcabd", "#b9c3c9", BAND_COLOURS[Band.SUSTAINED]
_CHART_GAPS = 12
"""Gaps in the chart; the table has all."""


def _as_datetime(text: str) -> datetime:
    return (parse_moment(text) or _EARLIEST).replace(tzinfo=None)


def _open_sheet(book: WorkbookWriter, sheet: str, title: str, widths: Sequence[float], *lead: str) -> SheetWriter:
    page = SheetWriter(book, book.add_sheet(sheet, title), widths)
    page.title(title)
    for sentence in lead:
        page.paragraph(sentence)
    page.skip()
    return page


def _write_readme(words: SynthesisFormatter, book: WorkbookWriter) -> SheetWriter:
    """Return what the file is, who is in and how it was counted."""
    say, who = words.say, words.synthesis.who
    page = _open_sheet(book, "readme", say(N_("Read me")), (42.0, 100.0))
    page.heading(f"{words.title} – {words.subtitle}")
    changed = words.synthesis.last_change
    for name, text in (
        (say(N_("Basis")), words.basis),
        (say(N_("Minimum")), words.minimum),
        (
            say(N_("Translation")),
            unreviewed_languages(words.texts, [(words.texts.language, review_status_of(words.texts))]),
        ),
        (say(N_("Questionnaire")), words.questionnaire),
        (say(N_("Countries")), words.n_of(words.synthesis.of, who.countries)),
        (say(N_("Last answer")), format_moment(words.texts, changed) if "T" in changed else changed),
        (say(N_("Content hash")), format_hash(words.synthesis.content_hash)),
    ):
        if text:
            page.line([SheetCell(name, "label_strong"), SheetCell(text)])
    page.skip()
    page.heading(say(N_("Method")))
    for title, text in words.method():
        page.line([SheetCell(title, "label_strong"), SheetCell(text)])
    page.finish(top=1)
    return page


def _write_countries(words: SynthesisFormatter, book: WorkbookWriter) -> None:
    say = words.say
    page = _open_sheet(book, "who", say(N_("Countries")), (30.0, 24.0, 30.0, 14.0, 14.0, 14.0, 12.0, 12.0), words.basis)
    heading = page.row
    page.headings(
        (say(N_("Country")), say(N_("Region")), say(N_("Subregion")), say(N_("Round")), say(N_("Round before")),
         say(N_("Status")), say(N_("Version"))),
        (say(N_("Asked")),),
    )  # fmt: skip
    for entry in words.synthesis.who.participants:
        newest = entry.newest
        subregion = words.region_named(newest.subregion_m49, newest.subregion) if newest.subregion_m49 else ""
        page.line(
            [
                SheetCell(words.country(newest), "label_strong"),
                SheetCell(words.region_named(region_of(newest), newest.region)),
                SheetCell(subregion),
                SheetCell(newest.round),
                SheetCell(entry.earlier.round if entry.earlier else ""),
                SheetCell(words.status(newest.status), "label" if entry.is_validated else "caution"),
                SheetCell(newest.instrument_version),
                SheetCell(newest.completeness, "share"),
            ]
        )
    page.filtered(heading)
    page.finish(top=heading + 1, left=2, repeated=range(heading, heading + 1))


def _region_name(words: SynthesisFormatter, region: Region) -> SheetCell:
    name = words.region(region)
    return SheetCell(f"– {name}", "label") if region.parent else SheetCell(name, "label_strong")


def _write_regions(words: SynthesisFormatter, book: WorkbookWriter) -> None:
    """Write the heat map with its values, and below it of how many countries each value is."""
    say, made = words.say, words.synthesis
    widths = (38.0, 12.0, *(18.0 for _ in made.parts))
    lead = say(N_("The median score of each part, 0 to 100; the table below says of how many countries it is."))
    page = _open_sheet(book, "regions", say(N_("Regions and parts")), widths, lead, words.minimum)
    top = page.row
    names = [f"{part.number}  {words.part(part)}" for part in made.parts]
    for title in ("", say(N_("Of how many countries"))):
        if title:
            page.skip()
            page.heading(title)
        page.line([SheetCell(say(N_("Region")), "header"), SheetCell(say(N_("Countries")), "header_end"),
                   *(SheetCell(name, "header") for name in names)], least=20)  # fmt: skip
        for region in made.regions:
            tiles = [made.tiles[region.code, part.id] for part in made.parts]
            if title:
                cells = [SheetCell(words.n_of(tile.count, tile.of), "middle") for tile in tiles]
            else:
                cells = [
                    SheetCell(tile.median, f"median_{tile.band}") if tile.band else SheetCell(HIDDEN_SIGN, "middle")
                    for tile in tiles
                ]
            page.line([_region_name(words, region), SheetCell(region.countries, "count"), *cells])
    page.finish(top=top + 1, left=2, repeated=range(top, top + 1))


def _bar_chart(
    page: SheetWriter, first: int, last: int, series: Iterable[tuple[int, str]], heading: int, *, kind: str
) -> Chart:
    """Draw columns of the lines written from ``first`` to ``last`` as bars, one series for each column."""
    chart = page.book.workbook.add_chart({"type": "bar", "subtype": kind} if kind else {"type": "bar"})
    sheet = page.sheet.get_name()
    for column, colour in series:
        chart.add_series(
            {
                "name": [sheet, heading, column],
                "categories": [sheet, first, 1, last, 1],
                "values": [sheet, first, column, last, column],
                "fill": {"color": colour},
                "gap": 45,
                "data_labels": {
                    "value": True,
                    "num_format": formats.in_digits("0;;", page.book.digits),
                    "font": {**_SMALL, "color": _label_colour(colour)},
                },
            }
        )
    chart.set_legend({"position": "bottom", "font": _SMALL})
    chart.set_y_axis({"reverse": True, "num_font": _SMALL, "line": {"color": MUTED}})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0,
                      "reverse": page.book.is_right_to_left})  # fmt: skip
    return chart


def _label_colour(colour: str) -> str:
    return INK if colour in {_UNKNOWN, _BEFORE} else "#ffffff"


def _write_spreads(words: SynthesisFormatter, book: WorkbookWriter) -> None:
    say, made = words.say, words.synthesis
    lead = say(N_("How many countries lie in each band. Countries without a score know too little for one."))
    page = _open_sheet(book, "spreads", say(N_("How countries are spread")), (46.0, *(15.0,) * 7), lead)
    heading = page.row
    figures = (
        *(words.band(band) for band in Band),
        say(N_("No score")),
        say(N_("Not applicable")),
        say(N_("Countries")),
    )
    page.headings((say(N_("Part")),), figures)
    for spread in made.spreads:
        counts = [
            SheetCell(spread.bands[band], "count") if spread.bands else SheetCell(HIDDEN_SIGN, "middle")
            for band in Band
        ]
        page.line(
            [
                SheetCell(f"{spread.part.number}  {words.part(spread.part)}", "label_strong"),
                *counts,
                SheetCell(spread.unknown, "count"),
                SheetCell(spread.out, "count"),
                SheetCell(spread.of, "count_strong"),
            ]
        )
    if made.spreads:
        series = [*((2 + place, BAND_COLOURS[band]) for place, band in enumerate(Band)), (6, _UNKNOWN)]
        chart = _bar_chart(page, heading + 1, page.row - 1, series, heading, kind="percent_stacked")
        place_chart(page, chart, say(N_("Countries by band")), say(N_("The table above has the figures.")),
                    lines=6 + 2 * len(made.spreads))  # fmt: skip
    page.finish(top=heading + 1, left=2, repeated=range(heading, heading + 1))


def _write_gaps(words: SynthesisFormatter, book: WorkbookWriter) -> None:
    say, made = words.say, words.synthesis
    lead = say(N_("What most countries lack, ordered by how many share it."))
    page = _open_sheet(book, "shared-gaps", say(N_("Frequent gaps")), (16.0, 70.0, 12.0, 14.0, 14.0, 14.0, 14.0), lead)
    heading = page.row
    figures = (N_("Countries"), N_("Of"), N_("Share"), N_("High or critical"), N_("Open in"))
    page.headings((say(N_("No.")), say(N_("Gap"))), (words.texts.gettext(name) for name in figures))
    for gap in made.gaps:
        page.line(
            [
                SheetCell(gap.number, "number"),
                SheetCell(words.gap(gap)),
                SheetCell(gap.count, "count_strong"),
                SheetCell(gap.of, "count"),
                SheetCell(float(Fraction(gap.count, gap.of)), "share"),
                SheetCell(gap.serious, "count"),
                SheetCell(gap.open, "count"),
            ]
        )
    page.filtered(heading)
    if made.gaps:
        last = min(page.row - 1, heading + _CHART_GAPS)
        chart = _bar_chart(page, heading + 1, last, [(3, BAND_COLOURS[Band.ABSENT])], heading, kind="")
        chart.set_legend({"none": True})
        place_chart(page, chart, say(N_("Countries that share a gap")), say(N_("The table above has the figures.")),
                    lines=6 + 2 * (last - heading))  # fmt: skip
    else:
        page.paragraph(say(N_("No gap is shared by as many countries as the minimum asks for.")))
    page.finish(top=heading + 1, left=2, repeated=range(heading, heading + 1))


def _write_trend(words: SynthesisFormatter, book: WorkbookWriter) -> None:
    say, trend = words.say, words.synthesis.trend
    title = say(N_("Women and men"))
    if trend is None or not trend.lines:
        page = _open_sheet(book, "sex", title, (80.0,), say(N_("No country has two rounds that can be compared yet.")))
        page.finish(top=1)
        return
    lead = (say(N_("In how many of the same countries each statistic shows women and men: {rounds}."),
                rounds=words.rounds()), words.trend_summary())  # fmt: skip
    page = _open_sheet(book, "sex", title, (14.0, 60.0, 12.0, 12.0, 12.0, 12.0, 12.0), *filter(None, lead))
    heading = page.row
    figures = (N_("Before"), N_("Now"), N_("Lost"), N_("Gained"), N_("Countries"))
    page.headings((say(N_("No.")), say(N_("Statistic"))), (words.texts.gettext(name) for name in figures))
    for line in trend.lines:
        counts = (line.before, line.after, line.lost, line.gained)
        shown = [SheetCell(count, "count") if line.is_shown else SheetCell(HIDDEN_SIGN, "middle") for count in counts]
        if line.is_alert:
            shown[1] = SheetCell(line.after, "count_strong")
            shown[2] = SheetCell(line.lost, "caution_count")
        page.line([SheetCell(line.number, "number"), SheetCell(words.asked(line.question, line.row)), *shown,
                   SheetCell(line.of, "count")])  # fmt: skip
    chart = _bar_chart(page, heading + 1, page.row - 1, [(3, _BEFORE), (4, _NOW)], heading, kind="")
    place_chart(page, chart, say(N_("Countries whose statistics show women and men")),
                say(N_("The table above has the figures.")), lines=8 + 3 * len(trend.lines))  # fmt: skip
    page.finish(top=heading + 1, left=2, repeated=range(heading, heading + 1))


def _write_indicators(words: SynthesisFormatter, book: WorkbookWriter) -> None:
    say, entries = words.say, words.synthesis.indicators
    if not entries:
        return
    lead = say(N_("In how many countries each indicator can be shown for migrants, by birth or by citizenship."))
    page = _open_sheet(book, "status", say(N_("Indicators")), (14.0, 60.0, *(13.0,) * 9), lead)
    heading = page.row
    figures = (
        N_("Countries that say"), N_("In full"), N_("In part"), N_("By birth"), N_("By citizenship"),
        N_("By parents’ birth"), N_("By sex"), N_("Still open"), N_("Not applicable"),
    )  # fmt: skip
    page.headings((say(N_("No.")), say(N_("Indicator"))), (words.texts.gettext(name) for name in figures))
    for one in entries:
        counts = (one.full, one.partly, one.birth, one.citizenship, one.parents, one.sex)
        page.line(
            [
                SheetCell(one.number, "number"),
                SheetCell(words.asked(one.question, one.row)),
                SheetCell(one.of, "count_strong"),
                *(SheetCell(count, "count") if one.is_shown else SheetCell(HIDDEN_SIGN, "middle") for count in counts),
                SheetCell(one.open, "count"),
                SheetCell(one.out, "count"),
            ]
        )
    page.filtered(heading)
    page.finish(top=heading + 1, left=2, repeated=range(heading, heading + 1))


def _write_absent(words: SynthesisFormatter, book: WorkbookWriter) -> None:
    say, absent = words.say, words.synthesis.who.absent
    page = _open_sheet(book, "absent", say(N_("Not in")), (56.0, 26.0, 14.0, 40.0, 70.0),
                 say(N_("Files that were found and are not in the figures, and why.")))  # fmt: skip
    heading = page.row
    names = (N_("File"), N_("Country"), N_("Round"), N_("Why"), N_("What to know"))
    page.headings(words.texts.gettext(name) for name in names)
    for entry in absent:
        known = entry.assessment
        page.line(
            [
                SheetCell(entry.file.path),
                SheetCell(words.country(known) if known else ""),
                SheetCell(known.round if known else ""),
                SheetCell(words.absence_word(entry.why)),
                SheetCell(entry.file.told(words.texts.gettext), "quiet"),
            ]
        )
    page.filtered(heading)
    page.finish(top=heading + 1, repeated=range(heading, heading + 1))


# -- for other programs -----------------------------------------------------------------------------------------------

_TILE_COLUMNS = (
    "region", "region_m49", "part_of", "section", "number", "countries", "countries_with_score", "median", "band",
)  # fmt: skip
_COUNTRY_COLUMNS = (
    "country", "m49", "country_name", "region", "subregion", "round", "round_before", "status", "instrument",
    "instrument_version", "completeness", "last_change", "content_hash",
)  # fmt: skip


def _tile_lines(words: SynthesisFormatter) -> Iterable[Sequence[PlainValue]]:
    made = words.synthesis
    for region in made.regions:
        for part in made.parts:
            tile = made.tiles[region.code, part.id]
            band = str(tile.band) if tile.band else ""
            yield (
                region.name,
                region.code,
                region.parent,
                part.id,
                part.number,
                tile.of,
                tile.count,
                tile.median,
                band,
            )


def _participant_lines(words: SynthesisFormatter) -> Iterable[Sequence[PlainValue]]:
    for entry in words.synthesis.who.participants:
        row = entry.newest
        yield (
            row.country, row.m49, row.country_name, row.region, row.subregion, row.round,
            entry.earlier.round if entry.earlier else "", row.status, row.instrument, row.instrument_version,
            row.completeness, row.last_change, row.content_hash,
        )  # fmt: skip


def synthesis_workbook_bytes(words: SynthesisFormatter, progress: Callable[[str, float], None] | None = None) -> bytes:
    """Write the workbook of a synthesis; equal repositories give equal bytes."""
    buffer = io.BytesIO()
    workbook = Workbook(buffer, _OPTIONS)
    page = words.say(N_("Page {number} of {count}"), number="&P", count="&N")
    code = format_hash(words.synthesis.content_hash)
    book = WorkbookWriter(
        workbook,
        words.texts.right_to_left,
        footer_text(f"{words.title} · {words.subtitle}", page, code),
        digits=words.texts.digits,
    )
    workbook.set_size(*_WINDOW)
    workbook.set_properties(
        {
            "title": f"{words.title} – {words.subtitle}",
            "author": "",
            "created": _as_datetime(words.synthesis.last_change),
        }
    )
    steps = (
        _write_readme,
        _write_regions,
        _write_spreads,
        _write_gaps,
        _write_trend,
        _write_indicators,
        _write_countries,
        _write_absent,
    )
    for number, write in enumerate(steps):
        if progress:
            progress(words.say(N_("Writing the sheets")), number / len(steps))
        write(words, book)
    write_plain(book, "region_scores", _TILE_COLUMNS, _tile_lines(words))
    write_plain(book, "participants", _COUNTRY_COLUMNS, _participant_lines(words))
    workbook.close()
    return buffer.getvalue()
