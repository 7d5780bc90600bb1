"""What is said of a file follows from what was compared."""

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from capacity_app.domain.assessment.verification import (
    ContentMatch,
    ExportStamp,
    FileSignature,
    Observation,
    SignatureStatus,
    Verdict,
    VerificationReference,
    explain_match,
    match_stamps,
    observe_assessment,
    observe_dossier,
    observe_print,
    observe_signature,
    observe_stamped_file,
    stamp_of,
)
from capacity_app.domain.problems import Problem, ProblemSeverity
from capacity_app.domain.text_diff import PrintedComparison

ONE, OTHER = (hashlib.sha256(text).hexdigest() for text in (b"one", b"other"))
ERROR = Problem("file.pages", "page 3", "Damaged.")
OURS = VerificationReference(
    file="here.assessment",
    stamp=ExportStamp(
        content_hash=ONE, assessment="a", country="GEO", round="2018", instrument_version="1", exported="2018-05-02"
    ),
)


def said(observations: object) -> list[tuple[str, Verdict]]:
    assert hasattr(observations, "__iter__")
    return [(one.code, one.verdict) for one in observations if isinstance(one, Observation)]


def test_what_cannot_be_a_hash_is_none() -> None:
    for name in ("content_hash", "fingerprint", "recorded"):
        assert getattr(stamp_of({name: ONE.upper()}), name) == ""
        assert getattr(stamp_of({name: ONE[:16]}), name) == ""
    assert stamp_of({"round": "20\x1b[31m18\x00" + "x" * 999}).round.startswith("20[31m18xx")
    assert stamp_of({"content_hash": f" {ONE}", "round": "2018", "stranger": "x"}) == ExportStamp(
        content_hash=ONE, round="2018"
    )


def test_an_assessment_is_readable_consistent_and_complete_and_nothing_is_said_of_its_history() -> None:
    assert said(observe_assessment((), 3)) == [
        ("file.readable", Verdict.GOOD), ("file.consistent", Verdict.GOOD), ("file.complete", Verdict.GOOD),
        ("file.history", Verdict.NOTE),
    ]  # fmt: skip
    assert ("file.complete", Verdict.GOOD) not in said(observe_assessment((), 0))
    assert said(observe_assessment((ERROR,), 3)) == [("file.damaged", Verdict.BAD), ("file.history", Verdict.NOTE)]


def test_a_dossier_is_as_exported_only_if_its_whole_hash_fits() -> None:
    assert said(observe_dossier((), ONE, ONE)) == [
        ("content.exported", Verdict.GOOD), ("content.rewritable", Verdict.NOTE),
    ]  # fmt: skip
    assert said(observe_dossier((), ONE, OTHER)) == [("content.changed", Verdict.BAD)]
    assert said(observe_dossier((), "", ONE)) == [("content.without", Verdict.NOTE), ("content.unknown", Verdict.NOTE)]
    assert said(observe_dossier((ERROR,), ONE, ONE))[0] == ("file.damaged", Verdict.BAD)
    warning = replace(ERROR, severity=ProblemSeverity.WARNING)
    assert said(observe_dossier((warning,), ONE, ONE))[0] == ("content.exported", Verdict.GOOD)


def test_a_report_gets_no_good_word_for_what_it_says_of_itself() -> None:
    assert said(observe_stamped_file(ExportStamp(content_hash=ONE))) == []
    old = tuple(observe_stamped_file(ExportStamp(fingerprint=ONE, program="0.6.0")))
    assert [one.code for one in old] == ["content.fingerprint"]
    assert dict(old[0].values) == {"program": "0.6.0"}
    assert ("questionnaire.modified", Verdict.BAD) in said(
        observe_stamped_file(ExportStamp(content_hash=ONE, questionnaire="modified"))
    )


def test_what_is_printed_gets_a_good_word_only_where_it_was_compared_and_is_the_same() -> None:
    def codes(**more: Any) -> list[tuple[str, Verdict]]:
        return said(observe_print(PrintedComparison(compared=9, **more), "a.assessment"))

    scope = ("print.scope", Verdict.NOTE)
    assert codes() == [("print.same", Verdict.GOOD), scope]
    assert codes(total=1) == [("print.changed", Verdict.BAD), scope]
    assert codes(filled=2) == [("print.same", Verdict.GOOD), ("print.filled", Verdict.NOTE), scope]
    assert codes(is_same_content=False)[1] == ("print.other", Verdict.BAD)
    assert codes(reason_not_compared="Why.", total=1) == [("print.unknown", Verdict.NOTE)]
    assert not PrintedComparison(is_same_content=True, filled=1).is_the_same
    assert not PrintedComparison(is_same_content=None).is_the_same
    assert PrintedComparison(is_same_content=True).is_the_same


INTACT = FileSignature(SignatureStatus.INTACT, ONE, "2026-11-22T13:44:20+00:00")


@pytest.mark.parametrize(
    ("signature", "told"),
    [
        (FileSignature(SignatureStatus.UNSIGNED), [("file.unsigned", Verdict.BAD)]),
        (FileSignature(SignatureStatus.CHANGED), [("file.changed", Verdict.BAD)]),
        (INTACT, [("file.intact", Verdict.GOOD)]),
        (replace(INTACT, certificate=OTHER), [("file.intact", Verdict.GOOD), ("certificate.other", Verdict.NOTE)]),
    ],
)
def test_only_an_intact_signature_is_well(signature: FileSignature, told: list[tuple[str, Verdict]]) -> None:
    assert [(one.code, one.verdict) for one in observe_signature(signature, ONE, "digits")] == told


@pytest.mark.parametrize(
    ("theirs", "match", "codes"),
    [
        ({}, ContentMatch.SAME, ["content.same"]),
        (
            {"content_hash": OTHER, "exported": "2018-05-01"},
            ContentMatch.DIFFERENT,
            ["content.different", "content.older"],
        ),
        (
            {"content_hash": OTHER, "exported": "2018-05-03"},
            ContentMatch.DIFFERENT,
            ["content.different", "content.newer"],
        ),
        ({"content_hash": OTHER}, ContentMatch.DIFFERENT, ["content.different", "content.same_time"]),
        (
            {"content_hash": OTHER, "exported": "", "instrument_version": "2"},
            ContentMatch.DIFFERENT,
            ["content.different", "content.version"],
        ),
        ({"content_hash": OTHER, "assessment": "b"}, ContentMatch.OTHER, ["content.other", "other.twin"]),
        (
            {"content_hash": OTHER, "assessment": "b", "country": "MDA", "round": "2023"},
            ContentMatch.OTHER,
            ["content.other", "other.country", "other.round"],
        ),
        ({"content_hash": "", "fingerprint": ONE}, ContentMatch.UNKNOWN, ["content.not_compared"]),
        ({"content_hash": "", "assessment": "b"}, ContentMatch.OTHER, ["content.other", "other.twin"]),
    ],
)
def test_a_file_is_compared_with_an_assessment(theirs: dict[str, str], match: ContentMatch, codes: list[str]) -> None:
    stamp = replace(OURS.stamp, **theirs)
    assert match_stamps(stamp, OURS, is_proven=True) is match
    told = tuple(explain_match(match, stamp, OURS))
    assert [one.code for one in told] == codes
    assert (told[0].verdict is Verdict.GOOD) is (match is ContentMatch.SAME)


def test_what_a_file_only_states_is_a_claim() -> None:
    assert match_stamps(OURS.stamp, OURS, is_proven=False) is ContentMatch.CLAIMED
    assert said(explain_match(ContentMatch.CLAIMED, OURS.stamp, OURS)) == [("content.claimed", Verdict.NOTE)]
