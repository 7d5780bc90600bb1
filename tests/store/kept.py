"""One file of every released schema is kept, so that what it says can be read for ever.

``python -m tests.store.kept`` writes the file of the present schema, if there is none yet, with the small
dossier in it, worked on a little, and what it says as JSON beside it. A file once released is never written again.
"""

from pathlib import Path

from capacity_app.domain.answers import EMPTY
from capacity_app.services.assessment_session import AssessmentSession, create_from_dossier
from capacity_app.services.dossier_json import dossier_to_json
from capacity_app.store.schema import VERSION
from tests.builders import DEVICE, small_dossier

FOLDER = Path(__file__).parent.parent / "expected" / "assessments"


def keep() -> None:
    """Write the file of the present schema."""
    FOLDER.mkdir(exist_ok=True)
    dossier = small_dossier(previous=small_dossier(id="earlier"))
    file = FOLDER / f"version-{VERSION}.assessment"
    create_from_dossier(file, dossier, device=DEVICE)
    with AssessmentSession(file, author="B. Officer", device=DEVICE) as session:
        session.record(dossier.answers[0].key, EMPTY)
        session.remove("actions", "action-1")
        said = session.dossier()
    (FOLDER / f"version-{VERSION}.json").write_text(dossier_to_json(said, {}), encoding="utf-8")


if __name__ == "__main__":
    keep()
