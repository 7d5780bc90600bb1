"""Opening an assessment for the window: everything the start page does not need yet."""

from pathlib import Path

from capacity_app.domain.keys import NO_KEYS, Keyring, ring_of
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.services.recovery import may_be_rescued
from capacity_app.services.unlocking import Protected
from capacity_app.texts import Texts
from capacity_app.ui.bridge import SaveNews
from capacity_app.ui.shell.settings import Settings
from capacity_app.ui.shell.workspace import Workspace

__all__ = ["Protected", "may_be_rescued", "open_workspace"]


def open_workspace(file: Path, texts: Texts, settings: Settings, device: str, keys: Keyring = NO_KEYS) -> Workspace:
    """Open an assessment with everything around it; raises KnownError with one plain sentence.

    Raises Protected if nothing on the ring opens it.
    """
    news = SaveNews()
    session = AssessmentSession(
        file,
        author=settings.author,
        device=device,
        language=texts.language,
        on_saved=news.tell,
        keys=keys,
        on_backup_failed=news.tell_no_backup,
    )
    workspace = Workspace(session, news, texts, settings)
    workspace.bridge.keys = ring_of(session.key).and_also(keys)
    return workspace
