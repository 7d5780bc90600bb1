"""The key of this installation, made when a file first leaves it or is sealed, and what is known of a signature.

The key is not a proof of identity: its four words say "the same installation as last time", and whoever wants to know
whose it is compares them over the telephone.
"""

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from capacity_app import paths
from capacity_app.domain import fingerprint
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.returned import Returned
from capacity_app.domain.signature import UNSIGNED, Signature, SignatureState, signed_message
from capacity_app.domain.verification import Stamp
from capacity_app.wording import spoken

# Reading the library's native part costs 30 ms that only whoever signs or checks has to spend.
# ruff: noqa: PLC0415

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def key_words(public_key: str) -> str:
    """Say a public key in four words that can be read over the telephone; empty for none."""
    return spoken(hashlib.sha256(bytes.fromhex(public_key)).hexdigest()) if public_key else ""


def own_key(file: Path | None = None) -> str:
    """Give this installation's public key as hexadecimal digits, without making one: empty before the first export."""
    key = _stored(file or paths.signing_key_file())
    return _public(key) if key else ""


def sign(whole: str, recorded: str, file: Path | None = None) -> Signature:
    """Sign a copy's fingerprints; not where no key can be kept, since a key for one file tells nobody anything."""
    made = signed(signed_message(whole, recorded), file)
    return Signature(*made, recorded) if made else UNSIGNED


def signed(message: bytes, file: Path | None = None) -> tuple[str, str] | None:
    """Sign anything with this installation's key: the public key and the signature, None where no key can be kept."""
    place = file or paths.signing_key_file()
    key = _stored(place) or _made(place)
    return (_public(key), key.sign(message).hex()) if key else None


def fits(public_key: str, message: bytes, signature: str) -> bool:
    """Whether a key signed a message; hexadecimal digits in other letters than ours do not count."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key, value = bytes.fromhex(public_key), bytes.fromhex(signature)
        Ed25519PublicKey.from_public_bytes(key).verify(value, message)
    except (InvalidSignature, ValueError):
        return False
    return (key.hex(), value.hex()) == (public_key, signature)


def _public(key: "Ed25519PrivateKey") -> str:
    return key.public_key().public_bytes_raw().hex()


def _stored(file: Path) -> "Ed25519PrivateKey | None":
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, Ed25519PrivateKey) else None


def _made(file: Path) -> "Ed25519PrivateKey | None":
    """Make the key and keep it, whole or not at all; of two processes that do so at once, both take the first one's."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    made = Ed25519PrivateKey.generate()
    content = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        _set_aside(file)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=".signing-")
        beside = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            os.link(beside, file)
        finally:
            beside.unlink(missing_ok=True)
    return _stored(file)


def _set_aside(file: Path) -> None:
    """Keep what cannot be read as a key: it may be mended, and files signed with it are about."""
    if file.exists():
        file.replace(file.with_suffix(".unreadable"))


def is_valid(stamp: Stamp) -> bool:
    """Whether a signature fits what a file says of itself; without all digits of the fingerprint it cannot."""
    return fits(stamp.public_key, signed_message(stamp.fingerprint, stamp.recorded), stamp.signature)


def state_of_dossier(dossier: Dossier, signature: Signature) -> tuple[SignatureState, str]:
    """Tell what is known of a dossier's signature; whoever changed an answer in it has broken it."""
    if not signature.value:
        return SignatureState.UNSIGNED, ""
    whole = fingerprint.of_answers(dossier)
    stamp = Stamp(fingerprint=whole, recorded=whole, public_key=signature.public_key, signature=signature.value)
    return (SignatureState.UNCHANGED, key_words(stamp.public_key)) if is_valid(stamp) else (SignatureState.BROKEN, "")


def state_of(returned: Returned) -> tuple[SignatureState, str]:
    """Tell what is known of a returned file's signature, and the words of the key it was signed with.

    Edited is normal work: somebody answered in a file that this installation signed. Invalid means that what the file
    holds for programs is not what was signed.
    """
    stamp = returned.stamp
    if not stamp.signature:
        return SignatureState.UNSIGNED, ""
    if not is_valid(stamp):
        return SignatureState.BROKEN, ""
    words = key_words(stamp.public_key)
    recorded = fingerprint.of_recorded(stamp.instrument, stamp.instrument_version, stamp.assessment, returned.recorded)
    if returned.medium.holds_answers and recorded != stamp.recorded:
        return SignatureState.BROKEN, words
    return (SignatureState.EDITED if returned.edited else SignatureState.UNCHANGED), words
