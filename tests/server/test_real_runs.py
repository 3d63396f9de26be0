"""Runs through the interface, in real processes: started, followed, cancelled, outliving what happens to servers."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import jsonschema
import psutil
import pytest

from diptych.server.openapi import document
from diptych.server.services import SETTING

pytestmark = pytest.mark.frameworks

SCRIPT = """import time
import torch
# %% tags=["parameters"]
epochs = 2
# %%
weight = torch.ones(3, requires_grad=True)
data = torch.utils.data.DataLoader(torch.arange(30.0).reshape(10, 3), batch_size=5)
for epoch in range(epochs):
    for batch in data:
        time.sleep(0.05)
        (batch * weight).sum().backward()
test_accuracy = 0.5
"""


def request(epochs: int = 2, text: str = SCRIPT) -> dict[str, Any]:
    return {
        "frameworks": ["pytorch"],
        "threads": 1,
        "parameters": {"epochs": epochs},
        "scripts": {"pytorch": {"text": text}},
    }


async def test_a_run_is_started_followed_and_kept(api: Any, jp_ws_fetch: Any) -> None:
    answer = await api("POST", "runs", json=request())
    assert answer.status == 201
    jsonschema.validate(answer.json, schema("RunsStarted"))
    (run,) = answer.json["runs"]
    stream = await jp_ws_fetch("diptych", "runs", run["id"], "stream")
    told = []
    while (message := await asyncio.wait_for(stream.read_message(), 60)) is not None:
        told.append(json.loads(message))
        jsonschema.validate(told[-1], schema("Event"))
    assert stream.close_code == 1000
    assert [event["sequence"] for event in told] == list(range(1, len(told) + 1))
    assert [event["epoch"]["epoch"] for event in told if event["type"] == "epoch"] == [0, 1]
    assert told[-1]["state"] == "finished"
    assert (await api("GET", f"runs/{run['id']}/events")).json["events"] == told
    kept = (await api("GET", f"runs/{run['id']}")).json
    assert (kept["state"], kept["test_accuracy"], len(kept["epochs"])) == ("finished", 0.5, 2)


async def test_a_run_is_cancelled(api: Any) -> None:
    (run,) = (await api("POST", "runs", json=request(epochs=10_000))).json["runs"]
    await until(api, run["id"], lambda now: bool(now["epochs"]))
    answer = await api("POST", f"runs/{run['id']}/cancel")
    assert answer.status == 200
    ended = await until(api, run["id"], lambda now: now["state"] not in ("queued", "starting", "running"))
    assert ended["state"] == "cancelled"


@pytest.mark.parametrize(
    ("change", "code", "told"),
    [
        ({"device": "cuda:7"}, "unknown_device", "cuda:7"),
        ({"device": "abacus"}, "unknown_device", "cpu"),
        ({"repeats": 0}, "invalid_request", "repeats"),
        ({"frameworks": []}, "invalid_request", "frameworks"),
        ({"parameters": {"batch_size": 8}}, "unknown_parameter", "batch_size"),
        ({"parameters": {"epochs": 0}}, "invalid_request", "epochs"),
    ],
)
async def test_what_can_not_be_done_is_refused_and_nothing_is_queued(
    api: Any, change: dict[str, Any], code: str, told: str
) -> None:
    answer = await api("POST", "runs", json={**request(), **change})
    assert (answer.status, answer.json["code"]) == (422, code)
    assert told in answer.json["message"]
    assert (await api("GET", "runs")).json["total"] == 0


async def test_a_framework_that_does_not_work_is_refused_with_its_remedy(
    api: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DIPTYCH_PYTORCH_PYTHON", str(tmp_path / "python"))
    answer = await api("POST", "runs", json=request())
    assert (answer.status, answer.json["code"]) == (503, "runtime_unavailable")
    assert "DIPTYCH_PYTORCH_PYTHON" in answer.json["message"]


async def test_runtimes_tell_versions_and_devices(api: Any) -> None:
    answer = await api("GET", "runtimes")
    assert answer.status == 200
    jsonschema.validate(answer.json, schema("RuntimeList"))
    for runtime in answer.json["runtimes"]:
        assert runtime["problem"] == ""
        assert "cpu" in [device["name"] for device in runtime["devices"] if device["available"]]
        assert all(device["reason"] for device in runtime["devices"] if not device["available"])
    assert (await api("GET", "runtimes", refresh="maybe")).status == 400


async def test_a_configuration_that_can_not_be_read_is_said(
    api: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "diptych").mkdir()
    (tmp_path / "diptych" / "runtimes.toml").write_text("[mxnet")
    answer = await api("GET", "runtimes")
    assert (answer.status, answer.json["code"]) == (503, "runtime_unavailable")
    assert "runtimes.toml" in answer.json["message"]


async def test_a_run_keeps_an_idle_server_from_ending(
    api: Any, jp_serverapp: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server's own check for activity, asked as if its timeout had always passed."""
    ends: list[bool] = []
    monkeypatch.setattr(jp_serverapp, "stop", lambda: ends.append(True))
    jp_serverapp.shutdown_no_activity_timeout = -1
    (run,) = (await api("POST", "runs", json=request(epochs=10_000))).json["runs"]
    await until(api, run["id"], lambda now: bool(now["epochs"]))
    asked = datetime.now(timezone.utc)
    jp_serverapp.shutdown_no_activity()
    assert ends == []
    assert jp_serverapp.web_app.last_activity() >= asked  # the timeout counts from here
    await api("POST", f"runs/{run['id']}/cancel")
    for _ in range(600):
        jp_serverapp.shutdown_no_activity()
        if ends:
            break
        await asyncio.sleep(0.1)
    assert ends == [True]


async def test_a_server_that_stops_ends_its_processes_and_marks_its_runs(
    api: Any, jp_serverapp: Any, store: Any
) -> None:
    (run,) = (await api("POST", "runs", json=request(epochs=10_000))).json["runs"]
    await until(api, run["id"], lambda now: bool(now["epochs"]))
    await jp_serverapp.web_app.settings[SETTING].close()
    assert store.run(run["id"]).state.value == "interrupted"
    assert not [child for child in psutil.Process().children(recursive=True) if is_kernel(child)]


def test_after_a_server_was_killed_the_next_one_shows_the_run_as_interrupted(
    server: Callable[[], tuple[subprocess.Popen[bytes], Client]],
) -> None:
    process, client = server()
    (run,) = client("POST", "diptych/runs", request(epochs=10_000))["runs"]
    wait_until(lambda: client("GET", f"diptych/runs/{run['id']}")["epochs"])
    kernels = [child for child in psutil.Process(process.pid).children(recursive=True) if is_kernel(child)]
    assert kernels
    process.kill()
    process.wait(60)
    _, successor = server()
    found = successor("GET", f"diptych/runs/{run['id']}")
    assert found["state"] == "interrupted"
    assert found["reason"]
    assert found["epochs"]
    events = successor("GET", f"diptych/runs/{run['id']}/events")["events"]
    assert events[-1]["state"] == "interrupted"
    wait_until(lambda: not any(kernel.is_running() and kernel.status() != "zombie" for kernel in kernels))


# --- servers in processes of their own --------------------------------------------------------------------------------

Client = Callable[..., Any]


@pytest.fixture
def server(data_directory: Path, tmp_path: Path) -> Iterator[Callable[[], tuple[subprocess.Popen[bytes], Client]]]:
    """Starts real Jupyter servers that share one data directory."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> tuple[subprocess.Popen[bytes], Client]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1"]
        command += [f"--ServerApp.port={port}", "--ServerApp.base_url=/a%40b/", f"--ServerApp.root_dir={tmp_path}"]
        command += ["--ServerApp.jpserver_extensions={'diptych': True}"]
        environment = {**os.environ, "JUPYTER_TOKEN": "secret", "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime")}
        with (tmp_path / "server.log").open("ab") as log:
            started.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log))

        def client(method: str, path: str, body: Any = None) -> Any:
            call = urllib.request.Request(
                f"http://127.0.0.1:{port}/a%40b/{path}",
                method=method,
                data=None if body is None else json.dumps(body).encode(),
                headers={"Authorization": "token secret"},
            )
            with urllib.request.urlopen(call, timeout=60) as answer:
                return json.load(answer)

        wait_until(lambda: client("GET", "api/status"))
        return started[-1], client

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def is_kernel(process: psutil.Process) -> bool:
    try:
        return "ipykernel" in " ".join(process.cmdline())
    except psutil.Error:
        return False


def wait_until(true: Callable[[], Any], patience: float = 60.0) -> None:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            if true():
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError("it did not come true in time")


async def until(api: Any, run: str, true: Callable[[Any], bool], patience: float = 60.0) -> Any:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        now = (await api("GET", f"runs/{run}")).json
        if true(now):
            return now
        await asyncio.sleep(0.1)
    raise AssertionError(f"it did not come true in time: {now}")


def schema(name: str) -> Any:
    return {"$ref": f"#/components/schemas/{name}", "components": document()["components"]}
