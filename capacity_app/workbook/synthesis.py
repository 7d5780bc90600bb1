"""The regional synthesis as a workbook: sheets for people with native charts, and plain tables for other programs."""

import io
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from fractions import Fraction

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart

from capacity_app.domain.content_hash import printed
from capacity_app.domain.moments import moment_of
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring import Band
from capacity_app.domain.synthesis import Region, region_of
from capacity_app.palette import BANDS, INK, MUTED
from capacity_app.synthesis_wording import HIDDEN_SIGN, SynthesisWording
from capacity_app.wording import moment_in_words, standing_of_words, unsigned
from capacity_app.workbook import looks
from capacity_app.workbook.chart import place_chart
from capacity_app.workbook.machine import Plain, write_plain
from capacity_app.workbook.page import Book, Cell, Page, footer_text
from capacity_app.workbook.registers import write_headings

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_format_properties": dict(looks.FONT),
}
_EARLIEST = datetime(1980, 1, 1)  # noqa: DTZ001 - workbooks know no time zones
_WINDOW = (1440, 900)
_SMALL = {"name": "Arial", "size": 9, "color": INK}
_UNKNOWN, _BEFORE, _NOW = "#cfcabd", "#b9c3c9", BANDS[Band.SUSTAINED]
_CHART_GAPS = 12
"""Gaps in the chart; the table has all."""


def _moment(text: str) -> datetime:
    return (moment_of(text) or _EARLIEST).replace(tzinfo=None)


def _page(book: Book, sheet: str, title: str, widths: Sequence[float], *lead: str) -> Page:
    page = Page(book, book.add_sheet(sheet, title), widths)
    page.title(title)
    for sentence in lead:
        page.paragraph(sentence)
    page.skip()
    return page


def _readme(words: SynthesisWording, book: Book) -> Page:
    """Return what the file is, who is in and how it was counted."""
    say, who = words.say, words.synthesis.who
    page = _page(book, "readme", say(N_("Read me")), (42.0, 100.0))
    page.heading(f"{words.title} – {words.subtitle}")
    changed = words.synthesis.last_change
    for name, text in (
        (say(N_("Basis")), words.basis),
        (say(N_("Minimum")), words.minimum),
        (say(N_("Translation")), unsigned(words.texts, [(words.texts.language, standing_of_words(words.texts))])),
        (say(N_("Questionnaire")), words.questionnaire),
        (say(N_("Countries")), words.n_of(words.synthesis.of, who.countries)),
        (say(N_("Last answer")), moment_in_words(words.texts, changed) if "T" in changed else changed),
        (say(N_("Content hash")), printed(words.synthesis.content_hash)),
    ):
        if text:
            page.line([Cell(name, "label_strong"), Cell(text)])
    page.skip()
    page.heading(say(N_("Method")))
    for title, text in words.method():
        page.line([Cell(title, "label_strong"), Cell(text)])
    page.finish(top=1)
    return page


def _countries(words: SynthesisWording, book: Book) -> None:
    say = words.say
    page = _page(book, "who", say(N_("Countries")), (30.0, 24.0, 30.0, 14.0, 14.0, 14.0, 12.0, 12.0), words.basis)
    heading = page.row
    write_headings(
        page,
        (say(N_("Country")), say(N_("Region")), say(N_("Subregion")), say(N_("Round")), say(N_("Round before")),
         say(N_("Status")), say(N_("Version"))),
        (say(N_("Asked")),),
    )  # fmt: skip
    for entry in words.synthesis.who.participants:
        newest = entry.newest
        subregion = words.region_named(newest.subregion_m49, newest.subregion) if newest.subregion_m49 else ""
        page.line(
            [
                Cell(words.country(newest), "label_strong"),
                Cell(words.region_named(region_of(newest), newest.region)),
                Cell(subregion),
                Cell(newest.round),
                Cell(entry.earlier.round if entry.earlier else ""),
                Cell(words.status(newest.status), "label" if entry.is_validated else "caution"),
                Cell(newest.instrument_version),
                Cell(newest.completeness, "share"),
            ]
        )
    page.filtered(heading)
    page.finish(top=heading + 1, left=2, repeated=range(heading, heading + 1))


def _region_name(words: SynthesisWording, region: Region) -> Cell:
    name = words.region(region)
    return Cell(f"– {name}", "label") if region.parent else Cell(name, "label_strong")


def _regions(words: SynthesisWording, book: Book) -> None:
    """Write the heat map with its values, and below it of how many countries each value is."""
    say, made = words.say, words.synthesis
    widths = (38.0, 12.0, *(18.0 for _ in made.parts))
    lead = say(N_("The median score of each part, 0 to 100; the table below says of how many countries it is."))
    page = _page(book, "regions", say(N_("Regions and parts")), widths, lead, words.minimum)
    top = page.row
    names = [f"{part.number}  {words.part(part)}" for part in made.parts]
    for title in ("", say(N_("Of how many countries"))):
        if title:
            page.skip()
            page.heading(title)
        page.line([Cell(say(N_("Region")), "header"), Cell(say(N_("Countries")), "header_end"),
                   *(Cell(name, "header") for name in names)], least=20)  # fmt: skip
        for region in made.regions:
            tiles = [made.tiles[region.code, part.id] for part in made.parts]
            if title:
                cells = [Cell(words.n_of(tile.count, tile.of), "middle") for tile in tiles]
            else:
                cells = [
                    Cell(tile.median, f"median_{tile.band}") if tile.band else Cell(HIDDEN_SIGN, "middle")
                    for tile in tiles
                ]
            page.line([_region_name(words, region), Cell(region.countries, "count"), *cells])
    page.finish(top=top + 1, left=2, repeated=range(top, top + 1))


def _bars(page: Page, first: int, last: int, series: Iterable[tuple[int, str]], heading: int, *, kind: str) -> Chart:
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
                    "num_format": looks.in_digits("0;;", page.book.digits),
                    "font": {**_SMALL, "color": _on(colour)},
                },
            }
        )
    chart.set_legend({"position": "bottom", "font": _SMALL})
    chart.set_y_axis({"reverse": True, "num_font": _SMALL, "line": {"color": MUTED}})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0,
                      "reverse": page.book.is_right_to_left})  # fmt: skip
    return chart


def _on(colour: str) -> str:
    return INK if colour in {_UNKNOWN, _BEFORE} else "#ffffff"


def _spreads(words: SynthesisWording, book: Book) -> None:
    say, made = words.say, words.synthesis
    lead = say(N_("How many countries lie in each band. Countries without a score know too little for one."))
    page = _page(book, "spreads", say(N_("How countries are spread")), (46.0, *(15.0,) * 7), lead)
    heading = page.row
    figures = (
        *(words.band(band) for band in Band),
        say(N_("No score")),
        say(N_("Not applicable")),
        say(N_("Countries")),
    )
    write_headings(page, (say(N_("Part")),), figures)
    for spread in made.spreads:
        counts = [Cell(spread.bands[band], "count") if spread.bands else Cell(HIDDEN_SIGN, "middle") for band in Band]
        page.line(
            [
                Cell(f"{spread.part.number}  {words.part(spread.part)}", "label_strong"),
                *counts,
                Cell(spread.unknown, "count"),
                Cell(spread.out, "count"),
                Cell(spread.of, "count_strong"),
            ]
        )
    if made.spreads:
        series = [*((2 + place, BANDS[band]) for place, band in enumerate(Band)), (6, _UNKNOWN)]
        chart = _bars(page, heading + 1, page.row - 1, series, heading, kind="percent_stacked")
        place_chart(page, chart, say(N_("Countries by band")), say(N_("The table above has the figures.")),
                    lines=6 + 2 * len(made.spreads))  # fmt: skip
    page.finish(top=heading + 1, left=2, repeated=range(heading, heading + 1))


def _gaps(words: SynthesisWording, book: Book) -> None:
    say, made = words.say, words.synthesis
    lead = say(N_("What most countries lack, ordered by how many share it."))
    page = _page(book, "shared-gaps", say(N_("Frequent gaps")), (16.0, 70.0, 12.0, 14.0, 14.0, 14.0, 14.0), lead)
    heading = page.row
    figures = (N_("Countries"), N_("Of"), N_("Share"), N_("High or critical"), N_("Open in"))
    write_headings(page, (say(N_("No.")), say(N_("Gap"))), (words.texts.gettext(name) for name in figures))
    for gap in made.gaps:
        page.line(
            [
                Cell(gap.number, "number"),
                Cell(words.gap(gap)),
                Cell(gap.count, "count_strong"),
                Cell(gap.of, "count"),
                Cell(float(Fraction(gap.count, gap.of)), "share"),
                Cell(gap.serious, "count"),
                Cell(gap.open, "count"),
            ]
        )
    page.filtered(heading)
    if made.gaps:
        last = min(page.row - 1, heading + _CHART_GAPS)
        chart = _bars(page, heading + 1, last, [(3, BANDS[Band.ABSENT])], heading, kind="")
        chart.set_legend({"none": True})
        place_chart(page, chart, say(N_("Countries that share a gap")), say(N_("The table above has the figures.")),
                    lines=6 + 2 * (last - heading))  # fmt: skip
    else:
        page.paragraph(say(N_("No gap is shared by as many countries as the minimum asks for.")))
    page.finish(top=heading + 1, left=2, repeated=range(heading, heading + 1))


def _trend(words: SynthesisWording, book: Book) -> None:
    say, trend = words.say, words.synthesis.trend
    title = say(N_("Women and men"))
    if trend is None or not trend.lines:
        page = _page(book, "sex", title, (80.0,), say(N_("No country has two rounds that can be compared yet.")))
        page.finish(top=1)
        return
    lead = (say(N_("In how many of the same countries each statistic shows women and men: {rounds}."),
                rounds=words.rounds()), words.trend_summary())  # fmt: skip
    page = _page(book, "sex", title, (14.0, 60.0, 12.0, 12.0, 12.0, 12.0, 12.0), *filter(None, lead))
    heading = page.row
    figures = (N_("Before"), N_("Now"), N_("Lost"), N_("Gained"), N_("Countries"))
    write_headings(page, (say(N_("No.")), say(N_("Statistic"))), (words.texts.gettext(name) for name in figures))
    for line in trend.lines:
        counts = (line.before, line.after, line.lost, line.gained)
        shown = [Cell(count, "count") if line.is_shown else Cell(HIDDEN_SIGN, "middle") for count in counts]
        if line.is_alert:
            shown[1] = Cell(line.after, "count_strong")
            shown[2] = Cell(line.lost, "caution_count")
        page.line([Cell(line.number, "number"), Cell(words.asked(line.question, line.row)), *shown,
                   Cell(line.of, "count")])  # fmt: skip
    chart = _bars(page, heading + 1, page.row - 1, [(3, _BEFORE), (4, _NOW)], heading, kind="")
    place_chart(page, chart, say(N_("Countries whose statistics show women and men")),
                say(N_("The table above has the figures.")), lines=8 + 3 * len(trend.lines))  # fmt: skip
    page.finish(top=heading + 1, left=2, repeated=range(heading, heading + 1))


def _indicators(words: SynthesisWording, book: Book) -> None:
    say, entries = words.say, words.synthesis.indicators
    if not entries:
        return
    lead = say(N_("In how many countries each indicator can be shown for migrants, by birth or by citizenship."))
    page = _page(book, "status", say(N_("Indicators")), (14.0, 60.0, *(13.0,) * 9), lead)
    heading = page.row
    figures = (
        N_("Countries that say"), N_("In full"), N_("In part"), N_("By birth"), N_("By citizenship"),
        N_("By parents’ birth"), N_("By sex"), N_("Still open"), N_("Not applicable"),
    )  # fmt: skip
    write_headings(page, (say(N_("No.")), say(N_("Indicator"))), (words.texts.gettext(name) for name in figures))
    for one in entries:
        counts = (one.full, one.partly, one.birth, one.citizenship, one.parents, one.sex)
        page.line(
            [
                Cell(one.number, "number"),
                Cell(words.asked(one.question, one.row)),
                Cell(one.of, "count_strong"),
                *(Cell(count, "count") if one.is_shown else Cell(HIDDEN_SIGN, "middle") for count in counts),
                Cell(one.open, "count"),
                Cell(one.out, "count"),
            ]
        )
    page.filtered(heading)
    page.finish(top=heading + 1, left=2, repeated=range(heading, heading + 1))


def _absent(words: SynthesisWording, book: Book) -> None:
    say, absent = words.say, words.synthesis.who.absent
    page = _page(book, "absent", say(N_("Not in")), (56.0, 26.0, 14.0, 40.0, 70.0),
                 say(N_("Files that were found and are not in the figures, and why.")))  # fmt: skip
    heading = page.row
    names = (N_("File"), N_("Country"), N_("Round"), N_("Why"), N_("What to know"))
    write_headings(page, (words.texts.gettext(name) for name in names))
    for entry in absent:
        known = entry.assessment
        page.line(
            [
                Cell(entry.file.path),
                Cell(words.country(known) if known else ""),
                Cell(known.round if known else ""),
                Cell(words.absence_word(entry.why)),
                Cell(entry.file.told(words.texts.gettext), "quiet"),
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


def _tiles(words: SynthesisWording) -> Iterable[Sequence[Plain]]:
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


def _participants(words: SynthesisWording) -> Iterable[Sequence[Plain]]:
    for entry in words.synthesis.who.participants:
        row = entry.newest
        yield (
            row.country, row.m49, row.country_name, row.region, row.subregion, row.round,
            entry.earlier.round if entry.earlier else "", row.status, row.instrument, row.instrument_version,
            row.completeness, row.last_change, row.content_hash,
        )  # fmt: skip


def synthesis_bytes(words: SynthesisWording, progress: Callable[[str, float], None] | None = None) -> bytes:
    """Write the workbook of a synthesis; equal repositories give equal bytes."""
    buffer = io.BytesIO()
    workbook = Workbook(buffer, _OPTIONS)
    page = words.say(N_("Page {number} of {count}"), number="&P", count="&N")
    code = printed(words.synthesis.content_hash)
    book = Book(workbook, words.texts.right_to_left, footer_text(f"{words.title} · {words.subtitle}", page, code),
                digits=words.texts.digits)  # fmt: skip
    workbook.set_size(*_WINDOW)
    workbook.set_properties(
        {"title": f"{words.title} – {words.subtitle}", "author": "", "created": _moment(words.synthesis.last_change)}
    )
    steps = (_readme, _regions, _spreads, _gaps, _trend, _indicators, _countries, _absent)
    for number, write in enumerate(steps):
        if progress:
            progress(words.say(N_("Writing the sheets")), number / len(steps))
        write(words, book)
    write_plain(book, "region_scores", _TILE_COLUMNS, _tiles(words))
    write_plain(book, "participants", _COUNTRY_COLUMNS, _participants(words))
    workbook.close()
    return buffer.getvalue()
