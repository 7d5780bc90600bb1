"""Programs watched from outside with strace: whom they call, and where they look for names of the network."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
_WATCH = ("strace", "-f", "--seccomp-bpf", "-qq", "-s", "256", "-e", "trace=%network,openat")
_HARMLESS = re.compile(r"AF_UNIX|AF_LOCAL")
_NAMES = re.compile(r'"/etc/(?:resolv\.conf|hosts|host\.conf|services)"|libnss_dns')
_CALL = re.compile(r"\b(?:socket|connect|bind|listen|accept4?|sendto|sendmsg|sendmmsg)\(")


@cache
def why_not() -> str:
    """Return why nothing can be watched here; empty where it can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    done = subprocess.run([*_WATCH, "true"], capture_output=True, check=False)
    return "" if done.returncode == 0 else "this system does not let one process watch another"


def watch(
    command: Sequence[str], trace: Path, *, environment: dict[str, str] | None = None
) -> "subprocess.Popen[bytes]":
    """Start a program and all it starts, watched; what they call is written to ``trace``."""
    return subprocess.Popen(
        [*_WATCH, "-o", str(trace), *command],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | (environment or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def calls_outside(trace: Path) -> list[str]:
    """Return every call to a network, whether anybody answered or not, and every look-up of a name there."""
    lines = trace.read_text(errors="replace").splitlines()
    sockets = [line for line in lines if "socket(" in line and not _HARMLESS.search(line)]
    addresses = [line for line in lines if _CALL.search(line) and re.search(r"AF_(?:INET6?|NETLINK|PACKET)", line)]
    names = [line for line in lines if _NAMES.search(line)]
    return [*dict.fromkeys((*sockets, *addresses, *names))]


def opened(trace: Path) -> str:
    """Return what was opened, to see that watching works."""
    return "\n".join(line for line in trace.read_text(errors="replace").splitlines() if "openat(" in line)
