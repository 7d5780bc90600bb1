"""Which supplements a folder offers, how they are chosen, and how a country adds its own."""

from pathlib import Path

import pytest

from capacity_app.questionnaires.reader import (
    Supplement,
    folder_problems,
    offered_supplements,
    read_heading,
    read_instrument,
)
from tests.questionnaires.test_mistakes import QUESTION
from tests.questionnaires.writing import HEAD, places, write


def supplement(section: str, supplement_id: str, more: str = "") -> str:
    lines = f'[section]\nid = "{section}"\nnumber = "S"\ntitle = "About {section}"\nprovenance = "P"\n'
    return lines + f'supplement = "{supplement_id}"\n' + QUESTION.replace("r.a", f"{section}.a") + more


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make an instrument with one core section and three supplement files, two of them of one supplement."""
    text = (
        QUESTION
        + "--- instrument.toml\n"
        + HEAD
        + 'supplements = ["t.toml", "lb.toml", "lb-2.toml"]\n'
        + "--- t.toml\n"
        + supplement("t", "T")
        + "--- lb.toml\n"
        + supplement("lb", "LB")
        + "--- lb-2.toml\n"
        + supplement("lb-2", "LB")
    )
    (tmp_path / "core").mkdir()
    return write(tmp_path / "core", text)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "questions of Georgia.toml"
    path.write_text(supplement("xx-geo", "XX.GEO"), encoding="utf-8")
    return path


def sections(folder: Path, *chosen: str | Path) -> list[str]:
    instrument, problems = read_instrument(folder, chosen)
    assert problems == ()
    assert instrument is not None
    return [*(section.id for section in instrument.sections), *instrument.supplements]


def test_a_folder_says_what_it_offers(folder: Path) -> None:
    assert offered_supplements(folder) == (
        Supplement(id="T", title="About t", file="t.toml"),
        Supplement(id="LB", title="About lb", file="lb.toml"),
        Supplement(id="LB", title="About lb-2", file="lb-2.toml"),
    )


def test_nothing_is_offered_where_nothing_is(tmp_path: Path) -> None:
    assert offered_supplements(tmp_path) == ()


def test_a_heading_is_read_without_the_questions(folder: Path) -> None:
    (folder / "1.toml").write_text("broken", encoding="utf-8")
    heading, problems = read_heading(folder)
    assert problems == ()
    assert heading is not None
    assert (heading.id, heading.title, heading.version) == ("small", "Small", "1.0")


def test_without_a_choice_only_the_core_is_read(folder: Path) -> None:
    assert sections(folder) == ["r"]


def test_supplements_are_chosen_by_id_by_file_name_or_by_path(folder: Path) -> None:
    assert sections(folder, "T") == ["r", "t", "T"]
    assert sections(folder, "t.toml") == ["r", "t", "T"]
    assert sections(folder, folder / "t.toml") == ["r", "t", "T"]
    assert sections(folder, str(folder / "t.toml")) == ["r", "t", "T"]


def test_an_id_of_two_files_brings_both_and_is_named_once(folder: Path) -> None:
    assert sections(folder, "LB") == ["r", "lb", "lb-2", "LB"]


def test_the_order_is_the_instruments_whatever_the_order_of_the_choice(folder: Path) -> None:
    assert sections(folder, "LB", "T", "LB") == ["r", "t", "lb", "lb-2", "T", "LB"]


def test_a_countrys_own_file_comes_last(folder: Path, own: Path) -> None:
    assert sections(folder, own, "T") == ["r", "t", "xx-geo", "T", "XX.GEO"]
    assert sections(folder, str(own), own) == ["r", "xx-geo", "XX.GEO"]


def test_an_unknown_supplement_is_named_with_the_right_one(folder: Path) -> None:
    instrument, problems = read_instrument(folder, ["Lb"])
    assert instrument is None
    assert places(problems) == ["instrument.unknown-supplement @ instrument.toml"]
    assert "LB" in problems[0].text()


def test_a_countrys_file_that_is_not_there_is_a_problem(folder: Path) -> None:
    _, problems = read_instrument(folder, ["nowhere/my.toml"])
    assert places(problems) == ["instrument.missing-file @ my.toml"]


def test_a_countrys_section_must_be_recognisable(folder: Path, own: Path) -> None:
    own.write_text(supplement("geo", "").replace('supplement = ""\n', ""), encoding="utf-8")
    _, problems = read_instrument(folder, [own])
    assert places(problems) == ["instrument.missing-key @ section geo", "instrument.own-section-id @ section geo"]


def test_a_countrys_questions_may_test_the_core_and_use_its_scales(folder: Path, own: Path) -> None:
    asks = 'show_if = { question = "r.a", is = "yes" }\n'
    own.write_text(supplement("xx-geo", "XX.GEO", asks), encoding="utf-8")
    assert sections(folder, own) == ["r", "xx-geo", "XX.GEO"]


def test_the_core_cannot_depend_on_a_supplement(folder: Path) -> None:
    part = folder / "1.toml"
    part.write_text(part.read_text() + 'show_if = { question = "t.a", is = "yes" }\n', encoding="utf-8")
    assert places(read_instrument(folder)[1]) == [
        "instrument.unknown-question @ section r, question r.a, show_if",
    ]
    assert places(read_instrument(folder, ["T"])[1]) == [
        "instrument.depends-on-supplement @ section r, question r.a, show_if",
    ]


def test_a_mistake_in_a_supplement_does_not_keep_the_core_from_use_but_is_found(folder: Path) -> None:
    (folder / "lb.toml").write_text("broken", encoding="utf-8")
    assert sections(folder, "T") == ["r", "t", "T"]
    assert places(folder_problems(folder)) == ["instrument.syntax @ lb.toml, line 1"]


def test_a_supplement_that_does_not_say_so_is_a_problem(folder: Path) -> None:
    part = folder / "t.toml"
    part.write_text(part.read_text().replace('supplement = "T"\n', ""), encoding="utf-8")
    assert places(folder_problems(folder)) == ["instrument.missing-key @ section t"]


def test_all_mistakes_of_a_missing_folder_are_one(tmp_path: Path) -> None:
    assert places(folder_problems(tmp_path / "x")) == ["instrument.no-folder @ x"]
