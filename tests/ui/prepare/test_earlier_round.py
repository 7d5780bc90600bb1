"""The previous round on the mission page: set, replaced, left out, and every change of it undone."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QPushButton

from capacity_app.services.session.dossier_json import dossier_to_json
from capacity_app.ui.pages.prepare.mission_page import MissionPage
from tests.builders import small_dossier
from tests.ui.office import Office

AtWork = Callable[..., Office]


def written(folder: Path, round_name: str, country: str = "XXA") -> Path:
    earlier = small_dossier()
    mission = replace(earlier.mission, round=round_name, country=country)
    earlier = replace(earlier, id=f"id-{round_name}", mission=mission)
    file = folder / f"{round_name}.json"
    file.write_text(dossier_to_json(earlier, {}), encoding="utf-8")
    return file


def earlier_in(office: Office) -> str:
    """Return the round of the previous round, empty if there is none."""
    previous = office.session.previous
    return previous.mission.round if previous is not None else ""


def test_an_earlier_round_is_chosen_counted_left_out_and_brought_back(tmp_path: Path, at_work: AtWork) -> None:
    office = at_work(small_dossier(answers=()))
    page = office.page(MissionPage, "mission")
    assert not page.earlier.drop.isVisible()
    page.earlier.take(written(tmp_path, "2013"))
    office.settle()
    assert earlier_in(office) == "2013"
    assert page.earlier.waiting.text() == "9 of its answers still wait to be confirmed; none counts as given."
    assert office.session.dossier().answers == ()
    office.part(QPushButton, "drop_earlier", page).click()
    office.settle()
    assert earlier_in(office) == ""
    office.desk.controller.undo()
    office.settle()
    assert earlier_in(office) == "2013"
    assert page.earlier.drop.isVisible()
    office.desk.controller.undo()
    assert earlier_in(office) == ""


def test_replacing_it_is_one_step_that_is_named(tmp_path: Path, at_work: AtWork) -> None:
    office = at_work(small_dossier(answers=()))
    page = office.page(MissionPage, "mission")
    for name in ("2008", "2013"):
        page.earlier.take(written(tmp_path, name))
    office.desk.controller.undo()
    assert earlier_in(office) == "2008"
    assert "previous round" in office.desk.controller.undo_stack.undoText()


def test_what_cannot_be_an_earlier_round_is_refused_in_place(tmp_path: Path, at_work: AtWork) -> None:
    office = at_work()
    page = office.page(MissionPage, "mission")
    (tmp_path / "no.json").write_text("{}", encoding="utf-8")
    for file in (
        tmp_path / "no.json",
        tmp_path / "missing.assessment",
        written(tmp_path, "2018"),
        written(tmp_path, "2012", country="GEO"),
        office.session.file,
    ):
        page.earlier.take(file)
        assert page.earlier.problem.isVisible(), file
        assert page.earlier.problem.text(), file
        assert office.session.previous is None
    page.earlier.take(written(tmp_path, "2013"))
    assert not page.earlier.problem.isVisible()


def test_the_count_follows_what_is_answered(tmp_path: Path, at_work: AtWork) -> None:
    office = at_work(small_dossier(answers=()))
    page = office.page(MissionPage, "mission")
    page.earlier.take(written(tmp_path, "2013"))
    answer = small_dossier().by_address
    said = next(said for address, said in answer.items() if str(address) == "ii.staff")[0]
    office.desk.controller.record(said.key, said.content)
    office.settle()
    assert page.earlier.waiting.text().startswith("8 ")
