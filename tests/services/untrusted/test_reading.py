"""A file that came back is looked at, identified and read in one go; whatever goes wrong is one sentence."""

import pytest

from capacity_app.domain.assessment.verification import FileMedium
from capacity_app.domain.problems import KnownError
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.i18n.translator import Translator
from capacity_app.services.reports import report_bytes
from capacity_app.services.untrusted.returned_file import InstrumentOrigin, read_returned_file
from tests.builders import small_dossier, small_instrument
from tests.untrusted.strangers import changed

KINDS = {".xlsx": FileMedium.WORKBOOK, ".docx": FileMedium.WORD}


def report(ending: str) -> bytes:
    return report_bytes(small_dossier(), ending, texts=Translator("en"))


def ours(_: InstrumentOrigin) -> Instrument:
    return small_instrument()


@pytest.mark.parametrize("ending", KINDS)
def test_the_instrument_is_chosen_by_what_the_file_says(ending: str) -> None:
    asked: list[InstrumentOrigin] = []

    def chosen(origin: InstrumentOrigin) -> Instrument:
        asked.append(origin)
        return small_instrument()

    returned = read_returned_file(f"sent{ending}", report(ending), chosen)
    (origin,) = asked
    assert (origin.stamp.instrument, origin.stamp.instrument_version) == ("small", "1.0")
    assert origin.instrument_hash == small_instrument().content_hash
    assert origin.stamp.assessment == small_dossier().id
    assert returned.medium is KINDS[ending]
    assert returned.file == f"sent{ending}"
    assert returned.edited == ()


@pytest.mark.parametrize("ending", KINDS)
def test_an_instrument_nobody_has_is_said_by_whoever_looks_for_it(ending: str) -> None:
    def none(_: InstrumentOrigin) -> Instrument:
        raise KnownError("There is none.")

    with pytest.raises(KnownError, match="There is none"):
        read_returned_file("sent", report(ending), none)


def test_the_careful_way_reads_the_same() -> None:
    content = report(".xlsx")
    fast = read_returned_file("sent.xlsx", content, ours)
    assert len(fast.answers) > 10
    assert read_returned_file("sent.xlsx", content, ours, is_careful=True) == fast


def test_what_was_not_looked_at_is_said_beside_what_was_read() -> None:
    line = b'<Relationship Id="r9" Type="x/externalLinkPath" Target="file:///D:/other.xlsx" TargetMode="External"/>'
    content = changed("xl/_rels/workbook.xml.rels", b"</Relationships>", line + b"</Relationships>")()
    returned = read_returned_file("sent.xlsx", content, ours)
    assert len(returned.answers) > 10
    assert "file:///D:/other.xlsx" in returned.problems[0].text()
    assert returned.problems[0].place == "sent.xlsx"
