"""A fake OpenAI-compatible endpoint on the loopback, which answers in as many wrong ways as there are names in FAULTS, and keeps what it was sent."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

DRIP = 0.03
"""Seconds between two bytes of an endpoint that never gets done."""
REPLY = '{"conditions": [{"code": "aum", "quote": "资产五十万以上"}]}'


@dataclass(frozen=True)
class Seen:
    """One request as it arrived. `text`: everything, for a search of what left."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, object]
    text: str


@dataclass
class Endpoint:
    """`url` is the base URL to give. `act` says what happens to the next requests; `seen` what came."""

    port: int
    act: Act
    over: threading.Event = field(default_factory=threading.Event)
    seen: list[Seen] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"


@dataclass
class Exchange:
    """One request on its connection, to be answered."""

    endpoint: Endpoint
    connection: socket.socket
    request: Seen

    def send(self, *parts: bytes) -> None:
        for part in parts:
            self.connection.sendall(part)

    def hang(self) -> None:
        """Say nothing more until the endpoint is closed."""
        self.endpoint.over.wait(60)

    def drip(self, data: bytes) -> None:
        for byte in data:
            self.send(bytes([byte]))
            if self.endpoint.over.wait(DRIP):
                return


Act = Callable[[Exchange], None]


def http(body: bytes | str, status: str = "200 OK", headers: str = "Content-Type: application/json", length: int | None = None) -> bytes:
    """A whole HTTP answer; `length`: what it says of its own length."""
    raw = body.encode() if isinstance(body, str) else body
    head = f"HTTP/1.1 {status}\r\n{headers}\r\nContent-Length: {len(raw) if length is None else length}\r\nConnection: close\r\n\r\n"
    return head.encode() + raw


def completion(content: object = REPLY, finish: object = "stop", **message: object) -> str:
    """The JSON of a chat completion with one choice."""
    choice = {"index": 0, "message": {"role": "assistant", "content": content, **message}, "finish_reason": finish}
    usage = {"prompt_tokens": 300, "completion_tokens": 20, "total_tokens": 320}
    return json.dumps(
        {"id": "c-1", "object": "chat.completion", "model": "fake-1", "choices": [choice], "usage": usage}, ensure_ascii=False
    )


def called(*arguments: str, name: str = "reply") -> str:
    """A completion that calls tools instead of speaking."""
    calls = [{"id": f"call-{i}", "type": "function", "function": {"name": name, "arguments": one}} for i, one in enumerate(arguments)]
    return completion(None, "tool_calls", tool_calls=calls)


def says(content: str) -> Act:
    """An endpoint that works, and says this."""
    return lambda exchange: exchange.send(http(completion(content)))


def answers(raw: bytes) -> Act:
    return lambda exchange: exchange.send(raw)


def error(status: str, message: str = "no", param: str | None = None, headers: str = "Content-Type: application/json") -> Act:
    return answers(http(json.dumps({"error": {"message": message, "param": param, "type": "invalid"}}), status, headers))


def limited(after: str, status: str = "429 Too Many Requests") -> Act:
    return error(status, headers=f"Retry-After: {after}")


def reset(exchange: Exchange) -> None:
    exchange.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    exchange.connection.close()


def silent(exchange: Exchange) -> None:
    exchange.hang()


def late(exchange: Exchange) -> None:
    exchange.endpoint.over.wait(0.1)
    exchange.send(http(completion()))


def stalls_in_headers(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Ty")
    exchange.hang()


def stalls_in_body(exchange: Exchange) -> None:
    exchange.send(http(completion())[:-40])
    exchange.hang()


def drips_headers(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\n")
    exchange.drip(b"X-Filler: a\r\n" * 1000)


def drips_body(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    exchange.drip(b" " * 100_000)


def keeps_saying_wait(exchange: Exchange) -> None:
    while not exchange.endpoint.over.wait(DRIP):
        exchange.send(b"HTTP/1.1 100 Continue\r\n\r\n")


def without(*features: str) -> Act:
    """An endpoint that refuses requests with one of these in the body, by name, and answers the others."""

    def act(exchange: Exchange) -> None:
        named = next((name for name in features if name in json.dumps(exchange.request.body)), None)
        if named is None:
            exchange.send(http(completion()))
        else:
            error("400 Bad Request", f"'{named}' is not supported by this server")(exchange)

    return act


def once(first: Act, then: Act) -> Act:
    """The first request goes one way, all later ones the other."""
    return lambda exchange: (first if len(exchange.endpoint.seen) == 1 else then)(exchange)


_CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
_JSON = "Content-Type: application/json"
_ANSWER = completion()

FAULTS: Mapping[str, tuple[Act, frozenset[str]]] = {
    name: (act, frozenset(codes.split()))
    for name, act, codes in (
        # the connection
        ("reset", reset, "unreachable"),
        ("closed", lambda exchange: exchange.connection.close(), "unreachable malformed"),
        ("silent", silent, "timeout"),
        ("late", late, "reply"),
        ("stalls_in_headers", stalls_in_headers, "timeout"),
        ("stalls_in_body", stalls_in_body, "timeout"),
        ("drips_headers", drips_headers, "timeout"),
        ("drips_body", drips_body, "timeout"),
        ("keeps_saying_wait", keeps_saying_wait, "timeout malformed"),
        ("no_http", answers(b"SSH-2.0-OpenSSH_9.6\r\n"), "malformed"),
        ("headers_of_a_megabyte", answers(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1_000_000 + b"\r\n\r\n"), "malformed unreachable"),
        ("length_too_long", answers(http(_ANSWER, length=len(_ANSWER.encode()) + 50)), "malformed unreachable"),
        ("length_too_short", answers(http(_ANSWER, length=len(_ANSWER.encode()) - 50)), "malformed"),
        ("bad_chunk", answers(_CHUNKED + b"zz\r\nnonsense\r\n"), "malformed"),
        ("chunks_break_off", answers(_CHUNKED + b"5\r\n{\"cho\r\n"), "malformed unreachable"),
        # the status
        ("limited", error("429 Too Many Requests"), "rate_limited"),
        ("limited_for_ever", limited("99999999999999999999"), "rate_limited"),
        ("limited_negative", limited("-5"), "rate_limited"),
        ("limited_garbage", limited("soon; q=1"), "rate_limited"),
        ("limited_nan", limited("NaN"), "rate_limited"),
        ("limited_infinite", limited("inf"), "rate_limited"),
        ("limited_till_a_date", limited("Fri, 31 Dec 2100 23:59:59 GMT"), "rate_limited"),
        ("limited_till_no_date", limited("Fri, 99 Foo 2100 99:99:99 GMT"), "rate_limited"),
        ("limited_for_a_moment", once(limited("0.05"), says(REPLY)), "reply"),
        ("limited_till_the_past", once(limited("Fri, 31 Dec 1999 23:59:59 GMT"), says(REPLY)), "reply"),
        ("overloaded", limited("120", "503 Service Unavailable"), "rate_limited"),
        ("server_error", error("500 Internal Server Error"), "bad_status"),
        ("gateway_page", answers(http("<html>Bad gateway</html>", "502 Bad Gateway", "Content-Type: text/html")), "bad_status"),
        ("unauthorised", error("401 Unauthorized"), "unauthorised"),
        ("forbidden", error("403 Forbidden"), "unauthorised"),
        ("no_such_path", error("404 Not Found"), "bad_status"),
        ("no_content", answers(b"HTTP/1.1 204 No Content\r\n\r\n"), "bad_status"),
        ("redirect_elsewhere", answers(http("", "307 Temporary Redirect", "Location: http://localhost:9/v1/chat/completions")), "redirected"),
        ("redirect_here", answers(http("", "302 Found", "Location: /v1/chat/completions")), "redirected"),
        ("bad_request", error("400 Bad Request", "context length exceeded"), "bad_status"),
        ("no_json_schema", without("json_schema"), "reply"),
        ("no_json_mode", without("response_format"), "reply"),
        ("no_temperature", without("temperature"), "reply"),
        ("no_token_limit", without("max_tokens"), "reply"),
        ("no_parameters_at_all", without("max_tokens", "temperature", "response_format"), "reply"),
        # the body
        ("no_body", answers(http("")), "malformed"),
        ("page", answers(http("<html>Log in</html>", headers="Content-Type: text/html")), "malformed"),
        ("no_json", answers(http("{'choices': []}")), "malformed"),
        ("half_json", answers(http(_ANSWER[:-30])), "malformed"),
        ("two_bodies", answers(http(_ANSWER + _ANSWER)), "malformed"),
        ("event_stream", answers(http(f"data: {_ANSWER}\n\ndata: [DONE]\n\n", headers="Content-Type: text/event-stream")), "malformed"),
        ("error_with_200", answers(http('{"error": {"message": "overloaded"}}')), "malformed"),
        ("deep_json", answers(http("[" * 100_000)), "malformed"),
        ("deep_choices", answers(http('{"choices": ' + "[" * 5000 + "]" * 5000 + "}")), "malformed"),
        ("half_a_surrogate", answers(http(completion("@").replace("@", "\\ud800"))), "malformed not_json"),
        ("gbk", answers(http(_ANSWER.encode("gbk"))), "malformed"),
        ("latin_1", answers(http(completion("é").encode("latin-1"))), "malformed"),
        ("utf_16", answers(http(_ANSWER.encode("utf-16"))), "malformed"),
        ("byte_order_mark", answers(http(b"\xef\xbb\xbf" + _ANSWER.encode())), "reply"),
        ("huge_body", answers(http(b" " * 5_000_000)), "too_large"),
        ("huge_content", answers(http(completion("x" * 500_000))), "too_large"),
        ("gzip_lie", answers(http(_ANSWER, headers=f"{_JSON}\r\nContent-Encoding: gzip")), "malformed"),
        ("gzip_bomb", answers(http(gzip.compress(b" " * 50_000_000), headers="Content-Encoding: gzip")), "malformed"),
        # the completion
        ("choices_a_word", answers(http('{"choices": "none"}')), "malformed"),
        ("choices_null", answers(http('{"choices": null}')), "malformed"),
        ("no_choices", answers(http('{"choices": []}')), "empty"),
        ("no_message", answers(http('{"choices": [{"finish_reason": "stop"}]}')), "malformed"),
        ("content_a_number", answers(http(completion(42))), "malformed"),
        ("content_null", answers(http(completion(None))), "empty"),
        ("content_blank", answers(http(completion(" \n"))), "empty"),
        ("odd_usage", answers(http(_ANSWER.replace("300", '"many"'))), "reply"),
        ("no_usage", answers(http(json.dumps({"choices": [{"message": {"content": REPLY}}]}))), "reply"),
        ("out_of_room", answers(http(completion(REPLY[:20], "length"))), "truncated"),
        ("refusal", answers(http(completion(None, refusal="I cannot help with that."))), "refusal"),
        ("content_filter", answers(http(completion("", "content_filter"))), "refusal"),
        # what it says
        ("fences", says(f"```json\n{REPLY}\n```"), "reply"),
        ("sentences_around", says(f"好的：\n{REPLY}\n请核对。"), "reply"),
        ("two_objects", says(f"{REPLY}\n{REPLY}"), "not_json"),
        ("prose", says("这个客群我看不懂。"), "not_json"),
        ("list", says(f"[{REPLY}]"), "not_json"),
        ("cut_off", says(REPLY[:-5]), "not_json"),
        ("markup", says("<script>alert(1)</script>"), "not_json"),
        ("sql", says("DROP TABLE customers; --"), "not_json"),
        ("tool_call", answers(http(called(REPLY))), "reply"),
        ("tool_call_cut_off", answers(http(called(REPLY[:-5]))), "not_json"),
        ("other_tool", answers(http(called(REPLY, name="run_sql"))), "not_json"),
        ("two_tool_calls", answers(http(called(REPLY, REPLY))), "not_json"),
        ("tool_arguments_null", answers(http(called(REPLY).replace(json.dumps(REPLY, ensure_ascii=False), "null"))), "malformed"),
    )
}  # fmt: skip
"""name -> (what the endpoint does, the codes a call may end with: "reply", or those of failures)."""


def _request(connection: socket.socket) -> Seen | None:
    """The next request on a connection; None when there is none."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            return None
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        body += connection.recv(65536)
    return Seen(first.split()[1], headers, json.loads(body), head.decode() + body.decode())


def _serve(endpoint: Endpoint, connection: socket.socket) -> None:
    # The other side hangs up when it has waited long enough: that is no error of this one.
    try:
        request = _request(connection)
        if request is not None:
            endpoint.seen.append(request)
            endpoint.act(Exchange(endpoint, connection, request))
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass
    except OSError:
        pass
    finally:
        connection.close()


@contextmanager
def endpoint(act: Act) -> Iterator[Endpoint]:
    """An endpoint that does this, for as long as the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        made = Endpoint(server.getsockname()[1], act)

        server.settimeout(0.1)
        thread = threading.Thread(target=_accept, args=(made, server), daemon=True)
        thread.start()
        try:
            yield made
        finally:
            made.over.set()
            thread.join()


def _accept(made: Endpoint, server: socket.socket) -> None:
    while not made.over.is_set():
        # A wait for a connection ends now and then, to look whether it is over.
        with suppress(TimeoutError):
            connection, _ = server.accept()
            connection.settimeout(60)
            threading.Thread(target=_serve, args=(made, connection), daemon=True).start()


def unused_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
