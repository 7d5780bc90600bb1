"""Changes stored and undone together: imports, answers confirmed from earlier versions, duplicate entries merged."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import replace

from capacity_app.domain.assessment.answers import (
    EMPTY_CONTENT,
    Address,
    Answer,
    AnswerKey,
    AnswerLayer,
    Content,
)
from capacity_app.domain.assessment.duplicates import (
    AnswerConflict,
    ConflictNotes,
    DuplicateMerge,
    compute_duplicate_merge,
    count_uses,
)
from capacity_app.domain.assessment.migration import (
    competing_answers,
    confirm_retired_answer,
    decline_retired_answer,
    keep_answer,
    proposed_answer,
)
from capacity_app.domain.assessment.register_fields import entry_title, register_field
from capacity_app.domain.assessment.registers import (
    RegisterEntry,
    RetiredAnswer,
    RetiredAnswerStatus,
    ReturnedFile,
    register_of,
)
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring.round_comparison import GIVEN_STATES
from capacity_app.i18n.formatter import STATE_LABELS, Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.entries_and_documents import clean_entry
from capacity_app.services.session.file_writing import now
from capacity_app.services.session.revision_log import AnswerChange, EntryChange, ValidationError, check_answer
from capacity_app.storage.assessment_file import DocumentWrite

# Changes that belong together: stored in one transaction, and undone exactly as it was before.
#
# What an import brought is undone by the person who undoes it, at that time: the answers before it are recorded anew.


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Answers with their authors and times (an empty one takes away), entries, and entries that go (register, id).

    ``documents`` are held from then on, also when the bundle is taken back. ``returned`` is the file the answers came
    in: its entry learns by which revisions they were recorded, each time they are. ``undone`` is the file whose import
    this bundle undoes: its entry stays, and says who undid it and when.
    """

    answers: tuple[Answer, ...] = ()
    entries: tuple[RegisterEntry, ...] = ()
    removed: tuple[tuple[str, str], ...] = ()
    documents: tuple[DocumentWrite, ...] = ()
    returned: ReturnedFile | None = None
    undone: ReturnedFile | None = None


def _current_answer(session: AssessmentSession, key: AnswerKey) -> Answer:
    said = (answer for answer in session.answers_at(key.address) if answer.key == key)
    return next(said, Answer(key=key, content=EMPTY_CONTENT))


def inverse_change_set(session: AssessmentSession, bundle: ChangeSet) -> ChangeSet:
    """Return what undoes a bundle that has not been stored yet, authors and times included.

    An agency that was entered with an import stays: the file that stays listed is its file.
    """
    named = ("agencies", bundle.returned.agency) if bundle.returned else None
    places = [place for entry in bundle.entries if (place := (register_of(entry), entry.id)) != named]
    places += bundle.removed
    there = {place: session.entry(*place) for place in places}
    return ChangeSet(
        tuple(_current_answer(session, answer.key) for answer in bundle.answers),
        tuple(entry for entry in there.values() if entry is not None),
        tuple(place for place, entry in there.items() if entry is None),
        returned=bundle.undone,
        undone=bundle.returned,
    )


def store_change_set(session: AssessmentSession, bundle: ChangeSet) -> tuple[AnswerChange | EntryChange, ...]:
    """Store a bundle whole, or nothing of it (raises ValidationError); gives what changed."""
    answers, entries = bundle.answers, bundle.entries
    if bundle.undone:
        time, entry = now(), session.entry("returns", bundle.undone.id)
        known = entry if isinstance(entry, ReturnedFile) else bundle.undone
        answers = tuple(replace(answer, author=session.author, time=time) for answer in answers)
        entries = (*entries, replace(known, undone=time, undone_by=session.author))
    return session.adopt(answers, entries, bundle.documents, bundle.removed, returned=bundle.returned)


# Answers of an earlier version of the instrument in an open assessment: confirmed or let go, as one bundle.


def kept_answers(session: AssessmentSession) -> tuple[RetiredAnswer, ...]:
    """Return all answers kept from earlier versions, those to confirm and those retired."""
    return tuple(entry for entry in session.entries("kept") if isinstance(entry, RetiredAnswer))


def confirm_kept_answers(session: AssessmentSession, chosen: Iterable[RetiredAnswer]) -> ChangeSet:
    """Return what makes kept answers answers again, in the name of whoever gave them, said anew by who confirms.

    Of several offers for one place the first is confirmed; the others are kept as retired.
    """
    entries, time = kept_answers(session), now()
    answers: list[Answer] = []
    gone: list[tuple[str, str]] = []
    retired: dict[str, RetiredAnswer] = {}
    for entry in chosen:
        proposal = proposed_answer(entry)
        if proposal is None or entry.id in retired:
            continue
        key, content = confirm_retired_answer(entry, session.content(proposal.key))
        answers.append(Answer(key=key, content=content, author=session.author, time=time, language=session.language))
        gone.append(("kept", entry.id))
        retired |= {other.id: decline_retired_answer(other) for other in competing_answers(entry, entries)}
    return ChangeSet(tuple(answers), tuple(retired.values()), tuple(gone))


def retire_kept_answers(chosen: Iterable[RetiredAnswer]) -> ChangeSet:
    """Return what keeps answers only as what was said under the earlier version."""
    return ChangeSet(entries=tuple(decline_retired_answer(entry) for entry in chosen))


def published_change_set(session: AssessmentSession, agency: str, sections: Container[str] = ()) -> ChangeSet:
    """Return what makes answers recorded for an agency answers from published sources that wait for its confirmation.

    ``sections`` are ids of parts, all without any.
    """
    instrument, time = session.instrument, now()
    wording = Formatter(Translator(instrument.language), session.dossier())
    chosen = [
        answer
        for answer in session.dossier().answers
        if (answer.key.layer, answer.key.respondent) == (AnswerLayer.RESPONSE, agency)
        and answer.content.state in GIVEN_STATES
        and (question := instrument.section_of.get(answer.key.address.question)) is not None
        and (not sections or question.id in sections)
    ]
    return ChangeSet(
        answers=tuple(Answer(key=one.key, content=EMPTY_CONTENT, author=session.author, time=time) for one in chosen),
        entries=tuple(
            keep_answer(
                instrument,
                one,
                RetiredAnswerStatus.PUBLISHED,
                answer_in_words(wording, one.key.address, one.content),
                target=str(one.key.address),
                value=one.content.value,
            )
            for one in chosen
        ),
    )


def answer_in_words(wording: Formatter, address: Address, content: Content) -> str:
    """Return an answer in words: its value, else its state with the reason; empty if it holds a note alone."""
    if content.is_empty:
        return ""
    question = wording.dossier.instrument.question_by_id.get(address.question)
    if question is not None and content.value is not None:
        return wording.value(question, question.column_by_id.get(address.column, question), content.value)
    state = wording.texts.gettext(STATE_LABELS[content.state])
    return f"{state}: {content.reason}" if content.reason else state


class _ConflictFormatter:
    """Words what gives way, for the notes."""

    def __init__(self, wording: Formatter) -> None:
        self._wording = wording

    def answer(self, clash: AnswerConflict) -> str:
        """Write an answer that gives way, with its evidence, into the note of the one that stays."""
        said = answer_in_words(self._wording, clash.address, clash.superseded)
        evidence = [self._evidence(one) for one in clash.superseded.evidence]
        if evidence:
            said = self._wording.say(N_("{answer} (evidence: {evidence})"), answer=said, evidence="; ".join(evidence))
        agency = self._wording.agency_in_full(clash.whose)
        return self._wording.say(N_("{agency} answered: {answer}"), agency=agency, answer=said)

    def _evidence(self, evidence_id: str) -> str:
        entry = self._wording.dossier.evidence_by_id.get(evidence_id)
        return (entry.title or entry.file_name or entry.link) if entry else evidence_id

    def entry(self, gone: RegisterEntry, differing: Mapping[str, object]) -> str:
        """Write what the card of the entry that goes said otherwise."""
        register = register_of(gone)
        said = (self._wording.field_text(register_field(register, name), value) for name, value in differing.items())
        values = " · ".join(text for text in said if text)
        return self._wording.say(N_("Joined with “{name}”: {values}"), name=entry_title(gone), values=values)


def _format_use_count(texts: Translator, kind: str, count: int) -> str:
    patterns = {
        "answers": texts.ngettext("{count} answer", "{count} answers", count),
        "people": texts.ngettext("{count} person", "{count} people", count),
        "meetings": texts.ngettext("{count} meeting", "{count} meetings", count),
        "validations": texts.ngettext("{count} validation", "{count} validations", count),
        "sources": texts.ngettext("{count} data source", "{count} data sources", count),
        "actions": texts.ngettext("{count} action", "{count} actions", count),
    }
    return patterns[kind].format(count=texts.number(count))


def format_use_counts(texts: Translator, joining: DuplicateMerge) -> str:
    """Count what will refer to the kept entry: "9 answers, 2 meetings"; empty if nothing does."""
    return texts.listed(_format_use_count(texts, kind, count) for kind, count in count_uses(joining.uses))


def format_conflicting_answer(
    session: AssessmentSession, texts: Translator, clash: AnswerConflict, content: Content
) -> str:
    return answer_in_words(Formatter(texts, session.dossier()), clash.address, content)


def plan_duplicate_merge(
    session: AssessmentSession, register: str, kept: str, gone: str, texts: Translator
) -> DuplicateMerge:
    """Work out what joining two entries changes, with nothing done yet; raises KnownError if it cannot be done."""
    dossier = session.dossier()
    speaker = _ConflictFormatter(Formatter(texts, dossier))
    joining = compute_duplicate_merge(dossier, register, kept, gone, ConflictNotes(speaker.answer, speaker.entry))
    problems = [check_answer(session.instrument, answer)[1] for answer in joining.answers]
    problems += [clean_entry(entry)[1] for entry in (joining.kept, *joining.entries)]
    for problem in problems:
        if problem is not None:
            raise ValidationError(problem)
    return joining


def duplicate_merge_change_set(joining: DuplicateMerge) -> ChangeSet:
    return ChangeSet(joining.answers, (joining.kept, *joining.entries), ((joining.register, joining.gone.id),))
