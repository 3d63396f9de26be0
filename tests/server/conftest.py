"""A real Jupyter server with the extension, under a base URL that must be escaped, and a data directory of its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pytest_jupyter.jupyter_server import *  # noqa: F403  # its fixtures build on each other
from tornado.httputil import HTTPHeaders
from traitlets.config import Config

from diptych.server.services import SETTING
from diptych.training.store import RunStore


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: HTTPHeaders
    body: bytes

    @property
    def content_type(self) -> str:
        return self.headers.get("Content-Type", "")

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Api = Callable[..., Awaitable[Answer]]


@pytest.fixture
async def jp_asyncio_loop() -> asyncio.AbstractEventLoop:
    """Let pytest-jupyter's server run in the loop in which pytest-asyncio runs the tests."""
    return asyncio.get_running_loop()


@pytest.fixture
def data_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test's runs are kept."""
    directory = tmp_path / "diptych-data"
    monkeypatch.setenv("DIPTYCH_DATA_DIR", str(directory))
    monkeypatch.setenv("DIPTYCH_LOCK_FILE", str(tmp_path / "lock"))  # other servers' timed runs must not be waited for
    return directory


@pytest.fixture
def jp_server_config(data_directory: Path) -> Config:
    return Config({"ServerApp": {"jpserver_extensions": {"diptych": True}}})


@pytest.fixture
async def api(jp_fetch: Any, jp_serverapp: Any) -> AsyncIterator[Api]:
    """``await api("GET", "runs/x", since=3)``, with a body as ``json`` or ``body``."""

    async def fetch(method: str, path: str, *, body: bytes | None = None, headers: Any = None, **query: Any) -> Answer:
        if "json" in query:
            body = json.dumps(query.pop("json")).encode()
        reply = await jp_fetch(
            "diptych",
            *path.split("/"),
            method=method,
            body=body,
            headers=dict(headers or {}),
            params=query,
            allow_nonstandard_methods=True,
            raise_error=False,
        )
        return Answer(reply.code, reply.headers, reply.body)

    yield fetch
    await jp_serverapp.web_app.settings[SETTING].close()


@pytest.fixture
def store(data_directory: Path) -> Any:
    """The database that the server reads, as another server of the same user would use it."""
    store = RunStore(data_directory)
    yield store
    store.close()
