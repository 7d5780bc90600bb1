"""The same dossier gives the same bytes, wherever, whenever and on whatever machine it is written."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.check

ROOT = Path(__file__).parents[2]
ENDINGS = (".pdf", ".html", ".xlsx", ".docx")
PLACES = {
    "here": {"TZ": "UTC", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"},
    "there": {"TZ": "Pacific/Auckland", "LANG": "tr_TR.UTF-8", "LC_ALL": "", "PYTHONHASHSEED": "4711", "USER": "other"},
}
CODE = """
import sys
from pathlib import Path
from capacity_app.domain.assessment.privacy import ReportProfile
from capacity_app.services.reports import report_bytes
from capacity_app.i18n.translator import Translator
from tests.outputs.hostile import hostile_dossier
folder, first, second = Path(sys.argv[1]), *map(Translator, sys.argv[2:4])
dossier = hostile_dossier(evidence=3, longest=300)
for ending in sys.argv[4:]:
    content = report_bytes(dossier, ending, texts=first, second=second, profile=ReportProfile())
    (folder / f"report{ending}").write_bytes(content)
"""


def _start(folder: Path, settings: dict[str, str], endings: tuple[str, ...]) -> "subprocess.Popen[bytes]":
    folder.mkdir(parents=True)
    environment = os.environ | settings | {"PYTHONPATH": str(ROOT), "HOME": str(folder)}
    return subprocess.Popen(
        [sys.executable, "-c", CODE, str(folder), "ar", "en", *endings],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.fixture(scope="module", params=ENDINGS)
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """Write a report twice, at the same time, in two processes that have nothing in common but the dossier."""
    folder, ending = tmp_path_factory.mktemp("bytes"), request.param
    running = {name: _start(folder / name, settings, (ending,)) for name, settings in PLACES.items()}
    for process in running.values():
        _out, error = process.communicate(timeout=300)
        assert process.returncode == 0, error.decode()[-2000:]
    here, there = ((folder / name / f"report{ending}").read_bytes() for name in PLACES)
    return here, there


def test_the_same_dossier_gives_the_same_bytes_in_another_place(written: tuple[bytes, bytes]) -> None:
    here, there = (hashlib.sha256(content).hexdigest() for content in written)
    assert here == there


def test_no_trace_of_the_machine_is_in_the_file(written: tuple[bytes, bytes]) -> None:
    from tests.outputs.unpacking import holders  # noqa: PLC0415 - beside its only use

    for trace in (str(ROOT), "tr_TR", "Auckland", str(Path.home())):
        assert len(trace) < 6 or holders(written[1], trace) == []
