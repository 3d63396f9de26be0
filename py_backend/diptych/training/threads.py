"""How many threads both sides get: measured, because a second thread that has to wait for its core costs a factor."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import time
from collections.abc import Iterable

from diptych.equivalence.model import Framework
from diptych.runtime import FrameworkError, FrameworkProcess, Output, Stream
from diptych.runtime.model import Runtime

FRESH = 300.0  # seconds for which a measurement is believed: the machine's load changes
WORTHWHILE = 1.25  # more threads must be at least this much faster: they are a risk when the load changes

# A few steps of the MLP, loaded and transformed as the examples do it: threads that wait for each other show only where
# loading, training and reading the loss alternate (products of matrices alone would not tell).
_WORK = {
    Framework.PYTORCH: """
import torch
from torch import nn
images, labels = torch.zeros(512, 28, 28, dtype=torch.uint8), torch.zeros(512, dtype=torch.int64)
class Images(torch.utils.data.Dataset):
    def __len__(self):
        return len(labels)
    def __getitem__(self, index):
        return images[index].unsqueeze(0).float().div(255).sub(0.13).div(0.31), labels[index]
loader = torch.utils.data.DataLoader(Images(), batch_size=128, shuffle=True)
net = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10))
loss_fn, trainer = nn.CrossEntropyLoss(), torch.optim.SGD(net.parameters(), lr=0.1)
def work():
    for X, y in loader:
        trainer.zero_grad()
        loss = loss_fn(net(X.view(-1, 784)), y)
        loss.backward()
        trainer.step()
        loss.item()
""",
    Framework.MXNET: """
import mxnet
from mxnet import autograd, gluon, nd
from mxnet.gluon import nn
from mxnet.gluon.data.vision import transforms
transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize(0.13, 0.31)])
images = gluon.data.ArrayDataset(nd.zeros((512, 28, 28, 1), dtype="uint8"), nd.zeros((512,), dtype="int32").asnumpy())
loader = gluon.data.DataLoader(images.transform_first(transform), batch_size=128, shuffle=True)
net = nn.Sequential()
net.add(nn.Dense(256, activation="relu"), nn.Dense(10))
net.initialize()
loss_fn = gluon.loss.SoftmaxCrossEntropyLoss()
trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1})
def work():
    for X, y in loader:
        with autograd.record():
            loss = loss_fn(net(X.flatten()), y)
        loss.backward()
        trainer.step(X.shape[0])
        loss.mean().asscalar()
""",
}
# The slowest of several short stretches: on a busy machine a second thread is often fine and now and then ruinous.
_TIMING = """
import time
slowest = 0.0
for seconds in (0.1, *[0.15] * 6):
    began, rounds = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        work()
        rounds += 1
    if seconds > 0.1:
        slowest = max(slowest, (time.perf_counter() - began) / rounds)
print(slowest)
"""


class ThreadChoice:
    """Remembers the last measurement for a short while."""

    def __init__(self) -> None:
        self._runtimes: tuple[Runtime, ...] = ()
        self._measured = -math.inf
        self._chosen = 1

    async def choose(self, runtimes: Iterable[Runtime]) -> int:
        """The number of threads that serves all of these best; 1 where nothing could be measured."""
        distinct = {runtime.framework: runtime for runtime in runtimes}
        wanted = tuple(distinct[framework] for framework in sorted(distinct))
        if wanted != self._runtimes or time.monotonic() - self._measured > FRESH:
            self._chosen = pick(await measure(wanted, candidates(available_cores())))
            self._runtimes, self._measured = wanted, time.monotonic()
        return self._chosen

    async def choose_unless(self, cancels: Iterable[asyncio.Event], runtimes: Iterable[Runtime]) -> int:
        """``choose``, ended at once when all of ``cancels`` are set: the answer (1) does not matter then."""
        choosing = asyncio.ensure_future(self.choose(runtimes))
        cancelling = asyncio.gather(*(cancel.wait() for cancel in cancels))
        try:
            await asyncio.wait((choosing, cancelling), return_when=asyncio.FIRST_COMPLETED)
            return choosing.result() if choosing.done() else 1
        finally:
            choosing.cancel()
            cancelling.cancel()
            await asyncio.gather(choosing, cancelling, return_exceptions=True)


def available_cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def candidates(cores: int) -> list[int]:
    """One thread, as many as there are cores, and the middle."""
    return sorted({1, max(1, cores // 2), cores})


def pick(costs: dict[int, float]) -> int:
    """The smallest count that no larger one beats clearly; ``costs`` holds the time of the same work for each."""
    chosen = 1
    for threads in sorted(costs):
        if costs[threads] * WORTHWHILE <= costs.get(chosen, math.inf):
            chosen = threads
    return chosen


async def measure(runtimes: Iterable[Runtime], counts: list[int]) -> dict[int, float]:
    """The cost of the same work with each number of threads: its time relative to one thread, in the framework that
    fares worse, so that no side is favoured. Empty if there is nothing to choose or a framework can't be measured."""
    if len(counts) == 1:
        return {}
    probes = [(runtime, threads, FrameworkProcess(runtime)) for runtime in runtimes for threads in counts]
    try:
        await asyncio.gather(*(_prepare(process, threads) for _, threads, process in probes))
        seconds = {(runtime.framework, threads): await _time(process) for runtime, threads, process in probes}
    except FrameworkError:
        return {}  # the run itself will say what is wrong
    finally:
        await asyncio.gather(*(process.kill() for _, _, process in probes))
    frameworks = {framework for framework, _ in seconds}
    return {
        threads: max(seconds[framework, threads] / seconds[framework, 1] for framework in frameworks)
        for threads in counts
    }


async def _prepare(process: FrameworkProcess, threads: int) -> None:
    await process.start(threads=threads)
    await process.execute(_WORK[process.runtime.framework])


async def _time(process: FrameworkProcess) -> float:
    """Seconds that the work takes at the worst; one process at a time, so that none disturbs another."""
    printed: list[str] = []

    def keep(output: Output) -> None:
        if isinstance(output, Stream) and output.name == "stdout":
            printed.append(output.text)

    await process.execute(_TIMING, on_output=keep)
    with contextlib.suppress(ValueError):
        return max(float("".join(printed)), 1e-9)
    raise FrameworkError("The measurement printed no number.")
