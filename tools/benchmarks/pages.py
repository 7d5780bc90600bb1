"""Opening a section page of 40 questions, against the same bare widgets without our code."""

import dataclasses
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QVBoxLayout, QWidget

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Agency
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.file_writing import create_from_dossier
from capacity_app.ui.pages.answer.questionnaire_page import QuestionnairePage
from capacity_app.ui.pages.answer.section_page import SectionPage
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.theme.fonts_and_sizes import apply_theme
from tests.domain.making import instrument, section
from tools.benchmarks.measuring import Figure, alone, paired
from tools.benchmarks.samples import DEMONSTRATION

_QUESTIONS = 40
_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly
_FRAME_MS = 1000 / 60


class Bare(NamedTuple):
    """A widget of a built page as a plain Qt class with its text and children."""

    kind: type[QWidget]
    text: str
    inner: tuple["Bare", ...]


def _bare(widget: QWidget) -> Bare:
    kind = next(kind for kind in type(widget).__mro__ if kind.__module__.startswith("PySide6"))
    text = widget.text() if isinstance(widget, QLabel) else ""
    inner = widget.findChildren(QWidget, options=_DIRECT)
    return Bare(kind if kind is not QWidget else QFrame, text, tuple(_bare(child) for child in inner))


def _make(bare: Bare) -> QWidget:
    widget = bare.kind()
    if isinstance(widget, QLabel):
        widget.setText(bare.text)
    if bare.inner:
        layout = QVBoxLayout(widget)
        for child in bare.inner:
            layout.addWidget(_make(child))
    return widget


def _forty_questions() -> Dossier:
    known = [question for question in DEMONSTRATION.instrument.questions() if not question.columns][:_QUESTIONS]
    shown = [dataclasses.replace(question, show_if=None) for question in known]
    few = dataclasses.replace(shown[0], id="few.one")
    made = instrument(section("many", *shown), section("few", few))
    return Dossier(id="1", instrument=made, agencies=(Agency(id="agency-a", name="Statistics"),))


def _measured(session: AssessmentSession, app: QApplication) -> Iterator[Figure]:
    texts = Translator()
    controller = SessionController(session)
    page = QuestionnairePage(controller, texts)
    page.resize(1400, 900)
    page.show()
    many = session.instrument.sections[0]

    def shown(widget: QWidget) -> QWidget:
        widget.resize(900, 900)
        widget.show()
        widget.grab()
        return widget

    def forget(widget: QWidget) -> None:
        widget.hide()
        widget.deleteLater()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def build() -> None:
        built = SectionPage(controller, page.wording, many, None)
        built.resize(900, 900)
        built.finish()
        forget(shown(built))

    pattern = SectionPage(controller, page.wording, many, None)
    pattern.resize(900, 900)
    pattern.finish()
    bare = _bare(pattern.stack)
    yield paired(f"page of {_QUESTIONS} questions, first time", build, lambda: forget(shown(_make(bare))), 1.5)

    def again() -> None:
        page.show_section("few")
        page.show_section("many")
        page.grab()

    again()
    yield alone("the same page, again (one frame at 60 a second)", again, round(_FRAME_MS, 1))
    forget(pattern)
    forget(page)


def figures() -> Iterator[Figure]:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    apply_theme(app, "light")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "forty.assessment"
        create_from_dossier(file, _forty_questions(), {}, device="benchmark1")
        session = AssessmentSession(file, device="benchmark1")
        try:
            yield from _measured(session, app)
        finally:
            session.close()
