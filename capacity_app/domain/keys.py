"""What opens a protected file: a passphrase, or the key that follows from it and the file's own salt.

A protected assessment is a SQLCipher 4 file with that format's own settings, so that its passphrase opens it in any
program that knows the format. The recovery key is the key itself: it opens this file and its backups, whatever the
passphrase was.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

SALT_BYTES = 16
KEY_BYTES = 32
_ROUNDS = 256_000
"""PBKDF2-HMAC-SHA512, as SQLCipher 4 does it."""


@dataclass(frozen=True, slots=True)
class Key:
    """What SQLCipher is given; ``salt`` are the first 16 bytes of every file it opens. Never shown."""

    salt: bytes
    raw: bytes = field(repr=False)


def derived(passphrase: str, salt: bytes) -> Key:
    """Derive the key of a passphrase for a file; takes a tenth of a second on purpose."""
    return Key(salt, hashlib.pbkdf2_hmac("sha512", passphrase.encode(), salt, _ROUNDS, KEY_BYTES))


@dataclass(frozen=True, slots=True)
class Keyring:
    """What a person has typed so far: passphrases, recovery keys (32 bytes each), and keys known to fit."""

    passphrases: tuple[str, ...] = field(default=(), repr=False)
    recovery_keys: tuple[bytes, ...] = field(default=(), repr=False)
    keys: tuple[Key, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.passphrases or self.recovery_keys or self.keys)

    def for_salt(self, salt: bytes) -> Iterator[Key]:
        """Go through what may open a file with this salt, the quickest first."""
        yield from (key for key in self.keys if key.salt == salt)
        yield from (Key(salt, raw) for raw in self.recovery_keys)
        yield from (derived(passphrase, salt) for passphrase in self.passphrases)

    def with_key(self, key: Key) -> "Keyring":
        return self if key in self.keys else replace(self, keys=(*self.keys, key))

    def and_also(self, other: "Keyring") -> "Keyring":
        return Keyring(
            tuple(dict.fromkeys((*self.passphrases, *other.passphrases))),
            tuple(dict.fromkeys((*self.recovery_keys, *other.recovery_keys))),
            tuple(dict.fromkeys((*self.keys, *other.keys))),
        )


NO_KEYS = Keyring()


def ring_of(key: Key | None) -> Keyring:
    """Return a ring with one key, or the empty one."""
    return Keyring(keys=(key,)) if key else NO_KEYS
