"""The closed vocabulary of what happens to an argument's value on its way across."""

from __future__ import annotations

import ast
from decimal import Decimal
from typing import TYPE_CHECKING

from diptych.conversion.devices import names_device
from diptych.conversion.edits import Part, Range
from diptych.equivalence.model import Dialect, Framework, Transform
from diptych.source.calls import constant
from diptych.source.knowledge import OF_CLASS
from diptych.source.scopes import Scope
from diptych.source.types import Api, Family, Instance, Items, Plain, Role, Tensor

if TYPE_CHECKING:
    from diptych.conversion.rewriter import Rewriter

Parts = tuple[Part, ...]
_DTYPES = {
    "float": "float32",
    "float32": "float32",
    "double": "float64",
    "float64": "float64",
    "half": "float16",
    "float16": "float16",
    "int": "int32",
    "int32": "int32",
    "long": "int64",
    "int64": "int64",
    "int8": "int8",
    "uint8": "uint8",
    "bool": "bool",
    "bool_": "bool",
}
_OF_NUMPY = {"float": "float64", "int": "int64"}  # what these words mean to NumPy, and so to MXNet
_EACH = {Transform.EACH1: 1, Transform.EACH2: 2, Transform.EACH3: 3, Transform.EACH4: 4, Transform.EACH6: 6}


def transformed(rewriter: Rewriter, kind: Transform, value: ast.expr, slot: Range) -> Parts | None:
    """The parts that the value at ``slot`` becomes; None where it can't be told."""
    to_mxnet = rewriter.target is Framework.MXNET
    if kind is Transform.SAME:
        return (slot,)
    if kind is Transform.DTYPE:
        return _dtype(rewriter, value, slot)
    if kind is Transform.DEVICE:
        return device(rewriter, value, slot)
    if kind is Transform.SINGLE:
        return _single(rewriter, value, slot, to_mxnet)
    if kind is Transform.NEGATE:
        known = constant(value)
        return (str(not known),) if isinstance(known, bool) else ("not (", slot, ")")
    if kind is Transform.COMPLEMENT:
        known = constant(value)
        number = isinstance(known, (int, float)) and not isinstance(known, bool)
        return (str(Decimal(1) - Decimal(str(known))),) if number else ("1 - (", slot, ")")
    if kind is Transform.REVERSED:
        return _reversed(rewriter, value, slot)
    if kind is Transform.FLOATING:
        return _floating(rewriter, value, slot)
    if kind in _EACH:
        return each(rewriter, value, slot, _EACH[kind])
    return None


def _floating(rewriter: Rewriter, value: ast.expr, slot: Range) -> Parts | None:
    """MXNet keeps integers where PyTorch computes floats: they are cast; what is of unknown dtype as far as needed."""
    found = rewriter.type_of(value)
    if found is Plain.NUMBER or (isinstance(found, Tensor) and found.dtype is Family.FLOAT):
        return (slot,)
    if not isinstance(found, Tensor) or found.dtype is None:
        helper = rewriter.helpers.name("floating")
        return (f"{helper}(", slot, ")") if helper is not None else None
    plain = isinstance(value, (ast.Name, ast.Attribute, ast.Call, ast.Subscript)) or rewriter.text(slot).startswith("(")
    return (slot, ".astype('float32')") if plain else ("(", slot, ").astype('float32')")


def each(rewriter: Rewriter, value: ast.expr, slot: Range, count: int) -> Parts | None:
    """One number for every dimension -> a tuple of ``count``; a tuple stays one."""
    found = rewriter.type_of(value)
    if isinstance(value, (ast.Tuple, ast.List)) or isinstance(found, Items) or found is Plain.SIZE:
        return (slot,)
    number = isinstance(constant(value), int)
    if number or isinstance(value, (ast.Name, ast.Attribute)):
        written: list[Part] = ["("]
        for place in range(count):
            written += [", ", slot] if place else [slot]
        written.append(",)" if count == 1 else ")")
        if number or found is Plain.NUMBER:
            return tuple(written)
        return (
            None if isinstance(found, Tensor) else ("(", *written, " if isinstance(", slot, ", int) else ", slot, ")")
        )
    return ("(", slot, f",) * {count}") if found is Plain.NUMBER else None


def _reversed(rewriter: Rewriter, value: ast.expr, slot: Range) -> Parts | None:
    """A pair the other way round; None where it can't be told whether it is one."""
    if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == 2:
        first, second = value.elts
        return ("(", rewriter.range(second), ", ", rewriter.range(first), ")")
    number = isinstance(constant(value), int) or rewriter.type_of(value) is Plain.NUMBER
    return (slot,) if number else None


def packed(rewriter: Rewriter, values: list[tuple[ast.expr, Range]]) -> Parts | None:
    """Sizes one by one -> one tuple."""
    if len(values) == 1 and not isinstance(values[0][0], ast.Starred):
        value, slot = values[0]
        if isinstance(value, (ast.Tuple, ast.List)) or rewriter.type_of(value) is not Plain.NUMBER:
            return (slot,)
    parts: list[Part] = ["("]
    for number, (_, slot) in enumerate(values):
        parts += [", ", slot] if number else [slot]
    return (*parts, ",)" if len(values) == 1 else ")")


def unpacked(rewriter: Rewriter, value: ast.expr, slot: Range) -> list[Parts]:
    """One tuple -> sizes one by one; anything but a literal tuple is passed as it is, which PyTorch takes as well."""
    if isinstance(value, ast.Tuple) and value.elts:
        return [(rewriter.range(item),) for item in value.elts]
    return [(slot,)]


def spread(rewriter: Rewriter, values: list[tuple[ast.expr, Range]]) -> Parts:
    """A list of arrays, or arrays one by one -> arrays one by one; what is no literal list gets a star."""
    if len(values) == 1:
        value, slot = values[0]
        if isinstance(value, (ast.Tuple, ast.List)) and value.elts:
            values = [(item, rewriter.range(item)) for item in value.elts]
        elif not isinstance(value, ast.Starred) and not isinstance(rewriter.type_of(value), Tensor):
            return ("*", slot)
    return tuple(part for number, (_, slot) in enumerate(values) for part in ((", ", slot) if number else (slot,)))


def _dtype(rewriter: Rewriter, value: ast.expr, slot: Range) -> Parts | None:
    if isinstance(value, ast.Constant) and value.value is None:
        return ("'float32'",) if rewriter.target is Framework.MXNET else (slot,)
    if isinstance(value, ast.Attribute) and value.attr == "dtype" and isinstance(rewriter.type_of(value.value), Tensor):
        return (slot,)  # another array's dtype
    builtin = _builtin_dtype(rewriter, value)
    if builtin == "bool" and rewriter.dialect is Dialect.ND:
        return None
    if builtin is not None and rewriter.target is Framework.MXNET:
        return (f"'{builtin}'",)
    if builtin is not None:
        return (rewriter.names.spell(f"torch.{builtin}", rewriter.scope_of(value)),)
    if rewriter.target is Framework.MXNET:
        found = rewriter.type_of(value)
        if isinstance(found, Api) and found.path.startswith("torch."):
            name = _DTYPES.get(found.path[6:]) or OF_CLASS.get(found.path[6:])
            rewriter.claim(value)
            if name == "bool" and rewriter.dialect is Dialect.ND:
                return None  # nd computes with 0 and 1 as numbers
            return (f"'{name}'",) if name else None
        text = constant(value)
        name = OF_CLASS.get(text.removeprefix("torch.")) if isinstance(text, str) else None
        return (f"'{name}'",) if name and not (name == "bool" and rewriter.dialect is Dialect.ND) else None
    found = rewriter.type_of(value)
    if isinstance(value, ast.Name) and isinstance(found, Api) and found.path.removeprefix("mxnet.np.") in _DTYPES:
        return (slot,)  # a variable is converted where it is set
    written = constant(value)
    if written is None and isinstance(value, ast.Attribute):
        written = value.attr
    dtype = _DTYPES.get(_OF_NUMPY.get(written, written)) if isinstance(written, str) else None
    if dtype is None or (dtype == "bool" and rewriter.dialect is Dialect.ND):
        return None
    return (rewriter.names.spell(f"torch.{dtype}", rewriter.scope_of(value)),)


def _builtin_dtype(rewriter: Rewriter, value: ast.expr) -> str | None:
    """``dtype=int``: Python's own types have 64 bits to both libraries."""
    name = {"int": "int64", "float": "float64", "bool": "bool"}.get(value.id) if isinstance(value, ast.Name) else None
    if name is None or not isinstance(value, ast.Name):
        return None
    hidden, bindings = rewriter.scope_of(value).resolve(value.id, (value.lineno, value.col_offset))
    return name if hidden is None and not bindings else None


def device(rewriter: Rewriter, value: ast.expr, slot: Range) -> Parts | None:
    """A device's name or object -> a context, and back. A variable that holds one is converted where it is set."""
    name = constant(value)
    scope = rewriter.scope_of(value)
    if isinstance(value, ast.Constant) and value.value is None:
        return (slot,)
    if rewriter.target is Framework.MXNET and isinstance(name, str):
        return context_text(rewriter, name, scope)
    if names_device(rewriter, value):
        return (slot,)
    found = rewriter.type_of(value)
    if isinstance(found, Instance) and found.role is Role.DEVICE:
        return (slot,)
    function = rewriter.type_of(value.func) if isinstance(value, ast.Call) else None
    if isinstance(function, Api) and function.path in ("mxnet.current_context", "torch.get_default_device"):
        return (slot,)
    if isinstance(value, ast.Attribute) and value.attr in ("device", "ctx", "context"):
        return (slot,) if isinstance(rewriter.type_of(value.value), Tensor) else None  # where another array is
    return None


def context_text(rewriter: Rewriter, name: str, scope: Scope) -> Parts | None:
    """``'cuda:1'`` -> ``mx.gpu(1)``."""
    kind, _, index = name.partition(":")
    if kind not in ("cpu", "cuda") or not (index.isdecimal() or not index):
        return None
    path = rewriter.names.spell("mxnet.cpu" if kind == "cpu" else "mxnet.gpu", scope)
    return (f"{path}({int(index) if index and int(index) else ''})",)


def _single(rewriter: Rewriter, value: ast.expr, slot: Range, to_mxnet: bool) -> Parts | None:
    if to_mxnet:
        if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == 1:
            return (rewriter.range(value.elts[0]),)
        return (slot,)
    if isinstance(value, (ast.Tuple, ast.List)):
        return (slot,)
    return ("(", slot, ",)") if rewriter.type_of(value) is Plain.NUMBER else None
