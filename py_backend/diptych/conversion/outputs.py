"""``torch.add(x, y, out=z)``: PyTorch writes the result into arrays that are there; MXNet assigns it.

PyTorch gives an array another shape where the result needs it, and casts the result to the array's dtype. A name that
was only just given a new array, and that nothing has read, is bound to the result; any other array is assigned to.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from diptych.conversion.arguments import NotMapped
from diptych.conversion.edits import Part
from diptych.conversion.in_place import is_new
from diptych.conversion.sharing import shares_memory
from diptych.conversion.statements import alone_on_lines, indent_of
from diptych.source.scopes import BindingKind
from diptych.source.types import Tensor

if TYPE_CHECKING:
    from diptych.conversion.rewriter import Rewriter
    from diptych.conversion.transforms import Parts
    from diptych.conversion.writings import Arguments, Chosen


def outputs_of(rewriter: Rewriter, node: ast.Call, arguments: Arguments) -> tuple[ast.Name, ...]:
    """The arrays that ``out`` names; empty where there is none. Raises ``NotMapped`` where they can't be written."""
    given = arguments.get("out")
    if given is None or not given.values or (isinstance(given.node, ast.Constant) and given.node.value is None):
        return ()
    named = given.node.elts if isinstance(given.node, (ast.Tuple, ast.List)) else [given.node]
    names = tuple(item for item in named if isinstance(item, ast.Name))
    statement = rewriter.parent(node)
    alone = isinstance(statement, (ast.Expr, ast.Assign)) and statement.value is node
    if not names or len(names) < len(named) or not alone:
        raise NotMapped("`out` is written as an assignment, which needs names and a statement of its own")
    return names


def place_out(rewriter: Rewriter, node: ast.Call, chosen: Chosen, names: tuple[ast.Name, ...], parts: Parts) -> None:
    """Writes the result ``parts`` of ``node`` into the arrays. Raises ``NotMapped``."""
    from diptych.conversion.rules.written import subscript  # noqa: PLC0415  (which places what has no `out`)

    statement = rewriter.parent(node)
    assert isinstance(statement, (ast.Expr, ast.Assign))
    several = len(chosen.template.results) > 1
    if several is not (len(names) > 1):
        raise NotMapped("`out` does not name as many arrays as there are results")
    texts = [name.id for name in names]
    for name in names:
        rewriter.claim(name)
    if all(_is_fresh(rewriter, name, node) for name in names):
        cast = "" if several else _cast(rewriter, node, names[0])
        whole: list[Part] = ["(", *parts, ")"] if cast and not chosen.template.atomic else [*parts]
        rewriter.replace(node, ", ".join(texts), " = ", *whole, cast, record=chosen.record)
        return
    if several:
        raise NotMapped("it writes into arrays that may be read elsewhere")
    if shares_memory(rewriter, rewriter.scope_of(node), texts[0], node):
        raise NotMapped(f"`{texts[0]}` may share its memory with another array here")
    written: list[Part] = [f"{texts[0]}[{subscript(rewriter, names[0])}] = ", *parts]
    if isinstance(statement, ast.Expr):
        rewriter.replace(node, *written, record=chosen.record)
        return
    if not alone_on_lines(rewriter, statement):
        raise NotMapped("it writes into an array beside other statements: write it on a line of its own")
    start = rewriter.source.text.starts[statement.lineno - 1]
    line = [indent_of(rewriter, statement), *written, rewriter.newline]
    rewriter.edits.replace(start, start, *line, records=(chosen.record.id,), origin=rewriter.range(statement))
    rewriter.replace(node, texts[0], record=chosen.record)


def _is_fresh(rewriter: Rewriter, name: ast.Name, node: ast.Call) -> bool:
    """Whether the name was given a new array above, in the same block, and nothing has read it since."""
    scope = rewriter.scope_of(node)
    owner, bindings = scope.resolve(name.id, (name.lineno, name.col_offset))
    if owner is not scope or len(bindings) != 1 or bindings[0].kind is not BindingKind.ASSIGN or bindings[0].index:
        return False
    value, statement = bindings[0].value, rewriter.statement(node)
    if not isinstance(value, ast.Call) or statement is None or not is_new(rewriter, value):
        return False
    made = rewriter.statement(value)
    block = rewriter.suite(statement)
    if not isinstance(made, ast.Assign) or len(made.targets) > 1 or made not in block:
        return False
    between = block[block.index(made) + 1 : block.index(statement)]
    read = [
        inner for each in between for inner in ast.walk(each) if isinstance(inner, ast.Name) and inner.id == name.id
    ]
    own = [inner for inner in ast.walk(statement) if isinstance(inner, ast.Name) and inner.id == name.id]
    return not read and len(own) == 1


def _cast(rewriter: Rewriter, node: ast.Call, name: ast.Name) -> str:
    """The result has the dtype of the array that it is written into."""
    result, array = rewriter.type_of(node), rewriter.type_of(name)
    wanted = array.name if isinstance(array, Tensor) else None
    own = result.name if isinstance(result, Tensor) else None
    return "" if wanted is None or wanted == own else f".astype('{wanted}')"
