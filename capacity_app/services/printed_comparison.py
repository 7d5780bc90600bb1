"""Everything printed in a Word file, workbook or web page, compared with what the program prints for its content.

The file may be anybody's: it is looked at from outside first, and what it carries is read as any dossier is. Compared
are texts and numbers by place; colours, fonts, layout and what a spreadsheet draws are not.
"""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace

from capacity_app import __version__
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.printed_texts import (
    PrintedComparison,
    PrintedDifference,
    comparison_of,
    differences_in_order,
)
from capacity_app.domain.privacy import Profile, without_names
from capacity_app.domain.problems import N_, KnownError, Problem, Severity
from capacity_app.domain.verification import Medium
from capacity_app.report.printed_page import printed_on_page
from capacity_app.report.word.printed import carried_in_word, printed_in_word
from capacity_app.services import guard
from capacity_app.services.blank_forms import Blank, blank_bytes
from capacity_app.services.printed_content import PrintedFrom, dossier_of, held_dossier, own_translations, read_block
from capacity_app.services.reporting import printed_again
from capacity_app.texts import Texts
from capacity_app.workbook.printed import printed_workbook, workbook_differences

NO_CONTENT = N_(
    "Printed texts and numbers were not compared. The file does not carry the content it was printed from: an older "
    "version made it, or another program saved it without that content."
)
OTHER_VERSION = N_(
    "Printed texts and numbers were not compared. Version {theirs} made the file, and this is version {ours}."
)
OTHER_TRANSLATION = N_(
    "Printed texts and numbers were not compared. The file was made with another translation than this computer has."
)
CHOSEN_PARTS = N_(
    "Printed texts and numbers were not compared. The report has chosen parts only. Compare it with its assessment, as "
    "that was when the report was made."
)
UNREADABLE = N_("Printed texts and numbers were not compared. The content that the file carries cannot be read.")
PRINT_CHANGED = N_(
    "Printed texts or numbers of “{file}” outside the answers were changed: {total} of {count}. The first places: "
    "{places}"
)
PRINT_ADVICE = N_("Only answers and remarks are imported. The command “capacity-app verify” lists every place.")
_NAMED = 5
_SUFFIXES = {Medium.WORD: ".docx", Medium.HTML: ".html", Medium.WORKBOOK: ".xlsx"}
_STUMBLES = (
    ValueError, LookupError, ArithmeticError, TypeError, AttributeError, RecursionError, OSError, EOFError, SyntaxError,
    AssertionError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip

Told = tuple[int, Iterator[PrintedDifference]]


def compare_printed(file: str, content: bytes, against: Dossier | None = None) -> PrintedComparison:
    """Compare what a file prints with what it would print; ``file`` is its name.

    ``against`` is the assessment that the file says it shows. Raises KnownError if the file is refused from outside.
    """
    medium = Medium.HTML if content.lstrip()[:1] in {b"<", b"\xef"} else guard.look_at(content, file).medium
    if medium not in _SUFFIXES:
        return _not_compared(NO_CONTENT)
    try:
        return _compared(medium, content, against)
    except (*_STUMBLES, KnownError):
        return _not_compared(UNREADABLE)


def printed_problems(file: str, content: bytes) -> tuple[Problem, ...]:
    """Return whether anything printed in a file that came back was changed beside its answers, or was not compared."""
    found = compare_printed(file, content)
    if why := found.reason_not_compared:
        return (Problem("file.not-compared", file, why, "", found.values, Severity.WARNING),)
    if not found.total:
        return ()
    named = [one.place for one in found.places if one.place and not one.is_answer][:_NAMED]
    values = (
        ("file", file),
        ("total", str(found.total)),
        ("count", str(found.compared)),
        ("places", "; ".join(dict.fromkeys(named))),
    )
    return (Problem("file.printed", file, PRINT_CHANGED, PRINT_ADVICE, values, Severity.WARNING),)


def _not_compared(reason: str, **values: str) -> PrintedComparison:
    return PrintedComparison(reason_not_compared=reason, values=tuple(values.items()))


def _compared(medium: Medium, content: bytes, against: Dossier | None) -> PrintedComparison:
    carried, compare = _READERS[medium](content)
    made = read_block(carried) if carried else None
    if made is None:
        return _not_compared(UNREADABLE if carried else NO_CONTENT)
    if made.program != __version__:
        return _not_compared(OTHER_VERSION, theirs=made.program[:20], ours=__version__)
    held = dossier_of(made.dossier) if made.dossier else None
    ours = None if against is None or made.sections is not None else _reduced(against, made)
    shown = held or ours
    if shown is None:
        return _not_compared(CHOSEN_PARTS)
    texts, second = Texts(made.language), Texts(made.second) if made.second else None
    if own_translations(shown.instrument.id, texts, second) != made.translations:
        return _not_compared(OTHER_TRANSLATION)
    count, differences = compare(_printed(made, shown, _SUFFIXES[medium], texts, second))
    found = comparison_of(differences, count)
    is_same = made.dossier == held_dossier(ours) if made.dossier and ours else None
    return replace(found, is_same_content=is_same)


def _reduced(dossier: Dossier, made: PrintedFrom) -> Dossier:
    """Return as much of an assessment as the copy's profile shows."""
    if made.profile != Profile.NO_NAMES:
        return dossier
    return without_names(dossier, Texts(made.language).gettext("[name withheld]"))


def _printed(made: PrintedFrom, shown: Dossier, suffix: str, texts: Texts, second: Texts | None) -> bytes:
    if made.sections is None:
        return printed_again(made, shown, suffix)
    blank = Blank(instrument=shown.instrument, mission=shown.mission, agencies=shown.agencies, sections=made.sections)
    return blank_bytes(blank, suffix, texts=texts, second=second)


# -- the three kinds of files --------------------------------------------------------------------------------------


def _word(content: bytes) -> tuple[str, Callable[[bytes], Told]]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        carried, found = carried_in_word(package), printed_in_word(package)

    def compare(anew: bytes) -> Told:
        with zipfile.ZipFile(io.BytesIO(anew)) as package:
            expected = printed_in_word(package)
        return len(expected), differences_in_order(expected, found)

    return carried, compare


def _page(content: bytes) -> tuple[str, Callable[[bytes], Told]]:
    found, carried = printed_on_page(content.decode("utf-8-sig", "replace"))

    def compare(anew: bytes) -> Told:
        expected, _ = printed_on_page(anew.decode())
        return sum(bool(one.text) for one in expected), differences_in_order(expected, found)

    return carried, compare


def _workbook(content: bytes) -> tuple[str, Callable[[bytes], Told]]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        found = printed_workbook(package)

    def compare(anew: bytes) -> Told:
        with zipfile.ZipFile(io.BytesIO(anew)) as package:
            expected = printed_workbook(package)
        return expected.count, workbook_differences(expected, found)

    return found.content, compare


_READERS = {Medium.WORD: _word, Medium.HTML: _page, Medium.WORKBOOK: _workbook}
