"""Django's error reports, as bare as the log: where it broke, and nothing of the request."""

from __future__ import annotations

import traceback
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter

from portal.logs.redaction import own_lines, redacted


class BareReporter(ExceptionReporter):
    """Django's own would quote the address (a token), the headers, the form and local variables (R75)."""

    exc_value: Any

    def get_traceback_text(self) -> str:  # type: ignore[override]  # a text is nothing to mark as safe
        """The traceback as the log has it."""
        if isinstance(self.exc_value, BaseException):
            return own_lines(redacted("".join(traceback.format_exception(self.exc_value))))
        return own_lines(redacted(str(self.exc_value)))

    def get_traceback_html(self) -> SafeString:
        """The same, as a page."""
        return format_html("<pre>{}</pre>", self.get_traceback_text())
