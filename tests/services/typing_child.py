"""A child process that types answers as fast as the disk takes them, to be killed in the middle."""

import itertools
import os
import time
from multiprocessing.connection import Connection
from pathlib import Path

from capacity_app.domain.assessment.answers import Address, AnswerKey, Content
from capacity_app.domain.assessment.registers import Agency
from capacity_app.domain.encryption_keys import EncryptionKey, keyring_of
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.revision_log import Saved, SaveFailed
from tests.builders import open_session

PLACES = ("i.law", "i.plan", "i.why", "ii.name", "iii.topics/a/available", "iii.topics/b/remark")
EVERY = 7
"""Every so many answers a register entry is put instead."""


def type_until_killed(file: Path, acknowledge: Connection, key: EncryptionKey | None) -> None:
    """Type numbered notes, and acknowledge how many are saved, only when told so after a commit."""
    saved = 0

    def told(news: Saved | SaveFailed) -> None:
        nonlocal saved
        if isinstance(news, Saved):
            saved += news.written
            acknowledge.send(saved)

    session = open_session(file, on_saved=told, keys=keyring_of(key))
    for number in itertools.count(1):
        _type(session, number)
        time.sleep(0.0005)


def _type(session: AssessmentSession, number: int) -> None:
    # Saying what an earlier child said last would store nothing.
    child = str(os.getpid())
    if number % EVERY == 0:
        session.put(Agency(id=f"agency-{number % 3}", contact=child, note=str(number)))
    else:
        key = AnswerKey(Address.parse(PLACES[number % len(PLACES)]), respondent="agency-nso")
        session.record(key, Content(note=str(number), reason=child))
