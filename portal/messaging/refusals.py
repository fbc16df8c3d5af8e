"""Reading what the mail server said when it did not take a mail."""

from __future__ import annotations

from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused

PERMANENT = 500  # from this reply on, a server asks not to try again
ABOUT_THE_MAIL = (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError)


def told(error: Exception) -> str:
    """The kind of failure and the server's reply code: never its text, which may quote the mail."""
    return " ".join([type(error).__name__, *map(str, filter(None, [_code(error)]))])


def is_for_good(error: Exception) -> bool:
    """Whether the server refused the recipient or the mail itself, and says that it always will."""
    return isinstance(error, SMTPRecipientsRefused | SMTPDataError) and _code(error) >= PERMANENT


def is_away(error: Exception) -> bool:
    """Whether another mail would fare the same: no server, a slow one, or one that takes nothing from us."""
    return isinstance(error, OSError) and not isinstance(error, ABOUT_THE_MAIL)


def _code(error: Exception) -> int:
    if isinstance(error, SMTPRecipientsRefused):
        return max((code for code, _ in error.recipients.values()), default=0)
    code = getattr(error, "smtp_code", 0)
    return code if isinstance(code, int) and code > 0 else 0
