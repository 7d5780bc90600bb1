"""Two versions of a small instrument on disk, with the migration file between them, and an assessment of the first."""

from pathlib import Path

from capacity_app import paths
from capacity_app.domain.assessment.answers import AnswerLayer
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Action, Agency, Evidence, FeasibilityRating, Mission
from capacity_app.i18n.translator import Translator
from capacity_app.questionnaires.library import list_instruments
from capacity_app.questionnaires.reader import read_instrument
from capacity_app.services.exchange.migration import plan_migration, wanted_version
from tests.builders import dated
from tests.domain.making import say
from tests.questionnaires.writing import write

_LEVEL = """
[[question]]
id = "r.survey"
number = "1.1"
text = "{survey}"
type = "level"
provenance = "P"
anchors = ["Nobody asks.", "Staff ask now and then.", "A survey every few years.", "A survey every year."]
actions = ["Ask fifty readers.", "Plan a survey.", "Publish results."]
"""
_FEES = """
[[question]]
id = "r.fees"
number = "1.2"
text = "What do readers pay?"
type = "long_text"
provenance = "P"
"""
_OPEN = """
[[question]]
id = "r.open"
number = "1.3"
text = "Is the library open on Sundays?"
type = "{kind}"
provenance = "P"
"""
_VISITS = """
[[question]]
id = "r.visits"
number = "1.4"
text = "How often are visits counted?"
type = "grid"
provenance = "P"
    [[question.column]]
    id = "frequency"
    label = "Frequency"
    type = "choice"
    options = [{{ id = "never", label = "Never" }}, {options}]
    [[question.row]]
    id = "{row}"
    label = "{label}"
    number = "A"
    [[question.row]]
    id = "north"
    label = "Branch north"
    number = "B"
"""
FIRST = (
    _LEVEL.format(survey="Are readers asked what they need?")
    + _FEES
    + _OPEN.format(kind="yes_no")
    + _VISITS.format(options='{ id = "yearly", label = "Once a year" }', row="main", label="Main branch")
)
SECOND = (
    _LEVEL.format(survey="Are readers, and people who never come, asked what they need?")
    + _OPEN.format(kind="level")
    + """
anchors = ["Mornings.", "Weekdays.", "Six days.", "Every day."]
actions = ["a", "b", "c"]
"""
    + _VISITS.format(
        options='{ id = "once", label = "Once a year" }, { id = "often", label = "More often" }',
        row="central",
        label="Central library",
    )
)
MIGRATION = """
[migration]
instrument = "small"
from = "1.0"
to = "2.0"

[[question]]
from = "r.survey"
became = "reworded"
note = "It now asks about people who never come too."

[[question]]
from = "r.open"
became = "rescaled"
values = { no = 1, yes = 3 }

[[question]]
from = "r.fees"
became = "retired"

[[row]]
question = "r.visits"
from = "main"
to = "central"
became = "moved"

[[option]]
question = "r.visits"
column = "frequency"
from = "yearly"
to = ["once", "often"]
became = "split"
"""


def lay_out_versions() -> Path:
    """Put both versions into the person's own folder of instruments; gives that of the second."""
    folder = paths.user_instruments_folder()
    for version, text in (("1.0", FIRST), ("2.0", SECOND)):
        (folder / version).mkdir(parents=True)
        write(folder / version, text)
        head = folder / version / "instrument.toml"
        head.write_text(head.read_text("utf-8").replace('"1.0"', f'"{version}"'), "utf-8")
    (folder / "2.0" / "migrations").mkdir()
    (folder / "2.0" / "migrations" / "1.0-2.0.toml").write_text(MIGRATION, "utf-8")
    return folder / "2.0"


def answered_first() -> Dossier:
    """Return an assessment of the first version: 7 answers, of which 2 are carried, 4 wait and 1 is retired."""
    instrument, problems = read_instrument(paths.user_instruments_folder() / "1.0")
    assert instrument is not None, problems
    answers = (
        say("r.survey", 2, who="agency-nl", note="Last one in 2015", evidence=("evidence-1",)),
        say("r.survey", 1, who="agency-moc"),
        say("r.survey", 2, layer=AnswerLayer.JUDGEMENT, reason="Seen the report"),
        say("r.fees", "Two coins", who="agency-nl"),
        say("r.open", "yes", who="agency-nl"),
        say("r.visits/main/frequency", "yearly", who="agency-nl"),
        say("r.visits/north/frequency", "never", who="agency-nl"),
    )
    return Dossier(
        id="5f6b5a36-6d7e-4a3e-9c55-0d3a6f9f2d11",
        instrument=instrument,
        mission=Mission(country="XXA", country_name="Examplia", round="2018"),
        answers=dated(answers),
        agencies=(
            Agency(id="agency-nl", name="National Library", short="NL"),
            Agency(id="agency-moc", name="Ministry of Culture", short="MoC"),
        ),
        evidence=(Evidence(id="evidence-1", title="Survey report 2015"),),
        actions=(Action(id="action-1", title="Survey again", gaps=("r.survey",)),),
        ratings=(FeasibilityRating(id="r.survey", note="Soon."),),
    )


def as_migrated(dossier: Dossier) -> Dossier:
    """Return the same under the second version, as a copy of it says."""
    entry = wanted_version(dossier.instrument, list_instruments((paths.user_instruments_folder(),)))
    return plan_migration(dossier, entry, Translator("en")).migrated.dossier
