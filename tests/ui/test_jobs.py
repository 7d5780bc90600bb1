"""Heavy work in a child process: progress, the end in exactly one way, and nothing left behind."""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from capacity_app.i18n.translator import Translator
from capacity_app.ui.session.job_list import JobList
from capacity_app.ui.session.jobs import CommandJob, CommandQuery
from capacity_app.ui.widgets.progress_card import JobPill, ThinProgressBar
from tests.builders import file_of, small_dossier

PATIENCE_MS = 60_000


class Listener:
    """Writes down how a job went."""

    def __init__(self, job: CommandJob) -> None:
        self.steps: list[tuple[str, float]] = []
        self.ends: list[tuple[str, str]] = []
        job.progressed.connect(lambda step, share: self.steps.append((step, share)))
        job.done.connect(lambda file: self.ends.append(("done", file)))
        job.failed.connect(lambda sentence: self.ends.append(("failed", sentence)))
        job.cancelled.connect(lambda: self.ends.append(("cancelled", "")))


@pytest.fixture
def job(qtbot: QtBot) -> CommandJob:
    del qtbot
    return CommandJob("en")


def finish(qtbot: QtBot, job: CommandJob, listener: Listener) -> None:
    qtbot.waitUntil(lambda: bool(listener.ends), timeout=PATIENCE_MS)
    assert len(listener.ends) == 1
    assert not job.is_running


@pytest.mark.check
@pytest.mark.parametrize(
    "suffix", ["xlsx", *(pytest.param(suffix, marks=pytest.mark.check) for suffix in ("pdf", "docx", "html"))]
)
def test_a_report_tells_its_progress_and_its_file(tmp_path: Path, qtbot: QtBot, job: CommandJob, suffix: str) -> None:
    listener = Listener(job)
    out = tmp_path / f"report.{suffix}"
    job.start(["report", str(file_of(tmp_path)), str(out), "--language", "en", "--profile", "full", "--progress"])
    finish(qtbot, job, listener)
    assert listener.ends == [("done", str(out))]
    assert out.stat().st_size > 1000
    shares = [share for _, share in listener.steps]
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] <= 1
    assert all(step for step, _ in listener.steps)
    assert job.content_hash == small_dossier().content_hash


@pytest.mark.check
def test_what_the_child_refuses_comes_back_as_its_sentence(tmp_path: Path, qtbot: QtBot, job: CommandJob) -> None:
    listener = Listener(job)
    missing = tmp_path / "missing.assessment"
    job.start(["report", str(missing), str(tmp_path / "x.pdf"), "--progress"])
    finish(qtbot, job, listener)
    end, sentence = listener.ends[0]
    assert end == "failed"
    assert "missing.assessment" in sentence
    assert "\n" not in sentence


def test_a_cancelled_report_leaves_no_file(tmp_path: Path, qtbot: QtBot, job: CommandJob) -> None:
    listener = Listener(job)
    out = tmp_path / "report.pdf"
    job.start(["report", str(file_of(tmp_path)), str(out), "--progress"])
    qtbot.waitUntil(lambda: job.is_running, timeout=PATIENCE_MS)
    job.cancel()
    finish(qtbot, job, listener)
    assert listener.ends == [("cancelled", "")]
    assert not out.exists()


def test_a_child_that_cannot_start_fails_without_a_word(
    qtbot: QtBot, job: CommandJob, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "no-such-program"))
    listener = Listener(job)
    job.start(["report"])
    finish(qtbot, job, listener)
    assert listener.ends == [("failed", "")]


def test_a_child_that_says_nothing_any_more_is_ended(tmp_path: Path, qtbot: QtBot) -> None:
    job = CommandJob("en", patience=0.2)
    listener = Listener(job)
    out = tmp_path / "report.pdf"
    job.start(["report", str(file_of(tmp_path)), str(out)])  # without --progress it is silent
    finish(qtbot, job, listener)
    assert listener.ends == [("failed", "")]
    assert job.was_silent
    assert not out.exists()


@pytest.mark.check
def test_a_child_beyond_its_own_limit_says_so_itself(tmp_path: Path, qtbot: QtBot, job: CommandJob) -> None:
    listener = Listener(job)
    out = tmp_path / "report.pdf"
    job.start(["report", str(file_of(tmp_path)), str(out), "--progress", "--time-limit", "0.05"])
    finish(qtbot, job, listener)
    assert listener.ends[0][0] == "failed"
    assert "was stopped" in listener.ends[0][1]
    assert not job.was_silent
    assert not out.exists()


def ask(qtbot: QtBot, *arguments: str) -> list[object]:
    """Ask the command line something; gives what ended it."""
    inquiry, ends = CommandQuery("en"), list[object]()
    inquiry.answered.connect(ends.append)
    inquiry.failed.connect(ends.append)
    inquiry.start(arguments)
    qtbot.waitUntil(lambda: bool(ends), timeout=PATIENCE_MS)
    assert not inquiry.is_running
    return ends


@pytest.mark.check
def test_a_question_is_answered_with_an_object_also_where_problems_are_found(tmp_path: Path, qtbot: QtBot) -> None:
    file = file_of(tmp_path)
    (tmp_path / "other").mkdir()
    other = file_of(tmp_path / "other", small_dossier(answers=()))
    (same,), (different,) = (ask(qtbot, "verify", str(one), str(file), "--json") for one in (file, other))
    assert isinstance(same, dict)
    assert isinstance(different, dict)
    assert (same["match"], different["match"]) == ("same", "different")


@pytest.mark.check
def test_a_question_that_cannot_be_answered_gets_the_sentence(tmp_path: Path, qtbot: QtBot) -> None:
    (sentence,) = ask(qtbot, "verify", str(tmp_path / "gone.pdf"), "--json")
    assert sentence == "There is no file “gone.pdf”: check whether it was moved or renamed."


def test_stopping_waits_until_the_child_is_gone(tmp_path: Path, qtbot: QtBot, job: CommandJob) -> None:
    listener = Listener(job)
    job.start(["report", str(file_of(tmp_path)), str(tmp_path / "report.pdf"), "--progress"])
    qtbot.waitUntil(lambda: job.is_running, timeout=PATIENCE_MS)
    child = job._process.processId()
    job.stop()
    assert not job.is_running
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
    assert listener.ends == [("cancelled", "")]


class Work(QObject):
    """Work that somebody begins and ends, and of which nobody knows how far it is."""

    running_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.is_running = False

    def set_running(self, *, is_running: bool) -> None:
        self.is_running = is_running
        self.running_changed.emit()

    def cancel(self) -> None:
        self.set_running(is_running=False)


def test_work_without_a_share_is_shown_once_it_is_long_and_can_be_cancelled(qtbot: QtBot) -> None:
    jobs, work = JobList(), Work()
    jobs.follow(work, "Import")
    work.set_running(is_running=True)
    names: list[str] = []
    jobs.changed.connect(lambda: names.append(jobs.shown.name if jobs.shown else ""))
    assert names == [], "short work is not shown"
    qtbot.waitUntil(lambda: names == ["Import"])
    assert jobs.shown is not None
    assert jobs.shown.share == 0
    jobs.shown.cancel()
    qtbot.waitUntil(lambda: names == ["Import", ""])


def test_a_pill_moves_while_nobody_knows_how_far_the_work_is(qtbot: QtBot) -> None:
    pill = JobPill(Translator())
    qtbot.addWidget(pill)
    pill.show_job("Import", 0.0, is_running=True)
    bar = pill.findChild(ThinProgressBar)
    assert bar is not None
    assert bar.is_busy
    before = bar.grab().toImage()
    qtbot.waitUntil(lambda: bar.grab().toImage() != before)
    pill.show_job("Import", 0.5, is_running=True)
    assert not bar.is_busy
