"""The WSGI application that the server runs, with its postman beside it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

application = get_wsgi_application()


def _start_postman() -> None:
    """Mail notices from a thread of this process; the readers' own server has none to mail."""
    from django.conf import settings

    if settings.HAS_DESK and settings.HAS_POSTMAN:
        from issues.cutoff import tell_cutoffs
        from notices import postman

        postman.start([tell_cutoffs])


_start_postman()
