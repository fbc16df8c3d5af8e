"""What never reaches a log: the secret part of an address (R21, R75)."""

from __future__ import annotations

import logging
import re

SECRET_ADDRESSES = re.compile(
    r"/+(activation|mot-de-passe/nouveau|certification|delegation(?:/confirmation)?)/[^/\s\"']+",
    re.IGNORECASE,
)


def redacted(text: str) -> str:
    """The text with the token of every link taken out."""
    return SECRET_ADDRESSES.sub(r"/\1/…", text)


class Redacting(logging.Formatter):
    """A formatter whose lines, tracebacks included, hold no token of a link."""

    def format(self, record: logging.LogRecord) -> str:
        """The formatted line, redacted; one record stays on one line but for its traceback."""
        return redacted(super().format(record))
