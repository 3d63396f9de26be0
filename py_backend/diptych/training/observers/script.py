"""Running a script as Python would, observed: ``__main__``, its arguments, its directory, its line numbers."""

from __future__ import annotations

import ast
import builtins
import linecache
import math
import os
import sys
import traceback
import types
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from . import mxnet_observer, torch_observer
from .imports import AfterImport
from .recorder import Recorder, TrainingStopped
from .workers import ForkedWorkersOnly

if TYPE_CHECKING:
    from .recorder import Publish


@dataclass(frozen=True)
class Job:
    """What to run. ``values`` are source texts of expressions, assigned after line ``after_line`` (the end of the
    parameters cell); ``epochs`` says that the cell names the number of epochs ``epochs``."""

    text: str
    path: str = ""
    directory: str = ""
    arguments: tuple[str, ...] = ()
    after_line: int = 0
    values: dict[str, str] = field(default_factory=dict)
    epochs: bool = False

    @property
    def filename(self) -> str:
        """What tracebacks call it."""
        return self.path or "<script>"


def run(job: Job, publish: Publish) -> None:
    """Run the job to its end and publish what happens. The last event is a state: finished, failed, or cancelled for
    an interrupt. Never raises."""
    module = types.ModuleType("__main__")
    recorder = Recorder(publish, lambda: _total_epochs(job, module))
    watch = AfterImport(
        {
            "torch": lambda torch: torch_observer.install(torch, recorder),
            "mxnet": lambda mxnet: mxnet_observer.install(mxnet, recorder),
        }
    )
    recorder.start()
    watch.install()
    with _Stage(job, module), ForkedWorkersOnly():
        state, reason = _execute(job, module)
    watch.uninstall()
    recorder.finish(completed=state == "finished")
    if recorder.failure:
        state, reason = "failed", recorder.failure
    if state == "finished":
        reason = _nothing_measured(recorder)
        recorder.note(type="result", test_accuracy=_accuracy(module))
    recorder.note(type="state", state=state, reason=reason)
    recorder.drain(wait=True)


class _Stage:
    """The surroundings of a script that is run by its path; put back as they were afterwards."""

    def __init__(self, job: Job, module: types.ModuleType) -> None:
        self._job = job
        self._module = module

    def __enter__(self) -> None:
        job = self._job
        self._before = (sys.argv, sys.path[:], sys.modules["__main__"], os.getcwd())
        sys.argv = [job.filename, *job.arguments]
        if job.directory:
            os.chdir(job.directory)
        sys.path.insert(0, job.directory or os.getcwd())
        sys.modules["__main__"] = self._module
        self._module.__dict__.update(__file__=job.filename, __builtins__=builtins)
        lines = job.text.splitlines(keepends=True)
        linecache.cache[job.filename] = (len(job.text), None, lines, job.filename)  # the text that runs, not the file's

    def __exit__(self, *_: object) -> None:
        sys.argv, sys.path[:], sys.modules["__main__"], directory = self._before
        os.chdir(directory)


def _execute(job: Job, module: types.ModuleType) -> tuple[str, str]:
    """The final state and its reason."""
    try:
        exec(_compiled(job), module.__dict__)
    except TrainingStopped as stopped:
        return "failed", str(stopped)
    except KeyboardInterrupt:
        return "cancelled", ""
    except SystemExit as leaving:
        if leaving.code is None or leaving.code == 0:
            return "finished", ""
        return "failed", f"The script ended itself with sys.exit({leaving.code!r})."
    except BaseException as error:  # noqa: BLE001 -- whatever a script raises ends its run, and nothing else
        return "failed", _explain(error, job)
    return "finished", ""


def _compiled(job: Job) -> types.CodeType:
    tree = ast.parse(job.text, job.filename)
    position = sum(1 for statement in tree.body if statement.lineno <= job.after_line)
    assignments: list[ast.stmt] = []
    for name, source in job.values.items():
        target = ast.Name(id=name, ctx=ast.Store())
        assignments.append(ast.Assign(targets=[target], value=ast.parse(source, mode="eval").body))
    for assignment in assignments:  # between two lines of the script, so that its own numbers stay
        for node in ast.walk(assignment):
            if isinstance(node, (ast.expr, ast.stmt)):
                node.lineno = node.end_lineno = max(1, job.after_line)
                node.col_offset = node.end_col_offset = 0
    tree.body[position:position] = assignments
    return compile(tree, job.filename, "exec", dont_inherit=True)


def _explain(error: BaseException, job: Job) -> str:
    """Print the traceback from the script's own frames on; answer with the one sentence."""
    frames = error.__traceback__
    while frames is not None and frames.tb_frame.f_code.co_filename != job.filename:
        frames = frames.tb_next
    traceback.print_exception(type(error), error, frames)
    line = error.lineno if isinstance(error, SyntaxError) else _deepest_line(frames, job)
    return _sentence(error) + (f" (line {line})" if line else "")


def _sentence(error: BaseException) -> str:
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    lines = [line.strip() for line in message.splitlines() if line.strip()] or [""]
    telling = lines[-1] if lines[0].startswith("Traceback") else lines[0]  # MXNet's messages carry a C++ traceback
    return f"{type(error).__name__}: {telling}" if telling else type(error).__name__


def _deepest_line(frames: types.TracebackType | None, job: Job) -> int | None:
    line = None
    while frames is not None:
        if frames.tb_frame.f_code.co_filename == job.filename:
            line = frames.tb_lineno
        frames = frames.tb_next
    return line


def _nothing_measured(recorder: Recorder) -> str:
    if not recorder.saw_steps:
        return "The script ended without training: backward was never called."
    if not recorder.saw_epochs:
        return "No epochs were measured: the script trains without iterating a DataLoader."
    return ""


def _accuracy(module: types.ModuleType) -> float | None:
    """The script's own ``test_accuracy``: a number, or a tensor or array of one element."""
    value = module.__dict__.get("test_accuracy")
    if value is None:
        return None
    try:
        value = float(value.asscalar() if hasattr(value, "asscalar") else value)  # NDArray has no __float__
    except (TypeError, ValueError, RuntimeError):
        return None
    return value if math.isfinite(value) else None


def _total_epochs(job: Job, module: types.ModuleType) -> int | None:
    epochs = module.__dict__.get("epochs") if job.epochs else None
    return epochs if isinstance(epochs, int) else None
