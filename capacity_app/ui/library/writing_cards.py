"""The three cards of writing in Excel: start from a template, take what is there, read a workbook."""

import re
import unicodedata
from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.domain.problems import N_
from capacity_app.instruments.library import Entry
from capacity_app.texts import Texts
from capacity_app.ui.look.buttons import SignButton
from capacity_app.ui.look.cards import Card, Words, row
from capacity_app.ui.look.full_list import FullList
from capacity_app.ui.look.lines import Line
from capacity_app.ui.look.pickers import QuietCombo
from capacity_app.ui.look.text_fields import LineField
from capacity_app.ui.look.theme import MEDIUM, SMALL, Role

_WHOLE, _SUPPLEMENT = "whole", "supplement"
_OTHER = re.compile(r"[^a-z0-9]+")
_ID_LENGTH = 40
_MOST_SHOWN = 200
_PLACES = (
    (("sheet", "row", "column"), N_("Sheet {sheet}, row {row}, column {column}")),
    (("sheet", "row"), N_("Sheet {sheet}, row {row}")),
    (("sheet",), N_("Sheet {sheet}")),
)


def _headed(card: Card, title: str, about: str) -> None:
    card.body.addWidget(Words(title, Role.HEADING))
    card.body.addWidget(Words(about, is_muted=True))


def _button(name: str, label: str, sign: str) -> SignButton:
    button = SignButton(sign, label)
    button.setObjectName(name)
    button.setAccessibleName(label)
    button.setAutoDefault(True)
    return button


def id_of(title: str) -> str:
    """Make an id of a title: "Library self-assessment" → "library-self-assessment"."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    return _OTHER.sub("-", plain).strip("-")[:_ID_LENGTH].strip("-")


class TemplateCard(Card):
    """Asks what a new questionnaire is called; ``wanted`` asks for its template."""

    wanted = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__(margin=MEDIUM)
        self._texts = texts
        self._base = self._base_title = ""
        self._is_own_id = False
        say = texts.gettext
        _headed(self, say("Start from a template"), say(
            "An empty workbook with an example of each type of question. Fill it in with Excel or LibreOffice, then "
            "read it below."
        ))  # fmt: skip
        self.kind = QuietCombo()
        self.kind.setObjectName("writing_kind")
        self.title = self._field("writing_title", say("Title"))
        self.id = self._field("writing_id", say("Short name (a–z, 0–9 and -), which never changes"))
        self.button = _button("writing_template", say("Start from a template …"), "new")
        self._lay_out()
        self.title.textChanged.connect(lambda _text: self._suggest())
        self.id.textEdited.connect(self._keep_own)
        self.id.textChanged.connect(lambda _text: self._enable())
        self.kind.currentIndexChanged.connect(lambda _index: self._suggest())
        self.button.clicked.connect(lambda _checked: self.wanted.emit())
        self._enable()

    @staticmethod
    def _field(name: str, label: str) -> LineField:
        field = LineField()
        field.setObjectName(name)
        field.setAccessibleName(label)
        return field

    def _lay_out(self) -> None:
        say = self._texts.gettext
        self.kind.setAccessibleName(say("What it will be"))
        for label, field in (
            (say("What it will be"), self.kind),
            (say("Title"), self.title),
            (self.id.accessibleName(), self.id),
        ):
            words = Words(label)
            words.setBuddy(field)
            self.body.addSpacing(SMALL)
            self.body.addWidget(words)
            self.body.addWidget(field)
        self.body.addSpacing(SMALL)
        self.body.addLayout(row(self.button))

    def show_base(self, name: str, title: str) -> None:
        """Offer a supplement to the chosen questionnaire too."""
        say, chosen = self._texts.gettext, self.kind.currentData()
        self._base, self._base_title = name, title
        supplement = say("More questions for “{title}” (a supplement)").format(title=title)
        choices = [(_WHOLE, say("A questionnaire of its own")), *([(_SUPPLEMENT, supplement)] if name else [])]
        self.kind.fill(tuple(choices))
        self.kind.setCurrentIndex(max(self.kind.findData(chosen), 0))

    @property
    def base(self) -> str:
        """The questionnaire that a supplement is for, empty for a questionnaire of its own."""
        return self._base if self.kind.currentData() == _SUPPLEMENT else ""

    @property
    def chosen_id(self) -> str:
        """The id it will have."""
        return self.id.text().strip()

    @property
    def chosen_title(self) -> str:
        """The title it will have."""
        return self.title.text().strip()

    def _keep_own(self, text: str) -> None:
        self._is_own_id = bool(text.strip())

    def _suggest(self) -> None:
        if not self._is_own_id:
            name = id_of(self.title.text())
            self.id.setText(f"xx-{name}" if self.base and name else name)
        self._enable()

    def _enable(self) -> None:
        self.button.setEnabled(bool(self.chosen_id and self.chosen_title))


class TakeCard(Card):
    """Offers the chosen questionnaire as a workbook; ``wanted`` asks for it."""

    wanted = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__(margin=MEDIUM)
        self._texts = texts
        say = texts.gettext
        _headed(self, say("Take this one as a workbook"), say(
            "All its questions, supplements and translations, to change them or to begin one of your own from it."
        ))  # fmt: skip
        self.about = Words()
        self.about.setObjectName("writing_about")
        self.button = _button("writing_take", say("Take this one as a workbook …"), "xlsx")
        self.button.clicked.connect(lambda _checked: self.wanted.emit())
        self.body.addWidget(self.about)
        self.body.addSpacing(SMALL)
        self.body.addLayout(row(self.button))

    def show_entry(self, entry: Entry | None, title: str) -> None:
        """Say which one it is."""
        said = self._texts.gettext("{title}, version {version}")
        self.about.setText(said.format(title=title, version=entry.version) if entry else "")
        self.button.setEnabled(entry is not None and not entry.has_mistakes)


class ReadCard(Card):
    """Shows what a file holds; ``wanted`` asks for one, ``agreed`` to use it, ``stopped`` to stop reading.

    ``name`` begins the names of its parts; ``words`` are its heading, what it is about, and the label of its button.
    """

    wanted = Signal()
    agreed = Signal()
    stopped = Signal()

    def __init__(self, texts: Texts, name: str, words: tuple[str, str, str]) -> None:
        super().__init__(margin=MEDIUM)
        self._texts, self.name = texts, name
        say = texts.gettext
        self.title, about, label = words
        _headed(self, self.title, about)
        self.button = _button(f"{name}_read", label, "open")
        self.cancel = _button(f"{name}_cancel", say("Cancel"), "close")
        self.step = Words(is_muted=True)
        self.step.setObjectName(f"{name}_step")
        self.result = QWidget()
        self.summary, self.changes, self.counted = Words(role=Role.STRONG), Words(), Words()
        self.summary.setObjectName(f"{name}_summary")
        self.changes.setObjectName(f"{name}_changes")
        self.counted.setObjectName(f"{name}_counted")
        self.problems = FullList(f"{name}_problems", say("What is not right in the workbook"))
        self.use = SignButton("good", say("Use it on this computer"), is_main=True)
        self.use.setObjectName(f"{name}_use")
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
        """Show that a workbook is being read."""
        self.step.setText(self._texts.gettext("Reading {file} …").format(file=file) if is_running else "")
        self.button.setEnabled(not is_running)
        self.use.setEnabled(not is_running)
        for widget in (self.cancel, self.step):
            widget.setVisible(is_running)

    def show_nothing(self) -> None:
        """Take away what was shown."""
        self.result.hide()

    def show_answer(self, answer: dict[str, object], *, is_used: bool) -> None:
        """Show what a workbook holds, what is not right and what would change."""
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


class BookReadCard(ReadCard):
    """Shows what a workbook holds that was written by hand."""

    def __init__(self, texts: Texts) -> None:
        say = texts.gettext
        about = say(
            "Choose it, or drop it here. Everything that is not right is listed with its sheet and row; nothing is "
            "changed before you say so."
        )
        super().__init__(texts, "writing", (say("Read a workbook"), about, say("Read a workbook …")))


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _number(answer: dict[str, object], key: str) -> int:
    value = answer.get(key, 0)
    return value if isinstance(value, int) else 0
