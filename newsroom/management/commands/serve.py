"""The web server, the same in the demo and in production."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

#: A worker that grows beyond this is replaced before anybody notices (MiB).
MAX_MEMORY = 600


class Command(BaseCommand):
    """Serve the paper with granian until the process is told to stop.

    Wrong settings are said before it starts. NEWSROOM_WORKERS (processes, 2) and NEWSROOM_THREADS
    (threads of each, 4) are read from the environment.
    """

    help = "Serves the paper; the address may also stand in NEWSROOM_BIND."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--bind HOST:PORT."""
        parser.add_argument("--bind", metavar="HOST:PORT", default=settings.SERVER_BIND)

    def handle(self, *args: Any, **options: Any) -> None:
        """Start the workers and wait."""
        host, _colon, port = options["bind"].rpartition(":")
        if not host or not port.isascii() or not port.isdigit():
            raise CommandError(_("“%(bind)s” is no address such as 127.0.0.1:8000.") % options)
        Granian(
            "newsroom.wsgi:application",
            address=host.strip("[]"),
            port=int(port),
            interface=Interfaces.WSGI,
            workers=settings.SERVER_WORKERS,
            blocking_threads=settings.SERVER_THREADS,
            websockets=False,
            log_level=LogLevels.error,
            log_access=settings.SERVER_ACCESS_LOG,
            respawn_failed_workers=True,
            workers_max_rss=MAX_MEMORY,
            workers_kill_timeout=20,
        ).serve()
