"""`python -m bench.command NAME ARGUMENT…`: one management command, its seconds and peak memory as JSON.

Django's own start is left out of the seconds, not out of the memory.
"""

from __future__ import annotations

import json
import re
import sys
import time
from io import StringIO
from pathlib import Path

import django
from django.core.management import call_command


def memory(name: str) -> int:
    """This process's memory in bytes: `VmRSS` as it is, `VmHWM` at its highest (Linux)."""
    found = re.search(rf"^{name}:\s+(\d+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE)
    if found is None:
        raise LookupError(f"the system does not tell {name}")
    return int(found[1]) * 1024


if __name__ == "__main__":
    django.setup()
    before = memory("VmRSS")
    began = time.perf_counter()
    call_command(*sys.argv[1:], stdout=StringIO())
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "peak": memory("VmHWM"), "before": before}))
