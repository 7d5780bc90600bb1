"""An assessment for other programs: everything as JSON, all answers as a table, the workbook, or all of it in a ZIP."""

from pathlib import Path

from capacity_app.domain.problems import N_, KnownError
from capacity_app.files.atomic import write_atomically
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.services.dossier_json import dossier_to_json
from capacity_app.services.reporting import write_report
from capacity_app.services.tables import answer_rows, to_csv
from capacity_app.texts import Texts


def export(session: AssessmentSession, destination: Path, texts: Texts) -> None:
    """Write .json, .csv or .xlsx, by the ending; raises KnownError, and then an old file is as it was.

    A .zip is more than that: see ``everything``.
    """
    dossier = session.dossier()
    match destination.suffix.lower():
        case ".json":
            named = {entry.document for entry in dossier.evidence} | {entry.document for entry in dossier.returns}
            # An entry from somebody's file may name a document that did not come with it.
            documents = {digest: session.document(digest) for digest in sorted(named) if session.holds(digest)}
            write_atomically(destination, dossier_to_json(dossier, documents).encode())
        case ".csv":
            write_atomically(destination, to_csv(answer_rows(dossier)))
        case ".xlsx":
            write_report(dossier, destination, texts=texts)
        case _:
            raise KnownError(
                N_("An export ends in .json, .csv, .xlsx or .zip; {file} does not."), file=destination.name
            )
