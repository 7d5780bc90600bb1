"""The whole synthesis as one frozen view of display strings; its template only prints it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from capacity_app.domain.content_hash import printed
from capacity_app.domain.participation import Absent, Participant
from capacity_app.domain.problems import N_
from capacity_app.domain.synthesis import Region, Tile, region_of
from capacity_app.palette import BAND_SIGNS
from capacity_app.report.synthesis.figures import BarTable, gap_table, indicator_table, spread_table, trend_table
from capacity_app.report.view.pieces import Cell, Fact, Heading, Table, TableRow, Tone, facts, row, shortened
from capacity_app.report.view.report import Cover, Footer
from capacity_app.report.view.shown import band_tone
from capacity_app.synthesis_wording import HIDDEN_SIGN, SynthesisWording
from capacity_app.texts import Texts
from capacity_app.wording import moment_in_words, standing_of_words, unsigned

_MOST_ABSENT = 400
"""Files listed on pages; the workbook and the repository have all of them."""
_BRIEF_GAPS = 5
_RUNNING = 84


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: sentences, then its tables under headings; a wide one needs pages in landscape."""

    anchor: str
    title: str
    lead: tuple[str, ...] = ()
    tables: tuple[tuple[str, Table | BarTable], ...] = ()
    alert: str = ""
    nothing: str = ""
    facts: tuple[Fact, ...] = ()
    is_wide: bool = False
    flows: bool = False
    """Whether it begins below the chapter before, where there is room."""

    @property
    def running(self) -> str:
        """What stands at the head of the chapter's further pages."""
        return shortened(self.title, _RUNNING)


@dataclass(frozen=True, slots=True)
class SynthesisView:
    """Everything the synthesis prints. ``changed`` is the moment of the last answer of all (ISO 8601)."""

    language: str
    direction: str
    title: str
    changed: str
    footer: Footer
    cover: Cover
    chapters: tuple[Chapter, ...]
    summary: None = None
    second_language: str = ""
    second_direction: str = ""


def _cover(words: SynthesisWording) -> Cover:
    say, who = words.say, words.synthesis.who
    rounds = "; ".join(f"{name or '–'}: {words.countries(count)}" for name, count in who.rounds)
    changed = words.synthesis.last_change
    return Cover(
        kicker=say(N_("What countries can say about migration")),
        country=words.title,
        round=shortened(words.subtitle, 90),
        status=words.basis,
        facts=facts(
            (say(N_("Countries")), words.n_of(words.synthesis.of, who.countries)),
            (say(N_("Rounds")), shortened(rounds, 260)),
            (say(N_("Questionnaire")), words.questionnaire),
            (say(N_("Minimum")), words.minimum),
            (say(N_("Translation")), unsigned(words.texts, [(words.texts.language, standing_of_words(words.texts))])),
            (say(N_("Last answer")), moment_in_words(words.texts, changed) if "T" in changed else changed),
        ),
        content_hash=printed(words.synthesis.content_hash),
    )


# -- who is in --------------------------------------------------------------------------------------------------------


def _country_row(words: SynthesisWording, entry: Participant) -> TableRow:
    newest = entry.newest
    share = "–" if newest.completeness is None else words.share(round(newest.completeness * 1000), 1000)
    return row(
        Cell(words.country(newest)),
        Cell(words.region_named(newest.subregion_m49, newest.subregion) if newest.subregion_m49 else ""),
        newest.round,
        entry.earlier.round if entry.earlier else "–",
        Cell(words.status(newest.status), tone=Tone.PLAIN if entry.is_validated else Tone.OPEN),
        share,
        newest.instrument_version,
    )


def _who(words: SynthesisWording) -> Chapter:
    say, texts = words.say, words.texts
    headings = (
        Heading(say(N_("Country")), 26), Heading(say(N_("Subregion")), 25), Heading(say(N_("Round")), 10),
        Heading(say(N_("Round before")), 10), Heading(say(N_("Status")), 12), Heading(say(N_("Asked")), 8, "number"),
        Heading(say(N_("Version")), 9, "number"),
    )  # fmt: skip
    rows: list[TableRow] = []
    regions = {region.code: region for region in words.synthesis.regions}
    ordered = sorted(words.synthesis.who.participants, key=lambda one: list(regions).index(region_of(one.newest)))
    for code, own in groupby(ordered, key=lambda one: region_of(one.newest)):
        members = list(own)
        rows.append(TableRow(group=f"{words.region(regions[code])}  ·  {words.countries(len(members))}"))
        named = sorted(members, key=lambda one: words.texts.alphabetical(words.country(one.newest)))
        rows += [_country_row(words, entry) for entry in named]
    left_out = [f"{reason}: {texts.number(count)}" for reason, count in words.absences()]
    lead = [words.basis]
    if left_out:
        lead.append(say(N_("Files that are not in: {list}. They are listed in the annex."), list="; ".join(left_out)))
    note = say(N_("Asked: share of the places for answers that somebody was asked about."))
    return Chapter("who", say(N_("Who is in")), tuple(lead),
                   (("", Table(headings, tuple(rows), note=note, style="tight")),))  # fmt: skip


# -- regions and parts ------------------------------------------------------------------------------------------------


def _tile_cell(words: SynthesisWording, tile: Tile) -> Cell:
    """Show the median with its sign and shade, and of how many countries it is."""
    count = words.n_of(tile.count, tile.of)
    if tile.band is None:
        return Cell(HIDDEN_SIGN, detail=count, tone=Tone.MUTED)
    return Cell(words.points(tile.median), count, BAND_SIGNS[tile.band], band_tone(tile.band))


def _region_row(words: SynthesisWording, region: Region) -> TableRow:
    tiles = (words.synthesis.tiles[region.code, part.id] for part in words.synthesis.parts)
    name = words.region(region)
    label = Cell(f"– {name}" if region.parent else name, tone=Tone.PLAIN if region.parent else Tone.STRONG)
    return row(label, words.texts.number(region.countries), *(_tile_cell(words, tile) for tile in tiles))


def _regions(words: SynthesisWording) -> Chapter:
    say, parts = words.say, words.synthesis.parts
    width = 72 / max(len(parts), 1)
    headings = (
        Heading(say(N_("Region")), 20), Heading(say(N_("Countries")), 8, "number"),
        *(Heading(f"{part.number}  {words.part(part)}", width, "sign") for part in parts),
    )  # fmt: skip
    rows = tuple(_region_row(words, region) for region in words.synthesis.regions)
    note = say(N_("● sustained   ◑ established with gaps   ◔ emerging   ○ absent   · too few countries"))
    lead = say(N_("The median score of each part, 0 to 100, and below it of how many countries of the region it is."))
    return Chapter("regions", say(N_("Regions and parts")), (lead, words.minimum),
                   (("", Table(headings, rows, note=note, style="heat regional")),), is_wide=True)  # fmt: skip


# -- the other chapters -----------------------------------------------------------------------------------------------


def _summary(words: SynthesisWording) -> Chapter:
    """Tell on one page what the rest shows."""
    say = words.say
    tables: list[tuple[str, Table | BarTable]] = []
    if words.synthesis.parts:
        tables.append((say(N_("How countries are spread over the bands")), spread_table(words, is_brief=True)))
    if words.synthesis.gaps:
        brief = gap_table(words, _BRIEF_GAPS)
        tables.append(
            (say(N_("The most frequent gaps")), BarTable(brief.headings, brief.rows, brief.at, "", brief.style))
        )
    fallen = words.trend_summary()
    return Chapter("summary", say(N_("At a glance")), (words.basis, words.minimum), tuple(tables), alert=fallen)


def _spreads(words: SynthesisWording) -> Chapter:
    say = words.say
    lead = say(
        N_("How many countries lie in each band, part by part. Countries without a score know too little for one.")
    )
    return Chapter("spreads", say(N_("How countries are spread")), (lead,), (("", spread_table(words)),))


def _gaps(words: SynthesisWording) -> Chapter:
    say = words.say
    lead = say(N_("What most countries lack, ordered by how many share it; dark where it is high or critical."))
    table = gap_table(words)
    if not table.rows:
        none = say(N_("No gap is shared by as many countries as the minimum asks for."))
        return Chapter("gaps", say(N_("The most frequent gaps")), (lead,), nothing=none, flows=True)
    return Chapter("gaps", say(N_("The most frequent gaps")), (lead,), (("", table),), flows=True)


def _women_and_men(words: SynthesisWording) -> Chapter:
    say = words.say
    title, table = say(N_("Women and men: the trend")), trend_table(words)
    if table is None:
        none = say(N_("No country has two rounds that can be compared yet."))
        return Chapter("sex", title, nothing=none, flows=True)
    lead = say(
        N_("In how many of the same countries each statistic shows women and men: {rounds}."), rounds=words.rounds()
    )
    return Chapter("sex", title, (lead,), (("", table),), alert=words.trend_summary(), flows=True)


def _indicators(words: SynthesisWording) -> Iterator[Chapter]:
    say, table = words.say, indicator_table(words)
    if table is not None:
        lead = say(N_(
            "In how many countries each indicator can be shown for migrants, by birth or by citizenship. Countries in "
            "which it does not apply, or that do not say, are left out."
        ))  # fmt: skip
        yield Chapter("indicators", say(N_("Indicators by migratory status")), (lead,), (("", table),), flows=True)


def _absent_row(words: SynthesisWording, entry: Absent) -> TableRow:
    known = entry.assessment
    country = words.country(known) if known else "–"
    return row(
        Cell(entry.file.path), country, known.round if known else "–", Cell(entry.file.told(words.texts.gettext))
    )


def _absent(words: SynthesisWording) -> Chapter:
    say, absent = words.say, words.synthesis.who.absent
    title = say(N_("Annex: what is not in"))
    if not absent:
        return Chapter("absent", title, nothing=say(N_("Every file that was found is in.")))
    headings = (
        Heading(say(N_("File")), 36), Heading(say(N_("Country")), 17), Heading(say(N_("Round")), 9),
        Heading(say(N_("Why")), 38),
    )  # fmt: skip
    rows: list[TableRow] = []
    texts = words.texts
    for why, own in groupby(absent[:_MOST_ABSENT], key=lambda entry: entry.why):
        rows.append(TableRow(group=f"{words.absence_word(why)}  ·  {texts.number(words.synthesis.who.count(why))}"))
        rows += [_absent_row(words, entry) for entry in own]
    note = ""
    if len(absent) > _MOST_ABSENT:
        note = say(N_("The first {count} of {all}; the workbook lists all of them."), count=texts.number(_MOST_ABSENT),
                   all=texts.number(len(absent)))  # fmt: skip
    return Chapter("absent", title, tables=(("", Table(headings, tuple(rows), note=note, style="tight")),))


def _method(words: SynthesisWording) -> Chapter:
    return Chapter("method", words.say(N_("Annex: method")), facts=facts(*words.method()))


def _chapters(words: SynthesisWording) -> Iterator[Chapter]:
    if words.synthesis.of:
        yield _summary(words)
        yield _who(words)
        if words.synthesis.parts:
            yield _regions(words)
            yield _spreads(words)
        yield _gaps(words)
        yield _women_and_men(words)
        yield from _indicators(words)
    else:
        none = words.say(N_("No assessment in this repository can be compared. The annex says why, file by file."))
        yield Chapter("summary", words.say(N_("At a glance")), nothing=none)
    yield _absent(words)
    yield _method(words)


def synthesis_view(words: SynthesisWording) -> SynthesisView:
    left = f"{words.title} · {words.subtitle}"
    digits = words.synthesis.content_hash
    return SynthesisView(
        language=words.texts.language,
        direction=_direction(words.texts),
        title=f"{words.title} – {words.subtitle}",
        changed=words.synthesis.last_change,
        footer=Footer(shortened(left, 70), printed(digits), digits),
        cover=_cover(words),
        chapters=tuple(_chapters(words)),
    )


def _direction(texts: Texts) -> str:
    return "rtl" if texts.right_to_left else "ltr"
