"""How many threads both sides get: measured, because a second thread that has to wait for its core costs a factor."""

from __future__ import annotations

import asyncio
import os
import time

import msgspec

from diptych.equivalence.model import Framework
from diptych.runtime.model import Runtime

FRESH = 60.0  # seconds for which a measurement is believed: the machine's load changes
TIMEOUT = 60.0
WORTHWHILE = 1.1  # more threads must be at least this much faster

# Products of the size of an MLP's layers: small enough that threads which wait for each other show.
_PROGRAM = """
import json, sys, time
import torch
a, b = torch.rand(128, 784), torch.rand(784, 256)
seconds = {}
for threads in json.loads(sys.argv[1]):
    torch.set_num_threads(threads)
    for _ in range(20):
        a @ b
    began, rounds = time.perf_counter(), 0
    while time.perf_counter() - began < 0.4:
        for _ in range(20):
            torch.relu(a @ b).t() @ a
        rounds += 1
    seconds[threads] = (time.perf_counter() - began) / rounds
print(json.dumps(seconds))
"""


class ThreadChoice:
    """Remembers the last measurement for a short while."""

    def __init__(self) -> None:
        self._chosen: tuple[float, int] | None = None

    async def choose(self, runtimes: list[Runtime]) -> int:
        """The number of threads to give each side; 1 where nothing could be measured, which is never far off."""
        now = time.monotonic()
        if self._chosen is None or now - self._chosen[0] > FRESH:
            self._chosen = (now, pick(await _measure(runtimes, candidates(available_cores()))))
        return self._chosen[1]


def available_cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def candidates(cores: int) -> list[int]:
    """1, 2, 4, ... and all the cores."""
    return sorted({*(2**power for power in range(cores.bit_length()) if 2**power <= cores), cores})


def pick(seconds: dict[int, float]) -> int:
    """The smallest count that no larger one beats clearly; ``seconds`` holds the time of the same work for each."""
    chosen = 1
    for threads in sorted(seconds):
        if seconds[threads] * WORTHWHILE <= seconds.get(chosen, float("inf")):
            chosen = threads
    return chosen


async def _measure(runtimes: list[Runtime], counts: list[int]) -> dict[int, float]:
    """Seconds for each count, measured in PyTorch, whose operations wait for all their threads; MXNet follows suit."""
    interpreter = next((found.interpreter for found in runtimes if found.framework is Framework.PYTORCH), "")
    if not interpreter or len(counts) == 1:
        return {}
    process = await asyncio.create_subprocess_exec(
        interpreter,
        "-c",
        _PROGRAM,
        msgspec.json.encode(counts).decode(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), TIMEOUT)
    except asyncio.TimeoutError:
        return {}
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return msgspec.json.decode(output, type=dict[int, float]) if process.returncode == 0 else {}
