"""Making a backup of the open assessment: the writer thread makes it, and the window goes on meanwhile."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from capacity_app.domain.thinning import Reason
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.report.maker import WhenSaved
from capacity_app.ui.shell.save_state import SaveState


class BackupMaker(QObject):
    """Makes one backup at a time, of all that is being typed too; a failure is told by the workspace."""

    def __init__(self, bridge: Bridge, state: SaveState) -> None:
        super().__init__(bridge)
        self._bridge, self._state = bridge, state
        self._then: Callable[[], None] | None = None
        self._saving = WhenSaved(bridge, state, self)
        self._saving.ready.connect(self._end)
        self._saving.failed.connect(self._end)

    def make(self, then: Callable[[], None]) -> None:
        """Make a backup, and call back when it is there or could not be made."""
        self._then = then
        self._saving.begin()
        self._bridge.session.back_up(Reason.BY_HAND)
        self._state.wait()
        self._saving.go_on()

    def _end(self) -> None:
        then, self._then = self._then, None
        if then is not None:
            then()
