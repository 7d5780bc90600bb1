"""Verifying a file: a child process compares it with the assessment, and a card says whether they agree."""

from collections.abc import Callable, Iterator, Mapping
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtWidgets import QVBoxLayout

from capacity_app.domain.assessment.verification import ContentMatch, Verdict
from capacity_app.domain.encryption_keys import Keyring
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.i18n.translator import Translator
from capacity_app.storage.opening import is_locked
from capacity_app.ui.pages.file_safety.passphrase_fields import UnlockCard
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.file_dialogs import file_pattern, offer_files
from capacity_app.ui.session.jobs import CommandQuery
from capacity_app.ui.session.save_state import SaveBarrier, SaveState
from capacity_app.ui.session.settings import ASSESSMENT_SUFFIX
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TextRole
from capacity_app.ui.widgets.banners import Banner, BannerTone, icon_line
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Card, Label, facts_grid
from capacity_app.ui.widgets.layouts import discard, lay_out, side_by_side, with_action, with_name


class PdfSignatureState(Enum):
    """How a PDF file is signed: not at all, not as it is now, on another computer, or on this one."""

    NOT = auto()
    CHANGED = auto()
    ELSEWHERE = auto()
    HERE = auto()


_THE_ANSWER = frozenset(
    {"content.same", "content.claimed", "content.different", "content.other", "content.not_compared"}
)
"""What is said once and large."""
_SIGNED = {
    "file.unsigned": PdfSignatureState.NOT,
    "file.changed": PdfSignatureState.CHANGED,
    "certificate.other": PdfSignatureState.ELSEWHERE,
    "file.intact": PdfSignatureState.HERE,
}
"""What the codes of observations say of a PDF file, the first that is there."""


@dataclass(frozen=True, slots=True)
class FileCheckResult:
    """What was found out about a file, in words: what is wrong or right with it, and what it says of itself."""

    file: str
    is_good: bool
    match: ContentMatch | None
    told: tuple[tuple[Verdict, str], ...]
    facts: tuple[tuple[str, str], ...]
    damage: tuple[str, ...]
    signed: PdfSignatureState | None = None
    """Only of PDF files."""


def parse_check_answer(answer: Mapping[str, object]) -> FileCheckResult:
    """Read what the command line says about a file."""
    match = str(answer.get("match") or "")
    codes = {one["code"] for one in _entries(answer, "observations")}
    return FileCheckResult(
        file=str(answer.get("file", "")),
        is_good=answer.get("ok") is True,
        match=ContentMatch(match) if match in set(ContentMatch) else None,
        told=tuple(
            (Verdict(one["verdict"]), one["text"])
            for one in _entries(answer, "observations")
            if one["code"] not in _THE_ANSWER
        ),
        facts=tuple((one["label"], one["text"]) for one in _entries(answer, "facts")),
        damage=(
            *(f"{one['place']}: {one['message']}" for one in _entries(answer, "damage")),
            *(one["text"] for one in _entries(_inside(answer, "printed"), "places")),
        ),
        signed=next((signed for code, signed in _SIGNED.items() if code in codes), None),
    )


def _inside(answer: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = answer.get(name)
    return found if isinstance(found, Mapping) else {}


def _entries(answer: Mapping[str, object], name: str) -> Iterator[dict[str, str]]:
    found = answer.get(name)
    for entry in found if isinstance(found, list) else ():
        yield {str(key): str(value) for key, value in entry.items()}


def dropped_file(mime: QMimeData) -> Path | None:
    """Return the one file that is dropped; an assessment is for the window, which opens it."""
    files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return files[0] if len(files) == 1 and files[0].suffix.casefold() != ASSESSMENT_SUFFIX else None


class FileCheckJob(CommandQuery):
    """Checks one file at a time. Ends with ``found`` (a ``FileCheckResult``), ``failed`` (sentence) or ``cancelled``.

    Of a protected assessment that nothing opens, nothing is begun: ``locked`` carries its path.
    """

    found = Signal(object)
    locked = Signal(object)

    def __init__(
        self, controller: SessionController, texts: Translator, state: SaveState, parent: QObject | None = None
    ) -> None:
        say = texts.gettext
        unknown = say("The file could not be verified: the program that reads it stopped. Nothing was changed.")
        super().__init__(texts.tag, parent, unknown=unknown)
        self._controller = controller
        self._file = ""
        unsaved = say("The last changes could not be saved, so the file cannot be compared with them.")
        self.wait_for(SaveBarrier(controller, state, self), unsaved, self._ask)
        self.answered.connect(lambda answer: self.found.emit(parse_check_answer(answer)))

    def check(self, file: Path) -> None:
        """Compare a file with what is on disk by now and what is on its way there."""
        if self.is_running:
            return
        if file.suffix.casefold() == ASSESSMENT_SUFFIX and is_locked(file, self._controller.keys):
            self.locked.emit(file)
            return
        self._file = str(file)
        self.start_saved()

    def check_with(self, file: Path, ring: Keyring) -> None:
        """Check a file that has just been opened with what somebody typed."""
        self._controller.keys = self._controller.keys.combined_with(ring)
        self.check(file)

    def _ask(self) -> None:
        command = ["verify", "--json", "--", self._file, str(self._controller.session.file)]
        self.start(command, self._controller.keys)


# The file to verify: chosen or dropped, and what it is and whether it agrees, in words.


_ENDINGS = (".pdf", ".docx", ".html", ".xlsx", ".json", ASSESSMENT_SUFFIX)
_SIGNS = {Verdict.GOOD: ("good", "good"), Verdict.NOTE: ("information", "accent"), Verdict.BAD: ("danger", "danger")}
_MOST_DAMAGE = 20
_NOT_INTACT: dict[PdfSignatureState | None, str] = {
    PdfSignatureState.NOT: N_("This PDF file is not signed."),
    PdfSignatureState.CHANGED: N_("This PDF file was changed after it was signed."),
}
_SENTENCES: dict[ContentMatch | None, str] = {
    ContentMatch.SAME: N_("The content is the same as in this assessment."),
    ContentMatch.CLAIMED: N_("The file says that it was made from the content of this assessment."),
    ContentMatch.DIFFERENT: N_("The content is not the same as in this assessment."),
    ContentMatch.OTHER: N_("The file belongs to another assessment."),
    ContentMatch.UNKNOWN: N_("The program could not compare the file with this assessment."),
    None: N_("The file was not compared with this assessment."),
}
_AGREEING = frozenset({ContentMatch.SAME, ContentMatch.CLAIMED})


class _FileCheckResultCard(Card):
    """What was found out about one file: the answer first, then why, then what the file says of itself."""

    def __init__(self, texts: Translator, found: FileCheckResult) -> None:
        tone = _tone(found)
        tint, edge = f"{tone.value}_tint", tone.value
        super().__init__(tint=tint, edge=edge, margin=MEDIUM, name="check_result")
        self.sentence = _sentence(texts, found)
        self.setAccessibleName(f"{found.file}: {self.sentence}")
        head = icon_line(tone.value, edge, (Label(self.sentence, TextRole.STRONG), 1))
        lay_out(self.body, head, Label(found.file, is_selectable=True), spacing=SMALL)
        for verdict, text in found.told:
            told = (Label(text, is_selectable=True), 1)
            self.body.addLayout(icon_line(*_SIGNS[verdict], told, is_small=True))
        for text in found.damage[:_MOST_DAMAGE]:
            self.body.addWidget(Label(text, is_selectable=True))
        if len(found.damage) > _MOST_DAMAGE:
            self.body.addWidget(
                Label(texts.gettext("The command “capacity-app verify” lists more places."), is_selectable=True)
            )
        self.body.addWidget(facts_grid(found.facts))


def _tone(found: FileCheckResult) -> BannerTone:
    """Nothing is green that rests on what a stranger signed, or that was compared with nothing."""
    if not found.is_good:
        return BannerTone.DANGER
    return BannerTone.GOOD if found.match is ContentMatch.SAME else BannerTone.WARNING


def _sentence(texts: Translator, found: FileCheckResult) -> str:
    """Say the one thing that was asked."""
    if found.signed in _NOT_INTACT:
        return texts.gettext(_NOT_INTACT[found.signed])
    said = texts.gettext(_SENTENCES[found.match])
    if found.is_good or found.match not in _AGREEING:
        return said
    wrong = texts.gettext("Something is wrong with the file.")
    return f"{said} {wrong}"


class FileCheckCard(Card):
    """Chooses and verifies a file; ``left`` tells that one goes back."""

    left = Signal()

    def __init__(self, texts: Translator, check: FileCheckJob, folder: Callable[[], Path]) -> None:
        super().__init__(margin=LARGE, name="check_card", spacing=MEDIUM)
        self._texts, self._check, self._folder = texts, check, folder
        self._outcome: _FileCheckResultCard | Banner | UnlockCard | None = None
        self._lay_out()
        check.found.connect(lambda found: self._show(_FileCheckResultCard(texts, found)))
        check.failed.connect(self._show_sentence)
        check.cancelled.connect(self._clear)
        check.running_changed.connect(self._follow)
        check.locked.connect(self._ask_passphrase)

    def _lay_out(self) -> None:
        say = self._texts.gettext
        about = say(
            "Check a report, a workbook or a dossier against this assessment. Choose the file, or drop it on this page."
        )
        self.button = with_action(Button(say("Choose file…"), is_main=True), "check_file", self._choose)
        back = with_action(Button(say("Back")), "check_back", self.left.emit, say("Back to import and merge"))
        self.cancel = with_action(
            Button(say("Cancel")), "check_cancel", self._check.cancel, say("Cancel the verification")
        )
        self.cancel.hide()
        self._step = Label(role=TextRole.CAPTION, is_muted=True)
        self._step.hide()
        self._place = QVBoxLayout()
        buttons = side_by_side(self.button, self.cancel, back)
        lay_out(self.body, Label(about, is_muted=True), buttons, self._step, self._place, 1)
        self.setFocusProxy(self.button)

    def _choose(self) -> None:
        say = self._texts.gettext
        patterns = (file_pattern(say("Reports, workbooks, dossiers"), _ENDINGS), file_pattern(say("All files"), ("",)))
        offer_files(self, say("Verify a file"), self._folder(), patterns, lambda files: self.check(*files), many=False)

    def check(self, file: Path) -> None:
        if self._check.is_running:
            return
        self._clear()
        self._step.setText(self._texts.gettext("Reading {file}…").format(file=file.name))
        self._check.check(file)

    def _follow(self) -> None:
        is_running = self._check.is_running
        self.button.setEnabled(not is_running)
        self.cancel.setVisible(is_running)
        self._step.setVisible(is_running)

    def _show_sentence(self, sentence: str) -> None:
        banner = with_name(Banner(self._texts, BannerTone.DANGER, sentence), "check_failed")
        banner.closer.clicked.connect(lambda _checked: self._clear())
        self._show(banner)

    def _ask_passphrase(self, file: Path) -> None:
        card = UnlockCard(self._texts, leave=self._texts.gettext("Choose another file"))
        card.ask(file)
        card.opened.connect(lambda ring: self._check_with(file, ring))
        card.left.connect(self._clear)
        self._show(card)
        card.field.setFocus()

    def _check_with(self, file: Path, ring: Keyring) -> None:
        self._clear()
        self._check.check_with(file, ring)

    def _show(self, outcome: "_FileCheckResultCard | Banner | UnlockCard") -> None:
        self._clear()
        self._outcome = outcome
        self._place.addWidget(outcome)

    def _clear(self) -> None:
        discard(self._outcome)
        self._outcome = None

    @property
    def outcome(self) -> str:
        """What the last check ended with, empty while none has."""
        return "" if self._outcome is None or isinstance(self._outcome, UnlockCard) else self._outcome.sentence
