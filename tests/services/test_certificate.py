"""The certificate of an installation: made once, kept whole and private, and never a reason to fail."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.x509 import load_der_x509_certificate

from capacity_app import paths
from capacity_app.services.protection import own_certificate_fingerprint, own_identity, unsigned_warning


def test_the_certificate_is_made_with_the_first_signature_and_stays() -> None:
    assert own_certificate_fingerprint() == ""
    first = own_identity()
    assert first is not None
    assert own_certificate_fingerprint() == first.fingerprint
    again = own_identity()
    assert again is not None
    assert again.certificate == first.certificate


def test_nobody_else_may_read_the_key() -> None:
    own_identity()
    file = paths.signing_certificate_file()
    assert stat.S_IMODE(file.stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR
    assert [kept.name for kept in file.parent.iterdir()] == [file.name]


def test_it_names_nobody_and_holds_whatever_the_clock_says() -> None:
    made = own_identity()
    assert made is not None
    certificate = load_der_x509_certificate(made.certificate)
    assert certificate.subject == certificate.issuer
    assert certificate.subject.rfc4514_string() == "CN=Installation of capacity-app"
    assert certificate.not_valid_before_utc < datetime(2001, 1, 1, tzinfo=UTC)
    assert certificate.not_valid_after_utc.year == 9999


@pytest.mark.parametrize("damage", ["half a key", "", "two halves"])
def test_what_cannot_be_read_is_set_aside_and_a_new_one_made(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "certificate.pem"
    if damage == "two halves":
        for name in ("one.pem", "other.pem"):
            own_identity(tmp_path / name)
        one, other = ((tmp_path / name).read_text() for name in ("one.pem", "other.pem"))
        end = "-----END PRIVATE KEY-----\n"
        damage = one.partition(end)[0] + end + other.partition(end)[2]
    file.write_text(damage)
    assert own_certificate_fingerprint(file) == ""
    assert own_identity(file) is not None
    assert own_certificate_fingerprint(file) != ""
    assert file.with_suffix(".unreadable").read_text() == damage


def test_of_several_that_make_one_at_once_all_take_the_first(tmp_path: Path) -> None:
    file = tmp_path / "certificate.pem"
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(own_identity, [file] * 8))
    assert {identity.fingerprint for identity in made if identity} == {own_certificate_fingerprint(file)}
    assert None not in made
    assert [kept.name for kept in tmp_path.iterdir()] == [file.name]


def test_where_none_can_be_kept_the_program_says_that_a_report_is_not_signed(tmp_path: Path) -> None:
    folder = paths.signing_certificate_file().parent
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file where the folder should be")
    assert own_identity() is None
    report = tmp_path / "report.pdf"
    report.write_bytes(b"%PDF-1.7 without a signature")
    assert str(folder) in unsigned_warning(report, str)
    assert unsigned_warning(tmp_path / "report.docx", str) == ""
