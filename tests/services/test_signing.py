"""A file says on which installation it was made; whoever changes what was signed is found out."""

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from capacity_app import paths
from capacity_app.domain import fingerprint
from capacity_app.domain.answers import Address, Content, State
from capacity_app.domain.returned import Returned, ReturnedAnswer
from capacity_app.domain.signature import UNSIGNED, SignatureState
from capacity_app.domain.verification import Medium, Stamp
from capacity_app.report.view.parts import Part
from capacity_app.services.dossier_json import dossier_to_json
from capacity_app.services.exporting import export
from capacity_app.services.reporting import write_report
from capacity_app.services.signing import is_valid, key_words, own_key, sign, state_of
from capacity_app.services.verifying import verify
from capacity_app.texts import Texts
from tests.builders import file_of, open_session, small_dossier

DOSSIER = small_dossier()
WHOLE = fingerprint.of_answers(DOSSIER)


def signed(whole: str = WHOLE, recorded: str = WHOLE) -> Stamp:
    made = sign(whole, recorded)
    return Stamp(
        instrument=DOSSIER.instrument.id,
        instrument_version=DOSSIER.instrument.version,
        assessment=DOSSIER.id,
        fingerprint=whole,
        recorded=recorded,
        public_key=made.public_key,
        signature=made.value,
    )


def returned(stamp: Stamp, *answers: ReturnedAnswer) -> Returned:
    return Returned(
        medium=Medium.WORKBOOK, file="back.xlsx", sha256="", stamp=stamp, recorded=DOSSIER.answers, answers=answers
    )


def test_the_key_is_made_with_the_first_signature_and_stays() -> None:
    assert own_key() == ""
    first = sign(WHOLE, WHOLE)
    assert first.public_key == own_key()
    assert sign(WHOLE, WHOLE) == first
    assert len(key_words(first.public_key).split()) == 4


def test_nobody_else_may_read_the_key() -> None:
    sign(WHOLE, WHOLE)
    assert stat.S_IMODE(paths.signing_key_file().stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR
    assert [file.name for file in paths.signing_key_file().parent.iterdir()] == ["signing-key.pem"]


def test_a_key_that_cannot_be_read_is_set_aside_and_a_new_one_made() -> None:
    file = paths.signing_key_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("half a key")
    assert sign(WHOLE, WHOLE) != UNSIGNED
    assert file.with_suffix(".unreadable").read_text() == "half a key"


def test_where_no_key_can_be_kept_nothing_is_signed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert sign(WHOLE, WHOLE, tmp_path / "file" / "key.pem") == UNSIGNED


@pytest.mark.parametrize("field", ["fingerprint", "recorded", "public_key", "signature"])
def test_a_signature_fits_only_what_was_signed(field: str) -> None:
    stamp = signed()
    assert is_valid(stamp)
    for other in ("", "0" * len(getattr(stamp, field)), "no digits", getattr(stamp, field)[:-2]):
        assert not is_valid(replace(stamp, **{field: other}))


def test_a_file_is_unsigned_unchanged_edited_or_not_what_was_signed() -> None:
    stamp = signed()
    words = key_words(stamp.public_key)
    edited = ReturnedAnswer(
        address=Address("i.law"), before=Content(), now=Content(state=State.ANSWERED, value=2), place="I, F3"
    )
    fewer = replace(returned(stamp), recorded=DOSSIER.answers[1:])
    assert state_of(returned(replace(stamp, signature=""))) == (SignatureState.UNSIGNED, "")
    assert state_of(returned(stamp)) == (SignatureState.UNCHANGED, words)
    assert state_of(returned(stamp, edited)) == (SignatureState.EDITED, words)
    assert state_of(returned(replace(stamp, recorded="0" * 64))) == (SignatureState.BROKEN, "")
    assert state_of(fewer) == (SignatureState.BROKEN, words)


@pytest.mark.parametrize("profile", ["full", "no-names"])
@pytest.mark.parametrize("suffix", [".xlsx", ".html", ".docx", ".pdf"])
def test_every_file_that_leaves_says_by_whom_it_was_signed(tmp_path: Path, suffix: str, profile: str) -> None:
    file = tmp_path / f"report{suffix}"
    write_report(DOSSIER, file, texts=Texts(), profile=profile, parts=frozenset({Part.COVER}))
    found = verify(file)
    assert found.is_good
    (told,) = (one for one in found.observations if one.code.startswith("signature"))
    assert told.code == "signature.valid"
    assert dict(told.values)["words"] == key_words(own_key())
    assert is_valid(found.stamp)


def test_a_web_page_whose_fingerprint_was_changed_is_found_out(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    write_report(DOSSIER, file, texts=Texts(), parts=frozenset({Part.COVER}))
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(WHOLE, WHOLE[::-1]), encoding="utf-8")
    codes = [one.code for one in verify(file).observations]
    assert "signature.invalid" in codes


def test_an_exported_dossier_is_signed_and_whoever_changes_an_answer_in_it_is_found_out(tmp_path: Path) -> None:
    file = tmp_path / "dossier.json"
    with open_session(file_of(tmp_path)) as session:
        export(session, file, Texts())
    assert [one.code for one in verify(file).observations] == ["file.sound", "signature.valid"]
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("No budget.", "A budget."), encoding="utf-8")
    assert [one.code for one in verify(file).observations] == ["file.sound", "signature.invalid"]


def test_a_dossier_whose_signature_is_no_text_is_read_without_it(tmp_path: Path) -> None:
    plain = json.loads(dossier_to_json(DOSSIER, {}))
    (tmp_path / "odd.json").write_text(json.dumps(plain | {"signature": 7}), encoding="utf-8")
    assert "signature.none" in [one.code for one in verify(tmp_path / "odd.json").observations]
