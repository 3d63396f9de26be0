"""Integers among floats: PyTorch promotes where a result needs it. MXNet's nd keeps the array's dtype, and so does np
beside a number: ``np.array([3], dtype='int64') + 2.5`` is 5, and equal to 5.5 it is true."""

from __future__ import annotations

import ast

from diptych.conversion.dtypes import exact_dtype, names_widths
from diptych.conversion.edits import Part
from diptych.conversion.registry import on_call, on_node
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.uses import Use
from diptych.equivalence.model import Dialect, Framework
from diptych.source.calls import argument, constant
from diptych.source.types import Family, Tensor

_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.Mod, ast.FloorDiv)
_WHOLE = (Family.INTEGER, Family.BOOLEAN)
_FLOAT = ".astype('float32')"


@on_node(ast.BinOp)
def arithmetic(rewriter: Rewriter, node: ast.BinOp) -> bool:
    """``x / 2``, ``x + y``."""
    if isinstance(node.op, _ARITHMETIC):
        _promote(rewriter, node, [node.left, node.right], divides=isinstance(node.op, ast.Div))
    return False


@on_node(ast.Compare)
def comparison(rewriter: Rewriter, node: ast.Compare) -> bool:
    """``x > 0.5`` of integers, integers beside floats; two arrays of integers have a rule of their own."""
    operands = [node.left, *node.comparators]
    arrays = [found for operand in operands if isinstance(found := rewriter.type_of(operand), Tensor)]
    if len(operands) == 2 and (len(arrays) == 1 or Family.FLOAT in (found.dtype for found in arrays)):
        _promote(rewriter, node, operands, divides=False)
    return False


@on_node(ast.AugAssign)
def in_place(rewriter: Rewriter, node: ast.AugAssign) -> bool:
    """``x /= 2``: in place the array keeps its dtype; PyTorch refuses what does not fit, nd cuts it off."""
    target, value = rewriter.type_of(node.target), rewriter.type_of(node.value)
    if not isinstance(target, Tensor) or not _is_array(rewriter, node.target):
        return False
    if rewriter.target is Framework.MXNET and isinstance(value, Tensor) and rewriter.dialect is Dialect.ND:
        names = {exact_dtype(rewriter, node.target), exact_dtype(rewriter, node.value)}
        if len(names) > 1 if None not in names else names_widths(rewriter):
            _refused(rewriter, node, "arrays of two dtypes may meet here, which MXNet's nd refuses")
            return False
    if target.dtype is Family.FLOAT:
        return False
    family = value.dtype if isinstance(value, Tensor) else number_family(rewriter, node.value)
    if isinstance(node.op, ast.Div) or family is not Family.INTEGER or target.dtype is Family.BOOLEAN:
        name = rewriter.text(node.target)
        _refused(rewriter, node, f"`{name}` is not known to hold floats, and would keep its dtype")
    return False


def _is_array(rewriter: Rewriter, node: ast.expr) -> bool:
    found = rewriter.type_of(node)
    return isinstance(found, Tensor) and found.framework is rewriter.origin


def _promote(rewriter: Rewriter, node: ast.expr, operands: list[ast.expr], *, divides: bool) -> None:
    """To MXNet integers are cast where PyTorch would; to PyTorch, what nd keeps whole is refused."""
    families: dict[int, Family | None] = {}
    for operand in operands:
        found = rewriter.type_of(operand)
        if isinstance(found, Tensor) and found.framework is rewriter.origin:
            families[id(operand)] = found.dtype
    if not families:
        return
    others = [number_family(rewriter, operand) for operand in operands if id(operand) not in families]
    if rewriter.dialect is Dialect.NP:
        if isinstance(node, ast.Compare) and len(families) == 2 and rewriter.target is Framework.MXNET:
            _to_one_dtype(rewriter, node, operands, families)
        _beside_number(rewriter, node, operands, families, others if not divides else [])
        return
    arrays = [operand for operand in operands if id(operand) in families]
    known = [families[id(operand)] for operand in arrays]
    floats = divides or Family.FLOAT in others or Family.FLOAT in known
    whole = [operand for operand in arrays if families[id(operand)] in _WHOLE]
    if rewriter.target is Framework.PYTORCH:
        if len(whole) == len(arrays) and (divides or Family.FLOAT in others or None in others):
            _refused(rewriter, node, "MXNet's nd keeps integers here, PyTorch makes floats of them")
    elif None in known and (divides or Family.FLOAT in others):
        name = rewriter.text(arrays[known.index(None)])
        _refused(rewriter, node, f"nothing says whether `{name}` holds floats; MXNet's nd keeps integers whole")
    elif None in others and whole:
        _refused(rewriter, node, "nothing says whether integers meet floats here; MXNet's nd keeps integers whole")
    elif not isinstance(node, ast.Compare) and _of_truth(operands, arrays, known):
        _refused(rewriter, node, "PyTorch adds and multiplies booleans as truth values")
    elif len(arrays) == 2 and not _one_dtype(rewriter, arrays):
        _refused(rewriter, node, "arrays of two dtypes may meet here, which MXNet's nd refuses")
    elif floats or (Family.BOOLEAN in known and not isinstance(node, ast.Compare)):
        for operand in whole:
            if floats or families[id(operand)] is Family.BOOLEAN:
                _cast(rewriter, operand, _FLOAT if floats else ".astype('int64')")


def _to_one_dtype(
    rewriter: Rewriter, node: ast.expr, operands: list[ast.expr], families: dict[int, Family | None]
) -> None:
    """np adds arrays of two dtypes, but compares none: integers become floats of the other array's width."""
    names = [exact_dtype(rewriter, operand) for operand in operands]
    for operand, width in zip(operands, reversed(names), strict=True):
        if families[id(operand)] in _WHOLE:
            _cast(rewriter, operand, f".astype('{width or 'float32'}')")
            return
    if None not in names and names[0] != names[1]:
        _refused(rewriter, node, "MXNet's np compares no arrays of two dtypes")


def _beside_number(
    rewriter: Rewriter,
    node: ast.expr,
    operands: list[ast.expr],
    families: dict[int, Family | None],
    numbers: list[Family | None],
) -> None:
    """np divides as PyTorch does and promotes arrays; a number takes the dtype of an array of integers."""
    whole = [operand for operand in operands if families.get(id(operand)) in _WHOLE]
    if not whole or len(families) > 1 or not numbers:
        return
    truth = any(isinstance(constant(operand), bool) for operand in operands)
    boolean = Family.BOOLEAN in families.values()
    if boolean and (truth or isinstance(node, ast.Compare)):
        _beside_truth(rewriter, node, whole, truth=truth)
        return
    if set(numbers) == {Family.INTEGER}:
        return
    if rewriter.target is Framework.PYTORCH or Family.FLOAT not in numbers:
        _refused(rewriter, node, "MXNet's np keeps integers beside a number, PyTorch makes floats of them")
        return
    for operand in whole:
        _cast(rewriter, operand, _FLOAT)


def _of_truth(operands: list[ast.expr], arrays: list[ast.expr], known: list[Family | None]) -> bool:
    """Whether both operands are truth values."""
    literals = [operand for operand in operands if isinstance(constant(operand), bool)]
    return set(known) == {Family.BOOLEAN} and len(arrays) + len(literals) == 2


def _beside_truth(rewriter: Rewriter, node: ast.expr, whole: list[ast.expr], *, truth: bool) -> None:
    """np makes a truth value of a number that an array of booleans is compared with: 2 equals True there."""
    if isinstance(node, ast.Compare) and truth:
        return
    if not isinstance(node, ast.Compare):
        _refused(rewriter, node, "PyTorch adds and multiplies booleans as truth values")
    elif rewriter.target is Framework.PYTORCH:
        _refused(rewriter, node, "MXNet's np compares booleans with truth values, PyTorch with numbers")
    else:
        for operand in whole:
            _cast(rewriter, operand, _FLOAT)


def _one_dtype(rewriter: Rewriter, arrays: list[ast.expr]) -> bool:
    """Whether the two arrays come to one dtype; taken as given where the unit names no unusual dtype."""
    found = {exact_dtype(rewriter, array) for array in arrays}
    if None in found:
        return not names_widths(rewriter)
    if len(found) == 1 or found == {"bool", "int64"}:
        return True
    others = found - {"float32"}  # what is whole is cast to it
    return "float32" in found and not any(str(other).startswith("float") for other in others)


def _cast(rewriter: Rewriter, operand: ast.expr, cast: str) -> None:
    plain = isinstance(operand, (ast.Name, ast.Attribute, ast.Call, ast.Subscript))
    parts: list[Part] = [rewriter.range(operand)] if plain else ["(", rewriter.range(operand), ")"]
    rewriter.replace(operand, *parts, cast, record=rewriter.record_for("torch.Tensor.to"))


def number_family(rewriter: Rewriter, node: ast.expr) -> Family | None:
    """Whether a number is whole, as far as the text tells: a literal, a name given one, a length."""
    value = constant(node)
    if isinstance(value, (bool, int)):
        return Family.INTEGER
    if isinstance(value, float):
        return Family.FLOAT
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return {"len": Family.INTEGER, "int": Family.INTEGER, "float": Family.FLOAT}.get(node.func.id)
    if isinstance(node, ast.BinOp):
        sides = {number_family(rewriter, node.left), number_family(rewriter, node.right)}
        if isinstance(node.op, ast.Div) or Family.FLOAT in sides:
            return Family.FLOAT if None not in sides else None
        return Family.INTEGER if sides == {Family.INTEGER} and not isinstance(node.op, ast.Pow) else None
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "shape":
        return Family.INTEGER
    if isinstance(node, ast.Name):
        _, bindings = rewriter.scope_of(node).resolve(node.id, (node.lineno, node.col_offset))
        values = [binding.value if not binding.index else None for binding in bindings]
        found = {constant(item) if isinstance(item, ast.Constant) else None for item in values}
        kinds = {type(item) for item in found}
        if kinds in ({int}, {float}):
            return Family.INTEGER if kinds == {int} else Family.FLOAT
    return None


def _refused(rewriter: Rewriter, node: ast.AST, reason: str) -> None:
    text = rewriter.text(node) if isinstance(node, (ast.expr, ast.stmt)) else ""
    advice = "Write the dtype that is meant: `.float()` in PyTorch, `.astype('float32')` in MXNet."
    rewriter.fail(node, "dtype", f"`{text}`: {reason}.", advice, comment="the dtype decides the result here")


@on_call("mxnet.nd.NDArray.mean", "mxnet.nd.mean")
def mean(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To PyTorch, which takes no mean of integers, and where nd's is whole."""
    array = use.receiver if use.receiver is not None else argument(node, 0, "data")
    found = rewriter.type_of(array) if array is not None else None
    if not isinstance(found, Tensor) or found.dtype is Family.FLOAT or _compared(array):
        return False
    _refused(rewriter, node, "nd's mean of integers is whole, PyTorch takes none, and floats are not known to be here")
    rewriter.claim(node.func) if use.receiver is None else rewriter.claim_only(node.func)
    return True


def _compared(array: ast.expr | None) -> bool:
    """A comparison comes as floats to PyTorch, or is refused itself."""
    return isinstance(array, ast.Compare)
