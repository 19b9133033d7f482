"""One POST: acknowledged by 2xx alone, ended by its deadline, sent to the address of the settings and nowhere else."""

from __future__ import annotations

import socket
import time

import pytest

from assistant.app.webhook.post import Failure, post
from tests.app.webhook.receiver import BROKEN, CLOSED, ENDLESS, GONE, NONSENSE, OK, REDIRECT, SLOW, TRICKLE, receiving

BODY = '{"name": "理财潜客"}'.encode()
PATIENCE = 60
"""Seconds that nothing here takes, however busy the machine."""


def test_what_is_acknowledged_came_whole_and_to_its_path() -> None:
    with receiving(OK) as receiver:
        assert post(receiver.url, BODY, {"webhook-id": "a.1"}, PATIENCE) is None
    ((headers, body),) = receiver.heard
    assert (headers[":"], headers["webhook-id"], body) == ("POST /hook?key=s3cret HTTP/1.1", "a.1", BODY)


@pytest.mark.parametrize(
    ("behaviour", "failure", "again"),
    [
        (REDIRECT, Failure("redirected", 307), False),
        (GONE, Failure("refused", 410), False),
        (BROKEN, Failure("failed", 500), True),
        (b"HTTP/1.1 429 Too Many Requests\r\n\r\n", Failure("failed", 429), True),
        (CLOSED, Failure("unreachable"), True),
        (NONSENSE, Failure("unreachable"), True),
        (ENDLESS, Failure("unreachable"), True),
    ],
)
def test_everything_else_is_a_failure(behaviour: bytes, failure: Failure, again: bool) -> None:
    with receiving(behaviour) as receiver:
        found = post(receiver.url, BODY, {}, PATIENCE)
    assert found == failure
    assert found.passing is again
    assert len(receiver.heard) == 1, "no redirect is followed"


@pytest.mark.parametrize("behaviour", [SLOW, TRICKLE])
def test_the_deadline_ends_it_whatever_the_other_side_does(behaviour: bytes) -> None:
    with receiving(behaviour) as receiver:
        started = time.monotonic()
        assert post(receiver.url, BODY, {}, 0.5) == Failure("slow")
        assert time.monotonic() - started < PATIENCE / 2


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for host, path in (("127.0.0.1", ""), ("[::1]", ""), ("127.0.0.1", "é 客"), ("a..b", "")):
        assert post(f"http://{host}:{port}/{path}", BODY, {}, PATIENCE) == Failure("unreachable"), (host, path)


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("http://hooks.example/", "10.1.2.3"),  # another machine without TLS
        ("https://hooks.example/", "169.254.169.254"),
        ("https://hooks.example/", "fe80::1"),
        ("https://hooks.example/", "0.0.0.0"),
        ("https://hooks.example/", "224.0.0.1"),
        ("https://hooks.example/", "::ffff:169.254.169.254"),
        ("https://hooks.example/", "255.255.255.255"),
    ],
)
def test_a_name_that_stands_for_no_host_to_be_told_is_not_connected_to(monkeypatch: pytest.MonkeyPatch, url: str, place: str) -> None:
    connected: list[object] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **how: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, 443))])
    monkeypatch.setattr(socket, "create_connection", lambda *asked, **how: connected.append(asked))
    assert post(url, BODY, {}, PATIENCE) == Failure("address")
    assert not connected


def test_the_deadline_holds_while_tls_is_agreed_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert post(f"https://127.0.0.1:{silent.getsockname()[1]}/", BODY, {}, 0.5) == Failure("slow")
