"""``torch.manual_seed(n)`` also seeds the order of a DataLoader, which Gluon draws from NumPy's generator."""

from __future__ import annotations

import ast

from diptych.conversion.registry import on_call
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.statements import add_after
from diptych.conversion.uses import Use
from diptych.source.calls import argument, constant
from diptych.source.scopes import BindingKind


@on_call("torch.manual_seed")
def seed(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To MXNet: NumPy is seeded too where a loader shuffles. The call itself is the record's."""
    if not _shuffles(rewriter):
        return False
    statement = rewriter.statement(node)
    value = argument(node, 0, "seed")
    message = "Gluon's DataLoader shuffles by NumPy's generator, which `mx.random.seed` does not seed."
    if (
        not isinstance(statement, ast.Expr)
        or statement.value is not node
        or not isinstance(value, (ast.Name, ast.Attribute, ast.Constant))
    ):
        rewriter.inform(node, "shuffle-seed", message, "Call `numpy.random.seed` as well.")
        return False
    if _numpy_is_random_here(rewriter):
        rewriter.inform(node, "shuffle-seed", f"{message} It is left alone: the code draws from it, too.")
        return False
    function = rewriter.names.spell("numpy.random.seed", rewriter.scope_of(node))
    add_after(rewriter, statement, f"{function}({rewriter.text(value)})", rewriter.record_for(use.path))
    rewriter.inform(node, "shuffle-seed", f"{message} Hence the second seed.")
    return False


def _shuffles(rewriter: Rewriter) -> bool:
    """Whether some loader of the unit may shuffle."""
    nodes = rewriter.source.nodes
    for name in (*nodes.attributes("DataLoader"), *nodes.named("DataLoader")):
        node = rewriter.parent(name)
        if isinstance(node, ast.Call) and node.func is name:
            shuffle = argument(node, 2, "shuffle")
            if shuffle is not None and not (isinstance(shuffle, ast.Constant) and not constant(shuffle)):
                return True
    return False


def _numpy_is_random_here(rewriter: Rewriter) -> bool:
    """Whether the user's own code touches NumPy's global generator."""
    scope = rewriter.source.scope
    names = {
        name
        for name, bindings in scope.bindings.items()
        for binding in bindings
        if binding.kind is BindingKind.IMPORT and binding.path.split(".")[0] == "numpy"
    }
    drawn = rewriter.source.nodes.attributes("random")
    return any(isinstance(node.value, ast.Name) and node.value.id in names for node in drawn)
