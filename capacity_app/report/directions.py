"""A typed text that turns the direction of writing around turns only itself: what it opens is closed behind it."""

_OPENS_EMBEDDING, _CLOSES_EMBEDDING = frozenset("\u202a\u202b\u202d\u202e"), "\u202c"
_OPENS_ISOLATE, _CLOSES_ISOLATE = frozenset("\u2066\u2067\u2068"), "\u2069"
_SIGNS = _OPENS_EMBEDDING | _OPENS_ISOLATE


def closed(text: object) -> object:
    """Close the directions that a text leaves open; anything else comes back as it is."""
    if type(text) is not str or text.isascii() or _SIGNS.isdisjoint(text):
        return text
    return text + _closing(text)


def _closing(text: str) -> str:
    """Return the signs that close what a text leaves open, the last opened first."""
    still_open: list[str] = []
    for letter in text:
        if letter in _OPENS_EMBEDDING:
            still_open.append(_CLOSES_EMBEDDING)
        elif letter in _OPENS_ISOLATE:
            still_open.append(_CLOSES_ISOLATE)
        elif letter == _CLOSES_EMBEDDING and still_open[-1:] == [letter]:
            still_open.pop()
        elif letter == _CLOSES_ISOLATE and letter in still_open:
            # The end of an isolate closes everything that was opened inside it.
            while still_open.pop() != letter:
                pass
    return "".join(reversed(still_open))
