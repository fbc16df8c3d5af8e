"""Production, with one page more (the framed page), and a part of the cache of its own."""

import os

from portal.settings.production import *  # noqa: F403
from portal.settings.production import BASE_DIR, CACHES, TEMPLATES

ROOT_URLCONF = "bench.portal_urls"
TEMPLATES[0]["DIRS"].append(BASE_DIR / "bench" / "templates")
CACHES["default"]["KEY_PREFIX"] = os.environ["BENCH_CACHE_PREFIX"]
