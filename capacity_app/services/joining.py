"""Joining two entries of a register in an open assessment, in the words of a language."""

from collections.abc import Mapping

from capacity_app.domain.answers import Content, State
from capacity_app.domain.assessment import Entry, register_of
from capacity_app.domain.checking import locate
from capacity_app.domain.joining import Clash, Joining, Remarks, join, ways
from capacity_app.domain.problems import N_
from capacity_app.domain.registers import field_of, title_of
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.services.bundles import Bundle
from capacity_app.services.changes import Refused
from capacity_app.services.registers import clean_entry
from capacity_app.services.revising import checked
from capacity_app.texts import Texts
from capacity_app.wording import STATE_WORDS, Wording


class _Speaker:
    """Words what gives way, for the notes."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def said(self, clash: Clash, content: Content) -> str:
        state = self._wording.texts.gettext(STATE_WORDS[content.state])
        if content.state is not State.ANSWERED:
            return f"{state}: {content.reason}" if content.reason else state
        target = locate(self._wording.dossier.instrument, clash.address)
        if target is None or target.field is None:
            return state
        return self._wording.value(target.question, target.field, content.value)

    def answer(self, clash: Clash) -> str:
        """Write an answer that gives way, with its evidence, into the note of the one that stays."""
        said = self.said(clash, clash.gives_way)
        evidence = [self._evidence(one) for one in clash.gives_way.evidence]
        if evidence:
            said = self._wording.say(N_("{answer} (evidence: {evidence})"), answer=said, evidence="; ".join(evidence))
        agency = self._wording.agency_in_full(clash.whose)
        return self._wording.say(N_("{agency} answered: {answer}"), agency=agency, answer=said)

    def _evidence(self, evidence_id: str) -> str:
        entry = self._wording.dossier.evidence_by_id.get(evidence_id)
        return (entry.title or entry.file_name or entry.link) if entry else evidence_id

    def entry(self, gone: Entry, differing: Mapping[str, object]) -> str:
        """Write what the card of the entry that goes said otherwise."""
        register = register_of(gone)
        said = (self._wording.field_text(field_of(register, name), value) for name, value in differing.items())
        values = " · ".join(text for text in said if text)
        return self._wording.say(N_("Joined with “{name}”: {values}"), name=title_of(gone), values=values)


def _counted(texts: Texts, kind: str, count: int) -> str:
    patterns = {
        "answers": texts.ngettext("{count} answer", "{count} answers", count),
        "people": texts.ngettext("{count} person", "{count} people", count),
        "meetings": texts.ngettext("{count} meeting", "{count} meetings", count),
        "sources": texts.ngettext("{count} data source", "{count} data sources", count),
        "actions": texts.ngettext("{count} action", "{count} actions", count),
    }
    return patterns[kind].format(count=texts.number(count))


def counted_uses(texts: Texts, joining: Joining) -> str:
    """Count what will refer to the kept entry: "9 answers, 2 meetings"; empty if nothing does."""
    return texts.listed(_counted(texts, kind, count) for kind, count in ways(joining.uses))


def answer_in_words(session: AssessmentSession, texts: Texts, clash: Clash, content: Content) -> str:
    return _Speaker(Wording(texts, session.dossier())).said(clash, content)


def plan_joining(session: AssessmentSession, register: str, kept: str, gone: str, texts: Texts) -> Joining:
    """Work out what joining two entries changes, with nothing done yet; raises KnownError if it cannot be done."""
    dossier = session.dossier()
    speaker = _Speaker(Wording(texts, dossier))
    joining = join(dossier, register, kept, gone, Remarks(speaker.answer, speaker.entry))
    problems = [checked(session.instrument, answer)[1] for answer in joining.answers]
    problems += [clean_entry(entry)[1] for entry in (joining.kept, *joining.entries)]
    for problem in problems:
        if problem is not None:
            raise Refused(problem)
    return joining


def bundle_of(joining: Joining) -> Bundle:
    return Bundle(joining.answers, (joining.kept, *joining.entries), ((joining.register, joining.gone.id),))
