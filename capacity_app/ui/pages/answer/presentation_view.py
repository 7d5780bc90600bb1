"""A question as the respondents read it: large, in the language of the interview, with its definitions.

The officer turns the screen round. Whatever helps the officer alone – notes, answers, scores – is not there.
"""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from capacity_app.domain.questionnaire.instrument import Concept, QuestionField
from capacity_app.domain.questionnaire.kinds import ValueType
from capacity_app.i18n.formatter import YES_NO_LABELS
from capacity_app.i18n.translator import Translator, own_name
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.ui.question_widgets.panel_cards import as_one_paragraph, concepts_for
from capacity_app.ui.question_widgets.panel_parts import FocusedPlace
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, WIDE, is_font_change, load_script_fonts
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets.buttons import FlatButton
from capacity_app.ui.widgets.cards import Label, Separator
from capacity_app.ui.widgets.keys import keyboard_label
from capacity_app.ui.widgets.layouts import discard, holder_of, lay_out, with_name

SIZES = (1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0)
"""How much larger than the window's text the letters may be."""
PRESENTATION_KEY = "F12"
_FIRST_SIZE = 3
_SMALLER = 0.75
"""How large a definition is beside the question."""
_LETTERS = 34
"""How many letters of the question go into a line: longer lines are hard to read from across a table."""
_LARGER_KEYS = {Qt.Key.Key_Plus, Qt.Key.Key_Equal}


def languages_for(session: AssessmentSession, officer: str) -> tuple[str, ...]:
    """Return the languages a question can be shown in: that of the interviews first, then the officer's own."""
    return tuple(dict.fromkeys(code for code in (session.mission.language, officer) if code))


class LargeLabel(QLabel):
    """Plain text, so many times as large as the window's, aligned as its own language is read."""

    def __init__(self, text: str, *, share: float = 1.0, is_strong: bool = False, is_muted: bool = False) -> None:
        super().__init__(text)
        self._share, self._is_strong, self._is_muted = share, is_strong, is_muted
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setForegroundRole(QPalette.ColorRole.WindowText)
        if is_muted:
            palette = QPalette(self.palette())
            palette.setColor(QPalette.ColorRole.WindowText, QColor(colours().muted))
            self.setPalette(palette)

    def grow(self, size: float) -> None:
        font = QFont(QApplication.font())
        font.setPointSizeF(font.pointSizeF() * size * self._share)
        font.setWeight(QFont.Weight.DemiBold if self._is_strong else QFont.Weight.Normal)
        self.setFont(font)

    def read_from(self, direction: Qt.LayoutDirection) -> None:
        """Begin where the language begins its lines."""
        flags = Qt.AlignmentFlag
        is_right = direction == Qt.LayoutDirection.RightToLeft
        side = flags.AlignRight if is_right else flags.AlignLeft
        self.setAlignment(side | flags.AlignTop | flags.AlignAbsolute)


class PresentationSheet(QScrollArea):
    """The question, its answers and its terms, in one language."""

    def __init__(self, wording: SessionFormatter, place: FocusedPlace, size: float) -> None:
        super().__init__()
        self._wording, self._place, self._size = wording, place, size
        self._words: list[LargeLabel] = []
        self.setObjectName("room_sheet")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._column = QWidget()
        self.body = lay_out(QVBoxLayout(self._column), margins=(WIDE, LARGE, WIDE, WIDE), spacing=LARGE)
        self.setWidget(holder_of(QHBoxLayout(), 1, (self._column, 1000), 1))
        self._fill()
        self._turn()
        self.grow(size)

    def _turn(self) -> None:
        """Lay everything out as the language is read, whatever the window's is."""
        is_right = self._wording.texts.right_to_left
        direction = Qt.LayoutDirection.RightToLeft if is_right else Qt.LayoutDirection.LeftToRight
        self.setLayoutDirection(direction)
        for widget in self.findChildren(QWidget):
            widget.setLayoutDirection(direction)
        for words in self._words:
            words.read_from(direction)

    def grow(self, size: float) -> None:
        self._size = size
        for words in self._words:
            words.grow(size)
        letters = QFont(QApplication.font())
        letters.setPointSizeF(letters.pointSizeF() * size)
        probe = QLabel()
        probe.setFont(letters)
        self._column.setMaximumWidth(probe.fontMetrics().averageCharWidth() * _LETTERS * 2)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event):
            self.grow(self._size)

    def _say(self, text: str, *, share: float = 1.0, is_strong: bool = False, is_muted: bool = False) -> LargeLabel:
        words = LargeLabel(text, share=share, is_strong=is_strong, is_muted=is_muted)
        self._words.append(words)
        return words

    def _fill(self) -> None:
        place, wording = self._place, self._wording
        said = [as_one_paragraph(wording.question(place.question))]
        self.body.addWidget(self._say(wording.place(place.address), share=_SMALLER, is_muted=True))
        self.body.addWidget(self._say(said[0], is_strong=True))
        if place.row is not None:
            said.append(as_one_paragraph(wording.row(place.question, place.row)))
            self.body.addWidget(self._say(said[-1]))
        if place.column is not None:
            said.append(as_one_paragraph(wording.column(place.question, place.column)))
            self.body.addWidget(self._say(said[-1]))
        answers = tuple(self._answers())
        self._list(answers)
        said += [text for _, text in answers]
        self._terms(concepts_for(wording, place, said))
        self.body.addStretch(1)

    def _answers(self) -> Iterator[tuple[str, str]]:
        """Yield what can be answered, each with its sign."""
        field, place, wording = self._place.field, self._place, self._wording
        if field is not None:
            yield from self._choices(field)
        elif place.row is None:
            rows = place.question.rows
            yield from ((row.number, as_one_paragraph(wording.row(place.question, row))) for row in rows)
        else:
            yield from (
                ("", as_one_paragraph(wording.column(place.question, column))) for column in place.question.columns
            )

    def _choices(self, field: QuestionField) -> Iterator[tuple[str, str]]:
        question, wording, texts = self._place.question, self._wording, self._wording.texts
        match field.kind.value_type:
            case ValueType.LEVEL:
                for level, anchor in enumerate(wording.anchors(question, field)):
                    yield texts.number(level), as_one_paragraph(anchor)
            case ValueType.OPTION if field.kind.info.fixed:
                yield from (("", texts.gettext(YES_NO_LABELS[word])) for word in field.kind.info.fixed)
            case ValueType.OPTION | ValueType.OPTIONS:
                for option in field.options:
                    yield "", as_one_paragraph(wording.option(question, field, option))

    def _list(self, answers: Sequence[tuple[str, str]]) -> None:
        if not answers:
            return
        grid = QGridLayout()
        grid.setHorizontalSpacing(LARGE)
        grid.setVerticalSpacing(MEDIUM)
        grid.setColumnStretch(1, 1)
        for line, (sign, text) in enumerate(answers):
            mark = self._say(sign or "•", is_strong=bool(sign), is_muted=not sign)
            mark.setWordWrap(False)
            grid.addWidget(mark, line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self._say(text), line, 1)
        self.body.addLayout(grid)

    def _terms(self, concepts: Sequence[Concept]) -> None:
        if not concepts:
            return
        self.body.addWidget(Separator())
        self.body.addWidget(self._say(self._wording.texts.gettext("Definitions"), share=_SMALLER, is_muted=True))
        for concept in concepts:
            label, definition = self._wording.concept(concept)
            self.body.addWidget(self._say(label, share=_SMALLER, is_strong=True))
            self.body.addWidget(self._say(as_one_paragraph(definition), share=_SMALLER))


class PresentationView(QDialog):
    """One question over the whole window; Escape goes back to where one was."""

    def __init__(self, session: AssessmentSession, texts: Translator, place: FocusedPlace, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.session, self._texts, self._place = session, texts, place
        self._size = _FIRST_SIZE
        self._back: QWidget | None = None
        self.setObjectName("room")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(texts.gettext("Question for the respondents"))
        self.setAccessibleName(self.windowTitle())
        self.languages = languages_for(session, texts.asked_in)
        self.language = self.languages[0]
        load_script_fonts(*self.languages)
        self.switches: dict[str, FlatButton] = {}
        self.notice = with_name(Label(is_muted=True), "room_notice")
        self.notice.setContentsMargins(WIDE, SMALL, WIDE, 0)
        self._column = lay_out(QVBoxLayout(self), self._bar(), Separator(), self.notice, margins=0, spacing=0)
        self.sheet = self._make_sheet()
        self._column.addWidget(self.sheet, 1)
        self._mark()

    def _bar(self) -> QHBoxLayout:
        say = self._texts.gettext
        line = lay_out(QHBoxLayout(), margins=(LARGE, SMALL, LARGE, SMALL), spacing=SMALL)
        for number, code in enumerate(self.languages):
            switch = FlatButton(own_name(code), PRESENTATION_KEY if number == 1 else "")
            switch.setObjectName(f"room_language_{code}")
            switch.setAccessibleName(self._texts.language_name(code))
            switch.setCheckable(True)
            switch.clicked.connect(lambda _on=False, chosen=code: self.show_in(chosen))
            self.switches[code] = switch
            line.addWidget(switch)
            switch.setVisible(len(self.languages) > 1)
        line.addStretch(1)
        for name, label, key, act in (
            ("room_smaller", say("Smaller letters"), "Ctrl+−", lambda: self.change_letter_size(-1)),
            ("room_larger", say("Larger letters"), "Ctrl++", lambda: self.change_letter_size(1)),
            # Later: the button that is pressed goes with the view.
            ("room_close", say("Back to the questionnaire"), "Esc", lambda: QTimer.singleShot(0, self, self.reject)),
        ):
            button = with_name(FlatButton(label, keyboard_label(self._texts, key)), name, label)
            button.clicked.connect(lambda _on=False, act=act: act())
            line.addWidget(button)
        return line

    def _make_sheet(self) -> PresentationSheet:
        wording = SessionFormatter(Translator(self._tag(self.language)), self.session)
        sheet = PresentationSheet(wording, self._place, SIZES[self._size])
        sheet.setAccessibleName(wording.place(self._place.address))
        return sheet

    def _tag(self, language: str) -> str:
        """Keep the digits the window has where it is in the same language."""
        return self._texts.tag if language == self._texts.language else language

    def show_in(self, language: str) -> None:
        self.language = language
        old, self.sheet = self.sheet, self._make_sheet()
        self._column.replaceWidget(old, self.sheet)
        discard(old)
        self._mark()
        self.sheet.setFocus(Qt.FocusReason.OtherFocusReason)

    def _mark(self) -> None:
        for code, switch in self.switches.items():
            switch.setChecked(code == self.language)
        instrument = self.session.instrument
        question = self._place.question
        has_wording = self.language == instrument.language or Translator(self.language).has_wording(
            instrument.id, f"{question.id}|text", question.text
        )
        sentence = self._texts.gettext("This questionnaire has no translation into this language: {language}.")
        self.notice.setText(sentence.format(language=self._texts.language_name(self.language)))
        self.notice.setVisible(not has_wording)

    def change_letter_size(self, steps: int) -> None:
        self._size = min(max(self._size + steps, 0), len(SIZES) - 1) if steps else _FIRST_SIZE
        self.sheet.grow(SIZES[self._size])

    def open_over(self, window: QWidget) -> None:
        self._back = QApplication.focusWidget()
        self.setGeometry(window.geometry())
        self.open()
        self.sheet.setFocus(Qt.FocusReason.PopupFocusReason)

    def done(self, result: int) -> None:
        super().done(result)
        if self._back is not None and isValid(self._back):
            self._back.activateWindow()
            self._back.setFocus(Qt.FocusReason.PopupFocusReason)

    def _other_language(self) -> None:
        if len(self.languages) == 1:
            return
        here = self.languages.index(self.language)
        self.show_in(self.languages[(here + 1) % len(self.languages)])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if is_control and event.key() in _LARGER_KEYS:
            self.change_letter_size(1)
        elif is_control and event.key() == Qt.Key.Key_Minus:
            self.change_letter_size(-1)
        elif is_control and event.key() == Qt.Key.Key_0:
            self.change_letter_size(0)
        elif event.key() == Qt.Key.Key_F12:
            self._other_language()
        else:
            super().keyPressEvent(event)


def open_presentation(wording: SessionFormatter, place: FocusedPlace, widget: QWidget) -> None:
    """Show a place to the respondents over the window a widget stands in; a view that is open comes to the front."""
    window = widget.window()
    # One that was closed just now may still be there until the events are done.
    shown = next((view for view in window.findChildren(PresentationView) if view.isVisible()), None)
    if shown is None:
        PresentationView(wording.session, wording.texts, place, window).open_over(window)
    else:
        shown.raise_()
        shown.activateWindow()


def close_presentation(window: QWidget) -> bool:
    """Close the view over a window, whose assessment is being left. Return whether it was open."""
    views = [view for view in window.findChildren(PresentationView) if view.isVisible()]
    discard(*views)
    return bool(views)
