"""WSGI application of the project, and start of a server worker."""

import os
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from newsroom import request_bodies
from newsroom.middleware.security_headers import with_headers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")


def _application() -> Any:
    """Return Django's application inside the page cache and the body receiver.

    The page cache comes first: a cached response contains its headers and needs no request body.
    """
    django = request_bodies.limited_to(settings.SERVER_THREADS, get_wsgi_application())
    application = with_headers(request_bodies.receive_whole_bodies(django))
    if not settings.HAS_READER:
        return application
    from reader.page_cache.wsgi import cached_application

    return cached_application(application)


def _start_runner() -> None:
    """Start the outbox runner of this process; a process for the public site has none."""
    if settings.HAS_DESK and settings.HAS_OUTBOX_RUNNER:
        from outbox import runner

        runner.start()


application = _application()


def start_worker() -> Any:
    """Start the background threads of a server worker; return the application.

    The server calls it once in each process. Importing this module starts nothing.
    """
    _start_runner()
    return application
