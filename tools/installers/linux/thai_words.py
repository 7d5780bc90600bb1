"""Tell libthai, with which Pango breaks Thai lines, where its words are in the packed program."""

import os
import sys
from pathlib import Path

os.environ.setdefault("LIBTHAI_DICTDIR", str(Path(sys.executable).parent / "_internal" / "libthai"))
