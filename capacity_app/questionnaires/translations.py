"""Every text of a questionnaire, or of the program, as it goes into a PO file; and the person's own PO files.

What a person has translated lies in a PO file in their own folder, which any PO editor opens. It counts before the
file that came with the program.
"""

import datetime as dt
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from gettext import c2py
from itertools import islice
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages import Catalog, Message
from babel.messages.plurals import get_plural
from babel.messages.pofile import write_po

from capacity_app import __version__, paths
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError, Problem, ProblemSeverity, printable
from capacity_app.domain.questionnaire.instrument import Instrument, wording_places
from capacity_app.i18n import catalogues
from capacity_app.i18n.catalogues import (
    ENGLISH,
    PROGRAM,
    REVIEWED_BY,
    REVIEWED_ON,
    REVIEWED_VERSION,
    UNREVIEWED,
    ReviewStatus,
    TranslationReview,
    placeholders,
)
from capacity_app.i18n.translator import Translator

_LONGEST_NAME = 100
_KEY_LENGTH = 20
_FILES_NAMED = 3
_NUMBERS_TRIED, _NUMBERS_SHOWN = 1_000, 4
"""Every language repeats its plural forms below a thousand."""
_NO_CATALOGUE = N_("The texts of the program cannot be listed, because no translation of them is installed.")
_UNREADABLE = N_(
    "Your translation file {file} cannot be read. Correct it or move it to another folder, and import the sheet again. "
    "Nothing was changed."
)
_UNKNOWN_LANGUAGE = N_("There is no language “{language}”. Use a code such as ka, pt-BR or zh-Hant.")

PluralForms = tuple[str, ...]
"""A translation: one text, or one for each plural form of the language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceText:
    """One text to translate, under its permanent key.

    ``plural`` is empty unless the text depends on a number; ``scope`` is its context in PO files, ``context`` tells a
    translator where it is shown.
    """

    key: str
    source: str
    plural: str = ""
    scope: str = ""
    context: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationSubject:
    """What is translated: a questionnaire in one version, or the program. ``terms`` are the keys of its own terms."""

    id: str
    version: str
    language: str
    title: str
    texts: tuple[SourceText, ...]
    terms: tuple[str, ...] = ()


# -- languages -----------------------------------------------------------------------------------------------------


def known_locale(language: str) -> Locale | None:
    try:
        return Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError, TypeError):
        return None


def expect_language(language: str) -> str:
    """Return a language's code as files are named by it; raises KnownError if nobody knows the language."""
    locale = known_locale(language.replace("_", "-")) if catalogues.is_language(language) else None
    if locale is None:
        raise KnownError(_UNKNOWN_LANGUAGE, language=printable(language))
    return str(locale).replace("_", "-")


@lru_cache(maxsize=32)
def plural_numbers(language: str) -> tuple[tuple[int, ...], ...]:
    """Return for each plural form of a language, in the order of PO files, the first numbers that take it."""
    count, expression = get_plural(known_locale(language) or Locale(ENGLISH))
    form_of = c2py(expression)
    chosen = [form_of(number) for number in range(_NUMBERS_TRIED + 1)]
    return tuple(
        tuple(islice((number for number, one in enumerate(chosen) if one == form), _NUMBERS_SHOWN))
        for form in range(count)
    )


# -- what there is to translate ------------------------------------------------------------------------------------


def instrument_subject(instrument: Instrument) -> TranslationSubject:
    """Return the texts of a questionnaire in printed order; read it with all its supplements."""
    texts = tuple(
        SourceText(key=key, source=text, scope=f"{instrument.id}|{key}", context=_context(instrument, key, text))
        for key, text in wording_places(instrument)
    )
    return TranslationSubject(
        id=instrument.id,
        version=instrument.version,
        language=instrument.language,
        title=instrument.title,
        texts=texts,
        terms=tuple(f"{concept.id}|label" for concept in instrument.concepts),
    )


def _context(instrument: Instrument, key: str, text: str) -> str:
    """Return the question, section or term that a text belongs to, and its row or column."""
    owner, _, part = key.partition("|")
    kind, name, *_rest = (*part.split(" "), "")
    found: list[str] = []
    if question := instrument.question_by_id.get(owner):
        found.append(f"{question.number} {question.text}")
        place = question.column_by_id.get(name) if kind == "column" else question.row_by_id.get(name)
        found.append(place.label if place and kind in {"column", "row"} else "")
    elif section := next((one for one in instrument.sections if one.id == owner), None):
        found.append(f"{section.number} {section.title}")
    elif concept := instrument.concept_by_id.get(owner):
        found.append(concept.label)
    return "\n".join(line for line in found if line and line != text)


def program_subject() -> TranslationSubject:
    """Return the texts of the program, from a PO file that came with it; raises KnownError."""
    files = (shipped_catalogue_file(language) for language in catalogues.program_languages())
    catalogue = next((found for file in files if (found := catalogues.read_catalogue(file))), None)
    if not catalogue:
        raise KnownError(_NO_CATALOGUE)
    texts = tuple(_program_text(message) for message in catalogue if message.id)
    return TranslationSubject(id=PROGRAM, version=__version__, language=ENGLISH, title="capacity-app", texts=texts)


def _program_text(message: "Message") -> SourceText:
    source, scope = _source_of(message), message.context or ""
    files = dict.fromkeys(str(file).removeprefix("capacity_app/") for file, _line in message.locations)
    return SourceText(
        key=program_key(source, scope),
        source=source,
        plural=str(message.id[1]) if isinstance(message.id, tuple) else "",
        scope=scope,
        context="\n".join((*filter(None, [scope]), *message.auto_comments, *[*files][:_FILES_NAMED])),
    )


def program_key(source: str, scope: str = "") -> str:
    """Return the permanent key of a text of the program; a text that is reworded gets another one."""
    return hashlib.sha256(f"{scope}\x04{source}".encode()).hexdigest()[:_KEY_LENGTH]


def shipped_catalogue_file(language: str) -> Path:
    """Return where the PO file of the program in a language is that came with it."""
    folder = paths.resources_folder() / "translations" / language.replace("-", "_")
    return folder / "LC_MESSAGES" / f"{catalogues.GETTEXT_DOMAIN}.po"


# -- what is translated already ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Translations:
    """What is translated into a language, by key; ``earlier`` are the source and translation before a rewording."""

    language: str
    forms: Mapping[str, PluralForms]
    earlier: Mapping[str, tuple[str, str]]


def read_translations(subject: TranslationSubject, language: str) -> Translations:
    keys = {(text.scope, text.source): text.key for text in subject.texts}
    reworded = {text.scope: text.key for text in subject.texts if text.scope}
    forms: dict[str, PluralForms] = {}
    earlier: dict[str, tuple[str, str]] = {}
    files = [own_translation_file(subject.id, language), shipped_catalogue_file(language)]
    if subject.id != PROGRAM:
        files = [*catalogues.wording_files(subject.id, language)]
    # What counts first is read last, and replaces the rest.
    for message in (one for file in reversed(files) for one in catalogues.read_catalogue(file) or () if one.id):
        scope, said = message.context or "", _forms_of(message)
        key = keys.get((scope, _source_of(message)))
        if key and any(said) and not message.fuzzy and catalogues.has_same_placeholders(message):
            forms[key] = said
        elif any(said) and scope in reworded:
            earlier[reworded[scope]] = (_source_of(message), said[0])
    return Translations(language, forms, {key: was for key, was in earlier.items() if key not in forms})


def _source_of(message: "Message") -> str:
    return str(message.id[0] if isinstance(message.id, tuple | list) else message.id)


def _forms_of(message: "Message") -> PluralForms:
    said = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return tuple(str(form or "") for form in said)


def review_status(subject: str, version: str, language: str) -> tuple[ReviewStatus, TranslationReview]:
    """Return whether the translation of a questionnaire, or of the program, is reviewed, and by whom."""
    if subject == PROGRAM:
        review = catalogues.program_review(language)
        return review.standing(version), review
    files = catalogues.wording_files(subject, language)
    return Translator(language).standing(subject, version), catalogues.read_review(
        files[0]
    ) if files else TranslationReview()


# -- the person's own PO file --------------------------------------------------------------------------------------


def own_translation_file(subject: str, language: str) -> Path:
    """Return where the person's own translation is kept."""
    if subject == PROGRAM:
        return catalogues.own_program_file(language)
    return paths.user_instruments_folder() / subject / f"{language.replace('-', '_')}.po"


def header_safe_name(text: str) -> str:
    """Return a person's name as it can be written into the header of a PO file."""
    kept = " ".join(printable(text).replace('"', "”").replace("\\", "/").split())[:_LONGEST_NAME].strip()
    return kept.replace(UNREVIEWED, "").strip(" ,") if UNREVIEWED in kept.casefold() else kept


def updated_own_catalogue(
    subject: TranslationSubject,
    known: Translations,
    changes: Iterable[tuple[SourceText, PluralForms]],
    by: str,
    *,
    is_signed_off: bool,
) -> bytes:
    """Return the person's own PO file with changes written over it; raises KnownError if it cannot be read.

    A translation that is signed off holds everything that is translated, because all of it was reviewed.
    """
    catalogue = _own_catalogue(subject, known.language)
    if is_signed_off:
        own = {(message.context or "", _source_of(message)) for message in catalogue if message.id and message.string}
        for text in subject.texts:
            if text.key in known.forms and (text.scope, text.source) not in own:
                _put_message(catalogue, text, known.forms[text.key])
    for text, forms in changes:
        _put_message(catalogue, text, forms)
    catalogue.last_translator = by if is_signed_off else ", ".join(filter(None, (by, UNREVIEWED)))
    catalogue.revision_date = dt.datetime.now(dt.UTC)
    out = io.BytesIO()
    # No line is broken: a header is read line by line.
    write_po(out, catalogue, width=0, include_lineno=False)
    head, gap, rest = out.getvalue().decode("utf-8").partition("\n\n")
    return f"{head}{''.join(_review_lines(subject, by)) if is_signed_off else ''}{gap}{rest}".encode()


def _review_lines(subject: TranslationSubject, by: str) -> Iterator[str]:
    today = dt.datetime.now().astimezone().date().isoformat()
    for name, value in ((REVIEWED_BY, by), (REVIEWED_ON, today), (REVIEWED_VERSION, subject.version)):
        yield f'\n"{name}: {value}\\n"'


def _own_catalogue(subject: TranslationSubject, language: str) -> "Catalog":
    file = own_translation_file(subject.id, language)
    found = catalogues.read_catalogue(file) if file.is_file() else Catalog()
    if found is None:
        raise KnownError(_UNREADABLE, file=str(file))
    # The header is written again: the language and its plural forms are those of the sheet.
    made = Catalog(
        locale=known_locale(language),
        project=subject.id,
        version=subject.version,
        header_comment=f"# {subject.id}: {language}",
        fuzzy=False,
        charset="utf-8",
    )
    for message in found:
        if message.id:
            made[message.id] = message
    made.obsolete = found.obsolete
    return made


def _put_message(catalogue: "Catalog", text: SourceText, forms: PluralForms) -> None:
    source = (text.source, text.plural) if text.plural else text.source
    # A message that is there already would be joined with the new one.
    catalogue.delete(source, text.scope or None)
    catalogue.add(source, forms if text.plural else forms[0], context=text.scope or None)


# What a translation must keep of its source; an error refuses the translation, a warning is only reported.

LONGEST_TRANSLATION = 20_000
"""Characters of one text."""
_PAIRED_SIGNS = (("\u202a\u202b", "\u202c"), ("\u2066\u2067\u2068", "\u2069"))
"""Marks that begin and end a stretch in another direction of writing."""
_REFUSED_SIGNS = frozenset("\u202d\u202e\ufffd")
"""Overrides of the direction, and what is written in place of a letter that was lost."""
_ACCESS_KEY = re.compile(r"&(?=[^\W_])")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


def translation_error(code: str, place: str, message: str, advice: str = "", **values: str) -> Problem:
    return Problem(f"translation.{code}", place, message, advice, tuple(values.items()))


def translation_warning(code: str, place: str, message: str, advice: str = "", **values: str) -> Problem:
    return Problem(f"translation.{code}", place, message, advice, tuple(values.items()), ProblemSeverity.WARNING)


def with_outer_spaces(text: SourceText, typed: str) -> str:
    """Return a translation with the spaces and line breaks around it that its source has."""
    source, inside = text.source, typed.strip()
    before = source[: len(source) - len(source.lstrip())]
    return f"{before}{inside}{source[len(source.rstrip()) :]}" if inside else ""


def translation_problems(
    text: SourceText, typed: str, place: str, *, numbers: tuple[int, ...], subject: str
) -> Iterator[Problem]:
    """Go through what is wrong with a translation; ``numbers`` are the first that take its plural form."""
    yield from _character_problems(text, typed, place)
    yield from _placeholder_problems(text, typed, place, numbers)
    if sorted(_TAG.findall(typed)) != sorted(_TAG.findall(text.source)):
        message = N_("The translation does not have the same tags in angle brackets as the source.")
        yield translation_error("markup", place, message, N_("Copy the tags from the source, character by character."))
    if subject == PROGRAM and (len(_ACCESS_KEY.findall(typed)) != 1) and len(_ACCESS_KEY.findall(text.source)) == 1:
        message = N_("The source has an & before one letter. The translation needs an & before one letter, too.")
        yield translation_error("key", place, message, N_("The letter is the one that is pressed together with Alt."))
    if "\n" in typed.strip() and "\n" not in text.source.strip():
        message = N_("The source has one line, the translation has several.")
        yield translation_error("lines", place, message, N_("Remove the line breaks from the cell."))


def _character_problems(text: SourceText, typed: str, place: str) -> Iterator[Problem]:
    is_broken = any(sign in _REFUSED_SIGNS or (unicodedata.category(sign) in {"Cc", "Cs"} and sign != "\n")
                    for sign in typed)  # fmt: skip
    if is_broken or not _is_balanced(typed):
        message = N_("The translation holds lost or invisible characters, or characters that turn the text around.")
        yield translation_error("characters", place, message, N_("Type the text again in an empty cell."))
    if len(typed) > LONGEST_TRANSLATION:
        yield translation_error(
            "long", place, N_("The translation is longer than {most} characters."), most=str(LONGEST_TRANSLATION)
        )
    if typed.startswith("=") and not text.source.startswith("="):
        yield formula_problem(place)


def formula_problem(place: str) -> Problem:
    """Return what is said of a cell that calculates."""
    return translation_error(
        "formula", place, N_("The cell holds a formula or an error."), N_("Type the translation as a text.")
    )


def _is_balanced(typed: str) -> bool:
    """Return whether invisible marks of direction end in each line what they begin."""
    return all(
        sum(map(line.count, openers)) == line.count(closer)
        for line in typed.split("\n")
        for openers, closer in _PAIRED_SIGNS
    )


def _placeholder_problems(text: SourceText, typed: str, place: str, numbers: tuple[int, ...]) -> Iterator[Problem]:
    said, wanted = placeholders(typed), placeholders(text.plural or text.source)
    known = {*wanted, *placeholders(text.source)}
    advice = N_("Copy the placeholders in braces from the source, character by character.")
    is_wrong = not set(said) <= known or any(said.count(one) > max(wanted.count(one), 1) for one in said)
    if is_wrong or (not text.plural and said != wanted):
        values = {"wanted": ", ".join(wanted) or "–", "said": ", ".join(said) or "–"}
        message = N_("The placeholders of the source are {wanted}. Those of the translation are {said}.")
        yield translation_error("placeholders", place, message, advice, **values)
    elif text.plural and len(numbers) > 1 and set(said) != known:
        message = N_("The translation leaves out {missing}. This plural form is for several numbers.")
        yield translation_warning("plural", place, message, missing=", ".join(sorted(known - set(said))))
