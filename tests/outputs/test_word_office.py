"""LibreOffice opens the Word file, shows everything in it, and keeps where remarks belong."""

import subprocess
from pathlib import Path

import pytest

from capacity_app.domain.assessment.answers import Address
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.word.word_context import addresses_by_mark
from capacity_app.services.reports import report_bytes, write_report
from capacity_app.services.session.demonstration import demonstration
from tests.builders import small_dossier
from tests.outputs.reading import missing
from tests.outputs.word_reading import word_text
from tests.outputs.word_tree import W, converted, remark_bookmarks, tags, tree, validated

pytestmark = pytest.mark.check

ENGLISH = Translator("en")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("office")


def test_the_demonstration_is_shown_whole_on_many_pages(folder: Path) -> None:
    dossier, _documents = demonstration()
    file = folder / "report.docx"
    write_report(dossier, file, texts=ENGLISH)
    assert '"ok": true' in validated(file)
    pdf = converted(file, "pdf")
    about = subprocess.run(["pdfinfo", pdf], capture_output=True, check=True).stdout.decode()  # noqa: S607 - poppler
    assert int(next(line.split()[1] for line in about.splitlines() if line.startswith("Pages"))) > 80
    assert missing(dossier, converted(file, "txt").read_text(encoding="utf-8-sig"), ENGLISH) == []


@pytest.mark.parametrize(("first", "second"), [("en", None), ("ar", "en")])
def test_remarks_keep_their_addresses_when_somebody_saves_the_file(
    folder: Path, first: str, second: str | None
) -> None:
    dossier = small_dossier()
    content = report_bytes(dossier, ".docx", texts=Translator(first), second=Translator(second) if second else None)
    file = folder / f"{first}.docx"
    file.write_bytes(content)
    saved = converted(file, "docx").read_bytes()
    assert saved != content
    remarks = [tag for tag in tags(content) if tag.startswith("remark:")]
    places = addresses_by_mark([Address.parse(tag.removeprefix("remark:")) for tag in remarks])
    assert len(places) == 2 * len(remarks)
    # LibreOffice 7.4 drops the tags and keeps the bookmarks; later ones keep both.
    assert [places[name] for name in remark_bookmarks(saved)] == [places[tag] for tag in remarks]
    assert tags(saved) in ([], tags(content))
    assert len(list(tree(saved).iter(f"{W}sdt"))) >= len(tags(content))
    assert "A. Officer" in word_text(saved)
