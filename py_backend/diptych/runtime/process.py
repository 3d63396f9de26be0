"""One framework in a process of its own: an ipykernel that runs code and reports what it prints."""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
import signal
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager

from diptych.runtime import launch
from diptych.runtime.errors import ExecutionError, KernelDied, RuntimeUnavailable
from diptych.runtime.messages import Failure, Output, decode, event_of, is_idle
from diptych.runtime.model import Runtime

_START_TIMEOUT = 60.0  # seconds; a cold disk takes its time
_POLL = 0.25  # seconds between looks at whether the process still lives
_LOG_TAIL = 2000  # characters of its error stream that are kept for messages

OnOutput = Callable[[Output], None]
OnEvent = Callable[[Any], None]


class FrameworkProcess:
    """A process in which one framework runs; it never outlives this one.

    All methods belong to one event loop. ``async with FrameworkProcess(runtime) as process`` starts and kills it."""

    def __init__(self, runtime: Runtime) -> None:
        """``runtime`` as ``find`` gives it."""
        self.runtime = runtime
        self._kernel: AsyncKernelManager | None = None
        self._client: AsyncKernelClient | None = None
        self._group: int | None = None
        self._log: IO[bytes] | None = None
        self._executing = asyncio.Lock()

    async def __aenter__(self) -> FrameworkProcess:
        await self.start()
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self.kill()

    @property
    def pid(self) -> int | None:
        """The process id, None where there is no local process."""
        provisioner = self._kernel.provisioner if self._kernel is not None else None
        return getattr(provisioner, "pid", None)

    async def start(
        self,
        threads: int | None = None,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        mnist: Path | None = None,
    ) -> None:
        """Start the kernel with the import shims on, and wait until it is ready.

        ``threads`` sets how many threads the libraries may use (None: their own choice), ``env`` adds to this
        process's environment, ``mnist`` is the folder of MNIST's files (None: where they are found). Raises
        ``RuntimeUnavailable`` or ``KernelDied``."""
        if self.runtime.problem:
            raise RuntimeUnavailable(f"{self.runtime.problem} {self.runtime.remedy}".strip())
        preamble = await asyncio.to_thread(launch.preamble, mnist)
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
        kernel = AsyncKernelManager(
            kernel_spec_manager=launch.specs_of(self.runtime), kernel_name=self.runtime.kernel or "diptych"
        )
        self._kernel = kernel
        try:
            await kernel.start_kernel(
                env=launch.environment(threads, env),
                cwd=str(cwd) if cwd is not None else None,
                stdout=self._log,
                stderr=self._log,
                independent=not self.runtime.kernel,  # ours watches its parent by itself
            )
            self._group = getattr(kernel.provisioner, "pgid", None)
            self._client = kernel.client()
            self._client.start_channels()
            await self._wait_until_ready(self._client)
            await self.execute(preamble)
        except BaseException:
            await self.kill()
            raise

    async def execute(self, code: str, on_output: OnOutput | None = None, on_event: OnEvent | None = None) -> None:
        """Run code to its end, after what runs already; outputs and observers' events are handed over in order, as
        they come.

        Raises ``ExecutionError`` if the code raised and ``KernelDied`` if the process ended meanwhile. Cancelling the
        waiting task leaves the code running: ``interrupt`` or ``kill`` it then."""
        async with self._executing:
            failure = await self._run(code, on_output, on_event)
        if failure is not None:
            raise ExecutionError(failure.name, failure.value, failure.traceback)

    async def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the code that runs."""
        if self._kernel is not None and await self.is_alive():
            await self._kernel.interrupt_kernel()

    async def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._kernel is not None and bool(await self._kernel.is_alive())

    async def kill(self) -> None:
        """End the process and everything it started, at once; who waits for its code gets ``KernelDied``. Does nothing
        if it has ended."""
        client, self._client = self._client, None
        kernel, self._kernel = self._kernel, None
        if kernel is not None and kernel.has_kernel:
            self._end_group()
            await kernel.shutdown_kernel(now=True)
        async with self._executing:  # who waits has to notice the end before the channels close
            if client is not None:
                client.stop_channels()
            if self._log is not None:
                self._log.close()
                self._log = None

    # --- inside ------------------------------------------------------------------------------------------------------

    async def _run(self, code: str, on_output: OnOutput | None, on_event: OnEvent | None) -> Failure | None:
        client = self._alive_client()
        request = client.execute(code, store_history=False, allow_stdin=False)
        failure: Failure | None = None
        while True:
            message = await self._next(client)
            if message is None or message["parent_header"].get("msg_id") != request:
                continue
            if is_idle(message):
                break
            output = decode(message)
            if output is None:
                continue
            event = event_of(output)
            if event is not None:
                if on_event is not None:
                    on_event(event)
                continue
            if isinstance(output, Failure):
                failure = output
            if on_output is not None:
                on_output(output)
        return failure

    def _end_group(self) -> None:
        """A DataLoader's workers are in the kernel's process group, and would outlive a killed kernel."""
        if self._group is not None and self._group != os.getpgrp():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._group, signal.SIGKILL)

    def _alive_client(self) -> AsyncKernelClient:
        if self._client is None:
            raise KernelDied(f"The {self.runtime.framework.value} process is not running: start it first.")
        return self._client

    async def _next(self, client: AsyncKernelClient) -> dict[str, Any] | None:
        try:
            message: dict[str, Any] = await client.get_iopub_msg(timeout=_POLL)
        except queue.Empty:
            if not await self.is_alive():
                raise self._death() from None
            return None
        return message

    async def _wait_until_ready(self, client: AsyncKernelClient) -> None:
        try:
            await client.wait_for_ready(timeout=_START_TIMEOUT)
        except RuntimeError as error:
            death = self._death()
            if "No module named ipykernel" in death.log:
                raise RuntimeUnavailable(
                    f"{self.runtime.interpreter} has no ipykernel: run `{self.runtime.interpreter} -m pip install "
                    "ipykernel`."
                ) from error
            raise death from error

    def _death(self) -> KernelDied:
        self._end_group()
        process = getattr(self._kernel.provisioner, "process", None) if self._kernel is not None else None
        code = process.poll() if process is not None else None
        name = self.runtime.framework.value
        log = self._log_tail()
        if code is None:
            return KernelDied(f"The {name} process is gone; its variables are lost.", log)
        if code < 0:
            cause = signal.Signals(-code).name
            hint = " (often: out of memory)" if cause == "SIGKILL" else ""
            return KernelDied(f"The {name} process was ended by {cause}{hint}; its variables are lost.", log)
        last = log.strip().rpartition("\n")[2]
        return KernelDied(f"The {name} process ended with exit code {code}{f': {last}' if last else ''}.", log)

    def _log_tail(self) -> str:
        if self._log is None:
            return ""
        size = self._log.seek(0, os.SEEK_END)
        self._log.seek(max(0, size - _LOG_TAIL))
        return self._log.read().decode(errors="replace")
