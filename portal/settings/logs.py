"""What production's log leaves out: the tokens of links, which Django quotes with a request's path (R21)."""

from __future__ import annotations

import logging
import re
from typing import Any

SHOWN = "[lien]"
# A signed value of `portal.tokens` (parts, time, signature), or a password reset's number, time and hash.
TOKEN = re.compile(r"(?:[\w-]+\.){1,3}[\w-]{43}(?![\w-])|\b[0-9a-z]+-[0-9a-z]+-[0-9a-f]{32}(?![\w-])")


class WithoutTokens(logging.Filter):
    """Blanks the tokens of a line; never drops one."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace the message by its blanked text. Always true."""
        text = record.getMessage()
        blanked = TOKEN.sub(SHOWN, text)
        if blanked != text:
            record.msg, record.args = blanked, None
        return True


WITHOUT_TOKENS: dict[str, Any] = {"()": "portal.settings.logs.WithoutTokens"}
