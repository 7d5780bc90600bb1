"""The navigation rail: the four tasks, how much is answered, and how many points wait for review."""

from fractions import Fraction

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QButtonGroup, QSizePolicy, QStyle, QVBoxLayout, QWidget

from capacity_app.i18n.translator import Translator
from capacity_app.ui.shell.menus import without_access_key
from capacity_app.ui.shell.page_table import PAGE_BY_NAME, TASKS, Page, Task, pages_of
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, TIGHT, WIDE, TextRole, font_for, is_font_change
from capacity_app.ui.theme.painting import paint_area, paint_focus, paint_icon, paint_rounded
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.flow import TabRow
from capacity_app.ui.widgets.layouts import lay_out, side_by_side, with_action, with_name
from capacity_app.ui.widgets.progress_card import ThinProgressBar

_LEAST_WIDTH = 72
_MOST_COUNTED = 99
_LABEL = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)


class RailButton(QAbstractButton):
    """One task in the rail: an icon, its label below, a count at the icon, and a bar while it is shown."""

    def __init__(self, task: Task, icon: str, label: str) -> None:
        super().__init__()
        self._icon = icon
        self.badge = ""
        self.setObjectName(f"rail_{task}")
        self.setText(label)
        self.setAccessibleName(label)
        self.setCheckable(True)
        # A click leads into the page; only somebody who came with Tab goes on in the rail.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_badge(self, badge: str, sentence: str) -> None:
        """Show a count at the icon, which the sentence explains; none if it is empty."""
        self.badge = badge
        self.setToolTip(sentence)
        self.setAccessibleDescription(sentence)
        self.update()

    def _icon_size(self) -> int:
        return max(22, round(self.fontMetrics().height() * 1.15))

    def _label_font(self, *, is_bold: bool) -> QFont:
        font = font_for(TextRole.CAPTION)
        font.setBold(is_bold)
        return font

    def sizeHint(self) -> QSize:
        """Measure as while the task is shown, so that nothing moves when it is."""
        metrics = QFontMetrics(self._label_font(is_bold=True))
        # Lines of Arabic and Thai are higher than the font says.
        area = metrics.boundingRect(QRect(0, 0, 10_000, 10_000), _LABEL, self.text())
        high = 2 * SMALL + self._icon_size() + TIGHT + max(area.height(), metrics.height())
        return QSize(max(area.width(), self._icon_size() + 2 * self._badge_size().width()) + 2 * SMALL, high)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _badge_size(self) -> QSize:
        metrics = QFontMetrics(font_for(TextRole.CAPTION))
        return QSize(metrics.horizontalAdvance("99+") // 2 + SMALL, metrics.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        shades = colours()
        painter = QPainter(self)
        if self.isChecked():
            paint_rounded(painter, QRectF(self.rect()), fill=shades.accent_tint)
        elif self.underMouse():
            paint_rounded(painter, QRectF(self.rect()), fill=shades.raised)
        self._paint_icon(painter, shades.accent if self.isChecked() else shades.muted)
        top = SMALL + self._icon_size() + TIGHT
        painter.setFont(self._label_font(is_bold=self.isChecked()))
        painter.setPen(QColor(shades.accent if self.isChecked() else shades.text))
        painter.drawText(QRect(2, top, self.width() - 4, self.height() - top), _LABEL, self.text())
        if self.badge:
            self._paint_badge(painter)
        if self.hasFocus():
            paint_focus(painter, self.rect())
        painter.end()

    def _paint_icon(self, painter: QPainter, colour: str) -> None:
        size = self._icon_size()
        paint_icon(painter, QRectF((self.width() - size) / 2, SMALL, size, size), self._icon, colour)
        if self.isChecked():
            bar = QRect(0, self.height() // 4, 3, self.height() // 2)
            place = QStyle.visualRect(self.layoutDirection(), self.rect(), bar)
            paint_rounded(painter, QRectF(place), fill=colour, corner=1.5)

    def _paint_badge(self, painter: QPainter) -> None:
        shades, metrics = colours(), QFontMetrics(font_for(TextRole.CAPTION))
        high = metrics.height()
        width = max(metrics.horizontalAdvance(self.badge) + SMALL, high)
        left = min((self.width() + self._icon_size()) // 2 - TIGHT, self.width() - width - 2)
        place = QStyle.visualRect(self.layoutDirection(), self.rect(), QRect(left, 2, width, high))
        paint_rounded(painter, QRectF(place), fill=shades.warning_tint, edge=shades.warning, corner=high / 2)
        painter.setFont(font_for(TextRole.CAPTION))
        painter.setPen(QColor(shades.text))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), self.badge)


class NavigationRail(QWidget):
    """The column at the leading edge; ``chosen`` carries the task wanted."""

    chosen = Signal(str)

    def __init__(self, texts: Translator) -> None:
        super().__init__()
        self._texts = texts
        self.setObjectName("rail")
        self._line = ThinProgressBar(height=4)
        self.progress = Label(role=TextRole.CAPTION, is_muted=True, wraps=False, side="center")
        self.buttons: dict[Task, RailButton] = {}
        self._group = QButtonGroup(self)
        column = lay_out(QVBoxLayout(self), margins=(SMALL, MEDIUM, SMALL + 1, SMALL), spacing=TIGHT)
        for task, info in TASKS.items():
            button = RailButton(task, info.icon, without_access_key(texts.gettext(info.label)))
            button.clicked.connect(lambda _checked=False, task=task: self.chosen.emit(task))
            self._group.addButton(button)
            column.addWidget(button)
            self.buttons[task] = button
            if task is Task.ANSWER:
                lay_out(column, self._line, self.progress)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._widen()

    def show_progress(self, share: Fraction) -> None:
        """Show how much is answered."""
        percent = self._texts.percent(share)
        self._line.set_share(share)
        self.progress.setText(percent)
        sentence = self._texts.gettext("{share} of the answers are recorded.").format(share=percent)
        self.progress.setToolTip(sentence)
        self.buttons[Task.ANSWER].setAccessibleDescription(sentence)

    def show_review(self, count: int) -> None:
        """Show how many points are to be reviewed before the report is handed over."""
        texts = self._texts
        shown = f"{texts.number(_MOST_COUNTED)}+" if count > _MOST_COUNTED else texts.number(count)
        said = texts.counted(
            "{count} point to review besides what is still open",
            "{count} points to review besides what is still open",
            count,
        )
        self.buttons[Task.DELIVER].show_badge(*((shown, said) if count else ("", "")))

    def mark(self, task: Task | None) -> None:
        """Mark the task shown, or none."""
        self._group.setExclusive(False)
        for known, button in self.buttons.items():
            button.setChecked(known is task)
        self._group.setExclusive(True)

    def _widen(self) -> None:
        widest = max(button.sizeHint().width() for button in self.buttons.values())
        self.setFixedWidth(max(widest, _LEAST_WIDTH) + 2 * SMALL + 1)

    def showEvent(self, _event: QEvent) -> None:
        self._widen()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event):
            self._widen()

    def paintEvent(self, _event: QPaintEvent) -> None:
        shades = colours()
        painter = QPainter(self)
        paint_area(painter, self.rect(), shades.surface)
        edge = QStyle.visualRect(self.layoutDirection(), self.rect(), QRect(self.width() - 1, 0, 1, self.height()))
        paint_area(painter, edge, shades.line)
        painter.end()


# The row above the pages: the tabs of the task, or the button that leads back from a page without a task.


class TaskTabs(QWidget):
    """Shows where a page stands. ``chosen`` carries the name of the page wanted, ``left`` asks to go back."""

    chosen = Signal(str)
    left = Signal()

    def __init__(self, texts: Translator) -> None:
        super().__init__()
        self._texts = texts
        self.setObjectName("task_tabs")
        self._last = {task: pages_of(task)[0].name for task in Task}
        """The page of each task that was shown last."""
        self._rows: dict[Task, TabRow] = {}
        self.back = with_action(Button(), "task_back", self.left.emit)
        self._back_row = QWidget()
        lay_out(QVBoxLayout(self._back_row), side_by_side(self.back), margins=0)
        self._back_row.hide()  # nothing asks for room before a page is shown: the window would grow, and stay so
        self._column = lay_out(QVBoxLayout(self), self._back_row, margins=(WIDE, SMALL, WIDE, 0))
        for task in Task:
            self._add_row(task)

    def _add_row(self, task: Task) -> None:
        row = with_name(TabRow(f"{task}_tab"), f"{task}_tabs", self._label(TASKS[task].label))
        for page in pages_of(task):
            row.addTab(self._label(page.label))
        row.currentChanged.connect(lambda number: self.chosen.emit(pages_of(task)[number].name))
        row.hide()
        self._rows[task] = row
        self._column.addWidget(row)

    def _label(self, label: str) -> str:
        return without_access_key(self._texts.gettext(label))

    def show_page(self, page: Page, came_from: str) -> None:  # type: ignore[type-arg]
        """Mark the tab of a page among those of its task; a page without a task leads back to where one was."""
        for task, row in self._rows.items():
            row.setHidden(task is not page.task or row.count() == 1)
        self._back_row.setHidden(page.task is not None)
        self.setHidden(page.task is not None and self._rows[page.task].count() == 1)
        if page.task is None:
            self.offer_back(came_from)
            return
        self._last[page.task] = page.name
        row = self._rows[page.task]
        row.blockSignals(True)
        row.setCurrentIndex(pages_of(page.task).index(page))
        row.blockSignals(False)

    def offer_back(self, came_from: str) -> None:
        """Show the button that leads back to a page, until another page is shown."""
        label = self._label(PAGE_BY_NAME[came_from].label)
        self.back.setText(self._texts.gettext("Back to “{page}”").format(page=label))
        self._back_row.show()
        self.show()

    @property
    def has_focus(self) -> bool:
        """Whether somebody is going through the tabs."""
        focused = QApplication.focusWidget()
        return focused is not None and any(row.isAncestorOf(focused) for row in self._rows.values())

    def last_of(self, task: Task) -> str:
        """Return the page of a task that was shown last, at first its first one."""
        return self._last[task]

    def next_of(self, name: str, step: int) -> str:
        """Return the page a step away among those of the same task."""
        task = PAGE_BY_NAME[name].task
        if task is None:
            return name
        names = [page.name for page in pages_of(task)]
        return names[(names.index(name) + step) % len(names)]

    @property
    def last_pages(self) -> str:
        """The pages shown last, as kept in the settings."""
        return " ".join(self._last.values())

    @last_pages.setter
    def last_pages(self, kept: str) -> None:
        for name in kept.split():
            page = PAGE_BY_NAME.get(name)
            if page is not None and page.task is not None:
                self._last[page.task] = name
