"""Uses that a record's writings say how to write: calls, methods, in-place forms, ``out=``, attributes, operators."""

from __future__ import annotations

import ast

from diptych.conversion.arguments import NotMapped, bind
from diptych.conversion.edits import Part, Range
from diptych.conversion.in_place import place_in
from diptych.conversion.literals import is_fixed, settled
from diptych.conversion.names import spelled
from diptych.conversion.outputs import outputs_of, place_out
from diptych.conversion.plain_data import refuse_plain
from diptych.conversion.registry import on_node
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.statements import add_before
from diptych.conversion.transforms import Parts
from diptych.conversion.uses import Use, in_place_operator
from diptych.conversion.writings import Arguments, Chosen, Given, choose, named, render
from diptych.equivalence.aliases import canonical, inherited
from diptych.equivalence.model import Equivalence, Form, Framework, Spelling
from diptych.equivalence.signature import Passing, parameters
from diptych.equivalence.template import Hole, Maybe, holes_in
from diptych.source.calls import constant
from diptych.source.lexer import Lexeme, scan
from diptych.source.results import fields_of
from diptych.source.types import Api, Tensor

_LOOSE = (
    ast.Expr,
    ast.Assign,
    ast.AnnAssign,
    ast.Return,
    ast.keyword,
    ast.NamedExpr,
    ast.withitem,
    ast.List,
    ast.Tuple,
)
_SIMPLE = (ast.Name, ast.Constant)


def write_call(rewriter: Rewriter, node: ast.Call, record: Equivalence, use: Use) -> None:
    """The counterpart in the place of a call. Raises ``NotMapped``."""
    chosen = _chosen(rewriter, node, record, use)
    _place(rewriter, node, chosen, use, outputs_of(rewriter, node, chosen.arguments))


def chosen_for(rewriter: Rewriter, node: ast.Call) -> Chosen | None:
    """What a call becomes, without writing it; None where nothing says so. Raises ``NotMapped``."""
    use = rewriter.use(node.func)
    record = rewriter.record_for(use.path) if use is not None else None
    return _chosen(rewriter, node, record, use) if use is not None and record is not None else None


def _chosen(rewriter: Rewriter, node: ast.Call, record: Equivalence, use: Use) -> Chosen:
    unfit: list[str] = []
    reasons: list[str] = []
    for spelling in _own_spellings(record, rewriter, use.path):
        try:
            arguments = _arguments(rewriter, node, spelling, use)
        except NotMapped as reason:
            unfit.append(str(reason))
            continue
        try:
            refuse_plain(rewriter, record, spelling, arguments)
            names = outputs_of(rewriter, node, arguments)
            return choose(rewriter, record, spelling.name, arguments, node, out=bool(names))
        except NotMapped as reason:
            reasons.append(str(reason))
    # That a call does not fit one signature is no reason where it fits another.
    raise NotMapped([*unfit, *reasons][-1] if unfit or reasons else "it is written in another form")


def write_attribute(rewriter: Rewriter, node: ast.Attribute | ast.Name, record: Equivalence, use: Use) -> None:
    """The counterpart of an attribute, a constant, or a function that is passed on. Raises ``NotMapped``."""
    spelling = next(iter(_own_spellings(record, rewriter, use.path)), None)
    if spelling is None:
        raise NotMapped("it is written in another form")
    if spelling.form in (Form.FUNCTION, Form.METHOD, Form.CLASS) and spelling.signature:
        _passed_on(rewriter, node, record, spelling)
        return
    arguments: Arguments = {}
    if use.receiver is not None:
        arguments["self"] = Given(((use.receiver, rewriter.range(use.receiver)),))
    chosen = choose(rewriter, record, spelling.name, arguments, node)
    _replace(rewriter, node, chosen)


def write_operation(rewriter: Rewriter, node: ast.expr, record: Equivalence, use: Use) -> None:
    """The counterpart in the place of ``x // y``. Raises ``NotMapped``."""
    operands = (
        [node.left, node.right]
        if isinstance(node, ast.BinOp)
        else [node.left, node.comparators[0]]
        if isinstance(node, ast.Compare)
        else [node.operand]
        if isinstance(node, ast.UnaryOp)
        else []
    )
    arguments = {
        name: Given(((operand, enclosed(rewriter, operand)),))
        for name, operand in zip(("self", "other"), operands, strict=False)
    }
    _replace(rewriter, node, choose(rewriter, record, canonical(use.path), arguments, node))


@on_node(ast.Call)
def turned(rewriter: Rewriter, node: ast.Call) -> bool:
    """``reversed(x)``: a tensor in PyTorch, an iterator over the rows in MXNet."""
    if not isinstance(node.func, ast.Name) or node.func.id != "reversed" or len(node.args) != 1 or node.keywords:
        return False
    found = rewriter.type_of(node.args[0])
    record = rewriter.record_for("torch.Tensor.__reversed__")
    if rewriter.origin is not Framework.PYTORCH or not isinstance(found, Tensor) or record is None:
        return False
    hidden, bindings = rewriter.scope_of(node.func).resolve("reversed", (node.lineno, node.col_offset))
    if hidden is not None or bindings:
        return False
    arguments: Arguments = {"self": Given(((node.args[0], rewriter.range(node.args[0])),))}
    _replace(rewriter, node, choose(rewriter, record, "torch.Tensor.__reversed__", arguments, node))
    return True


@on_node(ast.AugAssign)
def updated(rewriter: Rewriter, node: ast.AugAssign) -> bool:
    """``x //= 2``, where a record says how it is written."""
    found = rewriter.type_of(node.target)
    name = in_place_operator(node.op)
    if not isinstance(found, Tensor) or found.framework is not rewriter.origin or name is None:
        return False
    assigned = isinstance(node.op, ast.MatMult) and rewriter.origin is Framework.PYTORCH
    if assigned:  # PyTorch has no `__imatmul__`: Python then computes `x = x @ y`; MXNet has one, and its result is 0
        name = "__matmul__"
    record = rewriter.record_for(f"{found.path}.{name}")
    if record is None or not record.writings(rewriter.target):
        return False
    arguments = {
        "self": Given(((node.target, rewriter.range(node.target)),)),
        "other": Given(((node.value, rewriter.range(node.value)),)),
    }
    try:
        chosen = choose(rewriter, record, f"{found.path}.{name}", arguments, node)
    except NotMapped as reason:
        rewriter.fail(node, "unmapped-argument", f"`{name}` stays as it was: {reason}.", comment=str(reason))
        return True
    target = rewriter.range(node.target)
    whole = assigned or isinstance(node.target, ast.Subscript)
    index = "" if whole else f"[{subscript(rewriter, node.target)}]"
    rewriter.replace(node, target, f"{index} = ", *render(rewriter, chosen, node), record=record)
    return True


@on_node(ast.Attribute)
def field(rewriter: Rewriter, node: ast.Attribute) -> bool:
    """``result.values``: the tuples of the other side have places without names."""
    fields = fields_of(rewriter.type_of(node.value))
    if node.attr not in fields or isinstance(node.value, ast.Call):
        return False
    place = rewriter.range(node)
    rewriter.replace(Range(rewriter.range(node.value).end, place.end), f"[{fields.index(node.attr)}]")
    return True


def enclosed(rewriter: Rewriter, operand: ast.expr) -> Range:
    """The range of an operand with the parentheses that stand right around it."""
    place, text = rewriter.range(operand), rewriter.source.text.text
    while True:
        before, after = place.start - 1, place.end
        while before >= 0 and text[before].isspace():
            before -= 1
        while after < len(text) and text[after].isspace():
            after += 1
        parent = rewriter.parent(operand)
        bounds = rewriter.range(parent) if isinstance(parent, ast.expr) else place
        if before < bounds.start or after >= bounds.end or text[before] != "(" or text[after] != ")":
            return place
        place = Range(before, after + 1)


def _own_spellings(record: Equivalence, rewriter: Rewriter, path: str) -> list[Spelling]:
    path = canonical(path)
    found = [spelling for spelling in record.spellings(rewriter.origin) if spelling.name == path]
    if not found and (base := inherited(path)) is not None:
        found = [spelling for spelling in record.spellings(rewriter.origin) if spelling.name == base]
    return found


def _arguments(rewriter: Rewriter, node: ast.Call, spelling: Spelling, use: Use) -> Arguments:
    """Every argument of the signature by its name, and ``self``."""
    bound = bind(rewriter, node, spelling)
    signature = parameters(spelling)
    arguments: Arguments = {}
    for argument in signature:
        arguments[argument.name] = Given(tuple(bound.values.get(argument.name, ())), argument.default)
        missing = argument.default is None and argument.passing in (Passing.EITHER, Passing.POSITIONAL, Passing.KEYWORD)
        if missing and not bound.values.get(argument.name):
            raise NotMapped(f"`{argument.name}` is not given")
    for name, values in bound.values.items():  # keywords that go into **kwargs
        arguments.setdefault(name, Given(tuple(values)))
    if {"size_average", "reduce", "reduction"} <= arguments.keys():
        _reduce_as_told(rewriter, arguments)
    if use.receiver is not None:
        arguments["self"] = Given(((use.receiver, _receiver_range(rewriter, node, use.receiver)),))
    elif spelling.form is Form.METHOD:
        raise NotMapped("it is called through its class")
    elif signature and "self" not in arguments and spelling.form is not Form.CLASS:  # what makes an object takes none
        arguments["self"] = arguments[signature[0].name]
    return arguments


def _reduce_as_told(rewriter: Rewriter, arguments: Arguments) -> None:
    """``size_average`` and ``reduce``, which losses took before ``reduction`` and which go before it still."""
    given = [arguments[name].node for name in ("size_average", "reduce")]
    told = [None if node is None else constant(settled(rewriter, node)) for node in given]
    unknown = any(
        node is not None and not _says_none(node) and not isinstance(value, bool)
        for node, value in zip(given, told, strict=True)
    )
    if unknown:
        return  # they stay, and are refused
    arguments["size_average"] = arguments["reduce"] = Given((), "None")
    if told == [None, None]:
        return
    average, reduce = (True if value is None else value for value in told)
    arguments["reduction"] = Given((), repr("none" if not reduce else "mean" if average else "sum"), told=True)


def _says_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _receiver_range(rewriter: Rewriter, node: ast.Call, receiver: ast.expr) -> Range:
    """What stands before the dot, parentheses included."""
    place = rewriter.range(node.func)
    assert isinstance(node.func, ast.Attribute)
    end = place.end - len(node.func.attr)
    text = rewriter.source.text.text
    while text[end - 1].isspace() or text[end - 1] in ".\\":
        end -= 1
        if text[end] == ".":
            break
    while text[end - 1].isspace() or text[end - 1] == "\\":
        end -= 1
    return Range(place.start, end)


def _place(rewriter: Rewriter, node: ast.Call, chosen: Chosen, use: Use, names: tuple[ast.Name, ...]) -> None:
    name = use.path.rpartition(".")[2]
    keeps = {spelling.name.rpartition(".")[2] for spelling in chosen.record.spellings(rewriter.origin)}
    function = use.path.startswith("torch.") and use.path.count(".") == 1  # `torch.zero_(x)`
    function = function or (name[:-1] in keeps and not use.path.startswith(("torch.nn.init.", "torch.nn.utils.")))
    changes = name.endswith("_") and not name.endswith("__") and rewriter.origin is Framework.PYTORCH
    if changes and (use.receiver is not None or function):
        place_in(rewriter, node, chosen)
        return
    if names and not any(hole.name == "out" for hole in chosen.template.holes):
        rewriter.claim_only(node.func)
        place_out(rewriter, node, chosen, names, written_parts(rewriter, node, chosen))
        return
    _replace(rewriter, node, chosen)


def subscript(rewriter: Rewriter, array: ast.expr) -> str:
    """All of an array: ``[:]``, or ``[()]`` where it may have no dimension."""
    rank = getattr(rewriter.type_of(array), "rank", None)
    return ":" if rank else "()"


def _replace(rewriter: Rewriter, node: ast.expr, chosen: Chosen) -> None:
    """The whole expression, or, of one that gives several results, the one that is asked for."""
    whole, picked = node, None
    if len(chosen.template.results) > 1:
        whole, picked = _picked(rewriter, node, chosen)
    parts = written_parts(rewriter, node, chosen, picked)
    if whole is node and isinstance(parent := rewriter.parent(node), ast.Attribute):
        fields = fields_of(rewriter.type_of(node))
        if parent.attr in fields:  # one expression that gives them all
            rewriter.claim_only(parent)
            whole, parts = parent, (*parts, f"[{fields.index(parent.attr)}]")
    _keep_comments(rewriter, node, parts)
    if isinstance(node, ast.Call):
        rewriter.claim_only(node.func)
        if (
            not isinstance(node.func, ast.Attribute)
            or chosen.arguments.get("self", Given()).node is not node.func.value
        ):
            rewriter.claim(node.func)
    if not chosen.template.atomic and not isinstance(rewriter.parent(whole), _LOOSE) and not _argument(rewriter, whole):
        parts = ("(", *parts, ")")
    rewriter.replace(whole, *parts, record=chosen.record)


def _argument(rewriter: Rewriter, node: ast.expr) -> bool:
    parent = rewriter.parent(node)
    return isinstance(parent, ast.Call) and parent.func is not node


def _picked(rewriter: Rewriter, node: ast.expr, chosen: Chosen) -> tuple[ast.expr, int | None]:
    """``.values`` or ``[0]`` around the call, with the place it asks for."""
    parent = rewriter.parent(node)
    count = len(chosen.template.results)
    if isinstance(parent, ast.Attribute) and parent.attr in (fields := fields_of(rewriter.type_of(node))):
        rewriter.claim_only(parent)
        return parent, fields.index(parent.attr)
    if isinstance(parent, ast.Subscript) and parent.value is node and isinstance(parent.slice, ast.Constant):
        place = parent.slice.value
        if isinstance(place, int) and 0 <= place < count:
            rewriter.claim_only(parent)
            return parent, place
    return node, None


def written_parts(rewriter: Rewriter, node: ast.expr, chosen: Chosen, picked: int | None = None) -> Parts:
    """The text; through a function where it reads an argument twice that should be evaluated once."""
    results = chosen.template.results
    pieces = results[picked] if picked is not None else tuple(piece for result in results for piece in result)
    names = [hole.name for hole in _present(pieces, chosen)]
    twice = {name for name in names if names.count(name) > 1}
    alike = {name for name, given in chosen.arguments.items() if given is chosen.arguments.get("self")}
    if len(alike & set(names)) > 1:
        twice |= alike & set(names)
    if not any(_costs(given.node) for name in twice if (given := chosen.arguments.get(name))):
        return render(rewriter, chosen, node, picked)
    return _through_function(rewriter, node, chosen, sorted(set(names), key=names.index), picked)


def _present(pieces: tuple[object, ...], chosen: Chosen) -> list[Hole]:
    found: list[Hole] = []
    for piece in pieces:
        if isinstance(piece, Hole):
            found.append(piece)
        elif isinstance(piece, Maybe):
            inside = holes_in(piece.pieces)
            if any(chosen.arguments.get(hole.name, Given()).values for hole in inside):
                found += inside
    return found


def _costs(node: ast.expr | None) -> bool:
    """Whether evaluating it twice costs time or does something twice."""
    if node is None or isinstance(node, _SIMPLE):
        return False
    if isinstance(node, ast.UnaryOp):
        return _costs(node.operand)
    if isinstance(node, (ast.Tuple, ast.List)):
        return any(_costs(item) for item in node.elts)
    return not isinstance(node, ast.Attribute) or _costs(node.value)


def _through_function(
    rewriter: Rewriter, node: ast.expr, chosen: Chosen, names: list[str], picked: int | None
) -> Parts:
    given = {name: chosen.arguments[name] for name in names if name in chosen.arguments}
    changed = {hole.name for hole in chosen.template.holes if hole.transform}
    fixed = {
        name for name in changed & set(given) if all(_is_written_out(rewriter, item) for item, _ in given[name].values)
    }
    passed = {name: each for name, each in given.items() if each.values and name not in fixed}
    if any(len(each.values) > 1 or isinstance(each.node, ast.Starred) for each in passed.values()):
        raise NotMapped("it is read twice here: give it a name first")
    taken = {name: "x" if name == "self" else name for name in passed}
    body = named(rewriter, chosen, taken, picked)
    name = chosen.record.id.replace("-", "_")
    name += "_of" if name in rewriter.catalog.helpers else ""
    text = f"def {name}({', '.join(taken.values())}):\n    return {body}"
    parts: list[Part] = [rewriter.helpers.add(name, text), "("]
    for number, each in enumerate(passed.values()):
        parts += [", "] if number else []
        parts.append(each.values[0][1])
    return (*parts, ")")


def _is_written_out(rewriter: Rewriter, value: ast.expr) -> bool:
    """Whether an argument means the same inside a function: a literal, or a dtype's name."""
    return is_fixed(value) or (isinstance(value, ast.Attribute) and isinstance(rewriter.type_of(value), Api))


def _passed_on(rewriter: Rewriter, node: ast.Attribute | ast.Name, record: Equivalence, own: Spelling) -> None:
    """``apply(torch.relu)``: a function by another name that takes the same arguments in the same order."""
    signature = [argument.name for argument in parameters(own)]
    arguments: Arguments = {name: Given(((node, rewriter.range(node)),)) for name in signature[:1]}
    arguments |= {argument.name: Given((), argument.default or "None") for argument in parameters(own)[1:]}
    arguments["self"] = arguments[signature[0]] if signature else Given()
    chosen = choose(rewriter, record, own.name, arguments, node)
    pieces = [piece for piece in chosen.template.results[0] if not isinstance(piece, Maybe)]
    plain = (
        len(pieces) == 3
        and isinstance(pieces[1], Hole)
        and pieces[1].name in ("self", *signature[:1])
        and pieces[2] == ")"
        and isinstance(pieces[0], str)
        and pieces[0].endswith("(")
        and pieces[0].count("(") == 1
    )
    if own.form is Form.METHOD or not plain:
        raise NotMapped("it is passed on as a function, and its counterpart is none")
    assert isinstance(pieces[0], str)
    rewriter.claim(node)
    rewriter.replace(node, spelled(rewriter, pieces[0][:-1], node), record=record)


def _keep_comments(rewriter: Rewriter, node: ast.expr, parts: Parts) -> None:
    """Comments between arguments go before the statement."""
    place = rewriter.range(node)
    text = rewriter.source.text.text
    if "#" not in text[place.start : place.end]:
        return
    kept = [part for part in parts if isinstance(part, Range)]
    statement = rewriter.statement(node)
    for token in scan(text[place.start : place.end]):
        start, end = place.start + token.start, place.start + token.end
        inside = any(part.start <= start and end <= part.end for part in kept)
        if token.lexeme is Lexeme.COMMENT and not inside and statement is not None:
            add_before(rewriter, statement, text[start:end].rstrip())
