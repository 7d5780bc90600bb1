"""Words, numbers and dates in one language: a value that is passed, never a global.

The report's language is not the interface's, so whoever shows words gets a ``Texts``.
"""

import datetime as dt
import errno
import gettext
import logging
import os
import re
import unicodedata
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from babel import Locale, UnknownLocaleError, dates, numbers

from capacity_app import paths

DOMAIN = "capacity-app"
PSEUDO = "qps"
"""A made-up language, 40 % longer, accented and mirrored: it shows clipped, untranslated and misplaced labels."""

ENGLISH = "en"


_LEFT_TO_RIGHT, _END = "\u2066", "\u2069"
"""They keep what is between them together and from left to right, whatever stands around it; nobody sees them."""


def left_to_right(text: str) -> str:
    """Give text to be shown that keeps its order from left to right inside any other, such as a path or a range."""
    return f"{_LEFT_TO_RIGHT}{text}{_END}"


def in_own_order(text: str) -> str:
    """Give text to be shown in a mirrored window: lines without a letter written leftwards keep their order.

    Else “Which ones?” would end in front, and “61 – 65” would begin with its end.
    """
    return "\n".join(
        line if not line or any(map(_is_written_leftwards, line)) else left_to_right(line) for line in text.split("\n")
    )


def _is_written_leftwards(letter: str) -> bool:
    return unicodedata.bidirectional(letter) in {"R", "AL", "AN"}


def _countries() -> Any:  # noqa: ANN401 - the library's own database class is no public type
    import pycountry  # noqa: PLC0415 - costs 35 ms that a starting window does not need

    return pycountry.countries


def rounded(value: Fraction, digits: int) -> Decimal:
    """Round half up, as the method says; exact input, decimal output."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    step = Decimal(1).scaleb(-digits)
    # An exact tie must not be lost to the division's own rounding: compare in fractions.
    down = exact.quantize(step, rounding="ROUND_FLOOR")
    if value - Fraction(down) >= Fraction(step) / 2:
        down += step
    return down.quantize(step, rounding=ROUND_HALF_UP)


def plain_points(value: Fraction | None) -> float | None:
    """Give points (0 to 100) for other programs, to one decimal; what is not known stays so."""
    return None if value is None else float(rounded(value, 1))


def plain_share(value: Fraction | None) -> float | None:
    """Give a share (0 to 1) for other programs, to three decimals; what is not known stays so."""
    return None if value is None else float(rounded(value, 3))


_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:[-_][A-Za-z0-9]{1,8})*")
_INSTRUMENT = re.compile(r"[\w-]+(?:\.[\w-]+)*")
"""Names that are no paths: both come from files that others write, and name files to be read."""


def _catalogue(language: str) -> gettext.NullTranslations:
    if not _LANGUAGE.fullmatch(language):
        return gettext.NullTranslations()
    folder = paths.resources_folder() / "translations"
    return gettext.translation(DOMAIN, folder, languages=[language.replace("-", "_")], fallback=True)


def _wording_folders(instrument: str) -> tuple[Path, ...]:
    if not _INSTRUMENT.fullmatch(instrument):
        return ()
    return (paths.instruments_folder() / instrument, paths.user_instruments_folder() / instrument)


def _opened(file: Path) -> BinaryIO:
    """Open a wording; raises OSError for what is no file, which might never end, and for one that is too large."""
    if not file.is_file() or file.stat().st_size > _MOST_BYTES:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return file.open("rb")


@lru_cache(maxsize=16)
def _worded(file: Path) -> dict[tuple[str, str], str]:
    """Read an instrument's wording in one language: translations by context and original; none if unreadable."""
    from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415 - a window in one language needs it not

    try:
        with _opened(file) as stream:
            catalogue = read_po(stream, abort_invalid=True)
    except (OSError, PoFileError, ValueError, LookupError) as error:
        logging.getLogger(__name__).warning("the wording %s cannot be read: %s", file, error)
        return {}
    return {
        (entry.context, str(entry.id)): str(entry.string)
        for entry in catalogue
        if entry.context and entry.string and not entry.fuzzy
    }


_MOST_BYTES = 20_000_000
_TRANSLATOR = re.compile(r'^"Last-Translator: (.*?)(?:\\n)?"$', re.MULTILINE)
_HEADER = 4_000
"""Bytes in which a wording's header stands."""
UNREVIEWED = "unreviewed"
"""The word in a wording's header, as its translator, while no person has signed it off."""


@lru_cache(maxsize=16)
def _translator(file: Path) -> str:
    """Read from a wording's header who made it, empty if it does not say."""
    try:
        with _opened(file) as stream:
            found = _TRANSLATOR.search(stream.read(_HEADER).decode("utf-8", "replace"))
    except OSError:
        return ""
    return found[1].strip() if found else ""


def wording_languages(instrument: str) -> tuple[str, ...]:
    """Give the languages an instrument is worded in besides its own (BCP 47): one ``.po`` file each beside it."""
    found = (file.stem.replace("_", "-") for folder in _wording_folders(instrument) for file in folder.glob("*.po"))
    return tuple(sorted(set(found)))


_LONG_WORD = 10
"""So many signs of the made-up language stand together: lines break between them, as between words."""


def _stretched(text: str) -> str:
    vowels = str.maketrans("aeiouAEIOU", "àéîöûÀÉÎÖÛ")
    pieces = re.split(r"(\{[^}]*\})", text)
    accented = "".join(piece if piece.startswith("{") else piece.translate(vowels) for piece in pieces)
    longer = "~" * (len(text) * 2 // 5)
    words = " ".join(longer[start : start + _LONG_WORD] for start in range(0, len(longer), _LONG_WORD))
    return f"⟦{accented}{words}⟧"


@lru_cache(maxsize=4096)
def _number(locale: Locale, value: Fraction, digits: int) -> str:
    """Write a number; tables write the same few thousands of times."""
    pattern = "#,##0" + (f".{'0' * digits}" if digits else "")
    return str(numbers.format_decimal(rounded(value, digits), format=pattern, locale=locale))


@dataclass(frozen=True)
class Texts:
    """Everything that depends on a language (BCP 47)."""

    language: str = ENGLISH
    translations: gettext.NullTranslations = field(init=False, repr=False, compare=False)
    _wordings: dict[str, tuple[Path, ...]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "translations", _catalogue(self.language))

    def gettext(self, message: str) -> str:
        """Translate a sentence."""
        if self.language == PSEUDO:
            return _stretched(message)
        return self.translations.gettext(message) if message else ""

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Translate a sentence that depends on a count."""
        if self.language == PSEUDO:
            return _stretched(one if count == 1 else many)
        return self.translations.ngettext(one, many, count)

    def wording(self, instrument: str, key: str, text: str) -> str:
        """Translate instrument wording; ``key`` is the permanent id and the part ("iv.policy|anchor 2")."""
        if self.language == PSEUDO or not text:
            return text
        for file in self._wording_files(instrument):
            if worded := _worded(file).get((f"{instrument}|{key}", text)):
                return worded
        return text

    def is_worded(self, instrument: str, key: str, text: str) -> bool:
        """Tell whether instrument wording has a translation here, be it the same word."""
        files = self._wording_files(instrument)
        return any((f"{instrument}|{key}", text) in _worded(file) for file in files)

    def is_reviewed(self, instrument: str) -> bool:
        """Tell whether a person has signed off how an instrument is worded here: no file's header says otherwise."""
        return not any(UNREVIEWED in _translator(file).casefold() for file in self._wording_files(instrument))

    def _wording_files(self, instrument: str) -> tuple[Path, ...]:
        known = self._wordings.get(instrument)
        if known is None:
            name = f"{self.language.replace('-', '_')}.po" if _LANGUAGE.fullmatch(self.language) else ""
            known = tuple(file for folder in _wording_folders(instrument) if os.path.isfile(file := folder / name))  # noqa: PTH113 - a Path raises where a home may not be looked into
            self._wordings[instrument] = known
        return known

    @cached_property
    def locale(self) -> Locale:
        """The language's conventions for numbers and dates; English where none are known."""
        try:
            return Locale.parse(self.language, sep="-")
        except (ValueError, UnknownLocaleError):
            return Locale(ENGLISH)

    @property
    def right_to_left(self) -> bool:
        """Whether the language is written from right to left; the made-up one is, to show what does not mirror."""
        return self.language == PSEUDO or self.locale.text_direction == "rtl"

    def in_order(self, text: str) -> str:
        """Give numbers to be printed in the order in which they are written, in every direction of writing."""
        return left_to_right(text) if self.right_to_left else text

    def number(self, value: int | Decimal | Fraction, digits: int = 0) -> str:
        """Write a number, rounded half up."""
        return _number(self.locale, Fraction(value), digits)

    def percent(self, share: Fraction, digits: int = 0) -> str:
        """Write a share in [0, 1] as a percentage."""
        pattern = "#,##0" + (f".{'0' * digits}" if digits else "") + "%"
        shown = rounded(share * 100, digits) / 100
        return str(numbers.format_percent(shown, format=pattern, locale=self.locale))

    def date(self, iso: str) -> str:
        """Write an ISO date, month or year; anything else comes back as it is."""
        is_month = bool(re.fullmatch(r"\d{4}-\d{2}", iso))
        try:
            day = dt.date.fromisoformat(f"{iso}-01" if is_month else iso)
        except ValueError:
            return iso
        if is_month:
            return str(dates.format_skeleton("yMMMM", day, locale=self.locale))
        return str(dates.format_date(day, "long", locale=self.locale))

    def time(self, moment: dt.datetime) -> str:
        """Write a time of day with seconds."""
        return str(dates.format_time(moment, "HH:mm:ss", locale=self.locale))

    def date_time(self, iso: str) -> str:
        """Write a moment (ISO 8601) in local time, to the minute; anything else comes back as it is."""
        try:
            moment = dt.datetime.fromisoformat(iso).astimezone()
        except (ValueError, OverflowError):
            return iso
        return str(dates.format_datetime(moment, "d MMM y HH:mm", locale=self.locale))

    def ago(self, moment: dt.datetime, now: dt.datetime) -> str:
        """Say how long ago a moment was, roughly ("2 hours ago"); of a clock that was wrong, also how long until."""
        return str(dates.format_timedelta(moment - now, add_direction=True, locale=self.locale))

    def country(self, m49: str) -> str:
        """Name a country by its M49 code; the code itself if nobody knows it."""
        entry = _countries().get(numeric=m49)
        if entry is None:
            return m49
        return str(self.locale.territories.get(entry.alpha_2, entry.name))

    def region(self, m49: str, name: str) -> str:
        """Name a region by its M49 code in this language; in English, and if nobody knows it, as given."""
        return name if self.locale.language == ENGLISH else str(self.locale.territories.get(m49, name))

    def language_name(self, language: str) -> str:
        """Name a language (BCP 47) in this one."""
        try:
            return Locale.parse(language, sep="-").get_display_name(self.locale) or language
        except (ValueError, UnknownLocaleError):
            return language


def country_codes() -> tuple[str, ...]:
    """Give all M49 country codes (three digits)."""
    return tuple(sorted(entry.numeric for entry in _countries()))


def m49_of(alpha3: str) -> str:
    """Give the M49 code of an ISO 3166-1 alpha-3 code; empty for made-up countries (XXA)."""
    entry = _countries().get(alpha_3=alpha3.upper())
    return str(entry.numeric) if entry else ""


def alpha3_of(m49: str) -> str:
    """Give the ISO 3166-1 alpha-3 code of an M49 code; empty if nobody knows it."""
    entry = _countries().get(numeric=m49)
    return str(entry.alpha_3) if entry else ""


def available_languages() -> tuple[str, ...]:
    """Give the languages with a compiled catalogue, English first."""
    folder = paths.resources_folder() / "translations"
    found = (path.parent.parent.name.replace("_", "-") for path in folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return (ENGLISH, *sorted(set(found) - {ENGLISH}))
