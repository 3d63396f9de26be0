"""Framework interpreters as they were found."""

from __future__ import annotations

import msgspec

from diptych.equivalence.model import Framework


class Device(msgspec.Struct, frozen=True):
    """A device of one framework: ``name`` as users write it ("cpu", "cuda", "cuda:1"; MXNet's gpu(0) is "cuda:0" here
    so that both frameworks share one choice). ``available`` is False with a ``reason`` where it can't be used."""

    name: str
    label: str
    available: bool = True
    reason: str = ""


class Runtime(msgspec.Struct, frozen=True):
    """An interpreter or kernelspec in which one framework imports, or the reason why none does.

    ``problem`` is empty when it works; ``remedy`` is then the exact command (or sentence) that mends it."""

    framework: Framework
    interpreter: str = ""  # path of the Python executable
    kernel: str = ""  # or the name of a kernelspec
    python: str = ""  # versions, "" where unknown
    version: str = ""  # of the framework
    numpy: str = ""
    libraries: dict[str, str] = {}  # e.g. {"torchvision": "0.28.0"}
    devices: tuple[Device, ...] = ()
    problem: str = ""
    remedy: str = ""
