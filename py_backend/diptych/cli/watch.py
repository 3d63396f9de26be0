"""Starting runs from the terminal and watching them to their end."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Iterator, Sequence

from rich.console import Console

from diptych.cli.exits import CommandError, UsageError
from diptych.cli.progress import Bars, Lines
from diptych.runtime.errors import FrameworkError
from diptych.training.errors import InvalidRequest, ServiceClosed, TrainingError, UnknownDevice
from diptych.training.model import Comparison, Run, RunRequest
from diptych.training.service import TrainingService

Report = Bars | Lines


def train(request: RunRequest, console: Console) -> Comparison:
    """Start the runs, tell on ``console`` how they go, and answer when all have ended.

    Ctrl-C cancels them; what they had done until then is in the answer. Raises ``UsageError`` for a request that makes
    no sense, ``CommandError`` if the runs can't be started."""
    return asyncio.run(_train(request, console))


async def _train(request: RunRequest, console: Console) -> Comparison:
    service = TrainingService()
    try:
        started = await service.start(request)
        report = Bars(console, started.runs) if console.is_terminal else Lines(console, started.runs)
        with report, _cancelling(service, started.runs):
            await asyncio.gather(*(_follow(service, run, report) for run in started.runs))
        return await service.comparison(started.comparison)
    except (InvalidRequest, UnknownDevice) as error:
        raise UsageError(str(error)) from error
    except (TrainingError, FrameworkError) as error:
        raise CommandError(str(error)) from error
    finally:
        await service.close()


async def _follow(service: TrainingService, run: Run, report: Report) -> None:
    async for event in service.follow(run.id):
        report.tell(run, event)


@contextlib.contextmanager
def _cancelling(service: TrainingService, runs: Sequence[Run]) -> Iterator[None]:
    """While this lasts, Ctrl-C and SIGTERM cancel the runs instead of ending the program in the middle of things."""
    loop = asyncio.get_running_loop()
    cancels: set[asyncio.Task[None]] = set()

    async def cancel() -> None:
        for run in runs:
            with contextlib.suppress(ServiceClosed):
                await service.cancel(run.id)

    def asked() -> None:
        task = asyncio.ensure_future(cancel())
        cancels.add(task)
        task.add_done_callback(cancels.discard)

    handled = []
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C ends the program, the runs are interrupted
            loop.add_signal_handler(number, asked)
            handled.append(number)
    try:
        yield
    finally:
        for number in handled:
            loop.remove_signal_handler(number)
