"""Letters that hold a link. They are sent at once or not at all: nothing of them is kept."""

from __future__ import annotations

import logging
import threading

from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest

logger = logging.getLogger(__name__)


def address_of(request: HttpRequest, path: str) -> str:
    """Return the whole address of a path of the desk, as a letter needs it."""
    if settings.DESK_ADDRESS:
        return str(settings.DESK_ADDRESS) + path
    return request.build_absolute_uri(path)


def send(letter: EmailMessage) -> bool:
    """Send a letter; return whether the mail server took it.

    None goes out where its link could lead elsewhere: with any host name allowed (*) and no
    NEWSROOM_DESK_ADDRESS, the link's host is whatever the request said.
    """
    if "*" in settings.ALLOWED_HOSTS and not settings.DESK_ADDRESS:
        logger.error("A letter did not go out: set NEWSROOM_DESK_ADDRESS.")
        return False
    try:
        letter.send()
    except (OSError, ValueError) as error:  # OSError holds all of SMTP's own
        logger.warning("A letter did not go out: %s", error)
        return False
    return True


def send_apart(letter: EmailMessage) -> threading.Thread:
    """Send a letter from a thread of its own, so that nobody waits for the mail server."""
    thread = threading.Thread(target=send, args=(letter,), name="letter")
    thread.start()
    return thread
