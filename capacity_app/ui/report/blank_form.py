"""The page for a blank form: which questions, for whom, in which languages, and on paper or as workbook."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout

from capacity_app.domain.instrument import Instrument
from capacity_app.domain.keys import NO_KEYS
from capacity_app.domain.problems import N_
from capacity_app.instruments.library import Entry
from capacity_app.services.reporting import question_languages, report_languages
from capacity_app.texts import Texts, parted
from capacity_app.ui.look.cards import Card, ReadingColumn, Tiles, Words, beside, page_heading
from capacity_app.ui.look.pickers import QuietCombo
from capacity_app.ui.look.text_fields import LineField
from capacity_app.ui.look.theme import LARGE, SMALL, Role
from capacity_app.ui.registers.country_field import CountryField
from capacity_app.ui.report.blank_making import BlankMaking
from capacity_app.ui.report.file_place import FilePlace, PlaceWords
from capacity_app.ui.report.formats import ENTER, WORKBOOK, Format, FormatTile
from capacity_app.ui.report.maker import WhenSaved
from capacity_app.ui.report.tick_box import TickBox
from capacity_app.ui.shell.instrument_field import InstrumentField
from capacity_app.ui.shell.new_assessment import Field, default_name, is_in_a_folder
from capacity_app.ui.shell.settings import Settings

if TYPE_CHECKING:
    from capacity_app.ui.shell.workspace import Workspace

FORMATS = (
    Format("pdf", N_("PDF"), N_("Pages to print, to fill in with a pen and to send back."), ""),
    Format(WORKBOOK, N_("Workbook"), N_("An empty workbook to fill in at a computer."), ""),
)
_ENDINGS = frozenset(f".{made.name}" for made in FORMATS)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankChoices:
    """Choices for a blank form: ``source`` is an assessment's file, else ``instrument`` names a folder.

    ``sections`` are ids of parts, none for all of them; languages are BCP 47, the second may be empty.
    """

    source: Path | None = None
    instrument: Path | None = None
    supplements: tuple[str, ...] = ()
    country: str = ""
    country_name: str = ""
    round: str = ""
    agency: str = ""
    sections: tuple[str, ...] = ()
    language: str = ""
    second: str = ""

    def arguments(self, target: Path) -> list[str]:
        """Say it to the command line."""
        named = (
            ("--from", str(self.source or "")),
            ("--instrument", str(self.instrument or "")),
            ("--country", self.country),
            ("--country-name", self.country_name),
            ("--round", self.round),
            ("--agency", self.agency),
            ("--language", self.language),
            ("--second-language", self.second),
        )
        said = [word for name, value in named if value for word in (name, value)]
        said += [word for one in self.supplements for word in ("--supplement", one)]
        said += [word for one in self.sections for word in ("--section", one)]
        return ["blank", *said, "--progress", "--", str(target)]


class BlankFormPage(ReadingColumn):
    """The choices for a blank form, its making and its outcome. ``left`` tells that the person goes back.

    With an open assessment the form has its questions, country and round; else one chooses an instrument.
    """

    left = Signal()

    def __init__(
        self, texts: Texts, settings: Settings, instruments: Sequence[Entry], workspace: "Workspace | None" = None
    ) -> None:
        super().__init__()
        self._texts, self._settings, self._workspace = texts, settings, workspace
        self.setObjectName("blank_form")
        saving = WhenSaved(workspace.bridge, workspace.state, self) if workspace else None
        self.making = BlankMaking(texts, saving, lambda: workspace.bridge.keys if workspace else NO_KEYS)
        self.making.wanted.connect(self.start)
        self.making.left.connect(self.left)
        self.making.made.connect(self._keep_folder)
        self._make_inputs(instruments)
        self._lay_out()
        self._follow_instrument()

    # -- what can be chosen ---------------------------------------------------------------------------------------

    def _combo(self, name: str, label: str) -> QuietCombo:
        combo = QuietCombo()
        combo.setObjectName(name)
        combo.setAccessibleName(label)
        combo.currentIndexChanged.connect(lambda _index: self._choose())
        return combo

    def _make_inputs(self, instruments: Sequence[Entry]) -> None:
        say = self._texts.gettext
        self.instrument = InstrumentField(self._texts, instruments)
        self.country = CountryField(self._texts)
        self.country.changed.connect(self._suggest_file)
        self.round = self._line("blank_round", say("Round"))
        self.round.textChanged.connect(lambda _text: self._suggest_file())
        self.agency = self._combo("blank_agency", say("Sent to"))
        self._formats = QButtonGroup(self)
        self.tiles = {made.name: FormatTile(made, self._texts) for made in FORMATS}
        for tile in self.tiles.values():
            self._formats.addButton(tile)
        self.tiles[FORMATS[0].name].setChecked(True)
        self._formats.buttonClicked.connect(lambda _tile: self._choose())
        self.language = self._combo("blank_language", say("Language of the form"))
        self.second = self._combo("blank_second", say("Second language, beside the first"))
        self.sections = TickBox(self._texts, "blank_sections", "sections", self._texts.gettext("Parts of the form"))
        self.file = FilePlace("blank_file", PlaceWords(
            say("File of the form"),
            say("Where to put the form"),
            say("There is a file of this name; the new form replaces it."),
        ), _ENDINGS)  # fmt: skip
        self.instrument.changed.connect(self._follow_instrument)

    def _line(self, name: str, label: str) -> LineField:
        line = LineField()
        line.setObjectName(name)
        line.setAccessibleName(label)
        return line

    def _questions(self) -> Instrument | None:
        return self._workspace.session.instrument if self._workspace else self.instrument.read()

    def _titles(self, instrument: Instrument) -> list[tuple[str, str]]:
        title = partial(self._texts.wording, instrument.id)
        return [(one.id, f"{one.number}  {title(f'{one.id}|title', one.title)}") for one in instrument.sections]

    def _follow_instrument(self) -> None:
        """Offer the languages and parts of the chosen instrument."""
        instrument, named = self._questions(), self._texts.language_name
        first = self._workspace.session.mission.language if self._workspace else self._texts.language
        is_new = self.language.count() == 0
        languages = report_languages(instrument) if instrument else ()
        self.language.fill(tuple((code, named(code)) for code in languages))
        if is_new:
            self.language.setCurrentIndex(max(self.language.findData(first), 0))
        others = question_languages(instrument) if instrument else ()
        self.second.fill((("", self._texts.gettext("None")), *((code, named(code)) for code in others)))
        self.sections.offer([("", self._titles(instrument) if instrument else [])], self.sections.left_out)
        self._fields["supplements"].setVisible(self._workspace is None and self.instrument.has_supplements)
        self._choose()

    # -- how it is laid out ---------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        say = self._texts.gettext
        subtitle = say(
            "All questions, whatever their conditions, numbered as on the screen, and no answers: to print, or to send "
            "to a ministry."
        )
        self.body.addLayout(page_heading(say("Blank form"), subtitle))
        self._make_fields()
        card = Card(margin=LARGE)
        card.body.setSpacing(LARGE)
        if self._workspace is None:
            self._lay_out_choice(card)
        else:
            self._lay_out_known(card, self._workspace)
        formats = QVBoxLayout()
        formats.setSpacing(SMALL)
        formats.addWidget(Tiles(tuple(self.tiles.values()), letters=12))
        self._about = Words(role=Role.CAPTION, is_muted=True)
        formats.addWidget(self._about)
        card.body.addLayout(formats)
        pair = QHBoxLayout()
        pair.setSpacing(LARGE)
        pair.addWidget(self._fields["language"], 1)
        pair.addWidget(self._fields["second"], 1)
        card.body.addLayout(pair)
        card.body.addWidget(self._fields["sections"])
        card.body.addWidget(self._fields["file"])
        card.body.addWidget(self.file.remark)
        card.body.addWidget(self.making)
        self.body.addWidget(card)
        self.body.addStretch(1)

    def _make_fields(self) -> None:
        say = self._texts.gettext
        browse = QPushButton(say("Choose …"))
        browse.setObjectName("blank_browse")
        browse.setAutoDefault(True)  # Enter presses it; else it would make the form
        browse.clicked.connect(lambda _checked: self.file.browse(f".{self.suffix}"))
        optional = say("May stay empty; there is a line for it on the first page")
        self._fields = {
            "instrument": Field(say("Instrument"), self.instrument),
            "supplements": Field(say("Supplements"), self.instrument.supplements),
            "country": Field(say("Country"), self.country, optional),
            "round": Field(say("Round"), self.round),
            "agency": Field(say("Sent to"), self.agency, say("Its name stands on the first page and at the foot")),
            "language": Field(say("Language"), self.language),
            "second": Field(say("Second language, beside the first"), self.second),
            "sections": Field(say("Parts"), self.sections, say("A ministry may get only the parts it can answer")),
            "file": Field(say("File"), beside(self.file, browse)),
        }

    def _lay_out_choice(self, card: Card) -> None:
        """Let one choose the questions, and whom they are about."""
        card.body.addWidget(self._fields["instrument"])
        card.body.addWidget(self._fields["supplements"])
        pair = QHBoxLayout()
        pair.setSpacing(LARGE)
        pair.addWidget(self._fields["country"], 2)
        pair.addWidget(self._fields["round"], 1)
        card.body.addLayout(pair)
        self._fields["agency"].hide()

    def _lay_out_known(self, card: Card, workspace: "Workspace") -> None:
        """Say whose questions they are; offer the agencies of the assessment."""
        say, dossier = self._texts.gettext, workspace.session.dossier()
        for name in ("instrument", "supplements", "country", "round"):
            self._fields[name].hide()
        known = say("The questions of {assessment}, without its answers.").format(assessment=workspace.title)
        card.body.addWidget(Words(known))
        nobody = ("", say("Nobody in particular"))
        named = ((one.id, " – ".join(filter(None, (one.short, one.name)))) for one in dossier.agencies)
        self.agency.fill((nobody, *named))
        card.body.addWidget(self._fields["agency"])
        self._fields["agency"].setVisible(bool(dossier.agencies))

    @property
    def suffix(self) -> str:
        return next(name for name, tile in self.tiles.items() if tile.isChecked())

    def _choose(self) -> None:
        """Follow a choice: what the format is for, and the name of the file."""
        self._about.setText(self._texts.gettext(next(made.sentence for made in FORMATS if made.name == self.suffix)))
        self._suggest_file()

    @property
    def choices(self) -> BlankChoices:
        """What has been chosen; a second language like the first is none."""
        first, second = str(self.language.currentData() or ""), str(self.second.currentData() or "")
        chosen = BlankChoices(
            agency=str(self.agency.currentData() or ""),
            sections=() if self.sections.is_all else self.sections.chosen,
            language=self._settings.tag(first),
            second="" if second == first else self._settings.tag(second),
        )
        return self._with_source(chosen)

    def _with_source(self, chosen: BlankChoices) -> BlankChoices:
        if self._workspace is not None:
            return replace(chosen, source=self._workspace.session.file)
        entry = self.instrument.entry
        return replace(
            chosen,
            instrument=entry.folder if entry else None,
            supplements=self.instrument.chosen_supplements,
            country=self.country.code,
            country_name="" if self.country.m49 else self.country.text(),
            round=self.round.text().strip(),
        )

    # -- where it goes --------------------------------------------------------------------------------------------

    def _suggest_file(self) -> None:
        folder = self._workspace.session.file.parent if self._workspace else self._settings.folder
        self.file.suggest(folder / self._name())

    def _name(self) -> str:
        """Name the file by what tells it from others: country, round, agency and languages."""
        chosen, workspace = self.choices, self._workspace
        country, round_ = chosen.country or chosen.country_name, chosen.round
        if workspace is not None:
            country, round_ = workspace.session.mission.country, workspace.session.mission.round
        stem = Path(default_name(country, round_)).stem if country or round_ else ""
        agency = Path(default_name(chosen.agency, "")).stem if chosen.agency else ""
        kind = Path(default_name(self._texts.gettext("blank"), "")).stem
        parts = (stem, kind, agency, parted(chosen.language)[0], parted(chosen.second)[0])
        return "-".join(part for part in parts if part) + f".{self.suffix}"

    def choose_file(self, file: Path) -> None:
        """Put the form into a file, whose suffix follows the format."""
        self.file.choose(file, f".{self.suffix}")

    # -- making it ------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Make the form, or say what is missing and go there."""
        problems = self._problems()
        for name, field in self._fields.items():
            field.complain(problems.get(name, ""))
        if problems:
            self.making.clear_outcome()
            places = {"country": self.country, "sections": self.sections.head, "file": self.file}
            places[next(iter(problems))].setFocus()
            return
        self.making.start(lambda: self.choices.arguments(self.file.path))

    def _keep_folder(self, file: str) -> None:
        self._settings.folder = Path(file).parent
        self.file.remark.hide()

    def _problems(self) -> dict[str, str]:
        """Find what is missing, by the name of the field."""
        say = self._texts.gettext
        found: dict[str, str] = {}
        if self._workspace is None and self.country.text():
            found["country"] = self.country.problem()
        if not self.sections.chosen:
            found["sections"] = say("Tick at least one part.")
        if not self.file.text().strip():
            found["file"] = say("Say where to put the form.")
        elif not is_in_a_folder(self.file.path):
            found["file"] = say("There is no such folder. Choose one that exists.")
        return {name: sentence for name, sentence in found.items() if sentence}

    def stop(self) -> None:
        """Stop and wait until the child has gone; for leaving the page."""
        self.making.stop()

    def complaints(self) -> dict[str, str]:
        """Return what is said to be wrong, by the name of the field."""
        return {name: said for name, field in self._fields.items() if (said := field.problem.text())}

    def focus_first(self) -> None:
        """Put the cursor where one begins."""
        first = self.instrument if self._workspace is None else self.tiles[self.suffix]
        first.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER and not event.modifiers() and not self.making.is_running:
            self.start()
        else:
            super().keyPressEvent(event)
