"""In which language a piece of text of a PDF is, where it is not that of the whole: a voice reads it accordingly.

WeasyPrint says the language of the document only. Its tags of texts come in the order of the boxes they are made
of, page by page, so that the languages of the boxes can be given to the tags.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from weasyprint import Document


def _inside(box: Any) -> Iterator[Any]:  # noqa: ANN401 - WeasyPrint publishes no types
    from weasyprint.formatting_structure.boxes import LineBox  # noqa: PLC0415 - WeasyPrint is slow to import

    for child in getattr(box, "children", ()):
        yield from child.children if isinstance(child, LineBox) else (child,)


def _spoken(box: Any) -> Iterator[str]:  # noqa: ANN401 - as above
    """Yield the languages of a page's texts in the order of their tags; a link holds its texts without tags."""
    from weasyprint.formatting_structure.boxes import TextBox  # noqa: PLC0415 - as above

    box = getattr(box, "_box", box)  # what is placed absolutely stands behind a placeholder
    is_link = box.element is not None and str(box.element_tag).partition(":")[0] == "a"
    for child in _inside(box):
        if not isinstance(child, TextBox):
            yield from _spoken(child)
        elif not is_link:
            yield child.style["lang"] or ""


def _tags(pdf: Any) -> dict[bytes, list[Any]]:  # noqa: ANN401 - pydyf publishes no types
    """Return the tags of texts by page, in their order."""
    found: dict[bytes, list[Any]] = defaultdict(list)
    for each in pdf.objects:
        is_tag = isinstance(each, dict) and each.get("Type") == "/StructElem" and each["S"] == "/Span"
        if is_tag and len(each["K"]) == 1 and isinstance(each["K"][0], int):
            found[each["Pg"]].append(each)
    return found


def mend_languages(document: "Document", pdf: Any) -> None:  # noqa: ANN401 - as above
    """Say the language of every text that is not in the document's; before other tags are mended."""
    from pydyf import String  # type: ignore[import-untyped]  # noqa: PLC0415 - comes with WeasyPrint, used late

    tags = _tags(pdf)
    for page, reference in zip(document.pages, pdf.page_references, strict=True):
        languages = list(_spoken(page._page_box))  # noqa: SLF001 - WeasyPrint's own tags are made of it
        if len(languages) == len(tags[reference]):
            for language, tag in zip(languages, tags[reference], strict=True):
                if language and language != document.metadata.lang:
                    tag["Lang"] = String(language)
