"""Has a child process of a test write down which functions it reached: mutmut itself sees its own process only.

Laid beside the mutated program, where Python finds it under this name and runs it before anything else.
"""

import atexit
import os
import uuid
from pathlib import Path

if os.environ.get("MUTANT_UNDER_TEST") == "stats" and os.environ.get("REACHED_FOLDER"):
    from mutmut.mutation import trampoline

    _reached: set[str] = set()

    def _reach(name: str, caller: str | None = None) -> None:
        del caller
        _reached.add(name)

    def _write() -> None:
        place = Path(os.environ["REACHED_FOLDER"]) / uuid.uuid4().hex
        place.write_text("\n".join(sorted(_reached)), encoding="utf-8")

    vars(trampoline)["record_trampoline_hit"] = _reach
    atexit.register(_write)
