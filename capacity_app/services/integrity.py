"""Whether the history in a file is as it was written: what does not hold, said in words, and whose seals are on it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from capacity_app.domain import chain
from capacity_app.domain.answers import Address
from capacity_app.domain.chain import Break, Log, Row, Tampering, Trail
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.problems import N_, Problem
from capacity_app.domain.verification import Observation, Verdict, one_line
from capacity_app.services.signing import fits, key_words

MOST = 100
"""Breaks told of; more help nobody."""
_LONGEST = 80
_KEYS_NAMED = 5
_WHO_OF = {Log.ANSWER: (12, 13), Log.ENTRY: (5, 6)}
"""The columns of author and time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Integrity:
    """What was found out about a file's history; ``open_ends`` counts the chains whose end nobody has sealed.

    ``seals`` are those that hold, counted by public key.
    """

    breaks: tuple[Break, ...]
    changes: int
    chains: int
    links: int
    open_ends: int
    seals: tuple[tuple[str, int], ...]


def _is_genuine(seal: chain.Seal) -> bool:
    return fits(seal.public_key, seal.message, seal.signature)


def examined(trail: Trail) -> Integrity:
    """Follow every chain of a file and check every seal."""
    broken = tuple(islice(chain.breaks(trail, _is_genuine), MOST))
    bad = {one.seal for one in broken}
    return Integrity(
        breaks=broken,
        changes=len(trail.rows),
        chains=len({one.device for one in trail.links if not one.is_aside}),
        links=sum(bool(one.hash) for one in trail.links),
        open_ends=chain.unsealed(trail),
        seals=tuple(Counter(one.public_key for one in trail.seals if one not in bad).most_common()),
    )


def first_break(trail: Trail) -> Break | None:
    """Give the first place where the history is not as it was written, None if there is none."""
    return chain.first_break(trail, _is_genuine)


# -- in words ------------------------------------------------------------------------------------------------------

_CHANGE = {
    Tampering.CHANGED: N_("This change, number {number} by {author} at {time}, was changed after it was written."),
    Tampering.ADDED: N_("This change, number {number} by {author} at {time}, was added by another program."),
    Tampering.MISPLACED: N_(
        "This change, number {number} by {author} at {time}, was put out of order after it was written."
    ),
    Tampering.REMOVED_BEFORE: N_(
        "What {device} had written just before this change, number {number} by {author} at {time}, was removed."
    ),
    Tampering.REMOVED: N_("A change, number {number} of {device}, was removed after it was written."),
    Tampering.CUT: N_(
        "The last changes that {device} had written, up to number {number}, were removed: they were sealed with the "
        "key “{words}”."
    ),
    Tampering.REWRITTEN: N_(
        "What {device} had written, up to number {number}, is not what was sealed with the key “{words}”: it was "
        "changed, or somebody continued it in two copies at once."
    ),
    Tampering.SEAL_CHANGED: N_("The seal on what {device} had written, up to number {number}, was changed."),
    Tampering.SEAL_REMOVED: N_(
        "A seal that stood here when {device} was sealed with the key “{words}”, at number {number}, was removed."
    ),
}
ADVICE = N_("Compare it with a backup or with another copy of this file.")


def problems(found: Integrity, instrument: Instrument | None) -> tuple[Problem, ...]:
    """Tell every break: which answer or entry, which change of it, by whom, when, and what was done to it."""
    return tuple(_problem(one, instrument) for one in found.breaks)


def _problem(one: Break, instrument: Instrument | None) -> Problem:
    author, time = _who(one.name.log, one.row) if one.row else ("", "")
    values = {
        "number": str(one.name.counter),
        "device": _short(one.name.device),
        "author": author or "–",
        "time": time or "–",
        "words": key_words(one.seal.public_key) if one.seal and one.what is not Tampering.SEAL_CHANGED else "",
    }
    place = _place(one, instrument)
    return Problem(f"history.{one.what}", place, _CHANGE[one.what], ADVICE, tuple(values.items()))


def _who(log: str, row: Row) -> tuple[str, str]:
    author, time = _WHO_OF[Log(log)]
    return _short(row[author]), _short(row[time])


def _short(text: object) -> str:
    return one_line(str(text))[:_LONGEST]


def _place(one: Break, instrument: Instrument | None) -> str:
    """Name an answer by its printed number, an entry by its register and id, anything else by who wrote it."""
    if one.near is None:
        return f"{_short(one.name.device)}:{one.name.counter}"
    log, row = one.near
    if log == Log.ENTRY:
        return f"{_short(row[2])}/{_short(row[3])}"
    return _printed(Address(_short(row[2]), _short(row[3]), _short(row[4])), instrument)


def _printed(address: Address, instrument: Instrument | None) -> str:
    question = instrument.question_by_id.get(address.question) if instrument else None
    if question is None:
        return str(address)
    row, column = question.row_by_id.get(address.row), question.column_by_id.get(address.column)
    parts = [question.number, (row.number or row.label) if row else address.row]
    name = " ".join(filter(None, parts))
    return ", ".join(filter(None, (name, column.label if column else address.column)))


def observations(found: Integrity) -> Iterator[Observation]:
    """Say in a few sentences whether the history is whole, and whose seals are on it."""
    counts = {"changes": str(found.changes), "chains": str(found.chains), "links": str(found.links)}
    if found.breaks:
        told = N_(
            "The history was changed after it was written; the first place stands first below. Changes: {changes}, "
            "links: {links}, chains: {chains}."
        )
        yield Observation("history.changed", Verdict.BAD, told, tuple(counts.items()))
    else:
        told = N_(
            "The history is as it was written: every change is bound to the one before it. Changes: {changes}, links: "
            "{links}, chains: {chains}."
        )
        yield Observation("history.whole", Verdict.GOOD, told, tuple(counts.items()))
    for key, count in found.seals[:_KEYS_NAMED]:
        told = N_("Sealed on the computer with the key “{words}”: {count} times.")
        yield Observation("history.sealed", Verdict.GOOD, told, (("words", key_words(key)), ("count", str(count))))
    if found.open_ends:
        told = N_(
            "Chains without a seal at their end: {count}. There the last changes could be taken away unseen; it is "
            "normal where a file was made, or the program was interrupted."
        )
        yield Observation("history.unsealed", Verdict.NOTE, told, (("count", str(found.open_ends)),))
