"""Asking an interpreter or a kernel what it can do, and remembering the answer."""

from __future__ import annotations

import asyncio
import contextlib
import glob
import hashlib
import os
import subprocess
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

import msgspec
import platformdirs

from diptych.equivalence.model import Framework
from diptych.runtime.errors import FrameworkError
from diptych.runtime.messages import Output, Stream
from diptych.runtime.model import Device, Runtime
from diptych.runtime.probe_program import MARK
from diptych.runtime.shims import injection

_TIMEOUT = 120.0  # seconds; the first import of a 5 GB torch from a cold disk takes long


class Probe(msgspec.Struct, frozen=True):
    """What ``probe_program`` prints."""

    framework: Framework
    interpreter: str
    python: str
    platform: tuple[str, str]  # sys.platform, machine
    version: str = ""
    numpy: str = ""
    libraries: dict[str, str] = {}
    ipykernel: str = ""
    places: tuple[str, ...] = ()  # folders where packages are installed
    devices: tuple[Device, ...] = ()
    missing: str = ""  # the module that is not installed
    error: str = ""  # of the import


class ProbeFailed(FrameworkError):
    """The interpreter could not be asked."""


def probe_interpreter(framework: Framework, interpreter: str, fresh: bool = False) -> Probe:
    """Ask an interpreter, in a subprocess with the shims on; ``fresh`` forgets what is remembered.

    Raises ``ProbeFailed`` if it can't be run, gives no answer, or crashes."""
    remembered = None if fresh else _remembered(framework, interpreter)
    if remembered is not None:
        return remembered
    command = [interpreter, "-c", _program(), framework.value]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_TIMEOUT, check=False, env=environment, errors="replace"
        )
    except FileNotFoundError:
        raise ProbeFailed(f"There is no interpreter {interpreter}.") from None
    except OSError as error:
        raise ProbeFailed(f"{interpreter} can't be run: {error.strerror}.") from error
    except subprocess.TimeoutExpired:
        raise ProbeFailed(f"{interpreter} did not import {framework.value} within {_TIMEOUT:.0f} seconds.") from None
    probe = _answer(done.stdout)
    if probe is None:
        last = done.stderr.strip().rpartition("\n")[2]
        raise ProbeFailed(f"{interpreter} ended with exit code {done.returncode} while importing: {last or 'no word'}.")
    if not probe.error:
        _remember(probe, interpreter)
    return probe


def probe_kernel(framework: Framework, kernel: str, fresh: bool = False) -> Probe:
    """Ask the kernel of that name, which may be remote; only a local one's answer is remembered.

    Raises ``ProbeFailed``."""
    file = _kernel_file(kernel)
    remembered = None if fresh else _remembered(framework, file)
    if remembered is not None:
        return remembered
    probe = asyncio.run(_ask_kernel(framework, kernel))
    if not probe.error and os.path.exists(probe.interpreter):
        _remember(probe, file)
    return probe


def _kernel_file(kernel: str) -> str:
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel  # noqa: PLC0415

    try:
        return os.path.join(KernelSpecManager().get_kernel_spec(kernel).resource_dir, "kernel.json")
    except NoSuchKernel:
        raise ProbeFailed(
            f"There is no kernel named {kernel}: `jupyter kernelspec list` shows those there are."
        ) from None


async def _ask_kernel(framework: Framework, kernel: str) -> Probe:
    from diptych.runtime.process import FrameworkProcess  # noqa: PLC0415  # a remembered answer needs no process

    printed: list[Output] = []
    try:
        async with FrameworkProcess(Runtime(framework, kernel=kernel)) as process:
            await process.execute(f"import sys; sys.argv = ['-c', {framework.value!r}]\n{_program()}", printed.append)
    except FrameworkError as error:
        raise ProbeFailed(f"The kernel {kernel} could not be asked: {error}") from error
    probe = _answer("".join(output.text for output in printed if isinstance(output, Stream)))
    if probe is None:
        raise ProbeFailed(f"The kernel {kernel} gave no answer: it has to be a Python kernel.")
    return probe


def _program() -> str:
    return injection.source(None) + files(__package__).joinpath("probe_program.py").read_text("utf-8").replace(
        "from __future__ import annotations\n", ""
    )


def _answer(printed: str) -> Probe | None:
    for line in printed.splitlines():
        if line.startswith(MARK):
            return msgspec.json.decode(line.removeprefix(MARK), type=Probe)
    return None


# --- memory ----------------------------------------------------------------------------------------------------------


class _Note(msgspec.Struct, frozen=True):
    stamp: str
    probe: Probe


def _note_file(framework: Framework, interpreter: str) -> Path:
    name = hashlib.sha256(os.path.abspath(interpreter).encode()).hexdigest()[:16]
    cache = Path(platformdirs.user_cache_dir("diptych", appauthor=False))
    return cache / "probes" / f"{framework.value}-{name}.json"


def _stamp(interpreter: str, places: tuple[str, ...]) -> str:
    """Changes when the interpreter, the packages beside it, this program or the graphics devices change."""
    times = []
    for path in (interpreter, *places):
        try:
            times.append(os.stat(path).st_mtime_ns)
        except OSError:
            times.append(0)
    program = hashlib.sha256(_program().encode()).hexdigest()
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    return repr((times, program, sorted(glob.glob("/dev/nvidia[0-9]*")), visible, sys.platform))


def _remembered(framework: Framework, interpreter: str) -> Probe | None:
    try:
        note = msgspec.json.decode(_note_file(framework, interpreter).read_bytes(), type=_Note)
    except (OSError, msgspec.DecodeError):
        return None
    return note.probe if note.stamp == _stamp(interpreter, note.probe.places) else None


def _remember(probe: Probe, interpreter: str) -> None:
    note = _Note(_stamp(interpreter, probe.places), probe)
    target = _note_file(probe.framework, interpreter)
    with contextlib.suppress(OSError):  # a home that can't be written to only costs time
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as partial:
            partial.write(msgspec.json.encode(note))
        os.replace(partial.name, target)
