"""What may be a passphrase, and what its length is said to be worth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain import passphrases
from capacity_app.domain.passphrases import SHORTEST, Strength, length, normal, strength, weakness


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", passphrases.MISSING),
        ("   ", passphrases.MISSING),
        ("short", passphrases.TOO_SHORT),
        ("é̂" * 3, passphrases.TOO_SHORT),
        ("seven 7", passphrases.TOO_SHORT),
        ("tab\tulators", passphrases.UNTYPABLE),
        ("half a sign \ud83d", passphrases.UNTYPABLE),
        (" a space before", passphrases.EDGES),
        ("a space behind ", passphrases.EDGES),
    ],
)
def test_what_is_no_passphrase_is_told_why(typed: str, sentence: str) -> None:
    found = weakness(typed)
    assert found is not None
    assert found[0] == sentence
    assert found[0].format(**found[1])


@pytest.mark.parametrize("typed", ["eight ok", "كلمة المرور", "密码必须足够长才行", "пароль-пароль", "กขฃคฅฆงจ"])
def test_any_script_will_do(typed: str) -> None:
    assert weakness(typed) is None


def test_a_letter_is_the_same_however_it_was_typed() -> None:
    one, two = "caf\u00e9 au lait", "cafe\u0301 au lait"
    assert one != two
    assert normal(one) == normal(two)
    assert length(one) == length(two) == len("cafe au lait")


@given(st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs", "Zs", "Mn", "Me", "Mc")), max_size=40))
def test_what_is_strong_enough_is_long_enough(typed: str) -> None:
    assert (strength(typed) is Strength.TOO_SHORT) == (length(typed) < SHORTEST)
    assert (weakness(typed) is None) == (length(typed) >= SHORTEST)


def test_the_same_sign_over_and_over_is_weak() -> None:
    assert strength("aaaaaaaaaaaaaaaaaaaaaaaaaaa") is Strength.WEAK
    assert strength("ababababab") is Strength.WEAK
    assert strength("correct horse") is Strength.WEAK
    assert strength("correct horse battery") is Strength.GOOD
    assert strength("correct horse battery staple") is Strength.STRONG
