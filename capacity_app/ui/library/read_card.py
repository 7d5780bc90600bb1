"""The card that shows what a form holds, before it becomes a questionnaire."""

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.domain.problems import N_
from capacity_app.texts import Texts
from capacity_app.ui.look.buttons import SignButton
from capacity_app.ui.look.cards import Card, Words, row
from capacity_app.ui.look.full_list import FullList
from capacity_app.ui.look.lines import Line
from capacity_app.ui.look.theme import MEDIUM, SMALL, Role

_MOST_SHOWN = 200
_PLACES = (
    (("sheet", "row", "column"), N_("Sheet {sheet}, row {row}: {column}")),
    (("sheet", "row"), N_("Sheet {sheet}, row {row}")),
    (("sheet",), "{sheet}"),
)


def _button(name: str, label: str, sign: str) -> SignButton:
    button = SignButton(sign, label)
    button.setObjectName(name)
    button.setAccessibleName(label)
    button.setAutoDefault(True)
    return button


class FormReadCard(Card):
    """Shows what a form holds; ``wanted`` asks for one, ``agreed`` to use it, ``stopped`` to stop reading."""

    wanted = Signal()
    agreed = Signal()
    stopped = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__(margin=MEDIUM)
        self._texts = texts
        say = texts.gettext
        self.title = say("Read a form")
        about = say(
            "Choose an XLSForm, or drop it here. Its questions become a questionnaire. Errors, and what cannot be "
            "asked here, are listed with their rows. Nothing is changed before you say so."
        )
        self.body.addWidget(Words(self.title, Role.HEADING))
        self.body.addWidget(Words(about, is_muted=True))
        self.button = _button("forms_read", say("Read a form …"), "open")
        self.cancel = _button("forms_cancel", say("Cancel"), "close")
        self.step = Words(is_muted=True)
        self.step.setObjectName("forms_step")
        self.result = QWidget()
        self.summary, self.changes, self.counted = Words(role=Role.STRONG), Words(), Words()
        self.summary.setObjectName("forms_summary")
        self.changes.setObjectName("forms_changes")
        self.counted.setObjectName("forms_counted")
        self.problems = FullList("forms_problems", say("What is not right in the form"))
        self.use = SignButton("good", say("Use it on this computer"), is_main=True)
        self.use.setObjectName("forms_use")
        self._lay_out()
        self.button.clicked.connect(lambda _checked: self.wanted.emit())
        self.cancel.clicked.connect(lambda _checked: self.stopped.emit())
        self.use.clicked.connect(lambda _checked: self.agreed.emit())
        self.show_running(is_running=False)
        self.show_nothing()

    def _lay_out(self) -> None:
        self.body.addSpacing(SMALL)
        self.body.addLayout(row(self.button, self.cancel, spacing=MEDIUM))
        self.body.addWidget(self.step)
        column = QVBoxLayout(self.result)
        column.setContentsMargins(0, MEDIUM, 0, 0)
        column.setSpacing(SMALL)
        for part in (self.summary, self.changes, self.counted, self.problems):
            column.addWidget(part)
        column.addLayout(row(self.use))
        self.body.addWidget(self.result)

    def show_running(self, *, is_running: bool, file: str = "") -> None:
        """Show that a file is being read."""
        self.step.setText(self._texts.gettext("Reading {file} …").format(file=file) if is_running else "")
        self.button.setEnabled(not is_running)
        self.use.setEnabled(not is_running)
        for widget in (self.cancel, self.step):
            widget.setVisible(is_running)

    def show_nothing(self) -> None:
        self.result.hide()

    def show_answer(self, answer: dict[str, object], *, is_used: bool) -> None:
        """Show what a file holds, what is not right and what would change."""
        problems = [one for one in _listed(answer.get("problems")) if isinstance(one, dict)]
        self.summary.setText(self._summary(answer))
        changes = "\n".join(str(one) for one in _listed(answer.get("changes")))
        self.changes.setText(changes)
        self.changes.setVisible(bool(changes) and not is_used)
        self.counted.setText(self._counted(problems))
        self.counted.setVisible(not is_used)
        lines = [] if is_used else list(self._lines(problems))
        self.problems.show_lines(lines)
        self.problems.setVisible(bool(lines))
        self.use.setVisible(answer.get("state") in {"new", "newer", "same"} and not is_used)
        self.result.show()

    def _summary(self, answer: dict[str, object]) -> str:
        say = self._texts.gettext
        if not answer.get("id"):
            return say("{file} cannot be used yet.").format(file=answer.get("file", ""))
        parts = [
            (say("{title}, version {version}") if not answer.get("supplement_of") else "{title}").format(
                title=answer.get("title", ""), version=answer.get("version", "")
            ),
            self._texts.ngettext("{count} section", "{count} sections", _number(answer, "sections")).format(
                count=_number(answer, "sections")
            ),
            self._texts.ngettext("{count} question", "{count} questions", _number(answer, "questions")).format(
                count=_number(answer, "questions")
            ),
        ]
        tags = [str(answer.get("language", ""))]
        tags += [str(one.get("language")) for one in _listed(answer.get("languages")) if isinstance(one, dict)]
        names = self._texts.listed(self._texts.language_name(tag) for tag in tags if tag)
        if names:
            parts.append(say("Worded in: {languages}").format(languages=names))
        return " · ".join(parts)

    def _counted(self, problems: list[dict[str, object]]) -> str:
        errors = sum(one.get("severity") == "error" for one in problems)
        remarks = len(problems) - errors
        ngettext = self._texts.ngettext
        said = []
        if errors:
            counted = ngettext("{count} mistake to mend", "{count} mistakes to mend", errors)
            said.append(counted.format(count=errors))
        if remarks:
            said.append(ngettext("{count} remark", "{count} remarks", remarks).format(count=remarks))
        return " · ".join(said) or self._texts.gettext("Nothing is wrong with it.")

    def _lines(self, problems: list[dict[str, object]]) -> Iterator[Line]:
        for place, problem in enumerate(problems[:_MOST_SHOWN]):
            is_error = problem.get("severity") == "error"
            yield Line(
                key=str(place),
                title=str(problem.get("text", "")),
                detail=self._place(problem),
                mark="✗" if is_error else "!",
                colour="danger" if is_error else "warning",
            )
        if len(problems) > _MOST_SHOWN:
            rest = len(problems) - _MOST_SHOWN
            said = self._texts.ngettext("{count} more", "{count} more", rest).format(count=rest)
            yield Line(key="more", title=said)

    def _place(self, problem: dict[str, object]) -> str:
        sentence = next(
            (sentence for keys, sentence in _PLACES if all(problem.get(key) for key in keys)), _PLACES[-1][1]
        )
        values = {key: problem.get(key, "") for key in ("sheet", "row", "column")}
        return self._texts.gettext(sentence).format(**values)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _number(answer: dict[str, object], key: str) -> int:
    value = answer.get(key, 0)
    return value if isinstance(value, int) else 0
