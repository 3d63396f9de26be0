"""One side of a comparison: a script in a process of its own, from its start to the reason of its end."""

from __future__ import annotations

import asyncio
import os
import queue
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from diptych.runtime.model import Runtime
from diptych.training.model import Event, OutputEvent, RunState, StateEvent
from diptych.training.observers import MIME_TYPE, code
from diptych.training.observers.script import Job
from diptych.training.requests import NAMES

GRACE = 5.0  # seconds that an interrupted script has to end by itself
MOST_OUTPUT = 1_000_000  # characters of a script's output that are kept
GLANCE = 0.2

Emit = Callable[[Event], None]


async def run_side(job: Job, runtime: Runtime, threads: int, emit: Emit, cancel: asyncio.Event) -> None:
    """Run ``job`` with ``threads`` threads an operation. The last event emitted is a final state. Setting ``cancel``
    interrupts the script and, if that does not end it, kills its process; cancelling the coroutine kills it at once."""
    side = _Side(runtime, emit, cancel)
    process = _Process(runtime, threads)
    try:
        await process.start()
        stopper = asyncio.create_task(_stop_when_cancelled(process, cancel))
        try:
            async for message in process.execute(code(job)):
                side.take(message)
                if side.ended:
                    break
        finally:
            stopper.cancel()
            await asyncio.gather(stopper, return_exceptions=True)
    finally:
        await process.kill()
    side.conclude(process.exit_status)


async def _stop_when_cancelled(process: _Process, cancel: asyncio.Event) -> None:
    await cancel.wait()
    await process.interrupt()
    await asyncio.sleep(GRACE)
    await process.kill()


class _Side:
    """Turns a kernel's messages into events."""

    def __init__(self, runtime: Runtime, emit: Emit, cancel: asyncio.Event) -> None:
        self.ended = False
        self._name = NAMES[runtime.framework]
        self._emit = emit
        self._cancel = cancel
        self._error = ""
        self._output = 0

    def take(self, message: dict[str, Any]) -> None:
        kind, content = message["header"]["msg_type"], message["content"]
        if kind == "display_data" and MIME_TYPE in content["data"]:
            self._forward(msgspec.convert(content["data"][MIME_TYPE], Event))
        elif kind == "stream":
            self._print(content["name"], content["text"])
        elif kind == "error":
            self._error = f"{content['ename']}: {content['evalue']}"

    def conclude(self, exit_status: int | None) -> None:
        """Say why it ended, if the script's own process did not."""
        if self.ended:
            return
        if self._cancel.is_set():
            self._end(RunState.CANCELLED, "")
        elif exit_status is not None:
            self._end(RunState.FAILED, f"The {self._name} process {_death(exit_status)}.")
        else:
            self._end(RunState.FAILED, self._error or f"The {self._name} process ended without a result.")

    def _forward(self, event: Event) -> None:
        if not isinstance(event, StateEvent) or not event.state.final:
            self._emit(event)
        elif event.state is RunState.CANCELLED and not self._cancel.is_set():
            self._end(RunState.FAILED, "KeyboardInterrupt: the script was interrupted.")
        else:
            self._end(event.state, event.reason)

    def _end(self, state: RunState, reason: str) -> None:
        self.ended = True
        self._emit(StateEvent(0, time.time(), state, reason))

    def _print(self, stream: str, text: str) -> None:
        if self._output < MOST_OUTPUT:
            self._output += len(text)
            self._emit(OutputEvent(0, time.time(), stream, text[:MOST_OUTPUT]))
            if self._output >= MOST_OUTPUT:
                self._emit(OutputEvent(0, time.time(), "stderr", "\n[Diptych keeps no more output of this run.]\n"))


class _Process:
    def __init__(self, runtime: Runtime, threads: int) -> None:

        self.km = AsyncKernelManager(kernel_name="")
        self.km._kernel_spec = KernelSpec(
            argv=[runtime.interpreter, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            language="python",
            display_name="x",
        )
        self.env = dict(
            os.environ, OMP_NUM_THREADS=str(threads), MKL_NUM_THREADS=str(threads), OPENBLAS_NUM_THREADS=str(threads)
        )
        self.exit_status: int | None = None

    async def start(self) -> None:
        await self.km.start_kernel(env=self.env)
        self.kc = self.km.client()
        self.kc.start_channels()
        await self.kc.wait_for_ready(timeout=60)

    async def execute(self, code: str) -> AsyncIterator[dict[str, Any]]:

        code = "import diptych.runtime as _r; _r.enable_shims(); del _r\n" + code
        msg_id = self.kc.execute(code, silent=False, store_history=False, allow_stdin=False)
        while True:
            try:
                m = await self.kc.get_iopub_msg(timeout=GLANCE)
            except queue.Empty:
                if not await self.km.is_alive():
                    self.exit_status = await self.km.provisioner.poll() if self.km.provisioner else None
                    return
                continue
            if m["parent_header"].get("msg_id") != msg_id:
                continue
            if m["header"]["msg_type"] == "status" and m["content"]["execution_state"] == "idle":
                return
            yield m

    async def interrupt(self) -> None:
        await self.km.interrupt_kernel()

    async def kill(self) -> None:
        if self.km.has_kernel:
            await self.km.shutdown_kernel(now=True)


def _death(s: int) -> str:
    return f"died with {s}"
