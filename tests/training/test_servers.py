"""Several servers over one database and one machine."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from diptych.equivalence.model import Framework
from diptych.training.machine_lock import MachineLock
from diptych.training.model import RunState
from diptych.training.service import TrainingService
from diptych.training.store import RunStore

from .running import ENDLESS, TORCH_SCRIPT, finish, request, until_reason

SERVER = """
import asyncio, sys
from pathlib import Path
from diptych.equivalence.model import Framework
from diptych.training.model import OutputEvent, RunRequest, Script
from diptych.training.service import TrainingService

async def serve():
    service = TrainingService()
    scripts = {Framework.PYTORCH: Script(sys.argv[1])}
    started = await service.start(RunRequest(frameworks=(Framework.PYTORCH,), threads=1, scripts=scripts))
    async for event in service.follow(started.runs[0].id):
        if isinstance(event, OutputEvent):
            print(started.runs[0].id, event.text.split()[1], flush=True)

asyncio.run(serve())
"""


def another_server() -> tuple[subprocess.Popen[str], str, int]:
    """A server that trains without end, its run, and the run's process."""
    server = subprocess.Popen([sys.executable, "-c", SERVER, ENDLESS], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    run_id, process = server.stdout.readline().split()
    return server, run_id, int(process)


def gone(process: int) -> bool:
    """Whether the process ends within a minute."""
    for _ in range(600):
        if not psutil.pid_exists(process) or psutil.Process(process).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.frameworks
async def test_the_runs_of_a_killed_server_are_interrupted_those_of_a_living_one_stay(service: TrainingService) -> None:
    server, run_id, process = another_server()
    try:
        assert not (await service.run(run_id)).state.final
        server.kill()
        server.wait()
        events = [event async for event in service.follow(run_id)]
        assert (await service.run(run_id)).state is RunState.INTERRUPTED
        assert events
        assert gone(process)
    finally:
        server.kill()
        server.communicate()


@pytest.mark.frameworks
async def test_a_timed_run_waits_for_another_servers(service: TrainingService) -> None:
    server, run_id, _ = another_server()
    try:
        mine = (await service.start(request(Framework.PYTORCH, TORCH_SCRIPT))).runs[0].id
        await until_reason(service, mine, "another server")
        waiting = await service.run(mine)
        assert waiting.state is RunState.QUEUED
        assert f"another server (process {server.pid})" in waiting.reason
        await service.cancel(run_id)  # across servers
        events = [event async for event in service.follow(run_id)]
        assert (await service.run(run_id)).state is RunState.CANCELLED
        assert events
        async for _event in service.follow(mine):
            pass
        assert (await service.run(mine)).state is RunState.FINISHED
    finally:
        server.kill()
        server.communicate()


@pytest.mark.frameworks
async def test_two_services_see_each_others_runs(service: TrainingService) -> None:
    other = TrainingService()
    run, events = await finish(service, request(Framework.PYTORCH, TORCH_SCRIPT))
    assert await other.run(run.id) == run
    assert [event async for event in other.follow(run.id)] == events
    await other.close()


@pytest.mark.frameworks
async def test_a_full_disk_holds_events_back_and_loses_none(
    service: TrainingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fault injected: the database may not grow while the script runs."""
    from diptych.training.errors import StoreUnavailable

    append = RunStore.append
    until = time.time() + 4

    def full(store: RunStore, *arguments: object) -> object:
        if time.time() < until:
            raise StoreUnavailable("database or disk is full")
        return append(store, *arguments)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(RunStore, "append", full)
    run, events = await finish(service, request(Framework.PYTORCH, TORCH_SCRIPT))
    assert run.state is RunState.FINISHED
    assert len(run.epochs) == 2
    assert [event.sequence for event in events] == list(range(1, run.sequence + 1))


def test_the_machine_lock_is_held_once_and_released_by_death(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    lock, other = MachineLock(path), MachineLock(path)
    assert lock.acquire()
    assert not other.acquire()
    lock.release()
    assert other.acquire()
    other.release()
    code = """
import sys, time
from pathlib import Path
from diptych.training.machine_lock import MachineLock
lock = MachineLock(Path(sys.argv[1]))
print(lock.acquire(), flush=True)
time.sleep(60)
"""
    holder = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        assert not lock.acquire()
    finally:
        holder.kill()
        holder.communicate()
    assert lock.acquire()
    lock.release()
