"""Every use that a record's mapping of arguments is enough for; structural records hand over to their own rule."""

from __future__ import annotations

import ast

from diptych.conversion.arguments import Crossing, NotMapped, Written, bind, carry, spelling_of
from diptych.conversion.edits import Part, Range
from diptych.conversion.plain_data import of_plain_data, refuse_plain
from diptych.conversion.profiles import Taken, limit
from diptych.conversion.registry import call_rules, on_node, record_rule
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.rules.unknown import refuse_unknown
from diptych.conversion.rules.written import write_attribute, write_call, write_operation
from diptych.conversion.uses import Use
from diptych.conversion.writings import Given
from diptych.equivalence.aliases import canonical, inherited
from diptych.equivalence.model import Equivalence, Form, Framework, Kind, Spelling
from diptych.equivalence.signature import parameters
from diptych.source.types import framework_of


@on_node(ast.Call)
def call(rewriter: Rewriter, node: ast.Call) -> bool:
    """``nn.Linear(784, 256)``, ``x.view(-1, 784)``."""
    use = rewriter.use(node.func)
    if use is None:
        refuse_unknown(rewriter, node)
    if use is None or framework_of(use.path) is not rewriter.origin:
        return False
    if any(rule(rewriter, node, use) for rule in call_rules(use.path)):
        return True
    record = rewriter.record_for(use.path)
    if record is None:
        return _unknown(rewriter, node, use)
    if _outside(rewriter, node, record, use):
        return True
    rule = record_rule(record)
    if rule is not None and rule(rewriter, node, record):
        return True
    if _is_numpys(rewriter, node, record, use):
        return True
    if record.writings(rewriter.target):
        return _write(rewriter, node, record, use)
    own = _own_spelling(record, rewriter.origin, use.path)
    target = rewriter.target_spelling(record)
    if record.kind is Kind.NONE or own is None or target is None:
        refuse(rewriter, node, record, use)
        return True
    try:
        write(Crossing(rewriter, record, own, target, node), use)
    except NotMapped as reason:
        rewriter.fail(node, "unmapped-argument", f"{_shown(use)} stays as it was: {reason}.", comment=str(reason))
        rewriter.claim(node.func) if use.receiver is None else rewriter.claim_only(node.func)
    return True


def _outside(rewriter: Rewriter, node: ast.Call, record: Equivalence, use: Use) -> bool:
    """Whether a use that no writing is for lies where the counterpart was seen not to do: it stays as it was."""
    if record.writings(rewriter.target) and not record.rule:
        return False
    receiver = [use.receiver] if use.receiver is not None else []
    taken = Taken(record.id, "", frozenset(), (*receiver, *node.args, *(item.value for item in node.keywords)))
    reason = limit(rewriter, taken)
    rewriter.taken.append(taken)
    if not reason:
        return False
    rewriter.fail(node, "limit", f"{_shown(use)} stays as it was: {reason}.", comment=reason)
    rewriter.claim(node.func) if use.receiver is None else rewriter.claim_only(node.func)
    return True


def _is_numpys(rewriter: Rewriter, node: ast.Call, record: Equivalence, use: Use) -> bool:
    """``np.isclose([1.0], [1.1])`` of plain data -> ``numpy.isclose([1.0], [1.1])``, which MXNet calls itself."""
    own = spelling_of(record, rewriter.origin, canonical(use.path))
    if rewriter.target is not Framework.PYTORCH or own is None or not of_plain_data(rewriter, node, own):
        return False
    name = rewriter.names.spell(f"numpy.{own.name.removeprefix('mxnet.np.')}", rewriter.scope_of(node))
    rewriter.claim(node.func)
    first = parameters(own)[0].name
    by_name = next((item for item in node.keywords if item.arg == first), None)
    if by_name is None:
        rewriter.replace(node.func, name, record=record)
        return True
    parts: list[Part] = [f"{name}(", rewriter.range(by_name.value)]  # NumPy has other names for it
    for item in node.keywords:
        parts += [f", {item.arg}=", rewriter.range(item.value)] if item is not by_name else []
    rewriter.replace(node, *parts, ")", record=record)
    return True


@on_node(ast.Name, ast.Attribute)
def reference(rewriter: Rewriter, node: ast.Name | ast.Attribute) -> bool:
    """A name that is not called here: ``x.grad``, ``torch.float32``, a class in ``isinstance``."""
    use = rewriter.use(node)
    if use is None or framework_of(use.path) is not rewriter.origin or not isinstance(node.ctx, ast.Load):
        return False
    if rewriter.catalog.is_package(use.path):
        return False
    if use.receiver is None:
        rewriter.claim(node)
    record = rewriter.record_for(use.path)
    if record is not None and _names_a_class(rewriter, node, record):
        return True
    if record is None:
        return _unknown(rewriter, node, use)
    rule = record_rule(record)
    if rule is not None and rule(rewriter, node, record):
        return True
    if record.writings(rewriter.target):
        return _write(rewriter, node, record, use)
    target = rewriter.target_spelling(record)
    if record.kind not in (Kind.EXACT, Kind.RENAMED) or target is None:
        refuse(rewriter, node, record, use)
        return True
    attribute = target.name.rpartition(".")[2]
    if use.receiver is None:
        rewriter.replace(node, rewriter.names.spell(target.name, rewriter.scope_of(node)), record=record)
    elif isinstance(node, ast.Attribute) and attribute != node.attr:
        if any(other.name.rpartition(".")[2] == node.attr for other in record.spellings(rewriter.target)):
            return True  # the other side's has a member of the same name, too
        if target.form not in (Form.METHOD, Form.ATTRIBUTE):
            refuse(rewriter, node, record, use)  # a class or function is no member of an object
            return True
        place = rewriter.range(node)
        rewriter.replace(Range(place.end - len(node.attr), place.end), attribute, record=record)
    return True


@on_node(ast.BinOp, ast.UnaryOp, ast.Compare)
def operation(rewriter: Rewriter, node: ast.BinOp | ast.UnaryOp | ast.Compare) -> bool:
    """``x @ y``: an operator without a record may mean something else on the other side, or nothing."""
    use = rewriter.use(node)
    if use is None or framework_of(use.path) is not rewriter.origin:
        return False
    record = rewriter.record_for(use.path)
    if record is None:
        rewriter.fail(
            node,
            "no-record",
            f"{_shown(use)} has no record: its counterpart is not known.",
            comment=f"no counterpart of {_plain(use)} is known",
        )
    elif record.writings(rewriter.target):
        return _write(rewriter, node, record, use)
    elif rewriter.target_spelling(record) is None:
        refuse(rewriter, node, record, use)
    return True


def _write(rewriter: Rewriter, node: ast.expr, record: Equivalence, use: Use) -> bool:
    """As the record's writings say; what none of them fits stays as it was."""
    try:
        if isinstance(node, ast.Call):
            write_call(rewriter, node, record, use)
        elif isinstance(node, (ast.Attribute, ast.Name)):
            write_attribute(rewriter, node, record, use)
        else:
            write_operation(rewriter, node, record, use)
    except NotMapped as reason:
        advice = record.workaround.en if record.workaround else ""
        message = f"{_shown(use)} stays as it was: {reason}."
        rewriter.fail(node, "unmapped-argument", message, advice, comment=str(reason))
        function = node.func if isinstance(node, ast.Call) else node
        rewriter.claim(function) if use.receiver is None and not isinstance(
            function, ast.BinOp | ast.UnaryOp | ast.Compare
        ) else rewriter.claim_only(function)
    return True


def _names_a_class(rewriter: Rewriter, node: ast.expr, record: Equivalence) -> bool:
    """An annotation, or the class that ``isinstance`` asks for: the counterpart's name says the same."""
    target = rewriter.target_spelling(record)
    child: ast.AST = node
    parent = rewriter.parent(node)
    while isinstance(parent, (ast.Subscript, ast.Tuple, ast.BinOp)):
        child = parent
        parent = rewriter.parent(child)
    annotated = getattr(parent, "annotation", None) is child or getattr(parent, "returns", None) is child
    asked = isinstance(parent, ast.Call) and ast.unparse(parent.func) in ("isinstance", "issubclass")
    asked = asked or (isinstance(parent, ast.Compare) and ast.unparse(parent.left).startswith("type("))
    if target is None or target.form is not Form.CLASS or not (annotated or asked):
        return False
    rewriter.replace(node, rewriter.names.spell(target.name, rewriter.scope_of(node)), record=record)
    return True


def write(crossing: Crossing, use: Use) -> None:
    """The counterpart's call in the place of this one. Raises ``NotMapped``."""
    rewriter, record, node, target = crossing.rewriter, crossing.record, crossing.call, crossing.target
    bound = bind(rewriter, node, crossing.own)
    refuse_plain(rewriter, record, crossing.own, {name: Given(tuple(values)) for name, values in bound.values.items()})
    receiver_row = next((row for row in record.params if row.receiver), None)
    arguments = carry(crossing, bound)
    if use.receiver is not None and target.form is Form.METHOD:
        rewriter.rewrite_call(node, record, "." + target.name.rpartition(".")[2], arguments)
        return
    if use.receiver is not None or (target.form is Form.METHOD and receiver_row is None):
        raise NotMapped(f"`{target.name}` is written in another form")
    if target.form is Form.METHOD:
        assert receiver_row is not None
        name = receiver_row.torch if crossing.to_mxnet else receiver_row.mxnet
        _as_method(crossing, bound.values.get(name or receiver_row.torch or ""), arguments)
        return
    rewriter.rewrite_call(node, record, rewriter.names.spell(target.name, rewriter.scope_of(node)), arguments)


def _as_method(crossing: Crossing, receiver: list[tuple[ast.expr, Range]] | None, arguments: list[Written]) -> None:
    """``torch.reshape(x, shape)`` -> ``x.reshape(shape)``."""
    if receiver is None:
        raise NotMapped("the array itself is not given")
    value, slot = receiver[0]
    simple = isinstance(value, (ast.Name, ast.Attribute, ast.Call, ast.Subscript))
    parts: list[Part] = [slot] if simple else ["(", slot, ")"]
    parts += ["." + crossing.target.name.rpartition(".")[2] + "("]
    for number, argument in enumerate(arguments):
        parts += [", "] if number else []
        parts += argument.all_parts()
    crossing.rewriter.claim(crossing.call.func)
    crossing.rewriter.replace(crossing.call, *parts, ")", record=crossing.record)


def refuse(rewriter: Rewriter, node: ast.expr, record: Equivalence, use: Use) -> None:
    """No counterpart: it stays as it was."""
    reason = record.reason.en if record.reason else "there is no counterpart in this form"
    advice = record.workaround.en if record.workaround else ""
    rewriter.fail(
        node, "no-counterpart", f"{_shown(use)}: {reason}", advice, comment=f"no counterpart of {_plain(use)}"
    )


def _unknown(rewriter: Rewriter, node: ast.expr, use: Use) -> bool:
    if (
        not isinstance(node, ast.Call)
        and use.path.count(".") < 2
        and use.receiver is None
        and rewriter.catalog.is_package(use.path)
    ):
        return False
    message = f"{_shown(use)} has no record: its counterpart is not known."
    rewriter.fail(node, "no-record", message, comment=f"no counterpart of {_plain(use)} is known")
    function = node.func if isinstance(node, ast.Call) else node
    rewriter.claim(function) if use.receiver is None else rewriter.claim_only(function)
    return True


def _own_spelling(record: Equivalence, framework: Framework, path: str) -> Spelling | None:
    path = canonical(path)
    found = spelling_of(record, framework, path)
    if found is None and (base := inherited(path)) is not None:
        found = spelling_of(record, framework, base)
    return found


def _plain(use: Use) -> str:
    return use.path


def _shown(use: Use) -> str:
    return f"`{use.path}`"
