"""A whole assessment as one JSON text: documented, complete, language-free, the same every time.

The keys of the outermost object::

    format          "capacity-app dossier"
    format_version  1
    id              the assessment's UUID
    instrument      the questionnaire, complete; instrument_hash is the SHA-256 of its canonical text
    mission         country, round, visit: every field of the mission
    answers         [{"question", "row"?, "column"?, "layer", "respondent", "state", "value", "reason", "note",
                      "evidence", "author", "time", "language"}], sorted
    agencies, people, meetings, sources, evidence, actions, ratings, remarks, returns, kept
                    lists of entries with an "id", in the order they were made
    documents       held documents in base64, by their SHA-256
    previous        the earlier round in the same form, or null
    content_hash    SHA-256 of the whole content, see ``domain.content_hash``

Keys are sorted, texts are NFC, times UTC. Reading takes what it can and lists the rest.
"""

from capacity_app.services.dossier_reading import dossier_from_json
from capacity_app.services.dossier_writing import FORMAT, FORMAT_VERSION, dossier_to_json

__all__ = ["FORMAT", "FORMAT_VERSION", "dossier_from_json", "dossier_to_json"]
