"""Training and assistance needs, topic by topic: what was asked outright, and what other answers point to."""

from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.instrument import Column
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring import Band
from capacity_app.domain.training import Need, TrainingNeeds, actions_for, training_needs
from capacity_app.palette import LEVEL_SIGNS
from capacity_app.wording import YES_NO_WORDS, Wording
from capacity_app.workbook.layout import entry_mark
from capacity_app.workbook.page import Book, Cell
from capacity_app.workbook.registers import close_register, end_entries, open_register
from capacity_app.workbook.shown import action_numbers

_BANDS = tuple(Band)


def _level(words: Wording, level: int | None) -> Cell:
    """Say a level by sign and number."""
    if level is None:
        return Cell("–", "quiet")
    return Cell(f"{LEVEL_SIGNS[level]}  {words.level(level)}", f"band_{_BANDS[level]}")


def _options(words: Wording, found: TrainingNeeds, column: Column | None, ids: tuple[str, ...]) -> str:
    if column is None or found.question is None:
        return "; ".join(ids)
    known = column.option_by_id
    named = (words.option(found.question, column, known[one]) if one in known else one for one in ids)
    return "; ".join(named)


def _cells(appraisal: Appraisal, words: Wording, found: TrainingNeeds, need: Need) -> list[Cell]:
    columns = found.columns
    had_any = "yes" if need.trained else "no"
    trained = "" if need.trained is None else words.texts.gettext(YES_NO_WORDS[had_any])
    priority = (need.priority,) if need.priority else ()
    return [
        Cell(words.topic(need), "label_strong"),
        Cell(words.say(N_("not applicable")), "quiet") if need.is_out else _level(words, need.level),
        Cell("–", "quiet") if need.is_out else _level(words, need.target),
        Cell(need.steps or None, "middle"),
        Cell(_options(words, found, columns.priority if columns else None, priority)),
        Cell(_options(words, found, columns.help if columns else None, need.help)),
        Cell("; ".join(words.agency(agency) for agency in need.who)),
        Cell(trained),
        Cell(", ".join(dict.fromkeys(gap.number for gap in need.gaps))),
        Cell(action_numbers(appraisal, words, actions_for(need, appraisal.dossier.actions))),
    ]


def write_training(appraisal: Appraisal, words: Wording, book: Book) -> None:
    """Write the needs, the most pressing first."""
    say = words.say
    headings = (
        (say(N_("No.")), 6), (say(N_("Topic")), 36), (say(N_("Level")), 29), (say(N_("Wanted level")), 29),
        (say(N_("Steps")), 8), (say(N_("Priority")), 12), (say(N_("Kind of help")), 30), (say(N_("Who needs it")), 22),
        (say(N_("Course held")), 10), (say(N_("Low answers that point to it")), 30), (say(N_("Actions")), 10),
    )  # fmt: skip
    found = training_needs(appraisal.sheet, appraisal.gaps)
    page = open_register(book, words, "training", say(N_("Training needs")), headings)
    for number, need in enumerate(found.needs, start=1):
        first, said = Cell(words.texts.numeral(number), "number"), _cells(appraisal, words, found, need)
        cells = [first, *said, Cell(None, "input")]
        page.line(cells, entry_mark("training", need.topic.id))
    end_entries(page, words, found.needs)
    close_register(page)
