"""Framework interpreters: import shims, MNIST, discovery, and one process per framework.

Importing this package loads nothing heavy; its public face is loaded on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from diptych.runtime.shims import ShimError, arm

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["ShimError", "enable_shims"]


def enable_shims(mnist: Path | None = None) -> None:
    """Let MXNet 1.9.1 import on Python 3.10 to 3.13 and NumPy 1.23 to 2, torchvision on a CPU-only torch, and both
    frameworks' ``datasets.MNIST`` read the same verified files (in the folder ``mnist`` if given).

    Call it before importing MXNet. It imports nothing, touches nothing global, and calling it again does nothing.
    Raises ``ShimError`` if MXNet was imported before and failed."""

    def locate() -> str:
        from diptych.runtime import mnist as files  # noqa: PLC0415  # only when a dataset is made

        return str(files.locate(mnist).folder)

    arm(locate)
