"""Words, numbers and dates in one language: a value that is passed, never a global.

The report's language is not the interface's, so whoever shows words gets a ``Translator``.
"""

import datetime as dt
import gettext
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import field
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.numbers_and_dates import letters_of, round_half_up
from capacity_app.domain.problems import end_once
from capacity_app.i18n import catalogues, late_babel
from capacity_app.i18n.catalogues import ENGLISH, ReviewStatus, read_review
from capacity_app.i18n.countries import cldr_country_name, country_names, usual_country_names
from capacity_app.i18n.languages import LANGUAGES, NUMBERING_SYSTEMS, language_of

if TYPE_CHECKING:
    from babel import Locale
    from budoux import Parser

PSEUDO = "qps"
"""A made-up language, 40 % longer, accented and mirrored: it shows clipped, untranslated and misplaced labels."""


_LEFT_TO_RIGHT, _END = "\u2066", "\u2069"
"""They keep what is between them together and from left to right, whatever stands around it; nobody sees them."""


def isolate_ltr(text: str) -> str:
    """Return text to be shown that keeps its order from left to right inside any other, such as a path or a range."""
    return f"{_LEFT_TO_RIGHT}{text}{_END}"


def isolate_ltr_lines(text: str) -> str:
    """Return text to be shown in a mirrored window: lines without a letter written leftwards keep their order.

    Else “Which ones?” would end in front, and “61 – 65” would begin with its end.
    """
    return "\n".join(
        line if not line or any(map(_is_written_leftwards, line)) else isolate_ltr(line) for line in text.split("\n")
    )


def isolate_ltr_words(text: str) -> str:
    """Return text to be put into a mirrored sentence: foreign words, and the figures with them, keep their order."""
    is_one_word = text.isalpha() or not any(unicodedata.bidirectional(letter) == "L" for letter in text)
    return text if is_one_word else isolate_ltr_lines(text)


def _is_written_leftwards(letter: str) -> bool:
    return unicodedata.bidirectional(letter) in {"R", "AL", "AN"}


_THAI_LETTERS = "[\u0e01-\u0e4e]+"
SYSTEM_KNOWS_THAI = sys.platform == "linux"
"""Pango and Qt ask libthai where Thai words end. Linux has it; on Windows and macOS both are made without it."""


def break_thai(text: str) -> str:
    """Return text to be shown whose lines may break between Thai words; nobody sees the spaces without width."""
    if SYSTEM_KNOWS_THAI or text.isascii():
        return text
    return re.sub(_THAI_LETTERS, lambda found: "\u200b".join(_thai_parser().parse(found[0])), text)


@cache
def _thai_parser() -> "Parser":
    from budoux import load_default_thai_parser  # noqa: PLC0415 - for Thai on Windows and macOS only

    return load_default_thai_parser()


_LONG_WORD = 10
"""So many signs of the made-up language stand together: lines break between them, as between words."""


def _pseudo_translate(text: str) -> str:
    vowels = str.maketrans("aeiouAEIOU", "àéîöûÀÉÎÖÛ")
    pieces = re.split(r"(\{[^}]*\})", text)
    accented = "".join(piece if piece.startswith("{") else piece.translate(vowels) for piece in pieces)
    longer = "~" * (len(text) * 2 // 5)
    words = " ".join(longer[start : start + _LONG_WORD] for start in range(0, len(longer), _LONG_WORD))
    return f"⟦{accented}{words}⟧"


_WHOLE_NUMBER = r"(?<![A-Za-z0-9_./{#-])\d+(?:,\d{3})*(?![A-Za-z0-9_}/-]|[.,][A-Za-z0-9])"
"""A number in a question that is no part of a code, a name or a date to be typed: a target 17.18 is such a code."""
_NUMBER = r"(?<![A-Za-z0-9_./{#-])\d+(?:,\d{3})*(?:\.\d)?(?![A-Za-z0-9_}/-]|[.,][A-Za-z0-9])"
"""A number in a sentence of the program, where codes with a point are filled in."""
_JUST_NOW = dt.timedelta(minutes=1)
_THAI_VOWEL = "([เ-ไ])([ก-ฮ])"
"""A vowel that is written before its consonant and counts after it."""
LATIN_DIGITS = "latn"
"""The digits 0-9, which every language here can be written with."""


_GROUPED = 1000
"""The first whole number that may have a symbol between its digits."""


@lru_cache(maxsize=4096)
def _format_number(locale: "Locale", value: Fraction, decimals: int, digits: str) -> str:
    """Write a number; tables write the same few thousands of times."""
    rounded = round_half_up(value, decimals)
    if not decimals and 0 <= rounded < _GROUPED:
        return _convert_digits(str(rounded), digits)  # reading the locale's symbols for it would take 20 ms
    pattern = "#,##0" + (f".{'0' * decimals}" if decimals else "")
    with localcontext(prec=len(str(rounded)) + 1):  # an amount may have more than the usual 28 digits
        written = late_babel.numbers.format_decimal(rounded, format=pattern, locale=locale, numbering_system=digits)
    return _convert_digits(str(written), digits)


@lru_cache(maxsize=8)
def _digit_map(digits: str) -> dict[int, str]:
    """Return the ten digits of a numbering system by those of ours, none if nobody knows it."""
    system = NUMBERING_SYSTEMS.get(digits)
    if system is None:
        return {}
    return {ord("0") + n: unicodedata.lookup(f"{system.unicode} DIGIT {word}") for n, word in enumerate(_ONE_BY_ONE)}


_ONE_BY_ONE = ("ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE")


def _convert_digits(text: str, digits: str) -> str:
    return text.translate(_digit_map(digits)) if digits != LATIN_DIGITS else text


def _format_moment(moment: dt.datetime, locale: "Locale") -> str:
    day = late_babel.dates.format_skeleton("yMMMd", moment, locale=locale)
    return f"{day} {late_babel.dates.format_time(moment, 'HH:mm', locale=locale)}"


def _format_long(day: dt.date, locale: "Locale", is_month: bool) -> str:  # noqa: FBT001 - like ``_format_short``
    if is_month:
        return str(late_babel.dates.format_skeleton("yMMMM", day, locale=locale))
    return late_babel.dates.format_date(day, "long", locale=locale)


def _format_short(day: dt.date, locale: "Locale", is_month: bool) -> str:  # noqa: FBT001 - an argument of ``_written_date``
    if is_month:
        return str(late_babel.dates.format_skeleton("yMMM", day, locale=locale))
    return late_babel.dates.format_date(day, "medium", locale=locale)


def _texts_of_month(day: dt.date, locale: "Locale") -> Iterator[str]:
    """Go through the ways in which a date of a month is written with words."""
    yield from (write(day, locale, is_month) for write in (_format_short, _format_long) for is_month in (True, False))
    for form in ("LLLL", "LLL", "MMMM", "MMM"):
        yield late_babel.dates.format_date(day, form, locale=locale)


def native_digits(language: str) -> str:
    """Name the digits of a language's own that can be chosen besides 0-9, empty if it has none."""
    if language in LANGUAGES:
        return LANGUAGES[language].digits
    try:
        locale = late_babel.Locale.parse(language, sep="-")
    except (ValueError, late_babel.UnknownLocaleError):
        return ""
    native = str(locale.other_numbering_systems.get("native", LATIN_DIGITS))
    return native if native in NUMBERING_SYSTEMS else ""


def locale_tag(language: str, digits: str) -> str:
    """Name a language together with its digits (BCP 47 with its Unicode extension): "ar-u-nu-arab"."""
    return f"{language}-u-nu-{digits}" if digits and digits != LATIN_DIGITS else language


def split_locale_tag(tag: str) -> tuple[str, str]:
    """Return the language and the digits a tag names."""
    language, _, extension = tag.replace("_", "-").partition("-u-")
    found = re.search(r"(?:^|-)nu-([a-z]{3,8})", extension)
    digits = found[1] if found else LATIN_DIGITS
    return (
        (language, digits if digits == native_digits(language) else LATIN_DIGITS) if extension else (tag, LATIN_DIGITS)
    )


def own_name(language: str) -> str:
    """Name a language (BCP 47) in itself; the tag where nobody knows it."""
    if (known := LANGUAGES.get(language)) and known.name:
        return known.name
    try:
        return late_babel.Locale.parse(language, sep="-").get_display_name() or language
    except (ValueError, late_babel.UnknownLocaleError):
        return language


@dataclass(frozen=True)
class Translator:
    """Everything that depends on a language (BCP 47), which may name its digits too: "ar-u-nu-arab".

    ``asked_in`` is the language of an instrument's wording, where it is not the same.
    """

    language: str = ENGLISH
    asked_in: str = ""
    digits: str = field(init=False, default=LATIN_DIGITS)
    translations: gettext.NullTranslations = field(init=False, repr=False, compare=False)
    _wordings: dict[str, tuple[Path, ...]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        language, digits = split_locale_tag(self.language)
        object.__setattr__(self, "language", language)
        object.__setattr__(self, "digits", digits)
        object.__setattr__(self, "asked_in", split_locale_tag(self.asked_in)[0] or language)
        object.__setattr__(self, "translations", catalogues.program_translations(language))

    @property
    def tag(self) -> str:
        """The language with its digits, which makes the same again."""
        return locale_tag(self.language, self.digits)

    def gettext(self, message: str) -> str:
        if self.language == PSEUDO:
            return _pseudo_translate(message)
        return self.own_figures(self.translations.gettext(message), _NUMBER) if message else ""

    def filled(self, sentence: str, **values: str | int) -> str:
        """Translate a sentence and fill it in; whole numbers are written as numerals, without groups."""
        written = {name: self.numeral(one) if isinstance(one, int) else one for name, one in values.items()}
        return end_once(self.gettext(sentence).format(**written))

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Translate a sentence that depends on a count."""
        if self.language == PSEUDO:
            return _pseudo_translate(one if count == 1 else many)
        return self.own_figures(self.translations.ngettext(one, many, count), _NUMBER)

    def counted(self, one: str, many: str, count: int, **values: str) -> str:
        """Translate a sentence that depends on a count, and fill in the count and the other values."""
        return end_once(self.ngettext(one, many, count).format(count=self.number(count), **values))

    def wording(self, instrument: str, key: str, text: str) -> str:
        """Translate instrument wording; ``key`` is the permanent id and the part ("iv.policy|anchor 2")."""
        if self.asked_in == PSEUDO or not text:
            return text
        for file in self._wording_files(instrument):
            if said := catalogues.read_wording(file).get((f"{instrument}|{key}", text)):
                return self.own_figures(said)
        return text

    def has_wording(self, instrument: str, key: str, text: str) -> bool:
        """Return whether instrument wording has a translation here, be it the same word."""
        files = self._wording_files(instrument)
        return any((f"{instrument}|{key}", text) in catalogues.read_wording(file) for file in files)

    def standing(self, instrument: str, version: str) -> ReviewStatus:
        """Say who stands for how an instrument is worded here: the least of the files that word it."""
        reviews = [read_review(file) for file in self._wording_files(instrument)]
        if reviews and reviews[0].version == version:
            return reviews[0].standing(version)  # whoever signs a version off has looked at all that is said in it
        found = {review.standing(version) for review in reviews}
        return next((one for one in ReviewStatus if one in found), ReviewStatus.REVIEWED)

    def use_wording_files(self, instrument: str, files: Iterable[Path]) -> None:
        """Word an instrument by these files, as one that lies elsewhere; the first that has a text counts."""
        self._wordings[instrument] = tuple(files)

    def _wording_files(self, instrument: str) -> tuple[Path, ...]:
        known = self._wordings.get(instrument)
        if known is None:
            known = self._wordings[instrument] = catalogues.wording_files(instrument, self.asked_in)
        return known

    @cached_property
    def locale(self) -> "Locale":
        """The language's conventions for numbers and dates; English where none are known.

        English is that of the United Nations: 15 May 2023.
        """
        try:
            known = late_babel.Locale.parse(self.language, sep="-")
        except (ValueError, late_babel.UnknownLocaleError):
            known = late_babel.Locale(ENGLISH)
        return known if str(known) != ENGLISH else late_babel.Locale(ENGLISH, "001")

    @property
    def right_to_left(self) -> bool:
        """Whether the language is written from right to left; the made-up one is, to show what does not mirror."""
        known = LANGUAGES.get(self.language)
        return self.language == PSEUDO or (known.direction if known else self.locale.text_direction) == "rtl"

    @property
    def direction(self) -> str:
        """The direction of writing as HTML names it."""
        return "rtl" if self.right_to_left else "ltr"

    def in_order(self, text: str) -> str:
        """Return numbers to be printed in the order in which they are written, in every direction of writing."""
        return isolate_ltr(text) if self.right_to_left else text

    def mixed(self, text: str) -> str:
        """Return a text that begins with a name in any script, to be read in the direction of this language."""
        return f"\u200f{text}" if self.right_to_left else text

    def numbered(self, number: str, title: str) -> str:
        """Put a printed number before a title, on the side where one begins to read."""
        return f"{self.in_order(number)}  {title}" if number else title

    def number(self, value: int | Decimal | Fraction, digits: int = 0) -> str:
        if isinstance(value, int) and not digits and 0 <= value < _GROUPED:
            return _convert_digits(str(value), self.digits)  # a start writes such ones, and needs no locale
        return _format_number(self.locale, Fraction(value), digits, self.digits)

    def amount(self, value: Decimal) -> str:
        """Write an amount of money: whole units as such, others with at least two decimals."""
        exponent = value.normalize().as_tuple().exponent
        decimals = max(0, -exponent) if isinstance(exponent, int) else 0
        return self.number(value, max(decimals, 2) if decimals else 0)

    def money(self, value: Decimal, currency: str) -> str:
        """Write an amount with its currency (ISO 4217): "EUR 790,000"; an amount without one stands alone."""
        return self.in_order(f"{currency}\u00a0{self.amount(value)}" if currency else self.amount(value))

    def currency(self, code: str) -> str:
        """Name a currency (ISO 4217); the code itself if nobody knows it."""
        return str(self.locale.currencies.get(code) or late_babel.Locale(ENGLISH).currencies.get(code, code))

    @property
    def group_sign(self) -> str:
        """The sign between the thousands of a number."""
        return str(late_babel.numbers.get_group_symbol(self.locale))

    def alphabetical(self, text: str) -> tuple[str, str]:
        """Return what to sort names by: accents and capitals count last, and letters stand where the language has them.

        Chinese is sorted by sound (pinyin): the code GB 18030 has the 3,755 usual characters in that order, then the
        rare ones by radicals.
        """
        folded = text.casefold()
        if self.locale.language == "zh":
            return folded.encode("gb18030", "replace").decode("latin-1"), text
        for letter, before in language_of(self.locale.language).sorted_after.items():
            folded = folded.replace(letter, f"{before}\uffff")
        folded = re.sub(_THAI_VOWEL, r"\2\1", folded)
        plain = "".join(one for one in unicodedata.normalize("NFKD", folded) if unicodedata.category(one) != "Mn")
        return plain, text

    def listed(self, parts: Iterable[str]) -> str:
        """Write parts one after the other, parted by the comma of the language."""
        return language_of(self.language).list_comma.join(parts)

    def numeral(self, value: int) -> str:
        """Write a whole number that measures nothing, such as a year, a level or a page: without groups."""
        return self.in_digits(str(value))

    def in_digits(self, text: str) -> str:
        """Write the figures of a text with the digits that were chosen."""
        return _convert_digits(text, self.digits)

    def own_figures(self, text: str, pattern: str = _WHOLE_NUMBER) -> str:
        """Write the numbers in a sentence with the digits that were chosen; codes such as "VI.C8" stay."""
        if self.digits == LATIN_DIGITS:
            return text
        group = late_babel.numbers.get_group_symbol(self.locale, numbering_system=self.digits)
        point = late_babel.numbers.get_decimal_symbol(self.locale, numbering_system=self.digits)
        signs = str.maketrans({",": group, ".": point})
        return re.sub(pattern, lambda found: self.in_digits(found[0].translate(signs)), text)

    def exact(self, number: Fraction) -> str:
        """Write a weight or sum: whole numbers as such, others with three decimals."""
        return self.number(number, 0 if number.denominator == 1 else 3)

    def percent(self, share: Fraction, digits: int = 0) -> str:
        """Write a share in [0, 1] as a percentage."""
        # The locale says where the sign stands and what is before it: "33,3 %", "%33".
        whole = str(self.locale.percent_formats[None].pattern)
        pattern = whole.replace("0", f"0.{'0' * digits}") if digits else whole
        shown = round_half_up(share * 100, digits) / 100
        written = late_babel.numbers.format_percent(
            shown, format=pattern, locale=self.locale, numbering_system=self.digits
        )
        return _convert_digits(str(written), self.digits)

    def date(self, iso: str) -> str:
        """Write an ISO date, month or year; anything else comes back as it is."""
        return self._written_date(iso, _format_long)

    def short_date(self, iso: str) -> str:
        """Write an ISO date, month or year as the window shows it: "15 May 2023"; anything else comes back as it is."""
        return self._written_date(iso, _format_short)

    def _written_date(self, iso: str, write: "Callable[[dt.date, Locale, bool], str]") -> str:
        if re.fullmatch(r"\d{4}", iso):
            return self.in_digits(iso)
        is_month = bool(re.fullmatch(r"\d{4}-\d{2}", iso))
        try:
            day = dt.date.fromisoformat(f"{iso}-01" if is_month else iso)
        except ValueError:
            return iso
        return _convert_digits(write(day, self.locale, is_month), self.digits)

    @cached_property
    def month_words(self) -> dict[str, int]:
        """The months, in this language and in English, by the letters of dates written with words."""
        found: dict[str, set[int]] = {"sept": {9}}
        for locale in (late_babel.Locale(ENGLISH), self.locale):
            for month in range(1, 13):
                for text in _texts_of_month(dt.date(2000, month, 28), locale):
                    found.setdefault(letters_of(text), set()).add(month)
        return {letters: min(months) for letters, months in found.items() if letters and len(months) == 1}

    @cached_property
    def is_day_first(self) -> bool:
        """Whether a date in figures begins with the day; English is written both ways."""
        pattern = str(self.locale.date_formats["short"].pattern)
        order = [pattern.find(sign) for sign in "dMy"]
        return self.locale.language != ENGLISH and order == sorted(order)

    def weekday(self, iso: str) -> str:
        """Write an ISO date with the day of the week; anything else as ``date`` does."""
        try:
            day = dt.date.fromisoformat(iso)
        except ValueError:
            return self.date(iso)
        return _convert_digits(late_babel.dates.format_date(day, "full", locale=self.locale), self.digits)

    def duration(self, minutes: int) -> str:
        """Write minutes as hours and minutes: "1 h 25 min"."""
        hours, rest = divmod(minutes, 60)
        if not hours:
            return self.gettext("{minutes} min").format(minutes=self.number(rest))
        if not rest:
            return self.gettext("{hours} h").format(hours=self.number(hours))
        return self.gettext("{hours} h {minutes} min").format(hours=self.number(hours), minutes=self.number(rest))

    def time(self, moment: dt.datetime) -> str:
        return _convert_digits(late_babel.dates.format_time(moment, "HH:mm:ss", locale=self.locale), self.digits)

    def date_time(self, iso: str) -> str:
        """Write a moment (ISO 8601) in local time, to the minute; anything else comes back as it is."""
        try:
            moment = dt.datetime.fromisoformat(iso).astimezone()
        except (ValueError, OverflowError):
            return iso
        return _convert_digits(_format_moment(moment, self.locale), self.digits)

    def ago(self, moment: dt.datetime, now: dt.datetime) -> str:
        """Return how long ago a moment was, roughly ("2 hours ago"); of a clock that was wrong, also how long until."""
        if abs(now - moment) < _JUST_NOW:
            return self.gettext("just now")
        return _convert_digits(
            late_babel.dates.format_timedelta(moment - now, add_direction=True, locale=self.locale), self.digits
        )

    def country(self, m49: str) -> str:
        """Name a country by its M49 code as the United Nations do; the code itself if nobody knows it."""
        names = country_names(m49)
        return (
            (names.get(self.locale.language) or cldr_country_name(m49, self.locale) or names[ENGLISH]) if names else m49
        )

    def country_as_typed(self, m49: str, name: str) -> str:
        """Return the name somebody typed for a country; one of its usual names gives way to that in this language."""
        return self.country(m49) if m49 and (not name or name in usual_country_names(m49)) else name

    def region(self, m49: str, name: str) -> str:
        """Name a region by its M49 code in this language; in English, and if nobody knows it, as given."""
        return name if self.locale.language == ENGLISH else str(self.locale.territories.get(m49, name))

    def language_name(self, language: str) -> str:
        """Name a language (BCP 47) in this one."""
        if language == self.language:
            return own_name(language)
        try:
            return late_babel.Locale.parse(language, sep="-").get_display_name(self.locale) or language
        except (ValueError, late_babel.UnknownLocaleError):
            return language
