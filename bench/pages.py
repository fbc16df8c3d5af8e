"""Pages: requests per second, queries, bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from bench.figures import Aim, Figure, Section, ratio_of_rounds, spread
from bench.instance import HOST, Instance
from bench.load import THREADS, Page, rounds
from bench.weight import Weight, weigh

BARE, FRAMED, HOME = "bare page", "framed page", "home"
FEW, MANY, PROFILE = (
    "choice of a site, 5 sites",
    "choice of a site, 5,000 sites",
    "« Mes informations adhérent »",
)
LIST = "« Gérer les droits d’accès », 2,000 beneficiaries"
RATIOS = ((HOME, BARE, 0.3), (HOME, FRAMED, 0.7), (MANY, FEW, 0.8))
MOST_QUERIES = 8
OF_A_LIST = 10  # two tables, a firm and its state
FIRST_VIEW, NEXT_VIEWS = 150_000, 30_000

HOW_FAST = f"""One gunicorn process, as the Dockerfile starts it (but never renewed), asked by another
process on {THREADS} kept connections, one for each of its threads. The *bare page* is a small template
behind sessions and authentication alone, on the same database; the *framed page* is the same in the
portal's frame, on a site. Pages take turns, round after round; a rate is the median of its rounds
(lowest – highest), a ratio the median of the ratios of each round, so that what slows the whole machine
does not tell."""

HOW_MANY = "Through every middleware, on a second view: sessions, the person and their rights included."

HOW_HEAVY = """The portal does not compress its HTML (secrets beside what a visitor sends: BREACH); the
proxy in front may. *First view* is the HTML as gzip -6 makes it and every static file as WhiteNoise
serves it, compressed; *then* is that HTML alone, static files being kept by the browser for ever.
Headers are not counted. kB: 1,000 bytes."""


def addresses(portal: int, bare: int, people: Mapping[str, Any]) -> dict[str, Page]:
    """The pages that are measured, by name."""
    site = f"/sites/{people['site']}/"
    return {
        BARE: Page(bare, "/petite-page/", HOST, people["few"]),
        FRAMED: Page(portal, f"{site}petite-page/", HOST, people["few"]),
        HOME: Page(portal, site, HOST, people["few"]),
        FEW: Page(portal, "/sites/", HOST, people["few"]),
        MANY: Page(portal, "/sites/", HOST, people["many"]),
        PROFILE: Page(portal, f"{site}adherent/informations/", HOST, people["few"]),
        LIST: Page(portal, f"/sites/{people['crowded']}/droits/", HOST, people["few"]),
    }


def measure(instance: Instance, pages: Mapping[str, Page], times: int, seconds: float) -> list[Section]:
    """Every figure of the pages."""
    rates = dict(zip(pages, rounds(list(pages.values()), times=times, seconds=seconds), strict=True))
    ours = {name: page for name, page in pages.items() if name != BARE}
    queries = {
        name: instance.told_by("bench.queries", page.cookie, page.path)[0] for name, page in ours.items()
    }
    weights = {name: weigh(page) for name, page in ours.items() if name != FRAMED}
    return [
        Section("Requests per second", HOW_FAST, speeds(rates)),
        Section("SQL queries a page", HOW_MANY, counts(queries)),
        Section("Bytes a page", HOW_HEAVY, heaviness(weights)),
    ]


def speeds(rates: Mapping[str, Sequence[float]]) -> list[Figure]:
    """Rates, and the ratios that have an aim."""
    found = [Figure(name, median(values), spread(values, "rps")) for name, values in rates.items()]
    for above, below, least in RATIOS:
        ratio = ratio_of_rounds(rates[above], rates[below])
        found.append(Figure(f"{above} / {below}", ratio, f"{ratio:.2f}", Aim(f"≥ {least}", at_least=least)))
    return found


def counts(queries: Mapping[str, int]) -> list[Figure]:
    """Queries of each page."""
    most = {name: OF_A_LIST if name == LIST else MOST_QUERIES for name in queries}
    return [
        Figure(name, count, str(count), Aim(f"≤ {most[name]}", at_most=most[name]))
        for name, count in queries.items()
    ]


def heaviness(weights: Mapping[str, Weight]) -> list[Figure]:
    """Bytes of each page: first view, then."""
    first, then = (Aim(f"< {most / 1000:.0f} kB", under=most) for most in (FIRST_VIEW, NEXT_VIEWS))
    found = []
    for name, weight in weights.items():
        raw = f"{kilobytes(weight.gzipped)} ({kilobytes(weight.html)} not compressed)"
        found += [
            Figure(f"{name}, first view", weight.first, kilobytes(weight.first), first),
            Figure(f"{name}, then", weight.gzipped, raw, then),
        ]
    return found


def kilobytes(count: int) -> str:
    """`12.3 kB`."""
    return f"{count / 1000:.1f} kB"
