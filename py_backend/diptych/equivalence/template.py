"""The text of a writing: an expression of the other side with the arguments of this one in braces.

- ``{dim}`` is the argument as it was passed, or its default; ``{self}`` the array itself: a method's object or a
  function's first argument. What binds weaker than a call is put in parentheses where the text needs it.
- ``{, axis={dim}}`` is there only if an argument in it was passed.
- ``{*tensors}`` are all values of a variadic argument, separated by commas.
- ``{dtype|dtype}`` has its value carried over by a transform of ``transforms.py``.
- ``first ;; second`` are the results of something that gives several: a tuple, or the one that is asked for.
- ``np.``, ``npx.``, ``nd.``, ``mx.``, ``gluon.``, ``nn.``, ``torch.``, ``F.``, ``numpy.`` and ``math.`` stand for the
  packages, and are spelled as the result imports them. A name without a dot may be a helper's.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cache

from diptych.equivalence.model import Framework

ROOTS: dict[Framework, dict[str, str]] = {
    Framework.MXNET: {
        "np": "mxnet.np",
        "npx": "mxnet.npx",
        "nd": "mxnet.nd",
        "mx": "mxnet",
        "gluon": "mxnet.gluon",
        "nn": "mxnet.gluon.nn",
        "rnn": "mxnet.gluon.rnn",
        "autograd": "mxnet.autograd",
        "init": "mxnet.initializer",
        "datasets": "mxnet.gluon.data.vision.datasets",
        "transforms": "mxnet.gluon.data.vision.transforms",
    },
    Framework.PYTORCH: {
        "torch": "torch",
        "F": "torch.nn.functional",
        "nn": "torch.nn",
        "torchvision": "torchvision",
        "datasets": "torchvision.datasets",
        "transforms": "torchvision.transforms",
    },
}
for _roots in ROOTS.values():
    _roots |= {"numpy": "numpy", "math": "math", "functools": "functools", "itertools": "itertools"}


class TemplateError(ValueError):
    """The text of a writing is not well formed; the message says where."""


@dataclass(frozen=True)
class Hole:
    """A place for an argument."""

    name: str
    transform: str = ""
    variadic: bool = False
    tight: bool = False  # stands where only an atom reads as one operand
    dotted: bool = False  # an attribute of it is read: a number needs parentheses


@dataclass(frozen=True)
class Maybe:
    """A piece that is there only if one of its arguments was passed; its comma only behind another argument."""

    pieces: tuple[Piece, ...]

    def without_comma(self) -> tuple[Piece, ...]:
        """The pieces as they are written right behind the parenthesis that opens a call."""
        first = self.pieces[0]
        return (first.lstrip(", "), *self.pieces[1:]) if isinstance(first, str) else self.pieces


Piece = str | Hole | Maybe


@dataclass(frozen=True)
class Template:
    """The results of a writing, most often one."""

    results: tuple[tuple[Piece, ...], ...]
    atomic: bool  # reads as one operand wherever it stands

    @property
    def holes(self) -> tuple[Hole, ...]:
        """Every place for an argument, in the order of the text."""
        return tuple(hole for pieces in self.results for hole in holes_in(pieces))

    @property
    def required(self) -> tuple[Hole, ...]:
        """The places that are always written: those outside of pieces that may be left out."""
        return tuple(piece for pieces in self.results for piece in pieces if isinstance(piece, Hole))


def holes_in(pieces: tuple[Piece, ...]) -> list[Hole]:
    """The places for arguments in ``pieces``."""
    found: list[Hole] = []
    for piece in pieces:
        if isinstance(piece, Hole):
            found.append(piece)
        elif isinstance(piece, Maybe):
            found += holes_in(piece.pieces)
    return found


@cache
def parse(text: str) -> Template:
    """The template of a writing. Raises ``TemplateError``."""
    parts = [part.strip() for part in text.split(";;")]
    results = tuple(_pieces(part) for part in parts)
    sample = [_sample(pieces) for pieces in results]
    try:
        trees = [ast.parse(line, mode="eval").body for line in sample]
    except SyntaxError as error:
        raise TemplateError(f"not an expression: {text}") from error
    atomic = len(results) > 1 or is_atom(trees[0], sample[0])
    return Template(results, atomic)


def is_atom(node: ast.expr, text: str = "") -> bool:
    """Whether an expression reads as one operand wherever it stands."""
    if isinstance(node, ast.Constant):
        return not (isinstance(node.value, (int, float)) and not isinstance(node.value, bool)) or isinstance(
            node.value, float
        )
    return isinstance(
        node,
        (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.List, ast.Dict, ast.Set, ast.ListComp, ast.JoinedStr),
    ) or (isinstance(node, ast.Tuple) and text.startswith("("))


def _sample(pieces: tuple[Piece, ...]) -> str:
    """The text with a name in every place."""
    text = ""
    for piece in pieces:
        if isinstance(piece, Maybe):
            text += _sample(piece.without_comma() if text.endswith("(") else piece.pieces)
        else:
            text += piece if isinstance(piece, str) else piece.name
    return text


def _pieces(text: str) -> tuple[Piece, ...]:
    found: list[Piece] = []
    position = 0
    for start, end in _braces(text):
        if start > position:
            found.append(text[position:start])
        inside = text[start + 1 : end]
        if inside.startswith(","):
            found.append(Maybe(_pieces(inside)))
        else:
            found.append(_hole(inside, text[:start], text[end + 1 :]))
        position = end + 1
    if position < len(text):
        found.append(text[position:])
    return tuple(found)


def _hole(inside: str, before: str, after: str) -> Hole:
    name, _, transform = inside.partition("|")
    variadic = name.startswith("*")
    if not re.fullmatch(r"\w+", name.lstrip("*")):
        raise TemplateError(f"no argument's name: {{{inside}}}")
    left, right = before.rstrip()[-1:], after.lstrip()[:1]
    loose = (left in ("", "(", ",", "=", "[", ":") or left == "{") and right in ("", ")", ",", "]", "{", ":")
    comparison = left == "=" and before.rstrip()[-2:-1] in ("=", "!", "<", ">")
    tight = not loose or comparison or (not left and bool(right))
    return Hole(name.lstrip("*"), transform, variadic, tight, right in (".", "["))


def _braces(text: str) -> list[tuple[int, int]]:
    """The outermost braces that hold an argument: a dictionary's hold a quote, a space or nothing first."""
    found, position = [], 0
    while (start := text.find("{", position)) >= 0:
        if not re.match(r"[\w*,]", text[start + 1 : start + 2]):
            position = start + 1
            continue
        depth = 0
        for end in range(start, len(text)):
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            if depth == 0:
                break
        else:
            raise TemplateError(f"a brace is not closed: {text}")
        found.append((start, end))
        position = end + 1
    return found


def readable(text: str) -> str:
    """The text as people read it: ``np.sum(x, axis=dim, keepdims=keepdim)``, every argument that may be there."""
    template = parse(text)
    results = [_readable(pieces) for pieces in template.results]
    return results[0] if len(results) == 1 else f"({', '.join(results)})"


def _readable(pieces: tuple[Piece, ...]) -> str:
    text = ""
    for piece in pieces:
        if isinstance(piece, str):
            text += piece
        elif isinstance(piece, Maybe):
            text += _readable(piece.pieces)
        else:
            text += ("*" if piece.variadic else "") + ("x" if piece.name == "self" else piece.name)
    return text
