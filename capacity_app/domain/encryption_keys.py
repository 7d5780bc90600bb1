"""What opens a protected file: a passphrase, or the key that follows from it and the file's salt.

The same letter can be typed as one sign or as two ("é"); passphrases are therefore brought to Unicode's NFC before
anything is derived from them. Length is all that is asked for: rules about digits and signs make passphrases that are
written on the screen's edge.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import field, replace
from enum import StrEnum

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_

# What opens a protected file: a passphrase, or the key that follows from it and the file's own salt.
#
# A protected assessment is a SQLCipher 4 file with that format's own settings, so that its passphrase opens it in any
# program that knows the format. The recovery key is the key itself: it opens this file and its backups, whatever the
# passphrase was.

SALT_BYTES = 16
KEY_BYTES = 32
_ROUNDS = 256_000
"""PBKDF2-HMAC-SHA512, as SQLCipher 4 does it."""


@dataclass(frozen=True, slots=True)
class EncryptionKey:
    """What SQLCipher is given; ``salt`` are the first 16 bytes of every file it opens. Never shown."""

    salt: bytes
    raw: bytes = field(repr=False)


def derive_key(passphrase: str, salt: bytes) -> EncryptionKey:
    """Derive the key of a passphrase for a file; takes a tenth of a second on purpose."""
    import hashlib  # noqa: PLC0415 - OpenSSL takes 2 ms of a start

    return EncryptionKey(salt, hashlib.pbkdf2_hmac("sha512", passphrase.encode(), salt, _ROUNDS, KEY_BYTES))


@dataclass(frozen=True, slots=True)
class Keyring:
    """What a person has typed so far: passphrases, recovery keys (32 bytes each), and keys known to fit."""

    passphrases: tuple[str, ...] = field(default=(), repr=False)
    recovery_keys: tuple[bytes, ...] = field(default=(), repr=False)
    keys: tuple[EncryptionKey, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.passphrases or self.recovery_keys or self.keys)

    def for_salt(self, salt: bytes) -> Iterator[EncryptionKey]:
        """Go through what may open a file with this salt, the quickest first."""
        yield from (key for key in self.keys if key.salt == salt)
        yield from (EncryptionKey(salt, raw) for raw in self.recovery_keys)
        yield from (derive_key(passphrase, salt) for passphrase in self.passphrases)

    def with_key(self, key: EncryptionKey) -> "Keyring":
        return self if key in self.keys else replace(self, keys=(*self.keys, key))

    def combined_with(self, other: "Keyring") -> "Keyring":
        return Keyring(
            tuple(dict.fromkeys((*self.passphrases, *other.passphrases))),
            tuple(dict.fromkeys((*self.recovery_keys, *other.recovery_keys))),
            tuple(dict.fromkeys((*self.keys, *other.keys))),
        )


NO_KEYS = Keyring()


def keyring_of(key: EncryptionKey | None) -> Keyring:
    """Return a ring with one key, or the empty one."""
    return Keyring(keys=(key,)) if key else NO_KEYS


MINIMUM_LENGTH = 8
"""Letters a passphrase has at least."""
_GOOD, _STRONG = 14, 22
PASSPHRASE_MISSING = N_("Type a passphrase: with an empty one, anybody could open the file.")
PASSPHRASE_MISSING_TO_OPEN = N_("Type the passphrase first.")
PASSPHRASE_TOO_SHORT = N_(
    "A passphrase has at least {least} letters, and this one has {count}: short ones can be guessed by a machine. Four "
    "words that do not belong together are easy to remember and hard to guess."
)
PASSPHRASE_UNTYPABLE = N_("The passphrase has characters that cannot be typed on a keyboard. Type it again.")
PASSPHRASE_EDGE_SPACES = N_("The passphrase begins or ends with a space, which nobody sees: take it away.")
PASSPHRASES_DIFFER = N_("The two do not say the same: type the passphrase again, both times.")


class PassphraseStrength(StrEnum):
    """How long it takes to guess a passphrase, told from its length."""

    TOO_SHORT = "too_short"
    WEAK = "weak"
    GOOD = "good"
    STRONG = "strong"


PASSPHRASE_STRENGTH_LABELS: dict[PassphraseStrength, str] = {
    PassphraseStrength.TOO_SHORT: N_("Too short: {count} of at least {least} letters."),
    PassphraseStrength.WEAK: N_(
        "Keeps out a curious person. Somebody with a fast machine may guess it: add a word or two."
    ),
    PassphraseStrength.GOOD: N_("Good: hard to guess for a machine, unless it is a saying or a line of a song."),
    PassphraseStrength.STRONG: N_("Strong: no machine guesses it, unless it is a saying or a line of a song."),
}


def normalize_passphrase(typed: str) -> str:
    """Return a passphrase as it is derived from, however its letters were typed."""
    return unicodedata.normalize("NFC", typed)


def find_weakness(typed: str) -> tuple[str, dict[str, str]] | None:
    """Return why something cannot be a new passphrase, as a sentence and its values; None if it can."""
    passphrase = normalize_passphrase(typed)
    if not passphrase.strip():
        return PASSPHRASE_MISSING, {}
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in passphrase):
        return PASSPHRASE_UNTYPABLE, {}
    if passphrase != passphrase.strip():
        return PASSPHRASE_EDGE_SPACES, {}
    if passphrase_length(passphrase) < MINIMUM_LENGTH:
        return PASSPHRASE_TOO_SHORT, {"least": str(MINIMUM_LENGTH), "count": str(passphrase_length(passphrase))}
    return None


def passphrase_length(passphrase: str) -> int:
    """Count letters as a person does: marks above and below a letter are part of it."""
    return sum(not unicodedata.combining(letter) for letter in normalize_passphrase(passphrase))


def passphrase_strength(passphrase: str) -> PassphraseStrength:
    """Return how long it takes to guess a passphrase; one sign over and over is no longer than its different signs."""
    count = passphrase_length(passphrase)
    if count < MINIMUM_LENGTH:
        return PassphraseStrength.TOO_SHORT
    if len(set(normalize_passphrase(passphrase))) < MINIMUM_LENGTH // 2 or count < _GOOD:
        return PassphraseStrength.WEAK
    return PassphraseStrength.GOOD if count < _STRONG else PassphraseStrength.STRONG
