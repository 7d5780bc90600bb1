"""A child process that types four answers while one of its system calls fails, and says what it was told."""

import json
import sys
from pathlib import Path

from capacity_app.domain.answers import Address, AnswerKey, Content, State
from capacity_app.domain.problems import KnownError
from capacity_app.services.assessment_session import Saved, SaveFailed
from tests.builders import open_session

ANSWERS = 4
KEY = AnswerKey(Address("i.plan"), respondent="agency-of-the-child")


def _tell(**news: object) -> None:
    sys.stdout.write(json.dumps(news) + "\n")
    sys.stdout.flush()


def _told(news: Saved | SaveFailed) -> None:
    if isinstance(news, Saved):
        _tell(saved=news.written)
    else:
        _tell(refused=news.error.text())


def _type(file: Path) -> None:
    session = open_session(file, on_saved=_told)
    try:
        for number in range(ANSWERS):
            session.record(KEY, Content(state=State.ANSWERED, value=number % 4, note=str(number)))
            session.flush()
    finally:
        session.close()


if __name__ == "__main__":
    try:
        _type(Path(sys.argv[1]))
        _tell(closed=True)
    except KnownError as error:
        _tell(refused=error.text())
