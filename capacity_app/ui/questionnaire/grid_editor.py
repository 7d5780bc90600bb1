"""The table of a grid question as an answer editor among others."""

from PySide6.QtWidgets import QVBoxLayout

from capacity_app.domain.answers import Value
from capacity_app.ui.questionnaire.cell_editor import Step
from capacity_app.ui.questionnaire.editor import AnswerEditor, Asked
from capacity_app.ui.questionnaire.grid_view import GridView
from capacity_app.ui.wording import Wording


class GridEditor(AnswerEditor):
    """The table as an editor among others; its answers stand in the cells."""

    def __init__(self, asked: Asked, view: GridView) -> None:
        super().__init__(asked)
        self.view = view
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(view)
        self.setFocusProxy(view)

    def show_value(self, value: Value) -> None:
        """Nothing stands at the address of the question itself."""

    def show_second(self, second: Wording | None) -> None:
        """Show rows, columns and what can be chosen in a second wording too."""
        self.view.show_second(second)
        self.updateGeometry()

    def set_read_only(self) -> None:
        self.view.is_read_only = True

    def flush(self) -> None:
        """Store what is typed in an open cell."""
        if self.view.editing is not None:
            self.view.editing.editor.flush()

    def rescue(self) -> str:
        """Close an open cell, which keeps what cannot be read in the cell's note."""
        if self.view.editing is not None:
            self.view.editing.finish(Step.STAY, takes_focus_back=False)
        return ""
