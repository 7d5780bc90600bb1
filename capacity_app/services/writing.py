"""Questionnaires written in workbooks: made, read with all their mistakes, compared with what is here, put in place.

A workbook may come from anybody, so it is looked at as every stranger's file is, and read by the slower library, which
never ends the process. What was read is written as TOML into a folder of its own and checked there by the reader of all
instruments: what is put in place later are these very files.
"""

import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from capacity_app import catalogues, paths
from capacity_app.domain.instrument import Instrument, Question
from capacity_app.domain.problems import N_, KnownError, Problem, Severity, Translate
from capacity_app.domain.wordings import wording_places
from capacity_app.instruments import library
from capacity_app.instruments.files import HEAD
from capacity_app.instruments.library import Entry, version_order
from capacity_app.instruments.reader import read_instrument
from capacity_app.instruments.writing import layout
from capacity_app.instruments.writing.lines import Line, Lines, Words, lines_of
from capacity_app.instruments.writing.places import Mistake, Mistakes, Spot, located
from capacity_app.instruments.writing.reader import Draft, Grid, Translated, is_ours, read_draft
from capacity_app.instruments.writing.sources import source_of_folder, source_of_supplement
from capacity_app.instruments.writing.template import template
from capacity_app.instruments.writing.toml import toml_text
from capacity_app.instruments.writing.writer import book_bytes
from capacity_app.services import guard
from capacity_app.services.private_folders import private_folder
from capacity_app.services.reporting import known_error, put_in_place
from capacity_app.store.syncing import sync_folder
from capacity_app.texts import Texts

NOT_OURS = N_(
    "“{file}” is no workbook of a questionnaire: it has no sheets “Instrument” and “Questions”. Start from a template."
)
BROKEN = N_("The questionnaire “{name}” has mistakes, so no workbook was made of it. Check it first.")
UNREADABLE = N_("“{file}” cannot be read as a workbook: open it in Excel or LibreOffice and save it anew.")
WRONG_ENDING = N_("“{file}” must end in .xlsx.")
NO_SUCH_SUPPLEMENT = N_("The questionnaire “{name}” has no supplement “{supplement}”.")
NOT_AN_ID = N_("“{name}” cannot be an id: use a–z, 0–9, “-” and “_”, starting with a letter or digit.")
NOT_A_SUPPLEMENTS_ID = N_("The id of a supplement of your own begins with xx-, for example xx-geo; “{name}” does not.")
SAME_VERSION = N_(
    "Version {version} of “{name}” is here already and says something else. Answers are kept by version, so they would "
    "not fit: give the workbook a new version, such as {next}, on the sheet Instrument."
)
OLDER_VERSION = N_(
    "Version {theirs} of “{name}” is here already, and {version} is older. Give the workbook a higher version, such as "
    "{next}, on the sheet Instrument."
)
OTHER_HERE = N_("The folder {folder} holds other things. Choose an empty one, or that of this questionnaire.")
RESHAPED = N_(
    "The question {question} was there before with another type, or without some of its options, rows or columns: "
    "answers to it would not fit. Give it a new id."
)
HAS_MISTAKES = N_("The workbook has mistakes, so nothing was written. Mend them and read it again.")
OWN_SUPPLEMENTS = "supplements"
"""The folder, among a person's own instruments, of supplements to instruments."""
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_MOST_NAMED = 12
_WIDTH = 116


class State(StrEnum):
    """What a workbook would do to the questionnaires that are here."""

    MISTAKEN = "mistaken"
    NEW = "new"
    NEWER = "newer"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """An instrument's texts in one language, as a file beside it; ``stale`` are keys whose original has changed."""

    language: str
    entries: Mapping[str, tuple[str, str]]
    stale: frozenset[str] = frozenset()
    headers: Line = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a workbook holds: the files it would become, the instrument if there is no mistake, and all mistakes."""

    file: str
    files: Mapping[str, str]
    instrument: Instrument | None
    mistakes: tuple[Mistake, ...]
    wordings: tuple[Wording, ...] = ()
    base: Entry | None = None
    own_sections: tuple[str, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The mistakes as problems, placed in the workbook."""
        return tuple(mistake.problem for mistake in self.mistakes)

    @property
    def has_errors(self) -> bool:
        """Whether the questionnaire cannot be used yet."""
        return self.instrument is None or any(one.severity is Severity.ERROR for one in self.problems)

    @property
    def name(self) -> str:
        """The id of the questionnaire, also of the one that a supplement is added to."""
        return self.instrument.id if self.instrument else ""


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
        """Say it."""
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
                named = ", ".join(names[:_MOST_NAMED]) + (" …" if len(names) > _MOST_NAMED else "")
                yield sentence.format(count=len(names), names=named)


def _folders() -> tuple[Path, Path]:
    return paths.instruments_folder(), paths.user_instruments_folder()


# -- making workbooks ----------------------------------------------------------------------------------------------


def write_book(
    wanted: str | Path, out: Path, texts: Texts, *, supplements: Sequence[str] | None = None
) -> tuple[int, int]:
    """Write an instrument with these supplements (None: all) as a workbook; gives its sections and questions.

    ``wanted`` may also be the file of a country's own questions. Raises KnownError.
    """
    _expect_workbook_name(out)
    lines, counts = _lines_of(wanted, supplements)
    put_in_place(out, book_bytes(lines, texts.gettext, is_right_to_left=texts.right_to_left))
    return counts


def _lines_of(wanted: str | Path, supplements: Sequence[str] | None) -> tuple[Lines, tuple[int, int]]:
    entry = library.find(wanted, _folders())
    source, problems = source_of_folder(entry.folder, supplements)
    _expect_supplements(entry, supplements)
    names = [one.file for one in entry.supplements if supplements is None or {one.id, one.file} & set(supplements)]
    instrument, more = read_instrument(entry.folder, names)
    if source is None or instrument is None or _has_errors((*problems, *more)):
        raise KnownError(BROKEN, name=entry.id)
    texts = tuple(wording_places(instrument))
    return lines_of(source, texts, *_languages(entry)), (len(instrument.sections), len(instrument.question_by_id))


def _expect_supplements(entry: Entry, supplements: Sequence[str] | None) -> None:
    known = {name for one in entry.supplements for name in (one.id, one.file)}
    for name in supplements or ():
        if name not in known:
            raise KnownError(NO_SUCH_SUPPLEMENT, name=entry.id, supplement=name)


def write_supplement_book(file: Path, base: str, out: Path, texts: Texts) -> tuple[int, int]:
    """Write a country's own file, which is added to an instrument, as a workbook; raises KnownError."""
    _expect_workbook_name(out)
    entry = library.find(base, _folders())
    source, _ = source_of_supplement(file, entry.id)
    instrument, _ = read_instrument(entry.folder, [file])
    if source is None or instrument is None:
        raise KnownError(BROKEN, name=file.name)
    sections = {part.section.id for part in source.parts.values()}
    texts_here = [(key, text) for key, text in wording_places(instrument) if _section_of(key) in sections]
    lines = lines_of(source, texts_here, *_languages(entry))
    put_in_place(out, book_bytes(lines, texts.gettext, is_right_to_left=texts.right_to_left))
    return len(sections), sum(len(part.question) for part in source.parts.values())


def _section_of(key: str) -> str:
    return key.partition("|")[0].partition(".")[0]


def _has_errors(problems: Iterable[Problem]) -> bool:
    return any(problem.severity is Severity.ERROR for problem in problems)


def _expect_workbook_name(out: Path) -> None:
    if out.suffix.casefold() != ".xlsx":
        raise KnownError(WRONG_ENDING, file=out.name)


def _languages(entry: Entry) -> tuple[dict[str, Words], dict[str, Line]]:
    """Give the wording of an instrument in each other language, and who stands for it."""
    words: dict[str, Words] = {}
    headers: dict[str, Line] = {}
    for language in _languages_of(entry):
        files = _wording_files(entry, language)
        found: dict[tuple[str, str], str] = {}
        for file in reversed(files):
            found |= {
                (context.removeprefix(f"{entry.id}|"), text): said
                for (context, text), said in catalogues.worded(file).items()
                if context.startswith(f"{entry.id}|")
            }
        words[language] = found
        headers[language] = _headers(files[0]) if files else {}
    return words, headers


def _languages_of(entry: Entry) -> tuple[str, ...]:
    beside = {file.stem.replace("_", "-") for file in entry.folder.glob("*.po")}
    return tuple(sorted(beside | set(catalogues.wording_languages(entry.id))))


def _wording_files(entry: Entry, language: str) -> tuple[Path, ...]:
    beside = entry.folder / f"{language.replace('-', '_')}.po"
    known = catalogues.wording_files(entry.id, language)
    return known if beside in known or not beside.is_file() else (beside, *known)


def _headers(file: Path) -> Line:
    try:
        with file.open(encoding="utf-8", errors="replace") as stream:
            head = stream.read(4_000)
    except OSError:
        return {}
    found = {name: re.search(rf'^"{name}: (.*?)(?:\\n)?"$', head, re.MULTILINE) for name in layout.HEADERS}
    return {name: match[1].strip() for name, match in found.items() if match and match[1].strip()}


def write_template(
    name: str, out: Path, title: str, texts: Texts, *, language: str = "en", supplement_of: str = ""
) -> None:
    """Write an empty workbook with examples, for an instrument or for a supplement of one; raises KnownError."""
    _expect_workbook_name(out)
    if not _ID.fullmatch(name):
        raise KnownError(NOT_AN_ID, name=name)
    base = library.find(supplement_of, _folders()).id if supplement_of else ""
    if base and not name.startswith("xx-"):
        raise KnownError(NOT_A_SUPPLEMENTS_ID, name=name)
    translate = Texts(language).gettext
    lines = template(name, title, translate, language=language, supplement_of=base)
    put_in_place(out, book_bytes(lines, texts.gettext, is_right_to_left=texts.right_to_left))


# -- reading them --------------------------------------------------------------------------------------------------


def read_book(file: Path) -> Reading:
    """Read a workbook with all its mistakes; raises KnownError if it is no questionnaire at all. Nothing is changed."""
    return reading_of(grids_of(file), file.name)


def grids_of(file: Path) -> list[Grid]:
    """Give the cells of a workbook; raises KnownError with one sentence."""
    from capacity_app.workbook.reader.sheets import open_book  # noqa: PLC0415 - only who reads one needs the libraries

    content = guard.expect_workbook(file)
    try:
        book = open_book(content, is_careful=True)
        if not is_ours(book.names):
            raise KnownError(NOT_OURS, file=file.name)
        sheets = [book.sheet(name) for name in book.names]
        return [Grid(sheet.name, sheet.rows, sheet.odd) for sheet in sheets]
    except (ValueError, LookupError, TypeError, AttributeError, SyntaxError, OSError) as error:
        raise KnownError(UNREADABLE, file=file.name) from error


def reading_of(grids: Sequence[Grid], file: str) -> Reading:
    """Read the cells of a workbook; the files it becomes are checked as every instrument is."""
    if not is_ours(grid.name for grid in grids):
        raise KnownError(NOT_OURS, file=file)
    draft = read_draft(grids)
    texts = {name: toml_text(tables) for name, tables in draft.files.items()}
    base = _base(draft)
    with private_folder() as folder:
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        instrument, problems = _checked(folder, draft, base)
    mistakes = Mistakes(list(draft.mistakes.found), draft.mistakes.left_out)
    told = {(one.spot.sheet, one.spot.row) for one in mistakes.found if one.problem.severity is Severity.ERROR}
    # What could not be read from a line is missing in TOML; that need not be told a second time.
    found = [one for one in located(problems, draft.spots) if not _is_echo(one, told)]
    wordings = _wordings(draft, instrument, mistakes) if instrument else ()
    if mistakes.has_errors():
        instrument = None
    everything = dict.fromkeys((*mistakes.found, *found))
    return Reading(
        file=file,
        files=texts,
        instrument=instrument,
        mistakes=tuple(sorted(everything, key=_order)),
        wordings=wordings,
        base=base,
        own_sections=_own_sections(draft),
    )


def _own_sections(draft: Draft) -> tuple[str, ...]:
    tables = (draft.files[name].get("section") for name in draft.own_files)
    return tuple(str(table.get("id", "")) for table in tables if isinstance(table, dict))


def _is_echo(mistake: Mistake, told: set[tuple[str, int]]) -> bool:
    is_missing = mistake.problem.code in {"instrument.missing-key", "instrument.empty-section", "instrument.anchors"}
    return is_missing and (mistake.spot.sheet, mistake.spot.row) in told


def _order(mistake: Mistake) -> tuple[bool, int, int]:
    names = (layout.INSTRUMENT, *layout.SHEET, layout.TRANSLATIONS)
    place = names.index(mistake.spot.sheet) if mistake.spot.sheet in names else len(names)
    return mistake.problem.severity is not Severity.ERROR, place, mistake.spot.row


def _base(draft: Draft) -> Entry | None:
    if not draft.base:
        return None
    try:
        return library.find(draft.base, _folders()) if _ID.fullmatch(draft.base) else None
    except KnownError:
        return None


def _checked(folder: Path, draft: Draft, base: Entry | None) -> tuple[Instrument | None, tuple[Problem, ...]]:
    if not draft.base:
        names = draft.files[HEAD]["instrument"]
        assert isinstance(names, dict), "made as a table"
        return read_instrument(folder, names.get("supplements", ()))
    if base is None:
        message = N_("There is no questionnaire “{name}” on this computer that these questions could be added to.")
        spot = draft.spots.facts.get(layout.SUPPLEMENT_OF, Spot(layout.INSTRUMENT))
        draft.mistakes.note("writing.no-base", spot, message, N_("Write the id of one that is here."), name=draft.base)
        return None, ()
    return read_instrument(base.folder, [folder / name for name in draft.own_files])


# -- languages -----------------------------------------------------------------------------------------------------


def _wordings(draft: Draft, instrument: Instrument, mistakes: Mistakes) -> tuple[Wording, ...]:
    known = dict(wording_places(instrument))
    if draft.base:
        own = set(_own_sections(draft))
        known = {key: text for key, text in known.items() if _section_of(key) in own}
    return tuple(_wording(one, known, mistakes) for one in draft.languages)


def _wording(one: Translated, known: Mapping[str, str], mistakes: Mistakes) -> Wording:
    entries: dict[str, tuple[str, str]] = {}
    stale = set()
    for key, (original, said) in one.texts.items():
        spot = Spot(layout.TRANSLATIONS, one.rows[key], one.column)
        text = known.get(key)
        if text is None:
            if not layout.is_example(key):
                message = N_("There is no text “{name}”, so its translation was left out.")
                advice = N_("Keys name the id and the text: iv.policy|text. Make the workbook anew to see them all.")
                mistakes.note("writing.unknown-key", spot, message, advice, Severity.WARNING, name=key)
            continue
        entries[key] = (text, said)
        if original and original != text:
            stale.add(key)
            message = N_("The text has changed since it was translated, so its translation is set aside.")
            advice = N_("Translate it anew, and empty the cell in the column “source”.")
            mistakes.note("writing.stale", spot, message, advice, Severity.WARNING)
        elif catalogues.placeholders(text) != catalogues.placeholders(said):
            stale.add(key)
            message = N_("The translation has other places in braces than the text, so it is set aside.")
            mistakes.note("writing.placeholders", spot, message, N_("Write them as the text does."), Severity.WARNING)
    return Wording(language=one.language, entries=entries, stale=frozenset(stale), headers=one.headers)


def wording_text(name: str, version: str, wording: Wording) -> str:
    """Write a wording as a catalogue of gettext (.po)."""
    from babel.messages.pofile import normalize  # noqa: PLC0415 - only who writes one needs it

    headers = {
        "Project-Id-Version": f"{name} {version}",
        "Last-Translator": wording.headers.get("Last-Translator", catalogues.UNREVIEWED),
        "Language": wording.language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        **{key: text for key, text in wording.headers.items() if key in layout.HEADERS[1:]},
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


def _same_wording(file: Path, name: str, wording: Wording) -> bool:
    """Tell whether a file words everything as the workbook does, so that whoever signed it off still stands for it."""
    said = {(f"{name}|{key}", text): said for key, (text, said) in wording.entries.items() if key not in wording.stale}
    return catalogues.worded(file) == said


def _unsigned(wording: Wording) -> Wording:
    """Give a wording that differs from the one somebody signed off."""
    headers = {"Last-Translator": f"{wording.headers.get('Last-Translator', '')} ({catalogues.UNREVIEWED})".strip()}
    if catalogues.UNREVIEWED in wording.headers.get("Last-Translator", "").casefold():
        headers = {"Last-Translator": wording.headers["Last-Translator"]}
    return Wording(language=wording.language, entries=wording.entries, stale=wording.stale, headers=headers)


# -- what would change ---------------------------------------------------------------------------------------------


def outlook(reading: Reading, folder: Path | None = None) -> Outlook:
    """Say what putting a workbook in place would change: among a person's own instruments, or in a folder."""
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
    differences = _differences(earlier, reading.instrument)
    if same is not None and earlier != reading.instrument:
        refusal = KnownError(SAME_VERSION, version=version, name=name, next=_next(top.version))
        return Outlook(state=State.REFUSED, refusal=refusal, earlier=version, target=target, **differences)
    if same is None and version_order(version) <= version_order(top.version):
        refusal = KnownError(OLDER_VERSION, version=version, theirs=top.version, name=name, next=_next(top.version))
        return Outlook(state=State.REFUSED, refusal=refusal, earlier=top.version, target=target, **differences)
    state = State.SAME if same else State.NEWER
    return Outlook(state=state, earlier=top.version, target=target, **differences)


def _known(name: str, folder: Path | None) -> list[Entry]:
    if folder is None:
        return [one for one in library.catalogue(_folders()) if one.id == name]
    try:
        entry = library.find(folder, ())
    except KnownError:
        return []
    return [entry] if entry.id == name else []


def _whole(entry: Entry) -> Instrument | None:
    return read_instrument(entry.folder, [one.file for one in entry.supplements])[0]


def _next(version: str) -> str:
    """Give the next version: 1.0 → 1.1."""
    start, dot, last = version.rpartition(".")
    return f"{start}{dot}{int(last) + 1}" if last.isdecimal() else f"{version}.1"


def _differences(earlier: Instrument | None, later: Instrument) -> dict[str, Any]:
    before = earlier.question_by_id if earlier else {}
    after = later.question_by_id
    both = [name for name in after if name in before and after[name] != before[name]]
    reworded = tuple(name for name in both if after[name].text != before[name].text)
    return {
        "added": tuple(name for name in after if name not in before),
        "gone": tuple(name for name in before if name not in after),
        "reworded": reworded,
        "changed": tuple(name for name in both if name not in reworded),
    }


def _outlook_of_supplement(reading: Reading, folder: Path | None) -> Outlook:
    assert reading.instrument, "without mistakes"
    assert reading.base, "a supplement has one"
    target = folder or paths.user_instruments_folder() / OWN_SUPPLEMENTS
    there = [target / name for name in reading.files if (target / name).is_file()]
    own = {name: one for name, one in reading.instrument.question_by_id.items()
           if _section_of(name) in reading.own_sections}  # fmt: skip
    if not there:
        return Outlook(state=State.NEW, added=tuple(own), target=target)
    earlier, _ = read_instrument(reading.base.folder, there)
    before = {name: one for name, one in (earlier.question_by_id if earlier else {}).items()
              if _section_of(name) in reading.own_sections}  # fmt: skip
    changed = [name for name, one in own.items() if name in before and one != before[name]]
    reworded = tuple(name for name in changed if own[name].text != before[name].text)
    reshaped = next((name for name in changed if _is_reshaped(before[name], own[name])), "")
    refusal = KnownError(RESHAPED, question=reshaped) if reshaped else None
    return Outlook(
        state=State.REFUSED if refusal else State.SAME,
        refusal=refusal,
        added=tuple(name for name in own if name not in before),
        gone=tuple(name for name in before if name not in own),
        reworded=reworded,
        changed=tuple(name for name in changed if name not in reworded),
        target=target,
    )


def _is_reshaped(before: Question, after: Question) -> bool:
    """Tell whether answers to a question might not fit it any more."""

    def shape(question: Question) -> tuple[Any, ...]:
        columns = {(column.id, column.kind.value) for column in question.columns}
        return question.kind.value, {one.id for one in question.options}, {row.id for row in question.rows}, columns

    (kind, *old), (now, *new) = shape(before), shape(after)
    return kind != now or any(not one <= two for one, two in zip(old, new, strict=True))


# -- putting it in place -------------------------------------------------------------------------------------------


def put_book_in_place(reading: Reading, folder: Path | None = None) -> Path:
    """Write a questionnaire that was read without mistakes, and say where; raises KnownError, then nothing changed."""
    found = outlook(reading, folder)
    if found.state is State.MISTAKEN or reading.instrument is None or found.target is None:
        raise KnownError(HAS_MISTAKES)
    if found.refusal is not None:
        raise found.refusal
    target = found.target
    try:
        if reading.base is not None:
            _put_supplement(reading, target)
        elif found.state is State.SAME and not (target / HEAD).is_file():
            _put_wordings(reading, target)  # the questions came with the program
        else:
            _put_folder(reading, target, found)
    except OSError as error:
        raise known_error(error, target) from error
    catalogues.forget()
    return target


def _put_supplement(reading: Reading, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for name, text in reading.files.items():
        put_in_place(target / name, text.encode())
    assert reading.base, "a supplement has one"
    _put_wordings(reading, paths.user_instruments_folder() / reading.base.id)


def _put_wordings(reading: Reading, folder: Path) -> None:
    """Write wordings beside an instrument of the program; what a person's own file says of other texts stays."""
    assert reading.instrument, "without mistakes"
    name, version = reading.instrument.id, reading.instrument.version
    for wording in reading.wordings:
        file = folder / f"{wording.language.replace('-', '_')}.po"
        known = catalogues.wording_files(name, wording.language)
        is_partial = reading.base is not None
        if not wording.entries or (known and not is_partial and _same_wording(known[0], name, wording)):
            continue
        changed = _unsigned(wording) if known else wording
        if file.is_file():
            changed = _with_kept(changed, file, name)
        folder.mkdir(parents=True, exist_ok=True)
        put_in_place(file, wording_text(name, version, changed).encode())


def _with_kept(wording: Wording, file: Path, name: str) -> Wording:
    kept = {
        context.removeprefix(f"{name}|"): (text, said)
        for (context, text), said in catalogues.worded(file).items()
        if context.startswith(f"{name}|")
    }
    entries = {**kept, **wording.entries}
    return Wording(language=wording.language, entries=entries, stale=wording.stale, headers=wording.headers)


def _put_folder(reading: Reading, target: Path, found: Outlook) -> None:
    """Write all files into a folder beside, and change places with the one there, which is kept if it is older."""
    target.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=target.parent, prefix=".capacity-app-"))
    try:
        made.chmod(0o755)
        if target.is_dir():
            _carry_over(target, made)
        _write_files(reading, made, target)
        sync_folder(made)
        _change_places(target, made, found)
        sync_folder(target.parent)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _carry_over(target: Path, made: Path) -> None:
    """Copy what the workbook does not hold: migrations, other languages, documents."""
    shutil.copytree(target, made, dirs_exist_ok=True)
    source, _ = source_of_folder(target)
    names = [HEAD, *(source.parts if source else ())]
    for name in names:
        with suppress(OSError):
            (made / name).unlink()


def _write_files(reading: Reading, made: Path, target: Path) -> None:
    assert reading.instrument, "without mistakes"
    name, version = reading.instrument.id, reading.instrument.version
    for file, text in reading.files.items():
        put_in_place(made / file, text.encode())
    for wording in reading.wordings:
        file = f"{wording.language.replace('-', '_')}.po"
        if not wording.entries or _same_wording(target / file, name, wording):
            continue
        changed = _unsigned(wording) if (target / file).is_file() else wording
        put_in_place(made / file, wording_text(name, version, changed).encode())


def _change_places(target: Path, made: Path, found: Outlook) -> None:
    if not target.exists():
        made.rename(target)
        return
    is_kept = found.state is State.NEWER and (target / HEAD).is_file()
    earlier = _free(target.with_name(f"{target.name}-{found.earlier}")) if is_kept else Path(
        tempfile.mkdtemp(dir=target.parent, prefix=".capacity-app-")
    ) / "old"  # fmt: skip
    target.rename(earlier)
    try:
        made.rename(target)
    except OSError:
        earlier.rename(target)
        raise
    finally:
        if not is_kept:
            shutil.rmtree(earlier.parent, ignore_errors=True)


def _free(wanted: Path) -> Path:
    names = (wanted, *(wanted.with_name(f"{wanted.name}-{number}") for number in range(2, 1_000)))
    return next(name for name in names if not name.exists())


def data_of(reading: Reading, found: Outlook, texts: Texts) -> dict[str, object]:
    """Give what was read, and what would change, for programs and for the window."""
    instrument = reading.instrument
    own = (
        [one for one in instrument.sections if not reading.base or one.id in reading.own_sections] if instrument else []
    )
    return {
        "file": reading.file,
        "state": found.state.value,
        "id": instrument.id if instrument else "",
        "version": instrument.version if instrument else "",
        "title": instrument.title if instrument and not reading.base else ", ".join(one.title for one in own),
        "supplement_of": reading.base.id if reading.base else "",
        "language": instrument.language if instrument else "",
        "sections": len(own),
        "questions": sum(len(one.questions) for one in own),
        "languages": [{"language": one.language, "texts": len(one.entries)} for one in reading.wordings],
        "problems": [_problem_data(one, texts.gettext) for one in reading.mistakes],
        "changes": list(found.sentences(texts)),
        "folder": str(found.target or ""),
    }


def _problem_data(mistake: Mistake, translate: Translate) -> dict[str, object]:
    problem = mistake.problem
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "sheet": mistake.spot.sheet,
        "row": mistake.spot.row,
        "column": mistake.spot.column.replace("_", " "),
        "text": problem.text(translate),
    }
