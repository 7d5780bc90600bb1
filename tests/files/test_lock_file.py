"""One at a time holds a lock, whoever removes the file of the lock, and however the holder ends."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from capacity_app.files.lock_file import LockFile, LockIsHeldError

HOLDER = """
import sys
from pathlib import Path
from capacity_app.files.lock_file import LockFile

lock = LockFile(Path(sys.argv[1]))
lock.acquire()
print("held", flush=True)
sys.stdin.read()
"""


def test_a_lock_is_free_again_when_its_holder_is_killed(tmp_path: Path) -> None:
    lock = LockFile(tmp_path / "lock")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, lock.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        for _ in range(2):
            with pytest.raises(LockIsHeldError):
                lock.acquire()
        child.kill()
        child.wait()
        lock.acquire()
        lock.release()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows removes no file that is open")
def test_one_at_a_time_holds_a_lock_whose_file_is_removed(tmp_path: Path) -> None:
    inside: list[int] = []
    most: list[int] = []

    def hold_and_remove() -> None:
        lock = LockFile(tmp_path / "lock")
        held = 0
        while held < 200:
            try:
                lock.acquire()
            except LockIsHeldError:
                continue
            held += 1
            inside.append(held)
            most.append(len(inside))
            inside.pop()
            lock.path.unlink()  # from here on another may hold a lock on a new file
            lock.release()

    threads = [threading.Thread(target=hold_and_remove) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(most) == {1}
    assert len(most) == 600


def test_where_no_lock_can_be_made_the_system_says_why(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        LockFile(tmp_path / "nowhere" / "lock").acquire()
    LockFile(tmp_path / "lock").release()
    assert not (tmp_path / "lock").exists()
