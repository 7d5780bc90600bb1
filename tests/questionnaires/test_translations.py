"""The texts of a questionnaire and of the program, and the person's own PO file, which loses nothing."""

import datetime as dt
from pathlib import Path

import pytest

from capacity_app import paths
from capacity_app.domain.problems import KnownError
from capacity_app.domain.questionnaire.instrument import wording_places
from capacity_app.i18n import catalogues
from capacity_app.i18n.catalogues import ReviewStatus
from capacity_app.questionnaires.reader import offered_supplements, read_instrument
from capacity_app.questionnaires.translations import (
    TranslationSubject,
    expect_language,
    header_safe_name,
    instrument_subject,
    known_locale,
    plural_numbers,
    program_key,
    program_subject,
    read_translations,
    updated_own_catalogue,
)
from tests.translators import own_po, small_library


def small() -> TranslationSubject:
    instrument, _problems = read_instrument(small_library())
    assert instrument is not None
    return instrument_subject(instrument)


def write_own(changes: dict[str, str], by: str, *, is_signed_off: bool = False) -> Path:
    subject = small()
    texts = {text.key: text for text in subject.texts}
    known = read_translations(subject, "ka")
    typed = [(texts[key], (said,)) for key, said in changes.items()]
    content = updated_own_catalogue(subject, known, typed, by, is_signed_off=is_signed_off)
    own_po().write_bytes(content)
    return own_po()


def test_every_text_of_the_toolkit_has_a_key_of_its_own() -> None:
    folder = paths.instruments_folder() / "unsd-nmdc"
    instrument, _ = read_instrument(folder, [one.file for one in offered_supplements(folder)])
    assert instrument is not None
    subject = instrument_subject(instrument)
    assert [(one.key, one.source) for one in subject.texts] == list(wording_places(instrument))
    assert len({one.key for one in subject.texts}) == len(subject.texts)


def test_a_text_of_the_program_says_where_it_is_used() -> None:
    subject = program_subject()
    assert len(subject.texts) > 2_000
    menu = next(one for one in subject.texts if one.key == program_key("&File"))
    assert menu.context == "ui/shell/menus.py"


def test_what_is_changed_replaces_what_is_there_and_the_rest_stays() -> None:
    file = write_own({"r|title": "ერთი"}, "Nino")
    gone = 'msgctxt "small|gone|text"\nmsgid "Gone"\nmsgstr "წავიდა"\n'
    file.write_text(f"{file.read_text('utf-8')}\n{gone}", "utf-8")
    write_own({"r.survey|text": "ორი"}, "Giorgi")
    said = file.read_text("utf-8")
    for line in ("Last-Translator: Giorgi, unreviewed", 'msgstr "წავიდა"', 'msgstr "ერთი"'):
        assert line in said
    assert catalogues.read_review(file).standing("1.0") is ReviewStatus.UNREVIEWED
    assert read_translations(small(), "ka").forms == {"r|title": ("ერთი",), "r.survey|text": ("ორი",)}


def test_a_sign_off_says_who_when_and_of_which_version() -> None:
    name = header_safe_name('Dr. "Nino" \\ K\n. unreviewed')
    file = write_own({"r|title": "ა"}, name, is_signed_off=True)
    review = catalogues.read_review(file)
    today = dt.datetime.now().astimezone().date().isoformat()
    assert (review.on, review.version, review.is_open) == (today, "1.0", False)
    assert review.by == name
    assert review.standing("1.0") is ReviewStatus.REVIEWED
    assert review.standing("2.0") is ReviewStatus.EARLIER
    write_own({"r|title": "ბ"}, "X")
    assert catalogues.read_review(file).standing("1.0") is ReviewStatus.UNREVIEWED


def test_an_own_file_that_cannot_be_read_is_never_written_over() -> None:
    small()
    own_po().write_bytes(b'msgid "a\nmsgstr \xff')
    with pytest.raises(KnownError, match=r"cannot be read.*Nothing was changed"):
        write_own({"r|title": "ა"}, "")


@pytest.mark.parametrize("language", ["", "xx", "../x", "ka/../../x", "e" * 300])
def test_what_is_no_language_names_no_file(language: str) -> None:
    with pytest.raises(KnownError):
        expect_language(language)


def test_languages_are_written_as_they_name_files() -> None:
    assert [expect_language(tag) for tag in ("ka", "zh_Hant", "zh-hant", "pt-BR")] == [
        "ka",
        "zh-Hant",
        "zh-Hant",
        "pt-BR",
    ]


def test_a_language_nobody_knows_has_no_conventions() -> None:
    for language in ("", "xx-nowhere", "../../etc", "tlh"):
        assert known_locale(language) is None
    assert str(known_locale("zh-Hant")) == "zh_Hant"


@pytest.mark.parametrize(
    ("language", "numbers"),
    [
        ("en", ((1,), (0, 2, 3, 4))),
        ("ka", ((0, 1, 2, 3),)),
        ("fr", ((0, 1), (2, 3, 4, 5))),
        ("ru", ((1, 21, 31, 41), (2, 3, 4, 22), (0, 5, 6, 7))),
    ],
)
def test_each_plural_form_says_for_which_numbers_it_is(language: str, numbers: tuple[tuple[int, ...], ...]) -> None:
    assert plural_numbers(language) == numbers
