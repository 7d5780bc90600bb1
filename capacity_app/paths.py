"""Where files come from: what is shipped with the program, and the folders of the person using it."""

from pathlib import Path

from platformdirs import PlatformDirs

_PACKAGE = Path(__file__).resolve().parent
_PERSON = PlatformDirs("capacity-app", appauthor=False)


def _shipped(name: str) -> Path:
    installed = _PACKAGE / "data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def instruments_folder() -> Path:
    """Return the folder of the instruments that come with the program."""
    return _shipped("assessments")


def resources_folder() -> Path:
    """Return the folder of templates, styles, fonts, icons and translations."""
    return _shipped("resources")


def user_instruments_folder() -> Path:
    """Return the folder for the person's own instruments; it may not exist."""
    return _PERSON.user_data_path / "instruments"


def user_translations_folder() -> Path:
    """Return the folder for translations of the program that were brought here; it may not exist."""
    return _PERSON.user_data_path / "translations"


def settings_file() -> Path:
    """Return the file with window state, recent files and identity; it may not exist."""
    return _PERSON.user_config_path / "settings.ini"


def device_file() -> Path:
    """Return the file with this installation's device id; it may not exist."""
    return _PERSON.user_config_path / "device.txt"


def signing_certificate_file() -> Path:
    """Return the file with the certificate and key that sign this installation's PDF files; it may not exist."""
    return _PERSON.user_config_path / "signing-certificate.pem"


def letter_template_file() -> Path:
    """Return the office's own template of the invitation letter; it may not exist."""
    return _PERSON.user_data_path / "templates" / "invitation-letter.docx"


def backups_folder() -> Path:
    """Return the folder of copies of assessments, elsewhere than these; it may not exist."""
    return _PERSON.user_data_path / "backups"


def recovered_folder() -> Path:
    """Return the folder of work that was brought to safety where its own folder took nothing; it may not exist."""
    return _PERSON.user_data_path / "recovered"


def log_file() -> Path:
    """Return the log for bug reports; it may not exist."""
    return _PERSON.user_log_path / "capacity-app.log"
