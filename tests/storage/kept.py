"""One file of every released schema is kept, so that what it says can be read for ever.

``python -m tests.storage.kept`` writes the file of the present schema, if there is none yet, with the small
dossier in it, worked on a little, and what it says as JSON beside it. A file once released is never written again.
"""

from pathlib import Path

from capacity_app.domain.assessment.answers import EMPTY_CONTENT
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.dossier_json import dossier_to_json
from capacity_app.services.session.file_writing import create_from_dossier
from capacity_app.storage.schema import VERSION
from tests.builders import DEVICE, small_dossier

FOLDER = Path(__file__).parent.parent / "expected" / "assessments"


def keep() -> None:
    """Write the file of the present schema."""
    FOLDER.mkdir(exist_ok=True)
    dossier = small_dossier(previous=small_dossier(id="earlier"))
    file = FOLDER / f"version-{VERSION}.assessment"
    create_from_dossier(file, dossier, device=DEVICE)
    with AssessmentSession(file, author="B. Officer", device=DEVICE) as session:
        session.record(dossier.answers[0].key, EMPTY_CONTENT)
        session.remove("actions", "action-1")
        said = session.dossier()
    (FOLDER / f"version-{VERSION}.json").write_text(dossier_to_json(said, {}), encoding="utf-8")


if __name__ == "__main__":
    keep()
