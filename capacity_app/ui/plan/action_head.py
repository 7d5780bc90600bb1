"""What is said about an action above its form: its severity, what is wrong with it, and texts it could have."""

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from capacity_app.domain.gaps import SeverityClass
from capacity_app.domain.planning import Planned
from capacity_app.ui.look.alerts import Mark
from capacity_app.ui.look.cards import Card, Words, row
from capacity_app.ui.look.severity import paint_severity
from capacity_app.ui.look.theme import MEDIUM, SMALL, Role
from capacity_app.ui.plan.plan_words import PlanState, inherited_words
from capacity_app.ui.registers.entry_words import Vocabulary


class SeveritySign(QWidget):
    """The four bars of a severity class, as tall as a line of text; the words stand beside it."""

    def __init__(self) -> None:
        super().__init__()
        self._grade = SeverityClass.NONE
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_grade(self, grade: SeverityClass) -> None:
        self._grade = grade
        self.update()

    def sizeHint(self) -> QSize:
        high = self.fontMetrics().height()
        return QSize(high, high)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_severity(painter, QRectF(self.rect()).adjusted(0, 2, 0, -3), self._grade)
        painter.end()


def _cleared(column: QVBoxLayout) -> None:
    while item := column.takeAt(0):
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


class ActionHead(QWidget):
    """Everything said about one action. ``taken`` carries a suggested text that is to be its title."""

    taken = Signal(str)

    def __init__(self, words: Vocabulary) -> None:
        super().__init__()
        self._words = words
        self._offered: tuple[str, ...] = ()
        self._warned: tuple[str, ...] = ()
        self._sign, self._severity = SeveritySign(), Words(is_muted=True)
        self._severity.setObjectName("action_severity")
        line = QHBoxLayout()
        line.setSpacing(SMALL)
        line.addWidget(self._sign)
        line.addWidget(self._severity, 1)
        self._warnings = Card(tint="warning_tint", edge="warning_tint", margin=MEDIUM)
        self._warnings.setObjectName("action_warning_card")
        self._suggestions = QWidget()
        self._texts = QVBoxLayout(self._suggestions)
        self._texts.setContentsMargins(0, 0, 0, 0)
        self._texts.setSpacing(SMALL)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, SMALL)
        column.setSpacing(SMALL)
        column.addLayout(line)
        column.addWidget(self._warnings)
        column.addWidget(self._suggestions)
        self._warnings.hide()
        self._suggestions.hide()

    def show_action(self, one: Planned, state: PlanState) -> None:
        """Show what is said about an action."""
        self._sign.show_grade(one.severity)
        self._severity.setText(inherited_words(self._words, one))
        translate = self._words.texts.gettext
        self._warn(tuple(finding.problem.text(translate) for finding in state.warnings(one.action.id)))
        found = (self._words.wording.suggestion(gap) for gap in one.gaps)
        self._offer(tuple(dict.fromkeys(text for text in found if text)), one.action.title)

    def _warn(self, sentences: tuple[str, ...]) -> None:
        if sentences == self._warned:
            return
        self._warned = sentences
        _cleared(self._warnings.body)
        self._warnings.setVisible(bool(sentences))
        for sentence in sentences:
            holder = QWidget()
            line = QHBoxLayout(holder)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(SMALL)
            line.addWidget(Mark("warning", "warning"))
            line.addWidget(Words(sentence), 1)
            self._warnings.body.addWidget(holder)

    def _offer(self, offered: tuple[str, ...], title: str) -> None:
        """Offer what the gaps suggest, while the action has no title of its own."""
        # Who has found words of their own is not disturbed.
        texts = tuple(text for text in offered if text != title) if not title or title in offered else ()
        if texts == self._offered:
            return
        self._offered = texts
        _cleared(self._texts)
        self._suggestions.setVisible(bool(texts))
        for text in texts:
            self._texts.addWidget(self._suggestion(text))

    def _suggestion(self, text: str) -> QWidget:
        say = self._words.texts.gettext
        card = Card(tint="accent_tint", edge="accent_tint", margin=MEDIUM)
        card.body.addWidget(Words(say("Suggested by the instrument"), Role.CAPTION, is_muted=True))
        card.body.addWidget(Words(text))
        take = QPushButton(say("Use this text"))
        take.setObjectName("use_suggestion")
        take.setAccessibleName(say("Use this text: {text}").format(text=text))
        take.clicked.connect(lambda _checked: self.taken.emit(text))
        card.body.addLayout(row(take))
        return card
