"""The command line: the same services as the window. Exit codes: 0 done, 1 problems found (listed), 2 usage."""

import json
import logging
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from capacity_app import __version__, paths
from capacity_app.domain.assessment import Mission
from capacity_app.domain.gaps import CLASS_WORDS, Gap
from capacity_app.domain.instrument import Instrument, Kind
from capacity_app.domain.problems import N_, KnownError, Problem, Severity, Translate
from capacity_app.domain.quality import check_quality
from capacity_app.domain.scoring import BAND_WORDS, STATUS_WORDS, Band, Overall, SectionScore
from capacity_app.instruments import library
from capacity_app.instruments.reader import folder_problems, read_instrument
from capacity_app.services import identity, importing
from capacity_app.services.assessment_session import AssessmentSession, create_assessment, create_from_dossier
from capacity_app.services.dossier_json import dossier_from_json
from capacity_app.services.results import problem_data, score_data
from capacity_app.texts import Texts, available_languages, m49_of

DONE, PROBLEMS = 0, 1
_FILE = click.Path(path_type=Path)
_NEW_FILE = click.Path(path_type=Path, dir_okay=False)


def _say(sentence: str = "") -> None:
    click.echo(sentence)


def _print_json(data: Any) -> None:  # noqa: ANN401 - anything JSON can hold
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def _list(problems: Iterable[Problem], translate: Translate) -> None:
    for problem in problems:
        _say(f"{problem.place}: {problem.text(translate)}")


def _person() -> str:
    """Name who works on the command line, as the system knows them."""
    return os.environ.get("USER") or os.environ.get("USERNAME") or ""


def _open(file: Path, *, read_only: bool = True) -> AssessmentSession:
    return AssessmentSession(file, author=_person(), device=identity.device_id(), read_only=read_only)


def _instrument(wanted: str, supplements: Sequence[str], texts: Texts) -> Instrument:
    folders = (paths.instruments_folder(), paths.user_instruments_folder())
    entry = library.find(wanted, folders)
    instrument, problems = read_instrument(entry.folder, supplements)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if instrument is None or errors:
        _list(errors, texts.gettext)
        raise KnownError(
            N_("The instrument {name} has mistakes and was not used. Mend them and check it again."), name=wanted
        )
    return instrument


@click.pass_obj
def new(
    texts: Texts,
    file: Path,
    country: str,
    country_name: str,
    round_: str,
    instrument: str,
    supplement: tuple[str, ...],
    language: str,
) -> int:
    """Make an empty assessment."""
    chosen = _instrument(instrument, supplement, texts)
    mission = Mission(
        country=country.upper(),
        m49=m49_of(country),
        country_name=country_name or texts.country(m49_of(country)) or country.upper(),
        round=round_,
        language=language,
    )
    create_assessment(file, chosen, mission, author=_person(), device=identity.device_id())
    _say(texts.gettext("Made {file}: {title}, {country}, {round}.").format(
        file=file, title=chosen.title, country=mission.country_name, round=round_
    ))  # fmt: skip
    return DONE


@click.pass_obj
def demo(texts: Texts, file: Path) -> int:
    """Make a filled example."""
    from capacity_app.services.demonstration import create_demonstration  # noqa: PLC0415 - only this command needs it

    create_demonstration(file, device=identity.device_id())
    _say(texts.gettext("Made the demonstration {file}. Open it with: capacity-app {file}").format(file=file))
    return DONE


def _shown(texts: Texts, value: Fraction | None) -> str:
    return "–" if value is None else texts.number(value, 1)


def _words(texts: Texts, bands: tuple[Band, ...]) -> str:
    words = [texts.gettext(BAND_WORDS[band]) for band in bands]
    return texts.gettext("{low} to {high}").format(low=words[0], high=words[1]) if len(words) > 1 else "".join(words)


def _score_line(texts: Texts, name: str, entry: SectionScore | Overall) -> str:
    figures = entry.score if isinstance(entry, SectionScore) else entry
    value = entry.published if isinstance(entry, SectionScore) else entry.value
    coverage = "–" if figures.coverage is None else texts.percent(figures.coverage)
    span = f"[{_shown(texts, figures.lower)}, {_shown(texts, figures.upper)}]"
    status = texts.gettext(STATUS_WORDS[entry.status])
    return f"{name:<6} {_shown(texts, value):>6}  {span:<15} {coverage:>5}  {status}; {_words(texts, entry.bands)}"


def _gap_line(texts: Texts, gap: Gap) -> str:
    return f"  {gap.number:<12} {texts.gettext(CLASS_WORDS[gap.severity_class]):<10} {gap.label}"


@click.pass_obj
def score(texts: Texts, file: Path, as_json: bool) -> int:  # noqa: FBT001 - click passes options by name
    """Print scores and gaps."""
    session = _open(file)
    try:
        card, (gaps, to_verify) = session.scorecard(), session.gaps()
    finally:
        session.close()
    if as_json:
        _print_json(score_data(card, gaps, to_verify))
        return DONE
    _say(texts.gettext("Section  score  [interval]  coverage  status; band"))
    for entry in card.sections:
        _say(_score_line(texts, entry.section.number, entry))
    _say(_score_line(texts, texts.gettext("all"), card.overall))
    if not card.overall.is_robust:
        _say(texts.gettext("The overall score is not robust: methods differ by {spread} points.").format(
            spread=_shown(texts, card.overall.sensitivity.spread)
        ))  # fmt: skip
    _say(texts.ngettext("{count} gap:", "{count} gaps:", len(gaps)).format(count=len(gaps)))
    for gap in gaps:
        _say(_gap_line(texts, gap))
    _say(texts.ngettext("{count} place to verify.", "{count} places to verify.", len(to_verify)).format(
        count=len(to_verify)
    ))  # fmt: skip
    return DONE


def _progress_printer(is_wanted: bool) -> Callable[[str, float], None] | None:  # noqa: FBT001 - a flag of the command
    def tell(step: str, share: float) -> None:
        click.echo(json.dumps({"step": step, "share": round(share, 3)}, ensure_ascii=False))
        sys.stdout.flush()

    return tell if is_wanted else None


@click.pass_obj
def report(
    texts: Texts,
    file: Path,
    out: Path,
    language: str,
    profile: str,
    progress: bool,  # noqa: FBT001 - click passes options by name
) -> int:
    """Write a report; with --progress as JSON lines for the window."""
    from capacity_app.services.reporting import write_report  # noqa: PLC0415 - only this command needs it

    session = _open(file)
    try:
        dossier = session.dossier()
    finally:
        session.close()
    tell = _progress_printer(progress)
    try:
        write_report(dossier, out, texts=Texts(language or dossier.mission.language), profile=profile, progress=tell)
    except KnownError as error:
        if not progress:
            raise
        _print_line({"error": error.text(texts.gettext)})
        return PROBLEMS
    if progress:
        _print_line({"done": True, "file": str(out)})
    else:
        _say(texts.gettext("Wrote {file}.").format(file=out))
    return DONE


def _print_line(data: dict[str, Any]) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))


@click.pass_obj
def export(texts: Texts, file: Path, out: Path) -> int:
    """Write the whole assessment for other programs."""
    from capacity_app.services.exporting import export as write  # noqa: PLC0415 - only this command needs it

    session = _open(file)
    try:
        write(session, out, texts)
    finally:
        session.close()
    _say(texts.gettext("Wrote {file}.").format(file=out))
    return DONE


def _read_text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except OSError as error:
        reason = error.strerror or str(error)
        raise KnownError(N_("{file} cannot be read: {reason}."), file=str(file), reason=reason) from error
    except UnicodeDecodeError as error:
        raise KnownError(N_("{file} is no text file: choose a .json dossier."), file=str(file)) from error


def _import_as_new(texts: Texts, file: Path, text: str, *, is_trial: bool) -> tuple[dict[str, int], Sequence[Problem]]:
    dossier, documents, problems = dossier_from_json(text)
    if not is_trial:
        create_from_dossier(file, dossier, documents, device=identity.device_id())
        click.echo(texts.gettext("Made {file}.").format(file=file), err=True)
    refused = sum(problem.code.startswith("answer.") for problem in problems)
    given = len(dossier.answers)
    return {
        "given": given + refused,
        "same": 0,
        "new": given,
        "changed": 0,
        "refused": refused,
        "unplaced": 0,
    }, problems


def _import_into(file: Path, text: str, *, is_trial: bool) -> tuple[dict[str, int], Sequence[Problem]]:
    session = _open(file, read_only=is_trial)
    try:
        plan = importing.plan_import(session, text)
        if not is_trial:
            importing.apply_import(session, plan)
    finally:
        session.close()
    counts = {fate.value: plan.count(fate) for fate in importing.Fate}
    return {"given": plan.answers_in, **counts}, plan.problems


@click.pass_obj
def import_(texts: Texts, file: Path, source: Path, dry_run: bool, as_json: bool) -> int:  # noqa: FBT001 - by name
    """Bring answers in; what cannot be placed is listed."""
    text = _read_text(source)
    if file.exists():
        counts, problems = _import_into(file, text, is_trial=dry_run)
    else:
        counts, problems = _import_as_new(texts, file, text, is_trial=dry_run)
    if as_json:
        _print_json({**counts, "problems": [problem_data(problem, texts.gettext) for problem in problems]})
        return PROBLEMS if problems else DONE
    _say(texts.gettext(
        "{given} answers: {same} the same, {new} new, {changed} changed, {refused} refused, {unplaced} without a place."
    ).format(**counts))  # fmt: skip
    _list(problems, texts.gettext)
    if dry_run:
        _say(texts.gettext("Nothing was changed: this was a trial run."))
    return PROBLEMS if problems else DONE


@click.pass_obj
def check(texts: Texts, file: Path, as_json: bool) -> int:  # noqa: FBT001 - click passes options by name
    """List damage of the file and everything weak in the assessment."""
    session = _open(file)
    try:
        damage = session.check_file()
        findings = check_quality(session.dossier(), session.sheet, session.gaps())
    finally:
        session.close()
    found = [*damage, *(finding.problem for finding in findings)]
    if as_json:
        _print_json([problem_data(problem, texts.gettext) for problem in found])
    else:
        _list(found, texts.gettext)
        _say(texts.ngettext("{count} point to look at.", "{count} points to look at.", len(found)).format(
            count=len(found)
        ))  # fmt: skip
    return PROBLEMS if found else DONE


def _catalogue() -> tuple[library.Entry, ...]:
    return library.catalogue((paths.instruments_folder(), paths.user_instruments_folder()))


@click.pass_obj
def instrument_list(texts: Texts, as_json: bool) -> int:  # noqa: FBT001 - click passes options by name
    """List the instruments."""
    entries = _catalogue()
    if as_json:
        _print_json([
            {"id": e.id, "version": e.version, "title": e.title, "folder": str(e.folder)} for e in entries
        ])  # fmt: skip
        return DONE
    for entry in entries:
        _say(f"{entry.id:<16} {entry.version:<8} {texts.wording(entry.id, 'instrument|title', entry.title)}")
    return DONE


@click.pass_obj
def instrument_check(texts: Texts, path: Path, supplement: tuple[str, ...], as_json: bool) -> int:  # noqa: FBT001
    """Check an instrument and list all its mistakes."""
    instrument, problems = read_instrument(path, supplement)
    problems = tuple(dict.fromkeys((*folder_problems(path), *problems)))
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if as_json:
        _print_json([problem_data(problem, texts.gettext) for problem in problems])
    else:
        _list(problems, texts.gettext)
        if instrument is not None and not errors:
            _say(texts.gettext("{title} {version}: no mistakes. {count} questions in {sections} sections.").format(
                title=instrument.title,
                version=instrument.version,
                count=len(instrument.question_by_id),
                sections=len(instrument.sections),
            ))  # fmt: skip
    return PROBLEMS if errors else DONE


def _show_question(texts: Texts, instrument: Instrument, question_id: str) -> None:
    question = instrument.question_by_id[question_id]

    def word(part: str, text: str) -> str:
        return texts.wording(instrument.id, f"{question.id}|{part}", text)

    _say(f"  {question.number:<8} {word('text', question.text)}  [{question.provenance}] {question.id}")
    for level, anchor in enumerate(question.anchors):
        _say(f"             {level}  {word(f'anchor {level}', anchor)}")
    for option in question.options:
        _say(f"             ▢ {word(f'option {option.id}', option.label)}")
    if question.kind is Kind.GRID:
        for row in question.rows:
            _say(f"             {row.number:<7} {word(f'row {row.id} label', row.label)}")
        columns = (word(f"column {column.id} label", column.label) for column in question.columns)
        _say(f"             × {' | '.join(columns)}")


@click.pass_obj
def instrument_show(texts: Texts, wanted: str, supplement: tuple[str, ...]) -> int:
    """Print an instrument's questions with their permanent ids."""
    instrument = _instrument(wanted, supplement, texts)
    _say(f"{texts.wording(instrument.id, 'instrument|title', instrument.title)} {instrument.version}")
    _say(instrument.edition)
    for section in instrument.sections:
        _say()
        _say(f"{section.number}  {texts.wording(instrument.id, f'{section.id}|title', section.title)}")
        for question in section.questions:
            _show_question(texts, instrument, question.id)
    return DONE


def _as_json(_: Translate) -> click.Option:
    return click.Option(["--json", "as_json"], is_flag=True, help=_("Print machine-readable results."))


def _file(name: str = "file", *, is_new: bool = False) -> click.Argument:
    return click.Argument([name], type=_NEW_FILE if is_new else _FILE)


def _supplement(_: Translate) -> click.Option:
    return click.Option(
        ["--supplement"], multiple=True, help=_("Add a supplement: T, LB, CH, or a file of your own. May be repeated.")
    )


def _new_command(_: Translate) -> click.Command:
    params: list[click.Parameter] = [
        _file(is_new=True),
        click.Option(["--country"], required=True, help=_("ISO 3166-1 alpha-3 code, for example GEO.")),
        click.Option(["--country-name"], default="", help=_("Name of the country, if the code is not a known one.")),
        click.Option(["--round", "round_"], required=True, help=_("Round, for example 2018.")),
        click.Option(["--instrument"], default="unsd-nmdc", show_default=True, help=_("Instrument id or folder.")),
        _supplement(_),
        click.Option(["--language"], default="en", show_default=True, help=_("Language of the interviews.")),
    ]
    return click.Command("new", callback=new, params=params, help=_("Make an empty assessment."))


def _report_command(_: Translate) -> click.Command:
    profiles = click.Choice(["full", "no-scores", "no-names"])
    params: list[click.Parameter] = [
        _file(),
        _file("out", is_new=True),
        click.Option(["--language"], default="", help=_("Language of the report; the assessment's own if left out.")),
        click.Option(["--profile"], type=profiles, default="full", show_default=True, help=_("What to leave out.")),
        click.Option(["--progress"], is_flag=True, help=_("Print progress as JSON lines.")),
    ]
    return click.Command("report", callback=report, params=params, help=_("Write a .pdf, .html or .xlsx report."))


def _import_command(_: Translate) -> click.Command:
    params: list[click.Parameter] = [
        _file(),
        click.Argument(["source"], metavar="INPUT", type=_FILE),
        click.Option(["--dry-run"], is_flag=True, help=_("Show what would change, and change nothing.")),
        _as_json(_),
    ]
    return click.Command(
        "import", callback=import_, params=params, help=_("Bring answers in from a .json dossier; makes FILE if new.")
    )


def _instrument_group(_: Translate) -> click.Group:
    path = click.Argument(["path"], type=_FILE)
    wanted = click.Argument(["wanted"], metavar="ID")
    return click.Group(
        "instrument",
        help=_("See, check and print instruments."),
        commands=[
            click.Command("list", callback=instrument_list, params=[_as_json(_)], help=_("List the instruments.")),
            click.Command(
                "check",
                callback=instrument_check,
                params=[path, _supplement(_), _as_json(_)],
                help=_("List all mistakes of an instrument folder."),
            ),
            click.Command(
                "show", callback=instrument_show, params=[wanted, _supplement(_)], help=_("Print all questions.")
            ),
        ],
    )


def command_line(texts: Texts) -> click.Group:
    """Build the command line in one language."""
    _ = texts.gettext
    both: list[click.Parameter] = [_file(), _as_json(_)]
    commands: list[click.Command] = [
        _new_command(_),
        click.Command("demo", callback=demo, params=[_file(is_new=True)], help=_("Make a filled example.")),
        _import_command(_),
        click.Command(
            "export",
            callback=export,
            params=[_file(), _file("out", is_new=True)],
            help=_("Write everything as .json, all answers as .csv, or the workbook as .xlsx."),
        ),
        click.Command("score", callback=score, params=both, help=_("Print scores and gaps.")),
        _report_command(_),
        click.Command("check", callback=check, params=both, help=_("List open, weak and contradictory answers.")),
        _instrument_group(_),
    ]
    group = click.Group(
        "capacity-app",
        commands=commands,
        context_settings={"obj": texts, "help_option_names": ["-h", "--help"]},
        help=_("Offline assessment of national statistical capacity. Without a command, the window opens."),
    )
    return click.version_option(__version__, prog_name="capacity-app")(group)


def interface_language() -> str:
    """Choose the first language of the environment that has a translation; English otherwise."""
    known = available_languages()
    named = os.environ.get("LANGUAGE") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    wanted = (part.split(".")[0].replace("_", "-") for part in named.split(":"))
    return next((choice for tag in wanted for choice in (tag, tag.split("-")[0]) if choice in known), "en")


def _report_bug(texts: Texts, error: Exception) -> int:
    log = paths.log_file()
    log.parent.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(filename=log, format="%(asctime)s %(message)s")
    logging.getLogger(__name__).error("unexpected error on the command line", exc_info=error)
    click.echo(
        texts.gettext(
            "The program made a mistake and stopped. Your assessment is as it was. Please send us this file: {log}"
        ).format(log=log),
        err=True,
    )
    return PROBLEMS


def main(arguments: Sequence[str]) -> int:
    """Run one command and give its exit code."""
    texts = Texts(interface_language())
    try:
        result = command_line(texts).main(args=list(arguments), prog_name="capacity-app", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return PROBLEMS
    except KnownError as error:
        click.echo(error.text(texts.gettext), err=True)
        return PROBLEMS
    except Exception as error:  # noqa: BLE001 - the last line of defence: a sentence and a log, never a traceback
        return _report_bug(texts, error)
    return result if isinstance(result, int) else DONE
