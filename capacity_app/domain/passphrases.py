"""What a passphrase may be: long enough, the same on every keyboard, and the person is told why.

The same letter can be typed as one sign or as two ("é"); passphrases are therefore brought to Unicode's NFC before
anything is derived from them. Length is all that is asked for: rules about digits and signs make passphrases that are
written on the screen's edge.
"""

import unicodedata
from enum import StrEnum

from capacity_app.domain.problems import N_

SHORTEST = 8
"""Letters a passphrase has at least."""
_GOOD, _STRONG = 14, 22
MISSING = N_("Type a passphrase: with an empty one, anybody could open the file.")
MISSING_TO_OPEN = N_("Type the passphrase first.")
TOO_SHORT = N_(
    "A passphrase has at least {least} letters, and this one has {count}: short ones can be guessed by a machine. Four "
    "words that do not belong together are easy to remember and hard to guess."
)
UNTYPABLE = N_("The passphrase holds signs that cannot be typed on a keyboard: type it again.")
EDGES = N_("The passphrase begins or ends with a space, which nobody sees: take it away.")
UNEQUAL = N_("The two do not say the same: type the passphrase again, both times.")


class Strength(StrEnum):
    """How long it takes to guess a passphrase, told from its length."""

    TOO_SHORT = "too_short"
    WEAK = "weak"
    GOOD = "good"
    STRONG = "strong"


STRENGTH_WORDS: dict[Strength, str] = {
    Strength.TOO_SHORT: N_("Too short: {count} of at least {least} letters."),
    Strength.WEAK: N_("Keeps out a curious person. Somebody with a fast machine may guess it: add a word or two."),
    Strength.GOOD: N_("Good: hard to guess for a machine, unless it is a saying or a line of a song."),
    Strength.STRONG: N_("Strong: no machine guesses it, unless it is a saying or a line of a song."),
}


def normal(typed: str) -> str:
    """Return a passphrase as it is derived from, however its letters were typed."""
    return unicodedata.normalize("NFC", typed)


def weakness(typed: str) -> tuple[str, dict[str, str]] | None:
    """Return why something cannot be a new passphrase, as a sentence and its values; None if it can."""
    passphrase = normal(typed)
    if not passphrase.strip():
        return MISSING, {}
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in passphrase):
        return UNTYPABLE, {}
    if passphrase != passphrase.strip():
        return EDGES, {}
    if length(passphrase) < SHORTEST:
        return TOO_SHORT, {"least": str(SHORTEST), "count": str(length(passphrase))}
    return None


def length(passphrase: str) -> int:
    """Count letters as a person does: marks above and below a letter are part of it."""
    return sum(not unicodedata.combining(letter) for letter in normal(passphrase))


def strength(passphrase: str) -> Strength:
    """Return how long it takes to guess a passphrase; one sign over and over is no longer than its different signs."""
    count = length(passphrase)
    if count < SHORTEST:
        return Strength.TOO_SHORT
    if len(set(normal(passphrase))) < SHORTEST // 2 or count < _GOOD:
        return Strength.WEAK
    return Strength.GOOD if count < _STRONG else Strength.STRONG
