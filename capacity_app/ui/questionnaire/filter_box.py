"""The list of filters over the section tree, each with how many questions it shows."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QComboBox

from capacity_app.ui.questionnaire.filters import FILTER_WORDS, Filter, Sieve
from capacity_app.ui.wording import Wording

_LEAST_LETTERS = 10


class FilterBox(QComboBox):
    """Chooses a filter; ``chosen`` tells of another one. Counts are made when somebody looks."""

    chosen = Signal()

    def __init__(self, sieve: Sieve, wording: Wording) -> None:
        super().__init__()
        self._sieve, self._wording = sieve, wording
        self.setObjectName("filter")
        self.setAccessibleName(wording.texts.gettext("Which questions are shown"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_LEAST_LETTERS)
        for one in Filter:
            if one is not Filter.TO_CONFIRM:
                self.addItem(self.word(one), one)
        self.currentIndexChanged.connect(lambda _index: self.chosen.emit())

    @property
    def filter(self) -> Filter:
        return Filter(self.currentData())

    def word(self, one: Filter) -> str:
        texts = self._wording.texts
        return texts.gettext(FILTER_WORDS[one]).format(agency=self._wording.agency(self._sieve.respondent))

    def choose(self, one: Filter) -> None:
        """Choose a filter; one that makes no sense here is left out."""
        self.offer()
        self.setCurrentIndex(max(0, self.findData(one)))

    def offer(self) -> None:
        """List the filters that make sense now."""
        offered = self._sieve.offered()
        if tuple(Filter(self.itemData(place)) for place in range(self.count())) == offered:
            return
        before = self.filter
        with QSignalBlocker(self):
            self.clear()
            for one in offered:
                self.addItem(self.word(one), one)
            self.setCurrentIndex(max(0, self.findData(before)))
        if self.filter is not before:
            self.chosen.emit()

    def count_up(self) -> None:
        """Write beside every filter how many questions it shows."""
        self.offer()
        texts = self._wording.texts
        for place in range(self.count()):
            one = Filter(self.itemData(place))
            count = texts.number(len(self._sieve.kept(one)))
            self.setItemText(place, texts.gettext("{filter} ({count})").format(filter=self.word(one), count=count))

    def showPopup(self) -> None:  # noqa: N802 - Qt's name
        self.count_up()
        view = self.view()
        view.setMinimumWidth(view.sizeHintForColumn(0) + 2 * view.frameWidth() + self.fontMetrics().height())
        super().showPopup()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.count_up()
        super().focusInEvent(event)
