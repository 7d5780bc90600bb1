"""What a sheet that came back would change, text by text: new, changed, the same, refused with the reason, missing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from capacity_app.domain.problems import N_, Problem, Severity
from capacity_app.instruments.translating import checks
from capacity_app.instruments.translating.known import Forms, Known
from capacity_app.instruments.translating.passages import Passage, Subject
from capacity_app.instruments.translating.plurals import forms

FORM_MARK = "#"
"""Between the key of a sentence and the number of its form, where it depends on a count."""


class Fate(StrEnum):
    """What becomes of a text."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """One row of a sheet that came back: what is typed there, and where ("Texts, H12")."""

    key: str
    source: str
    text: str
    place: str
    note: str = ""
    is_formula: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A sheet that came back: of what, into which language, by whom and when."""

    file: str
    subject: str
    version: str
    language: str
    hash: str
    by: str = ""
    on: str = ""
    is_signed_off: bool = False
    rows: tuple[Filled, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What becomes of one text, or of one cell where it belongs to none."""

    fate: Fate
    place: str = ""
    where: str = ""
    source: str = ""
    before: str = ""
    after: str = ""
    note: str = ""
    problems: tuple[Problem, ...] = ()
    passage: Passage | None = None
    forms: Forms = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """All that a sheet would change."""

    returned: Returned
    subject: Subject
    outcomes: tuple[Outcome, ...]
    problems: tuple[Problem, ...] = ()
    counts: Mapping[Fate, int] = field(default_factory=dict)

    @property
    def taken(self) -> tuple[Outcome, ...]:
        return tuple(one for one in self.outcomes if one.fate in {Fate.NEW, Fate.CHANGED})


def keys_of(passage: Passage, language: str) -> tuple[str, ...]:
    """Give the keys of a text's rows: one, or one for each form of the language."""
    if not passage.plural:
        return (passage.key,)
    return tuple(f"{passage.key}{FORM_MARK}{number}" for number in range(len(forms(language))))


def preview(subject: Subject, known: Known, returned: Returned) -> Preview:
    """Compare a sheet that came back with what is there."""
    reader = _Reader(subject, known, returned)
    outcomes = tuple(reader.read())
    counts = {fate: sum(1 for one in outcomes if one.fate is fate) for fate in Fate}
    return Preview(
        returned=returned,
        subject=subject,
        outcomes=outcomes,
        problems=(*returned.problems, *_of_version(subject, returned)),
        counts=counts,
    )


def _of_version(subject: Subject, returned: Returned) -> Iterator[Problem]:
    if returned.hash != subject.hash:
        yield Problem(
            "translation.version",
            returned.file,
            N_("The sheet was made for version {old}, and here is version {new}, or its texts have changed since."),
            N_("Texts that are as they were are taken; the others are listed."),
            (("old", returned.version), ("new", subject.version)),
            Severity.WARNING,
        )


class _Reader:
    def __init__(self, subject: Subject, known: Known, returned: Returned) -> None:
        self._subject, self._known, self._returned = subject, known, returned
        self._language = returned.language
        self._rows: dict[str, list[Filled]] = defaultdict(list)

    def read(self) -> Iterator[Outcome]:
        """Go through all texts in printed order, then through the rows that belong to none."""
        for row in self._returned.rows:
            self._rows[row.key].append(row)
        for passage in self._subject.passages:
            yield self._of(passage, [self._rows.pop(key, []) for key in keys_of(passage, self._language)])
        for rows in self._rows.values():
            yield from (_stray(row) for row in rows if row.text.strip() or row.is_formula)

    def _of(self, passage: Passage, cells: Sequence[Sequence[Filled]]) -> Outcome:
        before = self._known.of(passage)
        before = (*before, *("" for _ in cells[len(before) :])) if before else ()
        filled = [[row for row in rows if row.text.strip() or row.is_formula] for rows in cells]
        note = "\n".join(dict.fromkeys(row.note for rows in cells for row in rows if row.note.strip()))
        if not any(filled):
            return self._outcome(passage, Fate.SAME if before else Fate.MISSING, before, note=note)
        problems: list[Problem] = []
        said: list[str] = []
        for number, rows in enumerate(filled):
            old = before[number] if number < len(before) else ""
            text, found = self._cell(passage, number, rows, old)
            said.append(text)
            problems += found
        after = tuple(said)
        row = next(rows[0] for rows in filled if rows)
        if after == before and not problems:
            return self._outcome(passage, Fate.SAME, before, note=note)
        if passage.plural and not all(after):
            problems.append(_some_forms(passage, row.place))
        is_refused = any(problem.severity is Severity.ERROR for problem in problems)
        fate = Fate.REFUSED if is_refused else Fate.SAME if after == before else Fate.CHANGED if before else Fate.NEW
        return self._outcome(passage, fate, before, after, row, note, problems)

    def _cell(self, passage: Passage, number: int, rows: Sequence[Filled], old: str) -> tuple[str, list[Problem]]:
        """Read one cell; one that is empty says what was there before."""
        if not rows:
            return old, []
        row = rows[0]
        if any(one.is_formula for one in rows):
            return old, [checks.formula(next(one.place for one in rows if one.is_formula))]
        text = checks.tidied(passage, row.text)
        if any(checks.tidied(passage, other.text) != text for other in rows[1:]):
            return text, [_twice(row.place, [one.place for one in rows[1:]])]
        # The program's own spaces aside, what is there already has been looked at before.
        if old in {text, row.text}:
            return old, []
        # A sheet has one line break for each that was typed, whichever sign the computer writes it with.
        source = _plain(passage.plural if passage.plural and number else passage.source)
        if _plain(row.source) not in {source, _plain(passage.source), _plain(passage.plural)}:
            return text, [_other_source(row)]
        form = forms(self._language)[number] if passage.plural else None
        return text, checks.mistakes(passage, text, row.place, form, self._subject.id, self._language)

    @staticmethod
    def _outcome(
        passage: Passage,
        fate: Fate,
        before: Forms,
        after: Forms = (),
        row: Filled | None = None,
        note: str = "",
        problems: Iterable[Problem] = (),
    ) -> Outcome:
        return Outcome(
            fate=fate,
            place=row.place if row else "",
            where=passage.where,
            source=passage.source,
            before="\n".join(before),
            after="\n".join(after),
            note=note,
            problems=tuple(problems),
            passage=passage,
            forms=after,
        )


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _error(code: str, place: str, message: str, advice: str = "", **values: str) -> Problem:
    return Problem(f"translation.{code}", place, message, advice, tuple(values.items()))


def _stray(row: Filled) -> Outcome:
    message = (
        N_("This text is no longer there: it was changed or removed since the sheet was made.")
        if row.key
        else N_("This row has lost its hidden key, or was added: nobody can tell which text it translates.")
    )
    advice = N_("Make a new sheet and copy the translation there.")
    problem = _error("unknown", row.place, message, advice)
    return Outcome(
        fate=Fate.REFUSED,
        place=row.place,
        source=row.source,
        after=row.text,
        note=row.note,
        problems=(problem,),
    )


def _some_forms(passage: Passage, place: str) -> Problem:
    message = N_("Some forms of “{text}” have no translation.")
    return _error("forms", place, message, N_("Fill in all of them, or none."), text=passage.source)


def _twice(place: str, others: Sequence[str]) -> Problem:
    message = N_("The same text stands in several rows with different translations: also in {others}.")
    return _error("twice", place, message, N_("Keep one of the rows."), others="; ".join(others))


def _other_source(row: Filled) -> Problem:
    return _error(
        "source",
        row.place,
        N_("The source in the sheet is not the text that is here: it was changed in the sheet, or here since."),
        N_("Make a new sheet, look at the text and translate it there."),
    )
