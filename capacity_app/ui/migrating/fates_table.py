"""How many answers go where: a small table whose rows add up, with a bar for each share."""

from collections.abc import Iterable, Iterator, Mapping

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from capacity_app.domain.answers import Address
from capacity_app.domain.assessment import KeptAnswer, KeptFate
from capacity_app.domain.migration import Fate, Outcome
from capacity_app.domain.problems import N_
from capacity_app.services.migrating import Plan, Speaker
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.lines import Line
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, TIGHT, Role, font_for, is_font_change
from capacity_app.ui.questionnaire.kept_card import is_waiting, speaker
from capacity_app.ui.wording import Wording as OpenWording
from capacity_app.wording import Wording

FATE_WORDS: Mapping[Fate, str] = {
    Fate.CARRIED: N_("carried: answers as before"),
    Fate.TO_CONFIRM: N_("to confirm: kept, count once confirmed"),
    Fate.RETIRED: N_("retired: kept, no longer asked"),
}
_SIGNS = {Fate.CARRIED: ("✓", "good"), Fate.TO_CONFIRM: ("?", "warning"), Fate.RETIRED: ("–", "muted")}
_IN = N_("answers in this assessment")
_BAR = 4


_HEADINGS = {Fate.TO_CONFIRM: N_("To confirm"), Fate.RETIRED: N_("Retired and kept")}
_LINE_SIGNS = {Fate.TO_CONFIRM: ("?", "warning"), Fate.RETIRED: ("–", "muted")}
_GROUPS = (N_("To confirm"), N_("Answered anew since"), N_("Kept as what was said then"))


def outcome_lines(plan: Plan, texts: Texts) -> tuple[Line, ...]:
    """List what is not carried: what is to be confirmed, then what is retired, each with its reason."""
    wording = Wording(texts, plan.before)
    return tuple(line for fate in _HEADINGS for line in _of_fate(plan, fate, wording))


def _of_fate(plan: Plan, fate: Fate, wording: Wording) -> Iterator[Line]:
    found = [outcome for outcome in plan.migrated.outcomes if outcome.fate is fate]
    if found:
        yield Line(key=fate.value, title=wording.texts.gettext(_HEADINGS[fate]), is_heading=True)
    for outcome in found:
        yield _outcome_line(outcome, wording)


def _outcome_line(outcome: Outcome, wording: Wording) -> Line:
    key = outcome.answer.key
    sign, colour = _LINE_SIGNS[outcome.fate]
    said = Speaker(wording).said(outcome.answer) or wording.texts.gettext("a note")
    who = wording.respondent(key.layer, key.respondent)
    reason = " ".join(filter(None, (wording.texts.gettext(outcome.reason), outcome.note)))
    return Line(
        key=f"{key.address} {key.layer} {key.respondent}",
        title=f"{wording.place(key.address)} · {who}: {said}",
        detail=reason,
        mark=sign,
        colour=colour,
    )


def kept_lines(entries: Iterable[KeptAnswer], bridge: Bridge, wording: OpenWording) -> tuple[Line, ...]:
    """List the answers of earlier versions: those that wait, those answered anew since, and those kept."""
    groups: dict[str, list[KeptAnswer]] = {name: [] for name in _GROUPS}
    for entry in entries:
        groups[_group(entry, bridge)].append(entry)
    return tuple(
        line
        for name, found in groups.items()
        if found
        for line in (
            Line(key=name, title=wording.texts.gettext(name), is_heading=True),
            *(_kept_line(entry, name, wording) for entry in found),
        )
    )


def _group(entry: KeptAnswer, bridge: Bridge) -> str:
    if is_waiting(entry, bridge):
        return _GROUPS[0]
    return _GROUPS[1] if entry.fate is KeptFate.TO_CONFIRM else _GROUPS[2]


def _kept_line(entry: KeptAnswer, group: str, wording: OpenWording) -> Line:
    said = entry.answered or entry.note or wording.texts.gettext("a note")
    asked = " · ".join(line for line in entry.wording.splitlines() if line.strip())
    version = wording.texts.gettext("version {version}").format(version=entry.version)
    is_open = group == _GROUPS[0]
    return Line(
        key=entry.id,
        title=f"{entry.number} · {speaker(entry, wording)}: {said}".removeprefix(" · "),
        detail=f"{asked} ({version})",
        mark="?" if is_open else "–",
        colour="warning" if is_open else "muted",
    )


def place_of_kept(entry: KeptAnswer) -> Address | None:
    """Return where an answer of an earlier version belongs now, or belonged."""
    try:
        return Address.parse(entry.target or entry.address)
    except ValueError:
        return None


class FatesTable(QWidget):
    """One line for each fate and the sum below; painted, read as one sentence."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._counts: dict[Fate, int] = dict.fromkeys(Fate, 0)
        self.setObjectName("fates")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_counts(self, counts: Mapping[Fate, int]) -> None:
        """Show how many answers have each fate."""
        self._counts = dict(counts)
        self.setAccessibleName(
            self._texts.listed(f"{self._texts.number(count)} {word}" for count, word, *_ in self._lines())
        )
        self.updateGeometry()
        self.update()

    def _lines(self) -> list[tuple[int, str, str, str]]:
        """Return number, words, sign and colour of each line; the last is the sum."""
        lines = [(self._counts[fate], self._texts.gettext(FATE_WORDS[fate]), *_SIGNS[fate]) for fate in Fate]
        return [*lines, (sum(self._counts.values()), self._texts.gettext(_IN), "=", "text")]

    def _room(self, width: int) -> tuple[int, int, int]:
        """Return the widths of sign, number and words."""
        metrics = QFontMetrics(font_for(Role.STRONG))
        sign = metrics.height()
        number = max(metrics.horizontalAdvance(self._texts.number(count)) for count, *_ in self._lines()) + SMALL
        return sign, number, max(60, width - sign - number - 2 * MEDIUM)

    def _heights(self, width: int) -> list[int]:
        metrics, (_, _, room) = QFontMetrics(font_for(Role.BODY)), self._room(width)
        wraps = int(Qt.TextFlag.TextWordWrap)
        high = [metrics.boundingRect(0, 0, room, 10_000, wraps, words).height() for _, words, *_ in self._lines()]
        # The sum, which comes last, has no bar.
        return [one + 2 * SMALL + _BAR + TIGHT for one in high[:-1]] + [high[-1] + 2 * SMALL]

    def sizeHint(self) -> QSize:
        return QSize(320, sum(self._heights(max(self.width(), 200))))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def resizeEvent(self, event: QEvent) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event):
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, top, total = QPainter(self), 0, max(1, sum(self._counts.values()))
        # A Latin sentence in an Arabic window keeps its own order.
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        for line, high in zip(self._lines(), self._heights(self.width()), strict=True):
            self._paint_line(painter, line, top, high, total)
            top += high
        painter.end()

    def _placed(self, x: float, y: float, width: float, height: float) -> QRectF:
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        return QRectF(self.width() - x - width if is_mirrored else x, y, width, height)

    def _paint_line(self, painter: QPainter, line: tuple[int, str, str, str], top: int, high: int, total: int) -> None:
        count, words, sign, colour = line
        shades, flags = colours(), Qt.AlignmentFlag
        wide, number, room = self._room(self.width())
        is_sum = sign == "="
        if is_sum:
            painter.fillRect(self._placed(0, top, self.width(), 1), QColor(shades.line))
        base = top + SMALL
        text = high - 2 * SMALL - (0 if is_sum else _BAR + TIGHT)
        painter.setFont(font_for(Role.STRONG))
        painter.setPen(QColor(getattr(shades, colour)))
        painter.drawText(self._placed(0, base, wide, wide), int(flags.AlignCenter), sign)
        painter.setPen(QColor(shades.text))
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        # Numbers end where words begin, so that they stand under each other.
        inner = flags.AlignLeft if mirrored else flags.AlignRight
        outer = flags.AlignRight if mirrored else flags.AlignLeft
        at = self._placed(wide, base, number, wide)
        painter.drawText(at, int(inner | flags.AlignTop | flags.AlignAbsolute), self._texts.number(count))
        painter.setFont(font_for(Role.STRONG if is_sum else Role.BODY))
        wraps = int(outer | flags.AlignTop | flags.AlignAbsolute) | int(Qt.TextFlag.TextWordWrap)
        painter.drawText(self._placed(wide + number + MEDIUM, base, room, text), wraps, words)
        if not is_sum:
            full = self._placed(wide + number + MEDIUM, top + high - _BAR - TIGHT, min(room, 30 * LARGE), _BAR)
            part = self._placed(wide + number + MEDIUM, full.y(), full.width() * count / total, _BAR)
            painter.fillRect(full, QColor(shades.line))
            painter.fillRect(part, QColor(getattr(shades, colour)))
