"""Makes reports of a hostile dossier in all formats, to be watched from outside: ``python -m tests.untrusted.child``.

The first argument is the folder to write to, the second the file with the secret, the third the ending of a report.
"""

import itertools
import sys
from pathlib import Path

from capacity_app.domain.assessment.answers import clean_text
from capacity_app.i18n.translator import Translator
from capacity_app.services.reports import report_bytes
from tests.untrusted.payloads import dossier_with, in_turn, instrument_with, payloads


def main(folder: Path, canary: Path, ending: str) -> None:
    """Write one report in which every payload occurs, and where it can break out it stands first."""
    # A dossier read from a file is cleaned; ids, languages and an instrument's wording need not have been.
    texts = [clean_text(text) for text in payloads(canary).values()]
    rotated = itertools.chain(texts[5:], texts[:5])
    dossier = dossier_with(in_turn(texts), instrument=instrument_with(in_turn(rotated)))
    content = report_bytes(dossier, ending, texts=Translator("en"))
    (folder / f"report{ending}").write_bytes(content)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
