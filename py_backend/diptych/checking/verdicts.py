"""What two encoded values of a check say to each other."""

from __future__ import annotations

import base64
from array import array
from dataclasses import dataclass
from typing import Any

from diptych.checking.check_model import Verdict
from diptych.checking.compare import Tolerance, agree
from diptych.checking.model import Array, Value
from diptych.equivalence.model import Dialect

# By the coarser dtype of the two: rounding adds up over a program, so these are wider than those of single operations.
_TOLERANCES = {"float16": (1e-2, 1e-3), "bfloat16": (5e-2, 1e-2), "float32": (1e-4, 1e-5), "float64": (1e-7, 1e-9)}
_COARSEST = ("bfloat16", "float16", "float32", "float64")
_SHOWN = 60  # characters of a scalar
_SAME_LOSS = 0.05  # a mean of MXNet's values nearer than this to PyTorch's number is the same loss


@dataclass(frozen=True)
class Finding:
    """``difference`` is None where no numbers were compared."""

    verdict: Verdict
    difference: float | None = None
    note: str = ""
    scale: float = 0.0  # the largest number of PyTorch's array, where the difference is to be measured by it


def compared(torch: Any, mxnet: Any, dialect: Dialect, dtype_announced: bool) -> Finding:
    """Compare PyTorch's encoded value with MXNet's. ``dtype_announced``: the converter has said that integers become
    floats in the nd dialect; then they may, if every value is the same."""
    for side, encoded in (("PyTorch", torch), ("MXNet", mxnet)):
        if "reason" in encoded:
            return Finding(Verdict.NOT_COMPARED, note=f"{side}: {encoded['reason']}")
    if "network" in torch or "network" in mxnet:
        return _networks(torch, mxnet)
    ours, theirs = decoded(torch), decoded(mxnet)
    rtol, atol = _tolerance(torch, mxnet)
    agreement = agree(ours, theirs, Tolerance(rtol, atol, dialect))
    if not agreement.problem:
        return Finding(Verdict.EQUAL, agreement.max_difference, scale=_scale(ours))
    if dtype_announced and dialect is Dialect.ND:
        loose = agree(ours, theirs, Tolerance(0.0, 0.0, dialect, any_dtype=True))
        if not loose.problem:
            note = f"{described(torch)} in PyTorch, {described(mxnet)} in MXNet, as the conversion says"
            return Finding(Verdict.EQUAL, loose.max_difference, note)
    if isinstance(ours, Array) and isinstance(theirs, Array) and _per_sample(ours, theirs):
        mean = Array(theirs.dtype, (), array("d", [sum(theirs.data) / len(theirs.data)]))
        reduced = agree(ours, mean, Tolerance(rtol, atol, dialect))
        if reduced.max_difference <= _SAME_LOSS * abs(mean.data[0]):
            note = f"MXNet holds {len(theirs.data)} values of which PyTorch holds the mean: the mean was compared"
            verdict = Verdict.DIFFERS if reduced.problem else Verdict.EQUAL
            return Finding(verdict, reduced.max_difference, note, _scale(ours))
    numbers = agreement.max_difference if "values differ" in agreement.problem else None
    return Finding(Verdict.DIFFERS, numbers, agreement.problem, _scale(ours) if numbers is not None else 0.0)


def _scale(value: Value) -> float:
    if isinstance(value, Array):
        return max(map(abs, value.data), default=0.0)
    if isinstance(value, list):
        return max(map(_scale, value), default=0.0)
    return abs(value) if isinstance(value, (int, float)) else 0.0


def _per_sample(torch: Array, mxnet: Array) -> bool:
    """Gluon's losses give one value a sample, where PyTorch's give their mean."""
    floats = torch.dtype.startswith("float") and mxnet.dtype.startswith("float")
    return floats and torch.shape == () and len(mxnet.shape) == 1 and len(mxnet.data) > 1


def _networks(torch: Any, mxnet: Any) -> Finding:
    if torch.get("network") == mxnet.get("network"):
        return Finding(Verdict.EQUAL)
    return Finding(Verdict.DIFFERS, note=f"{described(torch)} in PyTorch, {described(mxnet)} in MXNet")


def _tolerance(torch: Any, mxnet: Any) -> tuple[float, float]:
    # A Python number may come from any float: float32's tolerance is the one that fits the most.
    kinds = {encoded.get("dtype", "float32") if encoded.get("tensor") else "float32" for encoded in (torch, mxnet)}
    return _TOLERANCES[next((kind for kind in _COARSEST if kind in kinds), "float32")]


def described(encoded: Any) -> str:
    """A few words for people: "float32 (2, 3)"."""
    if encoded is None or "reason" in encoded:
        return ""
    if "array" in encoded:
        return f"{encoded['dtype']} {tuple(encoded['shape'])}"
    if "network" in encoded:
        return f"a network of {encoded['network']} parameters"
    if "list" in encoded:
        return f"{len(encoded['list'])} entries"
    if "dict" in encoded:
        return f"{len(encoded['dict'])} keys"
    if "float" in encoded:
        return str(encoded["float"])
    text = repr(encoded["scalar"])
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def decoded(encoded: Any) -> Value:
    """The JSON form back into a value."""
    if "array" in encoded:
        floats = encoded["dtype"].startswith("float")
        code = "q" if not floats else "d" if encoded["dtype"] == "float64" else "f"
        numbers: array[float] | array[int] = array(code)
        numbers.frombytes(base64.b64decode(encoded["array"]))
        return Array(encoded["dtype"], tuple(encoded["shape"]), numbers)
    if "list" in encoded:
        return [decoded(entry) for entry in encoded["list"]]
    if "dict" in encoded:
        return {key: decoded(entry) for key, entry in encoded["dict"].items()}
    if "float" in encoded:
        return float(encoded["float"])
    scalar: bool | int | float | str | None = encoded["scalar"]
    return scalar
