"""Protecting a file with a passphrase, changing it, and taking it away: whole, or not at all.

What is protected is the file and its backups on this computer. Copies elsewhere stay as they are, and what stood on the
disk before cannot be promised away; ``OLD_COPIES_REMAIN`` says so.
"""

import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

from capacity_app import paths
from capacity_app.domain.assessment.verification import SignatureStatus
from capacity_app.domain.encryption_keys import (
    KEY_BYTES,
    NO_KEYS,
    SALT_BYTES,
    EncryptionKey,
    Keyring,
    derive_key,
    find_weakness,
    keyring_of,
    normalize_passphrase,
)
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError, Translate
from capacity_app.files.atomic import move_into_place, new_file, temp_path
from capacity_app.outputs.pdf.signatures import SigningIdentity, examine_signature
from capacity_app.storage import file_errors
from capacity_app.storage.assessment_file import AssessmentFile
from capacity_app.storage.creation import change_key
from capacity_app.storage.opening import is_writable
from capacity_app.storage.recovery import write_locked

OPEN_ELSEWHERE = N_("“{file}” is open by {who} on {where} since {since}. Close it there first.")
OPEN_SOMEWHERE = N_("“{file}” is open in another window or on another computer. Close it there first.")
NOT_PROTECTED = N_("“{file}” is not protected. There is no passphrase to remove.")
OLD_COPIES_REMAIN = N_(
    "Experts may still find the former content on this disk. Copies in synchronized folders, in mails or on other "
    "disks do not change. Delete them yourself."
)
NEW_RECOVERY_KEY = N_("The old passphrase and the old recovery key no longer open this file and its backups.")
_ASSESSMENT_SUFFIX = ".assessment"


@dataclass(frozen=True, slots=True)
class UnchangedBackup:
    """A backup that stays as it was, and why."""

    file: Path
    reason: KnownError


@dataclass(frozen=True, slots=True)
class ProtectionResult:
    """What was done: the file's key from now on (None: it is plain), backups put under it, and those that were not."""

    file: Path
    key: EncryptionKey | None
    was_protected: bool
    backups: tuple[Path, ...] = ()
    left: tuple[UnchangedBackup, ...] = ()


def key_from_passphrase(passphrase: str) -> EncryptionKey:
    """Derive a key with a salt of its own from a new passphrase; raises KnownError if it is none."""
    wrong = find_weakness(passphrase)
    if wrong:
        sentence, values = wrong
        raise KnownError(sentence, **values)
    return derive_key(normalize_passphrase(passphrase), secrets.token_bytes(SALT_BYTES))


def protect(file: Path, passphrase: str, keys: Keyring = NO_KEYS) -> ProtectionResult:
    """Protect a file that is closed, or change its passphrase; raises KnownError, and then nothing was changed.

    ``keys`` open it, and those of its backups that are protected otherwise.
    """
    return _change_key(file, key_from_passphrase(passphrase), keys)


def unprotect(file: Path, keys: Keyring) -> ProtectionResult:
    """Take the passphrase away from a file that is closed; raises KnownError, and then nothing was changed."""
    return _change_key(file, None, keys)


def _change_key(file: Path, key: EncryptionKey | None, keys: Keyring) -> ProtectionResult:
    file = file.absolute()
    with _open_exclusively(file, keys) as opened:
        old = opened.key
        assessment_id = opened.read().label.assessment_id
        opened.close()
        if key is None and old is None:
            raise KnownError(NOT_PROTECTED, file=file.name)
        change_key(file, old, key)
    backups, left = _change_key_of_backups(
        file, assessment_id, key, keyring_of(old).combined_with(keyring_of(key)).combined_with(keys)
    )
    return ProtectionResult(file, key, old is not None, backups, left)


@contextmanager
def _open_exclusively(file: Path, keys: Keyring) -> Iterator[AssessmentFile]:
    """Open a file that nobody else has open, and keep others out of it; raises KnownError."""
    # Opened for reading first: a file that cannot be opened gets no lock beside it.
    with AssessmentFile(file, read_only=True, keys=keys) as opened:
        opened.expect_known_version()
        keys = keyring_of(opened.key)
    if not is_writable(file.resolve()):
        raise KnownError(file_errors.NOT_WRITABLE, file=file.name)
    # Not for reading only: a commit that was cut off is taken back, and an older version brought up to date.
    with write_locked(file, OPEN_ELSEWHERE, OPEN_SOMEWHERE), AssessmentFile(file, keys=keys) as opened:
        opened.expect_known_version()
        yield opened


# -- backups -----------------------------------------------------------------------------------------------------------


def _change_key_of_backups(
    file: Path, assessment_id: str, key: EncryptionKey | None, keys: Keyring
) -> tuple[tuple[Path, ...], tuple[UnchangedBackup, ...]]:
    """Put all backups of an assessment on this computer under a key."""
    done: list[Path] = []
    left: list[UnchangedBackup] = []
    folder = paths.backups_folder()
    try:
        known = _assessments_below(folder)
    except OSError as error:
        return (), (UnchangedBackup(folder, file_errors.from_os_error(error, folder)),)
    for backup in known:
        is_its_own = backup.parent.name == assessment_id
        try:
            with AssessmentFile(backup, read_only=True, keys=keys) as opened:
                old, whose = opened.key, opened.read().label.assessment_id
            if whose != assessment_id or old == key:
                continue
            change_key(backup, old, key)
            done.append(backup)
        except KnownError as error:
            # One in nobody's folder that cannot be read is known by its name only.
            if is_its_own or (backup.parent == folder and backup.name.startswith(file.stem)):
                left.append(UnchangedBackup(backup, error))
    return tuple(done), tuple(left)


def _assessments_below(folder: Path) -> Iterable[Path]:
    if not folder.is_dir():
        return ()
    return sorted(found for found in folder.rglob(f"*{_ASSESSMENT_SUFFIX}") if found.is_file())


# The recovery key: what opens one file and its backups whatever its passphrase is, as words a person can copy.
#
# It is the key itself, 32 bytes, as the 24 words of BIP 39; the last word holds a checksum, so that a word copied
# wrongly is noticed before it is tried.

WORD_COUNT = 24
_DISTINCT_LETTERS = 4
"""So many letters tell the words apart; no two begin with the same four."""
_HEXADECIMAL = re.compile(r"[0-9a-f]{64}")
_NO_LETTERS = re.compile(r"[^a-z]+")
WRONG_COUNT = N_("The recovery key has {wanted} words. You entered {count}. Look for a missing or repeated word.")
NO_SUCH_WORD = N_("Word {place}, “{word}”, is not a word of a recovery key. Compare it with the sheet.")
NO_SUCH_WORD_BUT = N_("Word {place}, “{word}”, is not a word of a recovery key. Do you mean “{near}”?")
MIXED_UP = N_("All {wanted} words exist, but they are not one key. Compare each word and their order with the sheet.")


def recovery_words(raw: bytes) -> tuple[str, ...]:
    """Write a key as 24 words."""
    from mnemonic import Mnemonic

    return tuple(Mnemonic("english").to_mnemonic(raw).split())


def parse_recovery_key(typed: str) -> bytes:
    """Read 24 words, in any case and with anything between them, or 64 hexadecimal digits.

    Raises KnownError that says what is wrong with them.
    """
    plain = typed.casefold()
    digits = "".join(plain.split())
    if _HEXADECIMAL.fullmatch(digits):
        return bytes.fromhex(digits)
    return _key_of_words(tuple(word for word in _NO_LETTERS.split(plain) if word))


def _key_of_words(typed: tuple[str, ...]) -> bytes:
    from mnemonic import Mnemonic

    known = Mnemonic("english")
    if len(typed) != WORD_COUNT:
        raise KnownError(WRONG_COUNT, wanted=str(WORD_COUNT), count=str(len(typed)))
    words = tuple(_known_word(word, place, known.wordlist) for place, word in enumerate(typed, start=1))
    try:
        raw = bytes(known.to_entropy(list(words)))
    except ValueError:
        raise KnownError(MIXED_UP, wanted=str(WORD_COUNT)) from None
    assert len(raw) == KEY_BYTES, "24 words are 32 bytes and a checksum"
    return raw


def _known_word(typed: str, place: int, known: list[str]) -> str:
    """Return the word of the list that is meant; its first four letters are enough."""
    if typed in known:
        return typed
    begun = [word for word in known if len(typed) >= _DISTINCT_LETTERS and word.startswith(typed)]
    if len(begun) == 1:
        return begun[0]
    near = get_close_matches(typed, known, n=1, cutoff=0.7)
    if near:
        raise KnownError(NO_SUCH_WORD_BUT, place=str(place), word=typed, near=near[0])
    raise KnownError(NO_SUCH_WORD, place=str(place), word=typed)


def keyring_from_typed(typed: str) -> Keyring:
    """Return what a line somebody typed may open: as a passphrase, and as a recovery key if it is one."""
    try:
        keys: tuple[bytes, ...] = (parse_recovery_key(typed),)
    except KnownError:
        keys = ()
    # What no keyboard can type (half a sign, from a terminal in another encoding) is no passphrase.
    can_be_typed = typed.isprintable() or typed.encode("utf-8", "ignore").decode() == typed
    return Keyring(passphrases=(normalize_passphrase(typed),) if typed and can_be_typed else (), recovery_keys=keys)


def keyring_from_lines(text: str) -> Keyring:
    """Give what the lines of a file may open: each a passphrase or a recovery key, or all together one recovery key."""
    ring = keyring_from_typed(text) if len(text.split()) == WORD_COUNT else NO_KEYS
    for line in text.splitlines():
        if line.strip():
            ring = ring.combined_with(keyring_from_typed(line))
    return ring


# The self-signed certificate that PDF files of this installation are signed with, made when the first one is written.
#
# It is no proof of who somebody is: whoever wants to know whose it is compares its fingerprint with its owner.

# Reading the library's native part costs 30 ms that only whoever signs or checks has to spend.
# ruff: noqa: PLC0415

NOT_SIGNED = N_(
    "The PDF file is not signed: the program could not keep a certificate in {folder}. “Verify a file” cannot tell "
    "whether somebody changes the file. Allow the program to write to this folder, and create the report again."
)
_COMMON_NAME = "Installation of capacity-app"
_SINCE, _UNTIL = datetime(2000, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
"""A laptop's clock may be years off: the certificate is valid whatever the clock says."""


def own_certificate_fingerprint(file: Path | None = None) -> str:
    """Return the SHA-256 of this installation's certificate in hexadecimal digits; empty before the first PDF file."""
    kept = _read_identity(file or paths.signing_certificate_file())
    return kept.fingerprint if kept else ""


def own_identity(file: Path | None = None) -> SigningIdentity | None:
    """Return what this installation signs with, made if there is none yet; None where it cannot be kept."""
    place = file or paths.signing_certificate_file()
    return _read_identity(place) or _create_identity(place)


def one_time_identity() -> SigningIdentity | None:
    """Return what a copy without names is signed with: its certificate is used once, and names no installation."""
    return _parse_identity(_generate_pem())


def unsigned_warning(file: Path, translate: Translate) -> str:
    """Say that a PDF file was just written without a signature; empty where it has one, or is no PDF file."""
    if file.suffix.lower() != ".pdf" or examine_signature(file.read_bytes()).state is SignatureStatus.INTACT:
        return ""
    return translate(NOT_SIGNED).format(folder=paths.signing_certificate_file().parent)


def _read_identity(file: Path) -> SigningIdentity | None:
    try:
        return _parse_identity(file.read_bytes())
    except OSError:
        return None


def _parse_identity(content: bytes) -> SigningIdentity | None:
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
    return SigningIdentity(certificate.public_bytes(Encoding.DER), key)


def _generate_pem() -> bytes:
    """Make a key and a certificate for it, as one text."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from cryptography.x509.oid import NameOID

    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _COMMON_NAME)])
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


def _create_identity(file: Path) -> SigningIdentity | None:
    """Make an identity and keep it, whole or not at all; of two processes that do so at once, both take the first's."""
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with temp_path(file) as temp:
            with new_file(temp) as stream:
                stream.write(_generate_pem())
            _install_file(temp, file)
    return _read_identity(file)


def _install_file(temp: Path, file: Path) -> None:
    """Give a file its name, unless another process was first; what cannot be read is set aside and may be repaired."""
    try:
        move_into_place(temp, file, overwrite=False)
    except FileExistsError:
        if _read_identity(file) is None:
            file.replace(file.with_suffix(".unreadable"))
            move_into_place(temp, file, overwrite=False)
