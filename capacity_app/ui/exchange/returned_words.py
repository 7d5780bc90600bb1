"""A file that was taken in, in words: whose it was, what it brought, and what taking it back would do."""

from collections.abc import Iterator

from capacity_app.domain.assessment import Remark, ReturnedFile
from capacity_app.domain.signature import SignatureState
from capacity_app.services.intake import TakingBack
from capacity_app.ui.look.lines import Line
from capacity_app.ui.registers.entry_words import Vocabulary
from capacity_app.wording import SIGNATURE_WORDS


def line_of(words: Vocabulary, entry: ReturnedFile) -> Line:
    """Give the line of a file in the list."""
    texts = words.texts
    count = len(entry.revisions)
    answers = texts.ngettext("{count} answer", "{count} answers", count).format(count=texts.number(count))
    taken = texts.gettext("taken in {when}").format(when=texts.date_time(entry.taken_in))
    return Line(entry.id, entry.file_name, " · ".join((words.title_of("agencies", entry.agency), taken, answers)))


def remarks_of(words: Vocabulary, entry: ReturnedFile) -> tuple[Remark, ...]:
    """Give the remarks a file brought that are still here."""
    remarks = words.session.entries("remarks")
    return tuple(one for one in remarks if isinstance(one, Remark) and one.returned == entry.id)


def facts_of(words: Vocabulary, entry: ReturnedFile) -> Iterator[tuple[str, str]]:
    """Give what is known of a file as labels and texts."""
    texts, say = words.texts, words.texts.gettext
    yield say("Answers of"), words.title_of("agencies", entry.agency)
    if entry.person:
        yield say("Filled in by"), entry.person
    if entry.date:
        yield say("Dated"), texts.date(entry.date)
    yield say("Taken in"), texts.date_time(entry.taken_in)
    yield say("Signature"), say(SIGNATURE_WORDS.get(entry.signature, SIGNATURE_WORDS[SignatureState.UNSIGNED]))
    yield say("Answers taken in"), texts.number(len(entry.revisions))
    yield say("Remarks"), texts.number(len(remarks_of(words, entry)))
    yield say("Texts without a place"), texts.number(len(entry.unplaced))


def unplaced_lines(words: Vocabulary, entry: ReturnedFile) -> tuple[Line, ...]:
    """Give the remarks and the texts without a place, in full."""
    remarks = (
        Line(
            one.id, one.text, " · ".join(part for part in (words.gap_name(one.address), one.author, one.place) if part)
        )
        for one in remarks_of(words, entry)
    )
    texts = (Line(f"unplaced {number}", text) for number, text in enumerate(entry.unplaced))
    return (*_under(words.texts.gettext("Remarks"), tuple(remarks)),
            *_under(words.texts.gettext("Texts without a place"), tuple(texts)))  # fmt: skip


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _under(heading: str, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    return (Line(f"heading {heading}", heading, is_heading=True), *lines) if lines else ()


def back_sentence(words: Vocabulary, back: TakingBack) -> str:
    """Say what taking a file back would do."""
    texts = words.texts
    restored, left = len(back.restored), len(back.left)
    told = [
        texts.ngettext(
            "{count} answer goes back to what stood here before.",
            "{count} answers go back to what stood here before.",
            restored,
        ).format(count=texts.number(restored))
    ]
    if left:
        told.append(
            texts.ngettext(
                "{count} was changed since and stays as it is.",
                "{count} were changed since and stay as they are.",
                left,
            ).format(count=texts.number(left))
        )
    told.append(texts.gettext("Remarks of the file go, the file itself stays in the history, and Undo works."))
    return " ".join(told)
