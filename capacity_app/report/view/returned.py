"""What came back: the files that were taken in, the remarks that stood in them, and answers of an earlier version."""

from functools import partial

from capacity_app.domain.answers import Layer, State
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.assessment import KeptAnswer, Remark, ReturnedFile
from capacity_app.domain.problems import N_
from capacity_app.domain.registers import KEPT_WORDS, REGISTER_INFO
from capacity_app.report.view.bodies import CardsBody
from capacity_app.report.view.pieces import Card, Cell, facts
from capacity_app.report.view.registers import documents_table, entry_facts
from capacity_app.wording import STATE_WORDS, Wording

_STYLE = "definitions"
_NOT_SHOWN = frozenset({
    "file_name", "agency", "person", "date", "media_type", "size", "document", "signature", "revisions",
})  # fmt: skip
"""What the head of a returned file's card and the table of documents say already, and what nobody reads."""
_REMARK_HEAD = frozenset({"address", "agency", "author", "date", "returned"})


def _said(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _file_card(words: Wording, entry: ReturnedFile, number: int) -> Card:
    return Card(
        title=entry.file_name or entry.id,
        number=f"[{number}]",
        subtitle=_said(
            words.agency_in_full(entry.agency) if entry.agency else "",
            entry.person,
            words.texts.date(entry.date) if entry.date else "",
        ),
        facts=entry_facts(words, "returns", entry, without=_NOT_SHOWN),
    )


def _remark_card(words: Wording, remark: Remark) -> Card:
    returned = words.entry("returns", remark.returned) if remark.returned else ""
    stood = ", ".join(part for part in (returned, remark.place) if part)
    return Card(
        title=words.place_of(remark.address) or words.label("remarks", "text"),
        subtitle=_said(
            words.agency(remark.agency) if remark.agency else "",
            remark.author,
            words.texts.date(remark.date) if remark.date else "",
        ),
        facts=entry_facts(words, "remarks", remark, without=_REMARK_HEAD, instead={"place": stood}),
    )


def returned_body(appraisal: Appraisal, words: Wording) -> CardsBody:
    """Show the files that came back, with what could not be taken in, and the remarks place by place."""
    dossier, say = appraisal.dossier, words.say
    files = tuple(_file_card(words, entry, number) for number, entry in enumerate(dossier.returns, start=1))
    order = {question.id: number for number, question in enumerate(dossier.instrument.questions())}
    remarks = sorted(dossier.remarks, key=lambda one: order.get(one.address.partition("/")[0], len(order)))
    groups = (
        (say(N_("Files that came back")), files),
        (say(REGISTER_INFO["remarks"].title), tuple(_remark_card(words, remark) for remark in remarks)),
    )
    documents = documents_table(words, ((Cell(f"[{at}]"), entry) for at, entry in enumerate(dossier.returns, start=1)))
    tables = ((say(N_("Documents held")), documents),) if documents else ()
    return CardsBody(groups, tables=tables, style=_STYLE)


def has_returned(appraisal: Appraisal) -> bool:
    return bool(appraisal.dossier.returns or appraisal.dossier.remarks)


# -- answers of an earlier version ---------------------------------------------------------------------------------


def _speaker(words: Wording, kept: KeptAnswer) -> str:
    if kept.layer not in set(Layer):
        return _said(kept.layer, words.agency(kept.respondent) if kept.respondent else "")
    return words.respondent(Layer(kept.layer), kept.respondent)


def _evidence(appraisal: Appraisal, kept: KeptAnswer) -> str:
    known, numbers = appraisal.dossier.evidence_by_id, appraisal.evidence_numbers
    return ", ".join(f"E{known[one].grade} [{numbers[one]}]" if one in known else one for one in kept.evidence)


def _answered(words: Wording, kept: KeptAnswer) -> str:
    """Return what was answered then, in words; of an answer without any, as it was stored or in which state it was."""
    is_state = kept.state in set(State)
    return kept.answered or kept.value or (words.say(STATE_WORDS[State(kept.state)]) if is_state else kept.state)


def _kept_card(appraisal: Appraisal, words: Wording, kept: KeptAnswer) -> Card:
    say, label = words.say, partial(words.label, "kept")
    language = words.texts.language_name(kept.language) if kept.language else ""
    moment = words.moment(kept.time) if kept.time else ""
    return Card(
        title=kept.wording or words.place_of(kept.address),
        number=kept.number,
        subtitle=say(N_("version {version}"), version=kept.version) if kept.version else "",
        facts=(
            *facts((_speaker(words, kept), _answered(words, kept)), typed=True),
            *facts((label("reason"), kept.reason), (label("note"), kept.note), typed=True),
            *facts(
                (label("evidence"), _evidence(appraisal, kept)),
                (label("time"), _said(kept.author, moment, language)),
                (label("target"), words.place_of(kept.target) if kept.target else ""),
            ),
        ),
    )


def kept_body(appraisal: Appraisal, words: Wording) -> CardsBody:
    """Show the answers of an earlier version of the instrument: first those to confirm, then what is asked no more."""
    groups = tuple(
        (
            words.texts.gettext(said),
            tuple(_kept_card(appraisal, words, one) for one in appraisal.dossier.kept if one.fate is fate),
        )
        for fate, said in KEPT_WORDS.items()
    )
    return CardsBody(groups, style=_STYLE)


def has_kept(appraisal: Appraisal) -> bool:
    return bool(appraisal.dossier.kept)
