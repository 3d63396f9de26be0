"""A framework's process for code that waits: notebook cells, where an event loop runs already."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from diptych.runtime.messages import Output
from diptych.runtime.model import Runtime
from diptych.runtime.process import FrameworkProcess

Result = TypeVar("Result")
_DONE = object()


class BackgroundProcess:
    """A ``FrameworkProcess`` on an event loop of its own, in a thread; its methods wait for their results."""

    def __init__(self, runtime: Runtime) -> None:
        """``runtime`` as ``find`` gives it. Starts the process; raises what ``FrameworkProcess.start`` raises."""
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True, name="diptych-process").start()
        self._process = FrameworkProcess(runtime)
        try:
            self._wait(self._process.start())
        except BaseException:
            self.kill()
            raise

    def execute(self, code: str, on_output: Callable[[Output], None]) -> None:
        """Run code to its end; ``on_output`` is called in this thread. A KeyboardInterrupt here interrupts the code.

        Raises ``ExecutionError`` and ``KernelDied``."""
        outputs: queue.SimpleQueue[Any] = queue.SimpleQueue()
        running = asyncio.run_coroutine_threadsafe(self._process.execute(code, on_output=outputs.put), self._loop)
        running.add_done_callback(lambda _: outputs.put(_DONE))
        while True:
            try:
                output = outputs.get()
                if output is _DONE:
                    break
                on_output(output)
            except KeyboardInterrupt:
                self._wait(self._process.interrupt())
        running.result()

    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._wait(self._process.is_alive())

    def kill(self) -> None:
        """End the process and this object's thread, at once."""
        if self._loop.is_running():
            self._wait(self._process.kill())
            self._loop.call_soon_threadsafe(self._loop.stop)

    def _wait(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()
