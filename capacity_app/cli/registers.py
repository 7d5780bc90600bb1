"""The commands about registers: list, add, join, rename."""

import dataclasses
from pathlib import Path
from typing import Any

import click

from capacity_app.cli.options import as_json_option, command, file_argument, option
from capacity_app.cli.speaking import DONE, print_json, say
from capacity_app.cli.unlocking import open_assessment
from capacity_app.domain.assessment import Agency, Entry, KeptAnswer, Person, Remark, ReturnedFile, Source
from capacity_app.domain.joining import JOINABLE, Joining, ways
from capacity_app.domain.likeness import lookalikes
from capacity_app.domain.problems import N_, KnownError
from capacity_app.domain.references import REFERENCES, uses
from capacity_app.domain.registers import FieldKind, picks_by_register, title_of
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.services.bundles import store
from capacity_app.services.joining import answer_in_words, bundle_of, counted_uses, plan_joining
from capacity_app.texts import Texts
from capacity_app.wording import Wording

NO_SUCH_KIND = N_("There is no kind “{kind}” for this register. Nothing was changed. Choose one of: {known}.")
NO_OPTION = N_("{option} is not for the register “{register}”. Nothing was changed. Leave it out.")
THERE_ALREADY = N_("The register has “{name}” already, as {id}. Nothing was changed.")
NO_SUCH_ENTRY = N_("There is no “{name}” in this register. See: capacity-app register list.")
SEVERAL = N_("Several entries are called “{name}”: give the id of one of them: {ids}.")


LISTED = (*JOINABLE, "returns", "remarks", "kept")
"""Registers that can be listed; nobody types returned files, remarks and answers of an earlier version."""


def _title(entry: Entry) -> str:
    """Say an entry in one line."""
    match entry:
        case ReturnedFile():
            undone = f"import undone {entry.undone[:10]} {entry.undone_by}".rstrip() if entry.undone else ""
            said = (entry.file_name, entry.person, entry.date, entry.taken_in[:10], undone)
            return " · ".join(part for part in said if part)
        case Remark():
            return " · ".join(part for part in (entry.address, entry.author, entry.date, entry.text) if part)
        case KeptAnswer():
            return " · ".join(
                part for part in (entry.number or entry.address, entry.fate.value, entry.answered) if part
            )
    return title_of(entry)


def _found(session: AssessmentSession, register: str, wanted: str) -> Entry:
    """Find an entry by its id or its exact name; raises KnownError if there is not exactly one."""
    entries = session.entries(register)
    found = [entry for entry in entries if entry.id == wanted]
    found = found or [entry for entry in entries if wanted in {title_of(entry), getattr(entry, "short", "")}]
    if len(found) > 1:
        raise KnownError(SEVERAL, name=wanted, ids=", ".join(entry.id for entry in found))
    if not found:
        raise KnownError(NO_SUCH_ENTRY, name=wanted)
    return found[0]


@command()
@file_argument()
@click.argument("register", type=click.Choice(LISTED), metavar="REGISTER")
@as_json_option
@click.pass_obj
def register_list(texts: Texts, file: Path, register: str, as_json: bool) -> int:  # noqa: FBT001 - click passes by name
    """List the entries of a register, how often each is used, and which look like the same."""
    with open_assessment(file) as session:
        entries, known = session.entries(register), uses(session.dossier())
    alike = lookalikes(entries)
    counted = [(entry, len(known.get((register, entry.id), ())), alike.get(entry.id, ())) for entry in entries]
    if as_json:
        print_json([
            {**dataclasses.asdict(entry), "uses": count, "looks_like": others} for entry, count, others in counted
        ])  # fmt: skip
        return DONE
    for entry, count, others in counted:
        used = texts.ngettext("{count} use", "{count} uses", count).format(count=count)
        looks = texts.gettext("looks like {others}").format(others=texts.listed(others)) if others else ""
        say("  ".join(part for part in (f"{entry.id:<20} {_title(entry)}", used, looks) if part))
    return DONE


def _shown(session: AssessmentSession, texts: Texts, joining: Joining) -> dict[str, Any]:
    wording = Wording(texts, session.dossier())
    return {
        "kept": joining.kept.id,
        "gone": joining.gone.id,
        "uses": dict(ways(joining.uses)),
        "taken": list(joining.taken),
        "differing": list(joining.differing),
        "clashes": [
            {
                "place": str(clash.address),
                "number": wording.place(clash.address),
                "stays": answer_in_words(session, texts, clash, clash.stays),
                "kept_in_note": answer_in_words(session, texts, clash, clash.gives_way),
            }
            for clash in joining.clashes
        ],
    }


def _tell(texts: Texts, joining: Joining, shown: dict[str, Any], *, is_trial: bool) -> None:
    names = {"gone": title_of(joining.gone), "kept": title_of(joining.kept)}
    if joining.uses:
        pattern = texts.gettext("What leads to “{gone}” will lead to “{kept}”: {counts}.")
        say(pattern.format(**names, counts=counted_uses(texts, joining)))
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


ADDED: dict[str, type[Agency | Person | Source]] = {"agencies": Agency, "people": Person, "sources": Source}
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


def _new_entry(session: AssessmentSession, register: str, name: str, short: str, kind: str, agency: str) -> Entry:
    """Make an entry; raises KnownError where an option does not fit, or the register has the name already."""
    taken = [one for one in session.entries(register) if title_of(one).casefold() == name.casefold()]
    if taken:
        raise KnownError(THERE_ALREADY, name=name, id=taken[0].id)
    if short and register != "agencies":
        raise KnownError(NO_OPTION, option="--short", register=register)
    if agency and "agency" not in REFERENCES.get(register, {}):
        raise KnownError(NO_OPTION, option="--agency", register=register)
    more = _kind(session, register, kind) | ({"short": short} if short else {})
    if agency:
        more["agency"] = _found(session, "agencies", agency).id
    return ADDED[register](id=session.new_id(register), name=name, **more)  # type: ignore[arg-type]  # all are text


@command()
@file_argument()
@click.argument("register", type=click.Choice(tuple(ADDED)), metavar="REGISTER")
@click.argument("name")
@option("--short", default="", help=N_("The short name of an agency."))
@option("--kind", default="", help=N_("The kind of an agency or data source, as a code."))
@option("--agency", default="", help=N_("The agency of a person or data source."))
@as_json_option
@click.pass_obj
def register_add(
    texts: Texts, file: Path, register: str, name: str, *, short: str, kind: str, agency: str, as_json: bool
) -> int:
    """Add an agency, a person or a data source."""
    name = " ".join(name.split())
    if not name:
        raise click.UsageError(texts.gettext("Give the entry a name."))
    with open_assessment(file, read_only=False) as session:
        entry = _new_entry(session, register, name, short, kind, agency)
        session.put(entry)
    if as_json:
        print_json(dataclasses.asdict(entry))
    else:
        say(texts.gettext("“{name}” was added as {id}.").format(name=name, id=entry.id))
    return DONE


@command()
@file_argument()
@click.argument("register", type=click.Choice(JOINABLE), metavar="REGISTER")
@click.argument("keep")
@click.argument("gone")
@option("--dry-run", is_flag=True, help=N_("Show what would change, and change nothing."))
@as_json_option
@click.pass_obj
def register_join(
    texts: Texts, file: Path, register: str, keep: str, gone: str, *, dry_run: bool, as_json: bool
) -> int:
    """Make two entries one; nothing is lost."""
    with open_assessment(file, read_only=dry_run) as session:
        kept, going = _found(session, register, keep), _found(session, register, gone)
        joining = plan_joining(session, register, kept.id, going.id, texts)
        shown = _shown(session, texts, joining)
        if not dry_run:
            store(session, bundle_of(joining))
    if as_json:
        print_json(shown)
    else:
        _tell(texts, joining, shown, is_trial=dry_run)
    return DONE


@command()
@file_argument()
@click.argument("register", type=click.Choice(JOINABLE), metavar="REGISTER")
@click.argument("entry")
@click.argument("name")
@click.pass_obj
def register_rename(texts: Texts, file: Path, register: str, entry: str, name: str) -> int:
    """Return an entry another name; whatever uses it shows the new one."""
    with open_assessment(file, read_only=False) as session:
        found = _found(session, register, entry)
        field = "name" if hasattr(found, "name") else "title"
        session.put(dataclasses.replace(found, **{field: name}))  # type: ignore[arg-type]  # both are text
    say(texts.gettext("{id} is now called “{name}”.").format(id=found.id, name=name))
    return DONE
