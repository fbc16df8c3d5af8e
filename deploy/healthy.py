"""Whether a container does its work: `python deploy/healthy.py web` or `… beat`. Ends with 0 or 1."""

from __future__ import annotations

import http.client
import os
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

PORT = 8000
WITNESS = "/tmp/beat-witness"  # noqa: S108  beat's own place in its container
STALE_SECONDS = 180  # beat turns every thirty seconds at least


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


def beat(witness: str = WITNESS) -> bool:
    """Whether beat turned lately (`deploy.beat`)."""
    path = Path(witness)
    return path.exists() and time.time() - path.stat().st_mtime < STALE_SECONDS


if __name__ == "__main__":
    sys.exit(0 if (web() if sys.argv[1] == "web" else beat()) else 1)
