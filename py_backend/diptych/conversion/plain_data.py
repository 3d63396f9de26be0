"""Lists and numbers in the place of arrays: NumPy's functions, and so MXNet's np, take them; PyTorch's do not."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from diptych.conversion.arguments import NotMapped
from diptych.equivalence.model import Equivalence, Framework, Spelling
from diptych.equivalence.signature import parameters
from diptych.source.calls import constant
from diptych.source.knowledge import words
from diptych.source.types import Items, Plain, Repeated, Tensor, Type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diptych.conversion.rewriter import Rewriter
    from diptych.conversion.writings import Given

# What NumPy's and MXNet's signatures call an array. `seq` and the like are lists of arrays.
_ARRAYS = words("a b m p v x y x1 x2 a1 a2 A B ary arr array ar1 ar2 data lhs rhs val condition filt keys element")


def refuse_plain(rewriter: Rewriter, record: Equivalence, spelling: Spelling, arguments: Mapping[str, Given]) -> None:
    """Raises ``NotMapped`` where a list, or nothing but numbers, stands for the arrays of one of MXNet's functions."""
    if rewriter.target is not Framework.PYTORCH or not spelling.name.startswith(
        ("mxnet.np.", "mxnet.nd.", "mxnet.npx.")
    ):
        return
    if ".random." in spelling.name:  # whose arguments are the distribution's
        return
    told = {
        demand.lstrip("!~").partition(":")[0] for writing in record.to_torch for demand in writing.when if ":" in demand
    }
    names = [argument.name for argument in parameters(spelling) if argument.name in _ARRAYS]
    nodes = {name: arguments[name].node for name in names if name in arguments and arguments[name].values}
    given = {name: node for name, node in nodes.items() if node is not None}
    if not given or told & ({*given, "self"} if next(iter(given)) == names[0] else {*given}):
        return
    for name, node in given.items():
        if is_list(rewriter, node):
            raise NotMapped(f"`{name}` is a list, and PyTorch takes an array here")
    if all(_is_number(rewriter, node) for node in given.values()):
        raise NotMapped(f"`{next(iter(given))}` is a number, and PyTorch takes an array here")


def of_plain_data(rewriter: Rewriter, node: ast.Call, spelling: Spelling) -> bool:
    """Whether a call of one of np's functions is given nothing but Python's numbers and lists: MXNet then hands it to
    NumPy, and gives what NumPy gives."""
    first = next(iter(parameters(spelling)), None)
    values = [*node.args, *(item.value for item in node.keywords)]
    if not spelling.name.startswith("mxnet.np.") or spelling.name.count(".") != 2 or first is None or not values:
        return False
    plain = all(is_list(rewriter, value) or _is_scalar(rewriter, value) for value in values)
    return first.name in _ARRAYS and plain and not any(item.arg in (None, "out", "ctx") for item in node.keywords)


def _is_scalar(rewriter: Rewriter, node: ast.expr) -> bool:
    if isinstance(node, ast.Constant) or isinstance(constant(node), (int, float)):
        return True
    if isinstance(node, ast.UnaryOp):
        return _is_scalar(rewriter, node.operand)
    if isinstance(node, ast.Attribute) and node.attr in ("inf", "nan", "pi", "e", "NINF", "PINF", "NAN"):
        return True
    return isinstance(node, ast.Name) and rewriter.type_of(node) is Plain.NUMBER


def is_list(rewriter: Rewriter, node: ast.expr) -> bool:
    """Whether ``node`` is a list or tuple of numbers, or of lists of them, or a range."""
    if isinstance(node, (ast.List, ast.Tuple)):
        listed = all(_is_scalar(rewriter, item) or is_list(rewriter, item) for item in node.elts)
        return bool(node.elts) and (listed or _of_plain(rewriter.type_of(node)))
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "range"
    return isinstance(node, ast.Name) and _of_plain(rewriter.type_of(node))


def _of_plain(found: Type | None) -> bool:
    if isinstance(found, Items):
        return bool(found.items) and all(
            item in (Plain.NUMBER, Plain.STRING) or _of_plain(item) for item in found.items
        )
    return isinstance(found, Repeated) and (found.item in (Plain.NUMBER, Plain.STRING) or _of_plain(found.item))


def _is_number(rewriter: Rewriter, node: ast.expr) -> bool:
    if isinstance(constant(node), (int, float)):
        return True
    found = rewriter.type_of(node)
    return found is Plain.NUMBER and not isinstance(found, Tensor)
