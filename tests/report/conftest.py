"""What several tests of the report look at: making it takes a quarter of a minute."""

from pathlib import Path

import pytest

from capacity_app.services.demonstration import demonstration
from capacity_app.services.reporting import report_bytes
from capacity_app.texts import Texts


@pytest.fixture(scope="session")
def demonstration_pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole report of the demonstration."""
    file = tmp_path_factory.mktemp("demonstration") / "report.pdf"
    file.write_bytes(report_bytes(demonstration()[0], ".pdf", texts=Texts("en")))
    return file
