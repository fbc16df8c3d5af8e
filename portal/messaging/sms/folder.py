"""SMS as files, for the embedded portal: one `.sms` each, read on /boite-d-envoi/ beside the mails."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from portal import clock
from portal.messaging.models import SmsState
from portal.messaging.sms.gateway import Accepted


class FolderGateway:
    """Writes into OUTBOX_DIR: the number on the first line, the text below."""

    def send(self, *, number: str, text: str, row: int) -> Accepted:
        """Write the file, whole or not at all."""
        folder = Path(settings.OUTBOX_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{clock.now():%Y%m%d-%H%M%S-%f}-sms-{row}.sms"
        partial = path.with_suffix(".part")
        partial.write_text(f"{number}\n{text}", encoding="utf-8")
        partial.rename(path)
        return Accepted()

    def became(self, *, reference: str, number: str, row: int) -> SmsState | None:
        """A file is never heard of again."""
        return None
