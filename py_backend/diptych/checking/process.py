"""One process per framework and dialect, in which many snippets are executed one after another."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from array import array
from pathlib import Path
from types import TracebackType
from typing import Any

from diptych.checking.model import Array, Outcome, Value
from diptych.equivalence.model import Dialect, Framework

_WORKER = Path(__file__).with_name("worker.py")
_START_SECONDS = 120.0  # importing a framework on a cold, busy machine


class FrameworkUnavailable(RuntimeError):
    """The framework does not import in the interpreter that was asked for. The message holds its error."""


class Worker:
    """A process of one framework. Use it as a context manager; a snippet past its time ends the process, the next one
    starts it anew.

    ``interpreter`` is any Python in which the framework and NumPy import. Raises ``FrameworkUnavailable`` on entry
    where they don't.
    """

    def __init__(
        self,
        framework: Framework,
        dialect: Dialect = Dialect.ND,
        interpreter: str = sys.executable,
        seconds: float = 60.0,
    ) -> None:
        self.framework, self.dialect, self.seconds = framework, dialect, seconds
        self.versions: dict[str, str] = {}
        self._interpreter = interpreter
        self._process: subprocess.Popen[str] | None = None
        self._answers: queue.Queue[str] = queue.Queue()

    def __enter__(self) -> Worker:
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def run(self, code: str, compare: tuple[str, ...], setup: str = "") -> Outcome:
        """Execute ``setup`` and ``code`` and bring the names in ``compare`` back."""
        if self._process is None:
            self._start()
        request = {"setup": setup, "code": code, "compare": list(compare)}
        answer = self._ask(json.dumps(request), self.seconds)
        if answer is None:
            self._stop()
            return Outcome({}, error=f"no answer within {self.seconds:g} s, or the process ended")
        if "error" in answer:
            return Outcome({}, error=str(answer["error"]).strip())
        return Outcome({name: decode(value) for name, value in answer["values"].items()})

    def _start(self) -> None:
        # One thread keeps results repeatable; hidden GPUs keep them those of the CPU.
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": "", "PYTHONWARNINGS": "ignore"}
        self._answers = queue.Queue()
        self._process = subprocess.Popen(
            [self._interpreter, str(_WORKER), self.framework.value, self.dialect.value],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env=environment,
        )
        threading.Thread(target=_pump, args=(self._process, self._answers), daemon=True).start()
        hello = self._ask(None, _START_SECONDS)
        if hello is None or "error" in hello:
            self._stop()
            detail = str(hello["error"]).strip() if hello else "the process ended, or did not answer in time"
            raise FrameworkUnavailable(
                f"{self.framework.value} does not import in {self._interpreter}: {detail}\n"
                "Run `diptych doctor`: it names what is missing and the command that mends it."
            )
        self.versions = hello["versions"]

    def _ask(self, request: str | None, seconds: float) -> dict[str, Any] | None:
        process = self._process
        if process is None or process.stdin is None:
            return None
        try:
            if request is not None:
                process.stdin.write(request + "\n")
                process.stdin.flush()
            line = self._answers.get(timeout=seconds)
        except (BrokenPipeError, queue.Empty):
            return None
        answer: dict[str, Any] | None = json.loads(line) if line else None
        return answer

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    with contextlib.suppress(BrokenPipeError):  # what was not sent yet, to a process that is gone
                        stream.close()
            self._process = None


def _pump(process: subprocess.Popen[str], answers: queue.Queue[str]) -> None:
    """Lines of the process into the queue; an empty one when it ends."""
    assert process.stdout is not None
    try:
        for line in process.stdout:
            answers.put(line)
    except ValueError:
        pass  # closed by _stop while reading
    answers.put("")


def decode(value: dict[str, Any]) -> Value:
    """The worker's JSON form back into a value."""
    if "array" in value:
        numbers: array[float] | array[int] = array("d" if value["dtype"].startswith("float") else "q")
        numbers.frombytes(base64.b64decode(value["array"]))
        return Array(value["dtype"], tuple(value["shape"]), numbers)
    if "list" in value:
        return [decode(entry) for entry in value["list"]]
    if "dict" in value:
        return {key: decode(entry) for key, entry in value["dict"].items()}
    scalar: bool | int | float | str | None = value["scalar"]
    return scalar
