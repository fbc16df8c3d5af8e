"""Headers that Django's own middlewares do not send, on every answer: files, redirects, failures."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from portal.logs.redaction import SECRET_ADDRESSES

# What no page of the portal asks a browser for; a script slipped into one could not either.
SHUT = (
    "accelerometer", "autoplay", "camera", "display-capture", "geolocation", "gyroscope", "hid",
    "magnetometer", "microphone", "midi", "payment", "screen-wake-lock", "serial", "usb",
    "xr-spatial-tracking",
)  # fmt: skip
# SecurityMiddleware's own, for what fails before it answers (a host that is not ours, over http).
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in SHUT)


class HeadersMiddleware:
    """Permissions-Policy everywhere, and a narrower Referrer-Policy where the address is a secret."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add both. `no-referrer` would be narrower still, but browsers then send `Origin: null`
        with the page's own form, which the CSRF protection refuses (R21, R71). The sign-in page that leads
        back to a secret address bears it too, in its own."""
        response = self.get_response(request)
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if SECRET_ADDRESSES.search(request.get_full_path()):
            response.headers["Referrer-Policy"] = "strict-origin"
        return response
