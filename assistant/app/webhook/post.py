"""One POST to an address of the settings. Law: it goes to that address and nowhere else, over TLS unless it stays on this machine, and ends by its deadline whatever the other side does.

No redirect is followed, no proxy of the environment asked, nothing of the reply kept but its status; the connection goes to the very address that was checked.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Literal
from urllib.parse import urlsplit

FailureCode = Literal["unreachable", "slow", "redirected", "refused", "failed", "address"]
_MAY_PASS = (408, 425, 429)
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Failure:
    """Why nothing was delivered. unreachable: no connection, or it broke; slow: not done by the deadline; redirected: 3xx; refused: another 4xx; failed: 5xx and what may pass; address: a
    name that stands for no host a webhook may go to (link-local, multicast, unspecified, or another machine without TLS). `status`: of the reply, 0 without one."""

    code: FailureCode
    status: int = 0

    @property
    def passing(self) -> bool:
        """Whether another try may go better."""
        return self.code in ("unreachable", "slow", "failed")


def post(url: str, body: bytes, headers: Mapping[str, str], seconds: float) -> Failure | None:
    """Send a body; None once a 2xx acknowledged it. `seconds`: for all of it from the connection on."""
    parts = urlsplit(url)
    host, port, secure = parts.hostname or "", parts.port or _PORTS[parts.scheme], parts.scheme == "https"
    over = threading.Event()
    started = time.monotonic()
    try:
        place = _place(host, port, secure)
        if place is None:
            return Failure("address")
        with socket.create_connection((place, port), seconds) as plain, plain.dup() as hand:  # TLS takes the first away

            def end() -> None:
                over.set()
                with suppress(OSError):  # the other side may have gone
                    hand.shutdown(socket.SHUT_RDWR)

            deadline = threading.Timer(max(0.0, seconds - (time.monotonic() - started)), end)
            deadline.daemon = True
            deadline.start()
            try:
                path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
                found = _said(plain, host, port, secure, path, body, headers)
            finally:
                deadline.cancel()
                deadline.join()
        return Failure("slow") if over.is_set() else found  # a reply that was cut off looks like a short one
    except TimeoutError:
        return Failure("slow")
    except (OSError, HTTPException, UnicodeError):  # the last for a name or a path that cannot be written
        return Failure("slow" if over.is_set() else "unreachable")


def _place(host: str, port: int, secure: bool) -> str | None:
    """The address a name stands for; None where a webhook may not go there. OSError for a name that stands for none."""
    found = ipaddress.ip_address(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0])
    if found.is_loopback:
        return str(found)
    nowhere = found.is_link_local or found.is_multicast or found.is_unspecified or found.is_reserved
    return None if nowhere or not secure else str(found)


def _said(plain: socket.socket, host: str, port: int, secure: bool, path: str, body: bytes, headers: Mapping[str, str]) -> Failure | None:
    """The request over a connection that stands, and what its reply comes to."""
    talk = HTTPConnection(host, port)
    talk.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host) if secure else plain
    try:
        talk.request("POST", path, body, dict(headers))
        status = talk.getresponse().status
    finally:
        talk.close()
    if 200 <= status < 300:
        return None
    if 300 <= status < 400:
        return Failure("redirected", status)
    return Failure("failed" if status >= 500 or status in _MAY_PASS else "refused", status)
