"""How much the overall score depends on the way the sections are put together: several methods on one line."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from capacity_app.services.results import Results
from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.openers import Opener
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, Role
from capacity_app.ui.scores.arithmetic import Method, methods, points_text
from capacity_app.ui.scores.arithmetic_panel import steps_grid
from capacity_app.ui.scores.score_bars import METHOD_SIGNS, SensitivityStrip
from capacity_app.ui.scores.score_words import spread_sentence


class MethodRow(QWidget):
    """One method: its sign on the strip, its name, what it gives; opens to its arithmetic."""

    def __init__(self, place: int, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._method: Method | None = None
        self._steps: QWidget | None = None
        self.head = Opener(f"method_{place}")
        self._name = Words()
        self._value = Words(role=Role.STRONG, wraps=False, side="trailing")
        line = QHBoxLayout()
        line.setSpacing(MEDIUM)
        sign = Words(METHOD_SIGNS[place], wraps=False, side="center")
        sign.set_sample("◆◆")
        line.addWidget(sign)
        line.addWidget(self._name, 1)
        line.addWidget(self._value)
        self.head.body.addLayout(line)
        self.head.toggled.connect(lambda _is_open: self._show_steps())
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.head)

    def show_method(self, method: Method) -> None:
        self._method = method
        value = points_text(self._texts, method.value)
        self._name.setText(method.name)
        self._value.setText(value)
        self.head.setAccessibleName(f"{method.name}: {value}")
        self._show_steps()

    def _show_steps(self) -> None:
        if self._steps is not None:
            self._column.removeWidget(self._steps)
            self._steps.hide()
            self._steps.deleteLater()
            self._steps = None
        if self.head.isChecked() and self._method is not None:
            self._steps = steps_grid([self._method.step])
            self._steps.setContentsMargins(MEDIUM, 0, MEDIUM, SMALL)
            self._column.addWidget(self._steps)


class MethodCard(Card):
    """The sensitivity strip, its sentence, and the methods; empty while the overall score is withheld."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(margin=SMALL)
        self._texts = texts
        self.sentence = Words()
        self._strip = SensitivityStrip()
        head = QVBoxLayout()
        head.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        head.setSpacing(SMALL)
        head.addWidget(Words(texts.gettext("How much the method matters"), Role.HEADING))
        head.addWidget(self.sentence)
        head.addWidget(self._strip)
        self.body.addLayout(head)
        self.rows = tuple(MethodRow(place, texts) for place in range(len(METHOD_SIGNS)))
        for row in self.rows:
            self.body.addWidget(row)
        self.body.setContentsMargins(SMALL, LARGE - SMALL, SMALL, SMALL)

    def show_results(self, results: Results) -> None:
        overall, found = results.scorecard.overall, methods(self._texts, results)
        self.sentence.setText(spread_sentence(self._texts, overall))
        self.sentence.set_colour("warning" if overall.is_robust is False else "")
        self._strip.show_values([method.value for method in found])
        self._strip.setVisible(bool(found))
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(found))
            if place < len(found):
                row.show_method(found[place])
