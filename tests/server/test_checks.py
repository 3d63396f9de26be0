"""Checks over REST: started, followed, cancelled; and what keeps anybody from running code."""

from __future__ import annotations

import asyncio
from typing import Any

import psutil
import pytest

from diptych.server.services import SETTING

from .test_openapi import OPERATIONS, check_answer

ENDLESS = {"type": "module", "text": "import torch\nx = torch.ones(3)\nwhile True:\n    x = x + 1\n"}
NAMED = {operation.name: operation for operation in OPERATIONS}


async def ended(api: Any, id: str) -> Any:
    while (answer := await api("GET", f"checks/{id}")).json["phase"] in ("waiting", "running"):
        await asyncio.sleep(0.1)
    return answer


@pytest.mark.frameworks
async def test_a_notebook_is_executed_on_both_sides_and_compared(api: Any) -> None:
    cells = [{"text": "# A book", "type": "markdown"}, {"text": "import torch"}, {"text": "x = torch.randn(2, 3)"}]
    started = await api("POST", "checks", json={"document": {"type": "notebook", "cells": cells, "active": 2}})
    assert started.status == 201
    check_answer(NAMED["startCheck"], started)
    answer = await ended(api, started.json["id"])
    check_answer(NAMED["readCheck"], answer)
    found = answer.json["check"]
    assert found["state"] == "equal"
    assert [(row["name"], row["verdict"]) for row in found["rows"]] == [("x", "equal")]


@pytest.mark.frameworks
async def test_the_first_line_that_differs_is_counted_in_its_cell(api: Any) -> None:
    cells = [{"text": "import torch\nx = torch.ones(2)"}, {"text": "y = x.sum()\nz = torch.multinomial(x, 1"}]
    document = {"type": "notebook", "cells": cells, "active": 0}
    started = await api("POST", "checks", json={"document": document})
    found = (await ended(api, started.json["id"])).json["check"]
    assert found["state"] == "conversion-refused"
    assert "cell 2" in found["message"]


@pytest.mark.frameworks
async def test_cancelling_ends_both_processes(api: Any) -> None:
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    started = await api("POST", "checks", json={"document": ENDLESS, "seconds": 600})
    id = started.json["id"]
    while (await api("GET", f"checks/{id}")).json["pytorch"] is None:
        await asyncio.sleep(0.1)
    running = [child for child in psutil.Process().children(recursive=True) if child.pid not in before]
    assert running
    assert (await api("DELETE", f"checks/{id}")).status == 204
    assert (await api("GET", f"checks/{id}")).status == 404
    assert psutil.wait_procs(running, timeout=10)[1] == []


@pytest.mark.frameworks
async def test_one_runs_at_a_time_and_the_server_stays_up_for_it(api: Any, jp_serverapp: Any) -> None:
    services = jp_serverapp.web_app.settings[SETTING]
    first, second = [
        (await api("POST", "checks", json={"document": ENDLESS, "seconds": 600})).json["id"] for _ in range(2)
    ]
    while (await api("GET", f"checks/{first}")).json["phase"] == "waiting":
        await asyncio.sleep(0.05)
    assert (await api("GET", f"checks/{second}")).json["phase"] == "waiting"
    assert services.busy
    for id in (second, first):
        await api("DELETE", f"checks/{id}")
    assert not services.busy


@pytest.mark.parametrize("limit", [{"seconds": 0}, {"seconds": 1e9}, {"megabytes": 1}])
async def test_limits_out_of_range_are_refused(api: Any, limit: dict[str, float]) -> None:
    answer = await api("POST", "checks", json={"document": ENDLESS, **limit})
    assert (answer.status, answer.json["code"]) == (400, "invalid_body")


async def test_a_cell_that_is_not_there_is_refused(api: Any) -> None:
    answer = await api("POST", "checks", json={"document": {"type": "notebook", "cells": [], "active": 3}})
    assert (answer.status, answer.json["code"]) == (400, "invalid_cell")
