"""Putting a questionnaire in place: all of it or nothing; what was there is kept where it is older.

It comes from a form (``xlsforms``) or from a folder (``install``), by the same rules.
"""

import shutil
from contextlib import suppress
from pathlib import Path

from capacity_app import catalogues, paths
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.problems import N_, KnownError
from capacity_app.domain.wordings import wording_places
from capacity_app.files.atomic import atomic_folder, known_write_errors, write_atomically
from capacity_app.instruments import library
from capacity_app.instruments.files import HEAD, path_in_folder
from capacity_app.instruments.findings import Findings
from capacity_app.instruments.parts import read_head
from capacity_app.instruments.reader import offered_supplements, read_instrument
from capacity_app.services.preview_install import Outlook, Reading, State, Wording, outlook

HERE_ALREADY = N_("This questionnaire is on this computer already.")
HAS_MISTAKES = N_("The questionnaire has errors, so nothing was written. Correct them and check it again.")
MIGRATIONS = "migrations"
_MOST_BYTES = 5_000_000
_WIDTH = 116


def is_here(folder: Path) -> bool:
    """Return whether a folder is one of those that questionnaires are chosen from."""
    with suppress(OSError):
        return folder.resolve().parent in {
            paths.instruments_folder().resolve(), paths.user_instruments_folder().resolve()
        }  # fmt: skip
    return False


def install(folder: Path) -> Path:
    """Copy a questionnaire with its translations and migrations, and say where to; raises KnownError."""
    folder = library.find(folder, ()).folder
    if is_here(folder):
        raise KnownError(HERE_ALREADY)
    instrument, _ = read_instrument(folder, [one.file for one in offered_supplements(folder)])
    if instrument is None:
        raise KnownError(HAS_MISTAKES)
    with known_write_errors(folder):
        files = {name: (folder / name).read_text("utf-8-sig") for name in (HEAD, *_listed_files(folder))}
        reading = Reading(file=folder.name, files=files, instrument=instrument, wordings=_wordings(instrument, folder))
        target = put_questionnaire_in_place(reading)
        _copy_migrations(folder, target)
    return target


def _wordings(instrument: Instrument, folder: Path) -> tuple[Wording, ...]:
    texts = dict(wording_places(instrument))
    return tuple(_wording(instrument.id, texts, file) for file in sorted(folder.glob("*.po")))


def _wording(name: str, texts: dict[str, str], file: Path) -> Wording:
    said = catalogues.worded(file)
    entries = {
        key: (text, said[f"{name}|{key}", text]) for key, text in texts.items() if (f"{name}|{key}", text) in said
    }
    # A sign-off in a file from elsewhere shows nothing: anybody can write one.
    headers = {"Last-Translator": catalogues.UNREVIEWED}
    return Wording(language=file.stem.replace("_", "-"), entries=entries, headers=headers)


def _copy_migrations(folder: Path, target: Path) -> None:
    for file in sorted((folder / MIGRATIONS).glob("*.toml")):
        if file.is_file() and not file.is_symlink() and file.stat().st_size <= _MOST_BYTES:
            (target / MIGRATIONS).mkdir(exist_ok=True)
            write_atomically(target / MIGRATIONS / file.name, file.read_bytes())


def _listed_files(folder: Path) -> tuple[str, ...]:
    """Return the names of the files that the head of a questionnaire lists and that are there."""
    findings = Findings()
    head = read_head(folder, findings)
    names = (*head.instrument.parts, *head.instrument.supplements) if head else ()
    return tuple(name for name in names if path_in_folder(folder, name, HEAD, findings) is not None)


# -- from what was read to the folder ------------------------------------------------------------------------------


def put_questionnaire_in_place(reading: Reading, folder: Path | None = None) -> Path:
    """Write a questionnaire that was read without mistakes, and say where; raises KnownError, then nothing changed."""
    found = outlook(reading, folder)
    if found.state is State.MISTAKEN or reading.instrument is None or found.target is None:
        raise KnownError(HAS_MISTAKES)
    if found.refusal is not None:
        raise found.refusal
    target = found.target
    with known_write_errors(target):
        if reading.base is not None:
            _put_supplement(reading, target)
        elif found.state is State.SAME and not (target / HEAD).is_file():
            _put_wordings(reading, target)  # the questions came with the program
        else:
            _put_folder(reading, target, found)
    catalogues.forget()
    return target


def _put_supplement(reading: Reading, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for name, text in reading.files.items():
        write_atomically(target / name, text.encode())
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
        if not wording.entries or (known and not is_partial and _is_same(known[0], name, wording)):
            continue
        changed = _unsigned(wording) if known else wording
        if file.is_file():
            changed = _with_kept(changed, file, name)
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(file, _wording_text(name, version, changed).encode())


def _put_folder(reading: Reading, target: Path, found: Outlook) -> None:
    """Write all files into a folder beside, and change places with the one there, which is kept if it is older."""
    target.parent.mkdir(parents=True, exist_ok=True)
    is_kept = found.state is State.NEWER and (target / HEAD).is_file()
    earlier = _free(target.with_name(f"{target.name}-{found.earlier}")) if is_kept else None
    with atomic_folder(target, keep_old_as=earlier) as made:
        if target.is_dir():
            _carry_over(target, made)
        _write_files(reading, made, target)


def _carry_over(target: Path, made: Path) -> None:
    """Copy what was read does not hold: migrations, other languages, documents."""
    shutil.copytree(target, made, dirs_exist_ok=True)
    for name in (HEAD, *_listed_files(target)):
        with suppress(OSError):
            (made / name).unlink()


def _write_files(reading: Reading, made: Path, target: Path) -> None:
    assert reading.instrument, "without mistakes"
    name, version = reading.instrument.id, reading.instrument.version
    for file, text in reading.files.items():
        write_atomically(made / file, text.encode())
    for wording in reading.wordings:
        file = f"{wording.language.replace('-', '_')}.po"
        if not wording.entries or _is_same(target / file, name, wording):
            continue
        changed = _unsigned(wording) if (target / file).is_file() else wording
        write_atomically(made / file, _wording_text(name, version, changed).encode())


def _free(wanted: Path) -> Path:
    names = (wanted, *(wanted.with_name(f"{wanted.name}-{number}") for number in range(2, 1_000)))
    return next(name for name in names if not name.exists())


# -- wordings ------------------------------------------------------------------------------------------------------


def _wording_text(name: str, version: str, wording: Wording) -> str:
    """Write a wording as a catalogue of gettext (.po)."""
    from babel.messages.pofile import normalize  # noqa: PLC0415 - only who writes one needs it

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


def _worded_in(file: Path, name: str) -> dict[tuple[str, str], str]:
    """Return what a file says of a questionnaire, by the key of a text and the text itself."""
    start = f"{name}|"
    return {
        (context.removeprefix(start), text): said
        for (context, text), said in catalogues.worded(file).items()
        if context.startswith(start)
    }


def _is_same(file: Path, name: str, wording: Wording) -> bool:
    """Return whether a file words everything as what was read does, so that its sign-off stays true."""
    said = {(f"{name}|{key}", text): said for key, (text, said) in wording.entries.items() if key not in wording.stale}
    return catalogues.worded(file) == said


def _unsigned(wording: Wording) -> Wording:
    """Return a wording that differs from the one somebody signed off."""
    headers = {"Last-Translator": f"{wording.headers.get('Last-Translator', '')} ({catalogues.UNREVIEWED})".strip()}
    if catalogues.UNREVIEWED in wording.headers.get("Last-Translator", "").casefold():
        headers = {"Last-Translator": wording.headers["Last-Translator"]}
    return Wording(language=wording.language, entries=wording.entries, stale=wording.stale, headers=headers)


def _with_kept(wording: Wording, file: Path, name: str) -> Wording:
    """Return a wording with what a file says of other texts."""
    kept = {key: (text, said) for (key, text), said in _worded_in(file, name).items()}
    entries = {**kept, **wording.entries}
    return Wording(language=wording.language, entries=entries, stale=wording.stale, headers=wording.headers)
