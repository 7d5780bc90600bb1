"""The recovery key: what opens one file and its backups whatever its passphrase is, as words a person can copy.

It is the key itself, 32 bytes, as the 24 words of BIP 39; the last word holds a checksum, so that a word copied wrongly
is noticed before it is tried.
"""

import re
from difflib import get_close_matches

from capacity_app.domain.keys import KEY_BYTES, NO_KEYS, Keyring
from capacity_app.domain.passphrases import normal
from capacity_app.domain.problems import N_, KnownError

WORDS = 24
_PREFIX = 4
"""So many letters tell the words apart; no two begin with the same four."""
_HEXADECIMAL = re.compile(r"[0-9a-f]{64}")
_NEITHER = re.compile(r"[^a-z]+")
WRONG_COUNT = N_("The recovery key has {wanted} words, and here are {count}: look for a word left out or typed twice.")
NO_SUCH_WORD = N_("Word {place}, “{word}”, is no word of a recovery key: compare it with the sheet.")
NO_SUCH_WORD_BUT = N_("Word {place}, “{word}”, is no word of a recovery key: perhaps it is “{near}”.")
MIXED_UP = N_(
    "All {wanted} words exist, but they do not belong together: one is another word than on the sheet, or two are "
    "exchanged."
)


def words_of(raw: bytes) -> tuple[str, ...]:
    """Write a key as 24 words."""
    from mnemonic import Mnemonic  # noqa: PLC0415 - only where a recovery key is shown or typed

    return tuple(Mnemonic("english").to_mnemonic(raw).split())


def key_of(typed: str) -> bytes:
    """Read 24 words, in any case and with anything between them, or 64 hexadecimal digits.

    Raises KnownError that says what is wrong with them.
    """
    plain = typed.casefold()
    digits = "".join(plain.split())
    if _HEXADECIMAL.fullmatch(digits):
        return bytes.fromhex(digits)
    return _key_of_words(tuple(word for word in _NEITHER.split(plain) if word))


def _key_of_words(typed: tuple[str, ...]) -> bytes:
    from mnemonic import Mnemonic  # noqa: PLC0415 - as above

    known = Mnemonic("english")
    if len(typed) != WORDS:
        raise KnownError(WRONG_COUNT, wanted=str(WORDS), count=str(len(typed)))
    words = tuple(_known_word(word, place, known.wordlist) for place, word in enumerate(typed, start=1))
    try:
        raw = bytes(known.to_entropy(list(words)))
    except ValueError:
        raise KnownError(MIXED_UP, wanted=str(WORDS)) from None
    assert len(raw) == KEY_BYTES, "24 words are 32 bytes and a checksum"
    return raw


def _known_word(typed: str, place: int, known: list[str]) -> str:
    """Return the word of the list that is meant; its first four letters are enough."""
    if typed in known:
        return typed
    begun = [word for word in known if len(typed) >= _PREFIX and word.startswith(typed)]
    if len(begun) == 1:
        return begun[0]
    near = get_close_matches(typed, known, n=1, cutoff=0.7)
    if near:
        raise KnownError(NO_SUCH_WORD_BUT, place=str(place), word=typed, near=near[0])
    raise KnownError(NO_SUCH_WORD, place=str(place), word=typed)


def ring_of_typed(typed: str) -> Keyring:
    """Return what a line somebody typed may open: as a passphrase, and as a recovery key if it is one."""
    try:
        keys: tuple[bytes, ...] = (key_of(typed),)
    except KnownError:
        keys = ()
    # What no keyboard can type (half a sign, from a terminal in another encoding) is no passphrase.
    can_be_typed = typed.isprintable() or typed.encode("utf-8", "ignore").decode() == typed
    return Keyring(passphrases=(normal(typed),) if typed and can_be_typed else (), recovery_keys=keys)


def ring_of_lines(text: str) -> Keyring:
    """Give what the lines of a file may open: each a passphrase or a recovery key, or all together one recovery key."""
    ring = ring_of_typed(text) if len(text.split()) == WORDS else NO_KEYS
    for line in text.splitlines():
        if line.strip():
            ring = ring.and_also(ring_of_typed(line))
    return ring
