"""The disk model forgets what may be forgotten, and nothing else; the trace is read as it was written."""

import random

import pytest

from tests.power.disk import SECTOR, Chance, Disk, Everything, Nothing
from tests.power.trace import Closed, Event, Opened, Removed, Renamed, Resized, Said, Synced, Written, events, whole

OLD, NEW = b"o" * 3 * SECTOR, b"n" * 3 * SECTOR
CREATE = frozenset({"O_RDWR", "O_CREAT"})


def played(*done: Event) -> Disk:
    disk = Disk({"/d/file": OLD})
    for event in done:
        disk.play(event)
    return disk


def seen(disk: Disk, times: int = 500) -> set[tuple[tuple[str, bytes], ...]]:
    """Return many things that may be left."""
    chance = Chance(random.Random(0))  # noqa: S311 - the same each time
    found = set()
    for _ in range(times):
        chance.again()
        found.add(tuple(disk.after_a_cut(chance).items()))
    return found


OPENED = Opened(3, "/d/file", frozenset({"O_RDWR"}))


def test_what_is_written_and_not_synced_may_be_there_or_not_sector_by_sector() -> None:
    disk = played(OPENED, Written(3, NEW, 0))
    assert disk.after_a_cut(Nothing()) == {"/d/file": OLD}
    assert disk.after_a_cut(Everything()) == {"/d/file": NEW}
    contents = {state[0][1] for state in seen(disk)}
    sectors = {tuple(content[n * SECTOR : (n + 1) * SECTOR] for n in range(3)) for content in contents}
    assert len(sectors) == 8
    assert all(len(set(sector)) == 1 for three in sectors for sector in three)


def test_what_is_synced_stays() -> None:
    disk = played(OPENED, Written(3, NEW, 0), Synced(3))
    assert seen(disk) == {(("/d/file", NEW),)}
    assert disk.is_settled


def test_a_longer_file_may_hold_zeros_or_rubbish_or_not_be_longer() -> None:
    disk = played(OPENED, Written(3, NEW, 3 * SECTOR))
    ends = {state[0][1][len(OLD) :] for state in seen(disk)}
    assert {b"", bytes(3 * SECTOR), NEW} <= ends
    assert any(end.strip(b"\0n") for end in ends)
    assert all(state[0][1].startswith(OLD) for state in seen(disk))


def test_a_file_cut_short_may_be_long_again() -> None:
    disk = played(OPENED, Resized(3, SECTOR))
    assert {len(state[0][1]) for state in seen(disk)} == {SECTOR, 3 * SECTOR}


def test_two_writes_to_one_sector_reach_the_disk_in_order() -> None:
    disk = played(OPENED, Written(3, b"1", 0), Written(3, b"2", 1))
    assert {state[0][1][:2] for state in seen(disk)} == {b"oo", b"1o", b"12"}


def test_names_last_only_once_their_folder_is_synced() -> None:
    made = (Opened(3, "/d/new", CREATE), Written(3, NEW, 0), Synced(3), Closed(3))
    assert "/d/new" not in played(*made).after_a_cut(Nothing())
    folder = Opened(3, "/d", frozenset({"O_RDONLY"}))
    assert played(*made, folder, Synced(3)).after_a_cut(Nothing())["/d/new"] == NEW


def test_a_renamed_file_has_one_name_or_the_other_and_what_was_synced_of_it() -> None:
    made = (Opened(3, "/d/new", CREATE), Written(3, NEW, 0))
    hasty = played(*made, Renamed("/d/new", "/d/file"))
    assert any(dict(state)["/d/file"] not in {OLD, NEW} for state in seen(hasty))
    careful = played(*made, Synced(3), Renamed("/d/new", "/d/file"))
    assert {dict(state)["/d/file"] for state in seen(careful)} == {OLD, NEW}


def test_a_removed_file_may_come_back_and_an_open_one_goes_on() -> None:
    disk = played(OPENED, Removed("/d/file"), Written(3, NEW, 0), Synced(3))
    assert seen(disk) == {(), (("/d/file", NEW),)}
    assert disk.after_a_cut(Everything()) == {}


def _hexed(text: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in text.encode())


def test_a_trace_is_read_in_the_order_things_ended() -> None:
    name, folder, other = _hexed("/d/file"), _hexed("/d"), _hexed("/elsewhere")
    lines = [
        f'7 openat(AT_FDCWD<{_hexed("/")}>, "{name}", O_RDWR|O_CREAT, 0644) = 3<{name}>',
        f'7 openat(AT_FDCWD<{_hexed("/")}>, "{other}", O_RDWR) = 4<{other}>',
        f'7 openat(AT_FDCWD<{_hexed("/")}>, "{name}", O_RDWR) = -1 ENOENT (No such file or directory)',
        f'7 write(4<{other}>, "{_hexed("no")}", 2) = 2',
        f'7 pwrite64(3<{name}>, "{_hexed("yes")}", 3, 8) = 3',
        f"7 fdatasync(3<{name}> <unfinished ...>",
        f'8 write(1<{_hexed("pipe:[1]")}>, "{_hexed("saved 1")}\\x0a", 8) = 8',
        "7 <... fdatasync resumed>)         = 0",
        f'7 renameat2(AT_FDCWD<{folder}>, "{_hexed("file")}", AT_FDCWD<{folder}>, "{_hexed("new")}", 0) = 0',
        "7 +++ exited with 0 +++",
    ]
    assert list(events(whole(lines), "/d")) == [
        Opened(3, "/d/file", CREATE),
        Written(3, b"yes", 8),
        Said("saved 1"),
        Synced(3),
        Renamed("/d/file", "/d/new"),
    ]


def test_a_call_that_is_not_modelled_is_refused() -> None:
    name = _hexed("/d/file")
    opened = f'7 openat(AT_FDCWD<{_hexed("/")}>, "{name}", O_RDWR) = 3<{name}>'
    with pytest.raises(AssertionError, match="fallocate is not modelled"):
        list(events([opened, f"7 fallocate(3<{name}>, 0, 0, 512) = 0"], "/d"))
    with pytest.raises(AssertionError, match="mmap is not modelled"):
        list(events([opened, f"7 mmap(NULL, 512, PROT_READ|PROT_WRITE, MAP_SHARED, 3<{name}>, 0) = 0"], "/d"))
