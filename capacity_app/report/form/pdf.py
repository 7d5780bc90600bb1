"""The blank form as PDF: set from bundled files only, the same bytes for the same form."""

import hashlib
from collections.abc import Callable

from markupsafe import Markup

from capacity_app.domain.problems import N_
from capacity_app.report.form.questionnaire import FormView
from capacity_app.report.html import environment, style
from capacity_app.report.pdf.faces import with_faces_for_paper
from capacity_app.report.pdf.letters import numbered, printable
from capacity_app.report.pdf.report import counters_css, css_string, page_numbers, set_pages
from capacity_app.report.pdf.soft_breaks import breakable
from capacity_app.texts import Texts

_SHARES = {1: 0.05, 2: 0.1, 3: 0.15, 4: 0.25, 5: 0.35, 6: 0.85, 7: 0.97}
"""How far each of WeasyPrint's steps begins; the fifth lays the pages out."""
_LETTERS_PER_PAGE = 4_500


def _margins(view: FormView, texts: Texts) -> str:
    """Say at the foot of each page which form this is and where one is, and at the head which part."""
    # Boxes at the margin have sides, not beginnings: mirrored, they change places.
    first, last = ("right", "left") if view.direction == "rtl" else ("left", "right")
    look, left = "font-size: 7.5pt; color: #000", css_string(numbered(view.footer))
    foot = f"{look}; vertical-align: top; padding-top: 4mm"
    return (
        f"@page {{ @bottom-{first} {{ content: {left}; {foot}; width: 75%; text-align: {first} }}"
        f" @bottom-{last} {{ content: {page_numbers(texts)}; {foot}; width: 25%; text-align: {last} }}"
        f" @top-{first} {{ content: string(running); {look}; text-align: {first}; width: 100%;"
        " vertical-align: bottom; padding-bottom: 4mm } }"
    )


def form_html(view: FormView, texts: Texts) -> str:
    """Print the form as the HTML that WeasyPrint sets."""
    css = "\n".join((style("form.css"), _margins(view, texts), counters_css(texts)))
    template = environment(texts, lambda text: breakable(printable(text))).get_template("form.html.j2")
    sheet = Markup(css)  # noqa: S704 - our own sheets and escaped strings
    return with_faces_for_paper(template.render(view=view, style=sheet))


def render_form(view: FormView, texts: Texts, progress: Callable[[str, float], None] | None = None) -> bytes:
    """Print the form as PDF; ``progress`` hears what is being done and shares from 0 to 1."""
    html = form_html(view, texts)
    expected = max(len(html) // _LETTERS_PER_PAGE, 1)

    def tell(step: int, page: int) -> None:
        if progress is None:
            return
        if page:
            share = _SHARES[5] + (_SHARES[6] - _SHARES[5]) * min(page / expected, 1.0)
            progress(texts.gettext(N_("Setting page {page}")).format(page=texts.number(page)), share)
        else:
            progress(texts.gettext(N_("Preparing the pages")), _SHARES.get(step, 0.0))

    identifier = hashlib.sha256(html.encode()).hexdigest()[:32].encode()
    return set_pages(html, "", identifier, tell)
