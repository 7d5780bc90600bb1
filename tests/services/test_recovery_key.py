"""Recovery keys as words: written, read back however they are typed, and mistakes named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.encryption_keys import NO_KEYS
from capacity_app.domain.problems import KnownError
from capacity_app.services.protection import (
    WORD_COUNT,
    keyring_from_lines,
    keyring_from_typed,
    parse_recovery_key,
    recovery_words,
)

KEYS = st.binary(min_size=32, max_size=32)
KEY = bytes(range(32))
TYPED = " ".join(recovery_words(KEY))


@given(KEYS, st.sampled_from([" ", "\n", ", ", " 12. ", "\t"]), st.sampled_from([str.upper, str.title, str.lower]))
def test_words_are_read_back_however_they_are_typed(raw: bytes, between: str, case: object) -> None:
    words = recovery_words(raw)
    assert len(words) == WORD_COUNT
    typed = between.join(case(word) for word in words)  # type: ignore[operator]
    assert parse_recovery_key(f"  {typed}\n") == raw


@given(KEYS)
def test_the_first_four_letters_are_enough_and_digits_will_do(raw: bytes) -> None:
    assert parse_recovery_key(" ".join(word[:4] for word in recovery_words(raw) if word)) == raw
    assert parse_recovery_key(raw.hex().upper()) == raw
    assert parse_recovery_key(" ".join(raw.hex()[at : at + 4] for at in range(0, 64, 4))) == raw


@given(KEYS, st.integers(0, WORD_COUNT - 1), st.integers(0, 2047))
def test_a_wrong_word_never_gives_the_key(raw: bytes, place: int, other: int) -> None:
    words = list(recovery_words(raw))
    swapped = recovery_words(other.to_bytes(32, "big"))[-2]
    if swapped == words[place]:
        return
    words[place] = swapped
    # One in 256 has a fitting checksum, and opens nothing.
    assert _read(words) != raw


def _read(words: list[str]) -> bytes | None:
    try:
        return parse_recovery_key(" ".join(words))
    except KnownError:
        return None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "The recovery key has 24 words. You entered 0. Look for a missing or repeated word."),
        (TYPED.rpartition(" ")[0], "The recovery key has 24 words. You entered 23."),
        (
            TYPED.replace("abandon", "abandom", 1),
            "Word 1, “abandom”, is not a word of a recovery key. Do you mean “abandon”?",
        ),
        (
            "qqqqqq " + TYPED.partition(" ")[2],
            "Word 1, “qqqqqq”, is not a word of a recovery key. Compare it with the sheet.",
        ),
        (" ".join(reversed(TYPED.split())), "All 24 words exist, but they are not one key."),
        ("ab" * 31, "The recovery key has 24 words"),
    ],
)
def test_a_mistake_is_named(typed: str, sentence: str) -> None:
    with pytest.raises(KnownError) as refused:
        parse_recovery_key(typed)
    assert str(refused.value).startswith(sentence)


def test_a_line_is_a_passphrase_and_perhaps_a_recovery_key() -> None:
    assert keyring_from_typed("cafe\u0301").passphrases == ("caf\u00e9",)
    assert keyring_from_typed("cafe\u0301").recovery_keys == ()
    assert keyring_from_typed(TYPED).recovery_keys == (KEY,)
    assert keyring_from_typed("half a sign \ud83d") == NO_KEYS
    two = keyring_from_lines(f"one passphrase\n\n{TYPED}\nanother one\r\n")
    assert two.recovery_keys == (KEY,)
    assert two.passphrases == ("one passphrase", TYPED, "another one")
    wrapped = TYPED.replace(" ", "\n")
    assert keyring_from_lines(wrapped).recovery_keys == (KEY,)


def test_no_word_of_a_key_is_in_its_description() -> None:
    ring = keyring_from_typed(TYPED)
    assert TYPED.split()[5] not in repr(ring)
    assert KEY.hex() not in repr(ring)
