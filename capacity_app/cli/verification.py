"""The command that says what a file is and how its content compares with an assessment's: verify."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from capacity_app.cli.limits import CHECK, limited
from capacity_app.cli.options import FILE, as_json_option, command, file_argument, limit_options
from capacity_app.cli.terminal import MOST_LISTED, keys_for, print_problems, print_result, say
from capacity_app.domain.assessment.verification import FileMedium, Observation, Verdict, Verification
from capacity_app.domain.content_hash import format_hash
from capacity_app.domain.problems import N_, printable, problem_data
from capacity_app.domain.text_diff import PrintedComparison
from capacity_app.i18n.countries import m49_from_alpha3
from capacity_app.i18n.formatter import format_moment, profile_text
from capacity_app.i18n.translator import Translator
from capacity_app.services.child_process import CHECK_MEMORY_LIMIT, CHECK_TIME_LIMIT

MEDIUM_LABELS: dict[FileMedium, str] = {
    FileMedium.PDF: N_("A PDF file"),
    FileMedium.WORD: N_("A report as Word file"),
    FileMedium.HTML: N_("A report as web page"),
    FileMedium.WORKBOOK: N_("A workbook"),
    FileMedium.DOSSIER: N_("A JSON dossier"),
    FileMedium.ASSESSMENT: N_("An assessment"),
    FileMedium.SUBMISSIONS: N_("Answers collected with ODK or KoboToolbox"),
}
_SIGNS = {Verdict.GOOD: "✓", Verdict.NOTE: "•", Verdict.BAD: "✗"}
_WIDTH = 22


def _facts(found: Verification, texts: Translator) -> Iterator[tuple[str, str, str]]:
    """Yield what a file says of itself as name, label and text; what it does not say is left out."""
    say, stamp, signed = texts.gettext, found.stamp, found.signature
    instrument = " ".join(part for part in (stamp.instrument, stamp.instrument_version) if part)
    profile = profile_text(texts, stamp.profile)
    facts = (
        ("kind", say("Kind"), say(MEDIUM_LABELS[found.medium])),
        ("title", say("Title"), found.title),
        ("country", say("Country"), _country(stamp.country, texts)),
        ("round", say("Round"), stamp.round),
        ("instrument", say("Questionnaire"), instrument),
        ("profile", say("Scope"), profile),
        ("language", say("Language"), texts.language_name(stamp.language) if stamp.language else ""),
        ("last_answer", say("Last answer"), format_moment(texts, stamp.exported)),
        ("signed", say("Signed"), format_moment(texts, signed.time) if signed else ""),
        ("certificate", say("Certificate"), format_hash(signed.certificate) if signed else ""),
        ("content_hash", say("Content hash"), format_hash(stamp.content_hash)),
    )
    return (fact for fact in facts if fact[2])


def _country(code: str, texts: Translator) -> str:
    m49 = code if code.isdecimal() else m49_from_alpha3(code)
    return texts.country(m49) if m49 else code


def _text(one: Observation, texts: Translator) -> str:
    return texts.gettext(one.message).format(**dict(one.values))


def _data(found: Verification, texts: Translator) -> dict[str, Any]:
    facts = [{"name": name, "label": label, "text": text} for name, label, text in _facts(found, texts)]
    told = [{"code": one.code, "verdict": one.verdict.value, "text": _text(one, texts)} for one in found.observations]
    return {
        "file": found.file,
        "kind": found.medium.value,
        "ok": found.is_good,
        "match": found.match.value if found.match else None,
        "signature": asdict(found.signature) if found.signature else None,
        "stamp": asdict(found.stamp),
        "facts": facts,
        "observations": told,
        "damage": [problem_data(problem, texts.gettext) for problem in found.damage],
        "printed": _printed_data(found.printed, texts),
    }


def _printed_data(printed: PrintedComparison | None, texts: Translator) -> dict[str, Any] | None:
    if printed is None:
        return None
    places = [asdict(one) | {"text": one.text(texts.gettext)} for one in printed.places]
    return {
        "is_compared": not printed.reason_not_compared,
        "compared": printed.compared,
        "changed": printed.total,
        "filled": printed.filled,
        "places": places,
    }


def _print(found: Verification, texts: Translator) -> None:
    say(printable(found.file))
    for _name, label, text in _facts(found, texts):
        say(f"  {label:<{_WIDTH}} {text}")
    say()
    for one in found.observations:
        say(f"{_SIGNS[one.verdict]} {_text(one, texts)}")
    for place in found.printed.places if found.printed else ():
        say(f"  {place.text(texts.gettext)}")
    if found.printed and (left := found.printed.total + found.printed.filled - len(found.printed.places)) > 0:
        say(texts.gettext("  Further differences that are not listed: {count}.").format(count=left))
    print_problems(found.damage, texts.gettext, indent="  ", most=MOST_LISTED)


@command()
@file_argument()
@click.argument("against", type=FILE, required=False, default=None)
@as_json_option
@limit_options(seconds=CHECK_TIME_LIMIT, megabytes=CHECK_MEMORY_LIMIT)
def verify(texts: Translator, file: Path, against: Path | None, *, as_json: bool) -> bool:
    keys = keys_for(file, *([against] if against else []))
    with limited(CHECK, texts):
        from capacity_app.services.exchange.verification import verify as find_out  # noqa: PLC0415 - only this command needs it

        found = find_out(file, against, keys)
    print_result(_data(found, texts), lambda: _print(found, texts), as_json=as_json)
    return found.is_good


@command()
def key(texts: Translator) -> None:
    from capacity_app.services.protection import own_certificate_fingerprint  # noqa: PLC0415 - only this command needs it

    known = own_certificate_fingerprint()
    none = texts.gettext("This computer has no certificate yet. The program makes one with the first report as PDF.")
    say(f"{format_hash(known)} · {known}" if known else none)
