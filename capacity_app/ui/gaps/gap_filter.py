"""Which gaps to show: those that say something, of one section, of one severity, without an action."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox

from capacity_app.domain.gaps import CLASS_WORDS, CLASSES, SeverityClass
from capacity_app.ui.gaps.gap_lines import GapLine
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.finding import matches
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.pickers import QuietCombo
from capacity_app.ui.look.text_fields import LineField
from capacity_app.ui.look.theme import MEDIUM
from capacity_app.ui.registers.entry_words import Vocabulary

_SEARCH_LETTERS = 24


class SearchField(LineField):
    """A field whose text filters at once; Escape empties it."""

    def sizeHint(self) -> QSize:
        return QSize(_SEARCH_LETTERS * self.fontMetrics().averageCharWidth(), super().sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class GapFilter(Flow):
    """The filters of a list of gaps; ``changed`` tells that others are wanted."""

    changed = Signal()

    def __init__(self, words: Vocabulary, name: str) -> None:
        super().__init__(MEDIUM)
        self._words = words
        say = words.texts.gettext
        self.search = SearchField()
        self.search.setObjectName(f"{name}_search")
        self.search.setPlaceholderText(say("Search"))
        self.search.setAccessibleName(say("Search in number, wording and actions"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self.changed.emit())
        self.place(self.search)
        self._section, self._grade = QuietCombo(), QuietCombo()
        self._fill(name)
        self._unplanned = QCheckBox(say("Without an action"))
        self._unplanned.setObjectName(f"{name}_unplanned")
        self._unplanned.toggled.connect(lambda _on: self.changed.emit())
        self.place(self._unplanned)
        self._count = Words(is_muted=True, wraps=False)
        # In line with the words of the boxes beside it.
        self._count.setContentsMargins(0, 5, 0, 5)
        self.place(self._count)

    def _fill(self, name: str) -> None:
        words, say = self._words, self._words.texts.gettext
        sections = ((s.id, f"{s.number}  {words.wording.section(s)}") for s in words.instrument.sections if s.is_scored)
        self._section.fill((("", say("All sections")), *sections))
        grades = (
            (grade.value, say(CLASS_WORDS[grade])) for grade in reversed(CLASSES) if grade is not SeverityClass.NONE
        )
        self._grade.fill((("", say("All severities")), *grades))
        self._section.setMinimumContentsLength(20)
        for combo, kind, label in (
            (self._section, "section", say("Show only this section")),
            (self._grade, "severity", say("Show only this severity")),
        ):
            combo.setObjectName(f"{name}_{kind}")
            combo.setAccessibleName(label)
            combo.currentIndexChanged.connect(lambda _index: self.changed.emit())
            self.place(combo)

    def takes(self, line: GapLine) -> bool:
        """Return whether a gap is to be shown."""
        is_section = self._section.currentData() in {"", line.gap.section.id}
        is_grade = self._grade.currentData() in {"", line.gap.severity_class.value}
        if not (is_section and is_grade) or (self._unplanned.isChecked() and line.actions):
            return False
        said = " ".join((self._words.gap_name(str(line.gap.address)), *line.titles))
        return matches(said, self.search.text())

    def tell(self, shown: int, count: int) -> None:
        texts = self._words.texts
        sentence = texts.ngettext("{shown} of {count} shown", "{shown} of {count} shown", count)
        self._count.setText(sentence.format(shown=texts.number(shown), count=texts.number(count)))

    def clear(self) -> None:
        self.search.clear()
        self._section.setCurrentIndex(0)
        self._grade.setCurrentIndex(0)
        self._unplanned.setChecked(False)
