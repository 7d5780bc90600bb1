"""The commands about registers: list, add, join, rename."""

import dataclasses
from pathlib import Path
from typing import Any

import click

from capacity_app.cli.options import add_option, as_json_option, command, dry_run_option, file_argument
from capacity_app.cli.terminal import find_section, open_assessment, print_json, print_result, say
from capacity_app.domain.assessment.duplicates import DuplicateMerge, count_uses, find_lookalikes
from capacity_app.domain.assessment.references import find_uses
from capacity_app.domain.assessment.register_fields import (
    MERGEABLE_REGISTERS,
    FieldKind,
    entry_title,
    picks_by_register,
)
from capacity_app.domain.assessment.registers import (
    Agency,
    DataSource,
    Person,
    RegisterEntry,
    Remark,
    RetiredAnswer,
    ReturnedFile,
    Validation,
)
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.numbers_and_dates import read_date
from capacity_app.domain.problems import N_, KnownError
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.change_sets import (
    duplicate_merge_change_set,
    format_conflicting_answer,
    format_use_counts,
    plan_duplicate_merge,
    published_change_set,
    store_change_set,
)

NO_SUCH_KIND = N_("There is no kind “{kind}” for this register. Nothing was changed. Choose one of: {known}.")
NO_OPTION = N_("{option} is not for the register “{register}”. Nothing was changed. Leave it out.")
THERE_ALREADY = N_("The register has “{name}” already, as {id}. Nothing was changed.")
NOT_A_DATE = N_("“{text}” is not a date. Nothing was changed. Write it as 2024-05-15.")
NO_SUCH_ENTRY = N_("There is no “{name}” in this register. See: capacity-app register list.")
SEVERAL = N_("Several entries are called “{name}”: give the id of one of them: {ids}.")


LISTED = (*MERGEABLE_REGISTERS, "validations", "returns", "remarks", "kept")
"""Registers that can be listed; nobody types returned files, remarks and answers of an earlier version."""


def _title(entry: RegisterEntry) -> str:
    """Say an entry in one line."""
    match entry:
        case ReturnedFile():
            undone = f"import undone {entry.undone[:10]} {entry.undone_by}".rstrip() if entry.undone else ""
            said = (entry.file_name, entry.person, entry.date, entry.taken_in[:10], undone)
            return " · ".join(part for part in said if part)
        case Remark():
            return " · ".join(part for part in (entry.address, entry.author, entry.date, entry.text) if part)
        case RetiredAnswer():
            return " · ".join(
                part for part in (entry.number or entry.address, entry.fate.value, entry.answered) if part
            )
        case Validation():
            return " · ".join(
                part for part in (entry.name, entry.date, entry.agency, ", ".join(entry.sections)) if part
            )
    return entry_title(entry)


def _found(session: AssessmentSession, register: str, wanted: str) -> RegisterEntry:
    """Find an entry by its id or its exact name; raises KnownError if there is not exactly one."""
    entries = session.entries(register)
    found = [entry for entry in entries if entry.id == wanted]
    found = found or [entry for entry in entries if wanted in {entry_title(entry), getattr(entry, "short", "")}]
    if len(found) > 1:
        raise KnownError(SEVERAL, name=wanted, ids=", ".join(entry.id for entry in found))
    if not found:
        raise KnownError(NO_SUCH_ENTRY, name=wanted)
    return found[0]


@command()
@file_argument()
@click.argument("register", type=click.Choice(LISTED), metavar="REGISTER")
@as_json_option
def register_list(texts: Translator, file: Path, register: str, *, as_json: bool) -> None:
    with open_assessment(file) as session:
        entries, known = session.entries(register), find_uses(session.dossier())
    alike = find_lookalikes(entries)
    counted = [(entry, len(known.get((register, entry.id), ())), alike.get(entry.id, ())) for entry in entries]
    if as_json:
        print_json([
            {**dataclasses.asdict(entry), "uses": count, "looks_like": others} for entry, count, others in counted
        ])  # fmt: skip
        return
    for entry, count, others in counted:
        used = texts.ngettext("{count} use", "{count} uses", count).format(count=count)
        looks = texts.gettext("looks like {others}").format(others=texts.listed(others)) if others else ""
        say("  ".join(part for part in (f"{entry.id:<20} {_title(entry)}", used, looks) if part))


def _shown(session: AssessmentSession, texts: Translator, joining: DuplicateMerge) -> dict[str, Any]:
    wording = Formatter(texts, session.dossier())
    return {
        "kept": joining.kept.id,
        "gone": joining.gone.id,
        "uses": dict(count_uses(joining.uses)),
        "taken": list(joining.taken),
        "differing": list(joining.differing),
        "clashes": [
            {
                "place": str(clash.address),
                "number": wording.place(clash.address),
                "stays": format_conflicting_answer(session, texts, clash, clash.stays),
                "kept_in_note": format_conflicting_answer(session, texts, clash, clash.superseded),
            }
            for clash in joining.clashes
        ],
    }


def _tell(texts: Translator, joining: DuplicateMerge, shown: dict[str, Any], *, is_trial: bool) -> None:
    names = {"gone": entry_title(joining.gone), "kept": entry_title(joining.kept)}
    if joining.uses:
        pattern = texts.gettext("What leads to “{gone}” will lead to “{kept}”: {counts}.")
        say(pattern.format(**names, counts=format_use_counts(texts, joining)))
    else:
        say(texts.gettext("Nothing refers to “{gone}”.").format(**names))
    clashes = shown["clashes"]
    if clashes:
        say(texts.ngettext(
            "{count} place was answered differently by both; one answer stays, the other is kept in its note:",
            "{count} places were answered differently by both; one answer stays, the other is kept in its note:",
            len(clashes),
        ).format(count=len(clashes)))  # fmt: skip
    for clash in clashes:
        say(f"  {clash['number']}: {clash['stays']}  |  {clash['kept_in_note']}")
    if is_trial:
        say(texts.gettext("Nothing was changed: this was a trial run."))


ADDED: dict[str, type[Agency | Person | Validation | DataSource]] = {
    "agencies": Agency,
    "people": Person,
    "validations": Validation,
    "sources": DataSource,
}
"""Registers to which an entry can be added by its name."""
_KINDS = picks_by_register(FieldKind.CODE)
"""The fields and the code lists that ``--kind`` is for."""


def _kind(session: AssessmentSession, register: str, kind: str) -> dict[str, str]:
    if not kind:
        return {}
    if not _KINDS[register]:
        raise KnownError(NO_OPTION, option="--kind", register=register)
    ((field, code_list),) = _KINDS[register].items()
    known = [code.id for code in session.instrument.codes.get(code_list, ())]
    if kind not in known:
        raise KnownError(NO_SUCH_KIND, kind=kind, known=", ".join(known) or "–")
    return {field: kind}


def _date(text: str) -> str:
    try:
        return read_date(text) if text else ""
    except ValueError as error:
        raise KnownError(NOT_A_DATE, text=text) from error


@dataclass(frozen=True)
class _NewEntryOptions:
    """What the options of ``register add`` say; by field, as it is typed."""

    short: str
    kind: str
    agency: str
    position: str
    date: str
    reservations: str
    part: tuple[str, ...]

    def values(self, session: AssessmentSession, register: str) -> dict[str, Any]:
        """Return the fields of the entry; raises KnownError where an option does not fit the register."""
        fields = {field.name for field in dataclasses.fields(ADDED[register])} | {"kind"}
        fields |= {"part"} if "sections" in fields else set()
        for option, value in dataclasses.asdict(self).items():
            if value and option not in fields:
                raise KnownError(NO_OPTION, option=f"--{option}", register=register)
        found: dict[str, Any] = {
            "short": self.short,
            "position": self.position,
            "date": _date(self.date),
            "reservations": self.reservations,
            "agency": _found(session, "agencies", self.agency).id if self.agency else "",
            "sections": tuple(find_section(session.instrument, one) for one in self.part),
        }
        return {name: value for name, value in found.items() if value} | _kind(session, register, self.kind)


def _new_entry(session: AssessmentSession, register: str, name: str, options: _NewEntryOptions) -> RegisterEntry:
    """Make an entry; raises KnownError where an option does not fit, or the register has the name already."""
    taken = [one for one in session.entries(register) if entry_title(one).casefold() == name.casefold()]
    if taken and register != "validations":
        raise KnownError(THERE_ALREADY, name=name, id=taken[0].id)
    return ADDED[register](id=session.new_id(register), name=name, **options.values(session, register))


@command()
@file_argument()
@click.argument("register", type=click.Choice(tuple(ADDED)), metavar="REGISTER")
@click.argument("name")
@add_option("--short", default="", help=N_("The short name of an agency."))
@add_option("--kind", default="", help=N_("The kind of an agency or data source, as a code."))
@add_option("--agency", default="", help=N_("The agency of a person, validation or data source."))
@add_option("--position", default="", help=N_("The function of the person, also of one who validates."))
@add_option("--part", multiple=True, help=N_("A part that is validated, by its printed number. May be repeated."))
@add_option("--date", default="", help=N_("The date of a validation, for example 2024-05-15."))
@add_option("--reservations", default="", help=N_("The reservations of a validation."))
@as_json_option
def register_add(texts: Translator, file: Path, register: str, name: str, *, as_json: bool, **options: Any) -> None:  # noqa: ANN401 - texts, and the parts
    name = " ".join(name.split())
    if not name:
        raise click.UsageError(texts.gettext("Give the entry a name."))
    with open_assessment(file, read_only=False) as session:
        entry = _new_entry(session, register, name, _NewEntryOptions(**options))
        session.put(entry)
    print_result(
        dataclasses.asdict(entry),
        lambda: say(texts.gettext("“{name}” was added as {id}.").format(name=name, id=entry.id)),
        as_json=as_json,
    )


@command()
@file_argument()
@click.argument("register", type=click.Choice(MERGEABLE_REGISTERS), metavar="REGISTER")
@click.argument("keep")
@click.argument("gone")
@dry_run_option
@as_json_option
def register_merge(
    texts: Translator, file: Path, register: str, keep: str, gone: str, *, dry_run: bool, as_json: bool
) -> None:
    with open_assessment(file, read_only=dry_run) as session:
        kept, going = _found(session, register, keep), _found(session, register, gone)
        joining = plan_duplicate_merge(session, register, kept.id, going.id, texts)
        shown = _shown(session, texts, joining)
        if not dry_run:
            store_change_set(session, duplicate_merge_change_set(joining))
    print_result(shown, lambda: _tell(texts, joining, shown, is_trial=dry_run), as_json=as_json)


@command()
@file_argument()
@click.argument("agency")
@add_option("--part", multiple=True, help=N_("Only the answers of a part, by its printed number. May be repeated."))
@dry_run_option
@as_json_option
def register_published(
    texts: Translator, file: Path, agency: str, *, part: tuple[str, ...], dry_run: bool, as_json: bool
) -> None:
    with open_assessment(file, read_only=dry_run) as session:
        sections = [find_section(session.instrument, one) for one in part]
        bundle = published_change_set(session, _found(session, "agencies", agency).id, sections)
        if not dry_run:
            store_change_set(session, bundle)
    told = texts.counted(
        "{count} answer waits for the confirmation of the agency. It does not count until then.",
        "{count} answers wait for the confirmation of the agency. They do not count until then.",
        len(bundle.answers),
    )
    if dry_run:
        told = f"{told}\n{texts.gettext('Nothing was changed: this was a trial run.')}"
    print_result({"to_confirm": len(bundle.answers), "is_trial": dry_run}, lambda: say(told), as_json=as_json)


@command()
@file_argument()
@click.argument("register", type=click.Choice((*MERGEABLE_REGISTERS, "validations")), metavar="REGISTER")
@click.argument("entry")
@click.argument("name")
def register_rename(texts: Translator, file: Path, register: str, entry: str, name: str) -> None:
    with open_assessment(file, read_only=False) as session:
        found = _found(session, register, entry)
        field = "name" if hasattr(found, "name") else "title"
        session.put(dataclasses.replace(found, **{field: name}))  # type: ignore[arg-type]  # both are text
    say(texts.gettext("{id} is now called “{name}”.").format(id=found.id, name=name))
