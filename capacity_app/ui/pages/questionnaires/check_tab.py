"""Checking a questionnaire: what the check found, in groups, each line with a link to its question; its preview."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.findings import Finding, FindingKind
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError, Problem, short_reason
from capacity_app.i18n.translator import Translator, isolate_ltr
from capacity_app.questionnaires.author_remarks import REMARK_KIND_LABELS, wording_files_by_language
from capacity_app.questionnaires.library import LibraryEntry
from capacity_app.services.exchange.questionnaire_install import is_installed
from capacity_app.ui.pages.deliver.review_list import FindingNode, FindingTree
from capacity_app.ui.pages.questionnaires.questionnaire_preview import PreviewSession, QuestionnairePreview
from capacity_app.ui.pages.questionnaires.questionnaire_tab import QuestionnaireTab
from capacity_app.ui.session.file_dialogs import ask_folder
from capacity_app.ui.session.jobs import CommandQuery
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, TextRole, is_font_change
from capacity_app.ui.widgets.banners import BannerTone
from capacity_app.ui.widgets.buttons import Button, ComboBox
from capacity_app.ui.widgets.cards import Card, Label
from capacity_app.ui.widgets.flow import Flow, TickBoxes
from capacity_app.ui.widgets.layouts import Stack, discard, lay_out, with_action, with_name
from capacity_app.ui.widgets.text_fields import LineField

# What the check of a questionnaire has found, as lines in groups: mistakes first, then the remarks.


MISTAKE, DOUBT = "mistake", "doubt"
_GROUPS: Mapping[str, str] = {
    MISTAKE: N_("Errors: the questionnaire cannot be used"),
    DOUBT: N_("Possible errors"),
    **{kind.value: words for kind, words in REMARK_KIND_LABELS.items()},
}
"""The groups in the order in which they are worth reading."""


@dataclass(frozen=True, slots=True)
class CheckMessage:
    """One thing the check says: its group, where, what and what to do, and the place to jump to if there is one."""

    number: int
    group: str
    where: str
    message: str
    advice: str
    address: Address | None

    @property
    def words(self) -> str:
        return f"{self.where} {self.message} {self.advice}".casefold()


def read_check_messages(data: Mapping[str, Any]) -> tuple[CheckMessage, ...]:
    """Read the lines from what the command line says."""
    found = [entry for name in ("mistakes", "remarks") for entry in data.get(name, ()) if isinstance(entry, dict)]
    return tuple(_check_message(number, entry) for number, entry in enumerate(found))


def _check_message(number: int, entry: Mapping[str, Any]) -> CheckMessage:
    kind = str(entry.get("kind", ""))
    group = kind if kind in _GROUPS else MISTAKE if entry.get("severity") == "error" else DOUBT
    address = str(entry.get("address", ""))
    return CheckMessage(number, group, str(entry.get("where", "")), str(entry.get("message", "")),
                str(entry.get("advice", "")), Address.parse(address) if address else None)  # fmt: skip


def group_messages(texts: Translator, lines: Iterable[CheckMessage]) -> dict[str, tuple[str, list[CheckMessage]]]:
    """Return the lines by group, each with its title, in the order of reading."""
    by_group: dict[str, list[CheckMessage]] = {}
    for line in lines:
        by_group.setdefault(line.group, []).append(line)
    return {key: (texts.gettext(words), by_group[key]) for key, words in _GROUPS.items() if key in by_group}


def message_nodes(texts: Translator, lines: Iterable[CheckMessage]) -> list[FindingNode]:
    roots = []
    for row, (key, (title, found)) in enumerate(group_messages(texts, lines).items()):
        root = FindingNode(key, title, count=len(found), row=row)
        root.children = [_message_node(root, at, line) for at, line in enumerate(found)]
        roots.append(root)
    return roots


def _message_node(root: FindingNode, row: int, line: CheckMessage) -> FindingNode:
    title = f"{line.where}: {line.message}" if line.where else line.message
    # The list of weak points shows findings; which line one is stands in its entry.
    finding = Finding(
        FindingKind.REFERENCE, Problem(line.group, line.where, line.message, line.advice), entry=str(line.number)
    )
    return FindingNode(f"{line.group}|{line.where}|{line.message}", title, line.advice, finding, 1, root, row)


def filter_messages(lines: Sequence[CheckMessage], group: str, typed: str) -> tuple[CheckMessage, ...]:
    """Keep the lines of a group (all if empty) that have all the words typed."""
    words = typed.casefold().split()
    return tuple(line for line in lines if group in {"", line.group} and all(word in line.words for word in words))


_LINES_SHOWN = 22


class QuestionnaireCheckTab(QuestionnaireTab):
    """What the check of the chosen questionnaire, or of another folder, has found; each line leads to its question."""

    def __init__(self, texts: Translator, settings: Settings) -> None:
        super().__init__(texts, settings, "checking")
        self.setObjectName("checking_tab")
        self.folder: Path | None = None
        self.lines: tuple[CheckMessage, ...] = ()
        self.preview: QuestionnairePreview | None = None
        self._trial: PreviewSession | None = None
        self._is_stale = False
        self._name = self._version = ""
        self.check = CommandQuery(texts.tag, self)
        self.check.answered.connect(self._show_answer)
        self.check.failed.connect(self._fail)
        self.check.cancelled.connect(self._settle)
        self.taking = CommandQuery(texts.tag, self)
        self.taking.answered.connect(self._taken)
        self.taking.failed.connect(self._not_taken)
        self.drafting = CommandQuery(texts.tag, self)
        self.drafting.answered.connect(self._drafted)
        self.drafting.failed.connect(self._tell_failure)
        self._make_parts()
        self._lay_out()

    def _make_parts(self) -> None:
        say = self.texts.gettext
        self.said = with_name(Label(), "checking_said")
        self.preview_button = self._button("demonstration", say("Preview"), "checking_preview", self.show_preview)
        self.again = self._button("round", say("Check again"), "checking_again", self.start)
        self.other = self._button("folder", say("Check folder…"), "checking_folder", self._choose_folder)
        self.path = with_name(Label(role=TextRole.CAPTION, is_muted=True), "checking_path")
        self.chosen = self._button(
            "questionnaire", say("Check the chosen questionnaire"), "checking_chosen", self._go_back
        )
        self.use = self._button("new", say("Add to this computer"), "checking_use", self.take_over)
        self.draft = self._button("new", say("Create migration file"), "checking_draft", self.draft_migration)
        self.stop_button = self._button("close", say("Cancel"), "checking_cancel", self.check.cancel)
        self.typed = with_name(LineField(), "checking_filter", say("Show only lines with these words"))
        self.typed.setPlaceholderText(say("Words or a number, such as IV.1"))
        self.typed.textChanged.connect(lambda _text: self._show_lines())
        self.kind = with_name(ComboBox(), "checking_kind", say("Kind of point"))
        self.kind.currentIndexChanged.connect(lambda _index: self._show_lines())
        self.tree = with_name(FindingTree(self.texts), "checking_lines")
        self.tree.opened.connect(self._open_line)

    def _button(self, sign: str, label: str, name: str, act: Callable[[], object]) -> Button:
        return with_action(Button(label, sign), name, act)

    def _lay_out(self) -> None:
        say = self.texts.gettext
        self._supplements = TickBoxes("checking_supplement", is_in_lines=True)
        self._supplements.hide()
        self._supplements.ticked.connect(self.start)
        tools = Flow(
            SMALL, self.preview_button, self.again, self.other, self.use, self.draft, self.chosen, self.stop_button
        )
        self._head = Card(self.said, self.path, self._supplements, tools, margin=MEDIUM)
        self.body.addWidget(self._head)
        self._list = Card(margin=SMALL)
        lay_out(self._list.body, lay_out(QHBoxLayout(), (self.typed, 1), (self.kind, 1), spacing=SMALL), self.tree)
        self._none = Label(say("No point of this kind."), is_muted=True, side="center")
        hint = say("Press Enter or click a line to see the question in the preview.")
        lay_out(self._list.body, self._none, Label(hint, TextRole.CAPTION, is_muted=True))
        self.body.addWidget(self._list)
        self._fit()
        self._settle()

    def _fit(self) -> None:
        """Give the list room by the size of the text."""
        self.tree.setMinimumHeight(_LINES_SHOWN * self.fontMetrics().lineSpacing())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event) and hasattr(self, "tree"):
            self._fit()

    def show_entry(self, entry: LibraryEntry | None) -> None:
        """Check the chosen questionnaire, once one looks."""
        super().show_entry(entry)
        self._take(entry.folder if entry is not None else None)
        supplements = entry.supplements if entry is not None else ()
        name = entry.id if entry is not None else ""
        self._offer({one.id: self.texts.wording(name, one.title_key, one.title) for one in supplements})

    def _take(self, folder: Path | None) -> None:
        self.drop_preview()
        self.folder = folder
        self._offer({})
        self._is_stale = folder is not None
        if self.isVisible():
            self._begin()

    def _offer(self, supplements: Mapping[str, str]) -> None:
        """Offer supplements, by id with their titles, to be left out."""
        self._supplements.offer((name, f"{name}  {title}") for name, title in supplements.items())
        self._supplements.setVisible(bool(supplements))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._begin()

    def _begin(self) -> None:
        if self._is_stale:
            self.start()

    def start(self) -> None:
        """Check the folder as it is now."""
        self._is_stale = False
        if self.check.is_running:
            self.check.stop()
        self._outcome.clear()
        if self.folder is None:
            self._settle()
            return
        self.drop_preview()
        try:
            self._trial = PreviewSession()
        except OSError as error:
            self._fail(short_reason(error))
            return
        chosen = self._supplements.chosen
        which = [part for name in chosen for part in ("--supplement", name)]
        if self._supplements.boxes and not chosen:
            which = ["--no-supplements"]
        self.said.setText(self.texts.gettext("Reading the questionnaire…"))
        preview = ["--preview", str(self._trial.fresh)]
        # A folder beside the others is named by its whole path, or it would be taken for an id.
        self.check.start(["instrument", "check", "--json", *which, *preview, "--", str(self.folder.absolute())])
        self._settle(is_running=True)

    def _choose_folder(self) -> None:
        title = self.texts.gettext("Folder of the questionnaire")
        if (folder := ask_folder(self.window(), title, self.settings.folder)) is not None:
            self.check_folder(folder)

    def check_folder(self, folder: Path) -> None:
        """Check a questionnaire that is not one of this computer's."""
        self._take(folder)

    def _go_back(self) -> None:
        self.show_entry(self.entry)

    def _show_answer(self, data: Mapping[str, Any]) -> None:
        self.lines = read_check_messages(data)
        self._name, self._version = str(data.get("id", "")), str(data.get("version", ""))
        offered = data.get("supplements")
        if not self._supplements.boxes and isinstance(offered, dict):
            self._offer(offered)  # those of a folder are known once it has been read
        self._settle()
        self.said.setText(self._summary(data))
        number = self.texts.number
        found = group_messages(self.texts, self.lines)
        kinds = [(key, f"{title} ({number(len(lines))})") for key, (title, lines) in found.items()]
        self.kind.fill((("", self.texts.gettext("All kinds")), *kinds))
        self._show_lines()

    def _summary(self, data: Mapping[str, Any]) -> str:
        texts = self.texts
        errors = sum(line.group == "mistake" for line in self.lines)
        title = texts.wording(self._name, "instrument|title", str(data.get("title", "")))
        name = title or (self.folder.name if self.folder else "")
        if errors:
            return texts.counted(
                "{name}: {count} error. Correct it to use and preview the questionnaire.",
                "{name}: {count} errors. Correct them to use and preview the questionnaire.",
                errors,
                name=name,
            )
        if not self.lines:
            return texts.gettext("{name}: no errors and no remarks.").format(name=name)
        return texts.counted(
            "{name}: no errors, {count} remark.", "{name}: no errors, {count} remarks.", len(self.lines), name=name
        )

    def _show_lines(self) -> None:
        found = filter_messages(self.lines, str(self.kind.currentData() or ""), self.typed.text())
        self.tree.show_nodes(message_nodes(self.texts, found))
        self.tree.setVisible(bool(found))
        self._none.setVisible(not found)

    def _settle(self, *, is_running: bool = False) -> None:
        self.stop_button.setVisible(is_running)
        is_other = self.folder is not None and (self.entry is None or self.folder != self.entry.folder)
        self.path.setVisible(is_other)
        self.path.setText(isolate_ltr(str(self.folder)) if is_other else "")
        self.chosen.setVisible(is_other and self.entry is not None and not is_running)
        self.again.setEnabled(self.folder is not None and not is_running)
        self.preview_button.setEnabled(self._can_preview and not is_running)
        self.use.setVisible(
            self._can_preview and not is_running and self.folder is not None and not is_installed(self.folder)
        )
        self.draft.setVisible(self._is_new_version and not is_running)
        self._list.setVisible(bool(self.lines) and not is_running)

    @property
    def _is_new_version(self) -> bool:
        """Return whether the checked folder holds another version of the questionnaire that is chosen above."""
        return self.entry is not None and self._name == self.entry.id and self._version != self.entry.version

    @property
    def _can_preview(self) -> bool:
        return self._trial is not None and self._trial.fresh.is_file()

    def _fail(self, sentence: str) -> None:
        self.lines = ()
        self._settle()
        self.said.setText("")
        unknown = self.texts.gettext("The program that reads questionnaires stopped. Check again.")
        self._outcome.tell(BannerTone.DANGER, sentence or unknown)

    def _place_outcome(self, banner: QWidget) -> None:
        self._head.body.addWidget(banner)

    def take_over(self) -> None:
        if self.folder is not None and not self.taking.is_running:
            self.use.setEnabled(False)
            self.taking.start(["instrument", "use", "--json", "--", str(self.folder.absolute())])

    def _taken(self, data: Mapping[str, Any]) -> None:
        self.use.setEnabled(True)
        self.changed.emit(str(data.get("id", "")))
        self._outcome.tell(BannerTone.GOOD, self.texts.gettext("The questionnaire was added to this computer."))

    def draft_migration(self) -> None:
        """Write a migration file from the version chosen above into the checked folder, for its author to complete."""
        if self.folder is None or self.entry is None or self.drafting.is_running:
            return
        out = self.folder.absolute() / "migrations" / f"{self.entry.version}-{self._version}.toml"
        versions = (str(self.entry.folder.absolute()), str(self.folder.absolute()))
        self.drafting.start(["instrument", "draft-migration", "--json", "--out", str(out), "--", *versions])

    def _drafted(self, data: Mapping[str, Any]) -> None:
        told = self.texts.gettext("{file} was created. Check and correct each entry. Then check the folder again.")
        self._outcome.tell(BannerTone.GOOD, told.format(file=isolate_ltr(str(data.get("file", "")))))

    def _not_taken(self, sentence: str) -> None:
        self.use.setEnabled(True)
        self._tell_failure(sentence)

    def _open_line(self, finding: Finding) -> None:
        line = next((line for line in self.lines if str(line.number) == finding.entry), None)
        if line is not None and line.address is not None:
            self.show_preview(line.address)

    def show_preview(self, address: Address | None = None) -> None:
        """Show the questionnaire as those see it who fill it in, at a place."""
        if self.preview is None and not self._make_preview():
            return
        assert self.preview is not None, "it has just been made"
        stage = self._stage()
        if stage is not None:
            stage.setCurrentWidget(self.preview)
        else:
            self.preview.show()
        if address is not None:
            self.preview.show_address(address)

    def _make_preview(self) -> bool:
        if self._trial is None or not self._can_preview or self.folder is None:
            return False
        try:
            self.preview = QuestionnairePreview(
                self._trial, self.texts, wording_files_by_language(self.folder, self._name)
            )
        except (KnownError, OSError) as error:
            self._fail(error.text(self.texts.gettext) if isinstance(error, KnownError) else short_reason(error))
            return False
        self.preview.left.connect(self.leave_preview)
        stage = self._stage()
        if stage is not None:
            stage.addWidget(self.preview)
        return True

    def _stage(self) -> Stack | None:
        """Return the stack of the whole window: a questionnaire needs more width than a column of text."""
        found, widget = None, self.parentWidget()
        while widget is not None:
            if isinstance(widget, Stack) and widget.parentWidget() is not None:
                found = widget
            widget = widget.parentWidget()
        return found

    def leave_preview(self) -> None:
        """Go back to the list; what was tried stays until another check."""
        stage, mine = self._stage(), self._page()
        if stage is not None and mine is not None:
            stage.setCurrentWidget(mine)
        elif self.preview is not None:
            self.preview.hide()
        self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def _page(self) -> QWidget | None:
        stage = self._stage()
        widget: QWidget | None = self
        while widget is not None and widget.parentWidget() is not stage:
            widget = widget.parentWidget()
        return widget

    def drop_preview(self) -> None:
        """Take the preview away, and everything tried in it."""
        if self.preview is not None:
            stage = self._stage()
            if stage is not None:
                if stage.currentWidget() is self.preview:
                    self.leave_preview()
                stage.removeWidget(self.preview)
            self.preview.end()
            discard(self.preview)
            self.preview = None
        if self._trial is not None:
            self._trial.end()
            self._trial = None

    def stop(self) -> None:
        self.check.stop()
        self.taking.stop()
        self.drafting.stop()
        self.drop_preview()
