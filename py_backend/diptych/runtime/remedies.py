"""What is wrong with an interpreter for a framework, and the exact command that mends it."""

from __future__ import annotations

import shlex
import sys

from diptych.equivalence.model import Framework
from diptych.runtime.probe import Probe

MXNET_WHEELS = {("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "x86_64")}
"""Platforms for which a wheel of MXNet 1.9.1, the last release, exists."""


def of(probe: Probe, kernel: str = "") -> tuple[str, str]:
    """The problem and its remedy; both empty if the framework can be used."""
    where = f"the kernel {kernel}" if kernel else probe.interpreter
    if probe.error:
        if probe.framework is Framework.MXNET and probe.missing == "mxnet" and probe.platform not in MXNET_WHEELS:
            return _no_wheel(probe)
        if probe.missing:
            return f"{_title(probe.missing)} is not installed in {where}.", install(probe.framework, probe.interpreter)
        return f"{_title(probe.framework.value)} does not import in {where}: {probe.error}.", install(
            probe.framework, probe.interpreter
        )
    if not probe.ipykernel:
        return f"{where} has no ipykernel, which runs the code.", pip(probe.interpreter, "ipykernel")
    return "", ""


def pip(interpreter: str, *packages: str) -> str:
    """The command that installs packages into an interpreter."""
    return shlex.join([interpreter, "-m", "pip", "install", *packages])


def install(framework: Framework, interpreter: str) -> str:
    """The command that installs a framework. MXNet's own dependencies pin NumPy below 2, which the shims lift."""
    if framework is Framework.PYTORCH:
        return pip(interpreter, "torch", "torchvision", "ipykernel")
    others = pip(interpreter, "numpy", "requests", "graphviz<0.9", "ipykernel")
    return f"{pip(interpreter, '--no-deps', 'mxnet==1.9.1')} && {others}"


def reinstall(framework: Framework) -> str:
    """The command for an interpreter in which the framework crashes."""
    return install(framework, sys.executable)


def _title(module: str) -> str:
    return {"torch": "PyTorch", "pytorch": "PyTorch", "mxnet": "MXNet"}.get(module, module)


def _no_wheel(probe: Probe) -> tuple[str, str]:
    system = {"darwin": "macOS", "win32": "Windows", "linux": "Linux"}.get(probe.platform[0], probe.platform[0])
    return (
        f"MXNet 1.9.1, its last release, has no wheel for {system} on {probe.platform[1]}. "
        "Lookup and conversion work; running MXNet code does not.",
        "Name an interpreter or a kernel on Linux (x86_64 or aarch64) or macOS on Intel, for example in a container, "
        "in DIPTYCH_MXNET_PYTHON or DIPTYCH_MXNET_KERNEL.",
    )
