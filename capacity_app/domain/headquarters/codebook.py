"""The codebook of headquarters' tables: what every column holds, and which codes answers have."""

import json
import typing
from collections.abc import Iterable, Iterator
from types import UnionType

from capacity_app.domain.headquarters.tidy_tables import TABLES, QuestionRow, column_types
from capacity_app.domain.problems import N_

CODEBOOK_COLUMNS = (
    "data_table", "variable", "type", "meaning", "instrument_hash", "question", "grid_column", "code", "label",
)  # fmt: skip
WHOSE_COLUMNS = ("country", "round", "assessment")
"""The columns that exported tables of a file's rows begin with."""
_NO_FILE_ROWS = frozenset({"files", "assessments", "questions", "countries"})
_DATES = frozenset({"start_date", "end_date"})
_TYPES = {str: "text", int: "whole number", float: "number"}


def column_type(table: str, column: str) -> str:
    """Return what a column holds: text, whole number, number, true or false, date, or time."""
    if column in _DATES:
        return "date"
    if column == "last_change":
        return "time"
    if column.startswith("is_"):
        return "true or false"
    if column in WHOSE_COLUMNS:
        return "text"
    hint = column_types(TABLES[table][0])[column]
    kinds = typing.get_args(hint) if isinstance(hint, UnionType) else (hint,)
    return next((_TYPES[kind] for kind in (float, int) if kind in kinds), "text")


def exported_columns(table: str) -> tuple[str, ...]:
    """Return the columns of a tidy table as it goes out, with whose rows they are."""
    own = tuple(column_types(TABLES[table][0]))
    return own if table in _NO_FILE_ROWS else (*WHOSE_COLUMNS, *own)


def codebook_rows(questions: Iterable[QuestionRow]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the codebook: first every column, then the codes of every question or column of a table."""
    for table in TABLES:
        for name in exported_columns(table):
            meaning = COLUMN_MEANINGS.get(f"{table}.{name}") or COLUMN_MEANINGS[name]
            yield table, name, column_type(table, name), meaning, "", "", "", "", ""
    told = set()
    for row in questions:
        key = (row.instrument_hash, row.question, row.grid_column)
        if row.options and key not in told:
            told.add(key)
            for code, label in json.loads(row.options).items():
                variable = "number" if row.kind == "level" else "text"
                yield "answers", variable, "code", "", *key, code, label


SHARED_MEANINGS = {
    "amount": N_("cost in the currency of the action"),
    "assessment": N_("id of the assessment, the same in all its copies"),
    "cost": N_("note on the cost"),
    "country": N_("country, ISO 3166-1 alpha-3"),
    "coverage": N_("share of the weight that is answered, 0 to 1"),
    "currency": N_("currency, ISO 4217"),
    "evidence_index": N_("strength of the evidence, 0 to 1"),
    "feasibility": N_("how hard the gap is to close"),
    "funded": N_("funded part of the cost"),
    "funding": N_("funding status"),
    "funding_source": N_("who pays, or is asked to pay"),
    "importance": N_("importance of the question, 1 to 3"),
    "level": N_("level reached, 0 to 3"),
    "lower": N_("lowest score that open answers allow"),
    "na_share": N_("share of the weight that does not apply, 0 to 1"),
    "number": N_("printed number"),
    "priority": N_("priority from severity and feasibility"),
    "progress": N_("how far the action has come"),
    "question": N_("id of the question"),
    "responsible": N_("id of the responsible agency"),
    "round": N_("round of the assessment"),
    "score": N_("score, 0 to 100"),
    "status": N_("whether the score is final, provisional or withheld"),
    "steps": N_("levels from the level reached to the target"),
    "title": N_("what is to be done"),
    "type": N_("type of the action"),
    "upper": N_("highest score that open answers allow"),
    "verified": N_("score with answers that have evidence only, 0 to 100"),
}
"""What columns hold that a workbook has too."""
COLUMN_MEANINGS = SHARED_MEANINGS | {
    "action": "id of the action",
    "actions": "number of actions that close the gap",
    "address": "the question, or the question and the row of its table, joined by “/”",
    "advice": "id of the advice, for translation",
    "answers": "number of answers in the file",
    "band": "band of the score, or two joined by “to”",
    "breakdown": "by what the statistic is broken down, such as sex or birth",
    "commitments": "codes of international commitments, joined by “; ”",
    "completeness": "share of the places for answers that were asked, 0 to 1",
    "content_hash": "hash of the content of the assessment (SHA-256)",
    "country_name": "name of the country",
    "details": "values of the sentence, for translation (JSON)",
    "edited_cells": "number of cells that were edited in a workbook",
    "end_date": "last day of the action",
    "fate": "what became of the file",
    "file_hash": "hash of the file (SHA-256); joins all rows of one file",
    "gaps": "addresses of the gaps that the action closes, joined by “; ”",
    "grid_column": "id of the column of a table, empty for a question",
    "grid_row": "id of the row of a table, empty for a question",
    "instrument": "id of the questionnaire",
    "instrument_hash": "hash of the questionnaire (SHA-256); joins assessments and questions",
    "instrument_version": "version of the questionnaire",
    "intermediate": "name of the intermediate region (M49)",
    "intermediate_m49": "code of the intermediate region (M49)",
    "is_core": "whether the section belongs to the questionnaire itself or is the overall score",
    "is_newest": "whether this is the newest round of the country",
    "is_open": "whether the answer is open and the severity is its worst case",
    "is_wanted": "whether the breakdown earns points",
    "kind": "kind of answer",
    "files.kind": "kind of file",
    "language": "language of the assessment (BCP 47)",
    "last_change": "when the last answer was recorded, in Coordinated Universal Time",
    "layer": "who answers: response, judgement or validated; effective is what counts of them",
    "m49": "country, M49 as three digits",
    "message": "id of the sentence, for translation",
    "name": "name of the country",
    "note": "note on the answer",
    "mission_end": "last day of the visit",
    "mission_start": "first day of the visit",
    "answers.number": "the answer, if it is a level, a count, a year or a percentage",
    "options": "codes and labels of the answers (JSON)",
    "other_file": "file that this one duplicates, or that supersedes it",
    "partners": "codes of the partners, joined by “; ”",
    "path": "path of the file, relative to the folder",
    "place": "where in the file the problem is",
    "position": "place in printed order",
    "problem": "number of the problem in the file",
    "problems": "number of problems in the file",
    "questions": "selection of questions that is asked, such as short; empty for all",
    "reason": "why the answer does not apply, or why the assessor judges so",
    "files.reason": "why the file is not read, or is read with problems",
    "problems.reason": "what is wrong",
    "region": "name of the region (M49)",
    "region_m49": "code of the region (M49)",
    "respondent": "id of the agency, empty for other layers",
    "round_number": "number of the round of the country, from 1; 0 for copies that another file replaces",
    "section": "id of the section; overall is the overall score",
    "section_title": "title of the section",
    "severity": "steps times importance",
    "problems.severity": "how serious the problem is",
    "severity_class": "severity class",
    "share": "1 yes, between partly, 0 no, empty while nobody has said",
    "size": "size of the file in bytes",
    "standing": "of an effective answer: wanted; settled or row_out by another answer; hidden by a condition; spare",
    "start_date": "first day of the action",
    "state": "whether the question is answered; conflict where agencies disagree",
    "assessments.status": "whether the assessment is a draft, reviewed or validated",
    "strategy_item": "item of the national strategy",
    "subregion": "name of the subregion (M49)",
    "subregion_m49": "code of the subregion (M49)",
    "tags": "tags of the question, joined by “; ”",
    "target": "level that the target asks for",
    "text": "the answer, if it is a text or codes joined by “; ”",
    "wording": "wording of the question, row or cell",
}
"""What the columns hold, by name, or by table and name where the same name means something else."""
