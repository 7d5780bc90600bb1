"""What a questionnaire that was read holds, and what putting it in place would change here.

A questionnaire comes from a form or from a folder. What it says is kept as the files it becomes, which the reader of
all instruments has checked: what is put in place later are these very files.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from capacity_app import paths
from capacity_app.domain.instrument import Instrument, Question
from capacity_app.domain.problems import N_, KnownError, Problem, Severity, Translate
from capacity_app.instruments import library
from capacity_app.instruments.library import Entry, next_version, version_order
from capacity_app.instruments.reader import read_instrument
from capacity_app.texts import Texts

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
OTHER_HERE = N_("The folder {folder} holds other things. Choose an empty one, or that of this questionnaire.")
RESHAPED = N_(
    "The question {question} was there before with another type, or without some of its options, rows or columns: "
    "answers to it would not fit. Give it a new id."
)
_MOST_NAMED = 12
_ROW = re.compile(r"(survey|choices|settings|capacity), row ([0-9]+)(?:, (.*))?")


def folders() -> tuple[Path, Path]:
    """Return the folder of the questionnaires that came with the program, and that of a person's own."""
    return paths.instruments_folder(), paths.user_instruments_folder()


def section_of(key: str) -> str:
    """Return the id of the section that a question or a text belongs to."""
    return key.partition("|")[0].partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """An instrument's texts in one language, as a file beside it; ``stale`` are keys whose original has changed."""

    language: str
    entries: Mapping[str, tuple[str, str]]
    stale: frozenset[str] = frozenset()
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a file holds: the files it would become, the instrument if there is no error, and all problems.

    ``base`` is the instrument that a supplement is added to, ``own_sections`` the sections that the supplement has.
    """

    file: str
    files: Mapping[str, str]
    instrument: Instrument | None
    problems: tuple[Problem, ...] = ()
    wordings: tuple[Wording, ...] = ()
    base: Entry | None = None
    own_sections: tuple[str, ...] = ()

    @property
    def has_errors(self) -> bool:
        return self.instrument is None or any(one.severity is Severity.ERROR for one in self.problems)


def data_of(reading: Reading, found: "Outlook", texts: Texts) -> dict[str, object]:
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
    found = _ROW.fullmatch(problem.place)
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "sheet": found[1] if found else problem.place,
        "row": int(found[2]) if found else 0,
        "column": (found[3] or "") if found else "",
        "text": problem.text(translate),
    }


class State(StrEnum):
    """What a questionnaire would do to those that are here."""

    MISTAKEN = "mistaken"
    NEW = "new"
    NEWER = "newer"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What would change here: the state, why it is refused if it is, and what differs from what is here, by id."""

    state: State
    refusal: KnownError | None = None
    earlier: str = ""
    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    reworded: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    target: Path | None = None

    def sentences(self, texts: Texts) -> tuple[str, ...]:
        return tuple(self._sentences(texts))

    def _sentences(self, texts: Texts) -> Iterator[str]:
        say = texts.gettext
        if self.state is State.NEW:
            yield say("It is not on this computer yet.")
        if self.state is State.NEWER:
            yield say("Version {version} is on this computer; it stays there beside the new one.").format(
                version=self.earlier
            )
        yield from self._differences(texts)
        if self.state is State.SAME and not (self.added or self.gone or self.reworded or self.changed):
            yield say("Its questions are those that are here already.")
        if self.refusal is not None:
            yield self.refusal.text(say)

    def _differences(self, texts: Texts) -> Iterator[str]:
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
                named = texts.listed(names[:_MOST_NAMED]) + (" …" if len(names) > _MOST_NAMED else "")
                yield sentence.format(count=len(names), names=named)


def outlook(reading: Reading, folder: Path | None = None) -> Outlook:
    """Return what putting a questionnaire in place would change: among a person's own instruments, or in a folder."""
    if reading.instrument is None or reading.has_errors:
        return Outlook(state=State.MISTAKEN)
    if reading.base is not None:
        return _outlook_of_supplement(reading, folder)
    name, version = reading.instrument.id, reading.instrument.version
    target = folder or paths.user_instruments_folder() / name
    others = [one for one in _known(name, folder) if not one.has_mistakes]
    if not others:
        is_foreign = folder is not None and folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
        refusal = KnownError(OTHER_HERE, folder=str(folder)) if is_foreign else None
        return Outlook(state=State.REFUSED if is_foreign else State.NEW, refusal=refusal, target=target)
    top = max(others, key=lambda one: version_order(one.version))
    same = next((one for one in reversed(others) if one.version == version), None)
    earlier = _whole(same or top)
    differences = _differences(earlier.question_by_id if earlier else {}, reading.instrument.question_by_id)
    if same is not None and earlier != reading.instrument:
        refusal = KnownError(SAME_VERSION, version=version, name=name, next=next_version(top.version))
        return Outlook(state=State.REFUSED, refusal=refusal, earlier=version, target=target, **differences)
    if same is None and version_order(version) <= version_order(top.version):
        refusal = KnownError(
            OLDER_VERSION, version=version, theirs=top.version, name=name, next=next_version(top.version)
        )
        return Outlook(state=State.REFUSED, refusal=refusal, earlier=top.version, target=target, **differences)
    state = State.SAME if same else State.NEWER
    return Outlook(state=state, earlier=top.version, target=target, **differences)


def _known(name: str, folder: Path | None) -> list[Entry]:
    if folder is None:
        return [one for one in library.catalogue(folders()) if one.id == name]
    try:
        entry = library.find(folder, ())
    except KnownError:
        return []
    return [entry] if entry.id == name else []


def _whole(entry: Entry) -> Instrument | None:
    return read_instrument(entry.folder, [one.file for one in entry.supplements])[0]


def _differences(before: Mapping[str, Question], after: Mapping[str, Question]) -> dict[str, Any]:
    changed = [name for name in after if name in before and after[name] != before[name]]
    reworded = tuple(name for name in changed if after[name].text != before[name].text)
    return {
        "added": tuple(name for name in after if name not in before),
        "gone": tuple(name for name in before if name not in after),
        "reworded": reworded,
        "changed": tuple(name for name in changed if name not in reworded),
    }


def _outlook_of_supplement(reading: Reading, folder: Path | None) -> Outlook:
    assert reading.instrument, "without mistakes"
    assert reading.base, "a supplement has one"
    target = folder or paths.user_instruments_folder() / OWN_SUPPLEMENTS
    there = [target / name for name in reading.files if (target / name).is_file()]
    own = _own_questions(reading.instrument, reading)
    if not there:
        return Outlook(state=State.NEW, added=tuple(own), target=target)
    before = _own_questions(read_instrument(reading.base.folder, there)[0], reading)
    reshaped = next((name for name in own if name in before and _is_reshaped(before[name], own[name])), "")
    refusal = KnownError(RESHAPED, question=reshaped) if reshaped else None
    state = State.REFUSED if refusal else State.SAME
    return Outlook(state=state, refusal=refusal, target=target, **_differences(before, own))


def _own_questions(instrument: Instrument | None, reading: Reading) -> dict[str, Question]:
    """Return the questions in the sections that a supplement has of its own."""
    questions = instrument.question_by_id if instrument else {}
    return {name: one for name, one in questions.items() if section_of(name) in reading.own_sections}


def _is_reshaped(before: Question, after: Question) -> bool:
    """Return whether answers to a question might not fit it any more."""

    def shape(question: Question) -> tuple[Any, ...]:
        columns = {(column.id, column.kind.value) for column in question.columns}
        return question.kind.value, {one.id for one in question.options}, {row.id for row in question.rows}, columns

    (kind, *old), (now, *new) = shape(before), shape(after)
    return kind != now or any(not one <= two for one, two in zip(old, new, strict=True))
