"""What waits, why it waits, and what ends its waiting."""

from __future__ import annotations

import asyncio

import psutil
import pytest
from msgspec.structs import replace

from diptych.equivalence.model import Framework
from diptych.training.machine_lock import MachineLock
from diptych.training.model import RunState
from diptych.training.service import TrainingService
from diptych.training.store import RunStore

from .running import ENDLESS, PATIENCE, TORCH_SCRIPT, finish, request, until, until_printed, until_reason

pytestmark = pytest.mark.frameworks


@pytest.mark.parametrize("threads", [1, None], ids=["threads given", "threads measured"])
async def test_a_later_run_of_a_comparison_waits_for_the_one_before_it(
    service: TrainingService, threads: int | None
) -> None:
    wanted = replace(request(Framework.PYTORCH, ENDLESS), repeats=2, threads=threads)
    first, second = (await service.start(wanted)).runs
    await until_printed(service, first.id, "pid ")
    waiting = await service.run(second.id)
    assert (waiting.state, waiting.reason) == (RunState.QUEUED, "Waiting for the run before it.")
    for run in (second, first):
        await service.cancel(run.id)


async def test_cancelling_during_the_measurement_of_threads_ends_it_at_once(
    service: TrainingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fault injected: a measurement that takes an hour."""
    before = set(psutil.Process().children())
    monkeypatch.setattr("diptych.training.threads._TIMING", "__import__('time').sleep(3600)\nprint(1)\n")
    monkeypatch.setattr("diptych.training.threads.available_cores", lambda: 2)
    wanted = replace(request(Framework.PYTORCH, TORCH_SCRIPT), threads=None)
    cancelled = (await service.start(wanted)).runs[0].id
    await until_reason(service, cancelled, "Measuring")
    assert (await service.cancel(cancelled)).state is RunState.CANCELLED
    run, _ = await asyncio.wait_for(finish(service, request(Framework.PYTORCH, TORCH_SCRIPT)), PATIENCE)
    assert run.state is RunState.FINISHED
    await until(lambda: set(psutil.Process().children()) <= before)  # the processes that measured are gone


async def test_a_disk_that_stays_full_holds_up_nobody_else(
    service: TrainingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fault injected: the database may not grow, from the start of a run until long after its end."""
    from diptych.training.errors import StoreUnavailable

    append, full = RunStore.append, True

    def failing(store: RunStore, *arguments: object) -> object:
        if full:
            raise StoreUnavailable("The disk is full. Free some space.")
        return append(store, *arguments)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(RunStore, "append", failing)
    monkeypatch.setattr("diptych.training.service.PATIENCE", 0.2)
    run_id = (await service.start(request(Framework.PYTORCH, TORCH_SCRIPT))).runs[0].id
    await until_reason(service, run_id, "has ended")
    told = await service.run(run_id)
    assert not told.state.final
    assert "Free some space" in told.reason
    assert (await service.runs())[0] == (told,)
    lock = MachineLock()
    await until(lock.acquire)
    lock.release()
    assert service.busy  # a server that ends now would lose what is not written
    full = False
    events = [event async for event in service.follow(run_id)]
    run = await service.run(run_id)
    assert (run.state, run.reason, len(run.epochs)) == (RunState.FINISHED, "", 2)
    assert [event.sequence for event in events] == list(range(1, run.sequence + 1))


async def test_closing_does_not_wait_for_a_full_disk(service: TrainingService, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fault injected: the database never takes anything again. The next server says how the run ended."""
    from diptych.training.errors import StoreUnavailable

    def full(*_: object) -> object:
        raise StoreUnavailable("The disk is full. Free some space.")

    monkeypatch.setattr("diptych.training.service.PATIENCE", 0.2)
    with monkeypatch.context() as broken:
        run_id = (await service.start(request(Framework.PYTORCH, TORCH_SCRIPT))).runs[0].id
        broken.setattr(RunStore, "append", full)
        await until_reason(service, run_id, "has ended")
        await asyncio.wait_for(service.close(), PATIENCE)
    later = TrainingService()
    assert (await later.run(run_id)).id == run_id  # what was stored before is still there
    await later.close()


async def test_a_service_is_busy_as_long_as_a_run_is_under_way(service: TrainingService) -> None:
    assert not service.busy
    run_id = (await service.start(request(Framework.PYTORCH, TORCH_SCRIPT))).runs[0].id
    assert service.busy
    async for _ in service.follow(run_id):
        pass
    await until(lambda: not service.busy)
