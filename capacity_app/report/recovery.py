"""The recovery sheet: one page with the words that open a protected file, to be printed and locked away."""

import hashlib
from dataclasses import dataclass

from markupsafe import Markup

from capacity_app.domain.problems import N_
from capacity_app.report.html import environment, style
from capacity_app.report.pdf.faces import with_faces_for_paper
from capacity_app.report.pdf.letters import printable
from capacity_app.report.pdf.report import counters_css, set_pages
from capacity_app.report.pdf.soft_breaks import breakable
from capacity_app.texts import Texts

_ROW = 4
HOW_TO_USE = (
    N_(
        "If the passphrase is forgotten, open the file, choose “I have the recovery key” and type the 24 words in the "
        "order of their numbers."
    ),
    N_(
        "The words open this file, its copies and its backups without the passphrase: whoever has this sheet and the "
        "file can read everything in it."
    ),
    N_(
        "Keep this sheet locked away and apart from the computer; do not photograph it, send it or type it into "
        "another program."
    ),
    N_(
        "Changing the passphrase makes a new recovery key: print a new sheet then, and destroy this one once no older "
        "copy is needed any more."
    ),
)


@dataclass(frozen=True, slots=True)
class RecoverySheet:
    """What stands on the sheet: the file's name, which assessment it is, the day, and the words in their order."""

    file: str
    assessment: str
    date: str
    words: tuple[str, ...]

    @property
    def rows(self) -> tuple[tuple[tuple[int, str], ...], ...]:
        """The numbered words in lines of four."""
        numbered = tuple(enumerate(self.words, start=1))
        return tuple(numbered[at : at + _ROW] for at in range(0, len(numbered), _ROW))


def sheet_html(sheet: RecoverySheet, texts: Texts) -> str:
    """Print the sheet as the HTML that WeasyPrint sets."""
    css = Markup(style("report.css", "recovery.css") + "\n" + counters_css(texts))  # noqa: S704 - our own sheets
    template = environment(texts, lambda text: breakable(printable(text))).get_template("recovery.html.j2")
    sentences = tuple(map(texts.gettext, HOW_TO_USE))
    direction = "rtl" if texts.right_to_left else "ltr"
    html = template.render(sheet=sheet, sentences=sentences, language=texts.language, direction=direction, style=css)
    return with_faces_for_paper(html)


def render_sheet(sheet: RecoverySheet, texts: Texts) -> bytes:
    """Print the sheet as PDF, the same bytes for the same sheet."""
    html = sheet_html(sheet, texts)
    return set_pages(html, "", hashlib.sha256(html.encode()).hexdigest()[:32].encode())
