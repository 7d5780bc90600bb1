from dataclasses import replace

import pytest
from babel.core import get_global

from capacity_app import paths
from capacity_app.domain.headquarters.tidy_tables import (
    NOT_ASSIGNED,
    AssessmentRow,
    CountryRow,
    all_countries,
    find_country,
    read_countries,
)
from tests.domain.test_triage import GEORGIA


@pytest.fixture(name="known", scope="module")
def _known() -> dict[str, CountryRow]:
    lines = (paths.resources_folder() / "regions" / "m49.csv").read_text(encoding="utf-8").splitlines()
    return read_countries(lines)


def test_every_country_of_iso_that_m49_knows_has_its_number(known: dict[str, CountryRow]) -> None:
    alpha2 = get_global("territory_aliases")  # of CLDR, by alpha-3 code and by number
    assert [code for code, row in known.items() if alpha2[code] != alpha2[row.m49]] == []
    assert len(known) == 248


def test_the_regions_are_those_of_m49(known: dict[str, CountryRow]) -> None:
    assert {(row.region_m49, row.region) for row in known.values()} == {
        ("002", "Africa"), ("009", "Oceania"), ("019", "Americas"), ("142", "Asia"), ("150", "Europe"),
        ("", NOT_ASSIGNED),
    }  # fmt: skip
    assert len({row.subregion_m49 for row in known.values() if row.subregion_m49}) == 17
    assert {row.country for row in known.values() if row.region == NOT_ASSIGNED} == {"ATA"}


@pytest.mark.parametrize(
    ("country", "region", "subregion", "intermediate"),
    [
        ("GEO", "Asia", "Western Asia", ""),
        ("KEN", "Africa", "Sub-Saharan Africa", "Eastern Africa"),
        ("MAR", "Africa", "Northern Africa", ""),
        ("PER", "Americas", "Latin America and the Caribbean", "South America"),
        ("CAN", "Americas", "Northern America", ""),
        ("FJI", "Oceania", "Melanesia", ""),
        ("CYP", "Asia", "Western Asia", ""),
        ("RUS", "Europe", "Eastern Europe", ""),
    ],
)
def test_countries_are_where_m49_puts_them(
    known: dict[str, CountryRow], country: str, region: str, subregion: str, intermediate: str
) -> None:
    row = find_country(country, "", "", known)
    assert (row.region, row.subregion, row.intermediate) == (region, subregion, intermediate)


def test_a_country_is_found_by_number_too_and_has_the_name_of_m49(known: dict[str, CountryRow]) -> None:
    row = find_country("", "268", "Sakartvelo", known)
    assert (row.country, row.name, row.subregion_m49) == ("GEO", "Georgia", "145")
    assert find_country(" geo ", "", "", known).name == "Georgia"


def test_a_made_up_country_has_no_region(known: dict[str, CountryRow]) -> None:
    row = find_country("XXA", "", "Examplia", known)
    assert (row.country, row.name, row.region, row.region_m49) == ("XXA", "Examplia", NOT_ASSIGNED, "")


def test_an_assessment_without_a_country_has_none(known: dict[str, CountryRow]) -> None:
    row = find_country("", "", "", known)
    assert (row.country, row.m49, row.region) == ("", "", NOT_ASSIGNED)


def test_all_countries_are_those_of_m49_and_others_that_are_named() -> None:
    made_up = [
        CountryRow(country="GEO", m49="268", name="Georgia", region_m49="142", region="Asia"),
    ]
    named = [_named("XXA", "Zweite"), _named("XXA", "Erste"), _named("GEO", "Georgien"), _named("", "")]
    found = all_countries({"GEO": made_up[0]}, named)
    assert [(row.country, row.name, row.region) for row in found] == [
        ("GEO", "Georgia", "Asia"),
        ("XXA", "Erste", NOT_ASSIGNED),
    ]


def _named(country: str, name: str) -> AssessmentRow:
    return replace(GEORGIA, country=country, country_name=name, m49="")
