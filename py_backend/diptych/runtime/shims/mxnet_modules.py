"""What modules of MXNet 1.9.1 get to see, and the few places where they are mended."""

from __future__ import annotations

import builtins
import re
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .numpy_view import NumpyView, is_needed
from .versions import distutils_version

_views: dict[int, NumpyView] = {}


def scoped_builtins() -> dict[str, Any]:
    """Builtins for one module of MXNet: its ``import`` hands out a NumPy with the names of old and a stand-in for
    ``distutils.version``. CPython reads a module's builtins from its ``__builtins__``, so no other module is affected.
    """
    return {**vars(builtins), "__import__": _import}


def _import(
    name: str,
    globals: Mapping[str, object] | None = None,
    locals: Mapping[str, object] | None = None,
    fromlist: Sequence[str] | None = (),
    level: int = 0,
) -> Any:
    if level == 0 and name == "distutils.version":
        return distutils_version
    module = builtins.__import__(name, globals, locals, fromlist or (), level)
    return _numpy_for_mxnet(module) if module is sys.modules.get("numpy") else module


def _numpy_for_mxnet(numpy: types.ModuleType) -> types.ModuleType:
    if not is_needed(numpy):
        return numpy
    if id(numpy) not in _views:
        _views[id(numpy)] = NumpyView(numpy)
    return _views[id(numpy)]


# --- attributes of operators -----------------------------------------------------------------------------------------

_NUMPY_SCALAR = re.compile(
    r"\b(?:np|numpy)\.(?:(?:u?int\d*|u?intc|u?intp|u?short|u?long|u?longlong|u?byte|float\d*|longdouble|half|bool)"
    r"\(([^()]*)\)|(True|False)_)"
)


def plain_numbers(text: str) -> str:
    """NumPy 2 writes '(np.int64(2), 3)' where MXNet's attribute parser, in C++, reads '(2, 3)' alone."""
    if "np." not in text and "numpy." not in text:  # nearly always, and this is asked for every attribute
        return text
    return _NUMPY_SCALAR.sub(lambda match: match.group(1) or match.group(2), text)


def _mend_base(base: Any) -> None:
    """Every operator's attributes reach the C++ side through these two functions."""
    c_str, c_str_array = base.c_str, base.c_str_array
    base.c_str = lambda text: c_str(plain_numbers(text))
    base.c_str_array = lambda texts: c_str_array([plain_numbers(text) for text in texts])


def _mend_multiarray(multiarray: Any) -> None:
    """From NumPy 1.25 on linear algebra answers with named tuples, which can't be built from one list."""
    convert = multiarray._as_mx_np_array

    def as_mx_np_array(value: Any, ctx: Any = None) -> Any:
        if isinstance(value, tuple):
            return tuple(as_mx_np_array(item, ctx) for item in value)
        return convert(value, ctx)

    multiarray._as_mx_np_array = as_mx_np_array


MENDED: Mapping[str, Callable[[Any], None]] = {
    "mxnet.base": _mend_base,
    "mxnet.numpy.multiarray": _mend_multiarray,
}
"""Run right after the module of that name was executed."""

REWRITTEN: Mapping[str, tuple[str, str]] = {"mxnet.recordio": (".tostring()", ".tobytes()")}
"""Text replaced in a module's source: NumPy 2.3 removed ``ndarray.tostring``, and no name is left to hang it on."""
