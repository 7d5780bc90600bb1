"""Documents held in an assessment, shown by the desktop's own programs."""

import tempfile
from pathlib import Path

from capacity_app.domain.assessment import Evidence
from capacity_app.services.assessment_session import AssessmentSession


def open_document(session: AssessmentSession, evidence: Evidence) -> Path:
    """Write a copy of a held document into a fresh folder of its own and give its path.

    The desktop's program must be able to read it after we have gone, so the system's temporary folder keeps it.
    """
    folder = Path(tempfile.mkdtemp(prefix="capacity-app-"))
    file = folder / Path(evidence.file_name or "document").name
    file.write_bytes(session.document(evidence.document))
    return file
