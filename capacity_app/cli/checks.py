"""The command that lists everything weak: check."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from capacity_app.cli.options import as_json_option, command, file_argument, option
from capacity_app.cli.speaking import DONE, PROBLEMS, list_problems, print_json, say
from capacity_app.cli.unlocking import open_assessment
from capacity_app.domain.findings import KIND_WORDS, Finding, FindingKind, by_kind
from capacity_app.domain.problems import N_, KnownError
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.services.checking import weak_points
from capacity_app.services.results import problem_data
from capacity_app.texts import Texts


def _wanted(session: AssessmentSession, kind: str, section: str) -> tuple[Finding, ...]:
    """Keep the findings of one kind and one part, named by its id or its printed number; raises KnownError."""
    sections = {name: part.id for part in session.instrument.sections for name in (part.number, part.id)}
    if section and section not in sections:
        known = ", ".join(part.number for part in session.instrument.sections)
        raise KnownError(N_("There is no part “{name}”. Choose one of: {known}."), name=section, known=known)
    return tuple(
        finding
        for finding in weak_points(session)
        if kind in {"", finding.kind} and (not section or finding.section == sections[section])
    )


def _data(findings: Iterable[Finding], texts: Texts) -> list[dict[str, Any]]:
    translate, found = texts.gettext, []
    for finding in findings:
        group = {"kind": finding.kind.value, "group": translate(KIND_WORDS[finding.kind]), "section": finding.section}
        found.append({**group, **problem_data(finding.problem, translate)})
    return found


def _list_groups(findings: Iterable[Finding], texts: Texts) -> None:
    """Print each group under its name and count."""
    for kind, found in by_kind(findings).items():
        say(f"{texts.gettext(KIND_WORDS[kind])} ({texts.number(len(found))})")
        list_problems((finding.problem for finding in found), texts.gettext, indent="  ")
        say()


@command()
@file_argument()
@as_json_option
@option(
    "--kind",
    type=click.Choice(["", *(kind.value for kind in FindingKind)]),
    default="",
    help=N_("Only this kind of point."),
)
@option("--section", default="", help=N_("Only one part, by its printed number or id."))
@click.pass_obj
def check(texts: Texts, file: Path, as_json: bool, kind: str, section: str) -> int:  # noqa: FBT001 - as click passes it
    """List damage of the file and everything weak in the assessment, in the groups of the window."""
    with open_assessment(file) as session:
        damage = () if section or kind not in {"", FindingKind.FILE} else session.check_file()
        findings = (*(Finding(FindingKind.FILE, one) for one in damage), *_wanted(session, kind, section))
    count = len(findings)
    if as_json:
        print_json(_data(findings, texts))
    else:
        _list_groups(findings, texts)
        say(texts.ngettext("{count} point to look at.", "{count} points to look at.", count).format(count=count))
    return PROBLEMS if count else DONE
