"""Which region of the United Nations' M49 a country belongs to.

The groups are for statistical convenience and say nothing about the status of any country. Codes that M49 does not
know, such as those of made-up countries (XXA), have the region "not assigned".
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import replace

from capacity_app.domain.tidy import NOT_ASSIGNED, AssessmentRow, CountryRow

WORLD = "001"
"""The M49 code of all countries together."""


def read_countries(lines: Iterable[str]) -> dict[str, CountryRow]:
    """Read the countries of M49 by their alpha-3 code, from lines of CSV whose columns are those of ``CountryRow``."""
    return {row["country"]: assigned(CountryRow(**row)) for row in csv.DictReader(lines)}


def assigned(row: CountryRow) -> CountryRow:
    """Say of a country without a region that it has none."""
    return row if row.region_m49 else replace(row, region=NOT_ASSIGNED, subregion=NOT_ASSIGNED)


def country_of(country: str, m49: str, name: str, known: Mapping[str, CountryRow]) -> CountryRow:
    """Return the country an assessment names by alpha-3 code or, without one, by M49 code.

    The name the assessment gives counts, where it gives one.
    """
    code = country.strip().upper()
    found = known.get(code) if code else next((row for row in known.values() if row.m49 == m49.strip()), None)
    if found is None:
        return assigned(CountryRow(country=code, m49=m49.strip(), name=name or code))
    return replace(found, name=name or found.name)


def all_countries(known: Mapping[str, CountryRow], assessments: Iterable[AssessmentRow]) -> tuple[CountryRow, ...]:
    """Return the countries of M49 and those that assessments name besides, each by the first of its names."""
    named: dict[str, CountryRow] = {}
    for row in assessments:
        if row.country and row.country not in known:
            found = assigned(CountryRow(country=row.country, m49=row.m49, name=row.country_name))
            named[row.country] = min(named.get(row.country, found), found, key=lambda one: (one.name, one.m49))
    return tuple(sorted((*known.values(), *named.values()), key=lambda row: row.country))
