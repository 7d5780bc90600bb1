"""Choosing an earlier round, and what is said of it: which one, how complete, and where its answers are."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from capacity_app.domain.dossier import Dossier
from capacity_app.domain.instrument import Instrument
from capacity_app.services.next_round import conserved, share_asked
from capacity_app.texts import Texts


def ask_earlier(parent: QWidget, texts: Texts, folder: Path) -> Path | None:
    """Ask for the file of an earlier round; None if the person changed their mind."""
    title = texts.gettext("Choose an earlier round")
    pattern = texts.gettext("Assessments and dossiers") + " (*.assessment *.json)"
    chosen, _ = QFileDialog.getOpenFileName(parent, title, str(folder), pattern)
    return Path(chosen) if chosen else None


def round_title(texts: Texts, earlier: Dossier) -> str:
    """Name an earlier round by country and round."""
    mission = earlier.mission
    country = mission.country_name or texts.country(mission.m49) or mission.country
    return texts.gettext("{country}, {round}").format(country=country, round=mission.round)


def round_detail(texts: Texts, earlier: Dossier) -> str:
    """Return how far an earlier round had come, and with which instrument."""
    title = texts.wording(earlier.instrument.id, "instrument|title", earlier.instrument.title)
    version = texts.gettext("{title}, version {version}").format(title=title, version=earlier.instrument.version)
    asked = texts.gettext("{share} asked").format(share=texts.percent(share_asked(earlier)))
    return f"{asked} · {version}"


def waiting_sentences(texts: Texts, earlier: Dossier, instrument: Instrument) -> str:
    """Return where every answer of the earlier round is in an empty assessment of an instrument."""
    counted = conserved(earlier, instrument)
    said = [
        texts.ngettext(
            "{count} answer of {round} waits to be confirmed; none counts as given.",
            "{count} answers of {round} wait to be confirmed; none counts as given.",
            counted.waiting,
        ).format(count=texts.number(counted.waiting), round=earlier.mission.round)
    ]
    if counted.later:
        said.append(
            texts.ngettext(
                "{count} more hangs on an answer that comes first.",
                "{count} more hang on answers that come first.",
                counted.later,
            ).format(count=texts.number(counted.later))
        )
    if counted.unfit:
        said.append(
            texts.ngettext(
                "{count} has no place in this instrument any more; it stays in the earlier round.",
                "{count} have no place in this instrument any more; they stay in the earlier round.",
                counted.unfit,
            ).format(count=texts.number(counted.unfit))
        )
    return " ".join(said)
