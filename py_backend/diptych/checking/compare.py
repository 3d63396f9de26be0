"""Do two values agree: structure, shape, dtype family, and every number within the tolerance."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass

from diptych.checking.model import Agreement, Array, Value
from diptych.equivalence.model import Dialect

_PLACES_SHOWN = 3


@dataclass(frozen=True)
class Tolerance:
    """Numbers agree if ``|a - b| <= atol + rtol * |b|``, as in ``numpy.testing.assert_allclose``.

    The nd dialect has neither 0-dim nor boolean arrays: there (1,) stands for () and floats 0/1 for booleans.
    """

    rtol: float = 1e-5
    atol: float = 1e-6
    dialect: Dialect = Dialect.ND
    any_dtype: bool = False  # the family of the dtype may differ


def agree(torch: Value, mxnet: Value, tolerance: Tolerance) -> Agreement:
    """Compare PyTorch's value with MXNet's."""
    if isinstance(torch, Array) and isinstance(mxnet, Array):
        return _arrays(torch, mxnet, tolerance)
    if isinstance(torch, list) and isinstance(mxnet, list):
        if len(torch) != len(mxnet):
            return Agreement(problem=f"{len(torch)} entries in PyTorch, {len(mxnet)} in MXNet")
        return _all(
            {f"[{place}]": agree(a, b, tolerance) for place, (a, b) in enumerate(zip(torch, mxnet, strict=True))}
        )
    if isinstance(torch, dict) and isinstance(mxnet, dict):
        if torch.keys() != mxnet.keys():
            return Agreement(problem=f"keys {sorted(torch)} in PyTorch, {sorted(mxnet)} in MXNet")
        return _all({f"[{key!r}]": agree(value, mxnet[key], tolerance) for key, value in torch.items()})
    if isinstance(torch, (Array, list, dict)) or isinstance(mxnet, (Array, list, dict)):
        return Agreement(problem=f"{_kind(torch)} in PyTorch, {_kind(mxnet)} in MXNet")
    return _scalars(torch, mxnet, tolerance)


def _arrays(torch: Array, mxnet: Array, tolerance: Tolerance) -> Agreement:
    zero_dim = tolerance.dialect is Dialect.ND and torch.shape == () and mxnet.shape == (1,)
    if torch.shape != mxnet.shape and not zero_dim:
        return Agreement(problem=f"shape {torch.shape} in PyTorch, {mxnet.shape} in MXNet")
    ours, theirs = _family(torch.dtype), _family(mxnet.dtype)
    boolean = tolerance.dialect is Dialect.ND and ours == "boolean" and theirs != "boolean"
    if ours != theirs and not boolean and not tolerance.any_dtype:
        return Agreement(problem=f"dtype {torch.dtype} in PyTorch, {mxnet.dtype} in MXNet")
    return _numbers(torch.data, mxnet.data, tolerance)


def _numbers(torch: array[float] | array[int], mxnet: array[float] | array[int], tolerance: Tolerance) -> Agreement:
    largest, apart = 0.0, []
    for place, (a, b) in enumerate(zip(torch, mxnet, strict=True)):
        if a == b or (math.isnan(a) and math.isnan(b)):
            continue
        difference = abs(a - b)
        if not difference <= tolerance.atol + tolerance.rtol * abs(b):
            apart.append(f"{a!r} and {b!r} at place {place}")
        largest = max(largest, difference)
    if not apart:
        return Agreement(largest)
    return Agreement(largest, f"{len(apart)} of {len(torch)} values differ: {', '.join(apart[:_PLACES_SHOWN])}")


def _scalars(torch: Value, mxnet: Value, tolerance: Tolerance) -> Agreement:
    if isinstance(torch, (int, float)) and isinstance(mxnet, (int, float)):
        if _kind(torch) != _kind(mxnet) and not tolerance.any_dtype:
            return Agreement(problem=f"{_kind(torch)} in PyTorch, {_kind(mxnet)} in MXNet")
        return _numbers(array("d", [torch]), array("d", [mxnet]), tolerance)
    return Agreement() if torch == mxnet else Agreement(problem=f"{torch!r} in PyTorch, {mxnet!r} in MXNet")


def _all(parts: dict[str, Agreement]) -> Agreement:
    problems = [f"{place}: {part.problem}" for place, part in parts.items() if part.problem]
    return Agreement(max((part.max_difference for part in parts.values()), default=0.0), "; ".join(problems[:3]))


def _family(dtype: str) -> str:
    if dtype == "bool":
        return "boolean"
    return "float" if dtype.startswith("float") else "integer"


def _kind(value: Value) -> str:
    return f"array of {value.dtype}" if isinstance(value, Array) else type(value).__name__
