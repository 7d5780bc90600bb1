"""The hostile dossier laid out once for all tests that look at it: whole with CAPACITY_TORTURE, else smaller."""

import os
from functools import cache

from capacity_app.bilingual import TwoWordings
from capacity_app.domain.appraisal import appraise
from capacity_app.domain.dossier import Dossier
from capacity_app.report.pdf.report import html_for_paper
from capacity_app.report.view.parts import ALL, Part
from capacity_app.report.view.report import ReportView, report_view
from capacity_app.texts import Texts
from capacity_app.wording import Wording
from tests.report.boxes import Piece, lay_out, pieces
from tests.report.hostile import hostile_dossier

IS_LONG = bool(os.environ.get("CAPACITY_TORTURE"))


@cache
def sized_dossier() -> Dossier:
    """Make the hostile dossier; of every kind of text there is one in the smaller form too."""
    return hostile_dossier() if IS_LONG else hostile_dossier(evidence=12, longest=1_200)


def view_of(dossier: Dossier, language: str, second: str, parts: frozenset[Part] = ALL) -> ReportView:
    """Show a dossier in one language, or in two."""
    appraisal, texts = appraise(dossier), Texts(language)
    words = TwoWordings(texts, appraisal.dossier, Texts(second)) if second else Wording(texts, appraisal.dossier)
    return report_view(appraisal, words, parts)


@cache
def laid(language: str, second: str = "") -> tuple[Piece, ...]:
    """Lay the hostile dossier out and give every text on every page."""
    html = html_for_paper(view_of(sized_dossier(), language, second), Texts(language))
    return tuple(pieces(lay_out(html)))
