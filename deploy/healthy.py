"""Whether a container does its work: `python deploy/healthy.py web` or `… beat`. Ends with 0 or 1."""

from __future__ import annotations

import http.client
import os
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

PORT = 8000
SCHEDULE = "/tmp/beat-schedule"  # noqa: S108  beat's own place in its container
STALE_SECONDS = 600  # beat writes its schedule every three minutes


def web(port: int = PORT) -> bool:
    """Whether /sante/ answers 200, asked under the portal's own name: Django refuses any other."""
    host = urlsplit(os.environ["PORTAL_ORIGIN"]).netloc
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", "/sante/", headers={"Host": host})
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def beat(schedule: str = SCHEDULE) -> bool:
    """Whether beat wrote its schedule lately; the file's ending depends on the system's dbm."""
    path = Path(schedule)
    written = [found.stat().st_mtime for found in path.parent.glob(f"{path.name}*")]
    return bool(written) and time.time() - max(written) < STALE_SECONDS


if __name__ == "__main__":
    sys.exit(0 if {"web": web, "beat": beat}[sys.argv[1]]() else 1)
