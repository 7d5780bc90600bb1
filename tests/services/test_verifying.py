"""Every kind of file we write is told apart and compared, and nothing more is said than was compared."""

import json
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from capacity_app import paths
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.privacy import ReportProfile, ReportVolume
from capacity_app.domain.assessment.verification import (
    ContentMatch,
    ExportStamp,
    FileMedium,
    SignatureStatus,
    Verdict,
    Verification,
)
from capacity_app.domain.problems import KnownError
from capacity_app.domain.questionnaire.versions import publication_problems
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.pdf.rendering import write_pdf
from capacity_app.outputs.pdf.signatures import examine_signature
from capacity_app.services.exchange.verification import verify
from capacity_app.services.protection import own_certificate_fingerprint, own_identity, unsigned_warning
from capacity_app.services.reports import write_report
from capacity_app.services.session.demonstration import create_demonstration, demonstration, demonstration_instrument
from capacity_app.services.session.dossier_json import dossier_to_json
from tests.builders import ASSESSMENT_ID, MISSION, dated, file_of, open_session, small_dossier
from tests.domain.making import say
from tests.outputs.forging import FORGERIES

REPORTS = {".pdf": FileMedium.PDF, ".docx": FileMedium.WORD, ".html": FileMedium.HTML, ".xlsx": FileMedium.WORKBOOK}
BRIEF = ReportProfile(ReportVolume.BRIEF)
NAMELESS = ReportProfile.parse("brief no-names")
WHOLE = {FileMedium.DOSSIER, FileMedium.ASSESSMENT, FileMedium.WORKBOOK}
"""They hold the content, or were signed here; a report of chosen parts only says from which content it was made."""
PATIENCE_S = 180


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the small dossier in all the forms it can take."""
    folder = tmp_path_factory.mktemp("files")
    file_of(folder)
    for suffix in REPORTS:
        write_report(small_dossier(), folder / f"report{suffix}", texts=Translator(), profile=BRIEF)
    (folder / "dossier.json").write_text(dossier_to_json(small_dossier(), {}), encoding="utf-8")
    return folder


def at_odds(dossier: Dossier, folder: Path) -> Path:
    folder.mkdir()
    return file_of(folder, dossier)


@pytest.fixture(scope="module")
def others(folder: Path) -> dict[ContentMatch, Path]:
    """Write an assessment in which one answer was changed later, and one that was begun separately."""
    known = small_dossier()
    later = replace(dated([say("ii.staff", 13, who="agency-nso")])[0], time="2018-12-01T10:00:00+00:00")
    changed = tuple(later if answer.key == later.key else answer for answer in known.answers)
    twin = replace(known, id="11111111-2222-4333-8444-555555555555")
    return {
        ContentMatch.SAME: folder / "small.assessment",
        ContentMatch.DIFFERENT: at_odds(replace(known, answers=changed), folder / "later"),
        ContentMatch.OTHER: at_odds(twin, folder / "twin"),
    }


def codes(found: Verification) -> list[str]:
    return [one.code for one in found.observations]


def codes_of_content(found: Verification) -> list[str]:
    """Return what is said last of the comparison of contents."""
    return [code for code in codes(found) if not code.startswith("print.")][-2:]


def files(folder: Path) -> Iterator[tuple[Path, FileMedium]]:
    yield from ((folder / f"report{suffix}", medium) for suffix, medium in REPORTS.items())
    yield folder / "dossier.json", FileMedium.DOSSIER
    yield folder / "small.assessment", FileMedium.ASSESSMENT


@pytest.mark.check
def test_every_kind_of_file_is_told_apart_and_compared(folder: Path, others: dict[ContentMatch, Path]) -> None:
    for file, medium in files(folder):
        found = verify(file, others[ContentMatch.SAME])
        expected = ContentMatch.SAME if medium in WHOLE else ContentMatch.CLAIMED
        assert (found.medium, found.match, found.is_good) == (medium, expected, True), (file.name, found)
        assert found.stamp.content_hash == small_dossier().content_hash
        assert "Small" in found.title


def test_a_report_says_what_it_is_without_any_assessment(folder: Path) -> None:
    for file, _medium in files(folder):
        found = verify(file)
        said = found.stamp
        assert found.is_good
        assert found.match is None
        assert (said.country, said.round, said.instrument, said.instrument_version) == ("XXA", "2018", "small", "1.0")
        assert (said.assessment, said.language) == (small_dossier().id, "en")
        assert said.exported == "2018-11-27T09:14:00+00:00"


def test_one_changed_answer_is_another_content_in_every_file(folder: Path, others: dict[ContentMatch, Path]) -> None:
    for file, _medium in files(folder):
        found = verify(file, others[ContentMatch.DIFFERENT])
        assert found.match is ContentMatch.DIFFERENT
        assert not found.is_good
        assert codes_of_content(found) == ["content.different", "content.older"]


def test_another_assessment_is_told_from_another_content(folder: Path, others: dict[ContentMatch, Path]) -> None:
    for file, _medium in files(folder):
        found = verify(file, others[ContentMatch.OTHER])
        assert found.match is ContentMatch.OTHER
        assert codes_of_content(found) == ["content.other", "other.twin"]


def test_a_dossier_may_stand_for_the_assessment(folder: Path) -> None:
    assert verify(folder / "report.html", folder / "dossier.json").match is ContentMatch.CLAIMED


def test_a_report_is_nothing_to_compare_with(folder: Path) -> None:
    with pytest.raises(KnownError, match="neither"):
        verify(folder / "report.html", folder / "report.xlsx")


@pytest.mark.parametrize("suffix", REPORTS)
def test_a_copy_without_names_still_belongs_to_its_assessment(tmp_path: Path, folder: Path, suffix: str) -> None:
    copy = tmp_path / f"nobody{suffix}"
    write_report(small_dossier(), copy, texts=Translator(), profile=NAMELESS)
    found = verify(copy, folder / "small.assessment")
    expected = (ContentMatch.SAME, "full no-names") if suffix == ".xlsx" else (ContentMatch.CLAIMED, "brief no-names")
    assert ((found.match, found.stamp.profile), found.is_good) == (expected, True)


@pytest.mark.check
def test_a_pdf_without_names_is_signed_and_names_no_installation(tmp_path: Path) -> None:
    own_identity()
    files = [tmp_path / "one.pdf", tmp_path / "two.pdf"]
    for file in files:
        write_report(small_dossier(), file, texts=Translator(), profile=NAMELESS)
    signatures = [examine_signature(file.read_bytes()) for file in files]
    assert {one.state for one in signatures} == {SignatureStatus.INTACT}
    assert len({own_certificate_fingerprint(), *(one.certificate for one in signatures)}) == 3
    assert unsigned_warning(files[0], str) == ""


# -- what happens to files on their way ----------------------------------------------------------------------------


@pytest.mark.check
@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_a_copy_saved_again_by_libreoffice_still_verifies(tmp_path: Path, folder: Path, suffix: str) -> None:
    profile = f"-env:UserInstallation=file://{tmp_path}/office"
    made = ["soffice", profile, "--headless", "--convert-to", suffix[1:], "--outdir", str(tmp_path)]
    subprocess.run([*made, str(folder / f"report{suffix}")], check=True, capture_output=True, timeout=PATIENCE_S)
    found = verify(tmp_path / f"report{suffix}", folder / "small.assessment")
    expected = ContentMatch.SAME if suffix == ".xlsx" else ContentMatch.CLAIMED
    assert (found.match, found.is_good) == (expected, True), found.observations
    assert found.stamp == verify(folder / f"report{suffix}").stamp


# -- PDF files -------------------------------------------------------------------------------------------------------


@pytest.fixture
def own_report(tmp_path: Path) -> Path:
    file = tmp_path / "report.pdf"
    write_report(small_dossier(), file, texts=Translator(), profile=BRIEF)
    return file


def test_an_intact_report_of_this_computer_is_compared_with_the_assessment(own_report: Path, folder: Path) -> None:
    found = verify(own_report, folder / "small.assessment")
    assert found.signature is not None
    assert found.signature.certificate == own_certificate_fingerprint()
    assert codes(found) == ["file.intact", "content.same"]


@pytest.mark.parametrize("how", FORGERIES)
def test_nothing_good_is_said_of_a_changed_report(own_report: Path, folder: Path, how: str) -> None:
    own_report.write_bytes(FORGERIES[how](own_report.read_bytes()))
    found = verify(own_report, folder / "small.assessment")
    assert [one.verdict for one in found.observations] == [Verdict.BAD]
    assert (found.match, found.stamp, found.title, found.is_good) == (None, ExportStamp(), "", False)


def test_a_report_of_an_earlier_version_is_not_signed() -> None:
    assert codes(verify(OLD / "small.pdf")) == ["file.unsigned"]


def test_what_a_report_of_another_computer_states_is_not_called_true(own_report: Path, folder: Path) -> None:
    paths.signing_certificate_file().unlink()
    found = verify(own_report, folder / "small.assessment")
    assert codes(found) == ["file.intact", "certificate.other", "content.claimed"]
    assert found.observations[-1].verdict is Verdict.NOTE
    assert (found.match, found.is_good) == (ContentMatch.CLAIMED, True)


def test_an_intact_file_that_is_no_report_is_compared_with_nothing(tmp_path: Path, folder: Path) -> None:
    file = tmp_path / "other.pdf"
    html = "<html lang=en><title>Title</title><h1>No report</h1>"
    file.write_bytes(write_pdf(html, "", b"x", signer=own_identity(), label="Signature"))
    found = verify(file, folder / "small.assessment")
    assert (codes(found), found.match, found.title) == (["file.intact", "content.none"], None, "Title")


# -- a file that holds the content ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write the demonstration, which has documents and everything else, as a file and as a dossier."""
    made = tmp_path_factory.mktemp("demo")
    assessment, dossier = made / "demo.assessment", made / "demo.json"
    create_demonstration(assessment, device="laptop")
    dossier.write_text(dossier_to_json(*demonstration()), encoding="utf-8")
    return {"assessment": assessment, "dossier": dossier}


@pytest.mark.check
def test_an_honest_dossier_is_as_exported(demo: dict[str, Path]) -> None:
    found = verify(demo["dossier"], demo["assessment"])
    assert found.is_good
    assert found.match is ContentMatch.SAME
    assert codes(found) == ["content.exported", "content.rewritable", "questionnaire.published", "content.same"]


def _bought(plain: dict[str, Any]) -> None:
    text = json.dumps(plain["instrument"]).replace('"points": "0"', '"points": "1"')
    plain["instrument"] = json.loads(text)


ALTERED: dict[str, Callable[[dict[str, Any]], object]] = {
    "an action": lambda plain: plain["actions"][0].update(cost="USD 9,000,000", title="Buy servers from my cousin"),
    "who validated it": lambda plain: plain["mission"].update(validated_by="The Minister", status="validated"),
    "grades of evidence": lambda plain: [one.update(checked_against="original") for one in plain["evidence"]],
    "authors": lambda plain: [one.update(author="Minister") for one in plain["answers"]],
    "times": lambda plain: [one.update(time="2001-01-01T00:00:00+00:00") for one in plain["answers"]],
    "documents removed": lambda plain: plain["documents"].clear(),
    "registers removed": lambda plain: plain.update(ratings=[], meetings=[], people=[]),
    "an answer": lambda plain: plain["answers"].pop(),
    "points in the questionnaire": _bought,
}


@pytest.mark.parametrize("kind", ALTERED)
def test_an_altered_dossier_is_found(tmp_path: Path, demo: dict[str, Path], kind: str) -> None:
    plain = json.loads(demo["dossier"].read_text(encoding="utf-8"))
    ALTERED[kind](plain)
    (tmp_path / "altered.json").write_text(json.dumps(plain), encoding="utf-8")
    found = verify(tmp_path / "altered.json")
    assert not found.is_good
    assert {"content.changed", "file.damaged"} & set(codes(found))
    if kind != "documents removed":  # the content names the same documents, which are missing
        assert verify(tmp_path / "altered.json", demo["assessment"]).match is ContentMatch.DIFFERENT


def test_a_dossier_with_a_new_hash_is_only_found_beside_the_assessment(tmp_path: Path, demo: dict[str, Path]) -> None:
    dossier, documents = demonstration()
    rewritten = replace(dossier, actions=(replace(dossier.actions[0], cost="USD 9,000,000"), *dossier.actions[1:]))
    (tmp_path / "rewritten.json").write_text(dossier_to_json(rewritten, documents), encoding="utf-8")
    assert "content.rewritable" in codes(verify(tmp_path / "rewritten.json"))
    assert verify(tmp_path / "rewritten.json", demo["assessment"]).match is ContentMatch.DIFFERENT


def test_documents_that_evidence_names_and_the_file_does_not_hold_are_named(
    tmp_path: Path, demo: dict[str, Path]
) -> None:
    file = tmp_path / "gone.assessment"
    file.write_bytes(demo["assessment"].read_bytes())
    with sqlite3.connect(file) as connection:
        connection.execute("DELETE FROM documents")
    connection.close()
    found = verify(file)
    assert not found.is_good
    assert "file.complete" not in codes(found)
    dossier, documents = demonstration()
    named = [f"evidence/{entry.id}" for entry in dossier.evidence if entry.document in documents]
    assert named
    assert not dossier.returns
    assert sorted(one.place for one in found.damage if one.code == "file.no_document") == sorted(named)
    with open_session(file) as session:
        assert {one.code for one in session.check_file()} == {"file.no_document"}


def unanswered() -> Dossier:
    """Return an assessment with the toolkit and no answer."""
    return Dossier(id=ASSESSMENT_ID, instrument=demonstration_instrument(), mission=MISSION)


def with_bought_points(dossier: Dossier) -> Dossier:
    """Return the dossier with full points for every option of every table."""
    sections = tuple(
        replace(
            section,
            questions=tuple(
                replace(
                    question,
                    columns=tuple(
                        replace(column, options=tuple(
                            replace(option, points=Fraction(1) if option.points is not None else None)
                            for option in column.options
                        ))
                        for column in question.columns
                    ),
                )
                for question in section.questions
            ),
        )
        for section in dossier.instrument.sections
    )  # fmt: skip
    return replace(dossier, instrument=replace(dossier.instrument, sections=sections))


@pytest.mark.check
def test_bought_points_are_named_in_every_file_made_from_them(tmp_path: Path) -> None:
    bought = with_bought_points(unanswered())
    made = [file_of(tmp_path, bought), tmp_path / "bought.json"]
    made[1].write_text(dossier_to_json(bought, {}), encoding="utf-8")
    for suffix in (".xlsx", ".html", ".docx"):
        made.append(tmp_path / f"bought{suffix}")
        write_report(bought, made[-1], texts=Translator(), profile=BRIEF)
    for file in made:
        found = verify(file)
        told = {one.code: one.verdict for one in found.observations}
        assert told["questionnaire.modified"] is Verdict.BAD, file.name
        assert not found.is_good
    page = (tmp_path / "bought.html").read_text(encoding="utf-8")
    assert page.count("it is not the published unsd-nmdc 1.1") == 1
    with open_session(made[0]) as session:
        assert [one.code for one in publication_problems(session.instrument)] == ["file.questionnaire"]


@pytest.mark.check
def test_an_unknown_version_of_a_published_questionnaire_is_named_in_every_file(tmp_path: Path) -> None:
    bought = with_bought_points(unanswered())
    unknown = replace(bought, instrument=replace(bought.instrument, version="1.7"))
    made = [file_of(tmp_path, unknown), tmp_path / "unknown.html"]
    write_report(unknown, made[1], texts=Translator(), profile=BRIEF)
    for file in made:
        told = {one.code: one.verdict for one in verify(file).observations}
        assert told["questionnaire.unknown_version"] is Verdict.NOTE, file.name
    with open_session(made[0]) as session:
        (problem,) = publication_problems(session.instrument)
    assert problem.text().startswith("This program does not know version 1.7 of the questionnaire unsd-nmdc.")


def test_an_assessment_changed_by_hand_is_told_place_by_place(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE answers SET note = 'by hand' WHERE question = 'ii.staff'")
    connection.close()
    found = verify(file)
    assert not found.is_good
    assert codes(found) == ["file.damaged", "file.history", "questionnaire.unpublished"]
    assert [problem.place for problem in found.damage] == ["ii.staff"]


def test_a_dossier_changed_by_hand_says_what_cannot_be_read(tmp_path: Path, folder: Path) -> None:
    text = (folder / "dossier.json").read_text(encoding="utf-8")
    changed = tmp_path / "changed.json"
    changed.write_text(text.replace('"question": "ii.staff"', '"question": 7', 1), encoding="utf-8")
    found = verify(changed, folder / "small.assessment")
    assert found.match is ContentMatch.DIFFERENT
    assert not found.is_good
    assert found.damage


# -- files made by version 0.6.0 -----------------------------------------------------------------------------------

OLD = Path(__file__).parents[1] / "expected" / "version-0.6.0"
OLD_ASSESSMENT = OLD.parent / "assessments" / "version-4.assessment"


@pytest.mark.parametrize("suffix", [".docx", ".html", ".xlsx"])
def test_an_old_report_is_known_and_not_compared(suffix: str) -> None:
    alone, beside = verify(OLD / f"small{suffix}"), verify(OLD / f"small{suffix}", OLD_ASSESSMENT)
    assert codes(alone) == ["content.fingerprint", "print.unknown"]
    assert alone.stamp.program == "0.6.0"
    assert (beside.match, beside.is_good) == (ContentMatch.UNKNOWN, False)
    assert codes_of_content(beside)[-1] == "content.not_compared"


def test_an_old_dossier_is_compared_by_its_content() -> None:
    alone, beside = verify(OLD / "small.json"), verify(OLD / "small.json", OLD_ASSESSMENT)
    assert codes(alone) == ["content.without", "content.unknown", "questionnaire.unpublished"]
    assert alone.is_good
    assert beside.match is ContentMatch.SAME
