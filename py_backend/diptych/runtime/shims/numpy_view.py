"""NumPy as MXNet 1.9.1 knew it: today's module plus the names that have been removed since."""

from __future__ import annotations

import math
import types
import warnings
from typing import Any


class NumpyView(types.ModuleType):
    """Everything of NumPy, plus removed names. Attributes are copied, so that a look-up costs what it always did;
    what NumPy loads lazily is asked for when needed."""

    def __init__(self, numpy: types.ModuleType) -> None:
        super().__init__(numpy.__name__, numpy.__doc__)
        self._numpy = numpy
        vars(self).update({name: value for name, value in vars(numpy).items() if name != "__getattr__"})
        vars(self).update(_builtin_aliases())
        vars(self).update({name: value for name, value in _renamed(numpy).items() if not _has(numpy, name)})
        if hasattr(numpy, "_core"):
            vars(self)["core"] = numpy._core  # numpy.core warns on every use

    def __getattr__(self, name: str) -> Any:
        return getattr(self._numpy, name)

    def __dir__(self) -> list[str]:
        return sorted({*dir(self._numpy), *vars(self)})


def is_needed(numpy: types.ModuleType) -> bool:
    """Whether this NumPy lacks what MXNet uses: ``numpy.bool`` and its like went with NumPy 1.24."""
    major, minor = (int(part) for part in numpy.__version__.split(".")[:2])
    return (major, minor) >= (1, 24)


def _has(numpy: types.ModuleType, name: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return hasattr(numpy, name)


def _builtin_aliases() -> dict[str, Any]:
    """NumPy 2 uses ``numpy.bool`` for its own scalar type; MXNet means Python's."""
    return {"bool": bool, "int": int, "float": float, "complex": complex, "object": object, "str": str}


def _renamed(numpy: Any) -> dict[str, Any]:
    """Removed names and what stands for them today (NumPy 2.0 migration guide)."""
    financial = dict.fromkeys(("fv", "ipmt", "irr", "mirr", "nper", "npv", "pmt", "ppmt", "pv", "rate"), _removed)
    return {
        **financial,
        "Inf": math.inf,
        "Infinity": math.inf,
        "infty": math.inf,
        "PINF": math.inf,
        "NINF": -math.inf,
        "NaN": math.nan,
        "NAN": math.nan,
        "PZERO": 0.0,
        "NZERO": -0.0,
        "alltrue": numpy.all,
        "sometrue": numpy.any,
        "product": numpy.prod,
        "cumproduct": numpy.cumprod,
        "round_": numpy.round,
        "row_stack": numpy.vstack,
        "float_": numpy.float64,
        "complex_": numpy.complex128,
        "string_": numpy.bytes_,
        "unicode_": numpy.str_,
        "trapz": getattr(numpy, "trapezoid", None),
        "in1d": lambda first, second, **options: numpy.isin(numpy.ravel(first), second, **options),
        "msort": lambda array: numpy.sort(array, axis=0),
        "asscalar": lambda array: array.item(),
        "compat": types.SimpleNamespace(basestring=str),
    }


def _removed(*_arguments: Any, **_options: Any) -> None:
    raise RuntimeError("NumPy removed its financial functions in version 1.20: use the package numpy-financial")
