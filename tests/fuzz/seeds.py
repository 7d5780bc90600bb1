"""The honest files from which the fuzzer begins: small ones, made when they are needed."""

import json
from collections.abc import Callable
from pathlib import Path

from capacity_app.i18n.translator import Translator
from capacity_app.questionnaires.instrument_json import encode_instrument
from capacity_app.services.reports import report_bytes
from capacity_app.services.session.dossier_json import dossier_to_json
from tests.builders import small_dossier, small_instrument
from tests.domain.making import say
from tests.questionnaires.test_keys import EVERYTHING
from tests.untrusted.strangers import tricks

Files = dict[str, bytes]
PDF = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n"


def _report(ending: str) -> bytes:
    return report_bytes(small_dossier(), ending, texts=Translator("en"))


def workbooks() -> Files:
    """Return workbooks: one with answers, one with next to none, one that nobody's program would write."""
    bare = small_dossier(answers=(say("i.law", 1),), people=(), meetings=(), actions=(), ratings=())
    return {
        "answered": _report(".xlsx"),
        "bare": report_bytes(bare, ".xlsx", texts=Translator("ar")),
        "odd": tricks(Path("/nowhere/canary"))["formulas that start programs"].make(),
    }


def word_files() -> Files:
    """Return Word files."""
    return {"answered": _report(".docx")}


def dossiers() -> Files:
    """Return dossiers: one with a document and a previous round, one with next to nothing."""
    whole = small_dossier(previous=small_dossier())
    return {
        "whole": dossier_to_json(whole, {}).encode(),
        "bare": dossier_to_json(small_dossier(answers=(), evidence=()), {}).encode(),
        "not ours": json.dumps({"format": "something else"}).encode(),
    }


def folders() -> Files:
    """Return folders of an instrument, each as one text: the files, one below the other."""
    return {"everything": "".join(f"--- {name}\n{text}" for name, text in EVERYTHING.items()).encode()}


def copies() -> Files:
    """Return copies of an instrument as they travel inside an assessment."""
    return {"small": encode_instrument(small_instrument()).encode()}


def reports() -> Files:
    """Return reports that carry a content hash."""
    return {ending: _report(ending) for ending in (".pdf", ".html", ".docx", ".xlsx")}


def wordings() -> Files:
    """Return wordings of an instrument in another language."""
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Last-Translator: A. Person\\n"\n'
    entry = '\n#, fuzzy\nmsgctxt "small|a|text"\nmsgid "One"\nmsgstr "Un"\n'
    plural = '\n#| msgid "old"\nmsgid "two"\nmsgid_plural "twos"\nmsgstr[0] "deux"\nmsgstr[1] "\\x41\\"\n'
    return {"small": (head + entry + entry.replace("#, fuzzy\n", "").replace("|a|", "|b|") + plural).encode()}


def anything() -> Files:
    """Return a file of every kind."""
    few = {name: trick.make() for name, trick in tricks(Path("/nowhere/canary")).items()}
    small = {name: content for name, content in few.items() if 0 < len(content) < 60_000}
    return {**small, "pdf": PDF, "dossier": dossiers()["bare"]}


Seeds = Callable[[], Files]
