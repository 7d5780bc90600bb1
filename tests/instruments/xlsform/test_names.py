"""Names of fields can be turned back into ids, and no two ids share one."""

import re

from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.answers import Address
from capacity_app.instruments.xlsform.names import Extra, Name, id_of, name_of, read_name

IDS = st.from_regex(re.compile(r"[a-z0-9][a-z0-9_-]{0,12}", re.ASCII), fullmatch=True)
QUESTIONS = st.builds(lambda section, own: f"{section}.{own}", IDS, IDS)
ADDRESSES = st.one_of(
    st.builds(Address, IDS | QUESTIONS), st.builds(Address, QUESTIONS, IDS), st.builds(Address, QUESTIONS, IDS, IDS)
)


@given(ADDRESSES, st.none() | st.sampled_from(list(Extra)))
def test_a_name_is_read_back_as_what_it_was_made_of(address: Address, extra: Extra | None) -> None:
    name = name_of(address, extra)
    assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name), "every program takes such a name"
    assert read_name(name) == Name(address, extra)


@given(ADDRESSES, ADDRESSES)
def test_no_two_addresses_share_a_name(one: Address, other: Address) -> None:
    assert (name_of(one) == name_of(other)) == (one == other)


@given(st.text(max_size=40))
def test_any_text_is_read_or_is_none_of_ours(text: str) -> None:
    found = read_name(text)
    assert found is None or name_of(found.address, found.extra) == text
    assert re.fullmatch(r"(?:[a-z0-9][a-z0-9_-]*)?", id_of(text))


def test_names_read_like_their_ids() -> None:
    assert name_of(Address("iv.policy", "a", "available")) == "iv_policy__a__available"
    assert name_of(Address("vi.residence-permits"), Extra.STATE) == "vi_residencePermits__STATE"
    assert read_name("Household_Size") is None
