"""Which writing of a record a use takes, and the parts it becomes."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache

from diptych.conversion.arguments import NotMapped, same_literal, untold
from diptych.conversion.demands import holds
from diptych.conversion.edits import Part, Range
from diptych.conversion.literals import settled, settled_text
from diptych.conversion.names import spelled
from diptych.conversion.networks import input_is_fresh
from diptych.conversion.profiles import Taken, limit
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.transforms import Parts, packed, spread, transformed, unpacked
from diptych.equivalence.model import Equivalence, Framework, Transform, Writing
from diptych.equivalence.template import Hole, Maybe, Piece, Template, holes_in, is_atom, parse
from diptych.source.calls import constant
from diptych.source.types import Api


@dataclass(frozen=True)
class Given:
    """An argument of a use: what was passed, else its default's text. A variadic one may hold several."""

    values: tuple[tuple[ast.expr, Range], ...] = ()
    default: str | None = None
    told: bool = False  # ``default`` stands for what was passed in another form

    @property
    def node(self) -> ast.expr | None:
        """The only value that was passed."""
        return self.values[0][0] if len(self.values) == 1 else None


Arguments = dict[str, Given]


@dataclass(frozen=True)
class Chosen:
    """The writing that a use takes, ready to be rendered."""

    record: Equivalence
    writing: Writing
    template: Template
    arguments: Arguments


def choose(
    rewriter: Rewriter, record: Equivalence, path: str, arguments: Arguments, node: ast.AST, *, out: bool = False
) -> Chosen:
    """The first writing that applies. Raises ``NotMapped`` with the reason of the one that came nearest.

    ``out`` says that the argument ``out`` is taken care of by whoever places the result."""
    reasons: list[tuple[int, str]] = []  # how many conditions held, and what did not
    for writing in record.writings(rewriter.target):
        text = writing.text(rewriter.target, rewriter.dialect)
        if not text or (writing.only and path not in writing.only):
            continue
        template = parse(text)
        held, reason = _reason_against(rewriter, writing, arguments, node, out=out)
        if reason:
            reasons.append((held, reason))
            continue
        taken = _taken(record, text, arguments)
        if reason := limit(rewriter, taken):
            raise NotMapped(reason)  # a later writing was never tried with such arrays
        rewriter.taken.append(taken)
        return Chosen(record, writing, template, arguments)
    if not reasons:
        other = "MXNet's " + rewriter.dialect.value if rewriter.target is Framework.MXNET else "PyTorch"
        raise NotMapped(record.reason.en if record.reason else f"{other} has no counterpart of it in this form")
    raise NotMapped(max(reversed(reasons), key=lambda reason: reason[0])[1])  # of those as near, the last one's


def _taken(record: Equivalence, text: str, arguments: Arguments) -> Taken:
    """The array that it is of comes first, then the other arguments in the signature's order."""
    own = arguments.get("self")
    others = [given for name, given in arguments.items() if given is not own and name != "out"]
    values = tuple(value for given in ([own] if own is not None else []) + others for value, _ in given.values)
    return Taken(record.id, text, frozenset(name for name, given in arguments.items() if given.values), values)


def _reason_against(
    rewriter: Rewriter, writing: Writing, arguments: Arguments, node: ast.AST, *, out: bool
) -> tuple[int, str]:
    """How many of the writing's conditions held, and the reason it does not apply; "" where it does."""
    for held, demand in enumerate(writing.when):
        if not holds(rewriter, demand, arguments, node):
            return held, _explained(demand, arguments)
    every = len(writing.when) + 1
    text = writing.text(rewriter.target, rewriter.dialect)
    if refused := _empty_dimensions(writing, arguments) or _number_for_tensor(rewriter, writing, text, arguments):
        return every, refused
    tested = {
        demand.lstrip("!~").split("=")[0].split(":")[0]
        for demand in writing.when
        if "=" in demand or "!" in demand or ":length" in demand
    }
    template = parse(writing.text(rewriter.target, rewriter.dialect))
    written = {hole.name for hole in template.holes}
    if "self" in written:
        written |= {name for name, given in arguments.items() if given is arguments.get("self")}
    for name, given in arguments.items():
        if name in written or name in writing.ignore or name in tested or not given.values or name == "self":
            continue
        if out and name == "out":
            continue
        if "kwargs" in writing.ignore and given.default is None and name not in writing.when:
            continue
        if name == "device" and _is_only_device(rewriter, given):
            continue
        if name == "inplace" and isinstance(node, ast.Call) and input_is_fresh(rewriter, node):
            continue
        node_ = given.node
        text_ = rewriter.text(given.values[0][1])
        if node_ is None or not same_literal(settled_text(rewriter, node_, text_), given.default):
            return every, f"`{name}={rewriter.text(given.values[0][1])}` has no counterpart"
    for hole in template.required:
        if hole.name not in arguments and not hole.variadic:
            return every, f"`{hole.name}` is not given"
    return every, ""


def _is_only_device(rewriter: Rewriter, given: Given) -> bool:
    """``device='cpu'`` in a text that names no other device: arrays are there anyway."""
    node = settled(rewriter, given.node) if given.node is not None else None
    if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
        node = node.args[0] if rewriter.type_of(node.func) == Api("torch.device") else None
    text = rewriter.source.text.text
    return constant(node) == "cpu" and "cuda" not in text and "mps" not in text


def _number_for_tensor(rewriter: Rewriter, writing: Writing, text: str, arguments: Arguments) -> str:
    """The reason against ``np.sin(2)``: what PyTorch computes element by element takes no plain number."""
    node = arguments["self"].node if "self" in arguments else None
    elementwise = text.startswith("torch.") and ("{self}.dtype" in text or "self:float" in writing.when)
    if rewriter.target is Framework.PYTORCH and elementwise and node is not None and _is_number(node):
        return f"`{rewriter.text(rewriter.range(node))}` is a number, and this takes a tensor in PyTorch"
    return ""


def _empty_dimensions(writing: Writing, arguments: Arguments) -> str:
    """The reason against ``dim=()``, unless the writing is made for it: most functions of PyTorch and nd then reduce
    everything, ``torch.any`` and MXNet's np nothing."""
    for name in ("dim", "axis"):
        node = arguments[name].node if name in arguments else None
        made_for_it = {f"{name}=()", f"!{name}"} & set(writing.when)
        if isinstance(node, (ast.Tuple, ast.List)) and not node.elts and not made_for_it:
            return f"an empty `{name}` stands for all dimensions in some functions and for none in others"
    return ""


def _explained(demand: str, arguments: Arguments) -> str:
    if demand.startswith("~!"):
        name, _, kind = demand[2:].partition(":")
        return f"`{name}` is not {kind}"
    if demand.startswith("~"):
        demand = f"!{demand[1:]}"
        if ":rank" in demand:
            name, _, rank = demand[1:].partition(":rank")
            return f"`{name}` has {rank} dimensions"
        if ":" in demand:
            return f"`{demand[1:].partition(':')[0]}` is a {demand.partition(':')[2]}"
    if ":" in demand:
        return f"nothing says that `{demand}`, which its counterpart needs"
    name, _, value = demand.lstrip("!").partition("=")
    if value:
        told = _is_told(arguments.get(name))
        denied = "" if told else "not known not to be "
        wanted = "not " if told else "not known to be "
        return f"`{name}` is {denied if demand.startswith('!') else wanted}{value.replace('|', ' or ')}"
    return f"`{name}` is {'' if demand.startswith('!') else 'not '}given"


def _is_told(given: Given | None) -> bool:
    """Whether the text says the value: a literal, a name with dots (``torch.float32``), or what holds by default."""
    if given is None or not given.values:
        return True
    try:
        ast.literal_eval(given.values[0][0])
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return isinstance(given.values[0][0], ast.Attribute)
    return True


def render(rewriter: Rewriter, chosen: Chosen, node: ast.AST, result: int | None = None) -> Parts:
    """The text of the chosen writing. ``result`` picks one of several. Raises ``NotMapped``."""
    results = chosen.template.results
    if len(results) > 1 and result is not None:
        return _pieces(rewriter, chosen, results[result], node)
    if len(results) == 1:
        return _pieces(rewriter, chosen, results[0], node)
    parts: list[Part] = ["("]
    for number, pieces in enumerate(results):
        parts += [", "] if number else []
        parts += _pieces(rewriter, chosen, pieces, node)
    return (*parts, ")")


def _pieces(rewriter: Rewriter, chosen: Chosen, pieces: tuple[Piece, ...], node: ast.AST) -> Parts:
    parts: list[Part] = []
    for piece in pieces:
        if isinstance(piece, str):
            parts.append(spelled(rewriter, piece, node))
        elif isinstance(piece, Maybe):
            if any(_passed(chosen.arguments.get(hole.name)) for hole in holes_in(piece.pieces)):
                opened = bool(parts) and isinstance(parts[-1], str) and parts[-1].endswith("(")
                parts += _pieces(rewriter, chosen, piece.without_comma() if opened else piece.pieces, node)
        else:
            parts += _hole(rewriter, chosen, piece)
    return tuple(parts)


def _passed(given: Given | None) -> bool:
    return given is not None and (bool(given.values) or given.told)


def _hole(rewriter: Rewriter, chosen: Chosen, hole: Hole) -> Parts:
    given = chosen.arguments.get(hole.name, Given())
    if hole.variadic:
        parts: list[Part] = []
        for number, (_, slot) in enumerate(given.values):
            parts += [", ", slot] if number else [slot]
        return tuple(parts)
    if not given.values:
        if given.default is None:
            raise NotMapped(f"`{hole.name}` is not given")
        text = spelled(rewriter, given.default, None)
        return (f"({text})",) if hole.tight and not _reads_as_atom(text) else (text,)
    carried = _carried(rewriter, hole, given)
    value, slot = given.values[0]
    if hole.tight and not is_operand(value, rewriter.text(slot)) and (hole.dotted or not _is_number(value)):
        return ("(", *carried, ")")
    return carried


@lru_cache(maxsize=1024)
def _reads_as_atom(text: str) -> bool:
    return is_atom(ast.parse(text, mode="eval").body, text)


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, (int, float))


def is_operand(node: ast.expr, text: str) -> bool:
    """Whether what was written reads as one operand: an atom, or anything in parentheses of its own."""
    return is_atom(node, text) or (text.startswith("(") and not isinstance(node, ast.Tuple) and _closed(text))


def _closed(text: str) -> bool:
    """Whether the first parenthesis is closed by the last character."""
    try:
        inner = ast.parse(text[1:-1].strip(), mode="eval").body
    except SyntaxError:
        return False
    return text.endswith(")") and ast.dump(inner) == ast.dump(ast.parse(text, mode="eval").body)


def _carried(rewriter: Rewriter, hole: Hole, given: Given) -> Parts:
    value, slot = given.values[0]
    if not hole.transform:
        if len(given.values) > 1 or isinstance(value, ast.Starred):
            raise NotMapped(f"`{hole.name}` has several values")
        return (slot,)
    parts: Parts | None
    if hole.transform == "pack":
        parts = packed(rewriter, list(given.values))
    elif hole.transform == "spread":
        parts = spread(rewriter, list(given.values))
    elif hole.transform == "unpack":
        every = unpacked(rewriter, value, slot)
        parts = tuple(part for number, item in enumerate(every) for part in ((", ", *item) if number else item))
    else:
        parts = transformed(rewriter, Transform(hole.transform), value, slot)
    if parts is None:
        raise NotMapped(untold(rewriter, hole.name, slot, dtype=hole.transform == "dtype"))
    return parts


def named(rewriter: Rewriter, chosen: Chosen, names: dict[str, str], result: int | None = None) -> str:
    """The text with ``names`` in the places of arguments that were passed: the body of a function. What else was passed
    is written out. Raises ``NotMapped``."""
    results = chosen.template.results
    picked = results if result is None else results[result : result + 1]
    texts = [_named(rewriter, chosen, names, pieces) for pieces in picked]
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"


def _named(rewriter: Rewriter, chosen: Chosen, names: dict[str, str], pieces: tuple[Piece, ...]) -> str:
    text = ""
    for piece in pieces:
        if isinstance(piece, str):
            text += piece
        elif isinstance(piece, Maybe):
            if any(_passed(chosen.arguments.get(hole.name)) for hole in holes_in(piece.pieces)):
                inner = piece.without_comma() if text.endswith("(") else piece.pieces
                text += _named(rewriter, chosen, names, inner)
        elif piece.name in names:
            text += _as_named(rewriter, chosen, piece, names[piece.name])
        elif _passed(chosen.arguments.get(piece.name)):
            text += "".join(
                part if isinstance(part, str) else rewriter.text(part) for part in _hole(rewriter, chosen, piece)
            )
        else:
            text += str(chosen.arguments.get(piece.name, Given()).default)
    return text


def _as_named(rewriter: Rewriter, chosen: Chosen, hole: Hole, name: str) -> str:
    """A name in the place of an argument, with what its transform adds to it."""
    if not hole.transform:
        return name
    given = chosen.arguments[hole.name]
    text = ""
    for part in _carried(rewriter, hole, given):
        if not isinstance(part, str) and part != given.values[0][1]:
            raise NotMapped("it is read twice here: give it a name first")
        text += part if isinstance(part, str) else name
    return text
