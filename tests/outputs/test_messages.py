"""The main messages: the bands of the profile, what is not known and was never asked, and how sentences end."""

from dataclasses import replace
from functools import cache

import pytest
from pypdfium2 import PdfDocument  # type: ignore[import-untyped]

from capacity_app import paths
from capacity_app.domain.assessment.answers import AnswerLayer, AnswerState
from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.privacy import ReportProfile, ReportVolume
from capacity_app.domain.problems import end_once
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.content.findings import gap_findings
from capacity_app.outputs.content.messages import generated_messages
from capacity_app.services.reports import report_bytes
from capacity_app.services.session.demonstration import demonstration
from tests.outputs.chapters import chapter, read, said, view_of
from tests.questionnaires.test_published import whole

NEVER_ASKED = ("v.needs-assessment", "v.donors", "v.training")


def without(*questions: str) -> Dossier:
    dossier = demonstration()[0]
    kept = tuple(one for one in dossier.answers if one.key.address.question not in questions)
    return replace(dossier, answers=kept)


@cache
def told() -> tuple[Appraisal, Formatter, str]:
    appraisal, formatter = read(demonstration()[0])
    return appraisal, formatter, generated_messages(appraisal, formatter)


def test_a_part_is_in_the_band_or_the_two_bands_that_the_profile_names() -> None:
    appraisal, formatter, messages = told()
    lines = messages.splitlines()
    core = [one for one in appraisal.scorecard.sections if not one.section.supplement and one.published is not None]
    assert {len(one.bands) for one in core} == {1, 2}
    for entry in core:
        bands = formatter.bands(entry.bands)
        start = (
            f"– {bands.capitalize()}: " if len(entry.bands) == 1 else f"– Depending on what is still open, {bands}: "
        )
        (line,) = [one for one in lines if one.startswith(start)]
        assert formatter.section(entry.section) in line


def test_what_was_never_asked_is_counted_and_named() -> None:
    appraisal, formatter = read(without(*NEVER_ASKED))
    assert [one.question.id for one in appraisal.not_asked] == list(NEVER_ASKED)
    messages = generated_messages(appraisal, formatter)
    wanted = appraisal.sheet.counts.wanted
    assert f"27 of {wanted} answers are missing: 14 unknown, 10 declined, 3 not asked." in messages
    assert "To be asked first: V.3 “Is the strategy" in messages
    part = said(chapter(view_of(without(*NEVER_ASKED), profile="report"), "s-v").blocks)
    assert [number for number in ("V.3 “Is the", "V.9 “Is outside", "V.10 “On which") if number not in part] == []
    assert told()[0].not_asked == ()


def test_the_row_of_a_table_is_named_that_was_not_asked() -> None:
    dossier = demonstration()[0]
    row = min(one.key.address.row for one in dossier.answers if one.key.address.question == "iii.statistics")
    kept = tuple(
        one for one in dossier.answers if (one.key.address.question, one.key.address.row) != ("iii.statistics", row)
    )
    (place,) = read(replace(dossier, answers=kept))[0].not_asked
    assert place.row is not None
    assert (place.question.id, place.row.id) == ("iii.statistics", row)


def test_a_disagreement_is_not_among_what_is_not_known() -> None:
    dossier = demonstration()[0]
    agencies = [one.id for one in dossier.agencies][:2]
    answer = next(one for one in dossier.answers if one.key.address.question == "v.access")
    asked = [
        replace(
            answer,
            key=replace(answer.key, layer=AnswerLayer.RESPONSE, respondent=agency),
            content=replace(answer.content, state=AnswerState.ANSWERED, value=level, evidence=()),
        )
        for agency, level in zip(agencies, (0, 3), strict=True)
    ]
    appraisal, formatter = read(replace(dossier, answers=(*without("v.access").answers, *asked)))
    assert "v.access" in {gap.question.id for gap in appraisal.to_verify}
    assert "v.access" not in {gap.question.id for gap in appraisal.not_known}
    assert "v.access" not in {place.question.id for place in appraisal.not_asked}
    assert "On 5 questions the agencies’ answers differ" in generated_messages(appraisal, formatter)


def test_the_messages_say_that_there_is_no_earlier_round_and_no_cost() -> None:
    appraisal, formatter = read(replace(demonstration()[0], previous=None, actions=()))
    messages = generated_messages(appraisal, formatter)
    assert "There is no previous round to compare with." in messages
    assert "No recommendation has been entered yet, so no cost is known." in messages


@pytest.mark.parametrize("questionnaire", ["unsd-nmdc", "un-fpos"])
def test_no_and_partly_are_two_sentences(questionnaire: str) -> None:
    instrument = whole(paths.instruments_folder() / questionnaire)
    fields = [field for question in instrument.questions() for field in (question, *question.columns)]
    told_of = [one for one in fields if one.kind is AnswerKind.YES_PARTLY_NO and one.finding]
    assert len(told_of) > 10
    assert [one.id for one in told_of if one.finding_partly in {"", one.finding} or "fully" in one.finding] == []


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("no", "The advance release calendar does not include migration statistics."),
        ("partly", "The advance release calendar does not fully include migration statistics."),
    ],
)
def test_the_sentence_on_a_gap_follows_the_answer(answer: str, sentence: str) -> None:
    dossier = demonstration()[0]
    known = [
        replace(one, content=replace(one.content, state=AnswerState.ANSWERED, value=answer))
        if one.key.address.question == "viii.calendar"
        else one
        for one in dossier.answers
    ]
    appraisal, formatter = read(replace(dossier, answers=tuple(known)))
    gaps = [gap for gap in appraisal.gaps if gap.question.id == "viii.calendar"]
    assert [one.statement for one in gap_findings(appraisal, formatter, gaps)] == [sentence]


@pytest.mark.parametrize(
    ("twice", "once"),
    [
        ("Ask “Is there a strategy?”. Then go on.", "Ask “Is there a strategy?” Then go on."),
        ("Parmi eux : «\u00a0Quand\u202f?\u00a0».", "Parmi eux : «\u00a0Quand\u202f?\u00a0»"),
        ("先问：“有战略吗？”。然后继续。", "先问：“有战略吗？”然后继续。"),
        ("Open why?.xlsx (why?).", "Open why?.xlsx (why?)."),
    ],
)
def test_a_sentence_ends_once(twice: str, once: str) -> None:
    assert end_once(twice) == once


def test_no_sentence_of_the_messages_ends_twice() -> None:
    appraisal, formatter = read(without(*NEVER_ASKED))
    for language in ("en", "es", "zh"):
        words = replace(formatter, texts=Translator(language))
        assert not [
            sign for sign in ("?.", "?”.", "?».", "？”。", "..") if sign in generated_messages(appraisal, words)
        ]


@pytest.mark.check
@pytest.mark.parametrize("language", ["en", "fr", "ru"])
def test_the_brief_has_four_pages_with_more_that_is_not_known(language: str) -> None:
    profile = ReportProfile(volume=ReportVolume.BRIEF)
    content = report_bytes(without(*NEVER_ASKED), ".pdf", texts=Translator(language), profile=profile)
    assert len(PdfDocument(content)) == 4
