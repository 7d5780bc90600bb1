"""What may be a passphrase, and what its length is said to be worth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain import encryption_keys
from capacity_app.domain.encryption_keys import (
    MINIMUM_LENGTH,
    PassphraseStrength,
    find_weakness,
    normalize_passphrase,
    passphrase_length,
    passphrase_strength,
)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", encryption_keys.PASSPHRASE_MISSING),
        ("   ", encryption_keys.PASSPHRASE_MISSING),
        ("short", encryption_keys.PASSPHRASE_TOO_SHORT),
        ("é̂" * 3, encryption_keys.PASSPHRASE_TOO_SHORT),
        ("seven 7", encryption_keys.PASSPHRASE_TOO_SHORT),
        ("tab\tulators", encryption_keys.PASSPHRASE_UNTYPABLE),
        ("half a sign \ud83d", encryption_keys.PASSPHRASE_UNTYPABLE),
        (" a space before", encryption_keys.PASSPHRASE_EDGE_SPACES),
        ("a space behind ", encryption_keys.PASSPHRASE_EDGE_SPACES),
    ],
)
def test_what_is_no_passphrase_is_told_why(typed: str, sentence: str) -> None:
    found = find_weakness(typed)
    assert found is not None
    assert found[0] == sentence
    assert found[0].format(**found[1])


@pytest.mark.parametrize("typed", ["eight ok", "كلمة المرور", "密码必须足够长才行", "пароль-пароль", "กขฃคฅฆงจ"])
def test_any_script_will_do(typed: str) -> None:
    assert find_weakness(typed) is None


def test_a_letter_is_the_same_however_it_was_typed() -> None:
    one, two = "caf\u00e9 au lait", "cafe\u0301 au lait"
    assert one != two
    assert normalize_passphrase(one) == normalize_passphrase(two)
    assert passphrase_length(one) == passphrase_length(two) == len("cafe au lait")


@given(st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs", "Zs", "Mn", "Me", "Mc")), max_size=40))
def test_what_is_strong_enough_is_long_enough(typed: str) -> None:
    assert (passphrase_strength(typed) is PassphraseStrength.TOO_SHORT) == (passphrase_length(typed) < MINIMUM_LENGTH)
    assert (find_weakness(typed) is None) == (passphrase_length(typed) >= MINIMUM_LENGTH)


def test_the_same_sign_over_and_over_is_weak() -> None:
    assert passphrase_strength("aaaaaaaaaaaaaaaaaaaaaaaaaaa") is PassphraseStrength.WEAK
    assert passphrase_strength("ababababab") is PassphraseStrength.WEAK
    assert passphrase_strength("correct horse") is PassphraseStrength.WEAK
    assert passphrase_strength("correct horse battery") is PassphraseStrength.GOOD
    assert passphrase_strength("correct horse battery staple") is PassphraseStrength.STRONG
