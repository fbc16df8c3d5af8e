"""What a person is told of a browser: « Firefox sur Windows », from what it says of itself."""

from __future__ import annotations

# The first that is found names it: every browser also says the names of those it descends from.
BROWSERS = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
]
SYSTEMS = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
]
UNKNOWN = "Navigateur inconnu"


def named(user_agent: str) -> str:
    """The browser and the system, in words; never what was sent as it came."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    if not browser:
        return f"{UNKNOWN} sur {system}" if system else UNKNOWN
    return f"{browser} sur {system}" if system else browser
