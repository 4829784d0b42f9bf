"""Validation of the server's listen address: a proxy where it is needed, and a free port."""

from __future__ import annotations

import errno
import ipaddress
import socket
from dataclasses import dataclass

from django.utils.translation import gettext as _

from textkit.numbers import parse_number

_NAMES = {"localhost": "127.0.0.1"}


class CannotListen(Exception):
    """The server cannot listen there; `str()` gives the reason and the remedy."""


@dataclass(frozen=True, slots=True)
class Address:
    """An IP address and a port of this machine."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Return whether only this machine can reach the address."""
        ip = ipaddress.ip_address(self.host)
        mapped = getattr(ip, "ipv4_mapped", None)
        return (mapped or ip).is_loopback


def parse(text: str) -> Address:
    """Return the address that `text` names, such as 127.0.0.1:8000 or [::1]:8000.

    Raises CannotListen.
    """
    host, _colon, port = text.strip().rpartition(":")
    host = _NAMES.get(host.lower(), host)
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        ip = None
    number = parse_number(port, 0, most=2**16 - 1)
    if ip is None or not number:
        raise CannotListen(
            _("“%(bind)s” is not a valid address. Use the form 127.0.0.1:8000.") % {"bind": text}
        )
    return Address(str(ip), number)


def require_proxy(address: Address, proxies: int) -> None:
    """Raise CannotListen if other machines could reach the server without a proxy.

    The server has no time limit for a request body. A proxy such as nginx buffers the body and
    passes it on complete.
    """
    if address.is_loopback or proxies:
        return
    raise CannotListen(
        _(
            "The server would listen on %(address)s without a proxy, so a few slow clients "
            "could block it. Listen on 127.0.0.1 behind nginx, or set NEWSROOM_PROXIES to the "
            "number of proxies in front of the server."
        )
        % {"address": address}
    )


def require_free(address: Address) -> None:
    """Raise CannotListen if another program listens on the port, or none may.

    The server's sockets share a port (SO_REUSEPORT), so two servers would divide the requests
    between them. The system refuses a socket without that option, also if one address covers the
    other (0.0.0.0 and 127.0.0.1, [::] and both).
    """
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # Like the server, ignore connections that have just closed (TIME_WAIT).
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
            probe.listen(1)
        except OSError as error:
            raise CannotListen(_reason(address, error)) from error


def _reason(address: Address, error: OSError) -> str:
    values = {"address": address, "port": address.port, "error": error.strerror}
    if error.errno == errno.EADDRINUSE:
        return (
            _(
                "Port %(port)d is in use: another program, perhaps another newsroom server, "
                "is listening on it. Stop that program, or choose another port with --bind or "
                "NEWSROOM_BIND."
            )
            % values
        )
    if error.errno == errno.EACCES:
        return _("Only root can listen on port %(port)d. Choose one above 1023.") % values
    if error.errno == errno.EADDRNOTAVAIL:
        return (
            _("This machine does not have the address %(address)s. Choose one that it has.")
            % values
        )
    return _("The server cannot listen on %(address)s: %(error)s.") % values
