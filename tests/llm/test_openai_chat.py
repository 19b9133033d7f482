"""Whatever an endpoint does, a call ends within its time, with a reply that is whole or a failure that says why."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from assistant.llm.chat import Failure, Prompt, Reply
from assistant.llm.openai_chat import OpenAIChat
from tests.llm.endpoint import (
    FAULTS,
    REPLY,
    Act,
    Endpoint,
    answers,
    called,
    completion,
    endpoint,
    http,
    limited,
    once,
    says,
    silent,
    unused_port,
    without,
)

SECONDS = 20.0
BRIEF = 0.5
"""Seconds for an endpoint that never gets done."""
SLACK = 10.0
"""Beyond its time a call may take what a machine with other work needs to notice; a call that is not ended would take a minute."""
PROMPT = Prompt(system="只回答JSON。", user="资产五十万以上的客户", schema={"type": "object"}, id="interpret", version=1)
KEY = "sk-very-secret-0123456789"


def ask(at: Endpoint, seconds: float = SECONDS, mode: str = "json_schema") -> Reply | Failure:
    chat = OpenAIChat(at.url, "fake", SecretStr(KEY), mode=mode, first_wait=0.02)
    return chat.complete(PROMPT, seconds)


def code(outcome: Reply | Failure) -> str:
    return outcome.code if isinstance(outcome, Failure) else "reply"


@pytest.mark.parametrize("name", FAULTS)
def test_a_call_ends_within_its_time(name: str) -> None:
    act, allowed = FAULTS[name]
    seconds = BRIEF if "timeout" in allowed else SECONDS
    with endpoint(act) as at:
        started = time.monotonic()
        outcome = ask(at, seconds)
        took = time.monotonic() - started
    assert code(outcome) in allowed
    assert took < seconds + SLACK
    if isinstance(outcome, Reply):
        assert outcome.data == json.loads(REPLY)


def test_there_are_ways_enough_to_fail() -> None:
    assert len([name for name, (_, codes) in FAULTS.items() if codes != {"reply"}]) >= 25


def test_nobody_listens() -> None:
    outcome = OpenAIChat(f"http://127.0.0.1:{unused_port()}/v1", "fake").complete(PROMPT, SECONDS)
    assert code(outcome) == "unreachable"


def test_a_body_that_is_cut_is_no_reply() -> None:
    whole = completion("资产五十万以上").encode()
    with endpoint(says("")) as at:
        chat = OpenAIChat(at.url, "fake")
        for length in range(0, len(whole), 40):
            at.act = answers(http(whole[:length]))
            assert code(chat.complete(PROMPT, SECONDS)) == "malformed"


def test_a_reply_says_what_it_cost_and_who_gave_it() -> None:
    with endpoint(says(REPLY)) as at:
        reply = ask(at)
    assert isinstance(reply, Reply)
    assert (reply.tokens_in, reply.tokens_out, reply.model) == (300, 20, "fake-1")
    assert reply.ms > 0


def test_a_redirect_is_not_followed() -> None:
    with endpoint(says(REPLY)) as other:
        elsewhere = answers(http("", "307 Temporary Redirect", f"Location: {other.url}/chat/completions"))
        with endpoint(elsewhere) as at:
            assert code(ask(at)) == "redirected"
        assert len(at.seen) == 1
        assert other.seen == []


# what is sent


def test_only_the_request_and_the_key_are_sent() -> None:
    with endpoint(says(REPLY)) as at:
        ask(at)
    (seen,) = at.seen
    assert seen.path == "/v1/chat/completions"
    assert set(seen.headers) == {"host", "accept", "accept-encoding", "connection", "content-type", "content-length", "authorization"}
    assert seen.headers["authorization"] == f"Bearer {KEY}"
    assert set(seen.body) == {"model", "messages", "stream", "temperature", "max_tokens", "response_format"}
    assert seen.body["temperature"] == 0
    assert seen.body["messages"] == [{"role": "system", "content": PROMPT.system}, {"role": "user", "content": PROMPT.user}]


def test_without_a_key_none_is_sent() -> None:
    with endpoint(says(REPLY)) as at:
        OpenAIChat(at.url, "fake").complete(PROMPT, SECONDS)
    assert "authorization" not in at.seen[0].headers


def test_examples_stand_between_as_turns() -> None:
    with endpoint(says("好")) as at:
        OpenAIChat(at.url, "fake").complete(Prompt("s", "u", (("asked", "answered"),)), SECONDS)
    (seen,) = at.seen
    assert [one["role"] for one in seen.body["messages"]] == ["system", "user", "assistant", "user"]
    assert "response_format" not in seen.body


def test_the_environment_sends_nothing_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    with endpoint(says(REPLY)) as other, endpoint(says(REPLY)) as at:
        for name in (
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "ALL_PROXY",
            "http_proxy",
            "all_proxy",
            "OPENAI_PROXY",
            "OPENAI_BASE_URL",
            "OPENAI_API_BASE",
        ):
            monkeypatch.setenv(name, other.url)
        for name in ("LANGSMITH_ENDPOINT", "LANGCHAIN_ENDPOINT", "LANGSMITH_GATEWAY_URL", "LANGSMITH_GATEWAY_BASE_URL"):
            monkeypatch.setenv(name, other.url)
        for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "LANGSMITH_GATEWAY"):
            monkeypatch.setenv(name, "true")
        for name in ("LANGSMITH_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_API_KEY"):
            monkeypatch.setenv(name, "from-the-environment")
        assert isinstance(ask(at), Reply)
        time.sleep(0.3)  # a tracer sends from a thread of its own
        assert other.seen == []
        assert "from-the-environment" not in at.seen[0].text


# what is kept secret


@pytest.mark.parametrize("name", ["unauthorised", "no_http", "redirect_elsewhere", "reset", "no_json", "fences", "bad_request"])
def test_the_key_is_in_no_log_and_no_failure(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with endpoint(FAULTS[name][0]) as at:
        chat = OpenAIChat(at.url, "fake", SecretStr(KEY))
        outcome = chat.complete(PROMPT, SECONDS)
    assert KEY not in repr(chat)
    assert KEY not in repr(outcome)
    assert KEY not in caplog.text


def test_a_failure_repeats_no_words_of_the_endpoint() -> None:
    with endpoint(FAULTS["bad_request"][0]) as at:
        assert "context length" not in repr(ask(at))


# trying again


def bodies(at: Endpoint) -> list[str]:
    return [json.dumps(seen.body) for seen in at.seen]


def test_what_an_endpoint_does_not_take_is_remembered() -> None:
    with endpoint(without("json_schema", "temperature")) as at:
        chat = OpenAIChat(at.url, "fake")
        assert isinstance(chat.complete(PROMPT, SECONDS), Reply)
        first = len(at.seen)
        assert isinstance(chat.complete(PROMPT, SECONDS), Reply)
    assert (first, len(at.seen)) == (3, 4)
    assert "json_object" in bodies(at)[-1]
    assert "temperature" not in bodies(at)[-1]


def test_a_bad_request_of_one_prompt_changes_nothing_for_the_next() -> None:
    with endpoint(FAULTS["bad_request"][0]) as at:
        chat = OpenAIChat(at.url, "fake")
        assert code(chat.complete(PROMPT, SECONDS)) == "bad_status"
        at.act = says(REPLY)
        assert isinstance(chat.complete(PROMPT, SECONDS), Reply)
    assert "json_schema" in bodies(at)[-1]


@pytest.mark.parametrize(
    ("mode", "sent", "not_sent"),
    [
        ("json_schema", "json_schema", "tools"),
        ("json_object", "json_object", "json_schema"),
        ("tool", "tools", "response_format"),
        ("plain", "messages", "response_format"),
    ],
)
def test_each_mode_asks_in_its_way(mode: str, sent: str, not_sent: str) -> None:
    with endpoint(answers(http(called(REPLY))) if mode == "tool" else says(REPLY)) as at:
        assert isinstance(ask(at, mode=mode), Reply)
    assert sent in bodies(at)[0]
    assert not_sent not in bodies(at)[0]


def test_tools_step_down_to_words() -> None:
    with endpoint(without("tools")) as at:
        assert isinstance(ask(at, mode="tool"), Reply)
    assert len(at.seen) == 2


def test_a_wait_that_does_not_fit_is_not_begun() -> None:
    with endpoint(limited("30")) as at:
        started = time.monotonic()
        assert code(ask(at, seconds=20)) == "rate_limited"
        assert time.monotonic() - started < 15
    assert len(at.seen) == 1


def test_a_wait_that_fits_is_waited() -> None:
    with endpoint(once(limited("0.2"), says(REPLY))) as at:
        started = time.monotonic()
        assert isinstance(ask(at, seconds=10), Reply)
        assert time.monotonic() - started >= 0.2
    assert len(at.seen) == 2


def test_an_endpoint_that_is_always_busy_is_not_asked_for_ever() -> None:
    with endpoint(limited("0")) as at:
        assert code(ask(at, seconds=30)) == "rate_limited"
    assert len(at.seen) <= 5


# cancelling


@pytest.fixture(params=["silent", "drips_body", "limited"])
def waiting(request: pytest.FixtureRequest) -> Iterator[Endpoint]:
    acts: dict[str, Act] = {"silent": silent, "drips_body": FAULTS["drips_body"][0], "limited": limited("10")}
    with endpoint(acts[request.param]) as at:
        yield at


def test_a_call_is_cancelled_while_it_waits(waiting: Endpoint) -> None:
    cancel = threading.Event()
    threading.Timer(0.2, cancel.set).start()
    started = time.monotonic()
    outcome = OpenAIChat(waiting.url, "fake").complete(PROMPT, 40, cancel)
    assert code(outcome) == "cancelled"
    assert time.monotonic() - started < 20


def test_a_cancelled_call_is_not_begun() -> None:
    cancel = threading.Event()
    cancel.set()
    with endpoint(says(REPLY)) as at:
        assert code(OpenAIChat(at.url, "fake").complete(PROMPT, SECONDS, cancel)) == "cancelled"
    assert at.seen == []


def model_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "assistant-model"]


@pytest.mark.parametrize("name", ["silent", "drips_headers", "drips_body", "stalls_in_body", "keeps_saying_wait"])
def test_what_was_left_behind_ends_too(name: str) -> None:
    """A call that was given up leaves no thread and no connection for longer than its own time."""
    with endpoint(FAULTS[name][0]) as at:
        assert code(ask(at, BRIEF)) != "reply"
        ends = time.monotonic() + 20
        while model_threads() and time.monotonic() < ends:
            time.sleep(0.05)
        assert model_threads() == []


def test_a_prompt_beyond_its_bound_is_not_sent() -> None:
    with endpoint(says(REPLY)) as at:
        outcome = OpenAIChat(at.url, "fake").complete(Prompt("s", "很" * 200_000), SECONDS)
    assert code(outcome) == "too_large"
    assert at.seen == []
