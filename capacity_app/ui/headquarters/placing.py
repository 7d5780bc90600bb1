"""Where a file of the board lies: its path is told from the folders that were read."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path


def locate(path: str, folders: Sequence[Path]) -> Path | None:
    """Find a file of the board; of several folders its path begins with the folder’s name, as in ``aggregate``."""
    for folder, rest in _candidates(path, folders):
        found = folder / rest
        if _is_inside(found, folder) and _is_file(found):
            return found
    return None


def _candidates(path: str, folders: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    if len(folders) == 1:
        yield folders[0], path
        return
    first, _, rest = path.partition("/")
    seen: Counter[str] = Counter()
    for folder in folders:
        seen[folder.name] += 1
        number = seen[folder.name]
        if first == (folder.name if number == 1 else f"{folder.name} ({number})"):
            yield folder, rest


def _is_inside(file: Path, folder: Path) -> bool:
    """Tell whether a path that somebody else wrote stays within the folder."""
    try:
        return file.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError):
        return False


def _is_file(file: Path) -> bool:
    try:
        return file.is_file()
    except (OSError, ValueError):
        return False
