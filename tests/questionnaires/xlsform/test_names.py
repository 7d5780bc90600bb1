"""Names of fields can be turned back into ids, and no two ids share one."""

import re

from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.assessment.answers import Address
from capacity_app.questionnaires.xlsform.form import FieldName, FieldSuffix, field_name, id_from_name, parse_field_name

IDS = st.from_regex(re.compile(r"[a-z0-9][a-z0-9_-]{0,12}", re.ASCII), fullmatch=True)
QUESTIONS = st.builds(lambda section, own: f"{section}.{own}", IDS, IDS)
ADDRESSES = st.one_of(
    st.builds(Address, IDS | QUESTIONS), st.builds(Address, QUESTIONS, IDS), st.builds(Address, QUESTIONS, IDS, IDS)
)


@given(ADDRESSES, st.none() | st.sampled_from(list(FieldSuffix)))
def test_a_name_is_read_back_as_what_it_was_made_of(address: Address, extra: FieldSuffix | None) -> None:
    name = field_name(address, extra)
    assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name), "every program takes such a name"
    assert parse_field_name(name) == FieldName(address, extra)


@given(ADDRESSES, ADDRESSES)
def test_no_two_addresses_share_a_name(one: Address, other: Address) -> None:
    assert (field_name(one) == field_name(other)) == (one == other)


@given(st.text(max_size=40))
def test_any_text_is_read_or_is_none_of_ours(text: str) -> None:
    found = parse_field_name(text)
    assert found is None or field_name(found.address, found.extra) == text
    assert re.fullmatch(r"(?:[a-z0-9][a-z0-9_-]*)?", id_from_name(text))


def test_names_read_like_their_ids() -> None:
    assert field_name(Address("iv.policy", "a", "available")) == "iv_policy__a__available"
    assert field_name(Address("vi.residence-permits"), FieldSuffix.STATE) == "vi_residencePermits__STATE"
    assert parse_field_name("Household_Size") is None
