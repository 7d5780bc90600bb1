"""Three dossiers in two scripts, as every reader gets them, compared line by line with what is expected.

``pytest --update`` writes the expected files anew; the difference is then read like any other change.
"""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from capacity_app import __version__
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.privacy import FULL_PROFILE, ReportProfile
from capacity_app.i18n.translator import Translator
from capacity_app.services.reports import report_bytes
from capacity_app.services.session.demonstration import demonstration
from tests.outputs.example import report_dossier
from tests.outputs.hostile import hostile_dossier
from tests.outputs.reading import pdf_text
from tests.outputs.word_tree import style_of, text_of, tree

EXPECTED = Path(__file__).parents[1] / "expected" / "reports"
DOSSIERS: dict[str, Callable[[], Dossier]] = {
    "small": report_dossier,
    "hostile": lambda: hostile_dossier(evidence=3, longest=300),
    "demonstration": lambda: demonstration()[0],
}
LEFT_OUT = frozenset({"answers", "_heads", "_lists", "_capacity"})
"""Sheets that say once more what the dossier says."""


def _pdf(content: bytes, folder: Path) -> Iterator[str]:
    file = folder / "report.pdf"
    file.write_bytes(content)
    yield from pdf_text(file, order="-layout").splitlines()


def _word(content: bytes, _folder: Path) -> Iterator[str]:
    for paragraph in tree(content).iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p"):
        text = text_of(paragraph)
        if text.strip():
            yield f"{style_of(paragraph)} | {text}"


def _page(content: bytes, _folder: Path) -> Iterator[str]:
    unread = r'<style>.*?</style>|<svg.*?</svg>|<meta name="capacity-app:content"[^>]*>\n'
    whole = re.sub(unread, "", content.decode(), flags=re.DOTALL)
    yield from re.sub(r">\s*<", ">\n<", whole).splitlines()


def _book(content: bytes, _folder: Path) -> Iterator[str]:
    for sheet in load_workbook(io.BytesIO(content)).worksheets:
        if sheet.title in LEFT_OUT:
            continue
        yield f"## {sheet.title}, {'right to left' if sheet.sheet_view.rightToLeft else 'left to right'}"
        for row in sheet.iter_rows():
            yield from (f"{cell.coordinate} | {cell.value}" for cell in row if cell.value is not None)


READ: dict[str, Callable[[bytes, Path], Iterator[str]]] = {
    ".pdf": _pdf, ".docx": _word, ".html": _page, ".xlsx": _book,
}  # fmt: skip
QUICK = {("small", "en", ending) for ending in READ} | {
    (name, language, ending)
    for name, language in (("small", "ar"), ("hostile", "en"))
    for ending in (".docx", ".html", ".xlsx")
}
"""What is read in every run; `make check` reads the rest."""
CASES = [
    pytest.param(name, language, ending, marks=() if (name, language, ending) in QUICK else pytest.mark.check)
    for name in DOSSIERS
    for language in ("en", "ar")
    for ending in READ
    if (name, ending) != ("demonstration", ".xlsx") and (name, language, ending) != ("hostile", "ar", ".pdf")
]
"""All but two: the workbook of the demonstration always holds everything, and the pages of the
hostile dossier take long; the other two dossiers show what mirrored pages are like."""


@pytest.mark.check
@pytest.mark.parametrize(("name", "language", "ending"), CASES)
def test_a_report_reads_as_expected(
    name: str, language: str, ending: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    profile = ReportProfile() if name == "demonstration" else FULL_PROFILE
    content = report_bytes(DOSSIERS[name](), ending, texts=Translator(language), profile=profile)
    lines = (line.rstrip() for line in READ[ending](content, tmp_path))
    said = "\n".join(lines).replace(f" {__version__}", " (version)").replace(f'"{__version__}"', '"(version)"') + "\n"
    file = EXPECTED / f"{name}-{language}{ending}.txt"
    if request.config.getoption("--update"):
        EXPECTED.mkdir(parents=True, exist_ok=True)
        file.write_text(said, "utf-8")
    assert said == file.read_text("utf-8")
