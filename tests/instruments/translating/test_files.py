"""The person's own file: nothing is lost, and it says who and when."""

from pathlib import Path

import pytest

from capacity_app import catalogues
from capacity_app.catalogues import Standing
from capacity_app.domain.problems import KnownError
from capacity_app.instruments.reader import read_instrument
from capacity_app.instruments.translating.files import Entered, expect_language, merged, plain_name, signed_off
from capacity_app.instruments.translating.known import known
from capacity_app.instruments.translating.passages import Subject, instrument_subject
from tests.translators import own_po, small_library


def small() -> Subject:
    instrument, _problems = read_instrument(small_library())
    assert instrument is not None
    return instrument_subject(instrument, str)


def entered(subject: Subject, key: str, text: str, note: str = "") -> Entered:
    return Entered(subject.by_key[key], (text,), note)


def test_what_is_taken_goes_over_what_is_there_and_the_rest_stays() -> None:
    subject, file = small(), own_po()
    file.write_bytes(
        merged(file, subject, known(subject, "ka"), [entered(subject, "r|title", "ერთი")], "Nino", "2026-01-02")
    )
    text = 'msgctxt "small|gone|text"\nmsgid "Gone"\nmsgstr "წავიდა"\n'
    file.write_text(file.read_text("utf-8") + "\n" + text, "utf-8")
    two = [entered(subject, "r.survey|text", "ორი", "looked up in\nthe law")]
    file.write_bytes(merged(file, subject, known(subject, "ka"), two, "Giorgi", "2026-02-03"))
    said = file.read_text("utf-8")
    for line in (
        "# Nino, 2026-01-02",
        "# Giorgi, 2026-02-03: looked up in the law",
        'msgstr "წავიდა"',
        'msgstr "ერთი"',
    ):
        assert line in said
    assert catalogues.review_of(file).standing("1.0") is Standing.UNREVIEWED
    there = known(subject, "ka")
    assert there.of(subject.by_key["r|title"]) == ("ერთი",)
    assert there.of(subject.by_key["r.survey|text"]) == ("ორი",)


def test_a_sign_off_says_who_when_and_of_which_version() -> None:
    subject, file = small(), own_po()
    name = plain_name('Dr. "Nino" \\ K\n. unreviewed')
    content = signed_off(file, subject, known(subject, "ka"), [entered(subject, "r|title", "ა")], name, "2026-01-02")
    file.write_bytes(content)
    review = catalogues.review_of(file)
    assert (review.on, review.version, review.is_open) == ("2026-01-02", "1.0", False)
    assert review.by == name
    assert review.standing("1.0") is Standing.REVIEWED
    assert review.standing("2.0") is Standing.EARLIER
    file.write_bytes(merged(file, subject, known(subject, "ka"), [entered(subject, "r|title", "ბ")], "X", "2026-03-03"))
    assert catalogues.review_of(file).standing("1.0") is Standing.UNREVIEWED


def test_an_own_file_that_cannot_be_read_is_never_written_over() -> None:
    subject, file = small(), own_po()
    file.write_bytes(b'msgid "a\nmsgstr \xff')
    with pytest.raises(KnownError, match="nothing was written over it"):
        merged(file, subject, known(subject, "ka"), [entered(subject, "r|title", "ა")], "", "")


@pytest.mark.parametrize("language", ["", "xx", "../x", "ka/../../x", "e" * 300])
def test_what_is_no_language_names_no_file(language: str) -> None:
    with pytest.raises(KnownError):
        expect_language(language)


def test_languages_are_written_as_they_name_files(tmp_path: Path) -> None:
    assert [expect_language(tag) for tag in ("ka", "zh_Hant", "zh-hant", "pt-BR")] == [
        "ka",
        "zh-Hant",
        "zh-Hant",
        "pt-BR",
    ]
    assert not list(tmp_path.iterdir())
