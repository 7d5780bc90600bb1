"""What the page that compares rounds says."""

from capacity_app.domain.comparison import Change, Comparison, ItemChange, Regression, SectionChange
from capacity_app.domain.problems import N_
from capacity_app.ui.look.lines import Line
from capacity_app.ui.wording import Wording

TAB_WORDS: dict[Change, str] = {
    Change.WORSE: N_("Worse ({count})"),
    Change.LOST: N_("No longer answered ({count})"),
    Change.NEWLY_NOT_APPLICABLE: N_("No longer applicable ({count})"),
    Change.IMPROVED: N_("Improved ({count})"),
    Change.GAINED: N_("Newly answered ({count})"),
    Change.SAME: N_("Same ({count})"),
}
"""The tabs in their order, the most worrying first."""
_SIGNS: dict[Change, tuple[str, str]] = {
    Change.WORSE: ("▼", "danger"),
    Change.LOST: ("○", "warning"),
    Change.NEWLY_NOT_APPLICABLE: ("⊘", "muted"),
    Change.IMPROVED: ("▲", "good"),
    Change.GAINED: ("●", "accent"),
    Change.SAME: ("=", "muted"),
}


def lead(wording: Wording, found: Comparison, earlier: str) -> str:
    """Say what is compared with what."""
    texts = wording.texts
    items = texts.ngettext(
        "{count} item was answered in both rounds", "{count} items were answered in both rounds", found.matched
    ).format(count=texts.number(found.matched))
    return texts.gettext(
        "Compared with {round}: {matched}, {share} of the weight of the core parts. Figures below are over these only."
    ).format(round=earlier, matched=items, share=texts.percent(found.weight_share))


def section_figures(wording: Wording, entry: SectionChange) -> str:
    """Write a part's scores then and now."""
    assert entry.before is not None
    assert entry.after is not None
    before, after = (wording.texts.number(value, 1) for value in (entry.before, entry.after))
    return wording.texts.in_order(f"{before} → {after}  ({wording.change(entry.before, entry.after)})")


def section_matched(wording: Wording, entry: SectionChange) -> str:
    """Say how much of a part was answered in both rounds."""
    texts = wording.texts
    sentence = texts.ngettext(
        "{count} item in both rounds, {share} of the weight",
        "{count} items in both rounds, {share} of the weight",
        entry.matched,
    )
    return sentence.format(count=texts.number(entry.matched), share=texts.percent(entry.weight_share))


def _title(wording: Wording, entry: ItemChange | Regression) -> str:
    number = f"{entry.question.number} {entry.row.number if entry.row else ''}".strip()
    text = wording.row(entry.question, entry.row) if entry.row else wording.question(entry.question)
    return f"{number}  {text}"


def regression_line(wording: Wording, entry: Regression) -> Line:
    """Name what was produced before and no longer is."""
    column = entry.question.column_by_id.get(entry.address.column)
    option = wording.option(entry.question, column or entry.question, entry.option)
    said = wording.texts.gettext("“{element}” was there in the earlier round and is not any more").format(
        element=option
    )
    return Line(f"{entry.address}#{entry.option.id}", _title(wording, entry), said, mark="▲", colour="danger")


def item_line(wording: Wording, entry: ItemChange) -> Line:
    """Write one item that changed: where, and its points then and now."""
    column = entry.question.column_by_id.get(entry.address.column)
    steps = (wording.share(points) if points is not None else "–" for points in (entry.before, entry.after))
    step = wording.texts.in_order(" → ".join(steps))
    detail = f"{wording.column(entry.question, column)}: {step}" if column else step
    mark, colour = _SIGNS[entry.change]
    return Line(str(entry.address), _title(wording, entry), detail, mark=mark, colour=colour)
