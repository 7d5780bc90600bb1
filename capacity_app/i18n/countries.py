"""Countries by their codes, and their names: those of the United Nations, and of CLDR in other languages.

Names stand in resources/regions, beside the regions of M49: English and the other five official languages of the United
Nations for all countries, further languages only where the name in CLDR differs in what it says of a country.
"""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from capacity_app import paths
from capacity_app.i18n import late_babel
from capacity_app.i18n.catalogues import ENGLISH
from capacity_app.i18n.languages import LANGUAGES

if TYPE_CHECKING:
    from babel import Locale

_NAME = "name_"
_NO_NAMES: Mapping[str, str] = {}


@cache
def _countries() -> dict[str, dict[str, str]]:
    """Return what is known of each country, by its M49 code."""
    return _read("m49.csv") | _read("not_in_m49.csv")


@cache
def _with_made_up() -> dict[str, dict[str, str]]:
    """Return the countries and those that only demonstrations name, under codes that M49 does not use."""
    return _countries() | _read("made_up.csv")


def _read(name: str) -> dict[str, dict[str, str]]:
    import csv  # noqa: PLC0415 - once a country is named

    with (paths.resources_folder() / "regions" / name).open(encoding="utf-8", newline="") as file:
        return {row["m49"]: row for row in csv.DictReader(file)}


@cache
def _m49_by_alpha3() -> dict[str, str]:
    return {row["country"]: m49 for m49, row in _countries().items()}


@cache
def country_names(m49: str) -> Mapping[str, str]:
    """Return the names the program has for a country by language, none for an unknown code."""
    row = _with_made_up().get(m49)
    if row is None:
        return _NO_NAMES
    others = {column.removeprefix(_NAME): text for column, text in row.items() if column.startswith(_NAME) and text}
    return {ENGLISH: row["name"], **others}


def _alpha2(m49: str) -> str:
    return str(late_babel.get_global("territory_aliases").get(m49, [""])[0])


def cldr_country_name(m49: str, locale: "Locale") -> str:
    """Return the name of a country in CLDR, empty if it has none."""
    return str(locale.territories.get(_alpha2(m49), ""))


@cache
def usual_country_names(m49: str) -> frozenset[str]:
    """Return the names of a country in all languages of the program, those of CLDR too."""
    if not country_names(m49):
        return frozenset()
    spoken = [late_babel.Locale.parse(name) for name, one in LANGUAGES.items() if one.is_translated or name == ENGLISH]
    return frozenset(country_names(m49).values()) | {cldr_country_name(m49, locale) for locale in spoken}


def country_codes() -> tuple[str, ...]:
    """Return all M49 country codes (three digits)."""
    return tuple(sorted(_countries()))


def named_country_codes() -> tuple[str, ...]:
    """Return the codes of all countries a file may name: those of M49, and those of demonstrations."""
    return tuple(sorted(_with_made_up()))


def currency_of(m49: str) -> str:
    """Return the currency (ISO 4217) of a country by its M49 code; empty for made-up countries."""
    alpha2 = _alpha2(m49)
    return next(iter(late_babel.numbers.get_territory_currencies(alpha2)), "") if alpha2 else ""


def m49_from_alpha3(alpha3: str) -> str:
    """Return the M49 code of an ISO 3166-1 alpha-3 code; empty for made-up countries (XXA)."""
    return _m49_by_alpha3().get(alpha3.upper(), "")


def alpha3_from_m49(m49: str) -> str:
    """Return the ISO 3166-1 alpha-3 code of an M49 code; empty if nobody knows it."""
    return _countries().get(m49, {}).get("country", "")
