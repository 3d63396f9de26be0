"""How much of what a document uses of a framework has a counterpart by name. Nothing is said of values here."""

from __future__ import annotations

import ast

import msgspec

from diptych.conversion.rewriter import Rewriter
from diptych.equivalence.aliases import canonical
from diptych.source.types import framework_of

_ROOTS = ("torch", "torchvision", "mxnet")


class MappedNames(msgspec.Struct, frozen=True):
    """Uses of names, methods, attributes and operators of the framework converted from, each place counted.

    ``seen`` are those that reading the text can tell (a method of something unknown is not), ``mapped`` those with a
    record that can be written on the other side; ``unmapped`` are the others' public paths, each once."""

    seen: int = 0
    mapped: int = 0
    unmapped: tuple[str, ...] = ()

    def __add__(self, other: MappedNames) -> MappedNames:
        unmapped = dict.fromkeys((*self.unmapped, *other.unmapped))
        return MappedNames(self.seen + other.seen, self.mapped + other.mapped, tuple(unmapped))


def mapped_names(rewriter: Rewriter) -> MappedNames:
    """The uses in the unit that a conversion went over."""
    seen = mapped = 0
    unmapped: dict[str, None] = {}
    for node in ast.walk(rewriter.source.tree):
        path = _path(rewriter, node)
        if path is None:
            continue
        seen += 1
        record = rewriter.record_for(path)
        if record is not None and rewriter.writes(record):
            mapped += 1
        else:
            unmapped[path] = None
    return MappedNames(seen, mapped, tuple(unmapped))


def _path(rewriter: Rewriter, node: ast.AST) -> str | None:
    """The public path that ``node`` uses, None where it uses none, or is only the way to a longer one."""
    if not isinstance(node, ast.expr) or (use := rewriter.use(node)) is None:
        return None
    path = canonical(use.path)
    if framework_of(path) is not rewriter.origin or rewriter.catalog.is_package(path) or path in _ROOTS:
        return None
    parent = rewriter.parent(node)
    if isinstance(parent, ast.Attribute) and use.receiver is None:
        longer = rewriter.use(parent)
        if longer is not None and longer.receiver is None:
            return None
    return path
