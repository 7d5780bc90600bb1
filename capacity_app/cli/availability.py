"""The command that prints which source serves which topic, and what is known of children."""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import click

from capacity_app.cli.options import NEW_FILE, as_json_option, command, file_argument, option
from capacity_app.cli.speaking import DONE, print_json, say, say_wrote
from capacity_app.cli.unlocking import open_assessment
from capacity_app.domain.availability import Cell, Matrix, SourceUse, availability
from capacity_app.domain.children import ChildLens, child_lens
from capacity_app.domain.problems import N_
from capacity_app.domain.topics import APPLIES, Service, Topic
from capacity_app.files.atomic import write_atomically
from capacity_app.palette import LEVEL_SIGNS, NAMED_SIGN, NOT_APPLICABLE_SIGN, OPEN_SIGN
from capacity_app.services.availability import (
    availability_data,
    counts_text,
    matrix_rows,
    served_text,
    source_name,
    topic_text,
)
from capacity_app.services.child_lens import (
    age_group_rows,
    answer_rows,
    children_data,
    lens_rows,
    share_text,
    statistic_rows,
)
from capacity_app.services.tables import to_csv
from capacity_app.texts import Texts
from capacity_app.wording import Wording

_NUMBER, _LABEL = 8, 40


def _sign(topic: Topic, cell: Cell | None) -> str:
    if topic.service not in APPLIES:
        return NOT_APPLICABLE_SIGN
    if cell is None:
        return "·"
    if not topic.is_scored:
        return NAMED_SIGN
    return OPEN_SIGN if topic.level is None else LEVEL_SIGNS[topic.level]


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _print_grid(words: Wording, matrix: Matrix, topics: Iterable[Topic]) -> None:
    for topic in topics:
        signs = " ".join(f"{_sign(topic, matrix.cell(topic, use)):<3}" for use in matrix.sources)
        label = _cut(words.row(topic.question, topic.row), _LABEL)
        year = str(topic.year or "")
        said = f"{year:<5}{matrix.letters_of(topic)}" if topic.service is Service.SERVED else topic_text(words, topic)
        say(f"{topic.row.number:<{_NUMBER}}{label:<{_LABEL}}  {signs} {said}".rstrip())


def _source_line(words: Wording, matrix: Matrix, use: SourceUse) -> str:
    return f"{use.code:<4}{source_name(words, use)}: {counts_text(words, matrix.topics_of(use))}"


def _print_matrix(words: Wording, matrix: Matrix) -> None:
    codes = " ".join(f"{use.code:<3}" for use in matrix.sources)
    for question, topics in groupby(matrix.topics, key=lambda topic: topic.question):
        say(f"{question.number}  {words.question(question)}")
        say(f"{'':<{_NUMBER + _LABEL}}  {codes}".rstrip())
        _print_grid(words, matrix, topics)
        say()
    for use in matrix.sources:
        say(_source_line(words, matrix, use))
    say(words.say(N_("● full  ◑ ◔ partial  ○ next to nothing  ? not known yet  ✓ named  – not applicable")))
    say(served_text(words, matrix))


def _print_rows(rows: Iterable[list[str]]) -> None:
    """Print rows of words, the first two columns in line."""
    for number, label, *cells in rows:
        say(f"{number:<{2 * _NUMBER}}{_cut(label, _LABEL):<{_LABEL}}  {'  |  '.join(cells)}".rstrip())
    say()


def _print_lens(words: Wording, lens: ChildLens) -> None:
    for grid in lens.age_groups:
        _print_rows(age_group_rows(words, grid))
    _print_rows(statistic_rows(words, lens))
    _print_rows(answer_rows(words, lens))
    text = words.texts.gettext("Statistics that show age and sex: {share}")
    say(text.format(share=share_text(words, lens.age_and_sex)))
    if not lens.age_groups and not lens.is_bare:
        say(
            words.texts.gettext(
                "Age groups are not asked for here. The toolkit’s supplement CH asks for them; "
                "supplements are chosen when an assessment is made."
            )
        )


@command()
@file_argument()
@option("--children", is_flag=True, help=N_("Show what is known of children instead."))
@as_json_option
@option("--csv", type=NEW_FILE, help=N_("Write the table into a file for spreadsheets."))
@click.pass_obj
def availability_of(texts: Texts, file: Path, children: bool, as_json: bool, csv: Path | None) -> int:  # noqa: FBT001 - click passes by name
    """Print topics against sources, or the lens on children."""
    with open_assessment(file) as session:
        sheet, dossier = session.sheet, session.dossier()
    words = Wording(texts, dossier)
    found, lens = availability(sheet, dossier.sources), child_lens(sheet)
    if csv is not None:
        headings, *rows = lens_rows(words, lens) if children else matrix_rows(words, found.whole)
        write_atomically(csv, to_csv(rows, headings))
    if as_json:
        print_json(children_data(lens) if children else availability_data(found))
        return DONE
    if children:
        _print_lens(words, lens)
    else:
        _print_matrix(words, found.whole)
    if csv is not None:
        say_wrote(texts, csv)
    return DONE
