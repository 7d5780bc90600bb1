"""The sheet a question stands on: mark, number, wording, provenance, and lines of text that come and go."""

from PySide6.QtCore import QEvent, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QToolTip, QVBoxLayout

from capacity_app.domain.instrument import Provenance, Question
from capacity_app.domain.problems import N_
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.marks import MARK_WORDS, Mark, paint_mark
from capacity_app.ui.look.painting import at_start, rounded
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.theme import LARGE, MEDIUM, RADIUS, SMALL, Role, font_for
from capacity_app.ui.questionnaire.pairs import NO_SECOND, PairedWords, second_of
from capacity_app.ui.wording import Wording

PROVENANCE_WORDS = {
    Provenance.TOOLKIT: N_("T: in the toolkit’s own words"),
    Provenance.PROJECT: N_("P: formulated by this project"),
}


def mark_size(line: int) -> int:
    """Return the size of the mark beside a line of text, both in pixels."""
    return max(16, round(line * 0.85))


class CardSheet(QFrame):
    """A rounded sheet with the question's number and mark in a column of their own, both painted."""

    def __init__(self, wording: Wording, question: Question, gutter: int) -> None:
        super().__init__()
        self.wording, self.question = wording, question
        self._gutter, self._mark, self._is_active = gutter, Mark.OPEN, False
        self.second: Wording | None = None
        self._lines: dict[str, Words] = {}
        self.setObjectName(f"question {question.id}")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(f"{question.number} {wording.question(question)}")
        self.body = QVBoxLayout(self)
        self.body.setSpacing(SMALL)
        self.text = PairedWords(wording.question(question), Role.QUESTION)
        self._set_margins()
        self.body.addWidget(self.text)

    def show_second(self, second: Wording | None) -> None:
        """Show the question in a second wording too, or no longer."""
        self.second = second
        text = self.text.text()
        self.text.set_second(second_of(text, second.question(self.question), second) if second else NO_SECOND)

    def set_gutter(self, gutter: int) -> None:
        """Take another width for the column of numbers, in pixels."""
        self._gutter = gutter
        self._set_margins()

    def lead(self) -> int:
        """Return where the text begins, after mark and number, in pixels."""
        line = QFontMetrics(font_for(Role.QUESTION)).height()
        return MEDIUM + mark_size(line) + SMALL + self._gutter + SMALL

    def _set_margins(self) -> None:
        before, after = self.lead(), LARGE + MEDIUM
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            before, after = after, before
        self.body.setContentsMargins(before, LARGE - 2, after, MEDIUM)

    def show_line(self, name: str, text: str, colour: str = "") -> None:
        """Show a line of text under the editor; it exists only once it is needed."""
        line = self._lines.get(name)
        if line is None:
            if not text:
                return
            line = self._lines[name] = Words("", Role.CAPTION, is_muted=True)
            self.body.insertWidget(self.place_of_lines(), line)
        if line.text() != text:
            line.setText(text)
        line.set_colour(colour)
        line.setVisible(bool(text))

    def place_of_lines(self) -> int:
        return self.body.count()

    @property
    def mark_shown(self) -> Mark:
        return self._mark

    def show_mark(self, mark: Mark) -> None:
        """Show how the question stands, and say it to a screen reader."""
        if mark is not self._mark:
            self._mark = mark
            self.update()
        gettext = self.wording.texts.gettext
        provenance = gettext(PROVENANCE_WORDS[self.question.provenance])
        self.setAccessibleDescription(f"{gettext(MARK_WORDS[mark])}. {provenance}")

    @property
    def is_active(self) -> bool:
        return self._is_active

    def set_active(self, is_active: bool) -> None:  # noqa: FBT001 - a state, set by name of the method
        """Show whether the focus is in this card."""
        if is_active != self._is_active:
            self._is_active = is_active
            self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._set_margins()

    # -- painting -------------------------------------------------------------------------------------------------

    def _mirrored(self, part: QRect) -> QRect:
        return self.style().visualRect(self.layoutDirection(), self.rect(), part)

    def _badge(self) -> QRect:
        return self._mirrored(QRect(self.width() - LARGE - MEDIUM, MEDIUM + 2, LARGE + 2, LARGE))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and self._badge().contains(event.pos()):
            QToolTip.showText(event.globalPos(), self.wording.texts.gettext(PROVENANCE_WORDS[self.question.provenance]))
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        shades = colours()
        painter = QPainter(self)
        area = QRectF(self.rect())
        edge = shades.accent if self._is_active else shades.line
        rounded(painter, area, fill=shades.surface, edge=edge, width=1.5 if self._is_active else 1, corner=RADIUS)
        if self._is_active:
            bar = self._mirrored(QRect(0, RADIUS, 4, self.height() - 2 * RADIUS))
            painter.fillRect(bar, QColor(shades.accent))
        self._paint_gutter(painter)
        painter.setFont(font_for(Role.CAPTION))
        painter.setPen(QColor(shades.muted))
        painter.drawText(self._badge(), int(Qt.AlignmentFlag.AlignCenter), self.question.provenance.value)
        painter.end()

    def _paint_gutter(self, painter: QPainter) -> None:
        painter.setFont(font_for(Role.STRONG))
        painter.setPen(QColor(colours().muted if self._mark is Mark.HIDDEN else colours().accent))
        line = self.text.fontMetrics().height()
        size = mark_size(line)
        mark = QRect(MEDIUM, LARGE - 2 + (line - size) // 2, size, size)
        self.paint_standing(painter, QRectF(self._mirrored(mark)))
        number = self._mirrored(QRect(MEDIUM + size + SMALL, LARGE - 2, self._gutter, line))
        painter.drawText(number, at_start(self.layoutDirection()), self.question.number)

    def paint_standing(self, painter: QPainter, box: QRectF) -> None:
        paint_mark(painter, box, self._mark)
