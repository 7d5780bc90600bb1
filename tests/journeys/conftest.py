"""What the journeys share with the tests of the window."""

from tests.ui.conftest import _our_look, at_work, desk_on, office, pytest_collection_modifyitems

__all__ = ["_our_look", "at_work", "desk_on", "office", "pytest_collection_modifyitems"]
