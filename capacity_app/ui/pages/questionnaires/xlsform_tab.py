"""A questionnaire as XLSForm and back: make a form, start from a template, read a form, import the answers."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.domain.problems import N_
from capacity_app.i18n.catalogues import wording_languages
from capacity_app.i18n.translator import Translator
from capacity_app.questionnaires.library import LibraryEntry
from capacity_app.ui.pages.questionnaires.questionnaire_tab import WorkbookTab
from capacity_app.ui.session.jobs import CommandQuery
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, TextRole
from capacity_app.ui.widgets.banners import BannerTone
from capacity_app.ui.widgets.buttons import Button, ComboBox
from capacity_app.ui.widgets.cards import Card, Label, LabelledField
from capacity_app.ui.widgets.flow import TickBoxes
from capacity_app.ui.widgets.layouts import lay_out, side_by_side, with_action, with_name
from capacity_app.ui.widgets.lists_and_tables import FullHeightList, ListLine
from capacity_app.ui.widgets.text_fields import LineField

# The card that shows what a form holds, before it becomes a questionnaire.


_MOST_SHOWN = 200
_PLACES = (
    (("sheet", "row", "column"), N_("Sheet {sheet}, row {row}: {column}")),
    (("sheet", "row"), N_("Sheet {sheet}, row {row}")),
    (("sheet",), "{sheet}"),
)


class XlsformSummaryCard(Card):
    """Shows what a form holds; ``wanted`` asks for one, ``agreed`` to use it, ``stopped`` to stop reading."""

    wanted = Signal()
    agreed = Signal()
    stopped = Signal()

    def __init__(self, texts: Translator) -> None:
        super().__init__(margin=MEDIUM)
        self._texts = texts
        say = texts.gettext
        self.title = say("Read a form")
        about = say(
            "Choose an XLSForm, or drop it here. Its questions become a questionnaire. You see errors and losses with "
            "their rows first."
        )
        lay_out(self.body, Label(self.title, TextRole.HEADING), Label(about, is_muted=True))
        self.button = with_action(Button(say("Read form…"), "open"), "forms_read", self.wanted.emit)
        self.cancel = with_action(Button(say("Cancel"), "close"), "forms_cancel", self.stopped.emit)
        self.step = with_name(Label(is_muted=True), "forms_step")
        self.result = QWidget()
        self.summary = with_name(Label(role=TextRole.STRONG), "forms_summary")
        self.changes, self.counted = with_name(Label(), "forms_changes"), with_name(Label(), "forms_counted")
        self.problems = FullHeightList("forms_problems", say("Problems of the form"))
        use = Button(say("Add to this computer"), "good", is_main=True)
        self.use = with_action(use, "forms_use", self.agreed.emit)
        self._lay_out()
        self.show_running(is_running=False)
        self.show_nothing()

    def _lay_out(self) -> None:
        self.body.addSpacing(SMALL)
        lay_out(self.body, side_by_side(self.button, self.cancel, spacing=MEDIUM), self.step)
        column = lay_out(QVBoxLayout(self.result), margins=(0, MEDIUM, 0, 0), spacing=SMALL)
        lay_out(column, self.summary, self.changes, self.counted, self.problems)
        column.addLayout(side_by_side(self.use))
        self.body.addWidget(self.result)

    def show_running(self, *, is_running: bool, file: str = "") -> None:
        self.step.setText(self._texts.gettext("Reading {file}…").format(file=file) if is_running else "")
        self.button.setEnabled(not is_running)
        self.use.setEnabled(not is_running)
        for widget in (self.cancel, self.step):
            widget.setVisible(is_running)

    def show_nothing(self) -> None:
        self.result.hide()

    def show_answer(self, answer: dict[str, object], *, is_used: bool) -> None:
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
            self._texts.ngettext("{count} part", "{count} parts", _number(answer, "sections")).format(
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
            parts.append(say("Languages: {languages}").format(languages=names))
        return " · ".join(parts)

    def _counted(self, problems: list[dict[str, object]]) -> str:
        errors = sum(one.get("severity") == "error" for one in problems)
        remarks = len(problems) - errors
        ngettext = self._texts.ngettext
        said = []
        if errors:
            counted = ngettext("{count} error", "{count} errors", errors)
            said.append(counted.format(count=errors))
        if remarks:
            said.append(ngettext("{count} remark", "{count} remarks", remarks).format(count=remarks))
        return " · ".join(said) or self._texts.gettext("No errors.")

    def _lines(self, problems: list[dict[str, object]]) -> Iterator[ListLine]:
        for place, problem in enumerate(problems[:_MOST_SHOWN]):
            is_error = problem.get("severity") == "error"
            yield ListLine(
                key=str(place),
                title=str(problem.get("text", "")),
                detail=self._place(problem),
                mark="✗" if is_error else "!",
                colour="danger" if is_error else "warning",
            )
        if len(problems) > _MOST_SHOWN:
            rest = len(problems) - _MOST_SHOWN
            said = self._texts.ngettext("{count} more", "{count} more", rest).format(count=rest)
            yield ListLine(key="more", title=said)

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


_WHOLE, _SUPPLEMENT = "whole", "supplement"
_OTHER = re.compile(r"[^a-z0-9]+")
_ID_LENGTH = 40


def _headed(card: Card, title: str, about: str) -> None:
    lay_out(card.body, Label(title, TextRole.STRONG), Label(about, is_muted=True))


class XlsformCard(Card):
    """Makes a form of the chosen questionnaire; ``wanted`` asks for it."""

    wanted = Signal()

    def __init__(self, texts: Translator) -> None:
        super().__init__()
        self._texts = texts
        say = texts.gettext
        _headed(self, say("Create a form for phones"), say(
            "An XLSForm for ODK or KoboToolbox. You can also edit it with Excel and read it below. You see what "
            "the form cannot hold."
        ))  # fmt: skip
        self.languages, self.supplements = TickBoxes("forms_language"), TickBoxes("forms_supplement")
        self._headings = Label(say("Additional languages")), Label(say("Supplements"))
        self.step = Label(say("Creating and checking the form…"), is_muted=True)
        self.step.hide()
        self.button = with_action(Button(say("Create form…")), "forms_make", self.wanted.emit)
        self.notes = FullHeightList("forms_notes", say("Not in the form"))
        self.notes.hide()
        for heading, part in zip(self._headings, (self.languages, self.supplements), strict=True):
            self.body.addSpacing(SMALL)
            lay_out(self.body, heading, part)
        self.body.addSpacing(SMALL)
        lay_out(self.body, side_by_side(self.button), self.step, self.notes)

    def show_entry(self, entry: LibraryEntry | None) -> None:
        texts = self._texts
        tags = wording_languages(entry.id) if entry else ()
        self.languages.offer((tag, texts.language_name(tag)) for tag in tags)
        offered = entry.supplements if entry else ()
        titles = ((one.id, texts.wording(entry.id if entry else "", one.title_key, one.title)) for one in offered)
        self.supplements.offer(titles, ())
        for heading, part in zip(self._headings, (self.languages, self.supplements), strict=True):
            heading.setVisible(bool(part.boxes))
        self.button.setEnabled(entry is not None and not entry.has_mistakes)
        self.show_notes(())

    def show_running(self, *, is_running: bool) -> None:
        self.step.setVisible(is_running)
        self.button.setEnabled(not is_running)

    def show_notes(self, problems: Iterable[tuple[str, str]]) -> None:
        lines = [
            ListLine(key=str(number), title=text, detail=place, mark="!", colour="warning")
            for number, (place, text) in enumerate(problems)
        ]
        self.notes.show_lines(lines)
        self.notes.setVisible(bool(lines))


def questionnaire_id(title: str) -> str:
    """Make an id of a title: "Library self-assessment" → "library-self-assessment"."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    return _OTHER.sub("-", plain).strip("-")[:_ID_LENGTH].strip("-")


class XlsformTemplateCard(Card):
    """Asks what a new questionnaire is called; ``wanted`` asks for its template."""

    wanted = Signal()

    def __init__(self, texts: Translator) -> None:
        super().__init__()
        self._texts = texts
        self._base = ""
        self._is_own_id = False
        say = texts.gettext
        _headed(self, say("Start from a template"), say(
            "An XLSForm with an example of each type of question. Change it with Excel or LibreOffice, then read it "
            "below."
        ))  # fmt: skip
        self.kind = with_name(ComboBox(), "template_kind")
        self.title = with_name(LineField(), "template_title", say("Title"))
        self.id = with_name(LineField(), "template_id", say("ID (a–z, 0–9 and -; cannot be changed later)"))
        self.button = with_action(Button(say("Create template…")), "template_make", self.wanted.emit)
        self._lay_out()
        self.title.textChanged.connect(lambda _text: self._suggest())
        self.id.textEdited.connect(self._keep_own)
        self.id.textChanged.connect(lambda _text: self._enable())
        self.kind.currentIndexChanged.connect(lambda _index: self._suggest())
        self._enable()

    def _lay_out(self) -> None:
        say = self._texts.gettext
        self.kind.setAccessibleName(say("Kind of questionnaire"))
        for field in (self.kind, self.title, self.id):
            self.body.addSpacing(SMALL)
            self.body.addWidget(LabelledField(field.accessibleName(), field))
        self.body.addSpacing(SMALL)
        self.body.addLayout(side_by_side(self.button))

    def show_base(self, name: str, title: str) -> None:
        """Offer a supplement to the chosen questionnaire too."""
        say, chosen = self._texts.gettext, self.kind.currentData()
        self._base = name
        supplement = say("Supplement to “{title}”").format(title=title)
        choices = [(_WHOLE, say("Independent questionnaire")), *([(_SUPPLEMENT, supplement)] if name else [])]
        self.kind.fill(tuple(choices))
        self.kind.setCurrentIndex(max(self.kind.findData(chosen), 0))

    @property
    def base(self) -> str:
        """The questionnaire that a supplement is for, empty for a questionnaire of its own."""
        return self._base if self.kind.currentData() == _SUPPLEMENT else ""

    @property
    def chosen_id(self) -> str:
        return self.id.text().strip()

    @property
    def chosen_title(self) -> str:
        return self.title.text().strip()

    def _keep_own(self, text: str) -> None:
        self._is_own_id = bool(text.strip())

    def _suggest(self) -> None:
        if not self._is_own_id:
            name = questionnaire_id(self.title.text())
            self.id.setText(f"xx-{name}" if self.base and name else name)
        self._enable()

    def _enable(self) -> None:
        self.button.setEnabled(bool(self.chosen_id and self.chosen_title))


class XlsformTab(WorkbookTab):
    """A questionnaire as XLSForm and back: to write it in Excel, and to collect answers with ODK or KoboToolbox."""

    def __init__(self, texts: Translator, settings: Settings) -> None:
        super().__init__(texts, settings, "forms")
        self.setObjectName("forms")
        self._file = Path()
        self.read = XlsformSummaryCard(texts)
        self.form, self.template = XlsformCard(texts), XlsformTemplateCard(texts)
        lay_out(self.body, self.form, self.template, self.read)
        self.making = CommandQuery(texts.tag, self)
        self.making.answered.connect(self._tell_made)
        self.making.failed.connect(self._fail_making)
        self.making.cancelled.connect(lambda: self.form.show_running(is_running=False))
        self.form.wanted.connect(self._choose_place)
        self.template.wanted.connect(self._choose_template)
        self.reading = CommandQuery(texts.tag, self)
        self.reading.answered.connect(self._show)
        self.reading.failed.connect(self._fail_reading)
        self.reading.cancelled.connect(lambda: self.read.show_running(is_running=False))
        self.read.wanted.connect(self._choose_file)
        self.read.agreed.connect(lambda: self._read(is_use=True))
        self.read.stopped.connect(self.reading.cancel)

    @property
    def is_running(self) -> bool:
        return self.making.is_running or self.reading.is_running

    def stop(self) -> None:
        self.making.stop()
        self.reading.stop()

    def _choose_file(self) -> None:
        file = self._ask_file(self.read.title)
        if file is not None:
            self.settings.folder = file.parent
            self.read_file(file)

    def read_file(self, file: Path) -> None:
        if not self.is_running:
            self._file = file
            self._read(is_use=False)

    def _read(self, *, is_use: bool) -> None:
        if self.is_running:
            return
        self._outcome.clear()
        self.read.show_running(is_running=True, file=self._file.name)
        self.reading.start(["instrument", "from-xlsform", str(self._file), "--json", *(["--yes"] if is_use else [])])

    def _show(self, answer: dict[str, object]) -> None:
        if "error" in answer:
            self._fail_reading(str(answer["error"]))
            return
        is_used = bool(answer.get("written"))
        self.read.show_running(is_running=False)
        self.read.show_answer(answer, is_used=is_used)
        if is_used:
            sentence = self.texts.gettext(
                "“{title}” was added to this computer. You can choose it for new assessments."
            )
            self._outcome.tell(BannerTone.GOOD, sentence.format(title=answer.get("title", "")))
            self.changed.emit(str(answer.get("id", "")))

    def _fail_reading(self, sentence: str) -> None:
        self.read.show_running(is_running=False)
        self.read.show_nothing()
        self._tell_failure(sentence)

    def show_entry(self, entry: LibraryEntry | None) -> None:
        super().show_entry(entry)
        self.form.show_entry(entry)
        title = self.texts.wording(entry.id, "instrument|title", entry.title) if entry else ""
        self.template.show_base(entry.id if entry else "", title)

    def _choose_template(self) -> None:
        card = self.template
        out = self._ask_place(self.texts.gettext("Choose the place of the template"), card.chosen_id)
        if out is None or self.is_running:
            return
        self._outcome.clear()
        self.settings.folder = out.parent
        base = ["--supplement-of", card.base] if card.base else []
        language = ["--language", self.texts.language]
        said = ["new", card.chosen_id, str(out), "--title", card.chosen_title, *base, *language]
        self.form.show_running(is_running=True)
        self.making.start(["instrument", *said, "--json"])

    def _choose_place(self) -> None:
        if self.entry is None:
            return
        name = f"{self.entry.id}-{self.entry.version}-form"
        out = self._ask_place(self.texts.gettext("Choose the place of the form"), name)
        if out is not None:
            self.make(out)

    def make(self, out: Path) -> None:
        if self.entry is None or self.is_running:
            return
        self._outcome.clear()
        self.settings.folder = out.parent
        languages = self.form.languages.chosen or (self.entry.language,)
        said = [part for language in languages for part in ("--language", language)]
        said += [part for supplement in self.form.supplements.chosen for part in ("--supplement", supplement)]
        self.form.show_running(is_running=True)
        self.making.start(["instrument", "xlsform", str(self.entry.folder), str(out), *said, "--json"])

    def _tell_made(self, answer: dict[str, object]) -> None:
        if "error" in answer:
            self._fail_making(str(answer["error"]))
            return
        self.form.show_running(is_running=False)
        self.form.show_notes(_problems(answer))
        self._tell_ready(self.texts.gettext("The form is ready: {file}"), str(answer.get("file", "")))

    def _fail_making(self, sentence: str) -> None:
        self.form.show_running(is_running=False)
        self._tell_failure(sentence)


def _problems(answer: dict[str, object]) -> Iterator[tuple[str, str]]:
    found = answer.get("problems")
    for one in found if isinstance(found, list) else []:
        yield str(one.get("place", "")), str(one.get("text", one.get("message", "")))
