"""Recovery keys as words: written, read back however they are typed, and mistakes named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.keys import NO_KEYS
from capacity_app.domain.problems import KnownError
from capacity_app.services.recovery_key import WORDS, key_of, ring_of_lines, ring_of_typed, words_of

KEYS = st.binary(min_size=32, max_size=32)
KEY = bytes(range(32))
TYPED = " ".join(words_of(KEY))


@given(KEYS, st.sampled_from([" ", "\n", ", ", " 12. ", "\t"]), st.sampled_from([str.upper, str.title, str.lower]))
def test_words_are_read_back_however_they_are_typed(raw: bytes, between: str, case: object) -> None:
    words = words_of(raw)
    assert len(words) == WORDS
    typed = between.join(case(word) for word in words)  # type: ignore[operator]
    assert key_of(f"  {typed}\n") == raw


@given(KEYS)
def test_the_first_four_letters_are_enough_and_digits_will_do(raw: bytes) -> None:
    assert key_of(" ".join(word[:4] for word in words_of(raw) if word)) == raw
    assert key_of(raw.hex().upper()) == raw
    assert key_of(" ".join(raw.hex()[at : at + 4] for at in range(0, 64, 4))) == raw


@given(KEYS, st.integers(0, WORDS - 1), st.integers(0, 2047))
def test_a_wrong_word_never_gives_the_key(raw: bytes, place: int, other: int) -> None:
    words = list(words_of(raw))
    swapped = words_of(other.to_bytes(32, "big"))[-2]
    if swapped == words[place]:
        return
    words[place] = swapped
    # One in 256 has a fitting checksum, and opens nothing.
    assert _read(words) != raw


def _read(words: list[str]) -> bytes | None:
    try:
        return key_of(" ".join(words))
    except KnownError:
        return None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "The recovery key has 24 words, and here are 0: look for a word left out or typed twice."),
        (TYPED.rpartition(" ")[0], "The recovery key has 24 words, and here are 23"),
        (
            TYPED.replace("abandon", "abandom", 1),
            "Word 1, “abandom”, is no word of a recovery key: perhaps it is “abandon”",
        ),
        (
            "qqqqqq " + TYPED.partition(" ")[2],
            "Word 1, “qqqqqq”, is no word of a recovery key: compare it with the sheet.",
        ),
        (" ".join(reversed(TYPED.split())), "All 24 words exist, but they do not belong together"),
        ("ab" * 31, "The recovery key has 24 words"),
    ],
)
def test_a_mistake_is_named(typed: str, sentence: str) -> None:
    with pytest.raises(KnownError) as refused:
        key_of(typed)
    assert str(refused.value).startswith(sentence)


def test_a_line_is_a_passphrase_and_perhaps_a_recovery_key() -> None:
    assert ring_of_typed("cafe\u0301").passphrases == ("caf\u00e9",)
    assert ring_of_typed("cafe\u0301").recovery_keys == ()
    assert ring_of_typed(TYPED).recovery_keys == (KEY,)
    assert ring_of_typed("half a sign \ud83d") == NO_KEYS
    two = ring_of_lines(f"one passphrase\n\n{TYPED}\nanother one\r\n")
    assert two.recovery_keys == (KEY,)
    assert two.passphrases == ("one passphrase", TYPED, "another one")
    wrapped = TYPED.replace(" ", "\n")
    assert ring_of_lines(wrapped).recovery_keys == (KEY,)


def test_no_word_of_a_key_is_in_its_description() -> None:
    ring = ring_of_typed(TYPED)
    assert TYPED.split()[5] not in repr(ring)
    assert KEY.hex() not in repr(ring)
