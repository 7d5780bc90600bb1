"""An assessment for other programs: everything as JSON, all answers as a table, or the workbook."""

from pathlib import Path

from capacity_app.domain import fingerprint
from capacity_app.domain.problems import N_, KnownError
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.services.dossier_json import dossier_to_json
from capacity_app.services.reporting import put_in_place, write_report
from capacity_app.services.signing import sign
from capacity_app.services.tables import answer_rows, to_csv
from capacity_app.texts import Texts


def export(session: AssessmentSession, destination: Path, texts: Texts) -> None:
    """Write .json, .csv or .xlsx, by the ending; raises KnownError, and then an old file is as it was."""
    dossier = session.dossier()
    match destination.suffix.lower():
        case ".json":
            held = {entry.document for entry in dossier.evidence} | {entry.document for entry in dossier.returns}
            held.discard("")
            documents = {digest: session.document(digest) for digest in sorted(held)}
            whole = fingerprint.of_answers(dossier)
            put_in_place(destination, dossier_to_json(dossier, documents, sign(whole, whole)).encode())
        case ".csv":
            put_in_place(destination, to_csv(answer_rows(dossier)))
        case ".xlsx":
            write_report(dossier, destination, texts=texts)
        case _:
            raise KnownError(N_("An export ends in .json, .csv or .xlsx; {file} does not."), file=destination.name)
