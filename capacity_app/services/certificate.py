"""The self-signed certificate that PDF files of this installation are signed with, made when the first one is written.

It is no proof of who somebody is: whoever wants to know whose it is compares its fingerprint with its owner.
"""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from capacity_app import paths
from capacity_app.domain.problems import N_, Translate
from capacity_app.domain.verification import FileState
from capacity_app.files.atomic import move_into_place, new_file, temp_path
from capacity_app.report.pdf.signing import Identity, examine

# Reading the library's native part costs 30 ms that only whoever signs or checks has to spend.
# ruff: noqa: PLC0415

NOT_SIGNED = N_(
    "The PDF file is not signed: the program could not keep a certificate in {folder}. “Check a file” cannot tell "
    "whether somebody changes the file. Allow the program to write to this folder, and make the report again."
)
_NAME = "Installation of capacity-app"
_SINCE, _UNTIL = datetime(2000, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
"""A laptop's clock may be years off: the certificate is valid whatever the clock says."""


def own_certificate(file: Path | None = None) -> str:
    """Return the SHA-256 of this installation's certificate in hexadecimal digits; empty before the first PDF file."""
    kept = _kept(file or paths.signing_certificate_file())
    return kept.fingerprint if kept else ""


def own_identity(file: Path | None = None) -> Identity | None:
    """Return what this installation signs with, made if there is none yet; None where it cannot be kept."""
    place = file or paths.signing_certificate_file()
    return _kept(place) or _made(place)


def one_time_identity() -> Identity | None:
    """Return what a copy without names is signed with: its certificate is used once, and names no installation."""
    return _parsed(_new_pem())


def warning(file: Path, translate: Translate) -> str:
    """Say that a PDF file was just written without a signature; empty where it has one, or is no PDF file."""
    if file.suffix.lower() != ".pdf" or examine(file.read_bytes()).state is FileState.INTACT:
        return ""
    return translate(NOT_SIGNED).format(folder=paths.signing_certificate_file().parent)


def _kept(file: Path) -> Identity | None:
    try:
        return _parsed(file.read_bytes())
    except OSError:
        return None


def _parsed(content: bytes) -> Identity | None:
    """Read key and certificate, None if they cannot be read or do not belong together."""
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

    try:
        key, certificate = load_pem_private_key(content, password=None), x509.load_pem_x509_certificate(content)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        return None
    if key.public_key() != certificate.public_key():
        return None
    return Identity(certificate.public_bytes(Encoding.DER), key)


def _new_pem() -> bytes:
    """Make a key and a certificate for it, as one text."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from cryptography.x509.oid import NameOID

    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _NAME)])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_SINCE)
        .not_valid_after(_UNTIL)
        .add_extension(usage, critical=True)
        .sign(key, SHA256())
    )
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(Encoding.PEM)


def _made(file: Path) -> Identity | None:
    """Make an identity and keep it, whole or not at all; of two processes that do so at once, both take the first's."""
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with temp_path(file) as temp:
            with new_file(temp) as stream:
                stream.write(_new_pem())
            _name(temp, file)
    return _kept(file)


def _name(temp: Path, file: Path) -> None:
    """Give a file its name, unless another process was first; what cannot be read is set aside and may be repaired."""
    try:
        move_into_place(temp, file, overwrite=False)
    except FileExistsError:
        if _kept(file) is None:
            file.replace(file.with_suffix(".unreadable"))
            move_into_place(temp, file, overwrite=False)
