"""What a translator's sheet would change: the counts, every text in a list, and taking it over."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QPushButton

from capacity_app.domain.problems import N_
from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Card, Words, row
from capacity_app.ui.look.lines import Line, LineList
from capacity_app.ui.look.tab_row import TabRow
from capacity_app.ui.look.text_fields import LineField
from capacity_app.ui.look.theme import MEDIUM, Role

_KINDS: tuple[tuple[str, str], ...] = (
    ("refused", N_("Refused: {count}")),
    ("changed", N_("Changed: {count}")),
    ("new", N_("New: {count}")),
    ("missing", N_("Missing: {count}")),
    ("note", N_("Notes: {count}")),
)
"""What can be shown alone, in the order of the tabs."""
_SIGNS = {"refused": ("×", "danger"), "changed": ("≠", "accent"), "new": ("+", "good"), "missing": ("○", "muted")}
_LINES_SEEN = 5
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the command line tells of a sheet."""

    file: str
    data: dict[str, Any]

    def texts_of(self, kind: str) -> list[dict[str, Any]]:
        """Give the texts of a kind."""
        found = [one for one in self.data.get("texts", ()) if isinstance(one, dict)]
        if kind == "note":
            return [one for one in found if one.get("note")]
        return [one for one in found if one.get("fate") == kind]

    def count(self, kind: str) -> int:
        """Count the texts of a kind."""
        counts = self.data.get("counts", {})
        return int(counts.get(kind, 0)) if kind != "note" else len(self.texts_of(kind))


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


class TranslationResult(Card):
    """A sheet that was read. ``wanted`` asks to take it over, ``left`` to leave it."""

    wanted = Signal()
    left = Signal()

    def __init__(self, texts: Texts, author: str) -> None:
        super().__init__(margin=MEDIUM)
        self.setObjectName("translation_result")
        self._texts, self._author = texts, author
        self.sheet: Sheet | None = None
        say = texts.gettext
        self.title = Words(role=Role.HEADING)
        self.counts = Words()
        self.counts.setObjectName("translation_counts")
        self.remarks = Words(is_muted=True)
        self.kinds = TabRow("translation_kind")
        for _kind, label in _KINDS:
            self.kinds.addTab(say(label).format(count=0))
        self.kinds.currentChanged.connect(lambda _place: self._show_kind())
        self.list = LineList("translation_texts", say("Texts of the sheet"))
        self.none = Words(say("There are none."), is_muted=True)
        self.name = LineField()
        self.name.setObjectName("translation_name")
        self.name.setAccessibleName(say("Who translated, or signs off"))
        self.sign = QCheckBox(say("Reviewed and signed off"))
        self.sign.setObjectName("translation_sign")
        self.sign.toggled.connect(lambda _on: self._show_ready())
        self.name.textChanged.connect(lambda _text: self._show_ready())
        self.hint = Words(is_muted=True, role=Role.CAPTION)
        self.hint.setObjectName("translation_hint")
        self.take = QPushButton(say("Take it over"))
        self.take.setObjectName("translation_take")
        self.take.setDefault(True)
        self.take.clicked.connect(lambda _on: self.wanted.emit())
        self.leave = QPushButton(say("Leave it"))
        self.leave.setObjectName("translation_leave")
        self.leave.setAutoDefault(False)
        self.leave.clicked.connect(lambda _on: self.left.emit())
        self._lay_out()

    def _lay_out(self) -> None:
        self.body.setSpacing(MEDIUM)
        name = Words(self._texts.gettext("Who translated, or signs off"), Role.STRONG)
        name.setBuddy(self.name)
        for widget in (self.title, self.counts, self.remarks, self.kinds, self.none, self.list, name, self.name):
            self.body.addWidget(widget)
        self.body.addWidget(self.sign)
        self.body.addWidget(self.hint)
        self.body.addLayout(row(self.take, self.leave, spacing=MEDIUM))

    def show_sheet(self, sheet: Sheet) -> None:
        """Show what a sheet would change."""
        self.sheet = sheet
        data, texts = sheet.data, self._texts
        self.title.setText(
            texts.gettext("{title}: translation into {language}").format(
                title=data.get("title", ""), language=texts.language_name(str(data.get("language", "")))
            )
        )
        self.counts.setText(self._counts(sheet))
        remarks = [str(one.get("message", "")) for one in data.get("problems", ())]
        self.remarks.setText("\n".join(remarks))
        self.remarks.setVisible(bool(remarks))
        for place, (kind, label) in enumerate(_KINDS):
            self.kinds.setTabText(place, texts.gettext(label).format(count=texts.number(sheet.count(kind))))
        first = next((place for place, (kind, _label) in enumerate(_KINDS) if sheet.count(kind)), 0)
        self.kinds.setCurrentIndex(first)
        self._show_kind()
        self.name.setText(str(data.get("by") or self._author))
        can_sign = not sheet.count("refused")
        self.sign.setChecked(bool(data.get("is_signed_off")) and can_sign)
        self.sign.setEnabled(can_sign)
        self._show_ready()

    def _counts(self, sheet: Sheet) -> str:
        pattern = self._texts.gettext(
            "{new} new, {changed} changed, {same} the same, {refused} refused, {missing} without a translation."
        )
        kinds = ("new", "changed", "same", "refused", "missing")
        return pattern.format(**{kind: self._texts.number(sheet.count(kind)) for kind in kinds})

    def _show_kind(self) -> None:
        if self.sheet is None:
            return
        kind = _KINDS[self.kinds.currentIndex()][0]
        lines = [self._line(place, one) for place, one in enumerate(self.sheet.texts_of(kind))]
        self.list.show_lines(lines)
        self.list.setVisible(bool(lines))
        self.none.setVisible(not lines)
        high = self.fontMetrics().height() * 5 * min(max(len(lines), 2), _LINES_SEEN)
        self.list.setFixedHeight(high)
        if lines:
            self.list.scrollToTop()

    def _line(self, place: int, one: dict[str, Any]) -> Line:
        say = self._texts.gettext
        sign, colour = _SIGNS.get(str(one.get("fate")), ("", "muted"))
        told = [" · ".join(part for part in (str(one.get("where", "")), str(one.get("place", ""))) if part)]
        if one.get("after"):
            told.append(say("Source: {text}").format(text=_shortened(str(one.get("source", "")))))
        if one.get("before") and one.get("after"):
            told.append(say("So far: {text}").format(text=_shortened(str(one["before"]))))
        told += [str(problem.get("message", "")) for problem in one.get("problems", ())]
        if one.get("note"):
            told.append(say("Note: {text}").format(text=_shortened(str(one["note"]))))
        title = _shortened(str(one.get("after") or one.get("source") or ""))
        detail = "\n".join(part for part in told if part)
        return Line(key=str(place), title=title, detail=detail, mark=sign, colour=colour)

    def _show_ready(self) -> None:
        """Say what is missing before it can be taken over."""
        sheet, say = self.sheet, self._texts.gettext
        is_anything = sheet is not None and bool(sheet.count("new") or sheet.count("changed"))
        is_signing = self.sign.isChecked()
        is_named = bool(self.name.text().strip())
        hint = ""
        if sheet is not None and sheet.count("refused"):
            hint = say("What is refused stays as it was. It can be signed off once nothing is refused.")
        elif is_signing and not is_named:
            hint = say("Write the name of whoever signs it off.")
        elif not is_anything and not is_signing:
            hint = say("The sheet brings nothing new.")
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self.take.setEnabled((is_anything or is_signing) and (is_named or not is_signing))

    @property
    def arguments(self) -> Sequence[str]:
        """What the command line hears to take it over."""
        assert self.sheet is not None, "there is a sheet to take over"
        name = self.name.text().strip()
        sign = "--sign-off" if self.sign.isChecked() else "--no-sign-off"
        return ["instrument", "take-sheet", "--progress", "--yes", sign, *(["--by", name] if name else []),
                "--", self.sheet.file]  # fmt: skip
