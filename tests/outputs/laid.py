"""The hostile dossier laid out once for all tests that look at it: whole with CAPACITY_TORTURE, else smaller."""

import os
from functools import cache

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.pdf.rendering import html_for_paper
from tests.outputs.boxes import Piece, lay_out, pieces
from tests.outputs.chapters import view_of
from tests.outputs.hostile import hostile_dossier

IS_LONG = bool(os.environ.get("CAPACITY_TORTURE"))


@cache
def sized_dossier() -> Dossier:
    """Make the hostile dossier; of every kind of text there is one in the smaller form too."""
    return hostile_dossier() if IS_LONG else hostile_dossier(evidence=12, longest=1_200)


@cache
def laid(language: str, second: str = "") -> tuple[Piece, ...]:
    """Lay the hostile dossier out and give every text on every page."""
    html = html_for_paper(view_of(sized_dossier(), Translator(language), second=second), Translator(language))
    return tuple(pieces(lay_out(html)))
