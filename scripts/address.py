"""The address the site answers on. Standard library only: it is also looked at before anything is installed."""

from __future__ import annotations

import errno
import socket

DEFAULT_PORT = 5000


class AddressRefused(Exception):
    """Nothing can listen there; the message says why and what to do, in French."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on ``host`` (a name or an address) and ``port``.

    :raises AddressRefused: port taken or reserved, host that is not this machine's.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family, kind)
    except (OSError, UnicodeError) as error:
        raise AddressRefused(f"L’adresse « {host} » n’existe pas. Sans --host, le site s’ouvre sur 127.0.0.1.") from error
    try:
        # Without it, a port is refused for a minute after the last connection to the site that just stopped.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(socket.SOMAXCONN)
    except OSError as error:
        listener.close()
        raise AddressRefused(_reason(error, host, port)) from error
    return listener


def _reason(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else port - 1
        return (f"Le port {port} est déjà pris, peut-être par une autre fenêtre où scripts/run tourne. "
                f"Fermez-la, ou choisissez un autre port : scripts/run --port {other}")
    if error.errno == errno.EACCES:
        return f"Le port {port} est réservé au système. Choisissez un port à partir de 1024 : scripts/run --port {DEFAULT_PORT}"
    return f"L’adresse « {host} » n’est pas celle de cette machine. Sans --host, le site s’ouvre sur 127.0.0.1."


def url(host: str, port: int) -> str:
    """The address to open in a browser of this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}" if port == 80 else f"http://{shown}:{port}"
