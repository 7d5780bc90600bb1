"""Working in an instrument of 3,000 questions and 10,000 cells: opening it, a key, a page, a search."""

import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from capacity_app.domain.assessment.answers import Address, Answer
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Agency
from capacity_app.domain.text_search import search_words
from capacity_app.i18n.translator import Translator
from capacity_app.questionnaires.instrument_json import decode_instrument, encode_instrument
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.file_writing import create_from_dossier
from capacity_app.ui.pages.answer.questionnaire_page import QuestionnairePage
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.shell.command_box import SearchIndex
from capacity_app.ui.theme.fonts_and_sizes import apply_theme
from tools.benchmarks.measuring import Figure, alone, paired
from tools.benchmarks.samples import large_answers, large_instrument

_KEY_MS, _SEARCH_MS = 50, 100


def _file(folder: Path, name: str, answers: tuple[Answer, ...]) -> Path:
    agency = Agency(id="agency-a", name="Statistics")
    file = folder / f"{name}.assessment"
    create_from_dossier(
        file, Dossier(id="1", instrument=large_instrument(), answers=answers, agencies=(agency,)), device="bench"
    )
    return file


def _painted() -> None:
    """Let the window paint what has changed, and only that."""
    QApplication.sendPostedEvents()
    QApplication.processEvents()


def _opening() -> Figure:
    text = encode_instrument(large_instrument())
    return paired(
        "reading the large instrument; floor: its JSON with msgspec",
        lambda: decode_instrument(text),
        lambda: msgspec.json.decode(text),
        3,
    )


def _living(session: AssessmentSession) -> Iterator[Figure]:
    controller = SessionController(session)
    page = QuestionnairePage(controller, Translator())
    page.resize(1400, 900)
    page.show()
    levels = [question for question in session.instrument.questions() if not question.columns]
    cells = [item.address for item in session.sheet.items() if item.row is not None]
    place = count()

    def press(key: Qt.Key) -> None:
        QTest.keyClick(QApplication.focusWidget() or page, key)

    def answer_and_go_on() -> None:
        press(Qt.Key.Key_2 if next(place) % 2 else Qt.Key.Key_1)
        press(Qt.Key.Key_Down)
        _painted()

    page.show_address(Address(levels[0].id))
    page.page().finish()
    _painted()
    yield alone("… key press to the next question painted", answer_and_go_on, _KEY_MS, runs=15)
    page.show_address(cells[5])
    _painted()
    yield alone("… key press to the next cell painted", answer_and_go_on, _KEY_MS, runs=15)
    sections = session.instrument.sections

    def turn() -> None:
        page.show_section(sections[next(place) % 2].id)
        _painted()

    turn()
    yield alone("… another page of 310 questions, again", turn, _KEY_MS, runs=15)
    index = SearchIndex(session, SessionFormatter(Translator(), session))

    def seek() -> None:
        words = search_words(("q29", "s7")[next(place) % 2])
        for question in session.instrument.questions():
            index.find(question, words)

    yield alone("… a search through all of it", seek, _SEARCH_MS, runs=9)
    page.close()
    page.deleteLater()


def figures() -> Iterator[Figure]:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    apply_theme(app)
    yield _opening()
    with tempfile.TemporaryDirectory() as folder:
        file = _file(Path(folder), "filled", large_answers())
        session = AssessmentSession(file, device="bench")
        yield from _living(session)
        session.close()
