"""Runs as they are kept: listing, reading, forgetting, events by polling and by WebSocket, comparing."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from diptych.equivalence.model import Framework
from diptych.training.model import RunState, StateEvent
from diptych.training.store import RunStore

from .stored_runs import add_run, story


async def messages(socket: Any, patience: float = 60.0) -> list[Any]:
    """Everything a WebSocket tells until the server closes it."""
    told = []
    while (message := await asyncio.wait_for(socket.read_message(), patience)) is not None:
        told.append(json.loads(message))
    return told


async def test_no_runs_at_first(api: Any) -> None:
    answer = await api("GET", "runs")
    assert (answer.status, answer.json) == (200, {"runs": [], "total": 0})


async def test_runs_are_listed_newest_first_page_by_page(api: Any, store: RunStore) -> None:
    for name in "abc":
        add_run(store, name)
    answer = await api("GET", "runs", limit=2)
    assert ([run["id"] for run in answer.json["runs"]], answer.json["total"]) == (["c", "b"], 3)
    answer = await api("GET", "runs", limit=2, offset=2)
    assert [run["id"] for run in answer.json["runs"]] == ["a"]


async def test_a_run_that_has_ended_is_read_and_forgotten(api: Any, store: RunStore) -> None:
    add_run(store, "a")
    store.append("a", story())
    answer = await api("GET", "runs/a")
    assert (answer.status, answer.json["state"], answer.json["test_accuracy"]) == (200, "finished", 0.97)
    answer = await api("DELETE", "runs/a")
    assert (answer.status, answer.body) == (204, b"")
    assert (await api("GET", "runs/a")).status == 404


async def test_the_script_of_a_run_is_the_code_that_ran(api: Any, store: RunStore) -> None:
    add_run(store, "a")
    answer = await api("GET", "runs/a/script")
    assert (answer.status, answer.json) == (200, {"text": "epochs = 1\n", "path": "", "arguments": []})


async def test_a_run_that_goes_on_is_not_forgotten(api: Any, store: RunStore) -> None:
    add_run(store, "a")
    answer = await api("DELETE", "runs/a")
    assert (answer.status, answer.json["code"]) == (409, "run_is_active")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "runs/x"),
        ("DELETE", "runs/x"),
        ("POST", "runs/x/cancel"),
        ("GET", "runs/x/script"),
        ("GET", "runs/x/events"),
        ("GET", "runs/x/stream"),
    ],
)
async def test_an_unknown_run_is_told_with_its_id(api: Any, method: str, path: str) -> None:
    upgrade = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": "eA==",
        "Sec-WebSocket-Version": "13",
    }
    answer = await api(method, path, headers=upgrade if path.endswith("stream") else None)
    assert (answer.status, answer.json["code"]) == (404, "unknown_run")
    assert "'x'" in answer.json["message"]


async def test_polling_answers_with_what_came_since(api: Any, store: RunStore) -> None:
    add_run(store, "a")
    store.append("a", story())
    everything = (await api("GET", "runs/a/events")).json
    assert [event["type"] for event in everything["events"]] == [
        "state",
        "state",
        "progress",
        "epoch",
        "result",
        "state",
    ]
    later = (await api("GET", "runs/a/events", since=4)).json
    assert later["events"] == everything["events"][4:]
    assert later["run"]["sequence"] == 6


async def test_the_stream_replays_from_a_sequence_number_and_closes_at_the_end(
    api: Any, jp_ws_fetch: Any, store: RunStore
) -> None:
    add_run(store, "a")
    store.append("a", story())
    polled = (await api("GET", "runs/a/events")).json["events"]
    for since in (0, 3, 6):
        socket = await jp_ws_fetch("diptych", "runs", "a", "stream", params={"since": since})
        assert await messages(socket) == polled[since:]
        assert socket.close_code == 1000


async def test_the_stream_tells_what_comes_while_it_is_open(api: Any, jp_ws_fetch: Any, store: RunStore) -> None:
    add_run(store, "a")
    socket = await jp_ws_fetch("diptych", "runs", "a", "stream")
    for event in story():
        store.append("a", [event])
        told = json.loads(await asyncio.wait_for(socket.read_message(), 5))
        assert told["sequence"] == store.run("a").sequence
    assert await messages(socket) == []


async def test_two_clients_are_told_the_same(api: Any, jp_ws_fetch: Any, store: RunStore) -> None:
    add_run(store, "a")
    sockets = [await jp_ws_fetch("diptych", "runs", "a", "stream") for _ in range(2)]
    store.append("a", story())
    first, second = await asyncio.gather(*(messages(socket) for socket in sockets))
    assert first == second
    assert len(first) == 6


async def test_a_client_that_leaves_does_not_disturb_the_run(api: Any, jp_ws_fetch: Any, store: RunStore) -> None:
    add_run(store, "a")
    socket = await jp_ws_fetch("diptych", "runs", "a", "stream")
    socket.close()
    store.append("a", story())
    assert (await api("GET", "runs/a")).json["state"] == "finished"


async def test_a_stream_since_nonsense_is_refused(api: Any, jp_ws_fetch: Any, store: RunStore) -> None:
    add_run(store, "a")
    with pytest.raises(HTTPClientError) as refusal:
        await jp_ws_fetch("diptych", "runs", "a", "stream", params={"since": "yesterday"})
    assert refusal.value.code == 400


async def test_runs_of_any_origin_are_compared(api: Any, store: RunStore) -> None:
    for name, framework, seconds in (("a", Framework.PYTORCH, 4.0), ("b", Framework.MXNET, 2.0)):
        add_run(store, name, framework, comparison=name)
        store.append(name, story(seconds))
    answer = await api("GET", "comparisons", runs="a,b")
    assert answer.status == 200
    assert answer.json["ratio"] == 2.0
    assert [run["id"] for run in answer.json["runs"]] == ["a", "b"]
    assert answer.json["verdict"]


async def test_a_comparison_needs_runs_that_exist(api: Any) -> None:
    answer = await api("GET", "comparisons")
    assert (answer.status, answer.json["code"]) == (400, "invalid_query")
    answer = await api("GET", "comparisons", runs="a,b")
    assert (answer.status, answer.json["code"]) == (404, "unknown_run")


async def test_cancelling_a_run_that_has_ended_leaves_it_as_it_is(api: Any, store: RunStore) -> None:
    add_run(store, "a")
    store.append("a", [StateEvent(0, 1.0, RunState.FAILED, "The loss became NaN.")])
    answer = await api("POST", "runs/a/cancel")
    assert (answer.status, answer.json["state"], answer.json["reason"]) == (200, "failed", "The loss became NaN.")


async def test_a_data_directory_that_can_not_be_written_is_said(api: Any, data_directory: Any) -> None:
    data_directory.write_text("a file is in the way")
    answer = await api("GET", "runs")
    assert (answer.status, answer.json["code"]) == (503, "store_unavailable")
