"""/boite-d-envoi/: the mails and SMS that the embedded portal wrote as files. Embedded only."""

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

from portal.phones import written_phone

SHOWN = 100


@dataclass(frozen=True)
class FiledMail:
    """One mail or SMS of the folder."""

    name: str
    at: dt.datetime
    recipient: str
    subject: str
    text: str
    is_sms: bool = False


def read_mail(path: Path) -> FiledMail:
    """A mail's headers and text part."""
    parsed = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    body = parsed.get_body(("plain",))
    at = written_at(path)
    text = str(body.get_content()) if body else ""
    return FiledMail(path.stem, at, str(parsed["To"]), str(parsed["Subject"]), text)


def read_sms(path: Path) -> FiledMail:
    """An SMS: its number, then its text."""
    number, _, text = path.read_text(encoding="utf-8").partition("\n")
    return FiledMail(path.stem, written_at(path), written_phone(number), "SMS", text, is_sms=True)


def written_at(path: Path) -> dt.datetime:
    """When a file of the folder was written, as its name says."""
    return dt.datetime.strptime(path.name[:15], "%Y%m%d-%H%M%S").replace(tzinfo=dt.UTC)


def filed() -> list[Path]:
    """The folder's mails and SMS, newest first."""
    folder = Path(settings.OUTBOX_DIR)
    return sorted([*folder.glob("*.eml"), *folder.glob("*.sms")], reverse=True)


def read_filed(path: Path) -> FiledMail:
    """A mail or an SMS."""
    return read_sms(path) if path.suffix == ".sms" else read_mail(path)


@method_decorator(login_not_required, name="dispatch")
class OutboxPage(TemplateView):
    """The latest mails and SMS, newest first."""

    template_name = "messaging/outbox.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The mails and SMS of the folder, at most `SHOWN`."""
        return super().get_context_data(mails=[read_filed(path) for path in filed()[:SHOWN]], **kwargs)


@method_decorator(login_not_required, name="dispatch")
class OutboxMailPage(TemplateView):
    """One mail or SMS, its links made clickable."""

    template_name = "messaging/outbox_mail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The one of that name; the name is looked up among the folder's, never joined to a path."""
        for path in filed():
            if path.stem == kwargs["name"]:
                return super().get_context_data(mail=read_filed(path), **kwargs)
        raise Http404
