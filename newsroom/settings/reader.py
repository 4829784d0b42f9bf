"""Settings of the public site: how long its responses are cached, and where."""

from typing import Any

from newsroom import env

#: Seconds between two checks of a process for a new content version.
PRESS_LOOK_SECONDS: float = 0.2
#: Seconds that a CDN may serve a response without revalidation; never beyond the next release. In
#: that time a withdrawn story can still be read there, so 0 unless the operator wants otherwise.
CDN_SECONDS = env.number("NEWSROOM_CDN_SECONDS", 0, most=3600)
#: Size in MB of the page cache of a process.
PAGE_CACHE_MB = env.number("NEWSROOM_PAGE_CACHE_MB", 64, most=4096)
#: URL of a page cache that several processes share, such as redis://10.0.0.5:6379/0.
CACHE_URL = env.secret("NEWSROOM_CACHE_URL")
caches: dict[str, dict[str, Any]] = {}
if CACHE_URL:
    caches["pages"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "newsroom",
        # Rendering a page takes less time than these timeouts.
        "OPTIONS": {
            "serializer": "reader.page_cache.redis.PlainSerializer",
            "socket_timeout": 0.5,
            "socket_connect_timeout": 0.5,
        },
    }

#: Whether readers' devices may install the paper and store its last issue.
OFFLINE = env.flag("NEWSROOM_OFFLINE", default=True)
