"""The session keeps the action plan free of circles, whoever asks in which order."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capacity_app.domain.assessment.registers import Action
from capacity_app.domain.scoring.gaps import find_dependency_cycle
from capacity_app.services.session.revision_log import ValidationError
from tests.builders import file_of, open_session

NAMES = ("a", "b", "c", "d")


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wishes=st.lists(st.tuples(st.sampled_from(NAMES), st.sets(st.sampled_from(NAMES))), max_size=8))
def test_no_circle_is_ever_stored(tmp_path_factory: pytest.TempPathFactory, wishes: list[tuple[str, set[str]]]) -> None:
    file = file_of(tmp_path_factory.mktemp("plan"))
    with open_session(file) as session:
        for name, others in wishes:
            action = Action(id=name, title=name, depends_on=tuple(sorted(others)))
            before = session.entry("actions", name)
            try:
                session.put(action)
            except ValidationError:
                assert session.entry("actions", name) == before
            else:
                assert session.entry("actions", name) == action
            assert find_dependency_cycle(session.dossier().actions) == ()
        stored = session.dossier().actions
    with open_session(file) as session:
        assert session.dossier().actions == stored


def test_the_refusal_says_which_two_actions(tmp_path: Path) -> None:
    with open_session(file_of(tmp_path)) as session:
        session.put(Action(id="staff", title="Hire staff", depends_on=("action-1",)))
        with pytest.raises(ValidationError) as refusal:
            session.put(Action(id="action-1", title="Amend the act", depends_on=("staff",)))
    assert "“Amend the act” cannot wait for “Hire staff”" in refusal.value.text()
