"""Quality checks: what a careful reader of an assessment would ask about, as findings with a place.

Nothing here is wrong enough to refuse; each finding says what stands out, where, and what would settle it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from capacity_app.domain.assessment.answer_rules import find_later_answers, locate
from capacity_app.domain.assessment.answers import EMPTY_CONTENT, Address, Answer, AnswerLayer, AnswerState
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.findings import (
    Finding,
    FindingKind,
    answer_finding,
    entry_finding,
    section_and_place,
)
from capacity_app.domain.assessment.merging import EXISTENCE, AnyMergedRevisions
from capacity_app.domain.assessment.migration import retired_answers_by_place, retired_answers_in
from capacity_app.domain.assessment.references import find_lost_references
from capacity_app.domain.assessment.registers import RetiredAnswerStatus
from capacity_app.domain.assessment.revisions import Revision
from capacity_app.domain.planning.plan_checks import check_plan, check_validation
from capacity_app.domain.problems import N_, Problem, ProblemSeverity
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.answer_sheet import AnswerSheet, ItemStatus, QuestionBlock, is_unsupported
from capacity_app.domain.scoring.gaps import Gap, find_gaps
from capacity_app.domain.scoring.round_comparison import find_carried_forward

_DAY = len("2018-11-29")


def _open(sheet: AnswerSheet, block: QuestionBlock) -> Iterator[Finding]:
    """Find one question with unanswered places; a grid counts its cells."""
    if count := block.counts.unanswered:
        is_grid = block.question.kind is AnswerKind.GRID
        # Counts stand behind a colon: a sentence around a number would need a plural form of its own per language.
        message = N_("Unanswered cells of the table: {count} of {all}.") if is_grid else N_("The question is open.")
        advice = N_("Ask the agencies that hold the data.") if is_grid else N_("Ask the agency that can answer it.")
        yield _block_finding(sheet, block, FindingKind.OPEN, message, advice, count)


def _uncertain(sheet: AnswerSheet, block: QuestionBlock) -> Iterator[Finding]:
    """Find one question with answers "unknown" or "declined"; a grid counts its cells."""
    if count := block.counts.uncertain:
        if block.question.kind is AnswerKind.GRID:
            message = N_("Cells answered “unknown” or declined: {count} of {all}.")
        elif block.items[0].answer.state is AnswerState.UNKNOWN:
            message = N_("The answer is “unknown”.")
        else:
            message = N_("The agency declined to answer.")
        yield _block_finding(sheet, block, FindingKind.UNCERTAIN, message, N_("Decide whether to ask again."), count)


def _block_finding(
    sheet: AnswerSheet, block: QuestionBlock, kind: FindingKind, message: str, advice: str, count: int
) -> Finding:
    counts = {"count": str(count), "all": str(block.counts.wanted)}
    return answer_finding(sheet, kind, Address(block.question.id), message, advice, **counts)


def _conflicts(sheet: AnswerSheet, block: QuestionBlock) -> Iterator[Finding]:
    for item in block.items:
        if item.standing is ItemStatus.WANTED and item.answer.conflict:
            yield answer_finding(
                sheet,
                FindingKind.CONFLICT,
                item.address,
                N_("Answers that disagree: {count}."),
                N_("Record a judgement with its reason, or ask the agencies to agree."),
                count=str(len(item.answer.conflict)),
            )


def _later_answers(dossier: Dossier, sheet: AnswerSheet, block: QuestionBlock) -> Iterator[Finding]:
    """Find judgements and validations after which an agency answered otherwise: they count, and may not hold."""
    for item in block.items:
        if item.standing is ItemStatus.WANTED and find_later_answers(dossier.by_address.get(item.address, ())):
            yield answer_finding(
                sheet,
                FindingKind.LATER,
                item.address,
                N_("An agency gave a different answer after the judgement or validation."),
                N_("Check which one is right, and record the judgement or validation again."),
            )


def _unread(dossier: Dossier, sheet: AnswerSheet) -> Iterator[Finding]:
    """Find what was typed and is no answer: it counts as nothing until somebody corrects it."""
    for answer in dossier.answers:
        if answer.content.unread:
            yield answer_finding(
                sheet,
                FindingKind.UNREAD,
                answer.key.address,
                N_("“{text}” cannot be read as an answer."),
                N_("Correct the text, or clear it."),
                text=answer.content.unread,
                who=f"{answer.key.layer} {answer.key.respondent}".strip(),
            )


_CONFLICT_MESSAGES = {
    "value": N_("Two copies of the file have different answers."),
    "reason": N_("Two copies of the file give different reasons."),
    "note": N_("Two copies of the file have different notes."),
}


def _contested(sheet: AnswerSheet, contested: Iterable[AnyMergedRevisions]) -> Iterator[Finding]:
    """Find what copies changed differently before they were merged: one line for each field."""
    advice = N_("Decide which one counts. Until then, one of them is shown.")
    for united in contested:
        shown = united.shown
        for contest in united.contests:
            if isinstance(shown, Revision):
                who = f"{shown.key.layer} {shown.key.respondent}".strip()
                message = _CONFLICT_MESSAGES[contest.field]
                yield answer_finding(sheet, FindingKind.LAPTOPS, shown.key.address, message, advice, who=who)
            else:
                message = N_("Two copies of the file disagree about “{name}”.")
                if contest.field == EXISTENCE:
                    message = N_("“{name}” was removed in one copy and changed in another.")
                name = getattr(shown.content, "name", "") or getattr(shown.content, "title", "") or shown.entry
                yield entry_finding(
                    FindingKind.LAPTOPS, shown.entry, message, advice, name=str(name), field=contest.field
                )


def _unsupported(sheet: AnswerSheet, block: QuestionBlock) -> Iterator[Finding]:
    for item in block.items:
        is_top = item.field.kind is AnswerKind.LEVEL and item.answer.value == item.field.top_level
        if is_top and item.standing is ItemStatus.WANTED and is_unsupported(item, block.grades):
            yield answer_finding(
                sheet,
                FindingKind.UNSUPPORTED,
                item.address,
                N_("The highest level rests on a statement alone."),
                N_("Name, link or attach the document that shows it."),
            )


def _disputed_rows(dossier: Dossier, sheet: AnswerSheet, block: QuestionBlock) -> Iterator[Finding]:
    answers = dossier.by_address
    for row in block.question.rows:
        whole = answers.get(Address(block.question.id, row.id), ())
        out = {a.key.respondent for a in _responses(whole) if a.content.state is AnswerState.NOT_APPLICABLE}
        if not out:
            continue
        cells = (
            answer
            for column in block.question.columns
            for answer in _responses(answers.get(Address(block.question.id, row.id, column.id), ()))
        )
        others = {a.key.respondent for a in cells if a.content.state is AnswerState.ANSWERED} - out
        if others:
            yield answer_finding(
                sheet,
                FindingKind.ROW_DISPUTED,
                Address(block.question.id, row.id),
                N_("One agency says that the row does not apply, another answered it."),
                N_("Record a judgement with its reason."),
            )


def _responses(answers: Iterable[Answer]) -> Iterator[Answer]:
    return (answer for answer in answers if answer.key.layer is AnswerLayer.RESPONSE)


def _inexact_dates(sheet: AnswerSheet, block: QuestionBlock) -> Iterator[Finding]:
    """Find dates without a day in scored sections: figures compare only if both reference dates are exact."""
    if not sheet.instrument.section_of[block.question.id].is_scored:
        return
    for item in block.items:
        value = item.answer.value
        if item.field.kind is AnswerKind.DATE and isinstance(value, str) and len(value) < _DAY:
            yield answer_finding(
                sheet,
                FindingKind.DATE,
                item.address,
                N_("The date “{date}” has no day."),
                N_("Give the exact day if it is known."),
                date=value,
            )


def _block_findings(dossier: Dossier, sheet: AnswerSheet) -> Iterator[Finding]:
    for block in sheet.blocks.values():
        if block.is_hidden:
            continue
        yield from _open(sheet, block)
        yield from _uncertain(sheet, block)
        yield from _conflicts(sheet, block)
        yield from _later_answers(dossier, sheet, block)
        yield from _unsupported(sheet, block)
        yield from _disputed_rows(dossier, sheet, block)
        yield from _inexact_dates(sheet, block)


def _contradictions(sheet: AnswerSheet) -> Iterator[Finding]:
    for contradiction in sheet.instrument.contradictions:
        if contradiction.when.holds(sheet.value_of):
            address = next(contradiction.when.addresses())
            section, place = section_and_place(sheet, address)
            # The message is the instrument's wording: it holds no placeholders of ours.
            message = contradiction.message.replace("{", "{{").replace("}", "}}")
            problem = Problem("quality.contradiction", place, message, severity=ProblemSeverity.WARNING)
            yield Finding(FindingKind.CONTRADICTION, problem, section, address, contradiction.id)


def _references(dossier: Dossier, sheet: AnswerSheet) -> Iterator[Finding]:
    for lost in find_lost_references(dossier):
        if lost.address is not None:
            yield answer_finding(
                sheet, FindingKind.REFERENCE, lost.address, lost.message, lost.advice, **dict(lost.values)
            )
        else:
            yield entry_finding(FindingKind.REFERENCE, lost.entry, lost.message, lost.advice, **dict(lost.values))


def _retired(dossier: Dossier, sheet: AnswerSheet) -> Iterator[Finding]:
    for address in dossier.by_address:
        if locate(dossier.instrument, address) is None:
            yield answer_finding(
                sheet,
                FindingKind.RETIRED,
                address,
                N_("This version of the questionnaire does not ask this. The answer is kept."),
                N_("Compare it with the questions that replaced it."),
            )


def _earlier(dossier: Dossier, sheet: AnswerSheet) -> Iterator[Finding]:
    """Find how many answers of the previous round are offered for confirmation, section by section."""
    offered = find_carried_forward(sheet, dossier.previous)
    # A whole row is offered beside its cells: it is no answer more.
    rows = {Address(address.question, address.row) for address in offered if address.column}
    cells = [address for address in offered if address not in rows]
    counts = Counter(sheet.instrument.section_of[address.question].id for address in cells)
    seen: set[str] = set()
    for address in cells:
        section = sheet.instrument.section_of[address.question].id
        if section not in seen:
            seen.add(section)
            yield answer_finding(
                sheet,
                FindingKind.CONFIRM,
                address,
                N_("Answers of the previous round to confirm in this part: {count}."),
                N_("Ask whether they still hold. They do not count until then."),
                count=str(counts[section]),
            )


_WAITING = {
    RetiredAnswerStatus.TO_CONFIRM: (
        N_("Answers to an earlier version of the questions to confirm in this part: {count}."),
        N_("Ask whether they still hold under the new wording. They do not count until then."),
    ),
    RetiredAnswerStatus.PUBLISHED: (
        N_("Answers from published sources to confirm in this part: {count}."),
        N_("Ask the agency whether they are right. They do not count until then."),
    ),
}


def _kept(dossier: Dossier, sheet: AnswerSheet) -> Iterator[Finding]:
    """Find how many answers wait to be confirmed, section by section."""
    said = {answer.key: answer.content for answer in dossier.answers}
    by_place = retired_answers_by_place(sheet.instrument, dossier.kept)
    for section in sheet.instrument.sections:
        blocks = (sheet.blocks[question.id] for question in section.questions)
        waiting = [
            found
            for block in blocks
            for found in retired_answers_in(block, by_place, lambda key: said.get(key, EMPTY_CONTENT))
        ]
        for fate, (message, advice) in _WAITING.items():
            places = [(at, one) for at, entries in waiting for one in entries if one.fate is fate]
            # An answer that was divided waits in several places and is one answer.
            count = len({(one.address, one.layer, one.respondent) for _, one in places})
            if places:
                yield answer_finding(sheet, FindingKind.CONFIRM, places[0][0], message, advice, count=str(count))


def _untranslated(dossier: Dossier, missing: Mapping[str, int], sheet: AnswerSheet) -> Iterator[Finding]:
    """Find the questions the language of the interviews has no full wording for; said once if it has none at all."""
    if missing and all(missing.get(question.id) for question in sheet.instrument.questions()):
        message = N_("No question is translated into the language of the interviews.")
        advice = N_("They appear in the language of the questionnaire. Choose that language, or add a translation.")
        yield entry_finding(FindingKind.TRANSLATION, dossier.mission.id, message, advice)
        return
    for question in sheet.instrument.questions():
        if missing.get(question.id):
            yield answer_finding(
                sheet,
                FindingKind.TRANSLATION,
                Address(question.id),
                N_("Sentences not translated into the language of the interviews: {count}."),
                N_("They appear in the language of the questionnaire. Translate them."),
                count=str(missing[question.id]),
            )


def check_quality(
    dossier: Dossier,
    sheet: AnswerSheet,
    gaps: tuple[tuple[Gap, ...], tuple[Gap, ...]] | None = None,
    untranslated: Mapping[str, int] | None = None,
    contested: Iterable[AnyMergedRevisions] = (),
) -> tuple[Finding, ...]:
    """Go through a dossier as laid out on ``sheet`` and list what stands out, kind by kind, in printed order.

    ``gaps`` are what ``find_gaps`` gave, if the caller has them; ``untranslated`` counts the sentences of each
    question (by id) that the language of the interviews has no wording for; ``contested`` is what copies that were
    merged say differently.
    """
    found, to_verify = gaps if gaps is not None else find_gaps(sheet, dossier.ratings)
    findings = [
        *_unread(dossier, sheet),
        *_block_findings(dossier, sheet),
        *_contested(sheet, contested),
        *_earlier(dossier, sheet),
        *_kept(dossier, sheet),
        *_contradictions(sheet),
        *check_validation(dossier, sheet),
        *check_plan(dossier, sheet, found, to_verify),
        *_untranslated(dossier, untranslated or {}, sheet),
        *_references(dossier, sheet),
        *_retired(dossier, sheet),
    ]
    order = {kind: place for place, kind in enumerate(FindingKind)}
    # Two answers in one place may refer to the same lost entry: that is one thing to correct.
    once = {finding.key: finding for finding in findings}.values()
    return tuple(sorted(once, key=lambda finding: order[finding.kind]))
