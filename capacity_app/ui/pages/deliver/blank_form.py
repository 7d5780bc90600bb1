"""The page for a blank form: which questions, for whom, in which languages, on paper or as workbook, and making it."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from capacity_app.domain.encryption_keys import NO_KEYS
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.i18n.catalogues import question_languages, report_languages
from capacity_app.i18n.translator import Translator, split_locale_tag
from capacity_app.questionnaires.library import LibraryEntry
from capacity_app.ui.pages.deliver.report_choices import (
    ENTER_KEYS,
    WORKBOOK_NAME,
    FoldedCheckList,
    FormatTiles,
    OutputFormat,
)
from capacity_app.ui.pages.prepare.field_editors import CountryField
from capacity_app.ui.question_widgets.instrument_field import InstrumentField
from capacity_app.ui.session.file_dialogs import SavePathField, default_file_name
from capacity_app.ui.session.jobs import CommandJob, JobFoot
from capacity_app.ui.session.save_state import SaveBarrier
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.theme.fonts_and_sizes import LARGE, SMALL, TextRole
from capacity_app.ui.widgets.banners import BannerTone, actions_to_open
from capacity_app.ui.widgets.buttons import ComboBox
from capacity_app.ui.widgets.cards import Card, Label, LabelledField, ReadingColumn, page_heading
from capacity_app.ui.widgets.layouts import lay_out, with_name
from capacity_app.ui.widgets.text_fields import LineField

if TYPE_CHECKING:
    from capacity_app.ui.session.controller import SessionController
    from capacity_app.ui.session.save_state import SaveState


BLANK_FORM_FORMATS = (
    OutputFormat(
        "pdf", N_("PDF"), N_("Pages to print and to fill in with a pen. You type the answers into the program."), ""
    ),
    OutputFormat(
        WORKBOOK_NAME,
        N_("Workbook"),
        N_("An empty workbook to fill in at a computer. Import it when somebody sends it back."),
        "",
    ),
)
_ENDINGS = frozenset(f".{made.name}" for made in BLANK_FORM_FORMATS)


@dataclass(frozen=True, slots=True)
class OpenAssessment:
    """What the page needs of the assessment that is open; ``title`` is its country and round."""

    controller: "SessionController"
    state: "SaveState"
    title: str


class BlankFormPage(ReadingColumn):
    """The choices for a blank form, its making and its outcome. ``left`` tells that the person goes back.

    With an open assessment the form has its questions, country and round; else one chooses an instrument.
    """

    left = Signal()

    def __init__(
        self,
        texts: Translator,
        settings: Settings,
        instruments: Sequence[LibraryEntry],
        opened: OpenAssessment | None = None,
    ) -> None:
        super().__init__(name="blank_form")
        self._texts, self._settings, self._opened = texts, settings, opened
        self._make_job()
        self._make_inputs(instruments)
        self._lay_out()
        self._follow_instrument()

    def _make_job(self) -> None:
        say, opened = self._texts.gettext, self._opened
        unknown = say("The form was not created: the program that creates it stopped. Try again.")
        self.job = CommandJob(self._texts.tag, self, unknown=unknown)
        self.foot = JobFoot(self._texts, self.job, "blank", say("Create form"), self.start, self.left)
        self.job.done.connect(self._finish)
        self.job.cancelled.connect(
            lambda: self.foot.end(BannerTone.INFORMATION, say("Cancelled. No form was written."))
        )
        if opened is not None:
            saving = SaveBarrier(opened.controller, opened.state, self)
            self.job.wait_for(saving, say("The last changes could not be saved."), self._begin)

    def _combo(self, name: str, label: str) -> ComboBox:
        combo = with_name(ComboBox(), name, label)
        combo.currentIndexChanged.connect(lambda _index: self._choose())
        return combo

    def _make_inputs(self, instruments: Sequence[LibraryEntry]) -> None:
        say = self._texts.gettext
        self.instrument = InstrumentField(self._texts, instruments)
        self.country = CountryField(self._texts)
        self.country.changed.connect(self._suggest_file)
        self.round = with_name(LineField(), "blank_round", say("Round"))
        self.round.textChanged.connect(lambda _text: self._suggest_file())
        self.agency = self._combo("blank_agency", say("Sent to"))
        self.formats = FormatTiles(BLANK_FORM_FORMATS, self._texts, letters=12)
        self.formats.chosen.connect(self._choose)
        self.language = self._combo("blank_language", say("Language of the form"))
        self.second = self._combo("blank_second", say("Second language, beside the first"))
        self.sections = FoldedCheckList(
            self._texts, "blank_sections", "sections", self._texts.gettext("Parts of the form")
        )
        self.file = SavePathField(
            self._texts,
            "blank_file",
            say("File of the form"),
            say("Choose the place of the form"),
            say("A file of this name exists. The new form replaces it."),
            _ENDINGS,
            are_kept=True,
        )
        self.instrument.changed.connect(self._follow_instrument)

    def _questions(self) -> Instrument | None:
        return self._opened.controller.session.instrument if self._opened else self.instrument.read()

    def _titles(self, instrument: Instrument) -> list[tuple[str, str]]:
        title, numbered = partial(self._texts.wording, instrument.id), self._texts.numbered
        return [(one.id, numbered(one.number, title(f"{one.id}|title", one.title))) for one in instrument.sections]

    def _follow_instrument(self) -> None:
        """Offer the languages and parts of the chosen instrument."""
        instrument, named = self._questions(), self._texts.language_name
        first = self._opened.controller.session.mission.language if self._opened else self._texts.language
        is_new = self.language.count() == 0
        languages = report_languages(instrument) if instrument else ()
        self.language.fill(tuple((code, named(code)) for code in languages))
        if is_new:
            self.language.setCurrentIndex(max(self.language.findData(first), 0))
        others = question_languages(instrument) if instrument else ()
        self.second.fill((("", self._texts.gettext("None")), *((code, named(code)) for code in others)))
        self.sections.offer([("", self._titles(instrument) if instrument else [])], self.sections.left_out)
        self._fields["supplements"].setVisible(self._opened is None and self.instrument.has_supplements)
        self._choose()

    def _lay_out(self) -> None:
        say = self._texts.gettext
        subtitle = say(
            "A blank form has the questions of the parts that you choose, without answers. Anybody can fill it in."
        )
        self.body.addLayout(page_heading(say("Blank form"), subtitle))
        self._make_fields()
        card = Card(margin=LARGE, spacing=LARGE)
        if self._opened is None:
            self._lay_out_choice(card)
        else:
            self._lay_out_known(card, self._opened)
        self._about = Label(role=TextRole.CAPTION, is_muted=True)
        formats = lay_out(QVBoxLayout(), self.formats, self._about, spacing=SMALL)
        card.body.addLayout(formats)
        card.body.addLayout(
            lay_out(QHBoxLayout(), (self._fields["language"], 1), (self._fields["second"], 1), spacing=LARGE)
        )
        lay_out(card.body, self._fields["sections"], self._fields["file"], self.file.remark, self.foot)
        lay_out(self.body, card, 1)

    def _make_fields(self) -> None:
        say = self._texts.gettext
        optional = say("Optional: the first page has a line for it")
        self._fields = {
            "instrument": LabelledField(say("Questionnaire"), self.instrument),
            "supplements": LabelledField(say("Supplements"), self.instrument.supplements),
            "country": LabelledField(say("Country"), self.country, optional),
            "round": LabelledField(say("Round"), self.round),
            "agency": LabelledField(
                say("Sent to"), self.agency, say("If you choose an agency, this is an agency form")
            ),
            "language": LabelledField(say("Language"), self.language),
            "second": LabelledField(say("Second language, beside the first"), self.second),
            "sections": LabelledField(say("Parts"), self.sections, say("Choose the parts that the agency can answer")),
            "file": self.file.with_label(say("File")),
        }

    def _lay_out_choice(self, card: Card) -> None:
        lay_out(card.body, self._fields["instrument"], self._fields["supplements"])
        card.body.addLayout(
            lay_out(QHBoxLayout(), (self._fields["country"], 2), (self._fields["round"], 1), spacing=LARGE)
        )
        self._fields["agency"].hide()

    def _lay_out_known(self, card: Card, opened: OpenAssessment) -> None:
        """Say whose questions they are; offer the agencies of the assessment."""
        say, dossier = self._texts.gettext, opened.controller.session.dossier()
        for name in ("instrument", "supplements", "country", "round"):
            self._fields[name].hide()
        known = say("The questions of {assessment}, without answers.").format(assessment=opened.title)
        card.body.addWidget(Label(known))
        nobody = ("", say("No agency"))
        named = ((one.id, " – ".join(filter(None, (one.short, one.name)))) for one in dossier.agencies)
        self.agency.fill((nobody, *named))
        card.body.addWidget(self._fields["agency"])
        self._fields["agency"].setVisible(bool(dossier.agencies))

    @property
    def suffix(self) -> str:
        return self.formats.current.name

    def _choose(self) -> None:
        """Follow a choice: what the format is for, and the name of the file."""
        self._about.setText(self._texts.gettext(self.formats.current.sentence))
        self._suggest_file()

    @property
    def _languages(self) -> tuple[str, str]:
        """The languages chosen (BCP 47); a second one like the first is none."""
        first, second = str(self.language.currentData() or ""), str(self.second.currentData() or "")
        return self._settings.tag(first), "" if second == first else self._settings.tag(second)

    def _arguments(self) -> list[str]:
        """Return what the command line is told: the questions of an assessment, or of an instrument and its parts."""
        if self._opened is not None:
            named = [("--from", str(self._opened.controller.session.file))]
        else:
            entry, country = self.instrument.entry, self.country
            named = [
                ("--instrument", str(entry.folder) if entry else ""),
                ("--profile", self.instrument.profile),
                ("--country", country.code),
                ("--country-name", "" if country.m49 else country.text()),
                ("--round", self.round.text().strip()),
                *(("--supplement", one) for one in self.instrument.chosen_supplements),
            ]
        first, second = self._languages
        named += [("--agency", self.agency.currentData() or ""), ("--language", first), ("--second-language", second)]
        named += [("--section", one) for one in (() if self.sections.is_all else self.sections.chosen)]
        said = [word for name, value in named if value for word in (name, value)]
        return ["blank", *said, "--progress", "--", str(self.file.path)]

    def _suggest_file(self) -> None:
        folder = self._opened.controller.session.file.parent if self._opened else self._settings.folder
        self.file.suggest(folder / self._name())

    def _name(self) -> str:
        """Name the file by what tells it from others: country, round, agency and languages."""
        country, round_ = self.country.code or self.country.text(), self.round.text().strip()
        if self._opened is not None:
            mission = self._opened.controller.session.mission
            country, round_ = mission.country, mission.round
        stem = Path(default_file_name(country, round_)).stem if country or round_ else ""
        chosen = str(self.agency.currentData() or "")
        agency = Path(default_file_name(chosen, "")).stem if chosen else ""
        named = self._texts.gettext("agency form") if chosen else self._texts.gettext("blank form")
        kind = Path(default_file_name(named, "")).stem
        parts = (stem, kind, agency, *(split_locale_tag(tag)[0] for tag in self._languages))
        return "-".join(part for part in parts if part) + f".{self.suffix}"

    def start(self) -> None:
        """Make the form, or say what is missing and go there."""
        problems = self._problems()
        for name, field in self._fields.items():
            field.complain(problems.get(name, ""))
        if problems:
            self.foot.outcome.clear()
            places = {"country": self.country, "sections": self.sections.head}
            places[next(iter(problems))].setFocus()
            return
        if not self.file.is_writable(self._texts.gettext):
            self.foot.outcome.clear()
            return
        if self.job.is_running:
            return
        self.foot.begin()
        if self._opened is None:
            self._begin()
        else:
            self.job.start_saved()

    def _begin(self) -> None:
        keys = self._opened.controller.keys if self._opened else NO_KEYS
        self.job.start(self._arguments(), keys)

    def _finish(self, file: str) -> None:
        sentence = self._texts.gettext("The form is ready: {file}").format(file=file)
        self.foot.end(BannerTone.GOOD, sentence, actions_to_open(Path(file), self._texts))
        self._settings.folder = Path(file).parent
        self.file.remark.hide()

    def _problems(self) -> dict[str, str]:
        """Find what is missing, by the name of the field."""
        say = self._texts.gettext
        found: dict[str, str] = {}
        if self._opened is None and self.country.text():
            found["country"] = self.country.problem()
        if not self.sections.chosen:
            found["sections"] = say("Select at least one part.")
        return {name: sentence for name, sentence in found.items() if sentence}

    def stop(self) -> None:
        self.job.stop()

    def focus_first(self) -> None:
        first = self.instrument if self._opened is None else self.formats.tiles[self.suffix]
        first.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER_KEYS and not event.modifiers() and not self.job.is_running:
            self.start()
        else:
            super().keyPressEvent(event)
