"""The regional synthesis: its findings in words, its tables with a bar in every row, and the PDF."""

from collections.abc import Callable, Iterator
from itertools import groupby

from capacity_app import report_colours
from capacity_app.domain.content_hash import format_hash
from capacity_app.domain.headquarters.disaggregation import IndicatorBreakdown, SexTrendLine
from capacity_app.domain.headquarters.selection import ExcludedFile, ParticipatingCountry
from capacity_app.domain.headquarters.synthesis import (
    AnswerFrequency,
    BandDistribution,
    CommonGap,
    Region,
    RegionSectionScore,
    region_of,
)
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring.scores import Band
from capacity_app.i18n.synthesis_formatter import HIDDEN_SIGN, OVERDUE_COLUMNS, SynthesisFormatter
from capacity_app.outputs.charts import change_line, stacked_bar
from capacity_app.outputs.content.answer_cells import band_tone
from capacity_app.outputs.content.elements import (
    ColumnHeading,
    ContentTable,
    FactSheet,
    Points,
    TableCell,
    TableRow,
    TextTone,
    column_headings,
    fact_list,
    prose,
    shorten,
    table_row,
    titled,
)
from capacity_app.outputs.content.report import PageFooter, ReportChapter, ReportContent, ReportCover
from capacity_app.outputs.pdf.rendering import html_for_paper, render_pages
from capacity_app.outputs.pdf.signatures import SigningIdentity
from capacity_app.report_colours import BAND_SIGNS

# Tables with a bar in every row: how countries are spread, which gaps they share, women and men, indicators.


_WIDTH = 46.0
"""Millimetres of a bar."""
_UNKNOWN = "#cfcabd"
_MOST_GAPS = 25
"""Gaps on pages; the workbook has all of them."""
_HUNDRED, _FALLS = 100.0, "▼"


def _too_few(formatter: SynthesisFormatter, name: str) -> str:
    return formatter.say(N_("{name}: too few countries for a figure"), name=name)


def _spread_words(formatter: SynthesisFormatter, spread: BandDistribution) -> str:
    if not spread.bands:
        return _too_few(formatter, spread.part.number)
    number = formatter.texts.number
    pieces = [f"{formatter.band(band)}: {number(spread.bands.get(band, 0))}" for band in Band]
    no_score = formatter.say(N_("no score"))
    pieces.append(f"{no_score}: {number(spread.unknown + spread.out)}")
    return f"{spread.part.number}: {', '.join(pieces)}"


def spread_table(formatter: SynthesisFormatter, *, is_brief: bool = False) -> ContentTable:
    """Show how countries are spread over the bands of every part."""
    say, number = formatter.say, formatter.texts.number
    signs = tuple(
        ColumnHeading(f"{report_colours.BAND_SIGNS[band]} {formatter.texts.gettext(_SHORT[band])}", 9, "sign")
        for band in Band
    )
    headings = (
        ColumnHeading(say(N_("Part")), 27), ColumnHeading(say(N_("Countries by band")), 29), *signs,
        ColumnHeading(say(N_("No score")), 8, "sign"),
    )  # fmt: skip
    rows = []
    for spread in formatter.synthesis.spreads:
        pieces = [(spread.bands.get(band, 0), report_colours.BAND_COLOURS[band]) for band in Band]
        hidden = spread.of - sum(count for count, _colour in pieces)
        chart = stacked_bar((*pieces, (hidden, _UNKNOWN)), spread.of, _spread_words(formatter, spread), _WIDTH)
        shown = [number(spread.bands[band]) if spread.bands else HIDDEN_SIGN for band in Band]
        out = say(N_("not applicable in {count}"), count=number(spread.out)) if spread.out else ""
        detail = "" if is_brief else formatter.n_of(spread.count, spread.of)
        rows.append(
            table_row(
                TableCell(f"{spread.part.number}  {formatter.part(spread.part)}", detail=detail),
                TableCell(chart=chart),
                *shown,
                TableCell(number(spread.unknown + spread.out), detail=out),
            )
        )
    return ContentTable(headings, tuple(rows), style="spread")


_SHORT: dict[Band, str] = {
    Band.ABSENT: N_("absent"),
    Band.EMERGING: N_("emerging"),
    Band.ESTABLISHED: N_("with gaps"),
    Band.SUSTAINED: N_("sustained"),
}


def _gap_row(formatter: SynthesisFormatter, gap: CommonGap) -> TableRow:
    serious, number = report_colours.SEVERITY_COLOURS, formatter.texts.number
    high, rest = next(iter(serious.values())), report_colours.CAUTION
    said = formatter.say(
        N_("{count} countries have this gap, in {serious} of them it is high or critical"),
        count=formatter.n_of(gap.count, gap.of),
        serious=number(gap.serious),
    )
    pieces = ((gap.serious, high), (gap.count - gap.serious, rest), (gap.of - gap.count, _UNKNOWN))
    chart = stacked_bar(pieces, gap.of, said, _WIDTH * 0.6)
    return table_row(
        TableCell(gap.number, tone=TextTone.STRONG),
        formatter.gap(gap),
        TableCell(chart=chart),
        TableCell(formatter.n_of(gap.count, gap.of), detail=formatter.share(gap.count, gap.of)),
        number(gap.serious),
        number(gap.open),
    )


def gap_table(formatter: SynthesisFormatter) -> ContentTable:
    """Show the gaps that most countries share."""
    say, gaps = formatter.say, formatter.synthesis.gaps
    headings = column_headings(
        say, (N_("No."), 12), (N_("Gap"), 35), (N_("Share of countries"), 18), (N_("Countries"), 12, "number"),
        (N_("High or critical"), 12, "number"), (N_("Open in"), 11, "number"),
    )  # fmt: skip
    notes = []
    if len(gaps) > _MOST_GAPS:
        notes.append(say(N_("The {count} most frequent of {all}; the workbook lists all of them."),
                         count=formatter.texts.number(_MOST_GAPS), all=formatter.texts.number(len(gaps))))  # fmt: skip
    if formatter.synthesis.rare_gaps:
        notes.append(
            formatter.texts.ngettext(
                "{count} gap of fewer countries than the minimum is not listed.",
                "{count} gaps of fewer countries than the minimum are not listed.",
                formatter.synthesis.rare_gaps,
            ).format(count=formatter.texts.number(formatter.synthesis.rare_gaps))
        )
    rows = tuple(_gap_row(formatter, gap) for gap in gaps[:_MOST_GAPS])
    return ContentTable(headings, rows, note=" ".join(notes), style="shared")


def _trend_row(formatter: SynthesisFormatter, line: SexTrendLine) -> TableRow:
    before, after = ((count * _HUNDRED / line.of if line.is_shown else None) for count in (line.before, line.after))
    shown = (
        (formatter.n_of(line.before, line.of), formatter.n_of(line.after, line.of))
        if line.is_shown
        else (HIDDEN_SIGN,) * 2
    )
    name = formatter.asked(line.question, line.row)
    said = formatter.say(N_("{name}: {before} before, {after} now"), name=name, before=shown[0], after=shown[1])
    said = said if line.is_shown else _too_few(formatter, name)
    chart = change_line(before, after, said, _WIDTH * 0.8)
    changed = formatter.say(
        N_("lost in {lost}, gained in {gained}"),
        lost=formatter.texts.number(line.lost),
        gained=formatter.texts.number(line.gained),
    )
    return table_row(
        TableCell(line.number, tone=TextTone.STRONG),
        name,
        shown[0],
        TableCell(chart=chart),
        shown[1],
        TableCell(
            changed if line.is_shown else "",
            sign=_FALLS if line.is_alert else "",
            tone=TextTone.HIGH if line.is_alert else TextTone.PLAIN,
        ),
    )


def trend_table(formatter: SynthesisFormatter) -> ContentTable | None:
    """Show in how many of the same countries each statistic shows women and men, then and now."""
    trend = formatter.synthesis.trend
    if trend is None or not trend.lines:
        return None
    before = ColumnHeading("○ " + formatter.say(N_("Before")), 10, "number")
    now = ColumnHeading("● " + formatter.say(N_("Now")), 10, "number")
    headings = column_headings(
        formatter.say, (N_("No."), 11), (N_("Statistic"), 30), before,
        ColumnHeading("0 – 100 %", 22), now, (N_("Change"), 17),
    )  # fmt: skip
    return ContentTable(headings, tuple(_trend_row(formatter, line) for line in trend.lines), style="rounds")


def _frequency_rows(formatter: SynthesisFormatter, one: AnswerFrequency) -> Iterator[TableRow]:
    """Yield a question with how many countries have answered, and below it how many gave each answer."""
    asked = one.question
    answered = formatter.n_of(one.answered, one.of)
    yield TableRow(group=f"{asked.number}  {formatter.asked_at(asked)}  ·  {answered}".strip())
    for code, label in one.labels.items():
        name, count = formatter.answer_label(asked, code, label), one.counts.get(code)
        if count is None:
            yield table_row(name, TableCell(chart=stacked_bar(((1, _UNKNOWN),), 1, _too_few(formatter, name), _WIDTH)),
                            HIDDEN_SIGN)  # fmt: skip
            continue
        pieces = ((count, report_colours.BAND_COLOURS[Band.SUSTAINED]), (one.answered - count, _UNKNOWN))
        shown = formatter.n_of(count, one.answered)
        chart = stacked_bar(pieces, one.answered, f"{name}: {shown}", _WIDTH)
        yield table_row(name, TableCell(chart=chart), TableCell(shown, detail=formatter.share(count, one.answered)))


def frequency_table(formatter: SynthesisFormatter) -> ContentTable | None:
    """Show how many countries gave each of the answers that a questionnaire lists."""
    rows = [row for one in formatter.synthesis.frequencies for row in _frequency_rows(formatter, one)]
    if not rows:
        return None
    headings = column_headings(
        formatter.say, (N_("Answer"), 50), (N_("Share of countries"), 32), (N_("Countries"), 18, "number")
    )
    return ContentTable(headings, tuple(rows), style="shared")


def _indicator_row(formatter: SynthesisFormatter, entry: IndicatorBreakdown) -> TableRow:
    number, none = formatter.texts.number, entry.of - entry.full - entry.partly
    counts = (entry.full, entry.partly, entry.birth, entry.citizenship, entry.parents, entry.sex)
    name = formatter.asked(entry.question, entry.row)
    said = formatter.say(
        N_("{name}: in full in {full}, in part in {partly}, not in {none} of {all} countries"),
        name=name, full=number(entry.full), partly=number(entry.partly), none=number(none), all=number(entry.of),
    )  # fmt: skip
    pieces = [(entry.full, report_colours.BAND_COLOURS[Band.SUSTAINED]), (entry.partly, "#7ba7b7"), (none, _UNKNOWN)]
    if not entry.is_shown:
        said, pieces = _too_few(formatter, name), [(max(entry.of, 1), _UNKNOWN)]
    chart = stacked_bar(pieces, entry.of, said, _WIDTH * 0.5)
    shown = [TableCell(number(count) if entry.is_shown else HIDDEN_SIGN) for count in counts]
    return table_row(
        TableCell(entry.number, tone=TextTone.STRONG), name, TableCell(chart=chart), number(entry.of), *shown
    )


def indicator_table(formatter: SynthesisFormatter) -> ContentTable | None:
    """Show in how many countries each indicator can be broken down by migratory status."""
    entries = formatter.synthesis.indicators
    if not entries:
        return None
    in_full = ColumnHeading("● " + formatter.say(N_("In full")), 6, "number")
    in_part = ColumnHeading("◑ " + formatter.say(N_("In part")), 6, "number")
    headings = column_headings(
        formatter.say, (N_("No."), 12), (N_("Indicator"), 27), (N_("Shows migrants"), 15),
        (N_("Countries that say"), 9, "number"), in_full, in_part,
        (N_("By birth"), 6, "number"), (N_("By citizenship"), 7, "number"), (N_("By parents’ birth"), 6, "number"),
        (N_("By sex"), 6, "number"),
    )  # fmt: skip
    return ContentTable(headings, tuple(_indicator_row(formatter, entry) for entry in entries), style="shared")


_MOST_ABSENT = 400
"""Files listed on pages; the workbook and the repository have all of them."""
_BRIEF_GAPS = 5


def _cover(formatter: SynthesisFormatter) -> ReportCover:
    say, who = formatter.say, formatter.synthesis.who
    rounds = "; ".join(f"{name or '–'}: {formatter.countries(count)}" for name, count in who.rounds)
    return ReportCover(
        kicker=say(N_("Synthesis of national assessments")),
        country=formatter.title,
        round=shorten(formatter.subtitle, 90),
        status=formatter.basis,
        facts=fact_list(
            (say(N_("Countries")), formatter.n_of(formatter.synthesis.of, who.countries)),
            (say(N_("Rounds")), shorten(rounds, 260)),
            (say(N_("Questionnaire")), formatter.questionnaire),
            (say(N_("Minimum")), formatter.minimum),
            (say(N_("Translation")), formatter.unreviewed),
            (say(N_("Last answer")), formatter.last_answer),
        ),
        content_hash=format_hash(formatter.synthesis.content_hash),
    )


# -- who is in --------------------------------------------------------------------------------------------------------


def _country_row(formatter: SynthesisFormatter, entry: ParticipatingCountry) -> TableRow:
    newest = entry.newest
    share = "–" if newest.completeness is None else formatter.share(round(newest.completeness * 1000), 1000)
    return table_row(
        formatter.country(newest),
        formatter.subregion(newest),
        newest.round,
        entry.earlier.round if entry.earlier else "–",
        TableCell(formatter.status(newest.status), tone=TextTone.PLAIN if entry.is_validated else TextTone.OPEN),
        share,
        formatter.version(newest),
    )


def _participants_chapter(formatter: SynthesisFormatter) -> ReportChapter:
    say, texts = formatter.say, formatter.texts
    headings = column_headings(
        say, (N_("Country"), 26), (N_("Subregion"), 25), (N_("Round"), 10), (N_("Round before"), 10),
        (N_("Status"), 12), (N_("Answered"), 8, "number"), (N_("Version"), 9, "number"),
    )  # fmt: skip
    rows: list[TableRow] = []
    regions = {region.code: region for region in formatter.synthesis.regions}
    ordered = sorted(formatter.synthesis.who.participants, key=lambda one: list(regions).index(region_of(one.newest)))
    for code, own in groupby(ordered, key=lambda one: region_of(one.newest)):
        members = list(own)
        rows.append(TableRow(group=f"{formatter.region(regions[code])}  ·  {formatter.countries(len(members))}"))
        named = sorted(members, key=lambda one: formatter.texts.alphabetical(formatter.country(one.newest)))
        rows += [_country_row(formatter, entry) for entry in named]
    left_out = [f"{reason}: {texts.number(count)}" for reason, count in formatter.absences()]
    lead = [formatter.basis]
    if left_out:
        lead.append(say(N_("Files excluded: {list}. They are listed in the annex."), list="; ".join(left_out)))
    note = say(N_("Answered: share of the places for answers, “unknown” and declined included."))
    table = ContentTable(headings, tuple(rows), note=note, style="tight")
    return ReportChapter("who", say(N_("Countries included")), (*prose(*lead, style="introduction"), table))


# -- regions and parts ------------------------------------------------------------------------------------------------


def _tile_cell(formatter: SynthesisFormatter, tile: RegionSectionScore) -> TableCell:
    """Show the median with its sign and shade, and of how many countries it is."""
    count = formatter.n_of(tile.count, tile.of)
    if tile.band is None:
        return TableCell(HIDDEN_SIGN, detail=count, tone=TextTone.MUTED)
    return TableCell(formatter.points(tile.median), count, BAND_SIGNS[tile.band], band_tone(tile.band))


def _region_row(formatter: SynthesisFormatter, region: Region) -> TableRow:
    tiles = (formatter.synthesis.tiles[region.code, part.id] for part in formatter.synthesis.parts)
    name = formatter.region(region)
    label = TableCell(f"– {name}" if region.parent else name, tone=TextTone.PLAIN if region.parent else TextTone.STRONG)
    return table_row(label, formatter.texts.number(region.countries), *(_tile_cell(formatter, tile) for tile in tiles))


def _regions_chapter(formatter: SynthesisFormatter) -> ReportChapter:
    say, parts = formatter.say, formatter.synthesis.parts
    width = 72 / max(len(parts), 1)
    headings = (
        ColumnHeading(say(N_("Region")), 20), ColumnHeading(say(N_("Countries")), 8, "number"),
        *(ColumnHeading(f"{part.number}  {formatter.part(part)}", width, "sign") for part in parts),
    )  # fmt: skip
    rows = tuple(_region_row(formatter, region) for region in formatter.synthesis.regions)
    note = say(N_("● sustained   ◑ established with gaps   ◔ emerging   ○ absent   · too few countries"))
    lead = say(N_("The median score of each part, 0 to 100, and below it of how many countries of the region it is."))
    table = ContentTable(headings, rows, note=note, style="heat regional")
    blocks = (*prose(lead, formatter.minimum, style="introduction"), table)
    return ReportChapter("regions", say(N_("Regions and parts")), blocks, is_wide=True)


# -- the other chapters -----------------------------------------------------------------------------------------------


def _spread_sentences(formatter: SynthesisFormatter) -> Iterator[str]:
    """Name the parts in which most and in which fewest countries are weak, with the counts."""
    known = [spread for spread in formatter.synthesis.spreads if spread.bands]
    if not known:
        return
    number = formatter.texts.number

    def weak(spread: BandDistribution) -> int:
        return spread.bands.get(Band.ABSENT, 0) + spread.bands.get(Band.EMERGING, 0)

    weakest, strongest = max(known, key=weak), min(known, key=weak)
    if weak(weakest) == weak(strongest):
        return
    yield formatter.say(
        N_("The weakest area is {part}: {count} of {all} countries with a score are absent or emerging."),
        part=formatter.part(weakest.part), count=number(weak(weakest)), all=number(weakest.count),
    )  # fmt: skip
    yield formatter.say(
        N_("The strongest area is {part}: {count} of {all} countries are established or sustained."),
        part=formatter.part(strongest.part), count=number(strongest.count - weak(strongest)),
        all=number(strongest.count),
    )  # fmt: skip


def _gap_sentences(formatter: SynthesisFormatter) -> Points | None:
    """Name the most frequent gaps with how many countries share each."""
    cells = tuple(
        TableCell(
            formatter.say(
                N_("{gap} ({count} countries, high or critical in {serious})"),
                gap=formatter.gap(gap),
                count=formatter.n_of(gap.count, gap.of),
                serious=formatter.texts.number(gap.serious),
            ),
            detail=gap.number,
        )
        for gap in formatter.synthesis.gaps[:_BRIEF_GAPS]
    )
    return Points(cells) if cells else None


def _unscored_sentence(formatter: SynthesisFormatter) -> str:
    """Say of a questionnaire without scores where its answers are counted."""
    asked = len(formatter.synthesis.frequencies)
    if formatter.synthesis.parts or not asked:
        return ""
    return formatter.say(
        N_("This questionnaire has no scores. The chapter “Answers” counts the answers to {count} questions."),
        count=formatter.texts.number(asked),
    )


def _summary_chapter(formatter: SynthesisFormatter) -> ReportChapter:
    """Tell on one page what the rest shows."""
    say = formatter.say
    spread = spread_table(formatter, is_brief=True) if formatter.synthesis.parts else None
    blocks = (
        *prose(*_spread_sentences(formatter), formatter.trend_summary(), _unscored_sentence(formatter), style="lead"),
        *titled(say(N_("The most frequent gaps")), _gap_sentences(formatter)),
        *titled(say(N_("Countries by band")), spread),
        *prose(formatter.basis, formatter.minimum, style="legend"),
    )
    return ReportChapter("summary", say(N_("Main findings")), blocks, kind="front")


def _spreads_chapter(formatter: SynthesisFormatter) -> ReportChapter:
    say = formatter.say
    lead = say(
        N_("How many countries lie in each band, part by part. Countries without a score know too little for one.")
    )
    blocks = (*prose(lead, style="introduction"), spread_table(formatter))
    return ReportChapter("spreads", say(N_("How countries are spread")), blocks)


def _gaps_chapter(formatter: SynthesisFormatter) -> Iterator[ReportChapter]:
    say, table = formatter.say, gap_table(formatter)
    if table.rows:
        lead = say(N_("Gaps by the number of countries that share them; dark where a gap is high or critical."))
        blocks = (*prose(lead, style="introduction"), table)
        yield ReportChapter("gaps", say(N_("The most frequent gaps")), blocks)


def _women_and_men_chapter(formatter: SynthesisFormatter) -> Iterator[ReportChapter]:
    say, table = formatter.say, trend_table(formatter)
    if table is not None:
        lead = prose(formatter.trend_lead(), formatter.trend_summary(), style="introduction")
        yield ReportChapter("sex", say(N_("Women and men: the trend")), (*lead, table))


def _indicators_chapter(formatter: SynthesisFormatter) -> Iterator[ReportChapter]:
    say, table = formatter.say, indicator_table(formatter)
    if table is not None:
        lead = say(N_(
            "In how many countries each indicator can be shown for migrants, by birth or by citizenship. Countries in "
            "which it does not apply, or that do not say, are left out."
        ))  # fmt: skip
        blocks = (*prose(lead, style="introduction"), table)
        yield ReportChapter("indicators", say(N_("Indicators by migratory status")), blocks)


def _frequencies_chapter(formatter: SynthesisFormatter) -> Iterator[ReportChapter]:
    say, table = formatter.say, frequency_table(formatter)
    if table is not None:
        lead = say(N_("How many of the countries that answered a question gave each answer; several may be ticked."))
        yield ReportChapter("answers", say(N_("Answers")), (*prose(lead, style="introduction"), table))


def _overdue_chapter(formatter: SynthesisFormatter) -> Iterator[ReportChapter]:
    say, made = formatter.say, formatter.synthesis
    if made.overdue:
        widths = (18, 46, 18, 18)
        columns = ((heading, width) for (heading, _cell), width in zip(OVERDUE_COLUMNS, widths, strict=True))
        rows = (table_row(*(cell(formatter, one) for _heading, cell in OVERDUE_COLUMNS)) for one in made.overdue)
        lead = say(
            N_("Actions that should have ended before {date} and are neither done nor dropped."),
            date=formatter.texts.date(made.choice.as_of),
        )
        table = ContentTable(column_headings(say, *columns), tuple(rows))
        yield ReportChapter("overdue", say(N_("Overdue actions")), (*prose(lead, style="introduction"), table))


def _absent_row(formatter: SynthesisFormatter, entry: ExcludedFile, *, with_reason: bool) -> TableRow:
    known = entry.assessment
    country = formatter.country(known) if known else "–"
    reason = (entry.file.told(formatter.texts.gettext),) if with_reason else ()
    return table_row(entry.file.path, country, known.round if known else "–", *reason)


def _absent_chapter(formatter: SynthesisFormatter) -> Iterator[ReportChapter]:
    say, absent = formatter.say, formatter.synthesis.who.absent
    if not absent:
        return
    texts, rows = formatter.texts, list[TableRow]()
    # The group says why; a file that was refused says more.
    with_reason = any(entry.file.told(texts.gettext) for entry in absent[:_MOST_ABSENT])
    why = ((N_("Why"), 38),) if with_reason else ()
    headings = column_headings(say, (N_("File"), 36), (N_("Country"), 17), (N_("Round"), 9), *why)
    for why, own in groupby(absent[:_MOST_ABSENT], key=lambda entry: entry.why):
        rows.append(
            TableRow(group=f"{formatter.absence_word(why)}  ·  {texts.number(formatter.synthesis.who.count(why))}")
        )
        rows += [_absent_row(formatter, entry, with_reason=with_reason) for entry in own]
    note = ""
    if len(absent) > _MOST_ABSENT:
        note = say(N_("The first {count} of {all}; the workbook lists all of them."), count=texts.number(_MOST_ABSENT),
                   all=texts.number(len(absent)))  # fmt: skip
    table = ContentTable(headings, tuple(rows), note=note, style="tight")
    yield ReportChapter("absent", say(N_("Annex: files excluded")), (table,))


def _method_chapter(formatter: SynthesisFormatter) -> ReportChapter:
    facts = fact_list(*formatter.method())
    return ReportChapter("method", formatter.say(N_("Annex: method")), (FactSheet(facts),))


def _chapters(formatter: SynthesisFormatter) -> Iterator[ReportChapter]:
    if formatter.synthesis.of:
        yield _summary_chapter(formatter)
        yield _participants_chapter(formatter)
        if formatter.synthesis.parts:
            yield _regions_chapter(formatter)
            yield _spreads_chapter(formatter)
        yield from _gaps_chapter(formatter)
        yield from _women_and_men_chapter(formatter)
        yield from _indicators_chapter(formatter)
        if not formatter.synthesis.parts:
            yield from _frequencies_chapter(formatter)
        yield from _overdue_chapter(formatter)
    else:
        none = formatter.say(N_("No assessment in this repository can be compared. The annex says why, file by file."))
        yield ReportChapter("summary", formatter.say(N_("Main findings")), prose(none, style="nothing"), kind="front")
    yield from _absent_chapter(formatter)
    yield _method_chapter(formatter)


def synthesis_content(formatter: SynthesisFormatter) -> ReportContent:
    left = f"{formatter.title} · {formatter.subtitle}"
    digits = formatter.synthesis.content_hash
    return ReportContent(
        language=formatter.texts.language,
        direction=formatter.texts.direction,
        title=f"{formatter.title} – {formatter.subtitle}",
        author="",
        changed=formatter.synthesis.last_change,
        footer=PageFooter(shorten(left, 70), format_hash(digits), digits),
        identity=None,
        cover=_cover(formatter),
        chapters=tuple(_chapters(formatter)),
    )


# The synthesis as PDF: set from bundled files only, the same bytes for the same repository.


def render_synthesis(
    formatter: SynthesisFormatter,
    progress: Callable[[str, float], None] | None = None,
    signer: SigningIdentity | None = None,
) -> bytes:
    """Print a synthesis as PDF; ``progress`` hears what is being done and shares from 0 to 1."""
    view = synthesis_content(formatter)
    html, identifier = html_for_paper(view, formatter.texts), view.footer.content_hash.encode()
    return render_pages(html, view.changed, identifier, formatter.texts, progress, signer)
