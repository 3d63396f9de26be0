"""Taking apart the signatures that spellings carry."""

from __future__ import annotations

import ast
from enum import Enum
from functools import lru_cache

import msgspec

from diptych.equivalence.model import Spelling


class Passing(str, Enum):
    """How an argument can be passed."""

    POSITIONAL = "positional"  # by position only
    EITHER = "either"
    KEYWORD = "keyword"  # by name only
    VARIADIC = "variadic"  # *size
    OPTIONS = "options"  # **kwargs


class Argument(msgspec.Struct, frozen=True):
    """One argument of a signature; ``default`` is source text, None where it is required."""

    name: str
    passing: Passing = Passing.EITHER
    default: str | None = None


def parameters(spelling: Spelling) -> tuple[Argument, ...]:
    """The arguments of a spelling in the library's own order, without a method's receiver.

    Empty where the spelling has no signature (operators, attributes, statements). Raises ``ValueError`` where the
    signature is not Python.
    """
    return parse(spelling.signature) if spelling.signature else ()


@lru_cache(maxsize=4096)
def parse(signature: str) -> tuple[Argument, ...]:
    """The arguments of ``"(a, b=1, *, c=None)"``. Raises ``ValueError`` where that is not Python."""
    try:
        tree = ast.parse(f"def f{signature}: ...")
    except SyntaxError as error:
        raise ValueError(f"not a signature: {signature}") from error
    function = tree.body[0]
    if not isinstance(function, ast.FunctionDef):
        raise ValueError(f"not a signature: {signature}")
    return tuple(_arguments(function.args))


def takes(signature: str, positional: int, keywords: frozenset[str]) -> bool:
    """Whether a call with so many arguments by position and these keywords fits."""
    arguments = parse(signature) if signature else ()
    in_order = [a for a in arguments if a.passing in (Passing.POSITIONAL, Passing.EITHER)]
    variadic = any(a.passing is Passing.VARIADIC for a in arguments)
    if positional > len(in_order) and not variadic:
        return False
    named = {a.name for a in arguments if a.passing is not Passing.POSITIONAL} - {a.name for a in in_order[:positional]}
    options = any(a.passing is Passing.OPTIONS for a in arguments)
    given = keywords | {a.name for a in in_order[:positional]}
    needed = {a.name for a in arguments if a.default is None and a.passing in (Passing.EITHER, Passing.KEYWORD)}
    return (keywords <= named or options) and needed <= given


def _arguments(args: ast.arguments) -> list[Argument]:
    ordered = [(arg, Passing.POSITIONAL) for arg in args.posonlyargs] + [(arg, Passing.EITHER) for arg in args.args]
    missing = len(ordered) - len(args.defaults)
    defaults: list[ast.expr | None] = [None] * missing + list(args.defaults)
    found = [
        Argument(arg.arg, passing, _text(default)) for (arg, passing), default in zip(ordered, defaults, strict=True)
    ]
    if args.vararg is not None:
        found.append(Argument(args.vararg.arg, Passing.VARIADIC))
    for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        found.append(Argument(arg.arg, Passing.KEYWORD, _text(default)))
    if args.kwarg is not None:
        found.append(Argument(args.kwarg.arg, Passing.OPTIONS))
    return found


def _text(default: ast.expr | None) -> str | None:
    return None if default is None else ast.unparse(default)
