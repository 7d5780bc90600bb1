"""The synthesis as PDF: set from bundled files only, the same bytes for the same repository."""

from collections.abc import Callable

from markupsafe import Markup

from capacity_app.report.html import environment, style
from capacity_app.report.pdf.faces import with_faces_for_paper
from capacity_app.report.pdf.letters import printable
from capacity_app.report.pdf.report import footer_css, print_pages
from capacity_app.report.pdf.signing import Identity
from capacity_app.report.pdf.soft_breaks import breakable
from capacity_app.report.synthesis.view import SynthesisView, synthesis_view
from capacity_app.synthesis_wording import SynthesisWording
from capacity_app.texts import Texts


def synthesis_html(view: SynthesisView, texts: Texts) -> str:
    """Print the view as the HTML that WeasyPrint sets."""
    css = style("report.css", "across.css", "print.css", "synthesis.css") + "\n" + footer_css(view.footer, texts)
    template = environment(texts, lambda text: breakable(printable(text))).get_template("synthesis.html.j2")
    sheet = Markup(css)  # noqa: S704 - our own sheets and escaped strings
    return with_faces_for_paper(template.render(view=view, style=sheet))


def render_synthesis(
    words: SynthesisWording,
    progress: Callable[[str, float], None] | None = None,
    signer: Identity | None = None,
) -> bytes:
    """Print a synthesis as PDF; ``progress`` hears what is being done and shares from 0 to 1."""
    view = synthesis_view(words)
    return print_pages(synthesis_html(view, words.texts), view.changed, view.footer, words.texts, progress, signer)
