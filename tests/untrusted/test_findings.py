"""What the fuzzer found once is read again, each by its target, and breaks nothing any more."""

from pathlib import Path

import pytest

from tests.fuzz.laws import obeyed
from tests.fuzz.targets import TARGETS, read_by

FOLDER = Path(__file__).parent / "findings"
FINDINGS = sorted(file.relative_to(FOLDER).as_posix() for file in FOLDER.glob("*/*"))


@pytest.mark.parametrize("name", FINDINGS)
def test_a_finding_is_read_or_refused_with_a_sentence(name: str, tmp_path: Path) -> None:
    target = TARGETS[Path(name).parent.name]
    obeyed(lambda: read_by(target, (FOLDER / name).read_bytes(), tmp_path / "given"))


def test_every_finding_belongs_to_a_target_and_is_small() -> None:
    assert {Path(name).parent.name for name in FINDINGS} <= set(TARGETS)
    assert [name for name in FINDINGS if (FOLDER / name).stat().st_size > 100_000] == []
    assert FINDINGS
