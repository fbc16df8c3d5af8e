"""Where an act comes from: the address of the connection, as our own proxies report it (R10)."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True)
class Origin:
    """The channel of an act (`web`, `command`, `task`) and, on the web, the client's address."""

    channel: str
    address: str | None = None

    @property
    def network(self) -> str:
        """What limits count: the address, or the /64 that an IPv6 client can wander in; may be empty."""
        return self._within(64)

    @property
    def allotment(self) -> str:
        """What limits count of what costs money: an IPv6 holder has a whole /48, of 65,536 such networks."""
        return self._within(48)

    def _within(self, ipv6_prefix: int) -> str:
        """The address, or the IPv6 network of that prefix around it; may be empty."""
        if self.address is None:
            return ""
        address = ipaddress.ip_address(self.address)
        if isinstance(address, ipaddress.IPv6Address):
            return str(ipaddress.ip_network((address, ipv6_prefix), strict=False))
        return str(address)

    @classmethod
    def of(cls, request: HttpRequest) -> Origin:
        """The origin of a web request."""
        return cls("web", client_address(request))


COMMAND = Origin("command")
TASK = Origin("task")


def client_address(request: HttpRequest) -> str:
    """The client's IP address; X-Forwarded-For is read only as far as our own proxies wrote it."""
    address: str = request.META["REMOTE_ADDR"]
    count = settings.TRUSTED_PROXY_COUNT
    if count:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        if len(hops) >= count:
            address = hops[-count]
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "0.0.0.0"  # noqa: S104  a unix socket, or a proxy that does not name its client
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
