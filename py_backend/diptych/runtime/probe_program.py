"""What is found out inside an interpreter: sent there as text, so it uses the standard library alone.

It is run as ``python -c TEXT FRAMEWORK`` after the shims' text and prints one line of JSON behind ``MARK``.
"""

from __future__ import annotations

import json
import platform
import site
import sys
import sysconfig
import traceback
from collections.abc import Callable
from importlib import import_module, metadata
from typing import Any

MARK = "diptych-probe:"


def version_of(distribution: str) -> str:
    """The installed version, "" if it is not installed."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""


def device(name: str, label: str, reason: str = "") -> dict[str, Any]:
    """A device as ``runtime.model.Device`` is written in JSON."""
    return {"name": name, "label": label, "available": not reason, "reason": reason}


def torch_devices() -> list[dict[str, Any]]:
    """The CPU, and each GPU or the reason why there is none."""
    torch: Any = import_module("torch")
    found = [device("cpu", f"CPU, {platform.machine()}")]
    if torch.cuda.is_available():
        found += [device(f"cuda:{i}", torch.cuda.get_device_name(i)) for i in range(torch.cuda.device_count())]
    elif torch.version.cuda is None and getattr(torch.version, "hip", None) is None:
        found.append(device("cuda:0", "GPU", f"torch {torch.__version__} is a CPU-only build."))
    else:
        found.append(device("cuda:0", "GPU", "PyTorch finds no NVIDIA GPU with a working driver."))
    if torch.backends.mps.is_available():
        found.append(device("mps", "Apple GPU"))
    return found


def mxnet_devices() -> list[dict[str, Any]]:
    """The CPU, and each GPU or the reason why there is none."""
    mxnet: Any = import_module("mxnet")
    found = [device("cpu", f"CPU, {platform.machine()}")]
    if not mxnet.runtime.Features().is_enabled("CUDA"):
        return [*found, device("cuda:0", "GPU", f"MXNet {mxnet.__version__} was built without CUDA.")]
    try:
        count = mxnet.context.num_gpus()
    except mxnet.MXNetError as error:
        return [*found, device("cuda:0", "GPU", f"MXNet can't use CUDA: {str(error).splitlines()[-1]}")]
    if not count:
        return [*found, device("cuda:0", "GPU", "MXNet finds no NVIDIA GPU with a working driver.")]
    return found + [device(f"cuda:{i}", f"NVIDIA GPU {i}") for i in range(count)]


def examine(framework: str, modules: list[str], devices: Callable[[], list[dict[str, Any]]]) -> dict[str, Any]:
    """Import the framework's modules and describe what they can do; an import's failure is described instead."""
    found: dict[str, Any] = {
        "interpreter": sys.executable,
        "python": platform.python_version(),
        "version": version_of(modules[0]),
        "numpy": version_of("numpy"),
        "libraries": {name: version for name in modules[1:] if (version := version_of(name))},
        "ipykernel": version_of("ipykernel"),
        "places": sorted({*(sysconfig.get_path(kind) for kind in ("purelib", "platlib")), site.getusersitepackages()}),
        "platform": [sys.platform, platform.machine()],
        "framework": framework,
        "devices": [],
        "missing": "",
        "error": "",
    }
    try:
        for name in modules:
            import_module(name)
        found["devices"] = devices()
    except ModuleNotFoundError as error:
        found["missing"] = error.name or str(error)
        found["error"] = str(error)
    except Exception as error:  # noqa: BLE001  # whatever a broken installation raises is the answer
        found["error"] = "".join(traceback.format_exception_only(type(error), error)).strip()
    return found


def main(framework: str) -> None:
    """Print what was found about one framework."""
    if framework == "mxnet":
        found = examine(framework, ["mxnet"], mxnet_devices)
    else:
        found = examine(framework, ["torch", "torchvision"], torch_devices)
    print(MARK + json.dumps(found), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
