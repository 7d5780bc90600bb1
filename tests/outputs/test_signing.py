"""A PDF report is signed as a file: other programs accept the signature, and no changed byte escapes."""

import hashlib
import io
import re
import subprocess
from pathlib import Path

import pytest
from asn1crypto.cms import ContentInfo
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from capacity_app import paths
from capacity_app.domain.assessment.privacy import ReportProfile, ReportVolume
from capacity_app.domain.assessment.verification import FileSignature, SignatureStatus
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.pdf import signatures
from capacity_app.outputs.pdf.rendering import write_pdf
from capacity_app.outputs.pdf.signatures import SigningIdentity, examine_signature
from capacity_app.services.protection import own_identity
from capacity_app.services.reports import report_bytes
from tests.builders import small_dossier
from tests.outputs.forging import FORGERIES
from tests.outputs.test_conformance import broken

BRIEF = ReportProfile(ReportVolume.BRIEF)


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> SigningIdentity:
    made = own_identity(tmp_path_factory.mktemp("identity") / "certificate.pem")
    assert made is not None
    return made


@pytest.fixture(scope="module")
def page(identity: SigningIdentity) -> bytes:
    html = '<html lang=en><title>x</title><h1>Level 2</h1><p><a href="https://un.org">Link</a></p>'
    return write_pdf(html, "2018-11-27T09:26:00+00:00", b"x", signer=identity, label="Signature")


@pytest.fixture
def report() -> bytes:
    return report_bytes(small_dossier(), ".pdf", texts=Translator(), profile=BRIEF, is_signed=True)


def hole(content: bytes) -> tuple[int, int]:
    """Return where the digits of the signature begin and end."""
    begin = content.rindex(b"/Contents <") + len(b"/Contents <")
    return begin, content.index(b">", begin)


def test_a_signed_report_is_intact_and_still_conforms(report: bytes) -> None:
    found, own = examine_signature(report), own_identity()
    assert own is not None
    assert (found.state, found.certificate) == (SignatureStatus.INTACT, own.fingerprint)
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", found.time)
    assert broken(report) == []


def test_a_signed_report_in_two_languages_conforms() -> None:
    content = report_bytes(
        small_dossier(), ".pdf", texts=Translator("ar"), second=Translator("en"), profile=BRIEF, is_signed=True
    )
    assert examine_signature(content).state is SignatureStatus.INTACT
    assert broken(content) == []


def test_unsigned_the_same_report_has_no_field_and_the_same_bytes() -> None:
    first, second = (report_bytes(small_dossier(), ".pdf", texts=Translator(), profile=BRIEF) for _ in range(2))
    assert first == second
    assert b"/AcroForm" not in first
    assert examine_signature(first) == FileSignature(SignatureStatus.UNSIGNED)


def test_signed_the_report_differs_only_where_it_is_signed(report: bytes) -> None:
    again = report_bytes(small_dossier(), ".pdf", texts=Translator(), profile=BRIEF, is_signed=True)
    moment = re.compile(rb"/M \(D:\d{14}Z\)")
    # The check sum of the whole file stands in the compressed table behind the signature.
    first, second = (moment.sub(b"", content[: hole(content)[0]]) for content in (report, again))
    assert first == second


def test_where_no_certificate_can_be_kept_the_report_is_unsigned() -> None:
    paths.signing_certificate_file().parent.parent.mkdir(parents=True, exist_ok=True)
    paths.signing_certificate_file().parent.write_text("a file where the folder should be")
    content = report_bytes(small_dossier(), ".pdf", texts=Translator(), profile=BRIEF, is_signed=True)
    assert examine_signature(content).state is SignatureStatus.UNSIGNED


def test_another_program_finds_a_certifying_signature_of_the_entire_file(report: bytes) -> None:
    (signature,) = PdfFileReader(io.BytesIO(report)).embedded_signatures
    trusting = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    status = validate_pdf_signature(signature, signer_validation_context=trusting)
    assert status.bottom_line
    assert status.docmdp_ok
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert status.modification_level is ModificationLevel.NONE
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert PdfFileReader(io.BytesIO(report)).root["/Perms"]["/DocMDP"] == signature.sig_object


def test_a_pdf_reader_says_that_the_total_document_is_signed(report: bytes, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(report)
    told = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, check=True, cwd=tmp_path).stdout  # noqa: S607
    assert b"Total document signed" in told
    assert b"Signature is Valid" in told


@pytest.mark.parametrize("how", FORGERIES)
def test_no_changed_report_is_intact(how: str, report: bytes) -> None:
    forged = FORGERIES[how](report)
    assert forged != report
    assert examine_signature(forged) in {
        FileSignature(SignatureStatus.CHANGED),
        FileSignature(SignatureStatus.UNSIGNED),
    }


# -- a signature that is turned against its file -------------------------------------------------------------------


@pytest.mark.check
def test_every_flipped_bit_of_the_signature_is_found(page: bytes) -> None:
    begin, _end = hole(page)
    for position in range(begin - 60, begin + 2_000, 13):
        for bit in range(8):
            flipped = bytearray(page)
            flipped[position] ^= 1 << bit
            assert examine_signature(bytes(flipped)).state is not SignatureStatus.INTACT, (position - begin, bit)


@pytest.mark.check
@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_one_changed_byte_anywhere_is_found(page: bytes, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(page) - 1))
    value = data.draw(st.integers(0, 255).filter(lambda value: value != page[position]))
    changed = page[:position] + bytes([value]) + page[position + 1 :]
    assert examine_signature(changed).state is not SignatureStatus.INTACT


def test_the_same_number_in_other_digits_is_found(page: bytes) -> None:
    begin, end = hole(page)
    assert examine_signature(page[:begin] + page[begin:end].upper() + page[end:]).state is SignatureStatus.CHANGED


def test_a_value_turned_round_is_found_though_it_fits_the_key(page: bytes, identity: SigningIdentity) -> None:
    begin, end = hole(page)
    message = ContentInfo.load(bytes.fromhex(page[begin:end].decode()))["content"]
    r, s = decode_dss_signature(message["signer_infos"][0]["signature"].native)
    turned = encode_dss_signature(r, signatures._ORDER_OF_P256 - s)
    digest = hashlib.sha256(page[: begin - 1] + page[end + 1 :]).digest()
    attributes = signatures._attributes(identity.certificate, digest)
    identity.key.public_key().verify(turned, attributes, ECDSA(SHA256()))
    forged = signatures._message(identity.certificate, digest, turned).hex().encode().ljust(end - begin, b"0")
    assert examine_signature(page[:begin] + forged + page[end:]).state is SignatureStatus.CHANGED


@pytest.mark.parametrize(
    "covered",
    [
        "0 {hole} {end} 0", "0 {hole} {end} {less}", "0 {hole} {end} {more}", "0 {before} {end} {rest}",
        "0 {hole} {later} {less}", "1 {hole} {end} {rest}", "0 0 0 {size}", "0 {size} {size} 0",
        "0 {hole} {end} {rest} 0 0", "0 {hole} {end} -{rest}", "0 9999999999 {end} {rest}",
    ],
)  # fmt: skip
def test_a_signature_that_does_not_cover_the_entire_file_is_refused(page: bytes, covered: str) -> None:
    begin, end = hole(page)
    hole_at, after = begin - 1, end + 1
    rest = len(page) - after
    numbers = covered.format(
        hole=hole_at, end=after, rest=rest, less=rest - 1, more=rest + 1, before=hole_at - 1, later=after + 1,
        size=len(page),
    )  # fmt: skip
    told = re.compile(rb"/ByteRange \[[^\]]*\]")
    old = told.search(page)
    assert old is not None
    new = f"/ByteRange [{numbers}".encode().ljust(len(old[0]) - 1) + b"]"
    assert len(new) == len(old[0])
    assert examine_signature(page.replace(old[0], new)).state is SignatureStatus.CHANGED


def test_two_signatures_are_refused(page: bytes) -> None:
    signature = page[page.rindex(b"/M (D:") : hole(page)[1] + 1]
    assert examine_signature(page + signature).state is SignatureStatus.CHANGED
    assert examine_signature(page.replace(signature, signature * 2)).state is SignatureStatus.CHANGED


def test_the_signature_of_one_file_does_not_fit_another(page: bytes, report: bytes) -> None:
    (begin, end), (first, last) = hole(page), hole(report)
    assert examine_signature(report[:first] + page[begin:end] + report[last:]).state is SignatureStatus.CHANGED


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=1_536))
@example(b"")
@example(b"\x30\x80" * 700)
@example(b"\xa0" * 1_536)
def test_whatever_stands_where_the_signature_should_nothing_is_raised(page: bytes, odd: bytes) -> None:
    begin, end = hole(page)
    digits = odd.hex().encode().ljust(end - begin, b"0")
    assert examine_signature(page[:begin] + digits + page[end:]).state is SignatureStatus.CHANGED


@given(st.binary(max_size=400))
def test_any_bytes_are_examined(odd: bytes) -> None:
    assert examine_signature(b"%PDF-1.7\n" + odd).state is not SignatureStatus.INTACT
