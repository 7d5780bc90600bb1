"""What a finished report and a checked file say is seen whole, named and reachable at every text size, mirrored too."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from capacity_app.domain.assessment.verification import ContentMatch, Verdict
from capacity_app.i18n.translator import PSEUDO, Translator
from capacity_app.services import protection
from capacity_app.ui.pages.deliver.file_check import FileCheckResult
from capacity_app.ui.pages.deliver.import_page import ImportPage
from capacity_app.ui.pages.deliver.report_choices import REPORT_FORMATS
from capacity_app.ui.pages.deliver.report_page import ReportPage, ReportReadyCard
from capacity_app.ui.theme.fonts_and_sizes import set_zoom
from tests.builders import file_of
from tests.ui.office import Office
from tests.ui.test_every_screen import accessible, backward_steps, clipped_words, nameless, nodes, small_targets

DIGITS = "0123456789abcdef" * 4
FOUND = FileCheckResult(
    file="a-file-with-a-rather-long-name-2018-no-names-ar-en.xlsx",
    is_good=False,
    match=ContentMatch.DIFFERENT,
    told=tuple((verdict, f"One sentence about what was found, which is {verdict}.") for verdict in Verdict),
    facts=(("Last answer", "27 November 2018, 09:14 UTC"), ("Content hash", "0123 4567 89ab cdef")),
    damage=("question ii.staff: The table of answers differs from the revisions.",),
)


@pytest.fixture(params=["en", PSEUDO])
def office(request: pytest.FixtureRequest, tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Office]:
    texts = Translator(request.param)
    mirrored = Qt.LayoutDirection.RightToLeft if texts.right_to_left else Qt.LayoutDirection.LeftToRight
    qapp.setLayoutDirection(mirrored)
    made = Office(qtbot, tmp_path / "settings.ini", texts)
    made.window.resize(1366, 768)
    made.open(file_of(tmp_path))
    yield made
    made.leave()


def faults(screen: QWidget) -> list[str]:
    found = [nameless(node) for node in nodes(accessible(screen))]
    found += [*clipped_words(screen), *small_targets(screen), *backward_steps(screen)]
    return [fault for fault in found if fault]


def settle(office: Office) -> None:
    """Wait until everything has found its place: what a timer has changed at the end is laid out only then."""
    office.settle()
    office.qtbot.wait(30)
    office.settle()


@pytest.mark.check
@pytest.mark.parametrize("zoom", [100, 200])
def test_outcomes_are_seen_whole_named_and_easy_to_hit(office: Office, qapp: QApplication, zoom: int) -> None:
    set_zoom(qapp, zoom)
    page = office.page(ReportPage, "report")
    settle(office)
    assert faults(page) == []
    ways = [(office.texts.gettext(label), lambda: None) for label in ("Open report", "Show folder")]
    unsigned = office.texts.gettext(protection.NOT_SIGNED).format(folder="/home/officer/.config/capacity-app")
    report = "/home/officer/xxa-2018-full-en.pdf"
    finished = ReportReadyCard(office.texts, report, ways, DIGITS, REPORT_FORMATS[0].where, unsigned)
    page.report.foot.outcome.show(finished, finished.closer, finished.sentence)
    settle(office)
    assert faults(page) == []


@pytest.mark.check
@pytest.mark.parametrize("zoom", [100, 200])
def test_a_verified_file_is_told_whole(office: Office, qapp: QApplication, zoom: int) -> None:
    set_zoom(qapp, zoom)
    page = office.page(ImportPage, "exchange")
    page.show_verification()
    page.file_check.found.emit(FOUND)
    settle(office)
    assert faults(page) == []
    result = page.check_card.findChild(QWidget, "check_result")
    assert result is not None
    assert not result.visibleRegion().isEmpty()
