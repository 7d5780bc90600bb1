"""What the section tree says in words: how much was found, and what an empty tree means."""

from capacity_app.texts import Texts
from capacity_app.ui.questionnaire.filters import EMPTY_WORDS, Filter
from capacity_app.ui.wording import Wording


def places_words(places: int, most: int, texts: Texts) -> str:
    """Say how many places were found, and that only the first ``most`` are listed."""
    said = texts.ngettext("{count} place", "{count} places", places).format(count=texts.number(places))
    if places <= most:
        return said
    pattern = texts.gettext("{places}; the first {shown} are shown: type more letters")
    return pattern.format(places=said, shown=texts.number(most))


def empty_words(chosen: Filter, named: str, typed: str, wording: Wording, respondent: str) -> str:
    """Say why the tree is empty and what to do; ``named`` is the filter in words, ``typed`` what is searched."""
    texts = wording.texts
    if not typed:
        return texts.gettext(EMPTY_WORDS[chosen]).format(agency=wording.agency(respondent))
    said = texts.gettext(
        "Nothing contains “{words}”. Try fewer letters or another word; capitals and accents do not matter."
    ).format(words=" ".join(typed.split()))
    if chosen is Filter.ALL:
        return said
    narrowed = texts.gettext("Only these questions were searched: {filter}.").format(filter=named)
    return f"{said} {narrowed}"
