"""The row above the pages: the tabs of the task, or the button that leads back from a page without a task."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from capacity_app.i18n.translator import Translator
from capacity_app.ui.shell.menus import without_access_key
from capacity_app.ui.shell.page_table import PAGE_BY_NAME, TASKS, Page, Task, pages_of
from capacity_app.ui.theme.fonts_and_sizes import SMALL, WIDE
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.flow import TabRow
from capacity_app.ui.widgets.layouts import lay_out, side_by_side, with_action, with_name


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
        self._column = lay_out(QVBoxLayout(self), self._back_row, margins=(WIDE, SMALL, WIDE, 0))
        for task in Task:
            self._add_row(task)

    def _add_row(self, task: Task) -> None:
        row = with_name(TabRow(f"{task}_tab"), f"{task}_tabs", self._label(TASKS[task].label))
        for page in pages_of(task):
            row.addTab(self._label(page.label))
        row.currentChanged.connect(lambda number: self.chosen.emit(pages_of(task)[number].name))
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
