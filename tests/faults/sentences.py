"""What a person may be told: sentences in plain words."""

import re

_JARGON = re.compile(
    r"errno|\[\d+\]|traceback|exception|error:|OSError|sqlite|cipher|I/O|Input/output|Permission denied|"
    r"Too many open|device\b|pragma|vacuum|unable to open|database|None\b|\{|\}|\.py\b|0x",
    re.IGNORECASE,
)


def is_plain(sentence: str) -> bool:
    """Return whether a person who is no programmer can make something of it: whole sentences, no jargon, what to do."""
    return sentence.endswith(".") and not _JARGON.search(sentence) and len(sentence) > len("Try again.")
