"""What is cached and what never is: pages of a person never, and a cache that fails is a miss."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from django.http import HttpRequest, HttpResponse
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class NoStoreMiddleware:
    """Every page made for a request stays out of every cache (R36): shared machines keep nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Forbid storing, unless the response says otherwise itself."""
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class ForgivingRedisCache(RedisCache):
    """Redis as a cache that may be away: reads miss, writes are dropped, and the log says so (R12)."""

    def _forgive(self, method: str, fallback: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(RedisCache, method)(self, *args, **kwargs)
        except RedisError as error:
            logger.warning("cache away during %s: %s", method, type(error).__name__)
            return fallback

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """The value, or the default when it is missing or Redis is away."""
        return self._forgive("get", default, key, default, version=version)

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        """The values found; none when Redis is away."""
        found: dict[Any, Any] = self._forgive("get_many", {}, keys, version=version)
        return found

    def set(self, *args: Any, **kwargs: Any) -> None:
        """Store, or drop."""
        self._forgive("set", None, *args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        """Store if absent; False when Redis is away."""
        return bool(self._forgive("add", False, *args, **kwargs))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        """Forget; False when Redis is away."""
        return bool(self._forgive("delete", False, *args, **kwargs))

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        """Whether the key is there; False when Redis is away."""
        return bool(self._forgive("has_key", False, *args, **kwargs))
