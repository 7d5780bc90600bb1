"""Prints as JSON lines what our program has a screen reader announce, until it is ended; run by Debian's Python."""

import json

import gi  # type: ignore[import-untyped, import-not-found, unused-ignore]

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # type: ignore[import-untyped, import-not-found, unused-ignore]  # noqa: E402 - version first


def main() -> None:
    Atspi.init()
    listener = Atspi.EventListener.new(lambda event: print(json.dumps(event.any_data), flush=True))  # noqa: T201 - read by a test
    listener.register("object:announcement")
    print(json.dumps(""), flush=True)  # noqa: T201 - it listens now
    Atspi.event_main()


if __name__ == "__main__":
    main()
