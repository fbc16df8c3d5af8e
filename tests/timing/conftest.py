"""The same production processes as the fault tests have."""

from tests.faults.conftest import mail_server, portal, shared_portal, sms_provider

__all__ = ["mail_server", "portal", "shared_portal", "sms_provider"]
