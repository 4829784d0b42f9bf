"""The WSGI application that the server runs, with its postman beside it."""

import os
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")


def _application() -> Any:
    """Return Django's application; before it the door at which kept pages are answered."""
    django = get_wsgi_application()
    if not settings.HAS_READER:
        return django
    from reader.front_door import front_door

    return front_door(django)


def _start_postman() -> None:
    """Mail notices from a thread of this process; the readers' own server has none to mail."""
    if settings.HAS_DESK and settings.HAS_POSTMAN:
        from issues.cutoff import tell_cutoffs
        from notices import postman

        postman.start([tell_cutoffs])


application = _application()
_start_postman()
