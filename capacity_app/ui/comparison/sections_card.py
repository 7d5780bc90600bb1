"""Every scored part in both rounds, over what both answered."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from capacity_app.domain.comparison import Comparison, SectionChange
from capacity_app.ui.comparison.comparison_words import section_figures, section_matched
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.theme import LARGE, MEDIUM, TIGHT, Role
from capacity_app.ui.scores.score_bars import RoundsBar
from capacity_app.ui.wording import Wording


def _line(*parts: tuple[QWidget, int]) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(MEDIUM)
    for widget, stretch in parts:
        line.addWidget(widget, stretch)
    return line


class _SectionRow(QWidget):
    """One part: its name and figures, and below them both rounds on an axis."""

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self._title = Words(role=Role.STRONG)
        self._figures = Words(role=Role.STRONG, wraps=False, side="trailing")
        self._matched = Words(role=Role.CAPTION, is_muted=True)
        self._bar = RoundsBar()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(TIGHT)
        column.addLayout(_line((self._title, 1), (self._figures, 0)))
        column.addWidget(self._bar)
        column.addWidget(self._matched)

    def show_change(self, entry: SectionChange) -> None:
        """Show other figures; the part has both scores."""
        assert entry.before is not None
        assert entry.after is not None
        self._title.setText(self._wording.texts.numbered(entry.section.number, self._wording.section(entry.section)))
        self._figures.setText(section_figures(self._wording, entry))
        self._figures.set_colour("danger" if entry.after < entry.before else "")
        self._matched.setText(section_matched(self._wording, entry))
        self._bar.show_rounds(entry.before, entry.after)


class SectionsCard(Card):
    """The parts that both rounds answered something of."""

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self.body.setSpacing(LARGE)
        self.body.addWidget(Words(wording.texts.gettext("Part by part"), Role.HEADING))
        legend = wording.texts.gettext("○ earlier round · ● this round; the gaps in the line are where bands meet")
        self.body.addWidget(Words(legend, Role.CAPTION, is_muted=True))
        self.rows: dict[str, _SectionRow] = {}

    def show_comparison(self, found: Comparison) -> None:
        shown = {entry.section.id: entry for entry in found.sections if entry.before is not None}
        for section_id, entry in shown.items():
            if section_id not in self.rows:
                self.rows[section_id] = _SectionRow(self._wording)
                self.body.addWidget(self.rows[section_id])
            self.rows[section_id].show_change(entry)
        for section_id, row in self.rows.items():
            row.setVisible(section_id in shown)
        self.setVisible(bool(shown))
