"""The arguments of a call, carried across by its record."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from diptych.conversion.edits import Range
from diptych.conversion.gradients import asked_apart
from diptych.conversion.transforms import Parts, packed, transformed, unpacked
from diptych.conversion.unpacking import is_unpacked, passed
from diptych.equivalence.model import Dialect, Equivalence, Form, Framework, Parameter, Spelling, Transform, Unmapped
from diptych.equivalence.signature import Argument, Passing, parameters
from diptych.source.types import Api

if TYPE_CHECKING:
    from diptych.conversion.rewriter import Rewriter


# PyTorch takes NumPy's names of arguments as well.
NUMPY_NAMES = {"axis": "dim", "keepdims": "keepdim", "x": "input", "a": "input", "x1": "input", "x2": "other"}
_USUAL_LAYOUTS = ("torch.strided", "torch.preserve_format", "torch.contiguous_format")
_EMPTY = {"None", "False", "0", "0.0", "()"}  # defaults that say the same: nothing special


class NotMapped(Exception):
    """An argument has nothing to map to; the call stays as it was. The message says why."""


@dataclass
class Bound:
    """The arguments of a call by the name of the parameter they go to; a variadic parameter may hold several.

    ``receiver`` is the object of a method, or the argument that stands for it."""

    values: dict[str, list[tuple[ast.expr, Range]]] = field(default_factory=dict)
    by_keyword: set[str] = field(default_factory=set)

    def text(self, name: str, rewriter: Rewriter) -> str | None:
        """The only value of ``name`` as it was written."""
        values = self.values.get(name)
        return rewriter.text(values[0][1]) if values and len(values) == 1 else None

    def node(self, name: str) -> ast.expr | None:
        """The only value of ``name``."""
        values = self.values.get(name)
        return values[0][0] if values and len(values) == 1 else None


@dataclass(frozen=True)
class Written:
    """An argument of the result; ``keyword`` is empty for one passed by position."""

    keyword: str
    parts: Parts

    def all_parts(self) -> Parts:
        """The argument as it is written, its keyword included."""
        return (f"{self.keyword}=", *self.parts) if self.keyword else self.parts


def bind(rewriter: Rewriter, call: ast.Call, spelling: Spelling) -> Bound:
    """Which argument goes to which parameter. Raises ``NotMapped`` where the text does not say."""
    signature = parameters(spelling)
    bound = Bound()
    positional = [argument for argument in signature if argument.passing is not Passing.KEYWORD]
    for item, slot in passed(rewriter, call):
        if isinstance(item, ast.keyword):
            if not spelling.name.endswith("requires_grad_") and asked_apart(rewriter, call, item):
                continue
            if _is_usual_layout(rewriter, item) or _is_usual_of_layer(rewriter, item, spelling):
                rewriter.claim(item.value)
                continue
            _bind_keyword(rewriter, bound, item, slot, spelling)
            continue
        if not positional or positional[0].passing is Passing.OPTIONS:
            raise NotMapped(f"`{rewriter.text(slot)}` is one argument more than `{spelling.name}` takes")
        if isinstance(item, ast.Starred) and positional[0].passing is not Passing.VARIADIC:
            raise NotMapped(f"`{rewriter.text(slot)}` hides which arguments are passed")
        parameter = positional[0] if positional[0].passing is Passing.VARIADIC else positional.pop(0)
        bound.values.setdefault(parameter.name, []).append((item, slot))
    return bound


def _bind_keyword(rewriter: Rewriter, bound: Bound, item: ast.keyword, slot: Range, spelling: Spelling) -> None:
    if item.arg is None:
        raise NotMapped(f"`{rewriter.text(slot)}` hides which arguments are passed")
    signature, name = parameters(spelling), item.arg
    known = {argument.name for argument in signature}
    if name not in known and spelling.name.startswith("torch.") and NUMPY_NAMES.get(name) in known:
        name = NUMPY_NAMES[name]
    if name == "input" and name not in known and _may_be_input(spelling, bound):
        name = signature[0].name  # which PyTorch's own signatures call otherwise in places
    if name not in known and not any(argument.passing is Passing.OPTIONS for argument in signature):
        raise NotMapped(f"`{name}` is no argument that is known here")
    if name in bound.values:
        raise NotMapped(f"`{name}` is passed twice")
    start = slot.start if is_unpacked(item) else rewriter.value_start(item, slot)
    bound.values[name] = [(item.value, Range(start, slot.end))]
    bound.by_keyword.add(name)


def _is_usual_layout(rewriter: Rewriter, item: ast.keyword) -> bool:
    """``layout=torch.strided``, ``memory_format=torch.contiguous_format``: what every array of MXNet has."""
    found = rewriter.type_of(item.value) if item.arg in ("layout", "memory_format") else None
    return isinstance(found, Api) and found.path in _USUAL_LAYOUTS


def _is_usual_of_layer(rewriter: Rewriter, item: ast.keyword, spelling: Spelling) -> bool:
    """``nn.Linear(2, 3, dtype=torch.float32)``, ``Normal(0, 1, validate_args=False)``: what holds anyway."""
    if item.arg == "validate_args":
        return spelling.name.startswith("torch.distributions.")
    found = rewriter.type_of(item.value) if item.arg == "dtype" else None
    layer = spelling.form is Form.CLASS and spelling.name.startswith("torch.nn.")
    plain = (
        "set_default_dtype" not in rewriter.source.text.text and "set_default_tensor" not in rewriter.source.text.text
    )
    return layer and plain and isinstance(found, Api) and found.path in ("torch.float32", "torch.float")


def _may_be_input(spelling: Spelling, bound: Bound) -> bool:
    signature = parameters(spelling)
    function = spelling.form is Form.FUNCTION and spelling.name.startswith("torch.")
    return function and bool(signature) and signature[0].name not in bound.values


@dataclass(frozen=True)
class Crossing:
    """One call on its way to the other side."""

    rewriter: Rewriter
    record: Equivalence
    own: Spelling
    target: Spelling
    call: ast.Call

    @property
    def to_mxnet(self) -> bool:
        """The direction."""
        return self.rewriter.target is Framework.MXNET


def carry(crossing: Crossing, bound: Bound) -> list[Written]:
    """The arguments of the counterpart's call. Raises ``NotMapped``."""
    to_mxnet, record = crossing.to_mxnet, crossing.record
    rows = {_origin(row, to_mxnet): row for row in record.params if _origin(row, to_mxnet)}
    found: dict[str, list[Parts]] = {}
    for name, values in bound.values.items():
        row = rows.get(name)
        if row is None:
            raise NotMapped(f"`{name}` has no counterpart in `{crossing.target.name}`")
        if row.receiver:
            continue
        wanted = _target(row, to_mxnet)
        if wanted is None:
            _drop(crossing, row, name, values)
        else:
            found[wanted] = _carried(crossing.rewriter, row, values, name, to_mxnet)
    for row in record.params:
        _add_written(crossing, row, bound, found)
    return _order(found, bound, record, crossing.target, to_mxnet)


def _origin(row: Parameter, to_mxnet: bool) -> str | None:
    return row.torch if to_mxnet else row.mxnet


def _target(row: Parameter, to_mxnet: bool) -> str | None:
    return row.mxnet if to_mxnet else row.torch


def _carried(
    rewriter: Rewriter, row: Parameter, values: list[tuple[ast.expr, Range]], name: str, to_mxnet: bool
) -> list[Parts]:
    parts: Parts | None
    if row.transform is Transform.PACK:
        if not to_mxnet:
            return unpacked(rewriter, *values[0])
        parts = packed(rewriter, values)
    elif len(values) > 1 or isinstance(values[0][0], ast.Starred):
        return [(slot,) for _, slot in values]  # a variadic argument on both sides
    else:
        parts = transformed(rewriter, row.transform, *values[0])
    if parts is None:
        raise NotMapped(untold(rewriter, name, values[0][1], dtype=row.transform is Transform.DTYPE))
    return [parts]


def untold(rewriter: Rewriter, name: str, slot: Range, *, dtype: bool) -> str:
    """Why the value at ``slot`` can't be carried over."""
    if not dtype:
        return f"the value of `{name}`, `{rewriter.text(slot)}`, can't be told"
    side = "PyTorch" if rewriter.target is Framework.PYTORCH else f"MXNet's {rewriter.dialect.value}"
    other = "MXNet's nd" if side == "PyTorch" and rewriter.dialect is Dialect.ND else side
    return f"`{rewriter.text(slot)}` is not known as a dtype of {other}"


def _drop(crossing: Crossing, row: Parameter, name: str, values: list[tuple[ast.expr, Range]]) -> None:
    """An argument that has no counterpart."""
    to_mxnet, rewriter, target = crossing.to_mxnet, crossing.rewriter, crossing.target
    default = row.torch_default if to_mxnet else row.mxnet_default
    value = rewriter.text(values[0][1])
    always = row.write_torch if to_mxnet else row.write_mxnet
    if same_literal(value, default) or (always is not None and same_literal(value, always.partition("=")[2] or always)):
        return
    if row.unmapped is Unmapped.WARN:
        message = f"`{name}={value}` is dropped: `{target.name}` has nothing like it."
        rewriter.warn(crossing.call, "dropped-argument", message)
        return
    raise NotMapped(f"`{name}={value}` has no counterpart in `{target.name}`")


def _add_written(crossing: Crossing, row: Parameter, bound: Bound, found: dict[str, list[Parts]]) -> None:
    """What the record always writes on this side, and defaults that differ."""
    to_mxnet, target = crossing.to_mxnet, crossing.target
    wanted, name = _target(row, to_mxnet), _origin(row, to_mxnet)
    if wanted is None or wanted in found:
        return
    always = row.write_mxnet if to_mxnet else row.write_torch
    if always is not None:
        if row.omit_when is None or not crossing.rewriter.condition(row.omit_when, crossing.call):
            value = always.partition("=")[2] if always.startswith(f"{wanted}=") else always
            found[wanted] = [(_spelled(crossing, value),)]
        return
    if name is None or name in bound.values or row.receiver:
        return
    own_default = row.torch_default if to_mxnet else row.mxnet_default
    other_default = row.mxnet_default if to_mxnet else row.torch_default
    if other_default is None and any(a.name == wanted and _required(a) for a in parameters(target)):
        raise NotMapped(f"`{target.name}` needs `{wanted}`, which `{crossing.own.name}` was not given")
    if (
        row.transform is Transform.SAME
        and own_default
        and other_default
        and not same_literal(own_default, other_default)
    ):
        if own_default == "None" or {own_default, other_default} <= _EMPTY:
            return
        found[wanted] = [(own_default,)]


def _spelled(crossing: Crossing, text: str) -> str:
    """Text of a record, ``mx`` spelled as the result imports it."""
    names, scope = crossing.rewriter.names, crossing.rewriter.scope_of(crossing.call)
    return re.sub(r"\bmx\.(\w+)", lambda found: names.spell(f"mxnet.{found[1]}", scope), text)


def _required(argument: Argument) -> bool:
    return argument.default is None and argument.passing not in (Passing.VARIADIC, Passing.OPTIONS)


def _rename_first(found: dict[str, list[Parts]], signature: tuple[Argument, ...], target: Spelling) -> None:
    """The two dialects name the first argument of some functions differently (``source_array``, ``object``)."""
    names = [argument.name for argument in signature]
    for name in [name for name in found if name not in names]:
        if signature and signature[0].passing is Passing.VARIADIC and signature[0].name not in found:
            found[signature[0].name] = found.pop(name)
        elif len(found[name]) > 1:
            raise NotMapped(f"`{target.name}` takes one value for `{name}`")
    if not signature or any(argument.passing is Passing.OPTIONS for argument in signature):
        return
    for name in [name for name in found if name not in names]:
        first = signature[0]
        if not _required(first) or first.name in found:
            raise NotMapped(f"`{target.name}` has no argument `{name}`")
        found[first.name] = found.pop(name)


def _order(
    found: dict[str, list[Parts]], bound: Bound, record: Equivalence, target: Spelling, to_mxnet: bool
) -> list[Written]:
    """By position as long as that is how it was passed or the argument is required; then by keyword."""
    passed = {_target(row, to_mxnet): _origin(row, to_mxnet) for row in record.params}
    rows = [_target(row, to_mxnet) for row in record.params]
    written: list[Written] = []
    named: list[Written] = []
    signature = parameters(target)
    _rename_first(found, signature, target)
    positional = True
    for argument in signature:
        values = found.pop(argument.name, None)
        if values is None:
            positional = positional and argument.passing is Passing.VARIADIC
            continue
        by_position = passed.get(argument.name) in bound.values and passed.get(argument.name) not in bound.by_keyword
        if argument.passing is Passing.VARIADIC:
            written += [Written("", parts) for parts in values]
            continue
        fits = argument.passing in (Passing.EITHER, Passing.POSITIONAL)
        positional = positional and fits and (by_position or _required(argument))
        (written if positional else named).append(Written("" if positional else argument.name, values[0]))
    named += [Written(name, values[0]) for name, values in found.items()]
    return written + sorted(
        named, key=lambda argument: rows.index(argument.keyword) if argument.keyword in rows else -1
    )


def same_literal(value: str, default: str | None) -> bool:
    """Whether two texts are the same literal."""
    if default is None:
        return False
    if value == default:
        return True
    try:
        ours, theirs = literal(value), literal(default)
    except NoLiteral:
        return False
    return bool(ours == theirs) and isinstance(ours, bool) == isinstance(theirs, bool)


class NoLiteral(ValueError):
    """A text is no literal of Python's."""


def literal(text: str) -> object:
    """The value of a literal. Raises ``NoLiteral``."""
    known, value = _literal(text) if len(text) < _SHORT else _evaluated(text)
    if not known:
        raise NoLiteral(text)
    return value


def is_literal(text: str) -> bool:
    """Whether a text is a literal of Python's."""
    return (_literal(text) if len(text) < _SHORT else _evaluated(text))[0]


_SHORT = 80  # texts that are asked for again and again


def _evaluated(text: str) -> tuple[bool, object]:
    try:
        return True, ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return False, None


_literal = lru_cache(maxsize=4096)(_evaluated)


def spelling_of(record: Equivalence, framework: Framework, path: str) -> Spelling | None:
    """The spelling that ``path`` (canonical) names."""
    return next((spelling for spelling in record.spellings(framework) if spelling.name == path), None)


__all__ = ["Bound", "Form", "NotMapped", "Written", "bind", "carry", "spelling_of"]
