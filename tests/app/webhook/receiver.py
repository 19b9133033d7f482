"""A receiver on the loopback that behaves as it is told to, one behaviour a connection."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

OK = b"HTTP/1.1 204 No Content\r\n\r\n"
REDIRECT = b"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/elsewhere\r\n\r\n"
BROKEN = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"
GONE = b"HTTP/1.1 410 Gone\r\n\r\n"
NONSENSE = b"\x00\xff nonsense\r\n\r\n"
ENDLESS = b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 200
CLOSED = b""
SLOW = b"slow"
TRICKLE = b"trickle"


@dataclass
class Receiver:
    """`heard`: the headers (lower case) and the body of each request that came whole."""

    port: int
    heard: list[tuple[Mapping[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?key=s3cret"


@contextmanager
def receiving(*behaviours: bytes) -> Iterator[Receiver]:
    """Answers as told, one behaviour a connection, the last one for all that follow."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.05)
        receiver = Receiver(listening.getsockname()[1])

        def serve() -> None:
            left = list(behaviours)
            while not over.is_set():
                try:
                    connection, _ = listening.accept()
                except TimeoutError:
                    continue
                behaviour = left.pop(0) if len(left) > 1 else left[0]
                with connection:
                    connection.settimeout(5)
                    with suppress(OSError, ValueError):  # it went, or spoke something else
                        receiver.heard.append(_read(connection))
                        _answer(connection, behaviour, over)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield receiver
        finally:
            over.set()
            thread.join()


def _read(connection: socket.socket) -> tuple[Mapping[str, str], bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _some(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("ascii").split("\r\n")
    headers = {":": first, **{name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}}
    while len(body) < int(headers["content-length"]):
        body += _some(connection)
    return headers, body


def _some(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise ValueError("it went")
    return data


def _answer(connection: socket.socket, behaviour: bytes, over: threading.Event) -> None:
    if behaviour == SLOW:
        over.wait(60)
    elif behaviour == TRICKLE:
        for byte in b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 500:
            if over.wait(0.02):
                break
            connection.sendall(bytes([byte]))
    else:
        connection.sendall(behaviour)
