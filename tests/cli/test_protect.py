"""Passphrases on the command line: every command works on a protected file, whoever gives the passphrase, and how."""

import json
import os
import pty
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from capacity_app.domain.assessment.answers import AnswerState, Content
from capacity_app.domain.encryption_keys import Keyring
from capacity_app.services.child_process import KEYS_OPTION, keyring_from_line, keyring_to_line
from capacity_app.services.protection import protect, recovery_words
from tests.builders import file_of, open_session, small_dossier
from tests.commands import outcome, run
from tests.domain.making import say
from tests.places import names_in

PASSPHRASE, OTHER, WRONG = "correct horse battery", "another pass phrase", "incorrect horse battery"
REFUSED = "is protected by a passphrase, or it is not an assessment."


def ring(*typed: str) -> Keyring:
    return Keyring(passphrases=typed)


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """A text file with the passphrases of both protected files, as an editor on Windows writes it."""
    made = tmp_path / "keys" / "keys.txt"
    made.parent.mkdir()
    made.write_bytes(b"\xef\xbb\xbf" + f"{PASSPHRASE}\r\n\r\n{OTHER}\r\n".encode())
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A protected file."""
    made = file_of(tmp_path)
    protect(made, PASSPHRASE)
    return made


@pytest.mark.check
def test_a_file_is_protected_changed_and_made_plain_again(tmp_path: Path, key_file: Path) -> None:
    file, sheet = file_of(tmp_path), tmp_path / "keys" / "sheet.pdf"
    told = run("protect", file, "--new-passphrase-file", "-", "--recovery-sheet", sheet, typed=f"{PASSPHRASE}\n")
    with open_session(file, keys=ring(PASSPHRASE)) as session:
        assert session.key
        words = recovery_words(session.key.raw)
    assert "“small.assessment” is protected" in told
    assert all(f"{place} {word}" in told for place, word in enumerate(words, start=1))
    assert "Experts may still find the former content" in told
    assert sheet.read_bytes().startswith(b"%PDF-")
    assert REFUSED in run("score", file, code=1)
    shown = json.loads(run("--passphrase-file", key_file, "recovery-key", file, "--json"))
    assert tuple(shown["recovery_key"]) == words
    changed = run("--passphrase-file", key_file, "protect", file, "--new-passphrase-file", "-", typed=OTHER)
    assert "The old passphrase and the old recovery key no longer open this file and its backups." in changed
    # The recovery key does what the passphrase does.
    with open_session(file, keys=ring(OTHER)) as session:
        assert session.key
        recovery = " ".join(recovery_words(session.key.raw)).upper()
    done = json.loads(run("--passphrase-file", "-", "protect", file, "--remove", "--json", typed=recovery))
    assert done["protected"] is False
    assert done["left"] == []
    assert "Part" in run("score", file)


def test_a_sheet_beside_its_file_is_warned_of_and_an_impossible_one_stops_everything(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    before = file.read_bytes()
    for sheet in ("sheet.txt", "no folder/sheet.pdf"):
        run(
            "protect",
            file,
            "--new-passphrase-file",
            "-",
            "--recovery-sheet",
            tmp_path / sheet,
            typed=PASSPHRASE,
            code=1,
        )
        assert file.read_bytes() == before
    beside = tmp_path / "sheet.pdf"
    told = run("protect", file, "--new-passphrase-file", "-", "--recovery-sheet", beside, typed=PASSPHRASE)
    assert "This sheet is in the same folder as the file it opens" in told


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Type a passphrase"),
        ("short\n", "A passphrase has at least 8 letters, and this one has 5"),
        (" edge of space\n", "begins or ends with a space"),
    ],
)
def test_a_weak_passphrase_is_refused_and_nothing_changed(tmp_path: Path, typed: str, sentence: str) -> None:
    file = file_of(tmp_path)
    before = file.read_bytes()
    assert sentence in run("protect", file, "--new-passphrase-file", "-", typed=typed, code=1)
    assert file.read_bytes() == before


def test_without_a_terminal_a_new_passphrase_must_be_named(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    assert "--new-passphrase-file" in run("protect", file, code=2)
    assert "neither a new passphrase nor a recovery sheet" in run(
        "protect", file, "--remove", "--recovery-sheet", "x.pdf", code=2
    )
    two = tmp_path / "two.txt"
    two.write_text("one passphrase\nand a second one\n")
    assert "is one line of text" in run("protect", file, "--new-passphrase-file", two, code=1)
    assert "There is no file" in run("--passphrase-file", tmp_path / "none.txt", "score", file, code=1)
    two.write_bytes(b"\xff\xfe\x00x")
    assert "the file is not a text in UTF-8" in run("--passphrase-file", two, "score", file, code=1)


Command = Callable[[Path, Path], tuple[object, ...]]
COMMANDS: dict[str, Command] = {
    "score": lambda file, _: ("score", file),
    "check": lambda file, _: ("check", file, "--json"),
    "verify": lambda file, _: ("verify", file),
    "verify against": lambda file, _: ("verify", file, file),
    "history": lambda file, _: ("history", file, "i.law"),
    "find": lambda file, _: ("find", file, "law"),
    "export": lambda file, folder: ("export", file, folder / "all.json"),
    "report": lambda file, folder: ("report", file, folder / "report.html"),
    "blank": lambda file, folder: ("blank", folder / "blank.xlsx", "--from", file),
    "plan": lambda file, _: ("plan", file),
    "availability": lambda file, _: ("availability", file),
    "register": lambda file, _: ("register", "list", file, "agencies"),
    "migrate": lambda file, _: ("migrate", file, "--dry-run"),
    "compare": lambda file, _: ("compare", file, file),
    "import": lambda file, folder: ("import", file, folder / "keys" / "copy.assessment", "--dry-run"),
    "merge": lambda file, folder: (
        "merge",
        file,
        folder / "keys" / "copy.assessment",
        "-o",
        folder / "both.assessment",
    ),
}


@pytest.mark.check
@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_opens_a_protected_file_with_its_passphrase_only(
    name: str, file: Path, tmp_path: Path, key_file: Path
) -> None:
    copy = key_file.with_name("copy.assessment")
    with open_session(file, keys=ring(PASSPHRASE)) as session:
        session.save_copy(copy)
    wrong = key_file.with_name("wrong.txt")
    wrong.write_text(WRONG)
    before, names = file.read_bytes(), names_in(tmp_path)
    command = COMMANDS[name](file, tmp_path)
    told = run("--passphrase-file", wrong, *command, code=1)
    assert "does not open “small.assessment”" in told
    _code, printed, errors = outcome(*command)
    assert REFUSED in printed + errors
    assert (file.read_bytes(), names_in(tmp_path)) == (before, names)
    told = run("--passphrase-file", key_file, *command, code=outcome(*_on_a_plain_file(name, tmp_path))[0])
    assert "passphrase or recovery key" not in told


def _on_a_plain_file(name: str, folder: Path) -> tuple[object, ...]:
    """Return the same command for the same file without protection."""
    plain = folder / "plain"
    (plain / "keys").mkdir(parents=True)
    file = file_of(plain)
    with open_session(file) as session:
        session.save_copy(plain / "keys" / "copy.assessment")
    return COMMANDS[name](file, plain)


@pytest.mark.check
def test_copies_with_different_passphrases_become_one_protected_file(
    file: Path, tmp_path: Path, key_file: Path
) -> None:
    copy, plain, out = tmp_path / "copy.assessment", tmp_path / "plain.assessment", tmp_path / "all.assessment"
    with open_session(file, keys=ring(PASSPHRASE)) as session:
        session.save_copy(copy)
    protect(copy, OTHER, ring(PASSPHRASE))
    with open_session(copy, keys=ring(OTHER), author="Amina") as session:
        session.record(
            say("i.plan", who="agency-moi").key, Content(state=AnswerState.ANSWERED, value=1, note="from Amina")
        )
    one = tmp_path / "one.txt"
    one.write_text(PASSPHRASE)
    told = run("--passphrase-file", one, "merge", file, copy, "-o", plain, code=1)
    assert "copy.assessment: not merged. The passphrase or recovery key does not open" in told
    assert not plain.exists()
    told = run("--passphrase-file", key_file, "merge", file, copy, "-o", out)
    assert "It is protected by the same passphrase as small.assessment." in told
    with open_session(out, keys=ring(PASSPHRASE)) as session:
        assert session.content(say("i.plan", who="agency-moi").key).note == "from Amina"
    assert b"from Amina" not in out.read_bytes()


@pytest.mark.check
def test_what_is_made_from_a_protected_file_is_protected_alike(file: Path, tmp_path: Path, key_file: Path) -> None:
    following, own = tmp_path / "next.assessment", tmp_path / "own.assessment"
    told = run("--passphrase-file", key_file, "new", following, "--from", file, "--round", "2024")
    assert "It is protected by the same passphrase as small.assessment." in told
    with open_session(following, keys=ring(PASSPHRASE)) as session:
        assert session.previous is not None
    told = run("new", own, "--country", "GEO", "--round", "1", "--protect", "--new-passphrase-file", "-", typed=OTHER)
    with open_session(own, keys=ring(OTHER)) as session:
        assert session.key
        assert recovery_words(session.key.raw)[0] in told


@pytest.mark.check
def test_protected_files_in_a_folder_count_only_where_a_passphrase_fits(
    file: Path, tmp_path: Path, key_file: Path
) -> None:
    folder = tmp_path / "countries"
    folder.mkdir()
    file.rename(folder / "a.assessment")
    dossier = small_dossier()
    other = file_of(tmp_path, replace(dossier, id="other", mission=replace(dossier.mission, country="XXB")))
    other.rename(folder / "b.assessment")
    out = key_file.with_name("all.sqlite")
    told = run("aggregate", folder, "-o", out, code=1)
    assert f"a.assessment: not read. “a.assessment” {REFUSED}" in told
    told = run("--passphrase-file", key_file, "aggregate", folder, "-o", out)
    assert "Files found: 2. Read now: 1, known already: 1" in told
    assert "is not protected itself" in told
    told = run("--passphrase-file", key_file, "aggregate", folder, "-o", out, "--scheduler", "tcp://x:1", code=1)
    assert "Passphrases are not sent to other machines" in told


def test_the_window_hands_its_keys_over_in_one_line(file: Path) -> None:
    whole = Keyring(("a", "é\n"), (bytes(32),), ())
    assert keyring_from_line(keyring_to_line(whole).decode()) == whole
    assert keyring_to_line(whole).count(b"\n") == 1
    for broken in ("", "[]", "{}", '{"passphrases": 1}'):
        with pytest.raises(ValueError):  # noqa: PT011 - it says nothing, so as not to quote a passphrase
            keyring_from_line(broken)
    assert "Part" in run(KEYS_OPTION, "score", file, typed=keyring_to_line(ring(PASSPHRASE)).decode())
    assert KEYS_OPTION not in run("--help")


# -- at a terminal -----------------------------------------------------------------------------------------------------


def typing(answers: list[tuple[str, str]], *arguments: object) -> tuple[int, str]:
    """Run a command at a terminal, answer what it asks, and give its exit code and all that was to be seen."""
    child, terminal = pty.fork()
    if child == 0:  # pragma: no cover - another process
        os.execv(sys.executable, [sys.executable, "-m", "capacity_app", *map(str, arguments)])  # noqa: S606 - our own program
    seen, waiting = "", list(answers)
    while True:
        try:
            seen += os.read(terminal, 4096).decode()
        except OSError:
            break
        if waiting and seen.endswith(f"{waiting[0][0]}: "):
            time.sleep(0.2)  # the echo is switched off after the question is asked
            os.write(terminal, f"{waiting.pop(0)[1]}\n".encode())
            seen += "\n"
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), seen


@pytest.mark.check
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
def test_at_a_terminal_it_asks_without_showing_what_is_typed(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    new, again, asked = "New passphrase", "Repeat passphrase", "Passphrase or recovery key"
    code, seen = typing(
        [(new, "short"), (new, PASSPHRASE), (again, OTHER), (new, PASSPHRASE), (again, PASSPHRASE)], "protect", file
    )
    assert code == 0, seen
    assert "A passphrase has at least 8 letters" in seen
    assert "The two do not say the same" in seen
    assert PASSPHRASE not in seen
    code, seen = typing([(asked, WRONG), (asked, PASSPHRASE)], "score", file)
    assert code == 0, seen
    assert "Part" in seen
    assert seen.count("does not open “small.assessment”") == 1
    assert PASSPHRASE not in seen
    code, seen = typing([(asked, WRONG)] * 3, "score", file)
    assert code == 1
    assert "Part" not in seen
