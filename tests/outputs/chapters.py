"""What a report says, read from its content: chapters by their anchor, blocks by their kind, and all their texts."""

import dataclasses
from collections.abc import Iterator
from enum import Enum
from typing import Any, TypeVar

from capacity_app.domain.assessment.derived_results import Appraisal, appraise
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.privacy import ReportProfile
from capacity_app.i18n.formatter import BilingualFormatter, Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.content.report import ReportChapter, ReportContent, report_content
from tests.outputs.example import report_dossier

ENGLISH = Translator("en")
Block = TypeVar("Block")


def read(
    dossier: Dossier | None = None, texts: Translator = ENGLISH, profile: str = "full", second: str = ""
) -> tuple[Appraisal, Formatter]:
    """Appraise a dossier, without one the example, as a report of the profile does."""
    shown = dossier or report_dossier()
    appraisal = appraise(shown, ReportProfile.parse(profile), name_withheld="[name withheld]", voice="Agency {number}")
    shown = appraisal.dossier
    return appraisal, BilingualFormatter(texts, shown, Translator(second)) if second else Formatter(texts, shown)


def view_of(
    dossier: Dossier | None = None, texts: Translator = ENGLISH, profile: str = "full", second: str = ""
) -> ReportContent:
    return report_content(*read(dossier, texts, profile, second))


def chapter(view: ReportContent, anchor: str) -> ReportChapter:
    return next(one for one in view.chapters if one.anchor == anchor)


def inside(value: Any) -> Iterator[Any]:
    """Go through everything that content is made of, itself included."""
    yield value
    if isinstance(value, tuple):
        for one in value:
            yield from inside(one)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from inside(getattr(value, field.name))


def of_kind(value: Any, kind: type[Block], style: str | None = None) -> list[Block]:
    """Return all blocks of a kind, if wanted those of one style."""
    return [one for one in inside(value) if isinstance(one, kind) and style in {None, getattr(one, "style", None)}]


_NOT_READ = frozenset({"link", "links", "anchor", "style", "align", "kind", "tone", "level", "address", "colour"})


def words(value: Any) -> Iterator[str]:
    """Yield all texts a reader sees."""
    if isinstance(value, str) and not isinstance(value, Enum):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from words(one)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            if field.name not in _NOT_READ:
                yield from words(getattr(value, field.name))


def said(value: Any) -> str:
    return "\n".join(filter(None, words(value)))
