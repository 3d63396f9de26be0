"""``nn.Sequential(a, b)`` <-> ``nn.Sequential()``, ``net.add(a, b)``."""

from __future__ import annotations

import ast

from diptych.conversion.edits import Range
from diptych.conversion.networks import kept_in_files, only_called
from diptych.conversion.registry import on_call, on_node
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.statements import dedent, indent_of, unwrap
from diptych.conversion.uses import Use
from diptych.equivalence.model import Framework
from diptych.source.types import Instance

_CONTAINERS = ("mxnet.gluon.nn.Sequential", "mxnet.gluon.nn.HybridSequential")


@on_call("torch.nn.Sequential")
def to_add(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """The layers move from the constructor to ``add``."""
    statement = rewriter.parent(node)
    record = rewriter.record_for(use.path)
    name = rewriter.names.spell("mxnet.gluon.nn.Sequential", rewriter.scope_of(node))
    if not node.args and not node.keywords:
        rewriter.claim(node.func)
        rewriter.replace(node.func, name, record=record)
        return True
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1 or not _plain(statement.targets[0]):
        message = "MXNet's `Sequential` takes its layers in `add`, a statement of its own."
        rewriter.fail(
            node, "statement-needed", message, "Assign the container to a name first.", "assign Sequential to a name"
        )
        rewriter.claim(node.func)
        return True
    if node.keywords or any(not _is_layer(rewriter, item) for item in node.args):
        message = "Only layers passed one by one can be told here."
        rewriter.fail(node, "unmapped-argument", message, comment="layers that can't be told")
        rewriter.claim(node.func)
        return True
    target = rewriter.text(statement.targets[0])
    rewriter.claim(node.func)
    rewriter.replace(
        node.func, f"{name}(){rewriter.newline}{indent_of(rewriter, statement)}{target}.add", record=record
    )
    _merge_activations(rewriter, node, statement)
    return True


def _plain(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) or (isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name))


def _is_layer(rewriter: Rewriter, item: ast.expr) -> bool:
    if isinstance(item, ast.Starred):
        return True
    found = rewriter.type_of(item)
    return not (isinstance(item, (ast.Dict, ast.List))) and not (
        isinstance(item, ast.Call) and found is None and "Ordered" in ast.unparse(item.func)
    )


def _merge_activations(rewriter: Rewriter, node: ast.Call, statement: ast.Assign) -> None:
    """``Linear, ReLU`` -> ``Dense(activation='relu')``, unless someone counts the layers."""
    target = statement.targets[0]
    if not isinstance(target, ast.Name) or not only_called(rewriter, target.id) or kept_in_files(rewriter):
        return
    places, _ = rewriter.slots(node)
    for number, (layer, activation) in enumerate(zip(node.args, node.args[1:], strict=False)):
        if _path(rewriter, layer) != "torch.nn.Linear" or _path(rewriter, activation) != "torch.nn.ReLU":
            continue
        assert isinstance(activation, ast.Call)
        if activation.args or activation.keywords:
            continue
        gone = places[number + 1]
        between = rewriter.source.text.text[places[number].end : gone.start]
        rewriter.memory["activation", id(layer)] = "'relu'"
        rewriter.claim(activation)
        record = rewriter.record_for("torch.nn.ReLU")
        if "#" in between:
            rewriter.replace(_own_line(rewriter, gone), record=record)
        else:
            rewriter.replace(Range(places[number].end, gone.end), record=record)


def _own_line(rewriter: Rewriter, place: Range) -> Range:
    """An argument with its comma, and its line if nothing else stands there."""
    text = rewriter.source.text
    line = text.place(place.start)[0]
    start, end = text.starts[line - 1], text.line_end(text.place(place.end)[0])
    after = text.text[place.end : end]
    comma = place.end + (len(after) - len(after.lstrip()) + 1 if after.lstrip().startswith(",") else 0)
    if text.text[start : place.start].strip() or text.text[comma:end].strip():
        return Range(place.start, comma)
    return Range(start, text.starts[line] if line < len(text.starts) else end)


def _path(rewriter: Rewriter, node: ast.expr) -> str | None:
    found = rewriter.type_of(node)
    return found.path if isinstance(found, Instance) and isinstance(node, ast.Call) and found.call is node else None


@on_node(ast.With)
def name_scope(rewriter: Rewriter, node: ast.With) -> bool:
    """To PyTorch: names come from attributes, so the scope goes."""
    if rewriter.target is not Framework.PYTORCH or len(node.items) != 1:
        return False
    call = node.items[0].context_expr
    use = rewriter.use(call.func) if isinstance(call, ast.Call) else None
    if use is None or use.path.rpartition(".")[2] != "name_scope":
        return False
    rewriter.claim(call)
    if id(node) not in _merged(rewriter):
        unwrap(rewriter, node, rewriter.record_for(use.path))
    return True


@on_call(*_CONTAINERS)
def from_add(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To PyTorch: the layers of the ``add`` that follows move into the constructor."""
    record = rewriter.record_for("mxnet.gluon.nn.Sequential")
    name = rewriter.names.spell("torch.nn.Sequential", rewriter.scope_of(node))
    statement = rewriter.parent(node)
    rewriter.claim(node.func)
    places, closing = rewriter.slots(node)
    if any(keyword.arg not in ("prefix", "params") for keyword in node.keywords) or node.args:
        rewriter.fail(node, "unmapped-argument", "This argument of `Sequential` has no counterpart in PyTorch.")
        return True
    if (
        isinstance(statement, ast.Assign)
        and len(statement.targets) == 1
        and _merge_add(rewriter, node, statement, name)
    ):
        return True
    rewriter.replace(node.func, name, record=record)
    if places:
        rewriter.replace(Range(places[0].start, closing), record=record)
    return True


def _merge_add(rewriter: Rewriter, node: ast.Call, statement: ast.Assign, name: str) -> bool:
    """Only where the one ``add`` follows at once and no comment stands between."""
    suite = rewriter.suite(statement)
    index = suite.index(statement)
    following = suite[index + 1] if index + 1 < len(suite) else None
    scoped = following if isinstance(following, ast.With) and len(following.body) == 1 else None
    if scoped is not None and not _is_name_scope(rewriter, scoped):
        return False
    added = scoped.body[0] if scoped is not None else following
    if not isinstance(added, ast.Expr) or not isinstance(added.value, ast.Call):
        return False
    function, target = added.value.func, rewriter.text(statement.targets[0])
    if not isinstance(function, ast.Attribute) or function.attr != "add" or rewriter.text(function.value) != target:
        return False
    between = Range(rewriter.range(node).start, rewriter.range(function).end)
    if "#" in rewriter.text(between):
        return False
    rewriter.replace(between, name, record=rewriter.record_for("mxnet.gluon.nn.Sequential"))
    rewriter.claim(function)
    rewriter.claim_only(added.value)
    if scoped is not None:
        _merged(rewriter).add(id(scoped))
        rewriter.claim(scoped.items[0].context_expr)
        inside = rewriter.range(function).end
        line = rewriter.source.text.place(inside)[0]
        start = rewriter.source.text.starts[min(line, len(rewriter.source.text.starts) - 1)]
        dedent(
            rewriter, start, added.end_lineno or added.lineno, indent_of(rewriter, added), indent_of(rewriter, scoped)
        )
    return True


def _is_name_scope(rewriter: Rewriter, node: ast.With) -> bool:
    call = node.items[0].context_expr
    return (
        len(node.items) == 1
        and isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "name_scope"
    )


def _merged(rewriter: Rewriter) -> set[int]:
    return rewriter.memory.setdefault("merged", set())  # type: ignore[return-value]  # only this rule uses the key


@on_call("mxnet.gluon.nn.Sequential.add", "mxnet.gluon.nn.HybridSequential.add")
def add(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """An ``add`` that stays a statement: ``net.extend([a, b])``."""
    if not isinstance(node.func, ast.Attribute) or node.keywords:
        return False
    place = rewriter.range(node.func)
    places, closing = rewriter.slots(node)
    rewriter.claim_only(node.func)
    record = rewriter.record_for("mxnet.gluon.nn.Sequential")
    rewriter.replace(Range(place.end - 3, place.end), "extend", record=record)
    if places:
        start = rewriter.source.text.text.index("(", place.end)
        rewriter.replace(Range(start, start + 1), "([", record=record)
        rewriter.replace(Range(closing, closing + 1), "])", record=record)
    return True


@on_node(ast.AugAssign)
def grown(rewriter: Rewriter, node: ast.AugAssign) -> bool:
    """To MXNet: ``net += layers`` -> ``net.add(*layers)``."""
    found = rewriter.type_of(node.target)
    if rewriter.target is not Framework.MXNET or not isinstance(found, Instance):
        return False
    if found.path not in ("torch.nn.Sequential", "torch.nn.ModuleList"):
        return False
    name = {ast.Add: "__iadd__", ast.Mult: "__imul__"}.get(type(node.op), "")
    record = rewriter.record_for(f"{found.path}.{name}")
    if record is None or not isinstance(node.target, (ast.Name, ast.Attribute)):
        return False
    target, value = rewriter.range(node.target), rewriter.range(node.value)
    if name == "__iadd__":
        rewriter.replace(node, target, ".add(*", value, ")", record=record)
    else:
        text = rewriter.text(node.target)
        rewriter.replace(node, target, f".add(*list({text}) * (", value, " - 1))", record=record)
    return True
