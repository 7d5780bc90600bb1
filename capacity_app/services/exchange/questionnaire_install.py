"""What a questionnaire that was read holds, and what putting it in place would change here.

A questionnaire comes from a form or from a folder. What it says is kept as the files it becomes, which the reader of
all instruments has checked: what is put in place later are these very files.
"""

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from babel.messages.pofile import normalize

from capacity_app import paths
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError, Problem, ProblemSeverity, Translate
from capacity_app.domain.questionnaire.instrument import Instrument, Question, wording_places
from capacity_app.files.atomic import atomic_folder, known_write_errors, write_atomically
from capacity_app.i18n import catalogues
from capacity_app.i18n.translator import Translator
from capacity_app.questionnaires import library
from capacity_app.questionnaires.library import LibraryEntry, next_version, version_key
from capacity_app.questionnaires.problems import Findings
from capacity_app.questionnaires.reader import offered_supplements, read_head, read_instrument
from capacity_app.questionnaires.toml_files import HEAD_FILE, path_in_folder

OWN_SUPPLEMENTS = "supplements"
"""The folder, among a person's own instruments, of supplements to instruments."""
SAME_VERSION = N_(
    "Version {version} of “{name}” is here already and says something else. Answers are kept by version, so they would "
    "not fit. Give the questionnaire a higher version, such as {next}. Nothing was changed."
)
OLDER_VERSION = N_(
    "Version {theirs} of “{name}” is here already, and {version} is older. Give the questionnaire a higher version, "
    "such as {next}. Nothing was changed."
)
FOLDER_NOT_EMPTY = N_("The folder {folder} holds other things. Choose an empty one, or that of this questionnaire.")
CHANGED_SHAPE = N_(
    "The question {question} was there before with another type, or without some of its options, rows or columns: "
    "answers to it would not fit. Give it a new id."
)
_MAX_NAMED_QUESTIONS = 12
_FORM_ROW = re.compile(r"(survey|choices|settings|capacity), row ([0-9]+)(?:, (.*))?")


def section_id_of(key: str) -> str:
    """Return the id of the section that a question or a text belongs to."""
    return key.partition("|")[0].partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionnaireWording:
    """An instrument's texts in one language, as a file beside it; ``stale`` are keys whose original has changed."""

    language: str
    entries: Mapping[str, tuple[str, str]]
    stale: frozenset[str] = frozenset()
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadQuestionnaire:
    """What a file holds: the files it would become, the instrument if there is no error, and all problems.

    ``base`` is the instrument that a supplement is added to, ``own_sections`` the sections that the supplement has.
    """

    file: str
    files: Mapping[str, str]
    instrument: Instrument | None
    problems: tuple[Problem, ...] = ()
    wordings: tuple[QuestionnaireWording, ...] = ()
    base: LibraryEntry | None = None
    own_sections: tuple[str, ...] = ()

    @property
    def has_errors(self) -> bool:
        return self.instrument is None or any(one.severity is ProblemSeverity.ERROR for one in self.problems)


def install_preview_data(reading: ReadQuestionnaire, found: "InstallPreview", texts: Translator) -> dict[str, object]:
    """Return what was read, and what would change, for programs and for the window."""
    instrument = reading.instrument
    own = (
        [one for one in instrument.sections if not reading.base or one.id in reading.own_sections] if instrument else []
    )
    return {
        "file": reading.file,
        "state": found.state.value,
        "id": instrument.id if instrument else "",
        "version": instrument.version if instrument else "",
        "title": instrument.title if instrument and not reading.base else texts.listed(one.title for one in own),
        "supplement_of": reading.base.id if reading.base else "",
        "language": instrument.language if instrument else "",
        "sections": len(own),
        "questions": sum(len(one.questions) for one in own),
        "languages": [{"language": one.language, "texts": len(one.entries)} for one in reading.wordings],
        "problems": [_problem_data(one, texts.gettext) for one in reading.problems],
        "changes": list(found.sentences(texts)),
        "folder": str(found.target or ""),
    }


def _problem_data(problem: Problem, translate: Translate) -> dict[str, object]:
    found = _FORM_ROW.fullmatch(problem.place)
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "sheet": found[1] if found else problem.place,
        "row": int(found[2]) if found else 0,
        "column": (found[3] or "") if found else "",
        "text": problem.text(translate),
    }


class InstallState(StrEnum):
    """What a questionnaire would do to those that are here."""

    MISTAKEN = "mistaken"
    NEW = "new"
    NEWER = "newer"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallPreview:
    """What would change here: the state, why it is refused if it is, and what differs from what is here, by id."""

    state: InstallState
    refusal: KnownError | None = None
    earlier: str = ""
    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    reworded: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    target: Path | None = None

    def sentences(self, texts: Translator) -> tuple[str, ...]:
        return tuple(self._sentences(texts))

    def _sentences(self, texts: Translator) -> Iterator[str]:
        say = texts.gettext
        if self.state is InstallState.NEW:
            yield say("It is not on this computer yet.")
        if self.state is InstallState.NEWER:
            yield say("Version {version} is on this computer; it stays there beside the new one.").format(
                version=self.earlier
            )
        yield from self._differences(texts)
        if self.state is InstallState.SAME and not (self.added or self.gone or self.reworded or self.changed):
            yield say("Its questions are those that are here already.")
        if self.refusal is not None:
            yield self.refusal.text(say)

    def _differences(self, texts: Translator) -> Iterator[str]:
        ngettext = texts.ngettext
        for names, sentence in (
            (self.added, ngettext("{count} question is new: {names}", "{count} questions are new: {names}",
                                  len(self.added))),
            (self.gone, ngettext("{count} question is gone: {names}", "{count} questions are gone: {names}",
                                 len(self.gone))),
            (self.reworded, ngettext("{count} question is worded differently: {names}",
                                     "{count} questions are worded differently: {names}", len(self.reworded))),
            (self.changed, ngettext("{count} question has changed otherwise: {names}",
                                    "{count} questions have changed otherwise: {names}", len(self.changed))),
        ):  # fmt: skip
            if names:
                named = texts.listed(names[:_MAX_NAMED_QUESTIONS]) + (" …" if len(names) > _MAX_NAMED_QUESTIONS else "")
                yield sentence.format(count=len(names), names=named)


def preview_install(reading: ReadQuestionnaire, folder: Path | None = None) -> InstallPreview:
    """Return what putting a questionnaire in place would change: among a person's own instruments, or in a folder."""
    if reading.instrument is None or reading.has_errors:
        return InstallPreview(state=InstallState.MISTAKEN)
    if reading.base is not None:
        return _preview_supplement(reading, folder)
    name, version = reading.instrument.id, reading.instrument.version
    target = folder or paths.user_instruments_folder() / name
    others = [one for one in _installed_versions(name, folder) if not one.has_mistakes]
    if not others:
        is_foreign = folder is not None and folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
        refusal = KnownError(FOLDER_NOT_EMPTY, folder=str(folder)) if is_foreign else None
        state = InstallState.REFUSED if is_foreign else InstallState.NEW
        return InstallPreview(state=state, refusal=refusal, target=target)
    top = max(others, key=lambda one: version_key(one.version))
    same = next((one for one in reversed(others) if one.version == version), None)
    earlier = _read_with_supplements(same or top)
    differences = _question_differences(earlier.question_by_id if earlier else {}, reading.instrument.question_by_id)
    said: dict[str, Any] = {"earlier": version if same else top.version, "target": target, **differences}
    named = {"version": version, "name": name, "next": next_version(top.version)}
    if same is not None and (earlier is None or earlier.content_hash != reading.instrument.content_hash):
        return InstallPreview(state=InstallState.REFUSED, refusal=KnownError(SAME_VERSION, **named), **said)
    if same is None and version_key(version) <= version_key(top.version):
        refusal = KnownError(OLDER_VERSION, theirs=top.version, **named)
        return InstallPreview(state=InstallState.REFUSED, refusal=refusal, **said)
    state = InstallState.SAME if same else InstallState.NEWER
    return InstallPreview(state=state, **said | {"earlier": top.version})


def _installed_versions(name: str, folder: Path | None) -> list[LibraryEntry]:
    if folder is None:
        return [one for one in library.list_instruments(library.instrument_folders()) if one.id == name]
    try:
        entry = library.find_instrument(folder, ())
    except KnownError:
        return []
    return [entry] if entry.id == name else []


def _read_with_supplements(entry: LibraryEntry) -> Instrument | None:
    # A form holds nothing that only the officer reads.
    found = read_instrument(entry.folder, [one.file for one in entry.supplements])[0]
    return found.without_officer_texts() if found else None


def _question_differences(before: Mapping[str, Question], after: Mapping[str, Question]) -> dict[str, Any]:
    changed = [name for name in after if name in before and after[name] != before[name]]
    reworded = tuple(name for name in changed if after[name].text != before[name].text)
    return {
        "added": tuple(name for name in after if name not in before),
        "gone": tuple(name for name in before if name not in after),
        "reworded": reworded,
        "changed": tuple(name for name in changed if name not in reworded),
    }


def _preview_supplement(reading: ReadQuestionnaire, folder: Path | None) -> InstallPreview:
    assert reading.instrument, "without mistakes"
    assert reading.base, "a supplement has one"
    target = folder or paths.user_instruments_folder() / OWN_SUPPLEMENTS
    there = [target / name for name in reading.files if (target / name).is_file()]
    own = _own_questions(reading.instrument, reading)
    if not there:
        return InstallPreview(state=InstallState.NEW, added=tuple(own), target=target)
    before = _own_questions(read_instrument(reading.base.folder, there)[0], reading)
    reshaped = next((name for name in own if name in before and _has_changed_shape(before[name], own[name])), "")
    refusal = KnownError(CHANGED_SHAPE, question=reshaped) if reshaped else None
    state = InstallState.REFUSED if refusal else InstallState.SAME
    return InstallPreview(state=state, refusal=refusal, target=target, **_question_differences(before, own))


def _own_questions(instrument: Instrument | None, reading: ReadQuestionnaire) -> dict[str, Question]:
    questions = instrument.question_by_id if instrument else {}
    return {name: one for name, one in questions.items() if section_id_of(name) in reading.own_sections}


def _has_changed_shape(before: Question, after: Question) -> bool:
    """Return whether answers to a question might not fit it any more."""

    def shape(question: Question) -> tuple[Any, ...]:
        columns = {(column.id, column.kind.value) for column in question.columns}
        return question.kind.value, {one.id for one in question.options}, {row.id for row in question.rows}, columns

    (kind, *old), (now, *new) = shape(before), shape(after)
    return kind != now or any(not one <= two for one, two in zip(old, new, strict=True))


# Putting a questionnaire in place: all of it or nothing; what was there is kept where it is older.
#
# It comes from a form (``xlsforms``) or from a folder (``install_from_folder``), by the same rules.

ALREADY_INSTALLED = N_("This questionnaire is on this computer already.")
HAS_MISTAKES = N_("The questionnaire has errors, so nothing was written. Correct them and check it again.")
MIGRATIONS_FOLDER = "migrations"
_MOST_BYTES = 5_000_000
_WIDTH = 116


def is_installed(folder: Path) -> bool:
    """Return whether a folder is one of those that questionnaires are chosen from."""
    with suppress(OSError):
        return folder.resolve().parent in {
            paths.instruments_folder().resolve(), paths.user_instruments_folder().resolve()
        }  # fmt: skip
    return False


def install_from_folder(folder: Path) -> Path:
    """Copy a questionnaire with its translations and migrations, and say where to; raises KnownError."""
    folder = library.find_instrument(folder, ()).folder
    if is_installed(folder):
        raise KnownError(ALREADY_INSTALLED)
    instrument, _ = read_instrument(folder, [one.file for one in offered_supplements(folder)])
    if instrument is None:
        raise KnownError(HAS_MISTAKES)
    with known_write_errors(folder):
        files = {name: (folder / name).read_text("utf-8-sig") for name in (HEAD_FILE, *_listed_files(folder))}
        reading = ReadQuestionnaire(
            file=folder.name, files=files, instrument=instrument, wordings=_read_wordings(instrument, folder)
        )
        target = install_questionnaire(reading)
        _copy_migrations(folder, target)
    return target


def _read_wordings(instrument: Instrument, folder: Path) -> tuple[QuestionnaireWording, ...]:
    texts = dict(wording_places(instrument))
    return tuple(_read_wording(instrument.id, texts, file) for file in sorted(folder.glob("*.po")))


def _read_wording(name: str, texts: dict[str, str], file: Path) -> QuestionnaireWording:
    said = catalogues.read_wording(file)
    entries = {
        key: (text, said[f"{name}|{key}", text]) for key, text in texts.items() if (f"{name}|{key}", text) in said
    }
    # A sign-off in a file from elsewhere shows nothing: anybody can write one.
    headers = {"Last-Translator": catalogues.UNREVIEWED}
    return QuestionnaireWording(language=file.stem.replace("_", "-"), entries=entries, headers=headers)


def _copy_migrations(folder: Path, target: Path) -> None:
    for file in sorted((folder / MIGRATIONS_FOLDER).glob("*.toml")):
        if file.is_file() and not file.is_symlink() and file.stat().st_size <= _MOST_BYTES:
            (target / MIGRATIONS_FOLDER).mkdir(exist_ok=True)
            write_atomically(target / MIGRATIONS_FOLDER / file.name, file.read_bytes())


def _listed_files(folder: Path) -> tuple[str, ...]:
    """Return the names of the files that the head of a questionnaire lists and that are there."""
    findings = Findings()
    head = read_head(folder, findings)
    names = (*head.instrument.parts, *head.instrument.supplements) if head else ()
    return tuple(name for name in names if path_in_folder(folder, name, HEAD_FILE, findings) is not None)


# -- from what was read to the folder ------------------------------------------------------------------------------


def install_questionnaire(reading: ReadQuestionnaire, folder: Path | None = None) -> Path:
    """Write a questionnaire that was read without mistakes, and say where; raises KnownError, then nothing changed."""
    found = preview_install(reading, folder)
    if found.state is InstallState.MISTAKEN or reading.instrument is None or found.target is None:
        raise KnownError(HAS_MISTAKES)
    if found.refusal is not None:
        raise found.refusal
    target = found.target
    with known_write_errors(target):
        if reading.base is not None:
            _install_supplement(reading, target)
        elif found.state is InstallState.SAME and not (target / HEAD_FILE).is_file():
            _install_wordings(reading, target)  # the questions came with the program
        else:
            _install_folder(reading, target, found)
    catalogues.clear_cache()
    return target


def _install_supplement(reading: ReadQuestionnaire, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for name, text in reading.files.items():
        write_atomically(target / name, text.encode())
    assert reading.base, "a supplement has one"
    _install_wordings(reading, paths.user_instruments_folder() / reading.base.id)


def _install_wordings(reading: ReadQuestionnaire, folder: Path) -> None:
    """Write wordings beside an instrument of the program; what a person's own file says of other texts stays."""
    assert reading.instrument, "without mistakes"
    name, version = reading.instrument.id, reading.instrument.version
    for wording in reading.wordings:
        file = folder / f"{wording.language.replace('-', '_')}.po"
        known = catalogues.wording_files(name, wording.language)
        is_partial = reading.base is not None
        if not wording.entries or (known and not is_partial and _has_same_wording(known[0], name, wording)):
            continue
        changed = _unreviewed(wording) if known else wording
        if file.is_file():
            changed = _with_existing_texts(changed, file, name)
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(file, _wording_text(name, version, changed).encode())


def _install_folder(reading: ReadQuestionnaire, target: Path, found: InstallPreview) -> None:
    """Write all files into a folder beside, and change places with the one there, which is kept if it is older."""
    target.parent.mkdir(parents=True, exist_ok=True)
    is_kept = found.state is InstallState.NEWER and (target / HEAD_FILE).is_file()
    earlier = _free_folder_name(target.with_name(f"{target.name}-{found.earlier}")) if is_kept else None
    with atomic_folder(target, keep_old_as=earlier) as made:
        if target.is_dir():
            _copy_existing_files(target, made)
        _write_files(reading, made, target)


def _copy_existing_files(target: Path, made: Path) -> None:
    """Copy what was read does not hold: migrations, other languages, documents."""
    shutil.copytree(target, made, dirs_exist_ok=True)
    for name in (HEAD_FILE, *_listed_files(target)):
        with suppress(OSError):
            (made / name).unlink()


def _write_files(reading: ReadQuestionnaire, made: Path, target: Path) -> None:
    assert reading.instrument, "without mistakes"
    name, version = reading.instrument.id, reading.instrument.version
    for file, text in reading.files.items():
        write_atomically(made / file, text.encode())
    for wording in reading.wordings:
        file = f"{wording.language.replace('-', '_')}.po"
        if not wording.entries or _has_same_wording(target / file, name, wording):
            continue
        changed = _unreviewed(wording) if (target / file).is_file() else wording
        write_atomically(made / file, _wording_text(name, version, changed).encode())


def _free_folder_name(wanted: Path) -> Path:
    names = (wanted, *(wanted.with_name(f"{wanted.name}-{number}") for number in range(2, 1_000)))
    return next(name for name in names if not name.exists())


# -- wordings ------------------------------------------------------------------------------------------------------


def _wording_text(name: str, version: str, wording: QuestionnaireWording) -> str:
    """Write a wording as a catalogue of gettext (.po)."""
    headers = {
        "Project-Id-Version": f"{name} {version}",
        "Last-Translator": wording.headers.get("Last-Translator", catalogues.UNREVIEWED),
        "Language": wording.language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    head = "".join(f"{key}: {' '.join(text.split())}\n" for key, text in headers.items())
    blocks = [f'msgid ""\nmsgstr {normalize(head, width=_WIDTH)}\n']
    for key, (text, said) in wording.entries.items():
        flag = "#, fuzzy\n" if key in wording.stale else ""
        blocks.append(
            f"{flag}msgctxt {normalize(f'{name}|{key}', width=_WIDTH)}\nmsgid {normalize(text, width=_WIDTH)}\n"
            f"msgstr {normalize(said, width=_WIDTH)}\n"
        )
    return "\n".join(blocks)


def _read_wordings_of(file: Path, name: str) -> dict[tuple[str, str], str]:
    """Return what a file says of a questionnaire, by the key of a text and the text itself."""
    start = f"{name}|"
    return {
        (context.removeprefix(start), text): said
        for (context, text), said in catalogues.read_wording(file).items()
        if context.startswith(start)
    }


def _has_same_wording(file: Path, name: str, wording: QuestionnaireWording) -> bool:
    """Return whether a file words everything as what was read does, so that its sign-off stays true."""
    said = {(f"{name}|{key}", text): said for key, (text, said) in wording.entries.items() if key not in wording.stale}
    return catalogues.read_wording(file) == said


def _unreviewed(wording: QuestionnaireWording) -> QuestionnaireWording:
    """Return a wording that differs from the one somebody signed off."""
    headers = {"Last-Translator": f"{wording.headers.get('Last-Translator', '')} ({catalogues.UNREVIEWED})".strip()}
    if catalogues.UNREVIEWED in wording.headers.get("Last-Translator", "").casefold():
        headers = {"Last-Translator": wording.headers["Last-Translator"]}
    return replace(wording, headers=headers)


def _with_existing_texts(wording: QuestionnaireWording, file: Path, name: str) -> QuestionnaireWording:
    """Return a wording with what a file says of other texts."""
    kept = {key: (text, said) for (key, text), said in _read_wordings_of(file, name).items()}
    return replace(wording, entries={**kept, **wording.entries})
