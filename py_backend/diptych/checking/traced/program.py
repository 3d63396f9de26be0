"""Runs one side: the text as a script, its values looked at after every statement of the module's level."""

from __future__ import annotations

import builtins
import io
import linecache
import os
import random
import sys
import tempfile
import time
import traceback
import types
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import clock, mxnet_side, torch_side, values
from .steps import BEGIN, MARK, Place, instrumented
from .streams import Stream

if TYPE_CHECKING:
    from collections.abc import Callable

_PASSES = 2  # of a loop whose statements are looked at one by one
_SECONDS = 20.0  # spent on looking at values before the end
_BYTES = 48_000_000  # of values before the end
_MOST_BYTES = 256_000_000  # of values in all
_OUTPUT = 200_000  # characters of each stream that are kept


@dataclass(frozen=True)
class Job:
    """What to run: ``text`` in ``framework`` ("pytorch" or "mxnet"), with what seed, under what name in tracebacks."""

    text: str
    framework: str
    seed: int = 0
    filename: str = "<checked>"


def run(job: Job, publish: Callable[[dict[str, Any]], None]) -> None:
    """Run the job in a scratch directory and publish what happens; never raises for what the code does.

    Events: ``began``, or ``unavailable`` with ``error``; ``at`` the lines that run now; ``step`` after each statement,
    with the values that it changed; ``end`` with the printed text and, where the code raised, ``error``, ``line``."""
    try:
        framework = __import__("torch" if job.framework == "pytorch" else "mxnet")
        numpy = __import__("numpy")
    except Exception as error:  # noqa: BLE001 - whatever keeps the framework from importing is the answer
        publish({"type": "unavailable", "error": f"{type(error).__name__}: {error}"})
        return
    versions = {"python": sys.version.split()[0], "framework": str(framework.__version__), "numpy": numpy.__version__}
    publish({"type": "began", "versions": versions})
    stream = Stream(job.seed)
    random.seed(job.seed)
    side = torch_side if job.framework == "pytorch" else mxnet_side
    framework.manual_seed(job.seed) if job.framework == "pytorch" else framework.random.seed(job.seed)
    used = side.install(framework, stream, job.filename)
    clock.install(job.filename)
    output, errors = _Kept(), _Kept()
    with tempfile.TemporaryDirectory() as folder:
        home = os.getcwd()
        os.chdir(folder)
        try:
            with redirect_stdout(output), redirect_stderr(errors):
                end = _execute(job, publish, lambda: used() or bool(stream.uncovered))
        finally:
            os.chdir(home)
    publish(values.sendable({"type": "end", "stdout": output.text(), "stderr": errors.text(), **end}))


class _Kept(io.StringIO):
    """The beginning of what is printed."""

    def write(self, text: str) -> int:
        if self.tell() < _OUTPUT:
            super().write(text[:_OUTPUT])
        return len(text)

    def text(self) -> str:
        return self.getvalue()


def _execute(job: Job, publish: Callable[[dict[str, Any]], None], random_used: Callable[[], bool]) -> dict[str, Any]:
    try:
        tree, places = instrumented(job.text, job.filename)
        code = compile(tree, job.filename, "exec", dont_inherit=True)
    except SyntaxError as error:
        return {"error": f"SyntaxError: {error.msg}", "line": error.lineno}
    module = types.ModuleType("__main__")
    watch = _Watch(module.__dict__, job.framework, places, publish, random_used)
    own = {BEGIN: watch.before, MARK: watch.after, "display": lambda *_, **__: None}
    module.__dict__.update({"__file__": job.filename, "__builtins__": builtins, **own})
    lines = job.text.splitlines(keepends=True)
    linecache.cache[job.filename] = (len(job.text), None, lines, job.filename)
    before = (sys.argv, sys.modules["__main__"])
    sys.argv, sys.modules["__main__"] = [job.filename], module
    try:
        exec(code, module.__dict__)
    except SystemExit as leaving:
        if leaving.code not in (None, 0):
            return {"error": f"The code ended itself with sys.exit({leaving.code!r}).", "line": watch.line}
    except BaseException as error:  # noqa: BLE001 - whatever the code raises ends it, and nothing else
        return _explained(error, job.filename)
    finally:
        watch.finish()
        sys.argv, sys.modules["__main__"] = before
    return {}


class _Watch:
    """Looks at the values after statements and publishes what changed."""

    def __init__(
        self,
        namespace: dict[str, Any],
        framework: str,
        places: list[Place],
        publish: Callable[[dict[str, Any]], None],
        random_used: Callable[[], bool],
    ) -> None:
        self.line = 1
        self._namespace, self._framework, self._places = namespace, framework, places
        self._publish, self._random_used = publish, random_used
        self._passes = [0] * len(places)
        self._digests: dict[str, str] = {}
        self._seconds, self._bytes = 0.0, 0
        self._told = 0.0

    def before(self, number: int) -> None:
        """A statement begins."""
        place = self._places[number]
        self.line = place.first
        now = time.monotonic()
        if now - self._told > 0.2 or not place.nested:  # the reader sees a place, not every turn of a loop
            self._told = now
            self._publish({"type": "at", "first": place.first, "last": place.last})

    def after(self, number: int) -> None:
        """A statement has ended."""
        self._passes[number] += 1
        if self._passes[number] <= _PASSES and self._seconds < _SECONDS and self._bytes < _BYTES:
            place = self._places[number]
            inside = dict(sys._getframe(1).f_locals) if place.function else {}
            self._look(place, self._passes[number], inside, everything=False)

    def finish(self) -> None:
        """The last values."""
        last = max((place.last for place in self._places), default=1)
        self._look(Place(last, last, False), 0, {}, everything=True)

    def _look(self, place: Place, number: int, inside: dict[str, Any], everything: bool) -> None:
        """``inside`` are the variables of the function that the place belongs to."""
        began = time.monotonic()
        found = values.collect(self._namespace, self._framework)
        within = values.collect(inside, self._framework)
        found.update({f"{place.function}:{name}": encoded for name, encoded in within.items()})
        changed: dict[str, Any] = {}
        for name, encoded in found.items():
            digest = values.digest(encoded)
            if self._digests.get(name) != digest:
                self._digests[name] = digest
                changed[name] = values.sendable(self._affordable(encoded))
        gone = [name for name in self._digests if name not in found]
        for name in gone:
            del self._digests[name]
        event = {"first": place.first, "last": place.last, "pass": number, "end": everything}
        self._publish({"type": "step", **event, "changed": changed, "gone": gone, "random": self._random_used()})
        self._seconds += time.monotonic() - began

    def _affordable(self, encoded: dict[str, Any]) -> dict[str, Any]:
        self._bytes += values.size(encoded)
        return encoded if self._bytes <= _MOST_BYTES else {"reason": "there is too much to compare before it"}


def _explained(error: BaseException, filename: str) -> dict[str, Any]:
    """One sentence, the line of the code's own that it comes from, and the traceback from there on."""
    frames = error.__traceback__
    while frames is not None and frames.tb_frame.f_code.co_filename != filename:
        frames = frames.tb_next
    line, frame = None, frames
    while frame is not None:
        if frame.tb_frame.f_code.co_filename == filename:
            line = frame.tb_lineno
        frame = frame.tb_next
    lines = [entry.strip() for entry in str(error).splitlines() if entry.strip()] or [""]
    telling = lines[-1] if lines[0].startswith("Traceback") else lines[0]  # MXNet's messages carry a C++ traceback
    text = f"{type(error).__name__}: {telling}" if telling else type(error).__name__
    trace = "".join(traceback.format_exception(type(error), error, frames or error.__traceback__))
    return {"error": text, "line": line, "traceback": trace[-20_000:]}
