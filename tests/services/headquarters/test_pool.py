import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from capacity_app.domain.headquarters.tidy_tables import FileRows, FileStatus
from capacity_app.services.headquarters.child_readers import (
    ChildFailure,
    ChildPool,
    FileLimits,
    ReaderChild,
    decode_parcel,
    read_with_retries,
)
from capacity_app.services.headquarters.file_reader import ReadJob
from tests.countries import dossier, workbook_of
from tests.services.headquarters.folders import countries_in, country, put


def jobs_in(folder: Path) -> list[ReadJob]:
    return [ReadJob(file.name, str(file)) for file in sorted(folder.iterdir())]


class Mortal(ReaderChild):
    """A child that is killed as soon as it has been given a file, so many times."""

    def __init__(self, limits: FileLimits, deaths: int) -> None:
        super().__init__(limits)
        self.deaths = deaths
        self.asked: list[bool] = []

    def ask(self, job: ReadJob) -> bytes | ChildFailure:
        self.asked.append(job.is_careful)
        if len(self.asked) <= self.deaths:
            process = self._started()
            assert process is not None
            process.kill()
        return super().ask(job)


class Measured(ReaderChild):
    def megabytes(self) -> float:
        """Return the memory that the child holds now."""
        process = self._started()
        assert process is not None
        status = Path(f"/proc/{process.pid}/status").read_text("utf-8")
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024


@pytest.fixture(name="job")
def _job(tmp_path: Path) -> ReadJob:
    return jobs_in(put(tmp_path / "in" / "a.json", country(1)).parent)[0]


@pytest.mark.check
@pytest.mark.parametrize("deaths", [0, 1, 2])
def test_a_file_whose_reader_dies_is_tried_again_and_then_with_care(job: ReadJob, deaths: int) -> None:
    child = Mortal(FileLimits(), deaths)
    try:
        parcel = decode_parcel(job.path, read_with_retries(child, job))
    finally:
        child.close()
    assert parcel.file.fate is FileStatus.READ
    assert child.asked == [False, False, True][: deaths + 1]


def test_a_file_whose_reader_always_dies_is_refused_and_known_by_its_bytes(job: ReadJob) -> None:
    child = Mortal(FileLimits(), 99)
    try:
        parcel = decode_parcel(job.path, read_with_retries(child, job))
    finally:
        child.close()
    assert len(child.asked) == 3
    assert parcel.file.fate is FileStatus.REFUSED
    assert parcel.file.reason.startswith("Reading “a.json” ended the program that read it, three times")
    assert len(parcel.file.file_hash) == 64


def test_a_file_that_takes_too_long_is_refused_and_worth_another_try(job: ReadJob) -> None:
    child = ReaderChild(FileLimits(seconds=0.001))
    try:
        parcel = decode_parcel(job.path, read_with_retries(child, job))
    finally:
        child.close()
    assert parcel.file.reason.startswith("Reading “a.json” took too long, twice")
    assert parcel.file.file_hash == ""


@pytest.mark.check
def test_a_file_that_needs_too_much_memory_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "large.json"
    # Large enough to be read for longer than the tenth of a second after which a child looks at its memory again.
    file.write_text('{"format": "' + "x" * 180_000_000 + '"}', encoding="utf-8")
    child = ReaderChild(FileLimits(megabytes=20))
    try:
        parcel = decode_parcel(file.name, read_with_retries(child, ReadJob(file.name, str(file))))
    finally:
        child.close()
    assert parcel.file.fate is FileStatus.REFUSED
    assert "needs too much memory" in parcel.file.reason


@pytest.mark.check
def test_the_memory_of_a_child_does_not_grow_with_the_number_of_files(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(workbook_of(dossier(1)))
    child = Measured(FileLimits())
    megabytes = []
    try:
        for _ in range(2):
            for _ in range(30):
                assert decode_parcel(file.name, read_with_retries(child, ReadJob(file.name, str(file)))).answers
            megabytes.append(child.megabytes())
    finally:
        child.close()
    # The second thirty files left 100 MB behind when garbage was not looked for.
    assert megabytes[1] - megabytes[0] < 15, megabytes


def test_what_is_no_parcel_or_another_files_is_not_believed() -> None:
    for answer in (b"", b"\x00", b"\x81\xa4file\xc0"):
        assert decode_parcel("a.json", answer).file.fate is FileStatus.REFUSED


@pytest.mark.check
def test_two_children_read_everything_once(tmp_path: Path) -> None:
    jobs = jobs_in(countries_in(tmp_path, 30))
    with ChildPool(2, FileLimits()) as pool:
        parcels = list(pool.read(jobs))
    assert sorted(parcel.file.path for parcel in parcels) == [job.path for job in jobs]
    assert {parcel.file.fate for parcel in parcels} == {FileStatus.READ}


@pytest.mark.check
def test_children_that_are_killed_lose_nothing(tmp_path: Path) -> None:
    jobs = jobs_in(countries_in(tmp_path, 40))
    parcels: list[FileRows] = []
    with ChildPool(2, FileLimits()) as pool:
        for parcel in pool.read(jobs):
            parcels.append(parcel)
            if len(parcels) in {5, 20}:
                for child in pool._children:
                    process = child._process
                    if process is not None:
                        process.kill()
    assert sorted(parcel.file.path for parcel in parcels) == [job.path for job in jobs]
    assert {parcel.file.fate for parcel in parcels} == {FileStatus.READ}


@pytest.mark.check
def test_whoever_stops_listening_leaves_no_process_and_no_thread(tmp_path: Path) -> None:
    jobs = jobs_in(countries_in(tmp_path, 40))
    with ChildPool(2, FileLimits()) as pool:
        next(iter(pool.read(jobs)))
        processes = [child._process for child in pool._children if child._process]
        folders = [child._folder.path for child in pool._children]
    assert processes
    assert all(process.poll() is not None for process in processes)
    assert not any(folder.exists() for folder in folders)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("Thread-")]


@pytest.mark.check
def test_a_mistake_in_what_is_asked_for_is_told_where_it_is_read() -> None:
    def jobs() -> Iterator[ReadJob]:
        yield ReadJob("a.json", "a.json")
        raise RuntimeError("the list broke")

    with ChildPool(1, FileLimits()) as pool, pytest.raises(RuntimeError, match="the list broke"):
        list(pool.read(jobs()))
