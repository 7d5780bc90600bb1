"""Any dossier of the small instrument, for property tests: every kind, state, layer, script and register."""

import hashlib
import os
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from capacity_app.domain.assessment.answer_rules import check_content
from capacity_app.domain.assessment.answers import Answer, AnswerKey, AnswerLayer, AnswerState, Content, clean_text
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import REGISTERS, Evidence, RegisterEntry
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.answer_sheet import lay_out
from tests.builders import ASSESSMENT_ID, small_instrument
from tests.domain.making import say

INSTRUMENT = small_instrument()
PDF = b"%PDF-1.7\n"
IS_TORTURE = bool(os.environ.get("CAPACITY_TORTURE"))
"""Whether a law is tried on many dossiers: `make torture`; each takes a tenth of a second or more."""
on_few_dossiers = settings(max_examples=100 if IS_TORTURE else 8, suppress_health_check=(HealthCheck.data_too_large,))
"""How many dossiers a law is tried on that takes no fewer by itself; two of them may be more than is drawn at once."""

TEXTS = st.text(max_size=40).map(clean_text)
IDS = st.from_regex(r"[a-z]{1,8}-[a-z0-9]{1,6}", fullmatch=True)
TIMES = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(lambda time: time.replace(tzinfo=UTC).isoformat())  # noqa: DTZ001 - hypothesis wants naive limits
PLACES = tuple(
    [str(item.address) for item in lay_out(INSTRUMENT, {}).items()] + ["iii.topics/a", "iii.topics/b", "iii.topics/c"]
)
VALUES: dict[AnswerKind, st.SearchStrategy[Any]] = {
    AnswerKind.LEVEL: st.integers(0, 3),
    AnswerKind.YES_NO: st.sampled_from(["yes", "no"]),
    AnswerKind.YES_PARTLY_NO: st.sampled_from(["yes", "partly", "no"]),
    AnswerKind.TEXT: TEXTS,
    AnswerKind.LONG_TEXT: TEXTS,
    AnswerKind.INTEGER: st.integers(0, 100_000),
    AnswerKind.PERCENT: st.sampled_from(["0", "12.5", "100"]),
    AnswerKind.YEAR: st.integers(1800, 2200),
    AnswerKind.DATE: st.dates().map(str),
    AnswerKind.AGENCY: IDS.map(lambda one: (one,)),
    AnswerKind.SOURCE: st.lists(IDS, min_size=1, max_size=3, unique=True).map(tuple),
    AnswerKind.COUNTRY: st.sampled_from([("268",), ("268", "604")]),
    AnswerKind.URL: st.just("https://example.org/é"),
}


def _values(place: str) -> st.SearchStrategy[Any]:
    address = say(place, state=AnswerState.UNKNOWN).key.address
    question = INSTRUMENT.question_by_id[address.question]
    if address.row and not address.column:
        return st.none()
    field = question.column_by_id[address.column] if address.column else question
    if field.kind is AnswerKind.CHOICE:
        return st.sampled_from(list(field.option_by_id))
    if field.kind is AnswerKind.CHECKLIST:
        return st.sets(st.sampled_from(list(field.option_by_id))).map(tuple)
    return VALUES[field.kind]


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """Draw an answer that may be stored, as it is stored."""
    place = draw(st.sampled_from(PLACES))
    layer = draw(st.sampled_from(AnswerLayer))
    key = AnswerKey(
        say(place, state=AnswerState.UNKNOWN).key.address, layer, draw(IDS) if layer is AnswerLayer.RESPONSE else ""
    )
    state = draw(st.sampled_from(AnswerState))
    content = Content(
        state=state,
        value=draw(_values(place)) if state is AnswerState.ANSWERED else None,
        reason=draw(TEXTS).strip() or "because",
        note=draw(TEXTS),
        evidence=tuple(draw(st.lists(IDS, max_size=2))),
    )
    content, problem = check_content(INSTRUMENT, key, content)
    assert problem is None, problem
    return Answer(
        key=key,
        content=content,
        author=draw(TEXTS),
        time=draw(TIMES),
        language=draw(st.sampled_from(["en", "ar", "zh-Hant"])),
    )


def _field(kind: Any) -> st.SearchStrategy[Any]:
    if kind is str:
        return TEXTS
    if kind is int:
        return st.integers(0, 10**9)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return st.sampled_from(kind)
    return st.lists(_field(kind.__args__[0]), max_size=3).map(tuple)


def entries(shape: type[RegisterEntry]) -> st.SearchStrategy[Any]:
    """Draw an entry of a register."""
    drawn = {field.name: _field(field.type) for field in fields(shape) if field.default is not MISSING}
    drawn.pop("id", None)
    if any(field.name == "id" and field.default is MISSING for field in fields(shape)):
        drawn["id"] = IDS
    return st.builds(shape, **drawn)


def _registers() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            name: st.lists(entries(shape), max_size=3, unique_by=lambda entry: entry.id).map(tuple)
            for name, shape in REGISTERS.items()
            if name != "mission"
        }
        | {"mission": entries(REGISTERS["mission"])}
    )


@st.composite
def dossiers(draw: st.DrawFn, *, rounds: int = 1) -> Dossier:
    """Draw a dossier with up to so many previous rounds."""
    said = {answer.key: answer for answer in draw(st.lists(answers(), max_size=8)) if not answer.content.is_empty}
    previous = draw(st.none() | dossiers(rounds=rounds - 1)) if rounds else None
    return Dossier(
        id=ASSESSMENT_ID,
        instrument=INSTRUMENT,
        answers=tuple(sorted(said.values(), key=lambda answer: answer.key)),
        previous=previous,
        **draw(_registers()),
    )


@st.composite
def held_documents(draw: st.DrawFn) -> tuple[tuple[Evidence, ...], dict[str, bytes]]:
    """Draw documents and the evidence that holds them."""
    contents = [PDF + content for content in draw(st.lists(st.binary(max_size=50), max_size=3, unique=True))]
    documents = {hashlib.sha256(content).hexdigest(): content for content in contents}
    evidence = (
        Evidence(id=f"evidence-{number}", document=digest, file_name="act.pdf", size=len(content))
        for number, (digest, content) in enumerate(documents.items())
    )
    return tuple(evidence), documents
