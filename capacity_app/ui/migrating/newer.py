"""Whether a newer version of an assessment's questions is on this computer."""

from capacity_app import paths
from capacity_app.domain.instrument import Instrument
from capacity_app.instruments import library
from capacity_app.services.migrating import newer_versions


def newer_on_this_computer(instrument: Instrument) -> library.Entry | None:
    """Give the newest version there is, None if the assessment has it already; instruments with mistakes do not count.

    Of folders that do not even say which instrument they hold nothing is read but their heading.
    """
    entries = library.catalogue((paths.instruments_folder(), paths.user_instruments_folder()))
    return next((entry for entry in newer_versions(instrument, entries) if not entry.problems), None)
