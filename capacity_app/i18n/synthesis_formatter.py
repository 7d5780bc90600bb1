"""How a regional synthesis reads in one language: the same words in its pages, its workbook and the window."""

from collections.abc import Callable, Iterable
from fractions import Fraction

from capacity_app.domain.assessment.register_fields import ACTION_PROGRESS_LABELS
from capacity_app.domain.assessment.registers import ActionProgress, MissionStatus
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.headquarters.selection import EXCLUSION_LABELS, ExclusionReason, ParticipationBasis
from capacity_app.domain.headquarters.synthesis import (
    ELSEWHERE,
    CommonGap,
    OverdueAction,
    Region,
    RegionSectionScore,
    Synthesis,
    SynthesisSection,
)
from capacity_app.domain.headquarters.tidy_tables import WORLD, AssessmentRow, FileStatus, QuestionRow
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.scores import BAND_LABELS, Band
from capacity_app.i18n.formatter import format_moment, review_status_of, unreviewed_languages
from capacity_app.i18n.translator import Translator
from capacity_app.report_colours import BAND_SIGNS

FILE_OUTCOME_LABELS: dict[FileStatus, str] = {
    FileStatus.READ: N_("Read"),
    FileStatus.READ_WITH_PROBLEMS: N_("Read with problems"),
    FileStatus.REFUSED: N_("Refused"),
    FileStatus.DUPLICATE: N_("Duplicate"),
    FileStatus.SUPERSEDED: N_("Superseded"),
    FileStatus.CONFLICT: N_("In conflict"),
}
ASSESSMENT_STATUS_LABELS: dict[str, str] = {
    MissionStatus.DRAFT: N_("draft"),
    MissionStatus.REVIEWED: N_("reviewed"),
    MissionStatus.VALIDATED: N_("validated"),
}
_BASIS_SENTENCES: dict[ParticipationBasis, str] = {
    ParticipationBasis.VALIDATED: N_(
        "Basis: validated assessments only, {taken} of the {all} countries that can be compared. What countries have "
        "not validated is left out."
    ),
    ParticipationBasis.ALL: N_(
        "Basis: the newest assessment of each of the {all} countries that can be compared, validated or not; "
        "{validated} of them have a validated one."
    ),
}
METHOD_PARAGRAPHS: tuple[tuple[str, str], ...] = (
    (
        N_("Purpose"),
        N_(
            "The figures show where help is needed and what countries could learn from each other. They "
            "are not a ranking. There is no overall score, and countries are not ordered by score."
        ),
    ),
    (
        N_("Which assessments"),
        N_(
            "Each country counts once, with its newest assessment. Countries are compared only if they answered the "
            "same questionnaire in the same major version, and only by the parts that everybody is asked; supplements "
            "are left out. Of an answer, what the country validated counts before the assessor’s judgement, and that "
            "before what a single agency said."
        ),
    ),
    (
        N_("n of N countries"),
        N_(
            "N are the countries that are in, n those that say enough for a figure. A part has a score if at least "
            "half of its weight is answered. What is open is never counted as zero."
        ),
    ),
    (
        N_("Minimum"),
        N_(
            "Figures of fewer than {minimum} countries are not shown, so that no country can be "
            "identified. The symbol · and the number of countries stand in their place."
        ),
    ),
    (
        N_("Regions"),
        N_(
            "Regions and subregions are those of the United Nations standard M49. The median is the score in the "
            "middle: half of the countries lie above it, half below. Subregions of too few countries are not listed."
        ),
    ),
    (
        N_("Bands"),
        N_(
            "A score from 0 to 100 lies in the band of the nearest level: below 16.7 absent, below 50 emerging, below "
            "83.3 established with gaps, else sustained."
        ),
    ),
    (
        N_("Gaps"),
        N_(
            "A gap is an answer below its target. Gaps are ordered by how many countries share them. Where an answer "
            "is open nobody knows whether there is a gap; these countries are counted apart."
        ),
    ),
    (
        N_("Rounds"),
        N_(
            "Disaggregation by sex is compared over the same countries in both rounds, statistic by statistic, where "
            "both rounds say whether the statistic exists and shows women and men."
        ),
    ),
    (
        N_("Indicators"),
        N_(
            "An indicator shows migrants if it is broken down by country of birth or by citizenship; the better of the "
            "two counts. Countries in which an indicator does not apply are left out of N."
        ),
    ),
)
"""The method, as headed paragraphs."""

HIDDEN_SIGN = "·"
"""Stands where too few countries have a figure."""


_SELECTION_SENTENCE = N_(
    "Only some of the questions were asked in {countries} (a short form). The scores of these countries rest on fewer "
    "questions, and nothing is known about the other questions."
)


@dataclass(frozen=True)
class SynthesisFormatter:
    """The words of one synthesis in one language."""

    texts: Translator
    synthesis: Synthesis

    def say(self, sentence: str, **values: str | int) -> str:
        """Translate a sentence of the program and fill it in."""
        return self.texts.filled(sentence, **values)

    @property
    def title(self) -> str:
        return self.say(N_("Regional synthesis"))

    @property
    def subtitle(self) -> str:
        """Return how many countries are in, and when they were asked."""
        rounds = " · ".join(name for name, _count in self.synthesis.who.rounds if name)
        countries = self.countries(self.synthesis.of)
        return " – ".join(part for part in (countries, rounds) if part)

    @property
    def basis(self) -> str:
        """Say which countries are counted, and which of them answered a selection of the questions only."""
        who, number = self.synthesis.who, self.texts.number
        said = self.say(
            _BASIS_SENTENCES[who.basis], taken=number(self.synthesis.of), all=number(who.countries),
            validated=number(who.validated),
        )  # fmt: skip
        partial = sorted(self.country(one.newest) for one in who.participants if one.newest.questions)
        return f"{said} {self.say(_SELECTION_SENTENCE, countries=self.texts.listed(partial))}" if partial else said

    def days(self, first: str, last: str) -> str:
        return " – ".join(dict.fromkeys(self.texts.short_date(day) for day in (first, last) if day))

    def version(self, assessment: AssessmentRow) -> str:
        """Return the version of the questionnaire, and the selection of its questions if not all are asked."""
        selected = f" ({assessment.questions})" if assessment.questions else ""
        return f"{assessment.instrument_version}{selected}"

    @property
    def questionnaire(self) -> str:
        edition = self.synthesis.who.edition
        return self.say(N_("{instrument}, version {major}"), instrument=edition.instrument, major=edition.major)

    @property
    def minimum(self) -> str:
        return self.say(
            N_("Figures of fewer than {minimum} countries are not shown."),
            minimum=self.texts.number(self.synthesis.choice.minimum),
        )

    @property
    def unreviewed(self) -> str:
        """Name the language if nobody has signed off its words; else nothing."""
        return unreviewed_languages(self.texts, [(self.texts.language, review_status_of(self.texts))])

    @property
    def last_answer(self) -> str:
        changed = self.synthesis.last_change
        return format_moment(self.texts, changed) if "T" in changed else changed

    def countries(self, count: int) -> str:
        return self.texts.ngettext("{count} country", "{count} countries", count).format(count=self.texts.number(count))

    def n_of(self, count: int, of: int) -> str:
        return self.say(N_("{count} of {all}"), count=self.texts.number(count), all=self.texts.number(of))

    def share(self, count: int, of: int) -> str:
        """Write a share as a percentage, a dash where there is nothing to share."""
        return self.texts.percent(Fraction(count, of)) if of else "–"

    def points(self, value: float | None) -> str:
        return HIDDEN_SIGN if value is None else self.texts.number(Fraction(value), 1)

    # -- names ----------------------------------------------------------------------------------------------------

    def country(self, row: AssessmentRow) -> str:
        """Name a country, in this language if it is a known one."""
        return (self.texts.country(row.m49) if row.m49 else "") or row.country_name or row.country

    def progress(self, code: str) -> str:
        known = ACTION_PROGRESS_LABELS.get(ActionProgress(code)) if code in set(ActionProgress) else None
        return self.texts.gettext(known) if known else code

    def region(self, region: Region) -> str:
        if region.code == WORLD:
            return self.say(N_("All countries"))
        return self.region_named(region.code, region.name)

    def region_named(self, code: str, name: str) -> str:
        """Name a region by its code of M49."""
        if code in {ELSEWHERE, ""}:
            return self.say(N_("Not in a region of M49"))
        return self.texts.region(code, name)

    def subregion(self, row: AssessmentRow) -> str:
        return self.region_named(row.subregion_m49, row.subregion) if row.subregion_m49 else ""

    def part(self, part: SynthesisSection) -> str:
        return self._worded(f"{part.id}|title", part.title)

    def asked(self, question: str, row: str) -> str:
        """Word a question, or the row of a table."""
        key = f"{question}|row {row} label" if row else f"{question}|text"
        return self._worded(key, self.synthesis.wordings.get((question, row, ""), row or question))

    def asked_at(self, place: QuestionRow) -> str:
        """Word a question, or a cell of a table by its row and column."""
        return self.asked(place.question, place.grid_row) if not place.grid_column else place.wording

    def answer_label(self, place: QuestionRow, code: str, label: str) -> str:
        """Word one of the answers that the questionnaire lists."""
        if place.kind in {AnswerKind.YES_NO, AnswerKind.YES_PARTLY_NO}:
            return self.texts.gettext(label)
        where = f"{place.question}|column {place.grid_column} " if place.grid_column else f"{place.question}|"
        part = f"anchor {code}" if place.kind == AnswerKind.LEVEL else f"option {code}"
        return self._worded(f"{where}{part}", label)

    def gap(self, gap: CommonGap) -> str:
        return self.asked(gap.question, gap.row)

    def _worded(self, key: str, text: str) -> str:
        return self.texts.wording(self.synthesis.who.edition.instrument, key, text)

    def band(self, band: Band) -> str:
        return f"{BAND_SIGNS[band]} {self.texts.gettext(BAND_LABELS[band])}"

    def status(self, status: str) -> str:
        return self.texts.gettext(ASSESSMENT_STATUS_LABELS.get(status, status))

    # -- sentences ------------------------------------------------------------------------------------------------

    def tile(self, tile: RegionSectionScore) -> str:
        """Say a tile of the heat map in words."""
        count = self.say(N_("{count} of {all} countries"), count=self.texts.number(tile.count),
                         all=self.texts.number(tile.of))  # fmt: skip
        if tile.band is None:
            return self.say(N_("{count}; too few for a figure"), count=count)
        band = self.texts.gettext(BAND_LABELS[tile.band])
        return self.say(N_("median {score}, {band}; {count}"), score=self.points(tile.median), band=band, count=count)

    def absence_word(self, why: ExclusionReason) -> str:
        return self.texts.gettext(EXCLUSION_LABELS[why])

    def absences(self) -> tuple[tuple[str, int], ...]:
        """Count what is left out by reason."""
        counted = ((why, self.synthesis.who.count(why)) for why in ExclusionReason)
        return tuple((self.absence_word(why), count) for why, count in counted if count)

    def rounds(self) -> str:
        """Return which rounds the trend compares."""
        trend = self.synthesis.trend
        pairs = (
            self.say(N_("{before} and {after} in {countries}"), before=before, after=after,
                     countries=self.countries(count))
            for before, after, count in (trend.rounds if trend else ())
        )  # fmt: skip
        return "; ".join(pairs)

    def trend_lead(self) -> str:
        sentence = N_("In how many of the same countries each statistic shows women and men: {rounds}.")
        return self.say(sentence, rounds=self.rounds())

    def method(self) -> Iterable[tuple[str, str]]:
        """Return the method as headed paragraphs."""
        minimum = self.texts.number(self.synthesis.choice.minimum)
        return ((self.say(title), self.say(text, minimum=minimum)) for title, text in METHOD_PARAGRAPHS)

    def trend_summary(self) -> str:
        """Say in how many statistics fewer countries show women and men than before; empty without a trend."""
        trend = self.synthesis.trend
        lines = [line for line in trend.lines if line.is_shown] if trend else []
        if trend is None or not lines:
            return ""
        fallen = sum(1 for line in lines if line.is_alert)
        return self.say(
            N_(
                "{countries} have two rounds. In {fallen} of {all} statistics, fewer of them show women and men than "
                "before."
            ),
            countries=self.countries(trend.of),
            fallen=self.texts.number(fallen),
            all=self.texts.number(len(lines)),
        )


OVERDUE_COLUMNS: tuple[tuple[str, Callable[[SynthesisFormatter, OverdueAction], str]], ...] = (
    (N_("Country"), lambda formatter, one: formatter.country(one.country)),
    (N_("Action"), lambda _formatter, one: one.action.title or one.action.action),
    (N_("End"), lambda formatter, one: formatter.texts.date(one.action.end_date)),
    (N_("Progress"), lambda formatter, one: formatter.progress(one.action.progress)),
)
"""The columns of overdue actions: their headings, and what their cells say."""
