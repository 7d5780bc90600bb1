"""Start the packed program with an environment that also fits the programs in which it opens documents and links."""

import os
import sys
from pathlib import Path

from capacity_app.__main__ import main

# The libraries of the packed program are found by now; a child of its own finds them again when it starts.
FOR_PACKED_PROGRAM = ("LD_LIBRARY_PATH", "QT_PLUGIN_PATH", "QML2_IMPORT_PATH", "_PYI_ARCHIVE_FILE",
                      "_PYI_LINUX_PROCESS_NAME", "_PYI_PARENT_PROCESS_LEVEL")  # fmt: skip

for name in FOR_PACKED_PROGRAM:
    os.environ.pop(name, None)
if (usual := os.environ.pop("LD_LIBRARY_PATH_ORIG", None)) is not None:
    os.environ["LD_LIBRARY_PATH"] = usual
# Pango breaks Thai lines with libthai, which reads its words from here.
os.environ.setdefault("LIBTHAI_DICTDIR", str(Path(sys.executable).parent / "_internal" / "libthai"))
if __name__ == "__main__":
    main()
