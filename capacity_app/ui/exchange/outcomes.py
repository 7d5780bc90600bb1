"""What was brought in, in one or two sentences."""

from capacity_app.services.merging.merge import MergeResult
from capacity_app.texts import Texts
from capacity_app.ui.exchange.intake_page import Taken
from capacity_app.ui.registers.entry_words import Vocabulary


def _counted(texts: Texts, one: str, many: str, count: int) -> str:
    return texts.ngettext(one, many, count).format(count=texts.number(count))


def taken_sentence(words: Vocabulary, taken: Taken) -> str:
    texts = words.texts
    told = [
        texts.gettext("“{file}” was imported as answers of {agency}.").format(
            file=taken.file, agency=words.title_of("agencies", taken.agency)
        ),
        _counted(texts, "{count} answer was imported.", "{count} answers were imported.", taken.answers),
    ]
    if taken.remarks:
        told.append(_counted(texts, "{count} remark was kept.", "{count} remarks were kept.", taken.remarks))
    if taken.unplaced:
        told.append(_counted(
            texts,
            "{count} text that belongs to no question is kept with the file.",
            "{count} texts that belong to no question are kept with the file.",
            taken.unplaced,
        ))  # fmt: skip
    return " ".join(told)


def merged_sentence(texts: Texts, result: MergeResult) -> str:
    """Say what was merged or settled."""
    told = []
    if result.revisions:
        told.append(_counted(texts, "{count} change was merged.", "{count} changes were merged.", result.revisions))
    if result.settled:
        told.append(_counted(texts, "{count} conflict is decided.", "{count} conflicts are decided.", result.settled))
    if result.still_open:
        told.append(_counted(
            texts, "{count} conflict is still open.", "{count} conflicts are still open.", result.still_open
        ))  # fmt: skip
    told += [problem.text(texts.gettext) for problem in result.problems]
    return " ".join(told) or texts.gettext("Everything was here already: nothing was changed.")
