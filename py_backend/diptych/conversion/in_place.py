"""``x.mul_(2).add_(1)``: PyTorch changes the array and gives it back; MXNet assigns to all of it, in a statement."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from diptych.conversion.arguments import NotMapped
from diptych.conversion.edits import Part
from diptych.conversion.imports import first_line
from diptych.conversion.sharing import shares_memory
from diptych.conversion.statements import alone_on_lines, indent_of
from diptych.source.knowledge import words
from diptych.source.types import Api, Items, Plain, Tensor

if TYPE_CHECKING:
    from diptych.conversion.rewriter import Rewriter
    from diptych.conversion.writings import Chosen, Given

_NEW = words(
    """
    empty zeros ones full rand randn randint arange eye tensor linspace clone empty_like zeros_like ones_like
    full_like rand_like randn_like Tensor FloatTensor DoubleTensor LongTensor IntTensor ByteTensor
    """
)


def place_in(rewriter: Rewriter, node: ast.Call, chosen: Chosen) -> None:
    """Writes the in-place call ``node`` as assignments. Raises ``NotMapped``."""
    statement = rewriter.parent(node)
    if not isinstance(statement, (ast.Expr, ast.Assign, ast.Return)) or statement.value is not node:
        raise NotMapped("it changes an array inside an expression: write it as a statement of its own")
    steps, base = _chain(rewriter, node, chosen)
    if isinstance(statement, ast.Assign) and isinstance(base.node, ast.Call):
        _named_first(rewriter, node, statement, steps, base)
        return
    _refuse_unsafe(rewriter, base, node)
    place = base.values[0][1]
    lines = [_assignment(rewriter, call, step, base) for call, step in steps]
    indent = indent_of(rewriter, statement)
    parts: list[Part] = []
    if isinstance(statement, ast.Expr):
        for number, line in enumerate(lines):
            parts += [rewriter.newline + indent, *line] if number else line
        rewriter.replace(node, *parts, record=chosen.record)
        return
    if not alone_on_lines(rewriter, statement):
        raise NotMapped("it changes an array beside other statements: write it on a line of its own")
    for line in lines:
        parts += [indent, *line, rewriter.newline]
    start = rewriter.source.text.starts[first_line(statement) - 1]
    rewriter.edits.replace(start, start, *parts, records=(chosen.record.id,), origin=rewriter.range(statement))
    rewriter.replace(node, place, record=chosen.record)


def _chain(rewriter: Rewriter, node: ast.Call, chosen: Chosen) -> tuple[list[tuple[ast.Call, Chosen]], Given]:
    """The in-place calls from the first to the last, and the array that they change."""
    from diptych.conversion.rules.written import chosen_for  # noqa: PLC0415  (which places in-place calls here)

    steps = [(node, chosen)]
    base = chosen.arguments["self"]
    rewriter.claim_only(node.func)
    while isinstance(inner := base.node, ast.Call):
        name = inner.func.attr if isinstance(inner.func, ast.Attribute) else ""
        if is_new(rewriter, inner) and isinstance(rewriter.parent(node), ast.Assign):
            break
        if not name.endswith("_") or name.endswith("__"):
            raise NotMapped("it changes a result that has no name")
        earlier = chosen_for(rewriter, inner)
        if earlier is None:
            raise NotMapped(f"`{name}` before it has no counterpart")
        rewriter.claim_only(inner)
        rewriter.claim_only(inner.func)
        steps.insert(0, (inner, earlier))
        base = earlier.arguments["self"]
    return steps, base


def is_new(rewriter: Rewriter, call: ast.Call) -> bool:
    """Whether a call makes an array that nothing else holds."""
    function = rewriter.type_of(call.func)
    if isinstance(function, Api):
        owner, _, name = function.path.rpartition(".")
        return owner == "torch" and name in _NEW
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    return (name == "clone" or name.startswith("new_")) and isinstance(rewriter.type_of(call), Tensor)


def _named_first(
    rewriter: Rewriter, node: ast.Call, statement: ast.Assign, steps: list[tuple[ast.Call, Chosen]], base: Given
) -> None:
    """``y = torch.empty(3).normal_()`` -> ``y = np.empty((3,))`` and ``y[:] = ...`` behind it."""
    target = statement.targets[0]
    if len(statement.targets) > 1 or not isinstance(target, ast.Name) or not alone_on_lines(rewriter, statement):
        raise NotMapped("it changes a result that has no name")
    used = [item for call, _ in steps for item in (*call.args, *call.keywords)]
    if any(isinstance(inner, ast.Name) and inner.id == target.id for item in used for inner in ast.walk(item)):
        raise NotMapped(f"it changes what is called `{target.id}` only afterwards")
    named = replace(base, values=((target, rewriter.range(target)),))
    parts: list[Part] = []
    for call, step in steps:
        parts += [rewriter.newline + indent_of(rewriter, statement), *_assignment(rewriter, call, step, named)]
    end = rewriter.source.text.line_end(statement.end_lineno or statement.lineno)
    record = steps[-1][1].record
    rewriter.edits.replace(end, end, *parts, records=(record.id,), origin=rewriter.range(statement))
    rewriter.replace(node, base.values[0][1], record=record)


def _refuse_unsafe(rewriter: Rewriter, base: Given, node: ast.AST) -> None:
    array = base.node
    if isinstance(array, ast.Name):
        if shares_memory(rewriter, rewriter.scope_of(node), array.id, node):
            raise NotMapped(f"`{array.id}` may share its memory with another array here")
    elif isinstance(array, ast.Subscript):
        if not isinstance(array.value, (ast.Name, ast.Attribute)) or not _is_view(rewriter, array.slice):
            raise NotMapped("whether it changes the array or a copy can't be told")
    elif not isinstance(array, ast.Attribute):
        raise NotMapped("it changes something that has no name")
    elif isinstance(rewriter.type_of(array.value), Tensor) and array.attr not in ("data", "grad"):
        raise NotMapped(f"`.{array.attr}` is a copy in MXNet, which would be changed instead")


def _is_view(rewriter: Rewriter, index: ast.expr) -> bool:
    """Whether an index picks a part that shares the array's memory: whole numbers and slices."""
    if isinstance(index, ast.Tuple):
        return all(_is_view(rewriter, item) for item in index.elts)
    if isinstance(index, (ast.Slice, ast.Constant)):
        return True
    found = rewriter.type_of(index)
    return found is Plain.NUMBER and not isinstance(found, (Tensor, Items))


def _assignment(rewriter: Rewriter, call: ast.Call, step: Chosen, base: Given) -> list[Part]:
    from diptych.conversion.rules.written import subscript, written_parts  # noqa: PLC0415

    array = base.node
    assert array is not None
    given = {name: base if each is step.arguments["self"] else each for name, each in step.arguments.items()}
    parts = written_parts(rewriter, call, replace(step, arguments=given))
    target: list[Part] = [base.values[0][1]]
    if not isinstance(array, ast.Subscript):
        target.append(f"[{subscript(rewriter, array)}]")
    return [*target, " = ", *parts]
