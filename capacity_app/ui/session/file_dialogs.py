"""Asking for files with the desktop's own dialogs, the field for a file to write, and opening evidence."""

import os
from collections.abc import Callable, Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from capacity_app.domain.assessment.registers import Evidence
from capacity_app.domain.problems import N_, KnownError, Translate
from capacity_app.files.atomic import check_writable, free_file
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.opened_documents import OpenedDocuments
from capacity_app.ui.session.settings import ASSESSMENT_SUFFIX
from capacity_app.ui.theme.fonts_and_sizes import TextRole
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Label, LabelledField
from capacity_app.ui.widgets.layouts import field_with_button, with_action, with_name
from capacity_app.ui.widgets.text_fields import LineField


def ask_file(parent: QWidget, title: str, start: Path, pattern: str) -> Path | None:
    """Ask which file to open; None if the person changed their mind."""
    chosen, _ = QFileDialog.getOpenFileName(parent, title, str(start), pattern)
    return Path(chosen) if chosen else None


def ask_place(parent: QWidget, title: str, suggestion: Path, suffix: str) -> Path | None:
    """Ask where to put a file with a suffix (".pdf"); None if the person changed their mind."""
    chosen, _ = QFileDialog.getSaveFileName(parent, title, str(suggestion), f"*{suffix}")
    if not chosen:
        return None
    file = with_suffix(Path(chosen), suffix)
    return file if str(file) == str(Path(chosen)) else free_file(file)  # it asked only about the name as typed


def ask_folder(parent: QWidget, title: str, start: Path) -> Path | None:
    """Ask for a folder; None if the person changed their mind."""
    chosen = QFileDialog.getExistingDirectory(parent, title, str(start))
    return Path(chosen) if chosen else None


def offer_files(
    parent: QWidget,
    title: str,
    start: Path,
    patterns: Sequence[str],
    take: Callable[[list[Path]], object],
    *,
    many: bool,
) -> None:
    """Ask for one file or ``many`` while the window goes on, and take those chosen."""
    dialog = QFileDialog(parent, title, str(start))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles if many else QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters(patterns)
    dialog.filesSelected.connect(lambda files: take([Path(file) for file in files]))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def file_pattern(label: str, endings: Iterable[str]) -> str:
    """Write what a dialog shows: "Reports (*.pdf *.docx)"."""
    return f"{label} ({' '.join(f'*{ending}' for ending in endings)})"


def ask_assessment_to_open(parent: QWidget, texts: Translator, folder: Path) -> Path | None:
    """Ask which assessment to open; None if the person changed their mind."""
    pattern = file_pattern(texts.gettext("Assessments"), (ASSESSMENT_SUFFIX,))
    return ask_file(parent, texts.gettext("Open an assessment"), folder, pattern)


def ask_save_path(
    parent: QWidget, texts: Translator, title: str, suggestion: Path, *, may_exist: bool = False
) -> Path | None:
    """Ask where to put an assessment; ``may_exist`` spares the question whether to replace what is there."""
    options = QFileDialog.Option.DontConfirmOverwrite if may_exist else QFileDialog.Option(0)
    pattern = file_pattern(texts.gettext("Assessments"), (ASSESSMENT_SUFFIX,))
    chosen, _ = QFileDialog.getSaveFileName(parent, title, str(suggestion), pattern, options=options)
    return with_suffix(Path(chosen), ASSESSMENT_SUFFIX) if chosen else None


def with_suffix(file: Path, ending: str, instead_of: Collection[str] = ()) -> Path:
    """Add to a file the ending it lacks, in place of another of ours; dots in a name of its own stay ("geo.v2")."""
    if file.suffix == ending:
        return file
    return file.with_suffix(ending) if file.suffix in instead_of else file.with_name(file.name + ending)


def default_file_name(country: str, round_name: str) -> str:
    """Return a file name that says which assessment it is, without signs that some disks refuse."""
    name = "-".join(part for part in (country.strip(), round_name.strip()) if part) or "assessment"
    return "".join(c if c.isalnum() or c in "-_." else "-" for c in name).lower() + ASSESSMENT_SUFFIX


def has_existing_folder(file: Path) -> bool:
    """Return whether a file's path is complete and its folder there; a path no disk can hold is neither."""
    return file.is_absolute() and os.path.isdir(file.parent)  # noqa: PTH112 - a Path raises where the name is too long


# Where something is written to: a name is suggested until somebody gives one, and its suffix follows the format.


class SavePathField(LineField):
    """A field for a file, with a button that finds a place; ``endings`` are those that give way.

    ``title`` heads the dialog, ``replaces`` says what becomes of an old file. ``remark`` tells that there is one of
    this name, or why it cannot be written there, until another is named. Where old files ``are_kept``, only one that
    somebody has found with the dialog, which asks, is replaced, and once; else the new one takes a free name.
    """

    def __init__(
        self,
        texts: Translator,
        name: str,
        label: str,
        title: str,
        replaces: str,
        endings: AbstractSet[str],
        *,
        are_kept: bool = False,
    ) -> None:
        super().__init__()
        with_name(self, name, label)
        self._texts, self._title, self._replaces, self._endings, self._suffix = texts, title, replaces, endings, ""
        self._may_replace, self._are_kept = "", are_kept
        self._is_own = False
        self._browser = with_action(Button(texts.gettext("Choose…")), f"{name.partition('_')[0]}_browse", self.browse)
        self.remark = Label(replaces, role=TextRole.CAPTION, is_muted=True)
        self.remark.hide()
        self.textEdited.connect(self._keep_own)
        self.textChanged.connect(lambda _text: self.tell_replacing())

    def with_label(self, label: str, hint: str = "") -> LabelledField:
        """Put the field and its button under a label."""
        return LabelledField(label, field_with_button(self, self._browser), hint)

    @property
    def path(self) -> Path:
        return Path(self.text().strip())

    def _keep_own(self, text: str) -> None:
        self._is_own = bool(text.strip())

    def tell_replacing(self) -> None:
        """Tell whether there is a file of this name, and what becomes of it."""
        is_there = os.path.isfile(self.text().strip())  # noqa: PTH113 - a Path raises where a name is too long
        said = ""
        if is_there and (self._may_replace == self.text() or not self._are_kept):
            said = self._replaces
        elif is_there:
            kept = self._texts.gettext("A file of this name exists and stays. The new one will be “{file}”.")
            said = kept.format(file=free_file(self.path).name)
        self.remark.set_colour("")
        self.remark.show_or_hide(said)

    def is_writable(self, translate: Translate) -> bool:
        """Return whether the file can be written; else say beside the field why not, and go there.

        Where old files are kept, it takes a free name. What the dialog allowed to replace is used up by this.
        """
        problem = self._problem(translate)
        if not problem and self._are_kept and self._may_replace != self.text():
            self.setText(str(free_file(self.path)))
        self._may_replace = ""
        if problem:
            self.remark.set_colour("danger")
            self.remark.show_or_hide(problem)
            self.setFocus()
        return not problem

    def _problem(self, translate: Translate) -> str:
        if not self.text().strip():
            return translate(N_("Enter a file name."))
        if not has_existing_folder(self.path):
            return translate(N_("This folder does not exist. Choose another folder."))
        try:
            check_writable(self.path)
        except KnownError as error:
            return error.text(translate)
        return ""

    def suggest(self, file: Path) -> None:
        """Suggest a file; one that somebody has named only takes its suffix."""
        self._suffix = file.suffix
        if self._is_own:
            self.choose(Path(self.text()), file.suffix)
        else:
            self.setText(str(free_file(file) if self._are_kept else file))

    def choose(self, file: Path, suffix: str) -> None:
        """Take a file, with the suffix of the format (".pdf")."""
        self._is_own, self._suffix = True, suffix
        self.setText(str(with_suffix(file, suffix, self._endings)))

    def browse(self) -> None:
        """Let the person find a place for the file."""
        if (chosen := ask_place(self.window(), self._title, self.path, self._suffix)) is not None:
            self.choose(chosen, self._suffix)
            self._may_replace = self.text()
            self.tell_replacing()


# Opening a piece of evidence: its held document, or else its link, with the desktop's own program.


_SAFE_SCHEMES = frozenset({"http", "https", "ftp", "mailto"})


def open_evidence(entry: Evidence, opened: OpenedDocuments, name: str, texts: Translator) -> str:
    """Open it; gives a sentence where that could not be done, else nothing. ``name`` is what the entry is called."""
    try:
        url = QUrl.fromLocalFile(str(opened.copy_of(entry))) if entry.document else QUrl(entry.link)
    except KnownError as error:
        return error.text(texts.gettext)
    is_safe = entry.document or url.scheme().casefold() in _SAFE_SCHEMES
    if is_safe and QDesktopServices.openUrl(url):
        return ""
    return texts.gettext("“{name}” could not be opened: no program on this computer takes it.").format(name=name)
