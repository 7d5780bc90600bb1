"""What a web page prints, text by text, each with the tags around it, which may hide it or put words before it."""

import re
from html.parser import HTMLParser

from capacity_app.domain.printed_texts import PrintedText, plain
from capacity_app.report.view.marks import CONTENT, property_name
from capacity_app.report.view.pieces import shortened

_EMPTY = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
})  # fmt: skip
_HEADINGS = re.compile(r"h[1-6]")
_FONT = re.compile(r"@font-face\s*\{[^{}]*\}")
_OWN_MARK = property_name("")
_PLACE_WIDTH = 60
_DEEPEST = 500


class _Page(HTMLParser):
    """Collects texts, and elements that hold none."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[PrintedText] = []
        self.content = ""
        self._open: list[tuple[str, str]] = []
        self._heading, self._number, self._is_fresh = "", 0, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "meta" and (said.get("name") or "").startswith(_OWN_MARK):
            if said.get("name") == property_name(CONTENT):
                self.content = said.get("content") or ""
            return
        around = self._open[-1][1] if self._open else ""
        # A hash keeps the key of what is deep inside as short as that of what is not.
        key = str(hash((around, tag, tuple(sorted((name, plain(text or "")) for name, text in attrs)))))
        self._is_fresh = bool(attrs)
        if tag in _EMPTY:
            if attrs:
                self._keep("", key)
        elif len(self._open) < _DEEPEST:
            self._open.append((tag, key))

    def handle_endtag(self, tag: str) -> None:
        if tag not in {name for name, _ in self._open}:
            return
        if self._is_fresh:
            self._keep("", self._open[-1][1])
        while self._open.pop()[0] != tag:
            continue

    def handle_data(self, data: str) -> None:
        if text := plain(_FONT.sub("", data) if self._open and self._open[-1][0] == "style" else data):
            self._keep(text, self._open[-1][1] if self._open else "")

    def handle_decl(self, decl: str) -> None:
        """Leave out the document type."""

    def unknown_decl(self, data: str) -> None:
        self._keep(data, "declaration")

    def _keep(self, text: str, key: str) -> None:
        self._number, self._is_fresh = self._number + 1, False
        if text and self._open and any(_HEADINGS.fullmatch(tag) for tag, _ in self._open):
            is_going_on = self._number == 1 and self._heading
            self._heading = shortened(f"{self._heading} {text}" if is_going_on else text, _PLACE_WIDTH)
            self._number = 0
        place = f"{self._heading} ¶ {self._number}".strip()
        self.texts.append(PrintedText(text, place, f"{key} {text}"))


def printed_on_page(page: str) -> tuple[list[PrintedText], str]:
    """Return what a web page prints, in order, and the content it carries, empty if it carries none."""
    reader = _Page()
    reader.feed(page)
    reader.close()
    return reader.texts, reader.content
