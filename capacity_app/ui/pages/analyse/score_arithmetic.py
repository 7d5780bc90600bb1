"""How every score came about: formulas in letters and numbers to compute again, and what each question brings in."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import groupby

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHeaderView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import Instrument, Question
from capacity_app.domain.scoring.answer_sheet import ONE, ZERO, ScoredPart
from capacity_app.domain.scoring.round_comparison import MATCHED_CHANGES, ItemChange
from capacity_app.domain.scoring.scores import (
    HUNDRED,
    SENSITIVITY_METHOD_LABELS,
    SectionScore,
    counted_sections,
    pool_questions,
)
from capacity_app.i18n.translator import Translator
from capacity_app.services.result_tables import Results
from capacity_app.ui.session.formatters import GRADE_LABELS, SessionFormatter
from capacity_app.ui.theme.fonts_and_sizes import LARGE, SMALL, TextRole
from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.layouts import empty_layout, with_name
from capacity_app.ui.widgets.lists_and_tables import TableHeadings, bring_into_view

FORMULA_LETTERS = N_(
    "Points go from 0 to 1. w: weight · Σ: sum · "
    "W: weight of all that applies · A: weight of what is answered · P: sum of weight × points of what is answered · "
    "D: weight of what agencies disagree about · M: sum of weight × the midpoint of their answers · "
    "X: weight of what does not apply · Z: weight of everything printed."
)
"""What the letters in the formulas mean."""
OVERALL_LETTERS = N_(
    "Σ: sum over the parts · w: weight of a part · S: its score · L and U: the ends of its possible range "
    "· V: its verified score · E: its evidence index · C: its coverage · T: its target."
)
NO_STEP = "–"


@dataclass(frozen=True, slots=True)
class ArithmeticStep:
    """One figure with its formula, the formula in numbers, and the result, all ready to show."""

    name: str
    formula: str
    numbers: str
    result: str


def points_text(texts: Translator, number: Fraction | None) -> str:
    """Write a score with one decimal, a dash where it is undefined."""
    return NO_STEP if number is None else texts.number(number, 1)


def _points_step(texts: Translator, name: str, formula: str, over: Fraction, under: Fraction) -> ArithmeticStep:
    """Show 100 × over ÷ under, in points."""
    numbers = f"100 × {texts.exact(over)} ÷ {texts.exact(under)}"
    return ArithmeticStep(name, formula, numbers, points_text(texts, HUNDRED * over / under if under else None))


def _percentage_step(texts: Translator, name: str, formula: str, over: Fraction, under: Fraction) -> ArithmeticStep:
    """Show over ÷ under, as a percentage."""
    numbers = f"{texts.exact(over)} ÷ {texts.exact(under)}"
    return ArithmeticStep(name, formula, numbers, texts.percent(over / under, 1) if under else NO_STEP)


def _score_step(texts: Translator, entry: SectionScore) -> ArithmeticStep:
    """Show S; disagreements count at their midpoint, with M over D beside P over A."""
    say, tally = texts.gettext, entry.score.tally
    if not tally.disputed:
        return _points_step(texts, say("Score"), "S = 100 × P ÷ A", tally.points, tally.answered)
    sums = (texts.exact(one) for one in (tally.points, tally.middle, tally.answered, tally.disputed))
    numbers = "100 × ({} + {}) ÷ ({} + {})".format(*sums)
    name = say("Score; where agencies disagree, the midpoint of their answers counts")
    return ArithmeticStep(name, "S = 100 × (P + M) ÷ (A + D)", numbers, points_text(texts, entry.score.value))


def _verified_step(texts: Translator, entry: SectionScore) -> ArithmeticStep:
    tally, name = (
        entry.score.tally,
        texts.gettext("Verified score: a highest level without evidence counts one level lower"),
    )
    formula = "V = 100 × (Pᵥ + M) ÷ (A + D)" if tally.disputed else "V = 100 × Pᵥ ÷ A"
    return _points_step(texts, name, formula, tally.verified + tally.middle, tally.answered + tally.disputed)


def section_steps(texts: Translator, results: Results, entry: SectionScore) -> tuple[ArithmeticStep, ...]:
    """Return the figures of a section, the score first, the previous round last."""
    say, tally = texts.gettext, entry.score.tally
    wanted = (results.targets[entry.section.id] or ZERO) * tally.weight / HUNDRED
    return (
        _score_step(texts, entry),
        _points_step(
            texts,
            say("Lower end of the possible range: all open answers turn out worst"),
            "L = 100 × Pₗ ÷ W",
            tally.low,
            tally.weight,
        ),
        _points_step(
            texts,
            say("Upper end of the possible range: all open answers turn out best"),
            "U = 100 × Pᵤ ÷ W",
            tally.high,
            tally.weight,
        ),
        _percentage_step(
            texts, say("Coverage: how much of the weight is answered"), "C = A ÷ W", tally.answered, tally.weight
        ),
        _points_step(
            texts,
            say("Target: every item at its target level T, worth T ÷ 3"),
            "100 × Σ w × T÷3 ÷ W",
            wanted,
            tally.weight,
        ),
        _verified_step(texts, entry),
        _percentage_step(
            texts,
            say("Evidence index: answered weight with a document held or checked"),
            "E = Aₑ ÷ A",
            tally.supported,
            tally.answered,
        ),
        _percentage_step(texts, say("Not applicable"), "N = X ÷ Z", tally.out, tally.total),
        *_previous_round_steps(texts, results, entry),
    )


def _previous_round_steps(texts: Translator, results: Results, entry: SectionScore) -> Iterable[ArithmeticStep]:
    """Show the section's score in both rounds over the items both answered, with today's weights."""
    changes = results.comparison.changes if results.comparison else ()
    matched = [c for c in changes if c.section.id == entry.section.id and c.change in MATCHED_CHANGES]
    weight = sum((change.weight for change in matched), ZERO)
    if not weight:
        return

    def earned(points: Callable[[ItemChange], Fraction | None]) -> Fraction:
        return sum((change.weight * (points(change) or ZERO) for change in matched), ZERO)

    formula = "100 × Σ w × x ÷ Σ w"
    then = texts.gettext("Round {round}, over what both rounds answered").format(round=results.round)
    yield _points_step(texts, then, formula, earned(lambda change: change.before), weight)
    now = texts.gettext("This round, over what both rounds answered")
    yield _points_step(texts, now, formula, earned(lambda change: change.after), weight)


WeightedValues = Sequence[tuple[Fraction, Fraction | None]]


def _mean_step(
    texts: Translator,
    name: str,
    formula: str,
    pairs: WeightedValues,
    value: Fraction | None,
    shown: Callable[[Fraction], str],
) -> ArithmeticStep:
    """Show a weighted mean of what the sections have; what has no weight or no value is left out."""
    known = [(weight, figure) for weight, figure in pairs if figure is not None and weight]
    if value is None or not known:
        return ArithmeticStep(name, formula, NO_STEP, NO_STEP)
    sums = " + ".join(f"{texts.exact(weight)} × {shown(figure)}" for weight, figure in known)
    total = texts.exact(sum((weight for weight, _ in known), ZERO))
    return ArithmeticStep(name, formula, f"({sums}) ÷ {total}", shown(value))


def overall_steps(texts: Translator, results: Results) -> dict[str, ArithmeticStep]:
    overall, counted = results.scorecard.overall, counted_sections(results.scorecard)

    def pairs(which: str) -> WeightedValues:
        return [(results.weight(entry), getattr(entry.score, which)) for entry in counted]

    def points(name: str, letter: str, which: str, value: Fraction | None) -> ArithmeticStep:
        return _mean_step(
            texts, name, f"Σ w × {letter} ÷ Σ w", pairs(which), value, lambda figure: points_text(texts, figure)
        )

    def share(name: str, letter: str, which: str, value: Fraction | None) -> ArithmeticStep:
        return _mean_step(
            texts, name, f"Σ w × {letter} ÷ Σ w", pairs(which), value, lambda figure: texts.percent(figure, 1)
        )

    say = texts.gettext
    targets = [(results.weight(entry), results.targets[entry.section.id]) for entry in counted]
    return {
        "value": points(say("Overall score: the mean of the parts’ scores, with their weights w"), "S", "value",
                        overall.value),
        "lower": points(say("Lower end of the possible range: all open answers turn out worst"), "L", "lower",
                        overall.lower),
        "upper": points(say("Upper end of the possible range: all open answers turn out best"), "U", "upper",
                        overall.upper),
        "coverage": share(say("Coverage: how much of the weight is answered"), "C", "coverage", overall.coverage),
        "verified": points(say("Verified score: a highest level without evidence counts one level lower"), "V",
                           "verified", overall.verified),
        "evidence": share(say("Evidence index: answered weight with a document held or checked"), "E",
                          "evidence_index", overall.evidence_index),
        "target": _mean_step(texts, say("Target: the mean of the parts’ targets"), "Σ w × T ÷ Σ w", targets,
                        results.target, lambda figure: points_text(texts, figure)),
    }  # fmt: skip


def aggregation_methods(texts: Translator, results: Results) -> tuple[ArithmeticStep, ...]:
    """Return the ways to put the sections together, each with its arithmetic; none while the overall is withheld."""
    say, found = texts.gettext, results.scorecard.overall.sensitivity
    if found is None:
        return ()
    entries = counted_sections(results.scorecard)
    scores = [entry.published for entry in entries if entry.published is not None]
    pool, count = pool_questions(results.sheet, entries), texts.number(len(scores))
    weighed = [(results.weight(entry), entry.published) for entry in entries]
    how = say("Every part with your weight w")
    own = _mean_step(texts, how, "Σ w × S ÷ Σ w", weighed, found.own_weights, lambda figure: points_text(texts, figure))
    summed = " + ".join(points_text(texts, value) for value in scores)
    product = " × ".join(points_text(texts, max(value, ONE)) for value in scores)
    questions = texts.counted(
        "Over {count} question, each weighing its coverage C",
        "Over {count} questions, each weighing its coverage C",
        pool.questions,
    )
    pools = f"100 × {texts.exact(pool.points)} ÷ {texts.exact(pool.coverage)}"
    root = say("The n-th root of the product; a score below 1 counts as 1")

    def step(how: str, formula: str, numbers: str, value: Fraction | None) -> ArithmeticStep:
        return ArithmeticStep(how, formula, numbers, points_text(texts, value))

    steps = {
        "equal_sections": step(say("The mean of the parts’ scores"), "Σ S ÷ n", f"({summed}) ÷ {count}",
                               found.equal_sections),
        "equal_items": step(questions, "Σ C × S ÷ Σ C", pools, found.equal_items),
        "geometric": step(root, "(S₁ × … × Sₙ) ^ (1 ÷ n)", f"({product}) ^ (1 ÷ {count})", found.geometric),
        "own_weights": own,
    }  # fmt: skip
    pattern = say("{method}: {how}")
    return tuple(
        replace(steps[name], name=pattern.format(method=say(SENSITIVITY_METHOD_LABELS[name]), how=steps[name].name))
        for name in found.by_method
    )


# What opens under a number: its formula in letters and in numbers, and the parts it was made of.


_ADDRESS = int(Qt.ItemDataRole.UserRole)
_PAD = 7
_NUMBERS = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class ScoreShare:
    """What one part, or one whole question, brings into a score; ``points`` is None while it is open or out.

    Where agencies disagree, ``points`` is the midpoint. ``earned`` is weight × points; ``grade`` the evidence grade
    (0-3) of what is answered, else None.
    """

    address: Address
    label: str
    weight: Fraction
    points: Fraction | None
    earned: Fraction
    is_out: bool
    grade: int | None
    is_disputed: bool = False
    shares: tuple["ScoreShare", ...] = ()

    @property
    def is_open(self) -> bool:
        return self.is_disputed or (self.points is None and not self.is_out)

    @property
    def open_count(self) -> int:
        return sum(share.open_count for share in self.shares) if self.shares else int(self.is_open)


def _cell_label(wording: SessionFormatter, question: Question, part: ScoredPart) -> str:
    row, column = question.row_by_id.get(part.row), question.column_by_id.get(part.address.column)
    words = []
    if row is not None:
        words.append(wording.texts.numbered(row.number, wording.row(question, row)))
    if column is not None:
        words.append(wording.column(question, column))
    return " · ".join(words)


def question_label(wording: SessionFormatter, question: Question) -> str:
    return wording.texts.numbered(question.number, wording.question(question))


def _item_share(label: str, part: ScoredPart) -> ScoreShare:
    points = part.middle if part.is_disputed else part.points
    earned = part.weight * points if points is not None else ZERO
    grade = None if part.points is None else part.grade
    return ScoreShare(part.address, label, part.weight, points, earned, part.is_out, grade, part.is_disputed)


def _question_share(wording: SessionFormatter, question: Question, parts: Sequence[ScoredPart]) -> ScoreShare:
    label = question_label(wording, question)
    if len(parts) == 1 and not parts[0].row:
        return _item_share(label, parts[0])
    shares = tuple(_item_share(_cell_label(wording, question, part), part) for part in parts)
    answered = sum((share.weight for share in shares if share.points is not None and not share.is_out), ZERO)
    earned = sum((share.earned for share in shares), ZERO)
    return ScoreShare(
        Address(question.id),
        label,
        sum((share.weight for share in shares if not share.is_out), ZERO),
        earned / answered if answered else None,
        earned,
        all(share.is_out for share in shares),
        None,
        shares=shares,
    )


def section_shares(
    wording: SessionFormatter, instrument: Instrument, parts: Iterable[ScoredPart]
) -> tuple[ScoreShare, ...]:
    """Return what every question of a section brings in, grids with their cells below them."""
    grouped = groupby(parts, key=lambda part: part.address.question)
    return tuple(_question_share(wording, instrument.question_by_id[q], tuple(p)) for q, p in grouped)


class _WrappingDelegate(QStyledItemDelegate):
    """Wraps the labels in the first column of a tree."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        tree = option.widget
        if index.column() or not isinstance(tree, QTreeView):
            size = super().sizeHint(option, index)
            return QSize(size.width() + 2 * _PAD, option.fontMetrics.height() + 2 * _PAD)
        depth = 2 if index.parent().isValid() else 1
        width = tree.columnWidth(0) - depth * tree.indentation() - 2 * _PAD
        room = QRect(0, 0, max(width, 80), 100_000)
        text = option.fontMetrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), str(index.data()))
        return QSize(tree.columnWidth(0), text.height() + 2 * _PAD)


class StepsGrid(QWidget):
    """Figures: what it is and the result, below them the formula in letters and in numbers."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(LARGE)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)

    def show_steps(self, steps: Sequence[ArithmeticStep], letters: str = "") -> None:
        """Show other figures; ``letters`` says what the letters of the formulas stand for."""
        empty_layout(self._grid)
        for place, step in enumerate(steps):
            result = Label(f"= {step.result}", TextRole.STRONG, wraps=False, side="trailing", is_selectable=True)
            formula = Label(f"{step.formula} = {step.numbers}", TextRole.CAPTION, is_muted=True, is_selectable=True)
            for cell in (result, formula):
                # Formulas read from left to right in every language.
                cell.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
            formula.setContentsMargins(0, 0, 0, SMALL)
            self._grid.addWidget(Label(step.name, is_selectable=True), 2 * place, 0)
            self._grid.addWidget(result, 2 * place, 1, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(formula, 2 * place + 1, 0, 1, 2)
        if letters:
            self._grid.addWidget(Label(letters, TextRole.CAPTION, is_muted=True), 2 * len(steps), 0, 1, 2)


def share_state_text(texts: Translator, share: ScoreShare) -> str:
    if share.is_out:
        return texts.gettext("not applicable")
    if share.shares:
        count = share.open_count
        if not count:
            return texts.gettext("nothing open")
        return texts.counted("{count} open", "{count} open", count)
    if share.is_disputed:
        return texts.gettext("agencies disagree: midpoint")
    if share.is_open:
        return texts.gettext("open")
    return texts.gettext(GRADE_LABELS[share.grade or 0])


class ScoreSharesTree(QTreeView):
    """The parts of a section, grids with their cells below; as high as what is unfolded. ``wanted`` is where to go."""

    wanted = Signal(object)

    def __init__(self, texts: Translator) -> None:
        super().__init__()
        self._texts = texts
        self._parts = QStandardItemModel(0, 5)
        self.setModel(self._parts)
        self.setHeader(TableHeadings(self, frozenset({1, 2, 3})))
        with_name(self, "parts", texts.gettext("Parts of the score"))
        self.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.setWordWrap(True)
        self.setItemDelegate(_WrappingDelegate(self))
        self.setAllColumnsShowFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.expanded.connect(lambda _index: self._grow())
        self.collapsed.connect(lambda _index: self._grow())
        self.activated.connect(self._go)

    def _grow(self) -> None:
        QTimer.singleShot(0, self, self.updateGeometry)

    def show_shares(self, shares: Sequence[ScoreShare]) -> None:
        self._parts.clear()
        say = self._texts.gettext
        self._parts.setHorizontalHeaderLabels(
            [say("Question"), say("Weight"), say("Points"), say("Weight × points"), say("State and evidence")]
        )
        for share in shares:
            line = self._line(share)
            self._parts.appendRow(line)
            for part in share.shares:
                line[0].appendRow(self._line(part))
        header = self.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.updateGeometry()

    def _line(self, share: ScoreShare) -> list[QStandardItem]:
        texts = self._texts
        points = "–" if share.points is None else texts.number(share.points, 2)
        earned = "–" if share.points is None else texts.exact(share.earned)
        weight = "–" if share.is_out else texts.exact(share.weight)
        items = [QStandardItem(text) for text in (share.label, weight, points, earned, share_state_text(texts, share))]
        for item in items:
            item.setData(share.address, _ADDRESS)
            item.setEditable(False)
        for item in items[1:4]:
            item.setTextAlignment(_NUMBERS)
        return items

    def _go(self, index: QModelIndex) -> None:
        place = index.data(_ADDRESS)
        if isinstance(place, Address):
            self.wanted.emit(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._go(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def scrollTo(  # noqa: N802 - Qt's name
        self,
        index: QModelIndex | QPersistentModelIndex,
        _hint: QTreeView.ScrollHint = QTreeView.ScrollHint.EnsureVisible,
    ) -> None:
        bring_into_view(self, index)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # A page that scrolled under the mouse would take the click for another line.
        if event.reason() is not Qt.FocusReason.MouseFocusReason:
            bring_into_view(self, self.currentIndex())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()
            self._grow()

    def _unfolded(self) -> list[QModelIndex]:
        tops = [self._parts.index(row, 0) for row in range(self._parts.rowCount())]
        lines = []
        for top in tops:
            lines.append(top)
            if self.isExpanded(top):
                lines.extend(self._parts.index(row, 0, top) for row in range(self._parts.rowCount(top)))
        return lines

    def sizeHint(self) -> QSize:
        rows = sum(self.indexRowSizeHint(index) for index in self._unfolded())
        return QSize(400, self.header().sizeHint().height() + rows + 2 * self.frameWidth() + 2)
