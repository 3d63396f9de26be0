"""How a framework's kernel is launched: its command, its environment, and the code it runs first."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

from diptych.runtime import mnist
from diptych.runtime.model import Runtime
from diptych.runtime.shims import injection

THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""Read once, when a library loads; so they are set before the process starts. Both frameworks follow them."""

# ipykernel ends its own process when the parent is gone, but the workers that a DataLoader forked would stay. So the
# kernel watches for itself, from its first moment on, and then ends its whole process group.
_LAUNCHER = """\
import os, runpy, signal, sys, threading, time

def watch():
    while os.getppid() == {parent}:
        time.sleep(0.5)
    os.killpg(os.getpid(), signal.SIGKILL) if hasattr(os, "killpg") else os._exit(1)

threading.Thread(target=watch, daemon=True, name="end-with-parent").start()
runpy.run_module("ipykernel_launcher", run_name="__main__", alter_sys=True)
"""


class InterpreterSpecs(KernelSpecManager):
    """Answers every name with an ipykernel in one interpreter."""

    def __init__(self, interpreter: str, **options: Any) -> None:
        super().__init__(**options)
        self._interpreter = interpreter

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """The spec of the interpreter; it keeps no history, and so shares no database with the user's own sessions."""
        launcher = _LAUNCHER.format(parent=os.getpid())
        argv = [self._interpreter, "-c", launcher, "-f", "{connection_file}", "--HistoryManager.hist_file=:memory:"]
        return KernelSpec(argv=argv, display_name=kernel_name, language="python")


def specs_of(runtime: Runtime) -> KernelSpecManager:
    """Where the kernel's command comes from: the kernelspec that the user named, or the interpreter."""
    return KernelSpecManager() if runtime.kernel else InterpreterSpecs(runtime.interpreter)


def environment(threads: int | None, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment, with the numbers of threads and ``extra`` on top."""
    counts = {} if threads is None else dict.fromkeys(THREAD_VARIABLES, str(threads))
    return {**os.environ, **counts, **(extra or {})}


def preamble(mnist_folder: Path | None = None) -> str:
    """The code that a fresh kernel runs first: it switches the shims on. MNIST is taken from the folder, or from where
    it is found without a download."""
    if mnist_folder is None:
        try:
            mnist_folder = mnist.locate(download=False).folder
        except mnist.MnistError as error:
            return injection.source(None, str(error))  # told when a dataset is made, for most code needs none
    return injection.source(mnist_folder)
