"""What came back: the files that were taken in, the remarks that stood in them, and answers of an earlier version."""

from collections.abc import Iterator

from capacity_app.domain.answers import Address, Layer, State
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.assessment import KeptAnswer, Remark, ReturnedFile
from capacity_app.domain.problems import N_
from capacity_app.report.view.bodies import CardsBody
from capacity_app.report.view.pieces import Card, Cell, Heading, Table, facts, row
from capacity_app.report.view.registers import size_words
from capacity_app.wording import KEPT_WORDS, STATE_WORDS, Wording

_STYLE = "definitions"


def _said(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def place_of(words: Wording, address: str) -> str:
    """Name a place as it is printed, or as it was written where that is no address."""
    try:
        return words.place(Address.parse(address))
    except ValueError:
        return address


def _file_card(words: Wording, entry: ReturnedFile, number: int) -> Card:
    say = words.say
    return Card(
        title=entry.file_name or entry.id,
        number=f"[{number}]",
        subtitle=_said(
            words.agency_in_full(entry.agency) if entry.agency else "",
            entry.person,
            words.texts.date(entry.date) if entry.date else "",
        ),
        facts=(
            *facts(
                (say(N_("Imported")), words.moment(entry.taken_in) if entry.taken_in else ""),
                (say(N_("Import undone")), _said(words.moment(entry.undone) if entry.undone else "", entry.undone_by)),
            ),
            *facts(*((say(N_("Not imported")), text) for text in entry.unplaced), typed=True),
            *facts((say(N_("Note")), entry.note), typed=True),
        ),
    )


def _documents(appraisal: Appraisal, words: Wording) -> Iterator[tuple[str, Table]]:
    """List the files themselves, each with the SHA-256 by which anybody can tell that it is the same."""
    say = words.say
    rows = tuple(
        row(
            f"[{number}]",
            Cell(entry.file_name or entry.id, detail=entry.media_type),
            size_words(words, entry.size) if entry.size else "–",
            Cell(entry.document or "–"),
        )
        for number, entry in enumerate(appraisal.dossier.returns, start=1)
        if entry.document or entry.media_type or entry.size
    )
    if rows:
        headings = (
            Heading(say(N_("No.")), 7), Heading(say(N_("File")), 34), Heading(say(N_("Size")), 9, "number"),
            Heading(say(N_("SHA-256")), 50),
        )  # fmt: skip
        yield say(N_("Documents held")), Table(headings, rows, style="compact hashes")


def _remark_card(appraisal: Appraisal, words: Wording, remark: Remark) -> Card:
    say = words.say
    names = {entry.id: entry.file_name or entry.id for entry in appraisal.dossier.returns}
    stood = ", ".join(part for part in (names.get(remark.returned, remark.returned), remark.place) if part)
    return Card(
        title=place_of(words, remark.address) or say(N_("Remark")),
        subtitle=_said(
            words.agency(remark.agency) if remark.agency else "",
            remark.author,
            words.texts.date(remark.date) if remark.date else "",
        ),
        facts=(
            *facts((say(N_("Remark")), remark.text), typed=True),
            *facts((say(N_("Stands in")), stood)),
        ),
    )


def returned_body(appraisal: Appraisal, words: Wording) -> CardsBody:
    """Show the files that came back, with what could not be taken in, and the remarks place by place."""
    dossier, say = appraisal.dossier, words.say
    files = tuple(_file_card(words, entry, number) for number, entry in enumerate(dossier.returns, start=1))
    order = {question.id: number for number, question in enumerate(dossier.instrument.questions())}
    remarks = sorted(dossier.remarks, key=lambda one: order.get(one.address.partition("/")[0], len(order)))
    groups = (
        (say(N_("Files that came back")), files),
        (say(N_("Remarks")), tuple(_remark_card(appraisal, words, remark) for remark in remarks)),
    )
    return CardsBody(groups, tables=tuple(_documents(appraisal, words)), style=_STYLE)


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
    """Say what was answered then, in words; of an answer without any, as it was stored or in which state it was."""
    is_state = kept.state in set(State)
    return kept.answered or kept.value or (words.say(STATE_WORDS[State(kept.state)]) if is_state else kept.state)


def _kept_card(appraisal: Appraisal, words: Wording, kept: KeptAnswer) -> Card:
    say = words.say
    language = words.texts.language_name(kept.language) if kept.language else ""
    moment = words.moment(kept.time) if kept.time else ""
    return Card(
        title=kept.wording or place_of(words, kept.address),
        number=kept.number,
        subtitle=say(N_("version {version}"), version=kept.version) if kept.version else "",
        facts=(
            *facts((_speaker(words, kept), _answered(words, kept)), typed=True),
            *facts((say(N_("Reason")), kept.reason), (say(N_("Note")), kept.note), typed=True),
            *facts(
                (say(N_("Evidence")), _evidence(appraisal, kept)),
                (say(N_("Recorded")), _said(kept.author, moment, language)),
                (say(N_("To confirm at")), place_of(words, kept.target) if kept.target else ""),
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
