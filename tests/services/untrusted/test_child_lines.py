"""What parent and child say to each other, line by line: what is understood, and what is no message at all."""

import json
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path

import pytest

from capacity_app.domain.problems import KnownError
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.workbook.reader import reader, sheets
from capacity_app.services.child_process import READING_MEMORY_LIMIT, READING_TIME_LIMIT, message_content
from capacity_app.services.reports import report_bytes
from capacity_app.services.untrusted import reading_process, returned_file
from capacity_app.services.untrusted.reading_process import (
    ReadCancelled,
    ReadRequest,
    decode_returned,
    done_line,
    error_line,
    instrument_from_line,
    instrument_to_line,
)
from capacity_app.services.untrusted.returned_file import InstrumentOrigin, read_returned_file
from tests.builders import small_dossier, small_instrument
from tests.untrusted.strangers import changed


def ours(_: InstrumentOrigin) -> Instrument:
    return small_instrument()


def report() -> bytes:
    return report_bytes(small_dossier(), ".xlsx", texts=Translator("en"))


def line_of(message: object) -> bytes:
    return json.dumps(message).encode() + b"\n"


def test_the_arguments_of_a_child_name_the_file_in_full_and_its_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    errand = ReadRequest(Path("--given.xlsx"))
    file = str(tmp_path / "--given.xlsx")
    usual = ["--time-limit", str(READING_TIME_LIMIT), "--memory-limit", str(READING_MEMORY_LIMIT)]
    assert errand.arguments() == ["read-file", *usual, "--", file]
    narrow = errand.arguments(seconds=1.5, megabytes=20, is_careful=True)
    assert narrow == ["read-file", "--time-limit", "1.5", "--memory-limit", "20", "--careful", "--", file]


def test_an_instrument_is_heard_as_it_was_told() -> None:
    assert instrument_from_line(instrument_to_line(small_instrument()).encode()) == small_instrument()
    assert "\n" not in instrument_to_line(small_instrument())
    with pytest.raises(KnownError):
        instrument_from_line(b"\xff")


def test_what_was_read_is_said_in_one_line_and_understood_whole() -> None:
    returned = read_returned_file("given.xlsx", report(), ours)
    line = done_line(Path("/a/given.xlsx"), returned)
    assert {name: line[name] for name in ("done", "file")} == {"done": True, "file": "given.xlsx"}
    assert reading_process._returned_in(b"noise\n" + line_of(line)) == returned
    assert reading_process._returned_in(line_of(line | {"done": False})) is None
    assert reading_process._returned_in(b"") is None


@pytest.mark.parametrize("content", ["", "=", "e30=", "bm8=", 3, None])
def test_a_last_line_without_what_was_read_is_nothing(content: object) -> None:
    assert reading_process._returned_in(line_of({"done": True, "content": content})) is None
    assert reading_process._returned_in(line_of({"done": True})) is None
    assert message_content({"content": content} if content == "=" else {}) == b""


@pytest.mark.parametrize("left", [b"", b"{}", b'{"medium": "workbook"}', b"[" * 100_000, b"\xff\xfe"])
def test_a_result_is_a_returned_file_or_nothing(left: bytes) -> None:
    assert decode_returned(left) is None


def test_a_refusal_comes_over_in_the_words_it_can_be_translated_from() -> None:
    error = KnownError("“{file}” has {count} parts.", file="{given}.xlsx", count="9")
    line = error_line(error, "In another language.")
    assert line == {"error": "In another language.", "message": error.message, "values": error.values}
    with pytest.raises(KnownError) as refused:
        reading_process._returned_in(line_of({"done": True}) + line_of(line))
    assert (refused.value.message, refused.value.values) == (error.message, error.values)


@pytest.mark.parametrize(
    "more", [{}, {"message": "x"}, {"values": {}}, {"message": 3, "values": {}}, {"message": "x", "values": 3}]
)
def test_a_refusal_in_words_of_its_own_is_said_as_it_is(more: dict[str, object]) -> None:
    with pytest.raises(KnownError) as refused:
        reading_process._returned_in(line_of({"error": "No {memory} left."} | more))
    assert refused.value.text() == "No {memory} left."


def test_values_are_texts_whatever_they_were() -> None:
    with pytest.raises(KnownError) as refused:
        reading_process._returned_in(line_of({"error": "x", "message": "{a}", "values": {"a": 3}}))
    assert refused.value.text() == "3"


@pytest.mark.parametrize("line", [b"[]", b"{", b"3", b'"error"', b'{"error": 3}', b"\xff", b"[" * 100_000])
def test_what_is_no_message_is_passed_over(line: bytes) -> None:
    assert reading_process._returned_in(line) is None


def test_waiting_ends_with_what_was_said_with_impatience_or_with_somebody_who_has_had_enough() -> None:
    said: Future[bytes] = Future()
    with pytest.raises(ReadCancelled):
        reading_process._await_output(said, None, lambda: True)
    assert reading_process._await_output(said, -1, lambda: False) is None
    asked: list[int] = []

    def answers() -> bool:
        asked.append(1)
        said.set_result(b"done")
        return False

    assert reading_process._await_output(said, None, answers) == b"done"
    assert asked == [1]


# -- reading in this process ---------------------------------------------------------------------------------------


def test_a_workbook_is_opened_once_in_the_way_that_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[bool] = []

    def open_workbook(
        content: bytes, *, is_careful: bool = False, unpacked: Mapping[str, bytes]
    ) -> sheets.ParsedWorkbook:
        opened.append(is_careful)
        return sheets.open_workbook(content, is_careful=is_careful, unpacked=unpacked)

    for module in (reader, returned_file):
        monkeypatch.setattr(module, "open_workbook", open_workbook)
    for is_careful in (False, True):
        read_returned_file("given.xlsx", report(), ours, is_careful=is_careful)
    read_returned_file("given.xlsx", report(), ours)
    assert opened == [False, True, False]


def test_what_is_not_ours_or_breaks_on_the_way_is_one_sentence_about_the_file() -> None:
    broken = changed("xl/sharedStrings.xml", b"</sst>", b"<si><t>")()
    with pytest.raises(KnownError) as refused:
        read_returned_file("given.xlsx", broken, ours)
    assert refused.value.text() == "“given.xlsx” is damaged or was cut off: ask for it again."

    def strange(_: InstrumentOrigin) -> Instrument:
        class PanicException(BaseException):
            pass

        raise PanicException

    with pytest.raises(KnownError, match="is damaged"):
        read_returned_file("given.xlsx", report(), strange)

    def over(_: InstrumentOrigin) -> Instrument:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_returned_file("given.xlsx", report(), over)
