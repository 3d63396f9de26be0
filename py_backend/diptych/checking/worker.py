"""Runs inside a framework's own interpreter: executes snippets and sends named values back.

Started as a file with the framework and the dialect as arguments. It reads one JSON object a line from standard input
and answers with one a line. Only the standard library, NumPy and the framework are imported, so that the interpreter
needs nothing of Diptych's.
"""

from __future__ import annotations

import base64
import contextlib
import importlib
import json
import os
import platform
import sys
import tempfile
import traceback
from typing import Any


def main() -> None:
    """Answer requests until standard input ends."""
    framework, dialect = sys.argv[1:3]
    # The protocol keeps the real standard output; what snippets print must not mix with it.
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.path = [
        entry for entry in sys.path if os.path.abspath(entry or ".") != os.path.dirname(os.path.abspath(__file__))
    ]
    reply(channel, start(framework, dialect))
    for line in sys.stdin:
        reply(channel, execute(json.loads(line)))


def reply(channel: Any, answer: dict[str, Any]) -> None:
    """One line of JSON."""
    channel.write(json.dumps(answer) + "\n")
    channel.flush()


def start(framework: str, dialect: str) -> dict[str, Any]:
    """Import the framework; the versions, or the error that kept it from importing."""
    try:
        # Where Diptych is installed its shims let MXNet and torchvision import; elsewhere they import by themselves.
        with contextlib.suppress(ModuleNotFoundError):
            importlib.import_module("diptych.runtime").enable_shims()
        module = importlib.import_module("torch" if framework == "pytorch" else "mxnet")
        if framework == "mxnet" and dialect == "np":
            module.npx.set_np()
        if framework == "pytorch":
            module.set_num_threads(1)
        numpy = importlib.import_module("numpy")
    except Exception:  # noqa: BLE001 - whatever keeps the framework from importing is the answer
        return {"error": traceback.format_exc(limit=-3)}
    name = "torch" if framework == "pytorch" else "mxnet"
    return {
        "versions": {"python": platform.python_version(), name: str(module.__version__), "numpy": numpy.__version__}
    }


def execute(request: dict[str, Any]) -> dict[str, Any]:
    """Run the setup and the snippet in a fresh namespace and a fresh directory; encode the values asked for."""
    namespace: dict[str, Any] = {"__name__": "__main__", "fill": fill}
    home = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            exec(compile(request["setup"], "<setup>", "exec"), namespace)
            exec(compile(request["code"], "<snippet>", "exec"), namespace)
            return {"values": {name: encode(namespace[name]) for name in request["compare"]}}
        except KeyError as error:
            if error.args and error.args[0] in request["compare"]:
                return {"error": f"the snippet defines no {error.args[0]!r}"}
            return {"error": traceback.format_exc(limit=-2)}
        except BaseException:  # noqa: BLE001 - whatever ends a snippet, its exit too, ends the snippet only
            return {"error": traceback.format_exc(limit=-2)}
        finally:
            settle()
            os.chdir(home)


def settle() -> None:
    """MXNet computes later: an error that is still under way belongs to this snippet, not to the next."""
    mxnet = sys.modules.get("mxnet")
    if mxnet is not None:
        with contextlib.suppress(Exception):
            mxnet.nd.waitall()


def fill(network: Any, *values: Any) -> None:
    """Set a network's parameters, in order, to NumPy arrays: initial weights differ between the frameworks.

    Without values, its parameters and running statistics, each to numbers that depend on its place and shape alone.
    """
    gluon = hasattr(network, "collect_params")
    if gluon:
        parameters = list(network.collect_params().values())
    elif values:
        parameters = list(network.parameters())
    else:
        parameters = [
            value for name, value in network.state_dict(keep_vars=True).items() if not name.endswith("_tracked")
        ]
    values = values or tuple(numbers(place, parameter.shape) for place, parameter in enumerate(parameters))
    if len(parameters) != len(values):
        raise ValueError(f"the network has {len(parameters)} parameters, {len(values)} arrays were given")
    for parameter, value in zip(parameters, values, strict=True):
        if gluon:
            mxnet = sys.modules["mxnet"]
            parameter.set_data(mxnet.np.array(value) if mxnet.util.is_np_array() else mxnet.nd.array(value))
        else:
            parameter.data.copy_(sys.modules["torch"].tensor(value))  # what state_dict gives shares the memory


def numbers(place: int, shape: Any) -> Any:
    """Positive numbers between 0.05 and 0.55 (a variance may be among them) that differ from place to place."""
    numpy = sys.modules["numpy"]
    count = int(numpy.prod(shape))
    return (numpy.sin(numpy.arange(count) * 1.3 + place) * 0.25 + 0.3).astype("float32").reshape(shape)


def encode(value: Any) -> Any:
    """A JSON form of a value. Raises ``TypeError`` for what has none."""
    numpy = sys.modules["numpy"]
    if type(value).__name__ == "dtype" or (isinstance(value, type) and issubclass(value, numpy.generic)):
        return {"scalar": str(value).replace("torch.", "") if not isinstance(value, type) else numpy.dtype(value).name}
    if value is None or isinstance(value, (bool, int, float, str)):
        return {"scalar": value}
    if isinstance(value, numpy.generic):
        return {"scalar": value.item()}
    if isinstance(value, numpy.ndarray):
        return encode_array(numpy, value)
    if isinstance(value, (list, tuple)):
        return {"list": [encode(entry) for entry in value]}
    if isinstance(value, dict):
        return {"dict": {str(key): encode(entry) for key, entry in value.items()}}
    if hasattr(value, "detach") and hasattr(value, "cpu"):  # torch.Tensor
        return encode_array(numpy, value.detach().cpu().numpy())
    if hasattr(value, "asnumpy"):  # mxnet's arrays of both dialects
        return encode_array(numpy, value.asnumpy())
    raise TypeError(f"a value of type {type(value).__name__} can't be compared; compare an array, a number or a text")


def encode_array(numpy: Any, value: Any) -> dict[str, Any]:
    """Shape, dtype and the values in C order as 64-bit numbers."""
    if value.dtype.kind not in "fiub":
        raise TypeError(f"an array of dtype {value.dtype} can't be compared")
    wide = numpy.ascontiguousarray(value, dtype="float64" if value.dtype.kind == "f" else "int64")
    data = base64.b64encode(wide.tobytes()).decode("ascii")
    return {"array": data, "dtype": str(value.dtype), "shape": list(value.shape)}


if __name__ == "__main__":
    main()
