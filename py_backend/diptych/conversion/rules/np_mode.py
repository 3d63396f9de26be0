"""``npx.set_np()``: MXNet's np dialect has to be switched on; PyTorch knows no such switch."""

from __future__ import annotations

import ast

from diptych.conversion.registry import on_call
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.statements import add_after, remove_statement
from diptych.conversion.uses import Use
from diptych.equivalence.model import Dialect, Framework


@on_call("mxnet.npx.set_np")
def switched_on(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To PyTorch: the statement goes."""
    statement = rewriter.parent(node)
    if not isinstance(statement, ast.Expr) or node.args or node.keywords:
        return False
    rewriter.claim(node)
    remove_statement(rewriter, statement)
    return True


def switch_on(rewriter: Rewriter) -> None:
    """To MXNet's np: the switch behind the last import of PyTorch, where anything was converted. Without it arrays
    without elements, 0-dim arrays and booleans fail or differ."""
    if rewriter.target is not Framework.MXNET or rewriter.dialect is not Dialect.NP or not rewriter.records:
        return
    top = {id(node) for node in getattr(rewriter.source.tree, "body", [])}
    imports = [node for node in rewriter.source.imports if id(node) in top]
    if not imports or "set_np" in rewriter.source.text.text:
        return
    add_after(rewriter, imports[-1], f"{rewriter.names.spell('mxnet.npx', rewriter.source.scope)}.set_np()")
