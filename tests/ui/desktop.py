"""The desktop's own programs, for tests: takes what would be opened, and opens nothing."""

from PySide6.QtCore import QObject, QUrl, Slot


class Desktop(QObject):
    """Stands in for the desktop's programs: Qt hands it what is to be opened."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[QUrl] = []

    @Slot(QUrl)
    def show(self, url: QUrl) -> None:
        self.opened.append(url)
