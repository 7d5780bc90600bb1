"""Tables with a bar in every row: how countries are spread, which gaps they share, women and men, indicators."""

from dataclasses import dataclass

from capacity_app import palette
from capacity_app.domain.disaggregation import Indicator, TrendLine
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring import Band
from capacity_app.domain.synthesis import CommonGap, Spread
from capacity_app.report.charts import Drawing, change_line, stacked_bar
from capacity_app.report.view.pieces import Cell, Heading, Tone
from capacity_app.synthesis_wording import HIDDEN_SIGN, SynthesisWording

_WIDTH = 46.0
"""Millimetres of a bar."""
_UNKNOWN = "#cfcabd"
_MOST_GAPS = 25
"""Gaps on pages; the workbook has all of them."""
_HUNDRED, _FALLS = 100.0, "▼"


@dataclass(frozen=True, slots=True)
class BarRow:
    """A row: its cells, and the chart that stands at the table's place for it."""

    cells: tuple[Cell, ...]
    chart: Drawing


@dataclass(frozen=True, slots=True)
class BarTable:
    """A table whose column ``at`` holds charts; the headings count that column too."""

    headings: tuple[Heading, ...]
    rows: tuple[BarRow, ...]
    at: int
    note: str = ""
    style: str = ""


def _number(words: SynthesisWording, value: int) -> Cell:
    return Cell(words.texts.number(value))


def _too_few(words: SynthesisWording, name: str) -> str:
    return words.say(N_("{name}: too few countries for a figure"), name=name)


def _spread_words(words: SynthesisWording, spread: Spread) -> str:
    if not spread.bands:
        return _too_few(words, spread.part.number)
    pieces = [f"{words.texts.gettext(band)}: {words.texts.number(count)}" for band, count in _named(words, spread)]
    without = words.say(N_("no score"))
    pieces.append(f"{without}: {words.texts.number(spread.unknown + spread.out)}")
    return f"{spread.part.number}: {', '.join(pieces)}"


def _named(words: SynthesisWording, spread: Spread) -> tuple[tuple[str, int], ...]:
    return tuple((words.band(band), spread.bands.get(band, 0)) for band in Band)


def spread_table(words: SynthesisWording, *, is_brief: bool = False) -> BarTable:
    """Show how countries are spread over the bands of every part."""
    say, number = words.say, words.texts.number
    signs = tuple(
        Heading(f"{palette.BAND_SIGNS[band]} {words.texts.gettext(_SHORT[band])}", 9, "sign") for band in Band
    )
    headings = (
        Heading(say(N_("Part")), 27), Heading(say(N_("Countries by band")), 29), *signs,
        Heading(say(N_("No score")), 8, "sign"),
    )  # fmt: skip
    rows = []
    for spread in words.synthesis.spreads:
        pieces = [(spread.bands.get(band, 0), palette.BANDS[band]) for band in Band]
        hidden = spread.of - sum(count for count, _colour in pieces)
        chart = stacked_bar((*pieces, (hidden, _UNKNOWN)), spread.of, _spread_words(words, spread), _WIDTH)
        shown = [number(spread.bands[band]) if spread.bands else HIDDEN_SIGN for band in Band]
        out = say(N_("not applicable in {count}"), count=number(spread.out)) if spread.out else ""
        detail = "" if is_brief else words.n_of(spread.count, spread.of)
        rows.append(
            BarRow(
                (
                    Cell(f"{spread.part.number}  {words.part(spread.part)}", detail=detail),
                    *(Cell(text) for text in shown),
                    Cell(number(spread.unknown + spread.out), detail=out),
                ),
                chart,
            )
        )
    return BarTable(headings, tuple(rows), 1, style="spread")


_SHORT: dict[Band, str] = {
    Band.ABSENT: N_("absent"),
    Band.EMERGING: N_("emerging"),
    Band.ESTABLISHED: N_("with gaps"),
    Band.SUSTAINED: N_("sustained"),
}


def _gap_row(words: SynthesisWording, gap: CommonGap) -> BarRow:
    serious, number = palette.SEVERITIES, words.texts.number
    high, rest = next(iter(serious.values())), palette.CAUTION
    said = words.say(
        N_("{count} countries have this gap, in {serious} of them it is high or critical"),
        count=words.n_of(gap.count, gap.of),
        serious=number(gap.serious),
    )
    pieces = ((gap.serious, high), (gap.count - gap.serious, rest), (gap.of - gap.count, _UNKNOWN))
    chart = stacked_bar(pieces, gap.of, said, _WIDTH * 0.6)
    return BarRow(
        (
            Cell(gap.number, tone=Tone.STRONG),
            Cell(words.gap(gap)),
            Cell(words.n_of(gap.count, gap.of), detail=words.share(gap.count, gap.of)),
            _number(words, gap.serious),
            _number(words, gap.open),
        ),
        chart,
    )


def gap_table(words: SynthesisWording, most: int = _MOST_GAPS) -> BarTable:
    """Show the gaps that most countries share."""
    say, gaps = words.say, words.synthesis.gaps
    headings = (
        Heading(say(N_("No.")), 12), Heading(say(N_("Gap")), 35), Heading(say(N_("Share of countries")), 18),
        Heading(say(N_("Countries")), 12, "number"), Heading(say(N_("High or critical")), 12, "number"),
        Heading(say(N_("Open in")), 11, "number"),
    )  # fmt: skip
    notes = []
    if len(gaps) > most:
        notes.append(say(N_("The {count} most frequent of {all}; the workbook lists all of them."),
                         count=words.texts.number(most), all=words.texts.number(len(gaps))))  # fmt: skip
    if words.synthesis.rare_gaps:
        notes.append(
            words.texts.ngettext(
                "{count} gap of fewer countries than the minimum is not listed.",
                "{count} gaps of fewer countries than the minimum are not listed.",
                words.synthesis.rare_gaps,
            ).format(count=words.texts.number(words.synthesis.rare_gaps))
        )
    return BarTable(headings, tuple(_gap_row(words, gap) for gap in gaps[:most]), 2, " ".join(notes), "shared")


def _trend_row(words: SynthesisWording, line: TrendLine) -> BarRow:
    before, after = ((count * _HUNDRED / line.of if line.is_shown else None) for count in (line.before, line.after))
    shown = (words.n_of(line.before, line.of), words.n_of(line.after, line.of)) if line.is_shown else (HIDDEN_SIGN,) * 2
    name = words.asked(line.question, line.row)
    said = words.say(N_("{name}: {before} before, {after} now"), name=name, before=shown[0], after=shown[1])
    said = said if line.is_shown else _too_few(words, name)
    chart = change_line(before, after, said, _WIDTH * 0.8)
    changed = words.say(
        N_("lost in {lost}, gained in {gained}"),
        lost=words.texts.number(line.lost),
        gained=words.texts.number(line.gained),
    )
    return BarRow(
        (
            Cell(line.number, tone=Tone.STRONG),
            Cell(name),
            Cell(shown[0]),
            Cell(shown[1]),
            Cell(
                changed if line.is_shown else "",
                sign=_FALLS if line.is_alert else "",
                tone=Tone.HIGH if line.is_alert else Tone.PLAIN,
            ),
        ),
        chart,
    )


def trend_table(words: SynthesisWording) -> BarTable | None:
    """Show in how many of the same countries each statistic shows women and men, then and now."""
    trend, say = words.synthesis.trend, words.say
    if trend is None or not trend.lines:
        return None
    headings = (
        Heading(say(N_("No.")), 11), Heading(say(N_("Statistic")), 30), Heading(say(N_("○ before")), 10, "number"),
        Heading("0 – 100 %", 22), Heading(say(N_("● now")), 10, "number"), Heading(say(N_("Change")), 17),
    )  # fmt: skip
    return BarTable(headings, tuple(_trend_row(words, line) for line in trend.lines), 3, style="dumbbells")


def _indicator_row(words: SynthesisWording, entry: Indicator) -> BarRow:
    number, none = words.texts.number, entry.of - entry.full - entry.partly
    counts = (entry.full, entry.partly, entry.birth, entry.citizenship, entry.parents, entry.sex)
    name = words.asked(entry.question, entry.row)
    said = words.say(
        N_("{name}: in full in {full}, in part in {partly}, not in {none} of {all} countries"),
        name=name, full=number(entry.full), partly=number(entry.partly), none=number(none), all=number(entry.of),
    )  # fmt: skip
    pieces = [(entry.full, palette.BANDS[Band.SUSTAINED]), (entry.partly, "#7ba7b7"), (none, _UNKNOWN)]
    if not entry.is_shown:
        said, pieces = _too_few(words, name), [(max(entry.of, 1), _UNKNOWN)]
    chart = stacked_bar(pieces, entry.of, said, _WIDTH * 0.5)
    shown = [Cell(number(count) if entry.is_shown else HIDDEN_SIGN) for count in counts]
    return BarRow((Cell(entry.number, tone=Tone.STRONG), Cell(name), Cell(number(entry.of)), *shown), chart)


def indicator_table(words: SynthesisWording) -> BarTable | None:
    """Show in how many countries each indicator can be broken down by migratory status."""
    say, entries = words.say, words.synthesis.indicators
    if not entries:
        return None
    headings = (
        Heading(say(N_("No.")), 12), Heading(say(N_("Indicator")), 27), Heading(say(N_("Shows migrants")), 15),
        Heading(say(N_("Countries that say")), 9, "number"), Heading(say(N_("● In full")), 6, "number"),
        Heading(say(N_("◑ In part")), 6, "number"), Heading(say(N_("By birth")), 6, "number"),
        Heading(say(N_("By citizenship")), 7, "number"), Heading(say(N_("By parents’ birth")), 6, "number"),
        Heading(say(N_("By sex")), 6, "number"),
    )  # fmt: skip
    return BarTable(headings, tuple(_indicator_row(words, entry) for entry in entries), 2, style="shared")
