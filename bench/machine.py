"""What the bench ran on, without its name."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path

from bench.instance import versions


def described(postgres: str, redis_url: str) -> dict[str, str]:
    """Processor, cores, versions, and how busy the machine was when the bench began."""
    return {
        "processor": f"{processor()}, {os.cpu_count()} cores",
        "Python": platform.python_version(),
        **dict(versions(postgres, redis_url)),
        "busy when it began (processes waiting, over a minute)": f"{os.getloadavg()[0]:.1f}",
    }


def processor() -> str:
    """The processor's model (Linux), else its architecture."""
    try:
        told = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.machine()
    found = re.search(r"^model name\s*:\s*(.+)$", told, re.MULTILINE)
    return found[1] if found else platform.machine()
