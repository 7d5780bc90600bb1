"""A questionnaire's folder taken over among a person's own, by the same rules as one that was written in Excel."""

from contextlib import suppress
from pathlib import Path

from capacity_app import catalogues, paths
from capacity_app.catalogues import REVIEWED_BY, REVIEWED_ON, REVIEWED_VERSION, UNREVIEWED
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.problems import N_, KnownError
from capacity_app.domain.wordings import wording_places
from capacity_app.instruments import library
from capacity_app.instruments.files import HEAD
from capacity_app.instruments.reader import offered_supplements, read_instrument
from capacity_app.instruments.writing.sources import source_of_folder
from capacity_app.services.reporting import known_error, put_in_place
from capacity_app.services.writing import Reading, Wording, put_book_in_place

HERE_ALREADY = N_("This questionnaire is on this computer already.")
HAS_MISTAKES = N_("The questionnaire has mistakes, so it was not taken over. Mend them and check it again.")
MIGRATIONS = "migrations"
_MOST_BYTES = 5_000_000


def is_here(folder: Path) -> bool:
    """Whether a folder is one of those that questionnaires are chosen from."""
    with suppress(OSError):
        return folder.resolve().parent in {
            paths.instruments_folder().resolve(), paths.user_instruments_folder().resolve()
        }  # fmt: skip
    return False


def install(folder: Path) -> Path:
    """Copy a questionnaire with its translations and migrations, and say where to; raises KnownError."""
    folder = library.find(folder, ()).folder
    if is_here(folder):
        raise KnownError(HERE_ALREADY)
    instrument, _ = read_instrument(folder, [one.file for one in offered_supplements(folder)])
    source, _ = source_of_folder(folder)
    if instrument is None or source is None:
        raise KnownError(HAS_MISTAKES)
    try:
        files = {name: (folder / name).read_text("utf-8-sig") for name in (HEAD, *source.parts)}
        reading = Reading(
            file=folder.name, files=files, instrument=instrument, mistakes=(), wordings=_wordings(instrument, folder)
        )
        target = put_book_in_place(reading)
        _copy_migrations(folder, target)
    except OSError as error:
        raise known_error(error, folder) from error
    return target


def _wordings(instrument: Instrument, folder: Path) -> tuple[Wording, ...]:
    texts = dict(wording_places(instrument))
    return tuple(_wording(instrument.id, texts, file) for file in sorted(folder.glob("*.po")))


def _wording(name: str, texts: dict[str, str], file: Path) -> Wording:
    said = catalogues.worded(file)
    entries = {
        key: (text, said[f"{name}|{key}", text]) for key, text in texts.items() if (f"{name}|{key}", text) in said
    }
    review = catalogues.review_of(file)
    headers = {"Last-Translator": UNREVIEWED if review.is_open else review.by}
    if not review.is_open:
        headers |= {REVIEWED_BY: review.by, REVIEWED_ON: review.on, REVIEWED_VERSION: review.version}
    return Wording(language=file.stem.replace("_", "-"), entries=entries, headers=headers)


def _copy_migrations(folder: Path, target: Path) -> None:
    for file in sorted((folder / MIGRATIONS).glob("*.toml")):
        if file.is_file() and not file.is_symlink() and file.stat().st_size <= _MOST_BYTES:
            (target / MIGRATIONS).mkdir(exist_ok=True)
            put_in_place(target / MIGRATIONS / file.name, file.read_bytes())
