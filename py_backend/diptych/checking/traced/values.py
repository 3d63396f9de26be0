"""Top-level values in a form that can be sent and compared."""

from __future__ import annotations

import base64
import hashlib
import math
import sys
import types
from typing import Any

MOST_ENTRIES = 2_000_000  # numbers of one array; more are not sent
_MOST_PARTS = 20_000  # entries of nested lists and dictionaries
_IGNORED = (types.ModuleType, types.FunctionType, types.BuiltinFunctionType, types.MethodType, type)
Encoded = dict[str, Any]


class NotComparable(Exception):
    """The value has no form that could be compared; the message says why."""


def collect(namespace: dict[str, Any], framework: str) -> dict[str, Encoded]:
    """Every top-level value by name: ``x``, ``x.grad``, ``net.0.weight``, ``net.0.weight.grad``.

    Each is ``{"scalar"}``, ``{"float"}`` (not finite), ``{"array", "dtype", "shape", "tensor"}``, ``{"list"}``,
    ``{"dict"}`` or ``{"reason"}`` (it can't be compared). A network is ``{"network", "names"}``, how many parameters it
    has and their names; they follow by their place in it."""
    found: dict[str, Encoded] = {}
    for name, value in list(namespace.items()):
        if name.startswith("__") or isinstance(value, _IGNORED) or _is_function(value):
            continue
        parameters = _parameters(value, framework)
        if parameters is not None:
            _collect_network(found, name, parameters)
            continue
        try:
            found[name] = encode(value, [_MOST_PARTS])
        except NotComparable as error:
            found[name] = {"reason": str(error)}
        except Exception as error:  # noqa: BLE001 - a value that raises when it is read (deferred, freed) is the user's
            found[name] = {"reason": f"it can't be read: {type(error).__name__}"}
        gradient = _gradient(value)
        if gradient is not None:
            found[f"{name}.grad"] = encode(gradient, [_MOST_PARTS])
    return found


def digest(encoded: Encoded) -> str:
    """Equal for equal values."""
    state = hashlib.blake2b(digest_size=16)
    _feed(state, encoded)
    return state.hexdigest()


def _feed(state: Any, encoded: Any) -> None:
    if isinstance(encoded, dict):
        for key, value in encoded.items():
            state.update(f"{key}:".encode())
            _feed(state, value)
    elif isinstance(encoded, list):
        state.update(f"[{len(encoded)}]".encode())
        for value in encoded:
            _feed(state, value)
    elif isinstance(encoded, bytes):
        state.update(encoded)
    else:
        state.update(repr(encoded).encode())


def sendable(encoded: Any) -> Any:
    """The same with bytes as text, and texts as UTF-8 can hold them."""
    if isinstance(encoded, dict):
        return {key: sendable(value) for key, value in encoded.items()}
    if isinstance(encoded, list):
        return [sendable(value) for value in encoded]
    if isinstance(encoded, bytes):
        return base64.b64encode(encoded).decode("ascii")
    return encoded.encode(errors="backslashreplace").decode() if isinstance(encoded, str) else encoded


def size(encoded: Any) -> int:
    """Bytes that sending takes, roughly."""
    if isinstance(encoded, dict):
        return sum(size(value) for value in encoded.values())
    if isinstance(encoded, list):
        return sum(size(value) for value in encoded)
    return len(encoded) if isinstance(encoded, (bytes, str)) else 8


def encode(value: Any, left: list[int]) -> Encoded:
    """One value; ``left`` counts down the parts that it may have. Raises ``NotComparable``."""
    numpy = sys.modules["numpy"]
    left[0] -= 1
    if left[0] < 0:
        raise NotComparable("it has too many parts")
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": repr(float(value))}  # JSON has no word for it
    if value is None or isinstance(value, (bool, int, float, str)):
        return {"scalar": value}
    name = _plain_name(value, numpy)
    if name is not None:
        return {"scalar": name}
    if isinstance(value, numpy.generic):
        return encode(value.item(), left)
    if isinstance(value, numpy.ndarray):
        return _array(numpy, value, False)
    if isinstance(value, (list, tuple)):
        return {"list": [encode(entry, left) for entry in value]}
    if isinstance(value, dict):
        return {"dict": {str(key): encode(entry, left) for key, entry in value.items()}}
    if isinstance(value, (set, frozenset)) and all(isinstance(entry, (int, str)) for entry in value):
        return {"list": [{"scalar": entry} for entry in sorted(value, key=repr)]}
    array = _framework_array(value)
    if array is not None:
        return _array(numpy, array, True)
    kind = type(value)
    raise NotComparable(f"a {kind.__module__.partition('.')[0]} {kind.__name__} has no form that could be compared")


def _array(numpy: Any, value: Any, tensor: bool) -> Encoded:
    if value.size > MOST_ENTRIES:
        raise NotComparable(f"it holds {value.size:,} numbers; only up to {MOST_ENTRIES:,} are compared")
    if value.dtype.kind not in "fiub":
        raise NotComparable(f"an array of dtype {value.dtype} is not compared")
    wide = "int64" if value.dtype.kind != "f" else "float64" if value.dtype.itemsize > 4 else "float32"
    data = numpy.ascontiguousarray(value, dtype=wide).tobytes()
    return {"array": data, "dtype": str(value.dtype), "shape": list(value.shape), "tensor": tensor}


def _framework_array(value: Any) -> Any:
    """A tensor or NDArray as a NumPy array; None for anything else. Gluon's parameters count by their data."""
    torch, mxnet = sys.modules.get("torch"), sys.modules.get("mxnet")
    if torch is not None and isinstance(value, torch.Tensor):
        detached = value.detach().cpu()
        if detached.layout is not torch.strided:
            detached = detached.to_dense()
        return (detached.float() if detached.dtype is torch.bfloat16 else detached.resolve_conj()).numpy()
    if mxnet is not None and isinstance(value, mxnet.nd.NDArray):
        return value.asnumpy()
    if mxnet is not None and isinstance(value, mxnet.gluon.Parameter):
        return value.data().asnumpy()
    return None


def _plain_name(value: Any, numpy: Any) -> str | None:
    """Devices and dtypes by the name that both sides share."""
    kind = type(value)
    if kind.__module__ == "torch" and kind.__name__ == "dtype":
        return str(value).replace("torch.", "")
    if isinstance(value, numpy.dtype):
        return str(value.name)
    if kind.__module__ == "torch" and kind.__name__ == "device":
        return "cpu" if value.type == "cpu" else f"{value.type}:{value.index or 0}"
    if kind.__module__ == "mxnet.context" and kind.__name__ == "Context":
        return "cpu" if value.device_type == "cpu" else f"cuda:{value.device_id}"
    return None


def _is_function(value: Any) -> bool:
    return type(value).__module__ in ("functools", "typing", "__future__") or (
        callable(value) and type(value).__name__ in ("method-wrapper", "builtin_function_or_method", "ufunc")
    )


def _parameters(value: Any, framework: str) -> list[tuple[str, Any]] | None:
    """The parameters and running statistics of a network, in the order in which both sides make them."""
    if framework == "pytorch":
        torch = sys.modules["torch"]
        if not isinstance(value, torch.nn.Module):
            return None
        entries = value.state_dict(keep_vars=True).items()
        named = [(name, entry) for name, entry in entries if not name.endswith("num_batches_tracked")]
    else:
        mxnet = sys.modules["mxnet"]
        if not isinstance(value, mxnet.gluon.Block):
            return None
        # a normalization without scale or shift keeps ones and zeros that PyTorch does not have
        named = [
            (name, entry)
            for name, entry in value._collect_params_with_prefix().items()
            if not (entry.grad_req == "null" and name.rpartition(".")[2] in ("gamma", "beta"))
        ]
    distinct = {id(entry): (name, entry) for name, entry in reversed(named)}  # shared ones count by their first name
    return list(reversed(distinct.values()))


def _collect_network(found: dict[str, Encoded], name: str, parameters: list[tuple[str, Any]]) -> None:
    if not parameters:
        found[name] = {"reason": "it has no parameters"}
        return
    found[name] = {"network": len(parameters), "names": [key for key, _ in parameters]}
    for place, (_, parameter) in enumerate(parameters):
        if getattr(parameter, "_data", True) is None or type(parameter).__name__ == "UninitializedParameter":
            found[f"{name}[{place}]"] = {"reason": "it is not initialized"}
            continue
        try:
            found[f"{name}[{place}]"] = {**encode(parameter, [_MOST_PARTS]), "trained": _is_trained(parameter)}
            gradient = _gradient(parameter)
            if gradient is not None:
                found[f"{name}[{place}].grad"] = encode(gradient, [_MOST_PARTS])
        except NotComparable as error:
            found[f"{name}[{place}]"] = {"reason": str(error)}


def _is_trained(parameter: Any) -> bool:
    """Whether it is no running statistic."""
    return getattr(parameter, "grad_req", "write") != "null" and type(parameter).__name__ != "Tensor"


def _gradient(value: Any) -> Any:
    """The gradient that a tensor or parameter holds; None where it has none.

    Gluon's trainer divides by the batch size when it steps, PyTorch's losses before: a gradient that a trainer uses is
    given as the trainer used it, and not before it has."""
    torch, mxnet = sys.modules.get("torch"), sys.modules.get("mxnet")
    if torch is not None and isinstance(value, torch.Tensor):
        return value.grad if value.is_leaf and value.requires_grad else None
    if mxnet is not None and isinstance(value, mxnet.nd.NDArray):
        return value.grad
    if mxnet is not None and isinstance(value, mxnet.gluon.Parameter):
        scale = getattr(value, "_diptych_scale", 1.0)
        return None if value.grad_req == "null" or value._grad is None or scale is None else value.grad() * scale
    return None
