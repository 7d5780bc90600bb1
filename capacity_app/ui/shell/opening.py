"""Opening an assessment for the window: everything the start page does not need yet."""

from pathlib import Path

from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.texts import Texts
from capacity_app.ui.bridge import SaveNews
from capacity_app.ui.shell.settings import Settings
from capacity_app.ui.shell.workspace import Workspace


def open_workspace(file: Path, texts: Texts, settings: Settings, device: str) -> Workspace:
    """Open an assessment with everything around it; raises KnownError with one plain sentence."""
    news = SaveNews()
    session = AssessmentSession(
        file, author=settings.author, device=device, language=texts.language, on_saved=news.tell
    )
    return Workspace(session, news, texts, settings)
