import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from capacity_app.domain.headquarters.tidy_tables import FileStatus
from capacity_app.domain.problems import KnownError
from capacity_app.services.headquarters import dask_scheduler
from capacity_app.services.headquarters.aggregation import AggregationEngine, aggregate_with_engine
from capacity_app.services.headquarters.child_readers import FileLimits
from capacity_app.services.headquarters.dask_scheduler import read_on_scheduler
from capacity_app.services.headquarters.file_reader import ReadJob
from tests.services.headquarters.folders import aggregated, countries_in, tables_in

pytestmark = pytest.mark.check

pytest.importorskip("distributed")


@dataclass(frozen=True)
class Cluster:
    """A scheduler with two workers."""

    address: str
    pids: list[int]


@contextmanager
def scheduler_with(workers: int) -> Iterator[Cluster]:
    command = [sys.executable, "-m", "tests.services.headquarters.cluster", str(workers)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield Cluster(**json.loads(process.stdout.readline()))
        process.communicate()


@pytest.fixture(name="cluster", scope="module")
def _cluster() -> Iterator[Cluster]:
    with scheduler_with(2) as cluster:
        yield cluster


def test_workers_of_a_scheduler_read_what_children_read(cluster: Cluster, tmp_path: Path) -> None:
    folder = countries_in(tmp_path / "in", 60)
    (folder / "bad.json").write_text("{")
    outcome = aggregate_with_engine(AggregationEngine(scheduler=cluster.address), [folder], tmp_path / "one.sqlite")
    assert outcome.fates == {FileStatus.READ: 60, FileStatus.REFUSED: 1}
    aggregated([folder], tmp_path / "two.sqlite")
    assert tables_in(tmp_path / "one.sqlite") == tables_in(tmp_path / "two.sqlite")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot kill as we need it here")
def test_a_worker_that_is_killed_loses_nothing(cluster: Cluster, tmp_path: Path) -> None:
    folder = countries_in(tmp_path / "in", 100)
    jobs = [ReadJob(file.name, str(file)) for file in sorted(folder.iterdir())]
    parcels = []
    for parcel in read_on_scheduler(cluster.address, jobs, FileLimits()):
        parcels.append(parcel)
        if len(parcels) == 1:
            os.kill(cluster.pids[0], signal.SIGKILL)
    assert sorted(parcel.file.path for parcel in parcels) == [job.path for job in jobs]
    assert {parcel.file.fate for parcel in parcels} == {FileStatus.READ}


def test_a_scheduler_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"No scheduler answers at tcp://127\.0\.0\.1:9 "):
        list(read_on_scheduler("tcp://127.0.0.1:9", [], FileLimits()))
    with pytest.raises(KnownError, match="No scheduler answers at nonsense"):
        list(read_on_scheduler("nonsense://here", [], FileLimits()))
    assert not list(tmp_path.iterdir())


def test_a_scheduler_without_its_library_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(KnownError, match=r"pip install 'capacity-app\[scheduler\]'"):
        list(read_on_scheduler("tcp://127.0.0.1:8786", [], FileLimits()))


def test_a_scheduler_without_workers_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_scheduler, "_WAIT_SECONDS", 0.2)
    (file,) = countries_in(tmp_path / "in", 1).iterdir()
    with scheduler_with(0) as cluster, pytest.raises(KnownError, match=r"has no workers any more\. What was read"):
        list(read_on_scheduler(cluster.address, [ReadJob(file.name, str(file))], FileLimits()))


def test_a_folder_the_workers_do_not_see_is_said(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (file,) = countries_in(tmp_path / "in", 1).iterdir()
    monkeypatch.chdir(file.parent)
    # A path from here, which leads nowhere from where the workers are.
    with pytest.raises(KnownError, match=r"do not see “000\.json”: put the folder where every machine"):
        list(read_on_scheduler(cluster.address, [ReadJob(file.name, file.name)], FileLimits()))
