"""A file that was imported, in words: whose it was, what it brought, and what undoing the import would do."""

from collections.abc import Iterator
from functools import partial

from capacity_app.domain.answers import State
from capacity_app.domain.assessment import Remark, ReturnedFile
from capacity_app.domain.checking import locate
from capacity_app.services.intake import ImportUndo, recorded_by
from capacity_app.texts import Texts
from capacity_app.ui.look.lines import Line
from capacity_app.ui.registers.entry_words import Vocabulary


def line_of(words: Vocabulary, entry: ReturnedFile) -> Line:
    """Give the line of a file in the list."""
    texts = words.texts
    count = len(entry.revisions)
    answers = texts.ngettext("{count} answer", "{count} answers", count).format(count=texts.number(count))
    taken = texts.gettext("imported {when}").format(when=texts.date_time(entry.taken_in))
    parts = (words.title_of("agencies", entry.agency), taken, undone_words(texts, entry) or answers)
    return Line(entry.id, entry.file_name, " · ".join(parts))


def undone_words(texts: Texts, entry: ReturnedFile) -> str:
    """Say that an import was undone, when and by whom; empty while it stands."""
    if not entry.undone:
        return ""
    said = texts.gettext("import undone {when} by {person}") if entry.undone_by else texts.gettext(
        "import undone {when}"
    )  # fmt: skip
    return said.format(when=texts.date_time(entry.undone), person=entry.undone_by)


def answer_lines(words: Vocabulary, entry: ReturnedFile) -> tuple[Line, ...]:
    """Give every answer that an import recorded, as it was recorded, by the place where it stands."""
    lines = []
    for revision in recorded_by(words.session, entry):
        address, wording = revision.key.address, words.wording
        found = locate(words.instrument, address)
        field = found.field if found else None
        content = revision.content
        said = wording.content(found.question, field, content) if found else ""
        said = said or wording.state(content.state)
        parts = [said, content.reason if content.state is not State.NOT_APPLICABLE else "", content.note]
        lines.append(Line(str(address), words.gap_name(str(address)), " · ".join(part for part in parts if part)))
    return tuple(lines)


def remarks_of(words: Vocabulary, entry: ReturnedFile) -> tuple[Remark, ...]:
    """Give the remarks a file brought that are still here."""
    remarks = words.session.entries("remarks")
    return tuple(one for one in remarks if isinstance(one, Remark) and one.returned == entry.id)


def facts_of(words: Vocabulary, entry: ReturnedFile) -> Iterator[tuple[str, str]]:
    """Give what is known of a file as labels and texts."""
    texts, say, label = words.texts, words.texts.gettext, partial(words.wording.label, "returns")
    yield label("agency"), words.title_of("agencies", entry.agency)
    if entry.person:
        yield label("person"), entry.person
    if entry.date:
        yield label("date"), texts.date(entry.date)
    yield label("taken_in"), texts.date_time(entry.taken_in)
    if entry.undone:
        yield (
            label("undone"),
            " · ".join(part for part in (texts.date_time(entry.undone), entry.undone_by) if part),
        )
    yield say("Answers imported"), texts.number(len(entry.revisions))
    yield say("Remarks"), texts.number(len(remarks_of(words, entry)))
    yield say("Other texts"), texts.number(len(entry.unplaced))


def unplaced_lines(words: Vocabulary, entry: ReturnedFile) -> tuple[Line, ...]:
    """Give the remarks and the texts that belong to no question, in full."""
    remarks = (
        Line(
            one.id, one.text, " · ".join(part for part in (words.gap_name(one.address), one.author, one.place) if part)
        )
        for one in remarks_of(words, entry)
    )
    texts = (Line(f"unplaced {number}", text) for number, text in enumerate(entry.unplaced))
    return (*_under(words.texts.gettext("Remarks"), tuple(remarks)),
            *_under(words.texts.gettext("Texts that belong to no question"), tuple(texts)))  # fmt: skip


def _under(heading: str, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    return (Line(f"heading {heading}", heading, is_heading=True), *lines) if lines else ()


def undo_sentence(words: Vocabulary, undo: ImportUndo) -> str:
    """Say what undoing an import would do."""
    texts = words.texts
    restored, left = len(undo.restored), len(undo.left)
    told = [
        texts.ngettext(
            "{count} answer will be again as it was before the import.",
            "{count} answers will be again as they were before the import.",
            restored,
        ).format(count=texts.number(restored))
    ]
    if left:
        told.append(
            texts.ngettext(
                "{count} answer was changed since and stays as it is.",
                "{count} answers were changed since and stay as they are.",
                left,
            ).format(count=texts.number(left))
        )
    told.append(texts.gettext(
        "The remarks of the file are removed. The file stays listed. The history shows that you undid the import."
    ))  # fmt: skip
    return " ".join(told)
