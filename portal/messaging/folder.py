"""Mails as files, for the embedded portal: one `.eml` a message, read on /boite-d-envoi/."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from portal import clock


class FolderBackend(BaseEmailBackend):
    """Writes into OUTBOX_DIR; the file's name carries the outbox row's id."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write each message, whole or not at all; returns how many."""
        folder = Path(settings.OUTBOX_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            row = message.extra_headers.get("X-Outbox-Id", "0")
            path = folder / f"{clock.now():%Y%m%d-%H%M%S-%f}-{row}.eml"
            partial = path.with_suffix(".part")
            partial.write_bytes(message.message().as_bytes())
            partial.rename(path)
        return len(email_messages)
