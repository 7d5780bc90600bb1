"""Tell fontconfig, which Pango asks for fonts, where its settings are in the packed program."""

import os
import sys
from pathlib import Path

os.environ.setdefault("FONTCONFIG_PATH", str(Path(sys.executable).parents[1] / "Resources" / "etc" / "fonts"))
