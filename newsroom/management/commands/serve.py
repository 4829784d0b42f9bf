"""Management command that runs the web server, in the demo and in production."""

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from newsroom import data_folder, listen_address, request_bodies

#: Memory of a worker in MiB beyond which it is replaced.
MAX_MEMORY = 600


class Command(BaseCommand):
    """Serve the paper with granian until the process is stopped.

    Wrong settings are reported before it starts. The environment sets NEWSROOM_WORKERS
    (processes, 2) and NEWSROOM_THREADS (threads per process, 4).
    """

    help = "Serves the paper; NEWSROOM_BIND can set the address too."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --bind HOST:PORT."""
        parser.add_argument("--bind", metavar="HOST:PORT", default=settings.SERVER_BIND)

    def handle(self, *args: Any, **options: Any) -> None:
        """Start the workers and wait."""
        try:
            address = listen_address.parse(options["bind"])
            listen_address.require_proxy(address, settings.ALLAUTH_TRUSTED_PROXY_COUNT)
            listen_address.require_free(address)
        except listen_address.CannotListen as error:
            raise CommandError(str(error)) from error
        data_folder.prepare()
        # The worker processes read it again: links in the demo's e-mails contain its port.
        os.environ["NEWSROOM_BIND"] = settings.SERVER_BIND = str(address)
        Granian(
            "newsroom.wsgi:start_worker",
            factory=True,
            address=address.host,
            port=address.port,
            interface=Interfaces.WSGI,
            # Proxies use HTTP/1 towards the server.
            http=HTTPModes.http1,
            workers=settings.SERVER_WORKERS,
            blocking_threads=settings.SERVER_THREADS + request_bodies.spare_threads(),
            websockets=False,
            log_level=LogLevels.error,
            log_access=settings.SERVER_ACCESS_LOG,
            respawn_failed_workers=True,
            workers_max_rss=MAX_MEMORY,
            workers_kill_timeout=20,
        ).serve()
