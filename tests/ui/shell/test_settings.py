"""What the window remembers, and what it makes of a settings file that somebody else wrote."""

from pathlib import Path

from PySide6.QtTest import QTest

from capacity_app.ui.session.settings import MOST_RECENT, RecentAssessment, Settings
from capacity_app.ui.theme.palette import Scheme


def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.ini")


def test_the_last_file_opened_stands_first_and_once(tmp_path: Path) -> None:
    one = settings(tmp_path)
    for name in ("a", "b", "a"):
        one.remember(RecentAssessment(file=name))
    assert [entry.file for entry in one.recent()] == ["a", "b"]


def test_news_of_the_open_file_is_seen_at_once_and_written_when_it_is_left(tmp_path: Path) -> None:
    one = settings(tmp_path)
    for file in ("b", "a"):
        one.remember(RecentAssessment(file=file))
    one.sync()
    before = (tmp_path / "settings.ini").read_bytes()
    one.remember(RecentAssessment(file="a", share=40))
    QTest.qWait(1)
    assert [entry.share for entry in one.recent()] == [40, 0]
    assert (tmp_path / "settings.ini").read_bytes() == before
    one.sync()
    assert (
        settings(tmp_path).recent()
        == one.recent()
        == (RecentAssessment(file="a", share=40), RecentAssessment(file="b"))
    )


def test_only_the_most_recent_files_are_kept(tmp_path: Path) -> None:
    one = settings(tmp_path)
    for number in range(MOST_RECENT + 5):
        one.remember(RecentAssessment(file=str(number)))
    assert len(one.recent()) == MOST_RECENT
    assert one.recent()[0].file == str(MOST_RECENT + 4)


def test_a_forgotten_file_is_off_the_list_and_still_there(tmp_path: Path) -> None:
    file = tmp_path / "kept.assessment"
    file.write_bytes(b"x")
    one = settings(tmp_path)
    one.remember(RecentAssessment(file=str(file)))
    one.forget(str(file))
    assert one.recent() == ()
    assert file.exists()


def test_everything_is_there_again_after_a_new_start(tmp_path: Path) -> None:
    one = settings(tmp_path)
    recent = RecentAssessment(
        file="g", country="GEO", m49="268", country_name="Georgia", round="2019", share=64, page="gaps", address="i.law"
    )
    one.remember(recent)
    one.zoom, one.scheme, one.language, one.author = 150, Scheme.DARK, "en", "Nino “K.” Ñ"
    one.folder = tmp_path
    one.sync()
    other = settings(tmp_path)
    assert other.recent() == (recent,)
    assert (other.zoom, other.scheme, other.language, other.author) == (150, Scheme.DARK, "en", "Nino “K.” Ñ")
    assert other.folder == tmp_path


def test_nonsense_in_the_settings_file_gives_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "settings.ini").write_text(
        '[General]\nrecent="[{\\"file\\": 3}, 7, {\\"file\\": \\"ok\\", \\"share\\": \\"much\\"}]"\n'
        "zoom=9999\nscheme=pink\nfolder=/no/such/folder\n",
        encoding="utf-8",
    )
    one = settings(tmp_path)
    assert [entry.file for entry in one.recent()] == ["ok"]
    assert one.recent()[0].share == 0
    assert (one.zoom, one.scheme, one.folder) == (100, Scheme.SYSTEM, Path.home())


def test_a_list_of_recent_files_that_cannot_be_read_is_empty(tmp_path: Path) -> None:
    (tmp_path / "settings.ini").write_text('[General]\nrecent="[{"\n', encoding="utf-8")
    assert settings(tmp_path).recent() == ()
