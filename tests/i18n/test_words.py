"""How answers read, and in which colours: the same on paper and in the workbook."""

from fractions import Fraction

import pytest

from capacity_app import report_colours
from capacity_app.domain.assessment.answers import Address, AnswerLayer, AnswerValue
from capacity_app.domain.scoring.scores import Band
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from tests.outputs.example import report_dossier

WORDS = Formatter(Translator("en"), report_dossier())
QUESTIONS = WORDS.dossier.instrument.question_by_id


@pytest.mark.parametrize(
    ("place", "value", "shown"),
    [
        ("a.people", 1234567, "1,234,567"),
        ("a.share", "12.5", "12.5%"),
        ("a.share", "12", "12%"),
        ("a.from", ("268", "604"), "Georgia, Peru"),
        ("a.lead", ("nso",), "NSO"),
        ("a.lead", ("agency-gone",), "agency-gone"),
        ("a.law", "As typed\n  here", "As typed\n  here"),
        ("b.known", 2, "2 – There is much of it."),
        ("b.asked", "partly", "Partly"),
        ("b.how", "online", "online"),
        ("b.how", "gone", "gone"),
        ("b.when", "2018-11", "November 2018"),
        ("b.sdg/x/by", ("sex", "age"), "Sex; Age"),
        ("b.sdg/x/by", (), "none of these"),
        ("b.sdg/x/year", 2018, "2018"),
        ("b.policy/a/sources", ("s1",), WORDS.dossier.sources[0].name),
        ("b.policy/a/relevance", "high", "High"),
        ("a.law", None, ""),
    ],
)
def test_a_value_reads_as_a_person_would_write_it(place: str, value: AnswerValue, shown: str) -> None:
    address = Address.parse(place)
    question = QUESTIONS[address.question]
    assert WORDS.value(question, question.column_by_id.get(address.column, question), value) == shown


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("b.known", "b.known"),
        ("b.policy/a", "b.policy A"),
        ("b.policy/a/data", "b.policy A, Data available"),
        ("z.gone/x", "z.gone/x"),
    ],
)
def test_a_place_is_named_as_it_is_printed(place: str, shown: str) -> None:
    assert WORDS.place(Address.parse(place)) == shown


@pytest.mark.parametrize(
    ("iso", "shown"),
    [
        ("2018-11-27T14:03:22+00:00", "27 November 2018, 14:03 UTC"),
        ("2018-11-27T23:30:00-05:00", "28 November 2018, 04:30 UTC"),
        ("2018-11-27T14:03:22", "27 November 2018, 14:03 UTC"),
        ("some day", "some day"),
    ],
)
def test_moments_are_written_in_universal_time(iso: str, shown: str) -> None:
    assert WORDS.moment(iso) == shown


def test_speakers_are_named_by_agency_or_by_what_they_are() -> None:
    assert WORDS.respondent(AnswerLayer.RESPONSE, "moi") == "MoI"
    assert WORDS.respondent(AnswerLayer.RESPONSE, "") == "respondent not named"
    assert WORDS.respondent(AnswerLayer.VALIDATED, "") == "Validated answer"


def test_what_is_undefined_is_a_dash() -> None:
    assert (WORDS.points(None), WORDS.share(None), WORDS.interval(None, Fraction(1))) == ("–", "–", "–")
    assert WORDS.interval(Fraction(41), Fraction(87, 2)) == "41.0 – 43.5"


@pytest.mark.parametrize(
    ("bands", "shown"), [((), ""), ((Band.ABSENT,), "absent"), ((Band.ABSENT, Band.SUSTAINED), "absent to sustained")]
)
def test_two_bands_are_named_with_both(bands: tuple[Band, ...], shown: str) -> None:
    assert WORDS.bands(bands) == shown


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    "colour",
    [
        report_colours.INK,
        report_colours.MUTED,
        report_colours.ACCENT,
        report_colours.CAUTION,
        *report_colours.BAND_COLOURS.values(),
        *report_colours.SEVERITY_COLOURS.values(),
    ],
)
def test_coloured_words_can_be_read_on_white_and_on_the_tint(colour: str) -> None:
    assert contrast(colour, "#ffffff") >= 4.5
    assert contrast(colour, report_colours.TINT) >= 4.1


@pytest.mark.parametrize("tint", [*report_colours.BAND_TINTS.values(), *report_colours.SEVERITY_TINTS.values()])
def test_ink_can_be_read_on_every_tint(tint: str) -> None:
    assert contrast(report_colours.INK, tint) >= 7


def test_every_band_has_a_sign_of_its_own() -> None:
    assert len(set(report_colours.BAND_SIGNS.values())) == len(Band)
