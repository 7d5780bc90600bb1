"""The command that lists everything weak: check."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from capacity_app.cli.speaking import (
    DONE,
    PROBLEMS,
    as_json_option,
    file_argument,
    list_problems,
    open_assessment,
    print_json,
    say,
)
from capacity_app.domain.findings import KIND_WORDS, Finding, FindingKind, by_kind
from capacity_app.domain.problems import N_, KnownError, Problem, Translate
from capacity_app.domain.published import questionnaire_problems
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


def _data(damage: Iterable[Problem], findings: Iterable[Finding], texts: Texts) -> list[dict[str, Any]]:
    translate = texts.gettext
    found = [{"kind": "file", "group": _file_title(texts), **problem_data(problem, translate)} for problem in damage]
    for finding in findings:
        group = {"kind": finding.kind.value, "group": translate(KIND_WORDS[finding.kind]), "section": finding.section}
        found.append({**group, **problem_data(finding.problem, translate)})
    return found


def _file_title(texts: Texts) -> str:
    return texts.gettext("The file itself")


def _list_groups(damage: tuple[Problem, ...], findings: Iterable[Finding], texts: Texts) -> None:
    """Print each group under its name and count."""
    groups = {_file_title(texts): damage} if damage else {}
    for kind, found in by_kind(findings).items():
        groups[texts.gettext(KIND_WORDS[kind])] = tuple(finding.problem for finding in found)
    for title, problems in groups.items():
        say(f"{title} ({texts.number(len(problems))})")
        list_problems(problems, texts.gettext, indent="  ")
        say()


@click.pass_obj
def check(texts: Texts, file: Path, as_json: bool, kind: str, section: str) -> int:  # noqa: FBT001 - as click passes it
    """List damage of the file and everything weak in the assessment, in the groups of the window."""
    with open_assessment(file) as session:
        damage = () if kind or section else (*session.check_file(), *questionnaire_problems(session.instrument))
        findings = _wanted(session, kind, section)
    count = len(damage) + len(findings)
    if as_json:
        print_json(_data(damage, findings, texts))
    else:
        _list_groups(damage, findings, texts)
        say(texts.ngettext("{count} point to look at.", "{count} points to look at.", count).format(count=count))
    return PROBLEMS if count else DONE


def check_command(_: Translate) -> click.Command:
    kinds = click.Choice(["", *(kind.value for kind in FindingKind)])
    params: list[click.Parameter] = [
        file_argument(),
        as_json_option(_),
        click.Option(["--kind"], type=kinds, default="", help=_("Only this kind of point.")),
        click.Option(["--section"], default="", help=_("Only one part, by its printed number or id.")),
    ]
    return click.Command("check", callback=check, params=params, help=_("List open, weak and contradictory answers."))
