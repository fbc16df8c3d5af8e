"""/boite-d-envoi/: the mails that the embedded portal wrote as files. Embedded only."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

SHOWN = 100


@dataclass(frozen=True)
class FiledMail:
    """One mail of the folder."""

    name: str
    at: dt.datetime
    recipient: str
    subject: str
    text: str


def read_mail(path: Path) -> FiledMail:
    """A mail's headers and text part."""
    parsed = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    body = parsed.get_body(("plain",))
    at = dt.datetime.strptime(path.name[:15], "%Y%m%d-%H%M%S").replace(tzinfo=dt.UTC)
    text = str(body.get_content()) if body else ""
    return FiledMail(path.stem, at, str(parsed["To"]), str(parsed["Subject"]), text)


@method_decorator(login_not_required, name="dispatch")
class OutboxPage(TemplateView):
    """The latest mails, newest first."""

    template_name = "messaging/outbox.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The mails of the folder, at most `SHOWN`."""
        paths = sorted(Path(settings.OUTBOX_DIR).glob("*.eml"), reverse=True)[:SHOWN]
        return super().get_context_data(mails=[read_mail(path) for path in paths], **kwargs)


@method_decorator(login_not_required, name="dispatch")
class OutboxMailPage(TemplateView):
    """One mail, its links made clickable."""

    template_name = "messaging/outbox_mail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The mail of that name; the name is looked up among the folder's, never joined to a path."""
        for path in Path(settings.OUTBOX_DIR).glob("*.eml"):
            if path.stem == kwargs["name"]:
                return super().get_context_data(mail=read_mail(path), **kwargs)
        raise Http404
