"""Text with anything in it comes in by every door, and what is stored holds nothing that breaks a page or a program."""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from capacity_app.domain.assessment.answers import TEXT_LIMIT, clean_text
from capacity_app.domain.assessment.merging import DecisionSide
from capacity_app.domain.assessment.registers import Action, Agency, DataSource, Evidence, Meeting, Remark
from capacity_app.domain.problems import KnownError
from capacity_app.services.exchange.dossier_import import apply_import, plan_import
from capacity_app.services.exchange.returned_files import import_change_set, propose_import
from capacity_app.services.exchange.verification import verify
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.dossier_json import dossier_to_json
from capacity_app.services.session.file_writing import create_from_dossier
from capacity_app.services.session.revision_log import ValidationError
from tests.builders import DEVICE, dated, file_of, open_session, small_dossier
from tests.domain.making import say
from tests.services.exchange.making import NSO, answered, came_back, workbook
from tests.services.exchange.officers import key

NASTY = {
    "a NUL": "before\x00after",
    "every control character": "x" + "".join(map(chr, (*range(9), *range(11, 32), *range(127, 160)))) + "x",
    "half a surrogate pair": "before\ud83dafter",
    "the other half": "\udc00",
    "bytes that were no name": os.fsdecode(b"caf\xe9"),
    "no characters": "a\ufffe\uffff\U0010ffffb",
    "an order turned round": "report\u202efdp.exe",
    "left to right by force": "\u202dabc",
    "line ends of all kinds": "a\r\nb\rc\nd\u2028e",
    "a letter under two hundred marks": "a" + "\u0301\u0335" * 95,
    "letters made of parts": "e\u0301 \u1112\u1161\u11ab \u05d0\u05b7",
    "an escape sequence": "\x1b[31mred\x1b[0m",
    "a byte order mark in the middle": "a\ufeffb",
}


def _texts(value: object) -> Iterator[str]:
    match value:
        case str() if value[:1] in {"[", "{", '"'}:
            try:
                yield from _texts(json.loads(value))
            except ValueError:
                yield value
        case str():
            yield value
        case list():
            for one in value:
                yield from _texts(one)
        case dict():
            for name, one in value.items():
                yield name
                yield from _texts(one)


def _expect_clean(file: Path) -> None:
    """Look at every text in every table but the embedded instrument and previous rounds, with nothing of ours."""
    with closing(sqlite3.connect(file)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        found = [
            text
            for table in tables
            if table not in {"instrument", "documents"}
            for row in connection.execute(f"SELECT * FROM {table}")
            for value in row
            for text in _texts(value)
        ]
    assert found
    unclean = [
        text for text in found if clean_text(text) != text or set(text) & set("\x00\x1b\u202e\u202d\ufffe\uffff")
    ]
    assert unclean == []
    assert verify(file).is_good


@pytest.fixture(params=NASTY)
def text(request: pytest.FixtureRequest) -> str:
    return NASTY[request.param]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[AssessmentSession]:
    with open_session(file_of(tmp_path)) as opened:
        yield opened


def _recorded(session: AssessmentSession, text: str) -> None:
    session.author = session.language = text
    session.record(key("ii.name"), answered(f"x{text}", note=text))
    session.record(key("i.why"), answered(f"x{text}"))
    session.record(key("i.plan"), replace(say("i.plan", 1).content, reason=text, note=text))


def _registered(session: AssessmentSession, text: str) -> None:
    session.author = text
    session.put(Agency(id="agency-x", name=text, short=text, kind=text, contact=text, note=text))
    session.put(Meeting(id="meeting-x", title=text, date=text, agencies=(text,), people=(text, text)))
    session.put(DataSource(id="source-x", name=text, type=text, defects=text))
    session.put(Action(id="action-x", title=text, gaps=(text,), partners=(text,), funding=text))
    session.put(Remark(id="remark-x", address=text, text=text, author=text, place=text))
    session.put(Evidence(id="evidence-x", title=text, link=text, file_name=text, media_type=text, note=text))


def _in_the_mission(session: AssessmentSession, text: str) -> None:
    session.put(
        replace(session.mission, country_name=text, round=text, project=text, team=(text, f"x{text}"), purpose=text,
                method=text, limits=text, reviewed_by=text, validated_by=text, weights=(text,))
    )  # fmt: skip


def _attached(session: AssessmentSession, text: str) -> None:
    title = text.replace("\x00", "").replace("/", "")[:60]
    # What no name of a file can hold is only in the title.
    name = os.fsencode(title.encode("utf-8", "surrogateescape" if "\udce9" in title else "ignore"))[:100]
    paper = Path(os.fsdecode(os.path.join(os.fsencode(session.file.parent), b"x" + name + b".txt")))  # noqa: PTH118 - bytes
    paper.write_text("Article 1", encoding="utf-8")
    session.attach(paper, title=text)
    session.attach(paper)


def _adopted(session: AssessmentSession, text: str) -> None:
    made = dated([say("ii.name", f"x{text}", who="agency-nso", note=text)], author=text)
    session.adopt(tuple(replace(one, time=text, language=text) for one in made), (Agency(id="agency-x", name=text),))


def _imported(session: AssessmentSession, text: str) -> None:
    plain = json.loads(dossier_to_json(small_dossier(), {}))
    for answer in plain["answers"]:
        answer |= {"note": text, "author": text, "time": text, "language": text}
    for agency in plain["agencies"]:
        agency |= {"name": text, "contact": text}
    plain["agencies"].append(plain["agencies"][0] | {"id": "agency-x"})
    plain["mission"] |= {"purpose": text, "team": [text]}
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        with pytest.raises(KnownError, match="JSON"):
            plan_import(session, json.dumps(plain))
        return
    apply_import(session, plan_import(session, json.dumps(plain)))


def _came_back(session: AssessmentSession, text: str) -> None:
    returned = came_back(
        session,
        {"i.plan": answered(3, note=text), "ii.name": answered(f"x{text}")},
        file=f"x{text}.xlsx", agency=text, person=text, date=text,
    )  # fmt: skip
    proposal = propose_import(session, returned, NSO)
    decisions = {one.id: DecisionSide.THEIRS for one in proposal.differences}
    import_change_set(session, proposal, decisions, workbook())


DOORS = (_recorded, _registered, _in_the_mission, _attached, _adopted, _imported, _came_back)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__.strip("_"))
def test_what_comes_in_is_cleaned(
    session: AssessmentSession, door: Callable[[AssessmentSession, str], None], text: str
) -> None:
    door(session, text)
    session.close()
    _expect_clean(session.file)


def test_a_dossier_of_nasty_texts_becomes_a_clean_file(tmp_path: Path, text: str) -> None:
    nasty = dated([say("ii.name", f"x{text}", who="agency-nso", note=text)], author=text)
    dossier = small_dossier(answers=nasty, agencies=(Agency(id="agency-nso", name=text),))
    create_from_dossier(tmp_path / "new.assessment", dossier, author=text, device=DEVICE)
    _expect_clean(tmp_path / "new.assessment")


def test_a_text_may_have_twenty_thousand_characters_and_not_one_more(session: AssessmentSession) -> None:
    long = "\u00e9" * TEXT_LIMIT
    session.record(key("i.why"), answered(long, note=long))
    session.put(Agency(id="agency-x", note=long))
    for refused in (
        lambda: session.record(key("i.why"), answered(f"{long}x")),
        lambda: session.record(key("i.plan"), answered(1, note=f"{long}x")),
        lambda: session.put(Agency(id="agency-y", note=f"{long}x")),
        lambda: session.put(replace(session.mission, purpose=f"{long}x")),
    ):
        with pytest.raises(ValidationError, match=str(TEXT_LIMIT)):
            refused()
    session.close()
    _expect_clean(session.file)


@pytest.mark.parametrize("text", [text for text in NASTY.values() if clean_text(text) != text])
def test_an_id_that_would_have_to_be_cleaned_is_refused(session: AssessmentSession, text: str) -> None:
    with pytest.raises(ValidationError):
        session.put(Agency(id=text))
    with pytest.raises(ValidationError):
        session.record(key("i.plan", who=text), answered(1))
    with pytest.raises(ValidationError):
        session.record(key("i.plan"), answered(1, evidence=(text,)))


def test_a_file_whose_name_is_no_text_can_be_opened(tmp_path: Path) -> None:
    file = Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), b"caf\xe9.assessment")))  # noqa: PTH118 - bytes
    try:
        file_of(tmp_path).rename(file)
    except OSError:
        pytest.skip("this system has no names that are no text")
    with open_session(file) as session:
        session.record(key("i.plan"), answered(1, note="again"))
        session.save_copy(file.with_name("copy.assessment"))
    assert verify(file).is_good
    _expect_clean(file.with_name("copy.assessment"))
