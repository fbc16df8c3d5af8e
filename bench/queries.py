"""`python -m bench.queries COOKIE PATH…`: how many SQL queries each page makes, as JSON."""

from __future__ import annotations

import json
import sys

import django


def counted(cookie: str, path: str) -> int:
    """The queries of one page, made through every middleware by whoever that session is."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    name, _, value = cookie.partition("=")
    client = Client()
    client.cookies[name] = value
    client.get(path, secure=True)
    with CaptureQueriesContext(connection) as found:
        response = client.get(path, secure=True)
    if response.status_code != 200:
        raise RuntimeError(f"{path} answers {response.status_code}")
    return len(found)


if __name__ == "__main__":
    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS.append("testserver")
    print(json.dumps([counted(sys.argv[1], path) for path in sys.argv[2:]]))
