"""Lines of the log: readable ones on one's own machine, JSON in production; neither holds a secret."""

from __future__ import annotations

import datetime as dt
import json
import logging
from typing import Any

from portal.logs import request_id
from portal.logs.redaction import one_line, own_lines, redacted


class Redacting(logging.Formatter):
    """Readable: time, level, logger, the request's id, message, fields; a traceback below, indented."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and the traceback's own, which cannot be taken for records."""
        fields = "".join(f" {name}={value}" for name, value in fields_of(record).items())
        start = f"{self.formatTime(record)} {record.levelname} {record.name}"
        line = f"{start} [{request_id.current.get() or '-'}] {message_of(record)}{fields}"
        trace = self.trace_of(record)
        return line + "".join(f"\n    {part}" for part in trace.split("\n")) if trace else line

    def trace_of(self, record: logging.LogRecord) -> str:
        """The traceback and the stack, when there are any, redacted and without local variables."""
        parts = [record.exc_text or (self.formatException(record.exc_info) if record.exc_info else "")]
        parts += [record.stack_info or ""]
        return own_lines(redacted("\n".join(part for part in parts if part)))


class JsonLines(Redacting):
    """One JSON object a record, on one line: what log collectors read."""

    def format(self, record: logging.LogRecord) -> str:
        """Time in UTC, level, logger, the request's id, message, fields, traceback; empty ones left out."""
        values = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": request_id.current.get(),
            "message": message_of(record),
            **fields_of(record),
            "exception": self.trace_of(record),
        }
        return json.dumps(
            {name: value for name, value in values.items() if value not in (None, "")}, ensure_ascii=False
        )


def message_of(record: logging.LogRecord) -> str:
    """The record's sentence, redacted; of a record whose arguments do not fit, its template alone."""
    try:
        message = record.getMessage()
    except Exception:
        message = f"{record.msg} (arguments that do not fit)"
    return one_line(redacted(message))


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """The fields that our own code gave the record; whatever else others attach is not written."""
    given: dict[str, Any] = getattr(record, "fields", {})
    return {
        name: one_line(redacted(value)) if isinstance(value, str) else value
        for name, value in given.items()
        if value is not None
    }
