"""What a writing demands of a use (``when``). Unknown is no.

- ``dim``: it was passed, and is not the literal None; ``!dim``: it was not passed, or is None or equal to its default.
- ``reduction='sum'|'mean'``: the literal passed, or the default, is one of these; ``!reduction='none'``: none of these.
- ``dim:int``, ``dim:tuple``, ``other:number``, ``other:tensor``, ``p:string``, ``x:literal``, ``self:float``,
  ``data:numpy``, ``self:integer``, ``self:boolean``, ``self:rank2``, ``self:parameter``: the value's type is known to
  be this; with ``!``: known to be another.
- ``self:float16`` and the other names of dtypes: the array's very dtype is known to be this; with ``!``: another.
- ``tensors:mixed``, ``self&other:mixed``: the arrays, joined in one list or computed with, are known to be of several
  dtypes that PyTorch promotes to the widest (it does not to that of an array without dimensions).
- ``kernel:length2``: a tuple of two is written, or known.
- ``size:positive``, ``dims:natural``: every number passed, one by one or as a tuple, is a literal above zero, or not
  below.
- ``size:several``: more than one value was passed to a variadic argument.
- ``min<=max``: both are literal numbers, and in this order.
- ``self>other``: the very dtypes of both arrays are known, they differ, and PyTorch computes in that of ``self``.
- ``dimensions:2``: the layers around tell that a layer sees data of two spatial dimensions.
- ``dialect:nd``: the MXNet side is in this dialect.
- ``statement``: the call stands alone, nothing reads what it gives.
- ``~padding:string``: nothing says that it holds; for what the other side would refuse by itself.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from diptych.conversion.arguments import NoLiteral, is_literal, literal, same_literal
from diptych.conversion.dimensions import dimensions
from diptych.conversion.literals import settled, settled_text
from diptych.equivalence.model import Dialect
from diptych.source.calls import constant, family_of_data
from diptych.source.types import Api, Family, Instance, Items, Plain, Tensor, Type, wider

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diptych.conversion.rewriter import Rewriter
    from diptych.conversion.writings import Given


def holds(rewriter: Rewriter, demand: str, arguments: Mapping[str, Given], node: ast.AST) -> bool:
    """Whether ``demand`` is known to hold for a use at ``node``."""
    if demand.startswith("~"):
        return not holds(rewriter, demand[1:], arguments, node)
    negated, demand = demand.startswith("!"), demand.lstrip("!")
    if demand == "statement":
        return isinstance(rewriter.parent(node), ast.Expr) is not negated
    if "<=" in demand:
        low, high = (_number(rewriter, arguments.get(name)) for name in demand.split("<="))
        return low is not None and high is not None and (low <= high) is not negated
    if ">" in demand:
        wide, narrow = (_array(rewriter, arguments.get(name)) for name in demand.split(">"))
        return wide is not None and narrow is not None and _widens(wide, narrow) is not negated
    name, typed, kind = demand.partition(":")
    if name == "dialect":
        return (rewriter.dialect.value == kind) is not negated
    if name == "dimensions" and kind.isdecimal():
        return (dimensions(rewriter, node) == int(kind)) is not negated
    if kind == "mixed":
        return _mixed(rewriter, [arguments.get(each) for each in name.split("&")]) is (not negated)
    if typed:
        known = _is(rewriter, arguments.get(name), kind)
        return known is (not negated)
    name, valued, values = demand.partition("=")
    given = arguments.get(name)
    if valued:
        known = _equals(rewriter, given, values.split("|"))
        return known is (not negated)
    return _passed(rewriter, given) is not negated


def _number(rewriter: Rewriter, given: Given | None) -> float | None:
    node = given.node if given is not None else None
    value = constant(settled(rewriter, node)) if node is not None else None
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _array(rewriter: Rewriter, given: Given | None) -> Tensor | None:
    """The array that was passed, where its very dtype is known."""
    found = rewriter.type_of(given.node) if given is not None and given.node is not None else None
    return found if isinstance(found, Tensor) and found.name is not None else None


def _widens(wide: Tensor, narrow: Tensor) -> bool:
    """Whether PyTorch computes in the dtype of ``wide``: the later family decides, in one family the larger number of
    bits; an array without dimensions has no say beside one that has some. One of unknown rank is taken to."""
    families = [_ORDER.index(array.dtype) for array in (wide, narrow) if array.dtype is not None]
    if len(families) < 2 or wide.name == narrow.name:
        return False
    if families[0] != families[1]:
        return families[0] > families[1]
    if (wide.rank == 0) is not (narrow.rank == 0):
        return narrow.rank == 0 and wide.rank is not None
    return _SIZES.get(wide.name or "", 0) > _SIZES.get(narrow.name or "", 64)


_ORDER = (Family.BOOLEAN, Family.INTEGER, Family.FLOAT)
_SIZES = {"float16": 16, "float32": 32, "float64": 64, "int8": 8, "int32": 32, "int64": 64}


def _passed(rewriter: Rewriter, given: Given | None) -> bool:
    if given is None or not given.values:
        return False
    value = given.node
    if value is None:
        return True
    value = settled(rewriter, value)
    if isinstance(value, ast.Constant) and value.value is None:
        return False
    text = settled_text(rewriter, given.values[0][0], rewriter.text(given.values[0][1]))
    return given.default in (None, "None") or not same_literal(text, given.default or "")


def _equals(rewriter: Rewriter, given: Given | None, values: list[str]) -> bool | None:
    if given is None:
        return None
    if not given.values:
        return any(same_literal(given.default or "", value) for value in values)
    text = settled_text(rewriter, given.values[0][0], rewriter.text(given.values[0][1]))
    if any(same_literal(text, value) for value in values):
        return True
    named = rewriter.type_of(given.values[0][0]) if isinstance(given.values[0][0], ast.Name) else None
    if isinstance(named, Api):  # dtype = torch.float
        return any(same_literal(named.path, value) for value in values)
    return False if is_literal(text) else None


_FAMILIES = {"float": Family.FLOAT, "integer": Family.INTEGER, "boolean": Family.BOOLEAN}
_DTYPES = frozenset(["float16", "float32", "float64", "int32", "int64", "uint8", "int8"])


def _all_of(kind: str, parts: list[Type | None]) -> bool | None:
    families = {part.dtype if isinstance(part, Tensor) else None for part in parts}
    return None if None in families else families == {_FAMILIES[kind]}


def _listed(rewriter: Rewriter, value: ast.expr) -> list[Type | None]:
    """What a list or tuple of arrays holds; nothing where it is not one, or holds something else for certain."""
    if isinstance(value, (ast.List, ast.Tuple)):
        parts = [rewriter.type_of(item) for item in value.elts]
    else:
        found = rewriter.type_of(value)
        parts = list(found.items) if isinstance(found, Items) else []
    return parts if any(isinstance(part, Tensor) for part in parts) else []


def _mixed(rewriter: Rewriter, given: list[Given | None]) -> bool | None:
    values = [value for each in given if each is not None for value, _ in each.values]
    parts = [part for value in values for part in (_listed(rewriter, value) or [rewriter.type_of(value)])]
    arrays = [part for part in parts if isinstance(part, Tensor)]
    if len(values) < len(given) or len(arrays) < len(parts):
        return None
    names = {array.name for array in arrays}
    if len(given) > 1 and any(array.rank in (0, None) for array in arrays):
        larger = [array.name for array in arrays if array.rank]
        if any(array.rank is None for array in arrays) or (larger and wider(larger) != wider([*names])):
            return None
    truth = "bool" in names and rewriter.dialect is Dialect.ND  # nd's truth values are numbers, of whatever dtype
    return None if None in names or truth else len(names) > 1


def _is(rewriter: Rewriter, given: Given | None, kind: str) -> bool | None:
    if kind in ("positive", "natural"):
        least = 1 if kind == "positive" else 0
        if given is None or not given.values:
            return None
        return _at_least(least, [settled(rewriter, value) for value, _ in given.values])
    if given is not None and len(given.values) > 1 and kind in _FAMILIES:
        return _all_of(kind, [rewriter.type_of(value) for value, _ in given.values])
    if kind == "several" and given is not None and len(given.values) > 1:
        return not any(isinstance(value, ast.Starred) for value, _ in given.values)
    if given is None or not given.values or given.node is None:
        return None if given is None or given.values else _literal_is(given.default or "", kind)
    value = settled(rewriter, given.node)
    if kind == "literal":
        return _is_literal(value)
    if kind.startswith("length"):
        return _has_length(rewriter, value, int(kind[6:]))
    if isinstance(value, (ast.Constant, ast.UnaryOp)) and constant(value) is not None:
        return _literal_is(ast.unparse(value), kind)
    found = rewriter.type_of(value)
    if kind == "integer" and _counts(rewriter, value):
        return True
    if kind in _DTYPES:
        return None if not isinstance(found, Tensor) or found.name is None else found.name == kind
    if kind in _FAMILIES:
        if parts := _listed(rewriter, value):
            return _all_of(kind, parts)
        family = found.dtype if isinstance(found, Tensor) else family_of_data(value)
        return None if family is None else family is _FAMILIES[kind]
    if kind.startswith("rank"):
        if not isinstance(found, Tensor) or found.rank is None:
            return None
        return found.rank == int(kind[4:]) if kind[4:].isdecimal() else None
    if kind == "parameter":
        return isinstance(found, Tensor) and found.parameter
    if kind == "tuple":
        if isinstance(value, (ast.Tuple, ast.List)) or isinstance(found, Items) or found is Plain.SIZE:
            return True
        return None if found is None or found is Plain.OTHER else False
    if kind == "tensor":
        return None if found is None else isinstance(found, Tensor)
    if kind in ("number", "int"):
        return None if found is None or found is Plain.OTHER else found is Plain.NUMBER
    if kind == "string":
        return None if found is None or found is Plain.OTHER else found is Plain.STRING
    if kind == "numpy":
        from diptych.conversion.rules.array_data import is_numpy  # noqa: PLC0415  (rules ask for demands)

        return is_numpy(rewriter, value) or None
    if kind == "module":
        return None if found is None else isinstance(found, Instance)
    if kind == "dtype":
        return isinstance(found, Api)
    return None


def _counts(rewriter: Rewriter, value: ast.expr) -> bool:
    """Whether ``value`` is a whole number of Python's: a length, a size, or what is computed of such."""
    if isinstance(value, ast.BinOp):
        whole = isinstance(value.op, (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv))
        return whole and _counts(rewriter, value.left) and _counts(rewriter, value.right)
    if isinstance(value, ast.Subscript):
        return not isinstance(value.slice, ast.Slice) and rewriter.type_of(value.value) is Plain.SIZE
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "len":
        return rewriter.scope_of(value).resolve("len", (value.lineno, value.col_offset))[0] is None
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        array = isinstance(rewriter.type_of(value.func.value), Tensor)
        return (array and value.func.attr in ("dim", "numel", "nelement")) or (
            array and value.func.attr == "size" and bool(value.args)
        )
    known = constant(value)
    return isinstance(known, int) and not isinstance(known, bool)


def _at_least(least: int, values: list[ast.expr]) -> bool | None:
    if len(values) == 1 and isinstance(values[0], (ast.Tuple, ast.List)):
        values = values[0].elts
    known = [constant(value) for value in values]
    if any(isinstance(value, (int, float)) and value < least for value in known):
        return False
    return True if all(isinstance(value, int) for value in known) else None


def _is_literal(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError):
        return False
    return True


def _has_length(rewriter: Rewriter, value: ast.expr, length: int) -> bool | None:
    found = rewriter.type_of(value)
    if isinstance(value, (ast.Tuple, ast.List)) and not any(isinstance(item, ast.Starred) for item in value.elts):
        return len(value.elts) == length
    if isinstance(found, Items):
        return len(found.items) == length
    return False if isinstance(value, ast.Constant) or found is Plain.NUMBER else None


def _literal_is(text: str, kind: str) -> bool | None:
    try:
        value = literal(text)
    except NoLiteral:
        return None
    boolean = isinstance(value, bool)
    answers = {
        "literal": True,
        "int": isinstance(value, int) and not boolean,
        "number": isinstance(value, (int, float)) and not boolean,
        "string": isinstance(value, str),
        "tuple": isinstance(value, (tuple, list)),
        "tensor": False,
        "float": isinstance(value, float),
        "integer": isinstance(value, int) and not boolean,
        "boolean": boolean,
        "negative": isinstance(value, (int, float)) and value < 0,
    }
    return answers.get(kind)
